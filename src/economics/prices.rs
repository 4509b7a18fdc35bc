//! Dated sets of prices and emission factors.

use super::materials::Materials;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// Emissions of bringing a pack to the workshop or the recycler \[kg CO2e/kg\].
    pub transport_co2_kg_per_kg: f64,
    /// Price of new storage as sold, with BMS and enclosure: what second-life storage competes with \[USD/kWh\].
    pub new_storage_usd_per_kwh: f64,
    /// Price of cathode material that was recovered as such, by chemistry \[USD/kg\].
    #[serde(default)]
    pub cathode_usd_per_kg: BTreeMap<String, f64>,
    /// Emissions saved by not making a kilogram of cathode material, by chemistry \[kg CO2e/kg\].
    #[serde(default)]
    pub cathode_co2_kg_per_kg: BTreeMap<String, f64>,
    /// Price of recovered iron phosphate; without one it is not made \[USD/kg\].
    #[serde(default)]
    pub iron_phosphate_usd_per_kg: Option<f64>,
    /// Share of a material's price that is paid for it in black mass.
    #[serde(default)]
    pub black_mass_payable: Materials,
    /// What a recycler pays for a pack at his gate, by chemistry; negative where he is paid \[USD/kg pack\].
    #[serde(default)]
    pub gate_usd_per_kg: BTreeMap<String, f64>,
    /// Refurbishing, by chemistry.
    #[serde(default)]
    pub refurbishment: BTreeMap<String, Refurbishment>,
}

/// What refurbishing a pack gives and costs.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refurbishment {
    /// Share of the lost SoH that comes back.
    pub gain: f64,
    /// Cost whatever the state \[USD per nameplate kWh\].
    pub fixed_usd_per_kwh: f64,
    /// Cost that grows with the third power of the lost SoH \[USD per nameplate kWh\].
    pub wear_usd_per_kwh: f64,
}

impl Refurbishment {
    /// SoH after refurbishing: `s + gain (1 - s)`, at most 1.
    pub fn soh_after(&self, soh: f64) -> f64 {
        (soh + self.gain * (1.0 - soh)).min(1.0)
    }

    /// Cost \[USD per nameplate kWh\]: `fixed + wear (1 - s)^3`.
    pub fn cost_usd_per_kwh(&self, soh: f64) -> f64 {
        self.fixed_usd_per_kwh + self.wear_usd_per_kwh * (1.0 - soh).max(0.0).powi(3)
    }
}
