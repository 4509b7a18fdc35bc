//! From graded modules to stationary systems.

use serde::Deserialize;

/// An entry of the `systems` category: a stationary product built from modules.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemSpec {
    /// Name for people.
    pub title: String,
    /// Energy by which the product is sold \[kWh\].
    pub rated_energy_kwh: f64,
    /// Nominal voltage aimed at for a string \[V\]; modules in series are chosen to come nearest.
    pub string_voltage_v: f64,
    /// Strings in parallel, each behind a switch and a DC/DC stage of its own.
    pub strings: u32,
    /// Rated power at the AC terminals \[kW\]; also the inverter's default rating.
    pub rated_power_kw: f64,
    /// Usable share of SoC: `[low, high]`.
    pub soc_window: [f64; 2],
    /// Warming of the place above ambient \[K\].
    pub ambient_offset_k: f64,
    /// Share of the daily swing of ambient that reaches the enclosure, 0..1.
    pub ambient_swing_share: f64,
    /// Thermal time constant of the battery in its enclosure \[h\].
    pub time_constant_h: f64,
    /// Default PV array \[kW peak\].
    pub pv_kw: f64,
    /// Entry of the `converters` category.
    pub converter: String,
    /// Entry of the `loads` category.
    pub load: String,
    /// Constant draw of the battery's electronics \[W\].
    pub standby_w: f64,
}
