//! `packlife identify`: known numbers found again, the entry in a scenario, and what is told about bad traces.

use packlife::cell::circuit::{RcStep, hysteresis};
use packlife::cell::{Cell, CellSpec, ZERO_CELSIUS_K};
use packlife::identify::{IdentifyOptions, Trace, identify};
use packlife::library::Library;
use packlife::numeric::stream::{Purpose, Streams};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

fn library_cell(name: &str) -> CellSpec {
    Library::builtin().expect("sound").get(name).expect("a built-in cell")
}

/// A cell with round numbers, unlike the one that the fit begins with.
fn truth() -> CellSpec {
    let like = library_cell("nmc_pouch");
    let knots = vec![0.0, 0.1, 0.3, 1.0];
    CellSpec {
        capacity_ah: 50.0,
        resistance_soc: knots,
        r0_mohm: vec![1.8, 1.4, 1.2, 1.2],
        r1_mohm: vec![1.0, 0.7, 0.6, 0.6],
        r2_mohm: vec![1.6, 1.0, 0.8, 0.8],
        tau1_s: 15.0,
        tau2_s: 400.0,
        hysteresis_v: 0.01,
        hysteresis_gamma: 40.0,
        ..like
    }
}

/// Steps of constant current, logged as a CSV with an error of half a millivolt.
fn log(cell: &Cell, soc: f64, h: f64, steps: &[(f64, f64, f64)], stream: u64) -> String {
    log_at(25.0, cell, soc, h, steps, stream)
}

/// The same of a cell that is kept at a temperature.
fn log_at(temperature_c: f64, cell: &Cell, soc: f64, h: f64, steps: &[(f64, f64, f64)], stream: u64) -> String {
    use rand::RngExt as _;
    let spec = &cell.spec;
    let mut random = Streams::new(7, stream).stream(Purpose::ParameterSet);
    let (mut v, mut s, mut h, mut time) = ([0.0; 2], soc, h, 0.0);
    let mut text = String::from("time_s,current_a,voltage_v,temperature_c\n");
    let g = cell.resistance_factor(temperature_c + ZERO_CELSIUS_K);
    for (current, lasts, every) in steps {
        let mut inside = 0.0;
        while inside < lasts - 1e-9 {
            let r = cell.resistances(s).map(|r| r * g);
            for (v, (tau, r)) in v.iter_mut().zip([(spec.tau1_s, r[1]), (spec.tau2_s, r[2])]) {
                *v = RcStep::new(*every, tau).end(*v, r, *current);
            }
            let passed = current * every / (3600.0 * spec.capacity_ah);
            h = hysteresis(h, (spec.hysteresis_gamma * passed).abs(), -current.signum()).0;
            s -= passed;
            (time, inside) = (time + every, inside + every);
            // Twelve evenly distributed numbers make one that is nearly normal.
            let noise: f64 = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
            let u = cell.ocv(s) + spec.hysteresis_v * h - v[0] - v[1] - cell.resistances(s)[0] * g * current;
            writeln!(text, "{time},{current},{:.5},{temperature_c}", u + 5e-4 * noise).expect("text");
        }
    }
    text
}

/// From full to empty in twentieths: a pulse, a rest, the way to the next.
fn pulse_test(cell: &Cell) -> String {
    pulse_test_at(25.0, cell)
}

fn pulse_test_at(temperature_c: f64, cell: &Cell) -> String {
    let q = cell.spec.capacity_ah;
    let mut steps = vec![(0.0, 60.0, 10.0)];
    for _ in 0..19 {
        let pulse = 30.0 * q / (3600.0 * q);
        let way = (0.05 - pulse) * 3600.0 * 2.0;
        steps.extend([(q, 30.0, 1.0), (0.0, 60.0, 2.0), (-0.5 * q, 20.0, 1.0), (0.0, 60.0, 5.0)]);
        steps.extend([(0.5 * q, way, 20.0), (0.0, 1800.0, 60.0)]);
    }
    log_at(temperature_c, cell, 1.0, 1.0, &steps, 1)
}

