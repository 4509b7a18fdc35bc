//! How clear the sky is: day by day, and split into hours.

use std::f64::consts::{FRAC_PI_3, PI};

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

use super::climate::ClimateSpec;
use super::sun::SunDay;
use super::year::{DAYS_PER_YEAR, months};
use crate::numeric::stats::{BetaQuantile, normal_cdf};

/// Least and greatest daily clearness index: the darkest overcast and the cleanest clear day.
pub(super) const DAILY_BOUNDS: (f64, f64) = (0.03, 0.82);
/// Greatest clearness index of an hour.
pub(super) const HOURLY_CAP: f64 = 0.9;

/// Share of the variance of the daily normal variable that a whole year has in common (assumed).
const YEAR_VARIANCE: f64 = 0.045 * 0.045;
/// Share of the variance of the daily normal variable that a month has in common (assumed).
const MONTH_VARIANCE: f64 = 0.15 * 0.15;

/// Correlation of the deviations of one hour and the next.
const HOUR_LAG1: f64 = 0.54;

/// The laws of the daily clearness index of a place, month by month.
#[derive(Clone, Debug)]
pub(super) struct DailyClearness {
    laws: [BetaQuantile; 12],
    lag1: f64,
}

impl DailyClearness {
    /// Laws whose monthly means give the monthly irradiation of the climate.
    ///
    /// Mean of a month: its irradiation over what reaches the top of the atmosphere, kept inside [`DAILY_BOUNDS`];
    /// sd: the relative sd of the climate times that mean.
    pub(super) fn new(site: &ClimateSpec, sun: &[SunDay]) -> Self {
        let (low, high) = DAILY_BOUNDS;
        let spans = months();
        let laws = std::array::from_fn(|month| {
            let days = &sun[spans[month].clone()];
            let outside = days.iter().map(SunDay::extraterrestrial_horizontal_wh_m2).sum::<f64>() / days.len() as f64;
            // In polar night any law will do: there is nothing to multiply.
            let mean = if outside > 1.0 { 1000.0 * site.ghi_kwh_per_m2_day[month] / outside } else { 0.5 };
            let sd = site.clearness_rel_sd[month] * mean;
            BetaQuantile::from_moments((mean - low) / (high - low), sd / (high - low))
        });
        Self { laws, lag1: site.clearness_lag1.clamp(-1.0, 1.0) }
    }

    /// Draws the clearness index of each day of a year.
    ///
    /// `K = lo + (hi - lo) B_m(Phi(z))`, `z = sqrt(1 - v_y - v_m) x + sqrt(v_y) u + sqrt(v_m) u_m`,
    /// `x_d = phi x_(d-1) + sqrt(1 - phi^2) e`
    ///
    /// * `B_m` - quantile of the month's Beta law; `phi` - `clearness_lag1`; `e`, `u`, `u_m` - standard normal
    /// * `u` - drawn once a year, `u_m` once a month: dull and bright years and months. `z` stays standard normal, so
    ///   mean and sd of a day over many years are those of the climate whatever `v_y` and `v_m` are.
    ///
    /// Without the shared part years differ too little. `v_y`, `v_m` are assumed; with 0.045^2 and 0.15^2 the yearly
    /// irradiation of a monsoon climate has an sd near 1.7 %.
    pub(super) fn draw(&self, rng: &mut impl Rng) -> Vec<f64> {
        let (low, high) = DAILY_BOUNDS;
        let fresh = (1.0 - self.lag1 * self.lag1).sqrt();
        let own = (1.0 - YEAR_VARIANCE - MONTH_VARIANCE).sqrt();
        let of_year = YEAR_VARIANCE.sqrt() * rng.sample::<f64, _>(StandardNormal);
        let mut daily = Vec::with_capacity(DAYS_PER_YEAR);
        let mut x: f64 = rng.sample(StandardNormal);
        for (month, span) in months().into_iter().enumerate() {
            let shared = of_year + MONTH_VARIANCE.sqrt() * rng.sample::<f64, _>(StandardNormal);
            for _ in span {
                let unit = self.laws[month].quantile(normal_cdf(own * x + shared));
                daily.push(low + (high - low) * unit);
                x = self.lag1 * x + fresh * rng.sample::<f64, _>(StandardNormal);
            }
        }
        daily
    }
}

