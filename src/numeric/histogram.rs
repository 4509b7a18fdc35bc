//! Integer histograms: they merge exactly, so quantiles do not depend on the order of packs or threads.

/// Counts in equal bins; values outside fall into the end bins.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    low: f64,
    width: f64,
    counts: Vec<u32>,
    total: u64,
}

impl Histogram {
    /// `bins` bins over `low..high`.
    pub fn new(low: f64, high: f64, bins: usize) -> Self {
        Histogram { low, width: (high - low) / bins as f64, counts: vec![0; bins], total: 0 }
    }

    /// Counts a value.
    pub fn add(&mut self, value: f64) {
        let bin = ((value - self.low) / self.width).floor().max(0.0) as usize;
        let last = self.counts.len() - 1;
        self.counts[bin.min(last)] += 1;
        self.total += 1;
    }

    /// Number of values counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The value below which the share `p` lies, interpolated inside its bin; `None` when empty.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if self.total == 0 {
            return None;
        }
        let target = p.clamp(0.0, 1.0) * self.total as f64;
        let mut below = 0.0;
        for (bin, &count) in self.counts.iter().enumerate() {
            let here = f64::from(count);
            if here > 0.0 && below + here >= target {
                return Some(self.low + self.width * (bin as f64 + (target - below) / here));
            }
            below += here;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_uniform_spread() {
        let mut h = Histogram::new(0.0, 1.0, 1000);
        assert_eq!(h.quantile(0.5), None);
        (0..10_000).for_each(|i| h.add((i as f64 + 0.5) / 10_000.0));
        for p in [0.1, 0.5, 0.9] {
            assert!((h.quantile(p).unwrap() - p).abs() < 1e-3);
        }
    }

    #[test]
    fn outliers_stay_in_the_end_bins() {
        let mut h = Histogram::new(0.0, 1.0, 10);
        h.add(-5.0);
        h.add(5.0);
        assert_eq!(h.total(), 2);
        assert!(h.quantile(0.0).unwrap() <= 0.1 && h.quantile(1.0).unwrap() >= 0.9);
    }
}
