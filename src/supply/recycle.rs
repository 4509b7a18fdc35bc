//! What is recycled becomes materials, money and emissions.

use super::after::Sent;
use super::parameter::Param;
use super::plan::{Chemistry, SupplyPlan};
use super::quantity::Quantity;
use super::result::Table;
use super::values::Values;
use crate::economics::{Materials, PriceSet};
use crate::life::outcome::RecyclingOutcome;
use crate::life::recycling::{Books, CompositionSpec, RouteSpec, materials_co2_kg, recycle, worth};

/// What comes of a kWh: kg by material first, then what follows.
type Made = [f64; ENTRIES];
const BLACK_KG: usize = Materials::COUNT;
const RESIDUE_KG: usize = Materials::COUNT + 1;
const MATERIALS_USD: usize = Materials::COUNT + 2;
const CREDIT_KG_CO2: usize = Materials::COUNT + 3;
const ENTRIES: usize = Materials::COUNT + 4;

/// Quantities of the materials followed by name, in the order of [`Materials::NAMES`].
const RECOVERED: [Quantity; 8] = [
    Quantity::Lithium,
    Quantity::Nickel,
    Quantity::Cobalt,
    Quantity::Manganese,
    Quantity::Copper,
    Quantity::Aluminium,
    Quantity::Graphite,
    Quantity::Steel,
];
const DEMANDS: [Quantity; 3] = [Quantity::LithiumDemand, Quantity::NickelDemand, Quantity::CobaltDemand];

/// Recyclers of a plan: what a kWh of each chemistry gives by each route, the same for all draws.
#[derive(Clone, Debug)]
pub struct Recyclers {
    by_chemistry: Vec<Chemicals>,
}

#[derive(Clone, Debug)]
struct Chemicals {
    /// By route at SoH 0 and at SoH 1: all that a route gives is a straight line between them.
    made: [[Made; 2]; 4],
    /// Materials in the black mass of a kWh, by route \[kg\].
    black_kg: [[f64; Materials::COUNT]; 4],
    /// Of a kWh \[kg\].
    pack_kg: f64,
    /// Paid at the gate \[USD/kWh\].
    gate_usd: f64,
    /// By route \[USD/kg\].
    process_usd_per_kg: [f64; 4],
    /// By route \[kg CO2e/kg\].
    process_co2_per_kg: [f64; 4],
}

/// Materials of a region and year in and out, for the rules \[kt\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mass {
    /// Whole packs.
    pub packs_kt: f64,
    /// Materials in what is recycled.
    pub input_kt: [f64; Materials::COUNT],
    /// Recovered in any product but black mass.
    pub recovered_kt: [f64; Materials::COUNT],
    /// Sold in black mass.
    pub black_kt: [f64; Materials::COUNT],
    /// Of that, used in new batteries of the region.
    pub home_kt: [f64; Materials::COUNT],
    /// Needed to make new batteries, what becomes scrap included.
    pub demand_kt: [f64; Materials::COUNT],
}

impl Recyclers {
    /// Works out all routes for all chemistries.
    pub fn of(plan: &SupplyPlan) -> Self {
        let of = |c: &Chemistry| Chemicals::of(&c.composition, &plan.routes, &plan.prices);
        Recyclers { by_chemistry: plan.chemistries.iter().map(of).collect() }
    }

