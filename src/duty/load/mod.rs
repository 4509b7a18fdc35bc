//! Loads of the stationary system: who asks for power at a site.
//!
//! Six kinds: a mean day with a random level ([`ProfileSpec`]), vehicle charging ([`SessionSpec`]), homes from their
//! appliances ([`AppliancesSpec`]), a constant critical load ([`EventsSpec`]), frequency reserve ([`ReserveSpec`]) and the
//! user's own table ([`FileSpec`]). All are made day by day at a step of an hour or less; a coarser step gives the means of
//! a finer one.

mod appliances;
mod profile;
mod reserve;
mod sessions;
mod shaving;
mod spec;
#[cfg(test)]
mod tests;

pub use reserve::FrequencySeries;
pub use sessions::SessionTally;
pub use shaving::peak_shaving_energy_kwh;
pub use spec::{
    ApplianceSpec, AppliancesSpec, EventsSpec, FileSpec, LoadBus, LoadSpec, Overlap, ProfileSpec, ReserveSpec,
    SessionSpec,
};

use crate::duty::series::YearSeries;
use crate::numeric::exponential::exp;
use crate::numeric::stream::{Purpose, sibling};
use appliances::Appliances;
use profile::Profile;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::StandardNormal;
use reserve::Reserve;
use sessions::Sessions;

/// A site's demand, made day by day.
#[derive(Debug)]
pub struct LoadModel {
    kind: Kind,
    bus: LoadBus,
    steps_per_hour: usize,
    rng: ChaCha8Rng,
}

#[derive(Debug)]
enum Kind {
    Profile(Box<Profile>),
    Sessions(Box<Sessions>),
    Appliances(Appliances),
    Constant(f64),
    Reserve(Reserve),
    Table(YearSeries),
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

/// Steps of an hour that a load and a grid can be made at.
pub const STEPS_PER_HOUR: [usize; 6] = [1, 2, 4, 6, 12, 60];

/// A load that cannot be simulated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Not exactly one of the tables is given.
    #[error("a load needs exactly one of `profile`, `sessions`, `appliances`, `events`, `reserve` and `file`")]
    Kind,
    /// A limit of power without sharing, or the other way round.
    #[error("`limit_kw` goes with the overlap `shared`: give both or neither")]
    Limit,
    /// A step that does not divide the hour into whole minutes as wanted.
    #[error("{found} steps an hour; it must be one of 1, 2, 4, 6, 12, 60")]
    Steps {
        /// Steps asked for.
        found: usize,
    },
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
    /// The load of one site at so many steps an hour (1, 2, 4, 6, 12 or 60), with its own level drawn from `rng`, the
    /// stream of [`Purpose::Load`]. What varies inside an hour comes from a stream of its own, so that hours do not depend
    /// on the step.
    ///
    /// # Errors
    /// A spec of no or several kinds, or with a value that cannot be; steps that are not offered.
    pub fn new(spec: &LoadSpec, steps_per_hour: usize, mut rng: ChaCha8Rng) -> Result<Self, LoadError> {
        if !STEPS_PER_HOUR.contains(&steps_per_hour) {
            return Err(LoadError::Steps { found: steps_per_hour });
        }
        if spec.kinds() != 1 {
            return Err(LoadError::Kind);
        }
        let kind = if let Some(profile) = &spec.profile {
            let minutes = sibling(&rng, Purpose::LoadMinutes);
            Kind::Profile(Box::new(Profile::new(profile, &mut rng, minutes)?))
        } else if let Some(sessions) = &spec.sessions {
            Kind::Sessions(Box::new(Sessions::new(sessions, steps_per_hour)?))
        } else if let Some(appliances) = &spec.appliances {
            Kind::Appliances(Appliances::new(appliances, &mut rng)?)
        } else if let Some(events) = &spec.events {
            let kw = events.critical_kw;
            value("critical_kw", kw, kw >= 0.0 && kw.is_finite())?;
            Kind::Constant(kw)
        } else if let Some(reserve) = &spec.reserve {
            Kind::Reserve(Reserve::new(reserve, &mut rng)?)
        } else if let Some(file) = &spec.file {
            Kind::Table(file.load_kw.clone())
        } else {
            return Err(LoadError::Kind);
        };
        Ok(LoadModel { kind, bus: spec.bus, steps_per_hour, rng })
    }

    /// The bus that the load hangs on.
    pub fn bus(&self) -> LoadBus {
        self.bus
    }

    /// Mean powers of the steps of the next day \[kW at the load's bus\], `24 * steps_per_hour` of them. Negative only of a
    /// frequency reserve: power that must be taken. Any day number is taken modulo 365; 1 January (day 0) is a Monday.
    pub fn next_day(&mut self, day_of_year: usize, kw: &mut [f64]) {
        debug_assert_eq!(kw.len(), 24 * self.steps_per_hour);
        let (steps, rng) = (self.steps_per_hour, &mut self.rng);
        match &mut self.kind {
            Kind::Profile(profile) => profile.next_day(day_of_year, steps, rng, kw),
            Kind::Sessions(sessions) => sessions.next_day(steps, rng, kw),
            Kind::Appliances(appliances) => appliances.next_day(day_of_year, steps, rng, kw),
            Kind::Constant(constant) => kw.fill(*constant),
            Kind::Reserve(reserve) => reserve.next_day(steps, rng, kw),
            Kind::Table(table) => table.day(day_of_year, steps, kw),
        }
    }

    /// What became of the charging sessions so far; `None` of other kinds.
    pub fn sessions(&self) -> Option<&SessionTally> {
        match &self.kind {
            Kind::Sessions(sessions) => Some(&sessions.tally),
            _ => None,
        }
    }
}

fn value(field: &'static str, value: f64, good: bool) -> Result<(), LoadError> {
    if good { Ok(()) } else { Err(LoadError::Value { field, value }) }
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
