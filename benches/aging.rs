//! Cell-years a second on one core: an hourly profile through a law, one cell and 64 at once, by rainflow; and one cell
//! by prepared daily windows. BLAST-Lite 1.1.1 does two to five (`docs/validation.md`).

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packlife::aging::profile::{Follower, Profile, WindowCell, WindowRule, Windows};
use packlife::aging::{AgingOptions, Law, UnitFactors};
use packlife::library::Library;
use std::f64::consts::TAU;
use std::hint::black_box;

const DAYS: usize = 365;
const LAWS: [&str; 4] = ["lfp_prismatic250", "nca_panasonic", "nmc_kokam", "lfp_sony"];

/// A year of hours: a night's charge, a day's use that differs from day to day, seasons.
fn year() -> Profile {
    let depth = |day: usize| 0.15 + 0.5 * ((day * 37 % 101) as f64 / 101.0);
    let (mut soc, mut temperature_k) = (Vec::new(), Vec::new());
    for hour in 0..=24 * DAYS {
        let (day, h) = (hour / 24 % DAYS, (hour % 24) as f64);
        let out = ((h - 7.0) / 10.0).clamp(0.0, 1.0) - ((h - 19.0) / 4.0).clamp(0.0, 1.0);
        soc.push(0.9 - depth(day) * out);
        let season = (TAU * (day as f64 - 200.0) / 365.0).cos();
        temperature_k.push(288.15 + 9.0 * season + 5.0 * (TAU * (h - 15.0) / 24.0).cos());
    }
    Profile { hours: 1.0, soc, temperature_k }
}

fn law(name: &str) -> Law {
    let library = Library::builtin().expect("the built-in entries are sound");
    Law::new(library.get(name).expect("the law is there"), AgingOptions::default()).expect("sound")
}

fn aging(c: &mut Criterion) {
    let profile = year();
    for name in LAWS {
        let law = law(name);
        let mut group = c.benchmark_group(format!("cell_years/{name}"));
        for cells in [1, 64] {
            group.throughput(Throughput::Elements(cells as u64));
            group.bench_function(format!("rainflow_{cells}"), |b| {
                let mut follower = Follower::new(&law, UnitFactors::equal(cells));
                b.iter(|| {
                    for day in 0..DAYS {
                        follower.day(&law, &profile.day(day));
                    }
                    black_box(follower.health(&law, 0))
                });
            });
        }
        group.throughput(Throughput::Elements(1));
        group.bench_function("windows_1", |b| {
            let windows = Windows::new(&law, &profile, WindowRule::default());
            let mut cell = WindowCell::default();
            b.iter(|| {
                for day in 0..DAYS {
                    windows.step(&law, day, &mut cell);
                }
                black_box(cell.efc)
            });
        });
        group.finish();
    }
}

criterion_group!(benches, aging);
criterion_main!(benches);
