//! Reuse, refurbish or recycle: the choice for a pack by what was measured of it, and where a chemistry switches.

use super::costs::{ReuseCosts, incoming_usd};
use super::plan::JourneyPlan;
use super::recycling::{Books, CompositionSpec, RouteSpec, recycle, worth};
use crate::economics::{Choice, Future, PriceSet, Recycling, ReuseTerms, Values, switching_soh};

/// Lowest SoH of the table of values, its step, and its number of rows.
const GRID: (f64, f64, usize) = (0.40, 0.05, 13);

/// Who decides where a pack goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The thresholds of the tests, module by module.
    Grades,
    /// Packs worth more recycled than reused are recycled; the modules of the others are graded.
    Npv,
}

/// The decision and what it rests on.
#[derive(Clone, Debug)]
pub struct DecisionPlan {
    /// Who decides.
    pub rule: Rule,
    /// Share by which second-life storage must be cheaper than new for the same service.
    pub discount_to_new: f64,
    /// SoH lost a year in storage, as planned.
    pub fade_per_year: f64,
    /// SoH at which storage is planned to end.
    pub soh_end: f64,
    /// Longest service counted \[year\].
    pub years_max: f64,
    /// Compositions that the table compares, by name.
    pub chemistries: Vec<(String, CompositionSpec)>,
    /// Price sets that the table compares, by name.
    pub price_sets: Vec<(String, PriceSet)>,
    /// Routes to choose the best paying from, by name.
    pub routes: Vec<(String, RouteSpec)>,
}

/// What the choice was for one pack, by the measured and by the true state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DecisionOutcome {
    /// Values by the measured state \[USD a pack\], of what was tested.
    pub measured: Values,
    /// Best by the measured state.
    pub best_measured: Choice,
    /// Best by the true state.
    pub best_true: Choice,
    /// What the choice by the measured state loses by the true one \[USD\].
    pub regret_usd: f64,
}

/// Values of the choices at a SoH, for one composition and price set.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionPoint {
    /// SoH.
    pub soh: f64,
    /// Values \[USD per nameplate kWh\].
    pub values: Values,
    /// Route that pays best now.
    pub route: String,
}

/// One composition under one price set.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionCase {
    /// Name of the composition.
    pub chemistry: String,
    /// Name of the price set.
    pub prices: String,
    /// Price of new storage \[USD/kWh\].
    pub new_storage_usd_per_kwh: f64,
    /// SoH below which recycling is worth more; none where it is worth more even at SoH 1.
    pub switching_soh: Option<f64>,
    /// Values over SoH.
    pub points: Vec<DecisionPoint>,
}

/// Recycling of a nameplate kWh.
struct Yields<'a> {
    books: Books,
    routes: &'a [(String, RouteSpec)],
    prices: &'a PriceSet,
    composition: &'a CompositionSpec,
    kg_per_kwh: f64,
    /// Bringing it to the recycler.
    transport_usd_per_kg: f64,
    /// The future of metal prices and the years from the price set to the choice; none for the set's own prices.
    future: Option<(&'a Future, f64)>,
}

impl Yields<'_> {
    /// The route that pays best, and what it pays at a factor on metal prices.
    fn best(&self, soh: f64, factor: f64) -> (usize, f64) {
        let priced = self.prices.iron_phosphate_usd_per_kg.is_some();
        let mut best = (0, f64::NEG_INFINITY);
        for (k, (_, route)) in self.routes.iter().enumerate() {
            let out = recycle(self.composition, route, priced, 1.0, self.kg_per_kwh, soh);
            let net = worth(self.books, route, self.prices, &self.composition.chemistry, &out).net_usd(factor);
            if net > best.1 {
                best = (k, net);
            }
        }
        best
    }

    fn factors(&self, years: f64) -> f64 {
        self.future.map_or(1.0, |(future, now)| future.foreseen(now, now + years))
    }
}

impl Recycling for Yields<'_> {
    fn now_usd(&self, soh: f64) -> f64 {
        let way = if self.books.moved(false) { self.transport_usd_per_kg * self.kg_per_kwh } else { 0.0 };
        self.best(soh, self.factors(0.0)).1 - way
    }

    fn later_usd(&self, soh: f64, years: f64) -> f64 {
        self.best(soh, self.factors(years)).1 - self.transport_usd_per_kg * self.kg_per_kwh
    }
}

/// Terms of reuse of a nameplate kWh; `core_soh` is the SoH that the pack is paid by.
fn terms(plan: &JourneyPlan, prices: &PriceSet, costs: ReuseCosts, chemistry: &str, core_soh: f64) -> ReuseTerms {
    let d = &plan.decision;
    ReuseTerms {
        new_storage_usd_per_kwh: prices.new_storage_usd_per_kwh,
        discount_to_new: d.discount_to_new,
        rate: prices.discount_rate,
        fade_per_year: d.fade_per_year,
        soh_end: d.soh_end,
        years_max: d.years_max,
        spent_usd: costs.per_pack_usd / plan.vehicle.nominal_energy_kwh
            + costs.per_tested_kwh_usd
            + prices.core_usd_per_kwh * core_soh,
        build_usd: costs.per_used_kwh_usd,
        refurbishment: prices.refurbishment.get(chemistry).copied(),
    }
}

