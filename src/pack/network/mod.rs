//! Small networks of [reference cells](crate::cell::model): parallel groups, strings, bus bars, resistors that bleed, and
//! heat between neighbours.
//!
//! Over a step every cell is a source: its mean voltage falls with its current along a known slope, which holds the
//! resistance of its pairs and the slope of its open-circuit voltage. Parallel and series parts reduce to one source and
//! are undone on the way back, so a split is exact and costs one pass; rails with resistance are solved by node
//! potentials. The coefficients of the step depend on the currents, so a few passes are made until these stand. Kirchhoff's
//! laws hold for the means of a step, and for each moment that is told.

mod heat;
#[cfg(test)]
mod tests;
mod wiring;

pub use heat::{Coolant, HeatPaths};
pub use wiring::{Split, Topology, Wiring};

use crate::cell::model::{Control, Electrical, Model, ModelError, Source, State};
use crate::numeric::root::crossing;

/// Most passes for one split.
const PASSES: usize = 60;
/// Change of a cell's current, over one ampere or the largest current, that ends them.
const CLOSE: f64 = 1e-10;
/// The same, where it has not got closer in all passes: rounding of steep tables.
const NEAR: f64 = 1e-7;

/// A network of cells.
#[derive(Clone, Debug)]
pub struct Network {
    cells: Vec<Model>,
    wiring: Wiring,
    heat: Option<HeatPaths>,
}

/// A problem with the parts of a network.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// Lists of different lengths.
    #[error("{what}: {found}, but there are {cells} cells")]
    Length {
        /// Which list.
        what: &'static str,
        /// Its length.
        found: usize,
        /// Number of cells.
        cells: usize,
    },
    /// A resistance that is none.
    #[error("{what} is {value} Ohm, allowed is {allowed}")]
    Resistance {
        /// Which.
        what: &'static str,
        /// Its value \[Ohm\].
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// A ladder is one group.
    #[error("a ladder is one group of cells, found {0} groups")]
    LadderInSeries(usize),
}

/// What is held of a network, and for how long.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkSegment {
    /// What is held at the terminals.
    pub control: Control,
    /// For how long at most \[s\].
    pub duration_s: f64,
    /// Which cells bleed.
    pub bleeding: Vec<bool>,
}

/// A segment that has been run.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkRan {
    /// How long it took \[s\].
    pub time_s: f64,
    /// The cell whose voltage met a limit, if one did.
    pub limited_by: Option<usize>,
    /// What flows at the end, still under its control.
    pub split: Split,
}

impl Network {
    /// Puts cells together. Without `heat` every cell keeps its temperature.
    pub fn new(cells: Vec<Model>, wiring: Wiring, heat: Option<HeatPaths>) -> Result<Network, NetworkError> {
        let n = cells.len();
        for (what, found) in [("cells of the wiring", wiring.cells()), ("contacts", wiring.contact_ohm.len())] {
            if found != n || n == 0 {
                return Err(NetworkError::Length { what, found, cells: n });
            }
        }
        let wrong = |what, value, allowed| Err(NetworkError::Resistance { what, value, allowed });
        if let Some(&value) = wiring.contact_ohm.iter().find(|r| !(r.is_finite() && **r >= 0.0)) {
            return wrong("a contact", value, "0 or more");
        }
        if wiring.bleed_ohm.is_nan() || wiring.bleed_ohm <= 0.0 {
            return wrong("the bleed resistor", wiring.bleed_ohm, "above 0");
        }
        if let Topology::LadderU { segment_ohm } | Topology::LadderZ { segment_ohm } = wiring.topology {
            if !(segment_ohm.is_finite() && segment_ohm > 0.0) {
                return wrong("a rail", segment_ohm, "above 0");
            }
            if wiring.series != 1 {
                return Err(NetworkError::LadderInSeries(wiring.series));
            }
        }
        Ok(Network { cells, wiring, heat })
    }

    /// Cells.
    pub fn cells(&self) -> &[Model] {
        &self.cells
    }

    /// What flows at this moment.
    pub fn split(&self, states: &[State], bleeding: &[bool], control: Control) -> Result<Split, ModelError> {
        let mut currents = vec![0.0; states.len()];
        for pass in 1..=PASSES {
            let sources: Vec<Source> =
                (0..states.len()).map(|k| self.cells[k].source(&states[k], currents[k])).collect();
            let split = self.wiring.split(&sources, bleeding, control)?;
            if close(pass, &currents, &split.cells_a) {
                return Ok(split);
            }
            currents.clone_from(&split.cells_a);
        }
        Err(ModelError::NoCurrent(format!("{control:?}")))
    }

    /// Voltage of a cell at this moment, without its contact \[V\].
    pub fn cell_voltage(&self, k: usize, state: &State, current_a: f64) -> f64 {
        self.cells[k].source(state, current_a).voltage(current_a)
    }

