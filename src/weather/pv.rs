//! Power of photovoltaic modules.

use super::climate::ClimateSpec;
use super::irradiance::{Irradiance, Plane, hay_davies};
use super::sun::SunDay;
use super::year::{HOURS_PER_YEAR, WeatherYear};

/// Wind at the modules when nothing better is known \[m/s\].
pub const WIND_M_S: f64 = 1.0;

/// How modules stand and what they lose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PvGeometry {
    /// Slope from the horizontal \[deg\].
    pub tilt_deg: f64,
    /// Direction they face, clockwise from north \[deg\]; 180 is south.
    pub azimuth_deg: f64,
    /// Change of power with cell temperature, relative to 25 degC \[1/K\]; negative, about -0.0035.
    pub temperature_coefficient_per_k: f64,
    /// Share of the power lost to dirt, shade, mismatch, wiring and the like, 0..1; the inverter is not in it.
    pub system_loss: f64,
}

/// Temperature of the cells \[degC\].
///
/// `Tc = Ta + G / (25 + 6.84 v)`
///
/// * `ambient_c` - air \[degC\]; `poa_w_m2` - irradiance in the plane \[W/m2\]; `wind_m_s` - at the modules \[m/s\]
///
/// Source: Faiman 2008, doi 10.1002/pip.813.
pub fn faiman_cell_temperature_c(ambient_c: f64, poa_w_m2: f64, wind_m_s: f64) -> f64 {
    ambient_c + poa_w_m2 / (25.0 + 6.84 * wind_m_s)
}

/// DC power \[kW\] for each kWp, before system losses; never negative.
///
/// `P = G / 1000 (1 + gamma (Tc - 25))`
///
/// Source: Dobos 2014, *PVWatts Version 5 Manual*, NREL/TP-6A20-62641, doi 10.2172/1158421.
pub fn pvwatts_dc_kw(poa_w_m2: f64, cell_c: f64, temperature_coefficient_per_k: f64) -> f64 {
    (poa_w_m2 / 1000.0 * (1.0 + temperature_coefficient_per_k * (cell_c - 25.0))).max(0.0)
}

/// Hourly mean DC power of a year \[kW per kWp\], net of system losses and without inverter: 8760 values, none negative.
///
/// Irradiance in the plane by [`hay_davies`] with the hour's mean cosines of incidence and zenith, cell temperature by
/// [`faiman_cell_temperature_c`] at [`WIND_M_S`], power by [`pvwatts_dc_kw`] times `1 - system_loss`.
/// A `year` shorter than 8760 hours gives as many values as it has whole days.
pub fn pv_year(year: &WeatherYear, site: &ClimateSpec, pv: &PvGeometry) -> Vec<f64> {
    let plane = Plane { tilt_deg: pv.tilt_deg, azimuth_deg: pv.azimuth_deg };
    let kept = (1.0 - pv.system_loss).clamp(0.0, 1.0);
    let mut power = Vec::with_capacity(HOURS_PER_YEAR);
    let days = (year.temperature_c.chunks_exact(24))
        .zip(year.ghi_w_m2.chunks_exact(24))
        .zip(year.dni_w_m2.chunks_exact(24).zip(year.dhi_w_m2.chunks_exact(24)));
    for (day, ((temperature, ghi), (dni, dhi))) in days.enumerate() {
        let sun = SunDay::new(site.latitude_deg, site.longitude_deg, site.utc_offset_h, day);
        let incidence = plane.incidence(site.latitude_deg, sun.declination_rad());
        for hour in 0..24 {
            if ghi[hour] <= 0.0 {
                power.push(0.0);
                continue;
            }
            let light = Irradiance { ghi_w_m2: ghi[hour], dni_w_m2: dni[hour], dhi_w_m2: dhi[hour] };
            let cos_incidence = sun.mean_over_hour(hour, &incidence);
            let cos_zenith = sun.mean_cos_zenith(hour);
            let poa = hay_davies(&light, pv.tilt_deg, cos_incidence, cos_zenith, sun.extraterrestrial_normal_w_m2);
            let cell_c = faiman_cell_temperature_c(temperature[hour], poa, WIND_M_S);
            power.push(kept * pvwatts_dc_kw(poa, cell_c, pv.temperature_coefficient_per_k));
        }
    }
    power
}
