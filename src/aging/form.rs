//! The equations of a law, apart from the numbers in them.

use super::law::Law;
use super::laws;
use super::mechanism::{Mechanism, Rate, Shape};
use super::stress::CycleStress;
use crate::numeric::exponential::exp;
use multiversion::multiversion;

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

/// Room for what a law works out of its numbers.
pub const CONSTANTS: usize = 12;
/// See [`Equations::constants`].
pub type Constants = [f64; CONSTANTS];

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

    /// What [`Equations::ln_rates`] needs of the numbers, worked out once a law.
    fn constants(_p: &[f64], _mechanism: usize) -> Constants {
        [0.0; CONSTANTS]
    }

    /// `ln k` of [`Equations::time`] where the mechanism knows no stress.
    fn steady(_p: &[f64], _mechanism: usize) -> Option<f64> {
        None
    }

    /// `ln k` of [`Equations::time`] for many units; all slices are of one length. Laws that run over whole fleets say it
    /// in loops that vectorise.
    #[inline]
    fn ln_rates(p: &[f64], _c: &Constants, mechanism: usize, t_k: &[f64], soc: &[f64], ln_k: &mut [f64]) {
        for (ln_k, (&t, &s)) in ln_k.iter_mut().zip(t_k.iter().zip(soc)) {
            *ln_k = Self::time(p, mechanism, t, s).ln_k;
        }
    }

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
    /// See [`Equations::constants`].
    pub constants: fn(&[f64], usize) -> Constants,
    /// See [`Equations::steady`].
    pub steady: fn(&[f64], usize) -> Option<f64>,
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
            constants: E::constants,
            steady: E::steady,
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

/// Units whose rates are held at once, on the stack.
const AT_ONCE: usize = 16;

/// Rates that are worked out together.
const SIDE_BY_SIDE: usize = 4;

/// The equations are inlined here: one loop a mechanism, without dispatch inside.
fn time_batch<E: Equations>(law: &Law, index: usize, batch: &Batch<'_>, state: &mut [f64]) {
    let mechanism = law.mechanisms[index];
    let Some(scale) = mechanism.driver.days_scale() else { return };
    let dx = batch.days / scale;
    let inverse = match mechanism.shape {
        Shape::Power(p) => 1.0 / p,
        Shape::StressedSigmoid => {
            for (z, (&t, &s)) in state.iter_mut().zip(batch.t_k.iter().zip(batch.soc)) {
                *z = mechanism.shape.advance(*z, E::time(&law.parameters, index, t, s), dx);
            }
            return;
        }
        _ => 1.0,
    };
    if let Some(ln_k) = law.steady[index] {
        let more = exp(ln_k * inverse) * dx;
        state.iter_mut().for_each(|z| *z += more);
        return;
    }
    let stress = batch.t_k.chunks(AT_ONCE).zip(batch.soc.chunks(AT_ONCE));
    let mut ln_k = [0.0; AT_ONCE];
    for (state, (t_k, soc)) in state.chunks_mut(AT_ONCE).zip(stress) {
        let ln_k = &mut ln_k[..state.len()];
        E::ln_rates(&law.parameters, &law.constants[index], index, t_k, soc, ln_k);
        grow(state, ln_k, inverse, dx);
    }
}

/// `z += k^inverse dx`: the exact step of every shape whose state is a sum.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
fn grow(state: &mut [f64], ln_k: &[f64], inverse: f64, dx: f64) {
    let mut states = state.chunks_exact_mut(SIDE_BY_SIDE);
    let rates = ln_k.chunks_exact(SIDE_BY_SIDE);
    let rest = rates.remainder();
    for (z, ln_k) in states.by_ref().zip(rates) {
        for k in 0..SIDE_BY_SIDE {
            z[k] += exp(ln_k[k] * inverse) * dx;
        }
    }
    // The few units of a short string side by side as well: the last one fills up.
    if let [.., last] = rest {
        let more: [f64; SIDE_BY_SIDE] = std::array::from_fn(|k| exp(rest.get(k).unwrap_or(last) * inverse) * dx);
        for (z, more) in states.into_remainder().iter_mut().zip(more) {
            *z += more;
        }
    }
}

fn time_sum<E: Equations>(law: &Law, index: usize, batch: &Batch<'_>, sum: &mut [f64]) {
    for (sum, (&t, &s)) in sum.iter_mut().zip(batch.t_k.iter().zip(batch.soc)) {
        *sum += E::time(&law.parameters, index, t, s).k() * batch.days;
    }
}
