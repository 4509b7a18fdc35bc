//! Gate, tests with their error, and the grade they lead to.

mod gate;
mod measure;
mod spec;
mod stakes;
mod value;

pub use spec::{GateSpec, Reasons, TestSpec};
pub use stakes::Stakes;

use super::outcome::{ExitOutcome, Grade, GradingOutcome, Mistake, ModuleReading, Thresholds};
use super::plan::{GradingPlan, JourneyPlan, Level};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::ModuleString;
use rand::RngExt;

/// A tested module, or cell where cells are graded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// Place in the pack, of the module or of the cell.
    pub place: usize,
    /// Measured SoH.
    pub soh: f64,
    /// Measured resistance over new.
    pub resistance: f64,
    /// Whether it is accepted.
    pub accepted: bool,
}

/// What is true of a module or cell on the bench.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Truth {
    soh: f64,
    resistance: f64,
    /// Over that of a good cell; what weeks on the shelf tell, without error.
    self_discharge: f64,
}

/// Outcome of gate and tests, and the readings that the next stage works with.
#[derive(Clone, Debug)]
pub(super) struct Graded {
    pub outcome: GradingOutcome,
    pub tested: Vec<Tested>,
    /// Mean true SoH of what was tested.
    pub soh_mean: Option<f64>,
    /// Modules tested; cells count as parts of one.
    pub modules: f64,
}

/// Gate and tests of one pack: what is known afterwards, and the modules that go on.
///
/// Grades follow from what was measured, `SoH (1 + bias) + N(0, pack_sd) + N(0, sd)` with the first error shared by the pack,
/// never from the truth; the truth only counts the mistakes.
pub(super) fn grade(
    plan: &JourneyPlan,
    exit: &ExitOutcome,
    gate_fail_share: f64,
    string: &ModuleString,
    streams: &Streams,
) -> Graded {
    let level = plan.repurposing.level;
    let gate =
        gate::gate(&plan.grading, level, (exit.route, exit.failure_mode, gate_fail_share), string.len(), streams);
    let cells = string.units_per_module();
    let places: Vec<usize> = match level {
        Level::Cell => {
            let rng = &mut streams.stream(Purpose::Harvest);
            let lost = plan.repurposing.cell_harvest_loss;
            let all = gate.modules.iter().flat_map(|m| m * cells..(m + 1) * cells);
            all.filter(|_| rng.random::<f64>() >= lost).collect()
        }
        Level::Pack | Level::Module => gate.modules.clone(),
    };
    let truth = |&place: &usize| match level {
        Level::Cell => Truth {
            soh: string.soh_of_unit(place),
            resistance: string.resistance[place],
            self_discharge: string.self_discharge_of_unit(place),
        },
        Level::Pack | Level::Module => Truth {
            soh: string.soh(place),
            resistance: string.resistance_of(place),
            self_discharge: string.self_discharge_of(place),
        },
    };
    let truths: Vec<Truth> = places.iter().map(truth).collect();
    let stakes = Stakes::of(plan, cells);
    let unit_kwh = plan.vehicle.module_kwh() / if level == Level::Cell { cells as f64 } else { 1.0 };
    let mut graded = grade_units(&plan.grading, level, &truths, unit_kwh, &stakes, streams);
    for ((tested, reading), place) in graded.tested.iter_mut().zip(&mut graded.outcome.readings).zip(&places) {
        tested.place = *place;
        let (module, cell) = if level == Level::Cell { (place / cells, Some(place % cells)) } else { (*place, None) };
        (reading.module, reading.cell) = (module as u32, cell.map(|c| c as u32));
    }
    let out = &mut graded.outcome;
    (out.gate_passed, out.gate_reason) = (gate.passed, gate.reason);
    out.salvaged = if gate.passed { 0 } else { gate.modules.len() as u32 };
    out.series_modules = plan.second_life.series_modules;
    graded.modules = truths.len() as f64 * unit_kwh / plan.vehicle.module_kwh();
    graded
}

/// Whether a module is inside all thresholds, in truth or as measured.
fn good(plan: &GradingPlan, soh: f64, resistance: f64, self_discharge: f64) -> bool {
    soh >= plan.accept_soh_min && resistance <= plan.accept_resistance_max && self_discharge <= plan.self_discharge_max
}

