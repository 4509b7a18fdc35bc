//! From the text of a library file to entries, with every problem in it.

use super::category::Category;
use super::entry::{Entry, Place, Provenance};
use super::fault::{At, LibraryFault, SourceText};
use super::nearest::nearest;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// Keys of an entry that are not fields of its category.
const MARKS: [&str; 3] = ["source", "assumed", "provenance"];

/// What a file holds.
pub(super) struct Loaded {
    pub(super) entries: Vec<Entry>,
    /// Entries that are there but wrong.
    pub(super) rejected: Vec<(Category, String)>,
    pub(super) problems: Vec<At<LibraryFault>>,
}

/// Reads a library file.
pub(super) fn load(source: &Arc<SourceText>) -> Loaded {
    let mut reader = Reader { source, problems: Vec::new() };
    let (mut entries, mut rejected) = (Vec::new(), Vec::new());
    let root = match DeTable::parse(&source.text) {
        Ok(root) => root.into_inner(),
        Err(error) => {
            let end = source.text.len();
            reader.report(error.span().unwrap_or(end..end), LibraryFault::Syntax { message: error.message().into() });
            DeTable::new()
        }
    };
    for (key, value) in &root {
        let name = key.get_ref().as_ref();
        let Some(category) = Category::named(name) else {
            let nearest = nearest(name, Category::ALL.iter().map(|c| c.name()), 1);
            reader.report(key.span(), LibraryFault::UnknownCategory { name: name.into(), nearest });
            continue;
        };
        let Some(table) = value.get_ref().as_table() else {
            reader
                .report(value.span(), LibraryFault::NotATable { item: name.into(), found: value.get_ref().type_str() });
            continue;
        };
        for (key, value) in table {
            match reader.entry(category, key, value) {
                Some(entry) => entries.push(entry),
                None => rejected.push((category, key.get_ref().to_string())),
            }
        }
    }
    Loaded { entries, rejected, problems: reader.problems }
}

struct Reader<'a> {
    source: &'a Arc<SourceText>,
    problems: Vec<At<LibraryFault>>,
}

