//! Thirty designs of an array with a kinetic battery, a year of hours each, through the dispatch of a site; the goal is
//! 0.1 s for all of them on one core. The same with the box of energy.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use packlife::duty::{ConverterSpec, FileSpec, LoadBus, LoadModel, LoadSpec, YearSeries};
use packlife::site::plain::{EnergySpec, EnergyStore, KibamBattery, KibamSpec, KibamStore};
use packlife::site::{Array, Converter, Coupling, Place, Run, SitePlan, Storage, Surroundings};
use packlife::weather::WeatherYear;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use std::f64::consts::TAU;
use std::hint::black_box;

const DAYS: usize = 365;

fn plan(pv_kw: f64) -> SitePlan {
    let converter = |efficiency| Converter { spec: ConverterSpec::constant(efficiency), rating_kw: 1e9 };
    SitePlan {
        bus: LoadBus::Ac,
        regulates: false,
        load_factor: 1.0,
        array: Array { peak_kw: pv_kw, fade_per_year: 0.0, coupling: Coupling::Dc { efficiency: 1.0 } },
        inverter: converter(0.96),
        idle_kw: 0.0,
        charger: converter(1.0),
        electronics_kw: 0.0,
        recharge: None,
        grid: None,
        genset: None,
        place: Place { ambient_offset_k: 0.0, ambient_swing_share: 1.0, time_constant_h: 1.0 },
        // Halves of an hour that are alike are taken together, hours are not.
        steps_per_hour: 2,
    }
}

/// A home of 30 kWh a day with an evening peak, and an array's yield under days of all kinds.
fn inputs() -> (Vec<f64>, Vec<f64>) {
    let (mut load, mut sun) = (Vec::new(), Vec::new());
    for hour in 0..24 * DAYS {
        let (day, h) = (hour / 24, (hour % 24) as f64);
        let season = (TAU * (day as f64 - 172.0) / 365.0).cos();
        let clear = 0.25 + 0.75 * ((day * 37 % 101) as f64 / 101.0);
        load.push(0.8 + 0.3 * season.powi(2) + 1.4 * (-(h - 19.5) * (h - 19.5) / 8.0).exp());
        let arc = ((h - 11.5) * TAU / (24.0 + 4.0 * season)).cos();
        sun.push((0.85 * clear * arc.max(0.0) * 1e3).round() / 1e3);
    }
    (load, sun)
}

fn bank(units: f64) -> KibamStore {
    let battery = KibamBattery {
        nominal_ah: 1000.0,
        nominal_v: 10.0,
        largest_ah: 1000.0,
        first_well: 0.9,
        rate_per_h: 0.3,
        charge_rate_a_per_ah: 1.0,
        charge_a: 5000.0,
        round_trip_efficiency: 0.86,
        soc_min: 0.1,
    };
    KibamStore::new(KibamSpec::bank(units, &battery)).expect("the battery is sound")
}

fn thirty<S: Storage>(
    battery: impl Fn(f64) -> S,
    load: &LoadSpec,
    yields: &[Vec<f64>],
    weather: &[WeatherYear],
) -> f64 {
    let mut unmet = 0.0;
    for pv_kw in [5.0, 10.0, 15.0, 20.0, 25.0, 30.0] {
        for units in [2.0, 4.0, 6.0, 8.0, 10.0] {
            let surroundings = Surroundings::new(weather, 0, &mut ChaCha8Rng::seed_from_u64(0));
            let load = LoadModel::new(load, 2, ChaCha8Rng::seed_from_u64(0)).expect("the load is sound");
            let mut run = Run::new(plan(pv_kw), surroundings, yields, load, None, 0);
            let mut battery = battery(units);
            for _ in 0..DAYS {
                run.day(&mut battery);
            }
            unmet += run.years()[0].unmet_kwh;
        }
    }
    unmet
}

fn designs(c: &mut Criterion) {
    let (load, sun) = inputs();
    let load_kw = YearSeries::try_from(load).expect("a year of hours");
    let load = LoadSpec { file: Some(FileSpec { load_kw }), ..LoadSpec::default() };
    let zero = || vec![0.0; 24 * DAYS];
    let weather = [WeatherYear { temperature_c: zero(), ghi_w_m2: zero(), dni_w_m2: zero(), dhi_w_m2: zero() }];
    let yields = [sun];
    let mut group = c.benchmark_group("thirty_designs");
    group.throughput(Throughput::Elements(30));
    group.bench_function("kibam", |b| b.iter(|| thirty(bank, black_box(&load), &yields, &weather)));
    group.bench_function("energy", |b| {
        let store = |units: f64| {
            EnergyStore::new(EnergySpec::full(10.0 * units, [0.1, 1.0], 0.93, 0.5)).expect("the battery is sound")
        };
        b.iter(|| thirty(store, black_box(&load), &yields, &weather));
    });
    group.finish();
}

criterion_group!(benches, designs);
criterion_main!(benches);
