//! Cells, modules and packs as units: what must agree between them, and what cells in parallel do.

use super::network::{Network, NetworkSegment, Topology, Wiring};
use super::*;
use crate::aging::fixture::law;
use crate::cell::model::{Coefficient, Control, Entropy, HeatForm, Model, Pair, Parameters, State, Storage, Thermal};
use crate::cell::{Cell, CellSpec, fixture};
use crate::numeric::grid::Line;
use proptest::prelude::*;
use std::sync::Arc;

const ENV: Environment = Environment { temperature_k: 298.15, time_constant_s: 8.0 * 3600.0, along_k: 0.0 };
const OPEN: Limits = Limits { soc_low: 0.0, soc_high: 1.0 };

fn build(series: u32, parallel: u32, by_cell: bool) -> Build {
    Build { cells_series: series, cells_parallel: parallel, by_cell, neighbour_w_per_k: 0.0 }
}

fn string(spec: CellSpec, build: Build, spread: ModuleSpread, soc: f64) -> ModuleString {
    ModuleString::build(Arc::new(Cell::new(spec).unwrap()), law("lfp_prismatic250"), build, spread, soc, 298.15)
}

/// A cell without what the reference cell has not: flat resistances, no losses of charge, a mass that does not warm.
fn plain() -> CellSpec {
    let mut spec = fixture::spec();
    (spec.coulombic_efficiency, spec.self_discharge_per_month, spec.hysteresis_v) = (1.0, 0.0, 0.0);
    (spec.r0_mohm, spec.r1_mohm, spec.r2_mohm) = (vec![0.5; 3], vec![0.3; 3], vec![0.2; 3]);
    spec.mass_kg = 1e9;
    spec.ocv_soc = vec![0.0, 0.1, 1.0];
    spec.ocv_v = vec![3.0, 3.4, 3.6];
    (spec.charge_c_max, spec.discharge_c_max) = (5.0, 5.0);
    spec
}

/// The same as a reference cell, with a capacity and a resistance over its own; time constants stay.
fn reference(spec: &CellSpec, capacity: f64, resistance: f64) -> Model {
    let pair = |r: f64, tau: f64| Pair {
        resistance: Coefficient::Constant(1e-3 * r * resistance),
        storage: Storage::TimeConstant(Coefficient::Constant(tau)),
    };
    Model::new(Parameters {
        capacity_ah: spec.capacity_ah * capacity,
        coulombic_efficiency: 1.0,
        ocv_v: Line::new(spec.ocv_soc.clone(), spec.ocv_v.clone()).unwrap(),
        hysteresis: None,
        entropy: Entropy::At(Coefficient::Constant(0.0)),
        r0: Coefficient::Constant(1e-3 * spec.r0_mohm[0] * resistance),
        pairs: vec![pair(spec.r1_mohm[0], spec.tau1_s), pair(spec.r2_mohm[0], spec.tau2_s)],
        heat: HeatForm::DISSIPATED,
        thermal: Thermal::Isothermal,
    })
    .unwrap()
}

/// Unlike cells in parallel against the network of reference cells: charge of each cell after load and rest.
#[test]
fn cells_in_parallel_share_as_in_the_reference_network() {
    let (capacity, resistance) = ([1.0, 0.93, 1.06, 0.98], [1.0, 1.2, 0.9, 1.05]);
    let spec = plain();
    let spread = ModuleSpread { capacity: capacity.to_vec(), resistance: resistance.to_vec(), ..ModuleSpread::none(4) };
    let mut ours = string(spec.clone(), build(1, 4, true), spread, 0.8);
    let cells = (0..4).map(|k| reference(&spec, capacity[k], resistance[k]));
    let wiring =
        Wiring { series: 1, parallel: 4, topology: Topology::Groups, contact_ohm: vec![0.0; 4], bleed_ohm: 1e9 };
    let network = Network::new(cells.collect(), wiring, None).unwrap();
    let mut states = vec![State::rested(0.8, 298.15); 4];
    for (power, steps) in [(1200.0, 60), (0.0, 60), (-800.0, 30), (0.0, 100)] {
        for _ in 0..steps {
            ours.step(power, 1.0, 10.0, &ENV, &OPEN);
        }
        let control = if power == 0.0 { Control::Current(0.0) } else { Control::Power(power) };
        let segment = NetworkSegment { control, duration_s: 10.0 * f64::from(steps), bleeding: vec![false; 4] };
        network.run(&mut states, &segment, 1.0, [0.0, 10.0], 298.15).unwrap();
        for (cell, state) in states.iter().enumerate() {
            assert!((ours.soc[cell] - state.soc).abs() < 2e-5, "{power} {cell}: {} {}", ours.soc[cell], state.soc);
        }
    }
    assert!(states.iter().all(|s| (s.soc - states[0].soc).abs() < 0.01), "levelled by the rest");
}

