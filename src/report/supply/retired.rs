//! What leaves vehicles, by cause.

use super::{highest, legend_of_bands, span};
use crate::output::supply::{View, estimate};
use crate::output::words::{percent, thousands};
use crate::report::axes::{Panel, amount_tick, plain_tick, round_range};
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
    caption.push_str("Crash, warranty and recall give the early ones, wear-out the later mass.");
    let subtitle = match view.result.draws {
        0 => format!("Nominal energy, all regions. {}", legend_of_bands(view)),
        n => format!(
            "Nominal energy, all regions. Areas: central values; lines: P10 and P90 of the sum over {} draws.",
            thousands(f64::from(n))
        ),
    };
    let svg = draw(title, &subtitle, |canvas| {
        let panel = Panel { place: [96.0, 116.0, 690.0, 476.0], x: span(view), y: round_range(0.0, most, 1e-6) };
        panel.y_axis(canvas, "GWh a year", Some(&amount_tick));
        stack(canvas, view, &panel, &parts);
        for p in [0, 1] {
            let end = |b: crate::output::Quantiles| if p == 0 { b.p10 } else { b.p90 };
            let points = view.years().zip(&sum);
            let line: Vec<(f64, f64)> =
                points.filter_map(|(y, e)| Some(panel.at(f64::from(y), end(e.band?)))).collect();
            canvas.path(&line, colour::INK, 1.75);
        }
        panel.x_axis(canvas, "year", &plain_tick);
        for (k, (_, name, tint)) in CAUSES.iter().rev().enumerate() {
            let y = 140.0 + 28.0 * k as f64;
            canvas.rect(708.0, y - 9.0, 728.0, y + 9.0, *tint, 0.85);
            canvas.text(736.0, y, SMALL, Anchor::Start, colour::INK, name);
        }
        if view.result.draws > 0 {
            canvas.line((708.0, 284.0), (728.0, 284.0), colour::INK, 1.75);
            canvas.text(736.0, 284.0, SMALL, Anchor::Start, colour::INK, "P10, P90 of the sum");
        }
    });
    Figure { file, title, caption, svg }
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
