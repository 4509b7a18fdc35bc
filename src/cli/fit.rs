//! `packlife fit`: a table of tests to a library entry.

use super::args::FitArgs;
use super::text::columns;
use super::{CliError, Outcome, print};
use crate::aging::LawSpec;
use crate::fit::{
    By, EntryNames, FitError, FitOptions, FitResult, Fitted, Flag, LeaveOut, Prior, Residual, Series, Table,
    TestStress, entry_toml, fit, leave_out, plots,
};
use crate::library::{Category, Library};
use crate::output::{Column, Frame, OutputFolder, Values, write_csv};
use std::path::Path;

/// Files beside the entry.
const FILES: [&str; 6] = ["fit.csv", "residuals.csv", "left_out.csv", "curves.svg", "residuals.svg", "report.txt"];
/// Correlations told.
const STRONG: f64 = 0.9;
/// Losses whose time is told.
const LOSSES: [f64; 2] = [0.1, 0.2];

/// Fits a law, tells how well, and writes the entry with its tables and pictures.
pub(super) fn run(args: &FitArgs) -> Result<Outcome, CliError> {
    let mut table = Table::read(&args.table, &args.only)?;
    if let Some(chemistry) = &args.chemistry {
        table.chemistry = Some(chemistry.clone());
    }
    let name = match &args.name {
        Some(name) => name.clone(),
        None => plain_name(args.table.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned())),
    };
    if name != plain_name(name.clone()) {
        return Err(CliError::BadEntryName { name });
    }
    let options = FitOptions {
        law: args.law.as_deref().map(|law| base_law(law, args)).transpose()?,
        free: args.free.clone(),
        fixed: args.fix.iter().cloned().collect(),
        priors: args.prior.iter().map(|(n, [mean, sd])| (n.clone(), wide(*mean, *sd))).collect(),
        to_loss: args.to_loss,
        cell_spread: args.cell_spread,
        ..FitOptions::default()
    };
    let result = fit(&table, &options)?;
    let conditions = enough(leave_out(&table, &options, By::Condition))?;
    let temperatures = match distinct_temperatures(&table) {
        3.. => enough(leave_out(&table, &options, By::Temperature))?,
        _ => None,
    };
    let title = args.title.clone().unwrap_or_else(|| table.kind.clone().unwrap_or_else(|| name.clone()));
    let source = args.source.clone().unwrap_or_else(|| format!("own tests, table {}", file_name(&args.table)));
    let names = EntryNames { name: &name, title: &title, source: &source };
    let report = report(&table, &result, [conditions.as_ref(), temperatures.as_ref()], args);
    let entry = format!("{name}.toml");
    let target = args.out.clone().unwrap_or_else(|| Path::new("out").join(format!("fit_{name}")));
    let mut folder = OutputFolder::create(&target, &[&[entry.as_str()], &FILES[..]].concat())?;
    folder.write_text(&entry, &entry_toml(&result, &names, conditions.as_ref()))?;
    folder.write("fit.csv", |to| write_csv(&numbers_frame(&result), to))?;
    folder.write("residuals.csv", |to| write_csv(&residuals_frame(&result.residuals), to))?;
    if conditions.is_some() || temperatures.is_some() {
        let all: Vec<&LeaveOut> = conditions.iter().chain(&temperatures).collect();
        folder.write("left_out.csv", |to| write_csv(&left_out_frame(&all), to))?;
    }
    folder.write_text("curves.svg", &plots::curves(&result, &title))?;
    folder.write_text("residuals.svg", &plots::residuals(&result, &title))?;
    folder.write_text("report.txt", &report)?;
    let written = folder.commit()?;
    let shown = if target.is_absolute() { &written } else { &target };
    print(&format!("{report}\nwritten: {} with the entry `{entry}`\n", shown.display()))?;
    Ok(if result.converged { Outcome::Done } else { Outcome::LookAt })
}

