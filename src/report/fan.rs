//! SoH and resistance over both lives: bands side by side with the hand-over between them.

use super::axes::{Panel, fan, percent_tick, plain_tick, round_range};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::output::words::{number, percent, thousands};
use crate::output::{Frame, Quantiles, Tables, quantiles};

/// Fewest packs or systems behind a shown quantile, unless the study began with fewer.
const LEAST_ALIVE: f64 = 10.0;
/// Fewest of them as a share of those at the start.
const LEAST_SHARE: f64 = 0.05;
/// Space between the panels for the hand-over \[px\].
const GAP: f64 = 96.0;

/// A point of a band: year, alive, P10, P50, P90.
pub(super) struct Point {
    pub(super) year: f64,
    pub(super) band: [f64; 3],
}

/// Whether a quantile over so many alive is shown.
pub(super) fn enough(alive: f64, start: f64) -> bool {
    alive >= LEAST_ALIVE.min(start).max(LEAST_SHARE * start)
}

/// A life's band.
pub(super) struct Band {
    pub(super) points: Vec<Point>,
    /// Alive at the start.
    start: f64,
}

impl Band {
    /// Points of a life with enough packs or systems alive.
    pub(super) fn of(frame: &Frame, life: &str, quantity: &str) -> Band {
        let names = ["p10", "p50", "p90"].map(|p| format!("{quantity}_{p}"));
        let columns = names.each_ref().map(|n| frame.real(n));
        let (lives, months, alive) = (frame.text("life"), frame.whole("month"), frame.whole("alive"));
        let mut band = Band { points: Vec::new(), start: 0.0 };
        for (k, of) in lives.iter().enumerate() {
            let here = |c: &[Option<f64>]| c.get(k).copied().flatten();
            let (Some(month), Some(alive)) = (months.get(k).copied().flatten(), alive.get(k).copied().flatten()) else {
                continue;
            };
            let (Some(p10), Some(p50), Some(p90)) = (here(columns[0]), here(columns[1]), here(columns[2])) else {
                continue;
            };
            if of.as_deref() != Some(life) {
                continue;
            }
            band.start = band.start.max(alive as f64);
            if enough(alive as f64, band.start) {
                band.points.push(Point { year: month as f64 / 12.0, band: [p10, p50, p90] });
            }
        }
        band
    }

    fn years(&self) -> f64 {
        self.points.last().map_or(0.0, |p| p.year)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, panel: &Panel, colour: Colour) {
        let line = |k: usize| self.points.iter().map(|p| panel.at(p.year, p.band[k])).collect::<Vec<_>>();
        fan(canvas, &line(0), &line(1), &line(2), colour);
        if let [only] = &self.points[..] {
            canvas.dot(panel.px(only.year), panel.py(only.band[1]), 5.0, colour, 1.0);
        }
    }
}

/// What a figure follows over both lives.
struct Quantity {
    file: &'static str,
    title: &'static str,
    /// Start of the columns' names in `trajectories`.
    path: &'static str,
    /// Column of `packs` at the exit.
    at_exit: &'static str,
    /// Name of the axis.
    axis: &'static str,
    /// Number on the axis.
    tick: fn(f64) -> String,
    /// Name in the caption.
    noun: &'static str,
    /// Number in the caption.
    text: fn(f64) -> String,
}

/// SoH of the weakest module.
pub(crate) fn soh(tables: &Tables) -> Figure {
    let quantity = Quantity {
        file: "soh.svg",
        title: "State of health over both lives",
        path: "soh",
        at_exit: "exit_soh_min",
        axis: "SoH of the weakest module (capacity over nominal)",
        tick: percent_tick,
        noun: "SoH of the weakest module",
        text: percent,
    };
    figure(tables, &quantity)
}

/// Resistance over new.
pub(crate) fn resistance(tables: &Tables) -> Figure {
    let quantity = Quantity {
        file: "resistance.svg",
        title: "Resistance over both lives",
        path: "resistance",
        at_exit: "exit_resistance_mean",
        axis: "mean resistance over new",
        tick: plain_tick,
        noun: "resistance",
        text: |x| format!("{} times new", number(x)),
    };
    figure(tables, &quantity)
}

