//! Published figures beside ours.

use crate::output::supply::{Beside, View, beside, span};
use crate::output::words::plain;
use crate::report::axes::{Panel, log_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data, wrapped};
use crate::report::figure::Figure;
use crate::supply::{Projection, Quantity};

/// Most rows of the figure; the table has all.
const ROWS: usize = 10;
/// Decades below the highest value at most.
const DECADES: f64 = 5.0;

/// Our bands as lines, what others published as marks.
pub(super) fn published(view: &View<'_>) -> Figure {
    let (file, title) = ("published.svg", "Ours beside what others published");
    let above_zero = |(p, b): &(&Projection, Beside)| p.gwh[1] > 0.0 && b.ours.central > 0.0;
    let theirs = view.plan.projections.iter();
    let mut rows: Vec<(&Projection, Beside)> =
        theirs.filter_map(|p| Some((p, beside(view, p)?))).filter(above_zero).collect();
    if rows.is_empty() {
        let why = "No published figure stands beside one of ours.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    // Second-life supply first, then by year; those nearest to the year asked about are kept.
    let all = rows.len();
    rows.sort_by_key(|(p, b)| ((p.year - view.asked_year()).abs(), b.quantity != Quantity::Offered));
    rows.truncate(ROWS);
    rows.sort_by_key(|(p, b)| (b.quantity != Quantity::Offered, b.quantity, p.year));
    let mut sources: Vec<String> = rows.iter().map(|(p, _)| format!("{} ({})", p.study, p.status)).collect();
    sources.dedup();
    let more = if all > rows.len() {
        format!(" The table `projections` has {} more.", view.plan.projections.len() - rows.len())
    } else {
        String::new()
    };
    let caption = format!(
        "Sources and how their figures are known: {}. Read: seen in the source or a copy of it; recalled: from memory, not \
         verified; ran: a result of running the study's own model.{more}",
        sources.join("; ")
    );
    let subtitle = match view.result.draws {
        0 => "Blue: ours, central values without uncertainty. Marks: published, open where recalled.",
        _ => "Blue: ours, P10 to P90 with the central value. Marks: published, open where recalled.",
    };
    let svg = draw(title, subtitle, |canvas| fill(canvas, &rows));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, rows: &[(&Projection, Beside)]) {
    let values = || {
        rows.iter().flat_map(|(p, b)| {
            let band = b.ours.band.map_or([b.ours.central; 2], |q| [q.p10, q.p90]);
            [p.gwh[0], p.gwh[1], b.ours.central, band[0], band[1]].into_iter().filter(|x| *x > 0.0)
        })
    };
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    let x = log_range(low.max(high / 10f64.powf(DECADES)), high);
    let panel = Panel { place: [366.0, 96.0, 924.0, 476.0], x, y: [0.0, 1.0] };
    panel.log_x_axis(canvas, "GWh a year (stocks and sums: GWh), logarithmic");
    let [_, top, _, bottom] = panel.place;
    let pitch = (bottom - top) / rows.len().max(4) as f64;
    for (k, (p, b)) in rows.iter().enumerate() {
        let y = top + pitch * (k as f64 + 0.5);
        let ours = plain(b.quantity.name().trim_end_matches("_gwh"));
        let study = wrapped(&p.study, 330.0);
        let more = if study.len() > 1 { " ..." } else { "" };
        let study = format!("{}{more}", study[0]);
        canvas.text(354.0, y - 8.5, SMALL, Anchor::End, colour::INK, &study);
        canvas.text(354.0, y + 8.5, SMALL, Anchor::End, colour::SOFT, &format!("{} {}: {ours}", p.region, when(p)));
        let at = |x: f64| panel.px(x.max(10f64.powf(panel.x[0])).log10());
        if let Some(q) = b.ours.band {
            canvas.line((at(q.p10), y + 8.0), (at(q.p90), y + 8.0), colour::BLUE, 5.0);
        }
        canvas.dot(at(b.ours.central), y + 8.0, 6.0, colour::BLUE, 1.0);
        theirs(canvas, [at(p.gwh[0]), at(p.gwh[1])], y - 8.0, p.status == "recalled");
        let right = at(p.gwh[1]) < 800.0;
        let (x, anchor) = if right { (at(p.gwh[1]) + 13.0, Anchor::Start) } else { (at(p.gwh[0]) - 13.0, Anchor::End) };
        canvas.text(x, y - 8.0, SMALL, anchor, colour::VERMILION, &span(p.gwh));
    }
}

/// The year, or the years of a sum.
fn when(p: &Projection) -> String {
    p.from.map_or(p.year.to_string(), |from| format!("{from} to {}", p.year))
}

/// A published figure or range.
fn theirs(canvas: &mut Canvas<'_>, [low, high]: [f64; 2], y: f64, open: bool) {
    const TINT: Colour = colour::VERMILION;
    canvas.line((low, y), (high, y), TINT, 3.0);
    for x in [low, high] {
        canvas.dot(x, y, 6.0, TINT, 1.0);
        if open {
            canvas.dot(x, y, 3.5, colour::WHITE, 1.0);
        }
    }
}
