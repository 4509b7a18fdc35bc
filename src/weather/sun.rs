//! Where the sun stands, and what it sends to the top of the atmosphere.

use std::f64::consts::{PI, TAU};

/// Solar constant \[W/m2\].
pub const SOLAR_CONSTANT_W_M2: f64 = 1361.0;

/// Days from the epoch J2000.0 (1 January 2000, 12:00 UT) to 1 January 2021, 00:00 UT.
///
/// Every simulated year uses the sun of 2021, the first year after a leap day; in other years the declination on the
/// same date differs by up to 0.3 deg around the equinoxes.
const DAYS_TO_REFERENCE_YEAR: f64 = 7670.5;

/// Position of the sun at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SunPosition {
    /// Angle from the vertical, without refraction \[deg\].
    pub zenith_deg: f64,
    /// Direction along the horizon, clockwise from north \[deg\], 0..360.
    pub azimuth_deg: f64,
    /// Angle above the plane of the equator \[rad\].
    pub declination_rad: f64,
    /// Angle past the local meridian, negative before noon \[rad\], -pi..pi.
    pub hour_angle_rad: f64,
}

/// Declination and local hour angle \[rad\], `days` after J2000.0 (universal time) at a longitude east \[deg\].
///
/// `L = 280.460 + 0.9856474 n`, `g = 357.528 + 0.9856003 n`, `lambda = L + 1.915 sin g + 0.020 sin 2g`,
/// `eps = 23.439 - 4e-7 n` \[deg\]; right ascension and declination from `lambda` and `eps`;
/// sidereal time `6.697375 + 0.0657098242 n + UT` \[h\]. Good to 0.01 deg from 1950 to 2050.
///
/// Source: Michalsky 1988, doi 10.1016/0038-092X(88)90045-X (erratum 1988, 41, 113).
fn almanac(days: f64, longitude_deg: f64) -> (f64, f64) {
    let mean_longitude = 280.460 + 0.985_647_4 * days;
    let anomaly = (357.528 + 0.985_600_3 * days).to_radians();
    let ecliptic = (mean_longitude + 1.915 * anomaly.sin() + 0.020 * (2.0 * anomaly).sin()).to_radians();
    let obliquity = (23.439 - 4e-7 * days).to_radians();
    let right_ascension = (obliquity.cos() * ecliptic.sin()).atan2(ecliptic.cos());
    let declination = (obliquity.sin() * ecliptic.sin()).asin();
    let universal_hour = (days + 0.5).rem_euclid(1.0) * 24.0;
    let sidereal_hour = 6.697_375 + 0.065_709_824_2 * days + universal_hour;
    let hour_angle = (sidereal_hour * 15.0 + longitude_deg).to_radians() - right_ascension;
    (declination, wrapped(hour_angle))
}

/// Brings an angle into -pi..pi.
fn wrapped(angle_rad: f64) -> f64 {
    (angle_rad + PI).rem_euclid(TAU) - PI
}

/// Position of the sun by the algorithm of the Astronomical Almanac, for the year 2021.
///
/// * `latitude_deg`, `longitude_deg` - north and east positive \[deg\]
/// * `utc_offset_h` - local standard time minus universal time \[h\]
/// * `day_of_year0` - day of a year without leap day, from 0
/// * `hour` - local standard time \[h\], 0..24
///
/// `cos z = sin phi sin delta + cos phi cos delta cos w`.
/// Source: Michalsky 1988, doi 10.1016/0038-092X(88)90045-X.
pub fn position(
    latitude_deg: f64,
    longitude_deg: f64,
    utc_offset_h: f64,
    day_of_year0: usize,
    hour: f64,
) -> SunPosition {
    let days = DAYS_TO_REFERENCE_YEAR + day_of_year0 as f64 + (hour - utc_offset_h) / 24.0;
    let (declination, hour_angle) = almanac(days, longitude_deg);
    let (sin_latitude, cos_latitude) = latitude_deg.to_radians().sin_cos();
    let (sin_declination, cos_declination) = declination.sin_cos();
    let (sin_hour, cos_hour) = hour_angle.sin_cos();
    let east = -cos_declination * sin_hour;
    let north = sin_declination * cos_latitude - cos_declination * cos_hour * sin_latitude;
    let up = sin_latitude * sin_declination + cos_latitude * cos_declination * cos_hour;
    SunPosition {
        zenith_deg: up.clamp(-1.0, 1.0).acos().to_degrees(),
        azimuth_deg: east.atan2(north).to_degrees().rem_euclid(360.0),
        declination_rad: declination,
        hour_angle_rad: hour_angle,
    }
}

