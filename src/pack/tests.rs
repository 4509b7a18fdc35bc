//! A string against closed forms, and its invariants under random use.

use super::*;
use crate::aging::fixture::law;
use crate::cell::{Cell, fixture};
use proptest::prelude::*;
use std::sync::Arc;

pub(super) const ENV: Environment = Environment { temperature_k: 298.15, time_constant_s: 8.0 * 3600.0, along_k: 0.0 };
pub(super) const OPEN: Limits = Limits { soc_low: 0.0, soc_high: 1.0 };

pub(super) fn string(capacity: &[f64], soc: f64) -> ModuleString {
    string_of(fixture::cell(), capacity, soc)
}

pub(super) fn string_of(cell: Cell, capacity: &[f64], soc: f64) -> ModuleString {
    let spread = ModuleSpread { capacity: capacity.to_vec(), ..ModuleSpread::none(capacity.len()) };
    ModuleString::new(Arc::new(cell), law("lfp_prismatic250"), 8, 1, spread, soc, 298.15)
}

#[test]
fn charge_is_counted_exactly() {
    let mut spec = fixture::spec();
    (spec.coulombic_efficiency, spec.self_discharge_per_month) = (1.0, 0.0);
    let mut s = string_of(Cell::new(spec).unwrap(), &[1.0, 0.9], 0.8);
    let before = s.soc.clone();
    for _ in 0..10 {
        s.step(200.0, 1.0, 600.0, &ENV, &OPEN);
    }
    // Same charge through both modules: SoC falls in inverse proportion to capacity.
    let (a, b) = (before[0] - s.soc[0], before[1] - s.soc[1]);
    assert!((a / b - 0.9).abs() < 1e-12);
    assert!((s.efc() - 0.5 * a).abs() < 1e-12);
}

#[test]
fn the_power_asked_for_is_given() {
    let mut s = string(&[1.0; 4], 0.6);
    for power in [5.0, 300.0, -400.0, 900.0, -50.0] {
        let flow = s.step(power, 1.0, 3600.0, &ENV, &OPEN);
        assert_eq!(flow.limit, Limit::None);
        assert!((flow.energy_j / (3600.0 * power) - 1.0).abs() < 2e-4, "{power}");
    }
}

#[test]
fn the_weakest_module_ends_the_discharge() {
    let mut s = string(&[1.0, 0.8, 1.0], 0.9);
    let limits = Limits { soc_low: 0.1, soc_high: 0.9 };
    let mut given = 0.0;
    loop {
        let flow = s.step(1500.0, 1.0, 900.0, &ENV, &limits);
        given += flow.energy_j;
        if flow.limit == Limit::Soc {
            break;
        }
    }
    assert!((s.soc_min() - 0.1).abs() < 1e-9 && s.soc[0] > 0.2);
    let usable = s.window_kwh(0.1, 0.9) * 3.6e6;
    assert!(given < usable && given > 0.95 * usable, "{given} of {usable}");
}

#[test]
fn a_fluctuating_current_heats_more() {
    let heat = |form: f64| {
        let mut s = string(&[1.0], 0.6);
        s.step(800.0, form, 3600.0, &ENV, &OPEN);
        s.ledger().heat_j
    };
    // The ohmic part is two fifths of the resistance here; it alone is multiplied.
    let ratio = heat(4.0) / heat(1.0);
    assert!(ratio > 1.7 && ratio < 2.3, "{ratio}");
}

#[test]
fn an_infeasible_power_is_reported_not_clipped_silently() {
    let mut s = string(&[1.0], 0.5);
    let flow = s.step(50_000.0, 1.0, 60.0, &ENV, &OPEN);
    assert!(matches!(flow.limit, Limit::Current | Limit::Voltage));
    assert!(flow.energy_j < 50_000.0 * 60.0);
}

/// Where a voltage limit holds a step back, the voltage at its end has not passed it, and is not far from it, over long
/// steps on the knee too.
#[test]
fn a_voltage_limit_is_kept_at_the_end_of_the_step() {
    for (soc, power, dt, growth) in
        [(0.3, 4500.0, 60.0, 8.0), (0.2, 2500.0, 900.0, 8.0), (0.9, -900.0, 900.0, 8.0), (0.9, -2000.0, 60.0, 8.0)]
    {
        let mut spec = fixture::spec();
        (spec.coulombic_efficiency, spec.self_discharge_per_month, spec.voltage_max_v) = (1.0, 0.0, 3.45);
        let cell = Cell::new(spec).unwrap();
        let mut s = string_of(cell.clone(), &[1.0], soc);
        s.resistance.fill(growth);
        let flow = s.step(power, 1.0, dt, &ENV, &OPEN);
        assert_eq!(flow.limit, Limit::Voltage, "{soc} {power}");
        let current = (soc - s.soc[0]) * s.capacity_ah[0] * 3600.0 / dt;
        let r = cell.resistances(soc).map(|r| r * growth);
        let volts = cell.ocv(s.soc[0]) + cell.spec.hysteresis_v * s.hysteresis[0]
            - r[0] * current
            - r[1] * s.j1[0]
            - r[2] * s.j2[0];
        let limit = if power > 0.0 { cell.spec.voltage_min_v } else { cell.spec.voltage_max_v };
        let short = if power > 0.0 { volts - limit } else { limit - volts };
        assert!((-2e-4..0.01).contains(&short), "{soc} {power}: {volts} for {limit}");
    }
}

