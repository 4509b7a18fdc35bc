//! Whole scenarios through the binary, with few packs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn packlife(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_packlife")).args(arguments).current_dir(root()).output().unwrap()
}

fn run(scenario: &str, out: &Path, more: &[&str]) -> Output {
    let file = format!("scenarios/{scenario}.toml");
    let mut arguments = vec!["run", &file, "--out", out.to_str().unwrap()];
    arguments.extend(more);
    packlife(&arguments)
}

/// All files of a folder with their bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap())
        .map(|e| (e.file_name().to_string_lossy().into_owned(), fs::read(e.path()).unwrap()))
        .collect()
}

fn rows(folder: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(format!("{table}.csv"))).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    reader.records().map(|r| header.iter().cloned().zip(r.unwrap().iter().map(str::to_owned)).collect()).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is `{}`", row[column]))
}

#[test]
fn every_scenario_runs_to_the_recycler() {
    for entry in fs::read_dir(root().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        if text.contains("\n[sizing]") || text.contains("\n[supply]") {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("results");
        let output = run(&name, &out, &["--packs", "4", "--quiet"]);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty(), "--quiet prints nothing");
        let packs = rows(&out, "packs");
        // A study of several laws lives every pack under each.
        let laws: std::collections::BTreeSet<&String> = packs.iter().map(|p| &p["law"]).collect();
        assert_eq!(packs.len(), 4 * laws.len(), "{name}");
        for pack in &packs {
            assert_eq!(pack["status"], "ok", "{name}");
            assert!(number(pack, "balance_error") < 1e-9, "{name}");
            let soh = number(pack, "exit_soh_min");
            assert!(soh > 0.0 && soh <= number(pack, "exit_soh_mean"), "{name}");
            let recovered: f64 =
                pack.iter().filter(|(k, _)| k.ends_with("_recovered_kg")).map(|(_, v)| v.parse::<f64>().unwrap()).sum();
            let gap = recovered + number(pack, "residue_kg") - number(pack, "recycled_mass_kg");
            assert!(gap.abs() < 1e-9 * number(pack, "recycled_mass_kg"), "{name}");
        }
        for system in rows(&out, "systems") {
            // A replaced module may have been the weakest.
            let replaced = number(&system, "modules_replaced") > 0.0;
            assert!(replaced || number(&system, "soh_end") <= number(&system, "soh_start"), "{name}");
            assert!(number(&system, "years") <= 40.0, "{name}");
            let gap = number(&system, "demand_kwh") - number(&system, "served_kwh") - number(&system, "unmet_kwh");
            assert!(gap.abs() <= 1e-9 * number(&system, "demand_kwh") + 1e-9, "{name}");
        }
        let page = fs::read_to_string(out.join("report.html")).unwrap();
        assert!(page.contains("<svg"), "{name}");
        for outside in ["href=\"http", "src=", "url(", "@import", "<script"] {
            assert!(!page.contains(outside), "{name}: the report reaches outside with `{outside}`");
        }
        for file in contents(&out).values() {
            assert!(!file.windows(4).any(|w| w == b"NaN," || w == b",NaN"), "{name}: NaN in an output");
        }
    }
}

/// On two paths, for two years of service and in steps of an hour: whether the target is met is not asked here.
#[test]
fn every_sizing_study_answers() {
    let scenarios = fs::read_dir(root().join("scenarios")).unwrap().map(|e| e.unwrap().path());
    let of_sites = scenarios.filter(|p| {
        p.extension().is_some_and(|e| e == "toml") && fs::read_to_string(p).unwrap().contains("\n[sizing]")
    });
    let mut studies = 0;
    for path in of_sites {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("results");
        let short = |line: &str| match line.split('=').next().map(str::trim) {
            Some("service_years") => "service_years = 2\n".to_owned(),
            Some("augment_after_years") => "augment_after_years = 1\n".to_owned(),
            Some("step_minutes") => "step_minutes = 60\n".to_owned(),
            _ => format!("{line}\n"),
        };
        let file = folder.path().join(format!("{name}.toml"));
        fs::write(&file, fs::read_to_string(&path).unwrap().lines().map(short).collect::<String>()).unwrap();
        let (file, folder) = (file.to_str().unwrap(), out.to_str().unwrap());
        let output = packlife(&["run", file, "--out", folder, "--packs", "12", "--paths", "2", "--quiet"]);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty(), "--quiet prints nothing");
        assert!(rows(&out, "designs").iter().any(|design| design["method"] == "simulated"), "{name}");
        let paths = rows(&out, "paths");
        assert_eq!(paths.len(), 2, "{name}");
        for path in &paths {
            assert!(number(path, "balance_error") < 1e-9, "{name}");
        }
        for year in rows(&out, "years") {
            let (lpsp, lolp) = (number(&year, "lpsp_mean"), number(&year, "lolp"));
            assert!((0.0..=1.0).contains(&lpsp) && (0.0..=1.0).contains(&lolp), "{name}");
        }
        let page = fs::read_to_string(out.join("sizing.html")).unwrap();
        assert_eq!(page.matches("<svg").count(), 10, "{name}");
        for file in contents(&out).values() {
            assert!(!file.windows(4).any(|w| w == b"NaN," || w == b",NaN"), "{name}: NaN in an output");
        }
        studies += 1;
    }
    assert!(studies >= 6, "{studies} studies");
}