/// Irradiance on a plane facing the sun, outside the atmosphere \[W/m2\].
///
/// `1361 (1 + 0.033 cos(2 pi n / 365))`, `n` the day of the year from 1.
/// Source: Duffie and Beckman 2013, *Solar Engineering of Thermal Processes*, eq. 1.4.1a; constant: Kopp and Lean 2011,
/// doi 10.1029/2010GL045777.
pub fn extraterrestrial_normal_w_m2(day_of_year0: usize) -> f64 {
    SOLAR_CONSTANT_W_M2 * (1.0 + 0.033 * (TAU * (day_of_year0 + 1) as f64 / 365.0).cos())
}

/// A cosine of the sun's direction as a function of its hour angle `w`: `constant + cosine cos w + sine sin w`.
///
/// Over one day, with the declination of noon, both the cosine of the zenith and that of the incidence on any fixed
/// plane have this form, so their hourly means have a closed form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Harmonic {
    constant: f64,
    cosine: f64,
    sine: f64,
    /// Centre of the hour angles at which the cosine is positive \[rad\].
    centre: f64,
    /// Half their width \[rad\], 0..pi.
    half: f64,
}

impl Harmonic {
    pub(super) fn new(constant: f64, cosine: f64, sine: f64) -> Self {
        let amplitude = cosine.hypot(sine);
        let half = if amplitude > 0.0 {
            (-constant / amplitude).clamp(-1.0, 1.0).acos()
        } else if constant > 0.0 {
            PI
        } else {
            0.0
        };
        Self { constant, cosine, sine, centre: sine.atan2(cosine), half }
    }

    fn integral(&self, from: f64, to: f64) -> f64 {
        let ((sin_from, cos_from), (sin_to, cos_to)) = (from.sin_cos(), to.sin_cos());
        self.constant * (to - from) + self.cosine * (sin_to - sin_from) - self.sine * (cos_to - cos_from)
    }
}

/// The sun's path over one local day: declination and equation of time are those of noon.
#[derive(Clone, Copy, Debug)]
pub struct SunDay {
    /// Irradiance on a plane facing the sun, outside the atmosphere \[W/m2\].
    pub extraterrestrial_normal_w_m2: f64,
    declination_rad: f64,
    noon_hour_angle_rad: f64,
    zenith: Harmonic,
}

impl SunDay {
    /// The day `day_of_year0` (from 0, no leap day) at a place; arguments as in [`position`].
    pub fn new(latitude_deg: f64, longitude_deg: f64, utc_offset_h: f64, day_of_year0: usize) -> Self {
        let noon = position(latitude_deg, longitude_deg, utc_offset_h, day_of_year0, 12.0);
        let (sin_latitude, cos_latitude) = latitude_deg.to_radians().sin_cos();
        let (sin_declination, cos_declination) = noon.declination_rad.sin_cos();
        let zenith = Harmonic::new(sin_latitude * sin_declination, cos_latitude * cos_declination, 0.0);
        Self {
            extraterrestrial_normal_w_m2: extraterrestrial_normal_w_m2(day_of_year0),
            declination_rad: noon.declination_rad,
            noon_hour_angle_rad: noon.hour_angle_rad,
            zenith,
        }
    }

    /// Declination of noon \[rad\].
    pub fn declination_rad(&self) -> f64 {
        self.declination_rad
    }

    /// Hour angle at a local standard time \[rad\]; leaves -pi..pi near midnight.
    pub fn hour_angle_rad(&self, hour: f64) -> f64 {
        self.noon_hour_angle_rad + (hour - 12.0) * TAU / 24.0
    }

    /// Hour angle of sunset \[rad\]: 0 in polar night, pi in polar day.
    pub fn sunset_hour_angle_rad(&self) -> f64 {
        self.zenith.half
    }

