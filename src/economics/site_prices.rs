//! Prices of a plant around a battery.

use serde::Deserialize;

/// Emissions of diesel burnt where no price set tells them \[kg CO2e/L\]: about 2.7 by IPCC default factors and DEFRA
/// conversion factors (recalled, assumed); making the fuel is not in it.
pub const DIESEL_CO2_KG_PER_L: f64 = 2.68;

/// An entry of the `site_prices` category: what array, inverter, genset and their service cost at a place, USD.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SitePrices {
    /// Name for people.
    pub title: String,
    /// Real discount rate \[1/year\].
    pub discount_rate: f64,
    /// Array with its mounting \[USD per kW peak\].
    pub pv_usd_per_kw: f64,
    /// Life of the array \[years\].
    pub pv_life_years: f64,
    /// Inverter \[USD per kW AC\].
    pub inverter_usd_per_kw: f64,
    /// Life of the inverter \[years\].
    pub inverter_life_years: f64,
    /// Genset \[USD per kW AC\].
    pub genset_usd_per_kw: f64,
    /// Life of the genset \[running hours\].
    pub genset_life_hours: f64,
    /// Longest life of a genset that hardly runs \[years\].
    pub genset_life_years: f64,
    /// Installation and the rest of the plant \[USD per kW peak of the array\].
    pub install_usd_per_kw: f64,
    /// What each battery costs however large: wiring, protection, commissioning \[USD\].
    pub battery_fixed_usd: f64,
    /// Operation and maintenance of the array \[USD per kW peak and year\].
    pub pv_om_usd_per_kw: f64,
    /// Operation and maintenance of the battery \[USD per nameplate kWh and year\].
    pub battery_om_usd_per_kwh: f64,
    /// Maintenance of the genset \[USD per kW and running hour\].
    pub genset_om_usd_per_kw_hour: f64,
    /// Fuel, brought to the place \[USD/L\].
    pub fuel_usd_per_l: f64,
    /// Energy from the grid \[USD/kWh\].
    pub grid_usd_per_kwh: f64,
    /// Emissions of fuel burnt \[kg CO2e/L\].
    pub fuel_co2_kg_per_l: f64,
    /// Emissions of energy from the grid \[kg CO2e/kWh\].
    pub grid_co2_kg_per_kwh: f64,
    /// Value of lost load \[USD/kWh\].
    pub voll_usd_per_kwh: f64,
    /// What is paid for a battery at the end of service, for its material; a fee is negative \[USD per nameplate kWh\].
    pub battery_end_usd_per_kwh: f64,
    /// Share of a module's price that is paid at the end of service for the life it has left, were it whole.
    pub battery_residual_share: f64,
}
