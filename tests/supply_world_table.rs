//! Retired batteries of the world by the lives that studies take, beside figures made with other programs from the same inflow.

use packlife::numeric::special::gamma;
use packlife::scenario::load_supply;
use packlife::supply::{
    Band, Draw, Knot, Life, LifeLaw, Lives, Param, Parameters, Quantity, Rule, Scope, SupplyPlan, evaluate, unit_exits,
};
use std::path::Path;

/// Years of the table.
const YEARS: [i32; 5] = [2025, 2030, 2035, 2040, 2050];

fn world() -> SupplyPlan {
    load_supply(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/supply_world.toml")).expect("sound").plan
}

/// The world with the life of the vehicle alone, and crashes.
fn retired(law: LifeLaw, mean: f64, sd: f64, crash: f64) -> [f64; 5] {
    let rule = |param, value| Rule {
        param,
        scope: Scope::default(),
        knots: vec![Knot { year: 2010, band: Band::sure(value) }],
    };
    let rules =
        vec![rule(Param::VehicleLifeMean, mean), rule(Param::VehicleLifeSd, sd), rule(Param::CrashPerYear, crash)];
    let plan = SupplyPlan {
        lives: Lives::Closed { vehicle: law, battery: LifeLaw::Normal },
        parameters: Parameters { rules },
        correlations: Vec::new(),
        ..world()
    };
    let table = evaluate(&plan, &Draw::central(), false).expect("balanced").table;
    let [_, groups] = table.size();
    let sum = |q, t: usize| (0..groups).map(|group| table.of(q, group)[t]).sum::<f64>();
    YEARS.map(|year| sum(Quantity::Retired, (year - plan.first_year) as usize))
}

/// Within 1 %, or half of the last digit that is printed and what the inflow differs by.
fn close(row: &str, ours: [f64; 5], theirs: [f64; 5]) {
    for ((ours, theirs), year) in ours.iter().zip(theirs).zip(YEARS) {
        let within = (0.01 * theirs).max(0.55);
        assert!((ours - theirs).abs() <= within, "{row}, {year}: {ours:.1} GWh, theirs {theirs}");
    }
}

/// Made with flodym 1.1.0 from the totals that the inflow is built on, spread over the year.
#[test]
fn one_life_leaves_what_flodym_finds() {
    // Shape 3.5 and scale 16 years.
    let moment = |k: f64| gamma(1.0 + k / 3.5);
    let (mean, sd) = (16.0 * moment(1.0), 16.0 * (moment(2.0) - moment(1.0).powi(2)).sqrt());
    let rows = [
        ("normal 10, 3", LifeLaw::Normal, 10.0, 3.0, [60.0, 387.0, 1460.0, 3089.0, 5078.0]),
        ("normal 12, 5", LifeLaw::Normal, 12.0, 5.0, [74.0, 364.0, 1149.0, 2444.0, 4714.0]),
        ("Weibull 3.5, 16", LifeLaw::Weibull, mean, sd, [22.0, 152.0, 654.0, 1754.0, 4394.0]),
        ("normal 15, 4", LifeLaw::Normal, 15.0, 4.0, [13.0, 97.0, 494.0, 1540.0, 4348.0]),
        ("normal 18.4, 5", LifeLaw::Normal, 18.4, 5.0, [6.0, 48.0, 249.0, 871.0, 3448.0]),
    ];
    for (row, law, mean, sd, theirs) in rows {
        close(row, retired(law, mean, sd, 0.0), theirs);
    }
    // A rule of six points with one at each end counts a thirtieth of those that leave at eight a year early; ours is exact.
    let [eight, seven] = [8.0, 7.0].map(|years| retired(LifeLaw::Fixed, years, 0.0, 0.0));
    let as_counted = std::array::from_fn(|k| eight[k] + (seven[k] - eight[k]) / 30.0);
    close("fixed 8", as_counted, [73.0, 565.0, 2073.0, 3798.0, 5210.0]);
}

#[test]
fn crashes_come_on_top() {
    // A hazard of 1 % a year, beside a figure with the yearly loss of 1 %; none is given for 2050.
    let ours = retired(LifeLaw::Normal, 15.0, 4.0, -(0.99_f64.ln()));
    close("crash", [ours[0], ours[1], ours[2], ours[3], 0.0], [49.0, 232.0, 763.0, 1867.0, 0.0]);
}

/// Vehicle and battery with logistic lives of their own, by yearly products, all inflow at the end of its year; usable and
/// failed batteries.
#[test]
fn vehicles_and_batteries_leave_as_in_studies() {
    let plan = world();
    let inflow: Vec<f64> = (0..plan.years).map(|t| plan.series.iter().map(|s| s.gwh[t]).sum()).collect();
    let hazards = |mean: f64, sd: f64| -> Vec<f64> {
        let life = Life::new(LifeLaw::Logistic, mean, sd).expect("possible");
        let yearly = |a: usize| 1.0 - life.survival(a as f64) / life.survival(a as f64 - 1.0);
        (0..plan.years).map(|a| if a == 0 { 0.0 } else { yearly(a) }).collect()
    };
    let rows = [
        (([17.0, 4.0], [15.0, 4.0]), [4.0, 32.0, 160.0, 523.0, 1447.0], [10.0, 77.0, 376.0, 1185.0, 3130.0]),
        (([18.4, 5.0], [25.0, 5.0]), [6.0, 42.0, 202.0, 723.0, 2983.0], [1.0, 4.0, 22.0, 89.0, 527.0]),
    ];
    for ((vehicle, battery), usable, failed) in rows {
        let unit = unit_exits(&hazards(vehicle[0], vehicle[1]), &hazards(battery[0], battery[1]), 0.0);
        let sum = |of: &dyn Fn(usize) -> f64, year: i32| -> f64 {
            let t = (year - plan.first_year) as usize;
            (0..=t).map(|cohort| inflow[cohort] * of(t - cohort)).sum()
        };
        let all = |row: &[f64]| row.iter().sum::<f64>();
        close("usable", YEARS.map(|year| sum(&|k| all(unit.usable(k)), year)), usable);
        close("failed", YEARS.map(|year| sum(&|k| all(unit.failed(k)) + all(unit.both(k)), year)), failed);
    }
}
