//! A panel with linear axes.

use super::canvas::{Anchor, Canvas, Colour, SMALL, colour};
use crate::output::words::{number, thousands};

/// A panel of a figure and the numbers on its edges.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panel {
    /// Left, top, right, bottom \[px\].
    pub place: [f64; 4],
    /// Range of the horizontal axis.
    pub x: [f64; 2],
    /// Range of the vertical axis.
    pub y: [f64; 2],
}

impl Panel {
    /// Pixel of a horizontal value.
    pub(crate) fn px(&self, x: f64) -> f64 {
        let [left, _, right, _] = self.place;
        left + (right - left) * ((x - self.x[0]) / (self.x[1] - self.x[0])).clamp(0.0, 1.0)
    }

    /// Pixel of a vertical value.
    pub(crate) fn py(&self, y: f64) -> f64 {
        let [_, top, _, bottom] = self.place;
        bottom - (bottom - top) * ((y - self.y[0]) / (self.y[1] - self.y[0])).clamp(0.0, 1.0)
    }

    /// Pixel of a point.
    pub(crate) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.px(x), self.py(y))
    }

    /// Horizontal grid lines with their numbers on the left, and the quantity above them.
    pub(crate) fn y_axis(&self, canvas: &mut Canvas<'_>, name: &str, number: Option<&dyn Fn(f64) -> String>) {
        let [left, top, right, _] = self.place;
        for tick in ticks(self.y, 6) {
            let y = self.py(tick);
            canvas.line((left, y), (right, y), colour::GRID, 1.0);
            if let Some(number) = number {
                canvas.text(left - 9.0, y, SMALL, Anchor::End, colour::INK, &number(tick));
            }
        }
        if number.is_some() {
            canvas.text(28.0, top - 20.0, SMALL, Anchor::Start, colour::INK, name);
        }
    }

    /// Base line with ticks, numbers and the quantity below.
    pub(crate) fn x_axis(&self, canvas: &mut Canvas<'_>, name: &str, number: &dyn Fn(f64) -> String) {
        let [left, _, right, bottom] = self.place;
        canvas.line((left, bottom), (right, bottom), colour::INK, 1.25);
        let most = ((right - left) / 60.0) as usize;
        for tick in ticks(self.x, most.clamp(2, 10)) {
            let x = self.px(tick);
            canvas.line((x, bottom), (x, bottom + 5.0), colour::INK, 1.25);
            canvas.text(x, bottom + 17.0, SMALL, Anchor::Middle, colour::INK, &number(tick));
        }
        canvas.text((left + right) / 2.0, bottom + 41.0, SMALL + 1.0, Anchor::Middle, colour::INK, name);
    }

    /// As [`Panel::y_axis`] where the vertical values are logarithms to base ten; the numbers are the values themselves.
    pub(crate) fn log_y_axis(&self, canvas: &mut Canvas<'_>, name: &str) {
        let [left, top, right, _] = self.place;
        for tick in log_ticks(self.y) {
            let y = self.py(tick.log10());
            canvas.line((left, y), (right, y), colour::GRID, 1.0);
            canvas.text(left - 9.0, y, SMALL, Anchor::End, colour::INK, &log_tick(tick));
        }
        canvas.text(28.0, top - 20.0, SMALL, Anchor::Start, colour::INK, name);
    }

    /// As [`Panel::x_axis`] where the horizontal values are logarithms to base ten, with grid lines.
    pub(crate) fn log_x_axis(&self, canvas: &mut Canvas<'_>, name: &str) {
        let [left, top, right, bottom] = self.place;
        for tick in log_ticks(self.x) {
            let x = self.px(tick.log10());
            canvas.line((x, top), (x, bottom), colour::GRID, 1.0);
            canvas.text(x, bottom + 17.0, SMALL, Anchor::Middle, colour::INK, &log_tick(tick));
        }
        canvas.text((left + right) / 2.0, bottom + 41.0, SMALL + 1.0, Anchor::Middle, colour::INK, name);
    }
}

