//! Loads of the stationary system.

use crate::numeric::calendar::month_of_day;
use crate::numeric::exponential::exp;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Gamma, Poisson, StandardNormal};
use serde::Deserialize;

/// An entry of the `loads` category: exactly one of the two tables is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadSpec {
    /// Name for people.
    pub title: String,
    /// A household-like load with a mean day.
    #[serde(default)]
    pub profile: Option<ProfileSpec>,
    /// Vehicle charging sessions.
    #[serde(default)]
    pub sessions: Option<SessionSpec>,
}

/// Mean day with random level.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSpec {
    /// Mean energy of a day \[kWh\].
    pub daily_kwh: f64,
    /// Relative weight of each hour of the day, 24 values; scaled to sum 1.
    pub hour_weights: Vec<f64>,
    /// Relative weight of each month, 12 values; scaled to mean 1.
    pub month_weights: Vec<f64>,
    /// Standard deviation of ln(level) from day to day.
    pub day_ln_sd: f64,
    /// Standard deviation of ln(level) between sites.
    pub site_ln_sd: f64,
    /// Standard deviation of ln(level) from hour to hour inside a day.
    pub hour_ln_sd: f64,
}

/// Random vehicle charging sessions at one or more sockets.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSpec {
    /// Mean number of sessions a day (Poisson).
    pub per_day: f64,
    /// Mean energy of a session \[kWh\], gamma distributed.
    pub energy_kwh: f64,
    /// Shape of the gamma distribution.
    pub energy_shape: f64,
    /// Powers that cars take from the socket \[kW\].
    pub power_kw: Vec<f64>,
    /// Share of cars with each power, same length; scaled to sum 1.
    pub power_share: Vec<f64>,
    /// Relative weight of each hour of arrival, 24 values; scaled to sum 1.
    pub hour_weights: Vec<f64>,
}

/// A site's demand, made day by day.
#[derive(Debug)]
pub struct LoadModel {
    kind: Kind,
    rng: ChaCha8Rng,
    /// Demand already promised to the days to come \[kW\], by hour from the start of the next day.
    carried: [f64; CARRY_HOURS],
}

/// Sessions may run this long beyond the hour of arrival.
const CARRY_HOURS: usize = 96;

#[derive(Clone, Debug)]
enum Kind {
    Hourly(Vec<f64>),
    Profile {
        hour_kw: [f64; 24],
        month: [f64; 12],
        day: Level,
        hour: Level,
    },
    Sessions {
        number: Option<Poisson<f64>>,
        energy: Gamma<f64>,
        power_kw: Vec<f64>,
        power_cdf: Vec<f64>,
        hour_cdf: Vec<f64>,
    },
}

/// A lognormal factor with mean 1.
#[derive(Clone, Copy, Debug)]
struct Level(f64);

impl Level {
    fn draw(self, rng: &mut ChaCha8Rng) -> f64 {
        let z: f64 = rng.sample(StandardNormal);
        exp(self.0 * z - 0.5 * self.0 * self.0)
    }
}

/// A load that cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Neither or both of the tables are given.
    #[error("a load needs exactly one of `profile` and `sessions`")]
    Kind,
    /// A number that no distribution can take.
    #[error("`{field}` cannot be {value}")]
    Value {
        /// Field of the entry.
        field: &'static str,
        /// What was given.
        value: f64,
    },
    /// A list of the wrong length.
    #[error("`{field}` has {found} values, needs {needed}")]
    Length {
        /// Field of the entry.
        field: &'static str,
        /// Values found.
        found: usize,
        /// Values needed.
        needed: usize,
    },
}

impl LoadModel {
    /// The mean power of every hour of a year \[kW AC\], repeated for ever.
    pub fn hourly(kw: Vec<f64>) -> Self {
        LoadModel { kind: Kind::Hourly(kw), rng: ChaCha8Rng::seed_from_u64(0), carried: [0.0; CARRY_HOURS] }
    }

