//! Ages within a calendar year, by when in its year the inflow takes place.

use super::super::plan::Entry;

/// Nodes and weights of Gauss and Legendre on -1..1, the half above zero (Abramowitz and Stegun 1964, table 25.4).
const FOUR: [(f64, f64); 2] = [(0.339981043584856, 0.652145154862546), (0.861136311594053, 0.347854845137454)];
const EIGHT: [(f64, f64); 4] = [
    (0.183434642495650, 0.362683783378362),
    (0.525532409916329, 0.313706645877887),
    (0.796666477413627, 0.222381034453374),
    (0.960289856497536, 0.101228536290376),
];

impl Entry {
    /// Part of the year that is over at the entry: least, most.
    pub fn window(self) -> [f64; 2] {
        match self {
            Entry::Start => [0.0, 0.0],
            Entry::Middle => [0.5, 0.5],
            Entry::End => [1.0, 1.0],
            Entry::Spread => [0.0, 1.0],
        }
    }

    /// Mean age at what happens evenly over the year that comes `k` years after that of entry \[years\].
    pub fn mean_age(self, k: usize) -> f64 {
        let years = k as f64;
        match (self, k) {
            (Entry::Start, _) => years + 0.5,
            (Entry::Middle, 0) => 0.25,
            (Entry::End, 0) => 0.0,
            (Entry::End, _) => years - 0.5,
            (Entry::Spread, 0) => 1.0 / 3.0,
            (Entry::Middle | Entry::Spread, _) => years,
        }
    }

    /// Share of what happens evenly over that year which is younger than an age.
    pub fn younger(self, k: usize, age: f64) -> f64 {
        let [low, high] = self.window();
        let from = (k as f64 - high).max(0.0);
        let to = k as f64 + 1.0 - low;
        if age >= to {
            return 1.0;
        }
        if age <= from {
            return 0.0;
        }
        if self != Entry::Spread {
            return (age - from) / (to - from);
        }
        // The difference of two even spreads over a year is a triangle; of the year of entry only its falling half is there.
        let x = age - k as f64;
        match (k, x < 0.0) {
            (0, _) => 1.0 - (1.0 - x).powi(2),
            (_, true) => 0.5 * (1.0 + x).powi(2),
            (_, false) => 1.0 - 0.5 * (1.0 - x).powi(2),
        }
    }

    /// Moments of entry and their weights, for a mean over the year of what is smooth between `breaks` and changes over
    /// `scale` years.
    pub fn moments(self, breaks: &[f64], scale: f64) -> Vec<(f64, f64)> {
        let [low, high] = self.window();
        if low == high {
            return vec![(low, 1.0)];
        }
        let mut edges = vec![0.0, 1.0];
        edges.extend(breaks.iter().copied().filter(|b| *b > 1e-9 && *b < 1.0 - 1e-9));
        edges.sort_by(f64::total_cmp);
        let fine = scale < 1.5;
        let parts = if scale < 0.5 { (0.5 / scale.max(0.02)).ceil() as usize } else { 1 };
        let rule: &[(f64, f64)] = if fine { &EIGHT } else { &FOUR };
        let mut moments = Vec::new();
        for pair in edges.windows(2) {
            let half = 0.5 * (pair[1] - pair[0]) / parts as f64;
            for part in 0..parts {
                let middle = pair[0] + half * (2 * part + 1) as f64;
                for (x, w) in rule {
                    moments.push((middle - half * x, half * w));
                    moments.push((middle + half * x, half * w));
                }
            }
        }
        moments
    }
}
