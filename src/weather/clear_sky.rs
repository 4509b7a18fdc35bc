//! The sky without clouds, by Ineichen and Perez, from the Linke turbidity of the air.

use super::climate::ClimateSpec;
use super::irradiance::{Irradiance, erbs_split};
use super::sun::SunDay;
use super::temperature::{daily_means_c, mean_day_c};
use super::year::{DAYS_PER_YEAR, WeatherYear, months};

/// Pressure at sea level \[Pa\].
const SEA_LEVEL_PA: f64 = 101_325.0;
/// Temperature of the air that bends the light \[degC\]; 20 K more or less move the low sun by 0.02 deg (assumed).
const REFRACTION_C: f64 = 12.0;
/// Instants by which an hour is known.
const INSTANTS: usize = 12;

/// Pressure of the standard atmosphere \[Pa\] at an altitude \[m\]: `101325 (1 - 2.25577e-5 h)^5.25588`.
///
/// Good up to 11 km. Source: U.S. Standard Atmosphere 1976, NOAA-S/T 76-1562.
pub fn pressure_pa(altitude_m: f64) -> f64 {
    SEA_LEVEL_PA * (1.0 - 2.255_77e-5 * altitude_m).max(0.2).powf(5.255_88)
}

/// Zenith at which the sun is seen \[deg\]: refraction lifts it by half a degree at the horizon.
///
/// `R = 1.02' / tan(e + 10.3 / (e + 5.11)) p/1010 hPa 283/(273 + T)`, `e` the true elevation \[deg\]; below -0.83 deg none.
/// Source: Saemundsson 1986, *Sky and Telescope* 72, 70, in Meeus 1998, *Astronomical Algorithms*, chapter 16.
pub fn apparent_zenith_deg(zenith_deg: f64, altitude_m: f64) -> f64 {
    let elevation = 90.0 - zenith_deg;
    if elevation < -0.833 {
        return zenith_deg;
    }
    let air = pressure_pa(altitude_m) / 101_000.0 * 283.0 / (273.0 + REFRACTION_C);
    let lift_deg = 1.02 / 60.0 / (elevation + 10.3 / (elevation + 5.11)).to_radians().tan();
    zenith_deg - (lift_deg * air).max(0.0)
}

/// Path of the light through the air over that from the zenith, at sea level.
///
/// `1 / (cos z + 0.50572 (96.07995 - z)^-1.6364)`, `z` the apparent zenith \[deg\], up to the horizon.
/// Source: Kasten and Young 1989, doi 10.1364/AO.28.004735.
pub fn kasten_young_airmass(apparent_zenith_deg: f64) -> f64 {
    let z = apparent_zenith_deg.clamp(0.0, 90.0);
    1.0 / (z.to_radians().cos() + 0.505_72 * (96.079_95 - z).powf(-1.6364))
}