impl Reader<'_> {
    fn report(&mut self, span: Range<usize>, fault: LibraryFault) {
        self.problems.push(At::new(self.source, span, fault));
    }

    /// One entry, or `None` with problems reported.
    fn entry(
        &mut self,
        category: Category,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Entry> {
        let before = self.problems.len();
        let name = key.get_ref().to_string();
        let item = format!("{}.{name}", category.name());
        let Some(table) = value.get_ref().as_table() else {
            self.report(value.span(), LibraryFault::NotATable { item, found: value.get_ref().type_str() });
            return None;
        };
        let mut fields = Vec::new();
        collect_fields("", table, &mut fields);
        fields.retain(|(field, _)| !MARKS.contains(&field.split('.').next().unwrap_or(field)));
        fields.sort_by_key(|(_, span)| span.start);
        let place = Place { source: Arc::clone(self.source), header: key.span(), fields };

        let provenance = self.provenance(&item, key.span(), table)?;
        let own = self.own_provenance(&item, table, &place, &provenance);
        for (field, _) in table.iter().filter(|(f, _)| !MARKS.contains(&f.get_ref().as_ref())) {
            let known = category.fields();
            let name = field.get_ref().as_ref();
            if !known.contains(&name) {
                let nearest = nearest(name, known.iter().copied(), 1);
                self.report(
                    field.span(),
                    LibraryFault::UnknownField { item: item.clone(), field: name.into(), nearest },
                );
            }
        }
        if self.problems.len() > before {
            return None;
        }
        let mut bare = table.clone();
        MARKS.iter().for_each(|mark| drop(bare.remove(*mark)));
        let spanned = Spanned::new(value.span(), DeValue::Table(bare));
        match category.check(ValueDeserializer::from(spanned.clone())) {
            Ok(breaches) => {
                for breach in breaches {
                    let span = place.span(breach.field());
                    self.report(span, LibraryFault::Breach { item: item.clone(), breach });
                }
            }
            Err(error) => {
                let span = error.span().filter(|s| !s.is_empty()).unwrap_or(key.span());
                self.report(span, LibraryFault::Malformed { item: item.clone(), message: error.message().into() });
            }
        }
        let values = toml::Table::deserialize(ValueDeserializer::from(spanned)).ok()?;
        (self.problems.len() == before).then(|| Entry {
            category,
            name,
            provenance,
            values,
            own,
            overridden: BTreeSet::new(),
            place,
        })
    }

    /// Provenance of the entry itself; `None` with a problem reported.
    fn provenance(&mut self, item: &str, header: Range<usize>, table: &DeTable<'_>) -> Option<Provenance> {
        let source = match table.get("source") {
            None => String::new(),
            Some(value) => match value.get_ref().as_str() {
                Some(text) => text.trim().to_owned(),
                None => {
                    self.bad_mark(item, "source", "a text", value.span());
                    return None;
                }
            },
        };
        if source.is_empty() {
            self.report(header, LibraryFault::NoSource { item: item.into() });
            return None;
        }
        Some(Provenance { source, assumed: self.assumed(item, table)?.unwrap_or(false) })
    }

    /// The mark `assumed`, if given; the outer `None` with a problem reported.
    fn assumed(&mut self, item: &str, table: &DeTable<'_>) -> Option<Option<bool>> {
        let Some(value) = table.get("assumed") else { return Some(None) };
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.bad_mark(item, "assumed", "true or false", value.span());
        }
        flag.map(Some)
    }

    fn bad_mark(&mut self, item: &str, key: &str, expected: &'static str, span: Range<usize>) {
        self.report(span, LibraryFault::BadMark { item: item.into(), key: key.into(), expected });
    }

    /// Provenance of single fields.
    fn own_provenance(
        &mut self,
        item: &str,
        table: &DeTable<'_>,
        place: &Place,
        general: &Provenance,
    ) -> BTreeMap<String, Provenance> {
        let mut own = BTreeMap::new();
        if let Some(marks) = table.get("provenance") {
            match marks.get_ref().as_table() {
                Some(marks) => self.collect_provenance(item, "", marks, place, general, &mut own),
                None => self.bad_mark(item, "provenance", "a table", marks.span()),
            }
        }
        own
    }

    /// Goes down until a table says `source` or `assumed`.
    fn collect_provenance(
        &mut self,
        item: &str,
        prefix: &str,
        marks: &DeTable<'_>,
        place: &Place,
        general: &Provenance,
        own: &mut BTreeMap<String, Provenance>,
    ) {
        for (key, value) in marks {
            let field = format!("{prefix}{}", key.get_ref());
            let Some(mark) = value.get_ref().as_table() else {
                self.bad_mark(item, &format!("provenance.{field}"), "a table with `source`", value.span());
                continue;
            };
            if !place.fields.iter().any(|(known, _)| *known == field) {
                self.report(key.span(), LibraryFault::ProvenanceOfNothing { item: item.into(), field });
                continue;
            }
            let (source, assumed) = (mark.get("source"), mark.get("assumed"));
            if source.is_none() && assumed.is_none() {
                self.collect_provenance(item, &format!("{field}."), mark, place, general, own);
                continue;
            }
            let source = match source.map(|s| (s.get_ref().as_str(), s.span())) {
                None => general.source.clone(),
                Some((Some(text), _)) => text.trim().to_owned(),
                Some((None, span)) => {
                    self.bad_mark(item, &format!("provenance.{field}.source"), "a text", span);
                    continue;
                }
            };
            if let Some(assumed) = self.assumed(item, mark) {
                own.insert(field, Provenance { source, assumed: assumed.unwrap_or(false) });
            }
        }
    }
}

/// All fields of a table, those of its tables dotted, with the span of their keys.
fn collect_fields(prefix: &str, table: &DeTable<'_>, fields: &mut Vec<(String, Range<usize>)>) {
    for (key, value) in table {
        let field = format!("{prefix}{}", key.get_ref());
        fields.push((field.clone(), key.span().start..value.span().end.max(key.span().end)));
        if let Some(inner) = value.get_ref().as_table() {
            if let Some((_, span)) = fields.last_mut() {
                *span = key.span();
            }
            collect_fields(&format!("{field}."), inner, fields);
        }
    }
}
