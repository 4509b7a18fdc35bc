//! The reference page of all keys, as Markdown.

use super::key::{Fallback, Key, Kind, Presence, Table};
use super::supply::keys::projection;
use super::tables::root;
use crate::supply::Param;
use std::fmt::Write;

/// `docs/scenario_reference.md`.
pub fn reference_page() -> String {
    let mut page = String::from(
        "# Keys of a scenario\n\n\
         A scenario is a TOML file. This page is generated from the definition of the keys; a test keeps it current.\n\
         `packlife new NAME` writes a file to start from, `packlife check FILE` finds what is wrong with one, and\n\
         `packlife explain FILE` shows every value that a run would use and where it comes from.\n\
         Names of library entries: `packlife list CATEGORY`; their values: `packlife show NAME`.\n",
    );
    for table in root::TABLE.all() {
        // Writing to a string cannot fail.
        let _ = write_table(&mut page, table, "Top of the file");
    }
    page.push_str(
        "\n# Keys of a projection of supply\n\n\
         A scenario with the table `[supply]` is a projection. Beside it stand only the keys below and `[overrides]`.\n",
    );
    let own = projection::TABLE.all().into_iter().filter(|table| table.presence != Presence::Overrides);
    for table in own {
        let _ = write_table(&mut page, table, "Top of a projection");
    }
    let _ = write_parameters(&mut page);
    page
}

/// The parameters that a table of a projection may hold.
fn write_parameters(page: &mut String) -> std::fmt::Result {
    writeln!(
        page,
        "\n## Parameters of a projection\n\n\
         Rows of the file `parameters`. What it leaves out is taken from `library/supply/parameters.csv`. The narrowest rule \
         that fits holds, the later of two alike; a row for all regions, chemistries and segments takes the place of all rows \
         of the tool's own table for that parameter. `low` and `high` are P10 and P90.\n\n\
         | parameter | unit | allowed | meaning |\n|---|---|---|---|"
    )?;
    for param in Param::ALL {
        let ([min, max], unit) = (param.range(), param.unit());
        writeln!(page, "| `{}` | {unit} | {min} to {max} | {} |", param.name(), param.doc().trim())?;
    }
    Ok(())
}

fn write_table(page: &mut String, table: &'static Table, top: &str) -> std::fmt::Result {
    match table.path {
        "" => writeln!(page, "\n## {top}\n")?,
        path => writeln!(page, "\n## `[{path}]`\n")?,
    }
    let presence = match table.presence {
        Presence::Required if table.path.is_empty() => "",
        Presence::Required => " This table must be there.",
        Presence::Defaulted => " May be left out.",
        Presence::Optional => "",
        Presence::Overrides => {
            " The path must exist and the type must fit; `packlife show NAME` shows the present values. The entry is \
             checked again with all replaced values."
        }
    };
    writeln!(page, "{}{presence}", table.line())?;
    if !table.keys.is_empty() {
        writeln!(page, "\n| key | holds | unit | allowed | left out | meaning |\n|---|---|---|---|---|---|")?;
    }
    for key in table.keys {
        let (name, unit, allowed) = (key.name, key.unit, key.allowed());
        let (holds, left_out, meaning) = (holds(key), left_out(key), key.line());
        writeln!(page, "| `{name}` | {holds} | {unit} | {allowed} | {left_out} | {meaning} |")?;
    }
    let sources = table.keys.iter().filter_map(|key| match key.fallback {
        Fallback::Fixed { source, assumed, .. } if !source.starts_with("setting") => Some((key.name, source, assumed)),
        _ => None,
    });
    for (row, (name, source, assumed)) in sources.enumerate() {
        if row == 0 {
            writeln!(page, "\nDefaults rest on:\n")?;
        }
        writeln!(page, "* `{name}`: {source}{}", if assumed { " (assumed)" } else { "" })?;
    }
    Ok(())
}

/// What a key holds, in words.
pub(super) fn holds(key: &Key) -> &'static str {
    match key.kind {
        Kind::Text => "text",
        Kind::Whole { .. } => "whole number",
        Kind::Real { .. } => "number",
        Kind::Window { .. } => "`[low, high]`",
        Kind::Flag => "true or false",
        Kind::Entry(_) => "name",
        Kind::Entries(_) => "name or list of names",
        Kind::Choice(_) => "word",
        Kind::Choices(_) => "word or list of words",
        Kind::Reals { .. } => "list of numbers",
        Kind::Wholes { .. } => "list of whole numbers",
        Kind::Paths => "list of files",
        Kind::Files => "file or list of files",
    }
}

/// What happens when a key is left out, in words.
pub(super) fn left_out(key: &Key) -> String {
    match key.fallback {
        Fallback::Required { .. } => "required".into(),
        Fallback::Fixed { value, .. } => format!("`{value}`"),
        Fallback::Derived(words) | Fallback::Instead { words, .. } => words.into(),
        Fallback::Nothing => "none".into(),
    }
}
