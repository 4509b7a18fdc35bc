//! A small plan and results made up for it, for tests.

use super::model::Evaluated;
use super::parameter::{Band, Knot, Param, Parameters, Rule, Scope};
use super::plan::{Chemistry, Entry, LifeLaw, LifeTables, Lives, Series, SupplyPlan};
use super::quantity::Quantity;
use super::result::Table;
use crate::economics::{Materials, PriceSet};
use crate::life::recycling::{CompositionSpec, RouteSpec};
use std::collections::BTreeMap;

/// Eleven years from 2025 on, regions with two chemistries and one segment each, three uncertain parameters.
pub(super) fn plan(regions: usize) -> SupplyPlan {
    let uncertain = |param, [low, value, high]: [f64; 3]| Rule {
        param,
        scope: Scope::default(),
        knots: vec![Knot { year: 2025, band: Band { value, low, high } }],
    };
    let rules = vec![
        uncertain(Param::VehicleLifeMean, [14.0, 16.0, 18.0]),
        uncertain(Param::CollectedShare, [0.5, 0.7, 0.85]),
        uncertain(Param::RepurposedShare, [0.3, 0.5, 0.7]),
    ];
    let series =
        |k: usize| Series { region: k / 2, chemistry: k % 2, segment: 0, gwh: vec![100.0; 11], opening: Vec::new() };
    SupplyPlan {
        first_year: 2025,
        years: 11,
        history_until: 2025,
        regions: (0..regions).map(|k| format!("region {k}")).collect(),
        chemistries: ["nmc", "lfp"].map(chemistry).to_vec(),
        segments: vec!["car".into()],
        series: (0..2 * regions).map(series).collect(),
        before: 0,
        stock_driven: None,
        entry: Entry::Spread,
        lives: Lives::Closed { vehicle: LifeLaw::Normal, battery: LifeLaw::Normal },
        life_tables: LifeTables::default(),
        parameters: Parameters { rules },
        correlations: Vec::new(),
        routes: [route(), route(), route(), route()],
        prices: prices(),
        targets: vec![None; regions],
        content_targets: vec![Vec::new(); regions],
        draws: 0,
        saltelli: 0,
        seed: 1,
        question: None,
        projections: Vec::new(),
    }
}

fn chemistry(name: &str) -> Chemistry {
    let materials_kg_per_kwh = Materials { lithium: 0.1, copper: 0.5, ..Materials::default() };
    let composition = CompositionSpec { chemistry: name.into(), materials_kg_per_kwh, pack_kg_per_kwh: 6.0 };
    Chemistry { name: name.into(), composition }
}

fn route() -> RouteSpec {
    RouteSpec {
        title: "all".into(),
        recovery: Materials { lithium: 0.8, copper: 0.9, ..Materials::default() },
        cathode_recovery: 0.0,
        iron_phosphate_recovery: 0.0,
        black_mass_recovery: 0.0,
        lithium_by_soh: false,
        lithium_make_up: false,
        process_cost_usd_per_kg: 1.0,
        process_co2_kg_per_kg: 1.0,
    }
}

fn prices() -> PriceSet {
    PriceSet {
        title: "flat".into(),
        year: 2025,
        material_usd_per_kg: Materials::default(),
        virgin_co2_kg_per_kg: Materials::default(),
        core_usd_per_kwh: 0.0,
        second_life_usd_per_kwh: 60.0,
        new_pack_co2_kg_per_kwh: 60.0,
        repurposing_co2_kg_per_kwh: 2.0,
        discount_rate: 0.05,
        transport_co2_kg_per_kg: 0.1,
        new_storage_usd_per_kwh: 150.0,
        cathode_usd_per_kg: BTreeMap::new(),
        cathode_co2_kg_per_kg: BTreeMap::new(),
        iron_phosphate_usd_per_kg: None,
        black_mass_payable: Materials::default(),
        gate_usd_per_kg: BTreeMap::new(),
        refurbishment: BTreeMap::new(),
    }
}

/// A table in which each chemistry of a region offers `of(region, year)`.
pub(super) fn table_of(plan: &SupplyPlan, of: impl Fn(usize, usize) -> f64) -> Table {
    let mut table = Table::new(plan.years, 2 * plan.regions.len());
    for group in 0..2 * plan.regions.len() {
        let offered = table.of_mut(Quantity::Offered, group);
        (0..).zip(offered).for_each(|(year, offered)| *offered = of(group / 2, year));
    }
    table
}

/// What a plan of one region gives that offers so much every year \[GWh/year\].
pub(super) fn result_of(plan: &SupplyPlan, supply: f64) -> Evaluated {
    let table = table_of(plan, |_, _| supply / 2.0);
    Evaluated { table, by_cohort: None, compliance: Vec::new(), balance_error: 0.0, warnings: Vec::new() }
}
