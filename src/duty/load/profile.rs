//! A mean day with a random level: homes, shops, sites.
//!
//! The mean power of hour `h` is `kw_h = daily_kwh w_h / sum(w) * month * site * day * hour`, the last three lognormal
//! factors of mean 1. Minutes inside an hour are `kw_h f_m / mean(f)`, `f = exp(sd z)` with `z` a first-order
//! autoregressive normal process: the hour keeps its mean, whatever the step.

use super::{Level, LoadError, ProfileSpec, normalised, value};
use crate::numeric::calendar::{DAYS_PER_YEAR, month_of_day};
use crate::numeric::exponential::exp;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::StandardNormal;

/// How long the level inside an hour lasts where an entry does not say it \[min\].
const MINUTE_MEMORY: f64 = 6.0;

#[derive(Debug)]
pub(super) struct Profile {
    hour_kw: [f64; 24],
    /// Saturdays and Sundays.
    weekend_kw: [f64; 24],
    month: [f64; 12],
    day: Level,
    hour: Level,
    minutes: Option<Minutes>,
}

/// What varies inside an hour.
#[derive(Debug)]
struct Minutes {
    ln_sd: f64,
    /// Correlation from minute to minute.
    memory: f64,
    /// Present standard normal level.
    z: f64,
    rng: ChaCha8Rng,
}

impl Minutes {
    /// Spreads the mean of an hour over its steps.
    fn spread(&mut self, mean_kw: f64, steps: &mut [f64]) {
        let mut factor = [0.0; 60];
        let fresh = (1.0 - self.memory * self.memory).sqrt();
        for f in &mut factor {
            let draw: f64 = self.rng.sample(StandardNormal);
            self.z = self.memory * self.z + fresh * draw;
            *f = exp(self.ln_sd * self.z);
        }
        let sum: f64 = factor.iter().sum();
        let minutes = 60 / steps.len();
        for (step, part) in steps.iter_mut().zip(factor.chunks_exact(minutes)) {
            *step = mean_kw * (part.iter().sum::<f64>() / minutes as f64) / (sum / 60.0);
        }
    }
}

impl Profile {
    pub(super) fn new(spec: &ProfileSpec, rng: &mut ChaCha8Rng, minutes: ChaCha8Rng) -> Result<Self, LoadError> {
        let hours = normalised("hour_weights", &spec.hour_weights, 24)?;
        let months = normalised("month_weights", &spec.month_weights, 12)?;
        let site = Level(spec.site_ln_sd).draw(rng);
        let mut hour_kw = [0.0; 24];
        hour_kw.iter_mut().zip(&hours).for_each(|(kw, share)| *kw = spec.daily_kwh * site * share);
        let mut weekend_kw = hour_kw;
        if let Some(weekend) = &spec.weekend_weights {
            if weekend.len() != 24 {
                return Err(LoadError::Length { field: "weekend_weights", found: weekend.len(), needed: 24 });
            }
            for &weight in weekend {
                value("weekend_weights", weight, weight >= 0.0 && weight.is_finite())?;
            }
            // Both days on the scale of the weights, so that the mean of the week is `daily_kwh`.
            let day = (5.0 * spec.hour_weights.iter().sum::<f64>() + 2.0 * weekend.iter().sum::<f64>()) / 7.0;
            let kw = |weight: f64| spec.daily_kwh * site * weight / day;
            hour_kw.iter_mut().zip(&spec.hour_weights).for_each(|(h, w)| *h = kw(*w));
            weekend_kw.iter_mut().zip(weekend).for_each(|(h, w)| *h = kw(*w));
        }
        let mut month = [0.0; 12];
        month.iter_mut().zip(&months).for_each(|(m, share)| *m = 12.0 * share);
        let memory_minutes = spec.memory_minutes.unwrap_or(MINUTE_MEMORY);
        value("memory_minutes", memory_minutes, memory_minutes > 0.0 && memory_minutes.is_finite())?;
        value("minute_ln_sd", spec.minute_ln_sd, (0.0..=5.0).contains(&spec.minute_ln_sd))?;
        let minutes = (spec.minute_ln_sd > 0.0).then(|| {
            let mut rng = minutes;
            let z = rng.sample(StandardNormal);
            Minutes { ln_sd: spec.minute_ln_sd, memory: exp(-1.0 / memory_minutes), z, rng }
        });
        Ok(Profile { hour_kw, weekend_kw, month, day: Level(spec.day_ln_sd), hour: Level(spec.hour_ln_sd), minutes })
    }

    pub(super) fn next_day(&mut self, day: usize, steps_per_hour: usize, rng: &mut ChaCha8Rng, kw: &mut [f64]) {
        let level = self.month[month_of_day(day)] * self.day.draw(rng);
        // 1 January is a Monday, every year.
        let hours = if day % DAYS_PER_YEAR % 7 >= 5 { &self.weekend_kw } else { &self.hour_kw };
        for (steps, hour_kw) in kw.chunks_exact_mut(steps_per_hour).zip(hours) {
            let mean_kw = hour_kw * level * self.hour.draw(rng);
            match &mut self.minutes {
                Some(minutes) if steps_per_hour > 1 => minutes.spread(mean_kw, steps),
                _ => steps.fill(mean_kw),
            }
        }
    }
}
