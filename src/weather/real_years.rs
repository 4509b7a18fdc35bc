//! Shortage of a small PV home in synthetic years against ten real ones.
//!
//! Reference: Bahraich (27.6 N, 81.6 E), ten years (2007-2016) of PV yield at 29 deg from MERRA-2 in the test data of
//! CLOVER; own balance over those years, of which only means are kept here. The mean yield of those years, 1834 kWh/kWp,
//! and the monthly irradiation in the plane are given to the synthetic ones; what is tested is how days follow one another.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;

use super::climate::ClimateSpec;
use super::irradiance::{Irradiance, Plane, hay_davies};
use super::pv::{PvGeometry, pv_year};
use super::sun::SunDay;
use super::synthetic::YearGenerator;
use super::year::{MONTH_DAYS, WeatherYear, months};

/// PV \[kWp\], battery \[kWh\], share of the demand that ten real years left unserved (mean).
const REAL: [(f64, f64, f64); 5] =
    [(0.8, 3.0, 0.0444), (0.8, 5.0, 0.0264), (1.0, 3.0, 0.0221), (1.0, 5.0, 0.0049), (1.2, 4.0, 0.0027)];
/// Yield of the three worst days in a row of a year, mean of ten real years \[kWh/kWp\].
const REAL_WORST_3_DAYS: f64 = 7.61;
/// Irradiation in the plane at 29 deg south, monthly mean \[kWh/(m2 day)\].
const REAL_POA: [f64; 12] = [5.18, 5.86, 6.73, 6.92, 6.80, 6.27, 5.29, 5.35, 5.81, 6.05, 5.28, 5.03];

const YEARS: usize = 200;
/// Mean yearly yield of the real years \[kWh/kWp\].
const REAL_YIELD: f64 = 1834.0;

fn place(name: &str) -> ClimateSpec {
    let text = include_str!("../../library/climates.toml");
    let table: toml::Table = text.parse().expect("the library");
    let mut entry = table["climates"][name].as_table().expect("an entry").clone();
    entry.retain(|key, _| !["source", "provenance", "assumed"].contains(&key));
    entry.try_into().expect("a climate")
}

/// Spread of the logarithm of the days' energy in the load of the reference; its hours have none of their own.
const DAY_LN_SD: f64 = 0.15;

/// The library's home in Delhi: weights of hours and months.
struct Home {
    hours: Vec<f64>,
    months: Vec<f64>,
}

impl Home {
    fn read() -> Home {
        let text = include_str!("../../library/loads.toml");
        let table: toml::Table = text.parse().expect("the library");
        let profile = &table["loads"]["home_delhi"]["profile"];
        let list = |key: &str| -> Vec<f64> {
            profile[key].as_array().expect("a list").iter().map(|x| x.as_float().expect("a number")).collect()
        };
        Home { hours: list("hour_weights"), months: list("month_weights") }
    }

    /// Hours of a year \[kW\] of `daily_kwh` on the mean.
    fn year_kw(&self, daily_kwh: f64, rng: &mut ChaCha8Rng) -> Vec<f64> {
        let of_day: f64 = self.hours.iter().sum();
        let of_year = self.months.iter().zip(MONTH_DAYS).map(|(w, days)| w * days as f64).sum::<f64>() / 365.0;
        let mut year = Vec::new();
        for (weight, days) in self.months.iter().zip(MONTH_DAYS) {
            for _ in 0..days {
                let spread = (DAY_LN_SD * rng.sample::<f64, _>(StandardNormal) - 0.5 * DAY_LN_SD * DAY_LN_SD).exp();
                let level = daily_kwh * weight / of_year / of_day * spread;
                year.extend(self.hours.iter().map(|h| level * h));
            }
        }
        year
    }
}

/// Irradiation in the plane by month \[kWh/(m2 day)\].
fn poa(year: &WeatherYear, site: &ClimateSpec, tilt_deg: f64) -> [f64; 12] {
    let plane = Plane { tilt_deg, azimuth_deg: 180.0 };
    months().map(|span| {
        let length = span.len() as f64;
        let day = |day: usize| -> f64 {
            let sun = SunDay::new(site.latitude_deg, site.longitude_deg, site.utc_offset_h, day);
            let incidence = plane.incidence(site.latitude_deg, sun.declination_rad());
            (0..24)
                .map(|hour| {
                    let k = 24 * day + hour;
                    let light = Irradiance {
                        ghi_w_m2: year.ghi_w_m2[k],
                        dni_w_m2: year.dni_w_m2[k],
                        dhi_w_m2: year.dhi_w_m2[k],
                    };
                    let cosines = (sun.mean_over_hour(hour, &incidence), sun.mean_cos_zenith(hour));
                    hay_davies(&light, tilt_deg, cosines.0, cosines.1, sun.extraterrestrial_normal_w_m2) / 1000.0
                })
                .sum()
        };
        span.map(day).sum::<f64>() / length
    })
}

