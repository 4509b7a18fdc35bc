//! Unserved energy, year by year of second life.

use super::axes::{Panel, percent_tick, round_range, ticks};
use super::canvas::{Anchor, Canvas, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::output::Tables;
use crate::output::words::{percent, thousands};

/// A year of second life.
struct Year {
    year: f64,
    systems: f64,
    band: [f64; 3],
    total: f64,
}

/// Years with enough systems, and the systems of the first one.
fn years(tables: &Tables) -> (Vec<Year>, f64) {
    let frame = &tables.years;
    let (number, systems) = (frame.whole("year"), frame.whole("systems"));
    let columns = ["p10", "p50", "p90", "total"].map(|n| frame.real(&format!("unmet_share_{n}")).to_vec());
    let mut found = Vec::new();
    let start = systems.iter().flatten().max().map_or(0.0, |&n| n as f64);
    for (k, number) in number.iter().enumerate() {
        let value = |c: usize| columns[c].get(k).copied().flatten();
        let (Some(year), Some(alive)) = (*number, systems.get(k).copied().flatten()) else { continue };
        let (Some(p10), Some(p50), Some(p90), Some(total)) = (value(0), value(1), value(2), value(3)) else { continue };
        if alive as f64 >= 10f64.min(start).max(0.05 * start) {
            found.push(Year { year: year as f64, systems: alive as f64, band: [p10, p50, p90], total });
        }
    }
    (found, start)
}

/// Unserved share of demand by year.
pub(crate) fn unmet(tables: &Tables) -> Figure {
    let (file, title) = ("unmet.svg", "Unserved demand by year of second life");
    let (years, n) = years(tables);
    let (Some(first), Some(last)) = (years.first(), years.last()) else {
        let why = "No system lived a year of second life.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let caption = format!(
        "Of the demand of all systems {} goes unserved in year {} and {} in year {}, when {} of {} systems still run.",
        percent(first.total),
        first.year,
        percent(last.total),
        last.year,
        thousands(last.systems),
        thousands(n)
    );
    let subtitle = format!(
        "n = {} systems. Years in which at least 5 % and 10 of them (or all of fewer) still run.",
        thousands(n)
    );
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &years));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, years: &[Year]) {
    let high = years.iter().flat_map(|y| [y.band[2], y.total]).fold(0.0, f64::max);
    let (from, to) = (years[0].year - 0.5, years[years.len() - 1].year + 0.5);
    let panel = Panel { place: [88.0, 146.0, 932.0, 450.0], x: [from, to], y: round_range(0.0, high.min(1.0), 1e-3) };
    panel.y_axis(canvas, "unserved share of the year's demand", Some(&percent_tick));
    legend(canvas);
    let [left, _, right, bottom] = panel.place;
    let half = (0.32 * (right - left) / (to - from)).min(20.0);
    for y in years {
        let x = panel.px(y.year);
        canvas.rect(x - half, panel.py(y.band[2]), x + half, panel.py(y.band[0]), colour::SKY, 0.55);
        let median = panel.py(y.band[1]);
        canvas.line((x - half, median), (x + half, median), colour::BLUE, 4.0);
    }
    let total: Vec<(f64, f64)> = years.iter().map(|y| panel.at(y.year, y.total)).collect();
    canvas.path(&total, colour::VERMILION, 2.0);
    total.iter().for_each(|p| canvas.dot(p.0, p.1, 4.5, colour::VERMILION, 1.0));
    canvas.line((left, bottom), (right, bottom), colour::INK, 1.25);
    let shown = ticks([from, to], 12);
    for y in years.iter().filter(|y| shown.iter().any(|t| (t - y.year).abs() < 1e-6) || years.len() == 1) {
        let x = panel.px(y.year);
        canvas.text(x, bottom + 17.0, SMALL, Anchor::Middle, colour::INK, &format!("{}", y.year));
        canvas.text(x, bottom + 37.0, 14.0, Anchor::Middle, colour::SOFT, &thousands(y.systems));
    }
    canvas.text(28.0, bottom + 17.0, SMALL, Anchor::Start, colour::INK, "year");
    canvas.text(28.0, bottom + 37.0, 14.0, Anchor::Start, colour::SOFT, "n");
    canvas.text(
        (left + right) / 2.0,
        bottom + 64.0,
        SMALL + 1.0,
        Anchor::Middle,
        colour::INK,
        "year of second life, and systems running in it",
    );
}

fn legend(canvas: &mut Canvas<'_>) {
    let y = 94.0;
    canvas.rect(400.0, y - 9.0, 424.0, y + 9.0, colour::SKY, 0.55);
    canvas.text(432.0, y, SMALL, Anchor::Start, colour::INK, "P10 to P90 of systems");
    canvas.line((622.0, y), (646.0, y), colour::BLUE, 4.0);
    canvas.text(654.0, y, SMALL, Anchor::Start, colour::INK, "median");
    canvas.line((730.0, y), (754.0, y), colour::VERMILION, 2.0);
    canvas.dot(742.0, y, 4.5, colour::VERMILION, 1.0);
    canvas.text(762.0, y, SMALL, Anchor::Start, colour::INK, "all systems together");
}