/// Cells that do not differ, in any arrangement, are the module they make up.
#[test]
fn equal_cells_are_their_module() {
    let duty = [(900.0, 600.0), (0.0, 3000.0), (-700.0, 1800.0), (0.0, 600.0), (1500.0, 300.0)];
    for (series, parallel) in [(4, 1), (1, 3), (2, 3)] {
        let cells = (series * parallel) as usize;
        let mut by_cell = string(fixture::spec(), build(series, parallel, true), ModuleSpread::none(2 * cells), 0.6);
        let mut whole = string(fixture::spec(), build(series, parallel, false), ModuleSpread::none(2), 0.6);
        for (k, (power, dt)) in duty.into_iter().cycle().take(40).enumerate() {
            let power = power * f64::from(series * parallel) / 4.0;
            let (a, b) = (by_cell.step(power, 1.0, dt, &ENV, &OPEN), {
                // Cells in parallel are stepped in parts; so must the module be, to compare.
                let parts = if parallel > 1 { (dt / 600.0_f64).ceil() } else { 1.0 };
                let mut sum = Flow { energy_j: 0.0, limit: Limit::None };
                for _ in 0..parts as usize {
                    let flow = whole.step(power, 1.0, dt / parts, &ENV, &OPEN);
                    sum = Flow { energy_j: sum.energy_j + flow.energy_j, limit: flow.limit };
                }
                sum
            });
            assert!((a.energy_j - b.energy_j).abs() <= 2e-4 * b.energy_j.abs(), "{} {}", a.energy_j, b.energy_j);
            if k % 5 == 4 {
                by_cell.end_day();
                whole.end_day();
            }
        }
        by_cell.close_duty();
        whole.close_duty();
        assert_eq!((by_cell.len(), whole.len()), (2, 2));
        for module in 0..2 {
            assert!((by_cell.soh(module) - whole.soh(module)).abs() < 1e-6);
            assert!((by_cell.resistance_of(module) / whole.resistance_of(module) - 1.0).abs() < 1e-6);
        }
        assert!((by_cell.soc[0] - whole.soc[0]).abs() < 1e-3);
        assert!((by_cell.stored_j() / whole.stored_j() - 1.0).abs() < 1e-3);
        assert!((by_cell.module_nominal_kwh() - whole.module_nominal_kwh()).abs() < 1e-12);
    }
}

