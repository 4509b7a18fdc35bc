//! Frequency reserve: signed power by the frequency of the grid.
//!
//! `P = P_fcr clamp((f_nominal - f) / df_full, -1, 1)`, nothing inside the dead band; positive is asked from the battery,
//! negative must be taken. The frequency is a table, repeated from its end, or a made one: an Ornstein-Uhlenbeck process
//! about the nominal frequency, stepped exactly, so that its standard deviation and memory do not depend on the step.
//!
//! A load's step is often longer than the frequency's. It then gets the mean of the signed power: energy is kept, but
//! charge and discharge inside a step cancel, and the mean square, which losses and cycles follow, is lost.

use super::{LoadError, ReserveSpec, value};
use crate::duty::series::{Column, SeriesError, columns};
use crate::numeric::exponential::exp;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Deserialize;
use std::sync::Arc;

/// Frequency over time at a steady step.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "RawFrequency")]
pub struct FrequencySeries {
    step_s: f64,
    hz: Arc<[f64]>,
}

/// As a library entry gives it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFrequency {
    step_s: f64,
    frequency_hz: Vec<f64>,
}

/// Columns of a frequency table.
const COLUMNS: [Column; 2] = [
    Column { name: "time_s", factor: 1.0, range: [-1e12, 1e12] },
    Column { name: "frequency_hz", factor: 1.0, range: [40.0, 70.0] },
];

impl TryFrom<RawFrequency> for FrequencySeries {
    type Error = SeriesError;

    fn try_from(raw: RawFrequency) -> Result<Self, SeriesError> {
        samples_per_hour(raw.step_s)
            .ok_or_else(|| SeriesError::whole(format!("the step is {} s: it must divide an hour", raw.step_s)))?;
        if raw.frequency_hz.is_empty() || raw.frequency_hz.iter().any(|hz| !(40.0..=70.0).contains(hz)) {
            return Err(SeriesError::whole("the frequency must be between 40 and 70 Hz, one value or more".into()));
        }
        Ok(FrequencySeries { step_s: raw.step_s, hz: raw.frequency_hz.into() })
    }
}

impl FrequencySeries {
    /// Reads a CSV text with the columns `time_s` (at a steady step that divides an hour) and `frequency_hz`. Lines that
    /// begin with `#` are remarks.
    ///
    /// # Errors
    /// The first problem, with its line and column.
    pub fn parse(text: &str) -> Result<Self, SeriesError> {
        let [time, hz] = columns(text, &COLUMNS)?;
        let missing = |name: &str| SeriesError { line: 1, column: name.into(), message: "is missing".into() };
        let time = time.ok_or_else(|| missing("time_s"))?;
        let frequency_hz = hz.ok_or_else(|| missing("frequency_hz"))?;
        let [first, second, ..] = time[..] else {
            return Err(SeriesError::whole("a frequency table needs two rows or more".into()));
        };
        let step_s = second - first;
        for (k, at) in time.iter().enumerate() {
            if (at - first - k as f64 * step_s).abs() > 1e-3 * step_s.abs() {
                let message = format!("row {} is at {at} s: the step of {step_s} s is not kept", k + 1);
                return Err(SeriesError { line: 0, column: "time_s".into(), message });
            }
        }
        FrequencySeries::try_from(RawFrequency { step_s, frequency_hz })
    }
}

/// Samples of an hour; `None` where the step does not divide it.
fn samples_per_hour(step_s: f64) -> Option<usize> {
    let samples = (3600.0 / step_s).round();
    ((1.0..=36_000.0).contains(&samples) && (samples * step_s - 3600.0).abs() < 1e-6).then_some(samples as usize)
}

#[derive(Clone, Debug)]
pub(super) struct Reserve {
    power_kw: f64,
    nominal_hz: f64,
    full_hz: f64,
    dead_hz: f64,
    samples_per_hour: usize,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Made { sd_hz: f64, memory: f64, off_hz: f64 },
    Table { hz: Arc<[f64]>, at: usize },
}

impl Source {
    /// Next deviation from the nominal frequency \[Hz\].
    fn next_off(&mut self, nominal_hz: f64, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Source::Made { sd_hz, memory, off_hz } => {
                let z: f64 = rng.sample(StandardNormal);
                let off = *off_hz;
                *off_hz = *memory * off + *sd_hz * (1.0 - *memory * *memory).sqrt() * z;
                off
            }
            Source::Table { hz, at } => {
                let off = hz[*at] - nominal_hz;
                *at = (*at + 1) % hz.len();
                off
            }
        }
    }
}

