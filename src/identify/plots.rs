//! Pictures of an identification: measured beside simulated voltage, and the tables.

use super::comparison::Comparison;
use super::result::Identified;
use super::values::Told;
use crate::report::axes::{Panel, percent_tick, plain_tick, round_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw};

/// Most points of a drawn line.
const POINTS: usize = 4000;

/// Voltage of a trace, measured and simulated, and the error below.
pub fn trace(comparison: &Comparison, title: &str) -> String {
    let rmse = comparison.rmse_all_v().map_or_else(|| "no row".into(), |v| format!("{:.1} mV rms", 1e3 * v));
    let name: String = comparison.name.chars().take(70).collect();
    let subtitle = format!("{name}: {rmse} above {} V", comparison.above_v);
    draw(title, &subtitle, |canvas| {
        let rows = &comparison.rows;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
        let x = [first.time_s / 3600.0, (last.time_s / 3600.0).max(first.time_s / 3600.0 + 1e-3)];
        let all = || rows.iter().flat_map(|r| [r.measured_v, r.model_v]);
        let ends = round_range(all().fold(f64::MAX, f64::min), all().fold(f64::MIN, f64::max), 0.01);
        let upper = Panel { place: [96.0, 122.0, 932.0, 330.0], x, y: ends };
        upper.y_axis(canvas, "voltage, V", Some(&plain_tick));
        key(canvas, 92.0, &[("measured", colour::INK), ("simulated", colour::VERMILION)]);
        let step = rows.len().div_ceil(POINTS).max(1);
        let some = || rows.iter().step_by(step);
        canvas.path(&some().map(|r| upper.at(r.time_s / 3600.0, r.measured_v)).collect::<Vec<_>>(), colour::INK, 2.0);
        canvas.path(
            &some().map(|r| upper.at(r.time_s / 3600.0, r.model_v)).collect::<Vec<_>>(),
            colour::VERMILION,
            1.0,
        );
        let told = || rows.iter().filter(|r| r.measured_v >= comparison.above_v);
        let most = told().map(|r| 1e3 * r.error_v().abs()).fold(0.0, f64::max);
        let lower = Panel { place: [96.0, 376.0, 932.0, 476.0], x, y: round_range(-most, most, 4.0) };
        lower.y_axis(canvas, "measured less simulated, mV", Some(&plain_tick));
        lower.x_axis(canvas, "hours", &plain_tick);
        canvas.line(lower.at(x[0], 0.0), lower.at(x[1], 0.0), colour::INK, 1.0);
        let errors: Vec<(f64, f64)> =
            told().step_by(step).map(|r| lower.at(r.time_s / 3600.0, 1e3 * r.error_v())).collect();
        errors.iter().for_each(|(x, y)| canvas.dot(*x, *y, 1.25, colour::BLUE, 0.8));
    })
}

/// Open-circuit voltage and resistances over SoC; hollow where the test hardly tells.
pub fn tables(found: &Identified, title: &str) -> String {
    let spec = &found.spec;
    let taus = format!("time constants {:.0} and {:.0} s", spec.tau1_s, spec.tau2_s);
    draw(title, &format!("open-circuit voltage and resistances at 25 degC; {taus}; grey: hardly told"), |canvas| {
        let left = Panel {
            place: [96.0, 130.0, 460.0, 470.0],
            x: [0.0, 1.0],
            y: round_range(spec.ocv_v[0], spec.ocv_v[spec.ocv_v.len() - 1], 0.01),
        };
        left.y_axis(canvas, "OCV, V", Some(&plain_tick));
        left.x_axis(canvas, "state of charge", &percent_tick);
        let line: Vec<(f64, f64)> = spec.ocv_soc.iter().zip(&spec.ocv_v).map(|(s, v)| left.at(*s, *v)).collect();
        canvas.path(&line, colour::BLUE, 2.0);
        let groups: [(&str, &[f64], Colour); 3] = [
            ("r0_mohm", &spec.r0_mohm, colour::INK),
            ("r1_mohm", &spec.r1_mohm, colour::VERMILION),
            ("r2_mohm", &spec.r2_mohm, colour::GREEN),
        ];
        let most = groups.iter().flat_map(|g| g.1).copied().fold(0.0, f64::max);
        let right =
            Panel { place: [560.0, 130.0, 932.0, 470.0], x: [0.0, 1.0], y: [0.0, round_range(0.0, most, 1e-4)[1]] };
        // The quantity stands above the left panel in `y_axis`; here it is written by hand.
        right.y_axis(canvas, "", Some(&fine_tick));
        right.x_axis(canvas, "state of charge", &percent_tick);
        canvas.text(520.0, 110.0, SMALL, Anchor::Start, colour::INK, "resistance, mOhm");
        key(canvas, 92.0, &[("R0", colour::INK), ("R1", colour::VERMILION), ("R2", colour::GREEN)]);
        for (field, values, tone) in groups {
            let points: Vec<(f64, f64)> =
                spec.resistance_soc.iter().zip(values).map(|(s, r)| right.at(*s, *r)).collect();
            canvas.path(&points, tone, 2.0);
            let told = found.values.iter().filter(|v| v.field == field).map(|v| v.told != Told::NotIdentified);
            for ((x, y), told) in points.iter().zip(told) {
                canvas.dot(*x, *y, 4.0, if told { tone } else { colour::GREY }, 1.0);
            }
        }
    })
}

fn fine_tick(x: f64) -> String {
    format!("{}", (x * 1e4).round() / 1e4)
}

fn key(canvas: &mut Canvas<'_>, y: f64, words: &[(&str, Colour)]) {
    let mut x = 932.0;
    for (word, tone) in words.iter().rev() {
        x -= 9.0 * word.chars().count() as f64 + 4.0;
        canvas.text(x, y, SMALL, Anchor::Start, colour::INK, word);
        canvas.dot(x - 10.0, y, 5.0, *tone, 1.0);
        x -= 26.0;
    }
}
