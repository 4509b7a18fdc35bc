//! What moves the supply, and what its spread comes from.

use super::legend;
use crate::output::supply::{View, rank_correlation};
use crate::output::words::{number, percent};
use crate::report::axes::{Panel, amount_tick, percent_tick, plain_tick, round_range, ticks};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data, wrapped};
use crate::report::figure::Figure;
use crate::supply::{Driver, Quantity, noun};

/// Most parameters.
const BARS: usize = 9;

/// Shares of the variance; rank correlations where no Saltelli sample was made, one at a time where nothing was drawn.
pub(super) fn variance(view: &View<'_>) -> Figure {
    let (file, title) = ("variance.svg", "What moves the second-life supply");
    let known = |d: &&Driver| d.one_at_a_time.iter().all(|x| x.is_finite());
    let mut drivers: Vec<&Driver> = view.result.drivers.iter().filter(known).take(BARS).collect();
    // Of what cannot act no more is told than that.
    if drivers.iter().any(|d| d.total.is_some()) {
        drivers.retain(|d| d.total.is_some());
    } else if drivers.iter().any(|d| rank_correlation(view.result, d).is_some()) {
        drivers.retain(|d| rank_correlation(view.result, d).is_some());
    }
    let Some(first) = drivers.first() else {
        let why = "No parameter is uncertain.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let year = view.asked_year();
    let shares = drivers.iter().all(|d| d.total.is_some() && d.first_order.is_some());
    let ranked = drivers.iter().all(|d| rank_correlation(view.result, d).is_some());
    let mut caption = format!(
        "The supply of {year} hangs most on the {}: {} GWh at its P10 and {} GWh at its P90, all else central. ",
        noun(first.param),
        number(first.one_at_a_time[0]),
        number(first.one_at_a_time[1])
    );
    if let (true, Some(alone), Some(total)) = (shares, first.first_order, first.total) {
        caption.push_str(&format!(
            "By itself it makes {} of the variance, with all it acts with {}.",
            percent(alone[0].max(0.0)),
            percent(total[0].max(0.0))
        ));
    } else if ranked {
        caption.push_str("No sample for shares of the variance was made: rank correlations are shown.");
    } else {
        caption.push_str("No draws were made: the swing of each parameter is shown.");
    }
    let subtitle = if shares {
        let of = if view.result.shares_of_logarithm { "the logarithm of the supply" } else { "the supply" };
        format!("Shares of the variance of {of} in {year} (Saltelli); whiskers: one standard error.")
    } else if ranked {
        format!("Rank correlation with the supply in {year} over the draws.")
    } else {
        format!("Supply in {year} with one parameter at its P10 and its P90, all else central.")
    };
    let svg = draw(title, &subtitle, |canvas| {
        if shares {
            bars(canvas, &drivers);
        } else if ranked {
            ranks(canvas, &drivers);
        } else {
            swings(canvas, &drivers, central(view));
        }
    });
    Figure { file, title, caption, svg }
}

fn panel(x: [f64; 2]) -> Panel {
    Panel { place: [300.0, 128.0, 690.0, 470.0], x, y: [0.0, 1.0] }
}

/// Grid, names and the last columns; the middles of the rows with half of their height.
fn frame(
    canvas: &mut Canvas<'_>,
    panel: &Panel,
    drivers: &[&Driver],
    name: &str,
    tick: fn(f64) -> String,
) -> Vec<(f64, f64)> {
    let [left, top, right, bottom] = panel.place;
    for at in ticks(panel.x, 8) {
        let x = panel.px(at);
        canvas.line((x, top), (x, bottom), colour::GRID, 1.0);
        canvas.text(x, bottom + 17.0, SMALL, Anchor::Middle, colour::INK, &tick(at));
    }
    canvas.text((left + right) / 2.0, bottom + 41.0, SMALL + 1.0, Anchor::Middle, colour::INK, name);
    canvas.text(724.0, 96.0, SMALL, Anchor::Start, colour::SOFT, "supply, GWh, at its");
    canvas.text(788.0, 116.0, SMALL, Anchor::End, colour::SOFT, "P10");
    canvas.text(880.0, 116.0, SMALL, Anchor::End, colour::SOFT, "P90");
    let pitch = (bottom - top) / drivers.len().max(5) as f64;
    let mut places = Vec::new();
    for (k, d) in drivers.iter().enumerate() {
        let y = top + pitch * (k as f64 + 0.5);
        let lines = wrapped(noun(d.param), 262.0);
        let first = y - 8.5 * (lines.len() as f64 - 1.0);
        for (n, line) in lines.iter().enumerate() {
            canvas.text(290.0, first + 17.0 * n as f64, SMALL, Anchor::End, colour::INK, line);
        }
        for (x, value) in [(788.0, d.one_at_a_time[0]), (880.0, d.one_at_a_time[1])] {
            canvas.text(x, y, SMALL, Anchor::End, colour::INK, &number(value));
        }
        places.push((y, (0.38 * pitch).min(20.0)));
    }
    places
}

fn bars(canvas: &mut Canvas<'_>, drivers: &[&Driver]) {
    const LOOKS: [(&str, Colour); 2] = [("by itself", colour::BLUE), ("with all it acts with", colour::ORANGE)];
    let pairs: Vec<[[f64; 2]; 2]> = drivers.iter().filter_map(|d| Some([d.first_order?, d.total?])).collect();
    let most = pairs.iter().flatten().map(|s| s[0] + s[1]).fold(0.1, f64::max);
    let least = pairs.iter().flatten().map(|s| s[0] - s[1]).fold(0.0, f64::min);
    let panel = panel([least, most.min(2.0)]);
    let rows = frame(canvas, &panel, drivers, "share of the variance", percent_tick);
    let zero = panel.px(0.0);
    for ((y, half), pair) in rows.into_iter().zip(&pairs) {
        for (([share, error], (_, tint)), side) in pair.iter().zip(LOOKS).zip([-0.5, 0.5]) {
            let (at, thick) = (y + side * half, 0.42 * half);
            let x = panel.px(*share);
            canvas.rect(zero.min(x), at - thick, zero.max(x), at + thick, tint, 1.0);
            let (low, high) = (panel.px(share - error), panel.px(share + error));
            canvas.line((low, at), (high, at), colour::INK, 1.5);
            [low, high].iter().for_each(|x| canvas.line((*x, at - 4.0), (*x, at + 4.0), colour::INK, 1.5));
        }
    }
    canvas.line((zero, panel.place[1]), (zero, panel.place[3]), colour::INK, 1.25);
    legend(canvas, 300.0, 100.0, &LOOKS);
}

fn ranks(canvas: &mut Canvas<'_>, drivers: &[&Driver]) {
    let panel = panel([-1.0, 1.0]);
    let rows = frame(canvas, &panel, drivers, "rank correlation", plain_tick);
    let zero = panel.px(0.0);
    for ((y, half), d) in rows.into_iter().zip(drivers) {
        let x = panel.px(d.rank_correlation.unwrap_or(0.0));
        canvas.rect(zero.min(x), y - 0.8 * half, zero.max(x), y + 0.8 * half, colour::BLUE, 1.0);
    }
    canvas.line((zero, panel.place[1]), (zero, panel.place[3]), colour::INK, 1.25);
}

/// Supply of the year asked about with all parameters at their central values.
fn central(view: &View<'_>) -> Option<f64> {
    view.central(Quantity::Offered, view.all()).get(view.number_of(view.asked_year())?).copied()
}

fn swings(canvas: &mut Canvas<'_>, drivers: &[&Driver], central: Option<f64>) {
    let ends = || drivers.iter().flat_map(|d| d.one_at_a_time).chain(central);
    let (low, high) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::NEG_INFINITY, f64::max));
    let panel = panel(round_range(low, high, 1e-6));
    let rows = frame(canvas, &panel, drivers, "supply, GWh a year", amount_tick);
    for ((y, half), d) in rows.into_iter().zip(drivers) {
        let middle = panel.px(central.unwrap_or(d.one_at_a_time[0]));
        let mut ends = [(panel.px(d.one_at_a_time[0]), colour::BLUE), (panel.px(d.one_at_a_time[1]), colour::ORANGE)];
        // Where both lie on one side the shorter bar stays in sight.
        ends.sort_by(|a, b| (b.0 - middle).abs().total_cmp(&(a.0 - middle).abs()));
        for (x, tint) in ends {
            canvas.rect(middle.min(x), y - 0.8 * half, middle.max(x), y + 0.8 * half, tint, 1.0);
        }
    }
    if let Some(x) = central.map(|x| panel.px(x)) {
        canvas.line((x, panel.place[1]), (x, panel.place[3]), colour::INK, 1.25);
    }
    legend(canvas, 300.0, 100.0, &[("at its P10", colour::BLUE), ("at its P90", colour::ORANGE)]);
}
