//! SoC in three weeks of the last year.

use super::week::{days, shade};
use crate::output::sizing::SEASONS;
use crate::output::words::{number, percent};
use crate::report::axes::{Panel, percent_tick};
use crate::report::canvas::{Anchor, Canvas, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::sizing::{HourTrace, SizingResult};

/// SoC of a week in winter, spring and summer.
pub(super) fn seasons(result: &SizingResult) -> Figure {
    let (file, title) = ("seasons.svg", "State of charge in three seasons");
    let weeks = &result.detail.seasons;
    if weeks.iter().all(Vec::is_empty) {
        let why = "No week was traced.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let told: Vec<String> = (SEASONS.iter().zip(weeks))
        .filter(|(_, hours)| !hours.is_empty())
        .map(|(name, hours)| {
            let low = hours.iter().map(|h| h.soc).fold(f64::INFINITY, f64::min);
            let high = hours.iter().map(|h| h.soc).fold(f64::NEG_INFINITY, f64::max);
            format!("{} to {} in {name}", percent(low), percent(high))
        })
        .collect();
    let caption = format!("The SoC runs from {}. The weeks are of the last year of service.", told.join(", from "));
    let subtitle = "Last year of service, the path of the worst week. Blue: SoC; orange: array; red: unserved demand.";
    let svg = draw(title, subtitle, |canvas| {
        for (k, (name, hours)) in SEASONS.iter().zip(weeks).enumerate() {
            fill(canvas, name, hours, k);
        }
    });
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, name: &str, hours: &[HourTrace], column: usize) {
    let left = 88.0 + 288.0 * column as f64;
    let n = hours.len().max(1) as f64;
    let panel = Panel { place: [left, 162.0, left + 268.0, 470.0], x: [0.0, n], y: [0.0, 1.0] };
    let tick = |x: f64| percent_tick(x);
    panel.y_axis(canvas, "", if column == 0 { Some(&tick) } else { None });
    if column == 0 {
        canvas.text(28.0, 142.0, SMALL, Anchor::Start, colour::INK, "SoC");
    }
    let middle = left + 134.0;
    canvas.bold(middle, 100.0, SMALL + 2.0, Anchor::Middle, colour::INK, name);
    if hours.is_empty() {
        canvas.text(middle, 316.0, SMALL + 1.0, Anchor::Middle, colour::SOFT, "not traced");
        return;
    }
    let a_day = 24.0 / n;
    let sum = |get: fn(&HourTrace) -> f64| hours.iter().map(get).sum::<f64>() * a_day;
    let text = format!("array {}, load {} kWh a day", number(sum(|h| h.pv_kw)), number(sum(|h| h.load_kw)));
    canvas.text(middle, 124.0, SMALL, Anchor::Middle, colour::SOFT, &text);
    shade(canvas, &panel, hours);
    // The array in the lower third, only to show the days.
    let peak = hours.iter().map(|h| h.pv_kw).fold(1e-9, f64::max);
    let mut sun = vec![panel.at(0.0, 0.0)];
    sun.extend(hours.iter().enumerate().map(|(k, h)| panel.at(k as f64 + 0.5, 0.33 * h.pv_kw / peak)));
    sun.push(panel.at(n, 0.0));
    canvas.area(&sun, colour::ORANGE, 0.5);
    let line: Vec<(f64, f64)> = hours.iter().enumerate().map(|(k, h)| panel.at(k as f64 + 1.0, h.soc)).collect();
    canvas.path(&line, colour::BLUE, 2.75);
    let [left, _, right, bottom] = panel.place;
    canvas.line((left, bottom), (right, bottom), colour::INK, 1.25);
    days(canvas, &panel, hours, 2);
}
