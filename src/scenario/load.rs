//! From a text to a plan.

use super::fault::{Problem, ScenarioFault};
use super::plan::{Origin, Plan, Resolved, assumed_count, sources};
use super::record::Record;
use super::resolve::Traces;
use super::supply::{SupplyFault, SupplyScenario, keys::projection};
use super::tables::{first_life, root};
use super::walk::{Walked, Written, end_of, is_projection, overrides, walk};
use super::{contradictions, resolve, sheet, site_load, supply, weather};
use crate::duty::SpeedTrace;
use crate::library::{At, Library, SourceText};
use crate::life::CONSTANTS;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

/// Why a scenario did not become a plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// The scenario, or a library file it names, has problems.
    #[error("{} problem(s) in the scenario", .0.len())]
    Problems(Vec<Problem>),
}

/// A scenario of either kind.
#[derive(Clone, Debug)]
pub enum Scenario {
    /// The life of packs, or a sizing study.
    Packs(Box<Plan>),
    /// A projection of supply.
    Supply(Box<SupplyScenario>),
}

impl Scenario {
    /// Title for people.
    pub fn title(&self) -> &str {
        match self {
            Scenario::Packs(plan) => &plan.title,
            Scenario::Supply(scenario) => &scenario.title,
        }
    }

    /// Every value used, with its origin.
    pub fn resolved(&self) -> &[Resolved] {
        match self {
            Scenario::Packs(plan) => &plan.resolved,
            Scenario::Supply(scenario) => &scenario.resolved,
        }
    }

    /// What is allowed, and yet should not be missed.
    pub fn notes(&self) -> &[String] {
        match self {
            Scenario::Packs(plan) => &plan.notes,
            Scenario::Supply(scenario) => &scenario.notes,
        }
    }

    /// Values that only judgement backs; one used under two paths counts once.
    pub fn assumed_count(&self) -> usize {
        assumed_count(self.resolved())
    }

    /// Sources of the values used, each once, in order of first use.
    pub fn sources(&self) -> Vec<&str> {
        sources(self.resolved())
    }
}

/// Reads, checks and resolves a scenario file of either kind with the built-in library.
///
/// # Errors
/// The file cannot be read, or it has problems: all of them at once.
pub fn read(path: &Path) -> Result<Scenario, LoadError> {
    let text = std::fs::read_to_string(path).map_err(|error| LoadError::Unreadable { path: path.into(), error })?;
    let source = SourceText::new(path.display().to_string(), text);
    let stem = path.file_stem().map_or_else(|| "scenario".to_owned(), |s| s.to_string_lossy().into_owned());
    let folder = path.parent().unwrap_or(Path::new(""));
    let library = Library::builtin().map_err(|problems| LoadError::Problems(from_library(problems)))?;
    let table = parse(&source).map_err(LoadError::Problems)?;
    let scenario = match is_projection(table.get_ref()) {
        true => supply_from(&source, &stem, folder, library).map(|s| Scenario::Supply(Box::new(s))),
        false => plan_from(&source, &stem, folder, library).map(|p| Scenario::Packs(Box::new(p))),
    };
    scenario.map_err(LoadError::Problems)
}

/// Reads, checks and resolves a scenario of packs with the built-in library.
///
/// # Errors
/// The file cannot be read, or it has problems: all of them at once; a projection is one.
pub fn load(path: &Path) -> Result<Plan, LoadError> {
    match read(path)? {
        Scenario::Packs(plan) => Ok(*plan),
        Scenario::Supply(scenario) => {
            let source = SourceText::new(path.display().to_string(), scenario.text);
            Err(LoadError::Problems(vec![At::new(&source, 0..0, SupplyFault::IsProjection.into())]))
        }
    }
}

/// Reads, checks and resolves a projection of supply with the built-in library.
///
/// # Errors
/// The file cannot be read, or it has problems: all of them at once; the life of packs is one.
pub fn load_supply(path: &Path) -> Result<SupplyScenario, LoadError> {
    match read(path)? {
        Scenario::Supply(scenario) => Ok(*scenario),
        Scenario::Packs(plan) => {
            let source = SourceText::new(path.display().to_string(), plan.text);
            Err(LoadError::Problems(vec![At::new(&source, 0..0, SupplyFault::NoProjection.into())]))
        }
    }
}

