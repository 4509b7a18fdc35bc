//! Three small charts of the offer: grades, SoH over the years, unserved share by year.

use super::axes::{Panel, percent_tick, plain_tick, round_range, ticks};
use super::canvas::{Colour, colour};
use super::escape;
use super::fan::Band;
use super::offer_data::{GRADES, Histogram, YearOfService};
use std::fmt::Write;

/// Size of a chart, in units of which four make a millimetre on paper.
const SIZE: [f64; 2] = [248.0, 150.0];
/// Where the data lie: left, top, right, bottom.
const PLACE: [f64; 4] = [34.0, 16.0, 240.0, 126.0];
/// Colours of the grades, as in the other figures.
const GRADE_COLOURS: [Colour; 3] = [colour::GREEN, colour::BLUE, colour::SKY];

/// A chart in the making.
struct Sketch {
    body: String,
}

impl Sketch {
    fn text(&mut self, x: f64, y: f64, anchor: &str, ink: Colour, text: &str) {
        let _ = write!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{}\">{}</text>",
            hex(ink),
            escape(text)
        );
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Colour, width: f64, dashes: &str) {
        let _ = write!(
            self.body,
            "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{}\" stroke-width=\"{width}\"{dashes}/>",
            from.0,
            from.1,
            to.0,
            to.1,
            hex(ink)
        );
    }

    fn path(&mut self, points: &[(f64, f64)], ink: Colour) {
        let _ = write!(
            self.body,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\"/>",
            listed(points),
            hex(ink)
        );
    }

    fn area(&mut self, points: &[(f64, f64)], ink: Colour, opacity: f64) {
        let _ = write!(
            self.body,
            "<polygon points=\"{}\" fill=\"{}\" fill-opacity=\"{opacity}\"/>",
            listed(points),
            hex(ink)
        );
    }

    fn rect(&mut self, low: (f64, f64), high: (f64, f64), ink: Colour) {
        let _ = write!(
            self.body,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            low.0,
            high.1,
            (high.0 - low.0).max(0.3),
            low.1 - high.1,
            hex(ink)
        );
    }

    /// Grid, numbers and base line; `under` names the horizontal axis.
    fn axes(&mut self, panel: &Panel, under: &str, x: &dyn Fn(f64) -> String, y: &dyn Fn(f64) -> String) {
        let [left, _, right, bottom] = panel.place;
        for tick in ticks(panel.y, 5) {
            let at = panel.py(tick);
            self.line((left, at), (right, at), colour::GRID, 0.7, "");
            self.text(left - 4.0, at + 3.2, "end", colour::SOFT, &y(tick));
        }
        self.line((left, bottom), (right, bottom), colour::INK, 0.8, "");
        for tick in ticks(panel.x, 6) {
            let at = panel.px(tick);
            self.line((at, bottom), (at, bottom + 2.5), colour::INK, 0.8, "");
            self.text(at, bottom + 11.5, "middle", colour::SOFT, &x(tick));
        }
        self.text((left + right) / 2.0, SIZE[1] - 2.0, "middle", colour::SOFT, under);
    }

    /// A dashed limit with its name, where the panel holds it.
    fn limit(&mut self, panel: &Panel, y: f64, name: &str) {
        if (panel.y[0]..=panel.y[1]).contains(&y) {
            let [left, _, right, _] = panel.place;
            let at = panel.py(y);
            self.line((left, at), (right, at), colour::VERMILION, 0.9, " stroke-dasharray=\"4 3\"");
            self.text(right, at - 3.0, "end", colour::VERMILION, name);
        }
    }

    /// A band with its median.
    fn band(&mut self, panel: &Panel, points: &[(f64, [f64; 3])], ink: Colour) {
        let along = |k: usize| points.iter().map(move |(x, band)| panel.at(*x, band[k]));
        let around: Vec<(f64, f64)> = along(0).chain(along(2).rev()).collect();
        self.area(&around, ink, 0.22);
        self.path(&along(1).collect::<Vec<_>>(), ink);
    }

    fn finish(self, title: &str) -> String {
        format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\"><title>{}</title>{}</svg>",
            SIZE[0],
            SIZE[1],
            escape(title),
            self.body
        )
    }
}

fn hex(c: Colour) -> String {
    format!("#{:02x}{:02x}{:02x}", c.0, c.1, c.2)
}

