//! Dynamic stock models: tables `cases`, `params`, `drivers`, `totals`, `by_cohort`, and `exact` where the program's own
//! quadrature is not exact.

use super::{column, is_there, numbers, rows_of, table};
use crate::supply::cohort::{Steps, Stocks, Survivals, Triangle, inflow_driven, stock_driven};
use crate::supply::{Entry, Life, LifeLaw, Negative};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report};

/// Error of a quadrature above which its survival is no reference.
const QUADRATURE: f64 = 1e-10;

/// The tables of a folder.
struct Tables {
    cases: Columns,
    params: Columns,
    drivers: Columns,
    totals: Columns,
    by_cohort: Columns,
    exact: Option<Columns>,
}

const CASES: [&str; 5] = ["case", "mode", "distribution", "inflow_at", "step_years"];
const EXACT: [&str; 4] = ["case", "steps_after_cohort", "survival_uniform_exact", "survival_flodym"];

impl Tables {
    fn read(folder: &Folder<'_>) -> Result<Tables, String> {
        Ok(Tables {
            cases: table(folder, "cases", &CASES)?,
            params: table(folder, "params", &["case", "parameter", "cohort", "value"])?,
            drivers: table(folder, "drivers", &["case", "quantity", "year", "value"])?,
            totals: table(folder, "totals", &["case", "year", "inflow", "stock", "outflow"])?,
            by_cohort: table(folder, "by_cohort", &["case", "cohort", "year", "survival", "stock", "outflow"])?,
            exact: table(folder, "exact", &EXACT).ok(),
        })
    }
}

/// Folders of dynamic stock models.
pub(super) fn cases(folder: &Folder<'_>, report: &mut Report) -> bool {
    if !is_there(folder, "cases", &CASES) || !folder.has("by_cohort.csv") {
        return false;
    }
    let set = folder.set();
    let all = |report: &mut Report| -> Result<(), String> {
        let tables = Tables::read(folder)?;
        for (row, case) in tables.cases.texts("case")?.into_iter().enumerate() {
            if let Err(why) = one(&tables, row, case, &set, report) {
                report.skip(&set, case, &why);
            }
        }
        Ok(())
    };
    if let Err(why) = all(report) {
        report.skip(&set, "", &why);
    }
    true
}

/// Years of a case, and its steps.
struct Grid {
    years: Vec<f64>,
    steps: Steps,
}

impl Grid {
    /// Equal steps as given; of years that lie unequally apart the edges are half way between them.
    fn new(years: Vec<f64>, step_years: f64) -> Result<Grid, String> {
        let apart: Vec<f64> = years.windows(2).map(|w| w[1] - w[0]).collect();
        let even = apart.windows(2).all(|w| (w[0] - w[1]).abs() < 1e-9);
        let edges = if even {
            (0..=years.len()).map(|k| k as f64 * step_years).collect()
        } else {
            let middles: Vec<f64> = years.windows(2).map(|w| 0.5 * (w[0] + w[1])).collect();
            let n = middles.len();
            let (first, last) = (2.0 * middles[0] - middles[1], 2.0 * middles[n - 1] - middles[n - 2]);
            std::iter::once(first).chain(middles).chain([last]).collect()
        };
        Ok(Grid { years, steps: Steps::between(edges).map_err(|error| error.to_string())? })
    }

    fn index(&self, year: f64) -> Result<usize, String> {
        self.years.iter().position(|y| *y == year).ok_or_else(|| format!("year {year} is not one of the case"))
    }
}