/// A pack that stands for the choice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retired {
    /// Mean measured SoH of what was tested.
    pub soh_measured: f64,
    /// Its mean true SoH.
    pub soh_tested: f64,
    /// Mean true SoH of the whole pack, which it is paid by.
    pub soh_pack: f64,
    /// Modules of the whole pack.
    pub modules: u32,
    /// Modules tested; cells count as parts of one.
    pub tested: f64,
    /// What the tests cost \[USD\].
    pub test_usd: f64,
    /// Whether it was paid for; what failed the gate is not.
    pub paid: bool,
}

/// The choice for what was tested of a pack: the rest is recycled in any case. `now` is the time since the year of the price
/// set at the exit \[year\].
pub(super) fn decide(plan: &JourneyPlan, pack: &Retired, future: &Future, now: f64) -> DecisionOutcome {
    let vehicle = &plan.vehicle;
    let kwh = vehicle.module_kwh() * pack.tested;
    let (prices, composition, costs) = (&plan.prices, &plan.composition, ReuseCosts::of(plan));
    let share = f64::from(pack.modules) / f64::from(vehicle.modules);
    let core_usd =
        if pack.paid { prices.core_usd_per_kwh * vehicle.nominal_energy_kwh * share * pack.soh_pack } else { 0.0 };
    let terms = ReuseTerms {
        // The whole pack came in, however little of it was tested.
        spent_usd: (core_usd + incoming_usd(plan, share) + pack.test_usd) / kwh,
        ..terms(plan, prices, costs, &composition.chemistry, pack.soh_pack)
    };
    let routes = [(String::new(), plan.route.clone())];
    let yields = Yields {
        books: plan.recycling.books,
        routes: &routes,
        prices,
        composition,
        kg_per_kwh: vehicle.pack_mass_kg / vehicle.nominal_energy_kwh,
        transport_usd_per_kg: plan.repurposing.plant.transport_usd_per_kg(),
        future: Some((future, now)),
    };
    let (measured, truly) = (terms.values(pack.soh_measured, &yields), terms.values(pack.soh_tested, &yields));
    let whole = |v: Values| Values {
        reuse_usd: v.reuse_usd * kwh,
        reuse_sale_usd: v.reuse_sale_usd * kwh,
        refurbish_usd: v.refurbish_usd.map(|x| x * kwh),
        refurbish_sale_usd: v.refurbish_sale_usd.map(|x| x * kwh),
        recycle_usd: v.recycle_usd * kwh,
    };
    let (measured, truly) = (whole(measured), whole(truly));
    DecisionOutcome {
        measured,
        best_measured: measured.best(),
        best_true: truly.best(),
        regret_usd: truly.regret_usd(measured.best()),
    }
}

/// Whether the rule sends a pack with these values to the recycler. Refurbishing is a value beside them: nothing in the
/// simulation refurbishes.
pub(super) fn sends_to_recycler(rule: Rule, outcome: &DecisionOutcome) -> bool {
    rule == Rule::Npv && outcome.measured.recycle_usd > outcome.measured.reuse_usd
}

/// Each composition under each price set: values over SoH, and where it switches. Masses are the compositions' own.
pub fn cases(plan: &JourneyPlan) -> Vec<DecisionCase> {
    let d = &plan.decision;
    let mut found = Vec::new();
    for (chemistry, composition) in &d.chemistries {
        for (name, prices) in &d.price_sets {
            let priced = JourneyPlan { prices: prices.clone(), ..plan.clone() };
            let costs = ReuseCosts::of(&priced);
            let yields = Yields {
                books: plan.recycling.books,
                routes: &d.routes,
                prices,
                composition,
                kg_per_kwh: composition.pack_kg_per_kwh,
                transport_usd_per_kg: plan.repurposing.plant.transport_usd_per_kg(),
                future: None,
            };
            let values = |soh: f64| terms(plan, prices, costs, &composition.chemistry, soh).values(soh, &yields);
            let (low, step, rows) = GRID;
            let points = (0..rows).map(|k| {
                let soh = low + step * k as f64;
                let route = yields.best(soh, 1.0).0;
                DecisionPoint { soh, values: values(soh), route: d.routes[route].0.clone() }
            });
            found.push(DecisionCase {
                chemistry: chemistry.clone(),
                prices: name.clone(),
                new_storage_usd_per_kwh: prices.new_storage_usd_per_kwh,
                points: points.collect(),
                switching_soh: switching_soh(low, values),
            });
        }
    }
    found
}