/// The law of a library entry.
fn base_law(name: &str, args: &FitArgs) -> Result<LawSpec, CliError> {
    let library = super::library::library_with(&args.library.files)?;
    library.get::<LawSpec>(name).map_err(|_| CliError::NoItem {
        item: format!("laws.{name}"),
        nearest: Library::nearest(&library, Category::Laws, name),
    })
}

fn wide(mean: f64, sd: f64) -> Prior {
    Prior { mean, sd, low: mean - 10.0 * sd, high: mean + 10.0 * sd }
}

/// Too few groups are no error here: then nothing is left out.
fn enough(result: Result<LeaveOut, FitError>) -> Result<Option<LeaveOut>, CliError> {
    match result {
        Ok(left_out) => Ok(Some(left_out)),
        Err(FitError::TooFew(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Lower case, digits and underscores.
pub(super) fn plain_name(text: String) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    match plain.trim_matches('_') {
        "" => "fitted".into(),
        name => name.into(),
    }
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

fn distinct_temperatures(table: &Table) -> usize {
    let mut all: Vec<f64> =
        table.series.iter().filter_map(|s| s.rows.first()).map(|r| r.stress.temperature_c).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all.len()
}

/// What is printed and written as `report.txt`.
fn report(table: &Table, result: &FitResult, left_out: [Option<&LeaveOut>; 2], args: &FitArgs) -> String {
    let (stored, cycled): (Vec<&Series>, Vec<&Series>) = table.series.iter().partition(|s| !s.cycled());
    let mut text = format!(
        "{}: {} stored and {} cycled cells or means under {} conditions, {} check-ups used\nform `{}`, error {} of new \
         capacity (rms)\n\n",
        file_name(&args.table),
        stored.len(),
        cycled.len(),
        table.conditions().len(),
        result.residuals.len(),
        result.law.form.name,
        percent(result.rmse),
    );
    text.push_str(&numbers_text(result));
    text.push_str(&correlations_text(result));
    for left in left_out.into_iter().flatten() {
        text.push_str(&left_out_text(left));
    }
    text.push_str(&times_text(table, result, &args.at));
    let notes = notes(table, result);
    if !notes.is_empty() {
        text.push_str("\nto look at:\n");
        notes.iter().for_each(|note| text.push_str(&format!("- {note}\n")));
    }
    text
}

fn numbers_text(result: &FitResult) -> String {
    let between = |ends: Option<[f64; 2]>| ends.map_or(String::new(), |[a, b]| format!("{} .. {}", short(a), short(b)));
    let head = ["number", "value", "unit", "95 % interval", "before the data", ""].map(str::to_owned).to_vec();
    let row = |n: &Fitted| {
        let (value, word) = (short(n.value), n.flag.word().to_owned());
        vec![n.name.to_owned(), value, n.unit.to_owned(), between(n.interval), between(n.prior), word]
    };
    columns(&std::iter::once(head).chain(result.numbers.iter().map(row)).collect::<Vec<_>>())
}

fn correlations_text(result: &FitResult) -> String {
    let fitted: Vec<&Fitted> = result.numbers.iter().filter(|n| n.flag != Flag::Fixed).collect();
    let mut strong = Vec::new();
    for (i, row) in result.correlation.iter().enumerate() {
        for (j, value) in row.iter().enumerate().take(i).filter(|(_, v)| v.abs() > STRONG) {
            strong.push(format!("{} with {} {value:.2}", fitted[i].name, fitted[j].name));
        }
    }
    if strong.is_empty() { String::new() } else { format!("strongly correlated: {}\n", strong.join(", ")) }
}

fn left_out_text(left: &LeaveOut) -> String {
    let what = match left.by {
        By::Condition => "condition",
        By::Temperature => "temperature",
    };
    let mut rows = vec![["left out", "check-ups", "error", "bias", "inside 95 %", ""].map(str::to_owned).to_vec()];
    for g in &left.groups {
        let place = if g.interpolated { "interpolated" } else { "extrapolated" };
        let inside = format!("{:.0} %", 100.0 * g.inside_interval);
        rows.push(vec![g.group.clone(), g.rows.to_string(), percent(g.rmse), percent(g.bias), inside, place.into()]);
    }
    format!(
        "\neach {what} foretold from the others: {} (rms over all check-ups)\n{}",
        percent(left.rmse),
        columns(&rows)
    )
}

/// Time or cycles to a loss for each condition, and at asked temperatures.
fn times_text(table: &Table, result: &FitResult, at: &[f64]) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for cycled in [false, true] {
        let here = || table.series.iter().filter(|s| s.cycled() == cycled);
        let mut stresses: Vec<(TestStress, f64)> =
            here().filter_map(|s| Some((s.rows.first()?.stress, s.days_per_efc()))).collect();
        if let Some((first, pace)) = stresses.first().copied() {
            stresses.extend(at.iter().map(|t| (TestStress { temperature_c: *t, ..first }, pace)));
        }
        stresses.sort_by(|(a, _), (b, _)| a.temperature_c.total_cmp(&b.temperature_c));
        for (stress, pace) in stresses {
            let label = stress.label(cycled);
            if seen.contains(&label) {
                continue;
            }
            let mut row = vec![label.clone()];
            for loss in LOSSES {
                let (value, ends) = match cycled {
                    true => (result.efc_to_loss(&stress, pace, loss), result.efc_to_loss_interval(&stress, pace, loss)),
                    false => (result.days_to_loss(&stress, loss), result.days_to_loss_interval(&stress, loss)),
                };
                row.push(time_text(value, ends, cycled));
            }
            seen.push(label);
            rows.push(row);
        }
    }
    let head = vec!["by the law, at the pace of the tests".to_owned(), "to 10 % loss".into(), "to 20 % loss".into()];
    format!("\n{}", columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()))
}

fn time_text(value: Option<f64>, [low, high]: [Option<f64>; 2], cycled: bool) -> String {
    let one = |x: Option<f64>| match (x, cycled) {
        (None, _) => "never".to_owned(),
        (Some(efc), true) => format!("{efc:.0}"),
        (Some(days), false) => format!("{:.1}", days / crate::fit::DAYS_PER_YEAR),
    };
    format!("{} ({} .. {}) {}", one(value), one(low), one(high), if cycled { "EFC" } else { "years" })
}

/// What a user must not miss.
fn notes(table: &Table, result: &FitResult) -> Vec<String> {
    let mut notes = Vec::new();
    let of = |flag: Flag| -> Vec<&str> { result.numbers.iter().filter(|n| n.flag == flag).map(|n| n.name).collect() };
    if !result.converged {
        notes.push("the solver stopped before it arrived; try fewer free numbers".into());
    }
    let unknown = of(Flag::NotIdentified);
    if !unknown.is_empty() {
        notes.push(format!("the tests hardly tell {}: these are the values assumed before", unknown.join(", ")));
    }
    let zero = |name: &str| result.number(name) == Some(0.0);
    if zero("calendar_k") {
        notes.push("no storage tests: this law loses nothing at rest; give `--fix calendar_k=...` or add tests".into());
    }
    if zero("cycle_k") && zero("late_k") {
        notes.push("no cycling tests: this law loses nothing by cycling; give `--fix cycle_k=...` or add tests".into());
    }
    if result.law.resistance_per_loss.is_some() && result.resistance_per_loss.is_none() {
        notes.push("no resistance in the table: its gain per loss is assumed".into());
    }
    if table.days_from_rates {
        notes.push("days were worked out from cycles and rates, without pauses".into());
    }
    if result.loss_cv.is_none() {
        notes.push("no equal cells in the table: the spread between cells is assumed".into());
    }
    notes
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// Three significant digits.
pub(super) fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    match rounded.abs() {
        a if a == 0.0 || (1e-3..1e6).contains(&a) => format!("{rounded}"),
        _ => format!("{rounded:e}"),
    }
}

pub(super) fn column(name: &str, unit: &str, doc: &str, values: Values) -> Column {
    Column { name: name.into(), unit: unit.into(), doc: doc.into(), values }
}

pub(super) fn real<T>(rows: &[T], of: impl Fn(&T) -> Option<f64>) -> Values {
    Values::Real(rows.iter().map(of).collect())
}

pub(super) fn words<T>(rows: &[T], of: impl Fn(&T) -> String) -> Values {
    Values::Text(rows.iter().map(|row| Some(of(row).into())).collect())
}

fn numbers_frame(result: &FitResult) -> Frame {
    let rows = &result.numbers;
    let end = |ends: Option<[f64; 2]>, k: usize| ends.map(|e| e[k]);
    let columns = vec![
        column("number", "", "name in the law", words(rows, |n| n.name.into())),
        column("value", "", "value after the fit", real(rows, |n| Some(n.value))),
        column("unit", "", "unit of the value", words(rows, |n| n.unit.into())),
        column("low", "", "lower end of the interval of 95 %", real(rows, |n| end(n.interval, 0))),
        column("high", "", "upper end", real(rows, |n| end(n.interval, 1))),
        column("prior_low", "", "lower end before the data", real(rows, |n| end(n.prior, 0))),
        column("prior_high", "", "upper end before the data", real(rows, |n| end(n.prior, 1))),
        column("narrowed", "", "standard deviation after over before the data", real(rows, |n| n.narrowed)),
        column("flag", "", "how well the data tell it", words(rows, |n| n.flag.word().into())),
    ];
    Frame { name: "fit".into(), doc: "a number of the law".into(), columns }
}

fn residuals_frame(rows: &[Residual]) -> Frame {
    let columns = vec![
        column("cell", "", "cell", words(rows, |r| r.cell.clone())),
        column("condition", "", "its stress", words(rows, |r| r.condition.clone())),
        column("temperature_c", "degC", "temperature", real(rows, |r| Some(r.row.stress.temperature_c))),
        column("time_days", "d", "since the start", real(rows, |r| Some(r.row.days))),
        column("efc", "", "equivalent full cycles since the start", real(rows, |r| Some(r.row.efc))),
        column("capacity", "", "measured over new", real(rows, |r| Some(r.row.capacity))),
        column("capacity_law", "", "by the law", real(rows, |r| Some(r.capacity))),
        column("error", "", "measured less by the law", real(rows, |r| Some(r.error()))),
        column("resistance", "", "measured over new", real(rows, |r| r.row.resistance)),
        column("resistance_law", "", "by the law", real(rows, |r| Some(r.resistance))),
    ];
    Frame { name: "residuals".into(), doc: "a check-up".into(), columns }
}

fn left_out_frame(all: &[&LeaveOut]) -> Frame {
    let rows: Vec<_> = all.iter().flat_map(|l| l.groups.iter().map(|g| (l.by, g))).collect();
    let by = |by: By| if by == By::Condition { "condition" } else { "temperature" };
    let place = |inside: bool| if inside { "interpolated" } else { "extrapolated" };
    let columns = vec![
        column("left_out", "", "what was left out at once", words(&rows, |r| by(r.0).into())),
        column("group", "", "condition or temperature", words(&rows, |r| r.1.group.clone())),
        column("check_ups", "", "check-ups foretold", real(&rows, |r| Some(r.1.rows as f64))),
        column("rmse", "", "root mean square of foretold less measured", real(&rows, |r| Some(r.1.rmse))),
        column("bias", "", "mean of it", real(&rows, |r| Some(r.1.bias))),
        column("last", "", "at the last check-up", real(&rows, |r| Some(r.1.last))),
        column("inside_interval", "", "share inside the interval of 95 %", real(&rows, |r| Some(r.1.inside_interval))),
        column("place", "", "between the others or beyond", words(&rows, |r| place(r.1.interpolated).into())),
    ];
    Frame { name: "left_out".into(), doc: "a group foretold from the others".into(), columns }
}
