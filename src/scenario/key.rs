//! What a key is: the one form behind parsing, checks, schema, reference page and starter file.

use crate::library::Category;

/// What a key may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Any text that is not blank.
    Text,
    /// A whole number in a closed range.
    Whole {
        /// Least.
        min: u64,
        /// Most.
        max: u64,
    },
    /// A finite number in a closed range.
    Real {
        /// Least.
        min: f64,
        /// Most.
        max: f64,
    },
    /// `[low, high]`, low below high, both in a closed range.
    Window {
        /// Least.
        min: f64,
        /// Most.
        max: f64,
    },
    /// True or false.
    Flag,
    /// Name of a library entry.
    Entry(Category),
    /// Name of a library entry, or a list of such names.
    Entries(Category),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One or several of these words.
    Choices(&'static [&'static str]),
    /// A list of finite numbers in a closed range.
    Reals {
        /// Least.
        min: f64,
        /// Most.
        max: f64,
    },
    /// A list of whole numbers in a closed range.
    Wholes {
        /// Least.
        min: u64,
        /// Most.
        max: u64,
    },
    /// Files, relative to the scenario.
    Paths,
    /// A file, or a list of files, relative to the scenario.
    Files,
}

/// A value that stands in when a key is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Literal {
    /// A number.
    Real(f64),
    /// A whole number.
    Whole(u64),
    /// True or false.
    Flag(bool),
    /// A text.
    Text(&'static str),
}

impl std::fmt::Display for Literal {
    /// As TOML, reals always with a point.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Literal::Real(x) => write!(f, "{x:?}"),
            Literal::Whole(n) => write!(f, "{n}"),
            Literal::Flag(b) => write!(f, "{b}"),
            Literal::Text(s) => write!(f, "{s:?}"),
        }
    }
}

/// What happens when a key is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fallback {
    /// It must be given; the literal is an example.
    Required {
        /// A value that makes sense.
        example: Literal,
    },
    /// A fixed value.
    Fixed {
        /// The value.
        value: Literal,
        /// Where it comes from.
        source: &'static str,
        /// Whether it is judgement only.
        assumed: bool,
    },
    /// Another key in its place, or this one; the literal is an example.
    Instead {
        /// A value that makes sense.
        example: Literal,
        /// What does in its place.
        words: &'static str,
    },
    /// Taken from the library or computed; the words say which.
    Derived(&'static str),
    /// Nothing.
    Nothing,
}

/// A fixed value with a source.
pub const fn sourced(value: Literal, source: &'static str) -> Fallback {
    Fallback::Fixed { value, source, assumed: false }
}

/// A fixed value that is assumed, with what speaks for it.
pub const fn assumed(value: Literal, source: &'static str) -> Fallback {
    Fallback::Fixed { value, source, assumed: true }
}

/// A fixed value that is a setting, not a claim about the world.
pub const fn setting(value: Literal) -> Fallback {
    Fallback::Fixed { value, source: "setting of the tool", assumed: false }
}

/// A key that must be given.
pub const fn required(example: &'static str) -> Fallback {
    Fallback::Required { example: Literal::Text(example) }
}

/// A number that must be given.
pub const fn required_real(example: f64) -> Fallback {
    Fallback::Required { example: Literal::Real(example) }
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Path of its table, empty at the top.
    pub table: &'static str,
    /// Name.
    pub name: &'static str,
    /// What it says, one or more lines.
    pub doc: &'static str,
    /// Unit, empty for none.
    pub unit: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// What happens when it is left out.
    pub fallback: Fallback,
}

impl Key {
    /// Dotted path.
    pub fn path(&self) -> String {
        join(self.table, self.name)
    }

    /// The doc as one line.
    pub fn line(&self) -> String {
        one_line(self.doc)
    }

    /// Whether it must be given (in a table that is given).
    pub fn is_required(&self) -> bool {
        matches!(self.fallback, Fallback::Required { .. })
    }

    /// The values it may hold, in words; empty where any text will do.
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Text | Kind::Paths | Kind::Files | Kind::Flag => String::new(),
            Kind::Whole { min, max } if max == u64::MAX => format!("{min} or more"),
            Kind::Whole { min, max } => format!("{min} to {max}"),
            Kind::Real { min, max } | Kind::Window { min, max } => format!("{min} to {max}"),
            Kind::Entry(category) => format!("an entry of `{}`", category.name()),
            Kind::Entries(category) => format!("one or several entries of `{}`", category.name()),
            Kind::Reals { min, max } => format!("{min} to {max} each"),
            Kind::Wholes { min, max } => format!("{min} to {max} each"),
            Kind::Choice(words) | Kind::Choices(words) => {
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// Whether a table must stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// Left out, its keys take their defaults.
    Defaulted,
    /// Left out, what it describes is not there.
    Optional,
    /// A table of free dotted paths into the library.
    Overrides,
}

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Dotted path, empty at the top.
    pub path: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// Whether it must stand in the file.
    pub presence: Presence,
    /// Keys in order.
    pub keys: &'static [Key],
    /// Tables inside it, in order.
    pub tables: &'static [&'static Table],
}

impl Table {
    /// Last part of the path.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// This table and those inside it, in order.
    pub fn all(&'static self) -> Vec<&'static Table> {
        let mut found = vec![self];
        for inner in self.tables {
            found.extend(inner.all());
        }
        found
    }

    /// The doc as one line.
    pub fn line(&self) -> String {
        one_line(self.doc)
    }
}

/// A name without the mark of a raw identifier (`use` is a word of Rust).
pub const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', rest @ ..] => match core::str::from_utf8(rest) {
            Ok(bare) => bare,
            Err(_) => name,
        },
        _ => name,
    }
}

/// Path of a name inside a table.
pub fn join(table: &str, name: &str) -> String {
    if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") }
}

fn one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Defines a table of the scenario once: a module with the typed form that serde fills (`File`), the description of
/// each key under its own name (`KEYS.<key>`), and the description of the table (`TABLE`).
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $module:ident at $path:literal, $presence:ident;
        $( $(#[doc = $doc:literal])+ $key:ident: $ty:ty, $unit:literal, $kind:expr, $fallback:expr; )*
        $( tables $( $sub:ident: $subty:ty ),+ ; )?
    ) => {
        $(#[doc = $about])+
        pub mod $module {
            #[allow(unused_imports)]
            use super::*;

            /// What was written.
            #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct File {
                $( $(#[doc = $doc])+ #[serde(default)] pub $key: Option<$ty>, )*
                $($( #[doc = concat!("Table `", stringify!($sub), "`.")] #[serde(default)] pub $sub: $subty, )+)?
            }

            /// Description of each key.
            #[derive(Clone, Copy, Debug)]
            pub struct Keys { $( $(#[doc = $doc])+ pub $key: Key, )* }

            /// Description of each key, by name.
            pub const KEYS: Keys = Keys {
                $( $key: Key {
                    table: $path,
                    name: plain(stringify!($key)),
                    doc: concat!($($doc),+),
                    unit: $unit,
                    kind: $kind,
                    fallback: $fallback,
                }, )*
            };

            /// Description of the table.
            pub static TABLE: Table = Table {
                path: $path,
                doc: concat!($($about),+),
                presence: Presence::$presence,
                keys: &[ $( KEYS.$key, )* ],
                tables: &[ $($( &super::$sub::TABLE, )+)? ],
            };
        }
    };
}
pub(super) use table;
