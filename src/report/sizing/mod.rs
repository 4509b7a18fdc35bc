//! Figures and page of a sizing study.

mod contour;
mod costs;
mod dwell;
mod fan;
mod html;
mod labels;
mod map;
mod missing;
mod months;
mod seasons;
mod service;
mod tables;
mod tornado;
mod week;

#[cfg(test)]
mod tests;

use super::Figure;
use crate::sizing::SizingResult;

pub use html::{SizingInput, html};

/// File names of the figures, in order.
pub const FILES: [&str; 10] = [
    "map.svg",
    "lpsp.svg",
    "soh.svg",
    "worst_week.svg",
    "seasons.svg",
    "months.svg",
    "missing.svg",
    "dwell.svg",
    "costs.svg",
    "tornado.svg",
];

/// Draws all figures of a sizing study. A figure without data says so.
pub fn figures(result: &SizingResult) -> Vec<Figure> {
    vec![
        map::map(result),
        service::service(result),
        fan::fan(result),
        week::week(result),
        seasons::seasons(result),
        months::months(result),
        missing::missing(result),
        dwell::dwell(result),
        costs::costs(result),
        tornado::tornado(result),
    ]
}
