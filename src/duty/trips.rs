//! Daily driving and charging of one vehicle.

use serde::Deserialize;

/// How a class of owners drives, charges and parks: an entry of the `uses` category.
///
/// Distance of a driving day is lognormal, plus rare long days; plugging in on return has a logistic
/// probability in SoC. Forms and figures: handbook of the project's documentation, `docs/first_life.md`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseSpec {
    /// Name for people.
    pub title: String,
    /// Mean of ln(km) of a driving day.
    pub daily_ln_km_mean: f64,
    /// Standard deviation of ln(km) from day to day.
    pub daily_ln_km_sd: f64,
    /// Standard deviation of the mean between vehicles (ln km).
    pub between_vehicles_ln_sd: f64,
    /// Share of days on which the vehicle is driven.
    pub driving_day_share: f64,
    /// Long days a year, mean over all vehicles.
    pub long_days_per_year: f64,
    /// Share of vehicles that never make a long day.
    pub long_days_zero_share: f64,
    /// Median distance of a long day \[km\].
    pub long_day_median_km: f64,
    /// Standard deviation of ln(km) of a long day.
    pub long_day_ln_sd: f64,
    /// Mean speed of daily driving \[km/h\].
    pub speed_kmh: f64,
    /// Mean speed on a long day \[km/h\].
    pub long_speed_kmh: f64,
    /// Hour of leaving home.
    pub leave_hour: f64,
    /// Hour of starting back.
    pub return_hour: f64,
    /// SoC (of the vehicle's window) at which plugging in is as likely as not.
    pub plug_soc_mid: f64,
    /// Width of the logistic in SoC.
    pub plug_soc_width: f64,
    /// Least probability of plugging in on return.
    pub plug_floor: f64,
    /// Home charging power \[kW\], capped by the vehicle.
    pub home_charge_kw: f64,
    /// Hour at which home charging starts once plugged in; on arrival when below zero.
    pub charge_start_hour: f64,
    /// SoC (of the window) at which daily charging stops.
    pub charge_limit: f64,
    /// Every so many days the charge goes to 100 %; never when zero.
    pub full_charge_every_days: u32,
    /// Warming of the parked pack's surroundings per kW/m2 of sun \[K\].
    pub parking_sun_k_per_kw_m2: f64,
    /// Constant warming of the parking place \[K\].
    pub parking_offset_k: f64,
}
