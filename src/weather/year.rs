//! One year of weather, hour by hour, and the calendar it follows.

pub use crate::numeric::calendar::{DAYS_PER_YEAR, HOURS_PER_YEAR, MONTH_DAYS};

/// The days of each month, as ranges of days of the year from 0.
pub(super) fn months() -> [std::ops::Range<usize>; 12] {
    let mut start = 0;
    MONTH_DAYS.map(|days| {
        let month = start..start + days;
        start += days;
        month
    })
}

/// Weather of one year: 8760 hourly values, hour `k` is `k..k + 1` in local standard time from 1 January 00:00.
#[derive(Clone, Debug, PartialEq)]
pub struct WeatherYear {
    /// Air temperature \[degC\], mean of the hour.
    pub temperature_c: Vec<f64>,
    /// Global horizontal irradiance \[W/m2\], mean of the hour.
    pub ghi_w_m2: Vec<f64>,
    /// Beam irradiance on a plane facing the sun \[W/m2\]: the value which, times the hour's mean of `max(cos z, 0)`,
    /// gives the beam on a horizontal plane.
    pub dni_w_m2: Vec<f64>,
    /// Diffuse horizontal irradiance \[W/m2\], mean of the hour.
    pub dhi_w_m2: Vec<f64>,
}
