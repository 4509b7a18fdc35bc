use super::*;
use crate::cell::model::{Coefficient, Entropy, HeatForm, Pair, Parameters, Storage, Thermal};
use crate::numeric::grid::Line;

fn cell() -> Model {
    let line = |values: [f64; 3]| Line::new(vec![0.0, 0.4, 1.0], values.to_vec()).unwrap();
    let table = line([1.2e-3, 1e-3, 0.9e-3]);
    Model::new(Parameters {
        capacity_ah: 50.0,
        coulombic_efficiency: 1.0,
        ocv_v: line([3.0, 3.5, 4.2]),
        hysteresis: None,
        entropy: Entropy::At(Coefficient::Constant(-1e-4)),
        r0: Coefficient::SocArrhenius { table, ea_j_per_mol: 20e3, reference_k: 298.15 },
        pairs: vec![Pair {
            resistance: Coefficient::Soc(line([8e-4, 5e-4, 6e-4])),
            storage: Storage::Capacitance(Coefficient::Constant(2e4)),
        }],
        heat: HeatForm::BERNARDI,
        thermal: Thermal::Isothermal,
    })
    .unwrap()
}

fn wiring(series: usize, parallel: usize, topology: Topology) -> Wiring {
    Wiring { series, parallel, topology, contact_ohm: vec![2e-5; series * parallel], bleed_ohm: 20.0 }
}

fn paths(n: usize) -> Option<HeatPaths> {
    Some(HeatPaths::row(&vec![900.0; n], vec![0.6; n], 0.0, None))
}

/// Four unlike cells in the order given: their states after a discharge and a rest, in the order of the parts.
fn four(order: [usize; 4]) -> Vec<State> {
    let parts = [(50.0, 1.0, 0.80), (47.0, 1.2, 0.82), (52.0, 0.9, 0.78), (49.0, 1.05, 0.81)];
    let cells = order.map(|k| cell().varied(parts[k].0, parts[k].1).unwrap()).to_vec();
    let network = Network::new(cells, wiring(1, 4, Topology::Groups), paths(4)).unwrap();
    let mut states = order.map(|k| State::rested(parts[k].2, 300.0)).to_vec();
    for value in [150.0, 0.0] {
        let segment = NetworkSegment { control: Control::Current(value), duration_s: 600.0, bleeding: vec![false; 4] };
        let ran = network.run(&mut states, &segment, 1.0, [2.0, 5.0], 298.0).unwrap();
        assert!((ran.split.cells_a.iter().sum::<f64>() - value).abs() < 1e-9);
    }
    (0..4).map(|part| states[order.iter().position(|&k| k == part).unwrap()]).collect()
}

#[test]
fn the_order_of_parallel_cells_means_nothing() {
    let one = four([0, 1, 2, 3]);
    for order in [[3, 1, 0, 2], [2, 3, 1, 0]] {
        for (a, b) in one.iter().zip(four(order)) {
            assert!((a.soc - b.soc).abs() < 1e-12 && (a.temperature_k - b.temperature_k).abs() < 1e-9);
        }
    }
}

#[test]
fn equal_cells_are_one_larger_cell() {
    for (topology, series, parallel) in [(Topology::Groups, 3, 4), (Topology::Strings, 3, 4)] {
        let n = series * parallel;
        let mut plain = wiring(series, parallel, topology);
        plain.contact_ohm = vec![0.0; n];
        let network = Network::new(vec![cell(); n], plain, paths(n)).unwrap();
        let alone = Network::new(vec![cell()], Wiring { contact_ohm: vec![0.0], ..wiring(1, 1, topology) }, paths(1));
        let alone = alone.unwrap();
        let (mut states, mut one) = (vec![State::rested(0.7, 300.0); n], vec![State::rested(0.7, 300.0)]);
        for power in [400.0, -300.0, 0.0] {
            let whole = NetworkSegment { control: Control::Power(power), duration_s: 300.0, bleeding: vec![false; n] };
            let share =
                NetworkSegment { control: Control::Power(power / n as f64), duration_s: 300.0, bleeding: vec![false] };
            let a = network.run(&mut states, &whole, 1.0, [2.0, 5.0], 298.0).unwrap();
            let b = alone.run(&mut one, &share, 1.0, [2.0, 5.0], 298.0).unwrap();
            assert!((a.split.voltage_v - series as f64 * b.split.voltage_v).abs() < 1e-9);
            assert!((a.split.current_a - parallel as f64 * b.split.current_a).abs() < 1e-9);
        }
        assert!(states.iter().all(|s| (s.soc - one[0].soc).abs() < 1e-12));
        assert!(states.iter().all(|s| (s.temperature_k - one[0].temperature_k).abs() < 1e-9));
    }
}

