//! One entry with the provenance of its values.

use super::category::Category;
use super::fault::SourceText;
use super::unit::unit_of;
use crate::aging::Form;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Value;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Paper, data sheet, page, in words.
    pub source: String,
    /// Whether nothing but judgement backs the value.
    pub assumed: bool,
}

/// A value of an entry as text, with unit and provenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Field, dotted inside the entry.
    pub field: String,
    /// Value as text.
    pub value: String,
    /// Unit, empty for none.
    pub unit: &'static str,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Whether an override replaced the entry's own value.
    pub overridden: bool,
}

/// One entry: raw values with provenance.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Category.
    pub category: Category,
    /// Name inside the category.
    pub name: String,
    /// Provenance of values that have none of their own.
    pub provenance: Provenance,
    pub(super) values: toml::Table,
    pub(super) own: BTreeMap<String, Provenance>,
    pub(super) overridden: BTreeSet<String>,
    pub(super) place: Place,
}

/// Where an entry stands in its file.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) source: Arc<SourceText>,
    pub(super) header: Range<usize>,
    /// Dotted fields in the order of the file.
    pub(super) fields: Vec<(String, Range<usize>)>,
}

impl Place {
    /// Span of a field, of the field it is part of, or of the header.
    pub(super) fn span(&self, field: &str) -> Range<usize> {
        let mut name = field;
        loop {
            if let Some((_, span)) = self.fields.iter().find(|(known, _)| known == name) {
                return span.clone();
            }
            match name.rsplit_once('.') {
                Some((upper, _)) => name = upper,
                None => return self.header.clone(),
            }
        }
    }
}

impl Entry {
    /// `category.name`.
    pub fn item(&self) -> String {
        format!("{}.{}", self.category.name(), self.name)
    }

    /// Title for people, where the category has one.
    pub fn title(&self) -> Option<&str> {
        self.values.get("title").and_then(Value::as_str)
    }

    /// Provenance of a field (dotted): its own, that of the table it is in, or the entry's.
    pub fn provenance_of(&self, field: &str) -> &Provenance {
        let mut name = field;
        loop {
            if let Some(own) = self.own.get(name) {
                return own;
            }
            match name.rsplit_once('.') {
                Some((upper, _)) => name = upper,
                None => return &self.provenance,
            }
        }
    }

    /// Whether an override replaced the field.
    pub fn is_overridden(&self, field: &str) -> bool {
        self.overridden.contains(field)
    }

    /// Raw value of a field (dotted).
    pub fn value(&self, field: &str) -> Option<&Value> {
        let mut parts = field.split('.');
        let first = self.values.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    }

    /// All values in the order of the file.
    pub fn shown(&self) -> Vec<Shown> {
        let leaves = self.place.fields.iter().filter_map(|(field, _)| match self.value(field) {
            None | Some(Value::Table(_)) => None,
            Some(value) => Some(Shown {
                field: field.clone(),
                value: text_of(value),
                unit: self.unit_of(field),
                provenance: self.provenance_of(field).clone(),
                overridden: self.is_overridden(field),
            }),
        });
        leaves.collect()
    }

    /// Unit of a field: by its name, but numbers of a law's equations by the equations.
    fn unit_of(&self, field: &str) -> &'static str {
        let Some(number) = field.strip_prefix("parameters.").filter(|_| self.category == Category::Laws) else {
            return unit_of(field);
        };
        let form = self.values.get("form").and_then(Value::as_str).and_then(Form::named);
        let parameter = form.and_then(|form| form.parameters.iter().find(|p| p.name == number));
        parameter.map_or("", |p| p.unit)
    }
}

/// A value as people write it.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Float(x) => x.to_string(),
        Value::Array(values) => format!("[{}]", values.iter().map(text_of).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Kind of a value in words.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}