/// Checks and resolves the text of a projection; the files that it names are read from `folder`.
///
/// # Errors
/// All problems at once, in the order of the text; those of its files after them.
pub fn supply_from(
    source: &Arc<SourceText>,
    name: &str,
    folder: &Path,
    mut library: Library,
) -> Result<SupplyScenario, Vec<Problem>> {
    let table = parse(source)?;
    if !is_projection(table.get_ref()) {
        return Err(vec![At::new(source, 0..0, SupplyFault::NoProjection.into())]);
    }
    let (written, mut problems) = against_keys(source, table.get_ref(), folder, &mut library);
    if problems.is_empty() {
        problems.extend(from_library(library.broken_links()));
    }
    if !problems.is_empty() {
        return Err(in_order(problems, source));
    }
    let file = projection::File::deserialize(Deserializer::from(table)).map_err(|error| unread(source, &error))?;
    let title = file.name.clone().unwrap_or_default();
    let mut record = Record::new(&library, &written);
    let Some(found) = supply::resolve(file, folder, &mut record) else {
        return Err(in_order(record.problems, source));
    };
    let notes = std::mem::take(&mut record.notes);
    Ok(SupplyScenario {
        name: name.into(),
        title,
        plan: found.plan,
        physics: found.physics,
        resolved: record.finish(),
        notes,
        text: source.text.clone(),
        files: found.files,
    })
}

/// The tree against library, keys and overrides: where things stand, and what is wrong.
fn against_keys(
    source: &Arc<SourceText>,
    table: &DeTable<'_>,
    folder: &Path,
    library: &mut Library,
) -> (Written, Vec<Problem>) {
    let mut problems = add_files(source, table, folder, library);
    problems.extend(from_library(library.broken_links()));
    let Walked { written, problems: walked } = walk(source, table, library);
    problems.extend(walked);
    problems.extend(apply_overrides(source, table, library));
    (written, problems)
}

fn unread(source: &Arc<SourceText>, error: &toml::de::Error) -> Vec<Problem> {
    let span = error.span().unwrap_or_else(|| end_of(&source.text));
    vec![At::new(source, span, ScenarioFault::Unread { message: error.message().into() })]
}

/// Checks and resolves a scenario's text; library files that it names are read from `folder`.
///
/// # Errors
/// All problems at once, in the order of the text.
pub fn plan_from(
    source: &Arc<SourceText>,
    name: &str,
    folder: &Path,
    mut library: Library,
) -> Result<Plan, Vec<Problem>> {
    let table = parse(source)?;
    if is_projection(table.get_ref()) {
        return Err(vec![At::new(source, 0..0, SupplyFault::IsProjection.into())]);
    }
    let (written, mut problems) = against_keys(source, table.get_ref(), folder, &mut library);
    let sheet = sheet::of_scenario(source, table.get_ref(), folder).unwrap_or_else(|faults| {
        problems.extend(faults);
        None
    });
    // An override may have led a link astray; files were looked at before, so only ask when all else is sound.
    if problems.is_empty() {
        problems.extend(from_library(library.broken_links()));
    }
    if !problems.is_empty() {
        return Err(in_order(problems, source));
    }
    let file = root::File::deserialize(Deserializer::from(table)).map_err(|error| unread(source, &error))?;
    let traces = read_traces(source, &file.first_life, folder, &written)?;
    let weather = weather::read(source, &file.first_life, &file.second_life, folder, &written)?;
    let title = file.name.clone().unwrap_or_default();
    let load_table = site_load::read(source, &file.second_life.load, folder, &written)?;
    let load_name = file.second_life.load.file.clone().or_else(|| file.second_life.load.profile.clone());
    let mut record = Record::new(&library, &written);
    record.load_table = load_table;
    let sheet_text = sheet.as_ref().map(|sheet| sheet.source.text.clone());
    let Some((seed, packs, journey, sizing)) = resolve::resolve(file, (traces, weather), sheet, &mut record) else {
        return Err(in_order(record.problems, source));
    };
    let load_name = load_name.unwrap_or_else(|| journey.second_life.system.load.clone());
    let found = contradictions::contradictions(&journey, &load_name, &written);
    if !found.is_empty() {
        return Err(in_order(found, source));
    }
    let notes = std::mem::take(&mut record.notes);
    let mut resolved = record.finish();
    resolved.extend(model_values());
    Ok(Plan {
        name: name.into(),
        title,
        seed,
        packs,
        journey,
        sizing,
        resolved,
        notes,
        text: source.text.clone(),
        sheet: sheet_text,
    })
}