fn figure(tables: &Tables, quantity: &Quantity) -> Figure {
    let Quantity { file, title, path, text, .. } = *quantity;
    let first = Band::of(&tables.trajectories, "first", path);
    let second = Band::of(&tables.trajectories, "second", path);
    let exit = quantiles(tables.packs.real(quantity.at_exit));
    let (Some(exit), false) = (exit, first.points.is_empty()) else {
        let why = "No pack lived to its exit from the vehicle.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let mut caption = format!("At the exit the median {} is {}", quantity.noun, text(exit.p50));
    if let (Some(start), Some(end)) = (second.points.first(), second.points.last()) {
        caption.push_str(&format!(
            ", at the start of second life {}, and {} among the systems still running after {:.1} years",
            text(start.band[1]),
            text(end.band[1]),
            end.year
        ));
    }
    caption.push_str("; each band is over those alive at that time.");
    let subtitle = format!(
        "n = {} packs, {} systems. Shown while at least 5 % and 10 of them (or all of fewer) are alive.",
        thousands(first.start),
        thousands(second.start)
    );
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &first, &second, exit, quantity));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, first: &Band, second: &Band, exit: Quantiles, quantity: &Quantity) {
    let values = || first.points.iter().chain(&second.points).flat_map(|p| p.band).chain([exit.p10, exit.p90]);
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let y = round_range(low, high, 0.05);
    let years = [first.years().max(1.0), second.years().max(1.0)];
    let (left, right, top, bottom) = (88.0, 932.0, 142.0, 478.0);
    let share = (years[0] / (years[0] + years[1])).clamp(0.3, 0.7);
    let middle = left + (right - left - GAP) * share;
    let panels = [
        Panel { place: [left, top, middle, bottom], x: [0.0, years[0]], y },
        Panel { place: [middle + GAP, top, right, bottom], x: [0.0, years[1]], y },
    ];
    panels[0].y_axis(canvas, quantity.axis, Some(&quantity.tick));
    panels[1].y_axis(canvas, "", None);
    panels[0].x_axis(canvas, "years since new", &plain_tick);
    panels[1].x_axis(canvas, "years since start as storage", &plain_tick);
    let heads = [("First life: vehicle", colour::BLUE), ("Second life: storage", colour::VERMILION)];
    for (panel, (head, colour)) in panels.iter().zip(heads) {
        canvas.bold((panel.place[0] + panel.place[2]) / 2.0, 96.0, 18.0, Anchor::Middle, colour, head);
    }
    first.draw(canvas, &panels[0], colour::BLUE);
    handover(canvas, &panels, exit, second);
    if second.points.is_empty() {
        let [left, top, right, bottom] = panels[1].place;
        let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
        canvas.text(x, y, 17.0, Anchor::Middle, colour::SOFT, "no systems");
    } else {
        second.draw(canvas, &panels[1], colour::VERMILION);
    }
    legend(canvas, &panels[0]);
}

/// The packs at their exit in the gap, and an arrow from their median to that of the systems' start.
fn handover(canvas: &mut Canvas<'_>, panels: &[Panel; 2], exit: Quantiles, second: &Band) {
    let (left, right) = (panels[0].place[2], panels[1].place[0]);
    let (top, bottom) = (panels[0].place[1], panels[0].place[3]);
    canvas.rect(left + 6.0, top, right - 6.0, bottom, Colour(243, 243, 243), 1.0);
    let x = left + 34.0;
    let [low, middle, high] = [exit.p10, exit.p50, exit.p90].map(|q| panels[0].py(q));
    canvas.rect(x - 7.0, high, x + 7.0, low, colour::SOFT, 0.45);
    canvas.dot(x, middle, 6.0, colour::INK, 1.0);
    let (words, y) = (["at exit,", "all packs"], if low + 44.0 < bottom { low + 16.0 } else { high - 36.0 });
    for (k, word) in words.iter().enumerate() {
        canvas.text((left + right) / 2.0, y + 19.0 * k as f64, SMALL, Anchor::Middle, colour::SOFT, word);
    }
    let Some(start) = second.points.first() else { return };
    arrow(canvas, (x + 8.0, middle), (right - 4.0, panels[1].py(start.band[1])));
}

fn arrow(canvas: &mut Canvas<'_>, from: (f64, f64), to: (f64, f64)) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let neck = (to.0 - 13.0 * ux, to.1 - 13.0 * uy);
    canvas.line(from, neck, colour::INK, 2.0);
    canvas.area(
        &[to, (neck.0 - 6.0 * uy, neck.1 + 6.0 * ux), (neck.0 + 6.0 * uy, neck.1 - 6.0 * ux)],
        colour::INK,
        1.0,
    );
}

/// What line and band mean, in the corner of the first panel that its curves leave empty.
fn legend(canvas: &mut Canvas<'_>, panel: &Panel) {
    let [left, top, _, bottom] = panel.place;
    let rising = panel.y[0] >= 0.9;
    let y = if rising { top + 18.0 } else { bottom - 48.0 };
    let x = left + 14.0;
    canvas.line((x, y), (x + 26.0, y), colour::BLUE, 3.5);
    canvas.text(x + 34.0, y, SMALL, Anchor::Start, colour::INK, "median");
    canvas.rect(x, y + 14.0, x + 26.0, y + 32.0, colour::BLUE, 0.25);
    canvas.text(x + 34.0, y + 23.0, SMALL, Anchor::Start, colour::INK, "P10 to P90");
}
