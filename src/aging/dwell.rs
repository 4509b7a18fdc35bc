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

#[cfg(test)]
mod tests {
    use crate::aging::fixture::law;
    use crate::aging::{AgingState, Capacities, Form, Law, UnitFactors};

    /// Days of minutes with a warm noon and a swing of the charge; each minute taken by a function.
    fn days(law: &Law, n: usize, minute: impl Fn(&mut AgingState, &[f64], &[f64])) -> AgingState {
        let mut state = AgingState::new(law, UnitFactors::equal(2));
        for k in 0..n * 1440 {
            let turn = std::f64::consts::TAU * (k % 1440) as f64 / 1440.0;
            let (t, soc) = (298.0 + 8.0 * turn.sin(), 0.5 - 0.4 * turn.cos());
            minute(&mut state, &[t, t + 2.0], &[soc, soc - 0.05]);
            if k % 1440 == 1439 {
                state.end_day(law, &Capacities::series(100.0, &[100.0, 95.0]), &[soc, soc], 0.0);
            }
        }
        state
    }

    /// Beside taking every minute: a wide daily swing, all laws.
    #[test]
    fn collected_minutes_lose_what_single_ones_do() {
        for form in Form::ALL {
            let law = law(form.name);
            let single = days(&law, 6, |s, t, soc| s.rest(&law, t, soc, 1.0 / 60.0));
            let collected = days(&law, 6, |s, t, soc| s.dwell(&law, t, soc, 1.0 / 60.0));
            for unit in 0..2 {
                let [a, b] = [&single, &collected].map(|s| 1.0 - s.health(&law, unit).capacity);
                assert!((a - b).abs() < 2e-3 * a + 1e-12, "{}: {a} {b}", form.name);
                assert!((single.age_days(unit) - collected.age_days(unit)).abs() < 1e-9);
            }
        }
    }

    /// Where nothing moves they are the same but for rounding, and nothing is left behind at the end of a day.
    #[test]
    fn still_minutes_make_an_hour() {
        let law = law("lfp_prismatic250");
        let mut state = AgingState::new(&law, UnitFactors::equal(1));
        let mut whole = state.clone();
        for minute in 0..90 {
            state.dwell(&law, &[300.0], &[0.6], 1.0 / 60.0);
            assert_eq!(state.age_days(0) > 0.0, minute >= 59, "{minute}");
        }
        assert!(state.is_open());
        whole.rest(&law, &[300.0], &[0.6], 1.5);
        for s in [&mut state, &mut whole] {
            s.end_day(&law, &Capacities::series(100.0, &[100.0]), &[0.6], 0.0);
        }
        assert!(!state.is_open() && (state.age_days(0) - 1.5 / 24.0).abs() < 1e-15);
        assert!((state.state[0][0] / whole.state[0][0] - 1.0).abs() < 1e-12);
    }

    /// Longer steps are taken as they come, to the bit, after what was held.
    #[test]
    fn long_steps_are_not_collected() {
        let law = law("nmc50_b1");
        let mut state = AgingState::new(&law, UnitFactors::equal(1));
        let mut rest = state.clone();
        state.dwell(&law, &[300.0], &[0.6], 0.25);
        rest.rest(&law, &[300.0], &[0.6], 0.25);
        assert_eq!(state.state, rest.state);
        for s in [&mut state, &mut rest] {
            s.dwell(&law, &[301.0], &[0.6], 0.05);
            s.dwell(&law, &[302.0], &[0.6], 1.0);
        }
        assert_eq!(state.state, rest.state);
        assert!((state.age_days(0) - 1.3 / 24.0).abs() < 1e-15);
    }
}