fn slow(cell: &Cell, current: f64) -> String {
    let from = if current > 0.0 { 1.0 } else { 0.0 };
    let seconds = 3600.0 * cell.spec.capacity_ah / current.abs();
    log(cell, from, 2.0 * from - 1.0, &[(0.0, 60.0, 30.0), (current, seconds, 120.0)], 2)
}

#[test]
fn known_numbers_are_found_again() {
    let truth = truth();
    let cell = Cell::new(truth.clone()).expect("sound");
    let trace = |name: &str, text: &str| Trace::parse(name, text, None, None).expect("sound");
    let pulses = trace("pulses", &pulse_test(&cell));
    let legs = [trace("down", &slow(&cell, 2.0)), trace("up", &slow(&cell, -2.0))];
    // A like cell whose resistance differs on charge, at other knots than those sought.
    let mut like = library_cell("nmc_prismatic");
    like.r0_charge_share = vec![0.1; like.resistance_soc.len()];
    // The log is that of a cell that is kept at 25 degC.
    let options = IdentifyOptions { cooling_w_per_k: Some(1e4), ..IdentifyOptions::like(like) };
    let found = identify(&[pulses], &legs, &options).expect("found");
    assert!(found.spec.r0_charge_share.is_empty());
    assert!((found.spec.capacity_ah / 50.0 - 1.0).abs() < 0.01, "{}", found.spec.capacity_ah);
    assert!(found.pulses[0].rmse_all_v().expect("rows") < 1e-3, "{:?}", found.pulses[0].rmse_all_v());
    let at = |soc: &[f64], values: &[f64], s: f64| packlife::numeric::table::interpolate(soc, values, s);
    for s in [0.2, 0.4, 0.5, 0.7, 0.9] {
        let of =
            |spec: &CellSpec, k: usize| at(&spec.resistance_soc, [&spec.r0_mohm, &spec.r1_mohm, &spec.r2_mohm][k], s);
        for (k, within) in [(0, 0.03), (1, 0.1), (2, 0.12)] {
            let ratio = of(&found.spec, k) / of(&truth, k);
            assert!((ratio - 1.0).abs() < within, "r{k} at {s}: {ratio}");
        }
        let ocv = at(&found.spec.ocv_soc, &found.spec.ocv_v, s) - at(&truth.ocv_soc, &truth.ocv_v, s);
        assert!(ocv.abs() < 3e-3, "OCV at {s}: {ocv}");
    }
    assert!((found.spec.tau1_s / 15.0 - 1.0).abs() < 0.1, "{}", found.spec.tau1_s);
    assert!((found.spec.tau2_s / 400.0 - 1.0).abs() < 0.1, "{}", found.spec.tau2_s);
    assert!((found.spec.hysteresis_v / 0.01 - 1.0).abs() < 0.2, "{}", found.spec.hysteresis_v);
    // A load that it never saw, at another rate.
    let load = log(&cell, 1.0, 1.0, &[(0.0, 60.0, 10.0), (40.0, 3000.0, 10.0), (0.0, 900.0, 10.0)], 3);
    let check = found.check(&trace("load", &load), None).expect("full at the start");
    assert!(check.rmse_all_v().expect("rows") < 3e-3, "{:?}", check.rmse_all_v());
    // The entry is the same cell but for what falls with current.
    let entry = found.check_entry(&trace("load", &load), None).expect("full at the start");
    assert!(entry.rmse_all_v().expect("rows") < 4e-3, "{:?}", entry.rmse_all_v());
    // The reference cell does what the check says: here at the end of the load.
    use packlife::cell::model::{Bounds, Control, Segment, State};
    let reference = found.reference().expect("a cell");
    let mut state = State { hysteresis_v: found.spec.hysteresis_v, ..State::rested(1.0, 25.0 + ZERO_CELSIUS_K) };
    let segment = Segment { control: Control::Current(40.0), duration_s: 3000.0, stop: None };
    let ran = reference.run(&mut state, &segment, 10.0, &Bounds::NONE, 25.0 + ZERO_CELSIUS_K).expect("runs");
    let last = check.rows.iter().rfind(|r| r.current_a > 0.0).expect("rows");
    assert!((ran.terminal.voltage_v - last.model_v).abs() < 1e-3, "{} {}", ran.terminal.voltage_v, last.model_v);
}