    /// A year of a group: `sent` after use, and the scrap of making its new batteries.
    ///
    /// Nominal energy sets the mass, which does not fade; SoH only moves lithium. kg/kWh times GWh is kt, USD/kWh times
    /// GWh is million USD.
    pub fn year(
        &self,
        plan: &SupplyPlan,
        values: &Values,
        [group, year]: [usize; 2],
        sent: &Sent,
        table: &mut Table,
        mass: &mut Mass,
    ) {
        let chemistry = group % plan.chemistries.len();
        let of = &self.by_chemistry[chemistry];
        let value = |param| values.at(param, group, year);
        let get = |table: &Table, quantity| table.of(quantity, group)[year];
        let new_gwh = get(table, Quantity::Inflow) + get(table, Quantity::Renewed);
        let scrap_gwh = value(Param::ScrapShare) * new_gwh;
        let gwh = sent.gwh + scrap_gwh;
        // By SoH 0 and 1: scrap has never been used.
        let fresh = scrap_gwh + sent.useful_gwh.clamp(0.0, sent.gwh.max(0.0));
        let mut made = [0.0; ENTRIES];
        let [mut usd, mut co2] = [0.0; 2];
        let routes = routes([Param::RoutePyro, Param::RouteDirect, Param::RouteMechanical].map(value));
        let kt = gwh * of.pack_kg;
        for (route, share) in routes.into_iter().enumerate().filter(|(_, share)| *share > 0.0) {
            let [worn, whole] = &of.made[route];
            for k in 0..ENTRIES {
                made[k] += share * ((gwh - fresh) * worn[k] + fresh * whole[k]);
            }
            let black = share * gwh;
            mass.black_kt.iter_mut().zip(&of.black_kg[route]).for_each(|(sum, kg)| *sum += black * kg);
            usd += share * kt * of.process_usd_per_kg[route];
            co2 += share * kt * of.process_co2_per_kg[route];
        }
        let transport_usd = value(Param::TransportCost);
        let transport_co2 = plan.prices.transport_co2_kg_per_kg;
        let second_price = match values.years(Param::SecondPrice, group) {
            Some(usd) => usd[year],
            None => plan.prices.second_life_usd_per_kwh,
        };
        let repurposed_kt = sent.repurposed_gwh * of.pack_kg;
        let composition = plan.chemistries[chemistry].composition.materials_kg_per_kwh.values();
        let taken = get(table, Quantity::Taken);

        let mut set = |quantity, value: f64| table.of_mut(quantity, group)[year] = value;
        set(Quantity::Scrap, scrap_gwh);
        set(Quantity::RecycledMass, kt);
        set(Quantity::BlackMass, made[BLACK_KG]);
        set(Quantity::Residue, made[RESIDUE_KG]);
        RECOVERED.into_iter().zip(&made).for_each(|(quantity, kt)| set(quantity, *kt));
        set(Quantity::OtherRecovered, made[RECOVERED.len()..Materials::COUNT].iter().sum());
        DEMANDS.into_iter().zip(composition).for_each(|(quantity, kg)| set(quantity, kg * (new_gwh + scrap_gwh)));
        set(Quantity::RecyclingRevenue, made[MATERIALS_USD] * value(Param::MetalPriceFactor));
        set(Quantity::RecyclingCost, usd + transport_usd * kt);
        set(Quantity::GateCredit, of.gate_usd * gwh);
        set(Quantity::SecondRevenue, taken * second_price);
        let repurposing_usd = sent.repurposed_gwh * value(Param::RepurposingCost);
        set(Quantity::SecondCost, repurposing_usd + repurposed_kt * transport_usd);
        set(Quantity::RecyclingCo2, co2 + transport_co2 * kt);
        set(Quantity::RecyclingCredit, made[CREDIT_KG_CO2]);
        let repurposing_co2 = sent.repurposed_gwh * plan.prices.repurposing_co2_kg_per_kwh;
        set(Quantity::SecondCo2, repurposing_co2 + transport_co2 * repurposed_kt);
        set(Quantity::SecondCredit, sent.lasting_gwh * plan.prices.new_pack_co2_kg_per_kwh);

        mass.packs_kt += kt;
        let home = value(Param::HomeShare);
        for k in 0..Materials::COUNT {
            mass.input_kt[k] += composition[k] * gwh;
            mass.recovered_kt[k] += made[k];
            mass.home_kt[k] += made[k] * home;
            mass.demand_kt[k] += composition[k] * (new_gwh + scrap_gwh);
        }
    }
}

/// Shares of all routes, in the order of [`SupplyPlan::routes`]. Where those told pass one, they are scaled to it.
fn routes([pyro, direct, mechanical]: [f64; 3]) -> [f64; 4] {
    let told = pyro + direct + mechanical;
    let scale = if told > 1.0 { 1.0 / told } else { 1.0 };
    [(1.0 - told).max(0.0), pyro * scale, direct * scale, mechanical * scale]
}

impl Chemicals {
    fn of(composition: &CompositionSpec, routes: &[RouteSpec; 4], prices: &PriceSet) -> Self {
        let pack_kg = composition.pack_kg_per_kwh;
        let gate = prices.gate_usd_per_kg.get(&composition.chemistry).copied().unwrap_or(0.0);
        let made = |route: &RouteSpec| [0.0, 1.0].map(|soh| made(composition, route, prices, soh));
        Chemicals {
            made: [made(&routes[0]), made(&routes[1]), made(&routes[2]), made(&routes[3])],
            black_kg: std::array::from_fn(|r| output(composition, &routes[r], prices, 1.0).black_kg.values()),
            pack_kg,
            gate_usd: gate * pack_kg,
            process_usd_per_kg: std::array::from_fn(|r| routes[r].process_cost_usd_per_kg),
            process_co2_per_kg: std::array::from_fn(|r| routes[r].process_co2_kg_per_kg),
        }
    }
}

/// Products of a kWh at an SoH by a route.
fn output(composition: &CompositionSpec, route: &RouteSpec, prices: &PriceSet, soh: f64) -> RecyclingOutcome {
    let phosphate = prices.iron_phosphate_usd_per_kg.is_some();
    recycle(composition, route, phosphate, 1.0, composition.pack_kg_per_kwh, soh)
}

/// What a kWh at an SoH gives by a route, in numbers.
fn made(composition: &CompositionSpec, route: &RouteSpec, prices: &PriceSet, soh: f64) -> Made {
    let out = output(composition, route, prices, soh);
    let mut made = [0.0; ENTRIES];
    made[..Materials::COUNT].copy_from_slice(&out.recovered_kg.values());
    made[BLACK_KG] = out.black_kg.total();
    made[RESIDUE_KG] = out.residue_kg;
    made[MATERIALS_USD] = worth(Books::Process, route, prices, &composition.chemistry, &out).materials_usd;
    made[CREDIT_KG_CO2] = materials_co2_kg(prices, &composition.chemistry, &out);
    made
}
