//! What a load is, as an entry of the library says it.

use super::FrequencySeries;
use crate::duty::series::{Column, SeriesError, YearSeries, columns};
use serde::Deserialize;
use std::collections::BTreeMap;

/// An entry of the `loads` category: exactly one of the tables is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadSpec {
    /// Name for people.
    pub title: String,
    /// The bus that it hangs on; AC where nothing is said.
    #[serde(default)]
    pub bus: LoadBus,
    /// A household-like load with a mean day.
    #[serde(default)]
    pub profile: Option<ProfileSpec>,
    /// Vehicle charging sessions.
    #[serde(default)]
    pub sessions: Option<SessionSpec>,
    /// Homes from their appliances.
    #[serde(default)]
    pub appliances: Option<AppliancesSpec>,
    /// A critical load that waits for outages.
    #[serde(default)]
    pub events: Option<EventsSpec>,
    /// Frequency reserve.
    #[serde(default)]
    pub reserve: Option<ReserveSpec>,
    /// A table of the user.
    #[serde(default)]
    pub file: Option<FileSpec>,
}

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

impl LoadSpec {
    /// Tables given.
    pub fn kinds(&self) -> usize {
        [
            self.profile.is_some(),
            self.sessions.is_some(),
            self.appliances.is_some(),
            self.events.is_some(),
            self.reserve.is_some(),
            self.file.is_some(),
        ]
        .iter()
        .filter(|given| **given)
        .count()
    }

    /// What the load is made of, in words.
    pub fn made_of(&self) -> &'static str {
        match self {
            LoadSpec { profile: Some(_), .. } => "a daily profile",
            LoadSpec { sessions: Some(_), .. } => "charging sessions",
            LoadSpec { appliances: Some(_), .. } => "appliances",
            LoadSpec { events: Some(_), .. } => "a constant critical load",
            LoadSpec { reserve: Some(_), .. } => "frequency reserve",
            _ => "a table",
        }
    }
}

/// Mean day with random level.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSpec {
    /// Mean energy of a day \[kWh\].
    pub daily_kwh: f64,
    /// Relative weight of each hour of the day, 24 values; scaled to sum 1.
    pub hour_weights: Vec<f64>,
    /// Weights of Saturdays and Sundays on the same scale, 24 values; then `daily_kwh` is the mean of the week. 1 January is
    /// a Monday.
    #[serde(default)]
    pub weekend_weights: Option<Vec<f64>>,
    /// Relative weight of each month, 12 values; scaled to mean 1.
    pub month_weights: Vec<f64>,
    /// Standard deviation of ln(level) from day to day.
    pub day_ln_sd: f64,
    /// Standard deviation of ln(level) between sites.
    pub site_ln_sd: f64,
    /// Standard deviation of ln(level) from hour to hour inside a day.
    pub hour_ln_sd: f64,
    /// Standard deviation of ln(level) from minute to minute inside an hour, which keeps its mean; 0 for flat hours.
    #[serde(default)]
    pub minute_ln_sd: f64,
    /// Time in which a level inside an hour is forgotten \[min\]; 6 where nothing is said.
    #[serde(default)]
    pub memory_minutes: Option<f64>,
}

/// Random vehicle charging sessions at one or more sockets.
#[derive(Clone, Debug, Default, Deserialize)]
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
    /// Sockets; one for every car where nothing is said. Cars that find none free wait.
    #[serde(default)]
    pub sockets: Option<u32>,
    /// What happens when cars charge at the same time.
    #[serde(default)]
    pub overlap: Overlap,
    /// Power that the cars share \[kW\], with the overlap `shared`.
    #[serde(default)]
    pub limit_kw: Option<f64>,
}

/// What happens when cars charge at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Overlap {
    /// Each draws its own power; what is above the system's rating is lost to them.
    #[default]
    Lost,
    /// They share the site's limit and charge longer.
    Shared,
}

/// Homes from their appliances.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppliancesSpec {
    /// Number of homes.
    #[serde(default = "one_home")]
    pub homes: u32,
    /// Kinds of appliance by name.
    pub kinds: BTreeMap<String, ApplianceSpec>,
}

/// One kind of appliance in a home.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplianceSpec {
    /// Units in a home that owns it.
    pub count: u32,
    /// Power of a unit \[W\].
    pub power_w: f64,
    /// Hours of use on a day of use \[h\], one to all units at a time.
    pub hours: f64,
    /// Windows of use, `[from, to]` \[h\], in order of the day.
    pub windows_hours: Vec<[f64; 2]>,
    /// Least length of a run \[min\].
    pub run_minutes: u32,
    /// Share of homes that own it.
    #[serde(default = "one")]
    pub owner_share: f64,
    /// Share of days on which it is used.
    #[serde(default = "one")]
    pub day_share: f64,
    /// Standard deviation of ln(hours) from day to day.
    #[serde(default)]
    pub hours_ln_sd: f64,
    /// Factors on the hours by month, 12 values; 1 where nothing is said.
    #[serde(default)]
    pub month_factors: Option<Vec<f64>>,
    /// Time on in each duty cycle inside a run \[min\].
    #[serde(default)]
    pub cycle_on_minutes: Option<u32>,
    /// Time off in each duty cycle \[min\].
    #[serde(default)]
    pub cycle_off_minutes: Option<u32>,
}

fn one() -> f64 {
    1.0
}

fn one_home() -> u32 {
    1
}

/// A critical load behind an uninterruptible supply. The events are the outages of the grid.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsSpec {
    /// Power that must not fail \[kW\].
    pub critical_kw: f64,
}

/// Frequency reserve: signed power by the frequency of the grid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReserveSpec {
    /// Reserve sold \[kW\].
    pub power_kw: f64,
    /// Nominal frequency \[Hz\].
    pub nominal_hz: f64,
    /// Deviation at which all of it is active \[Hz\].
    pub full_activation_hz: f64,
    /// Deviation below which nothing is asked \[Hz\].
    pub dead_band_hz: f64,
    /// Standard deviation of the made frequency \[Hz\].
    pub sd_hz: f64,
    /// Time in which the made frequency forgets its level \[s\].
    pub time_constant_s: f64,
    /// Step of the made frequency \[s\]; it divides an hour.
    pub step_s: f64,
    /// A measured frequency in place of the made one.
    #[serde(default)]
    pub table: Option<FrequencySeries>,
}

/// A table of the user: one year, repeated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSpec {
    /// Mean power of each row \[kW\], 8760 or a multiple of it.
    pub load_kw: YearSeries,
}

const COLUMNS: [Column; 2] = [
    Column { name: "load_kw", factor: 1.0, range: [0.0, 1e6] },
    Column { name: "load_w", factor: 1e-3, range: [0.0, 1e9] },
];

impl FileSpec {
    /// Reads a CSV text with the column `load_kw` or `load_w`: 8760 rows, or a multiple of it for steps below the hour.
    /// Lines that begin with `#` are remarks, other columns are passed over.
    ///
    /// # Errors
    /// The first problem, with its line and column.
    pub fn parse(text: &str) -> Result<FileSpec, SeriesError> {
        let column = |message: &str| SeriesError { line: 1, column: "load_kw".into(), message: message.into() };
        let load_kw = match columns(text, &COLUMNS)? {
            [Some(values), None] | [None, Some(values)] => values,
            [None, None] => return Err(column("is missing, and so is `load_w`")),
            [Some(_), Some(_)] => return Err(column("and `load_w` are both there: keep one of them")),
        };
        Ok(FileSpec { load_kw: YearSeries::try_from(load_kw)? })
    }
}
