//! Second-life batteries in storage.

use super::{LINEAR, band, highest, legend, legend_of_bands, span};
use crate::output::supply::{Estimate, View, estimate};
use crate::report::axes::{Panel, amount_tick, plain_tick, round_range};
use crate::report::canvas::{colour, draw, no_data};
use crate::report::figure::Figure;
use crate::supply::Quantity;

/// Stock by what it can hold and by its name plates, and what waits.
pub(super) fn stock(view: &View<'_>) -> Figure {
    let (file, title) = ("second_life_stock.svg", "Second-life batteries in storage");
    let of = |q: Quantity| view.estimates(q, view.all());
    let (useful, nominal) = (of(Quantity::SecondStockUseful), of(Quantity::SecondStock));
    let waiting = of(Quantity::Waiting);
    let most = highest(useful.iter().chain(&nominal).chain(&waiting));
    if most <= 0.0 {
        let why = "No battery has a second life.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let year = view.asked_year();
    let at = |values: &[_]| view.number_of(year).map_or("-".to_string(), |k| estimate(&values[k]));
    let caption = format!(
        "At the end of {year} second-life batteries in storage can hold {} GWh ({} GWh on their name plates); {} GWh on \
         the name plate wait for a buyer.",
        at(&useful),
        at(&nominal),
        at(&waiting)
    );
    let subtitle = format!("At the end of each year, all regions. {}", legend_of_bands(view));
    let svg = draw(title, &subtitle, |canvas| {
        let panel = Panel { place: [96.0, 144.0, 920.0, 476.0], x: span(view), y: round_range(0.0, most, 1e-6) };
        panel.y_axis(canvas, "GWh", Some(&amount_tick));
        panel.x_axis(canvas, "year", &plain_tick);
        let bare: Vec<_> = nominal.iter().map(|e| Estimate { band: None, ..*e }).collect();
        let curves = [
            (&waiting, "waiting, name plate", colour::ORANGE),
            (&bare, "in storage, name plate (no band)", colour::GREY),
            (&useful, "in storage, useful", colour::BLUE),
        ];
        for (values, _, tint) in curves {
            band(canvas, &panel, view, values, LINEAR, tint);
        }
        legend(canvas, 96.0, 92.0, &[2, 1, 0].map(|k: usize| (curves[k].1, curves[k].2)));
    });
    Figure { file, title, caption, svg }
}
