//! Sun, ambient temperature, and the power modules make of them.
//!
//! A [`ClimateSpec`] gives a place by twelve monthly figures. [`synthetic_year`] draws a [`WeatherYear`] from it, and
//! [`pv_year`] turns that into DC power of a [`PvGeometry`]. Hours are local standard time, years have no leap day.
//! Equations and sources: `docs/weather.md`.

mod clearness;
mod climate;
mod irradiance;
mod pv;
#[cfg(test)]
mod pvlib_tests;
mod sun;
mod synthetic;
mod temperature;
mod year;

pub use climate::ClimateSpec;
pub use irradiance::{ALBEDO, Irradiance, Plane, erbs_diffuse_fraction, erbs_split, hay_davies};
pub use pv::{PvGeometry, WIND_M_S, faiman_cell_temperature_c, pv_year, pvwatts_dc_kw};
pub use sun::{SOLAR_CONSTANT_W_M2, SunDay, SunPosition, extraterrestrial_normal_w_m2, position};
pub use synthetic::{YearGenerator, synthetic_year};
pub use year::{DAYS_PER_YEAR, HOURS_PER_YEAR, WeatherYear};
