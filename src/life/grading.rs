//! Tests with their error, and the grade they lead to.

use serde::Deserialize;

/// An entry of the `tests` category: one way to measure a module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestSpec {
    /// Name for people.
    pub title: String,
    /// Relative bias of the measured SoH.
    pub soh_bias: f64,
    /// Standard deviation of the measured SoH (points over 100).
    pub soh_sd: f64,
    /// Relative standard deviation of the measured resistance.
    pub resistance_sd: f64,
    /// Time on the bench for a module \[h\].
    pub hours: f64,
    /// Price \[USD per nameplate kWh\].
    pub cost_usd_per_kwh: f64,
}
