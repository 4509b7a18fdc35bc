//! What leaves vehicles, by cause.

use super::{highest, legend, legend_of_bands, span};
use crate::output::supply::{Estimate, View, estimate};
use crate::output::words::{percent, thousands};
use crate::report::axes::{Panel, amount_tick, percent_tick, plain_tick, round_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::supply::Quantity;

/// Causes from the bottom, with their words and colours.
const CAUSES: [(Quantity, &str, Colour); 5] = [
    (Quantity::WearOut, "vehicle worn out", colour::BLUE),
    (Quantity::Failed, "battery failed or too weak", colour::VERMILION),
    (Quantity::Crash, "crash, theft, flood", colour::ORANGE),
    (Quantity::Warranty, "warranty", colour::PURPLE),
    (Quantity::Recall, "recall", colour::GREEN),
];

/// Stacked causes with the band of their sum.
pub(super) fn retired(view: &View<'_>) -> Figure {
    let (file, title) = ("retired.svg", "Batteries that leave vehicles, by cause");
    let sum = view.estimates(Quantity::Retired, view.all());
    let most = highest(&sum);
    if most <= 0.0 {
        let why = "No battery leaves a vehicle.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let parts = CAUSES.map(|c| view.central(c.0, view.all()));
    let year = view.asked_year();
    let mut caption = String::new();
    if let Some(k) = view.number_of(year) {
        let whole = sum[k].central;
        let share = |part: &[f64]| if whole > 0.0 { percent(part[k] / whole) } else { "-".into() };
        let words: Vec<String> = CAUSES.iter().zip(&parts).map(|(c, p)| format!("{} {}", c.1, share(p))).collect();
        caption = format!("{year}: {} GWh retired; {}. ", estimate(&sum[k]), words.join(", "));
    }
    caption.push_str(&first_and_last(view, &sum, &parts));
    let subtitle = match view.result.draws {
        0 => format!("Nominal energy, all regions. {}", legend_of_bands(view)),
        n => format!(
            "Nominal energy, all regions. Areas: central values; lines: P10 and P90 of the sum over {} draws.",
            thousands(f64::from(n))
        ),
    };
    let svg = draw(title, &subtitle, |canvas| {
        let left = Panel { place: [96.0, 160.0, 470.0, 476.0], x: span(view), y: round_range(0.0, most, 1e-6) };
        left.y_axis(canvas, "", Some(&amount_tick));
        canvas.text(96.0, 134.0, SMALL + 1.0, Anchor::Start, colour::INK, "GWh a year");
        stack(canvas, view, &left, &parts);
        for p in [0, 1] {
            let end = |b: crate::output::Quantiles| if p == 0 { b.p10 } else { b.p90 };
            let points = view.years().zip(&sum);
            let line: Vec<(f64, f64)> = points.filter_map(|(y, e)| Some(left.at(f64::from(y), end(e.band?)))).collect();
            canvas.path(&line, colour::INK, 1.75);
        }
        left.x_axis(canvas, "year", &plain_tick);
        let shares = parts.each_ref().map(|part| {
            part.iter().zip(&sum).map(|(x, all)| if all.central > 0.0 { x / all.central } else { 0.0 }).collect()
        });
        let right = Panel { place: [560.0, 160.0, 924.0, 476.0], x: span(view), y: [0.0, 1.0] };
        right.y_axis(canvas, "", Some(&percent_tick));
        canvas.text(560.0, 134.0, SMALL + 1.0, Anchor::Start, colour::INK, "share of a year, central");
        stack(canvas, view, &right, &shares);
        right.x_axis(canvas, "year", &plain_tick);
        legend(canvas, 96.0, 98.0, &CAUSES.map(|(_, name, tint)| (name, tint)));
    });
    Figure { file, title, caption, svg }
}

/// The cause that leads at first and at last.
fn first_and_last(view: &View<'_>, sum: &[Estimate], parts: &[Vec<f64>]) -> String {
    let lead = |k: usize| (0..parts.len()).max_by(|a, b| parts[*a][k].total_cmp(&parts[*b][k])).unwrap_or(0);
    let (Some(first), Some(last)) =
        (sum.iter().position(|e| e.central > 0.0), sum.iter().rposition(|e| e.central > 0.0))
    else {
        return String::new();
    };
    let words = |k: usize| format!("{} in {}", CAUSES[lead(k)].1, view.plan.calendar(k));
    format!("Most leave by: {}, {}.", words(first), words(last))
}

fn stack(canvas: &mut Canvas<'_>, view: &View<'_>, panel: &Panel, parts: &[Vec<f64>]) {
    let mut below = vec![0.0; view.plan.years];
    for ((_, _, tint), part) in CAUSES.iter().zip(parts) {
        let line = |heights: &[f64]| -> Vec<(f64, f64)> {
            view.years().zip(heights).map(|(y, h)| panel.at(f64::from(y), *h)).collect()
        };
        let mut outline = line(&below);
        below.iter_mut().zip(part).for_each(|(sum, x)| *sum += x);
        outline.extend(line(&below).into_iter().rev());
        canvas.area(&outline, *tint, 0.85);
    }
}
