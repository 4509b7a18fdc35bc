use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::super::pv::{PvGeometry, pv_year};
use super::super::sun::position;
use super::super::year::months;
use super::*;

/// A monsoon climate: monthly means of temperature, range and sun as at New Delhi.
fn delhi() -> ClimateSpec {
    ClimateSpec {
        title: "like Delhi".into(),
        latitude_deg: 28.58,
        longitude_deg: 77.2,
        utc_offset_h: 5.5,
        altitude_m: None,
        linke_turbidity: None,
        temperature_c: [13.4, 17.0, 22.3, 29.4, 33.0, 33.2, 31.0, 29.7, 29.0, 25.3, 19.8, 15.0],
        daily_range_k: [11.3, 11.9, 12.7, 13.9, 12.3, 9.6, 6.9, 6.3, 8.0, 12.2, 13.7, 12.8],
        day_sd_k: [2.0, 2.5, 2.8, 2.5, 2.3, 2.5, 1.8, 1.4, 1.5, 1.6, 1.7, 1.9],
        day_lag1: 0.7,
        ghi_kwh_per_m2_day: [3.83, 4.79, 6.19, 7.26, 7.67, 7.35, 6.32, 5.80, 5.61, 5.26, 4.23, 3.52],
        clearness_rel_sd: [0.20, 0.16, 0.13, 0.11, 0.11, 0.17, 0.25, 0.24, 0.18, 0.11, 0.13, 0.19],
        clearness_lag1: 0.44,
    }
}

/// A maritime northern climate: monthly means as at Birmingham.
fn birmingham() -> ClimateSpec {
    ClimateSpec {
        title: "like Birmingham".into(),
        latitude_deg: 52.45,
        longitude_deg: -1.73,
        utc_offset_h: 0.0,
        altitude_m: None,
        linke_turbidity: None,
        temperature_c: [4.6, 3.7, 6.4, 7.4, 11.0, 14.2, 17.2, 16.3, 13.1, 9.9, 6.9, 5.0],
        daily_range_k: [6.0, 5.7, 7.8, 7.6, 8.9, 8.7, 9.1, 9.8, 7.8, 7.3, 4.7, 5.3],
        day_sd_k: [3.5, 3.6, 2.9, 2.6, 2.6, 2.4, 2.5, 2.3, 2.4, 2.9, 3.2, 3.6],
        day_lag1: 0.7,
        ghi_kwh_per_m2_day: [0.66, 1.32, 2.40, 3.72, 4.72, 5.27, 5.20, 4.28, 2.95, 1.69, 0.87, 0.55],
        clearness_rel_sd: [0.45, 0.42, 0.40, 0.34, 0.32, 0.31, 0.30, 0.31, 0.34, 0.38, 0.44, 0.45],
        clearness_lag1: 0.3,
    }
}