    /// Irradiation of a horizontal plane outside the atmosphere over the day \[Wh/m2\].
    ///
    /// `24/pi E0 (ws sin phi sin delta + cos phi cos delta sin ws)`, `ws` the hour angle of sunset.
    pub fn extraterrestrial_horizontal_wh_m2(&self) -> f64 {
        let sunset = self.sunset_hour_angle_rad();
        self.extraterrestrial_normal_w_m2 * self.zenith.integral(-sunset, sunset).max(0.0) * 24.0 / TAU
    }

    /// Cosine of the sun's zenith at a local standard time \[h\], negative with the sun down.
    pub(super) fn cos_zenith(&self, hour: f64) -> f64 {
        self.zenith.constant + self.zenith.cosine * self.hour_angle_rad(hour).cos()
    }

    /// Mean of `max(cos z, 0)` over the hour `hour..hour + 1`, local standard time.
    pub fn mean_cos_zenith(&self, hour: usize) -> f64 {
        self.mean_over_hour(hour, &self.zenith)
    }

    /// Mean over an hour of a cosine where it is positive and the sun is up.
    pub(super) fn mean_over_hour(&self, hour: usize, cosine: &Harmonic) -> f64 {
        let hour_width = TAU / 24.0;
        let start = self.hour_angle_rad(hour as f64);
        let sunset = self.zenith.half;
        let Harmonic { centre, half, .. } = *cosine;
        let mut sum = 0.0;
        // Windows repeat each turn; hours near midnight and planes facing north may meet the neighbouring one.
        for turn in [-TAU, 0.0, TAU] {
            let lit_from = start.max(turn - sunset);
            let lit_to = (start + hour_width).min(turn + sunset);
            if lit_from >= lit_to {
                continue;
            }
            for other_turn in [turn - TAU, turn, turn + TAU] {
                let from = lit_from.max(centre + other_turn - half);
                let to = lit_to.min(centre + other_turn + half);
                if from < to {
                    sum += cosine.integral(from, to);
                }
            }
        }
        (sum / hour_width).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hourly_means_add_up_to_the_day() {
        for (latitude, longitude, offset) in
            [(28.6, 77.2, 5.5), (52.5, -1.8, 0.0), (-33.9, 151.2, 10.0), (80.0, 0.0, 9.0)]
        {
            for day in (0..365).step_by(13) {
                let sun = SunDay::new(latitude, longitude, offset, day);
                let sum: f64 = (0..24).map(|hour| sun.mean_cos_zenith(hour)).sum();
                let expected = sun.extraterrestrial_horizontal_wh_m2() / sun.extraterrestrial_normal_w_m2;
                assert!((sum - expected).abs() < 1e-9, "{latitude} day {day}: {sum} for {expected}");
            }
        }
    }

    #[test]
    fn hourly_mean_follows_the_instants() {
        for day in [10, 100, 200, 300] {
            let sun = SunDay::new(28.6, 77.2, 5.5, day);
            for hour in 0..24 {
                let instants = (0..60).map(|m| {
                    let p = position(28.6, 77.2, 5.5, day, hour as f64 + (f64::from(m) + 0.5) / 60.0);
                    p.zenith_deg.to_radians().cos().max(0.0)
                });
                let mean = instants.sum::<f64>() / 60.0;
                assert!((sun.mean_cos_zenith(hour) - mean).abs() < 2e-3, "day {day} hour {hour}");
            }
        }
    }

    #[test]
    fn daily_irradiation_meets_the_textbook() {
        // Duffie and Beckman 2013, example 1.10.1: 43 deg N, 15 April, 33.8 MJ/m2 with a constant of 1367 W/m2.
        // Its declination (Cooper's, 9.4 deg) is 0.4 deg below the true one, which is worth 0.3 MJ/m2.
        let sun = SunDay::new(43.0, 0.0, 0.0, 104);
        let mj = sun.extraterrestrial_horizontal_wh_m2() * 3.6e-3 * 1367.0 / 1361.0;
        assert!((mj - 34.1).abs() < 0.1, "{mj}");
    }
}
