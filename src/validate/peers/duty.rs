//! Duties that peers' cases are made of, as samples.

use crate::aging::profile::Profile;
use crate::cell::ZERO_CELSIUS_K;
use crate::validate::Folder;
use crate::validate::columns::Columns;
use std::f64::consts::TAU;

/// Days in the peers' years.
pub(super) const YEAR_DAYS: f64 = 365.0;

/// One day of hours and what they hold.
pub(super) fn day(per_day: usize, soc: impl Fn(f64) -> f64, temperature_c: impl Fn(f64) -> f64) -> Profile {
    let hours = 24.0 / per_day as f64;
    let at = |i: usize| i as f64 * 24.0 / per_day as f64;
    Profile {
        hours,
        soc: (0..=per_day).map(|i| soc(at(i))).collect(),
        temperature_k: (0..=per_day).map(|i| temperature_c(at(i)) + ZERO_CELSIUS_K).collect(),
    }
}

/// Temperature over the day \[degC\], warmest at 15 h.
pub(super) fn swing(mean_c: f64, amplitude_c: f64) -> impl Fn(f64) -> f64 {
    move |h| mean_c + amplitude_c * (TAU * (h - 15.0) / 24.0).cos()
}

/// An hourly profile that lies near a folder.
pub(super) fn profile(folder: &Folder<'_>, name: &str) -> Result<Profile, String> {
    let columns = Columns::read(&folder.nearby("profiles", &format!("{name}.csv"))?)?;
    let (soc, temperature_c) = (columns.numbers("soc")?, columns.numbers("temp_c")?);
    if soc.len() < 25 || soc.iter().chain(&temperature_c).any(|x| !x.is_finite()) {
        return Err(format!("profile `{name}` is shorter than a day, or has gaps"));
    }
    let temperature_k = temperature_c.into_iter().map(|t| t + ZERO_CELSIUS_K).collect();
    Ok(Profile { hours: 1.0, soc, temperature_k })
}
