//! The scenario that `packlife new` writes: the required keys filled in, all others shown with their defaults.

use super::key::{Fallback, Key, Kind, Literal, Presence, Table};
use super::reference::left_out;
use super::tables::root;
use crate::library::Library;
use std::fmt::Write;

/// A commented scenario that passes all checks.
pub fn starter(title: &str, library: &Library) -> String {
    let mut text = String::from(
        "# The story of the packs, from the vehicle to the recycler. Keys behind a `#` show what is taken when they\n\
         # are left out: take the `#` away to change one. Names in quotes are library entries (`packlife list`).\n\
         # `packlife explain` on this file shows every value that a run would use and where it comes from.\n",
    );
    for table in root::TABLE.all() {
        // Writing to a string cannot fail.
        let _ = write_table(&mut text, table, title, library);
    }
    text
}

fn write_table(text: &mut String, table: &'static Table, title: &str, library: &Library) -> std::fmt::Result {
    let off = matches!(table.presence, Presence::Optional | Presence::Overrides);
    let mark = if off { "# " } else { "" };
    if !table.path.is_empty() {
        writeln!(text, "\n# {}\n{mark}[{}]", table.line(), table.path)?;
    }
    for key in table.keys {
        let unit = if key.unit.is_empty() { String::new() } else { format!(" [{}]", key.unit) };
        let doc = format!("{}{unit}{}", key.line(), where_to_look(key));
        match key.fallback {
            Fallback::Required { example } => {
                let value = match (key.name, table.path) {
                    ("name", "") => toml::Value::String(title.into()).to_string(),
                    _ => required_value(key, example, library),
                };
                writeln!(text, "\n# {doc}\n{mark}{} = {value}", key.name)?;
            }
            Fallback::Fixed { value, .. } => writeln!(text, "\n# {doc}\n# {} = {value}", key.name)?,
            Fallback::Instead { example, words } => {
                writeln!(text, "\n# {doc}\n# {} = {example}  # or {words}", key.name)?;
            }
            Fallback::Derived(_) => writeln!(text, "\n# {doc}\n# {} = ...  (left out: {})", key.name, left_out(key))?,
            Fallback::Nothing if key.kind == Kind::Files => {
                writeln!(text, "\n# {doc}\n# {} = ...  (such as [\"weather.epw\"])", key.name)?;
            }
            Fallback::Nothing => writeln!(text, "\n# {doc}\n# {} = [\"my_entries.toml\"]", key.name)?,
        }
    }
    Ok(())
}

fn where_to_look(key: &Key) -> String {
    match key.kind {
        Kind::Entry(category) => format!(" (`packlife list {}`)", category.name()),
        _ => String::new(),
    }
}

/// The example, or the first entry of the category where the library lacks it.
fn required_value(key: &Key, example: Literal, library: &Library) -> String {
    match (key.kind, example) {
        (Kind::Entry(category), Literal::Text(name)) if !library.knows(category, name) => {
            library.names(category).first().map_or_else(|| example.to_string(), |first| format!("{first:?}"))
        }
        _ => example.to_string(),
    }
}
