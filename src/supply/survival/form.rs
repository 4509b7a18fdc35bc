//! The laws of life and their integrals.

use super::fast;
use crate::numeric::grid::{GridError, Line};
use crate::numeric::root;
use crate::numeric::special::{IncompleteGamma, ln_gamma_1p};
use crate::numeric::stats::normal_cdf;
use std::f64::consts::{PI, TAU};

/// A law with its numbers. Ages are at or above 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    Fixed { mean: f64 },
    Normal { mean: f64, sd: f64 },
    Truncated { mean: f64, sd: f64, per_kept: f64 },
    Folded { mean: f64, sd: f64 },
    Lognormal { mu: f64, sigma: f64, mean: f64 },
    Weibull { shape: f64, scale: f64, mean: f64, areas: IncompleteGamma },
    Logistic { mean: f64, scale: f64 },
    Gamma { scale: f64, mean: f64, shares: IncompleteGamma },
    Table { line: Line, last: f64, at_last: f64, middle: f64 },
}

/// `z Phi(z) + phi(z)`, the antiderivative of the normal distribution.
fn normal_area(z: f64) -> f64 {
    (z * normal_cdf(z) + (-0.5 * z * z).exp() / TAU.sqrt()).max(0.0)
}

/// `ln(1 + e^x)`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Shape of a Weibull law with a coefficient of variation; none for those above some 4e5.
pub(super) fn weibull_shape(cv: f64) -> Option<f64> {
    let wanted = (cv * cv).ln_1p();
    let missing = |x: f64| wanted - ln_gamma_1p(2.0 * x) + 2.0 * ln_gamma_1p(x);
    // The root in 1/shape lies below this: it is 0.78 cv for small ones, 1 for one, and less than cv above.
    let end = 1.2 * cv.min(16.0);
    let at_end = missing(end);
    if at_end.is_nan() || at_end >= 0.0 {
        return None;
    }
    root::crossing(wanted, end, at_end, |x| Ok::<f64, ()>(missing(x))).ok().map(|x| 1.0 / x)
}

impl Form {
    pub(super) fn normal(mean: f64, sd: f64) -> Form {
        Form::Normal { mean, sd }
    }

    pub(super) fn truncated(mean: f64, sd: f64) -> Form {
        Form::Truncated { mean, sd, per_kept: 1.0 / normal_cdf(mean / sd) }
    }

    pub(super) fn folded(mean: f64, sd: f64) -> Form {
        Form::Folded { mean, sd }
    }

    pub(super) fn lognormal(mean: f64, sd: f64) -> Form {
        let variance = (sd / mean).powi(2).ln_1p();
        Form::Lognormal { mu: mean.ln() - 0.5 * variance, sigma: variance.sqrt(), mean }
    }

    pub(super) fn logistic(mean: f64, sd: f64) -> Form {
        Form::Logistic { mean, scale: sd * 3.0_f64.sqrt() / PI }
    }

    pub(super) fn gamma(mean: f64, sd: f64) -> Form {
        Form::Gamma { scale: sd * sd / mean, mean, shares: IncompleteGamma::new((mean / sd).powi(2)) }
    }

    pub(super) fn weibull(shape: f64, scale: f64) -> Form {
        let mean = scale * ln_gamma_1p(1.0 / shape).exp();
        Form::Weibull { shape, scale, mean, areas: IncompleteGamma::new(1.0 / shape) }
    }

    pub(super) fn weibull_of_mean(shape: f64, mean: f64) -> Form {
        let scale = mean / ln_gamma_1p(1.0 / shape).exp();
        Form::Weibull { shape, scale, mean, areas: IncompleteGamma::new(1.0 / shape) }
    }

