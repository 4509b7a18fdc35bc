//! What can be wrong with library files and overrides, and where.

use super::category::Category;
use super::check::Breach;
use std::ops::Range;
use std::sync::Arc;

/// A text under the name shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Usually a path.
    pub name: String,
    /// The text itself.
    pub text: String,
}

impl SourceText {
    /// Shares a text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(SourceText { name: name.into(), text: text.into() })
    }
}

/// Something at a place in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct At<F> {
    /// The text.
    pub source: Arc<SourceText>,
    /// Byte range in it.
    pub span: Range<usize>,
    /// What it is.
    pub fault: F,
    /// Other places that belong to it, with a word on each.
    pub related: Vec<(Range<usize>, String)>,
}

impl<F> At<F> {
    /// A fault with no other places.
    pub fn new(source: &Arc<SourceText>, span: Range<usize>, fault: F) -> Self {
        At { source: Arc::clone(source), span, fault, related: Vec::new() }
    }

    /// The same place, another view of the fault.
    pub fn map<G>(self, f: impl FnOnce(F) -> G) -> At<G> {
        At { source: self.source, span: self.span, fault: f(self.fault), related: self.related }
    }
}

/// What can be wrong with a library file, an entry, or an override.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LibraryFault {
    /// Not TOML.
    #[error("broken TOML: {message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// A top-level table that is no category.
    #[error("unknown library category `{name}`")]
    UnknownCategory {
        /// As written.
        name: String,
        /// Known categories like it.
        nearest: Vec<String>,
    },
    /// Not a table where an entry belongs.
    #[error("`{item}` is {found}, not a table")]
    NotATable {
        /// Category or entry.
        item: String,
        /// What stands there.
        found: &'static str,
    },
    /// `source` is absent or blank.
    #[error("`{item}` does not say where its values come from")]
    NoSource {
        /// Entry.
        item: String,
    },
    /// `source`, `assumed` or `provenance` is of another form.
    #[error("`{key}` of `{item}` must be {expected}")]
    BadMark {
        /// Entry.
        item: String,
        /// Key.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
    /// Provenance of a value that the entry does not have.
    #[error("`{item}` gives the provenance of `{field}` but not the value")]
    ProvenanceOfNothing {
        /// Entry.
        item: String,
        /// Field.
        field: String,
    },
    /// A field that the category does not know.
    #[error("unknown field `{field}` of `{item}`")]
    UnknownField {
        /// Entry.
        item: String,
        /// As written.
        field: String,
        /// Known fields like it.
        nearest: Vec<String>,
    },
    /// Missing fields or wrong types.
    #[error("`{item}` does not fit its category: {message}")]
    Malformed {
        /// Entry.
        item: String,
        /// What the reader says.
        message: String,
    },
    /// A value that makes no sense.
    #[error("`{item}`: {breach}")]
    Breach {
        /// Entry.
        item: String,
        /// What is wrong with it.
        breach: Breach,
    },
    /// An entry that names another entry which is not there.
    #[error("`{field}` of `{item}` names `{name}`, which is not in `{}`", category.name())]
    UnknownLink {
        /// Entry.
        item: String,
        /// Field with the name.
        field: &'static str,
        /// Category of the missing entry.
        category: Category,
        /// Missing name.
        name: String,
        /// Names like it.
        nearest: Vec<String>,
    },
    /// An entry asked for by name is not there.
    #[error("`{name}` is not in the category `{}`", category.name())]
    NoEntry {
        /// Category.
        category: Category,
        /// As asked.
        name: String,
        /// Names like it.
        nearest: Vec<String>,
    },
    /// An override whose path leads nowhere.
    #[error("override `{path}`: there is no `{missing}`")]
    NoPath {
        /// Path as written.
        path: String,
        /// The part that is not there.
        missing: String,
        /// What stands there and is like it.
        nearest: Vec<String>,
    },
    /// An override of another type than the value it replaces.
    #[error("override `{path}`: expected {expected}, found {found}")]
    OverrideType {
        /// Path as written.
        path: String,
        /// Type of the present value.
        expected: &'static str,
        /// Type of the new value.
        found: &'static str,
    },
    /// An override that is NaN or infinite.
    #[error("override `{path}` is not a finite number")]
    OverrideNotFinite {
        /// Path as written.
        path: String,
    },
}

impl LibraryFault {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            LibraryFault::UnknownCategory { nearest, .. } => Some(match nearest.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("categories: {}", list(Category::ALL.iter().map(|c| c.name()))),
            }),
            LibraryFault::UnknownField { nearest, .. } | LibraryFault::NoPath { nearest, .. } => did_you_mean(nearest),
            LibraryFault::UnknownLink { nearest, category, .. } | LibraryFault::NoEntry { nearest, category, .. } => {
                Some(
                    did_you_mean(nearest)
                        .unwrap_or_else(|| format!("`packlife list {}` shows the names", category.name())),
                )
            }
            LibraryFault::NoSource { .. } => {
                Some("add `source = \"...\"`, and `assumed = true` where nothing backs the values".into())
            }
            LibraryFault::ProvenanceOfNothing { field, .. } => {
                Some(format!("give `{field}` or take its provenance out"))
            }
            LibraryFault::OverrideType { path, .. } => Some(match path.rsplit_once('.') {
                Some((item, _)) => format!("`packlife show {item}` shows the present values"),
                None => "write `category.name.field`".into(),
            }),
            _ => None,
        }
    }
}

/// "did you mean `a`, `b`?", or nothing to say.
pub fn did_you_mean(nearest: &[String]) -> Option<String> {
    (!nearest.is_empty())
        .then(|| format!("did you mean {}?", nearest.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" or ")))
}

/// Words in backticks, with commas.
pub fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}
