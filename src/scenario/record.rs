//! Takes each value from the first place that has it, and writes down which place that was.

use super::fault::{Problem, ScenarioFault};
use super::key::{Fallback, Key, Literal};
use super::plan::{Origin, Resolved};
use super::site_load::LoadTable;
use super::tables::OneOrMany;
use super::walk::Written;
use crate::library::{At, Entry, Library, Spec};
use std::collections::BTreeSet;

/// Source of values that the scenario itself gives.
const HERE: &str = "this scenario";

/// A type that a key can have.
pub(super) trait Scalar: Clone {
    /// From a fixed default; `None` when the key's definition names a default of another type.
    fn from_literal(literal: Literal) -> Option<Self>;
    /// As people write it.
    fn text(&self) -> String;
}

macro_rules! scalar {
    ($( $ty:ty: $literal:pat => $value:expr; )*) => { $(
        impl Scalar for $ty {
            fn from_literal(literal: Literal) -> Option<Self> {
                match literal { $literal => $value, _ => None }
            }
            fn text(&self) -> String {
                self.to_string()
            }
        }
    )* };
}

scalar! {
    f64: Literal::Real(x) => Some(x);
    u64: Literal::Whole(n) => Some(n);
    u32: Literal::Whole(n) => u32::try_from(n).ok();
    bool: Literal::Flag(b) => Some(b);
    String: Literal::Text(s) => Some(s.to_owned());
}

impl Scalar for OneOrMany {
    fn from_literal(literal: Literal) -> Option<Self> {
        String::from_literal(literal).map(OneOrMany::One)
    }
    fn text(&self) -> String {
        self.clone().names().join(", ")
    }
}

impl Scalar for Vec<String> {
    fn from_literal(_: Literal) -> Option<Self> {
        None
    }
    fn text(&self) -> String {
        self.join(", ")
    }
}

impl Scalar for Vec<f64> {
    fn from_literal(_: Literal) -> Option<Self> {
        None
    }
    fn text(&self) -> String {
        self.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl Scalar for Vec<u32> {
    fn from_literal(_: Literal) -> Option<Self> {
        None
    }
    fn text(&self) -> String {
        self.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl Scalar for [f64; 2] {
    fn from_literal(_: Literal) -> Option<Self> {
        None
    }
    fn text(&self) -> String {
        format!("[{}, {}]", self[0], self[1])
    }
}

/// The record in the making. Methods return `None` after reporting a problem.
pub(super) struct Record<'a> {
    pub(super) library: &'a Library,
    pub(super) written: &'a Written,
    pub(super) problems: Vec<Problem>,
    /// The load's table, as read.
    pub(super) load_table: Option<LoadTable>,
    /// What is allowed, and yet should not be missed.
    pub(super) notes: Vec<String>,
    rows: Vec<Resolved>,
    /// Library values that stand in the rows under the name of a key.
    taken: BTreeSet<String>,
    /// Entries in order of first use.
    used: Vec<&'a Entry>,
}

impl<'a> Record<'a> {
    pub(super) fn new(library: &'a Library, written: &'a Written) -> Self {
        Record {
            library,
            written,
            problems: Vec::new(),
            load_table: None,
            notes: Vec::new(),
            rows: Vec::new(),
            taken: BTreeSet::new(),
            used: Vec::new(),
        }
    }

    fn row(&mut self, key: &Key, value: &impl Scalar, origin: Origin, source: &str, assumed: bool) {
        self.rows.push(Resolved {
            path: key.path(),
            value: value.text(),
            unit: key.unit.into(),
            origin,
            source: source.into(),
            assumed,
        });
    }

    /// Notes a value that is no key: of a file, say.
    pub(super) fn tell(&mut self, row: Resolved) {
        self.rows.push(row);
    }

    /// Notes a value of the scenario.
    pub(super) fn given<T: Scalar>(&mut self, key: &Key, value: T) -> T {
        self.row(key, &value, Origin::Scenario, HERE, false);
        value
    }

    /// A key with a fixed default, or a required one.
    pub(super) fn fixed<T: Scalar>(&mut self, key: &Key, given: Option<T>) -> Option<T> {
        if let Some(value) = given {
            return Some(self.given(key, value));
        }
        if let Fallback::Fixed { value, source, assumed } = key.fallback
            && let Some(value) = T::from_literal(value)
        {
            self.row(key, &value, Origin::Default, source, assumed);
            return Some(value);
        }
        let message = format!("`{}` has neither a value nor a default", key.path());
        let span = self.written.span(&key.path());
        self.problems.push(At::new(&self.written.source, span, ScenarioFault::Unread { message }));
        None
    }

    /// A key whose default is computed.
    pub(super) fn computed<T: Scalar>(&mut self, key: &Key, given: Option<T>, value: T) -> T {
        if let Some(value) = given {
            return self.given(key, value);
        }
        let source = match key.fallback {
            Fallback::Derived(words) => words,
            _ => "computed",
        };
        self.row(key, &value, Origin::Default, source, false);
        value
    }

    /// A key that stands for a field of an entry: the field's own value is used nowhere else.
    pub(super) fn field<T: Scalar>(&mut self, key: &Key, given: Option<T>, entry: &Entry, field: &str, value: T) -> T {
        self.taken.insert(format!("{}.{field}", entry.item()));
        self.default_field(key, given, entry, field, value)
    }

    /// A key whose default is a field of an entry, which is used beside it.
    pub(super) fn default_field<T: Scalar>(
        &mut self,
        key: &Key,
        given: Option<T>,
        entry: &Entry,
        field: &str,
        value: T,
    ) -> T {
        if let Some(value) = given {
            return self.given(key, value);
        }
        let item = format!("{}.{field}", entry.item());
        self.taken.insert(item.clone());
        let provenance = entry.provenance_of(field);
        if entry.is_overridden(field) {
            self.row(key, &value, Origin::Override, HERE, false);
        } else {
            self.row(key, &value, Origin::Library { item }, &provenance.source, provenance.assumed);
        }
        value
    }

    /// An entry by name, at the place of the path that named it.
    pub(super) fn entry<S: Spec>(&mut self, path: &str, name: &str) -> Option<(S, &'a Entry)> {
        match self.library.find::<S>(name) {
            Ok((spec, entry)) => {
                if !self.used.iter().any(|e| e.item() == entry.item()) {
                    self.used.push(entry);
                }
                Some((spec, entry))
            }
            Err(fault) => {
                let problem = At::new(&self.written.source, self.written.span(path), fault.into());
                self.problems.push(problem);
                None
            }
        }
    }

    /// The rows: keys, then the remaining values of every entry used.
    pub(super) fn finish(self) -> Vec<Resolved> {
        let mut rows = self.rows;
        // Values that fleets of a projection have told of already.
        let told: BTreeSet<String> = rows.iter().map(|row| row.path.clone()).collect();
        for entry in self.used {
            for value in entry.shown() {
                let item = format!("{}.{}", entry.item(), value.field);
                if value.field == "title" || self.taken.contains(&item) || told.contains(&item) {
                    continue;
                }
                let (origin, source, assumed) = if value.overridden {
                    (Origin::Override, HERE.to_owned(), false)
                } else {
                    (Origin::Library { item: item.clone() }, value.provenance.source, value.provenance.assumed)
                };
                rows.push(Resolved {
                    path: item,
                    value: value.value,
                    unit: value.unit.into(),
                    origin,
                    source,
                    assumed,
                });
            }
        }
        rows
    }
}