    pub(super) fn table(rows: &[(f64, f64)]) -> Result<Form, GridError> {
        let starts_late = rows.first().is_some_and(|&(age, _)| age > 0.0);
        let start = starts_late.then_some((0.0, 1.0));
        let (ages, shares): (Vec<f64>, Vec<f64>) = start.into_iter().chain(rows.iter().copied()).unzip();
        let (last, at_last) = (ages.last().copied().unwrap_or(0.0), shares.last().copied().unwrap_or(0.0));
        if ages.first().is_some_and(|&age| age < 0.0) {
            return Err(GridError::Order { index: 0, value: ages[0] });
        }
        let middle = 0.5 * last;
        Ok(Form::Table { line: Line::new(ages, shares)?, last, at_last, middle })
    }

    /// Survival at an age.
    #[inline]
    pub(super) fn survival(&self, age: f64) -> f64 {
        match self {
            Form::Fixed { mean } => f64::from(u8::from(age < *mean)),
            Form::Normal { mean, sd } => normal_cdf((mean - age) / sd),
            Form::Truncated { mean, sd, per_kept } => normal_cdf((mean - age) / sd) * per_kept,
            Form::Folded { mean, sd } => normal_cdf((mean - age) / sd) + normal_cdf((-mean - age) / sd),
            Form::Lognormal { mu, sigma, .. } => normal_cdf((mu - age.ln()) / sigma),
            Form::Weibull { shape, scale, .. } => (-(age / scale).powf(*shape)).exp(),
            Form::Logistic { mean, scale } => 1.0 / (1.0 + ((age - mean) / scale).exp()),
            Form::Gamma { scale, shares, .. } => shares.below_and_above(age / scale).1,
            Form::Table { line, last, .. } => line.value(age.min(*last)),
        }
    }

    /// Integral of the survival from an age on.
    pub(super) fn left(&self, age: f64) -> f64 {
        match self {
            Form::Fixed { mean } => (mean - age).max(0.0),
            Form::Normal { mean, sd } => sd * normal_area((mean - age) / sd),
            Form::Truncated { mean, sd, per_kept } => sd * normal_area((mean - age) / sd) * per_kept,
            Form::Folded { mean, sd } => sd * (normal_area((mean - age) / sd) + normal_area((-mean - age) / sd)),
            // The partial expectation, as in Black and Scholes 1973 (doi 10.1086/260062).
            Form::Lognormal { mu, sigma, mean } => {
                let z = (mu - age.ln()) / sigma;
                if age > 0.0 { (mean * normal_cdf(z + sigma) - age * normal_cdf(z)).max(0.0) } else { *mean }
            }
            Form::Weibull { shape, scale, mean, areas } => mean * areas.below_and_above((age / scale).powf(*shape)).1,
            Form::Logistic { mean, scale } => scale * softplus((mean - age) / scale),
            Form::Gamma { scale, mean, shares } => {
                let above = shares.below_and_above(age / scale).1;
                (mean * (above + shares.step(age / scale)) - age * above).max(0.0)
            }
            Form::Table { line, last, at_last, .. } => {
                if *at_last > 0.0 {
                    return f64::INFINITY;
                }
                (line.integral(*last) - line.integral(age.min(*last))).max(0.0)
            }
        }
    }

    /// Integral of what has left, up to an age and a constant.
    fn lost(&self, age: f64) -> f64 {
        match self {
            Form::Fixed { mean } => (age - mean).max(0.0),
            Form::Normal { mean, sd } => sd * normal_area((age - mean) / sd),
            Form::Truncated { mean, sd, per_kept } => {
                (sd * normal_area((age - mean) / sd) - age * normal_cdf(-mean / sd)) * per_kept
            }
            Form::Folded { mean, sd } => sd * (normal_area((age - mean) / sd) + normal_area((-age - mean) / sd)),
            Form::Lognormal { mu, sigma, mean } => {
                let z = (age.ln() - mu) / sigma;
                if age > 0.0 { age * normal_cdf(z) - mean * normal_cdf(z - sigma) } else { 0.0 }
            }
            Form::Weibull { shape, scale, mean, areas } => {
                age - mean * areas.below_and_above((age / scale).powf(*shape)).0
            }
            Form::Logistic { mean, scale } => scale * softplus((age - mean) / scale),
            Form::Gamma { scale, mean, shares } => {
                let below = shares.below_and_above(age / scale).0;
                age * below - mean * (below - shares.step(age / scale))
            }
            Form::Table { line, last, at_last, .. } => {
                age - line.integral(age.min(*last)) - at_last * (age - last).max(0.0)
            }
        }
    }

