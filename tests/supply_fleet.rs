//! Populations for projections of supply, from plans as scenarios make them.
#![cfg(feature = "scenario")]

use packlife::library::{Library, SourceText};
use packlife::life::Journey;
use packlife::life::plan::JourneyPlan;
use packlife::monte::{Observer, Silent};
use packlife::scenario::plan_from;
use packlife::supply::{Fleet, FleetError, FleetOptions, fleet};
use std::path::Path;

const HOME: &str = r#"
name = "A home in Delhi"

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use     = "private_car_india"

[exit]
country = "india"

[second_life]
system = "offgrid_home_5kwh"

[numerics]
weather_years = 1
fidelity = "pack"
"#;

const OPTIONS: FleetOptions = FleetOptions { packs: 6, first_years: 6, second_years: 3, in_class: 3, classes_max: 2 };

fn plan() -> JourneyPlan {
    let library = Library::builtin().unwrap_or_else(|faults| panic!("{} faults", faults.len()));
    let plan = plan_from(&SourceText::new("home.toml", HOME), "home", Path::new("."), library);
    plan.unwrap_or_else(|problems| panic!("{} problems", problems.len())).journey
}

fn made(plan: JourneyPlan, threads: usize) -> Fleet {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| fleet("cars", plan, 1, OPTIONS, &Silent)).unwrap()
}

#[test]
fn packs_fade_and_serve() {
    let plan = plan();
    let fleet = made(plan.clone(), 2);
    assert_eq!(fleet, made(plan.clone(), 1));
    assert_eq!(fleet.paths.len(), 6);
    let mean_use = fleet.paths.iter().map(|p| p.use_factor).sum::<f64>() / 6.0;
    assert!((mean_use - 1.0).abs() < 1e-12);
    for path in &fleet.paths {
        // No crash, warranty or worn-out vehicle ends a path; what ended is told to its end.
        let years = path.end_years.min(6.0);
        assert_eq!(path.soh.len(), years.ceil() as usize + 1);
        assert!(path.soh[0] > 0.97 && path.soh[1..].windows(2).all(|w| w[1] < w[0]));
    }
    // Modules from older packs have less left; all classes are told for the same years.
    let second = &fleet.second;
    assert_eq!((second.soh_from.len(), second.survival.len(), second.fade.len()), (2, 2, 2));
    assert!(second.soh_from[0] < second.soh_from[1]);
    for (survival, fade) in second.survival.iter().zip(&second.fade) {
        assert_eq!((survival.len(), fade.len()), (4, 4));
        assert!(survival.windows(2).all(|w| w[1] <= w[0]) && fade.windows(2).all(|w| w[1] <= w[0] + 1e-3));
    }
    assert!(fleet.outside_range.iter().all(|share| (0.0..=1.0).contains(share)));
    // The same pack fades alike where its vehicle is the plan's, as long as it lasts.
    let journey = Journey::prepare(plan, 1).unwrap();
    let whole = (0..6).filter_map(|k| Some((k, journey.live(k, 0).ok()?))).find(|(_, pack)| pack.first.years > 2.0);
    let (k, pack) = whole.expect("a vehicle that lasts two years");
    let at_end = pack.first.years.min(6.0);
    let (before, after) = (at_end.floor() as usize, at_end.ceil() as usize);
    let path = &fleet.paths[k as usize].soh;
    if pack.first.years <= 6.0 && after < path.len() {
        assert!(pack.exit.soh_mean <= path[before] + 1e-9 && pack.exit.soh_mean >= path[after] - 0.01);
    }
}

#[test]
fn what_cannot_be_made_is_told() {
    let short = |mut plan: JourneyPlan| {
        plan.second_life.series_modules = plan.vehicle.modules + 1;
        plan
    };
    assert!(matches!(fleet("cars", short(plan()), 1, OPTIONS, &Silent), Err(FleetError::Short { .. })));
    let none = FleetOptions { packs: 0, ..OPTIONS };
    assert_eq!(fleet("cars", plan(), 1, none, &Silent), Err(FleetError::Empty));
    struct Stop;
    impl Observer for Stop {
        fn stop(&self) -> bool {
            true
        }
    }
    assert_eq!(fleet("cars", plan(), 1, OPTIONS, &Stop), Err(FleetError::Stopped));
}
