//! What every study writes beside its own tables, charts and page.

use super::CliError;
use super::args::Format;
use crate::aging::LawKind;
use crate::output::TableFormat;
use crate::report::ProvenanceRow;
use crate::scenario::{Plan, Resolved};
use serde::Serialize;
use std::path::Path;

/// The resolved scenario.
pub(super) const MANIFEST: &str = "run.toml";

pub(super) fn formats(format: Format) -> Vec<TableFormat> {
    match format {
        Format::Parquet => vec![TableFormat::Parquet],
        Format::Csv => vec![TableFormat::Csv],
        Format::Both => vec![TableFormat::Parquet, TableFormat::Csv],
    }
}

/// Names of all files of a run, so that a foreign one in the way is found before the work.
pub(super) fn expected(frames: &[&str], others: &[&str], formats: &[TableFormat]) -> Vec<String> {
    let tables = frames.iter().flat_map(|name| formats.iter().map(move |f| format!("{name}.{}", f.ending())));
    let others = others.iter().chain(&[MANIFEST, "summary.json", "dictionary.csv"]);
    tables.chain(others.map(|name| (*name).to_owned())).collect()
}

/// The path as the user would type it.
pub(super) fn shown<'a>(written: &'a Path, asked: &'a Path) -> &'a Path {
    if asked.is_absolute() { written } else { asked }
}

/// What is told of a run of any kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// Title for people.
    pub title: &'a str,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Packs simulated, where packs are.
    pub packs: Option<u64>,
    /// Draws of a projection.
    pub draws: Option<u32>,
    /// Text of the scenario.
    pub scenario: &'a str,
    /// The file of used modules, where one is named.
    pub used_modules: Option<&'a str>,
    /// Other files that the scenario names, with their text.
    pub inputs: &'a [(&'a str, &'a str)],
    /// Every value used.
    pub resolved: &'a [Resolved],
}

impl<'a> Facts<'a> {
    /// Of a scenario of packs.
    pub(super) fn of(plan: &'a Plan) -> Self {
        Facts {
            title: &plan.title,
            seed: plan.seed,
            packs: Some(plan.packs),
            draws: None,
            scenario: &plan.text,
            used_modules: plan.sheet.as_deref(),
            inputs: &[],
            resolved: &plan.resolved,
        }
    }

    /// Metadata of each Parquet file.
    pub(super) fn metadata(&self) -> Vec<(String, String)> {
        [
            ("scenario", self.title.to_owned()),
            ("seed", self.seed.to_string()),
            ("version", env!("CARGO_PKG_VERSION").into()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec()
    }

    /// Every value of the run with what backs it.
    pub(super) fn provenance(&self) -> Vec<ProvenanceRow> {
        self.resolved
            .iter()
            .map(|r| ProvenanceRow {
                path: r.path.clone(),
                value: format!("{} {}", r.value, r.unit).trim_end().to_owned(),
                origin: r.origin.item().unwrap_or_else(|| r.origin.word()).to_owned(),
                source: r.source.clone(),
                assumed: r.assumed,
            })
            .collect()
    }

    /// The text of `run.toml`.
    pub(super) fn manifest(&self) -> Result<String, CliError> {
        let values = self.resolved.iter().map(|r| Value {
            path: &r.path,
            value: &r.value,
            unit: &r.unit,
            origin: r.origin.item().unwrap_or_else(|| r.origin.word()),
            source: &r.source,
            assumed: r.assumed,
        });
        let manifest = Manifest {
            tool: "packlife",
            version: env!("CARGO_PKG_VERSION"),
            target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
            // As text: a TOML integer holds only half of the seeds.
            seed: self.seed.to_string(),
            packs: self.packs,
            draws: self.draws,
            scenario: self.scenario,
            used_modules: self.used_modules,
            inputs: self.inputs.iter().map(|(name, text)| Input { name, text }).collect(),
            values: values.collect(),
        };
        toml::to_string(&manifest).map_err(|error| CliError::Manifest(error.to_string()))
    }
}

/// Sentences that a reader must not miss.
pub(super) fn warnings(plan: &Plan) -> Vec<String> {
    let mut out = plan.notes.clone();
    let laboratory: Vec<String> = plan
        .journey
        .laws
        .iter()
        .filter(|law| law.spec.kind == LawKind::Laboratory)
        .map(|law| format!("`{}` ({})", law.name, law.spec.title))
        .collect();
    if !laboratory.is_empty() {
        out.push(format!(
            "From the laboratory: {}. Fleets on the road have been seen to lose 1.8 to 2.3 % of capacity a year on average \
             (Geotab, 10,000 and 22,700 vehicles); laboratory laws may be milder.",
            laboratory.join(", ")
        ));
    }
    if plan.journey.laws.len() == 1 {
        out.push("One aging law was used: the choice of law is not part of the bands. Several can be named.".into());
    }
    out
}

/// What `run.toml` holds: enough to know, and to repeat, a run.
#[derive(Serialize)]
struct Manifest<'a> {
    tool: &'static str,
    version: &'static str,
    target: String,
    seed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    packs: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draws: Option<u32>,
    scenario: &'a str,
    /// The file of used modules, where one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_modules: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<Input<'a>>,
    values: Vec<Value<'a>>,
}

/// A file that the scenario names.
#[derive(Serialize)]
struct Input<'a> {
    name: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Value<'a> {
    path: &'a str,
    value: &'a str,
    unit: &'a str,
    origin: &'a str,
    source: &'a str,
    assumed: bool,
}
