//! Stock-driven models of ODYM: tables `odym_cases`, `odym_series`, `odym_by_cohort`.

use super::{column, is_there, numbers, rows_of, table};
use crate::supply::cohort::{Steps, Survivals, stock_driven};
use crate::supply::{Entry, Life, LifeLaw, Negative};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report};

const CASES: [&str; 5] =
    ["case", "distribution", "negative_inflow_corrected", "years_of_given_age_structure", "inflow_at"];

/// Folders of stock-driven models.
pub(super) fn cases(folder: &Folder<'_>, report: &mut Report) -> bool {
    if !is_there(folder, "odym_cases", &CASES) {
        return false;
    }
    let set = folder.set();
    if let Err(why) = all(folder, &set, report) {
        report.skip(&set, "", &why);
    }
    true
}

fn all(folder: &Folder<'_>, set: &str, report: &mut Report) -> Result<(), String> {
    let cases = table(folder, "odym_cases", &CASES)?;
    let series = table(folder, "odym_series", &["case", "year", "stock", "inflow", "outflow"])?;
    let by_cohort = table(folder, "odym_by_cohort", &["case", "cohort", "year", "stock", "outflow"])?;
    for (row, case) in cases.texts("case")?.into_iter().enumerate() {
        if let Err(why) = one(&cases, row, case, [&series, &by_cohort], set, report) {
            report.skip(set, case, &why);
        }
    }
    Ok(())
}

/// The life of a case.
fn life(cases: &Columns, row: usize) -> Result<Life, String> {
    let parameter = |name: &str| -> Result<f64, String> {
        let value = cases.numbers(&format!("par_{name}"))?[row];
        if value.is_finite() { Ok(value) } else { Err(format!("`par_{name}` is missing")) }
    };
    let (mean, sd) = (|| parameter("Mean"), || parameter("StdDev"));
    match cases.texts("distribution")?[row] {
        "Fixed" => Life::new(LifeLaw::Fixed, mean()?, 0.0),
        "Normal" => Life::new(LifeLaw::Normal, mean()?, sd()?),
        "FoldedNormal" => Life::new(LifeLaw::FoldedNormal, mean()?, sd()?),
        // ODYM (0da9fcb) has mean and spread changed over in the logarithm, so that the spread becomes mean^2 / spread.
        "LogNormal" => Life::new(LifeLaw::Lognormal, mean()?, mean()? * mean()? / sd()?),
        "Weibull" => Life::weibull(parameter("Shape")?, parameter("Scale")?),
        other => return Err(format!("no distribution `{other}`")),
    }
    .map_err(|error| error.to_string())
}

fn one(
    cases: &Columns,
    row: usize,
    case: &str,
    [series, by_cohort]: [&Columns; 2],
    set: &str,
    report: &mut Report,
) -> Result<(), String> {
    let negative = match cases.texts("negative_inflow_corrected")?[row].to_lowercase().as_str() {
        "true" => Negative::Correct,
        "false" => Negative::Allow,
        other => return Err(format!("`negative_inflow_corrected` is `{other}`")),
    };
    let entry = match cases.texts("inflow_at")?[row] {
        "start" => Entry::Start,
        "middle" => Entry::Middle,
        "end" => Entry::End,
        other => return Err(format!("no inflow at `{other}`")),
    };
    let life = life(cases, row)?;
    if cases.texts("distribution")?[row] == "LogNormal" {
        report.skip(set, case, "its lognormal has the spread mean^2 / spread: compared with that, which is not ours");
    }
    let rows = rows_of(series, case)?;
    let years = numbers(series, "year", &rows)?;
    let given = match cases.numbers("years_of_given_age_structure")?[row] {
        n if n >= 1.0 && n <= years.len() as f64 => n as usize,
        _ => 0,
    };
    let structure = if given > 0 { numbers(series, "initial_age_structure", &rows)? } else { Vec::new() };
    let stock = numbers(series, "stock", &rows)?;
    let survivals = Survivals::new(Steps::yearly(years.len()), entry, |_| &life);
    let structure = structure.get(..given).unwrap_or_default();
    let ours = stock_driven(&survivals, &stock, structure, negative).map_err(|error| error.to_string())?;
    column(report, [set, case, "stock"], &stock, &ours.stock.totals());
    column(report, [set, case, "inflow"], &numbers(series, "inflow", &rows)?, &ours.inflow);
    column(report, [set, case, "outflow"], &numbers(series, "outflow", &rows)?, &ours.outflow.totals());
    let rows = rows_of(by_cohort, case)?;
    let index = |year: f64| years.iter().position(|y| *y == year).ok_or_else(|| format!("no year {year}"));
    let at: Result<Vec<(usize, usize)>, String> = numbers(by_cohort, "year", &rows)?
        .into_iter()
        .zip(numbers(by_cohort, "cohort", &rows)?)
        .map(|(year, cohort)| Ok((index(year)?, index(cohort)?)))
        .collect();
    let at = at?;
    for (name, values) in [("stock", &ours.stock), ("outflow", &ours.outflow)] {
        let ours: Vec<f64> = at.iter().map(|&(step, cohort)| values.at(step, cohort)).collect();
        column(report, [set, case, &format!("{name} by cohort")], &numbers(by_cohort, name, &rows)?, &ours);
    }
    Ok(())
}
