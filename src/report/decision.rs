//! Reuse, refurbish or recycle over SoH and the price of new storage.

use super::axes::{Panel, percent_tick, plain_tick};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::economics::Choice;
use crate::output::Tables;
use crate::output::words::percent;

/// Strips between two SoH of the table.
const STRIPS: usize = 4;

/// For each choice its value without the sale, and the sale over the price of new storage: a line in that price.
type Lines = [Option<(f64, f64)>; 3];

/// Values of one composition under one price set.
struct Case {
    chemistry: String,
    prices: String,
    new_usd: f64,
    switching: Option<f64>,
    /// By SoH.
    points: Vec<(f64, Lines)>,
}

fn cases(tables: &Tables) -> Vec<Case> {
    let table = &tables.decision;
    let at = |name: &str, k: usize| table.real(name).get(k).copied().flatten();
    let mut found: Vec<Case> = Vec::new();
    for (k, (chemistry, prices)) in table.text("chemistry").iter().zip(table.text("prices")).enumerate() {
        let (Some(chemistry), Some(prices)) = (chemistry.as_deref(), prices.as_deref()) else { continue };
        let (Some(new_usd), Some(soh)) = (at("new_storage_usd_per_kwh", k).filter(|p| *p > 0.0), at("soh", k)) else {
            continue;
        };
        let line = |value: &str, sale: &str| {
            let (value, sale) = (at(value, k)?, at(sale, k)?);
            Some((value - sale, sale / new_usd))
        };
        let point = [
            line("reuse_usd_per_kwh", "reuse_sale_usd_per_kwh"),
            line("refurbish_usd_per_kwh", "refurbish_sale_usd_per_kwh"),
            at("recycle_usd_per_kwh", k).map(|v| (v, 0.0)),
        ];
        match found.last_mut().filter(|c| c.chemistry == chemistry && c.prices == prices) {
            Some(case) => case.points.push((soh, point)),
            None => found.push(Case {
                chemistry: chemistry.into(),
                prices: prices.into(),
                new_usd,
                switching: at("switching_soh", k),
                points: vec![(soh, point)],
            }),
        }
    }
    found
}

fn colour_of(choice: Choice) -> Colour {
    match choice {
        Choice::Reuse => colour::BLUE,
        Choice::Refurbish => colour::SKY,
        Choice::Recycle => colour::GREEN,
    }
}

/// Which choice is best from which price of new storage on, between two prices; values are straight lines in it.
fn bands(lines: &Lines, low: f64, high: f64) -> Vec<(f64, Choice)> {
    let value = |k: usize, price: f64| lines[k].map(|(base, slope)| base + slope * price);
    let mut cuts = vec![low, high];
    for (j, a) in lines.iter().enumerate() {
        for b in &lines[..j] {
            if let (Some(a), Some(b)) = (a, b)
                && (a.1 - b.1).abs() > 1e-12
            {
                cuts.push(((b.0 - a.0) / (a.1 - b.1)).clamp(low, high));
            }
        }
    }
    cuts.sort_by(f64::total_cmp);
    let mut found: Vec<(f64, Choice)> = Vec::new();
    for pair in cuts.windows(2).filter(|w| w[1] - w[0] > 1e-9) {
        let middle = 0.5 * (pair[0] + pair[1]);
        let best = (0..3).filter_map(|k| value(k, middle).map(|v| (v, k)));
        let best = best.fold((f64::NEG_INFINITY, 0), |best, next| if next.0 > best.0 { next } else { best }).1;
        if found.last().is_none_or(|f| f.1 != Choice::ALL[best]) {
            found.push((pair[0], Choice::ALL[best]));
        }
    }
    found
}

/// Which choice pays, by SoH and the price of new storage.
pub(crate) fn decision(tables: &Tables) -> Figure {
    let (file, title) = ("decision.svg", "Reuse, refurbish or recycle");
    let cases = cases(tables);
    if cases.iter().all(|c| c.points.len() < 2) {
        let why = "No values of reuse and recycling.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let first_of = |of: fn(&Case) -> &str| {
        let mut names: Vec<&str> = Vec::new();
        cases.iter().map(of).for_each(|n| {
            if !names.contains(&n) && names.len() < 2 {
                names.push(n);
            }
        });
        names
    };
    let (chemistries, sets) = (first_of(|c| &c.chemistry), first_of(|c| &c.prices));
    let said: Vec<String> = cases
        .iter()
        .map(|c| match c.switching {
            Some(soh) => format!("{} under {} from SoH {}", c.chemistry, c.prices, percent(soh)),
            None => format!("{} under {} never", c.chemistry, c.prices),
        })
        .collect();
    let caption =
        format!("At the price of new storage of each set, reuse or refurbishing pays for {}.", said.join(", "));
    let subtitle =
        "Worth most by SoH and price of new storage, recycling at the set's metal prices. Line: the set's own price.";
    let svg = draw(title, subtitle, |canvas| {
        legend(canvas);
        let rows = sets.len() as f64;
        let height = if sets.len() > 1 { 144.0 } else { 340.0 };
        for (row, set) in sets.iter().enumerate() {
            for (column, chemistry) in chemistries.iter().enumerate() {
                let Some(case) = cases.iter().find(|c| c.chemistry == *chemistry && c.prices == *set) else { continue };
                let width = if chemistries.len() > 1 { 380.0 } else { 832.0 };
                let (left, top) = (88.0 + 452.0 * column as f64, 136.0 + 200.0 * row as f64);
                let place = [left, top, left + width, top + height];
                panel(canvas, case, place, column == 0, row as f64 + 1.0 >= rows);
            }
        }
    });
    Figure { file, title, caption, svg }
}

