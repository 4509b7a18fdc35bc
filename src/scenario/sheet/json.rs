//! Rows of a JSON text: a list of objects, objects one after another, or records of an earlier run, one a line.

use super::{Column, Faults, Field, SheetFault, Written};
use crate::library::nearest;
use serde_json::{Map, Value};
use std::ops::Range;

type Object = Map<String, Value>;

/// Key that marks a record, see the battery record of `packlife run --records`.
const RECORD: &str = "record";

pub(super) fn rows(text: &str, faults: &mut Faults) -> Vec<Written> {
    let mut rows = Vec::new();
    let mut at = skip(text, 0);
    let list = text[at..].starts_with('[');
    if list {
        at = skip(text, at + 1);
    }
    while at < text.len() {
        if list && text[at..].starts_with(']') {
            at = skip(text, at + 1);
            if at < text.len() {
                faults.report(at..at + 1, SheetFault::Json { message: "text behind the end of the list".into() });
            }
            return rows;
        }
        let mut objects = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Object>();
        match objects.next() {
            Some(Ok(object)) => {
                let span = at..at + objects.byte_offset();
                match object.get(RECORD) {
                    Some(_) => rows.extend(of_record(text, span.clone(), &object, faults)),
                    None => rows.push(of_object(text, span.clone(), &object, faults)),
                }
                at = skip(text, span.end);
                if list && text[at..].starts_with(',') {
                    at = skip(text, at + 1);
                } else if list && !text[at..].starts_with(']') {
                    faults.report(at..at, SheetFault::Json { message: "a comma or `]` is missing".into() });
                    return rows;
                }
            }
            Some(Err(error)) => {
                let place = at + offset(&text[at..], error.line(), error.column());
                faults.report(place..place, SheetFault::Json { message: error.to_string() });
                return rows;
            }
            None => return rows,
        }
    }
    if list {
        faults.report(at..at, SheetFault::Json { message: "the list is not closed".into() });
    }
    rows
}

/// First visible letter from a place on.
fn skip(text: &str, at: usize) -> usize {
    let blank = |c: char| c.is_ascii_whitespace() || c == '\u{feff}';
    text.len() - text[at..].trim_start_matches(blank).len()
}

/// Byte of a line and column that both count from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// The `n`-th place of a key from a place on, within a span; the span where it is not found.
fn key_span(text: &str, within: &Range<usize>, from: usize, key: &str, n: usize) -> Range<usize> {
    let quoted = format!("\"{key}\"");
    let found = text.get(from..within.end).and_then(|t| t.match_indices(&quoted).nth(n));
    found.map_or_else(|| within.clone(), |(at, word)| from + at..from + at + word.len())
}

fn field(value: &Value, span: Range<usize>) -> Option<Field> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Field { text: text.clone(), span, quoted: true }),
        other => Some(Field { text: other.to_string(), span, quoted: !other.is_number() }),
    }
}

fn of_object(text: &str, span: Range<usize>, object: &Object, faults: &mut Faults) -> Written {
    let mut fields = Vec::new();
    for (name, value) in object {
        let place = key_span(text, &span, span.start, name, 0);
        match Column::named(name) {
            Some(column) => fields.extend(field(value, place).map(|field| (column, field))),
            None => {
                let nearest = nearest(name, Column::ALL.map(Column::name), 1);
                faults.report(place, SheetFault::UnknownColumn { name: name.clone(), nearest });
            }
        }
    }
    Written { span, fields }
}

/// Modules of a record, as they were at the end of the first life.
fn of_record(text: &str, span: Range<usize>, record: &Object, faults: &mut Faults) -> Vec<Written> {
    let state = record.get("states").and_then(|s| s.get("end_of_first_life"));
    let modules = state.and_then(|s| s.get("modules_one_by_one")).and_then(Value::as_array);
    let (Some(state), Some(modules)) = (state, modules) else {
        faults.report(span, SheetFault::Record { key: "states.end_of_first_life.modules_one_by_one" });
        return Vec::new();
    };
    let from = key_span(text, &span, span.start, "end_of_first_life", 0).start;
    let from = key_span(text, &span, from, "modules_one_by_one", 0).start;
    let whole = |key: &str| key_span(text, &span, span.start, key, 0);
    let plain = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let pack = format!("{} {}", plain(record.get("pack_id")), plain(record.get("law")));
    let shared = [
        (Column::Chemistry, record.get("battery").and_then(|b| b.get("chemistry")), "chemistry"),
        (Column::Efc, state.get("equivalent_full_cycles"), "equivalent_full_cycles"),
    ];
    let mut rows = Vec::new();
    for (n, module) in modules.iter().enumerate() {
        let own = [
            (Column::Module, "module"),
            (Column::Soh, "soh"),
            (Column::ResistanceRatio, "resistance_ratio"),
            (Column::Years, "years_since_new"),
            (Column::CycleShare, "cycle_share"),
            (Column::SelfDischargeRatio, "self_discharge_ratio"),
        ];
        let mut fields = vec![(Column::Pack, Field { text: pack.clone(), span: span.clone(), quoted: true })];
        fields.extend(own.iter().filter_map(|(column, key)| {
            let field = field(module.get(*key)?, key_span(text, &span, from, key, n))?;
            Some((*column, field))
        }));
        fields.extend(shared.iter().filter_map(|(column, value, key)| Some((*column, field((*value)?, whole(key))?))));
        rows.push(Written { span: span.clone(), fields });
    }
    rows
}
