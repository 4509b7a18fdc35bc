//! When the load misses: hours of the day and months.

use crate::output::sizing::{MONTHS, mean, mean_month, service_years, year};
use crate::output::words::percent;
use crate::report::axes::{Panel, percent_tick, round_range};
use crate::report::canvas::{Anchor, Canvas, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::sizing::{PathLife, SizingResult};

/// Unserved share of demand in each class of a year: means of energy over paths, then their ratio.
fn shares<const N: usize>(of: impl Fn(usize) -> Option<[f64; 2]>) -> [f64; N] {
    std::array::from_fn(|k| match of(k) {
        Some([demand, unmet]) if demand > 0.0 => unmet / demand,
        _ => 0.0,
    })
}

fn hours(paths: &[PathLife], number: usize) -> [f64; 24] {
    shares(|h| {
        Some([
            mean(year(paths, number).map(|y| y.by_hour[h].demand_kwh))?,
            mean(year(paths, number).map(|y| y.by_hour[h].unmet_kwh))?,
        ])
    })
}

fn months(paths: &[PathLife], number: usize) -> [f64; 12] {
    shares(|m| mean_month(paths, number, m).map(|m| [m.demand_kwh, m.unmet_kwh]))
}

/// Unserved share by hour of day and by month, first and last year.
pub(super) fn missing(result: &SizingResult) -> Figure {
    let (file, title) = ("missing.svg", "When the load goes without");
    let paths = &result.detail.paths;
    let years = service_years(paths);
    if years == 0 {
        let why = "No path was simulated.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let of_hours = [hours(paths, 0), hours(paths, years - 1)];
    let of_months = [months(paths, 0), months(paths, years - 1)];
    let (hour, month) = (most(&of_hours[1]), most(&of_months[1]));
    let caption = if of_months[1][month] > 0.0 {
        format!(
            "In the last year the load misses most from {hour} to {} h ({} of the demand of that hour) and in {} ({} of \
             that month's).",
            hour + 1,
            percent(of_hours[1][hour]),
            MONTHS[month],
            percent(of_months[1][month])
        )
    } else {
        "In the last year nothing goes unserved on any path.".into()
    };
    let subtitle = format!("Unserved share of the demand of each hour and month, means of {} paths.", paths.len());
    let svg = draw(title, &subtitle, |canvas| {
        let names: Vec<String> = (0..24).map(|h| if h % 3 == 0 { h.to_string() } else { String::new() }).collect();
        fill(canvas, [88.0, 462.0], &of_hours, &names, "hour of the day");
        fill(canvas, [566.0, 940.0], &of_months, &MONTHS.map(|m| m[..1].to_string()), "month");
        for (x, text, tint) in [(700.0, "year 1", colour::SKY), (800.0, "last year", colour::BLUE)] {
            canvas.rect(x, 87.0, x + 20.0, 105.0, tint, 1.0);
            canvas.text(x + 28.0, 96.0, SMALL, Anchor::Start, colour::INK, text);
        }
    });
    Figure { file, title, caption, svg }
}

fn most(shares: &[f64]) -> usize {
    (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap_or(0)
}

fn fill<const N: usize>(canvas: &mut Canvas<'_>, x: [f64; 2], years: &[[f64; N]; 2], names: &[String], axis: &str) {
    let high = years.iter().flatten().copied().fold(0.0, f64::max);
    let panel =
        Panel { place: [x[0], 140.0, x[1], 478.0], x: [0.0, N as f64], y: round_range(0.0, high.min(1.0), 1e-3) };
    panel.y_axis(canvas, "", Some(&percent_tick));
    for (k, (first, last)) in years[0].iter().zip(&years[1]).enumerate() {
        let k = k as f64;
        for (value, from, to, tint) in [(first, 0.1, 0.48, colour::SKY), (last, 0.52, 0.9, colour::BLUE)] {
            canvas.rect(panel.px(k + from), panel.py(*value), panel.px(k + to), panel.py(0.0), tint, 1.0);
        }
    }
    let [left, _, right, bottom] = panel.place;
    canvas.line((left, bottom), (right, bottom), colour::INK, 1.25);
    for (k, name) in names.iter().enumerate().filter(|(_, n)| !n.is_empty()) {
        canvas.text(panel.px(k as f64 + 0.5), bottom + 17.0, SMALL, Anchor::Middle, colour::INK, name);
    }
    canvas.text((left + right) / 2.0, bottom + 41.0, SMALL + 1.0, Anchor::Middle, colour::INK, axis);
}
