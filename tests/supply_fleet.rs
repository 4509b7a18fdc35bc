//! Populations for projections of supply, from plans as scenarios make them.
#![cfg(feature = "scenario")]

use packlife::library::{Library, SourceText};
use packlife::life::Journey;
use packlife::life::outcome::ExitRoute;
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

const OPTIONS: FleetOptions = FleetOptions { packs: 4, first_years: 4, second_years: 2, in_class: 2, classes_max: 2 };

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
    assert_eq!(fleet.paths.len(), 4);
    let mean_use = fleet.paths.iter().map(|p| p.use_factor).sum::<f64>() / 4.0;
    assert!((mean_use - 1.0).abs() < 1e-12);
    for path in &fleet.paths {
        // No crash, warranty or worn-out vehicle ends a path; what ended is told to its end.
        let years = path.end_years.min(4.0);
        assert_eq!(path.soh.len(), years.ceil() as usize + 1);
        assert!(path.soh[0] > 0.97 && path.soh[1..].windows(2).all(|w| w[1] < w[0]));
    }
    // Modules from older packs have less left; all classes are told for the same years.
    let second = &fleet.second;
    assert_eq!((second.soh_from.len(), second.survival.len(), second.fade.len()), (2, 2, 2));
    assert!(second.soh_from[0] < second.soh_from[1]);
    for (survival, fade) in second.survival.iter().zip(&second.fade) {
        assert_eq!((survival.len(), fade.len()), (3, 3));
        assert!(survival.windows(2).all(|w| w[1] <= w[0]) && fade.windows(2).all(|w| w[1] <= w[0] + 1e-3));
    }
    assert!(fleet.outside_range.iter().all(|share| (0.0..=1.0).contains(share)));
    // A pack fades as it does in a journey of its own.
    let alike = fleet.paths.iter().position(|path| path.end_years.is_infinite()).expect("some last");
    let mut short = plan.enduring(3.0);
    short.second_life.years_max = 0.1;
    let pack = Journey::prepare(short, 1).unwrap().live(alike as u64, 0).unwrap();
    assert_eq!((pack.first.years, pack.exit.route), (3.0, ExitRoute::EndOfLife));
    assert!((pack.exit.soh_mean - fleet.paths[alike].soh[3]).abs() < 1e-3);
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
