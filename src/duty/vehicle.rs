//! What a vehicle's library entry says.

use super::road_load::RoadLoad;
use serde::Deserialize;

/// How the pack sheds heat while the vehicle drives or charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cooling {
    /// Coolant held inside a band while driving or charging; nothing while parked.
    Liquid,
    /// No active cooling at any time.
    Passive,
}

/// A vehicle with its pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VehicleSpec {
    /// Name for people.
    pub title: String,
    /// Entry of the `cells` category.
    pub cell: String,
    /// Capacity of the cell in this vehicle \[Ah\]; the entry of the cell is scaled to it.
    pub cell_capacity_ah: f64,
    /// Cell groups in series.
    pub cells_series: u32,
    /// Cells in parallel in each group.
    pub cells_parallel: u32,
    /// Modules in series in the pack; divides `cells_series`.
    pub modules: u32,
    /// Energy on the name plate \[kWh\].
    pub nominal_energy_kwh: f64,
    /// Mass of the pack \[kg\].
    pub pack_mass_kg: f64,
    /// Share of the cells' SoC that the vehicle uses: `[low, high]`.
    pub soc_window: [f64; 2],
    /// Resistance, drive train and climate control; in its place may stand `consumption_wh_per_km`.
    #[serde(default)]
    pub road_load: Option<RoadLoad>,
    /// Energy at the pack for a kilometre between 15 and 25 degC \[Wh/km\], net of regeneration; in place of `road_load`.
    #[serde(default)]
    pub consumption_wh_per_km: Option<f64>,
    /// Relative rise of consumption per kelvin below 15 degC \[1/K\]; goes with the consumption.
    #[serde(default)]
    pub heating_per_k: Option<f64>,
    /// Relative rise of consumption per kelvin above 25 degC \[1/K\]; goes with the consumption.
    #[serde(default)]
    pub cooling_per_k: Option<f64>,
    /// Root mean square over mean of the pack current while driving; goes with the consumption.
    #[serde(default)]
    pub current_form_factor: Option<f64>,
    /// AC charging power at the socket, highest the vehicle takes \[kW\].
    pub ac_charge_kw: f64,
    /// Mean DC fast-charging power over a session \[kW\].
    pub dc_charge_kw: f64,
    /// Energy into the pack over energy from the socket, AC.
    pub charge_efficiency: f64,
    /// Heat removal while driving or charging.
    pub cooling: Cooling,
    /// Band of coolant temperature \[degC\] for `liquid`: `[low, high]`.
    pub coolant_band_c: [f64; 2],
    /// Rise of the coolant's temperature from the first to the last module while it flows \[K\].
    #[serde(default)]
    pub coolant_rise_k: f64,
    /// Heat between neighbouring modules (between neighbouring cells where those are simulated) \[W/K\]. None in the library:
    /// the spread of constant temperature offsets stands for what is left of differences.
    #[serde(default)]
    pub module_conductance_w_per_k: f64,
    /// Time constant of the parked pack towards ambient \[h\].
    pub parked_time_constant_h: f64,
}

impl VehicleSpec {
    /// Energy on the name plate of a module \[kWh\].
    pub fn module_kwh(&self) -> f64 {
        self.nominal_energy_kwh / f64::from(self.modules)
    }
}
