//! Figures and page of a projection of supply.

mod flows;
mod html;
mod materials;
mod money;
mod offered;
mod published;
mod retired;
mod stock;
mod tables;
mod variance;

#[cfg(test)]
mod tests;

use super::Figure;
use super::axes::{Panel, fan};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, text_width};
use crate::output::supply::{Estimate, View};
use crate::output::words::thousands;
use crate::supply::{SupplyPlan, SupplyResult};

pub use html::{SupplyInput, html};

/// File names of the figures, in order.
pub const FILES: [&str; 8] = [
    "supply.svg",
    "published.svg",
    "retired.svg",
    "flows.svg",
    "second_life_stock.svg",
    "materials.svg",
    "money.svg",
    "variance.svg",
];

/// Draws all figures of a projection. A figure without data says so.
pub fn figures(plan: &SupplyPlan, result: &SupplyResult) -> Vec<Figure> {
    let view = View::new(plan, result);
    vec![
        offered::offered(&view),
        published::published(&view),
        retired::retired(&view),
        flows::flows(&view),
        stock::stock(&view),
        materials::materials(&view),
        money::money(&view),
        variance::variance(&view),
    ]
}

/// What lines and bands are.
fn legend_of_bands(view: &View<'_>) -> String {
    match view.result.draws {
        0 => "Central values; no draws were made, so no uncertainty is shown.".into(),
        n => format!("Line: central value; band: P10 to P90 of {} draws.", thousands(f64::from(n))),
    }
}

/// First and last year of an axis.
fn span(view: &View<'_>) -> [f64; 2] {
    let first = f64::from(view.plan.first_year);
    [first, first + (view.plan.years.saturating_sub(1) as f64).max(1.0)]
}

/// Central line with its band; `scale` brings values to the axis. Years whose highest value is below `least` are left out.
fn band(
    canvas: &mut Canvas<'_>,
    panel: &Panel,
    view: &View<'_>,
    values: &[Estimate],
    (least, scale): (f64, impl Fn(f64) -> f64),
    tint: Colour,
) {
    let line = |get: &dyn Fn(&Estimate) -> Option<f64>| -> Vec<(f64, f64)> {
        let points = view.years().zip(values);
        let points = points.filter(|(_, e)| highest([*e]) >= least);
        points.filter_map(|(year, e)| Some(panel.at(f64::from(year), scale(get(e)?)))).collect()
    };
    let (low, high) = (line(&|e| e.band.map(|b| b.p10)), line(&|e| e.band.map(|b| b.p90)));
    fan(canvas, &low, &line(&|e| Some(e.central)), &high, tint);
}

/// Highest value of central lines and bands.
fn highest<'a>(values: impl IntoIterator<Item = &'a Estimate>) -> f64 {
    values.into_iter().map(|e| e.band.map_or(e.central, |b| b.p90.max(e.central))).fold(0.0, f64::max)
}

/// Values as they are, on an axis from zero.
const LINEAR: (f64, fn(f64) -> f64) = (0.0, |x| x);

/// Colours and their names from left to right.
fn legend(canvas: &mut Canvas<'_>, left: f64, y: f64, names: &[(&str, Colour)]) {
    let mut x = left;
    for (name, tint) in names {
        canvas.rect(x, y - 7.0, x + 20.0, y + 7.0, *tint, 1.0);
        canvas.text(x + 27.0, y, SMALL, Anchor::Start, colour::INK, name);
        x += 27.0 + text_width(name, SMALL) + 18.0;
    }
}
