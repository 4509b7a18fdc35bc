//! One draw of a projection.

use super::result::{Table, Warning};
use super::retirement::CAUSES;

/// A draw, evaluated.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// Groups are `region * chemistries + chemistry`.
    pub table: Table,
    /// Exits by `[group][cohort][year][cause]`, nominal \[GWh\], where asked for.
    pub by_cohort: Option<Vec<Vec<Vec<[f64; CAUSES]>>>>,
    /// Largest relative error of the mass balance.
    pub balance_error: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}
