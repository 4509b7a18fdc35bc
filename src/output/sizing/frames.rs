//! All tables of a study, in file order.

use super::{costs, designs, hours, options, paths, site_months, traces, years};
use crate::output::Frame;
use crate::sizing::SizingResult;

/// Names of the tables, in file order.
pub const FRAMES: [&str; 11] = [
    "designs",
    "years",
    "site_months",
    "site_hours",
    "dwell",
    "worst_week",
    "seasons",
    "paths",
    "options",
    "tornado",
    "costs",
];

/// The tables of a sizing study: `designs`, `years`, `site_months`, `site_hours`, `dwell`, `worst_week`, `seasons`,
/// `paths`, `options`, `tornado`, `costs`. A number that is missing or not finite is an empty field.
pub fn frames(result: &SizingResult) -> Vec<Frame> {
    vec![
        designs::designs(result),
        years::years(result),
        site_months::site_months(result),
        hours::site_hours(result),
        hours::dwell(result),
        traces::worst_week(result),
        traces::seasons(result),
        paths::paths(result),
        options::options(result),
        options::tornado(result),
        costs::costs(result),
    ]
}
