//! When the grid is there: an alternating renewal process of supply and outage.
//!
//! Without a daily profile, times of supply and of outage are drawn in turn, each exponential or lognormal. With one, the
//! times of outage are drawn and the rest follows from the profile ([`rhythm`]): supply fails at a rate by the hour of the
//! day, and outages that would run on while the profile rises are ended, so that the mean availability of every hour is
//! met and cuts keep their length as far as the profile lets them. Time is continuous; a change inside a step gives a share.

mod rhythm;
#[cfg(test)]
mod tests;

use super::load::STEPS_PER_HOUR;
use super::series::{Column, SeriesError, YearSeries, add_span, columns};
use crate::numeric::stats::normal_cdf;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Exp1, StandardNormal};
use rhythm::Rhythm;
use serde::Deserialize;

/// An entry of the `grids` category.
///
/// With nothing but a title the grid is always there. Else give `file`; or `down` with one of `up`, `availability` and
/// `outage_hours_per_day`, the last also beside `availability` to scale it.
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
    /// Mean availability of each hour of the day, 24 values in 0..=1.
    #[serde(default)]
    pub availability: Option<Vec<f64>>,
    /// Mean time without supply in a day \[h\].
    #[serde(default)]
    pub outage_hours_per_day: Option<f64>,
    /// A table of the user.
    #[serde(default)]
    pub file: Option<GridFile>,
}

/// A law of times: exponential by its mean, or lognormal by its median and the standard deviation of its logarithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DurationSpec {
    /// Mean of an exponential law \[h\].
    #[serde(default)]
    pub mean_h: Option<f64>,
    /// Median of a lognormal law \[h\].
    #[serde(default)]
    pub median_h: Option<f64>,
    /// Standard deviation of ln(time).
    #[serde(default)]
    pub ln_sd: Option<f64>,
}

/// Availability as a table: one year, repeated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridFile {
    /// Share of each row with supply, 8760 or a multiple of it.
    pub available: YearSeries,
}

impl GridFile {
    /// Reads a CSV text with the column `available` (0..=1): 8760 rows, or a multiple of it for steps below the hour.
    /// Lines that begin with `#` are remarks, other columns are passed over.
    ///
    /// # Errors
    /// The first problem, with its line and column.
    pub fn parse(text: &str) -> Result<GridFile, SeriesError> {
        let [available] = columns(text, &[Column { name: "available", factor: 1.0, range: [0.0, 1.0] }])?;
        let missing = || SeriesError { line: 1, column: "available".into(), message: "is missing".into() };
        Ok(GridFile { available: YearSeries::try_from(available.ok_or_else(missing)?)? })
    }
}

/// A grid that cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// Tables that do not make a grid together.
    #[error(
        "a grid takes `file`, or `down` with `up`, `availability` or `outage_hours_per_day` (which may stand beside \
         `availability`), or none of them for one that is always there"
    )]
    Kind,
    /// A law of times that is neither exponential nor lognormal.
    #[error("`{field}` takes either `mean_h`, or `median_h` and `ln_sd`")]
    Duration {
        /// `up` or `down`.
        field: &'static str,
    },
    /// A number that cannot be.
    #[error("`{field}` cannot be {value}")]
    Value {
        /// Field of the entry.
        field: &'static str,
        /// What was given.
        value: f64,
    },
    /// A profile of another length.
    #[error("`availability` has {found} values, needs 24")]
    Length {
        /// Values found.
        found: usize,
    },
    /// Outages that outlast any daily profile.
    #[error("{share:.3} of the outages would last beyond {hours} h: too long for a profile by the hour of the day")]
    TooLong {
        /// Share of outages.
        share: f64,
        /// Longest outage that a profile can shape \[h\].
        hours: f64,
    },
    /// A step that does not divide the hour into whole minutes as wanted.
    #[error("{found} steps an hour; it must be one of 1, 2, 4, 6, 12, 60")]
    Steps {
        /// Steps asked for.
        found: usize,
    },
}

/// A law of times.
#[derive(Clone, Copy, Debug)]
enum Law {
    Exponential { mean_h: f64 },
    LogNormal { ln_median: f64, ln_sd: f64 },
}