fn years(site: &ClimateSpec, count: usize, seed: u64) -> Vec<WeatherYear> {
    let generator = YearGenerator::new(site);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| generator.draw(&mut rng)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sd(values: &[f64]) -> f64 {
    let m = mean(values);
    (values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

fn lag1(values: &[f64]) -> f64 {
    let m = mean(values);
    let along: f64 = values.windows(2).map(|w| (w[0] - m) * (w[1] - m)).sum();
    along / values.iter().map(|v| (v - m).powi(2)).sum::<f64>()
}

/// Means of each day of a year.
fn days(hourly: &[f64]) -> Vec<f64> {
    hourly.chunks_exact(24).map(mean).collect()
}

#[test]
fn the_sun_of_many_years_is_that_of_the_climate() {
    for (site, seed) in [(delhi(), 1), (birmingham(), 2)] {
        let years = years(&site, 100, seed);
        let expected: f64 =
            months().iter().zip(site.ghi_kwh_per_m2_day).map(|(span, daily)| span.len() as f64 * daily).sum();
        let annual: Vec<f64> = years.iter().map(|y| y.ghi_w_m2.iter().sum::<f64>() / 1000.0).collect();
        let bias = mean(&annual) / expected - 1.0;
        assert!(bias.abs() < 0.02, "{}: yearly sun off by {bias}", site.title);
        let spread = sd(&annual) / mean(&annual);
        assert!((0.012..0.05).contains(&spread), "{}: yearly sd {spread}", site.title);
        for (month, span) in months().into_iter().enumerate() {
            let daily: Vec<f64> =
                years.iter().map(|y| mean(&days(&y.ghi_w_m2)[span.clone()]) * 24.0 / 1000.0).collect();
            let off = mean(&daily) / site.ghi_kwh_per_m2_day[month] - 1.0;
            assert!(off.abs() < 0.04, "{} month {month}: off by {off}", site.title);
        }
    }
}

#[test]
fn daily_clearness_keeps_spread_and_memory() {
    let site = delhi();
    let generator = YearGenerator::new(&site);
    let outside: Vec<f64> = generator.sun.iter().map(SunDay::extraterrestrial_horizontal_wh_m2).collect();
    let (mut memory, mut july) = (Vec::new(), Vec::new());
    for year in years(&site, 60, 3) {
        let clearness: Vec<f64> = days(&year.ghi_w_m2).iter().zip(&outside).map(|(g, o)| 24.0 * g / o).collect();
        assert!(clearness.iter().all(|k| (0.029..0.821).contains(k)));
        memory.push(lag1(&clearness[181..212]));
        july.extend_from_slice(&clearness[181..212]);
    }
    let spread = sd(&july) / mean(&july);
    assert!((spread / site.clearness_rel_sd[6] - 1.0).abs() < 0.05, "relative sd {spread}");
    // Thirty-one days understate a correlation by about (1 + 4 phi) / 31.
    assert!((mean(&memory) + (1.0 + 4.0 * 0.44) / 31.0 - 0.44).abs() < 0.05, "lag-1 {}", mean(&memory));
}

#[test]
fn every_hour_is_possible() {
    for (site, seed) in [(delhi(), 4), (birmingham(), 5)] {
        for year in years(&site, 5, seed) {
            let columns = [&year.temperature_c, &year.ghi_w_m2, &year.dni_w_m2, &year.dhi_w_m2];
            assert!(columns.iter().all(|c| c.len() == HOURS_PER_YEAR && c.iter().all(|v| v.is_finite())));
            assert!(columns[1..].iter().all(|c| c.iter().all(|&v| (0.0..1300.0).contains(&v))));
            assert!(year.temperature_c.iter().all(|t| (-40.0..60.0).contains(t)));
            for hour in 0..HOURS_PER_YEAR {
                assert!(year.dhi_w_m2[hour] <= year.ghi_w_m2[hour] + 1e-9);
                let up = (0..=4).any(|quarter| {
                    let time = (hour % 24) as f64 + 0.25 * f64::from(quarter);
                    let sun = position(site.latitude_deg, site.longitude_deg, site.utc_offset_h, hour / 24, time);
                    sun.zenith_deg < 90.3
                });
                assert!(up || year.ghi_w_m2[hour] == 0.0, "sun at night, hour {hour}");
            }
        }
    }
}

#[test]
fn temperature_keeps_means_spread_memory_and_range() {
    let site = delhi();
    let years = years(&site, 100, 6);
    let smooth = daily_means_c(&site.temperature_c);
    let mut memory = Vec::new();
    for (month, span) in months().into_iter().enumerate() {
        let (mut level, mut deviation, mut range) = (Vec::new(), Vec::new(), Vec::new());
        for year in &years {
            let daily = days(&year.temperature_c);
            let off: Vec<f64> = span.clone().map(|d| daily[d] - smooth[d]).collect();
            level.push(mean(&daily[span.clone()]));
            deviation.extend(off);
            let hours = &year.temperature_c[span.start * 24..span.start * 24 + 24];
            range.push(hours.iter().fold(f64::MIN, |a, &b| a.max(b)) - hours.iter().fold(f64::MAX, |a, &b| a.min(b)));
            assert!(hours[14] > hours[12] && hours[15] > hours[17] && hours[3] < hours[1]);
        }
        assert!((mean(&level) - site.temperature_c[month]).abs() < 0.5, "month {month}: {}", mean(&level));
        assert!((sd(&deviation) / site.day_sd_k[month] - 1.0).abs() < 0.1, "month {month}: {}", sd(&deviation));
        assert!((mean(&range) / site.daily_range_k[month] - 1.0).abs() < 0.02);
    }
    for year in &years {
        let daily = days(&year.temperature_c);
        let scaled: Vec<f64> = months()
            .into_iter()
            .enumerate()
            .flat_map(|(m, span)| span.map(move |d| (m, d)))
            .map(|(m, d)| (daily[d] - smooth[d]) / site.day_sd_k[m])
            .collect();
        memory.push(lag1(&scaled));
    }
    assert!((mean(&memory) - 0.7).abs() < 0.03, "lag-1 {}", mean(&memory));
}

#[test]
fn a_seed_gives_the_same_bits() {
    let draw = |seed| synthetic_year(&delhi(), &mut ChaCha8Rng::seed_from_u64(seed));
    let bits = |y: &WeatherYear| -> Vec<u64> {
        [&y.temperature_c, &y.ghi_w_m2, &y.dni_w_m2, &y.dhi_w_m2]
            .iter()
            .flat_map(|c| c.iter().map(|v| v.to_bits()))
            .collect()
    };
    assert_eq!(bits(&draw(11)), bits(&draw(11)));
    assert_ne!(bits(&draw(11)), bits(&draw(12)));
}

#[test]
fn a_tilted_kilowatt_yields_what_such_places_yield() {
    let pv = |tilt_deg| PvGeometry {
        tilt_deg,
        azimuth_deg: 180.0,
        temperature_coefficient_per_k: -0.0035,
        system_loss: 0.14,
    };
    for (site, pv, seed, bounds) in [(delhi(), pv(28.0), 8, 1550.0..1950.0), (birmingham(), pv(35.0), 9, 850.0..1100.0)]
    {
        let yields: Vec<f64> = years(&site, 40, seed)
            .iter()
            .map(|year| {
                let power = pv_year(year, &site, &pv);
                assert_eq!(power.len(), HOURS_PER_YEAR);
                assert!(power.iter().all(|p| (0.0..1.2).contains(p)));
                power.iter().sum()
            })
            .collect();
        assert!(bounds.contains(&mean(&yields)), "{}: {}", site.title, mean(&yields));
    }
}

#[test]
fn places_without_sun_or_without_night_do_not_break() {
    let mut site = birmingham();
    (site.latitude_deg, site.longitude_deg, site.utc_offset_h) = (78.2, 15.6, 1.0);
    site.ghi_kwh_per_m2_day = [0.0, 0.1, 1.0, 3.0, 5.0, 5.0, 4.5, 2.5, 1.0, 0.2, 0.0, 0.0];
    let year = synthetic_year(&site, &mut ChaCha8Rng::seed_from_u64(10));
    assert!(year.ghi_w_m2.iter().chain(&year.dni_w_m2).all(|v| v.is_finite() && *v >= 0.0));
    assert!(year.ghi_w_m2[..24 * 30].iter().all(|v| *v == 0.0));
    assert!(year.ghi_w_m2[24 * 172..24 * 173].iter().all(|v| *v > 0.0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Both hemispheres, polar night and day, hazy and clear air.
    #[test]
    fn any_latitude_keeps_its_means(
        latitude_deg in -70.0f64..70.0,
        clearness in 0.3f64..0.62,
        turbidity in prop::option::of(2.0f64..6.0),
        seed in 0u64..100,
    ) {
        let mut site = birmingham();
        (site.latitude_deg, site.longitude_deg, site.utc_offset_h) = (latitude_deg, 20.0, 1.0);
        site.linke_turbidity = turbidity.map(|t| [t; 12]);
        site.clearness_rel_sd = [0.25; 12];
        let outside: Vec<f64> = (0..365)
            .map(|day| SunDay::new(latitude_deg, 20.0, 1.0, day).extraterrestrial_horizontal_wh_m2() / 1000.0)
            .collect();
        site.ghi_kwh_per_m2_day = months().map(|span| clearness * mean(&outside[span]));
        let (count, plane) = (40, if latitude_deg < 0.0 { 0.0 } else { 180.0 });
        let pv = PvGeometry { tilt_deg: 40.0, azimuth_deg: plane, temperature_coefficient_per_k: -0.0035, system_loss: 0.1 };
        let mut sums = [0.0; 12];
        for (number, year) in years(&site, count, seed).iter().enumerate() {
            let columns = [&year.ghi_w_m2, &year.dni_w_m2, &year.dhi_w_m2];
            prop_assert!(columns.iter().all(|c| c.iter().all(|x| x.is_finite() && *x >= 0.0)));
            prop_assert!(year.temperature_c.iter().all(|t| t.is_finite()));
            if number == 0 {
                prop_assert!(pv_year(year, &site, &pv).iter().all(|p| p.is_finite() && *p >= 0.0));
            }
            for (sum, span) in sums.iter_mut().zip(months()) {
                *sum += 24.0 / 1000.0 / count as f64 * mean(&year.ghi_w_m2[24 * span.start..24 * span.end]);
            }
        }
        for (month, (ours, wanted)) in sums.iter().zip(site.ghi_kwh_per_m2_day).enumerate() {
            let allowed = 0.05 * wanted + 0.01;
            prop_assert!((ours - wanted).abs() < allowed, "{latitude_deg}, month {month}: {ours} for {wanted}");
        }
    }
}
