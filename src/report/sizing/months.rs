//! Where the energy of each month comes from.

use crate::output::sizing::{MONTHS, mean_month, service_years};
use crate::output::words::{energy, percent};
use crate::report::axes::{Panel, round_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::site::Month;
use crate::sizing::SizingResult;

/// What the bars are made of, from below.
const PARTS: [(&str, Colour); 5] = [
    ("array directly", colour::ORANGE),
    ("battery", colour::BLUE),
    ("grid", colour::PURPLE),
    ("genset", colour::GREEN),
    ("unserved", colour::VERMILION),
];

/// Served demand by source, and what is unserved \[kWh\].
///
/// Battery energy is known on the bus and grid and genset may charge it, so that the sources can exceed what is served:
/// they are then brought down to it in proportion. What no source accounts for came from the array.
fn split(m: &Month) -> [f64; 5] {
    let served = (m.demand_kwh - m.unmet_kwh).max(0.0);
    let sources = [m.discharge_kwh, m.grid_kwh, m.genset_kwh].map(|x| x.max(0.0));
    let all: f64 = sources.iter().sum();
    let scale = if all > served { served / all } else { 1.0 };
    let [battery, grid, genset] = sources.map(|x| x * scale);
    [(served - battery - grid - genset).max(0.0), battery, grid, genset, m.unmet_kwh]
}

/// Energy month by month in the last year.
pub(super) fn months(result: &SizingResult) -> Figure {
    let (file, title) = ("months.svg", "Energy by month of the last year");
    let paths = &result.detail.paths;
    let last = service_years(paths).saturating_sub(1);
    let months: Vec<Month> = (0..12).filter_map(|m| mean_month(paths, last, m)).collect();
    if months.len() < 12 || months.iter().all(|m| m.demand_kwh <= 0.0) {
        let why = "No path was simulated.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let sum = |get: fn(&Month) -> f64| months.iter().map(get).sum::<f64>();
    let share = |m: &Month| if m.demand_kwh > 0.0 { m.unmet_kwh / m.demand_kwh } else { 0.0 };
    let worst = (0..12).max_by(|a, b| share(&months[*a]).total_cmp(&share(&months[*b]))).unwrap_or(0);
    let caption = format!(
        "Of {} demanded in the year {} go unserved, most in {} ({} of that month); {} of {} that the array could give are \
         curtailed. Battery energy is counted on the bus; the rest that is served came from the array directly.",
        energy(sum(|m| m.demand_kwh)),
        energy(sum(|m| m.unmet_kwh)),
        MONTHS[worst],
        percent(share(&months[worst])),
        energy(sum(|m| m.curtailed_kwh)),
        energy(sum(|m| m.pv_kwh)),
    );
    let subtitle = format!("Year {} of service, means of {} paths. Below the line: curtailed.", last + 1, paths.len());
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &months));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, months: &[Month]) {
    let high = months.iter().map(|m| m.demand_kwh).fold(0.0, f64::max);
    let low = months.iter().map(|m| m.curtailed_kwh).fold(0.0, f64::max);
    let panel = Panel { place: [88.0, 140.0, 932.0, 484.0], x: [0.0, 12.0], y: round_range(-low, high, 1.0) };
    panel.y_axis(canvas, "", Some(&|x| crate::output::words::thousands(x.abs())));
    canvas.text(28.0, 100.0, SMALL, Anchor::Start, colour::INK, "kWh");
    for (k, m) in months.iter().enumerate() {
        let (left, right) = (panel.px(k as f64 + 0.16), panel.px(k as f64 + 0.84));
        let mut below = 0.0;
        for (value, (_, tint)) in split(m).into_iter().zip(PARTS) {
            if value > 0.0 {
                canvas.rect(left, panel.py(below + value), right, panel.py(below), tint, 1.0);
                below += value;
            }
        }
        canvas.rect(left, panel.py(0.0), right, panel.py(-m.curtailed_kwh), colour::GREY, 0.6);
        let x = (left + right) / 2.0;
        canvas.text(x, panel.place[3] + 17.0, SMALL, Anchor::Middle, colour::INK, MONTHS[k]);
    }
    let zero = panel.py(0.0);
    canvas.line((panel.place[0], zero), (panel.place[2], zero), colour::INK, 1.25);
    let mut x = 88.0;
    let shown = PARTS.iter().enumerate().filter(|(k, _)| months.iter().any(|m| split(m)[*k] > 0.0));
    for (text, tint) in shown.map(|(_, p)| *p).chain([("curtailed", colour::GREY)]) {
        let opacity = if text == "curtailed" { 0.6 } else { 1.0 };
        canvas.rect(x, 91.0, x + 18.0, 109.0, tint, opacity);
        canvas.text(x + 25.0, 100.0, SMALL, Anchor::Start, colour::INK, text);
        x += 56.0 + 7.6 * text.len() as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_month_are_its_demand() {
        let plain =
            Month { demand_kwh: 100.0, unmet_kwh: 5.0, discharge_kwh: 40.0, grid_kwh: 10.0, ..Month::default() };
        assert_eq!(split(&plain), [45.0, 40.0, 10.0, 0.0, 5.0]);
        // A genset that charges the battery is in both.
        let twice = Month { genset_kwh: 75.0, grid_kwh: 0.0, discharge_kwh: 75.0, ..plain };
        let parts = split(&twice);
        assert_eq!((parts[0], parts[1]), (0.0, 47.5));
        assert!((parts.iter().sum::<f64>() - 100.0).abs() < 1e-9);
    }
}
