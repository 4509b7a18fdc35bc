//! `packlife list` and `packlife show`.

use super::text::columns;
use super::{CliError, Outcome, print};
use crate::library::{Category, Entry, Library, nearest};
use std::path::PathBuf;

/// Longest value beside its name; a longer one gets a line of its own.
const VALUE_WIDTH: usize = 32;

/// The built-in library and the files on top of it.
pub(super) fn library_with(files: &[PathBuf]) -> Result<Library, CliError> {
    let mut library = Library::builtin().map_err(CliError::Library)?;
    for path in files {
        let text = std::fs::read_to_string(path).map_err(|error| CliError::File { path: path.clone(), error })?;
        library.add_text(&path.display().to_string(), &text).map_err(CliError::Library)?;
    }
    Ok(library)
}

/// Lists categories, or the entries of one.
pub(super) fn list(category: Option<&str>, files: &[PathBuf]) -> Result<Outcome, CliError> {
    let library = library_with(files)?;
    let rows: Vec<Vec<String>> = match category {
        None => {
            let row = |c: &Category| vec![c.name().into(), library.names(*c).len().to_string(), c.about().into()];
            Category::ALL.iter().map(row).collect()
        }
        Some(name) => {
            let category = Category::named(name).ok_or_else(|| CliError::NoCategory { name: name.into() })?;
            library.entries(category).map(|e| vec![e.name.clone(), e.title().unwrap_or("").into()]).collect()
        }
    };
    print(&columns(&rows))?;
    Ok(Outcome::Done)
}

/// Shows the entries of that name.
pub(super) fn show(item: &str, files: &[PathBuf]) -> Result<Outcome, CliError> {
    let library = library_with(files)?;
    let entries: Vec<&Entry> = match item.split_once('.') {
        Some((category, name)) => {
            let known = Category::named(category).ok_or_else(|| CliError::NoCategory { name: category.into() })?;
            library.entry(known, name).into_iter().collect()
        }
        None => Category::ALL.iter().filter_map(|category| library.entry(*category, item)).collect(),
    };
    if entries.is_empty() {
        let all: Vec<String> = Category::ALL.iter().flat_map(|c| library.entries(*c)).map(Entry::item).collect();
        let names = all.iter().map(|full| match item.contains('.') {
            true => full.as_str(),
            false => full.split_once('.').map_or(full.as_str(), |(_, name)| name),
        });
        let mut nearest = nearest(item, names, 3);
        nearest.dedup();
        return Err(CliError::NoItem { item: item.into(), nearest });
    }
    let texts: Vec<String> = entries.into_iter().map(entry_text).collect();
    print(&texts.join("\n"))?;
    Ok(Outcome::Done)
}

/// All values of an entry.
fn entry_text(entry: &Entry) -> String {
    let values = entry.shown();
    let (mut rows, mut long) = (Vec::new(), Vec::new());
    for value in &values {
        let mark = if value.provenance.assumed { "assumed" } else { "" };
        let beside = if value.value.chars().count() <= VALUE_WIDTH { value.value.clone() } else { "(below)".into() };
        if beside != value.value {
            long.push(format!("{} = {}\n", value.field, value.value));
        }
        rows.push(vec![value.field.clone(), beside, value.unit.into(), mark.into(), value.provenance.source.clone()]);
    }
    let assumed = values.iter().filter(|v| v.provenance.assumed).count();
    let mut text = format!("{}: {} values, {assumed} assumed\n\n{}", entry.item(), values.len(), columns(&rows));
    if !long.is_empty() {
        text.push('\n');
        text.push_str(&long.concat());
    }
    text
}