#[test]
fn a_single_cell_is_the_reference_cell() {
    let thermal = Thermal::OneNode { heat_capacity_j_per_k: 900.0, conductance_w_per_k: 0.6 };
    let single = Model::new(Parameters { thermal, ..cell().parameters().clone() }).unwrap();
    let network =
        Network::new(vec![cell()], Wiring { contact_ohm: vec![0.0], ..wiring(1, 1, Topology::Groups) }, paths(1))
            .unwrap();
    let mut alone = State::rested(0.7, 300.0);
    let mut states = vec![alone];
    for _ in 0..100 {
        alone = single.step(&alone, Control::Power(200.0), 5.0, 298.0).unwrap().0;
        states = network.step(&states, &[false], Control::Power(200.0), 5.0, 298.0).unwrap();
    }
    assert!((alone.soc - states[0].soc).abs() < 1e-12);
    assert!((alone.temperature_k - states[0].temperature_k).abs() < 1e-9);
}

#[test]
fn rails_without_resistance_are_one_group() {
    let sources: Vec<Source> =
        (0..5).map(|k| Source { emf_v: 3.6 + 0.01 * f64::from(k), resistance_ohm: 1e-3 }).collect();
    let bleeding = [false, true, false, false, false];
    for control in [Control::Current(100.0), Control::Power(200.0), Control::Voltage(3.5)] {
        let split = |topology| wiring(1, 5, topology).split(&sources, &bleeding, control).unwrap();
        let group = split(Topology::Groups);
        for topology in [Topology::LadderU { segment_ohm: 1e-12 }, Topology::LadderZ { segment_ohm: 1e-12 }] {
            let ladder = split(topology);
            assert!((ladder.voltage_v - group.voltage_v).abs() < 1e-5);
            assert!(ladder.cells_a.iter().zip(&group.cells_a).all(|(a, b)| (a - b).abs() < 1e-2), "{ladder:?}");
        }
    }
}

#[test]
fn a_ladder_of_two_is_the_closed_form() {
    let (e, r, segment) = (3.7, 1e-3, 1e-4);
    let mut plain = wiring(1, 2, Topology::LadderU { segment_ohm: segment });
    plain.contact_ohm = vec![0.0; 2];
    let sources = [Source { emf_v: e, resistance_ohm: r }; 2];
    // The far cell has both rails in its way.
    let far = plain.split(&sources, &[false; 2], Control::Current(100.0)).unwrap().cells_a[1];
    assert!((far - 100.0 * r / (2.0 * r + 2.0 * segment)).abs() < 1e-9);
    plain.topology = Topology::LadderZ { segment_ohm: segment };
    let even = plain.split(&sources, &[false; 2], Control::Current(100.0)).unwrap().cells_a;
    assert!((even[0] - 50.0).abs() < 1e-9 && (even[1] - 50.0).abs() < 1e-9);
}

#[test]
fn a_bleeding_cell_carries_its_resistor() {
    let network = Network::new(vec![cell(); 2], wiring(2, 1, Topology::Groups), None).unwrap();
    let states = vec![State::rested(0.5, 298.15); 2];
    let split = network.split(&states, &[true, false], Control::REST).unwrap();
    let v = network.cell_voltage(0, &states[0], split.cells_a[0]);
    assert!((split.cells_a[0] - v / 20.0).abs() < 1e-12 && split.cells_a[1].abs() < 1e-12);
}

#[test]
fn networks_that_cannot_be_are_refused() {
    let bad = |wiring| Network::new(vec![cell(); 4], wiring, None).unwrap_err();
    assert!(matches!(bad(wiring(1, 3, Topology::Groups)), NetworkError::Length { found: 3, cells: 4, .. }));
    let ladder = Topology::LadderU { segment_ohm: 1e-5 };
    assert_eq!(bad(wiring(2, 2, ladder)), NetworkError::LadderInSeries(2));
    let ladder = Topology::LadderU { segment_ohm: 0.0 };
    assert!(matches!(bad(wiring(1, 4, ladder)), NetworkError::Resistance { .. }));
}