impl Law {
    fn new(field: &'static str, spec: DurationSpec) -> Result<Law, GridError> {
        let good = |value: f64, good: bool| if good { Ok(value) } else { Err(GridError::Value { field, value }) };
        match spec {
            DurationSpec { mean_h: Some(mean), median_h: None, ln_sd: None } => {
                Ok(Law::Exponential { mean_h: good(mean, mean > 0.0 && mean.is_finite())? })
            }
            DurationSpec { mean_h: None, median_h: Some(median), ln_sd: Some(sd) } => {
                good(median, median > 0.0 && median.is_finite())?;
                Ok(Law::LogNormal { ln_median: median.ln(), ln_sd: good(sd, (0.0..=5.0).contains(&sd))? })
            }
            _ => Err(GridError::Duration { field }),
        }
    }

    fn mean_h(self) -> f64 {
        match self {
            Law::Exponential { mean_h } => mean_h,
            Law::LogNormal { ln_median, ln_sd } => (ln_median + 0.5 * ln_sd * ln_sd).exp(),
        }
    }

    fn draw(self, rng: &mut ChaCha8Rng) -> f64 {
        match self {
            Law::Exponential { mean_h } => mean_h * rng.sample::<f64, _>(Exp1),
            Law::LogNormal { ln_median, ln_sd } => (ln_median + ln_sd * rng.sample::<f64, _>(StandardNormal)).exp(),
        }
    }

    /// Share of times longer than this.
    fn survival(self, hours: f64) -> f64 {
        match self {
            Law::Exponential { mean_h } => (-hours / mean_h).exp(),
            Law::LogNormal { .. } if hours <= 0.0 => 1.0,
            Law::LogNormal { ln_median, ln_sd } if ln_sd > 0.0 => normal_cdf((ln_median - hours.ln()) / ln_sd),
            Law::LogNormal { ln_median, .. } => f64::from(u8::from(hours.ln() < ln_median)),
        }
    }
}

/// Outages that began so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cuts {
    /// Their number: SAIFI over the years.
    pub number: u64,
    /// Time without supply \[h\]: SAIDI over the years.
    pub hours: f64,
    /// The longest that has ended \[h\].
    pub longest_h: f64,
}

/// Supply of a site by the grid, made day by day.
#[derive(Debug)]
pub struct Supply {
    kind: Kind,
    steps_per_hour: usize,
    rng: ChaCha8Rng,
    cuts: Cuts,
    /// Length of the outage that lasts, so far \[h\].
    out_h: f64,
}

#[derive(Debug)]
enum Kind {
    Always,
    Table(YearSeries),
    Renewal(Box<Renewal>),
}

/// Days lived before the first, to forget the start.
const WARM_UP_DAYS: usize = 60;

#[derive(Debug)]
struct Renewal {
    /// Times of supply; `None` where a rhythm ends them.
    up: Option<Law>,
    down: Law,
    rhythm: Option<Rhythm>,
    is_up: bool,
    /// Time to the end of the present state by its own law \[h\].
    left_h: f64,
    /// Integral of the rhythm's rate still to run before it ends the present state.
    left_rate: f64,
}

