//! All tables of a projection, in file order.

use super::view::View;
use super::{balance, bands, central, cohorts, compliance, drivers, flows, must, published};
use crate::output::Frame;
use crate::supply::{SupplyPlan, SupplyResult};

/// Names of the tables, in file order.
pub const FRAMES: [&str; 9] =
    ["supply", "bands", "cohorts", "flows_of_year", "drivers", "must_be_true", "compliance", "projections", "balance"];

/// The tables of a projection: `supply`, `bands`, `cohorts`, `flows_of_year`, `drivers`, `must_be_true`, `compliance`,
/// `projections`, `balance`. A number that is missing or not finite is an empty field.
pub fn frames(plan: &SupplyPlan, result: &SupplyResult) -> Vec<Frame> {
    let view = View::new(plan, result);
    vec![
        central::supply(&view),
        bands::bands(&view),
        cohorts::cohorts(&view),
        flows::flows_of_year(&view),
        drivers::drivers(&view),
        must::must_be_true(&view),
        compliance::compliance(&view),
        published::projections(&view),
        balance::balance(&view),
    ]
}
