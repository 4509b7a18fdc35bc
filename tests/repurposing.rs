//! From the gate to the sale, through whole lives: levels, salvage, test plans, and what each costs.

use packlife::library::Library;
use packlife::life::grading::Reasons;
use packlife::life::outcome::PackOutcome;
use packlife::life::plan::{JourneyPlan, Level, Matching, TestPlan, UsedPlan};
use packlife::life::{BALANCE_TOLERANCE, Journey};
use packlife::pack::Fidelity;
use packlife::scenario::load;
use std::path::Path;

/// Packs that all leave at the end of a short vehicle life and pass the gate.
fn plan(scenario: &str) -> JourneyPlan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{scenario}.toml"));
    let mut plan = load(&path).unwrap().journey;
    plan.weather_years = 2;
    plan.exit.write_off_per_year = 0.0;
    plan.exit.failure_per_year = 0.0;
    plan.exit.vehicle_life_shape = 20.0;
    plan.exit.vehicle_life_scale_years = 2.0;
    plan.exit.gate_fail_end_of_life = 0.0;
    plan.exit.warranty_soh = 0.0;
    plan.second_life.years_max = 1.0;
    plan
}

fn live(plan: &JourneyPlan, packs: u64) -> Vec<PackOutcome> {
    let journey = Journey::prepare(plan.clone(), 11).unwrap();
    (0..packs).map(|pack| journey.live(pack, 0).unwrap()).collect()
}

/// Costs step by step are the totals, and the balances hold.
fn sound(pack: &PackOutcome) {
    let m = &pack.money;
    let total = m.core_usd + m.logistics_usd + m.test_usd + m.repack_usd;
    assert!((m.steps.sum() - total).abs() <= 1e-9 * total, "{} {total}", m.steps.sum());
    assert!((m.test_usd - pack.grading.test_usd).abs() < 1e-12 && pack.balance_error < BALANCE_TOLERANCE);
    let in_systems = pack.grading.readings.iter().filter(|r| r.system > 0).count() as u32;
    assert_eq!(in_systems + pack.grading.unmatched, pack.grading.accepted);
}

#[test]
fn a_whole_pack_becomes_one_string_with_its_own_electronics() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    p.repurposing.level = Level::Pack;
    p.second_life.series_modules = p.vehicle.modules;
    p.second_life.system.strings = 2;
    for pack in live(&p, 2) {
        sound(&pack);
        assert_eq!(pack.systems.len(), 1);
        assert_eq!((pack.systems[0].modules, pack.systems[0].share), (p.vehicle.modules, 0.5));
        let s = &pack.money.steps;
        assert_eq!((s.opening_usd, s.bms_usd, s.enclosure_usd), (0.0, 0.0, 0.0));
        assert!(s.certification_usd > 0.0 && pack.grading.lot.is_empty());
    }
    // One poor module turns the whole pack away.
    p.grading.accept_soh_min = 0.999;
    assert!(live(&p, 1).iter().all(|pack| pack.systems.is_empty() && pack.grading.accepted == 0));
}

/// Sorting out cells instead of modules saves what weak cells would have held back.
#[test]
fn cells_are_graded_and_put_together_anew() {
    let mut p = plan("leaf_cells_phoenix_5kwh");
    p.exit.vehicle_life_scale_years = 1.0;
    p.second_life.years_max = 0.25;
    p.spread.cells.capacity_cv = 0.03;
    assert_eq!(p.fidelity, Fidelity::Cell);
    let modules = live(&p, 1).remove(0);
    p.repurposing.level = Level::Cell;
    let cells = live(&p, 1).remove(0);
    sound(&modules);
    sound(&cells);
    let all = p.vehicle.cells_series * p.vehicle.cells_parallel;
    let lost = 1.0 - f64::from(cells.grading.tested) / f64::from(all);
    assert!((lost - 0.05).abs() < 0.05 && lost > 0.0, "{lost}");
    assert!(cells.grading.readings.iter().all(|r| r.cell.is_some_and(|c| c < 4) && r.module < p.vehicle.modules));
    let start = |pack: &PackOutcome| pack.systems.iter().map(|s| s.soh_start).sum::<f64>() / pack.systems.len() as f64;
    assert!(start(&cells) > start(&modules) + 0.005, "{} {}", start(&cells), start(&modules));
    let hours = p.repurposing.plant.cells_h * p.repurposing.plant.labour_usd_per_h;
    assert!((cells.money.steps.opening_usd - modules.money.steps.opening_usd - hours).abs() < 1e-9);
    assert!((cells.recycling.mass_kg - modules.recycling.mass_kg).abs() < 1e-9);
}

