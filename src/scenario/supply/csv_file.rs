//! Files of a projection: rows of named fields, every problem with its place.

use super::fault::SupplyFault;
use crate::library::{At, SourceText, nearest};
use crate::scenario::csv::{Field, fields, lines, span_of};
use crate::scenario::fault::{Problem, ScenarioFault};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What a file holds.
pub(super) struct Shape {
    /// In words, after "file of".
    pub what: &'static str,
    /// All columns.
    pub columns: &'static [&'static str],
    /// Columns that must be there.
    pub needed: &'static [&'static str],
}

/// A row with the fields that are filled in.
pub(super) struct Row {
    pub span: Range<usize>,
    fields: BTreeMap<&'static str, Field>,
}

impl Row {
    /// A field that is filled in.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.fields.get(column).map(|field| field.text.as_str())
    }

    /// Place of a field, or of the row.
    pub fn span_of(&self, column: &str) -> Range<usize> {
        self.fields.get(column).map_or_else(|| self.span.clone(), |field| field.span.clone())
    }

    /// What the column `source` says.
    pub fn source(&self) -> String {
        self.get("source").unwrap_or("this scenario").to_owned()
    }
}

/// A file that is read, and what is wrong with it.
pub(super) struct Sheet {
    pub source: Arc<SourceText>,
    pub problems: Vec<Problem>,
}

impl Sheet {
    pub fn new(source: &Arc<SourceText>) -> Self {
        Sheet { source: Arc::clone(source), problems: Vec::new() }
    }

    pub fn report(&mut self, span: Range<usize>, fault: SupplyFault) {
        self.problems.push(At::new(&self.source, span, ScenarioFault::Supply(fault)));
    }

    /// The same, with the place of what it collides with.
    pub fn collide(&mut self, span: Range<usize>, first: Range<usize>, fault: SupplyFault) {
        let mut problem = At::new(&self.source, span, ScenarioFault::Supply(fault));
        problem.related.push((first, "first here".into()));
        self.problems.push(problem);
    }

    /// The rows; none where the header is at fault.
    pub fn rows(&mut self, shape: &Shape) -> Vec<Row> {
        let source = Arc::clone(&self.source);
        let mut lines = lines(&source.text);
        let Some((start, line)) = lines.next() else {
            self.report(0..0, SupplyFault::NoRows { what: shape.what });
            return Vec::new();
        };
        let Some(header) = self.header(start, line, shape) else { return Vec::new() };
        let mut rows = Vec::new();
        for (start, line) in lines {
            let span = span_of(start, line);
            let Some(found) = fields(start, line) else {
                self.report(span, SupplyFault::OpenQuote);
                continue;
            };
            if found.len() != header.len() {
                self.report(span, SupplyFault::Ragged { found: found.len(), expected: header.len() });
                continue;
            }
            let filled = header.iter().copied().zip(found).filter(|(_, field)| !field.text.is_empty());
            rows.push(Row { span, fields: filled.collect() });
        }
        if rows.is_empty() && self.problems.is_empty() {
            self.report(span_of(start, line), SupplyFault::NoRows { what: shape.what });
        }
        rows
    }