/// Same scenario and seed: the same bytes for 1 and 3 threads; another seed gives other lives.
#[test]
fn threads_do_not_change_a_byte() {
    let folder = tempfile::tempdir().unwrap();
    let out = |k: &str| folder.path().join(k);
    for (k, threads, seed) in [("one", "1", "5"), ("three", "3", "5"), ("other", "3", "6")] {
        let arguments = ["--packs", "5", "--quiet", "--threads", threads, "--seed", seed];
        assert!(run("mg_zs_ev_nmc_delhi_5kwh", &out(k), &arguments).status.success());
    }
    let (one, three, other) = (contents(&out("one")), contents(&out("three")), contents(&out("other")));
    assert_eq!(one.keys().collect::<Vec<_>>(), three.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &three[name], "{name} differs between 1 and 3 threads");
    }
    assert!(one["packs.csv"] != other["packs.csv"]);
}

/// A pack is a function of its number: the first packs of a larger study are those of a smaller one.
#[test]
fn more_packs_leave_the_first_ones_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (few, more) = (folder.path().join("few"), folder.path().join("more"));
    assert!(run("leaf_phoenix_5kwh", &few, &["--packs", "2", "--quiet"]).status.success());
    assert!(run("leaf_phoenix_5kwh", &more, &["--packs", "4", "--quiet"]).status.success());
    assert_eq!(rows(&few, "packs"), rows(&more, "packs")[..2]);
}

#[test]
fn formats_are_as_asked_and_old_results_are_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    assert!(run("mg_zs_ev_delhi_5kwh", &out, &["--packs", "1", "--quiet", "--format", "csv"]).status.success());
    let files = contents(&out);
    assert!(files.contains_key("packs.csv") && !files.contains_key("packs.parquet"));
    fs::write(out.join("my_notes.txt"), "mine").unwrap();
    assert!(run("mg_zs_ev_delhi_5kwh", &out, &["--packs", "1", "--quiet", "--format", "parquet"]).status.success());
    let files = contents(&out);
    assert!(files.contains_key("packs.parquet") && !files.contains_key("packs.csv"));
    assert!(
        files.contains_key("dictionary.csv") && files.contains_key("run.toml") && files.contains_key("summary.json")
    );
    assert_eq!(files["my_notes.txt"], b"mine");
}

#[test]
fn the_summary_says_what_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let output = run("mg_zs_ev_delhi_5kwh", &folder.path().join("r"), &["--packs", "3", "--threads", "2"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for word in ["packs", "fade", "second life", "unmet", "outside fit", "balance", "on 2 threads", "results:"] {
        assert!(text.contains(word), "no `{word}` in\n{text}");
    }
    assert!(output.stderr.is_empty(), "no bar where there is no terminal");
}

/// A scenario that cannot be used leaves nothing behind and says so with exit code 2, through `run` too.
#[test]
fn a_refused_scenario_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("wrong.toml");
    fs::write(&scenario, "name = \"x\"\npacks = -3\n[first_life]\nvehicle = \"mg_zs_ev_50_lpf\"\n").unwrap();
    let out = folder.path().join("out");
    let output = packlife(&["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("wrong.toml:2") && text.contains("mg_zs_ev_50_lfp"), "{text}");
    assert!(!out.exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Ctrl-C: nothing is written, nothing is left behind.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    let mut child = Command::new(env!("CARGO_BIN_EXE_packlife"))
        .args(["run", "scenarios/mg_zs_ev_delhi_5kwh.toml", "--packs", "100000", "--out", out.to_str().unwrap()])
        .current_dir(root())
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "files were left behind");
}

#[test]
fn strict_range_refuses_what_strains_the_law_and_keeps_the_results() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    let output = run("mg_zs_ev_nmc_delhi_5kwh", &out, &["--packs", "2", "--quiet", "--strict-range"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.starts_with("error: outside the range that the aging law was fitted in: "), "{said}");
    assert!(said.contains("% of the first life past the tests") && said.contains("the results were written"), "{said}");
    assert_eq!(rows(&out, "packs").len(), 2);
}

/// An option that does nothing for a scenario is not taken in silence.
#[test]
fn options_of_other_scenarios_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    for (scenario, option, of) in [
        ("mg_zs_ev_nmc_delhi_5kwh", ["--draws", "3"], "projections of supply"),
        ("mg_zs_ev_nmc_delhi_5kwh", ["--paths", "3"], "sizing studies"),
        ("supply_india", ["--packs", "3"], "scenarios that simulate packs"),
        ("supply_india", ["--draws=0", "--records"], "whole lives of packs"),
        ("size_home_delhi_5kwh", ["--paths=1", "--records"], "whole lives of packs"),
    ] {
        let output = run(scenario, &out, &option);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(of), "{scenario} {option:?}: {said}");
        assert!(!out.exists());
    }
}

