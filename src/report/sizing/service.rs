//! LPSP by year of service.

use crate::output::sizing::{quantiles, service_years, whole_percent, year};
use crate::output::words::percent;
use crate::report::axes::{Panel, percent_tick, round_range, ticks};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::site::SiteYear;
use crate::sizing::{Quantiles, SizingResult};

/// Colours of the plain models.
const PLAIN: [Colour; 2] = [colour::ORANGE, colour::GREEN];

/// LPSP year by year with the target.
pub(super) fn service(result: &SizingResult) -> Figure {
    let (file, title) = ("lpsp.svg", "Unserved demand by year of service");
    let paths = &result.detail.paths;
    let years: Vec<Quantiles> =
        (0..service_years(paths)).filter_map(|k| quantiles(year(paths, k).map(SiteYear::lpsp))).collect();
    let (Some(first), Some(last)) = (years.first(), years.last()) else {
        let why = "No path was simulated.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let target = result.target;
    let caption = format!(
        "LPSP is {} in year 1 (median; P90 {}) and {} in year {} (P90 {}); the target is {} on {} of paths in year {}. \
         The plain models, at the capacity of the start, say {} (energy balance) and {} (kinetic) for year 1.",
        percent(first.p50),
        percent(first.p90),
        percent(last.p50),
        years.len(),
        percent(last.p90),
        whole_percent(target.lpsp_max),
        whole_percent(target.confidence),
        target.service_years,
        said(result.detail.plain_lpsp[0]),
        said(result.detail.plain_lpsp[1]),
    );
    let subtitle = format!("n = {} paths: weather, load and modules together.", paths.len());
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &years, result));
    Figure { file, title, caption, svg }
}

fn said(lpsp: f64) -> String {
    if lpsp.is_finite() { percent(lpsp) } else { "nothing".into() }
}

fn fill(canvas: &mut Canvas<'_>, years: &[Quantiles], result: &SizingResult) {
    let target = result.target.lpsp_max;
    let plain: Vec<f64> = result.detail.plain_lpsp.into_iter().filter(|x| x.is_finite()).collect();
    let high =
        years.iter().flat_map(|q| [q.p90, q.mean]).chain([target]).chain(plain.iter().copied()).fold(0.0, f64::max);
    let n = years.len() as f64;
    let panel = Panel {
        place: [88.0, 146.0, 932.0, 478.0],
        x: [0.5, n + 0.5],
        y: round_range(0.0, (1.06 * high).min(1.0), 1e-3),
    };
    panel.y_axis(canvas, "unserved share of the year's demand (LPSP)", Some(&percent_tick));
    let [left, _, right, bottom] = panel.place;
    let half = (0.32 * (right - left) / n).min(24.0);
    for (k, q) in years.iter().enumerate() {
        let x = panel.px(k as f64 + 1.0);
        canvas.rect(x - half, panel.py(q.p90), x + half, panel.py(q.p10), colour::SKY, 0.55);
        let [median, mean] = [q.p50, q.mean].map(|v| panel.py(v));
        canvas.line((x - half, median), (x + half, median), colour::BLUE, 4.0);
        canvas.dot(x, mean, 5.0, colour::INK, 1.0);
    }
    let y = panel.py(target);
    canvas.line((left, y), (right, y), colour::VERMILION, 2.5);
    // Beside the bar of year 1, so that they hide nothing: the energy balance left, the kinetic model right.
    for (value, side, tint) in
        result.detail.plain_lpsp.into_iter().zip([-1.0, 1.0]).zip(PLAIN).map(|((v, s), t)| (v, s, t))
    {
        if value.is_finite() {
            let (x, y) = panel.at(1.0, value);
            canvas.line((x + side * (half + 2.0), y), (x + side * (half + 22.0), y), tint, 4.0);
        }
    }
    canvas.line((left, bottom), (right, bottom), colour::INK, 1.25);
    let shown = ticks([0.5, n + 0.5], 16);
    for year in 1..=years.len() {
        if years.len() <= 16 || shown.iter().any(|t| (t - year as f64).abs() < 1e-6) {
            let x = panel.px(year as f64);
            canvas.text(x, bottom + 17.0, SMALL, Anchor::Middle, colour::INK, &year.to_string());
        }
    }
    canvas.text((left + right) / 2.0, bottom + 41.0, SMALL + 1.0, Anchor::Middle, colour::INK, "year of service");
    legend(canvas, target);
}

fn legend(canvas: &mut Canvas<'_>, target: f64) {
    let y = 96.0;
    canvas.rect(88.0, y - 9.0, 112.0, y + 9.0, colour::SKY, 0.55);
    canvas.text(120.0, y, SMALL, Anchor::Start, colour::INK, "P10 to P90");
    canvas.line((216.0, y), (240.0, y), colour::BLUE, 4.0);
    canvas.text(248.0, y, SMALL, Anchor::Start, colour::INK, "median");
    canvas.dot(330.0, y, 5.0, colour::INK, 1.0);
    canvas.text(344.0, y, SMALL, Anchor::Start, colour::INK, "mean");
    canvas.line((406.0, y), (430.0, y), colour::VERMILION, 2.5);
    canvas.text(438.0, y, SMALL, Anchor::Start, colour::INK, &format!("target {}", whole_percent(target)));
    canvas.line((560.0, y), (584.0, y), PLAIN[0], 4.0);
    canvas.text(592.0, y, SMALL, Anchor::Start, colour::INK, "plain: energy balance");
    canvas.line((766.0, y), (790.0, y), PLAIN[1], 4.0);
    canvas.text(798.0, y, SMALL, Anchor::Start, colour::INK, "plain: kinetic");
}