/// What no key and no entry holds: the constants of the stages.
fn model_values() -> Vec<Resolved> {
    let row = |name: &str, value: String, unit: &str, source: &str, assumed| Resolved {
        path: format!("model.{name}"),
        value,
        unit: unit.into(),
        origin: Origin::Default,
        source: source.into(),
        assumed,
    };
    CONSTANTS.iter().map(|c| row(&c.name.to_lowercase(), c.value.to_string(), c.unit, c.reason.trim(), true)).collect()
}

/// The tree, or what is broken in the text.
fn parse(source: &Arc<SourceText>) -> Result<Spanned<DeTable<'_>>, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let end = end_of(&source.text);
    if !errors.is_empty() {
        // One slip often breaks several rules on the same line: the first tells enough.
        let mut lines = std::collections::BTreeSet::new();
        let line_of =
            |at: usize| source.text.as_bytes()[..at.min(source.text.len())].iter().filter(|b| **b == b'\n').count();
        let broken = errors.iter().filter_map(|error| {
            let span = error.span().unwrap_or(end.clone());
            lines
                .insert(line_of(span.start))
                .then(|| At::new(source, span, ScenarioFault::Syntax { message: error.message().into() }))
        });
        return Err(in_order(broken.collect(), source));
    }
    if table.get_ref().is_empty() {
        return Err(vec![At::new(source, 0..0, ScenarioFault::Empty)]);
    }
    Ok(table)
}

/// Adds the library files that the scenario names.
fn add_files(source: &Arc<SourceText>, table: &DeTable<'_>, folder: &Path, library: &mut Library) -> Vec<Problem> {
    let mut problems = Vec::new();
    let files = table.get("library").and_then(|v| v.get_ref().as_array());
    for file in files.into_iter().flat_map(|files| files.iter()) {
        // A file of another type, or a blank one, is told by the walk.
        let Some(name) = file.get_ref().as_str().filter(|name| !name.trim().is_empty()) else { continue };
        let path = folder.join(name);
        let shown = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => problems.extend(from_library(library.add_text(&shown, &text).err().unwrap_or_default())),
            Err(error) => {
                let fault = ScenarioFault::Unreadable { file: shown, reason: error.to_string() };
                problems.push(At::new(source, file.span(), fault));
            }
        }
    }
    problems
}

/// Reads the drives that the scenario names.
fn read_traces(
    source: &Arc<SourceText>,
    file: &first_life::File,
    folder: &Path,
    written: &Written,
) -> Result<Traces, Vec<Problem>> {
    let keys = &first_life::KEYS;
    let mut problems = Vec::new();
    let traces = [(&keys.speed_trace, &file.speed_trace), (&keys.long_speed_trace, &file.long_speed_trace)].map(
        |(key, name)| {
            let path = folder.join(name.as_ref()?);
            let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
            let trace = read.and_then(|text| SpeedTrace::parse(&text).map_err(|error| error.to_string()));
            let fault = |reason| ScenarioFault::SpeedTrace { file: path.display().to_string(), reason };
            trace.map_err(|reason| problems.push(At::new(source, written.span(&key.path()), fault(reason)))).ok()
        },
    );
    if problems.is_empty() { Ok(traces) } else { Err(problems) }
}

fn apply_overrides(source: &Arc<SourceText>, table: &DeTable<'_>, library: &mut Library) -> Vec<Problem> {
    let (of_supply, found): (Vec<_>, Vec<_>) =
        overrides(table).into_iter().partition(|(path, ..)| path.starts_with("supply."));
    let told = of_supply
        .into_iter()
        .map(|(path, span, _)| At::new(source, span, SupplyFault::OverrideOfSupply { path }.into()));
    let (spans, values): (Vec<_>, Vec<_>) = found.into_iter().map(|(path, span, value)| (span, (path, value))).unzip();
    let faults = library.set_all(&values).err().unwrap_or_default();
    let place = |index: usize| spans.get(index).cloned().unwrap_or_else(|| end_of(&source.text));
    let faults = faults.into_iter().map(|(index, fault)| At::new(source, place(index), fault.into()));
    told.chain(faults).collect()
}

fn from_library(problems: Vec<At<crate::library::LibraryFault>>) -> Vec<Problem> {
    problems.into_iter().map(|problem| problem.map(ScenarioFault::from)).collect()
}

/// By place; those of library files after those of the scenario.
fn in_order(mut problems: Vec<Problem>, source: &Arc<SourceText>) -> Vec<Problem> {
    problems.sort_by_key(|p| (!Arc::ptr_eq(&p.source, source), p.source.name.clone(), p.span.start));
    problems
}