/// Irradiance under a clear sky, at an instant; zero with the sun down.
///
/// * `ghi = a1 E0 cos z exp(-a2 m (f1 + f2 (T - 1)))`, `a1 = 5.09e-5 h + 0.868`, `a2 = 3.92e-5 h + 0.0387`
/// * `dni = b E0 exp(-0.09 m (T - 1))`, `b = 0.664 + 0.163 / f1`, not above
///   `ghi (1 - (0.1 - 0.2 exp(-T)) / (0.1 + 0.882 / f1)) / cos z`
/// * `dhi = ghi - dni cos z`
///
/// with `f1 = exp(-h/8000)`, `f2 = exp(-h/1250)`.
///
/// * `zenith_deg` - true zenith of the sun \[deg\]; its apparent one goes into `z` and the air mass
/// * `extraterrestrial_normal_w_m2` - `E0`; `linke_turbidity` - `T`, about 2 (clean, cold) to 7 (humid, dusty);
///   `altitude_m` - `h`; `m` - air mass times pressure over that of sea level
///
/// Source: Ineichen and Perez 2002, doi 10.1016/S0038-092X(02)00045-2, without the enhancement for very high air masses.
pub fn clear_sky(
    zenith_deg: f64,
    extraterrestrial_normal_w_m2: f64,
    linke_turbidity: f64,
    altitude_m: f64,
) -> Irradiance {
    let apparent = apparent_zenith_deg(zenith_deg, altitude_m);
    let cos_zenith = apparent.to_radians().cos();
    if cos_zenith <= 0.0 {
        return Irradiance { ghi_w_m2: 0.0, dni_w_m2: 0.0, dhi_w_m2: 0.0 };
    }
    let path = kasten_young_airmass(apparent) * pressure_pa(altitude_m) / SEA_LEVEL_PA;
    let (f1, f2) = ((-altitude_m / 8000.0).exp(), (-altitude_m / 1250.0).exp());
    let (a1, a2) = (5.09e-5 * altitude_m + 0.868, 3.92e-5 * altitude_m + 0.0387);
    let haze = linke_turbidity - 1.0;
    let outside = extraterrestrial_normal_w_m2;
    let ghi_w_m2 = a1 * outside * cos_zenith * (-a2 * path * (f1 + f2 * haze)).exp();
    let beam = (0.664 + 0.163 / f1) * outside * (-0.09 * path * haze).exp();
    let most = 1.0 - (0.1 - 0.2 * (-linke_turbidity).exp()) / (0.1 + 0.882 / f1);
    let dni_w_m2 = beam.min(ghi_w_m2 * most.max(0.0) / cos_zenith);
    Irradiance { ghi_w_m2, dni_w_m2, dhi_w_m2: ghi_w_m2 - dni_w_m2 * cos_zenith }
}

/// Mean irradiance of each hour of a day under a clear sky.
///
/// With a turbidity by [`clear_sky`]; without, by Haurwitz's `1098 cos z exp(-0.057 / cos z)`, split by [`erbs_split`].
/// Beam as in [`WeatherYear::dni_w_m2`].
///
/// Source of the second: Haurwitz 1945, J. Meteorology 2, 154-166.
pub(super) fn clear_day(sun: &SunDay, linke_turbidity: Option<f64>, altitude_m: f64) -> [Irradiance; 24] {
    let outside = sun.extraterrestrial_normal_w_m2;
    std::array::from_fn(|hour| {
        let mean_cos = sun.mean_cos_zenith(hour);
        let (mut ghi, mut beam) = (0.0, 0.0);
        for instant in 0..INSTANTS {
            let cos_zenith = sun.cos_zenith(hour as f64 + (instant as f64 + 0.5) / INSTANTS as f64);
            if cos_zenith <= 0.0 || mean_cos <= 0.0 {
                continue;
            }
            let light = match linke_turbidity {
                Some(turbidity) => clear_sky(cos_zenith.min(1.0).acos().to_degrees(), outside, turbidity, altitude_m),
                None => {
                    let ghi = 1098.0 * cos_zenith * (-0.057 / cos_zenith).exp();
                    erbs_split(ghi, cos_zenith, outside)
                }
            };
            ghi += light.ghi_w_m2 / INSTANTS as f64;
            beam += (light.ghi_w_m2 - light.dhi_w_m2) / INSTANTS as f64;
        }
        let dni_w_m2 = if mean_cos > 0.0 { (beam / mean_cos).min(outside) } else { 0.0 };
        Irradiance { ghi_w_m2: ghi, dni_w_m2, dhi_w_m2: ghi - dni_w_m2 * mean_cos }
    })
}

