//! Life against temperature: a fit to two temperatures foretells the others.
//!
//! Known by the common columns of cycling tables (`cell_id`, `temp_c`, `soc_lo_pct`, `soc_hi_pct`, `c_chg`, `c_dis`,
//! `efc`, `q_rel`). Cells of one chemistry, window and pair of rates that were cycled at several temperatures are one
//! comparison: the lowest and the third temperature are fitted (the lowest and the highest of three), the others foretold.
//! With two temperatures only, the fit is told as information.

use super::{each_table, falls_to, mean};
use crate::fit::{FitOptions, FitResult, Row, Series as Cell, Table, fit};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Plot, Report, Series, Tolerance};

/// Losses whose life is compared.
const LOSSES: [f64; 2] = [0.1, 0.2];
/// Relative error of a foretold mean life.
const TOLERANCE: f64 = 0.15;
/// Standard deviation of ln life between equal cells of one lot.
const LOT_SPREAD: f64 = 0.1;

/// Compares with every such table.
pub(super) fn lives(folder: &Folder<'_>, report: &mut Report) -> bool {
    let needed = ["cell_id", "temp_c", "soc_lo_pct", "soc_hi_pct", "c_chg", "c_dis", "efc", "q_rel", "chemistry"];
    each_table(folder, report, &needed, |set, columns, report| {
        let name = set.rsplit('/').next().unwrap_or(set);
        compare(set, &folder.text(&format!("{name}.csv"))?, columns, report)
    })
}

fn compare(set: &str, text: &str, columns: &Columns, report: &mut Report) -> Result<(), String> {
    for (chemistry, _) in columns.groups("chemistry")? {
        let only = [("chemistry".to_owned(), chemistry.clone())];
        let table = Table::parse(set, text, &only).map_err(|error| error.to_string())?;
        for duty in duties(&table) {
            let group = table.only(|cell| duty_of(cell) == duty);
            let temperatures = temperatures(&group);
            if temperatures.len() >= 2 {
                compare_duty(set, &format!("{chemistry}, {duty}"), &group, &temperatures, report);
            }
        }
    }
    Ok(())
}

fn duty_of(cell: &Cell) -> String {
    let rate = |c: Option<f64>| c.map_or("-".into(), |c| format!("{c}"));
    cell.rows.first().map_or(String::new(), |r| {
        let s = &r.stress;
        format!("depth {:.2}, {}C charge, {}C discharge", s.depth, rate(s.c_charge), rate(s.c_discharge))
    })
}

fn duties(table: &Table) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for duty in table.series.iter().map(duty_of) {
        if !found.contains(&duty) {
            found.push(duty);
        }
    }
    found
}

fn temperature(cell: &Cell) -> f64 {
    cell.rows.first().map_or(f64::NAN, |r| r.stress.temperature_c)
}

fn temperatures(table: &Table) -> Vec<f64> {
    let mut found: Vec<f64> = table.series.iter().map(temperature).filter(|t| t.is_finite()).collect();
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}

fn compare_duty(set: &str, case: &str, table: &Table, temperatures: &[f64], report: &mut Report) {
    let fitted = [temperatures[0], temperatures[2.min(temperatures.len() - 1)]];
    let options = FitOptions { to_loss: Some(LOSSES[1]), cell_spread: Some(LOT_SPREAD), ..FitOptions::default() };
    let result = match fit(&table.only(|cell| fitted.contains(&temperature(cell))), &options) {
        Ok(result) => result,
        Err(error) => return report.skip(set, case, &error.to_string()),
    };
    let mut plot = Plot {
        file: Plot::stem(&[set, case]),
        title: case.into(),
        x: "equivalent full cycles".into(),
        y: "capacity over new".into(),
        series: vec![],
    };
    for &t in temperatures {
        let cells: Vec<&Cell> = table.series.iter().filter(|cell| temperature(cell) == t).collect();
        let Some(ours) = curve(&result, &cells) else { continue };
        let role = if fitted.contains(&t) { "fitted" } else { "foretold" };
        for loss in LOSSES {
            let lives: Vec<f64> = cells
                .iter()
                .filter_map(|cell| {
                    let path: Vec<(f64, f64)> = cell.rows.iter().map(|r| (r.efc, r.capacity)).collect();
                    falls_to(&path, 1.0 - loss)
                })
                .collect();
            let metric = format!("mean EFC to {:.0} %, {t} degC, {role}", 100.0 * (1.0 - loss));
            match falls_to(&ours, 1.0 - loss) {
                Some(life) if lives.len() * 2 > cells.len() => {
                    let limit = if role == "foretold" { Tolerance::Relative(TOLERANCE) } else { Tolerance::Told };
                    report.compare(set, case, &metric, (mean(&lives), life), limit);
                }
                _ => {}
            }
        }
        plot.series.push(Series {
            label: format!("{t} degC, {role}"),
            reference: cells.iter().flat_map(|c| c.rows.iter().map(|r| (r.efc, r.capacity))).collect(),
            ours,
        });
    }
    report.plot(plot);
}

/// Our curve at the mean pace of some cells.
fn curve(result: &FitResult, cells: &[&Cell]) -> Option<Vec<(f64, f64)>> {
    let first = cells.first()?.rows.first()?;
    let last: Vec<&Row> = cells.iter().filter_map(|cell| cell.rows.last()).collect();
    let end = last.iter().map(|r| r.efc).fold(0.0, f64::max);
    let pace = mean(&last.iter().map(|r| r.days / r.efc.max(1.0)).collect::<Vec<_>>());
    let rows: Vec<Row> = (0..=200)
        .map(|k| end * f64::from(k) / 200.0)
        .map(|efc| Row { efc, days: pace * efc, ..Row::at(first.stress) })
        .collect();
    Some(rows.iter().zip(result.predict(&rows)).map(|(r, p)| (r.efc, p.capacity)).collect())
}