/// Tests of the units of one pack; their places are theirs in the list.
fn grade_units(
    plan: &GradingPlan,
    level: Level,
    truths: &[Truth],
    unit_kwh: f64,
    stakes: &Stakes,
    streams: &Streams,
) -> Graded {
    let measured = measure::measure(plan, truths, streams);
    let mut tested: Vec<Tested> = (truths.iter().zip(&measured.estimates).enumerate())
        .map(|(place, (truth, e))| {
            let accepted = good(plan, e.soh, e.resistance, truth.self_discharge);
            Tested { place, soh: e.soh, resistance: e.resistance, accepted }
        })
        .collect();
    // A whole pack is as good as its weakest module.
    let is_good: Vec<bool> = truths.iter().map(|t| good(plan, t.soh, t.resistance, t.self_discharge)).collect();
    let whole_is_good = is_good.iter().all(|good| *good);
    if level == Level::Pack && tested.iter().any(|t| !t.accepted) {
        tested.iter_mut().for_each(|t| t.accepted = false);
    }
    let made = |of: &dyn Fn(&TestSpec) -> f64| -> f64 {
        plan.tests.iter().zip(&measured.made).map(|(test, &n)| f64::from(n) * of(&test.spec)).sum()
    };
    let mut outcome = GradingOutcome {
        gate_passed: true,
        gate_reason: None,
        salvaged: 0,
        grade: pack_grade(plan, &tested),
        tested: tested.len() as u32,
        accepted: tested.iter().filter(|t| t.accepted).count() as u32,
        false_accepts: 0,
        false_rejects: 0,
        self_discharging: truths.iter().filter(|t| t.self_discharge > plan.self_discharge_max).count() as u32,
        unmatched: 0,
        measured_soh_mean: (!tested.is_empty())
            .then(|| tested.iter().map(|t| t.soh).sum::<f64>() / tested.len() as f64),
        test_hours: made(&|test| test.hours),
        test_usd: made(&|test| unit_kwh * test.cost_usd_per_kwh),
        false_accept_usd: 0.0,
        false_reject_usd: 0.0,
        thresholds: Thresholds {
            accept_soh_min: plan.accept_soh_min,
            accept_resistance_max: plan.accept_resistance_max,
            grade_a_soh_min: plan.grade_a_soh_min,
            grade_b_soh_min: plan.grade_b_soh_min,
        },
        values: if truths.is_empty() { Vec::new() } else { value::values(plan, level, truths, stakes, unit_kwh) },
        readings: Vec::with_capacity(tested.len()),
        series_modules: 0,
        lot: Vec::new(),
    };
    for ((test, truth), is_good) in tested.iter().zip(truths).zip(&is_good) {
        let mistake = match (test.accepted, *is_good) {
            (true, false) => Some(Mistake::FalseAccept),
            (false, true) if level != Level::Pack || whole_is_good => Some(Mistake::FalseReject),
            _ => None,
        };
        match mistake {
            Some(Mistake::FalseAccept) => {
                outcome.false_accepts += 1;
                outcome.false_accept_usd += stakes.claim_usd;
            }
            Some(Mistake::FalseReject) => {
                outcome.false_rejects += 1;
                outcome.false_reject_usd += stakes.margin_usd(truth.soh);
            }
            None => {}
        }
        outcome.readings.push(ModuleReading {
            module: test.place as u32,
            cell: None,
            soh: truth.soh as f32,
            measured_soh: test.soh as f32,
            resistance: truth.resistance as f32,
            measured_resistance: test.resistance as f32,
            accepted: test.accepted,
            grade: if test.accepted { grade_of(plan, test.soh) } else { Grade::Rejected },
            mistake,
            system: 0,
        });
    }
    let n = truths.len() as f64;
    let soh_mean = (!truths.is_empty()).then(|| truths.iter().map(|t| t.soh).sum::<f64>() / n);
    Graded { outcome, tested, soh_mean, modules: n }
}

/// Grade of an accepted module by its measured SoH.
fn grade_of(plan: &GradingPlan, soh: f64) -> Grade {
    match soh {
        s if s >= plan.grade_a_soh_min => Grade::A,
        s if s >= plan.grade_b_soh_min => Grade::B,
        _ => Grade::C,
    }
}

/// The commonest grade of the accepted modules; the lower one on a tie.
fn pack_grade(plan: &GradingPlan, tested: &[Tested]) -> Grade {
    let count = |grade| tested.iter().filter(|t| t.accepted && grade_of(plan, t.soh) == grade).count();
    let most = [Grade::C, Grade::B, Grade::A].map(|g| (count(g), g));
    most.into_iter().fold((0, Grade::Rejected), |best, next| if next.0 > best.0 { next } else { best }).1
}

#[cfg(test)]
mod tests {
    use super::super::plan::TestPlan;
    use super::*;

    /// A test without error of the resistance.
    pub fn test(name: &str, sd: f64, bias: f64) -> TestPlan {
        TestPlan {
            name: name.into(),
            spec: TestSpec {
                title: "t".into(),
                soh_bias: bias,
                soh_sd: sd,
                pack_sd: 0.0,
                resistance_sd: 0.0,
                hours: 2.0,
                cost_usd_per_kwh: 5.0,
            },
        }
    }

