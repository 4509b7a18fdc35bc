//! Quantiles of columns.

use serde::Serialize;

/// Quantiles over packs or systems.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantiles {
    /// 10 % quantile.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// 90 % quantile.
    pub p90: f64,
}

/// Quantile of sorted values, linear between them; none for no values.
pub(crate) fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let low = (at.floor() as usize).min(last);
    let high = (low + 1).min(last);
    Some(sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64))
}

/// P10, P50 and P90 of the values present.
pub(crate) fn quantiles<'a>(values: impl IntoIterator<Item = &'a Option<f64>>) -> Option<Quantiles> {
    let sorted = sorted(values);
    Some(Quantiles { p10: quantile(&sorted, 0.1)?, p50: quantile(&sorted, 0.5)?, p90: quantile(&sorted, 0.9)? })
}

/// Median of the values present.
pub(crate) fn median<'a>(values: impl IntoIterator<Item = &'a Option<f64>>) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}

fn sorted<'a>(values: impl IntoIterator<Item = &'a Option<f64>>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.into_iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Mean of the rows where value and weight are present; none without weight.
pub(crate) fn weighted_mean(values: &[Option<f64>], weights: &[Option<f64>]) -> Option<f64> {
    let (mut sum, mut total) = (0.0, 0.0);
    for (value, weight) in values.iter().zip(weights) {
        if let (Some(v), Some(w)) = (value, weight) {
            sum += v * w;
            total += w;
        }
    }
    (total > 0.0).then(|| sum / total)
}

/// Part over whole; none for an empty whole.
pub(crate) fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
