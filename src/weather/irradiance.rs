//! From the sun on level ground to the sun on a tilted plane.

use super::sun::{Harmonic, SunPosition};

/// Share of the irradiance that ordinary ground sends back.
pub const ALBEDO: f64 = 0.2;

/// Zenith beyond which a split says nothing about the beam \[deg\].
const LAST_BEAM_ZENITH_DEG: f64 = 87.0;

/// Shares of the clear sky's global irradiance between which an hour's split goes over to that of the clear sky.
const CLEAR_FROM: [f64; 2] = [0.9, 1.1];

/// Irradiance at one instant, or its mean over an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Irradiance {
    /// Global, on a horizontal plane \[W/m2\].
    pub ghi_w_m2: f64,
    /// Beam, on a plane facing the sun \[W/m2\].
    pub dni_w_m2: f64,
    /// Diffuse, on a horizontal plane \[W/m2\].
    pub dhi_w_m2: f64,
}

/// A fixed plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Slope from the horizontal \[deg\].
    pub tilt_deg: f64,
    /// Direction it faces, clockwise from north \[deg\].
    pub azimuth_deg: f64,
}

impl Plane {
    /// Cosine of the angle between the sun and the plane's normal, negative behind the plane.
    ///
    /// `cos theta = cos z cos beta + sin z sin beta cos(gamma_sun - gamma)`
    pub fn cos_incidence(&self, sun: &SunPosition) -> f64 {
        let (sin_zenith, cos_zenith) = sun.zenith_deg.to_radians().sin_cos();
        let (sin_tilt, cos_tilt) = self.tilt_deg.to_radians().sin_cos();
        cos_zenith * cos_tilt + sin_zenith * sin_tilt * (sun.azimuth_deg - self.azimuth_deg).to_radians().cos()
    }

    /// The same cosine as a function of the hour angle, on a day with this declination at this latitude.
    pub(super) fn incidence(&self, latitude_deg: f64, declination_rad: f64) -> Harmonic {
        let (sin_latitude, cos_latitude) = latitude_deg.to_radians().sin_cos();
        let (sin_declination, cos_declination) = declination_rad.sin_cos();
        let (sin_tilt, up) = self.tilt_deg.to_radians().sin_cos();
        let (sin_azimuth, cos_azimuth) = self.azimuth_deg.to_radians().sin_cos();
        let (east, north) = (sin_tilt * sin_azimuth, sin_tilt * cos_azimuth);
        Harmonic::new(
            sin_declination * (north * cos_latitude + up * sin_latitude),
            cos_declination * (up * cos_latitude - north * sin_latitude),
            -cos_declination * east,
        )
    }
}

/// Share of the global horizontal irradiance that is diffuse, from the hourly clearness index `kt`.
///
/// * `kt <= 0.22`: `1 - 0.09 kt`
/// * `kt <= 0.80`: `0.9511 - 0.1604 kt + 4.388 kt^2 - 16.638 kt^3 + 12.336 kt^4`
/// * above: `0.165`
///
/// Source: Erbs, Klein and Duffie 1982, doi 10.1016/0038-092X(82)90302-4.
pub fn erbs_diffuse_fraction(kt: f64) -> f64 {
    if kt <= 0.22 {
        1.0 - 0.09 * kt
    } else if kt <= 0.80 {
        0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)))
    } else {
        0.165
    }
}

/// Splits global horizontal irradiance into beam and diffuse.
///
/// `kt = ghi / (E0 cos z)`, `dhi = erbs(kt) ghi`, `dni = (ghi - dhi) / cos z`; beyond a zenith of 87 deg all is diffuse,
/// since the division would make any error of `ghi` large. For an hour, `cos_zenith` is its mean over the hour with
/// zero for the time the sun is down; `dni cos_zenith + dhi = ghi` then holds for the hour as for an instant.
///
/// Source: Erbs, Klein and Duffie 1982, doi 10.1016/0038-092X(82)90302-4.
pub fn erbs_split(ghi_w_m2: f64, cos_zenith: f64, extraterrestrial_normal_w_m2: f64) -> Irradiance {
    if cos_zenith < LAST_BEAM_ZENITH_DEG.to_radians().cos() {
        return Irradiance { ghi_w_m2, dni_w_m2: 0.0, dhi_w_m2: ghi_w_m2 };
    }
    let kt = (ghi_w_m2 / (extraterrestrial_normal_w_m2 * cos_zenith)).clamp(0.0, 1.0);
    let dhi_w_m2 = erbs_diffuse_fraction(kt) * ghi_w_m2;
    Irradiance { ghi_w_m2, dni_w_m2: (ghi_w_m2 - dhi_w_m2) / cos_zenith, dhi_w_m2 }
}

