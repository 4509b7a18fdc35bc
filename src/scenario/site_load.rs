//! The load of a system: an entry, or a table of the user.

use super::fault::{Problem, ScenarioFault};
use super::record::Record;
use super::tables::load;
use super::walk::Written;
use crate::duty::{FileSpec, FrequencySeries, LoadBus, LoadSpec};
use crate::library::{At, Entry, SourceText};
use crate::life::repurposing::SystemSpec;
use std::path::Path;
use std::sync::Arc;

/// What the file of a load holds.
#[derive(Clone, Debug)]
pub(super) enum LoadTable {
    /// Power of the load.
    Power(FileSpec),
    /// Frequency of the grid, for a reserve.
    Frequency(FrequencySeries),
}

impl LoadTable {
    /// A text with a column `frequency_hz` is a frequency, any other a power.
    fn parse(text: &str) -> Result<LoadTable, String> {
        let mut header = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let is_frequency = header.next().is_some_and(|line| line.split(',').any(|name| name.trim() == "frequency_hz"));
        if is_frequency {
            return FrequencySeries::parse(text).map(LoadTable::Frequency).map_err(|e| e.to_string());
        }
        FileSpec::parse(text).map(LoadTable::Power).map_err(|e| e.to_string())
    }
}

/// Reads the table that a scenario names, if it does.
pub(super) fn read(
    source: &Arc<SourceText>,
    file: &load::File,
    folder: &Path,
    written: &Written,
) -> Result<Option<LoadTable>, Vec<Problem>> {
    let Some(name) = &file.file else { return Ok(None) };
    let path = folder.join(name);
    let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    let table = read.and_then(|text| LoadTable::parse(&text));
    table.map(Some).map_err(|reason| {
        let fault = ScenarioFault::LoadTable { file: path.display().to_string(), reason };
        vec![At::new(source, written.span(&load::KEYS.file.path()), fault)]
    })
}

/// The load; `None` after reporting a problem.
pub(super) fn load(
    file: load::File,
    system: &SystemSpec,
    system_entry: &Entry,
    r: &mut Record<'_>,
) -> Option<LoadSpec> {
    let k = &load::KEYS;
    let mut load = match (r.load_table.take(), file.file) {
        (Some(LoadTable::Power(table)), Some(name)) => {
            if r.written.has("second_life.load.profile") {
                let mut problem: Problem =
                    At::new(&r.written.source, r.written.span("second_life.load.file"), ScenarioFault::LoadAndTable);
                problem.related = vec![(r.written.span("second_life.load.profile"), "and this".to_owned())];
                r.problems.push(problem);
                return None;
            }
            let title = r.given(&k.file, name);
            LoadSpec { title, file: Some(table), ..LoadSpec::default() }
        }
        (table, name) => {
            let entry_name = r.field(&k.profile, file.profile, system_entry, "load", system.load.clone());
            let (mut load, entry) = r.entry::<LoadSpec>("second_life.load.profile", &entry_name)?;
            // A key that does not fit the load is told by the check for contradictions.
            if let Some(profile) = &mut load.profile {
                profile.daily_kwh =
                    r.field(&k.daily_kwh, file.daily_kwh, entry, "profile.daily_kwh", profile.daily_kwh);
            }
            if let Some(sessions) = &mut load.sessions {
                sessions.per_day =
                    r.field(&k.sessions_per_day, file.sessions_per_day, entry, "sessions.per_day", sessions.per_day);
            }
            if let (Some(LoadTable::Frequency(frequency)), Some(name)) = (table, name) {
                r.given(&k.file, name);
                let made_of = load.made_of();
                let Some(reserve) = &mut load.reserve else {
                    let fault = ScenarioFault::FrequencyForNoReserve { load: entry_name, made_of };
                    r.problems.push(At::new(&r.written.source, r.written.span("second_life.load.file"), fault));
                    return None;
                };
                reserve.table = Some(frequency);
            }
            load
        }
    };
    let own = if load.bus == LoadBus::Dc { "dc" } else { "ac" };
    load.bus = match r.computed(&k.bus, file.bus, own.to_owned()).as_str() {
        "dc" => LoadBus::Dc,
        _ => LoadBus::Ac,
    };
    Some(load)
}