/// Share of the demand left unserved in a year. A load behind an inverter of 0.92, a battery of 0.95 each way between 10
/// and 100 % of its energy, half its energy an hour at most, full at the start.
fn unserved(pv_kw: &[f64], load_kw: &[f64], kwp: f64, kwh: f64) -> f64 {
    let (inverter, way, rate) = (0.92, 0.95, 0.5 * kwh);
    let (mut energy, mut unmet) = (kwh, 0.0);
    for (pv, load) in pv_kw.iter().zip(load_kw) {
        let over = kwp * pv - load / inverter;
        if over >= 0.0 {
            energy += over.min(rate).min((kwh - energy) / way) * way;
        } else {
            let given = (-over).min(rate).min((energy - 0.1 * kwh).max(0.0) * way);
            energy -= given / way;
            unmet += (-over - given) * inverter;
        }
    }
    unmet / load_kw.iter().sum::<f64>()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// PV yield \[kW/kWp\] of synthetic years whose monthly means in the plane are those of the real ones.
fn yields(site: &ClimateSpec) -> Vec<Vec<f64>> {
    let geometry =
        PvGeometry { tilt_deg: 29.0, azimuth_deg: 180.0, temperature_coefficient_per_k: -0.0035, system_loss: 0.0 };
    let generator = YearGenerator::new(site);
    let mut rng = ChaCha8Rng::seed_from_u64(20);
    let years: Vec<WeatherYear> = (0..YEARS).map(|_| generator.draw(&mut rng)).collect();
    let mut ours = [0.0; 12];
    for year in &years {
        for (sum, month) in ours.iter_mut().zip(poa(year, site, geometry.tilt_deg)) {
            *sum += month / YEARS as f64;
        }
    }
    let scaled = |year: &WeatherYear| {
        let mut power = pv_year(year, site, &geometry);
        for (month, span) in months().into_iter().enumerate() {
            power[24 * span.start..24 * span.end].iter_mut().for_each(|p| *p *= REAL_POA[month] / ours[month]);
        }
        power
    };
    let mut yields: Vec<Vec<f64>> = years.iter().map(scaled).collect();
    let level = REAL_YIELD * YEARS as f64 / yields.iter().flatten().sum::<f64>();
    yields.iter_mut().flatten().for_each(|p| *p *= level);
    yields
}

#[test]
fn shortage_and_dark_spells_are_those_of_real_years() {
    let years = yields(&place("bahraich"));
    let (home, mut rng) = (Home::read(), ChaCha8Rng::seed_from_u64(22));
    let loads: Vec<Vec<f64>> = years.iter().map(|_| home.year_kw(2.8, &mut rng)).collect();
    for (kwp, kwh, real) in REAL {
        let ours: Vec<f64> = years.iter().zip(&loads).map(|(y, load)| unserved(y, load, kwp, kwh)).collect();
        println!("{kwp} kWp, {kwh} kWh: {:.2} %, real {:.2} %", 100.0 * mean(&ours), 100.0 * real);
        assert!((mean(&ours) / real - 1.0).abs() < 0.25, "{kwp} kWp, {kwh} kWh: {} for {real}", mean(&ours));
    }
    let worst_3_days = |year: &Vec<f64>| {
        let days: Vec<f64> = year.chunks_exact(24).map(|day| day.iter().sum()).collect();
        days.windows(3).map(|w| w.iter().sum()).fold(f64::MAX, f64::min)
    };
    let worst = mean(&years.iter().map(worst_3_days).collect::<Vec<_>>());
    println!("worst three days: {worst:.2} kWh/kWp, real {REAL_WORST_3_DAYS}");
    assert!((worst / REAL_WORST_3_DAYS - 1.0).abs() < 0.10, "{worst}");
}

/// Monthly mean diffuse irradiation at Phoenix \[Wh/(m2 day)\]: TMY3 722780, `.stat` file in NREL/openstudio-standards.
const PHOENIX_DIFFUSE: [f64; 12] =
    [999.0, 1282.0, 1653.0, 1779.0, 1996.0, 1946.0, 2207.0, 1965.0, 1580.0, 1271.0, 977.0, 874.0];

#[test]
fn the_clear_sky_mends_the_diffuse_share() {
    let diffuse = |site: &ClimateSpec| -> [f64; 12] {
        let generator = YearGenerator::new(site);
        let mut rng = ChaCha8Rng::seed_from_u64(21);
        let years: Vec<WeatherYear> = (0..60).map(|_| generator.draw(&mut rng)).collect();
        let of_month = |span: std::ops::Range<usize>| {
            mean(&years.iter().map(|y| 24.0 * mean(&y.dhi_w_m2[24 * span.start..24 * span.end])).collect::<Vec<_>>())
        };
        months().map(of_month)
    };
    let rms = |ours: &[f64; 12]| {
        let squares: Vec<f64> = ours.iter().zip(PHOENIX_DIFFUSE).map(|(o, r)| (o / r - 1.0).powi(2)).collect();
        mean(&squares).sqrt()
    };
    let site = place("phoenix");
    let (with, without) = (diffuse(&site), diffuse(&ClimateSpec { linke_turbidity: None, ..site }));
    let year = |ours: &[f64; 12]| mean(ours) / mean(&PHOENIX_DIFFUSE) - 1.0;
    println!(
        "year {:.3} for {:.3}, rms of months {:.3} for {:.3}",
        year(&with),
        year(&without),
        rms(&with),
        rms(&without)
    );
    assert!(year(&with).abs() < 0.05 && rms(&with) < 0.6 * rms(&without));
}
