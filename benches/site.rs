//! A year of a home on one core: strings of 1, 2 and 14 modules with circuit, heat and aging.
//!
//! - `hourly_year`: 8,760 steps; goal 5 ms.
//! - `minute_year`: 525,600 steps of 2 modules; goal 150 ms, below 285 ns a step.
//!
//! Before them ten years are simulated in steps of 60, 15 and 1 minutes, and what the step length makes of SoH and of the
//! energy given is printed.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use packlife::aging::{AgingOptions, Law, LawSpec};
use packlife::cell::{Cell, CellSpec};
use packlife::library::Library;
use packlife::numeric::stream::{Purpose, Streams};
use packlife::pack::{Build, CellSpread, Environment, Limits, ModuleString, Spread};
use std::f64::consts::{PI, TAU};
use std::hint::black_box;
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

criterion_group!(benches, ten_years, hourly_year, minute_year);
criterion_main!(benches);
