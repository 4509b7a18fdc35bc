//! A year of a home on one core: strings of 1, 2 and 14 modules with circuit, heat and aging.
//!
//! - `hourly_year`: 8,760 steps; goal 5 ms.
//! - `minute_year`: 525,600 steps of 2 modules; goal 150 ms, below 285 ns a step.
//!
//! - `home_hourly_year`, `home_minute_year`: the same through load, array, inverter and dispatch; two modules, as one string
//!   and as two. Goals 5 ms and 150 ms.
//! - `sizing`: a small sizing study of a home in Delhi.
//!
//! Before them ten years are simulated in steps of 60, 15 and 1 minutes, and what the step length makes of SoH and of the
//! energy given is printed.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use packlife::aging::{AgingOptions, Law, LawSpec};
use packlife::cell::{Cell, CellSpec};
use packlife::library::{Library, SourceText};
use packlife::life::Journey;
use packlife::life::serving::{Serving, Start};
use packlife::monte::Silent;
use packlife::numeric::stream::{Purpose, Streams};
use packlife::pack::{Build, CellSpread, Environment, Limits, ModuleString, Spread};
use packlife::scenario::{Plan, plan_from};
use packlife::site::YearOrder;
use packlife::sizing::{OnSite, run as study};
use std::f64::consts::{PI, TAU};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

const LIMITS: Limits = Limits { soc_low: 0.1, soc_high: 0.9 };
const DAYS: usize = 365;

/// Modules of a cell that age by a law, with the differences of a good lot.
fn modules(units: usize, cell: &str, law: &str) -> ModuleString {
    let library = Library::builtin().unwrap_or_else(|faults| panic!("{} faults", faults.len()));
    let (cell, _) = library.find::<CellSpec>(cell).expect("the cell is in the library");
    let (law, _) = library.find::<LawSpec>(law).expect("the law is in the library");
    let cell = Arc::new(Cell::new(cell).expect("the cell is sound"));
    let law = Arc::new(Law::new(law, AgingOptions::default()).expect("the law is sound"));
    let spread = Spread {
        capacity_cv: 0.01,
        resistance_cv: 0.03,
        rate_pack_ln_sd: 0.15,
        rate_module_ln_sd: 0.05,
        calendar_cycle_correlation: 0.7,
        resistance_module_ln_sd: 0.2,
        temperature_offset_sd_k: 1.0,
        self_discharge_ln_sd: 0.2,
        cells: CellSpread::default(),
    };
    let spread = spread.draw(units, &mut Streams::new(1, 1).stream(Purpose::ModuleSpread));
    ModuleString::build(cell, law, Build::modules(8, 1), spread, 0.5, 298.15)
}

/// An hour of the year: power over nominal energy \[1/h\] and the room.
struct Hour {
    power: f64,
    room: Environment,
}

/// The same day all year, with `depth` of the nominal energy stored from the sun, somewhat less drawn in the evening and
/// nothing at night; a room that follows day and season.
fn year(depth: f64) -> Vec<Hour> {
    let hour = |k: usize| {
        let (day, clock) = (k as f64 / 24.0, (k % 24) as f64 + 0.5);
        let power = match clock {
            8.0..16.0 => -depth * PI / 16.0 * (PI * (clock - 8.0) / 8.0).sin(),
            17.0..23.0 => 0.8 * depth / 6.0,
            _ => 0.0,
        };
        let kelvin = 293.0 + 8.0 * (TAU * day / 365.0).sin() + 4.0 * (TAU * (clock - 15.0) / 24.0).cos();
        Hour { power, room: Environment { temperature_k: kelvin, time_constant_s: 6.0 * 3600.0, along_k: 0.0 } }
    };
    (0..24 * DAYS).map(hour).collect()
}

/// Runs a string through a year in steps of an hour's part; the string after it.
fn run(mut s: ModuleString, year: &[Hour], steps_an_hour: usize) -> ModuleString {
    let nominal_w = 1e3 * s.module_nominal_kwh() * s.len() as f64;
    let dt_s = 3600.0 / steps_an_hour as f64;
    for day in year.chunks(24) {
        for Hour { power, room } in day {
            for _ in 0..steps_an_hour {
                match power * nominal_w {
                    0.0 => s.rest(dt_s, room),
                    watt => _ = s.step(watt, 1.0, dt_s, room, &LIMITS),
                }
            }
        }
        s.end_day();
    }
    s
}

fn hourly_year(c: &mut Criterion) {
    let mut group = c.benchmark_group("hourly_year");
    let year = year(1.0);
    for units in [1, 2, 14] {
        let start = modules(units, "lfp_prismatic", "lfp_field");
        group.bench_function(units.to_string(), |b| {
            b.iter_batched(|| start.clone(), |s| run(s, black_box(&year), 1), BatchSize::SmallInput);
        });
    }
    group.finish();
}