#[test]
fn pulse_tests_at_several_temperatures_tell_how_resistances_follow_them() {
    let truth = CellSpec { resistance_ea_j_per_mol: 15_000.0, resistance_floor_share: 0.3, ..truth() };
    let cell = Cell::new(truth.clone()).expect("sound");
    let trace = |name: &str, text: &str| Trace::parse(name, text, None, None).expect("sound");
    let pulses = |t: f64| trace(&format!("pulses {t}"), &pulse_test_at(t, &cell));
    let legs = [trace("down", &slow(&cell, 2.0)), trace("up", &slow(&cell, -2.0))];
    let like = library_cell("nmc_prismatic");
    let options = IdentifyOptions { cooling_w_per_k: Some(1e4), ..IdentifyOptions::like(like.clone()) };
    let one = identify(&[pulses(25.0)], &legs, &options).expect("found");
    let three = identify(&[pulses(25.0), pulses(10.0), pulses(40.0)], &legs, &options).expect("found");
    // One temperature tells nothing, so the like cell does.
    assert_eq!(one.spec.resistance_ea_j_per_mol, like.resistance_ea_j_per_mol);
    assert_eq!((one.told.temperatures_c, three.told.temperatures_c), (None, Some([10.0, 40.0])));
    let factor =
        |spec: &CellSpec, t: f64| Cell::new(spec.clone()).expect("sound").resistance_factor(t + ZERO_CELSIUS_K);
    for t in [10.0, 17.0, 32.0, 40.0] {
        let ratio = factor(&three.spec, t) / factor(&truth, t);
        assert!((ratio - 1.0).abs() < 0.05, "{t} degC: {ratio}");
    }
    let before = factor(&one.spec, 10.0) / factor(&truth, 10.0);
    assert!((before - 1.0).abs() > 0.1, "the like cell is another: {before}");
    // A load in the cold that neither saw.
    let load = [(0.0, 60.0, 10.0), (40.0, 3000.0, 10.0), (0.0, 900.0, 10.0)];
    let load = trace("cold", &log_at(10.0, &cell, 1.0, 1.0, &load, 3));
    let [by_three, by_one] = [&three, &one].map(|f| f.check(&load, None).expect("full").rmse_all_v().expect("rows"));
    assert!(by_three < 6e-3 && by_three < 0.7 * by_one, "{by_three} {by_one}");
}

fn packlife(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packlife"));
    command.args(args).current_dir(folder).env_remove("NO_COLOR").output().expect("the binary runs")
}