/// Lives of the cohorts of a case.
fn lives(tables: &Tables, case: &str, distribution: &str, grid: &Grid) -> Result<Vec<Life>, String> {
    let rows = rows_of(&tables.params, case)?;
    let (names, cohorts) = (tables.params.texts("parameter")?, tables.params.texts("cohort")?);
    let values = tables.params.numbers("value")?;
    let parameter = |name: &str, year: f64| -> Result<f64, String> {
        let of_year = |text: &str| text == "all" || text.parse() == Ok(year);
        let row = rows.iter().find(|&&row| names[row] == name && of_year(cohorts[row]));
        row.map(|&row| values[row]).ok_or_else(|| format!("parameter `{name}` of {year} is missing"))
    };
    let moments =
        |law, year| -> Result<_, String> { Ok(Life::new(law, parameter("mean", year)?, parameter("std", year)?)) };
    let life = |&year: &f64| -> Result<Life, String> {
        match distribution {
            "fixed" => Ok(Life::new(LifeLaw::Fixed, parameter("mean", year)?, 0.0)),
            "normal" => moments(LifeLaw::Normal, year),
            "folded_normal" => moments(LifeLaw::FoldedNormal, year),
            "lognormal" => moments(LifeLaw::Lognormal, year),
            "logistic" => moments(LifeLaw::Logistic, year),
            "gamma" => moments(LifeLaw::Gamma, year),
            "weibull" => Ok(Life::weibull(parameter("weibull_shape", year)?, parameter("weibull_scale", year)?)),
            other => return Err(format!("no distribution `{other}`")),
        }?
        .map_err(|error| error.to_string())
    };
    grid.years.iter().map(life).collect()
}

/// Rows of `by_cohort`, which need not be all: step and cohort of each.
fn places(tables: &Tables, rows: &[usize], grid: &Grid) -> Result<Vec<(usize, usize)>, String> {
    let (years, cohorts) = (numbers(&tables.by_cohort, "year", rows)?, numbers(&tables.by_cohort, "cohort", rows)?);
    years.into_iter().zip(cohorts).map(|(year, cohort)| Ok((grid.index(year)?, grid.index(cohort)?))).collect()
}

/// The program's own survival.
fn own_survivals(grid: &Grid, places: &[(usize, usize)], survival: &[f64]) -> Result<Survivals, String> {
    let mut full = vec![vec![f64::NAN; grid.years.len()]; grid.years.len()];
    places.iter().zip(survival).for_each(|(&(step, cohort), share)| full[step][cohort] = *share);
    let shares = Triangle::of(grid.years.len(), |step, cohort| full[step][cohort]);
    Survivals::from_shares(grid.steps.clone(), shares).map_err(|error| error.to_string())
}

/// Our values at the rows of the reference.
fn at(values: &Triangle, places: &[(usize, usize)]) -> Vec<f64> {
    places.iter().map(|&(step, cohort)| values.at(step, cohort)).collect()
}

fn one(tables: &Tables, row: usize, case: &str, set: &str, report: &mut Report) -> Result<(), String> {
    let text = |name: &str| -> Result<&str, String> { Ok(tables.cases.texts(name)?[row]) };
    let totals = rows_of(&tables.totals, case)?;
    let grid = Grid::new(numbers(&tables.totals, "year", &totals)?, tables.cases.numbers("step_years")?[row])?;
    let entry = match text("inflow_at")? {
        "start" => Entry::Start,
        "middle" => Entry::Middle,
        "end" => Entry::End,
        "uniform" => Entry::Spread,
        other => return Err(format!("no inflow at `{other}`")),
    };
    let lives = lives(tables, case, text("distribution")?, &grid)?;
    let mut survivals = Survivals::new(grid.steps.clone(), entry, |cohort| &lives[cohort]);
    let rows = rows_of(&tables.by_cohort, case)?;
    let places = places(tables, &rows, &grid)?;
    let theirs = numbers(&tables.by_cohort, "survival", &rows)?;
    match quadrature_error(tables, case, &survivals, set, report)? {
        Some(error) if error > QUADRATURE => {
            // Flows then follow from the program's own survival.
            report.skip(set, case, &format!("its quadrature of the survival is off by {error:.0e}: flows by its own"));
            survivals = own_survivals(&grid, &places, &theirs)?;
        }
        _ => column(report, [set, case, "survival"], &theirs, &at(survivals.shares(), &places)),
    }
    let ours = drive(tables, case, text("mode")?, &survivals, &grid)?;
    flows(tables, case, (&totals, &rows, &places), &grid, &ours, set, report)
}

