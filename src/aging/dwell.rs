//! Calendar stress of short steps, collected before it is taken.
//!
//! The rates of a law are exponentials: worked out anew for every minute they cost more than the minute itself. So steps
//! shorter than [`SHORT_H`] are collected, as time-weighted means of temperature and SoC, until an hour is full or a unit
//! has left the neighbourhood of where the collecting began. Over a neighbourhood of that size the rate of a law is close
//! to straight, and a mean of straight rates is the rate at the mean.

use super::law::{Law, Stress};
use super::state::{AgingState, pick};

/// Steps of this length and longer are taken as they come \[h\].
const SHORT_H: f64 = 1.0 / 6.0;
/// Longest time that is collected \[h\].
const LONGEST_H: f64 = 1.0;
/// How far a unit's temperature \[K\] and SoC may go from those of the first step collected.
const NEAR_K: f64 = 0.5;
const NEAR_SOC: f64 = 0.02;

/// What was collected, by unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Dwelling {
    hours: f64,
    /// Integrals over time \[K h\], \[h\].
    t_k: Vec<f64>,
    soc: Vec<f64>,
    /// Of the first step.
    first_t_k: Vec<f64>,
    first_soc: Vec<f64>,
}

impl Dwelling {
    /// Whether nothing is held.
    pub(super) fn is_empty(&self) -> bool {
        self.hours == 0.0
    }

    /// Some of the units.
    pub(super) fn pick(&self, units: &[usize]) -> Self {
        if self.is_empty() {
            return Dwelling::default();
        }
        Dwelling {
            hours: self.hours,
            t_k: pick(&self.t_k, units),
            soc: pick(&self.soc, units),
            first_t_k: pick(&self.first_t_k, units),
            first_soc: pick(&self.first_soc, units),
        }
    }

    /// Adds a step; whether what is held is to be taken now.
    #[inline]
    fn add(&mut self, t_k: &[f64], soc: &[f64], hours: f64) -> bool {
        let n = t_k.len();
        if self.is_empty() {
            self.hours = hours;
            for column in [&mut self.t_k, &mut self.soc, &mut self.first_t_k, &mut self.first_soc] {
                column.resize(n, 0.0);
            }
            self.first_t_k.copy_from_slice(t_k);
            self.first_soc.copy_from_slice(soc);
            for k in 0..n {
                (self.t_k[k], self.soc[k]) = (t_k[k] * hours, soc[k] * hours);
            }
            return false;
        }
        self.hours += hours;
        let mut far = false;
        let (sum_t, sum_soc) = (&mut self.t_k[..n], &mut self.soc[..n]);
        let (first_t, first_soc, soc) = (&self.first_t_k[..n], &self.first_soc[..n], &soc[..n]);
        for k in 0..n {
            sum_t[k] += t_k[k] * hours;
            sum_soc[k] += soc[k] * hours;
            far |= (t_k[k] - first_t[k]).abs() > NEAR_K || (soc[k] - first_soc[k]).abs() > NEAR_SOC;
        }
        // A sum of sixty minutes may fall short of the hour by its rounding.
        far || self.hours > LONGEST_H - 1e-9
    }
}

impl AgingState {
    /// Time goes by, as in [`AgingState::rest`], with short steps collected first: for an hour at most, and as long as
    /// temperature stays within 0.5 K and SoC within 0.02 of where they were. Until then losses, ages and the shares
    /// outside the law's range stand where they stood; the end of a day or of a duty takes what is left.
    #[inline]
    pub fn dwell(&mut self, law: &Law, t_k: &[f64], soc: &[f64], hours: f64) {
        if hours >= SHORT_H || law.options.stress == Stress::DailyWindow {
            self.take_dwelling(law);
            self.rest(law, t_k, soc, hours);
        } else if self.dwelling.add(t_k, soc, hours) {
            self.take_dwelling(law);
        }
    }

    /// Takes what was collected.
    pub(super) fn take_dwelling(&mut self, law: &Law) {
        if self.dwelling.is_empty() {
            return;
        }
        let mut held = std::mem::take(&mut self.dwelling);
        let per_hour = 1.0 / held.hours;
        held.t_k.iter_mut().chain(&mut held.soc).for_each(|x| *x *= per_hour);
        self.rest(law, &held.t_k, &held.soc, held.hours);
        held.hours = 0.0;
        self.dwelling = held;
    }
}