    /// The load of one site, with its own level drawn from `rng`.
    pub fn new(spec: &LoadSpec, mut rng: ChaCha8Rng) -> Result<Self, LoadError> {
        let kind = match (&spec.profile, &spec.sessions) {
            (Some(profile), None) => profile_kind(profile, &mut rng)?,
            (None, Some(sessions)) => session_kind(sessions)?,
            _ => return Err(LoadError::Kind),
        };
        Ok(LoadModel { kind, rng, carried: [0.0; CARRY_HOURS] })
    }

    /// Mean power of each hour of the next day \[kW AC\].
    pub fn next_day(&mut self, day_of_year: usize) -> [f64; 24] {
        match &self.kind {
            Kind::Hourly(kw) => std::array::from_fn(|hour| kw[(24 * day_of_year + hour) % kw.len()]),
            Kind::Profile { hour_kw, month, day, hour } => {
                let level = month[month_of_day(day_of_year)] * day.draw(&mut self.rng);
                hour_kw.map(|kw| kw * level * hour.draw(&mut self.rng))
            }
            Kind::Sessions { number, energy, power_kw, power_cdf, hour_cdf } => {
                let sessions = number.as_ref().map_or(0.0, |n| self.rng.sample(n)) as usize;
                for _ in 0..sessions {
                    let start = pick(hour_cdf, self.rng.random()) as f64 + self.rng.random::<f64>();
                    let power = power_kw[pick(power_cdf, self.rng.random())];
                    spread_session(&mut self.carried, start, power, self.rng.sample(energy));
                }
                let mut today = [0.0; 24];
                today.copy_from_slice(&self.carried[..24]);
                self.carried.rotate_left(24);
                self.carried[CARRY_HOURS - 24..].fill(0.0);
                today
            }
        }
    }
}

/// Adds a session that starts at `start` \[h\] and draws `power` \[kW\] until `energy` \[kWh\] has flowed.
fn spread_session(hours: &mut [f64; CARRY_HOURS], start: f64, power: f64, energy: f64) {
    let (mut left, mut at) = (energy, start);
    while left > 1e-12 && (at as usize) < CARRY_HOURS {
        let hour = at as usize;
        let span = (hour as f64 + 1.0 - at).min(left / power);
        hours[hour] += power * span;
        left -= power * span;
        at = if span < hour as f64 + 1.0 - at { f64::INFINITY } else { hour as f64 + 1.0 };
    }
}

fn profile_kind(spec: &ProfileSpec, rng: &mut ChaCha8Rng) -> Result<Kind, LoadError> {
    let hours = normalised("hour_weights", &spec.hour_weights, 24)?;
    let months = normalised("month_weights", &spec.month_weights, 12)?;
    let site = Level(spec.site_ln_sd).draw(rng);
    let mut hour_kw = [0.0; 24];
    hour_kw.iter_mut().zip(&hours).for_each(|(kw, share)| *kw = spec.daily_kwh * site * share);
    let mut month = [0.0; 12];
    month.iter_mut().zip(&months).for_each(|(m, share)| *m = 12.0 * share);
    Ok(Kind::Profile { hour_kw, month, day: Level(spec.day_ln_sd), hour: Level(spec.hour_ln_sd) })
}

fn session_kind(spec: &SessionSpec) -> Result<Kind, LoadError> {
    let value = |field, value: f64, good: bool| if good { Ok(()) } else { Err(LoadError::Value { field, value }) };
    value("per_day", spec.per_day, spec.per_day >= 0.0 && spec.per_day.is_finite())?;
    for &power in &spec.power_kw {
        value("power_kw", power, power > 0.0)?;
    }
    let number = if spec.per_day > 0.0 {
        Some(Poisson::new(spec.per_day).map_err(|_| LoadError::Value { field: "per_day", value: spec.per_day })?)
    } else {
        None
    };
    let energy = Gamma::new(spec.energy_shape, spec.energy_kwh / spec.energy_shape)
        .map_err(|_| LoadError::Value { field: "energy_shape", value: spec.energy_shape })?;
    Ok(Kind::Sessions {
        number,
        energy,
        power_kw: spec.power_kw.clone(),
        power_cdf: cumulated(&normalised("power_share", &spec.power_share, spec.power_kw.len())?),
        hour_cdf: cumulated(&normalised("hour_weights", &spec.hour_weights, 24)?),
    })
}

