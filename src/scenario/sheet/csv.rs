//! Rows of a CSV text, with the place of each field. Lines that begin with `#` are remarks.

use super::{Column, Faults, Field, SheetFault, Written};
use crate::library::nearest;
use crate::scenario::csv::{self, lines, span_of};

pub(super) fn rows(text: &str, faults: &mut Faults) -> Vec<Written> {
    let mut lines = lines(text);
    let Some((start, line)) = lines.next() else { return Vec::new() };
    let Some(names) = fields(start, line, faults) else { return Vec::new() };
    let header = header(&names, faults);
    let mut rows = Vec::new();
    for (start, line) in lines {
        let Some(found) = fields(start, line, faults) else { continue };
        let span = span_of(start, line);
        if found.len() != names.len() {
            faults.report(span, SheetFault::Ragged { found: found.len(), expected: names.len() });
            continue;
        }
        // An empty field is one that was not measured.
        let told = header.iter().zip(found).filter(|(_, field)| !field.text.is_empty());
        let fields = told.filter_map(|(column, field)| Some(((*column)?, field))).collect();
        rows.push(Written { span, fields });
    }
    // Where the header lacks the column, the rows are not told of one by one.
    let known = |column| header.contains(&Some(column));
    if !known(Column::Soh) && !known(Column::CapacityAh) {
        rows.clear();
        if faults.problems.is_empty() {
            faults.report(span_of(start, line), SheetFault::NoSoh);
        }
    }
    rows
}

fn header(names: &[Field], faults: &mut Faults) -> Vec<Option<Column>> {
    let mut header: Vec<Option<Column>> = Vec::new();
    for field in names {
        let column = Column::named(&field.text);
        if column.is_none() {
            let nearest = nearest(&field.text, Column::ALL.map(Column::name), 1);
            faults.report(field.span.clone(), SheetFault::UnknownColumn { name: field.text.clone(), nearest });
        } else if header.contains(&column) {
            faults.report(field.span.clone(), SheetFault::SameColumn { name: field.text.clone() });
        }
        header.push(column);
    }
    header
}

/// Fields of a line.
fn fields(start: usize, line: &str, faults: &mut Faults) -> Option<Vec<Field>> {
    let found = csv::fields(start, line);
    if found.is_none() {
        faults.report(span_of(start, line), SheetFault::OpenQuote);
    }
    found
}