/// Splits a day's clearness index into the clearness index of each hour.
///
/// Trend: `kt_m ~ K (a + b cos w)`, `a = 0.409 + 0.5016 sin(ws - 60 deg)`, `b = 0.6609 - 0.4767 sin(ws - 60 deg)`.
/// Deviation: `kt = kt_m + 0.16 sin(pi K / 0.90) y`, `y_h = 0.54 y_(h-1) + sqrt(1 - 0.54^2) e`.
///
/// * `K` - `clearness`, of the day; `w`, `ws` - hour angles of the middle of the hour and of sunset
/// * `cos_zenith` - mean of each hour, zero at night; `e` - standard normal
///
/// No hour is drawn below a tenth of the day's index. The hours are then scaled to the day's `K`, none above
/// `0.9 exp(-0.057 / cos z)`, the shape of Haurwitz's clear sky raised to a bound; what a capped hour cannot take
/// goes to the others. Only a day above that bound in all hours exceeds it, up to [`HOURLY_CAP`], where it loses energy.
///
/// The source draws hours from a Beta law with this mean and sd; a clipped normal law is used here instead.
///
/// Source: Collares-Pereira and Rabl 1979, doi 10.1016/0038-092X(79)90100-2 (trend); Graham and Hollands 1990, Solar
/// Energy 44(6), 333-341 (deviation); Haurwitz 1945, J. Meteorology 2, 154-166 (shape of the bound).
pub(super) fn split_into_hours(clearness: f64, sun: &SunDay, cos_zenith: &[f64; 24], rng: &mut impl Rng) -> [f64; 24] {
    let outside: f64 = cos_zenith.iter().sum();
    if outside <= 0.0 {
        return [0.0; 24];
    }
    let tilt = (sun.sunset_hour_angle_rad() - FRAC_PI_3).sin();
    let (a, b) = (0.409 + 0.5016 * tilt, 0.6609 - 0.4767 * tilt);
    let trend: [f64; 24] = std::array::from_fn(|h| (a + b * sun.hour_angle_rad(h as f64 + 0.5).cos()).max(0.0));
    let scale = clearness * outside / trend.iter().zip(cos_zenith).map(|(t, c)| t * c).sum::<f64>();

    let spread = 0.16 * (PI * clearness / 0.90).sin().max(0.0);
    let fresh = (1.0 - HOUR_LAG1 * HOUR_LAG1).sqrt();
    let mut y: f64 = rng.sample(StandardNormal);
    let mut hours = [0.0; 24];
    let mut caps = [0.0; 24];
    for h in (0..24).filter(|&h| cos_zenith[h] > 0.0) {
        caps[h] = HOURLY_CAP * (-0.057 / cos_zenith[h]).exp();
        hours[h] = (scale * trend[h] + spread * y).clamp(0.1 * clearness, HOURLY_CAP);
        y = HOUR_LAG1 * y + fresh * rng.sample::<f64, _>(StandardNormal);
    }
    fit_to_day(&mut hours, &caps, cos_zenith, clearness * outside);
    hours
}

/// Scales the hours so that they sum to `target` with none above its cap, as far as the caps allow.
fn fit_to_day(hours: &mut [f64; 24], caps: &[f64; 24], cos_zenith: &[f64; 24], target: f64) {
    let room: f64 = caps.iter().zip(cos_zenith).map(|(cap, c)| cap * c).sum();
    if room <= target {
        for (hour, cap) in hours.iter_mut().zip(caps) {
            *hour = (cap * target / room).min(HOURLY_CAP);
        }
        return;
    }
    // Each round either caps one more hour or meets the target, so there are at most 24.
    for _ in 0..24 {
        let (mut fixed, mut free) = (0.0, 0.0);
        for h in 0..24 {
            if hours[h] >= caps[h] {
                hours[h] = caps[h];
                fixed += hours[h] * cos_zenith[h];
            } else {
                free += hours[h] * cos_zenith[h];
            }
        }
        let factor = (target - fixed) / free;
        if !(factor.is_finite() && factor > 0.0) || (factor - 1.0).abs() < 1e-12 {
            break;
        }
        for h in 0..24 {
            if hours[h] < caps[h] {
                hours[h] *= factor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::ChaCha8Rng;

    use super::*;

    #[test]
    fn hours_add_up_to_the_day_within_their_bounds() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        for (latitude, day) in [(28.6, 20), (28.6, 171), (52.5, 171), (52.5, 355), (68.0, 171)] {
            let sun = SunDay::new(latitude, 0.0, 0.0, day);
            let cos_zenith: [f64; 24] = std::array::from_fn(|h| sun.mean_cos_zenith(h));
            let outside: f64 = cos_zenith.iter().sum();
            for k in 0..=30 {
                let clearness = 0.05 + 0.02 * f64::from(k);
                let hours = split_into_hours(clearness, &sun, &cos_zenith, &mut rng);
                let sum: f64 = hours.iter().zip(&cos_zenith).map(|(kt, c)| kt * c).sum();
                assert!((sum / outside - clearness).abs() < 1e-9, "{latitude} {day} {clearness}: {}", sum / outside);
                assert!(
                    hours
                        .iter()
                        .zip(&cos_zenith)
                        .all(|(kt, c)| (0.0..=HOURLY_CAP).contains(kt) && (*c > 0.0) == (*kt > 0.0))
                );
            }
        }
    }
}