fn listed(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// A chart that says that it has nothing to show.
fn nothing(title: &str) -> String {
    let mut sketch = Sketch { body: String::new() };
    sketch.text(SIZE[0] / 2.0, SIZE[1] / 2.0, "middle", colour::GREY, "no data");
    sketch.finish(title)
}

/// Accepted modules by measured SoH, stacked by grade.
pub(crate) fn grades(histogram: &Histogram, graded: &str) -> String {
    let title = format!("Measured SoH of the accepted {graded}");
    let total: u64 = histogram.totals().iter().sum();
    if total == 0 {
        return nothing(&title);
    }
    let edge = |k: usize| histogram.from + k as f64 * histogram.width;
    let share = |n: u64| n as f64 / total as f64;
    let top = histogram.bins.iter().map(|bin| share(bin.iter().sum())).fold(0.0, f64::max);
    let panel = Panel { place: PLACE, x: [edge(0), edge(histogram.bins.len())], y: [0.0, 1.15 * top] };
    let mut sketch = Sketch { body: String::new() };
    sketch.axes(&panel, &format!("measured SoH, share of accepted {graded}"), &percent_tick, &percent_tick);
    for (k, bin) in histogram.bins.iter().enumerate() {
        let mut below = 0;
        // Best grade on top.
        for grade in (0..3).rev().filter(|g| bin[*g] > 0) {
            let (low, high) = (panel.at(edge(k), share(below)), panel.at(edge(k + 1), share(below + bin[grade])));
            sketch.rect((low.0 + 0.5, low.1), (high.0 - 0.5, high.1), GRADE_COLOURS[grade]);
            below += bin[grade];
        }
    }
    let totals = histogram.totals();
    for (place, grade) in (0..3).filter(|g| totals[*g] > 0).enumerate() {
        let x = PLACE[0] + 6.0 + 52.0 * place as f64;
        sketch.rect((x, 10.0), (x + 8.0, 2.0), GRADE_COLOURS[grade]);
        sketch.text(x + 11.0, 9.5, "start", colour::INK, &format!("grade {}", GRADES[grade]));
    }
    sketch.finish(&title)
}

/// SoH of the weakest module over the years, with the SoH at which a unit ends.
pub(crate) fn soh(band: &Band, end: f64) -> String {
    let title = "SoH of the weakest module over the years";
    let points: Vec<(f64, [f64; 3])> = band.points.iter().map(|p| (p.year, p.band)).collect();
    let Some(last) = points.last().map(|p| p.0).filter(|last| *last > 0.0) else { return nothing(title) };
    let low = points.iter().map(|p| p.1[0]).fold(end, f64::min);
    let high = points.iter().map(|p| p.1[2]).fold(f64::NEG_INFINITY, f64::max);
    let panel = Panel { place: PLACE, x: [0.0, last], y: round_range(low, high, 0.1) };
    let mut sketch = Sketch { body: String::new() };
    sketch.axes(&panel, "years of service", &plain_tick, &percent_tick);
    sketch.band(&panel, &points, colour::BLUE);
    sketch.limit(&panel, end, "end of service");
    sketch.finish(title)
}

/// Unserved share year by year, with the share at which a unit ends.
pub(crate) fn unserved(years: &[YearOfService], limit: f64) -> String {
    let title = "Share of demand not served, by year";
    let Some(last) = years.last() else { return nothing(title) };
    let high = years.iter().map(|y| y.unserved[2]).fold(0.0, f64::max);
    // A far limit would flatten the band.
    let top = if limit < 4.0 * high { limit.max(high) } else { high };
    let panel = Panel { place: PLACE, x: [0.5, last.year + 0.5], y: [0.0, (1.15 * top).max(1e-3)] };
    let mut sketch = Sketch { body: String::new() };
    sketch.axes(
        &panel,
        "year of service",
        &|x| if x.fract() == 0.0 { plain_tick(x) } else { String::new() },
        &percent_tick,
    );
    for year in years {
        let (low, high) = (panel.at(year.year - 0.32, year.unserved[0]), panel.at(year.year + 0.32, year.unserved[2]));
        sketch.area(&[low, (low.0, high.1), high, (high.0, low.1)], colour::ORANGE, 0.35);
        let median = panel.py(year.unserved[1]);
        sketch.line((low.0, median), (high.0, median), colour::VERMILION, 1.6, "");
    }
    sketch.limit(&panel, limit, "end, if two years running");
    sketch.finish(title)
}