#[test]
fn modules_are_salvaged_from_packs_that_fail_the_gate() {
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    p.exit.gate_fail_end_of_life = 1.0;
    p.exit.vehicle_life_scale_years = 1.0;
    let closed = live(&p, 2);
    for pack in &closed {
        sound(pack);
        assert!(pack.grading.gate_reason.is_some() && pack.systems.is_empty() && pack.grading.tested == 0);
        assert_eq!((pack.money.core_usd, pack.money.steps.opening_usd), (0.0, 0.0));
    }
    p.grading.salvage = true;
    p.grading.gate.salvage_share = Reasons {
        damage: 1.0,
        water: 1.0,
        isolation: 1.0,
        undervoltage: 1.0,
        no_data: 1.0,
        swelling: 1.0,
        self_discharge: 1.0,
    };
    for (pack, before) in live(&p, 2).iter().zip(&closed) {
        sound(pack);
        assert_eq!((pack.grading.gate_passed, pack.grading.gate_reason), (false, before.grading.gate_reason));
        assert_eq!(pack.grading.salvaged, p.vehicle.modules);
        assert!(!pack.systems.is_empty() && pack.money.core_usd == 0.0 && pack.money.steps.opening_usd > 0.0);
    }
}

#[test]
fn a_quick_look_first_saves_bench_time() {
    let library = Library::builtin().unwrap();
    let test = |name: &str| TestPlan { name: name.into(), spec: library.get(name).unwrap() };
    let mut p = plan("mg_zs_ev_delhi_5kwh");
    p.second_life.years_max = 0.25;
    p.exit.vehicle_life_scale_years = 1.0;
    p.grading.tests = vec![test("eis_5min"), test("capacity")];
    let both = live(&p, 2);
    p.grading.retest_within = 0.05;
    let few = live(&p, 2);
    p.grading.tests.truncate(1);
    let one = live(&p, 2);
    let hours = |packs: &[PackOutcome]| packs.iter().map(|p| p.grading.test_hours).sum::<f64>();
    let n = f64::from(2 * p.vehicle.modules);
    assert!((hours(&both) - 8.083 * n).abs() < 1e-9);
    // Nearly new modules are nowhere near the threshold: the second test is left out.
    assert!((hours(&few) - hours(&one)).abs() < 1e-9 && (hours(&one) - 0.083 * n).abs() < 1e-9);
    for pack in both.iter().chain(&few) {
        sound(pack);
        let names: Vec<&str> = pack.grading.values.iter().map(|v| &*v.test).collect();
        assert_eq!(names[0], "none");
        assert_eq!(names.len(), 1 + p.grading.menu.len());
    }
}

/// However modules are matched, the same ones are accepted; sorted ones waste least.
#[test]
fn matching_moves_modules_not_grades() {
    let mut p = plan("used_modules_bahraich_5kwh");
    let Some(UsedPlan::Lot(used)) = p.used.as_mut() else { panic!("a lot of used modules") };
    used.soh_sd = 0.05;
    p.grading.accept_soh_min = 0.6;
    p.second_life.years_max = 0.1;
    let unused: Vec<(u32, f64, f64)> = Matching::NAMES
        .iter()
        .map(|(_, matching)| {
            p.repurposing.matching = *matching;
            let packs = live(&p, 4);
            packs.iter().for_each(sound);
            let systems = || packs.iter().flat_map(|pack| &pack.systems);
            (
                packs.iter().map(|pack| pack.grading.accepted).sum(),
                systems().map(|s| s.unused_kwh_start).sum(),
                systems().map(|s| s.mismatch_measured).sum(),
            )
        })
        .collect();
    let [sorted, _, chance] = unused[..] else { panic!("three methods") };
    assert!(unused.iter().all(|u| u.0 == sorted.0));
    assert!(sorted.1 < 0.7 * chance.1 && sorted.2 < 0.7 * chance.2, "{unused:?}");
}
