//! What is asked for.

use crate::cell::CellSpec;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct IdentifyOptions {
    /// A cell of the library: first guess, and source of what the test does not tell.
    pub like: CellSpec,
    /// Capacity \[Ah\]; by default that of the slow discharge, or between full and empty in the pulse test.
    pub capacity_ah: Option<f64>,
    /// Mass \[kg\]; by default that of the like cell, by capacity.
    pub mass_kg: Option<f64>,
    /// Specific heat \[J/(kg K)\].
    pub specific_heat_j_per_kgk: Option<f64>,
    /// Cooling \[W/K\]; by default from the temperatures of the test, else assumed.
    pub cooling_w_per_k: Option<f64>,
    /// Lowest voltage \[V\]; by default the lowest of the slow traces.
    pub voltage_min_v: Option<f64>,
    /// Highest voltage \[V\]; by default the highest of the slow traces.
    pub voltage_max_v: Option<f64>,
    /// SoC at the start of the first pulse trace.
    pub soc_start: Option<f64>,
    /// Voltage above which errors are told and count in full \[V\].
    pub above_v: f64,
    /// Temperature where a trace has none \[degC\].
    pub ambient_c: f64,
    /// Time after a step within which the logged current is taken as that at its end \[s\].
    pub settle_s: Option<f64>,
    /// Pairs of the circuit, 2 or 3; library entries have two.
    pub pairs: usize,
}

impl IdentifyOptions {
    /// Defaults beside a like cell.
    pub fn like(like: CellSpec) -> Self {
        IdentifyOptions {
            like,
            capacity_ah: None,
            mass_kg: None,
            specific_heat_j_per_kgk: None,
            cooling_w_per_k: None,
            voltage_min_v: None,
            voltage_max_v: None,
            soc_start: None,
            above_v: 3.0,
            ambient_c: 25.0,
            settle_s: None,
            pairs: 2,
        }
    }
}
