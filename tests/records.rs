//! Retired modules in, battery records out, and back in again: through the binary, with few packs.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const SCENARIO: &str = r#"name = "Retired modules"
seed = 5

[first_life]
vehicle = "nissan_leaf_24"
climate = "delhi"
use = "private_car_india"

[used_modules]
file = "modules.csv"
measured_soh_sd = 0.0
measured_resistance_sd = 0.0
years = 9.5

[exit]
country = "india"

[grading]
accept_soh_min = 0.6

[second_life]
system = "offgrid_home_5kwh"
years_max = 1.0

[second_life.end]
soh_min = 0.4

[numerics]
weather_years = 2
"#;

fn packlife(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_packlife")).args(arguments).current_dir(folder).output().unwrap()
}

fn folder(scenario: &str, sheet: Option<&str>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("case.toml"), scenario).unwrap();
    if let Some(sheet) = sheet {
        fs::write(folder.path().join("modules.csv"), sheet).unwrap();
    }
    folder
}

/// What `check` tells of a sheet; `run` must refuse it alike.
fn told_of(scenario: &str, sheet: Option<&str>) -> String {
    let folder = folder(scenario, sheet);
    let output = packlife(folder.path(), &["check", "case.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let run = packlife(folder.path(), &["run", "case.toml"]);
    assert_eq!((run.status.code(), &run.stderr), (Some(2), &output.stderr));
    assert!(!folder.path().join("out").exists());
    String::from_utf8(output.stderr).unwrap()
}

fn told(sheet: &str) -> String {
    told_of(SCENARIO, Some(sheet))
}

fn run(folder: &Path, scenario: &str, out: &str, more: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["run", scenario, "--out", out, "--quiet", "--format", "csv", "--records"];
    arguments.extend(more);
    let output = packlife(folder, &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(folder.join(out).join("records.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn packs(folder: &Path, out: &str, column: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_path(folder.join(out).join("packs.csv")).unwrap();
    let place = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    reader.records().map(|row| row.unwrap()[place].parse().unwrap()).collect()
}

fn modules(record: &Value, key: &str) -> Vec<f64> {
    let modules = record["states"]["end_of_first_life"]["modules_one_by_one"].as_array().unwrap();
    modules.iter().map(|m| m[key].as_f64().unwrap()).collect()
}

fn close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() < tolerance, "{a} {b}");
    }
}

/// Checks a value against the parts of JSON Schema that the record's schema uses.
fn fits(value: &Value, schema: &Value, root: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        return fits(value, root.pointer(name.trim_start_matches('#')).expect("a definition"), root, at);
    }
    let known = [
        "type",
        "required",
        "additionalProperties",
        "properties",
        "description",
        "const",
        "enum",
        "items",
        "minItems",
        "minimum",
        "maximum",
        "pattern",
        "$schema",
        "title",
        "definitions",
    ];
    assert!(schema.as_object().unwrap().keys().all(|k| known.contains(&k.as_str())), "{at}: {schema}");
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        other => panic!("{at}: type {other}"),
    };
    match &schema["type"] {
        Value::Null => assert!(schema.get("const").is_some() || schema.get("enum").is_some(), "{at}: no type"),
        Value::Array(types) => assert!(types.iter().any(|t| is(t.as_str().unwrap())), "{at}: {value}"),
        one => assert!(is(one.as_str().unwrap()), "{at}: {value} is no {one}"),
    }
    if let Some(only) = schema.get("const") {
        assert_eq!(value, only, "{at}");
    }
    if let Some(words) = schema.get("enum") {
        assert!(words.as_array().unwrap().contains(value), "{at}: {value}");
    }
    if let Some(number) = value.as_f64() {
        assert!(number.is_finite(), "{at}");
        assert!(schema["minimum"].as_f64().is_none_or(|min| number >= min), "{at}: {number}");
        assert!(schema["maximum"].as_f64().is_none_or(|max| number <= max), "{at}: {number}");
    }
    if let Some(object) = value.as_object() {
        let required = schema["required"].as_array().unwrap();
        for key in required {
            assert!(object.contains_key(key.as_str().unwrap()), "{at}: {key} is missing");
        }
        assert_eq!(schema["additionalProperties"], false, "{at}");
        for (key, inner) in object {
            let of = schema["properties"].get(key).unwrap_or_else(|| panic!("{at}: `{key}` is not in the schema"));
            fits(inner, of, root, &format!("{at}.{key}"));
        }
    }
    if let Some(array) = value.as_array() {
        assert!(array.len() as u64 >= schema["minItems"].as_u64().unwrap_or(0), "{at}");
        array.iter().for_each(|inner| fits(inner, &schema["items"], root, &format!("{at}[]")));
    }
}

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/battery_record.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn unknown_column() {
    insta::assert_snapshot!(told("pack,soh,yeers\na,0.8,9\n"));
}

#[test]
fn text_where_a_number_belongs() {
    insta::assert_snapshot!(told("pack,module,soh\na,1,0.8\na,2,good\n"));
}

