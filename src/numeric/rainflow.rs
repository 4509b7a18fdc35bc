//! Streaming rainflow counting: the four-point form, with the residue counted as half cycles.
//!
//! Counts equal those of ASTM E1049-85 section 5.4.4 when the residue is flushed as half cycles.

/// A counted cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cycle {
    /// Peak to valley.
    pub range: f64,
    /// Middle of peak and valley.
    pub mean: f64,
    /// 1 for a full cycle, 0.5 for a half.
    pub count: f64,
}

/// Turning points not yet closed, and the value last seen.
#[derive(Clone, Debug, Default)]
pub struct Rainflow {
    open: Vec<f64>,
    last: Option<f64>,
    rising: Option<bool>,
}

impl Rainflow {
    /// An empty counter with room for its residue.
    pub fn new() -> Self {
        Rainflow { open: Vec::with_capacity(64), last: None, rising: None }
    }

    /// Gives the first sample; does nothing once there is one.
    pub fn begin(&mut self, value: f64) {
        if self.last.is_none() {
            self.last = Some(value);
            self.open.push(value);
        }
    }

    /// Takes the next sample and appends the full cycles that it closes.
    pub fn push(&mut self, value: f64, closed: &mut Vec<Cycle>) {
        let Some(last) = self.last else {
            self.begin(value);
            return;
        };
        if value == last {
            return;
        }
        let rising = value > last;
        if self.rising.is_some_and(|before| before != rising) {
            self.open.push(last);
            self.close(closed);
        }
        self.rising = Some(rising);
        self.last = Some(value);
    }

    /// Counts what is still open as half cycles and starts afresh from the last value.
    pub fn flush(&mut self, closed: &mut Vec<Cycle>) {
        if let (Some(last), Some(_)) = (self.last, self.rising) {
            self.open.push(last);
            self.close(closed);
        }
        for pair in self.open.windows(2) {
            closed.push(cycle(pair[0], pair[1], 0.5));
        }
        self.open.clear();
        self.open.extend(self.last);
        self.rising = None;
    }

    /// Whether anything has turned or moved since the first sample or the last flush.
    pub fn is_open(&self) -> bool {
        self.rising.is_some() || self.open.len() > 1
    }

    fn close(&mut self, closed: &mut Vec<Cycle>) {
        while let [.., a, b, c, d] = self.open[..] {
            let inner = (b - c).abs();
            if inner > (a - b).abs() || inner > (c - d).abs() {
                break;
            }
            closed.push(cycle(b, c, 1.0));
            let keep = self.open.len() - 3;
            self.open[keep] = d;
            self.open.truncate(keep + 1);
        }
    }
}

fn cycle(a: f64, b: f64, count: f64) -> Cycle {
    Cycle { range: (a - b).abs(), mean: 0.5 * (a + b), count }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(samples: &[f64]) -> Vec<Cycle> {
        let (mut flow, mut closed) = (Rainflow::new(), Vec::new());
        samples.iter().for_each(|&s| flow.push(s, &mut closed));
        flow.flush(&mut closed);
        closed
    }

    /// The worked example of ASTM E1049-85, figure 6: ranges 3, 4, 6, 8, 9 with counts 0.5, 1.5, 0.5, 1, 0.5.
    #[test]
    fn astm_e1049_example() {
        let cycles = count(&[-2.0, 1.0, -3.0, 5.0, -1.0, 3.0, -4.0, 4.0, -2.0]);
        let total = |range: f64| cycles.iter().filter(|c| c.range == range).map(|c| c.count).sum::<f64>();
        assert_eq!([3.0, 4.0, 6.0, 8.0, 9.0].map(total), [0.5, 1.5, 0.5, 1.0, 0.5]);
        assert_eq!(cycles.iter().map(|c| c.count).sum::<f64>(), 4.0);
    }

    proptest! {
        /// Twice the count times the range is the path length: no throughput is lost or invented.
        #[test]
        fn throughput_is_conserved(samples in prop::collection::vec(-1.0..1.0f64, 2..200)) {
            let path: f64 = samples.windows(2).map(|w| (w[1] - w[0]).abs()).sum();
            let counted: f64 = count(&samples).iter().map(|c| 2.0 * c.count * c.range).sum();
            prop_assert!((path - counted).abs() < 1e-9);
        }

        /// Extra samples on the way between turning points change nothing.
        #[test]
        fn resampling_changes_nothing(samples in prop::collection::vec(-1.0..1.0f64, 2..60)) {
            let dense: Vec<f64> = samples
                .windows(2)
                .flat_map(|w| [w[0], w[0] + 0.5 * (w[1] - w[0])])
                .chain(samples.last().copied())
                .collect();
            prop_assert_eq!(count(&samples), count(&dense));
        }
    }
}
