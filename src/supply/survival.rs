//! Lives: which share of a cohort is left at an age.
//!
//! `S(a)` is the share in use at age `a`. Means of it over an interval, which inflow spread over a year asks for, are
//! differences of closed antiderivatives: of the years lost, `E[(a - T)+]`, at young ages, and of the years left,
//! `E[(T - a)+]`, at old ones, so that neither loses digits.

mod fast;
mod form;

use super::plan::LifeLaw;
use crate::numeric::grid::GridError;
use form::Form;

/// A life that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LifeError {
    /// The mean is not above zero.
    #[error("a life needs a mean above 0 years, found {0}")]
    Mean(f64),
    /// The standard deviation is negative or no number.
    #[error("a life needs a standard deviation of 0 years or more, found {0}")]
    Spread(f64),
    /// Too wide for the law.
    #[error("no {law:?} life has a mean of {mean} and a standard deviation of {sd} years")]
    TooWide {
        /// Law.
        law: LifeLaw,
        /// Mean \[year\].
        mean: f64,
        /// Standard deviation \[year\].
        sd: f64,
    },
    /// Shape and scale of a Weibull life are not above zero.
    #[error("a Weibull life needs a shape and a scale above 0, found {shape} and {scale}")]
    Weibull {
        /// Shape.
        shape: f64,
        /// Scale \[year\].
        scale: f64,
    },
    /// Ages of a table.
    #[error("ages of a life: {0}")]
    Ages(#[from] GridError),
    /// A share of a table is not between 0 and the one before it.
    #[error("survival {share} at age {age} must be between 0 and {before}, the one before it")]
    Share {
        /// Age \[year\].
        age: f64,
        /// Share.
        share: f64,
        /// Share at the age before.
        before: f64,
    },
    /// A table of which the mean is not known, since some are left at its last age; or none was given.
    #[error("a table of a life must end with a survival of 0")]
    Endless,
    /// Nothing is left at the age to start from.
    #[error("nothing is left at age {0} to start from")]
    NothingLeft(f64),
}

/// A life, ready to evaluate. Ages below 0 count as 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    form: Form,
    /// Age of the law at age 0 of this life \[year\].
    from: f64,
    /// One over its survival there.
    per_start: f64,
}

impl Life {
    /// A standard deviation below this share of the mean counts as none.
    pub const SHARP: f64 = 1e-4;

    /// Of a law with a mean and a standard deviation \[years\].
    ///
    /// For the normal laws, truncated and folded ones too, they are those of the normal before anything is cut or
    /// folded. Lognormal: `sigma^2 = ln(1 + sd^2/mean^2)`, `mu = ln mean - sigma^2/2`. Weibull: the shape by the root of
    /// `Gamma(1 + 2/k) / Gamma(1 + 1/k)^2 = 1 + sd^2/mean^2`. Logistic: scale `sd sqrt(3)/pi`. Gamma: shape
    /// `(mean/sd)^2`. (Johnson, Kotz and Balakrishnan 1994, *Continuous Univariate Distributions*.)
    pub fn new(law: LifeLaw, mean: f64, sd: f64) -> Result<Life, LifeError> {
        if !(mean > 0.0 && mean.is_finite()) {
            return Err(LifeError::Mean(mean));
        }
        if !(sd >= 0.0 && sd.is_finite()) {
            return Err(LifeError::Spread(sd));
        }
        if law == LifeLaw::Fixed || sd < Self::SHARP * mean {
            return Ok(Form::Fixed { mean }.into());
        }
        Ok(match law {
            LifeLaw::Fixed => Form::Fixed { mean },
            LifeLaw::Table => return Err(LifeError::Endless),
            LifeLaw::Normal => Form::normal(mean, sd),
            LifeLaw::TruncatedNormal => Form::truncated(mean, sd),
            LifeLaw::FoldedNormal => Form::folded(mean, sd),
            LifeLaw::Lognormal => Form::lognormal(mean, sd),
            LifeLaw::Logistic => Form::logistic(mean, sd),
            LifeLaw::Gamma => Form::gamma(mean, sd),
            LifeLaw::Weibull => {
                let too_wide = LifeError::TooWide { law, mean, sd };
                let shape = form::weibull_shape(sd / mean).ok_or(too_wide)?;
                Form::weibull_of_mean(shape, mean)
            }
        }
        .into())
    }

