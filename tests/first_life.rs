//! The years in the vehicle: charging habits and braking energy, through whole lives.

use packlife::library::Library;
use packlife::life::outcome::FirstLifeOutcome;
use packlife::life::plan::JourneyPlan;
use packlife::life::{BALANCE_TOLERANCE, Journey};
use packlife::scenario::load;
use std::path::Path;

/// A scenario with nothing but some years of driving, in a use of the library.
fn plan(scenario: &str, vehicle: &str, usage: &str) -> JourneyPlan {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{scenario}.toml"));
    let library = Library::builtin().unwrap();
    let mut plan = load(&path).unwrap().journey;
    plan.vehicle = library.get(vehicle).unwrap();
    plan.cell = library.get(&plan.vehicle.cell).unwrap();
    plan.first_life.usage = library.get(usage).unwrap();
    let usage = &plan.first_life.usage;
    let cycle = |name: &str| library.get::<packlife::duty::CycleSpec>(name).unwrap().trace();
    (plan.first_life.trace, plan.first_life.long_trace) = (cycle(&usage.cycle), cycle(&usage.long_cycle));
    plan.first_life.years_max = 1.0;
    plan.exit.write_off_per_year = 0.0;
    plan.exit.failure_per_year = 0.0;
    plan.exit.vehicle_life_scale_years = 1000.0;
    plan.exit.gate_fail_end_of_life = 1.0;
    plan.weather_years = 2;
    plan
}

fn live(plan: JourneyPlan, packs: u64) -> Vec<FirstLifeOutcome> {
    let journey = Journey::prepare(plan, 5).unwrap();
    let lived = (0..packs).map(|pack| journey.live(pack, 0).unwrap());
    lived.inspect(|pack| assert!(pack.balance_error < BALANCE_TOLERANCE)).map(|pack| pack.first).collect()
}

fn mean(outcomes: &[FirstLifeOutcome], of: impl Fn(&FirstLifeOutcome) -> f64) -> f64 {
    outcomes.iter().map(of).sum::<f64>() / outcomes.len() as f64
}

/// Electric Nation: about three charges at home a week, with cars of 40 to 90 kWh.
#[test]
fn british_drivers_plug_in_three_times_a_week() {
    for vehicle in ["nissan_leaf_40", "jaguar_ipace_90"] {
        let mut p = plan("ipace_coventry_125kwh", vehicle, "private_car_uk");
        p.first_life.usage.home_charger_share = 1.0;
        let sessions = mean(&live(p, 20), |f| f.home_sessions_per_week);
        assert!((2.3..=3.7).contains(&sessions), "{vehicle}: {sessions} a week");
    }
}

#[test]
fn braking_energy_is_counted_where_it_is_known() {
    let leaf = live(plan("leaf_phoenix_5kwh", "nissan_leaf_40", "private_car_us"), 3);
    for f in &leaf {
        let share = f.regenerated_kwh / f.driven_kwh;
        assert!((0.05..0.4).contains(&share), "{share}");
    }
    let mg = live(plan("mg_zs_ev_delhi_5kwh", "mg_zs_ev_50_lfp", "private_car_india"), 2);
    assert!(mg.iter().all(|f| f.regenerated_kwh == 0.0));
}

#[test]
fn who_cannot_charge_at_home_charges_fast_or_at_work() {
    let base = plan("leaf_phoenix_5kwh", "nissan_leaf_40", "private_car_us");
    let with = |home: f64, work: f64, habit: f64| {
        let mut p = base.clone();
        let u = &mut p.first_life.usage;
        u.full_charge_every_days = 0;
        (u.home_charger_share, u.workplace_charger_share, u.fast_charge_habit) = (home, work, habit);
        live(p, 4)
    };
    let street = with(0.0, 0.0, 0.0);
    assert!(street.iter().all(|f| f.home_sessions_per_week == 0.0 && f.fast_charge_share == 1.0));
    // The same trips, made all the same.
    let home = with(1.0, 0.0, 0.0);
    for (a, b) in street.iter().zip(&home) {
        let asked = |f: &FirstLifeOutcome| f.distance_km + f.distance_missed_km;
        assert!((asked(a) / asked(b) - 1.0).abs() < 1e-6, "{} {}", asked(a), asked(b));
    }
    let fast = |lives: &[FirstLifeOutcome]| mean(lives, |f| f.fast_charge_share);
    assert!(fast(&home) < 0.25, "{}", fast(&home));
    assert!(fast(&with(0.0, 1.0, 0.0)) < 0.4 * fast(&street));
    assert!(fast(&with(1.0, 0.0, 0.5)) > fast(&home) + 0.2);
}

/// Half of the energy of a taxi comes from fast chargers, some percents of that of a private car.
#[test]
fn taxis_charge_fast_half_of_the_time() {
    let taxi = live(plan("mg_zs_ev_delhi_5kwh", "mg_zs_ev_50_lfp", "taxi_india"), 6);
    let share = mean(&taxi, |f| f.fast_charge_share);
    assert!((0.35..=0.65).contains(&share), "{share}");
}
