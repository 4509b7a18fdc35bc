//! What the report is made from.

use super::figure::Figure;
use crate::output::Summary;

/// A value of the plan and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenanceRow {
    /// Key in the plan.
    pub path: String,
    /// Value as text, with its unit.
    pub value: String,
    /// Where it was said: the scenario, a library entry, a default.
    pub origin: String,
    /// Source of the number.
    pub source: String,
    /// Whether it is only assumed.
    pub assumed: bool,
}

/// What the report is made from. All texts are plain; the report escapes them.
#[derive(Clone, Debug)]
pub struct ReportInput<'a> {
    /// Name of the scenario.
    pub title: &'a str,
    /// Summary of the study.
    pub summary: &'a Summary,
    /// Figures in order.
    pub figures: &'a [Figure],
    /// Text of the scenario.
    pub scenario_toml: &'a str,
    /// Values and their sources.
    pub provenance: &'a [ProvenanceRow],
    /// Further warnings, one sentence each.
    pub warnings: &'a [String],
    /// Version of the tool.
    pub version: &'a str,
    /// Seed of the study.
    pub seed: u64,
}
