//! Routes, books, metal prices and the choice between reuse and recycling, through the library's interface.

use packlife::economics::{Choice, PricePath};
use packlife::library::Library;
use packlife::life::decision::{DecisionCase, Rule, cases};
use packlife::life::grading::Reasons;
use packlife::life::outcome::PackOutcome;
use packlife::life::plan::JourneyPlan;
use packlife::life::recycling::Books;
use packlife::life::{BALANCE_TOLERANCE, Journey};
use packlife::scenario::load;
use std::path::Path;

/// The scenario of the repository, with short lives in few weather years.
fn plan() -> JourneyPlan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reuse_or_recycle_lfp_nmc.toml");
    let mut plan = load(&path).unwrap().journey;
    plan.weather_years = 1;
    plan.exit.vehicle_life_shape = 20.0;
    plan.exit.vehicle_life_scale_years = 2.0;
    plan.exit.gate_fail_end_of_life = 0.0;
    plan.second_life.years_max = 0.25;
    plan.recycling.price_path = PricePath::default();
    plan.decision.rule = Rule::Grades;
    let test = &mut plan.grading.tests[0].spec;
    (test.soh_bias, test.soh_sd, test.pack_sd) = (0.0, 0.01, 0.0);
    plan
}

fn live(plan: &JourneyPlan, packs: u64) -> Vec<PackOutcome> {
    let journey = Journey::prepare(plan.clone(), 11).unwrap();
    (0..packs).map(|pack| journey.live(pack, 0).unwrap()).collect()
}

fn case<'a>(cases: &'a [DecisionCase], chemistry: &str, prices: &str) -> &'a DecisionCase {
    cases.iter().find(|c| c.chemistry == chemistry && c.prices == prices).unwrap()
}

/// What NMC gives back is worth more, so reuse must be worth more to pay.
#[test]
fn lfp_switches_to_recycling_at_a_lower_state_than_nmc() {
    let mut p = plan();
    for route in [None, Some("hydro")] {
        if let Some(name) = route {
            p.decision.routes = vec![(name.into(), Library::builtin().unwrap().get(name).unwrap())];
        }
        let cases = cases(&p);
        assert_eq!(cases.len(), 6);
        for set in ["cn2026", "everbatt2023"] {
            let at = |chemistry| case(&cases, chemistry, set).switching_soh.unwrap_or(1.0 + 1e-9);
            assert!(at("lfp") < at("nmc622") && at("lfp") < at("nmc811"), "{set}: {} {}", at("lfp"), at("nmc622"));
            assert!(at("lfp") > p.decision.soh_end && at("lfp") < 1.0);
        }
    }
}

/// On the grid the best choice changes from recycling to the others at the switching SoH.
#[test]
fn the_table_agrees_with_the_switching_point() {
    for c in cases(&plan()) {
        for point in &c.points {
            let recycles = point.values.best() == Choice::Recycle;
            assert_eq!(
                recycles,
                c.switching_soh.is_none_or(|s| point.soh < s),
                "{} {} {}",
                c.chemistry,
                c.prices,
                point.soh
            );
        }
    }
}

#[test]
fn the_rule_sends_packs_where_they_are_worth_more() {
    let mut p = plan();
    p.decision.rule = Rule::Npv;
    p.prices.new_storage_usd_per_kwh = 0.0;
    for pack in live(&p, 3) {
        assert!(pack.sent_to_recycler && pack.systems.is_empty() && pack.grading.accepted > 0);
        assert_eq!(pack.decision.unwrap().best_measured, Choice::Recycle);
        assert_eq!(pack.recycling.batches.len(), 1);
        // Recycled at once: its value at the true state is what the books say, within the error of the test.
        let (value, npv) = (pack.decision.unwrap().measured.recycle_usd, pack.money.npv_usd);
        assert!((value - npv).abs() < 0.02 * npv.abs().max(100.0), "{value} {npv}");
    }
    p.prices.new_storage_usd_per_kwh = 1000.0;
    for pack in live(&p, 3) {
        let d = pack.decision.unwrap();
        assert!(!pack.sent_to_recycler && !pack.systems.is_empty() && d.best_true != Choice::Recycle);
        assert!(d.regret_usd >= 0.0);
    }
}

/// Each route closes its mass ledger in whole lives, and each gives what it is for.
#[test]
fn every_route_of_the_library_closes() {
    let library = Library::builtin().unwrap();
    for name in ["hydro", "hydro_lfp", "pyro", "direct", "mechanical"] {
        let mut p = plan();
        p.route = library.get(name).unwrap();
        for pack in live(&p, 1) {
            let r = &pack.recycling;
            assert!(pack.balance_error < BALANCE_TOLERANCE && r.efficiency() > 0.0 && r.efficiency() < 1.0);
            assert_eq!(r.cathode_kg > 0.0, name == "direct");
            assert_eq!(r.lithium_added_kg > 0.0, name == "direct");
            assert_eq!(r.iron_phosphate_kg > 0.0, name == "hydro_lfp");
            assert_eq!(r.black_kg.total() > 0.0, name == "mechanical");
            let shares: f64 = r.batches.iter().map(|b| b.share).sum();
            assert!((shares - 1.0).abs() < 1e-12);
        }
    }
}

