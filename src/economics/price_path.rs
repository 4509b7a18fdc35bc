//! Metal prices over time: one uncertain future, common to all materials.

use crate::numeric::stream::Purpose;
use crate::numeric::stream::Streams;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Years that a future reaches; the last value holds beyond.
const YEARS: usize = 120;

/// How the logarithm of a common factor on all material prices moves from the year of the price set on.
///
/// `d ln F = (drift - reversion (ln F - drift t)) dt + volatility dW` with `ln F = 0` at the start: a geometric Brownian
/// motion without reversion, and with it an Ornstein-Uhlenbeck process around the drifting line (Schwartz 1997, model 1,
/// doi 10.1111/j.1540-6261.1997.tb02721.x, written for the deviation from a trend). The median is `exp(drift t)`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PricePath {
    /// Drift of the logarithm of the median \[1/year\].
    pub drift_per_year: f64,
    /// Standard deviation of the logarithm after a year without reversion \[1/sqrt(year)\].
    pub volatility: f64,
    /// Rate at which deviations from the line die away; zero for none \[1/year\].
    pub reversion_per_year: f64,
}

/// One future of the metal prices: the factor on all material prices, by years since the year of the price set.
#[derive(Clone, Debug, PartialEq)]
pub struct Future {
    path: PricePath,
    /// Logarithm of the factor over the median at the end of each year; empty when nothing is uncertain.
    deviation: Vec<f64>,
}

impl Future {
    /// The future of one pack; without volatility nothing is drawn.
    pub fn of(path: PricePath, streams: &Streams) -> Self {
        let mut deviation = Vec::new();
        if path.volatility > 0.0 {
            let mut rng = streams.stream(Purpose::MetalPrices);
            let kept = (-path.reversion_per_year).exp();
            let sd = path.volatility * variance_over(path.reversion_per_year, 1.0).sqrt();
            let mut x = 0.0;
            deviation.push(x);
            for _ in 0..YEARS {
                let z: f64 = rng.sample(StandardNormal);
                x = kept * x + sd * z;
                deviation.push(x);
            }
        }
        Future { path, deviation }
    }

    /// Factor on material prices so many years after the year of the price set; 1 before it. Between the ends of two
    /// years the logarithm is joined by a line.
    pub fn factor(&self, years: f64) -> f64 {
        let years = years.max(0.0);
        let mut ln = self.path.drift_per_year * years;
        if let Some(last) = self.deviation.len().checked_sub(1) {
            let at = years.min(last as f64);
            let low = at.floor() as usize;
            let high = (low + 1).min(last);
            ln += self.deviation[low] + (self.deviation[high] - self.deviation[low]) * (at - low as f64);
        }
        ln.exp()
    }

    /// Median of the factor at a later time, for one who knows the factor of an earlier time and the law of its motion.
    pub fn foreseen(&self, now: f64, later: f64) -> f64 {
        let (now, later) = (now.max(0.0), later.max(0.0));
        let deviation = self.factor(now).ln() - self.path.drift_per_year * now;
        (self.path.drift_per_year * later + deviation * (-self.path.reversion_per_year * (later - now)).exp()).exp()
    }
}

/// Variance of the deviation after some years at unit volatility: `(1 - exp(-2 k t)) / 2 k`, and `t` without reversion.
fn variance_over(reversion: f64, years: f64) -> f64 {
    if reversion < 1e-9 { years } else { -(-2.0 * reversion * years).exp_m1() / (2.0 * reversion) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logs(path: PricePath, years: f64) -> Vec<f64> {
        (0..3000).map(|pack| Future::of(path, &Streams::new(3, pack)).factor(years).ln()).collect()
    }

    fn moments(x: &[f64]) -> (f64, f64) {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        (mean, x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / x.len() as f64)
    }

    #[test]
    fn nothing_moves_without_drift_and_volatility() {
        let future = Future::of(PricePath::default(), &Streams::new(1, 1));
        assert_eq!((future.factor(0.0), future.factor(17.3), future.foreseen(2.0, 9.0)), (1.0, 1.0, 1.0));
    }

    #[test]
    fn a_walk_spreads_with_time_and_a_reverting_one_settles() {
        let walk = PricePath { drift_per_year: 0.02, volatility: 0.2, reversion_per_year: 0.0 };
        let (mean, variance) = moments(&logs(walk, 9.0));
        assert!((mean - 0.18).abs() < 0.03, "{mean}");
        assert!((variance / (0.04 * 9.0) - 1.0).abs() < 0.08, "{variance}");
        let tied = PricePath { reversion_per_year: 0.5, ..walk };
        let (mean, variance) = moments(&logs(tied, 30.0));
        assert!((mean - 0.6).abs() < 0.02, "{mean}");
        assert!((variance / (0.04 / (2.0 * 0.5)) - 1.0).abs() < 0.08, "{variance}");
    }

    #[test]
    fn what_is_foreseen_starts_from_what_is_known() {
        let path = PricePath { drift_per_year: 0.01, volatility: 0.3, reversion_per_year: 0.2 };
        let future = Future::of(path, &Streams::new(5, 8));
        let now = future.factor(4.0);
        assert!((future.foreseen(4.0, 4.0) / now - 1.0).abs() < 1e-12);
        let line = |t: f64| (0.01 * t).exp();
        let expected = line(14.0) * (now / line(4.0)).powf((-2.0f64).exp());
        assert!((future.foreseen(4.0, 14.0) / expected - 1.0).abs() < 1e-12);
        // One future is one: asked twice, and between years.
        assert_eq!(future.factor(4.0), now);
        let between = future.factor(4.5).ln();
        let ends = [future.factor(4.0).ln(), future.factor(5.0).ln()];
        assert!((between - 0.5 * (ends[0] + ends[1])).abs() < 1e-12);
    }
}
