//! Vehicles and batteries beside the product-component model (<https://github.com/fernaag/product_component_model>,
//! Aguilar Lopez et al. 2024, doi:10.1038/s41467-024-48554-0).
//!
//! A table of cases (`case`, `method`, `product_mean`, `product_std`, `component_mean`, `component_std` and, where the
//! method has them, `reuse_share`, `replacement_share`) and a table of series (`case`, `year`, `product_stock` and what
//! the peer made of it) in one folder. Lives are normal; what lies below age 0 leaves in the year of entry.

#[cfg(test)]
mod tests;

use super::{column, numbers, rows_of};
use crate::numeric::stats::normal_cdf;
use crate::supply::{Given, Negative, PairRules, PairYear, project, yearly_hazards};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report};

/// A case with its parameters; shares are 0 where the method has none.
struct Case {
    name: String,
    method: String,
    /// Mean and standard deviation of the lives \[year\].
    vehicle: [f64; 2],
    battery: [f64; 2],
    rules: PairRules,
}

/// Tables of cases with their series.
pub(super) fn cases(folder: &Folder<'_>, report: &mut Report) -> bool {
    let about = ["case", "method", "product_mean", "product_std", "component_mean", "component_std"];
    let tables = folder.read_tables(&about);
    let series = folder.read_tables(&["case", "year", "product_stock", "product_inflow", "component_inflow"]);
    for (_, set, table) in &tables {
        match read(table) {
            Ok(cases) => cases.iter().for_each(|case| compare(set, case, &series, report)),
            Err(why) => report.skip(set, "", &why),
        }
    }
    !tables.is_empty() || !series.is_empty()
}

fn read(table: &Columns) -> Result<Vec<Case>, String> {
    let share = |name: &str| -> Result<Vec<f64>, String> {
        let column = if table.has(&[name]) { table.numbers(name)? } else { vec![0.0; table.len()] };
        Ok(column.into_iter().map(|x| if x.is_nan() { 0.0 } else { x }).collect())
    };
    let (names, methods) = (table.texts("case")?, table.texts("method")?);
    let (vehicle_mean, vehicle_sd) = (table.numbers("product_mean")?, table.numbers("product_std")?);
    let (battery_mean, battery_sd) = (table.numbers("component_mean")?, table.numbers("component_std")?);
    let (reused, replaced) = (share("reuse_share")?, share("replacement_share")?);
    let case = |k: usize| Case {
        name: names[k].into(),
        method: methods[k].into(),
        vehicle: [vehicle_mean[k], vehicle_sd[k]],
        battery: [battery_mean[k], battery_sd[k]],
        rules: PairRules { replaced_share: replaced[k], reused_share: reused[k], ..PairRules::default() },
    };
    Ok((0..table.len()).map(case).collect())
}

fn compare(set: &str, case: &Case, series: &[(&str, String, Columns)], report: &mut Report) {
    let with_case = series.iter().find_map(|(_, _, table)| Some((table, rows_of(table, &case.name).ok()?)));
    let compared = match with_case {
        Some((table, rows)) => compare_rows(set, case, table, &rows, report),
        None => Err("no series of this case here".into()),
    };
    if let Err(why) = compared {
        report.skip(set, &case.name, &why);
    }
}

fn compare_rows(set: &str, case: &Case, table: &Columns, rows: &[usize], report: &mut Report) -> Result<(), String> {
    if numbers(table, "year", rows)?.windows(2).any(|two| two[1] != two[0] + 1.0) {
        return Err("the years do not follow each other".into());
    }
    let ours = peer_series(case, &numbers(table, "product_stock", rows)?)?;
    for (name, ours) in NAMES.iter().zip(ours) {
        let theirs = if table.has(&[name]) { numbers(table, name, rows)? } else { Vec::new() };
        // A column without numbers is one that the method does not have.
        if theirs.iter().any(|x| !x.is_nan()) {
            column(report, [set, &case.name, &name.replace('_', " ")], &theirs, &ours);
        }
    }
    Ok(())
}

/// What the peer tells.
const NAMES: [&str; 7] = [
    "product_inflow",
    "component_inflow",
    "product_outflow",
    "component_outflow",
    "out_both",
    "out_product_only",
    "out_component_only",
];

/// Hazards of a normal life, that of the year of entry first.
fn normal_hazards([mean, sd]: [f64; 2], years: usize) -> Result<Vec<f64>, String> {
    if !(sd > 0.0 && sd.is_finite() && mean.is_finite()) {
        return Err(format!("no normal life has a mean of {mean} and a standard deviation of {sd}"));
    }
    Ok(yearly_hazards(&(0..years).map(|age| normal_cdf((mean - age as f64) / sd)).collect::<Vec<_>>()))
}

/// What the peer tells, in the order of [`NAMES`], from a stock of vehicles.
fn peer_series(case: &Case, stock: &[f64]) -> Result<[Vec<f64>; 7], String> {
    let (mut hv, mut hb) = (normal_hazards(case.vehicle, stock.len())?, normal_hazards(case.battery, stock.len())?);
    let [v0, b0] = [hv[0], hb[0]];
    let uses = [case.rules.reused_share > 0.0, case.rules.replaced_share > 0.0];
    match (case.method.as_str(), uses) {
        // One life for both.
        ("case_1", _) => hb.fill(0.0),
        // The peer leaves out what new pairs lose in their first year, or adds it afterwards.
        ("case_3", [false, false]) | ("case_4", [_, false]) | ("case_5", [false, _]) | ("case_6", _) => {
            (hv[0], hb[0]) = (0.0, 0.0);
        }
        (method, _) => return Err(format!("no method `{method}` with these shares")),
    }
    let rules = if case.method == "case_1" { PairRules::default() } else { case.rules };
    let told = project(Given::Stock(stock, Negative::Allow), &hv, &hb, &rules).map_err(|error| error.to_string())?;
    let mut series: [Vec<f64>; 7] = Default::default();
    let mut before = 0.0;
    for year in told {
        // In this case the peer adds to the new pairs that stay the share of them that ends in the first year.
        let [v0, b0] = if case.method == "case_3" { [v0, b0] } else { [0.0, 0.0] };
        let first = year.new_pairs * (1.0 - (1.0 - v0) * (1.0 - b0));
        let PairYear { stock, vehicles_in, batteries_in, new_pairs, both_end, vehicle_ends, battery_ends, .. } = year;
        let rise = stock - before;
        before = stock;
        let row = [
            vehicles_in + first,
            batteries_in + first,
            vehicles_in + first - rise,
            batteries_in + first - rise,
            both_end + new_pairs * v0 * b0,
            vehicle_ends + new_pairs * v0 * (1.0 - b0),
            battery_ends + new_pairs * b0 * (1.0 - v0),
        ];
        series.iter_mut().zip(row).for_each(|(column, x)| column.push(x));
    }
    Ok(series)
}
