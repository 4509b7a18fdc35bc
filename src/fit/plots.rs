//! Pictures of a fit: the curves with their check-ups, and what is left over.

use super::model::predict;
use super::result::{FitResult, Residual};
use super::table::{DAYS_PER_YEAR, Row};
use crate::report::axes::{Panel, percent_tick, plain_tick, round_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw};

/// Points of a drawn curve.
const POINTS: usize = 80;
/// Colours of temperatures, coldest first.
const COLOURS: [Colour; 6] =
    [colour::BLUE, colour::SKY, colour::GREEN, colour::ORANGE, colour::VERMILION, colour::PURPLE];

/// Capacity through the tests: dots are check-ups, lines the law.
pub fn curves(result: &FitResult, title: &str) -> String {
    let cycled = |r: &&Residual| r.row.efc > 0.0;
    let (cycling, storage): (Vec<&Residual>, Vec<&Residual>) = result.residuals.iter().partition(|r| cycled(r));
    let subtitle = "dots: measured capacity over new; lines: the fitted law, one a condition";
    draw(title, subtitle, |canvas| {
        let key = Key::of(result);
        key.draw(canvas);
        let stored = storage.iter().any(|r| r.row.days > 0.0);
        let wide = [96.0, 130.0, 932.0, 470.0];
        match (stored, !cycling.is_empty()) {
            (true, true) => {
                panel(canvas, result, &key, &storage, [96.0, 130.0, 490.0, 470.0], false);
                panel(canvas, result, &key, &cycling, [560.0, 130.0, 932.0, 470.0], true);
            }
            (_, false) => panel(canvas, result, &key, &storage, wide, false),
            (false, true) => panel(canvas, result, &key, &cycling, wide, true),
        }
    })
}

/// Measured less fitted capacity over the fitted loss.
pub fn residuals(result: &FitResult, title: &str) -> String {
    let subtitle = format!(
        "measured less fitted capacity, {} check-ups, rms {:.2} % of new",
        result.residuals.len(),
        100.0 * result.rmse
    );
    draw(title, &subtitle, |canvas| {
        let key = Key::of(result);
        key.draw(canvas);
        let most = result.residuals.iter().map(|r| r.error().abs()).fold(0.0, f64::max);
        let deepest = result.residuals.iter().map(|r| 1.0 - r.capacity).fold(0.0, f64::max);
        let panel = Panel {
            place: [110.0, 130.0, 932.0, 470.0],
            x: [0.0, round_range(0.0, deepest, 0.01)[1]],
            y: round_range(-most, most, 0.004),
        };
        panel.y_axis(canvas, "measured less fitted", Some(&percent_tick));
        panel.x_axis(canvas, "loss by the law", &percent_tick);
        canvas.line(panel.at(panel.x[0], 0.0), panel.at(panel.x[1], 0.0), colour::INK, 1.25);
        for r in &result.residuals {
            let (x, y) = panel.at(1.0 - r.capacity, r.error());
            canvas.dot(x, y, 3.5, key.colour(r), 0.75);
        }
    })
}

/// One panel: over years for storage, over EFC for cycling.
fn panel(canvas: &mut Canvas<'_>, result: &FitResult, key: &Key, rows: &[&Residual], place: [f64; 4], cycling: bool) {
    let driver = |row: &Row| if cycling { row.efc } else { row.days / DAYS_PER_YEAR };
    let end = rows.iter().map(|r| driver(&r.row)).fold(0.0, f64::max);
    let least = rows.iter().map(|r| r.row.capacity.min(r.capacity)).fold(1.0, f64::min);
    let panel = Panel { place, x: [0.0, round_range(0.0, end, 1e-3)[1]], y: [round_range(least, 1.0, 0.01)[0], 1.0] };
    panel.y_axis(canvas, "capacity over new", Some(&percent_tick));
    panel.x_axis(canvas, if cycling { "equivalent full cycles" } else { "years of storage" }, &plain_tick);
    let mut drawn: Vec<&str> = Vec::new();
    for r in rows {
        if drawn.contains(&r.condition.as_str()) {
            continue;
        }
        drawn.push(&r.condition);
        let last = rows.iter().filter(|o| o.condition == r.condition).map(|o| o.row);
        let Some(last) = last.max_by(|a, b| driver(a).total_cmp(&driver(b))) else { continue };
        let path: Vec<Row> = (0..=POINTS)
            .map(|k| {
                // Close together at the start, where power laws bend.
                let share = (k as f64 / POINTS as f64).powi(2);
                Row { days: share * last.days, efc: share * last.efc, ..last }
            })
            .collect();
        let line: Vec<(f64, f64)> = path
            .iter()
            .zip(predict(&result.law, &path))
            .map(|(row, health)| panel.at(driver(row), health.capacity))
            .collect();
        canvas.path(&line, key.colour(r), 1.75);
        if let (false, Some((x, y))) = (cycling, line.last().copied()) {
            let soc = format!("SoC {}", plain_tick(last.stress.soc));
            let (x, y, anchor) =
                if x > place[2] - 70.0 { (x, y - 14.0, Anchor::End) } else { (x + 7.0, y, Anchor::Start) };
            canvas.text(x, y, SMALL - 2.0, anchor, colour::SOFT, &soc);
        }
    }
    for r in rows {
        let (x, y) = panel.at(driver(&r.row), r.row.capacity);
        canvas.dot(x, y, 3.25, key.colour(r), 0.7);
    }
}

/// Temperatures and their colours.
struct Key(Vec<f64>);

impl Key {
    fn of(result: &FitResult) -> Key {
        let mut temperatures: Vec<f64> = result.residuals.iter().map(|r| r.row.stress.temperature_c).collect();
        temperatures.sort_by(f64::total_cmp);
        temperatures.dedup();
        Key(temperatures)
    }

    fn colour(&self, r: &Residual) -> Colour {
        self.at(self.0.iter().position(|t| *t == r.row.stress.temperature_c).unwrap_or(0))
    }

    /// Colours spread over the palette from cold to hot.
    fn at(&self, place: usize) -> Colour {
        let steps = self.0.len().saturating_sub(1).max(1);
        let last = if self.0.len() > 5 { COLOURS.len() - 1 } else { COLOURS.len() - 2 };
        COLOURS[(place * last / steps).min(COLOURS.len() - 1)]
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        // From the right, so that long keys grow to the left.
        let mut x = 932.0;
        for (place, t) in self.0.iter().enumerate().rev() {
            let text = format!("{t} degC");
            x -= 9.0 * text.chars().count() as f64 + 4.0;
            canvas.text(x, 92.0, SMALL, Anchor::Start, colour::INK, &text);
            canvas.dot(x - 10.0, 92.0, 5.0, self.at(place), 1.0);
            x -= 26.0;
        }
    }
}
