//! Loads of the stationary system.

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