fn minute_year(c: &mut Criterion) {
    let mut group = c.benchmark_group("minute_year");
    group.sample_size(10);
    let (year, start) = (year(1.0), modules(2, "lfp_prismatic", "lfp_field"));
    group.bench_function("2", |b| {
        b.iter_batched(|| start.clone(), |s| run(s, black_box(&year), 60), BatchSize::SmallInput);
    });
    group.finish();
}

const HOME: &str = r#"
name  = "A home in Delhi"
packs = 2

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use     = "private_car_india"

[used_modules]
soh_mean = 0.8
soh_sd   = 0.03

[exit]
country = "india"

[storage]
days = 1

[second_life]
system         = "offgrid_home_5kwh"
series_modules = SERIES

[numerics]
weather_years = 3
step_minutes  = MINUTES
"#;

const SIZING: &str = r#"
[sizing]
lpsp_max      = 0.02
service_years = 3
paths         = 4
pv_kw         = [0.8, 1.0, 1.2, 1.6]
strings       = [1, 2]
inverter_kw   = [0.75, 1.0]
module_soh    = [0.70, 0.80]
module_usd_per_nameplate_kwh = [30.0, 36.0]

[sizing.project]
prices = "rural_india"
"#;

fn plan(series: u32, minutes: u32, sizing: &str) -> Plan {
    let text = HOME.replace("SERIES", &series.to_string()).replace("MINUTES", &minutes.to_string()) + sizing;
    let library = Library::builtin().unwrap_or_else(|faults| panic!("{} faults", faults.len()));
    plan_from(&SourceText::new("home.toml", &text), "home", Path::new("."), library)
        .unwrap_or_else(|problems| panic!("{} problems", problems.len()))
}

/// A year of a home with two modules of a used pack, in `2 / series` strings.
fn home_year(b: &mut criterion::Bencher<'_>, series: u32, minutes: u32) {
    let plan = plan(series, minutes, "");
    let journey = Journey::prepare(plan.journey.clone(), plan.seed).expect("can be lived");
    let modules = journey.accepted(0, 0).expect("believed").modules.expect("some were accepted");
    let strings: Vec<ModuleString> = [0, 1].chunks(series as usize).map(|chunk| modules.select(chunk)).collect();
    let streams = Streams::new(plan.seed, 0);
    let second = &journey.plan.second_life;
    let start = || {
        let start = Start { index: 0, day: 0, share: 1.0, years: YearOrder::Drawn };
        (Serving::new(&journey, second, &streams, start).expect("can be simulated"), strings.clone())
    };
    let serve = |(mut serving, strings): (Serving<'_>, Vec<ModuleString>)| {
        let served = serving.serve(black_box(strings), DAYS, false);
        assert!(serving.balance_error() < 1e-9);
        served
    };
    b.iter_batched(start, serve, BatchSize::SmallInput);
}

fn home(c: &mut Criterion) {
    for (name, minutes) in [("home_hourly_year", 60), ("home_minute_year", 1)] {
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        group.bench_function("one string of 2", |b| home_year(b, 2, minutes));
        group.bench_function("two strings of 1", |b| home_year(b, 1, minutes));
        group.finish();
    }
}

fn sizing(c: &mut Criterion) {
    let plan = plan(1, 60, SIZING);
    let journey = Journey::prepare(plan.journey.clone(), plan.seed).expect("can be lived");
    let sizing = plan.sizing.as_ref().expect("asked for");
    let mut group = c.benchmark_group("sizing");
    group.sample_size(10);
    group.bench_function("delhi, small", |b| {
        b.iter(|| study(sizing, &OnSite::new(&journey, sizing, plan.seed, plan.packs), &Silent).expect("has designs"));
    });
    group.finish();
}

/// Ten years in three step lengths: at most 0.1 point of SoH and 0.1 % of energy apart, for a home that uses some two
/// thirds of its battery.
fn ten_years(_: &mut Criterion) {
    for (cell, law) in [("lfp_prismatic", "lfp_field"), ("nmc_pouch", "nmc50_b1")] {
        let year = year(0.65);
        let ends = [1, 4, 60].map(|steps_an_hour| {
            let end = (0..10).fold(modules(2, cell, law), |s, _| run(s, &year, steps_an_hour));
            let (soh, kwh) = (100.0 * end.soh_mean(), end.ledger().discharged_j / 3.6e6);
            println!("{law}, {} min: SoH {soh:.3} %, {kwh:.2} kWh", 60 / steps_an_hour);
            (soh, kwh)
        });
        for (soh, kwh) in ends {
            assert!((soh - ends[2].0).abs() < 0.1 && (kwh / ends[2].1 - 1.0).abs() < 1e-3);
        }
    }
}

criterion_group!(benches, ten_years, hourly_year, minute_year, home, sizing);
criterion_main!(benches);
