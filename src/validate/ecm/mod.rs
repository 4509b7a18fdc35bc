//! Reference cells and small networks beside integrations of the same equations by others.
//!
//! A case is a folder with `case.json`, `expected.csv` and, for one cell, `profile.csv`. What it is and what it is held to
//! is read there; names mean nothing.

mod cells;
mod packs;
mod read;

use super::{Folder, Plot, Report, Series, SetFn, Tolerance};
use serde_json::Value;

/// Comparisons with circuits.
pub(super) const SETS: &[SetFn] = &[case];

/// A column, our value in a row, and how far apart they may be.
type Metric<'a, R> = (String, Box<dyn Fn(&R) -> f64 + 'a>, Tolerance);

fn case(folder: &Folder<'_>, report: &mut Report) -> bool {
    if !(folder.has("case.json") && folder.has("expected.csv")) {
        return false;
    }
    let Ok(text) = folder.text("case.json") else { return false };
    let Ok(told) = serde_json::from_str::<Value>(&text) else { return false };
    // What makes it a circuit.
    if told.get("ocv").is_none() || told.get("r0").is_none() {
        return false;
    }
    let compare = if told.get("topology").is_some() { packs::compare } else { cells::compare };
    if let Err(why) = compare(folder, &text, report) {
        report.skip(&set_of(folder), folder.name(), &why);
    }
    true
}

/// The folder of the cases.
fn set_of(folder: &Folder<'_>) -> String {
    folder.parent().map_or_else(|| folder.set(), |above| above.set())
}

/// Pairs of (reference, ours); where we have no row, ours is no number.
fn together<R>(reference: &[f64], rows: &[Option<R>], value: impl Fn(&R) -> f64) -> Vec<(f64, f64)> {
    reference.iter().zip(rows).map(|(&r, row)| (r, row.as_ref().map_or(f64::NAN, &value))).collect()
}

/// A line over hours.
fn series(times_s: &[f64], reference: &[f64], ours: Vec<f64>) -> Series {
    let hours = || times_s.iter().map(|t| t / 3600.0);
    Series {
        label: String::new(),
        reference: hours().zip(reference.iter().copied()).collect(),
        ours: hours().zip(ours).collect(),
    }
}

fn show((set, name): (&str, &str), y: &str, series: Vec<Series>) -> Plot {
    Plot {
        file: Plot::stem(&[set, name]),
        title: format!("Circuit: {name}"),
        x: "Time [h]".into(),
        y: y.into(),
        series,
    }
}
