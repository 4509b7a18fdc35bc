//! The reference cell: one cell as measured and identified, right to fractions of a millivolt.
//!
//! With discharge current `I` positive, SoC `s`, pairs `v_k`, hysteresis voltage `w` and temperature `T`:
//!
//! ```text
//! V    = U(s) + w - sum v_k - R0 I
//! v_k' = -v_k / (R_k C_k) + I / C_k
//! w'   = -|gamma s'| (w + M sign I)                 frozen at rest
//! s'   = -eta I / (3600 Q)                          eta < 1 only while charging
//! q    = I (I R0 + sum v_k) - I T dU/dT             or what is dissipated, see [`HeatForm`]
//! ```
//!
//! Every coefficient is a constant or a table over SoC, temperature and current ([`Coefficient`]). The form is the
//! enhanced self-correcting cell of Plett (J. Power Sources 134 (2004) 262, doi 10.1016/j.jpowsour.2004.02.032), with the
//! hysteresis voltage as the state.
//!
//! A step holds its current and takes the coefficients of its middle: SoC there is known, temperature foretold. Pairs,
//! hysteresis and thermal nodes are then moved in closed form, so the step is exact for constant coefficients and of
//! second order in its length for others, and never unstable. This is the exponential midpoint rule (Hochbruck and
//! Ostermann, Acta Numerica 19 (2010) 209, doi 10.1017/S0962492910000048). Under power or a held voltage the mean of
//! the step is what is asked ([`Control`]), and the current and voltage that are told belong to the moment.
//!
//! This is the cell for single-cell work, for identification and for small networks
//! ([`crate::pack`] steps the many modules of a life faster, with fewer forms of tables).
//!
//! ```
//! use packlife::cell::model::{Coefficient, Control, Entropy, HeatForm, Model, Pair, Parameters, State, Storage, Thermal};
//! use packlife::numeric::grid::Line;
//!
//! let cell = Model::new(Parameters {
//!     capacity_ah: 50.0,
//!     coulombic_efficiency: 1.0,
//!     ocv_v: Line::new(vec![0.0, 1.0], vec![3.0, 4.2])?,
//!     hysteresis: None,
//!     entropy: Entropy::At(Coefficient::Constant(0.0)),
//!     r0: Coefficient::Constant(1e-3),
//!     pairs: vec![Pair {
//!         resistance: Coefficient::Constant(6e-4),
//!         storage: Storage::Capacitance(Coefficient::Constant(5e4)),
//!     }],
//!     heat: HeatForm::BERNARDI,
//!     thermal: Thermal::Isothermal,
//! })?;
//! let (state, _) = cell.step(&State::rested(0.5, 298.15), Control::Current(50.0), 36.0, 298.15)?;
//! assert!((state.soc - 0.49).abs() < 1e-12);
//! let now = cell.terminal(&state, Control::Current(50.0))?;
//! let exact = 3.0 + 1.2 * 0.49 - 50.0 * (1e-3 + 6e-4 * (1.0 - (-36.0_f64 / 30.0).exp()));
//! assert!((now.voltage_v - exact).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod charge_transfer;
mod coefficient;
mod control;
mod parameters;
mod run;
mod state;
mod step;
#[cfg(test)]
pub(crate) mod tests;
mod thermal;

pub use charge_transfer::{ChargeTransfer, reaction};
pub use coefficient::{Coefficient, Entropy, Point};
pub use control::{Control, Source};
pub use parameters::{HeatForm, Hysteresis, MOST_PAIRS, ModelError, Pair, PairHeat, Parameters, Storage};
pub use run::{Bounds, Ended, Quantity, Ran, Segment, Stop};
pub use state::{Flow, State, Terminal};
pub use step::Electrical;
pub use thermal::Thermal;

use std::sync::Arc;

/// A cell of checked parameters. Clones share them.
#[derive(Clone, Debug)]
pub struct Model {
    parameters: Arc<Parameters>,
    capacity_ah: f64,
    resistance_factor: f64,
}

impl Model {
    /// Checks parameters.
    pub fn new(parameters: Parameters) -> Result<Model, ModelError> {
        let p = &parameters;
        if p.pairs.len() > MOST_PAIRS {
            return Err(ModelError::Pairs(p.pairs.len()));
        }
        let mut above_zero = vec![("capacity_ah", p.capacity_ah), ("r0", p.r0.least())];
        for pair in &p.pairs {
            above_zero.push(("resistance", pair.resistance.least()));
            above_zero.push(match &pair.storage {
                Storage::Capacitance(c) => ("capacitance", c.least()),
                Storage::TimeConstant(tau) => ("tau", tau.least()),
            });
        }
        let mut zero_or_more = Vec::new();
        if let Some(h) = &p.hysteresis {
            zero_or_more.extend([("gamma", h.gamma), ("hysteresis", h.amplitude_v.least())]);
        }
        for (field, value, strictly) in p.thermal.quantities() {
            if strictly { above_zero.push((field, value)) } else { zero_or_more.push((field, value)) }
        }
        let wrong = |field, value, allowed| Err(ModelError::Range { field, value, allowed });
        if let Some(&(field, value)) = above_zero.iter().find(|(_, v)| !(v.is_finite() && *v > 0.0)) {
            return wrong(field, value, "above 0");
        }
        if let Some(&(field, value)) = zero_or_more.iter().find(|(_, v)| !(v.is_finite() && *v >= 0.0)) {
            return wrong(field, value, "0 or more");
        }
        if !(p.coulombic_efficiency > 0.0 && p.coulombic_efficiency <= 1.0) {
            return wrong("coulombic_efficiency", p.coulombic_efficiency, "above 0 up to 1");
        }
        Ok(Model { capacity_ah: p.capacity_ah, resistance_factor: 1.0, parameters: Arc::new(parameters) })
    }

    /// The same cell with its own capacity and a factor on its resistances; capacitances stay.
    pub fn varied(&self, capacity_ah: f64, resistance_factor: f64) -> Result<Model, ModelError> {
        for (field, value) in [("capacity_ah", capacity_ah), ("resistance_factor", resistance_factor)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(ModelError::Range { field, value, allowed: "above 0" });
            }
        }
        Ok(Model { parameters: Arc::clone(&self.parameters), capacity_ah, resistance_factor })
    }

    /// Parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Capacity \[Ah\].
    pub fn capacity_ah(&self) -> f64 {
        self.capacity_ah
    }

    /// Energy in the charge above SoC 0 at the open-circuit voltage, and in the pairs \[J\].
    pub fn stored_j(&self, state: &State) -> f64 {
        let point = Point { soc: state.soc, temperature_k: state.temperature_k, current_a: 0.0 };
        let pair = |(pair, v): (&Pair, &f64)| {
            let capacitance = match &pair.storage {
                Storage::Capacitance(c) => c.at(&point),
                Storage::TimeConstant(tau) => tau.at(&point) / pair.resistance.at(&point),
            };
            0.5 * capacitance * v * v
        };
        let pairs: f64 = self.parameters.pairs.iter().zip(&state.pairs_v).map(pair).sum();
        let ocv = &self.parameters.ocv_v;
        3600.0 * self.capacity_ah * (ocv.integral(state.soc) - ocv.integral(0.0)) + pairs
    }
}