fn panel(canvas: &mut Canvas<'_>, case: &Case, place: [f64; 4], first: bool, last: bool) {
    let (Some(from), Some(to)) = (case.points.first(), case.points.last()) else { return };
    let top = 2.0 * case.new_usd;
    let panel = Panel { place, x: [from.0, to.0], y: [0.0, top] };
    if first {
        panel.y_axis(canvas, "new storage, USD/kWh", Some(&plain_tick));
    }
    for pair in case.points.windows(2) {
        for strip in 0..STRIPS {
            let at = |part: usize| {
                let t = part as f64 / STRIPS as f64;
                let mix = |k: usize| {
                    let (a, b) = (pair[0].1[k]?, pair[1].1[k]?);
                    Some((a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t))
                };
                (pair[0].0 + (pair[1].0 - pair[0].0) * t, [mix(0), mix(1), mix(2)])
            };
            let ((x0, left), (x1, right)) = (at(strip), at(strip + 1));
            let (left, right) = (bands(&left, 0.0, top), bands(&right, 0.0, top));
            strips(canvas, &panel, (x0, x1), &left, &right);
        }
    }
    panel.x_axis(canvas, if last { "state of health" } else { "" }, &percent_tick);
    let y = panel.py(case.new_usd);
    canvas.line((place[0], y), (place[2], y), colour::WHITE, 2.0);
    if let Some(soh) = case.switching.filter(|s| *s > from.0) {
        canvas.dot(panel.px(soh), y, 7.0, colour::INK, 1.0);
        canvas.dot(panel.px(soh), y, 5.0, colour::WHITE, 1.0);
    }
    let words = format!("{}, {}", case.chemistry, case.prices);
    canvas.bold(place[2], place[1] - 13.0, SMALL, Anchor::End, colour::INK, &words);
}

/// A strip between two SoH: slanted where both edges have the same choices, else cut in the middle.
fn strips(canvas: &mut Canvas<'_>, panel: &Panel, x: (f64, f64), left: &[(f64, Choice)], right: &[(f64, Choice)]) {
    let same = left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.1 == b.1);
    let mut fill = |x: (f64, f64), a: &[(f64, Choice)], b: &[(f64, Choice)]| {
        for (k, (low, choice)) in a.iter().enumerate() {
            let end = |of: &[(f64, Choice)]| of.get(k + 1).map_or(panel.y[1], |next| next.0);
            let corners = [(x.0, *low), (x.1, b[k].0), (x.1, end(b)), (x.0, end(a))];
            let [a, mut b, mut c, d] = corners.map(|(x, y)| panel.at(x, y));
            // A little over the next strip, so that no seam shows.
            let edge = panel.place[2];
            (b.0, c.0) = ((b.0 + 0.6).min(edge), (c.0 + 0.6).min(edge));
            canvas.area(&[a, b, c, d], colour_of(*choice), 1.0);
        }
    };
    if same {
        fill(x, left, right);
    } else {
        let middle = 0.5 * (x.0 + x.1);
        fill((x.0, middle), left, left);
        fill((middle, x.1), right, right);
    }
}

fn legend(canvas: &mut Canvas<'_>) {
    for (k, choice) in Choice::ALL.iter().enumerate() {
        let x = 28.0 + 130.0 * k as f64;
        canvas.rect(x, 82.0, x + 20.0, 100.0, colour_of(*choice), 1.0);
        canvas.text(x + 28.0, 91.0, SMALL, Anchor::Start, colour::INK, choice.name());
    }
    canvas.dot(428.0, 91.0, 7.0, colour::INK, 1.0);
    canvas.dot(428.0, 91.0, 5.0, colour::WHITE, 1.0);
    canvas.text(442.0, 91.0, SMALL, Anchor::Start, colour::INK, "switching SoH");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_follow_straight_lines() {
        let lines = [Some((-10.0, 1.0)), Some((-30.0, 2.0)), Some((5.0, 0.0))];
        // Recycling to 15, reuse to 20, refurbishing above.
        let found = bands(&lines, 0.0, 100.0);
        assert_eq!(found, [(0.0, Choice::Recycle), (15.0, Choice::Reuse), (20.0, Choice::Refurbish)]);
        assert_eq!(bands(&[lines[0], None, None], 0.0, 9.0), [(0.0, Choice::Reuse)]);
    }
}
