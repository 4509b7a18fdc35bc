//! A file of retired modules, CSV or JSON, or records of an earlier run: rows of checked numbers, every problem with its
//! place. What the numbers mean for a vehicle is said in `scenario::used`.

mod column;
mod csv;
mod fault;
mod json;

use super::csv::Field;
use super::fault::{Problem, ScenarioFault};
use crate::library::{At, SourceText};
pub use column::Column;
pub use fault::SheetFault;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::de::DeTable;

/// A file of modules.
#[derive(Debug)]
pub(super) struct Sheet {
    pub source: Arc<SourceText>,
    pub rows: Vec<Row>,
}

/// A row: a module.
#[derive(Debug)]
pub(super) struct Row {
    pub span: Range<usize>,
    pub pack: Option<String>,
    pub module: Option<String>,
    pub chemistry: Option<(String, Range<usize>)>,
    numbers: BTreeMap<Column, (f64, Range<usize>)>,
}

impl Row {
    /// A number that was given.
    pub fn number(&self, column: Column) -> Option<f64> {
        self.numbers.get(&column).map(|n| n.0)
    }

    /// Place of a number, or of the row.
    pub fn span_of(&self, column: Column) -> Range<usize> {
        self.numbers.get(&column).map_or_else(|| self.span.clone(), |n| n.1.clone())
    }
}

/// A row as written.
struct Written {
    span: Range<usize>,
    fields: Vec<(Column, Field)>,
}

/// Problems of one file.
struct Faults {
    source: Arc<SourceText>,
    problems: Vec<Problem>,
}

impl Faults {
    fn report(&mut self, span: Range<usize>, fault: SheetFault) {
        self.problems.push(At::new(&self.source, span, ScenarioFault::Sheet(fault)));
    }
}

/// The file that `[used_modules]` names, where it does; looked for beside the scenario.
pub(super) fn of_scenario(
    source: &Arc<SourceText>,
    table: &DeTable<'_>,
    folder: &Path,
) -> Result<Option<Sheet>, Vec<Problem>> {
    let used = table.get("used_modules").and_then(|v| v.get_ref().as_table());
    let Some(file) = used.and_then(|used| used.get("file")) else { return Ok(None) };
    // Another type, or a blank name, is told by the walk.
    let Some(name) = file.get_ref().as_str().filter(|name| !name.trim().is_empty()) else { return Ok(None) };
    let path = folder.join(name);
    let shown = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&SourceText::new(shown, text)).map(Some),
        Err(error) => {
            let fault = SheetFault::Unreadable { file: shown, reason: error.to_string() };
            Err(vec![At::new(source, file.span(), ScenarioFault::Sheet(fault))])
        }
    }
}

/// Rows of a text. JSON begins with a bracket or a brace, all else is CSV.
pub(super) fn parse(source: &Arc<SourceText>) -> Result<Sheet, Vec<Problem>> {
    let mut faults = Faults { source: Arc::clone(source), problems: Vec::new() };
    let written = match source.text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).chars().next() {
        Some('[' | '{') => json::rows(&source.text, &mut faults),
        _ => csv::rows(&source.text, &mut faults),
    };
    if written.is_empty() && faults.problems.is_empty() {
        faults.report(0..0, SheetFault::NoRows);
    }
    let rows: Vec<Row> = written.into_iter().map(|row| check(row, &mut faults)).collect();
    together(&rows, &mut faults);
    if faults.problems.is_empty() { Ok(Sheet { source: Arc::clone(source), rows }) } else { Err(faults.problems) }
}

/// A row whose numbers are numbers, in their ranges, and say each thing once.
fn check(written: Written, faults: &mut Faults) -> Row {
    let mut row = Row { span: written.span, pack: None, module: None, chemistry: None, numbers: BTreeMap::new() };
    let mut bad = Vec::new();
    for (column, field) in written.fields {
        match column {
            Column::Pack => row.pack = Some(field.text),
            Column::Module => row.module = Some(field.text),
            Column::Chemistry => row.chemistry = Some((field.text, field.span)),
            _ => {
                bad.push(column);
                let number = if field.quoted { None } else { field.text.parse::<f64>().ok() };
                let Some(value) = number.filter(|x| x.is_finite()) else {
                    let fault = SheetFault::NotANumber { column: column.name(), value: field.text };
                    faults.report(field.span, fault);
                    continue;
                };
                let [min, max] = column.range();
                if !(min..=max).contains(&value) {
                    let fault = SheetFault::OutOfRange { column: column.name(), value, min, max, unit: column.unit() };
                    faults.report(field.span, fault);
                    continue;
                }
                bad.pop();
                row.numbers.insert(column, (value, field.span));
            }
        }
    }
    let there = |column| row.numbers.contains_key(&column) || bad.contains(&column);
    for [a, b] in [[Column::Soh, Column::CapacityAh], [Column::ResistanceRatio, Column::ResistanceMohm]] {
        if there(a) && there(b) {
            faults.report(row.span_of(b), SheetFault::Twice { first: a.name(), second: b.name() });
        }
    }
    if !there(Column::Soh) && !there(Column::CapacityAh) {
        faults.report(row.span.clone(), SheetFault::NoSoh);
    }
    row
}

/// What only shows over all rows.
fn together(rows: &[Row], faults: &mut Faults) {
    let grouped = rows.iter().any(|row| row.pack.is_some());
    let mut seen = BTreeMap::new();
    for row in rows {
        if grouped && row.pack.is_none() {
            faults.report(row.span.clone(), SheetFault::NoPack);
        }
        if let Some(module) = &row.module
            && let Some(first) = seen.insert((&row.pack, module), row.span.clone())
        {
            let fault = SheetFault::SameModule { module: module.clone() };
            let mut problem = At::new(&faults.source, row.span.clone(), ScenarioFault::Sheet(fault));
            problem.related.push((first, "first here".into()));
            faults.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests;