/// At the gate the fee of the chemistry takes the place of products and process, and all of it is moved.
#[test]
fn books_at_the_gate() {
    let mut p = plan();
    let own = live(&p, 2);
    p.recycling.books = Books::Gate;
    let fee = p.prices.gate_usd_per_kg["lfp"];
    for (pack, own) in live(&p, 2).iter().zip(own) {
        let (m, kg) = (&pack.money, pack.recycling.mass_kg);
        assert_eq!((m.materials_usd, m.gate_usd), (0.0, fee * kg));
        assert!((m.recycling_cost_usd - p.repurposing.plant.transport_usd_per_kg() * kg).abs() < 1e-9);
        assert!(own.money.materials_usd > 0.0 && own.money.gate_usd == 0.0);
        assert_eq!(pack.first.years, own.first.years);
    }
    // A good module turned away goes the same way: what recycling gives for it is the fee less the way there.
    p.grading.tests[0].spec.soh_bias = -0.5;
    let (plant, kwh) = (&p.repurposing.plant, p.vehicle.module_kwh());
    let kg = p.vehicle.pack_mass_kg / f64::from(p.vehicle.modules);
    let off = plant.repack(p.repurposing.level, kwh).total() * kwh + (fee - plant.transport_usd_per_kg()) * kg;
    for pack in live(&p, 2) {
        let margin = |soh: f32| p.prices.second_life_usd_per_kwh * kwh * f64::from(soh) - off;
        let lost: f64 = pack.grading.readings.iter().map(|r| margin(r.soh)).sum();
        assert_eq!(pack.grading.false_rejects, p.vehicle.modules);
        assert!((pack.grading.false_reject_usd / lost - 1.0).abs() < 1e-6);
    }
}

/// Of a pack that failed the gate only the salvaged modules stand for the choice, and nothing was paid for it: what they
/// are worth recycled and what the rest gives is what the books say.
#[test]
fn a_salvaged_pack_is_valued_by_what_was_tested() {
    let mut p = plan();
    p.decision.rule = Rule::Npv;
    p.prices.new_storage_usd_per_kwh = 0.0;
    p.exit.gate_fail_end_of_life = 1.0;
    p.grading.salvage = true;
    p.grading.accept_soh_min = 0.999;
    let half = 0.5;
    p.grading.gate.salvage_share = Reasons {
        damage: half,
        water: half,
        isolation: half,
        undervoltage: half,
        no_data: half,
        swelling: half,
        self_discharge: half,
    };
    let packs = live(&p, 3);
    assert!(packs.iter().all(|pack| pack.money.core_usd == 0.0));
    let tested: Vec<&PackOutcome> = packs.iter().filter(|pack| pack.grading.tested > 0).collect();
    assert!(!tested.is_empty());
    for pack in tested {
        let (m, value) = (&pack.money, pack.decision.unwrap().measured.recycle_usd);
        let rest = 1.0 - f64::from(pack.grading.tested) / f64::from(p.vehicle.modules);
        let of_rest = rest * (m.materials_usd - m.recycling_cost_usd);
        assert!(pack.sent_to_recycler && rest > 0.0);
        // Lithium follows the SoH, which the test does not measure exactly.
        assert!((value + of_rest - m.npv_usd).abs() < 10.0, "{value} {of_rest} {}", m.npv_usd);
        // What is not sold brings no claim, and loses no margin.
        assert_eq!((pack.grading.false_accept_usd, pack.grading.false_reject_usd), (0.0, 0.0));
    }
}

/// Metal prices move the value of materials and nothing of the lives.
#[test]
fn metal_prices_move_money_only() {
    let mut p = plan();
    let flat = live(&p, 4);
    p.recycling.price_path = PricePath { volatility: 0.3, ..PricePath::default() };
    let moved = live(&p, 4);
    for (a, b) in flat.iter().zip(&moved) {
        assert_eq!(a.recycling.metal_price_factor(), a.recycling.batches.iter().map(|x| x.share).sum::<f64>());
        assert_eq!(
            (a.exit.soh_mean, a.systems.len(), a.money.sale_usd),
            (b.exit.soh_mean, b.systems.len(), b.money.sale_usd)
        );
        let factor = b.recycling.metal_price_factor() / a.recycling.metal_price_factor();
        assert!((b.money.materials_usd / a.money.materials_usd / factor - 1.0).abs() < 1e-12);
        assert!((factor - 1.0).abs() > 1e-3);
        // All batches are of the years after the vehicle was sold.
        assert!(b.recycling.batches.iter().all(|x| (2024..2029).contains(&x.calendar_year)));
    }
    let factors: Vec<f64> = moved.iter().map(|m| m.recycling.metal_price_factor()).collect();
    assert!(factors.windows(2).all(|w| w[0] != w[1]), "one future a pack: {factors:?}");
}
