//! Steady speed and a trapezoid in closed form, and what a step makes of them.

use super::*;
use crate::duty::road_load::tests::car;
use crate::duty::vehicle::Cooling;

fn vehicle(road_load: Option<RoadLoad>, consumption_wh_per_km: Option<f64>) -> VehicleSpec {
    VehicleSpec {
        title: "test".into(),
        cell: "none".into(),
        cell_capacity_ah: 50.0,
        cells_series: 96,
        cells_parallel: 2,
        modules: 24,
        nominal_energy_kwh: 35.0,
        pack_mass_kg: 300.0,
        soc_window: [0.0, 1.0],
        road_load,
        consumption_wh_per_km,
        heating_per_k: Some(0.015),
        cooling_per_k: Some(0.008),
        current_form_factor: Some(1.9),
        ac_charge_kw: 7.0,
        dc_charge_kw: 50.0,
        charge_efficiency: 0.9,
        cooling: Cooling::Passive,
        coolant_band_c: [20.0, 30.0],
        coolant_rise_k: 0.0,
        module_conductance_w_per_k: 0.0,
        parked_time_constant_h: 8.0,
    }
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    (a / b - 1.0).abs() < relative
}

#[test]
fn steady_speed_meets_the_road_load() {
    let v = 25.0;
    let trace = SpeedTrace::flat(vec![0.0, 100.0], vec![v, v]);
    let drive = DriveDemand::new(&vehicle(Some(car()), None), &trace).unwrap();
    let pack_w = v * (115.0 + 3.43 * v + 0.433 * v * v) / 0.9;
    assert!(close(drive.speed_kmh, 90.0, 1e-12));
    assert!(close(drive.wh_per_km()[0], pack_w / 90.0, 1e-12) && drive.wh_per_km()[1] == 0.0);
    // At 20 degC auxiliaries alone are added; the current is steady.
    let step = drive.step(20.0, 1.0, Some(1.0));
    assert!(close(step.power_w, pack_w + 250.0, 1e-12) && close(step.form_squared, 1.0, 1e-12), "{step:?}");
    let cold = drive.step(5.0, 1.0, Some(0.5));
    assert!(close(cold.power_w, pack_w + 250.0 + 420.0 + 200.0, 1e-12));
}

/// Up to 20 m/s in 20 s, 40 s there, down in 20 s: integrals of a ramp in closed form.
#[test]
fn a_trapezoid_meets_its_integrals() {
    let (top, ramp) = (20.0_f64, 20.0_f64);
    let seconds: Vec<f64> = (0..=800).map(|k| 0.1 * f64::from(k)).collect();
    let speed = seconds.iter().map(|t| (t * top / ramp).min(top).min((80.0 - t) * top / ramp)).collect();
    let car = car();
    let drive = DriveDemand::new(&vehicle(Some(car.clone()), None), &SpeedTrace::flat(seconds, speed)).unwrap();
    let [a, b, c] = car.coast_down();
    let resistance_j = ramp * (a * top / 2.0 + b * top.powi(2) / 3.0 + c * top.powi(3) / 4.0);
    let kinetic_j = 0.5 * 1.03 * car.mass_kg * top * top;
    let steady_j = 40.0 * top * (a + b * top + c * top * top);
    let km = (40.0 * top + ramp * top) / 1000.0;
    let [out, back] = drive.wh_per_km();
    assert!(close(out, (resistance_j + kinetic_j + steady_j) / 0.9 / 3600.0 / km, 1e-4), "{out}");
    // Braking at 1 m/s2 is stronger than any resistance here.
    assert!(close(back, 0.65 * (kinetic_j - resistance_j) / 3600.0 / km, 1e-4), "{back}");
}

/// The mean square that a step foretells is that of the power itself, interval by interval.
#[test]
fn the_form_factor_is_that_of_the_trace() {
    let trace = SpeedTrace::flat((0..5).map(|t| 10.0 * f64::from(t)).collect(), vec![0.0, 15.0, 20.0, 5.0, 0.0]);
    let car = car();
    let drive = DriveDemand::new(&vehicle(Some(car.clone()), None), &trace).unwrap();
    let v = &trace.speed_mps;
    let power = |k: usize, share: f64| {
        let wheel = car.wheel_w(car.coast_down(), 0.5 * (v[k] + v[k + 1]), 0.0, (v[k + 1] - v[k]) / 10.0);
        let pack = car.pack_w(wheel);
        250.0 + 5.0 * 36.0 + if pack < 0.0 { share * pack } else { pack }
    };
    for share in [1.0, 0.3, 0.0] {
        let of: Vec<f64> = (0..4).map(|k| power(k, share)).collect();
        let mean = of.iter().sum::<f64>() / 4.0;
        let square = of.iter().map(|p| p * p).sum::<f64>() / 4.0;
        let step = drive.step(30.0, share, None);
        assert!(close(step.power_w, mean, 1e-12) && close(step.form_squared, square / mean / mean, 1e-12));
    }
}

#[test]
fn measured_power_stands_for_the_road_load() {
    let mut trace = SpeedTrace::flat(vec![0.0, 10.0, 20.0], vec![10.0, 10.0, 10.0]);
    trace.pack_w = vec![4000.0, 4000.0, -2000.0];
    for vehicle in [vehicle(Some(car()), None), vehicle(None, Some(150.0))] {
        let drive = DriveDemand::new(&vehicle, &trace).unwrap();
        assert!(close(drive.step(20.0, 1.0, None).power_w, 2500.0, 1e-12));
    }
    trace.pack_w = vec![1000.0, 0.0, -1000.0];
    assert!(matches!(DriveDemand::new(&vehicle(None, Some(150.0)), &trace), Err(DriveError::Downhill { .. })));
}

#[test]
fn a_consumption_keeps_its_figure_and_form() {
    let trace = SpeedTrace::flat(vec![0.0, 3600.0], vec![10.0, 10.0]);
    let drive = DriveDemand::new(&vehicle(None, Some(150.0)), &trace).unwrap();
    let step = drive.step(5.0, 1.0, Some(0.1));
    assert!(close(step.power_w, 150.0 * 36.0 * 1.15, 1e-12) && close(step.form_squared, 1.9 * 1.9, 1e-12));
    assert_eq!(step.back_w, 0.0);
    assert_eq!(DriveDemand::new(&vehicle(None, None), &trace).unwrap_err(), DriveError::NoDrive);
}
