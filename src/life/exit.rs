//! The ways out of the vehicle, as competing hazards.

use serde::Deserialize;

/// An entry of the `countries` category: how packs leave vehicles there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountrySpec {
    /// Name for people.
    pub title: String,
    /// Hazard of a write-off (crash, theft, flood) \[1/year\].
    pub write_off_per_year: f64,
    /// Hazard of a pack failure that ends its use in the vehicle \[1/year\].
    pub failure_per_year: f64,
    /// Share of failures that sit in one weak module; the rest (contactor, BMS, harness, coolant) leave good cells.
    pub failure_weak_module_share: f64,
    /// Weibull shape of the vehicle's life.
    pub vehicle_life_shape: f64,
    /// Weibull scale of the vehicle's life \[years\].
    pub vehicle_life_scale_years: f64,
    /// Warranty term \[years\].
    pub warranty_years: f64,
    /// SoH below which the pack is replaced inside the term.
    pub warranty_soh: f64,
    /// Share of write-off packs that fail the incoming gate (damage, water, isolation).
    pub gate_fail_write_off: f64,
    /// Share of failed and warranty packs that fail the incoming gate.
    pub gate_fail_failure: f64,
    /// Share of end-of-life packs that fail the incoming gate.
    pub gate_fail_end_of_life: f64,
}
