//! Years of weather drawn from the monthly figures of a place.

use rand::Rng;

use super::clear_sky::clear_day;
use super::clearness::{DailyClearness, split_into_hours};
use super::climate::ClimateSpec;
use super::irradiance::{Irradiance, erbs_split, split_beside_clear};
use super::sun::SunDay;
use super::temperature::{daily_means_c, draw_temperature_c};
use super::year::{DAYS_PER_YEAR, HOURS_PER_YEAR, WeatherYear, months};

/// Draws years for one place; what does not change from year to year is worked out once.
#[derive(Clone, Debug)]
pub struct YearGenerator {
    site: ClimateSpec,
    daily_mean_c: Vec<f64>,
    sun: Vec<SunDay>,
    cos_zenith: Vec<[f64; 24]>,
    clearness: DailyClearness,
    /// Hours under a clear sky, where the climate tells its turbidity.
    clear: Option<Vec<[Irradiance; 24]>>,
}

impl YearGenerator {
    /// Prepares the sun's path, the daily mean temperatures and the laws of clearness.
    pub fn new(site: &ClimateSpec) -> Self {
        let sun: Vec<SunDay> = (0..DAYS_PER_YEAR)
            .map(|day| SunDay::new(site.latitude_deg, site.longitude_deg, site.utc_offset_h, day))
            .collect();
        let cos_zenith = sun.iter().map(|day| std::array::from_fn(|hour| day.mean_cos_zenith(hour))).collect();
        let clearness = DailyClearness::new(site, &sun);
        let clear = site.linke_turbidity.map(|turbidity| {
            let altitude_m = site.altitude_m.unwrap_or(0.0);
            let month = |(month, span): (usize, std::ops::Range<usize>)| {
                sun[span].iter().map(move |day| clear_day(day, Some(turbidity[month]), altitude_m))
            };
            months().into_iter().enumerate().flat_map(month).collect()
        });
        Self { daily_mean_c: daily_means_c(&site.temperature_c), site: site.clone(), sun, cos_zenith, clearness, clear }
    }

    /// Draws one year. Years are independent of each other; temperature and sun as well.
    ///
    /// `ghi = kt E0 cos z`, with `kt` of the hour from the day's clearness; split by [`erbs_split`], and where the climate
    /// tells the turbidity of its air by [`split_beside_clear`].
    pub fn draw(&self, rng: &mut impl Rng) -> WeatherYear {
        let temperature_c = draw_temperature_c(&self.site, &self.daily_mean_c, rng);
        let daily = self.clearness.draw(rng);
        let mut ghi_w_m2 = Vec::with_capacity(HOURS_PER_YEAR);
        let mut dni_w_m2 = Vec::with_capacity(HOURS_PER_YEAR);
        let mut dhi_w_m2 = Vec::with_capacity(HOURS_PER_YEAR);
        for (day, &clearness) in daily.iter().enumerate() {
            let (sun, cos_zenith) = (&self.sun[day], &self.cos_zenith[day]);
            let hours = split_into_hours(clearness, sun, cos_zenith, rng);
            let outside = sun.extraterrestrial_normal_w_m2;
            for (hour, (kt, &cos_zenith)) in hours.iter().zip(cos_zenith).enumerate() {
                let global = kt * outside * cos_zenith;
                let light = match &self.clear {
                    Some(clear) => split_beside_clear(global, cos_zenith, outside, &clear[day][hour]),
                    None => erbs_split(global, cos_zenith, outside),
                };
                let Irradiance { ghi_w_m2: ghi, dni_w_m2: dni, dhi_w_m2: dhi } = light;
                ghi_w_m2.push(ghi);
                dni_w_m2.push(dni);
                dhi_w_m2.push(dhi);
            }
        }
        WeatherYear { temperature_c, ghi_w_m2, dni_w_m2, dhi_w_m2 }
    }
}

/// Draws one synthetic year for a place; for many years keep a [`YearGenerator`].
pub fn synthetic_year(site: &ClimateSpec, rng: &mut impl Rng) -> WeatherYear {
    YearGenerator::new(site).draw(rng)
}

#[cfg(test)]
mod tests;
