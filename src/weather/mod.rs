//! Sun, ambient temperature, and the power modules make of them.
//!
//! A [`ClimateSpec`] gives a place by twelve monthly figures. [`synthetic_year`] draws a [`WeatherYear`] from it, and
//! [`pv_year`] turns that into DC power of a [`PvGeometry`]. Hours are local standard time, years have no leap day.
//! Equations and sources: `docs/weather.md`.

mod clear_sky;
mod clearness;
mod climate;
mod file;
mod irradiance;
mod minutes;
mod pv;
#[cfg(test)]
mod pvlib_tests;
#[cfg(test)]
mod real_years;
mod sun;
mod synthetic;
mod temperature;
mod year;

pub use clear_sky::{apparent_zenith_deg, clear_sky, clear_sky_year, kasten_young_airmass, pressure_pa};
pub use climate::ClimateSpec;
pub use file::{FilePlace, WeatherFault, WeatherFile, WeatherFormat, WeatherProblem};
pub use irradiance::{ALBEDO, Irradiance, Plane, erbs_diffuse_fraction, erbs_split, hay_davies, split_beside_clear};
pub use minutes::MinuteSun;
pub use pv::{PvGeometry, WIND_M_S, faiman_cell_temperature_c, pv_year, pvwatts_dc_kw};
pub use sun::{SOLAR_CONSTANT_W_M2, SunDay, SunPosition, extraterrestrial_normal_w_m2, position};
pub use synthetic::{YearGenerator, synthetic_year};
pub use year::{DAYS_PER_YEAR, HOURS_PER_YEAR, WeatherYear};
