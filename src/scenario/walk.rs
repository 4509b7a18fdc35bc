//! First step: the whole tree of a scenario against the tables of keys, every problem at once.

use super::fault::{Problem, ScenarioFault};
use super::key::{Key, Kind, Presence, Table, join};
use super::supply::{SupplyFault, keys::projection};
use super::tables::root;
use crate::library::{At, Category, Library, SourceText, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Value};

/// Where things stand in a scenario.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) source: Arc<SourceText>,
    /// Keys and tables by dotted path: span of the value, or of a table's header.
    spans: BTreeMap<String, Range<usize>>,
}

impl Written {
    pub(super) fn has(&self, path: &str) -> bool {
        self.spans.contains_key(path)
    }

    /// Span of a path, of the table it would stand in, or the end of the file.
    pub(super) fn span(&self, path: &str) -> Range<usize> {
        let mut name = path;
        loop {
            if let Some(span) = self.spans.get(name) {
                return span.clone();
            }
            match name.rsplit_once('.') {
                Some((upper, _)) => name = upper,
                None => return end_of(&self.source.text),
            }
        }
    }
}

/// The end of a text, behind its last visible character.
pub(super) fn end_of(text: &str) -> Range<usize> {
    let end = text.trim_end().len();
    end..end
}

/// What the walk leaves behind.
pub(super) struct Walked {
    pub(super) written: Written,
    pub(super) problems: Vec<Problem>,
}

/// Whether a scenario is a projection of supply: it has the table `supply`, or one that is spelled much like it and
/// nothing of a first life.
pub(super) fn is_projection(table: &DeTable<'_>) -> bool {
    let like = |name: &str| !nearest(name, ["supply"], 1).is_empty();
    let names = || table.iter().map(|(key, _)| key.get_ref().as_ref());
    table.contains_key("supply") || (!table.contains_key("first_life") && names().any(like))
}

/// Checks the tree against the keys of the life of packs, or of a projection.
pub(super) fn walk(source: &Arc<SourceText>, root_table: &DeTable<'_>, library: &Library) -> Walked {
    let root = if is_projection(root_table) { &projection::TABLE } else { &root::TABLE };
    let written = Written { source: Arc::clone(source), spans: BTreeMap::new() };
    let mut walk = Walk { library, root, walked: Walked { written, problems: Vec::new() } };
    walk.table(root, root_table, &end_of(&source.text));
    walk.walked
}

/// Overrides as dotted paths with the span of each, whether written with dots in quotes or as tables.
pub(super) fn overrides(table: &DeTable<'_>) -> Vec<(String, Range<usize>, Value)> {
    let mut found = Vec::new();
    if let Some(inner) = table.get("overrides").and_then(|v| v.get_ref().as_table()) {
        collect_overrides("", inner, &mut found);
    }
    found
}

fn collect_overrides(prefix: &str, table: &DeTable<'_>, found: &mut Vec<(String, Range<usize>, Value)>) {
    for (key, value) in table {
        let path = join(prefix, key.get_ref());
        match value.get_ref().as_table() {
            Some(inner) => collect_overrides(&path, inner, found),
            None => {
                let plain = toml::de::ValueDeserializer::from(value.clone());
                if let Ok(plain) = <Value as serde::Deserialize>::deserialize(plain) {
                    found.push((path, key.span().start..value.span().end, plain));
                }
            }
        }
    }
}

struct Walk<'a> {
    library: &'a Library,
    root: &'static Table,
    walked: Walked,
}

