//! Whole lives through the library's interface: what must hold whatever the numbers.

use packlife::aging::AgingOptions;
use packlife::library::Library;
use packlife::life::outcome::{EndCause, ExitRoute, FailureMode, PackOutcome, SystemOutcome};
use packlife::life::plan::{
    AugmentPlan, JourneyPlan, LawPlan, ModulesFrom, RecallPlan, ServicePlan, SpreadPlan, Topology, UsedLot, UsedPlan,
};
use packlife::life::{BALANCE_TOLERANCE, Journey};
use packlife::monte::{self, Observer, PackRow, Silent, StudyError};
use packlife::pack::{CellSpread, Fidelity};
use packlife::scenario::load;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

fn plan(scenario: &str) -> JourneyPlan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{scenario}.toml"));
    let mut plan = load(&path).unwrap().journey;
    plan.weather_years = 3;
    plan
}

fn live(plan: JourneyPlan, packs: u64) -> Vec<PackOutcome> {
    let journey = Journey::prepare(plan, 11).unwrap();
    (0..packs).map(|pack| journey.live(pack, 0).unwrap()).collect()
}

fn law_plan(name: &str) -> LawPlan {
    let spec = Library::builtin().unwrap().get(name).unwrap();
    LawPlan { name: name.into(), spec, options: AgingOptions::default(), parameter_sets: true }
}

fn mean(outcomes: &[PackOutcome], of: impl Fn(&PackOutcome) -> f64) -> f64 {
    outcomes.iter().map(of).sum::<f64>() / outcomes.len() as f64
}

/// No hazard but the vehicle's life, and that short and sharp: every pack leaves by it, at nearly the same age.
fn only_end_of_life(plan: &mut JourneyPlan, years: f64) {
    plan.exit.write_off_per_year = 0.0;
    plan.exit.failure_per_year = 0.0;
    plan.exit.vehicle_life_shape = 20.0;
    plan.exit.vehicle_life_scale_years = years;
    plan.exit.gate_fail_end_of_life = 0.0;
    plan.exit.warranty_soh = 0.0;
    plan.exit.life_use_exponent = 0.0;
    plan.exit.need_quantile = 0.0;
    plan.second_life.years_max = 2.0;
}

/// Packs, modules and cells that do not differ, in places that do not.
fn no_spread(plan: &mut JourneyPlan) {
    plan.spread = SpreadPlan {
        capacity_cv: 0.0,
        resistance_cv: 0.0,
        rate_pack_ln_sd: 0.0,
        rate_module_ln_sd: 0.0,
        resistance_module_ln_sd: 0.0,
        temperature_offset_sd_k: 0.0,
        self_discharge_ln_sd: 0.0,
        cells: CellSpread::default(),
        ..plan.spread
    };
    plan.vehicle.coolant_rise_k = 0.0;
}

#[test]
fn the_state_is_handed_over_whole() {
    for scenario in ["mg_zs_ev_delhi_5kwh", "mg_zs_ev_nmc_delhi_5kwh"] {
        let mut p = plan(scenario);
        only_end_of_life(&mut p, 8.0);
        p.storage.days = 30;
        for pack in live(p, 4) {
            let first_year = pack.first.monthly[0].soh - pack.first.monthly[12].soh;
            for system in &pack.systems {
                // Thirty days on the shelf cost little: nothing begins anew at the hand-over ...
                assert!(system.soh_start <= f64::from(pack.first.monthly[0].soh));
                let best = pack.exit.soh_min;
                assert!(system.soh_start > best - 0.01, "{scenario}: {} after {best}", system.soh_start);
                // ... and the first year as storage is no first year of a new cell.
                let fade = system.monthly[0].soh - system.monthly[12].soh;
                assert!(fade > 0.0 && fade < 0.6 * first_year, "{scenario}: {fade} against {first_year}");
                assert!(system.monthly[0].resistance > 1.0);
            }
        }
    }
}