#[test]
fn soh_out_of_range() {
    insta::assert_snapshot!(told("pack,soh\na,82\na,0.01\n"));
}

#[test]
fn another_chemistry() {
    insta::assert_snapshot!(told("pack,soh,chemistry\na,0.8,lmo\na,0.8,NMC\n"));
}

#[test]
fn capacity_of_another_module() {
    insta::assert_snapshot!(told("capacity_ah,resistance_mohm\n112.6,2.6\n50,0.2\n"));
}

#[test]
fn empty_sheet() {
    insta::assert_snapshot!(told(""));
}

#[test]
fn sheet_that_is_not_there() {
    let told = told_of(SCENARIO, None);
    assert!(told.starts_with("error: cannot read the file of modules `modules.csv`"), "{told}");
    assert!(told.contains("case.toml:10:8") && told.contains("beside the scenario"), "{told}");
}

#[test]
fn sheet_and_lot() {
    let both = SCENARIO.replace("years = 9.5", "years = 9.5\nsoh_mean = 0.8\nsoh_sd = 0.02");
    insta::assert_snapshot!(told_of(&both, Some("soh\n0.8\n")));
}

#[test]
fn neither_sheet_nor_lot() {
    let (start, end) = SCENARIO.split_once("file = ").unwrap();
    let rest = end.split_once("years = 9.5").unwrap().1;
    insta::assert_snapshot!(told_of(&format!("{start}years = 9.5{rest}"), None));
    let errors = SCENARIO.replace("file = \"modules.csv\"", "soh_mean = 0.8");
    insta::assert_snapshot!(told_of(&errors, None));
}

#[test]
fn strings_longer_than_every_pack() {
    let told = told("pack,soh\na,0.8\na,0.8\nb,0.8\n");
    assert!(told.contains("a string needs 6 modules in series, but a pack has only 2"), "{told}");
}

/// Packs of a sheet have as many modules as they have: mass and energy follow, and nothing else is assumed of them.
/// A whole pack is one string, however many modules it has.
#[test]
fn packs_of_a_sheet_stay_whole() {
    let rows: String = (1..=60).map(|k| format!("a,{k},0.8\n")).collect();
    let scenario = format!("{SCENARIO}\n[repurposing]\nlevel = \"pack\"\n");
    let told = told_of(&scenario, Some(&format!("pack,module,soh\n{rows}")));
    assert!(told.contains("packs stay whole with 60 modules in series"), "{told}");
}

#[test]
fn packs_are_as_long_as_they_are() {
    let rows = |name: &str, n: usize, soh: f64| (0..n).map(|_| format!("{name},{soh},1.4\n")).collect::<String>();
    let sheet = format!(
        "pack,soh,resistance_ratio\n{}{}{}",
        rows("short", 7, 0.7),
        rows("long", 60, 0.8),
        rows("single", 1, 0.65)
    );
    let folder = folder(SCENARIO, Some(&sheet));
    let records = run(folder.path(), "case.toml", "out", &[]);
    assert_eq!(records.len(), 3, "left out, packs are as many as the sheet has");
    let schema = schema();
    for ((record, n), soh) in records.iter().zip([7.0, 60.0, 1.0]).zip([0.7, 0.8, 0.65]) {
        fits(record, &schema, &schema, "record");
        assert_eq!(record["battery"]["modules"].as_f64(), Some(n));
        close(&[record["battery"]["mass_kg"].as_f64().unwrap()], &[294.0 * n / 48.0], 1e-9);
        assert!(modules(record, "soh").iter().all(|s| (s - soh).abs() < 1e-9));
        assert!(modules(record, "resistance_ratio").iter().all(|r| (r - 1.4).abs() < 1e-9));
        let health = &record["state_of_health"]["electric_vehicle"];
        let energy = |key: &str| health[key].as_f64().unwrap();
        close(&[energy("energy_kwh") / energy("certified_energy_kwh")], &[energy("state_of_certified_energy")], 1e-12);
        assert!((energy("state_of_certified_energy") / soh - 1.0).abs() < 0.05);
        assert_eq!(record["expected_lifetime"]["date_of_manufacture"].as_str().unwrap()[..3], *"201");
        assert_eq!(record["expected_lifetime"]["equivalent_full_cycles"], Value::Null);
        for system in record["states"]["systems"].as_array().unwrap() {
            let soh = |state: &str| system[state]["soh_mean"].as_f64().unwrap();
            assert!(soh("end") < soh("start") && soh("start") <= 0.8);
        }
    }
    let out = |column| packs(folder.path(), "out", column);
    close(&out("recycled_mass_kg"), &[294.0 * 7.0 / 48.0, 294.0 * 60.0 / 48.0, 294.0 / 48.0], 1e-9);
    assert_eq!(out("modules_tested"), [7.0, 60.0, 1.0]);
    assert_eq!(out("bought_modules"), [7.0, 60.0, 1.0]);
    close(&out("bought_soh_mean"), &[0.7, 0.8, 0.65], 1e-12);
    assert!(out("balance_error").iter().all(|e| *e < 1e-9));
    let core = out("core_usd");
    assert!((core[1] / core[0] - (60.0 * 0.8) / (7.0 * 0.7)).abs() < 1e-6);
    let manifest = fs::read_to_string(folder.path().join("out/run.toml")).unwrap();
    assert!(manifest.contains("single,0.65"), "the sheet is part of what repeats a run");
    let page = fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    assert!(page.contains("68 modules in 3 packs are bought at a SoH of 70.0 % and an age of 9.5 years"));
    assert!(!page.contains("leave the vehicle after"));
}

