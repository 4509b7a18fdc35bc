//! Dated sets of prices and emission factors.

use super::materials::Materials;
use serde::Deserialize;

/// An entry of the `prices` category. Money in USD of the set's year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceSet {
    /// Name for people.
    pub title: String,
    /// Year the prices stand for.
    pub year: u32,
    /// Price a recycler gets for each kilogram of recovered material \[USD/kg\].
    pub material_usd_per_kg: Materials,
    /// Emissions saved by not making a kilogram from ore \[kg CO2e/kg\].
    pub virgin_co2_kg_per_kg: Materials,
    /// Price of a retired pack at the vehicle \[USD per nameplate kWh at SoH 1, scaled by SoH\].
    pub core_usd_per_kwh: f64,
    /// Price of a second-life battery as sold, with its BMS and enclosure \[USD per kWh of actual capacity\].
    pub second_life_usd_per_kwh: f64,
    /// Emissions of making a new pack \[kg CO2e/kWh\].
    pub new_pack_co2_kg_per_kwh: f64,
    /// Emissions of repurposing \[kg CO2e per nameplate kWh\].
    pub repurposing_co2_kg_per_kwh: f64,
    /// Real discount rate \[1/year\].
    pub discount_rate: f64,
}
