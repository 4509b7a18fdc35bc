//! Storage of many cell types: each condition foretold from the others by `packlife fit`, one fit a type, no choice made
//! for any of them.
//!
//! Known by the columns `cell_type`, `temp_c`, `soc_pct`, `days` and `q_rel_mean`.

use super::each_table;
use crate::fit::{By, FitOptions, Table, leave_out};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report, Tolerance};

/// Root mean square of capacity over new in conditions left out.
const TOLERANCE: f64 = 0.007;

/// Compares with every such table.
pub(super) fn storage(folder: &Folder<'_>, report: &mut Report) -> bool {
    let needed = ["cell_type", "temp_c", "soc_pct", "days", "q_rel_mean"];
    each_table(folder, report, &needed, |set, columns, report| {
        let name = set.rsplit('/').next().unwrap_or(set);
        compare(set, &folder.text(&format!("{name}.csv"))?, columns, report)
    })
}

fn compare(set: &str, text: &str, columns: &Columns, report: &mut Report) -> Result<(), String> {
    let (mut squares, mut rows) = (0.0, 0.0);
    for (kind, _) in columns.groups("cell_type")? {
        let only = [("cell_type".to_owned(), kind.clone())];
        let table = Table::parse(set, text, &only).map_err(|error| error.to_string())?;
        if table.conditions().len() < 2 {
            report.skip(set, &kind, "one condition: nothing to leave out");
            continue;
        }
        let left = leave_out(&table, &FitOptions::default(), By::Condition).map_err(|error| error.to_string())?;
        for group in &left.groups {
            let between = if group.interpolated { "interpolated" } else { "extrapolated" };
            let metric = format!("rms of capacity, {between}");
            report.compare(
                set,
                &format!("{kind}, {}", group.group),
                &metric,
                (0.0, group.rmse),
                Tolerance::ToldAbsolute,
            );
            squares += group.rows as f64 * group.rmse * group.rmse;
            rows += group.rows as f64;
        }
        let metric = "rms of capacity, each condition left out";
        report.compare(set, &kind, metric, (0.0, left.rmse), Tolerance::Absolute(TOLERANCE));
    }
    if rows > 0.0 {
        let pooled = (squares / rows).sqrt();
        report.compare(
            set,
            "all types",
            "rms of capacity, each condition left out",
            (0.0, pooled),
            Tolerance::Absolute(TOLERANCE),
        );
    }
    Ok(())
}