impl Supply {
    /// The grid at one site at so many steps an hour (1, 2, 4, 6, 12 or 60), drawn from the stream of
    /// [`Outages`](crate::numeric::stream::Purpose::Outages).
    ///
    /// # Errors
    /// A spec that makes no grid, or with a value that cannot be; steps that are not offered.
    pub fn new(spec: &GridSpec, steps_per_hour: usize, mut rng: ChaCha8Rng) -> Result<Self, GridError> {
        if !STEPS_PER_HOUR.contains(&steps_per_hour) {
            return Err(GridError::Steps { found: steps_per_hour });
        }
        let hours = spec.outage_hours_per_day;
        if let Some(value) = hours.filter(|h| !(*h > 0.0 && *h < 24.0)) {
            return Err(GridError::Value { field: "outage_hours_per_day", value });
        }
        let kind = match (spec.up, spec.down, &spec.availability, &spec.file) {
            (None, None, None, None) if hours.is_none() => Kind::Always,
            (None, None, None, Some(file)) if hours.is_none() => {
                if let Some(&value) = file.available.values().iter().find(|v| !(0.0..=1.0).contains(*v)) {
                    return Err(GridError::Value { field: "available", value });
                }
                Kind::Table(file.available.clone())
            }
            (up, Some(down), availability, None) => {
                let down = Law::new("down", down)?;
                let (up, rhythm) = match (up, availability, hours) {
                    (Some(up), None, None) => (Some(Law::new("up", up)?), None),
                    (None, Some(availability), hours) => (None, Some(Rhythm::new(availability, hours, down)?)),
                    (None, None, Some(hours)) => {
                        (Some(Law::Exponential { mean_h: down.mean_h() * (24.0 - hours) / hours }), None)
                    }
                    _ => return Err(GridError::Kind),
                };
                let mut renewal =
                    Renewal { up, down, rhythm, is_up: true, left_h: f64::INFINITY, left_rate: f64::INFINITY };
                renewal.enter(true, &mut rng);
                for _ in 0..WARM_UP_DAYS {
                    renewal.day(&mut rng, |_, _, _| {});
                }
                Kind::Renewal(Box::new(renewal))
            }
            _ => return Err(GridError::Kind),
        };
        Ok(Supply { kind, steps_per_hour, rng, cuts: Cuts::default(), out_h: 0.0 })
    }

    /// Share of each step of the next day with supply (0..=1), `24 * steps_per_hour` of them. Any day number is taken
    /// modulo 365.
    pub fn next_day(&mut self, day_of_year: usize, share: &mut [f64]) {
        debug_assert_eq!(share.len(), 24 * self.steps_per_hour);
        let n = self.steps_per_hour;
        match &mut self.kind {
            Kind::Always => share.fill(1.0),
            Kind::Table(table) => {
                table.day(day_of_year, n, share);
                for &s in share.iter() {
                    let out = (1.0 - s) / n as f64;
                    count(&mut self.cuts, &mut self.out_h, out, out <= 1e-12);
                }
            }
            Kind::Renewal(renewal) => {
                share.fill(0.0);
                let (cuts, out_h) = (&mut self.cuts, &mut self.out_h);
                renewal.day(&mut self.rng, |from, to, is_up| {
                    if is_up {
                        add_span(share, n, from, to, 1.0);
                    }
                    count(cuts, out_h, if is_up { 0.0 } else { to - from }, is_up);
                });
                share.iter_mut().for_each(|s| *s = s.clamp(0.0, 1.0));
            }
        }
    }

    /// Outages of the days so far.
    pub fn cuts(&self) -> Cuts {
        self.cuts
    }
}

/// Books a stretch of supply or outage.
fn count(cuts: &mut Cuts, out_h: &mut f64, hours: f64, is_up: bool) {
    if is_up {
        cuts.longest_h = cuts.longest_h.max(*out_h);
        *out_h = 0.0;
        return;
    }
    cuts.number += u64::from(*out_h == 0.0);
    cuts.hours += hours;
    *out_h += hours;
}

impl Renewal {
    fn enter(&mut self, is_up: bool, rng: &mut ChaCha8Rng) {
        self.is_up = is_up;
        let law = if is_up { self.up } else { Some(self.down) };
        self.left_h = law.map_or(f64::INFINITY, |law| law.draw(rng));
        if self.rhythm.is_some() {
            self.left_rate = rng.sample(Exp1);
        }
    }

    /// Lives a day and tells each stretch: from, to \[h\], whether there was supply.
    fn day(&mut self, rng: &mut ChaCha8Rng, mut stretch: impl FnMut(f64, f64, bool)) {
        let mut at = 0.0;
        while at < 24.0 {
            let own = at + self.left_h;
            let ended = match &self.rhythm {
                Some(rhythm) => rhythm.run(self.is_up, at, own.min(24.0), &mut self.left_rate),
                None => None,
            };
            let to = ended.unwrap_or(own).min(24.0);
            if to > at {
                stretch(at, to, self.is_up);
            }
            self.left_h = (own - to).max(0.0);
            at = to;
            if ended.is_some() || (own <= 24.0 && at >= own) {
                self.enter(!self.is_up, rng);
            }
        }
    }
}