impl Reserve {
    pub(super) fn new(spec: &ReserveSpec, rng: &mut ChaCha8Rng) -> Result<Self, LoadError> {
        let positive = |field, x: f64| value(field, x, x > 0.0 && x.is_finite());
        positive("power_kw", spec.power_kw)?;
        positive("nominal_hz", spec.nominal_hz)?;
        positive("full_activation_hz", spec.full_activation_hz)?;
        value("dead_band_hz", spec.dead_band_hz, spec.dead_band_hz >= 0.0 && spec.dead_band_hz.is_finite())?;
        let (step_s, source) = match &spec.table {
            Some(table) => (table.step_s, Source::Table { hz: Arc::clone(&table.hz), at: 0 }),
            None => {
                value("sd_hz", spec.sd_hz, spec.sd_hz >= 0.0 && spec.sd_hz.is_finite())?;
                positive("time_constant_s", spec.time_constant_s)?;
                let z: f64 = rng.sample(StandardNormal);
                let memory = exp(-spec.step_s / spec.time_constant_s);
                (spec.step_s, Source::Made { sd_hz: spec.sd_hz, memory, off_hz: spec.sd_hz * z })
            }
        };
        let samples_per_hour = samples_per_hour(step_s).ok_or(LoadError::Value { field: "step_s", value: step_s })?;
        let (nominal_hz, full_hz, dead_hz) = (spec.nominal_hz, spec.full_activation_hz, spec.dead_band_hz);
        Ok(Reserve { power_kw: spec.power_kw, nominal_hz, full_hz, dead_hz, samples_per_hour, source })
    }

    /// Power for a deviation of the frequency \[kW\].
    fn power_kw(&self, off_hz: f64) -> f64 {
        if off_hz.abs() < self.dead_hz { 0.0 } else { self.power_kw * (-off_hz / self.full_hz).clamp(-1.0, 1.0) }
    }

    pub(super) fn next_day(&mut self, steps_per_hour: usize, rng: &mut ChaCha8Rng, kw: &mut [f64]) {
        // In units of 1/(s n) h a sample is n long and a step s.
        let (s, n) = (self.samples_per_hour, steps_per_hour);
        kw.fill(0.0);
        for sample in 0..24 * s {
            let off = self.source.next_off(self.nominal_hz, rng);
            let power = self.power_kw(off);
            let (from, to) = (sample * n, (sample + 1) * n);
            let mut k = from / s;
            while k * s < to {
                let overlap = ((k + 1) * s).min(to) - (k * s).max(from);
                kw[k] += power * overlap as f64 / s as f64;
                k += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn spec() -> ReserveSpec {
        ReserveSpec {
            power_kw: 100.0,
            nominal_hz: 50.0,
            full_activation_hz: 0.2,
            dead_band_hz: 0.01,
            sd_hz: 0.02,
            time_constant_s: 300.0,
            step_s: 10.0,
            table: None,
        }
    }

    #[test]
    fn a_table_is_followed() {
        let text = "# own\ntime_s,frequency_hz\n0,49.9\n1800,50.3\n";
        let mut spec = spec();
        spec.table = Some(FrequencySeries::parse(text).unwrap());
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut reserve = Reserve::new(&spec, &mut rng).unwrap();
        for (steps, first) in [(1, [-25.0, -25.0]), (2, [50.0, -100.0]), (60, [50.0, 50.0])] {
            let mut kw = vec![0.0; 24 * steps];
            reserve.next_day(steps, &mut rng, &mut kw);
            assert!((kw[0] - first[0]).abs() < 1e-9 && (kw[1] - first[1]).abs() < 1e-9, "{steps}: {:?}", &kw[..2]);
        }
        assert_eq!(reserve.power_kw(0.009), 0.0);
        assert_eq!(reserve.power_kw(-0.02), 10.0);
    }

    /// Mean of `|P|` for a normal frequency: `2 sd phi(d / sd) / df_full`.
    #[test]
    fn a_made_frequency_has_its_spread() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let mut reserve = Reserve::new(&spec(), &mut rng).unwrap();
        let days = 40;
        let mut kw = vec![0.0; 24 * 360];
        let (mut sum, mut size) = (0.0, 0.0);
        for _ in 0..days {
            reserve.next_day(360, &mut rng, &mut kw);
            sum += kw.iter().sum::<f64>() / kw.len() as f64 / f64::from(days);
            size += kw.iter().map(|p| p.abs()).sum::<f64>() / kw.len() as f64 / f64::from(days);
        }
        let density = (-0.125_f64).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let expected = 100.0 * 2.0 * 0.02 * density / 0.2;
        assert!((size / expected - 1.0).abs() < 0.03, "{size} {expected}");
        assert!(sum.abs() < 0.03 * expected, "{sum}");
    }

    #[test]
    fn faults_of_a_table_are_told() {
        let told = |text: &str| FrequencySeries::parse(text).unwrap_err().to_string();
        insta::assert_snapshot!([
            told("time_s,hz\n0,50\n"),
            told("time_s,frequency_hz\n0,50\n"),
            told("time_s,frequency_hz\n0,50\n1,fifty\n"),
            told("time_s,frequency_hz\n0,50\n1,5\n"),
            told("time_s,frequency_hz\n0,50\n1,50\n3,50\n"),
            told("time_s,frequency_hz\n0,50\n7,50\n"),
        ].join("\n"), @r"
        line 1, column `frequency_hz`: is missing
        a frequency table needs two rows or more
        line 3, column `frequency_hz`: `fifty` is not a number
        line 3, column `frequency_hz`: 5 is outside the allowed range 40 to 70
        column `time_s`: row 3 is at 3 s: the step of 1 s is not kept
        the step is 7 s: it must divide an hour
        ");
    }
}