    fn header(&mut self, start: usize, line: &str, shape: &Shape) -> Option<Vec<&'static str>> {
        let Some(found) = fields(start, line) else {
            self.report(span_of(start, line), SupplyFault::OpenQuote);
            return None;
        };
        if let Some(found) = separator(line, shape) {
            self.report(span_of(start, line), SupplyFault::Separator { found });
            return None;
        }
        let mut header: Vec<&'static str> = Vec::new();
        let mut meant = Vec::new();
        for field in found {
            match shape.columns.iter().copied().find(|name| *name == field.text) {
                Some(name) if header.contains(&name) => {
                    self.report(field.span, SupplyFault::SameColumn { name: field.text })
                }
                Some(name) => header.push(name),
                None => {
                    let nearest = nearest(&field.text, shape.columns.iter().copied(), 1);
                    meant.extend(nearest.clone());
                    let fault = SupplyFault::UnknownColumn { name: field.text, nearest, known: shape.columns };
                    self.report(field.span, fault);
                }
            }
        }
        for name in shape.needed.iter().copied() {
            if !header.contains(&name) && !meant.iter().any(|m| m == name) {
                self.report(span_of(start, line), SupplyFault::MissingColumn { name });
            }
        }
        self.problems.is_empty().then_some(header)
    }

    /// A field that must be filled in.
    pub fn text<'r>(&mut self, row: &'r Row, column: &'static str) -> Option<&'r str> {
        let found = row.get(column);
        if found.is_none() {
            self.report(row.span.clone(), SupplyFault::EmptyField { column });
        }
        found
    }

    /// A number, told of under the name of its parameter or column.
    pub fn number(
        &mut self,
        row: &Row,
        column: &'static str,
        name: &'static str,
        [min, max]: [f64; 2],
        unit: &'static str,
    ) -> Option<f64> {
        let text = self.text(row, column)?;
        let Some(value) = text.parse::<f64>().ok().filter(|x| x.is_finite()) else {
            let fault = SupplyFault::NotANumber { column, value: text.to_owned(), expected: "a number" };
            self.report(row.span_of(column), fault);
            return None;
        };
        if !(min..=max).contains(&value) {
            self.report(row.span_of(column), SupplyFault::OutOfRange { name, value, min, max, unit });
            return None;
        }
        Some(value)
    }

    /// A calendar year.
    pub fn year(&mut self, row: &Row) -> Option<i32> {
        self.year_in(row, "year")
    }

    /// The same in another column.
    pub fn year_in(&mut self, row: &Row, column: &'static str) -> Option<i32> {
        let text = self.text(row, column)?;
        let year = text.parse::<i32>().ok().filter(|year| (1950..=2150).contains(year));
        if year.is_none() {
            let fault =
                SupplyFault::NotANumber { column, value: text.to_owned(), expected: "a year from 1950 to 2150" };
            self.report(row.span_of(column), fault);
        }
        year
    }

    /// Whether the row says of itself that it is assumed; without a source nothing else backs it.
    pub fn assumed(&mut self, row: &Row) -> bool {
        match row.get("assumed") {
            None => row.get("source").is_none(),
            Some("true") => true,
            Some("false") => false,
            Some(other) => {
                let fault = SupplyFault::NotANumber {
                    column: "assumed",
                    value: other.to_owned(),
                    expected: "`true` or `false`",
                };
                self.report(row.span_of("assumed"), fault);
                false
            }
        }
    }

    /// Number of a name among those that occur; `None` where the field is empty, an error told where it is unknown.
    pub fn place(
        &mut self,
        row: &Row,
        column: &'static str,
        names: &[String],
        elsewhere: bool,
    ) -> Result<Option<usize>, ()> {
        let Some(name) = row.get(column) else { return Ok(None) };
        if let Some(at) = names.iter().position(|known| known == name) {
            return Ok(Some(at));
        }
        let nearest = nearest(name, names.iter().map(String::as_str), 1);
        let (name, known) = (name.to_owned(), names.to_vec());
        self.report(row.span_of(column), SupplyFault::UnknownName { what: column, name, nearest, known, elsewhere });
        Err(())
    }
}

/// What stands between the columns of a header in place of commas.
fn separator(header: &str, shape: &Shape) -> Option<&'static str> {
    let columns =
        |mark| header.split(mark).filter(|name| shape.columns.contains(&name.trim_matches([' ', '"']))).count();
    let marks = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    marks.into_iter().find(|(mark, _)| columns(*mark) > 1).map(|(_, words)| words)
}

/// Adds a source to those in order of first use.
pub(super) fn note(sources: &mut Vec<String>, source: String) {
    if !sources.contains(&source) {
        sources.push(source);
    }
}

/// Values of all years from the first to the last, linear between those given; the years given where they do not reach.
pub(super) fn yearly(knots: &BTreeMap<i32, f64>, [first, last]: [i32; 2]) -> Result<Vec<f64>, [i32; 2]> {
    let year = |year: i32| {
        let before = knots.range(..=year).next_back()?;
        let after = knots.range(year..).next()?;
        let width = f64::from(after.0 - before.0);
        let share = if width > 0.0 { f64::from(year - before.0) / width } else { 0.0 };
        Some(before.1 + share * (after.1 - before.1))
    };
    let values: Option<Vec<f64>> = (first..=last).map(year).collect();
    let end = |knot: Option<(&i32, &f64)>| knot.map_or(first, |(year, _)| *year);
    values.ok_or([end(knots.first_key_value()), end(knots.last_key_value())])
}