/// Modules brought by the service are one side of the energy, and their cost and mass are in the tables.
#[test]
fn service_shows_in_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    let output = run("serviced_homes_bahraich_5kwh", &out, &["--packs", "4", "--format", "csv"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("modules replaced"));
    let systems = rows(&out, "systems");
    let sum = |column: &str| systems.iter().map(|s| number(s, column)).sum::<f64>();
    assert!(sum("modules_replaced") > 0.0 && sum("modules_added") > 0.0 && sum("service_usd") > 0.0);
    // Sixteen modules in strings of three leave one over; it is taken before any is bought.
    assert!(sum("modules_bought") < sum("modules_replaced") + sum("modules_added"));
    let flows = rows(&out, "flows");
    let flow = |from: &str, to: &str| -> f64 {
        flows.iter().filter(|f| f["from"] == from && f["to"] == to).map(|f| number(f, "value")).sum()
    };
    assert!((flow("service", "system") - sum("brought_kwh")).abs() < 1e-6);
    assert!(flow("system", "unaccounted").abs() < 1e-6 * sum("served_kwh"));
}

#[test]
fn power_is_told_for_new_and_aged_cells() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("power.csv");
    let path = file.to_str().unwrap();
    let output = packlife(&["power", "lfp_prismatic", "--soh", "0.7", "--resistance", "1.8", "--out", path]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for words in
        ["discharge, new", "discharge, aged: SoH 70.0 %, resistance x1.80", "charge, new", "charge, aged", "25 degC"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let rows = rows(folder.path(), "power");
    assert_eq!(rows.len(), 2 * 9 * 6);
    for (new, aged) in rows.iter().zip(&rows[54..]) {
        assert_eq!((&new["state"][..], &aged["state"][..]), ("new", "aged"));
        assert!(number(aged, "discharge_w") <= number(new, "discharge_w") && number(new, "discharge_w") > 0.0);
    }
    for (arguments, words) in [
        (vec!["power", "lfp_prismatik"], "did you mean"),
        (vec!["power", "lfp_prismatic", "--soh", "2"], "0.1 to 1"),
        (vec!["power", "lfp_prismatic", "--seconds", "0"], "0.1 to 36000"),
    ] {
        let output = packlife(&arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{arguments:?}");
    }
}

/// Few packs and draws: whether figures are good is not asked here.
#[test]
fn every_projection_answers() {
    let scenarios = fs::read_dir(root().join("scenarios")).unwrap().map(|e| e.unwrap().path());
    let of_supply = scenarios.filter(|p| {
        p.extension().is_some_and(|e| e == "toml") && fs::read_to_string(p).unwrap().contains("\n[supply]")
    });
    let mut projections = 0;
    for path in of_supply {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("results");
        let physics = fs::read_to_string(&path).unwrap().contains("\n[supply.physics]");
        let mut more = vec!["--draws", "20", "--quiet"];
        if physics {
            more.extend(["--packs", "3"]);
        }
        let output = run(&name, &out, &more);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty(), "--quiet prints nothing");
        for row in rows(&out, "bands") {
            let [low, mid, high] = ["p10", "p50", "p90"].map(|q| number(&row, q));
            assert!(low <= mid && mid <= high, "{name}: {row:?}");
        }
        assert!(rows(&out, "balance").iter().all(|row| row.values().all(|v| v != "NaN" && v != "inf")), "{name}");
        assert!(!rows(&out, "must_be_true").is_empty(), "{name}");
        // What spare parts leave of the need for new batteries is nothing or more, not a rounding error below it.
        assert!(rows(&out, "supply").iter().all(|row| number(row, "renewed_gwh") >= 0.0), "{name}");
        let page = fs::read_to_string(out.join("supply.html")).unwrap();
        for outside in ["href=\"http", "src=", "url(", "@import", "<script"] {
            assert!(!page.contains(outside), "{name}: the page reaches outside with `{outside}`");
        }
        projections += 1;
    }
    assert_eq!(projections, 6);
}

#[test]
fn projections_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    let of = |threads: &str| {
        let out = folder.path().join(threads);
        let output = run("supply_india", &out, &["--draws", "30", "--threads", threads, "--quiet"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        contents(&out)
    };
    assert_eq!(of("1"), of("2"));
}
