//! When the grid is there.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::Exp1;
use serde::Deserialize;

/// The bus that a load hangs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoadBus {
    /// Behind the inverter.
    #[default]
    Ac,
    /// On the DC bus of the battery, such as a telecom tower: it needs no inverter.
    Dc,
}

/// Times of supply and of outage.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridSpec {
    /// Name for people.
    pub title: String,
    /// Times of supply.
    #[serde(default)]
    pub up: Option<DurationSpec>,
    /// Times of outage.
    #[serde(default)]
    pub down: Option<DurationSpec>,
}

/// An exponential law of times by its mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DurationSpec {
    /// Mean \[h\].
    #[serde(default)]
    pub mean_h: Option<f64>,
}

/// A grid that cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// A time that cannot be drawn.
    #[error("`{field}` needs a `mean_h` above 0")]
    Duration {
        /// `up` or `down`.
        field: &'static str,
    },
}

/// Supply of a site by the grid, made day by day: exponential times of supply and of outage in turn.
#[derive(Debug)]
pub struct Supply {
    means_h: Option<[f64; 2]>,
    steps_per_hour: usize,
    rng: ChaCha8Rng,
    is_up: bool,
    left_h: f64,
}

impl Supply {
    /// The grid at one site at so many steps an hour. Without laws of times it is always there.
    ///
    /// # Errors
    /// A law without a mean above 0.
    pub fn new(spec: &GridSpec, steps_per_hour: usize, mut rng: ChaCha8Rng) -> Result<Self, GridError> {
        let mean = |field, law: Option<DurationSpec>| match law.and_then(|law| law.mean_h) {
            Some(mean) if mean > 0.0 && mean.is_finite() => Ok(mean),
            _ => Err(GridError::Duration { field }),
        };
        let means_h = match (spec.up, spec.down) {
            (None, None) => None,
            (up, down) => Some([mean("up", up)?, mean("down", down)?]),
        };
        let left_h = means_h.map_or(f64::INFINITY, |[up, _]| up * rng.sample::<f64, _>(Exp1));
        Ok(Supply { means_h, steps_per_hour, rng, is_up: true, left_h })
    }

    /// Share of each step of the next day with supply (0..=1).
    pub fn next_day(&mut self, _day_of_year: usize, share: &mut [f64]) {
        let step_h = 1.0 / self.steps_per_hour as f64;
        for share in share.iter_mut() {
            let (mut with_h, mut at_h) = (0.0, 0.0);
            while at_h < step_h {
                let span = self.left_h.min(step_h - at_h);
                with_h += if self.is_up { span } else { 0.0 };
                at_h += span;
                self.left_h -= span;
                if let Some([up, down]) = self.means_h.filter(|_| self.left_h <= 0.0) {
                    self.is_up = !self.is_up;
                    let mean = if self.is_up { up } else { down };
                    self.left_h = mean * self.rng.sample::<f64, _>(Exp1);
                }
            }
            *share = (with_h / step_h).clamp(0.0, 1.0);
        }
    }
}
