//! One draw of a projection.

use super::compliance::Compliance;
use super::result::{Table, Warning};
use super::retirement::CAUSES;

/// Exits by group, cohort, year and cause, nominal \[GWh/year\].
pub type ByCohort = Vec<Vec<Vec<[f64; CAUSES]>>>;

/// What a draw gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// All quantities by group (`region * chemistries + chemistry`) and year.
    pub table: Table,
    /// Exits by cohort; only in detail.
    pub by_cohort: Option<ByCohort>,
    /// Demands of rules; only in detail.
    pub compliance: Vec<Compliance>,
    /// Largest relative error of the mass balance.
    pub balance_error: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}
