//! The step of a string: module-steps a second, one thread, with spread, hysteresis, heat and calendar aging.
//! Goal: at least 5 M module-steps/s under power control, 20 M at rest.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packlife::aging::{AgingOptions, Law, LawSpec};
use packlife::cell::{Cell, CellSpec};
use packlife::library::Library;
use packlife::numeric::stream::{Purpose, Streams};
use packlife::pack::{Environment, Limits, ModuleString, Spread};
use std::hint::black_box;
use std::sync::Arc;

const ENV: Environment = Environment { temperature_k: 303.0, time_constant_s: 6.0 * 3600.0 };
const LIMITS: Limits = Limits { soc_low: 0.1, soc_high: 0.9 };

fn string(modules: usize) -> ModuleString {
    let library = Library::builtin().unwrap_or_else(|faults| panic!("{} faults", faults.len()));
    let (spec, _) = library.find::<CellSpec>("lfp_prismatic").expect("the cell is in the library");
    let cell = Arc::new(Cell::new(spec).expect("the cell is sound"));
    let (law, _) = library.find::<LawSpec>("lfp_field").expect("the law is in the library");
    let law = Arc::new(Law::new(law, AgingOptions::default()).expect("the law is sound"));
    let spread = Spread {
        capacity_cv: 0.01,
        resistance_cv: 0.03,
        rate_pack_ln_sd: 0.15,
        rate_module_ln_sd: 0.05,
        calendar_cycle_correlation: 0.7,
        resistance_module_ln_sd: 0.2,
        temperature_offset_sd_k: 1.0,
    };
    let drawn = spread.draw(modules, &mut Streams::new(1, 1).stream(Purpose::ModuleSpread));
    ModuleString::new(cell, law, 8, 1, drawn, 0.5, 298.15)
}

fn steps(c: &mut Criterion) {
    let mut group = c.benchmark_group("steps");
    for modules in [2, 13, 96] {
        let hours = 1000;
        group.throughput(Throughput::Elements((modules * hours) as u64));
        group.bench_function(format!("power/{modules}"), |b| {
            let start = string(modules);
            b.iter(|| {
                let mut s = start.clone();
                for hour in 0..hours {
                    let wish = if hour % 8 < 4 { 120.0 } else { -122.0 } * modules as f64;
                    s.step(black_box(wish), 1.0, 3600.0, &ENV, &LIMITS);
                }
                s.soc_min()
            });
        });
        group.bench_function(format!("rest/{modules}"), |b| {
            let start = string(modules);
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

criterion_group!(benches, steps);
criterion_main!(benches);
