//! One step of a cell.

use super::coefficient::{Entropy, Point};
use super::control::{Control, Source};
use super::parameters::{MOST_PAIRS, ModelError, PairHeat, Storage};
use super::{Flow, Model, State, Terminal};
use crate::cell::circuit::{RcStep, hysteresis};

/// Turns of the search for a current.
const TURNS: usize = 60;
/// Change of current, over one ampere or the current, that ends it.
const CLOSE: f64 = 1e-11;
/// The same, where it has not got closer in all turns: rounding of steep tables.
const NEAR: f64 = 1e-7;

/// The circuit at one point.
#[derive(Clone, Copy, Debug)]
struct Coefficients {
    r0: f64,
    /// Resistance and time constant.
    pairs: [(f64, f64); MOST_PAIRS],
    hysteresis_v: f64,
    entropy: f64,
}

/// The electrical side of a step at constant current.
#[derive(Clone, Copy, Debug)]
pub struct Electrical {
    /// State at the end, with the temperatures of the start.
    pub end: State,
    /// Mean voltage, and how it falls with current.
    pub flow: Flow,
    /// Resistance behind the mean voltage, with the slope of the open-circuit voltage \[Ohm\].
    pub resistance_ohm: f64,
}

impl Electrical {
    /// The step as a source: what the mean voltage would be with another current.
    pub fn source(&self) -> Source {
        let emf_v = self.flow.mean_voltage_v + self.resistance_ohm * self.flow.current_a;
        Source { emf_v, resistance_ohm: self.resistance_ohm }
    }
}

impl Model {
    fn coefficients(&self, point: &Point) -> Coefficients {
        let p = &*self.parameters;
        let mut pairs = [(0.0, 1.0); MOST_PAIRS];
        for (pair, into) in p.pairs.iter().zip(&mut pairs) {
            let r = pair.resistance.at(point);
            // The capacitance belongs to the entry's resistance, so a factor on that moves the time constant.
            let tau = match &pair.storage {
                Storage::Capacitance(c) => r * c.at(point),
                Storage::TimeConstant(tau) => tau.at(point),
            };
            *into = (r * self.resistance_factor, tau * self.resistance_factor);
        }
        Coefficients {
            r0: p.r0.at(point) * self.resistance_factor,
            pairs,
            hysteresis_v: p.hysteresis.as_ref().map_or(0.0, |h| h.amplitude_v.at(point)),
            entropy: match &p.entropy {
                Entropy::At(coefficient) => coefficient.at(point),
                Entropy::OcvTemperature(table) => {
                    table.value(p.ocv_v.value(point.soc), point.temperature_k - crate::cell::ZERO_CELSIUS_K)
                }
            },
        }
    }

    /// Charge stored over charge passed.
    fn efficiency(&self, current_a: f64) -> f64 {
        if current_a < 0.0 { self.parameters.coulombic_efficiency } else { 1.0 }
    }

    /// Open-circuit voltage \[V\].
    pub fn ocv(&self, soc: f64) -> f64 {
        self.parameters.ocv_v.value(soc)
    }

    /// Ohmic resistance where the cell is \[Ohm\].
    pub fn r0(&self, state: &State, current_a: f64) -> f64 {
        self.parameters.r0.at(&point(state, current_a)) * self.resistance_factor
    }

    /// The cell at this moment as a source, its resistance that of a given current.
    pub fn source(&self, state: &State, current_a: f64) -> Source {
        let pairs: f64 = state.pairs_v[..self.parameters.pairs.len()].iter().sum();
        Source { emf_v: self.ocv(state.soc) + state.hysteresis_v - pairs, resistance_ohm: self.r0(state, current_a) }
    }

    /// Current and voltage at this moment.
    pub fn terminal(&self, state: &State, control: Control) -> Result<Terminal, ModelError> {
        let mut current_a = match control {
            Control::Current(current_a) => current_a,
            _ => self.source(state, 0.0).current(control)?,
        };
        for turn in 1..=TURNS {
            let source = self.source(state, current_a);
            let next = source.current(control)?;
            let close = (next - current_a).abs() <= closeness(turn) * next.abs().max(1.0);
            current_a = next;
            if close {
                // What is held is told as it is held, without rounding.
                let voltage_v = if let Control::Voltage(held) = control { held } else { source.voltage(current_a) };
                return Ok(Terminal { current_a, voltage_v });
            }
        }
        Err(ModelError::NoCurrent(format!("{control:?}")))
    }

    /// Heat at this moment \[W\].
    pub fn heat(&self, state: &State, current_a: f64) -> f64 {
        let c = self.coefficients(&point(state, current_a));
        self.heat_of(&c, state, current_a)
    }

    fn heat_of(&self, c: &Coefficients, state: &State, current_a: f64) -> f64 {
        let form = self.parameters.heat;
        let mut q = current_a * (current_a * c.r0 - state.temperature_k * c.entropy);
        for (&v, (r, _)) in state.pairs_v.iter().zip(&c.pairs[..self.parameters.pairs.len()]) {
            q += match form.pairs {
                PairHeat::Entering => current_a * v,
                PairHeat::Dissipated => v * v / r,
            };
        }
        if form.hysteresis {
            q -= current_a * state.hysteresis_v;
        }
        if form.side_reaction {
            q += (1.0 - self.efficiency(current_a)) * current_a.abs() * self.ocv(state.soc);
        }
        q
    }

