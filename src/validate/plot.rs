//! Figures of ours over the reference.

use crate::report::axes::{Panel, plain_tick, round_range};
use crate::report::canvas::{Anchor, Colour, SMALL, colour, draw};

/// One case in a figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Name in the legend.
    pub label: String,
    /// Points of the reference.
    pub reference: Vec<(f64, f64)>,
    /// Our line.
    pub ours: Vec<(f64, f64)>,
}

/// A figure: the reference as dots, ours as lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// Stem of the file.
    pub file: String,
    /// Title.
    pub title: String,
    /// Quantity and unit of the horizontal axis.
    pub x: String,
    /// Quantity and unit of the vertical axis.
    pub y: String,
    /// Cases.
    pub series: Vec<Series>,
}

const COLOURS: [Colour; 8] = [
    colour::BLUE,
    colour::VERMILION,
    colour::GREEN,
    colour::ORANGE,
    colour::PURPLE,
    colour::SKY,
    colour::INK,
    colour::GREY,
];

/// Most dots of a case; more would be a line.
const MOST_DOTS: usize = 40;

impl Plot {
    /// A stem of a file from the name of a set: what is no letter or digit becomes `_`.
    pub fn stem(parts: &[&str]) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        parts.join("_").chars().map(safe).collect()
    }

    /// The figure as SVG.
    pub fn svg(&self) -> String {
        let points = || self.series.iter().flat_map(|s| s.reference.iter().chain(&s.ours)).filter(|p| p.1.is_finite());
        let range = |pick: fn(&(f64, f64)) -> f64, least: f64| {
            let (low, high) =
                points().map(pick).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            if low <= high { round_range(low, high, least) } else { [0.0, 1.0] }
        };
        let panel = Panel { place: [92.0, 110.0, 690.0, 470.0], x: range(|p| p.0, 1e-3), y: range(|p| p.1, 1e-6) };
        draw(&self.title, "dots: reference; lines: packlife", |canvas| {
            panel.y_axis(canvas, &self.y, Some(&short));
            panel.x_axis(canvas, &self.x, &plain_tick);
            for (index, series) in self.series.iter().enumerate() {
                let colour = COLOURS[index % COLOURS.len()];
                let line: Vec<_> = series.ours.iter().filter(|p| p.1.is_finite()).map(|p| panel.at(p.0, p.1)).collect();
                canvas.path(&line, colour, 1.5);
                let every = series.reference.len().div_ceil(MOST_DOTS).max(1);
                for (x, y) in series.reference.iter().step_by(every) {
                    canvas.dot(panel.px(*x), panel.py(*y), 2.6, colour, 0.75);
                }
                let y = 118.0 + 23.0 * index as f64;
                if y < 480.0 {
                    canvas.dot(706.0, y, 4.0, colour, 1.0);
                    canvas.text(716.0, y, SMALL - 2.0, Anchor::Start, colour::INK, &series.label);
                }
            }
        })
    }
}

/// A number on the vertical axis, in few letters.
fn short(x: f64) -> String {
    let x = if x.abs() < 1e-12 { 0.0 } else { x };
    let text = format!("{x:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
