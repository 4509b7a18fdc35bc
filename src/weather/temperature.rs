//! Synthetic air temperature.

use std::f64::consts::TAU;

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::climate::ClimateSpec;
use super::year::{DAYS_PER_YEAR, HOURS_PER_YEAR, MONTH_DAYS, months};

/// Time of the day's highest temperature, local standard time \[h\].
const HOTTEST_HOUR: f64 = 15.0;

/// Mean temperature of each day \[degC\], linear between the middles of the months.
///
/// A line through the monthly means cuts off the summits: its own monthly means fall short in the hottest month.
/// So the values at mid-month are moved by what is missing until the means agree (below 1e-3 K).
pub(super) fn daily_means_c(monthly_c: &[f64; 12]) -> Vec<f64> {
    let mut nodes = *monthly_c;
    let mut days = between_mid_months(&nodes);
    for _ in 0..20 {
        for (month, span) in months().into_iter().enumerate() {
            let length = span.len() as f64;
            nodes[month] += monthly_c[month] - days[span].iter().sum::<f64>() / length;
        }
        days = between_mid_months(&nodes);
    }
    days
}

fn between_mid_months(nodes: &[f64; 12]) -> Vec<f64> {
    let starts = months();
    let middle = |month: usize| starts[month].start as f64 + 0.5 * MONTH_DAYS[month] as f64;
    let mut days = vec![0.0; DAYS_PER_YEAR];
    for month in 0..12 {
        let next = (month + 1) % 12;
        let from = middle(month);
        let to = if next == 0 { middle(0) + DAYS_PER_YEAR as f64 } else { middle(next) };
        // A day counts at its own noon; December runs on into January.
        for day in (from - 0.5).ceil() as usize..(to - 0.5).ceil() as usize {
            let share = (day as f64 + 0.5 - from) / (to - from);
            days[day % DAYS_PER_YEAR] = nodes[month] + share * (nodes[next] - nodes[month]);
        }
    }
    days
}

/// Course of a day between -1 and 1.
fn shape_of_day() -> [f64; 24] {
    std::array::from_fn(|hour| ((hour as f64 + 0.5 - HOTTEST_HOUR) * TAU / 24.0).cos())
}

/// Hourly air temperature \[degC\] of a day of this mean \[degC\] and range \[K\].
pub(super) fn mean_day_c(mean_c: f64, range_k: f64) -> [f64; 24] {
    shape_of_day().map(|s| mean_c + 0.5 * range_k * s)
}

/// Draws one year of hourly air temperature \[degC\].
///
/// `T = T_m(day) + sd_m z_day + (dT_m / 2) cos(2 pi (h - 15) / 24)`, `z_day = phi z_(day-1) + sqrt(1 - phi^2) e`
///
/// * `T_m` - `mean_c`, mean of the day \[degC\]; `sd_m`, `dT_m` - of the month \[K\]; `phi` - `day_lag1`
/// * `h` - middle of the hour \[h\]; `e` - standard normal
///
/// Daily mean and range of the month are those of the climate; the shape of the day is assumed.
pub(super) fn draw_temperature_c(site: &ClimateSpec, mean_c: &[f64], rng: &mut impl Rng) -> Vec<f64> {
    let phi = site.day_lag1.clamp(-1.0, 1.0);
    let fresh = (1.0 - phi * phi).sqrt();
    let shape = shape_of_day();
    let mut hourly = Vec::with_capacity(HOURS_PER_YEAR);
    let mut z: f64 = rng.sample(StandardNormal);
    for (month, span) in months().into_iter().enumerate() {
        for &mean in &mean_c[span] {
            let day_mean = mean + site.day_sd_k[month] * z;
            hourly.extend(shape.iter().map(|s| day_mean + 0.5 * site.daily_range_k[month] * s));
            z = phi * z + fresh * rng.sample::<f64, _>(StandardNormal);
        }
    }
    hourly
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn daily_means_keep_the_monthly_ones() {
        let monthly = [13.4, 17.0, 22.3, 29.4, 33.0, 33.2, 31.0, 29.7, 29.0, 25.3, 19.8, 15.0];
        let days = daily_means_c(&monthly);
        for (month, span) in months().into_iter().enumerate() {
            let length = span.len() as f64;
            let mean = days[span].iter().sum::<f64>() / length;
            assert!((mean - monthly[month]).abs() < 1e-3, "month {month}: {mean}");
        }
        // No jump between days, New Year included.
        assert!((0..365).all(|d| (days[(d + 1) % 365] - days[d]).abs() < 0.4));
    }
}