#[test]
fn every_balance_closes() {
    for scenario in ["mg_zs_ev_delhi_5kwh", "ipace_coventry_125kwh", "leaf_phoenix_5kwh"] {
        let mut p = plan(scenario);
        p.second_life.years_max = 3.0;
        for pack in live(p, 3) {
            assert!(pack.balance_error < BALANCE_TOLERANCE, "{scenario}: {:e}", pack.balance_error);
            for s in &pack.systems {
                assert!(s.converter_loss_kwh > 0.0 && s.battery_loss_kwh > 0.0 && s.curtailed_kwh >= 0.0, "{scenario}");
                assert!(s.served_kwh >= 0.0 && s.served_kwh <= s.demand_kwh * (1.0 + 1e-9), "{scenario}");
            }
        }
    }
}

#[test]
fn a_hotter_place_ages_a_parked_car_faster() {
    let mut hot = plan("mg_zs_ev_nmc_delhi_5kwh");
    only_end_of_life(&mut hot, 5.0);
    let mut mild = hot.clone();
    mild.first_life.climate = plan("ipace_coventry_125kwh").first_life.climate;
    let (hot, mild) = (live(hot, 4), live(mild, 4));
    assert!(mean(&hot, |p| p.first.mean_temperature_c) > mean(&mild, |p| p.first.mean_temperature_c) + 8.0);
    assert!(mean(&hot, |p| p.exit.soh_mean) < mean(&mild, |p| p.exit.soh_mean) - 0.02);
}

#[test]
fn modules_without_spread_are_equal() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    only_end_of_life(&mut p, 3.0);
    no_spread(&mut p);
    for pack in live(p, 2) {
        assert!((pack.exit.soh_mean - pack.exit.soh_min).abs() < 1e-12);
        assert_eq!(pack.exit.route, ExitRoute::EndOfLife);
    }
}

/// Without differences, cells, modules and whole packs live one and the same life.
#[test]
fn fidelities_agree_without_spread() {
    let lives = |scenario: &str, fidelity| {
        let mut p = plan(scenario);
        only_end_of_life(&mut p, 2.0);
        no_spread(&mut p);
        (p.fidelity, p.second_life.years_max) = (fidelity, 1.0);
        live(p, 1).remove(0)
    };
    // Cells in series alone, then two in parallel, whose steps are cut into parts.
    for (scenario, tolerance) in [("mg_zs_ev_delhi_5kwh", 1e-9), ("leaf_phoenix_5kwh", 3e-4)] {
        let module = lives(scenario, Fidelity::Module);
        for fidelity in [Fidelity::Pack, Fidelity::Cell] {
            let other = lives(scenario, fidelity);
            let near = |a: f64, b: f64| (a - b).abs() <= tolerance * b.abs().max(1.0);
            assert!(near(other.exit.soh_min, module.exit.soh_min), "{scenario} {fidelity:?}");
            assert!(near(other.exit.resistance_mean, module.exit.resistance_mean), "{scenario} {fidelity:?}");
            assert!(near(other.first.mean_temperature_c, module.first.mean_temperature_c), "{scenario} {fidelity:?}");
            let outside = (other.first.outside.time, module.first.outside.time);
            assert!((outside.0 - outside.1).abs() < 0.01 && outside.0 > 0.0, "{scenario} {fidelity:?} {outside:?}");
            assert_eq!(other.systems.len(), module.systems.len());
            for (a, b) in other.systems.iter().zip(&module.systems) {
                assert_eq!(a.modules, b.modules);
                assert!(near(a.soh_end, b.soh_end), "{scenario} {fidelity:?}: {} {}", a.soh_end, b.soh_end);
                assert!((a.served_kwh / b.served_kwh - 1.0).abs() < 10.0 * tolerance);
            }
            assert!(other.balance_error < BALANCE_TOLERANCE);
        }
    }
}