impl Walk<'_> {
    fn report(&mut self, span: Range<usize>, fault: ScenarioFault) {
        let problem = At::new(&self.walked.written.source, span, fault);
        self.walked.problems.push(problem);
    }

    fn table(&mut self, def: &'static Table, table: &DeTable<'_>, header: &Range<usize>) {
        // A key that is there under a slip of the pen is not told to be missing as well.
        let mut meant: Vec<String> = Vec::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path = join(def.path, name);
            if let Some(known) = def.keys.iter().find(|k| k.name == name) {
                self.walked.written.spans.insert(path, value.span());
                self.value(known, value);
            } else if let Some(inner) = def.tables.iter().find(|t| t.name() == name) {
                self.walked.written.spans.insert(path.clone(), value.span());
                match value.get_ref().as_table() {
                    Some(_) if inner.presence == Presence::Overrides => {}
                    Some(deeper) => self.table(inner, deeper, &value.span()),
                    None => self.wrong_type(value, path, "a table"),
                }
            } else {
                meant.extend(self.unknown(def, key));
            }
        }
        let is_missing = |name: &str| !table.contains_key(name) && !meant.iter().any(|m| m == name);
        for key in def.keys.iter().filter(|k| is_missing(k.name)) {
            if let super::key::Fallback::Required { example } = key.fallback {
                let (table, key, doc) = (def.path.into(), key.name.into(), key.line());
                self.report(
                    header.clone(),
                    ScenarioFault::MissingKey { table, key, example: example.to_string(), doc },
                );
            }
        }
        for inner in def.tables.iter().filter(|t| t.presence == Presence::Required && is_missing(t.name())) {
            let keys = inner.keys.iter().filter(|k| k.is_required()).map(|k| k.name.to_owned()).collect();
            let end = end_of(&self.walked.written.source.text);
            self.report(end, ScenarioFault::MissingTable { table: inner.path.into(), keys });
        }
    }

    /// Reports an unknown key; the name that was probably meant.
    fn unknown(&mut self, def: &'static Table, key: &Spanned<std::borrow::Cow<'_, str>>) -> Option<String> {
        let name = key.get_ref().as_ref();
        let has =
            |table: &Table| table.keys.iter().any(|k| k.name == name) || table.tables.iter().any(|t| t.name() == name);
        if def.path.is_empty() && std::ptr::eq(self.root, &projection::TABLE) && has(&root::TABLE) {
            self.report(key.span(), SupplyFault::OfPacks { name: name.into() }.into());
            return None;
        }
        let known: Vec<&str> = def.keys.iter().map(|k| k.name).chain(def.tables.iter().map(|t| t.name())).collect();
        let elsewhere = self.root.all().into_iter().find_map(|table| {
            let key = table.keys.iter().find(|k| k.name == name).map(Key::path);
            key.or_else(|| table.tables.iter().find(|t| t.name() == name).map(|t| t.path.to_owned()))
        });
        // A key of just this name in another table is a better guess than a name that is only alike.
        let nearest = if elsewhere.is_some() { Vec::new() } else { nearest(name, known.iter().copied(), 1) };
        let known = known.into_iter().map(str::to_owned).collect();
        let meant = nearest.first().cloned();
        let fault = ScenarioFault::UnknownKey { table: def.path.into(), key: name.into(), nearest, elsewhere, known };
        self.report(key.span(), fault);
        meant
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, path: String, expected: &'static str) {
        let found = kind_of(value.get_ref());
        self.report(value.span(), ScenarioFault::WrongType { path, expected, found });
    }

    fn value(&mut self, key: &Key, value: &Spanned<DeValue<'_>>) {
        match key.kind {
            Kind::Text => drop(self.text(key, value)),
            Kind::Whole { min, max } => self.whole(key, value, min, max),
            Kind::Real { min, max } => drop(self.real(key, value, min, max)),
            Kind::Window { min, max } => self.window(key, value, min, max),
            Kind::Flag => {
                if !value.get_ref().is_bool() {
                    self.wrong_type(value, key.path(), "true or false");
                }
            }
            Kind::Entry(category) => drop(self.entry(key, category, value)),
            Kind::Entries(category) => match value.get_ref().as_array() {
                None => drop(self.entry(key, category, value)),
                Some(names) => {
                    let found: Vec<_> = names.iter().filter_map(|name| self.entry(key, category, name)).collect();
                    let distinct = found.iter().collect::<BTreeSet<_>>().len();
                    if names.is_empty() || distinct < found.len() {
                        self.report(value.span(), ScenarioFault::BadList { path: key.path() });
                    }
                }
            },
            Kind::Choice(words) => self.word(key, words, value),
            Kind::Choices(words) => match value.get_ref().as_array() {
                None => self.word(key, words, value),
                Some(list) => {
                    self.listed(key, value, list.len());
                    list.iter().for_each(|word| self.word(key, words, word));
                }
            },
            Kind::Reals { min, max } => match value.get_ref().as_array() {
                None => self.wrong_type(value, key.path(), "a list of numbers"),
                Some(list) => {
                    self.listed(key, value, list.len());
                    for number in list {
                        self.real(key, number, min, max);
                    }
                }
            },
            Kind::Wholes { min, max } => match value.get_ref().as_array() {
                None => self.wrong_type(value, key.path(), "a list of whole numbers"),
                Some(list) => {
                    self.listed(key, value, list.len());
                    list.iter().for_each(|number| self.whole(key, number, min, max));
                }
            },
            Kind::Paths => match value.get_ref().as_array() {
                Some(files) => files.iter().for_each(|file| drop(self.text(key, file))),
                None => self.wrong_type(value, key.path(), "a list of files"),
            },
            Kind::Files => match value.get_ref().as_array() {
                Some(files) => {
                    let found: Vec<_> = files.iter().filter_map(|file| self.text(key, file)).collect();
                    let distinct = found.iter().collect::<BTreeSet<_>>().len();
                    if files.is_empty() || distinct < found.len() {
                        self.report(value.span(), ScenarioFault::BadList { path: key.path() });
                    }
                }
                None => drop(self.text(key, value)),
            },
        }
    }

    fn word(&mut self, key: &Key, words: &'static [&'static str], value: &Spanned<DeValue<'_>>) {
        if let Some(word) = self.text(key, value)
            && !words.contains(&word.as_str())
        {
            self.report(value.span(), ScenarioFault::NotOneOf { path: key.path(), value: word, words });
        }
    }

    /// A list of nothing says nothing.
    fn listed(&mut self, key: &Key, value: &Spanned<DeValue<'_>>, len: usize) {
        if len == 0 {
            self.report(value.span(), ScenarioFault::BadList { path: key.path() });
        }
    }

    /// A name, told of when the library does not have it.
    fn entry(&mut self, key: &Key, category: Category, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let name = self.text(key, value)?;
        if !self.library.knows(category, &name) {
            let nearest = self.library.nearest(category, &name);
            self.report(value.span(), ScenarioFault::UnknownEntry { category, name: name.clone(), nearest });
        }
        Some(name)
    }

    fn text(&mut self, key: &Key, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(value, key.path(), "a text in quotes");
            return None;
        };
        if text.trim().is_empty() {
            self.report(value.span(), ScenarioFault::Blank { path: key.path() });
            return None;
        }
        Some(text.to_owned())
    }

    fn whole(&mut self, key: &Key, value: &Spanned<DeValue<'_>>, min: u64, max: u64) {
        let Some(integer) = value.get_ref().as_integer() else {
            return self.wrong_type(value, key.path(), "a whole number");
        };
        let inside = u64::from_str_radix(integer.as_str(), integer.radix()).is_ok_and(|n| (min..=max).contains(&n));
        if !inside {
            let number = number_of(value.get_ref()).unwrap_or(f64::INFINITY);
            self.out_of_range(key, value.span(), number, min as f64, max as f64);
        }
    }

    fn out_of_range(&mut self, key: &Key, span: Range<usize>, value: f64, min: f64, max: f64) {
        self.report(span, ScenarioFault::OutOfRange { path: key.path(), value, min, max, unit: key.unit });
    }

    fn real(&mut self, key: &Key, value: &Spanned<DeValue<'_>>, min: f64, max: f64) -> Option<f64> {
        let Some(number) = number_of(value.get_ref()) else {
            self.wrong_type(value, key.path(), "a number");
            return None;
        };
        if !number.is_finite() {
            self.report(value.span(), ScenarioFault::NotFinite { path: key.path(), value: number });
            return None;
        }
        if !(min..=max).contains(&number) {
            self.out_of_range(key, value.span(), number, min, max);
            return None;
        }
        Some(number)
    }

    fn window(&mut self, key: &Key, value: &Spanned<DeValue<'_>>, min: f64, max: f64) {
        let expected = "a list of two numbers, low and high";
        let Some(ends) = value.get_ref().as_array().filter(|ends| ends.len() == 2) else {
            return self.wrong_type(value, key.path(), expected);
        };
        let ends: Vec<Option<f64>> = ends.iter().map(|end| self.real(key, end, min, max)).collect();
        if let [Some(low), Some(high)] = ends[..]
            && low >= high
        {
            self.report(value.span(), ScenarioFault::EmptyWindow { path: key.path(), low, high });
        }
    }
}

/// A number, whole or real; a whole number too large for the reader becomes its nearest real.
fn number_of(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
        DeValue::Integer(n) => i128::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
        DeValue::Float(x) => x.as_str().parse().ok(),
        _ => None,
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
