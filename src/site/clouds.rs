//! Sun and cloud inside the hours of an array.

use crate::weather::MinuteSun;
use rand::rngs::ChaCha8Rng;

/// Spreads the yield of each hour over its steps, as [`MinuteSun`] has it; the hour keeps its energy.
pub struct Clouds<'a> {
    clear: &'a [f64],
    sun: MinuteSun,
    rng: ChaCha8Rng,
}

impl<'a> Clouds<'a> {
    /// Clouds over an array.
    ///
    /// * `clear` - its yield under a clear sky, 8760 hours in the unit of the yields it will meet
    /// * `rng` - stream of the purpose `MinuteSun`
    pub fn new(clear: &'a [f64], rng: ChaCha8Rng) -> Self {
        Clouds { clear, sun: MinuteSun::default(), rng }
    }

    /// Fills the steps of a day with yields whose mean over each hour is that of the hour.
    ///
    /// * `yields` - of the day's hours; `first_hour` - hour of the year of the first; `out` - the same number of steps for each
    pub(super) fn fill(&mut self, yields: &[f64], first_hour: usize, out: &mut [f64]) {
        let per_hour = (out.len() / yields.len().max(1)).max(1);
        for (hour, steps) in out.chunks_exact_mut(per_hour).enumerate() {
            let (mean, clear) = (yields[hour], self.clear.get(first_hour + hour).copied().unwrap_or(0.0));
            // By night there is nothing to share out.
            let share = if clear > 0.0 { mean / clear } else { 0.0 };
            self.sun.minute_factors(share, steps, &mut self.rng);
            steps.iter_mut().for_each(|step| *step *= mean);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn hours_keep_their_energy() {
        let clear: Vec<f64> = (0..8760).map(|k| (1.0 - (f64::from(k % 24) - 12.0).abs() / 6.0).max(0.0)).collect();
        for per_hour in [2, 4, 12, 60] {
            let mut clouds = Clouds::new(&clear, ChaCha8Rng::seed_from_u64(6));
            let mut out = vec![0.0; 24 * per_hour];
            let mut moved = 0;
            for day in 0..30 {
                let first = 24 * day;
                let yields: Vec<f64> = clear[first..first + 24].iter().map(|c| 0.04 * day as f64 * c).collect();
                clouds.fill(&yields, first, &mut out);
                for (steps, mean) in out.chunks_exact(per_hour).zip(&yields) {
                    assert!((steps.iter().sum::<f64>() / per_hour as f64 - mean).abs() < 1e-12 * mean.max(1.0));
                    assert!(steps.iter().all(|x| *x >= 0.0));
                    moved += usize::from(steps.iter().any(|x| *x != steps[0]));
                }
            }
            // Overcast and clear days and all nights are steady.
            assert!((100..24 * 30 / 2).contains(&moved), "{moved}");
        }
    }
}