#[test]
fn nothing_charges_in_the_cold() {
    let mut s = string(&[1.0], 0.5);
    s.temperature_k.fill(268.0);
    let flow = s.step(-500.0, 1.0, 3600.0, &ENV, &OPEN);
    assert_eq!((flow.energy_j, flow.limit), (0.0, Limit::Cold));
}

#[test]
fn balancing_brings_the_tops_together() {
    let mut s = string(&[1.0, 1.0, 1.0], 0.9);
    s.soc = vec![0.97, 0.95, 0.99];
    let stored = s.stored_j();
    for _ in 0..200 {
        s.balance(3600.0);
    }
    assert!(s.soc.iter().all(|soc| (soc - 0.95).abs() < 1e-9));
    assert!((stored - s.stored_j() - s.ledger().heat_j).abs() < 1e-6 * stored);
}

#[test]
fn selected_modules_keep_their_state() {
    let mut s = string(&[1.0, 0.9, 0.95], 0.5);
    for day in 0..400 {
        s.step(if day % 2 == 0 { 300.0 } else { -310.0 }, 1.0, 4.0 * 3600.0, &ENV, &OPEN);
        s.rest(20.0 * 3600.0, &ENV);
        s.end_day();
    }
    s.close_duty();
    let part = s.select(&[2, 0]);
    assert_eq!(part.soh(0), s.soh(2));
    assert_eq!(part.resistance, [s.resistance[2], s.resistance[0]]);
    assert_eq!(part.soc, [s.soc[2], s.soc[0]]);
    let mut going_on = part.clone();
    going_on.rest(3600.0, &ENV);
    going_on.end_day();
    // No clock restarts: an hour more of storage costs next to nothing, not the first hour of a new cell.
    assert!(part.soh(0) - going_on.soh(0) < 1e-5 && going_on.soh(0) <= part.soh(0));
}

#[test]
fn resistance_growth_costs_power_and_efficiency() {
    let run = |growth: f64| {
        let mut s = string(&[1.0], 0.9);
        s.resistance.fill(growth);
        s.step(900.0, 1.0, 3600.0, &ENV, &OPEN);
        (s.power_capability_w(0.5, 298.15), s.ledger().heat_j)
    };
    let (new, old) = (run(1.0), run(2.0));
    assert!(old.0 < new.0 && old.1 > 1.8 * new.1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Energy closes to 1e-9, SoC keeps its limits, capacity never grows, whatever is asked for.
    #[test]
    fn books_close_and_limits_hold(
        capacity in prop::collection::vec(0.7..1.05f64, 1..6),
        soc in 0.15..0.85f64,
        demands in prop::collection::vec((-3000.0..3000.0f64, 1.0..7200.0f64, 1.0..5.0f64, 250.0..330.0f64), 1..60),
    ) {
        let mut s = string(&capacity, soc);
        let limits = Limits { soc_low: 0.1, soc_high: 0.9 };
        let before = s.stored_j();
        let mut soh = s.soh_mean();
        for (k, (power, dt, form, temperature_k)) in demands.into_iter().enumerate() {
            let env = Environment { temperature_k, time_constant_s: 6.0 * 3600.0, along_k: 0.0 };
            // Fading capacity lifts the SoC of a charge that stays the same; self-discharge lowers it. No current does.
            let (top, bottom) = (s.soc_max().max(0.9), s.soc_min().min(0.1));
            s.step(power, form, dt, &env, &limits);
            prop_assert!(s.soc_max() <= top + 1e-9 && s.soc_min() > bottom - 1e-4);
            if k % 5 == 4 {
                s.end_day();
                prop_assert!(s.soh_mean() <= soh + 1e-15);
                soh = s.soh_mean();
            }
        }
        s.close_duty();
        prop_assert!(s.ledger().error(before, s.stored_j()) < 1e-9);
        prop_assert!(s.soc.iter().chain(&s.temperature_k).chain(&s.resistance).all(|x| x.is_finite()));
    }
}