    /// Age up to which the loss is the smaller side.
    fn middle(&self) -> f64 {
        match self {
            Form::Table { at_last, .. } if *at_last > 0.0 => f64::INFINITY,
            Form::Table { middle, .. } => *middle,
            Form::Fixed { mean }
            | Form::Normal { mean, .. }
            | Form::Truncated { mean, .. }
            | Form::Folded { mean, .. }
            | Form::Lognormal { mean, .. }
            | Form::Weibull { mean, .. }
            | Form::Logistic { mean, .. }
            | Form::Gamma { mean, .. } => *mean,
        }
    }

    /// Integral of the survival between two ages.
    pub(super) fn area(&self, from: f64, to: f64) -> f64 {
        if 0.5 * (from + to) < self.middle() {
            (to - from) - (self.lost(to) - self.lost(from))
        } else {
            self.left(from) - self.left(to)
        }
    }

    /// Survival at an age, a year later, and so on.
    pub(super) fn fill_points(&self, from: f64, out: &mut [f64]) {
        match self {
            Form::Weibull { shape, scale, .. } if fast::weibull_points(*shape, *scale, from, out) => {}
            Form::Gamma { scale, mean, shares } if fast::gamma_years(shares, (*scale, *mean), (from, false), out) => {
                self.points(from, &mut out[..fast::FIRST]);
            }
            _ => self.points(from, out),
        }
    }

    fn points(&self, from: f64, out: &mut [f64]) {
        for (year, share) in out.iter_mut().enumerate() {
            *share = self.survival(from + year as f64);
        }
    }

    /// Mean survival over the year after an age, the year after that, and so on.
    pub(super) fn fill_means(&self, from: f64, out: &mut [f64]) {
        let fast = match self {
            Form::Weibull { shape, scale, .. } if from == 0.0 => fast::weibull_means(*shape, *scale, out),
            Form::Gamma { scale, mean, shares } => fast::gamma_years(shares, (*scale, *mean), (from, true), out),
            _ => false,
        };
        if !fast {
            return self.means(from, out);
        }
        let (first, rest) = out.split_at_mut(fast::FIRST);
        self.means(from, first);
        let mut ceiling = first[fast::FIRST - 1];
        for share in rest {
            *share = share.clamp(0.0, ceiling);
            ceiling = *share;
        }
    }

    fn means(&self, from: f64, out: &mut [f64]) {
        // Both sides of a year are ends of its neighbours too: each is evaluated once.
        let young = (self.middle() - from - 0.5).ceil().clamp(0.0, out.len() as f64) as usize;
        let (losing, leaving) = out.split_at_mut(young);
        let mut ceiling = self.survival(from);
        let mut before = if losing.is_empty() { 0.0 } else { self.lost(from) };
        for (year, share) in losing.iter_mut().enumerate() {
            let now = self.lost(from + (year + 1) as f64);
            *share = (1.0 - (now - before)).clamp(0.0, ceiling);
            (before, ceiling) = (now, *share);
        }
        let mut before = if leaving.is_empty() { 0.0 } else { self.left(from + young as f64) };
        for (year, share) in leaving.iter_mut().enumerate() {
            let now = self.left(from + (young + year + 1) as f64);
            *share = (before - now).clamp(0.0, ceiling);
            (before, ceiling) = (now, *share);
        }
    }
}