/// Cells that differ inside their module weaken it: its weakest group counts, and the balance still closes.
#[test]
fn cells_that_differ_weaken_their_module() {
    let lives = |cells: CellSpread| {
        let mut p = plan("leaf_phoenix_5kwh");
        only_end_of_life(&mut p, 2.0);
        no_spread(&mut p);
        (p.fidelity, p.second_life.years_max) = (Fidelity::Cell, 0.5);
        p.spread.cells = cells;
        live(p, 1).remove(0)
    };
    let equal = lives(CellSpread::default());
    let unlike = lives(CellSpread { capacity_cv: 0.03, resistance_cv: 0.05, ..CellSpread::default() });
    assert!(unlike.exit.soh_min < equal.exit.soh_min - 0.03);
    assert!(unlike.exit.soh_mean < equal.exit.soh_mean - 0.005);
    assert!(unlike.balance_error < BALANCE_TOLERANCE && equal.balance_error < BALANCE_TOLERANCE);
}

/// Nothing of the second life, for tests of the first.
fn no_second_life(plan: &mut JourneyPlan) {
    plan.grading.accept_soh_min = 1.1;
    plan.storage.days = 0;
}

/// Cars whose range falls short are given up or sold on, each at the SoH that its owner's days ask for.
#[test]
fn cars_with_too_short_a_range_are_given_up_or_sold_on() {
    let lives = |need_quantile: f64, resale: f64| {
        let mut p = plan("leaf_phoenix_5kwh");
        only_end_of_life(&mut p, 9.0);
        no_second_life(&mut p);
        (p.exit.need_quantile, p.exit.need_resale_share, p.fidelity) = (need_quantile, resale, Fidelity::Pack);
        p.exit.need_least_km = 0.0;
        live(p, 8)
    };
    let (nobody, given_up, sold) = (lives(0.0, 0.0), lives(0.98, 0.0), lives(0.98, 1.0));
    assert!(nobody.iter().all(|p| p.exit.route == ExitRoute::EndOfLife && p.first.sold_on_years.is_none()));
    let early: Vec<usize> = (0..8).filter(|k| given_up[*k].exit.route == ExitRoute::OwnerNeed).collect();
    assert!(early.len() > 1 && early.len() < 8, "{early:?}");
    let soh = |k: &usize| given_up[*k].exit.soh_min;
    let range = early.iter().map(soh).fold(0.0, f64::max) - early.iter().map(soh).fold(1.0, f64::min);
    assert!(range > 0.03, "{range}");
    for (k, (up, on)) in given_up.iter().zip(&sold).enumerate() {
        // The same car, and the same month; sold on it lives as if nobody had asked.
        assert_eq!(on.first.sold_on_years, early.contains(&k).then_some(up.first.years));
        assert_eq!((on.exit.route, on.exit.soh_mean), (ExitRoute::EndOfLife, nobody[k].exit.soh_mean));
    }
}

/// The SoH at the exit comes from the life: write-offs young and strong, worn vehicles old and weak, and no more packs
/// at 80 % than elsewhere.
#[test]
fn soh_at_the_exit_does_not_pile_up() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    no_second_life(&mut p);
    p.exit.write_off_per_year = 0.1;
    p.fidelity = Fidelity::Pack;
    let packs = live(p, 60);
    let of = |route| packs.iter().filter(|p| p.exit.route == route).cloned().collect::<Vec<_>>();
    let (crashed, worn) = (of(ExitRoute::WriteOff), of(ExitRoute::EndOfLife));
    assert!(crashed.len() > 15 && worn.len() > 8, "{} {}", crashed.len(), worn.len());
    assert!(mean(&crashed, |p| p.exit.soh_mean) > mean(&worn, |p| p.exit.soh_mean) + 0.05);
    let within = |low: f64| packs.iter().filter(|p| (low..low + 0.04).contains(&p.exit.soh_mean)).count();
    assert!(within(0.78) < 20, "{}", within(0.78));
    let soh = packs.iter().map(|p| p.exit.soh_mean);
    assert!(soh.clone().fold(0.0, f64::max) > 0.9 && soh.fold(1.0, f64::min) < 0.78);
}