/// Compares with the exact survival where there is one; the largest error of the program's own.
fn quadrature_error(
    tables: &Tables,
    case: &str,
    survivals: &Survivals,
    set: &str,
    report: &mut Report,
) -> Result<Option<f64>, String> {
    let Some((exact, rows)) = tables.exact.as_ref().and_then(|exact| Some((exact, rows_of(exact, case).ok()?))) else {
        return Ok(None);
    };
    let known = numbers(exact, "survival_uniform_exact", &rows)?;
    let theirs = numbers(exact, "survival_flodym", &rows)?;
    let steps = numbers(exact, "steps_after_cohort", &rows)?;
    let count = survivals.steps().count();
    if let Some(step) = steps.iter().find(|s| !(0.0..count as f64).contains(*s)) {
        return Err(format!("`exact.csv` has step {step} of {count}"));
    }
    let ours: Vec<f64> = steps.iter().map(|&step| survivals.shares().at(step as usize, 0)).collect();
    column(report, [set, case, "survival, exact"], &known, &ours);
    Ok(Some(known.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)))
}

fn drive(tables: &Tables, case: &str, mode: &str, survivals: &Survivals, grid: &Grid) -> Result<Stocks, String> {
    let rows = rows_of(&tables.drivers, case)?;
    let mut given = vec![f64::NAN; grid.years.len()];
    let quantities = tables.drivers.texts("quantity")?;
    for (&row, year) in rows.iter().zip(numbers(&tables.drivers, "year", &rows)?) {
        if quantities[row] == mode {
            given[grid.index(year)?] = tables.drivers.numbers("value")?[row];
        }
    }
    match mode {
        "inflow" => inflow_driven(survivals, &given),
        "stock" => stock_driven(survivals, &given, &[], Negative::Allow),
        other => return Err(format!("no mode `{other}`")),
    }
    .map_err(|error| error.to_string())
}

fn flows(
    tables: &Tables,
    case: &str,
    (totals, rows, places): (&[usize], &[usize], &[(usize, usize)]),
    grid: &Grid,
    ours: &Stocks,
    set: &str,
    report: &mut Report,
) -> Result<(), String> {
    let total = |name| numbers(&tables.totals, name, totals);
    let by_cohort = |name| numbers(&tables.by_cohort, name, rows);
    column(report, [set, case, "inflow"], &total("inflow")?, &ours.inflow);
    column(report, [set, case, "stock"], &total("stock")?, &ours.stock.totals());
    // flodym 1.1.0 tells stocks by cohort of a stock-driven model per year of the cohort's step, and leaves the lengths of
    // steps out of outflows; where steps differ these no longer conserve mass. Held to the same, and said so.
    let length = |step: usize| grid.steps.length(step);
    let (stock, whole) = (by_cohort("stock")?, total("stock")?);
    // The first cohort of the first step is all there is.
    let first = places.iter().position(|place| *place == (0, 0));
    if first.is_some_and(|row| (stock[row] - whole[0]).abs() > 1e-6 * whole[0].abs()) {
        let per_year = Triangle::of(grid.years.len(), |step, cohort| ours.stock.at(step, cohort) / length(cohort));
        column(
            report,
            [set, case, "stock by cohort, per year of its step (the reference's)"],
            &stock,
            &at(&per_year, places),
        );
    } else {
        column(report, [set, case, "stock by cohort"], &stock, &at(&ours.stock, places));
    }
    let (inflow, outflow) = (total("inflow")?, total("outflow")?);
    let net = |step: usize| length(step) * (inflow[step] - outflow[step]);
    let largest = whole.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let mut kept = 0.0;
    let conserves = (0..whole.len()).all(|step| {
        kept += net(step);
        (kept - whole[step]).abs() <= 1e-6 * largest
    });
    let (note, ours) = if conserves {
        ("", ours.outflow.clone())
    } else {
        let loose = |step: usize, cohort: usize| ours.outflow.at(step, cohort) * length(step) / length(cohort);
        (", mass not conserved (the reference's)", Triangle::of(grid.years.len(), loose))
    };
    column(report, [set, case, &format!("outflow{note}")], &outflow, &ours.totals());
    column(report, [set, case, &format!("outflow by cohort{note}")], &by_cohort("outflow")?, &at(&ours, places));
    Ok(())
}
