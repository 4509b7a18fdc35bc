//! Where each kilogram goes.

use super::canvas::{Anchor, Canvas, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::output::Tables;
use crate::output::words::{number, percent, plain, thousands};

/// Where what is not recovered goes.
const NOT_BACK: [&str; 2] = ["residue", "black_mass"];

/// A material and what came back of it, a pack \[kg\].
struct Line {
    name: String,
    input: f64,
    recovered: f64,
}

/// Materials in the order of their mass, and the whole pack.
fn lines(tables: &Tables, packs: f64) -> (Vec<Line>, Line) {
    let flows = &tables.flows;
    let rows = || {
        (flows.text("from").iter().zip(flows.text("to")))
            .zip(flows.real("value"))
            .filter_map(|((f, t), v)| Some((f.as_deref()?, t.as_deref()?, (*v)?)))
    };
    let mut lines: Vec<Line> = rows()
        .filter(|(from, _, kg)| *from == "pack" && *kg > 0.0)
        .map(|(_, name, kg)| {
            let back =
                rows().filter(|(from, to, _)| *from == name && !NOT_BACK.contains(to)).fold(0.0, |sum, r| sum + r.2);
            Line { name: plain(name), input: kg / packs, recovered: back / packs }
        })
        .collect();
    let (input, recovered) = lines.iter().fold((0.0, 0.0), |sum, l| (sum.0 + l.input, sum.1 + l.recovered));
    lines.sort_by(|a, b| (a.name == "other").cmp(&(b.name == "other")).then(b.input.total_cmp(&a.input)));
    (lines, Line { name: "whole pack".into(), input, recovered })
}

/// Materials recovered and left in the residue.
pub(crate) fn masses(tables: &Tables) -> Figure {
    let (file, title) = ("mass.svg", "Where each kilogram goes");
    let packs = tables.packs.real("recycled_mass_kg").iter().flatten().count();
    let (lines, whole) = lines(tables, (packs as f64).max(1.0));
    if lines.is_empty() {
        let why = "Nothing was recycled.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let best = lines.iter().max_by(|a, b| (a.recovered / a.input).total_cmp(&(b.recovered / b.input)));
    let caption = format!(
        "Of the {} kg of a mean pack {} kg ({}) come back as products{}.",
        number(whole.input),
        number(whole.recovered),
        percent(whole.recovered / whole.input),
        best.map_or(String::new(), |b| format!("; {} is recovered best ({})", b.name, percent(b.recovered / b.input)))
    );
    let subtitle =
        format!("n = {} packs. Share of each material recovered; beside it kilograms a pack.", thousands(packs as f64));
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &lines, &whole));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, lines: &[Line], whole: &Line) {
    let (left, right, top) = (150.0, 720.0, 122.0);
    let step = (400.0 / (lines.len() + 1) as f64).min(52.0);
    canvas.rect(left, 86.0, left + 20.0, 104.0, colour::GREEN, 1.0);
    canvas.text(left + 28.0, 95.0, SMALL, Anchor::Start, colour::INK, "recovered");
    canvas.rect(left + 130.0, 86.0, left + 150.0, 104.0, colour::GRID, 1.0);
    canvas.text(left + 158.0, 95.0, SMALL, Anchor::Start, colour::INK, "residue and slag");
    for (k, line) in std::iter::once(whole).chain(lines).enumerate() {
        let y = top + step * k as f64 + if k > 0 { 8.0 } else { 0.0 };
        let (high, low, middle) = (y, y + step - 8.0, y + (step - 8.0) / 2.0);
        let share = (line.recovered / line.input).clamp(0.0, 1.0);
        let cut = left + (right - left) * share;
        canvas.rect(left, high, right, low, colour::GRID, 1.0);
        canvas.rect(left, high, cut, low, colour::GREEN, 1.0);
        if k == 0 {
            canvas.bold(left - 12.0, middle, 16.0, Anchor::End, colour::INK, &line.name);
        } else {
            canvas.text(left - 12.0, middle, 16.0, Anchor::End, colour::INK, &line.name);
        }
        let text = percent(share);
        if share > 0.14 {
            canvas.bold(cut - 8.0, middle, SMALL, Anchor::End, colour::WHITE, &text);
        } else {
            canvas.bold(cut + 8.0, middle, SMALL, Anchor::Start, colour::INK, &text);
        }
        let text = format!("{} of {} kg", number(line.recovered), number(line.input));
        canvas.text(right + 14.0, middle, 16.0, Anchor::Start, colour::INK, &text);
    }
}
