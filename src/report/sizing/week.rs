//! The worst week of the last year, hour by hour.

use crate::output::sizing::{MONTHS, day_of};
use crate::output::words::{number, percent};
use crate::report::axes::{Panel, percent_tick, plain_tick, round_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::sizing::{HourTrace, SizingResult};

/// Left and right edge of both panels \[px\].
const EDGES: [f64; 2] = [88.0, 932.0];

/// Load, array, battery, SoC and what is missing.
pub(super) fn week(result: &SizingResult) -> Figure {
    let (file, title) = ("worst_week.svg", "The worst week of the last year");
    let hours = &result.detail.worst_week[..];
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
        let why = "No week was traced.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let sum = |get: fn(&HourTrace) -> f64| hours.iter().map(get).sum::<f64>();
    let (load, unmet, pv) = (sum(|h| h.load_kw), sum(|h| h.unmet_kw), sum(|h| h.pv_kw));
    let dark = hours.iter().filter(|h| h.unmet_kw > 0.0).count();
    let missed = if dark > 0 {
        format!("{} kWh ({}) go unserved in {dark}", number(unmet), percent(unmet / load.max(unmet)))
    } else {
        "nothing goes unserved in any".into()
    };
    let caption = format!(
        "From {} to {} the load asks for {} kWh and the array could give {} kWh; {missed} of {} hours. \
         The path is the one whose LPSP is nearest to the wanted confidence.",
        date(first.hour),
        date(last.hour),
        number(load),
        number(pv),
        hours.len(),
    );
    let svg = draw(title, &subtitle(hours), |canvas| {
        power(canvas, hours);
        charge(canvas, hours);
    });
    Figure { file, title, caption, svg }
}

fn date(hour: u32) -> String {
    let (day, month) = day_of(hour);
    format!("{day} {}", MONTHS[month])
}

fn subtitle(hours: &[HourTrace]) -> String {
    let low = hours.iter().map(|h| h.temperature_c).fold(f64::INFINITY, f64::min);
    let high = hours.iter().map(|h| h.temperature_c).fold(f64::NEG_INFINITY, f64::max);
    format!(
        "Hourly means; the battery is between {low:.0} and {high:.0} degC warm. Red columns: hours with unserved demand."
    )
}

/// Columns behind the hours with unserved demand.
pub(super) fn shade(canvas: &mut Canvas<'_>, panel: &Panel, hours: &[HourTrace]) {
    let [_, top, _, bottom] = panel.place;
    for (k, h) in hours.iter().enumerate() {
        if h.unmet_kw > 0.0 {
            canvas.rect(panel.px(k as f64), top, panel.px(k as f64 + 1.0), bottom, colour::VERMILION, 0.22);
        }
    }
}

/// Mean power of each hour as steps.
fn steps(panel: &Panel, hours: &[HourTrace], get: impl Fn(&HourTrace) -> f64) -> Vec<(f64, f64)> {
    hours.iter().enumerate().flat_map(|(k, h)| [k, k + 1].map(|at| panel.at(at as f64, get(h)))).collect()
}

fn under(panel: &Panel, line: &[(f64, f64)], hours: usize) -> Vec<(f64, f64)> {
    let mut outline = vec![panel.at(0.0, 0.0)];
    outline.extend(line);
    outline.push(panel.at(hours as f64, 0.0));
    outline
}

fn power(canvas: &mut Canvas<'_>, hours: &[HourTrace]) {
    let of = || hours.iter().flat_map(|h| [h.load_kw, h.pv_kw, h.battery_kw, h.grid_kw, h.genset_kw]);
    let y = round_range(of().fold(0.0, f64::min), of().fold(0.0, f64::max), 0.05);
    let n = hours.len();
    let panel = Panel { place: [EDGES[0], 136.0, EDGES[1], 356.0], x: [0.0, n as f64], y };
    shade(canvas, &panel, hours);
    panel.y_axis(canvas, "", Some(&plain_tick));
    canvas.text(28.0, 98.0, SMALL, Anchor::Start, colour::INK, "kW");
    let offered = steps(&panel, hours, |h| h.pv_kw);
    let taken = steps(&panel, hours, |h| h.pv_kw - h.curtailed_kw);
    canvas.area(&under(&panel, &offered, n), colour::ORANGE, 0.25);
    canvas.area(&under(&panel, &taken, n), colour::ORANGE, 0.55);
    let mut lines: Vec<(&str, Colour, f64)> = Vec::new();
    let mut line = |canvas: &mut Canvas<'_>, name, tint, wide, get: fn(&HourTrace) -> f64| {
        canvas.path(&steps(&panel, hours, get), tint, wide);
        lines.push((name, tint, wide));
    };
    if hours.iter().any(|h| h.grid_kw > 0.0) {
        line(canvas, "grid", colour::PURPLE, 2.0, |h| h.grid_kw);
    }
    if hours.iter().any(|h| h.genset_kw > 0.0) {
        line(canvas, "genset", colour::GREEN, 2.0, |h| h.genset_kw);
    }
    line(canvas, "battery, discharge positive", colour::BLUE, 2.0, |h| h.battery_kw);
    line(canvas, "load", colour::INK, 2.25, |h| h.load_kw);
    let zero = panel.py(0.0);
    canvas.line((EDGES[0], zero), (EDGES[1], zero), colour::INK, 1.0);
    legend(canvas, &lines);
}

