//! Second-life supply against what storage takes and what is wanted.

use super::{band, highest, legend, legend_of_bands, span};
use crate::output::supply::{View, estimate};
use crate::output::words::number;
use crate::report::axes::{Panel, log_range, plain_tick};
use crate::report::canvas::{Anchor, Canvas, SMALL, colour, draw, no_data, text_width};
use crate::report::figure::Figure;
use crate::supply::{Quantity, Question};

/// Most decades shown below the highest value.
const DECADES: f64 = 4.0;

/// Supply and what storage takes of it, on a logarithmic axis.
pub(super) fn offered(view: &View<'_>) -> Figure {
    let (file, title) = ("supply.svg", "Second-life supply, and what storage takes");
    let (offered, taken) = (view.estimates(Quantity::Offered, view.all()), view.estimates(Quantity::Taken, view.all()));
    let most = highest(offered.iter().chain(&taken));
    if most <= 0.0 {
        let why = "Nothing is offered for a second life.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let question = view.plan.question.as_ref().filter(|q| q.gwh > 0.0 && view.number_of(q.year).is_some());
    let year = view.asked_year();
    let at = |values: &[_]| view.number_of(year).map_or("-".to_string(), |k| estimate(&values[k]));
    let mut caption = format!("In {year} {} GWh are offered and {} GWh taken by storage.", at(&offered), at(&taken));
    if let Some(q) = question {
        caption.push_str(&format!(" Asked for are {} GWh in {}.", number(q.gwh), q.year));
    }
    let room = view.room();
    let subtitle = format!("Useful energy, all regions, new in each year. {}", legend_of_bands(view));
    let svg = draw(title, &subtitle, |canvas| {
        let ends = room.iter().flatten().copied().chain(question.map(|q| q.gwh));
        let low = offered.iter().chain(&taken).map(|e| e.band.map_or(e.central, |b| b.p10.min(e.central)));
        let low = low.filter(|x| *x > 0.0).fold(most, f64::min);
        let y = log_range(low.max(most / 10f64.powf(DECADES)), ends.fold(most, f64::max));
        let panel = Panel { place: [96.0, 144.0, 920.0, 476.0], x: span(view), y };
        panel.log_y_axis(canvas, "GWh a year, logarithmic");
        panel.x_axis(canvas, "year", &plain_tick);
        // What is too small for the axis is not drawn along its edge. Where storage takes all, one hides the other.
        let scale = |x: f64| x.log10().max(y[0]);
        let least = 10f64.powf(y[0]);
        band(canvas, &panel, view, &taken, (least, scale), colour::ORANGE);
        band(canvas, &panel, view, &offered, (least, scale), colour::BLUE);
        let mut names = vec![("offered", colour::BLUE), ("taken by storage", colour::ORANGE)];
        if let Some(room) = &room {
            let points = view.years().zip(room).filter(|(_, gwh)| **gwh >= least);
            let line: Vec<_> = points.map(|(year, gwh)| panel.at(f64::from(year), scale(*gwh))).collect();
            canvas.path(&line, colour::GREEN, 2.0);
            names.push(("the most that storage would take, central", colour::GREEN));
        }
        legend(canvas, 96.0, 92.0, &names);
        if let Some(q) = question {
            mark(canvas, &panel, q);
        }
    });
    Figure { file, title, caption, svg }
}

/// What is asked for.
fn mark(canvas: &mut Canvas<'_>, panel: &Panel, question: &Question) {
    let (x, y) = panel.at(f64::from(question.year), question.gwh.log10());
    canvas.dot(x, y, 9.0, colour::WHITE, 1.0);
    canvas.dot(x, y, 7.0, colour::VERMILION, 1.0);
    let text = format!("asked for: {} GWh in {}", number(question.gwh), question.year);
    // On the side that has the room.
    let (x, anchor) = if x > 400.0 { (x - 14.0, Anchor::End) } else { (x + 14.0, Anchor::Start) };
    // A white ground keeps curves out of the words.
    let wide = text_width(&text, SMALL) * 1.1;
    let from = if anchor == Anchor::End { x - wide } else { x };
    canvas.rect(from - 3.0, y - 10.0, from + wide + 3.0, y + 10.0, colour::WHITE, 0.85);
    canvas.bold(x, y, SMALL, anchor, colour::VERMILION, &text);
}
