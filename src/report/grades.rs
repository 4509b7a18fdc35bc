//! What was measured of the modules against what was true.

use super::axes::{Panel, percent_tick, round_range};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::output::Tables;
use crate::output::words::{percent, thousands};

/// Most points drawn.
const POINTS: usize = 2_000;

/// A kind of module.
struct Kind {
    name: &'static str,
    colour: Colour,
    radius: f64,
    opacity: f64,
    /// Modules of it in the table.
    count: usize,
    /// True and measured SoH, thinned evenly.
    points: Vec<(f64, f64)>,
}

/// Kinds in the order in which they are drawn: mistakes last, on top.
const KINDS: [(&str, Colour, f64, f64); 6] = [
    ("grade A", colour::GREEN, 3.0, 0.5),
    ("grade B", colour::BLUE, 3.0, 0.5),
    ("grade C", colour::SKY, 3.0, 0.6),
    ("rightly rejected", colour::GREY, 3.0, 0.5),
    ("wrongly accepted", colour::VERMILION, 4.5, 0.9),
    ("wrongly rejected", colour::PURPLE, 4.5, 0.9),
];

fn kind_of(grade: &str, mistake: Option<&str>) -> usize {
    match (mistake, grade) {
        (Some("false_accept"), _) => 4,
        (Some(_), _) => 5,
        (None, "A") => 0,
        (None, "B") => 1,
        (None, "C") => 2,
        _ => 3,
    }
}

fn kinds(tables: &Tables) -> Vec<Kind> {
    let modules = &tables.modules;
    let rows = modules.rows();
    let mut kinds: Vec<Kind> = KINDS
        .into_iter()
        .map(|(name, colour, radius, opacity)| Kind { name, colour, radius, opacity, count: 0, points: Vec::new() })
        .collect();
    // Every so-manyth row over all packs keeps the proportions.
    let every = rows.div_ceil(POINTS).max(1);
    for k in 0..rows {
        let (Some(grade), Some(soh), Some(measured)) =
            (modules.text("grade")[k].as_deref(), modules.real("soh")[k], modules.real("measured_soh")[k])
        else {
            continue;
        };
        let kind = &mut kinds[kind_of(grade, modules.text("mistake")[k].as_deref())];
        kind.count += 1;
        if k.is_multiple_of(every) {
            kind.points.push((soh, measured));
        }
    }
    kinds
}

/// Measured against true SoH of the modules, with grades, thresholds and mistakes.
pub(crate) fn grades(tables: &Tables) -> Figure {
    let (file, title) = ("grades.svg", "What the tests made of the modules");
    let kinds = kinds(tables);
    let n: usize = kinds.iter().map(|k| k.count).sum();
    if n == 0 {
        let why = "No module was tested.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let share = |k: usize| percent(kinds[k].count as f64 / n as f64);
    let caption = format!(
        "Of {} tested modules {} were wrongly accepted and {} wrongly rejected. Right of the vertical line lie those that \
         are good enough in truth (if their resistance is), above the horizontal one those measured so.",
        thousands(n as f64),
        share(4),
        share(5)
    );
    let drawn: usize = kinds.iter().map(|k| k.points.len()).sum();
    let shown =
        if drawn < n { format!(", {} of them drawn, evenly sampled", thousands(drawn as f64)) } else { String::new() };
    let subtitle = format!("n = {} modules{shown}. Dashes: thresholds of acceptance and grades.", thousands(n as f64));
    let svg = draw(title, &subtitle, |canvas| fill(canvas, tables, &kinds, n));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, tables: &Tables, kinds: &[Kind], n: usize) {
    let points = || kinds.iter().flat_map(|k| &k.points);
    let range = |of: fn(&(f64, f64)) -> f64| {
        let low = points().map(of).fold(f64::INFINITY, f64::min);
        let high = points().map(of).fold(f64::NEG_INFINITY, f64::max);
        round_range(low, high, 0.05)
    };
    let panel = Panel { place: [88.0, 118.0, 700.0, 478.0], x: range(|p| p.0), y: range(|p| p.1) };
    panel.y_axis(canvas, "measured SoH", Some(&percent_tick));
    panel.x_axis(canvas, "true SoH", &percent_tick);
    // The line of equal values, where the panel holds it.
    let (low, high) = (panel.x[0].max(panel.y[0]), panel.x[1].min(panel.y[1]));
    if low < high {
        canvas.line(panel.at(low, low), panel.at(high, high), colour::SOFT, 1.0);
    }
    let threshold = |name: &str| tables.tests.real(name).first().copied().flatten();
    let accept = threshold("accept_soh_min");
    if let Some(x) = accept.filter(|x| (panel.x[0]..=panel.x[1]).contains(x)) {
        dashed(canvas, panel.at(x, panel.y[0]), panel.at(x, panel.y[1]), colour::INK);
    }
    let lines = [("accept", accept), ("B", threshold("grade_b_soh_min")), ("A", threshold("grade_a_soh_min"))];
    for (name, y) in lines {
        if let Some(y) = y.filter(|y| (panel.y[0]..=panel.y[1]).contains(y)) {
            dashed(canvas, panel.at(panel.x[0], y), panel.at(panel.x[1], y), colour::INK);
            canvas.text(panel.place[2] - 4.0, panel.py(y) - 10.0, SMALL, Anchor::End, colour::INK, name);
        }
    }
    for kind in kinds {
        for &(x, y) in &kind.points {
            let (x, y) = panel.at(x, y);
            canvas.dot(x, y, kind.radius, kind.colour, kind.opacity);
        }
    }
    for (k, kind) in kinds.iter().enumerate() {
        let y = 138.0 + 56.0 * k as f64;
        canvas.dot(726.0, y, 6.5, kind.colour, 1.0);
        canvas.bold(742.0, y, 17.0, Anchor::Start, colour::INK, kind.name);
        let text = format!("{} of modules", percent(kind.count as f64 / n as f64));
        canvas.text(742.0, y + 22.0, SMALL, Anchor::Start, colour::SOFT, &text);
    }
}

fn dashed(canvas: &mut Canvas<'_>, from: (f64, f64), to: (f64, f64), colour: Colour) {
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let (dash, gap) = (7.0, 5.0);
    let at = |s: f64| (from.0 + (to.0 - from.0) * s / length, from.1 + (to.1 - from.1) * s / length);
    let mut s = 0.0;
    while s < length {
        canvas.line(at(s), at((s + dash).min(length)), colour, 1.25);
        s += dash + gap;
    }
}
