//! The equations of a law, apart from the numbers in them.

use super::law::Law;
use super::laws;
use super::mechanism::{Mechanism, Rate, Shape};
use super::stress::CycleStress;
use crate::numeric::exponential::exp;

/// A number in the equations, by the name that library entries and fits use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Name.
    pub name: &'static str,
    /// Published value.
    pub value: f64,
    /// Unit, empty for a pure number.
    pub unit: &'static str,
}

/// The equations of a published law; one type a file in [`laws`].
pub trait Equations {
    /// Name, the same as the file's.
    const NAME: &'static str;
    /// Numbers, in the order in which the functions get them.
    const PARAMETERS: &'static [Parameter];
    /// Active material in excess of what capacity needs when new.
    const LAM_RESERVE: f64 = 0.0;

    /// Mechanisms, at most [`Law::MAX_MECHANISMS`], for given numbers.
    fn mechanisms(p: &[f64]) -> Vec<Mechanism>;

    /// Rate of the time-driven mechanism of that index at a temperature \[K\] and SoC.
    fn time(p: &[f64], mechanism: usize, t_k: f64, soc: f64) -> Rate;

    /// Rate of the cycle-driven mechanism of that index in a cycle.
    fn cycle(p: &[f64], mechanism: usize, c: &CycleStress) -> Rate;
}

/// [`Equations`] as a value.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Name in library entries.
    pub name: &'static str,
    /// Numbers with their published values.
    pub parameters: &'static [Parameter],
    /// Active material in excess when new.
    pub lam_reserve: f64,
    /// See [`Equations::mechanisms`].
    pub mechanisms: fn(&[f64]) -> Vec<Mechanism>,
    /// See [`Equations::time`].
    pub time: fn(&[f64], usize, f64, f64) -> Rate,
    /// See [`Equations::cycle`].
    pub cycle: fn(&[f64], usize, &CycleStress) -> Rate,
    /// Advances one time-driven mechanism of a batch of units.
    pub(super) time_batch: fn(&Law, usize, &Batch<'_>, &mut [f64]),
    /// Adds `k x days` of one time-driven mechanism, for means over a day.
    pub(super) time_sum: fn(&Law, usize, &Batch<'_>, &mut [f64]),
}

/// Stress of a batch of units over a step.
pub(super) struct Batch<'a> {
    pub(super) t_k: &'a [f64],
    pub(super) soc: &'a [f64],
    pub(super) days: f64,
}

impl Form {
    /// The form of these equations.
    pub const fn of<E: Equations>() -> Form {
        Form {
            name: E::NAME,
            parameters: E::PARAMETERS,
            lam_reserve: E::LAM_RESERVE,
            mechanisms: E::mechanisms,
            time: E::time,
            cycle: E::cycle,
            time_batch: time_batch::<E>,
            time_sum: time_sum::<E>,
        }
    }

    /// Every form.
    pub const ALL: &'static [Form] = laws::ALL;

    /// The form of that name.
    pub fn named(name: &str) -> Option<&'static Form> {
        Form::ALL.iter().find(|form| form.name == name)
    }
}

/// The equations are inlined here: one loop a mechanism, without dispatch inside.
fn time_batch<E: Equations>(law: &Law, index: usize, batch: &Batch<'_>, state: &mut [f64]) {
    let mechanism = law.mechanisms[index];
    let Some(scale) = mechanism.driver.days_scale() else { return };
    let dx = batch.days / scale;
    let stress = batch.t_k.iter().zip(batch.soc);
    if let Shape::Power(p) = mechanism.shape {
        let inverse = 1.0 / p;
        for (z, (&t, &s)) in state.iter_mut().zip(stress) {
            *z += exp(E::time(&law.parameters, index, t, s).ln_k * inverse) * dx;
        }
    } else {
        for (z, (&t, &s)) in state.iter_mut().zip(stress) {
            *z = mechanism.shape.advance(*z, E::time(&law.parameters, index, t, s), dx);
        }
    }
}

fn time_sum<E: Equations>(law: &Law, index: usize, batch: &Batch<'_>, sum: &mut [f64]) {
    for (sum, (&t, &s)) in sum.iter_mut().zip(batch.t_k.iter().zip(batch.soc)) {
        *sum += E::time(&law.parameters, index, t, s).k() * batch.days;
    }
}
