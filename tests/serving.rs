//! Strings that serve a site, reach their end and are renewed.

use packlife::aging::UsedUnit;
use packlife::library::{Library, SourceText};
use packlife::life::Journey;
use packlife::life::outcome::EndCause;
use packlife::life::plan::JourneyPlan;
use packlife::life::serving::{Serving, Start};
use packlife::numeric::calendar::DAYS_PER_YEAR;
use packlife::numeric::stream::{Purpose, Streams};
use packlife::pack::ModuleString;
use packlife::scenario::plan_from;
use packlife::site::YearOrder;
use std::path::Path;

const HOME: &str = r#"
name = "A home"

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use = "private_car_india"

[used_modules]
soh_mean = 0.8

[exit]
country = "india"

[second_life]
system = "offgrid_home_5kwh"

[numerics]
weather_years = 2
"#;

fn plan(more: &str) -> JourneyPlan {
    let text = format!("{HOME}{more}");
    let library = Library::builtin().unwrap();
    plan_from(&SourceText::new("home.toml", &text), "home", Path::new("."), library).unwrap().journey
}

fn string(journey: &Journey, streams: &Streams, soh: f64) -> ModuleString {
    let count = journey.plan.second_life.series_modules as usize;
    let used = UsedUnit { soh, resistance: None, cycle_share: 0.4, years: 8.0 };
    journey.used_string(0, streams, &vec![used; count], &mut streams.stream(Purpose::ModuleSpread))
}

const START: Start = Start { index: 0, day: 100, share: 1.0, years: YearOrder::Drawn };

/// Full all the time on a grid that never fails: the calendar alone leads to the end, and a renewed battery goes on where the
/// site has got to.
#[test]
fn the_calendar_alone_leads_to_the_end_and_to_renewal() {
    let grid = "[second_life.grid]\nsupply = \"always\"\n[second_life.pv]\npeak_kw = 0.0\n[second_life.end]\nsoh_min = 0.77\n\
        power_check = false\n[grading]\naccept_soh_min = 0.8\n";
    let journey = Journey::prepare(plan(grid), 3).unwrap();
    let streams = Streams::new(3, 0);
    let mut serving = Serving::new(&journey, &journey.plan.second_life, &streams, START).unwrap();
    let most = 12 * DAYS_PER_YEAR;
    let first = serving.serve(vec![string(&journey, &streams, 0.79)], most, true);
    assert_eq!(first.cause, Some(EndCause::Soh));
    assert!(first.day > 30 && first.day < most, "{}", first.day);
    assert!(first.strings[0].efc() < 2.0, "{}", first.strings[0].efc());
    let until = first.day + 200;
    let second = serving.serve(vec![string(&journey, &streams, 0.9)], until, true);
    assert_eq!((second.cause, second.day), (None, until));
    let years = serving.years();
    assert_eq!(years.len(), until.div_ceil(DAYS_PER_YEAR));
    assert!((years.iter().map(|y| y.hours).sum::<f64>() - 24.0 * until as f64).abs() < 1e-6);
    assert!(years.iter().all(|y| y.unmet_kwh == 0.0) && years.last().unwrap().soh_end > 0.85);
    assert!(serving.monthly().last().unwrap().soh > 0.85);
    assert!(serving.balance_error() < 1e-9, "{:e}", serving.balance_error());
}

/// Off the grid, with a genset, strings that join later, and steps of a quarter of an hour.
#[test]
fn books_close_through_renewal_and_growth() {
    let more = "step_minutes = 15\n[second_life.genset]\nrating_kw = 1.5\n[second_life.load]\ndaily_kwh = 4.0\n\
        [second_life.inverter]\ncoupling = \"ac\"\n";
    let journey = Journey::prepare(plan(more), 3).unwrap();
    let streams = Streams::new(3, 0);
    let mut serving = Serving::new(&journey, &journey.plan.second_life, &streams, START).unwrap();
    serving.trace_year(0);
    let first = serving.serve(vec![string(&journey, &streams, 0.8)], 50, false);
    serving.add(vec![string(&journey, &streams, 0.8)]);
    let second = serving.serve(first.strings, 100, false);
    assert_eq!((second.strings.len(), second.day), (2, 100));
    serving.serve(vec![string(&journey, &streams, 0.85)], 130, false);
    let year = &serving.years()[0];
    assert!(year.genset_starts > 2 && year.fuel_l > 1.0 && year.genset_kwh > 0.0, "{year:?}");
    assert!(year.efc > 5.0 && year.unmet_kwh < 0.02 * year.demand_kwh, "{year:?}");
    assert!(serving.balance_error() < 1e-9, "{:e}", serving.balance_error());
    assert_eq!(serving.trace().len(), 130 * 24);
    let traced: f64 = serving.trace().iter().map(|h| h.load_kw).sum();
    assert!((traced - year.demand_kwh).abs() < 1e-6);
}

/// Real modules at steps of an hour and of a quarter: the same wear, and nearly the same unserved energy.
#[test]
fn the_step_moves_neither_wear_nor_unserved_energy() {
    let lived = ["60", "15"].map(|minutes| {
        let more = format!("step_minutes = {minutes}\n[second_life.load]\ndaily_kwh = 4.0\n");
        let journey = Journey::prepare(plan(&more), 5).unwrap();
        let streams = Streams::new(5, 0);
        let mut serving = Serving::new(&journey, &journey.plan.second_life, &streams, START).unwrap();
        let served = serving.serve(vec![string(&journey, &streams, 0.8)], DAYS_PER_YEAR, false);
        (served.strings[0].soh_min(), serving.years()[0].lpsp())
    });
    let [hour, quarter] = lived;
    assert!((hour.0 - quarter.0).abs() < 1e-4, "{lived:?}");
    assert!((hour.1 - quarter.1).abs() < 0.05 * hour.1 + 1e-4, "{lived:?}");
}

/// Clouds inside the hour: the same array, and a battery that is asked more often.
#[test]
fn clouds_inside_the_hour_keep_the_array() {
    let lived = ["false", "true"].map(|clouds| {
        let more = format!(
            "step_minutes = 5\n[second_life.load]\ndaily_kwh = 4.0\n[second_life.pv]\nminute_clouds = {clouds}\n"
        );
        let journey = Journey::prepare(plan(&more), 5).unwrap();
        let streams = Streams::new(5, 0);
        let mut serving = Serving::new(&journey, &journey.plan.second_life, &streams, START).unwrap();
        serving.serve(vec![string(&journey, &streams, 0.8)], 60, false);
        assert!(serving.balance_error() < 1e-9, "{:e}", serving.balance_error());
        serving.years()[0].clone()
    });
    let [calm, cloudy] = &lived;
    assert!((cloudy.pv_kwh / calm.pv_kwh - 1.0).abs() < 1e-9);
    assert!((cloudy.demand_kwh / calm.demand_kwh - 1.0).abs() < 1e-12);
    assert!(cloudy.charge_kwh > 1.002 * calm.charge_kwh, "{} {}", cloudy.charge_kwh, calm.charge_kwh);
}
