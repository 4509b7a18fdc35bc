//! Segments: something is held until time is up, a limit is met or a stop condition is.

use super::control::Control;
use super::parameters::ModelError;
use super::{Model, State, Terminal};
use crate::numeric::root::crossing;

/// Limits at which a cell must stop. Infinite where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lowest and highest voltage \[V\].
    pub voltage_v: [f64; 2],
    /// Lowest and highest SoC.
    pub soc: [f64; 2],
}

impl Bounds {
    /// No limits.
    pub const NONE: Bounds =
        Bounds { voltage_v: [f64::NEG_INFINITY, f64::INFINITY], soc: [f64::NEG_INFINITY, f64::INFINITY] };
}

/// What a stop condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Voltage \[V\].
    Voltage,
    /// Discharge current \[A\].
    Current,
    /// State of charge.
    Soc,
    /// Temperature of the cell \[K\].
    Temperature,
}

/// A value that ends a segment when it is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// What reaches it.
    pub quantity: Quantity,
    /// The value.
    pub value: f64,
    /// Whether it is reached from below.
    pub rising: bool,
}

/// Something held for a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// What is held.
    pub control: Control,
    /// For how long at most \[s\].
    pub duration_s: f64,
    /// What ends it before.
    pub stop: Option<Stop>,
}

/// Why a segment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its time was up.
    Time,
    /// Its stop condition was met.
    Stop,
    /// The lowest voltage.
    VoltageLow,
    /// The highest voltage.
    VoltageHigh,
    /// The lowest SoC.
    SocLow,
    /// The highest SoC.
    SocHigh,
}

/// A segment that has been run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ran {
    /// How long it took \[s\].
    pub time_s: f64,
    /// Why it ended.
    pub ended: Ended,
    /// Current and voltage at its end, still under its control.
    pub terminal: Terminal,
    /// Energy out of the terminals \[J\].
    pub energy_j: f64,
    /// Heat \[J\].
    pub heat_j: f64,
}

const ENDS: [Ended; 5] = [Ended::VoltageLow, Ended::VoltageHigh, Ended::SocLow, Ended::SocHigh, Ended::Stop];

/// Slack of a limit that the state may stand on.
const SLACK: f64 = 1e-9;

impl Stop {
    /// How far off it is; below zero when passed.
    fn margin(&self, state: &State, terminal: &Terminal) -> f64 {
        let at = match self.quantity {
            Quantity::Voltage => terminal.voltage_v,
            Quantity::Current => terminal.current_a,
            Quantity::Soc => state.soc,
            Quantity::Temperature => state.temperature_k,
        };
        if self.rising { self.value - at } else { at - self.value }
    }
}

/// How far off every end is, in the order of [`ENDS`].
fn margins(bounds: &Bounds, stop: Option<Stop>, state: &State, terminal: &Terminal) -> [f64; 5] {
    [
        terminal.voltage_v - bounds.voltage_v[0],
        bounds.voltage_v[1] - terminal.voltage_v,
        state.soc - bounds.soc[0],
        bounds.soc[1] - state.soc,
        stop.map_or(f64::INFINITY, |stop| stop.margin(state, terminal)),
    ]
}

impl Model {
    /// Runs a segment in equal steps of `step_s` at most. Limits and the stop condition are found inside the step, to a
    /// ten-thousandth of a nanosecond for each second of it.
    ///
    /// A segment that starts beyond a limit and would go further ends at once.
    pub fn run(
        &self,
        state: &mut State,
        segment: &Segment,
        step_s: f64,
        bounds: &Bounds,
        air_k: f64,
    ) -> Result<Ran, ModelError> {
        let Segment { control, duration_s, stop } = *segment;
        let steps = (duration_s / step_s - 1e-9).ceil().max(1.0);
        let dt = duration_s / steps;
        let mut terminal = self.terminal(state, control)?;
        let mut before = margins(bounds, stop, state, &terminal);
        let mut ran = Ran { time_s: 0.0, ended: Ended::Time, terminal, energy_j: 0.0, heat_j: 0.0 };

        let i = terminal.current_a;
        let outward = [i > 0.0, i < 0.0, i > 0.0, i < 0.0, true];
        if let Some(k) = (0..5).find(|&k| before[k] < -SLACK && outward[k]) {
            return Ok(Ran { ended: ENDS[k], ..ran });
        }
        for step in 1..=steps as usize {
            let (mut end, mut flow) = self.step(state, control, dt, air_k)?;
            terminal = self.terminal(&end, control)?;
            let mut after = margins(bounds, stop, &end, &terminal);
            let mut took = dt;
            // The first of all that are passed.
            for k in 0..5 {
                if !(after[k] < 0.0 && before[k] >= -SLACK && after[k] < before[k]) {
                    continue;
                }
                took = crossing(before[k], took, after[k], |part| {
                    let (there, _) = self.step(state, control, part, air_k)?;
                    Ok::<f64, ModelError>(margins(bounds, stop, &there, &self.terminal(&there, control)?)[k])
                })?;
                (end, flow) = self.step(state, control, took, air_k)?;
                terminal = self.terminal(&end, control)?;
                after = margins(bounds, stop, &end, &terminal);
                ran.ended = ENDS[k];
            }
            *state = end;
            ran.energy_j += flow.current_a * flow.mean_voltage_v * took;
            ran.heat_j += flow.heat_w * took;
            ran.terminal = terminal;
            if ran.ended != Ended::Time {
                ran.time_s = (step - 1) as f64 * dt + took;
                return Ok(ran);
            }
            before = after;
        }
        ran.time_s = duration_s;
        Ok(ran)
    }
}