/// Heavy use and an early end go together when the vehicle's life depends on use.
#[test]
fn much_driven_vehicles_leave_earlier() {
    let years = |exponent: f64| {
        let mut p = plan("mg_zs_ev_delhi_5kwh");
        only_end_of_life(&mut p, 4.0);
        no_second_life(&mut p);
        (p.exit.life_use_exponent, p.fidelity) = (exponent, Fidelity::Pack);
        live(p, 12).iter().map(|p| (p.first.distance_km / p.first.years, p.first.years)).collect::<Vec<_>>()
    };
    let (with, without) = (years(0.5), years(0.0));
    let km = |d: &(f64, f64)| d.0;
    let by_use = |a: &&(f64, f64), b: &&(f64, f64)| km(a).total_cmp(&km(b));
    let (least, most) = (with.iter().min_by(by_use).unwrap(), with.iter().max_by(by_use).unwrap());
    assert!(most.0 > 1.5 * least.0 && most.1 < 0.85 * least.1, "{least:?} {most:?}");
    let spread = without.iter().map(|d| d.1).fold(0.0, f64::max) / without.iter().map(|d| d.1).fold(99.0, f64::min);
    assert!(spread < 1.3, "{spread}");
}

/// A failure is an event: only a weak module shows in the cells, and the record says what failed.
#[test]
fn failures_other_than_a_weak_module_leave_good_cells() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    no_second_life(&mut p);
    p.exit.failure_per_year = 2.0;
    p.exit.write_off_per_year = 0.0;
    p.recall = Some(RecallPlan { share: 0.3, from_years: 0.0, to_years: 0.2, gate_fail_share: 1.0 });
    let packs = live(p, 40);
    let (mut weak, mut good) = (0, 0);
    for pack in &packs {
        let gap = pack.exit.soh_mean - pack.exit.soh_min;
        match (pack.exit.route, pack.exit.failure_mode) {
            (ExitRoute::Failure, Some(FailureMode::WeakModule)) => {
                weak += 1;
                assert!(gap > 0.1, "{gap}");
            }
            (ExitRoute::Failure, Some(_)) | (ExitRoute::Recall, None) => {
                good += 1;
                assert!(gap < 0.05 && pack.exit.soh_mean > 0.85, "{gap}");
                assert!(pack.exit.route != ExitRoute::Recall || !pack.grading.gate_passed);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(weak > 5 && good > 10, "{weak} {good}");
    assert!(packs.iter().any(|p| p.exit.route == ExitRoute::Recall));
}

/// What a battery's record counts: heat in Phoenix, cold in Coventry, throughput that fits the energy driven.
#[test]
fn harmful_events_are_counted() {
    let lives = |scenario: &str| {
        let mut p = plan(scenario);
        only_end_of_life(&mut p, 2.0);
        no_second_life(&mut p);
        live(p, 3)
    };
    let (hot, mild) = (lives("leaf_phoenix_5kwh"), lives("ipace_coventry_125kwh"));
    assert!(mean(&hot, |p| p.first.harmful.hot_h) > 100.0 && mean(&mild, |p| p.first.harmful.hot_h) == 0.0);
    assert!(mean(&mild, |p| p.first.harmful.cold_h) > mean(&hot, |p| p.first.harmful.cold_h));
    for p in hot.iter().chain(&mild) {
        let f = &p.first;
        let e = &f.harmful;
        assert!(e.hot_h + e.cold_h <= f.years * 8760.0 + 1e-6);
        assert!(e.charging_outside_h >= 0.0 && e.charging_outside_h <= e.hot_h + e.cold_h);
        assert!(f.throughput_kwh >= f.driven_kwh && f.throughput_kwh < 2.2 * f.driven_kwh + 50.0);
        let volts = 1000.0 * f.throughput_kwh / f.throughput_ah;
        assert!((250.0..450.0).contains(&volts), "{volts}");
    }
}

/// Modules bought used start where they were measured; what is not known of their past shows in their future.
#[test]
fn used_modules_start_from_what_was_measured() {
    let with = |cycle_share_sd: f64, resistance_mean: Option<f64>| {
        let mut p = plan("mg_zs_ev_nmc_delhi_5kwh");
        p.second_life.years_max = 4.0;
        p.storage.days = 0;
        p.laws = vec![law_plan("nmc50_b1")];
        p.spread.rate_pack_ln_sd = 0.0;
        p.spread.rate_module_ln_sd = 0.0;
        p.spread.capacity_cv = 0.0;
        p.used = Some(UsedPlan::Lot(UsedLot {
            soh_mean: 0.8,
            soh_sd: 0.0,
            resistance_mean,
            resistance_sd: 0.0,
            years: 8.0,
            cycle_share_mean: 0.5,
            cycle_share_sd,
        }));
        live(p, 12)
    };
    let fades = |packs: &[PackOutcome]| -> Vec<f64> {
        let of = |s: &SystemOutcome| s.soh_start - f64::from(s.monthly[24].soh);
        packs.iter().flat_map(|p| p.systems.iter().map(of)).collect()
    };
    let (sure, unsure) = (with(0.0, Some(1.5)), with(0.2, None));
    for pack in &sure {
        assert_eq!((pack.exit.route, pack.first.years, pack.first.efc), (ExitRoute::Bought, 0.0, 0.0));
        assert!((pack.exit.soh_mean - 0.8).abs() < 1e-9 && (pack.exit.resistance_mean - 1.5).abs() < 0.06);
    }
    let range = |x: &[f64]| x.iter().copied().fold(0.0, f64::max) - x.iter().copied().fold(1.0, f64::min);
    let (sure, unsure) = (fades(&sure), fades(&unsure));
    assert!(sure.len() > 5 && range(&unsure) > 1.5 * range(&sure), "{} {}", range(&unsure), range(&sure));
}

/// A field law is that of whole cars, which report their weakest module: module spread must not make them age faster.
#[test]
fn a_field_law_is_that_of_the_weakest_module() {
    let weakest = |module_sd: f64| {
        let mut p = plan("mg_zs_ev_delhi_5kwh");
        only_end_of_life(&mut p, 6.0);
        let s = &mut p.spread;
        (s.capacity_cv, s.resistance_cv, s.rate_pack_ln_sd, s.temperature_offset_sd_k) = (0.0, 0.0, 0.0, 0.0);
        s.rate_module_ln_sd = module_sd;
        mean(&live(p, 10), |pack| (1.0 - pack.exit.soh_min) / pack.first.years)
    };
    let (equal, spread) = (weakest(0.0), weakest(0.1));
    assert!((spread / equal - 1.0).abs() < 0.03, "{spread} {equal}");
}

/// The same packs under two laws: same owners and hazards, other fade.
#[test]
fn an_ensemble_lives_every_pack_under_every_law() {
    let mut p = plan("mg_zs_ev_nmc_delhi_5kwh");
    p.second_life.years_max = 1.0;
    p.exit.warranty_soh = 0.0;
    p.laws = vec![law_plan("nmc50_b1"), law_plan("nmc_kokam")];
    let journey = Journey::prepare(p, 11).unwrap();
    let mut rows: Vec<PackRow> = Vec::new();
    monte::run(&journey, 0..3, &Silent, |block| -> Result<(), std::convert::Infallible> {
        rows.extend_from_slice(block);
        Ok(())
    })
    .unwrap();
    let packs: Vec<&PackOutcome> =
        rows.iter().map(|r| if let PackRow::Done(p) = r { &**p } else { panic!("{r:?}") }).collect();
    let ids: Vec<(u64, &str)> = packs.iter().map(|p| (p.pack_id, &*p.law)).collect();
    let all = [(0, "nmc50_b1"), (0, "nmc_kokam"), (1, "nmc50_b1"), (1, "nmc_kokam"), (2, "nmc50_b1"), (2, "nmc_kokam")];
    assert_eq!(ids, all);
    for pair in packs.chunks(2) {
        assert_eq!(pair[0].first.years, pair[1].first.years);
        assert!((pair[0].exit.soh_mean - pair[1].exit.soh_mean).abs() > 1e-3);
    }
}

/// A pack draws one of a law's sets of numbers, unless that is switched off.
#[test]
fn parameter_sets_are_drawn_by_pack() {
    let sohs = |parameter_sets: bool| {
        let mut p = plan("mg_zs_ev_nmc_delhi_5kwh");
        only_end_of_life(&mut p, 2.0);
        let s = &mut p.spread;
        (s.rate_pack_ln_sd, s.rate_module_ln_sd) = (0.0, 0.0);
        let mut law = law_plan("nmc50_b1");
        law.spec.sets = vec![[("calendar_k".to_owned(), 72.4)].into()];
        law.parameter_sets = parameter_sets;
        p.laws = vec![law];
        live(p, 16).iter().map(|p| (1.0 - p.exit.soh_mean) / p.first.years).collect::<Vec<_>>()
    };
    let spread = |x: Vec<f64>| x.iter().copied().fold(0.0, f64::max) / x.iter().copied().fold(1.0, f64::min);
    assert!(spread(sohs(true)) > 1.7 && spread(sohs(false)) < 1.5);
}

#[test]
fn a_system_without_energy_ends_for_want_of_it() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    only_end_of_life(&mut p, 3.0);
    p.second_life.years_max = 6.0;
    p.second_life.pv.peak_kw = 0.0;
    for pack in live(p, 2) {
        for s in &pack.systems {
            assert_eq!((s.end_cause, s.years), (EndCause::Energy, 2.0));
            assert!(s.unmet_kwh > 0.99 * s.demand_kwh && s.pv_kwh == 0.0);
        }
    }
}

#[test]
fn more_sun_serves_more() {
    let served = |kw: f64| {
        let mut p = plan("mg_zs_ev_delhi_5kwh");
        only_end_of_life(&mut p, 3.0);
        p.second_life.pv.peak_kw = kw;
        p.second_life.end.unmet_share_max = 1.0;
        mean(&live(p, 3), |p| p.systems.iter().map(|s| s.served_kwh / s.demand_kwh).sum::<f64>())
    };
    let shares = [0.4, 0.8, 1.6].map(served);
    assert!(shares[0] < shares[1] && shares[1] < shares[2], "{shares:?}");
}

#[test]
fn an_inverter_too_small_leaves_power_unserved() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    only_end_of_life(&mut p, 3.0);
    p.second_life.inverter_kw = 0.15;
    p.second_life.end.unmet_share_max = 1.0;
    for pack in live(p, 2) {
        for year in pack.systems.iter().flat_map(|s| &s.by_year) {
            assert!(
                year.unmet_power_kwh > 0.1 * year.demand_kwh && year.unmet_power_kwh <= year.unmet_kwh * (1.0 + 1e-9)
            );
        }
    }
}

