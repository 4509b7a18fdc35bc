//! The step of a string: unit-steps a second, one thread, with spread, hysteresis, heat, limits and aging.
//!
//! - `hour`: steps of an hour, as by day in a second life; goals 5 M a second under power, 20 M at rest.
//! - `ten_seconds`: one cell, and batches of 36, 432 and 43,200 units in strings of 108; goals 8 M and 60 M.
//! - `96s4p`: a pack of 384 cells with 5 % spread, the current split between cells in parallel, 10 s; goal 8 M. Beside it
//!   (one core, measured on another machine): SLIDE 0.0075 M, liionpack 0.001 M cell-steps a second.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packlife::aging::{AgingOptions, Law, LawSpec};
use packlife::cell::{Cell, CellSpec};
use packlife::library::Library;
use packlife::numeric::stream::{Purpose, Streams};
use packlife::pack::{Build, CellSpread, Environment, Limits, ModuleSpread, ModuleString, Spread};
use std::hint::black_box;
use std::sync::Arc;

const ENV: Environment = Environment { temperature_k: 303.0, time_constant_s: 6.0 * 3600.0, along_k: 0.0 };
const LIMITS: Limits = Limits { soc_low: 0.1, soc_high: 0.9 };

/// Spread between units; 5 % of capacity and resistance where cells are split.
fn spread(units: usize, cv: [f64; 2]) -> ModuleSpread {
    let spread = Spread {
        capacity_cv: cv[0],
        resistance_cv: cv[1],
        rate_pack_ln_sd: 0.15,
        rate_module_ln_sd: 0.05,
        calendar_cycle_correlation: 0.7,
        resistance_module_ln_sd: 0.2,
        temperature_offset_sd_k: 1.0,
        self_discharge_ln_sd: 0.2,
        cells: CellSpread::default(),
    };
    spread.draw(units, &mut Streams::new(1, 1).stream(Purpose::ModuleSpread))
}

fn string(build: Build, units: usize, cv: [f64; 2]) -> ModuleString {
    let library = Library::builtin().unwrap_or_else(|faults| panic!("{} faults", faults.len()));
    let (spec, _) = library.find::<CellSpec>("lfp_prismatic").expect("the cell is in the library");
    let cell = Arc::new(Cell::new(spec).expect("the cell is sound"));
    let (law, _) = library.find::<LawSpec>("lfp_field").expect("the law is in the library");
    let law = Arc::new(Law::new(law, AgingOptions::default()).expect("the law is sound"));
    ModuleString::build(cell, law, build, spread(units, cv), 0.5, 298.15)
}

fn modules(units: usize) -> ModuleString {
    string(Build::modules(8, 1), units, [0.01, 0.03])
}

fn hour(c: &mut Criterion) {
    let mut group = c.benchmark_group("hour");
    for units in [2, 13, 96] {
        let hours = 1000;
        group.throughput(Throughput::Elements((units * hours) as u64));
        let start = modules(units);
        group.bench_function(format!("power/{units}"), |b| {
            b.iter(|| {
                let mut s = start.clone();
                for hour in 0..hours {
                    let wish = if hour % 8 < 4 { 120.0 } else { -122.0 } * units as f64;
                    s.step(black_box(wish), 1.0, 3600.0, &ENV, &LIMITS);
                }
                s.soc_min()
            });
        });
        group.bench_function(format!("rest/{units}"), |b| {
            b.iter(|| {
                let mut s = start.clone();
                for _ in 0..hours {
                    s.rest(black_box(3600.0), &ENV);
                }
                s.soc_min()
            });
        });
    }
    group.finish();
}

/// A duty of ten-second steps for a cell: some minutes either way, at up to 0.5 C.
fn power_w(step: usize) -> f64 {
    let size = 60.0 + 40.0 * ((step % 7) as f64);
    if step % 60 < 30 { size } else { -size }
}

fn ten_seconds(c: &mut Criterion) {
    let mut group = c.benchmark_group("ten_seconds");
    group.sample_size(20);
    for (units, strings) in [(1, 1), (36, 1), (108, 4), (108, 400)] {
        let steps = if strings > 100 { 60 } else { 360 };
        group.throughput(Throughput::Elements((units * strings * steps) as u64));
        let start = modules(units);
        group.bench_function(format!("units/{}", units * strings), |b| {
            let mut all = vec![start.clone(); strings];
            b.iter(|| {
                // All strings are stepped before the next step begins, as side by side in a batch.
                for step in 0..steps {
                    for s in &mut all {
                        s.step(black_box(8.0 * power_w(step) * units as f64), 1.0, 10.0, &ENV, &LIMITS);
                    }
                }
                all[0].soc_min()
            });
        });
    }
    group.finish();
}

fn pack(c: &mut Criterion) {
    let mut group = c.benchmark_group("96s4p");
    let build = Build { cells_series: 8, cells_parallel: 4, by_cell: true, neighbour_w_per_k: 0.0 };
    let start = string(build, 384, [0.05, 0.05]);
    group.throughput(Throughput::Elements(384 * 360));
    group.bench_function("hour", |b| {
        let mut s = start.clone();
        b.iter(|| {
            for step in 0..360 {
                s.step(black_box(384.0 * power_w(step)), 1.0, 10.0, &ENV, &LIMITS);
            }
            s.soc_min()
        });
    });
    group.finish();
}

criterion_group!(benches, hour, ten_seconds, pack);
criterion_main!(benches);