fn legend(canvas: &mut Canvas<'_>, lines: &[(&str, Colour, f64)]) {
    let (mut x, y) = (88.0, 98.0);
    for (text, opacity) in [("array", 0.75), ("curtailed", 0.25)] {
        canvas.rect(x, y - 8.0, x + 20.0, y + 8.0, colour::ORANGE, opacity);
        canvas.text(x + 27.0, y, SMALL, Anchor::Start, colour::INK, text);
        x += 50.0 + 8.0 * text.len() as f64;
    }
    for (text, tint, wide) in lines.iter().rev() {
        canvas.line((x, y), (x + 20.0, y), *tint, *wide);
        canvas.text(x + 27.0, y, SMALL, Anchor::Start, colour::INK, text);
        x += 50.0 + 7.6 * text.len() as f64;
    }
    canvas.rect(x, y - 8.0, x + 20.0, y + 8.0, colour::VERMILION, 0.22);
    canvas.text(x + 27.0, y, SMALL, Anchor::Start, colour::INK, "unserved");
}

fn charge(canvas: &mut Canvas<'_>, hours: &[HourTrace]) {
    let panel = Panel { place: [EDGES[0], 392.0, EDGES[1], 482.0], x: [0.0, hours.len() as f64], y: [0.0, 1.0] };
    shade(canvas, &panel, hours);
    let [left, top, right, bottom] = panel.place;
    for tick in [0.0, 0.5, 1.0] {
        let y = panel.py(tick);
        canvas.line((left, y), (right, y), colour::GRID, 1.0);
        canvas.text(left - 9.0, y, SMALL, Anchor::End, colour::INK, &percent_tick(tick));
    }
    canvas.text(28.0, top - 18.0, SMALL, Anchor::Start, colour::INK, "SoC");
    let line: Vec<(f64, f64)> = hours.iter().enumerate().map(|(k, h)| panel.at(k as f64 + 1.0, h.soc)).collect();
    canvas.path(&line, colour::BLUE, 3.0);
    canvas.line((left, bottom), (right, bottom), colour::INK, 1.25);
    days(canvas, &panel, hours, 1);
}

/// A tick at each midnight, and dates in the middle of every so many days.
pub(super) fn days(canvas: &mut Canvas<'_>, panel: &Panel, hours: &[HourTrace], every: usize) {
    let bottom = panel.place[3];
    for (k, h) in hours.iter().enumerate() {
        if h.hour % 24 == 0 {
            let x = panel.px(k as f64);
            canvas.line((x, bottom), (x, bottom + 6.0), colour::INK, 1.25);
            if (k / 24) % every == 0 && k + 12 < hours.len() {
                let middle = panel.px(k as f64 + 12.0);
                canvas.text(middle, bottom + 18.0, SMALL, Anchor::Middle, colour::INK, &date(h.hour));
            }
        }
    }
}