    /// Temperature in the middle of a step, foretold with the heat of its start \[K\].
    fn middle_temperature(&self, state: &State, current_a: f64, dt_s: f64, air_k: f64) -> f64 {
        if self.parameters.thermal == super::Thermal::Isothermal {
            return state.temperature_k;
        }
        let mut middle = *state;
        self.parameters.thermal.advance(&mut middle, self.heat(state, current_a), 0.5 * dt_s, air_k);
        middle.temperature_k
    }

    /// The electrical side of a step: exact for constant coefficients, which are those of the middle, where SoC is known
    /// and the temperature is foretold.
    pub fn electrical(&self, state: &State, current_a: f64, dt_s: f64, middle_k: f64) -> Electrical {
        let p = &*self.parameters;
        let i = current_a;
        let soc_per_a = self.efficiency(i) * dt_s / (3600.0 * self.capacity_ah);
        let soc = state.soc - soc_per_a * i;
        let middle = Point { soc: 0.5 * (state.soc + soc), temperature_k: middle_k, current_a: i };
        let c = self.coefficients(&middle);

        let mut end = State { soc, ..*state };
        let mean_ocv = p.ocv_v.mean(state.soc, soc);
        let mut mean_v = mean_ocv - i * c.r0;
        let mut resistance = c.r0 + 0.5 * soc_per_a * p.ocv_v.slope(middle.soc);
        let mut heat = i * (i * c.r0 - middle_k * c.entropy);
        for (k, &(r, tau)) in c.pairs[..p.pairs.len()].iter().enumerate() {
            let rc = RcStep::new(dt_s, tau);
            let v = state.pairs_v[k];
            end.pairs_v[k] = rc.end(v, r, i);
            let mean = rc.mean(v, r, i);
            mean_v -= mean;
            resistance += r * (1.0 - rc.f);
            heat += match p.heat.pairs {
                PairHeat::Entering => i * mean,
                PairHeat::Dissipated => rc.heat(v, r, 1.0 / r, i),
            };
        }
        if let Some(h) = &p.hysteresis {
            let mean = if c.hysteresis_v > 0.0 {
                // The state is a voltage, so it stays where it is when the width changes with SoC.
                let (to, mean) =
                    hysteresis(state.hysteresis_v / c.hysteresis_v, (h.gamma * (soc - state.soc)).abs(), -i.signum());
                end.hysteresis_v = to * c.hysteresis_v;
                mean * c.hysteresis_v
            } else {
                state.hysteresis_v
            };
            mean_v += mean;
            if p.heat.hysteresis {
                heat -= i * mean;
            }
        }
        if p.heat.side_reaction {
            heat += (1.0 - self.efficiency(i)) * i.abs() * mean_ocv;
        }
        Electrical {
            end,
            flow: Flow { current_a: i, mean_voltage_v: mean_v, heat_w: heat },
            resistance_ohm: resistance,
        }
    }

    /// A step of `dt_s` that holds what is asked as its mean. The current is constant over the step. A step of no length
    /// tells what flows.
    pub fn step(&self, state: &State, control: Control, dt_s: f64, air_k: f64) -> Result<(State, Flow), ModelError> {
        if dt_s <= 0.0 {
            let Terminal { current_a, voltage_v } = self.terminal(state, control)?;
            let heat_w = self.heat(state, current_a);
            return Ok((*state, Flow { current_a, mean_voltage_v: voltage_v, heat_w }));
        }
        let electrical = match control {
            Control::Current(current_a) => {
                let middle_k = self.middle_temperature(state, current_a, dt_s, air_k);
                self.electrical(state, current_a, dt_s, middle_k)
            }
            _ => self.search(state, control, dt_s, air_k)?,
        };
        let mut end = electrical.end;
        self.parameters.thermal.advance(&mut end, electrical.flow.heat_w, dt_s, air_k);
        Ok((end, electrical.flow))
    }

    /// Newton's method on the mean voltage: its slope is known but for the change of coefficients with current.
    fn search(&self, state: &State, control: Control, dt_s: f64, air_k: f64) -> Result<Electrical, ModelError> {
        let start = self.terminal(state, control)?.current_a;
        let middle_k = self.middle_temperature(state, start, dt_s, air_k);
        let mut step = self.electrical(state, start, dt_s, middle_k);
        for turn in 1..=TURNS {
            let current_a = step.source().current(control)?;
            let close = (current_a - step.flow.current_a).abs() <= closeness(turn) * current_a.abs().max(1.0);
            step = self.electrical(state, current_a, dt_s, middle_k);
            if close {
                return Ok(step);
            }
        }
        Err(ModelError::NoCurrent(format!("{control:?}")))
    }
}

/// How close the current must come by a turn.
fn closeness(turn: usize) -> f64 {
    if turn < TURNS { CLOSE } else { NEAR }
}

fn point(state: &State, current_a: f64) -> Point {
    Point { soc: state.soc, temperature_k: state.temperature_k, current_a }
}
