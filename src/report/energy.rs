//! Where each kilowatt-hour goes.

use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data, text_width};
use super::figure::Figure;
use crate::output::Tables;
use crate::output::words::{energy, percent, thousands};

/// A part below this share of the whole goes to [`OTHER`].
const SMALLEST: f64 = 0.004;
/// Name of the part that holds all that has no own.
const OTHER: &str = "other";
/// Left and right end of a bar \[px\].
const ENDS: [f64; 2] = [28.0, 932.0];

/// A part of a bar.
struct Part {
    name: &'static str,
    kwh: f64,
    colour: Colour,
}

/// A stage's energy.
struct Bar {
    head: String,
    total: f64,
    parts: Vec<Part>,
}

/// Words and colour of a sink of the table `flows`.
fn look(to: &str) -> Option<(&'static str, Colour)> {
    match to {
        "driving" => Some(("driving", colour::BLUE)),
        "served" => Some(("served load", colour::BLUE)),
        "charger_loss" => Some(("charger loss", colour::ORANGE)),
        "converter_loss" => Some(("converter loss", colour::ORANGE)),
        "pack_loss" => Some(("pack loss", colour::VERMILION)),
        "battery_loss" => Some(("battery loss", colour::VERMILION)),
        "curtailed" => Some(("PV not taken", colour::YELLOW)),
        _ => None,
    }
}

fn bar(tables: &Tables, stage: &str, node: &str, source: &str) -> Bar {
    let flows = &tables.flows;
    let ends = flows.text("from").iter().zip(flows.text("to"));
    let mut bar = Bar { head: String::new(), total: 0.0, parts: Vec::new() };
    let mut other = 0.0;
    let rows = flows.text("stage").iter().zip(ends).zip(flows.real("value"));
    for ((here, (from, to)), value) in rows {
        let (Some(from), Some(to), Some(kwh)) = (from.as_deref(), to.as_deref(), *value) else { continue };
        if here.as_deref() != Some(stage) {
            continue;
        }
        if to == node {
            bar.total += kwh;
        } else if from == node {
            match look(to) {
                Some((name, colour)) => bar.parts.push(Part { name, kwh, colour }),
                None => other += kwh,
            }
        }
    }
    let least = SMALLEST * bar.total;
    other += bar.parts.iter().filter(|p| p.kwh < least).map(|p| p.kwh).sum::<f64>();
    bar.parts.retain(|p| p.kwh >= least);
    if other >= least && other > 0.0 {
        bar.parts.push(Part { name: OTHER, kwh: other, colour: colour::GREY });
    }
    bar.head = format!("{} {source}", energy(bar.total));
    bar
}

/// Where each kilowatt-hour goes in both lives.
pub(crate) fn energies(tables: &Tables) -> Figure {
    let (file, title) = ("energy.svg", "Where each kilowatt-hour goes");
    let first = bar(tables, "first_life", "vehicle", "from the charging socket");
    let second = bar(tables, "second_life", "system", "from PV and grid");
    if first.total <= 0.0 && second.total <= 0.0 {
        let why = "No energy flowed in any life.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let share = |bar: &Bar, name: &str| {
        let part = bar.parts.iter().find(|p| p.name == name).map_or(0.0, |p| p.kwh);
        if bar.total > 0.0 { percent(part / bar.total) } else { "nothing".into() }
    };
    let caption = format!(
        "In the vehicle {} of the energy from the socket drives it; in storage {} of the energy from PV and grid serves \
         the load, {} is lost in converters and {} in the battery.",
        share(&first, "driving"),
        share(&second, "served load"),
        share(&second, "converter loss"),
        share(&second, "battery loss"),
    );
    let n = tables.packs.text("status").iter().filter(|s| s.as_deref() == Some("ok")).count();
    let rest = first.parts.iter().chain(&second.parts).any(|p| p.name == OTHER);
    let subtitle = format!(
        "n = {} packs, {} systems; sums over all.{}",
        thousands(n as f64),
        thousands(tables.systems.rows() as f64),
        if rest { " Other: fading capacity, change of stored energy, small parts." } else { "" }
    );
    let svg = draw(title, &subtitle, |canvas| {
        row(canvas, 118.0, "First life", &first);
        row(canvas, 328.0, "Second life", &second);
    });
    Figure { file, title, caption, svg }
}

fn row(canvas: &mut Canvas<'_>, top: f64, name: &str, bar: &Bar) {
    canvas.bold(ENDS[0], top, 19.0, Anchor::Start, colour::INK, name);
    let x = ENDS[0] + 12.0 + text_width(name, 20.0);
    if bar.total <= 0.0 {
        canvas.text(x, top, 17.0, Anchor::Start, colour::SOFT, "no energy");
        return;
    }
    canvas.text(x, top, 17.0, Anchor::Start, colour::INK, &bar.head);
    let (high, low) = (top + 22.0, top + 92.0);
    let sum: f64 = bar.parts.iter().map(|p| p.kwh).sum();
    let scale = (ENDS[1] - ENDS[0]) / sum.max(bar.total);
    let mut left = ENDS[0];
    let mut outside: Vec<(f64, String)> = Vec::new();
    for part in &bar.parts {
        let right = left + part.kwh * scale;
        canvas.rect(left, high, right - 1.5, low, part.colour, 1.0);
        let share = percent(part.kwh / bar.total);
        if right - left > 16.0 + text_width(part.name, 18.0) {
            let ink = if part.colour == colour::BLUE { colour::WHITE } else { colour::INK };
            let middle = (left + right) / 2.0;
            canvas.bold(middle, high + 24.0, 18.0, Anchor::Middle, ink, part.name);
            canvas.text(middle, high + 48.0, 17.0, Anchor::Middle, ink, &share);
        } else {
            outside.push(((left + right) / 2.0, format!("{} {share}", part.name)));
        }
        left = right;
    }
    leaders(canvas, low, &outside);
}

/// Labels below the bar, pushed apart, each with a line to its part.
fn leaders(canvas: &mut Canvas<'_>, low: f64, labels: &[(f64, String)]) {
    let widths: Vec<f64> = labels.iter().map(|l| text_width(&l.1, SMALL)).collect();
    let mut places: Vec<f64> = labels.iter().map(|l| l.0).collect();
    let mut limit = ENDS[1];
    for k in (0..labels.len()).rev() {
        places[k] = places[k].min(limit - widths[k] / 2.0);
        limit = places[k] - widths[k] / 2.0 - 14.0;
    }
    let mut limit = ENDS[0];
    for k in 0..labels.len() {
        places[k] = places[k].max(limit + widths[k] / 2.0);
        limit = places[k] + widths[k] / 2.0 + 14.0;
    }
    for ((x, text), place) in labels.iter().zip(places) {
        canvas.path(&[(*x, low + 2.0), (*x, low + 10.0), (place, low + 26.0)], colour::SOFT, 1.25);
        canvas.text(place, low + 38.0, SMALL, Anchor::Middle, colour::INK, text);
    }
}