#[test]
fn the_limits_that_end_a_system_are_obeyed() {
    let mut p = plan("leaf_phoenix_5kwh");
    p.second_life.years_max = 12.0;
    let rules = p.second_life.end;
    for s in live(p, 6).iter().flat_map(|pack| &pack.systems) {
        match s.end_cause {
            EndCause::Soh => assert!(s.soh_end < rules.soh_min),
            EndCause::Resistance => assert!(s.resistance_end > rules.resistance_max),
            EndCause::Energy => assert!(s.years >= 2.0),
            EndCause::Power => {}
            EndCause::Horizon => assert!(s.soh_end >= rules.soh_min - 0.02 && (s.years - 12.0).abs() < 1e-9),
        }
    }
}

/// A life that breaks is a row with its stage; the others go on.
#[test]
fn a_broken_life_is_a_row() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    p.vehicle.consumption_wh_per_km = Some(f64::NAN);
    p.second_life.years_max = 1.0;
    let journey = Journey::prepare(p, 1).unwrap();
    let mut rows = Vec::new();
    let take = |block: &[PackRow]| -> Result<(), std::convert::Infallible> {
        rows.extend_from_slice(block);
        Ok(())
    };
    monte::run(&journey, 0..3, &Silent, take).unwrap();
    assert_eq!(rows.len(), 3);
    for (k, row) in rows.iter().enumerate() {
        let PackRow::Failed(failure) = row else { panic!("a life on NaN was believed") };
        assert_eq!((failure.pack_id, failure.stage), (k as u64, "first_life"));
    }
}

