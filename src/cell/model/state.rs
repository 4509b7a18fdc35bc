//! What changes while a cell is used.

use super::parameters::MOST_PAIRS;

/// State of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// State of charge; nothing holds it between 0 and 1 except a limit.
    pub soc: f64,
    /// Voltages of the pairs, above zero after discharge \[V\].
    pub pairs_v: [f64; MOST_PAIRS],
    /// Voltage of the hysteresis, below zero after discharge \[V\].
    pub hysteresis_v: f64,
    /// Temperature of the cell \[K\].
    pub temperature_k: f64,
    /// Temperature of its jig \[K\]; means nothing without one.
    pub jig_k: f64,
}

impl State {
    /// A cell that has rested for long.
    pub fn rested(soc: f64, temperature_k: f64) -> State {
        State { soc, pairs_v: [0.0; MOST_PAIRS], hysteresis_v: 0.0, temperature_k, jig_k: temperature_k }
    }
}

/// Current and voltage at the terminals of a cell at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terminal {
    /// Discharge current \[A\].
    pub current_a: f64,
    /// Voltage \[V\].
    pub voltage_v: f64,
}

/// What passed in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Discharge current, the same throughout \[A\].
    pub current_a: f64,
    /// Mean voltage at the terminals \[V\].
    pub mean_voltage_v: f64,
    /// Mean heat \[W\].
    pub heat_w: f64,
}