/// Splits global horizontal irradiance into beam and diffuse where the clear sky of the hour is known.
///
/// Erbs' share stands for all hours of one clearness, hazy or half cloudy; an hour that reaches the clear sky has no
/// cloud in it, and its diffuse share comes near that of the clear sky. Between 0.9 and 1.1 of the clear sky's global
/// irradiance the one goes over into the other along a straight line; the bounds are assumed, since turbidity differs from
/// day to day and only its monthly mean is known.
///
/// * `clear` - mean of the hour under a clear sky; the other arguments as in [`erbs_split`]
pub fn split_beside_clear(
    ghi_w_m2: f64,
    cos_zenith: f64,
    extraterrestrial_normal_w_m2: f64,
    clear: &Irradiance,
) -> Irradiance {
    let light = erbs_split(ghi_w_m2, cos_zenith, extraterrestrial_normal_w_m2);
    let [lo, hi] = CLEAR_FROM;
    let weight = ((ghi_w_m2 / clear.ghi_w_m2 - lo) / (hi - lo)).clamp(0.0, 1.0);
    // Not above zero, or no number in the night.
    if light.dni_w_m2 <= 0.0 || weight.is_nan() || weight <= 0.0 {
        return light;
    }
    let dhi_w_m2 = (1.0 - weight) * light.dhi_w_m2 + weight * ghi_w_m2 * clear.dhi_w_m2 / clear.ghi_w_m2;
    Irradiance { ghi_w_m2, dni_w_m2: ((ghi_w_m2 - dhi_w_m2) / cos_zenith).min(extraterrestrial_normal_w_m2), dhi_w_m2 }
}

/// Irradiance on a tilted plane \[W/m2\], by the model of Hay and Davies.
///
/// `G = dni cos theta + dhi (A Rb + (1 - A)(1 + cos beta)/2) + ghi rho (1 - cos beta)/2`
///
/// * `A = dni / E0` - share of the diffuse light that comes from around the sun
/// * `Rb = cos theta / cos z` - with `cos z` not below 0.01745 (89 deg)
/// * `rho` - [`ALBEDO`]; `beta` - `tilt_deg`
/// * `cos_incidence`, `cos_zenith` - at the instant, or hourly means that count zero while the sun is down
///
/// Source: Hay and Davies 1980, *Calculation of the solar radiation incident on an inclined surface*, Proc. First
/// Canadian Solar Radiation Data Workshop, 59; form as in pvlib 0.16.1 `haydavies`.
pub fn hay_davies(
    light: &Irradiance,
    tilt_deg: f64,
    cos_incidence: f64,
    cos_zenith: f64,
    extraterrestrial_normal_w_m2: f64,
) -> f64 {
    let cos_tilt = tilt_deg.to_radians().cos();
    let cos_incidence = cos_incidence.max(0.0);
    let around_sun = (light.dni_w_m2 / extraterrestrial_normal_w_m2).clamp(0.0, 1.0);
    let ratio = cos_incidence / cos_zenith.max(0.01745);
    let beam = light.dni_w_m2 * cos_incidence;
    let sky = light.dhi_w_m2 * (around_sun * ratio + (1.0 - around_sun) * 0.5 * (1.0 + cos_tilt));
    let ground = light.ghi_w_m2 * ALBEDO * 0.5 * (1.0 - cos_tilt);
    beam + sky + ground
}

#[cfg(test)]
mod tests {
    use super::super::sun::{SunDay, position};
    use super::*;

    #[test]
    fn a_level_plane_sees_the_global_irradiance() {
        let light = erbs_split(600.0, 0.8, 1361.0);
        assert!((light.dni_w_m2 * 0.8 + light.dhi_w_m2 - 600.0).abs() < 1e-9);
        assert!((hay_davies(&light, 0.0, 0.8, 0.8, 1361.0) - 600.0).abs() < 1e-9);
    }

    #[test]
    fn the_diffuse_share_has_no_jumps() {
        for edge in [0.22, 0.80] {
            assert!((erbs_diffuse_fraction(edge) - erbs_diffuse_fraction(edge + 1e-9)).abs() < 2e-3);
        }
    }

    #[test]
    fn hourly_incidence_follows_the_instants() {
        for (tilt_deg, azimuth_deg) in [(28.0, 180.0), (60.0, 90.0), (90.0, 0.0), (35.0, 250.0)] {
            let plane = Plane { tilt_deg, azimuth_deg };
            for day in [10, 100, 172, 300] {
                let sun = SunDay::new(52.45, -1.73, 0.0, day);
                let incidence = plane.incidence(52.45, sun.declination_rad());
                for hour in 0..24 {
                    let instants = (0..600).map(|m| {
                        let p = position(52.45, -1.73, 0.0, day, hour as f64 + (f64::from(m) + 0.5) / 600.0);
                        if p.zenith_deg < 90.0 { plane.cos_incidence(&p).max(0.0) } else { 0.0 }
                    });
                    let mean = instants.sum::<f64>() / 600.0;
                    let closed = sun.mean_over_hour(hour, &incidence);
                    // Most in the hour of sunrise, whose instant moves with the declination between dawn and noon.
                    assert!((closed - mean).abs() < 0.012, "{plane:?} day {day} hour {hour}: {closed} for {mean}");
                }
            }
        }
    }
}