    /// One test; three quarters of the failures are damage, which leaves a quarter of the modules, the rest lack data.
    pub fn plan(sd: f64, bias: f64) -> GradingPlan {
        let reasons = Reasons { damage: 0.75, no_data: 0.25, ..Reasons::default() };
        GradingPlan {
            gate: GateSpec {
                title: "t".into(),
                write_off: reasons,
                failure: reasons,
                end_of_life: reasons,
                salvage_share: Reasons { damage: 0.25, no_data: 1.0, ..Reasons::default() },
            },
            salvage: false,
            self_discharge_max: 5.0,
            tests: vec![test("a", sd, bias)],
            menu: Vec::new(),
            retest_within: 1.0,
            accept_soh_min: 0.7,
            accept_resistance_max: 2.0,
            grade_a_soh_min: 0.85,
            grade_b_soh_min: 0.75,
        }
    }

    pub fn stakes() -> Stakes {
        Stakes { claim_usd: 300.0, value_usd_per_soh: 400.0, costs_usd: 150.0 }
    }

    fn units(soh: &[f64]) -> Vec<Truth> {
        soh.iter().map(|&soh| Truth { soh, resistance: 1.2, self_discharge: 1.0 }).collect()
    }

    fn graded(plan: &GradingPlan, level: Level, soh: &[f64], pack: u64) -> Graded {
        grade_units(plan, level, &units(soh), 2.0, &stakes(), &Streams::new(1, pack))
    }

    #[test]
    fn a_perfect_test_makes_no_mistakes() {
        let Graded { outcome: out, tested, soh_mean, .. } =
            graded(&plan(0.0, 0.0), Level::Module, &[0.9, 0.8, 0.72, 0.69, 0.5], 1);
        assert_eq!(soh_mean, out.measured_soh_mean);
        assert_eq!((out.tested, out.accepted, out.false_accepts, out.false_rejects), (5, 3, 0, 0));
        assert_eq!(tested.iter().map(|t| t.accepted).collect::<Vec<_>>(), [true, true, true, false, false]);
        assert_eq!((out.grade, out.readings[1].grade, out.readings[4].grade), (Grade::C, Grade::B, Grade::Rejected));
        assert_eq!((out.test_hours, out.test_usd), (10.0, 50.0));
        assert_eq!((out.false_accept_usd, out.false_reject_usd), (0.0, 0.0));
    }

    #[test]
    fn a_test_that_flatters_accepts_bad_modules_and_each_may_come_back() {
        let out = graded(&plan(0.0, 0.1), Level::Module, &[0.68; 10], 1).outcome;
        assert_eq!((out.accepted, out.false_accepts), (10, 10));
        assert_eq!((out.false_accept_usd, out.false_reject_usd), (3000.0, 0.0));
        let out = graded(&plan(0.0, -0.1), Level::Module, &[0.75; 4], 1).outcome;
        assert_eq!((out.false_rejects, out.false_reject_usd), (4, 4.0 * (300.0 - 150.0)));
    }

    /// With error sd the share accepted of modules `d` below the threshold is the normal tail.
    #[test]
    fn false_accepts_follow_the_normal_tail() {
        let p = plan(0.02, 0.0);
        let wrong: u32 = (0..500).map(|k| graded(&p, Level::Module, &[0.68; 20], k).outcome.false_accepts).sum();
        assert!((f64::from(wrong) / 10_000.0 - 0.1587).abs() < 0.015, "{wrong}");
    }

    #[test]
    fn a_whole_pack_is_as_good_as_its_weakest_module() {
        let p = plan(0.0, 0.0);
        let whole = graded(&p, Level::Pack, &[0.9, 0.9, 0.71], 1).outcome;
        assert_eq!((whole.accepted, whole.false_rejects), (3, 0));
        let weak = graded(&p, Level::Pack, &[0.9, 0.9, 0.69], 1).outcome;
        assert_eq!((weak.accepted, weak.false_rejects, weak.grade), (0, 0, Grade::Rejected));
        // A good pack turned away is lost with all its modules.
        let lost = graded(&plan(0.0, -0.05), Level::Pack, &[0.9, 0.9, 0.71], 1).outcome;
        assert_eq!((lost.accepted, lost.false_rejects), (0, 3));
    }

    #[test]
    fn a_leaking_module_is_turned_away_by_every_test() {
        let p = plan(0.0, 0.0);
        let mut truths = units(&[0.9, 0.9]);
        truths[1].self_discharge = 5.5;
        let out = grade_units(&p, Level::Module, &truths, 2.0, &stakes(), &Streams::new(1, 1)).outcome;
        assert_eq!((out.accepted, out.self_discharging, out.false_rejects), (1, 1, 0));
    }
}