/// A line in the band between two others.
pub(crate) fn fan(
    canvas: &mut Canvas<'_>,
    low: &[(f64, f64)],
    middle: &[(f64, f64)],
    high: &[(f64, f64)],
    tint: Colour,
) {
    let outline: Vec<(f64, f64)> = low.iter().chain(high.iter().rev()).copied().collect();
    canvas.area(&outline, tint, 0.25);
    canvas.path(low, tint, 1.25);
    canvas.path(high, tint, 1.25);
    canvas.path(middle, tint, 3.5);
}

/// Powers of ten between two logarithms, with two and five times them where there are few.
fn log_ticks(range: [f64; 2]) -> Vec<f64> {
    let factors: &[f64] = if range[1] - range[0] > 3.01 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let powers = (range[0] - 1e-9).floor() as i32..=(range[1] + 1e-9).floor() as i32;
    let all = powers.take(50).flat_map(|p| factors.iter().map(move |f| f * 10f64.powi(p)));
    all.filter(|x| (range[0] - 1e-9..=range[1] + 1e-9).contains(&x.log10())).collect()
}

/// A power of ten, or two or five times one, without needless digits.
fn log_tick(x: f64) -> String {
    if x >= 1.0 { number(x.round()).trim_end_matches(".00").trim_end_matches(".0").to_owned() } else { format!("{x}") }
}

/// Logarithms of whole powers of ten that hold the values; both must be above zero.
pub(crate) fn log_range(low: f64, high: f64) -> [f64; 2] {
    let (from, to) = ((low.log10() + 1e-9).floor(), (high.log10() - 1e-9).ceil());
    [from, to.max(from + 1.0)]
}

/// Round numbers inside a range, at most about `most` of them.
pub(crate) fn ticks(range: [f64; 2], most: usize) -> Vec<f64> {
    let step = step(range[1] - range[0], most);
    let (first, last) = ((range[0] / step - 1e-9).ceil() as i64, (range[1] / step + 1e-9).floor() as i64);
    (first..=last.min(first + 50)).map(|k| k as f64 * step).collect()
}

/// A range that holds the values with round ends; one of width `least` around values that do not differ.
pub(crate) fn round_range(low: f64, high: f64, least: f64) -> [f64; 2] {
    let middle = (low + high) / 2.0;
    let (low, high) = if high - low < least { (middle - least / 2.0, middle + least / 2.0) } else { (low, high) };
    let step = step(high - low, 6);
    [(low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step]
}

/// Distance of round numbers: 1, 2 or 5 times a power of ten.
fn step(width: f64, most: usize) -> f64 {
    if !width.is_finite() || width <= 0.0 {
        return 1.0;
    }
    let raw = width / most.max(1) as f64;
    let power = 10f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * power >= raw * (1.0 - 1e-9)).unwrap_or(10.0);
    factor * power
}

/// Per cent without decimals where they would be zeros.
pub(crate) fn percent_tick(x: f64) -> String {
    let p = x * 100.0;
    if (p - p.round()).abs() < 1e-6 {
        format!("{p:.0} %")
    } else if (10.0 * p - (10.0 * p).round()).abs() < 1e-6 {
        format!("{p:.1} %")
    } else {
        format!("{p:.2} %")
    }
}

/// As [`plain_tick`] below ten, with commas and without decimals from there on.
pub(crate) fn amount_tick(x: f64) -> String {
    if x.abs() >= 10.0 { thousands(x) } else { plain_tick(x) }
}

/// Plain number without decimals where they would be zeros.
pub(crate) fn plain_tick(x: f64) -> String {
    if (x - x.round()).abs() < 1e-6 { format!("{x:.0}") } else { format!("{}", (x * 100.0).round() / 100.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_logarithms_are_round() {
        assert_eq!(log_range(3.0, 420.0), [0.0, 3.0]);
        assert_eq!(log_range(10.0, 10.0), [1.0, 2.0]);
        let text = |range| log_ticks(range).into_iter().map(log_tick).collect::<Vec<_>>();
        assert_eq!(text([-2.0, 3.0]), ["0.01", "0.1", "1", "10", "100", "1,000"]);
        assert_eq!(text([0.0, 1.0]), ["1", "2", "5", "10"]);
    }
}