#[test]
fn the_order_of_cells_in_a_group_means_nothing() {
    let run = |order: [usize; 3]| {
        let spread = ModuleSpread {
            capacity: order.map(|k| [1.0, 0.9, 1.08][k]).to_vec(),
            resistance: order.map(|k| [1.0, 1.3, 0.95][k]).to_vec(),
            ..ModuleSpread::none(3)
        };
        let mut s = string(fixture::spec(), build(1, 3, true), spread, 0.7);
        for k in 0..50 {
            s.step([700.0, -300.0, 0.0][k % 3], 1.0, 300.0, &ENV, &OPEN);
        }
        (0..3).map(|cell| s.soc[order.iter().position(|&k| k == cell).unwrap()]).collect::<Vec<_>>()
    };
    let first = run([0, 1, 2]);
    for order in [[2, 0, 1], [1, 2, 0]] {
        assert!(run(order).iter().zip(&first).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}

/// A pack as one unit becomes modules that each have its state; energy is shared out, none is made.
#[test]
fn a_pack_divides_into_its_modules() {
    let mut pack = string(fixture::spec(), build(24, 2, false), ModuleSpread::none(1), 0.9);
    for day in 0..200 {
        pack.step(if day % 2 == 0 { 2000.0 } else { -2050.0 }, 1.0, 3600.0, &ENV, &OPEN);
        pack.rest(23.0 * 3600.0, &ENV);
        pack.end_day();
    }
    pack.close_duty();
    let modules = pack.divide(6);
    assert_eq!(modules.len(), 6);
    assert!((modules.stored_j() / pack.stored_j() - 1.0).abs() < 1e-12);
    assert!((0..6).all(|m| modules.soh(m) == pack.soh(0) && modules.resistance_of(m) == pack.resistance_of(0)));
    assert_eq!(modules.efc(), pack.efc());
    assert!((6.0 * modules.module_nominal_kwh() - pack.module_nominal_kwh()).abs() < 1e-12);
}

#[test]
fn heat_passes_between_neighbours() {
    let spread = || ModuleSpread { offset_k: vec![0.0, 0.0, 12.0, 0.0], ..ModuleSpread::none(4) };
    let range = |conductance: f64| {
        let build = Build { neighbour_w_per_k: conductance, ..build(8, 1, false) };
        let mut s = string(fixture::spec(), build, spread(), 0.5);
        (0..200).for_each(|_| s.rest(3600.0, &ENV));
        let hot = s.temperature_k.iter().copied().fold(0.0, f64::max);
        (hot - s.temperature_k[0], s.temperature_mean_k())
    };
    let (apart, mean_apart) = range(0.0);
    let (coupled, mean_coupled) = range(5.0);
    assert!((apart - 12.0).abs() < 0.01 && coupled < 0.7 * apart, "{apart} {coupled}");
    assert!((mean_apart - mean_coupled).abs() < 0.05, "none is made: {mean_apart} {mean_coupled}");
}

#[test]
fn the_coolant_warms_along_the_string() {
    let spec = CellSpec { self_discharge_per_month: 0.0, ..fixture::spec() };
    let mut s = string(spec, build(8, 1, false), ModuleSpread::none(5), 0.5);
    let cooled = Environment { along_k: 4.0, ..ENV };
    (0..100).for_each(|_| s.rest(3600.0, &cooled));
    let rise: Vec<f64> = s.temperature_k.iter().map(|t| t - 298.15).collect();
    for (have, want) in rise.iter().zip([-2.0, -1.0, 0.0, 1.0, 2.0]) {
        assert!((have - want).abs() < 0.01, "{rise:?}");
    }
    (0..100).for_each(|_| s.rest(3600.0, &ENV));
    assert!(s.temperature_k.iter().all(|t| (t - 298.15).abs() < 0.01));
}

#[test]
fn leaky_modules_fall_behind() {
    let spread = ModuleSpread { self_discharge: vec![1.0, 3.0], ..ModuleSpread::none(2) };
    let mut s = string(fixture::spec(), build(8, 1, false), spread, 0.9);
    let month = 365.25 / 12.0;
    (0..24).for_each(|_| s.rest(month * 3600.0, &ENV));
    // 2 % of capacity in a month, and three times as much.
    assert!((s.soc[0] - 0.88).abs() < 1e-4 && (s.soc[1] - 0.84).abs() < 1e-4, "{:?}", s.soc);
}

#[test]
fn rates_shrink_in_the_cold_and_in_the_heat() {
    let mut spec = fixture::spec();
    spec.derating_temperature_c = vec![0.0, 20.0, 45.0, 60.0];
    spec.derating_charge = vec![0.1, 1.0, 1.0, 0.0];
    spec.derating_discharge = vec![0.5, 1.0, 1.0, 0.2];
    let charge = |celsius: f64| {
        let mut s = string(spec.clone(), build(8, 1, false), ModuleSpread::none(3), 0.3);
        s.temperature_k = vec![298.15, celsius + 273.15, 298.15];
        let flow = s.step(-3.0 * 3200.0, 1.0, 60.0, &ENV, &OPEN);
        ((s.soc[0] - 0.3) * 60.0, flow.limit)
    };
    // Rates in 1/h: the coldest or hottest module sets them, less what side reactions take.
    for (celsius, rate) in [(25.0, 1.0), (10.0, 0.55), (52.5, 0.5)] {
        let (have, limit) = charge(celsius);
        assert!((have - rate).abs() < 0.003 && limit == Limit::Current, "{celsius}: {have} {limit:?}");
    }
}

#[test]
fn charge_meets_another_resistance_than_discharge() {
    let mut spec = plain();
    spec.r0_charge_share = vec![0.4; 3];
    let heat = |power: f64| {
        let mut s = string(spec.clone(), build(1, 1, false), ModuleSpread::none(1), 0.5);
        s.step(power, 1.0, 1.0, &ENV, &OPEN);
        let current = power / 3.5;
        s.ledger().heat_j / (current * current)
    };
    // 0.5 mOhm times 1.4 and 0.6; the pairs have hardly begun to take part.
    let (charge, discharge) = (heat(-100.0), heat(100.0));
    assert!((charge / discharge - 1.4 / 0.6).abs() < 0.1, "{charge} {discharge}");
}

/// The entropic term moves the voltage and its heat, and the books know of both.
#[test]
fn entropic_heat_is_taken_up_and_given_back() {
    let mut spec = fixture::spec();
    (spec.entropy_soc, spec.entropy_mv_per_k) = (vec![0.0, 1.0], vec![0.3, 0.3]);
    (spec.coulombic_efficiency, spec.self_discharge_per_month) = (1.0, 0.0);
    let run = |spec: &CellSpec, power: f64| {
        let mut s = string(spec.clone(), build(8, 1, false), ModuleSpread::none(1), 0.5);
        let before = s.stored_j();
        s.step(power, 1.0, 1800.0, &ENV, &OPEN);
        assert!(s.ledger().error(before, s.stored_j()) < 1e-12);
        s.ledger().heat_j
    };
    let plain = CellSpec { entropy_soc: vec![], entropy_mv_per_k: vec![], ..spec.clone() };
    for power in [400.0, -400.0] {
        let reversible = run(&spec, power) - run(&plain, power);
        // I T dU/dT of some 15 A over half an hour in eight cells; discharge takes heat up where dU/dT is positive.
        let current = power / 8.0 / 3.28;
        let expected = -8.0 * current * 298.15 * 0.3e-3 * 1800.0;
        assert!((reversible / expected - 1.0).abs() < 0.05, "{reversible} {expected}");
    }
}

/// An aged module has another voltage curve, loses more and runs hotter under one duty.
#[test]
fn age_changes_voltage_losses_and_temperature() {
    let duty = |used: Option<f64>| {
        let mut s = string(fixture::spec(), build(8, 1, false), ModuleSpread::none(1), 0.5);
        if let Some(soh) = used {
            let unit = crate::aging::UsedUnit { soh, resistance: Some(1.6), cycle_share: 0.4, years: 9.0 };
            s.set_used(0, &unit);
            s.soc.fill(0.5);
        }
        let ocv = s.cell().ocv_at(0.12, 298.15, s.lli[0]);
        for k in 0..40 {
            s.step(if k % 2 == 0 { 500.0 } else { -520.0 }, 1.0, 1800.0, &ENV, &OPEN);
        }
        (ocv, s.ledger().heat_j, s.temperature_k[0])
    };
    let (new, old) = (duty(None), duty(Some(0.75)));
    assert!((new.0 - old.0).abs() > 2e-3, "voltage at one SoC: {} {}", new.0, old.0);
    assert!(old.1 > 1.3 * new.1, "heat {} {}", new.1, old.1);
    assert!(old.2 > new.2 + 0.2, "temperature {} {}", new.2, old.2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Energy closes for cells in any arrangement, with heat between them and an entropic term.
    #[test]
    fn books_close_for_cells(
        (series, parallel) in prop_oneof![Just((2_u32, 2_u32)), Just((1, 4)), Just((3, 1))],
        capacity in prop::collection::vec(0.8..1.05f64, 4),
        resistance in prop::collection::vec(0.8..1.4f64, 4),
        demands in prop::collection::vec((-2500.0..2500.0f64, 1.0..5400.0f64, 265.0..325.0f64), 1..30),
    ) {
        let mut spec = fixture::spec();
        (spec.entropy_soc, spec.entropy_mv_per_k) = (vec![0.0, 0.5, 1.0], vec![-0.4, 0.1, 0.2]);
        let n = (series * parallel) as usize;
        let spread = ModuleSpread {
            capacity: capacity[..n].to_vec(),
            resistance: resistance[..n].to_vec(),
            ..ModuleSpread::none(n)
        };
        let build = Build { neighbour_w_per_k: 2.0, ..build(series, parallel, true) };
        let mut s = string(spec, build, spread, 0.5);
        let before = s.stored_j();
        for (k, (power, dt, temperature_k)) in demands.into_iter().enumerate() {
            let env = Environment { temperature_k, ..ENV };
            if k % 3 == 2 { s.rest(dt, &env) } else {
                s.step(power / 12.0 * n as f64, 1.2, dt, &env, &Limits { soc_low: 0.1, soc_high: 0.9 });
            }
            if k % 4 == 3 { s.end_day() }
        }
        s.close_duty();
        prop_assert!(s.ledger().error(before, s.stored_j()) < 1e-9);
        prop_assert!(s.soc.iter().chain(&s.temperature_k).chain(&s.resistance).all(|x| x.is_finite()));
    }
}
