use super::*;
use crate::numeric::grid::Line;
use proptest::prelude::*;

/// Two pairs, all constant.
pub(crate) fn constant(heat: HeatForm) -> Parameters {
    let pair =
        |r, c| Pair { resistance: Coefficient::Constant(r), storage: Storage::Capacitance(Coefficient::Constant(c)) };
    Parameters {
        capacity_ah: 50.0,
        coulombic_efficiency: 0.99,
        ocv_v: Line::new(vec![0.0, 0.1, 0.6, 1.0], vec![2.9, 3.3, 3.6, 4.2]).unwrap(),
        hysteresis: Some(Hysteresis { gamma: 40.0, amplitude_v: Coefficient::Constant(0.02) }),
        entropy: Entropy::At(Coefficient::Constant(0.0)),
        r0: Coefficient::Constant(1e-3),
        pairs: vec![pair(5e-4, 2e4), pair(8e-4, 6e5)],
        heat,
        thermal: Thermal::OneNode { heat_capacity_j_per_k: 900.0, conductance_w_per_k: 0.8 },
    }
}

/// Everything moves: tables, Arrhenius, jig.
pub(crate) fn varying() -> Parameters {
    let soc = vec![0.0, 0.25, 0.5, 1.0];
    let table = |values: [f64; 4]| Line::new(soc.clone(), values.to_vec()).unwrap();
    let arrhenius =
        |values, ea_j_per_mol| Coefficient::SocArrhenius { table: table(values), ea_j_per_mol, reference_k: 298.15 };
    Parameters {
        // One line: at a knot the slope jumps, which is a question of its own.
        ocv_v: Line::new(vec![0.0, 1.0], vec![3.0, 4.2]).unwrap(),
        entropy: Entropy::At(Coefficient::Soc(Line::new(vec![0.0, 1.0], vec![-4e-4, 1e-4]).unwrap())),
        r0: arrhenius([1.2e-3, 1e-3, 0.8e-3, 0.4e-3], 18e3),
        pairs: vec![Pair {
            resistance: arrhenius([1e-3, 0.9e-3, 0.8e-3, 0.6e-3], 30e3),
            storage: Storage::Capacitance(Coefficient::Soc(Line::new(vec![0.0, 1.0], vec![2e4, 4e4]).unwrap())),
        }],
        hysteresis: None,
        thermal: Thermal::CellJig {
            cell_j_per_k: 900.0,
            jig_j_per_k: 500.0,
            cell_jig_w_per_k: 10.0,
            jig_air_w_per_k: 5.0,
        },
        ..constant(HeatForm::BERNARDI)
    }
}

/// Charge transfer that falls by a fifth at the currents of these tests.
fn falling_with_current() -> Coefficient {
    let table = Line::new(vec![0.0, 1.0], vec![1e-3, 1e-3]).unwrap();
    Coefficient::ChargeTransfer(ChargeTransfer { table, share: 0.5, ea_j_per_mol: 4e4, reference_k: 298.15 })
}

fn model(parameters: Parameters) -> Model {
    Model::new(parameters).unwrap()
}

/// Runs one control in equal steps.
fn steps(model: &Model, mut state: State, control: Control, dt_s: f64, count: usize) -> State {
    for _ in 0..count {
        state = model.step(&state, control, dt_s, 290.0).unwrap().0;
    }
    state
}

fn apart(a: &State, b: &State) -> f64 {
    let pairs = a.pairs_v.iter().zip(&b.pairs_v).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let rest = [a.soc - b.soc, a.hysteresis_v - b.hysteresis_v, (a.temperature_k - b.temperature_k) / 300.0];
    rest.iter().fold(pairs, |worst, x| worst.max(x.abs()))
}

proptest! {
    /// Chemical energy is terminal energy, heat and what the pairs hold.
    #[test]
    fn energy_closes(
        legs in prop::collection::vec((-150.0..150.0_f64, 0.1..900.0_f64, 0..3_usize), 1..12),
    ) {
        let model = model(Parameters { r0: falling_with_current(), ..constant(HeatForm::DISSIPATED) });
        let mut state = State::rested(0.5, 298.15);
        let before = model.stored_j(&state);
        let (mut out, mut heat, mut moved) = (0.0, 0.0, 0.0);
        for (size, dt_s, kind) in legs {
            let control = [Control::Current(size), Control::Power(3.0 * size), Control::Voltage(3.6 + 0.001 * size)][kind];
            // An empty cell may not give the power.
            let Ok((end, flow)) = model.step(&state, control, dt_s, 290.0) else { continue };
            if let Control::Power(power) = control {
                prop_assert!((flow.current_a * flow.mean_voltage_v - power).abs() < 1e-8);
            }
            out += flow.current_a * flow.mean_voltage_v * dt_s;
            heat += flow.heat_w * dt_s;
            moved += (flow.current_a * flow.mean_voltage_v * dt_s).abs();
            state = end;
        }
        let error = before - model.stored_j(&state) - out - heat;
        prop_assert!(error.abs() <= 1e-9 * moved.max(1.0), "{error} of {moved}");
    }

    /// With constant parameters a step may be split anywhere.
    #[test]
    fn splitting_a_step_changes_nothing(current in -100.0..100.0_f64, dt_s in 1.0..2000.0_f64, at in 0.01..0.99_f64) {
        let r0 = falling_with_current();
        let isothermal = Parameters { r0, thermal: Thermal::Isothermal, ..constant(HeatForm::BERNARDI) };
        let model = model(isothermal);
        let mut start = State::rested(0.6, 298.15);
        start.pairs_v[0] = 0.02;
        let control = Control::Current(current);
        let whole = model.step(&start, control, dt_s, 290.0).unwrap().0;
        let part = model.step(&start, control, at * dt_s, 290.0).unwrap().0;
        let parts = model.step(&part, control, (1.0 - at) * dt_s, 290.0).unwrap().0;
        // Hysteresis that is settled to 1e-6 is taken as settled.
        prop_assert!(apart(&whole, &parts) < 1e-7, "{whole:?} {parts:?}");
        let pairs = whole.pairs_v.iter().zip(&parts.pairs_v).all(|(a, b)| (a - b).abs() < 1e-14);
        prop_assert!(pairs && (whole.soc - parts.soc).abs() < 1e-14);
    }
}

