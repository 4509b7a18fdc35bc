//! `packlife check`, `explain`, `new` and `schema`.

use super::text::{columns, short};
use super::{CliError, Outcome, print, report};
use crate::library::Library;
use crate::scenario::{Origin, Resolved, Scenario, json_schema, read, starter, supply_json_schema};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Checks files; problems of all of them are told.
pub(super) fn check(files: &[PathBuf]) -> Result<Outcome, CliError> {
    let mut outcome = Outcome::Done;
    for file in files {
        match read(file) {
            Ok(scenario) => {
                let (values, assumed) = (scenario.resolved().len(), scenario.assumed_count());
                print(&format!("{}: sound, {values} values, {assumed} of them assumed\n", file.display()))?;
                for note in scenario.notes() {
                    print(&format!("note: {note}\n"))?;
                }
            }
            Err(error) => {
                report(&error.into());
                outcome = Outcome::Refused;
            }
        }
    }
    Ok(outcome)
}

/// Shows where every value comes from.
pub(super) fn explain(file: &Path) -> Result<Outcome, CliError> {
    print(&explain_text(&read(file)?))?;
    Ok(Outcome::Done)
}

fn explain_text(scenario: &Scenario) -> String {
    let resolved = scenario.resolved();
    let header = ["value", "is", "unit", "decided by", "", "backed by"].map(str::to_owned).to_vec();
    let rows = resolved.iter().map(|row: &Resolved| {
        let mark = if row.assumed { "assumed" } else { "" };
        let (value, word) = (short(&row.value), row.origin.word().to_owned());
        vec![row.path.clone(), value, row.unit.clone(), word, mark.to_owned(), row.source.clone()]
    });
    let rows: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
    let count = |is: fn(&Origin) -> bool| resolved.iter().filter(|r| is(&r.origin)).count();
    format!(
        "{}\n\n{}\n{} values: {} from the scenario, {} from the library, {} defaults, {} overridden\n\
         {} values are assumed; {} sources\n",
        scenario.title(),
        columns(&rows),
        resolved.len(),
        count(|o| matches!(o, Origin::Scenario)),
        count(|o| matches!(o, Origin::Library { .. })),
        count(|o| matches!(o, Origin::Default)),
        count(|o| matches!(o, Origin::Override)),
        scenario.assumed_count(),
        scenario.sources().len(),
    )
}

/// Writes a starter file.
pub(super) fn new(name: &str) -> Result<Outcome, CliError> {
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let is_plain = Path::new(stem).file_name().is_some_and(|file| file == stem);
    if stem.trim().is_empty() || !is_plain {
        return Err(CliError::BadName { name: name.into() });
    }
    let path = PathBuf::from(format!("{stem}.toml"));
    let library = Library::builtin().map_err(CliError::Library)?;
    let written =
        std::fs::File::create_new(&path).and_then(|mut file| file.write_all(starter(stem, &library).as_bytes()));
    match written {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(CliError::Exists { path }),
        Err(error) => return Err(CliError::File { path, error }),
    }
    print(&format!("wrote {}; next: packlife check {0}\n", path.display()))?;
    Ok(Outcome::Done)
}

/// Prints the schema, of scenarios of packs or of projections of supply.
pub(super) fn schema(supply: bool) -> Result<Outcome, CliError> {
    let library = Library::builtin().map_err(CliError::Library)?;
    print(&if supply { supply_json_schema(&library) } else { json_schema(&library) })?;
    Ok(Outcome::Done)
}
