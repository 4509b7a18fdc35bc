//! What a scenario means: checked numbers, and where each of them comes from.

use crate::life::plan::JourneyPlan;
use crate::sizing::SizingPlan;
use std::collections::BTreeSet;

/// A resolved scenario.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Stem of the scenario's file; results are named after it.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Packs simulated.
    pub packs: u64,
    /// The life of one pack.
    pub journey: JourneyPlan,
    /// A sizing study in place of single lives.
    pub sizing: Option<SizingPlan>,
    /// Every value used, with its origin: the scenario's keys first, then the library entries they lead to.
    pub resolved: Vec<Resolved>,
    /// What is allowed, and yet should not be missed.
    pub notes: Vec<String>,
    /// The scenario as written.
    pub text: String,
    /// The file of used modules as written, where one is named.
    pub sheet: Option<String>,
}

impl Plan {
    /// Values that only judgement backs; one used under two paths counts once.
    pub fn assumed_count(&self) -> usize {
        assumed_count(&self.resolved)
    }

    /// Sources of the values used, each once, in order of first use.
    pub fn sources(&self) -> Vec<&str> {
        sources(&self.resolved)
    }

    /// Takes another number of packs, as from the command line.
    pub fn set_packs(&mut self, packs: u64) {
        self.packs = packs;
        replace(&mut self.resolved, "packs", packs.to_string());
    }

    /// Takes another number of paths of a sizing study, as from the command line; other studies have none.
    pub fn set_paths(&mut self, paths: u32) {
        if let Some(sizing) = &mut self.sizing {
            sizing.paths = paths;
            replace(&mut self.resolved, "sizing.paths", paths.to_string());
        }
    }

    /// Takes another seed, as from the command line.
    pub fn set_seed(&mut self, seed: u64) {
        self.seed = seed;
        replace(&mut self.resolved, "seed", seed.to_string());
    }
}

/// Another value in the row of a path, as from the command line.
pub(super) fn replace(rows: &mut [Resolved], path: &str, value: String) {
    if let Some(row) = rows.iter_mut().find(|r| r.path == path) {
        (row.value, row.origin, row.source) = (value, Origin::Override, "command line".into());
    }
}

/// Values that only judgement backs; one used under two paths counts once.
pub(super) fn assumed_count(rows: &[Resolved]) -> usize {
    let assumed = rows.iter().filter(|r| r.assumed);
    assumed.map(|r| r.origin.item().unwrap_or(&r.path)).collect::<BTreeSet<_>>().len()
}

/// Sources of values, each once, in order of first use.
pub(super) fn sources(rows: &[Resolved]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    rows.iter().map(|r| r.source.as_str()).filter(|s| seen.insert(*s)).collect()
}

/// Where a value was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A key of the scenario.
    Scenario,
    /// A library entry.
    Library {
        /// `category.name.field`.
        item: String,
    },
    /// The key's default, or computed from other values.
    Default,
    /// `[overrides]` of the scenario, or the command line.
    Override,
}

impl Origin {
    /// One word.
    pub fn word(&self) -> &'static str {
        match self {
            Origin::Scenario => "scenario",
            Origin::Library { .. } => "library",
            Origin::Default => "default",
            Origin::Override => "override",
        }
    }

    /// The library value, if it is one.
    pub fn item(&self) -> Option<&str> {
        match self {
            Origin::Library { item } => Some(item),
            _ => None,
        }
    }
}

/// One value used, with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Dotted path: of the scenario's key, or `category.name.field`.
    pub path: String,
    /// Value as text.
    pub value: String,
    /// Unit, empty for none.
    pub unit: String,
    /// Where it was decided.
    pub origin: Origin,
    /// What backs it.
    pub source: String,
    /// Whether only judgement backs it.
    pub assumed: bool,
}
