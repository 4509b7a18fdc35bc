//! Money and emissions of recycling and of the second life.

use super::{LINEAR, band, highest, legend, legend_of_bands, span};
use crate::output::supply::{Estimate, View, estimate};
use crate::report::axes::{Panel, amount_tick, plain_tick, round_range};
use crate::report::canvas::{Anchor, Colour, SMALL, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::supply::Quantity as Q;

const WORDS: [&str; 2] = ["recycling", "second life"];
const TINTS: [[Colour; 2]; 2] = [[colour::GREEN, colour::YELLOW], [colour::BLUE, colour::VERMILION]];
const MONEY: [(Q, Q); 2] = [(Q::RecyclingRevenue, Q::RecyclingCost), (Q::SecondRevenue, Q::SecondCost)];
const CO2: [(Q, Q); 2] = [(Q::RecyclingCredit, Q::RecyclingCo2), (Q::SecondCredit, Q::SecondCo2)];

/// Two panels: million USD a year, and kilotonnes of CO2e a year.
pub(super) fn money(view: &View<'_>) -> Figure {
    let (file, title) = ("money.svg", "What recycling and the second life earn, and save in emissions");
    let of = |books: [(Q, Q); 2]| books.map(|(gain, cost)| [gain, cost].map(|q| view.estimates(q, view.all())));
    let (usd, co2) = (of(MONEY), of(CO2));
    let most = |books: &[[Vec<Estimate>; 2]; 2]| highest(books.iter().flatten().flatten());
    if most(&usd) <= 0.0 && most(&co2) <= 0.0 {
        let why = "Nothing is recycled or sold.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let year = view.asked_year();
    let at = |values: &[Estimate]| view.number_of(year).map_or("-".to_string(), |k| estimate(&values[k]));
    let caption = format!(
        "{year}, million USD: recycling sells {} and costs {}, the second life sells {} and costs {}. kt CO2e: recycling saves \
         {} and causes {}, the second life saves {} and causes {}. What recyclers pay at the gate is another book for the same \
         batteries and is in none of these.",
        at(&usd[0][0]),
        at(&usd[0][1]),
        at(&usd[1][0]),
        at(&usd[1][1]),
        at(&co2[0][0]),
        at(&co2[0][1]),
        at(&co2[1][0]),
        at(&co2[1][1])
    );
    let subtitle = format!("All regions; money of the year of the prices. {}", legend_of_bands(view));
    let svg = draw(title, &subtitle, |canvas| {
        let heads = [("million USD a year", "sales", "costs"), ("kt CO2e a year", "saved", "caused")];
        for ((books, (head, gain, cost)), left) in [&usd, &co2].into_iter().zip(heads).zip([88.0, 560.0]) {
            let y = round_range(0.0, most(books), 1e-3);
            let panel = Panel { place: [left, 182.0, left + 364.0, 476.0], x: span(view), y };
            panel.y_axis(canvas, "", Some(&amount_tick));
            panel.x_axis(canvas, "year", &plain_tick);
            canvas.text(left, 100.0, SMALL + 1.0, Anchor::Start, colour::INK, head);
            for (row, (([gains, costs], tints), word)) in books.iter().zip(TINTS).zip(WORDS).enumerate() {
                let bare: Vec<Estimate> = costs.iter().map(|e| Estimate { band: None, ..*e }).collect();
                band(canvas, &panel, view, gains, LINEAR, tints[0]);
                band(canvas, &panel, view, &bare, LINEAR, tints[1]);
                let names = [format!("{word}, {gain}"), format!("{word}, {cost}")];
                legend(canvas, left, 126.0 + 24.0 * row as f64, &[(&names[0], tints[0]), (&names[1], tints[1])]);
            }
        }
    });
    Figure { file, title, caption, svg }
}
