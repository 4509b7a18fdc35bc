//! Rows of a CSV text, with the place of each field. Lines that begin with `#` are remarks.

use super::{Column, Faults, Field, SheetFault, Written};
use crate::library::nearest;
use std::ops::Range;

pub(super) fn rows(text: &str, faults: &mut Faults) -> Vec<Written> {
    let mut lines = lines(text).filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
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

/// Lines with their starts.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let begin = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    text[begin..].split_inclusive('\n').scan(begin, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    })
}

fn span_of(start: usize, line: &str) -> Range<usize> {
    let left = line.len() - line.trim_start().len();
    start + left..start + line.trim_end().len().max(left)
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

/// Fields of a line, between commas; in quotes a comma is a letter and two quotes are one.
fn fields(start: usize, line: &str, faults: &mut Faults) -> Option<Vec<Field>> {
    let (mut fields, mut from, mut quoted) = (Vec::new(), 0, false);
    let cut = |from: usize, to: usize| {
        let piece = &line[from..to];
        let (trimmed, left) = (piece.trim(), piece.len() - piece.trim_start().len());
        let bare = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let text = bare.map_or_else(|| trimmed.to_owned(), |inner| inner.replace("\"\"", "\""));
        let at = start + from + left;
        Field { text, span: at..at + trimmed.len(), quoted: false }
    };
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                fields.push(cut(from, at));
                from = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        faults.report(span_of(start, line), SheetFault::OpenQuote);
        return None;
    }
    fields.push(cut(from, line.len()));
    Some(fields)
}