/// A year without clouds: what the hours of other years are held against. Temperatures are those of the mean day.
///
/// Of a climate with `linke_turbidity` by [`clear_sky`], of others by Haurwitz's formula, which is 3 to 14 % above it.
/// [`super::pv_year`] makes the yield of a clear sky of it.
pub fn clear_sky_year(site: &ClimateSpec) -> WeatherYear {
    let mean_c = daily_means_c(&site.temperature_c);
    let altitude_m = site.altitude_m.unwrap_or(0.0);
    let mut year =
        WeatherYear { temperature_c: Vec::new(), ghi_w_m2: Vec::new(), dni_w_m2: Vec::new(), dhi_w_m2: Vec::new() };
    for (month, span) in months().into_iter().enumerate() {
        let turbidity = site.linke_turbidity.map(|t| t[month]);
        for day in span {
            let sun = SunDay::new(site.latitude_deg, site.longitude_deg, site.utc_offset_h, day % DAYS_PER_YEAR);
            for light in clear_day(&sun, turbidity, altitude_m) {
                year.ghi_w_m2.push(light.ghi_w_m2);
                year.dni_w_m2.push(light.dni_w_m2);
                year.dhi_w_m2.push(light.dhi_w_m2);
            }
            year.temperature_c.extend(mean_day_c(mean_c[day], site.daily_range_k[month]));
        }
    }
    year
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn air_and_its_mass_meet_their_tables() {
        // Standard atmosphere: 1000 m 898.75 hPa, 5000 m 540.2 hPa.
        assert!((pressure_pa(1000.0) - 89_875.0).abs() < 20.0 && (pressure_pa(5000.0) - 54_020.0).abs() < 40.0);
        // Kasten and Young 1989, table: 1.0 overhead (to 3e-4), 1.994 at 60 deg, 37.92 at the horizon.
        for (zenith, mass, allowed) in
            [(0.0, 1.0, 5e-4), (60.0, 1.9939, 5e-3), (80.0, 5.5803, 0.03), (90.0, 37.92, 0.05)]
        {
            assert!(
                (kasten_young_airmass(zenith) - mass).abs() < allowed,
                "{zenith}: {}",
                kasten_young_airmass(zenith)
            );
        }
        // About 34' at the horizon under standard air, nothing overhead.
        assert!((90.0 - apparent_zenith_deg(90.0, 0.0) - 0.48).abs() < 0.06);
        assert!((apparent_zenith_deg(10.0, 0.0) - 10.0).abs() < 0.005);
    }

    #[test]
    fn haze_takes_beam_and_gives_diffuse() {
        let of = |turbidity: f64, altitude| clear_sky(40.0, 1361.0, turbidity, altitude);
        let mut last = of(1.5, 0.0);
        for step in 1..12 {
            let light = of(1.5 + 0.5 * f64::from(step), 0.0);
            assert!(light.ghi_w_m2 < last.ghi_w_m2 && light.dni_w_m2 < last.dni_w_m2 && light.dhi_w_m2 > last.dhi_w_m2);
            assert!(
                (light.dni_w_m2 * apparent_zenith_deg(40.0, 0.0).to_radians().cos() + light.dhi_w_m2 - light.ghi_w_m2)
                    .abs()
                    < 1e-9
            );
            last = light;
        }
        assert!(of(3.0, 2000.0).dni_w_m2 > of(3.0, 0.0).dni_w_m2);
        assert_eq!(clear_sky(91.5, 1361.0, 3.0, 0.0).ghi_w_m2, 0.0);
    }

    #[test]
    fn hours_of_a_clear_day_add_up() {
        for turbidity in [Some(3.0), None] {
            for (latitude, day) in [(28.6, 15), (52.4, 171), (-70.0, 355), (80.0, 171)] {
                let sun = SunDay::new(latitude, 0.0, 0.0, day);
                for (hour, light) in clear_day(&sun, turbidity, 100.0).iter().enumerate() {
                    let sum = light.dni_w_m2 * sun.mean_cos_zenith(hour) + light.dhi_w_m2;
                    assert!((sum - light.ghi_w_m2).abs() < 1e-9 && light.dhi_w_m2 >= -1e-9, "{latitude} {hour}");
                    assert!(
                        light.ghi_w_m2 <= 1.02 * sun.extraterrestrial_normal_w_m2 * sun.mean_cos_zenith(hour) + 1.0
                    );
                }
            }
        }
    }
}