#[test]
fn an_observer_can_stop_a_study() {
    struct StopAfter(AtomicU64);
    impl Observer for StopAfter {
        fn pack_done(&self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        fn stop(&self) -> bool {
            self.0.load(Ordering::Relaxed) >= 2
        }
    }
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    p.second_life.years_max = 1.0;
    let journey = Journey::prepare(p, 1).unwrap();
    let mut handed = 0;
    let take = |rows: &[PackRow]| -> Result<(), std::convert::Infallible> {
        handed += rows.len();
        Ok(())
    };
    let result = monte::run(&journey, 0..100, &StopAfter(AtomicU64::new(0)), take);
    assert!(matches!(result, Err(StudyError::Stopped { .. })));
    assert_eq!(handed, 0, "a block that was cut short is not handed over");
}

/// Two strings of used modules that differ much, on a load that empties them.
fn mixed(topology: Topology, soh_sd: f64) -> JourneyPlan {
    let mut p = plan("used_modules_bahraich_5kwh");
    let Some(UsedPlan::Lot(used)) = p.used.as_mut() else { panic!("a lot of used modules") };
    (used.soh_mean, used.soh_sd, used.resistance_sd) = (0.8, soh_sd, 0.0);
    used.resistance_mean = Some(1.3);
    if soh_sd == 0.0 {
        used.cycle_share_sd = 0.0;
        no_spread(&mut p);
        p.laws[0].options.knee = None;
    }
    p.grading.accept_soh_min = 0.6;
    p.grading.accept_resistance_max = 5.0;
    p.second_life.end.resistance_max = 5.0;
    p.second_life.end.power_check = false;
    p.second_life.system.strings = 2;
    p.second_life.load.profile.as_mut().unwrap().daily_kwh = 6.0;
    p.second_life.pv.peak_kw = 2.5;
    p.second_life.years_max = 1.0;
    p.second_life.topology = topology;
    p
}

#[test]
fn every_topology_closes_its_books_and_says_what_it_wastes() {
    let of = |topology| live(mixed(topology, 0.06), 3);
    let sum = |packs: &[PackOutcome], of: fn(&SystemOutcome) -> f64| -> f64 {
        packs.iter().flat_map(|p| &p.systems).map(of).sum()
    };
    let all: Vec<Vec<PackOutcome>> = Topology::NAMES.iter().map(|(_, t)| of(*t)).collect();
    for packs in &all {
        assert!(packs.iter().all(|p| p.balance_error < BALANCE_TOLERANCE && !p.systems.is_empty()));
    }
    let [series, active, parallel, module] = &all[..] else { panic!("four topologies") };
    let unused = |packs: &[PackOutcome]| sum(packs, |s| s.unused_kwh_start);
    assert!(unused(module).abs() < 1e-9 && unused(series) > unused(active) && unused(active) > 0.0);
    assert!((unused(parallel) - unused(series)).abs() < 1e-9);
    assert!(sum(active, |s| s.balancing_loss_kwh) > sum(module, |s| s.balancing_loss_kwh));
    assert_eq!(sum(series, |s| s.unit_converter_loss_kwh), 0.0);
    assert!(sum(module, |s| s.unit_converter_loss_kwh) > 0.0);
    assert!(sum(parallel, |s| s.circulated_kwh) > 0.0 && sum(series, |s| s.circulated_kwh) == 0.0);
    // The weakest module no longer decides: less goes unserved.
    assert!(sum(active, |s| s.unmet_kwh) < sum(series, |s| s.unmet_kwh));
}

/// Equal modules: what joins them cannot matter but for its losses.
#[test]
fn equal_modules_serve_alike_under_every_topology() {
    let served = |topology| {
        let mut p = mixed(topology, 0.0);
        p.second_life.electronics.module_efficiency = 1.0;
        p.second_life.electronics.module_no_load_w = 0.0;
        let packs = live(p, 1);
        let system = &packs[0].systems[0];
        assert!(system.unused_kwh_start < 1e-9, "{:?}: {}", topology, system.unused_kwh_start);
        (system.served_kwh, system.battery_loss_kwh, system.soh_end)
    };
    let (energy, loss, soh) = served(Topology::Series);
    for (name, topology) in &Topology::NAMES[1..] {
        let other = served(*topology);
        assert!((other.0 / energy - 1.0).abs() < 2e-3, "{name}: {} of {energy}", other.0);
        assert!((other.1 / loss - 1.0).abs() < 2e-2, "{name}: {} of {loss}", other.1);
        assert!((other.2 - soh).abs() < 1e-3, "{name}: {} of {soh}", other.2);
    }
}

fn serviced(topology: Topology) -> JourneyPlan {
    let mut p = mixed(topology, 0.05);
    p.second_life.years_max = 4.0;
    p.second_life.end.soh_min = 0.6;
    p.grading.accept_soh_min = 0.65;
    p.second_life.service = Some(ServicePlan {
        months: 1,
        replace_soh_below: 0.7,
        replace_resistance_above: None,
        replacements_max: 3,
        modules_from: ModulesFrom::LeftOverThenBought,
        module_soh: 0.85,
        module_years: 8.0,
        module_cycle_share: 0.4,
        module_price_usd_per_kwh: 60.0,
        labour_usd_per_module: 20.0,
        augment: Some(AugmentPlan { after_years: 2, strings: 1 }),
    });
    p
}

#[test]
fn service_keeps_every_balance_and_counts_its_modules() {
    for (name, topology) in Topology::NAMES {
        let p = serviced(topology);
        let (series, modules) = (p.second_life.series_modules, p.vehicle.modules);
        let pack_kg = p.vehicle.pack_mass_kg;
        let packs = live(p, 3);
        let visits = packs.iter().flat_map(|p| &p.systems).map(|s| s.service().replaced).sum::<u32>();
        assert!(visits > 0, "{name}");
        for pack in &packs {
            assert!(pack.balance_error < BALANCE_TOLERANCE, "{name}: {:e}", pack.balance_error);
            let bought: u32 = pack.systems.iter().map(|s| s.service().bought).sum();
            let mass = pack_kg * (1.0 + f64::from(bought) / f64::from(modules));
            assert!((pack.recycling.mass_kg / mass - 1.0).abs() < 1e-12, "{name}");
            let cost: f64 = pack.systems.iter().map(|s| s.service().cost_usd).sum();
            assert!((pack.money.service_usd - cost).abs() < 1e-9 && (bought == 0 || cost > 0.0));
            for s in &pack.systems {
                assert!(s.service().replaced <= 3, "{name}: {}", s.service().replaced);
                let lived = s.years >= 2.0;
                assert_eq!(s.service().added, if lived { series } else { 0 }, "{name} after {} years", s.years);
                assert!(s.visits.iter().all(|v| v.years <= s.years && v.bought <= v.replaced + v.added));
            }
        }
    }
}

/// What is replaced in time no longer ends the system; a service that never acts changes nothing.
#[test]
fn service_lengthens_lives_and_an_idle_one_changes_nothing() {
    let years = |packs: &[PackOutcome]| -> f64 { packs.iter().flat_map(|p| &p.systems).map(|s| s.years).sum() };
    let mut with = serviced(Topology::Series);
    with.second_life.years_max = 10.0;
    let service = with.second_life.service.as_mut().unwrap();
    (service.augment, service.replacements_max, service.modules_from) = (None, 100, ModulesFrom::Bought);
    let mut without = with.clone();
    without.second_life.service = None;
    let mut idle = with.clone();
    idle.second_life.service.as_mut().unwrap().replacements_max = 0;
    let (with, without, idle) = (live(with, 2), live(without, 2), live(idle, 2));
    assert!(years(&with) > 1.2 * years(&without), "{} {}", years(&with), years(&without));
    let text = |packs: &[PackOutcome]| format!("{packs:?}");
    assert_eq!(text(&without), text(&idle));
}
