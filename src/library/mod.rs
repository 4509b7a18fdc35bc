//! Built-in and user entries (cells, vehicles, climates, ...) with the provenance of every value.
//!
//! A file holds tables `[<category>.<name>]` with the fields of the category's type, a `source`, an optional
//! `assumed = true`, and an optional table `provenance` for single fields:
//!
//! ```
//! use packlife::library::Library;
//!
//! let mut library = Library::builtin().expect("the built-in entries are sound");
//! library.add_text("mine.toml", r#"
//! [tests.quick]
//! source = "own bench, 2025"
//! title = "Quick look"
//! soh_bias = 0.0
//! soh_sd = 0.03
//! resistance_sd = 0.05
//! hours = 0.5
//! cost_usd_per_kwh = 1.0
//! provenance.cost_usd_per_kwh = { source = "guess", assumed = true }
//! "#).expect("sound");
//! let test: packlife::life::grading::TestSpec = library.get("quick").expect("just added");
//! assert_eq!(test.hours, 0.5);
//! ```

mod category;
mod check;
mod entry;
mod fault;
mod load;
mod nearest;
mod overrides;
mod specs;
mod specs_site;
#[cfg(test)]
mod tests;
mod unit;

pub use category::{Category, Spec};
pub use check::{Breach, Checks};
pub use entry::{Entry, Provenance, Shown, text_of};
pub use fault::{At, LibraryFault, SourceText, did_you_mean, list};
pub use nearest::{edit_distance, nearest};
pub use unit::unit_of;

use std::collections::{BTreeMap, BTreeSet};

/// All entries known to a study.
#[derive(Clone, Debug, Default)]
pub struct Library {
    entries: BTreeMap<(Category, String), Entry>,
    /// Entries that were there but wrong; their names still count as known, so that one mistake is told once.
    rejected: BTreeSet<(Category, String)>,
}

impl Library {
    /// A library without entries.
    pub fn empty() -> Self {
        Library::default()
    }

    /// The entries that come with the tool.
    ///
    /// # Errors
    /// Problems in the embedded files; a test of the crate keeps them sound.
    pub fn builtin() -> Result<Self, Vec<At<LibraryFault>>> {
        let mut library = Library::empty();
        let mut problems = Vec::new();
        for category in Category::ALL {
            let name = format!("library/{}.toml", category.name());
            problems.extend(library.add_text(&name, category.builtin_text()).err().unwrap_or_default());
        }
        if problems.is_empty() { Ok(library) } else { Err(problems) }
    }

    /// Adds the entries of a file; an entry of a known name replaces the earlier one.
    ///
    /// # Errors
    /// Every problem of the file with its place. Entries without a problem are added all the same.
    pub fn add_text(&mut self, name: &str, text: &str) -> Result<(), Vec<At<LibraryFault>>> {
        let loaded = load::load(&SourceText::new(name, text));
        for entry in loaded.entries {
            self.entries.insert((entry.category, entry.name.clone()), entry);
        }
        self.rejected.extend(loaded.rejected);
        if loaded.problems.is_empty() { Ok(()) } else { Err(loaded.problems) }
    }

    /// Entries that name others which are not there: call it when all files are added.
    pub fn broken_links(&self) -> Vec<At<LibraryFault>> {
        let mut problems = Vec::new();
        for entry in self.entries.values() {
            let links: &[(&'static str, Category)] = match entry.category {
                Category::Vehicles => &[("cell", Category::Cells)],
                Category::Cells => &[("composition", Category::Compositions), ("law", Category::Laws)],
                Category::Uses => &[("cycle", Category::Cycles), ("long_cycle", Category::Cycles)],
                Category::Systems => &[("converter", Category::Converters), ("load", Category::Loads)],
                _ => &[],
            };
            let text = |field: &str| entry.values.get(field).and_then(toml::Value::as_str).unwrap_or("");
            let mut report = |field: &str, fault| {
                problems.push(At::new(&entry.place.source, entry.place.span(field), fault));
            };
            for (field, category) in links {
                let name = text(field);
                if !self.knows(*category, name) {
                    let nearest = self.nearest(*category, name);
                    let (item, name) = (entry.item(), name.to_owned());
                    report(field, LibraryFault::UnknownLink { item, field, category: *category, name, nearest });
                }
            }
        }
        problems
    }

    /// An entry with its provenance.
    pub fn entry(&self, category: Category, name: &str) -> Option<&Entry> {
        self.entries.get(&(category, name.to_owned()))
    }

    /// An entry's values as their type, and the entry.
    ///
    /// # Errors
    /// When the category has no such entry.
    pub fn find<T: Spec>(&self, name: &str) -> Result<(T, &Entry), LibraryFault> {
        let entry = self.entry(T::CATEGORY, name).ok_or_else(|| LibraryFault::NoEntry {
            category: T::CATEGORY,
            name: name.into(),
            nearest: self.nearest(T::CATEGORY, name),
        })?;
        match entry.values.clone().try_into() {
            Ok(spec) => Ok((spec, entry)),
            Err(error) => Err(LibraryFault::Malformed { item: entry.item(), message: error.message().into() }),
        }
    }

    /// An entry's values as their type.
    ///
    /// # Errors
    /// When the category has no such entry.
    pub fn get<T: Spec>(&self, name: &str) -> Result<T, LibraryFault> {
        self.find(name).map(|(spec, _)| spec)
    }

    /// Names in a category, in order.
    pub fn names(&self, category: Category) -> Vec<&str> {
        self.entries(category).map(|e| e.name.as_str()).collect()
    }

    /// Entries of a category, by name.
    pub fn entries(&self, category: Category) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(move |e| e.category == category)
    }

    /// Whether a name is there, be its entry sound or not.
    pub fn knows(&self, category: Category, name: &str) -> bool {
        let key = (category, name.to_owned());
        self.entries.contains_key(&key) || self.rejected.contains(&key)
    }

    /// Names of a category like this one, best first.
    pub fn nearest(&self, category: Category, name: &str) -> Vec<String> {
        nearest(name, self.names(category), 3)
    }
}
