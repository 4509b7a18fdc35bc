//! The length of a step must not matter: the same hours in steps of 60, 15 and 1 minutes.

use packlife::aging::{AgingOptions, Law, LawSpec};
use packlife::cell::{Cell, CellSpec};
use packlife::library::Library;
use packlife::pack::{Environment, Limits, ModuleSpread, ModuleString};
use std::f64::consts::{PI, TAU};
use std::sync::Arc;

const LIMITS: Limits = Limits { soc_low: 0.1, soc_high: 0.9 };

fn two_modules(cell: &str, law: &str) -> ModuleString {
    let library = Library::builtin().unwrap();
    let cell = Cell::new(library.find::<CellSpec>(cell).unwrap().0).unwrap();
    let law = Law::new(library.find::<LawSpec>(law).unwrap().0, AgingOptions::default()).unwrap();
    let spread = ModuleSpread { capacity: vec![1.0, 0.97], ..ModuleSpread::none(2) };
    ModuleString::new(Arc::new(cell), Arc::new(law), 8, 1, spread, 0.5, 298.15)
}

/// Power over nominal energy \[1/h\] and temperature of the room \[K\] in an hour: 65 % of the energy from the sun, four
/// fifths of that in the evening, rest at night, warm days and cool ones.
fn hour(day: usize, clock: f64) -> (f64, f64) {
    let power = match clock {
        8.0..16.0 => -0.65 * PI / 16.0 * (PI * (clock - 8.0) / 8.0).sin(),
        17.0..23.0 => 0.8 * 0.65 / 6.0,
        _ => 0.0,
    };
    (power, 293.0 + 8.0 * (TAU * day as f64 / 365.0).sin() + 4.0 * (TAU * (clock - 15.0) / 24.0).cos())
}

/// SoH \[%\] and energy given \[kWh\] after a year.
fn after(cell: &str, law: &str, steps_an_hour: usize) -> (f64, f64) {
    let mut s = two_modules(cell, law);
    let (stored, nominal_w) = (s.stored_j(), 1e3 * s.module_nominal_kwh() * s.len() as f64);
    let dt_s = 3600.0 / steps_an_hour as f64;
    for day in 0..365 {
        for clock in 0..24 {
            let (power, temperature_k) = hour(day, f64::from(clock) + 0.5);
            let room = Environment { temperature_k, time_constant_s: 6.0 * 3600.0, along_k: 0.0 };
            for _ in 0..steps_an_hour {
                if power == 0.0 {
                    s.rest(dt_s, &room);
                } else {
                    s.step(power * nominal_w, 1.0, dt_s, &room, &LIMITS);
                }
            }
        }
        s.end_day();
    }
    assert!(s.ledger().error(stored, s.stored_j()) < 1e-9);
    (100.0 * s.soh_mean(), s.ledger().discharged_j / 3.6e6)
}

/// Less than a tenth of a point of SoH in ten years. The exponents of both calendar terms are about 0.7, so losses that
/// differ by a fiftieth of a point after a year differ by five times that after ten (`cargo bench --bench site` runs
/// them). Energy within 0.1 %.
fn invariant(cell: &str, law: &str) {
    let minutes = after(cell, law, 60);
    assert!(minutes.0 < 97.0, "a year that leaves a mark: {}", minutes.0);
    for steps_an_hour in [1, 4] {
        let coarse = after(cell, law, steps_an_hour);
        let (points, share) = (coarse.0 - minutes.0, coarse.1 / minutes.1 - 1.0);
        assert!(points.abs() < 0.02 && share.abs() < 1e-3, "{law}, {steps_an_hour} an hour: {points} {share}");
    }
}

#[test]
fn minutes_and_hours_age_an_lfp_battery_alike() {
    invariant("lfp_prismatic", "lfp_field");
}

#[test]
fn minutes_and_hours_age_an_nmc_battery_alike() {
    invariant("nmc_pouch", "nmc50_b1");
}
