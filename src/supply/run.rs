//! A projection with its uncertainty.

use super::bands::bands;
use super::draws::Draw;
use super::error::SupplyError;
use super::model::{Evaluated, Model, first_years};
use super::plan::{Lives, SupplyPlan};
use super::question::must;
use super::result::{SupplyResult, Warning};
use super::retirement::Fleet;
use super::study::{PlanStudy, Study, asked};
use super::variance::{can_act, drivers, swings};
use crate::monte::Observer;

/// Evaluations that the central values, the draws and the shares of variance take, each told to the observer as a pack
/// that is done. The search for what must be true tells of its own beyond that.
pub fn evaluations(plan: &SupplyPlan) -> u64 {
    let params = plan.parameters.uncertain();
    let acting = params.iter().filter(|param| can_act(**param)).count() as u64;
    let sampled = if acting == 0 { 0 } else { u64::from(plan.saltelli) * (acting + 2) };
    1 + u64::from(plan.draws) + 2 * params.len() as u64 + sampled
}

/// A projection with all that its plan asks for: central values, draws, what moves the supply, what must be true.
///
/// # Errors
/// As of [`run_with`], and what is wrong with the plan.
pub fn run<O: Observer>(plan: &SupplyPlan, observer: &O) -> Result<SupplyResult, SupplyError> {
    let model = Model::new(plan)?;
    let until_asked = first_years(plan, asked(plan)? + 1);
    let until_asked = Model::new(&until_asked)?;
    let supply = |draw: &Draw| until_asked.supply(draw);
    let study = PlanStudy::new(plan, observer, |draw: &Draw, detail| model.evaluate(draw, detail))?;
    let mut result = all_of(&study.with_supply(Some(&supply)))?;
    if let Lives::Physics { fleets, .. } = &plan.lives {
        result.warnings.extend(fleets.iter().flat_map(|fleet| [lost(fleet), outside(fleet)]).flatten());
    }
    Ok(result)
}

/// Packs that a population lacks, and why; none where it has all.
fn lost(fleet: &Fleet) -> Option<Warning> {
    let lost = fleet.lost.as_ref()?;
    let (name, all) = (&fleet.name, lost.packs + fleet.paths.len() as u64);
    let text = format!("Fleet {name}: {} of {all} packs failed and count nowhere: {}.", lost.packs, lost.reason);
    Some(Warning { text })
}

/// How far the packs of a population were outside the range that their aging law was fitted in; none where they never were.
fn outside(fleet: &Fleet) -> Option<Warning> {
    let [time, throughput] = fleet.outside_range.map(|share| 100.0 * share);
    let text = format!(
        "Fleet {}: {time:.1} % of the time and {throughput:.1} % of the throughput of its packs lie outside the range that their \
         aging law was fitted in.",
        fleet.name
    );
    (time > 0.0 || throughput > 0.0).then_some(Warning { text })
}

/// The same as [`run`] with another model: it is given a draw, and whether exits by cohort are wanted.
///
/// Bit-identical for any number of threads: a draw is a function of seed and number, and results are gathered in the
/// order of the draws. Runs in the caller's rayon pool; the observer can stop it before each evaluation.
///
/// # Errors
/// What the model tells of the first draw that failed; more draws that cannot be projected than can be left out;
/// correlations that cannot be; [`SupplyError::Stopped`].
pub fn run_with<O: Observer>(
    plan: &SupplyPlan,
    observer: &O,
    evaluate: impl Fn(&Draw, bool) -> Result<Evaluated, SupplyError> + Sync,
) -> Result<SupplyResult, SupplyError> {
    all_of(&PlanStudy::new(plan, observer, evaluate)?)
}