#[test]
fn the_step_is_of_second_order() {
    let model = model(varying());
    for control in [Control::Current(90.0), Control::Power(300.0), Control::Power(-300.0), Control::Voltage(3.5)] {
        let start = State::rested(0.48, 283.15);
        // Away from knots, where a slope jumps.
        let end = |n: usize| steps(&model, start, control, 120.0 / n as f64, n);
        let exact = end(4096);
        let errors = [16, 32, 64].map(|n| apart(&end(n), &exact));
        for pair in errors.windows(2) {
            let order = (pair[0] / pair[1]).log2();
            assert!((1.8..2.3).contains(&order), "{control:?}: {errors:?}");
        }
    }
}

#[test]
fn limits_and_stops_are_met_exactly() {
    let model = model(varying());
    let bounds = Bounds { voltage_v: [3.2, 4.1], soc: [0.0, 1.0] };
    let mut state = State::rested(0.4, 298.15);
    let discharge = Segment { control: Control::Power(200.0), duration_s: 1e5, stop: None };
    let ran = model.run(&mut state, &discharge, 1.0, &bounds, 298.15).unwrap();
    assert_eq!(ran.ended, Ended::VoltageLow);
    assert!((ran.terminal.voltage_v - 3.2).abs() < 1e-10);
    // At once again, as it stands on the limit; a charge is let through.
    let again = model.run(&mut state, &discharge, 1.0, &bounds, 298.15).unwrap();
    assert!(again.time_s < 1e-6 && again.ended == Ended::VoltageLow);
    let stop = Some(Stop { quantity: Quantity::Voltage, value: 4.0, rising: true });
    let charge = Segment { control: Control::Current(-50.0), duration_s: 1e5, stop };
    let ran = model.run(&mut state, &charge, 1.0, &bounds, 298.15).unwrap();
    assert!(ran.ended == Ended::Stop && (ran.terminal.voltage_v - 4.0).abs() < 1e-10);
    let stop = Some(Stop { quantity: Quantity::Current, value: -2.5, rising: true });
    let taper = Segment { control: Control::Voltage(4.0), duration_s: 1e5, stop };
    let ran = model.run(&mut state, &taper, 1.0, &bounds, 298.15).unwrap();
    assert!(ran.ended == Ended::Stop && (ran.terminal.current_a + 2.5).abs() < 1e-9, "{ran:?}");
}

#[test]
fn a_power_that_cannot_be_is_an_error() {
    let model = model(constant(HeatForm::BERNARDI));
    let state = State::rested(0.5, 298.15);
    assert!(matches!(model.step(&state, Control::Power(1e4), 1.0, 298.15), Err(ModelError::Power { .. })));
}

#[test]
fn bad_parameters_are_refused() {
    let with = |change: fn(&mut Parameters)| {
        let mut p = constant(HeatForm::BERNARDI);
        change(&mut p);
        Model::new(p).unwrap_err()
    };
    assert!(matches!(with(|p| p.capacity_ah = 0.0), ModelError::Range { field: "capacity_ah", .. }));
    assert!(matches!(with(|p| p.r0 = Coefficient::Constant(f64::NAN)), ModelError::Range { field: "r0", .. }));
    assert!(matches!(with(|p| p.coulombic_efficiency = 1.1), ModelError::Range { .. }));
    assert!(matches!(with(|p| p.pairs = vec![p.pairs[0].clone(); 7]), ModelError::Pairs(7)));
    assert!(matches!(
        with(|p| p.thermal = Thermal::OneNode { heat_capacity_j_per_k: 0.0, conductance_w_per_k: 1.0 }),
        ModelError::Range { field: "heat_capacity_j_per_k", .. }
    ));
}

#[test]
fn bernardi_and_dissipated_heat_agree_from_rest_to_rest() {
    let heat = |form| {
        let model = model(Parameters { hysteresis: None, coulombic_efficiency: 1.0, ..constant(form) });
        let mut state = State::rested(0.5, 298.15);
        let mut heat = 0.0;
        for (current, duration_s) in [(60.0, 600.0), (-20.0, 100.0), (0.0, 20_000.0)] {
            let segment = Segment { control: Control::Current(current), duration_s, stop: None };
            heat += model.run(&mut state, &segment, 10.0, &Bounds::NONE, 298.15).unwrap().heat_j;
        }
        heat
    };
    let (a, b) = (heat(HeatForm::BERNARDI), heat(HeatForm::DISSIPATED));
    assert!((a - b).abs() < 1e-9 * a, "{a} {b}");
}