    /// Weibull life `S(a) = exp(-(a/scale)^shape)`.
    pub fn weibull(shape: f64, scale: f64) -> Result<Life, LifeError> {
        if !(shape > 0.0 && shape.is_finite() && scale > 0.0 && scale.is_finite()) {
            return Err(LifeError::Weibull { shape, scale });
        }
        Ok(Form::weibull(shape, scale).into())
    }

    /// A table of ages and survival, linear between; before the first age linear from 1 at age 0, past the last as there.
    pub fn table(rows: &[(f64, f64)]) -> Result<Life, LifeError> {
        let mut before = 1.0;
        for &(age, share) in rows {
            if !(0.0..=before).contains(&share) {
                return Err(LifeError::Share { age, share, before });
            }
            before = share;
        }
        Ok(Form::table(rows)?.into())
    }

    /// A table with its ages stretched so that its life has a mean \[year\].
    pub fn stretch(rows: &[(f64, f64)], mean: f64) -> Result<Vec<(f64, f64)>, LifeError> {
        if !(mean > 0.0 && mean.is_finite()) {
            return Err(LifeError::Mean(mean));
        }
        if rows.last().is_none_or(|(_, share)| *share != 0.0) {
            return Err(LifeError::Endless);
        }
        let by = mean / Life::table(rows)?.mean_years();
        if !by.is_finite() {
            return Err(LifeError::Endless);
        }
        Ok(rows.iter().map(|(age, share)| (age * by, *share)).collect())
    }

    /// The life of those that are left at an age: `S(age + a) / S(age)`, with ages counted from there.
    pub fn after(&self, age: f64) -> Result<Life, LifeError> {
        let age = age.max(0.0);
        let share = self.survival(age);
        if share.is_nan() || share <= 0.0 {
            return Err(LifeError::NothingLeft(age));
        }
        Ok(Life { form: self.form.clone(), from: self.from + age, per_start: self.per_start / share })
    }

    /// Share in use at an age \[year\].
    #[inline]
    pub fn survival(&self, age: f64) -> f64 {
        self.form.survival(self.from + age.max(0.0)) * self.per_start
    }

    /// Mean of the survival between two ages \[year\]; at the first where the second is not above it.
    pub fn mean_survival(&self, from: f64, to: f64) -> f64 {
        let (from, to) = (from.max(0.0), to.max(0.0));
        let (first, last) = (self.survival(from), self.survival(to));
        if to <= from {
            return first;
        }
        let (a, b) = (self.from + from, self.from + to);
        // Rounding must not lift a mean above its ends.
        (self.form.area(a, b) / (to - from) * self.per_start).clamp(last, first)
    }

    /// Mean length \[year\]; infinite where a table ends above 0.
    pub fn mean_years(&self) -> f64 {
        self.years_left(0.0)
    }

    /// Years that a unit of the cohort still has before it at an age: `E[(T - age)+]`, the integral of the survival
    /// from there on \[year\].
    pub fn years_left(&self, age: f64) -> f64 {
        self.form.left(self.from + age.max(0.0)) * self.per_start
    }

    /// Survival at ages 0, 1, 2, ... and a shift.
    pub(super) fn fill_points(&self, shift: f64, out: &mut [f64]) {
        self.form.fill_points(self.from + shift, out);
        self.rescale(out);
    }

    /// Mean survival over the years of age `[0, 1]`, `[1, 2]`, ...
    pub(super) fn fill_means(&self, out: &mut [f64]) {
        self.form.fill_means(self.from, out);
        self.rescale(out);
    }

    fn rescale(&self, out: &mut [f64]) {
        if self.per_start != 1.0 {
            out.iter_mut().for_each(|share| *share *= self.per_start);
        }
    }
}

impl From<Form> for Life {
    fn from(form: Form) -> Self {
        Life { form, from: 0.0, per_start: 1.0 }
    }
}

#[cfg(test)]
mod tests;
