//! The figures of a study.

use super::{costs, decision, durations, exits, fan, grades, ledger, masses, unmet};
use crate::output::Tables;

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// File name.
    pub file: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// What it says, with numbers; not escaped.
    pub caption: String,
    /// The picture, 960 x 540 px.
    pub svg: String,
}

/// Draws all figures of a study. A figure without data says so.
pub fn figures(tables: &Tables) -> Vec<Figure> {
    vec![
        fan::soh(tables),
        fan::resistance(tables),
        exits::exits(tables),
        durations::durations(tables),
        unmet::unmet(tables),
        ledger::ledger(tables),
        masses::masses(tables),
        grades::grades(tables),
        costs::costs(tables),
        decision::decision(tables),
    ]
}
