//! Tests in order, and the estimate they leave of each module.

use super::super::plan::GradingPlan;
use super::Truth;
use crate::numeric::stream::{Purpose, Streams};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Least variance of a reading: a test without error counts as far better than any other, not as infinitely better.
const LEAST_VARIANCE: f64 = 1e-12;

/// What the tests say of a module so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Estimate {
    pub soh: f64,
    pub resistance: f64,
    soh_weight: f64,
    resistance_weight: f64,
}

/// All estimates, and what it took to make them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    pub estimates: Vec<Estimate>,
    /// Modules that each test was made on.
    pub made: Vec<u32>,
}

/// Measures units one test after the other. A later test is made only where the estimate so far lies within
/// `retest_within` of the threshold; estimates are joined by inverse variance, with the errors the tests are known to have
/// (a bias is not known, and stays).
///
/// Each test draws for every unit, made or not, from a stream of its own: leaving one out moves no other.
pub(super) fn measure(plan: &GradingPlan, truths: &[Truth], streams: &Streams) -> Measured {
    let mut estimates = vec![Estimate::default(); truths.len()];
    let mut made = Vec::with_capacity(plan.tests.len());
    for (index, test) in plan.tests.iter().map(|t| &t.spec).enumerate() {
        let rng = &mut streams.indexed(Purpose::Test, index as u16);
        let shared = if test.pack_sd > 0.0 {
            test.pack_sd * streams.indexed(Purpose::TestShared, index as u16).sample::<f64, _>(StandardNormal)
        } else {
            0.0
        };
        let mut count = 0;
        for (truth, estimate) in truths.iter().zip(&mut estimates) {
            let (za, zb): (f64, f64) = (rng.sample(StandardNormal), rng.sample(StandardNormal));
            if index > 0 && (estimate.soh - plan.accept_soh_min).abs() > plan.retest_within {
                continue;
            }
            count += 1;
            let soh = truth.soh * (1.0 + test.soh_bias) + shared + test.soh_sd * za;
            let resistance = truth.resistance * (1.0 + test.resistance_sd * zb);
            estimate.join(soh, test.reading_sd(), resistance, test.resistance_sd);
        }
        made.push(count);
    }
    Measured { estimates, made }
}

impl Estimate {
    fn join(&mut self, soh: f64, soh_sd: f64, resistance: f64, resistance_sd: f64) {
        let join = |mean: &mut f64, weight: &mut f64, reading: f64, sd: f64| {
            let own = 1.0 / (sd * sd).max(LEAST_VARIANCE);
            *weight += own;
            // The first reading is taken as it is, to the last bit.
            *mean = if *weight == own { reading } else { *mean + (reading - *mean) * own / *weight };
        };
        join(&mut self.soh, &mut self.soh_weight, soh, soh_sd);
        join(&mut self.resistance, &mut self.resistance_weight, resistance, resistance_sd);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{plan, test};
    use super::*;

    fn truths(soh: f64, n: usize) -> Vec<Truth> {
        vec![Truth { soh, resistance: 1.2, self_discharge: 1.0 }; n]
    }

    fn errors(plan: &GradingPlan, n: usize, packs: u64) -> Vec<Vec<f64>> {
        let of = |pack| measure(plan, &truths(0.8, n), &Streams::new(2, pack)).estimates;
        (0..packs).map(|pack| of(pack).iter().map(|e| e.soh - 0.8).collect()).collect()
    }

    fn sd(values: impl Iterator<Item = f64>) -> f64 {
        let (n, square) = values.fold((0.0, 0.0), |(n, s), x| (n + 1.0, s + x * x));
        f64::sqrt(square / n)
    }

    /// Two tests of sd a and b leave `1/sqrt(1/a^2 + 1/b^2)`.
    #[test]
    fn two_tests_are_joined_by_inverse_variance() {
        let mut p = plan(0.04, 0.0);
        p.tests.push(test("second", 0.02, 0.0));
        let all = errors(&p, 20, 400);
        let expected = 1.0 / (1.0 / 0.04f64.powi(2) + 1.0 / 0.02f64.powi(2)).sqrt();
        let found = sd(all.into_iter().flatten());
        assert!((found / expected - 1.0).abs() < 0.03, "{found} {expected}");
    }

    /// An error that a pack's modules share does not average out over them.
    #[test]
    fn a_shared_error_moves_the_whole_pack() {
        let mut p = plan(0.01, 0.0);
        p.tests[0].spec.pack_sd = 0.03;
        let all = errors(&p, 50, 600);
        let mean = |e: &Vec<f64>| e.iter().sum::<f64>() / e.len() as f64;
        let (between, one) = (sd(all.iter().map(mean)), sd(all.iter().flatten().copied()));
        assert!((between / 0.03 - 1.0).abs() < 0.08, "{between}");
        assert!((one / 0.01f64.hypot(0.03) - 1.0).abs() < 0.08, "{one}");
        assert!((p.tests[0].spec.reading_sd() - 0.01f64.hypot(0.03)).abs() < 1e-15);
    }

    #[test]
    fn only_doubtful_modules_are_tested_again() {
        let mut p = plan(0.001, 0.0);
        p.tests.push(test("second", 0.0, 0.0));
        p.retest_within = 0.05;
        let mut truths = truths(0.9, 3);
        truths.extend(vec![Truth { soh: 0.72, resistance: 1.2, self_discharge: 1.0 }; 2]);
        let found = measure(&p, &truths, &Streams::new(1, 1));
        assert_eq!(found.made, [5, 2]);
        // The second test has no error, so it decides where it was made.
        assert!((found.estimates[4].soh - 0.72).abs() < 1e-8 && (found.estimates[0].soh - 0.9).abs() > 1e-8);
        p.retest_within = 1.0;
        assert_eq!(measure(&p, &truths, &Streams::new(1, 1)).made, [5, 5]);
        // The first reading does not depend on what follows.
        p.tests.truncate(1);
        assert_eq!(measure(&p, &truths, &Streams::new(1, 1)).estimates[0].soh, found.estimates[0].soh);
    }
}
