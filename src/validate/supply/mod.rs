//! Stocks by cohort and vehicles with batteries beside other programs' results.

mod dsm;
mod north_america;
mod odym;
mod pcm;
#[cfg(test)]
mod tests;

use super::columns::Columns;
use super::{Folder, Report, SetFn, Tolerance};

/// Kinds of set of supply.
pub(super) const SETS: &[SetFn] = &[dsm::cases, odym::cases, pcm::cases, north_america::inputs, north_america::flows];

/// How far a value may be off, over the largest of its column.
const WITHIN: f64 = 1e-9;

/// Compares a column with ours: the error is told over the largest value of the reference.
fn column(report: &mut Report, [set, case, metric]: [&str; 3], reference: &[f64], ours: &[f64]) {
    if reference.len() != ours.len() {
        report.skip(set, case, &format!("{metric}: {} values, ours are {}", reference.len(), ours.len()));
        return;
    }
    let largest = reference.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let pairs = reference.iter().zip(ours).map(|(reference, ours)| (reference / scale, ours / scale));
    report.series(set, case, &format!("{metric}, over its largest"), pairs, Tolerance::Absolute(WITHIN));
}

/// The table `STEM.csv` of a folder, with these columns.
fn table(folder: &Folder<'_>, stem: &str, columns: &[&str]) -> Result<Columns, String> {
    let table = Columns::read(&folder.text(&format!("{stem}.csv"))?).map_err(|why| format!("`{stem}.csv`: {why}"))?;
    match columns.iter().find(|name| !table.has(&[name])) {
        Some(name) => Err(format!("`{stem}.csv` has no column `{name}`")),
        None => Ok(table),
    }
}

/// Whether a table is there and has these columns, which makes a folder one of the format.
fn is_there(folder: &Folder<'_>, stem: &str, columns: &[&str]) -> bool {
    folder.has(&format!("{stem}.csv")) && table(folder, stem, columns).is_ok()
}

/// Rows of a case.
fn rows_of(table: &Columns, case: &str) -> Result<Vec<usize>, String> {
    let groups = table.groups("case")?;
    groups
        .into_iter()
        .find(|(name, _)| name == case)
        .map(|(_, rows)| rows)
        .ok_or_else(|| format!("no rows of `{case}`"))
}

/// Values of a column in some rows.
fn numbers(table: &Columns, name: &str, rows: &[usize]) -> Result<Vec<f64>, String> {
    let all = table.numbers(name)?;
    Ok(rows.iter().map(|&row| all[row]).collect())
}
