//! Discharge of a whole pack in series: what it delivers, foretold from the spread of its cells.
//!
//! Known by the columns `t_s`, `i_a`, `cell_v_mean`, `cell_v_min` and `cell_v_max`. The log is read up to the moment at
//! which the first cell falls to 3 V under load, and no further. The resistance of a cell is that of the step into the
//! discharge; with it the voltages of that moment are open-circuit voltages, and these are states of charge on the LFP
//! curve of the library. A full pack holds `q / (1 - s)` in each cell when `q` has been taken out of it, so the weakest
//! cell, through which the same current flows, says what the string delivers: `min s_k Q_k + min (1 - s_k) Q_k`. The mean
//! cell is told beside it.

use super::each_table;
use crate::cell::CellSpec;
use crate::numeric::table::interpolate;
use crate::validate::columns::Columns;
use crate::validate::{Folder, LIBRARY, Report, Tolerance};

/// Error of the charge.
const TOLERANCE: f64 = 0.02;
/// Voltage of the lowest cell at which the log is read \[V\].
const READ_V: f64 = 3.0;
/// Share of the highest current above which a row is of the discharge.
const LOADED: f64 = 0.5;
const CELL: &str = "lfp_prismatic";

/// Compares every such log.
pub(super) fn packs(folder: &Folder<'_>, report: &mut Report) -> bool {
    let needed = ["t_s", "i_a", "cell_v_mean", "cell_v_min", "cell_v_max"];
    each_table(folder, report, &needed, compare)
}

fn compare(set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    let library = LIBRARY.as_ref().ok_or("the built-in library cannot be read")?;
    let cell: CellSpec = library.get(CELL).map_err(|_| format!("the library has no cell `{CELL}`"))?;
    let log = Log::read(table)?;
    let (from, to) = log.discharge()?;
    // What is measured, and all that is read beyond the moment.
    let delivered = log.taken_ah(from, to);
    let end_v = cell.voltage_min_v;
    if log.lowest_v[to] > end_v + 0.1 {
        return Err(format!("the discharge ends at {} V, before a cell is empty", log.lowest_v[to]));
    }
    let read = (from..=to).find(|k| log.lowest_v[*k] <= READ_V).ok_or("no cell falls to 3 V")?;
    let (taken, current) = (log.taken_ah(from, read), -log.current_a[read]);
    let ohm = (log.mean_v[from - 1] - log.mean_v[from]) / -log.current_a[from];
    let soc = |v: f64| interpolate(&cell.ocv_v, &cell.ocv_soc, v + ohm * current);
    for (name, v, tolerance) in [
        ("weakest cell", log.lowest_v[read], Tolerance::Relative(TOLERANCE)),
        ("mean cell", log.mean_v[read], Tolerance::Told),
    ] {
        // From full: nothing limits at the top.
        let capacity = taken / (1.0 - soc(v));
        let ours = capacity * (1.0 - soc(end_v));
        report.compare(set, name, "Ah delivered, foretold at 3 V", (delivered, ours), tolerance);
    }
    Ok(())
}

struct Log {
    time_s: Vec<f64>,
    current_a: Vec<f64>,
    mean_v: Vec<f64>,
    lowest_v: Vec<f64>,
}

impl Log {
    fn read(table: &Columns) -> Result<Log, String> {
        let log = Log {
            time_s: table.numbers("t_s")?,
            current_a: table.numbers("i_a")?,
            mean_v: table.numbers("cell_v_mean")?,
            lowest_v: table.numbers("cell_v_min")?,
        };
        let all = [&log.time_s, &log.current_a, &log.mean_v, &log.lowest_v];
        if all.iter().any(|column| column.iter().any(|x| !x.is_finite())) {
            return Err("an empty field".into());
        }
        Ok(log)
    }

    /// First and last row of the longest discharge (current below zero), which a row of rest goes before.
    fn discharge(&self) -> Result<(usize, usize), String> {
        let most = self.current_a.iter().copied().fold(0.0, f64::min);
        let loaded = |k: &usize| self.current_a[*k] < LOADED * most;
        let mut best: Option<(usize, usize)> = None;
        let mut k = 1;
        while k < self.current_a.len() {
            let to = (k..self.current_a.len()).take_while(loaded).last();
            if let Some(to) = to
                && best.is_none_or(|(a, b)| to - k > b - a)
            {
                best = Some((k, to));
            }
            k = to.unwrap_or(k) + 1;
        }
        best.ok_or_else(|| "no discharge in the log".into())
    }

    /// Charge taken out from before a row to another \[Ah\].
    fn taken_ah(&self, from: usize, to: usize) -> f64 {
        (from..=to).map(|k| -self.current_a[k] * (self.time_s[k] - self.time_s[k - 1]) / 3600.0).sum()
    }
}
