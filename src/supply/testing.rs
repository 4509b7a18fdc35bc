//! A small plan and results made up for it, for tests.

use super::fixture;
use super::model::Evaluated;
use super::parameter::{Band, Knot, Param, Rule, Scope};
use super::plan::SupplyPlan;
use super::quantity::Quantity;
use super::result::Table;

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
    let mut plan = fixture::plan([regions, 2, 1], 2025, &[100.0; 11]);
    plan.history_until = 2025;
    plan.parameters.rules = rules;
    plan
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
