//! Tests with their error, and the grade they lead to.

use super::outcome::{Grade, GradingOutcome};
use super::plan::GradingPlan;
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::ModuleString;
use rand::RngExt;
use rand_distr::StandardNormal;
use serde::Deserialize;

/// An entry of the `tests` category: one way to measure a module.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestSpec {
    /// Name for people.
    pub title: String,
    /// Relative bias of the measured SoH.
    pub soh_bias: f64,
    /// Standard deviation of the measured SoH (points over 100).
    pub soh_sd: f64,
    /// Relative standard deviation of the measured resistance.
    pub resistance_sd: f64,
    /// Time on the bench for a module \[h\].
    pub hours: f64,
    /// Price \[USD per nameplate kWh\].
    pub cost_usd_per_kwh: f64,
}

/// A tested module.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// Place in the pack.
    pub module: usize,
    /// Measured SoH.
    pub soh: f64,
    /// Measured resistance over new.
    pub resistance: f64,
    /// Whether it is accepted.
    pub accepted: bool,
}

/// Gate and tests of one pack: what is known afterwards, and the modules that go on.
///
/// Grades follow from what was measured, `SoH (1 + bias) + N(0, sd)`, never from the truth; the truth only counts the
/// mistakes.
pub(super) fn grade(
    plan: &GradingPlan,
    gate_fail_share: f64,
    string: &ModuleString,
    streams: &Streams,
) -> (GradingOutcome, Vec<Tested>) {
    let gate_passed = streams.stream(Purpose::Gate).random::<f64>() >= gate_fail_share;
    let mut outcome = GradingOutcome {
        gate_passed,
        grade: Grade::Rejected,
        tested: 0,
        accepted: 0,
        false_accepts: 0,
        false_rejects: 0,
        unmatched: 0,
        measured_soh_mean: None,
        test_hours: 0.0,
    };
    if !gate_passed {
        return (outcome, Vec::new());
    }
    let mut rng = streams.stream(Purpose::Test);
    let test = &plan.test;
    let good = |soh: f64, resistance: f64| soh >= plan.accept_soh_min && resistance <= plan.accept_resistance_max;
    let tested: Vec<Tested> = (0..string.len())
        .map(|module| {
            let (soh, resistance) = (string.soh(module), string.resistance_of(module));
            let (za, zb): (f64, f64) = (rng.sample(StandardNormal), rng.sample(StandardNormal));
            let measured_soh = soh * (1.0 + test.soh_bias) + test.soh_sd * za;
            let measured_resistance = resistance * (1.0 + test.resistance_sd * zb);
            let accepted = good(measured_soh, measured_resistance);
            outcome.false_accepts += u32::from(accepted && !good(soh, resistance));
            outcome.false_rejects += u32::from(!accepted && good(soh, resistance));
            outcome.accepted += u32::from(accepted);
            Tested { module, soh: measured_soh, resistance: measured_resistance, accepted }
        })
        .collect();
    outcome.tested = tested.len() as u32;
    outcome.test_hours = test.hours * tested.len() as f64;
    outcome.measured_soh_mean = Some(tested.iter().map(|t| t.soh).sum::<f64>() / tested.len() as f64);
    outcome.grade = pack_grade(plan, &tested);
    (outcome, tested)
}

/// The commonest grade of the accepted modules; the lower one on a tie.
fn pack_grade(plan: &GradingPlan, tested: &[Tested]) -> Grade {
    let of = |soh: f64| match soh {
        s if s >= plan.grade_a_soh_min => Grade::A,
        s if s >= plan.grade_b_soh_min => Grade::B,
        _ => Grade::C,
    };
    let count = |grade| tested.iter().filter(|t| t.accepted && of(t.soh) == grade).count();
    let most = [Grade::C, Grade::B, Grade::A].map(|g| (count(g), g));
    most.into_iter().fold((0, Grade::Rejected), |best, next| if next.0 > best.0 { next } else { best }).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aging::fixture::law;
    use crate::cell;
    use crate::pack::ModuleSpread;
    use std::sync::Arc;

    fn plan(sd: f64, bias: f64) -> GradingPlan {
        GradingPlan {
            test: TestSpec {
                title: "t".into(),
                soh_bias: bias,
                soh_sd: sd,
                resistance_sd: 0.0,
                hours: 2.0,
                cost_usd_per_kwh: 5.0,
            },
            accept_soh_min: 0.7,
            accept_resistance_max: 2.0,
            grade_a_soh_min: 0.85,
            grade_b_soh_min: 0.75,
        }
    }

    fn string(soh: &[f64]) -> ModuleString {
        let spread = ModuleSpread { capacity: soh.to_vec(), ..ModuleSpread::none(soh.len()) };
        ModuleString::new(Arc::new(cell::fixture::cell()), law("lfp_prismatic250"), 8, 1, spread, 0.5, 298.15)
    }

    #[test]
    fn a_perfect_test_makes_no_mistakes() {
        let s = string(&[0.9, 0.8, 0.72, 0.69, 0.5]);
        let (out, tested) = grade(&plan(0.0, 0.0), 0.0, &s, &Streams::new(1, 1));
        assert_eq!((out.tested, out.accepted, out.false_accepts, out.false_rejects), (5, 3, 0, 0));
        assert_eq!(tested.iter().map(|t| t.accepted).collect::<Vec<_>>(), [true, true, true, false, false]);
        assert_eq!(out.grade, Grade::C);
        assert_eq!(out.test_hours, 10.0);
    }

    #[test]
    fn a_test_that_flatters_accepts_bad_modules() {
        let s = string(&[0.68; 10]);
        let (out, _) = grade(&plan(0.0, 0.1), 0.0, &s, &Streams::new(1, 1));
        assert_eq!((out.accepted, out.false_accepts), (10, 10));
    }

    /// With error sd the share accepted of modules `d` below the threshold is the normal tail.
    #[test]
    fn false_accepts_follow_the_normal_tail() {
        let s = string(&[0.68; 20]);
        let wrong: u32 = (0..500).map(|k| grade(&plan(0.02, 0.0), 0.0, &s, &Streams::new(1, k)).0.false_accepts).sum();
        assert!((f64::from(wrong) / 10_000.0 - 0.1587).abs() < 0.015, "{wrong}");
    }

    #[test]
    fn a_closed_gate_tests_nothing() {
        let (out, tested) = grade(&plan(0.0, 0.0), 1.0, &string(&[0.9]), &Streams::new(1, 1));
        assert!(!out.gate_passed && tested.is_empty() && out.grade == Grade::Rejected && out.tested == 0);
    }
}