/// Weights scaled to sum 1.
fn normalised(field: &'static str, weights: &[f64], needed: usize) -> Result<Vec<f64>, LoadError> {
    if weights.len() != needed || needed == 0 {
        return Err(LoadError::Length { field, found: weights.len(), needed });
    }
    if let Some(&value) = weights.iter().find(|w| !(w.is_finite() && **w >= 0.0)) {
        return Err(LoadError::Value { field, value });
    }
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return Err(LoadError::Value { field, value: sum });
    }
    Ok(weights.iter().map(|w| w / sum).collect())
}

fn cumulated(shares: &[f64]) -> Vec<f64> {
    shares
        .iter()
        .scan(0.0, |sum, s| {
            *sum += s;
            Some(*sum)
        })
        .collect()
}

fn pick(cdf: &[f64], u: f64) -> usize {
    cdf.partition_point(|&c| c <= u).min(cdf.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> LoadSpec {
        LoadSpec {
            title: "home".into(),
            profile: Some(ProfileSpec {
                daily_kwh: 2.8,
                hour_weights: (0..24).map(|h| if h > 17 { 3.0 } else { 1.0 }).collect(),
                month_weights: (0..12).map(|m| if m == 5 { 2.0 } else { 1.0 }).collect(),
                day_ln_sd: 0.2,
                site_ln_sd: 0.0,
                hour_ln_sd: 0.3,
            }),
            sessions: None,
        }
    }

    fn sessions() -> LoadSpec {
        LoadSpec {
            title: "cars".into(),
            profile: None,
            sessions: Some(SessionSpec {
                per_day: 2.0,
                energy_kwh: 18.0,
                energy_shape: 4.0,
                power_kw: vec![7.4, 22.0],
                power_share: vec![0.8, 0.2],
                hour_weights: vec![1.0; 24],
            }),
        }
    }

    fn year_kwh(spec: &LoadSpec) -> f64 {
        let mut load = LoadModel::new(spec, ChaCha8Rng::seed_from_u64(5)).unwrap();
        (0..3650).map(|d| load.next_day(d).iter().sum::<f64>()).sum::<f64>() / 10.0
    }

    #[test]
    fn mean_energy_is_what_the_entry_says() {
        assert!((year_kwh(&profile()) / (365.0 * 2.8) - 1.0).abs() < 0.03);
        assert!((year_kwh(&sessions()) / (365.0 * 36.0) - 1.0).abs() < 0.03);
    }

    #[test]
    fn a_session_gives_its_energy_at_its_power() {
        let mut hours = [0.0; CARRY_HOURS];
        spread_session(&mut hours, 23.5, 10.0, 17.0);
        assert!((hours.iter().sum::<f64>() - 17.0).abs() < 1e-12);
        assert_eq!((hours[23], hours[24]), (5.0, 10.0));
        assert!(hours.iter().all(|&kw| kw <= 10.0));
    }

    #[test]
    fn a_load_is_one_thing() {
        let mut both = profile();
        both.sessions = sessions().sessions;
        let rng = || ChaCha8Rng::seed_from_u64(1);
        assert_eq!(LoadModel::new(&both, rng()).unwrap_err(), LoadError::Kind);
        let mut short = profile();
        short.profile.as_mut().unwrap().hour_weights.pop();
        assert!(matches!(LoadModel::new(&short, rng()), Err(LoadError::Length { found: 23, .. })));
    }
}
