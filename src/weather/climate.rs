//! A place, as monthly figures.

use serde::Deserialize;

/// An entry of the `climates` category: a place with twelve monthly figures of temperature and sun.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClimateSpec {
    /// Name for people.
    pub title: String,
    /// Latitude, north positive \[deg\].
    pub latitude_deg: f64,
    /// Longitude, east positive \[deg\].
    pub longitude_deg: f64,
    /// Offset of local standard time from UTC \[h\].
    pub utc_offset_h: f64,
    /// Height above the sea \[m\]; zero where it is not known.
    #[serde(default)]
    pub altitude_m: Option<f64>,
    /// Linke turbidity of the clear air, by month.
    #[serde(default)]
    pub linke_turbidity: Option<[f64; 12]>,
    /// Monthly mean temperature \[degC\].
    pub temperature_c: [f64; 12],
    /// Mean daily range of temperature \[K\], by month.
    pub daily_range_k: [f64; 12],
    /// Standard deviation of the daily mean temperature inside a month \[K\].
    pub day_sd_k: [f64; 12],
    /// Lag-one correlation of the daily mean temperature.
    pub day_lag1: f64,
    /// Global horizontal irradiation \[kWh/(m2 day)\], monthly mean.
    pub ghi_kwh_per_m2_day: [f64; 12],
    /// Relative standard deviation of the daily clearness index, by month.
    pub clearness_rel_sd: [f64; 12],
    /// Lag-one correlation of daily clearness.
    pub clearness_lag1: f64,
}