#[test]
fn the_entry_loads_and_a_scenario_lives_by_it() {
    let folder = tempfile::tempdir().expect("folder");
    let cell = Cell::new(truth()).expect("sound");
    std::fs::write(folder.path().join("pulses.csv"), pulse_test(&cell)).expect("write");
    std::fs::write(folder.path().join("slow.csv"), slow(&cell, 2.0)).expect("write");
    let identify = |out: &str| {
        let args = ["identify", "pulses.csv", "--like", "nmc_pouch", "--slow", "slow.csv", "--name", "mine", "--out"];
        let checks = ["--check", "pulses.csv@5000.."];
        let output = packlife(folder.path(), &[&args[..], &[out], &checks].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    };
    identify("cells");
    identify("again");
    let files = ["mine.toml", "ocv.csv", "parameters.csv", "residuals.csv", "tables.svg", "report.txt"];
    for file in files.into_iter().chain(["pulses_1.svg", "check_1.svg"]) {
        let read = |out: &str| std::fs::read(folder.path().join(out).join(file)).expect("written");
        assert_eq!(read("cells"), read("again"), "{file} is the same each time");
    }
    // What no trace tells is the like cell's; its share of R0 on charge is not, for that has other knots.
    let entry = std::fs::read_to_string(folder.path().join("cells/mine.toml")).expect("written");
    assert!(!entry.contains("r0_charge_share"));
    let like = library_cell("nmc_pouch");
    for (field, values) in [
        ("entropy_soc", &like.entropy_soc),
        ("entropy_mv_per_k", &like.entropy_mv_per_k),
        ("derating_temperature_c", &like.derating_temperature_c),
        ("derating_charge", &like.derating_charge),
        ("derating_discharge", &like.derating_discharge),
    ] {
        let marked = entry
            .contains(&format!("{field} = {{ source = \"taken from `nmc_pouch`, not measured\", assumed = true }}"));
        assert_eq!(entry.contains(&format!("\n{field} = [")), !values.is_empty(), "{field}");
        assert_eq!(marked, !values.is_empty(), "{field}");
    }
    let scenario = r#"name = "With an own cell"
packs = 2
library = ["cells/mine.toml"]

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use = "private_car_india"
years_max = 1.0

[exit]
country = "india"

[second_life]
system = "offgrid_home_5kwh"
years_max = 1.0

[numerics]
weather_years = 1

[overrides]
"vehicles.mg_zs_ev_50_lfp.cell" = "mine"
"#;
    std::fs::write(folder.path().join("own.toml"), scenario).expect("write");
    let run = packlife(folder.path(), &["run", "own.toml", "--quiet", "--format", "csv"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let show = packlife(folder.path(), &["show", "cells.mine", "--library", "cells/mine.toml"]);
    assert_eq!(show.status.code(), Some(0));
}

/// What is told about a trace; nothing is written.
fn told(text: &str, args: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("trace.csv"), text).expect("write");
    let output = packlife(folder.path(), &[&["identify"], args].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing is written");
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn bad_traces_are_told() {
    const HEAD: &str = "time_s,current_a,voltage_v\n";
    const LIKE: [&str; 3] = ["trace.csv", "--like", "nmc_pouch"];
    let sound = format!("{HEAD}0,0,4.2\n10,50,4.1\n20,50,4.09\n30,0,4.17\n40,50,4.08\n");
    let grouped = "test,t_s,i_a,v\na,0,0,4.2\na,1,-5,4.1\nb,0,0,4.2\nb,1,-5,4.1\n";
    let cases: Vec<(String, Vec<&str>)> = vec![
        (HEAD.into(), LIKE.to_vec()),
        (sound.replace("voltage_v", "voltage_mv"), LIKE.to_vec()),
        (sound.replace("time_s", "clock"), LIKE.to_vec()),
        (sound.replace("4.09", "high"), LIKE.to_vec()),
        (sound.replace("20,50,4.09", "20,,4.09"), LIKE.to_vec()),
        (sound.replace("20,50", "5,50"), LIKE.to_vec()),
        (sound.clone(), [&LIKE[..], &["--current", "charge-positive"]].concat()),
        (grouped.into(), LIKE.to_vec()),
        (grouped.into(), vec!["trace.csv@test=c", "--like", "nmc_pouch"]),
        (grouped.into(), vec!["trace.csv@kind=a", "--like", "nmc_pouch"]),
        (format!("{HEAD}0,0,4.2\n10,0,4.2\n20,0,4.2\n"), LIKE.to_vec()),
        (sound.clone(), LIKE.to_vec()),
        (sound.replace("4.2\n", "3.9\n"), [&LIKE[..], &["--capacity", "50"]].concat()),
        (sound.clone(), [&LIKE[..], &["--slow", "trace.csv@15..25"]].concat()),
        (sound, vec!["trace.csv", "--like", "nmc_puch"]),
    ];
    let all: Vec<String> = cases.iter().map(|(text, args)| told(text, args)).collect();
    insta::assert_snapshot!(all.concat());
}
