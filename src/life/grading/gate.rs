//! The incoming gate: who fails, why, and which modules are salvaged all the same.

use super::super::outcome::{ExitRoute, FailureMode, GateReason};
use super::super::plan::{GradingPlan, Level};
use crate::numeric::stream::{Purpose, Streams};
use rand::RngExt;

/// What the gate said of a pack.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gate {
    pub passed: bool,
    /// Why it failed.
    pub reason: Option<GateReason>,
    /// Modules that go on to the tests: all of a pack that passed, those salvaged of one that failed.
    pub modules: Vec<usize>,
}

/// Lets a pack in or not. The draw that decides comes first, so that reasons do not change who passes.
pub(super) fn gate(
    plan: &GradingPlan,
    level: Level,
    (route, failure, fail_share): (ExitRoute, Option<FailureMode>, f64),
    modules: usize,
    streams: &Streams,
) -> Gate {
    let rng = &mut streams.stream(Purpose::Gate);
    if rng.random::<f64>() >= fail_share {
        return Gate { passed: true, reason: None, modules: (0..modules).collect() };
    }
    let drawn = pick(&plan.gate.shares(route).values(), rng.random());
    let reason = failure.and_then(known_reason).unwrap_or(drawn);
    let share = match (plan.salvage, level, reason) {
        (false, ..) | (_, Level::Pack, _) => 0.0,
        // IEC 63338:2024: no reuse of single cells without data of their life.
        (_, Level::Cell, GateReason::NoData) => 0.0,
        _ => plan.gate.salvage_share.of(reason),
    };
    let modules = (0..modules).filter(|_| rng.random::<f64>() < share).collect();
    Gate { passed: false, reason: Some(reason), modules }
}

/// What the gate finds of a failure that it measures or sees itself.
fn known_reason(failure: FailureMode) -> Option<GateReason> {
    match failure {
        FailureMode::Isolation => Some(GateReason::Isolation),
        FailureMode::Bms => Some(GateReason::NoData),
        FailureMode::CoolantLeak => Some(GateReason::Water),
        FailureMode::WeakModule | FailureMode::Contactor | FailureMode::Harness => None,
    }
}

/// The reason at a place in the cumulated shares.
fn pick(shares: &[f64; 7], at: f64) -> GateReason {
    let mut left = at * shares.iter().sum::<f64>();
    for (reason, share) in GateReason::ALL.into_iter().zip(shares) {
        if *share > 0.0 && left < *share {
            return reason;
        }
        left -= share;
    }
    // Only rounding gets here: the last reason that occurs.
    GateReason::ALL.into_iter().zip(shares).rfind(|(_, share)| **share > 0.0).map_or(GateReason::Damage, |(r, _)| r)
}

#[cfg(test)]
mod tests {
    use super::super::tests::plan;
    use super::*;

    fn through(plan: &GradingPlan, level: Level, n: u64) -> Vec<Gate> {
        (0..n).map(|pack| gate(plan, level, (ExitRoute::WriteOff, None, 0.5), 20, &Streams::new(5, pack))).collect()
    }

    #[test]
    fn a_failure_that_the_gate_sees_is_its_reason() {
        let p = plan(0.0, 0.0);
        let why =
            |failure| gate(&p, Level::Module, (ExitRoute::Failure, Some(failure), 1.0), 20, &Streams::new(5, 1)).reason;
        assert_eq!(why(FailureMode::Isolation), Some(GateReason::Isolation));
        assert_eq!(why(FailureMode::CoolantLeak), Some(GateReason::Water));
        assert_eq!(why(FailureMode::Bms), Some(GateReason::NoData));
        assert!(why(FailureMode::Contactor).is_some());
    }

    #[test]
    fn reasons_follow_their_shares_and_do_not_change_who_passes() {
        let mut p = plan(0.0, 0.0);
        p.salvage = true;
        let all = through(&p, Level::Module, 4000);
        let failed: Vec<&Gate> = all.iter().filter(|g| !g.passed).collect();
        assert!((failed.len() as f64 / 4000.0 - 0.5).abs() < 0.03);
        let damaged = failed.iter().filter(|g| g.reason == Some(GateReason::Damage)).count() as f64;
        assert!((damaged / failed.len() as f64 - 0.75).abs() < 0.03, "{damaged}");
        assert!(failed.iter().all(|g| matches!(g.reason, Some(GateReason::Damage | GateReason::NoData))));
        let kept = |reason| {
            let of: Vec<usize> = failed.iter().filter(|g| g.reason == Some(reason)).map(|g| g.modules.len()).collect();
            of.iter().sum::<usize>() as f64 / (20 * of.len()) as f64
        };
        assert!((kept(GateReason::Damage) - 0.25).abs() < 0.02 && kept(GateReason::NoData) == 1.0);
        p.gate.write_off.damage = 0.0;
        let other = through(&p, Level::Module, 4000);
        assert!(all.iter().zip(&other).all(|(a, b)| a.passed == b.passed));
    }

    #[test]
    fn what_is_not_opened_or_not_known_is_not_salvaged() {
        let mut p = plan(0.0, 0.0);
        assert!(through(&p, Level::Module, 200).iter().all(|g| g.passed || g.modules.is_empty()));
        p.salvage = true;
        assert!(through(&p, Level::Pack, 200).iter().all(|g| g.passed || g.modules.is_empty()));
        let cells = through(&p, Level::Cell, 400);
        let of = |reason| cells.iter().filter(move |g| g.reason == Some(reason));
        assert!(of(GateReason::NoData).count() > 10 && of(GateReason::NoData).all(|g| g.modules.is_empty()));
        assert!(of(GateReason::Damage).any(|g| !g.modules.is_empty()));
    }

    #[test]
    fn the_ends_of_the_shares_are_reasons_that_occur() {
        assert_eq!(pick(&[0.0, 2.0, 0.0, 1.0, 0.0, 0.0, 0.0], 0.0), GateReason::Water);
        assert_eq!(pick(&[0.0, 2.0, 0.0, 1.0, 0.0, 0.0, 0.0], 1.0), GateReason::Undervoltage);
    }
}
