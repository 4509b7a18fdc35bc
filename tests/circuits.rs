//! Circuits of cells and packs against other programs' integrations of the same equations, and cases that were changed.

use packlife::validate::{Report, Tree, Verdict, run, shipped};
use std::fs;
use std::path::Path;

fn circuits(report: &Report) -> impl Iterator<Item = &packlife::validate::Finding> {
    report.findings.iter().filter(|f| f.set.ends_with("/ecm") || f.set.ends_with("lab"))
}

/// Writes the shipped circuits to a folder under other names, changed by `change`.
fn copy(to: &Path, change: impl Fn(&str, String) -> String) {
    for (k, folder) in shipped().folders().iter().filter(|f| f.set().contains("/ecm/")).enumerate() {
        let path = to.join(format!("lab/{k}"));
        fs::create_dir_all(&path).unwrap();
        for file in folder.files() {
            fs::write(path.join(file), change(file, folder.text(file).unwrap()).replace(folder.name(), "x")).unwrap();
        }
    }
}

#[test]
fn every_circuit_is_within_its_tolerance() {
    let report = run(&[shipped()]);
    let off: Vec<_> = circuits(&report).filter(|f| !matches!(f.verdict, Verdict::Ok | Verdict::Info)).collect();
    assert!(off.is_empty(), "{off:#?}");
    let cases: std::collections::BTreeSet<_> = circuits(&report).map(|f| &f.case).collect();
    assert_eq!(cases.len(), 12);
    // Far inside: what is promised is tenths of a millivolt.
    let voltages = circuits(&report).filter(|f| f.metric.starts_with("volt"));
    assert!(voltages.map(|f| f.error.unwrap()).all(|error| error < 3e-6));
    assert!(circuits(&report).any(|f| f.metric.starts_with("time of the stop")));
}

#[test]
fn halving_the_step_reduces_the_error() {
    let report = run(&[shipped()]);
    let worst = |start: &str| {
        let held = circuits(&report).filter(|f| f.metric.starts_with(start) && f.metric.contains("power or voltage"));
        held.map(|f| f.error.unwrap()).fold(0.0, f64::max)
    };
    let (whole, half) = (worst("voltage_V"), worst("worst voltage with steps of 0.5 s"));
    assert!(half < 0.4 * whole && half > 0.0, "{whole} {half}");
}

#[test]
fn names_mean_nothing_and_a_wrong_value_is_seen() {
    let scratch = tempfile::tempdir().unwrap();
    copy(scratch.path(), |_, text| text);
    let report = run(&[Tree::of_disk(scratch.path())]);
    assert!(report.all_within() && report.count(Verdict::Skipped) == 0, "{:#?}", report.findings);
    assert!(report.count(Verdict::Ok) > 80);

    let changed = tempfile::tempdir().unwrap();
    let change = |file: &str, text: String| if file == "case.json" { text.replace("0.00061", "0.00062") } else { text };
    copy(changed.path(), change);
    let report = run(&[Tree::of_disk(changed.path())]);
    assert!(report.count(Verdict::Off) > 3);

    let broken = tempfile::tempdir().unwrap();
    copy(broken.path(), |file, text| if file == "case.json" { text.replace("table_soc", "table_moon") } else { text });
    let report = run(&[Tree::of_disk(broken.path())]);
    let skipped: Vec<_> = report.findings.iter().filter(|f| f.verdict == Verdict::Skipped).collect();
    assert!(skipped.len() > 5 && skipped.iter().all(|f| f.note.contains("table_moon")), "{skipped:#?}");
}