    /// A step that holds what is asked as its mean. Currents of cells are constant over it.
    pub fn step(
        &self,
        states: &[State],
        bleeding: &[bool],
        control: Control,
        dt_s: f64,
        air_k: f64,
    ) -> Result<Vec<State>, ModelError> {
        let n = states.len();
        if dt_s <= 0.0 {
            return Ok(states.to_vec());
        }
        let mut currents = self.split(states, bleeding, control)?.cells_a;
        let start_heat = (0..n).map(|k| self.cells[k].heat(&states[k], currents[k])).collect();
        let middle_k = self.temperatures(states, start_heat, 0.5 * dt_s, air_k);
        for pass in 1..=PASSES {
            let steps: Vec<Electrical> =
                (0..n).map(|k| self.cells[k].electrical(&states[k], currents[k], dt_s, middle_k[k])).collect();
            let sources: Vec<Source> = steps.iter().map(Electrical::source).collect();
            let next = self.wiring.split(&sources, bleeding, control)?.cells_a;
            if close(pass, &currents, &next) {
                let heat = steps.iter().map(|s| s.flow.heat_w).collect();
                let end_k = self.temperatures(states, heat, dt_s, air_k);
                let warm = |(step, temperature_k): (&Electrical, f64)| State { temperature_k, ..step.end };
                return Ok(steps.iter().zip(end_k).map(warm).collect());
            }
            currents = next;
        }
        Err(ModelError::NoCurrent(format!("{control:?}")))
    }

    fn temperatures(&self, states: &[State], heat_w: Vec<f64>, dt_s: f64, air_k: f64) -> Vec<f64> {
        let mut temperatures: Vec<f64> = states.iter().map(|s| s.temperature_k).collect();
        if let Some(paths) = &self.heat {
            paths.advance(&mut temperatures, &heat_w, dt_s, air_k);
        }
        temperatures
    }

    /// The cell nearest to a limit of voltage, and how far off it is; below zero when beyond. With `outward`, cells whose
    /// current leads away from the limit do not count.
    fn margin(&self, states: &[State], split: &Split, limits_v: [f64; 2], outward: bool) -> (usize, f64) {
        let mut nearest = (0, f64::INFINITY);
        for (k, state) in states.iter().enumerate() {
            let (i, v) = (split.cells_a[k], self.cell_voltage(k, state, split.cells_a[k]));
            let (low, high) = (v - limits_v[0], limits_v[1] - v);
            let counts = [!outward || i > 0.0, !outward || i < 0.0];
            for margin in [low, high].into_iter().zip(counts).filter_map(|(m, c)| c.then_some(m)) {
                if margin < nearest.1 {
                    nearest = (k, margin);
                }
            }
        }
        nearest
    }

    /// Runs a segment in equal steps of `step_s` at most, until its time is up or a cell meets a limit of voltage, which
    /// is found inside the step. A segment that starts beyond a limit and would go further ends at once.
    pub fn run(
        &self,
        states: &mut Vec<State>,
        segment: &NetworkSegment,
        step_s: f64,
        limits_v: [f64; 2],
        air_k: f64,
    ) -> Result<NetworkRan, ModelError> {
        let NetworkSegment { control, duration_s, bleeding } = segment;
        let (control, duration_s) = (*control, *duration_s);
        let steps = (duration_s / step_s - 1e-9).ceil().max(1.0);
        let dt = duration_s / steps;
        let mut split = self.split(states, bleeding, control)?;
        let (cell, margin) = self.margin(states, &split, limits_v, true);
        if margin < -1e-9 {
            return Ok(NetworkRan { time_s: 0.0, limited_by: Some(cell), split });
        }
        let mut before = self.margin(states, &split, limits_v, false).1;
        for step in 1..=steps as usize {
            let end = self.step(states, bleeding, control, dt, air_k)?;
            split = self.split(&end, bleeding, control)?;
            let (cell, after) = self.margin(&end, &split, limits_v, false);
            if after < 0.0 && before >= -1e-9 && after < before {
                let took = crossing(before, dt, after, |part| {
                    let there = self.step(states, bleeding, control, part, air_k)?;
                    let split = self.split(&there, bleeding, control)?;
                    Ok::<f64, ModelError>(self.margin(&there, &split, limits_v, false).1)
                })?;
                *states = self.step(states, bleeding, control, took, air_k)?;
                split = self.split(states, bleeding, control)?;
                let time_s = (step - 1) as f64 * dt + took;
                return Ok(NetworkRan { time_s, limited_by: Some(cell), split });
            }
            *states = end;
            before = after;
        }
        Ok(NetworkRan { time_s: duration_s, limited_by: None, split })
    }
}

fn close(pass: usize, before: &[f64], after: &[f64]) -> bool {
    let within = if pass < PASSES { CLOSE } else { NEAR };
    let largest = after.iter().fold(1.0_f64, |m, i| m.max(i.abs()));
    before.iter().zip(after).all(|(a, b)| (a - b).abs() <= within * largest)
}