/// Without names a sheet is cut by the vehicle's modules; more packs than that take them in turn, with other draws.
#[test]
fn a_sheet_without_packs_is_cut_and_taken_in_turn() {
    let sheet = format!("soh\n{}", "0.8\n".repeat(50));
    let scenario = SCENARIO.replace("measured_soh_sd = 0.0", "measured_soh_sd = 0.02");
    for fidelity in ["module", "pack", "cell"] {
        let scenario = scenario.replace("[numerics]", &format!("[numerics]\nfidelity = \"{fidelity}\""));
        let folder = folder(&scenario, Some(&sheet));
        let packs = if fidelity == "module" { "4" } else { "2" };
        let records = run(folder.path(), "case.toml", "out", &["--packs", packs]);
        let count: Vec<_> = records.iter().map(|r| r["battery"]["modules"].as_u64().unwrap()).collect();
        assert_eq!(count, [48, 2, 48, 2][..count.len()]);
        if fidelity == "module" {
            assert_ne!(modules(&records[0], "soh"), modules(&records[2], "soh"));
        }
        let mean = modules(&records[0], "soh").iter().sum::<f64>() / 48.0;
        assert!((mean - 0.8).abs() < 4.0 * 0.02 / 48f64.sqrt(), "{fidelity}: {mean}");
    }
}

/// Cars out, modules in: what a record says of a pack is where the next study begins.
#[test]
fn a_record_comes_back_in() {
    let lived = include_str!("../scenarios/mg_zs_ev_delhi_5kwh.toml")
        .replace("[second_life]", "[second_life]\nyears_max = 1.0");
    let folder = folder(&lived, None);
    let first = run(folder.path(), "case.toml", "lived", &["--packs", "3", "--threads", "1"]);
    let again = run(folder.path(), "case.toml", "again", &["--packs", "3", "--threads", "2"]);
    assert_eq!(first, again);
    let bytes = |out: &str| fs::read(folder.path().join(out).join("records.jsonl")).unwrap();
    assert_eq!(bytes("lived"), bytes("again"), "the same bytes for any number of threads");
    let schema = schema();
    for record in &first {
        fits(record, &schema, &schema, "record");
        let life = &record["expected_lifetime"];
        let (out, efc) =
            (life["energy_throughput_kwh"].as_f64().unwrap(), life["equivalent_full_cycles"].as_f64().unwrap());
        let kwh = record["battery"]["rated_energy_kwh"].as_f64().unwrap();
        assert!((out / (efc * kwh) - 1.0).abs() < 0.1, "{out} kWh, {efc} cycles");
        let events = &life["harmful_events"];
        assert!(events["deep_discharges"].is_number() && events["hours_above_temperature_limit"].is_number());
        let health = &record["state_of_health"]["stationary_or_lmt"];
        assert!(health["remaining_capacity"].as_f64().unwrap() < 1.0);
        assert!(health["remaining_round_trip_efficiency"].as_f64().unwrap() < 1.0);
    }

    let used =
        "\n[used_modules]\nfile = \"lived/records.jsonl\"\nmeasured_soh_sd = 0.0\nmeasured_resistance_sd = 0.0\n";
    fs::write(folder.path().join("used.toml"), lived.replace("packs = ", "# packs = ") + used).unwrap();
    let second = run(folder.path(), "used.toml", "used", &[]);
    assert_eq!(second.len(), 3);
    for (before, after) in first.iter().zip(&second) {
        close(&modules(before, "soh"), &modules(after, "soh"), 1e-9);
        close(&modules(before, "resistance_ratio"), &modules(after, "resistance_ratio"), 0.03);
        close(&modules(before, "self_discharge_ratio"), &modules(after, "self_discharge_ratio"), 1e-9);
        close(&modules(before, "years_since_new"), &modules(after, "years_since_new"), 0.01);
        close(&modules(before, "cycle_share"), &modules(after, "cycle_share"), 0.05);
        let efc = |record: &Value| record["states"]["end_of_first_life"]["equivalent_full_cycles"].as_f64().unwrap();
        close(&[efc(before)], &[efc(after)], 1e-9);
        assert_eq!(after["expected_lifetime"]["end_of_first_life"], "bought");
    }
}