/// All that the plan of a study asks for.
fn all_of<O, F>(study: &PlanStudy<'_, O, F>) -> Result<SupplyResult, SupplyError>
where
    O: Observer,
    F: Fn(&Draw, bool) -> Result<Evaluated, SupplyError> + Sync,
{
    let plan = study.plan();
    let mut central = study.evaluate_as(&Draw::central(), true)?;
    let drawn = bands(study, &central)?;
    let swings = swings(study)?;
    let drivers = drivers(study, &swings, &drawn.numbers, &drawn.asked)?;
    let must = match &plan.question {
        Some(question) => must(study, question, study.supply_of(&central), &swings)?,
        None => Vec::new(),
    };
    let met = |wanted: f64| drawn.asked.iter().filter(|supply| **supply >= wanted).count() as f64;
    let met_share = match &plan.question {
        Some(question) if !drawn.asked.is_empty() => Some(met(question.gwh) / drawn.asked.len() as f64),
        _ => None,
    };
    let [p10, p50, p90, mean] = drawn.tables;
    central.warnings.extend(drawn.warnings.into_iter().chain(drivers.warning));
    Ok(SupplyResult {
        central: central.table,
        by_cohort: central.by_cohort.unwrap_or_default(),
        p10,
        p50,
        p90,
        mean,
        draws: drawn.asked.len() as u32,
        asked: drawn.asked,
        drivers: drivers.all,
        shares_of_logarithm: drivers.of_logarithm,
        must,
        met_share,
        balance_error: central.balance_error.max(drawn.balance_error),
        compliance: central.compliance,
        warnings: central.warnings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monte::Silent;
    use crate::supply::parameter::{Param, Rule};
    use crate::supply::plan::{LifeLaw, Question};
    use crate::supply::quantity::Quantity;
    use crate::supply::retirement::{LostPacks, Path};
    use crate::supply::testing::{plan, result_of};
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Supply that grows with what is collected and repurposed, and falls with life.
    fn supply(plan: &SupplyPlan, draw: &Draw) -> f64 {
        let at = |param| plan.parameters.value(param, Default::default(), 2030, draw.of(param)).unwrap();
        let shares = at(Param::CollectedShare) * at(Param::RepurposedShare);
        1000.0 * shares * (-at(Param::VehicleLifeMean) / 4.0).exp()
    }

    fn asking() -> SupplyPlan {
        let question = Some(Question { gwh: 10.0, year: 2030 });
        SupplyPlan { draws: 600, saltelli: 64, question, ..plan(1) }
    }

    struct Counting {
        done: AtomicU64,
        stop_after: u64,
    }

    impl Observer for Counting {
        fn pack_done(&self) {
            self.done.fetch_add(1, Ordering::Relaxed);
        }

        fn stop(&self) -> bool {
            self.done.load(Ordering::Relaxed) >= self.stop_after
        }
    }

    #[test]
    fn the_result_does_not_depend_on_the_number_of_threads() {
        let plan = asking();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let evaluate = |draw: &Draw, _: bool| Ok(result_of(&plan, supply(&plan, draw)));
            pool.install(|| run_with(&plan, &Silent, evaluate)).unwrap()
        };
        let (one, many) = (run(1), run(3));
        assert_eq!(format!("{one:?}"), format!("{many:?}"));
        let met = one.asked.iter().filter(|supply| **supply >= 10.0).count();
        assert_eq!(one.met_share, Some(met as f64 / 600.0));
        assert!(met > 0 && met < 600);
        let [low, mid, high] = [&one.p10, &one.p50, &one.p90].map(|t| t.of(Quantity::Offered, 1)[5]);
        assert!(low < mid && mid < high);
        assert_eq!((one.draws, one.drivers.len()), (600, 3));
    }

    fn no_packs() -> Fleet {
        let (second, outside_range) = (Default::default(), [0.0; 2]);
        Fleet { name: "cars".into(), paths: Vec::new(), second, outside_range, lost: None }
    }

    #[test]
    fn packs_that_failed_are_told() {
        assert_eq!(lost(&no_packs()), None);
        let path = Path { use_factor: 1.0, end_years: f64::INFINITY, soh: vec![1.0] };
        let fleet = Fleet {
            paths: vec![path; 6],
            lost: Some(LostPacks { packs: 2, reason: "energy balance open by 1e-3 relative".into() }),
            ..no_packs()
        };
        let told = lost(&fleet).unwrap().text;
        assert!(told.contains("cars: 2 of 8 packs failed") && told.contains("balance open by 1e-3"), "{told}");
        let mut plan = plan(1);
        let of_series = vec![0; plan.series.len()];
        plan.lives = Lives::Physics { vehicle: LifeLaw::Normal, fleets: vec![fleet], of_series };
        let result = run(&SupplyPlan { draws: 0, ..plan }, &Silent).unwrap();
        assert!(result.warnings.iter().any(|warning| warning.text == told), "{:?}", result.warnings);
    }

    #[test]
    fn use_outside_a_laws_range_is_told() {
        let fleet = |outside_range| Fleet { outside_range, ..no_packs() };
        assert_eq!(outside(&fleet([0.0, 0.0])), None);
        let told = outside(&fleet([0.125, 0.5])).unwrap().text;
        assert!(told.contains("cars") && told.contains("12.5 % of the time and 50.0 %"), "{told}");
    }

    #[test]
    fn without_draws_all_bands_are_the_central_values() {
        let plan = plan(1);
        let result = run_with(&plan, &Silent, |draw, _| Ok(result_of(&plan, supply(&plan, draw)))).unwrap();
        assert_eq!((&result.p10, &result.p90), (&result.mean, &result.p50));
        assert_eq!(result.p50.of(Quantity::Offered, 1)[0], supply(&plan, &Draw::central()));
        assert!(result.met_share.is_none() && result.must.is_empty() && result.asked.is_empty());
        // Drivers are told from one at a time.
        assert_eq!(result.drivers.iter().map(|d| d.total).collect::<Vec<_>>(), [None; 3]);
        assert_eq!(result.drivers[0].param, Param::VehicleLifeMean);
    }

    #[test]
    fn evaluations_are_counted_and_stopped() {
        let plan = SupplyPlan { question: None, ..asking() };
        let run = |stop_after| {
            let observer = Counting { done: AtomicU64::new(0), stop_after };
            let result = run_with(&plan, &observer, |draw, _| Ok(result_of(&plan, supply(&plan, draw))));
            (observer.done.into_inner(), result.map(|_| ()))
        };
        let (done, result) = run(u64::MAX);
        assert_eq!((done, result), (evaluations(&plan), Ok(())));
        // Of the last ones all may have begun before the one before them is counted.
        for stop_after in [0, 1, 300, evaluations(&plan) / 2] {
            assert_eq!(run(stop_after).1, Err(SupplyError::Stopped));
        }
    }

    #[test]
    fn what_cannot_act_is_not_evaluated() {
        let mut plan = SupplyPlan { question: None, ..asking() };
        let before = evaluations(&plan);
        plan.parameters.rules.push(Rule { param: Param::RoutePyro, ..plan.parameters.rules[1].clone() });
        assert_eq!(evaluations(&plan), before + 2, "its ends only");
        let observer = Counting { done: AtomicU64::new(0), stop_after: u64::MAX };
        run_with(&plan, &observer, |draw, _| Ok(result_of(&plan, supply(&plan, draw)))).unwrap();
        assert_eq!(observer.done.into_inner(), evaluations(&plan));
    }

    #[test]
    fn draws_that_cannot_be_projected_are_left_out_and_told() {
        let plan = asking();
        let run = |least: f64| {
            run_with(&plan, &Silent, |draw: &Draw, _| {
                let series = "s".to_string();
                match draw.of(Param::VehicleLifeMean) < least {
                    true => Err(SupplyError::NothingLeft { series, year: 2030 }),
                    false => Ok(result_of(&plan, supply(&plan, draw))),
                }
            })
        };
        let whole = run(f64::NEG_INFINITY).unwrap();
        let part = run(-2.6).unwrap();
        let study = PlanStudy::new(&plan, &Silent, |_: &Draw, _| Ok(result_of(&plan, 1.0))).unwrap();
        let kept = |k: &u64| study.draws().draw(*k).of(Param::VehicleLifeMean) >= -2.6;
        let numbers: Vec<u64> = (0..600).filter(kept).collect();
        assert!((595..600).contains(&numbers.len()), "{}", numbers.len());
        assert_eq!(part.draws as usize, numbers.len());
        assert_eq!(part.asked, numbers.iter().map(|k| whole.asked[*k as usize]).collect::<Vec<_>>());
        let [told, ..] = &part.warnings[..] else { panic!("not told") };
        assert!(told.text.starts_with(&format!("{} of 600 draws are left out", 600 - numbers.len())), "{}", told.text);
        assert!(told.text.contains("nothing of a year's inflow is left"), "{}", told.text);
        assert!(part.drivers.iter().all(|d| d.total.is_some()));
        let refused = run(-1.5).unwrap_err();
        assert!(matches!(refused, SupplyError::Refused { all: 600, .. }), "{refused}");
    }

    #[test]
    fn errors_name_the_first_draw() {
        let plan = asking();
        let refuse = SupplyError::Empty { what: "patience" };
        let evaluate = |draw: &Draw, _: bool| {
            if draw.of(Param::CollectedShare) > 1.0 { Err(refuse.clone()) } else { Ok(result_of(&plan, 1.0)) }
        };
        let study = PlanStudy::new(&plan, &Silent, evaluate).unwrap();
        let first = (0..).find(|k| study.draws().draw(*k).of(Param::CollectedShare) > 1.0).unwrap();
        let told = run_with(&plan, &Silent, evaluate).unwrap_err();
        assert_eq!(told.to_string(), format!("draw {first}: no patience in the plan"));
        let late = SupplyPlan { question: Some(Question { gwh: 1.0, year: 2036 }), ..plan.clone() };
        assert!(matches!(run_with(&late, &Silent, evaluate), Err(SupplyError::Unknown { what: "year", .. })));
        let tied = vec![(Param::CollectedShare, Param::RepurposedShare, 2.0)];
        let tied = SupplyPlan { correlations: tied, ..plan.clone() };
        assert!(matches!(run_with(&tied, &Silent, evaluate), Err(SupplyError::Correlation(_))));
    }
}
