//! Metals recovered, and what they are of what new batteries need.

use super::{LINEAR, band, highest, legend, legend_of_bands, span};
use crate::output::supply::{View, estimate};
use crate::output::words::{or_dash, percent};
use crate::report::axes::{Panel, amount_tick, percent_tick, plain_tick, round_range};
use crate::report::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::supply::Quantity as Q;

/// Need of a year below which no share of it is told, over the largest until then: a chemistry runs out.
const LEAST_NEED: f64 = 0.1;

/// Recovered, needed, name, colour.
const METALS: [(Q, Q, &str, Colour); 3] = [
    (Q::Nickel, Q::NickelDemand, "nickel", colour::GREEN),
    (Q::Lithium, Q::LithiumDemand, "lithium", colour::PURPLE),
    (Q::Cobalt, Q::CobaltDemand, "cobalt", colour::BLUE),
];

/// Two panels: kilotonnes by year, and shares of the demand.
pub(super) fn materials(view: &View<'_>) -> Figure {
    let (file, title) = ("materials.svg", "Metals recovered from batteries and scrap");
    let back = METALS.map(|m| view.estimates(m.0, view.all()));
    let most = highest(back.iter().flatten());
    if most <= 0.0 {
        let why = "Nothing is recovered.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let shares = METALS.map(|m| share(&view.central(m.0, view.all()), &view.central(m.1, view.all())));
    let year = view.asked_year();
    let words: Vec<String> = METALS
        .iter()
        .enumerate()
        .filter_map(|(k, m)| {
            let at = view.number_of(year)?;
            let share = or_dash(shares[k][at], percent);
            Some(format!("{} {} kt ({share} of the need)", m.2, estimate(&back[k][at])))
        })
        .collect();
    let caption = format!(
        "{year}: {}. The shares are of central values, all that is recovered over what new batteries of that year need; they \
         count production scrap too, and are left out where that need has fallen below a tenth of what it was.",
        words.join("; ")
    );
    let subtitle = format!("All regions. {}", legend_of_bands(view));
    let svg = draw(title, &subtitle, |canvas| {
        let left = Panel { place: [88.0, 160.0, 452.0, 476.0], x: span(view), y: round_range(0.0, most, 1e-9) };
        left.y_axis(canvas, "", Some(&amount_tick));
        left.x_axis(canvas, "year", &plain_tick);
        heading(canvas, 88.0, "recovered, kt a year");
        for (values, m) in back.iter().zip(METALS) {
            band(canvas, &left, view, values, LINEAR, m.3);
        }
        let highest = shares.iter().flatten().flatten().fold(0.0, |a: f64, b| a.max(*b));
        let right = Panel { place: [560.0, 160.0, 924.0, 476.0], x: span(view), y: round_range(0.0, highest, 0.01) };
        right.y_axis(canvas, "", Some(&percent_tick));
        right.x_axis(canvas, "year", &plain_tick);
        heading(canvas, 560.0, "over the need of new batteries, central");
        for (values, m) in shares.iter().zip(METALS) {
            let points = view.years().zip(values);
            let line: Vec<(f64, f64)> = points.filter_map(|(y, x)| Some(right.at(f64::from(y), (*x)?))).collect();
            canvas.path(&line, m.3, 3.5);
        }
        legend(canvas, 88.0, 98.0, &METALS.map(|m| (m.2, m.3)));
    });
    Figure { file, title, caption, svg }
}

fn heading(canvas: &mut Canvas<'_>, x: f64, text: &str) {
    canvas.text(x, 134.0, SMALL + 1.0, Anchor::Start, colour::INK, text);
}

/// Part over whole, year by year; none where next to nothing is needed, as where a chemistry runs out.
fn share(part: &[f64], whole: &[f64]) -> Vec<Option<f64>> {
    let mut most: f64 = 0.0;
    let share = |(part, need): (&f64, &f64)| {
        most = most.max(*need);
        (*need > LEAST_NEED * most).then(|| part / need)
    };
    part.iter().zip(whole).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_share_is_told_of_a_need_that_has_run_out() {
        let shares = share(&[0.0, 0.1, 1.0, 4.0, 5.0], &[0.0, 0.5, 10.0, 0.9, 1e-20]);
        assert_eq!(shares, [None, Some(0.2), Some(0.1), None, None]);
    }
}
