//! From the retired pack to the sold system, step by step.

use super::axes::{Panel, plain_tick, round_range};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::life::costs::CostSteps;
use crate::output::Tables;
use crate::output::words::{number, percent, plain, thousands};

/// Costs and price of the systems, USD for a kWh usable at the start.
struct Fall {
    /// Name, start and end of each step.
    steps: Vec<(String, f64, f64)>,
    cost: f64,
    sale: f64,
    packs: usize,
}

fn fall(tables: &Tables) -> Option<Fall> {
    let packs = &tables.packs;
    let made: Vec<bool> = packs.whole("systems").iter().map(|n| n.is_some_and(|n| n > 0)).collect();
    let sum = |column: &str| -> f64 {
        let values = packs.real(column).iter().zip(&made);
        values.filter(|(_, made)| **made).filter_map(|(x, _)| *x).fold(0.0, |sum, x| sum + x)
    };
    let usable = sum("second_usable_start_kwh");
    if usable <= 0.0 {
        return None;
    }
    let mut at = 0.0;
    let mut steps = Vec::new();
    for name in CostSteps::NAMES {
        let cost = sum(&format!("{name}_usd")) / usable;
        if cost != 0.0 {
            let shown = match name {
                "core" => "retired pack".to_owned(),
                "test" => "tests".to_owned(),
                "bms" => "BMS".to_owned(),
                name => plain(name),
            };
            steps.push((shown, at, at + cost));
            at += cost;
        }
    }
    let count = made.iter().filter(|made| **made).count();
    Some(Fall { steps, cost: at, sale: sum("sale_usd") / usable, packs: count })
}

/// The steps of the costs as a waterfall.
pub(crate) fn costs(tables: &Tables) -> Figure {
    let (file, title) = ("costs.svg", "What a system costs, from the retired pack to the sale");
    let Some(fall) = fall(tables) else {
        let why = "No system was built.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let largest = fall.steps.iter().max_by(|a, b| (a.2 - a.1).total_cmp(&(b.2 - b.1)));
    let caption = format!(
        "A kWh that is usable at the start costs {} USD{} and is sold for {} USD. Testing and moving the packs that made no \
         system, and recycling, are not in it.",
        number(fall.cost),
        largest.map_or(String::new(), |(name, from, to)| format!(
            ", {} of it for {name}",
            percent((to - from) / fall.cost.max(f64::MIN_POSITIVE))
        )),
        number(fall.sale)
    );
    let subtitle = format!(
        "n = {} packs that made systems. USD for each kWh inside the SoC window at the start.",
        thousands(fall.packs as f64)
    );
    let svg = draw(title, &subtitle, |canvas| fill(canvas, &fall));
    Figure { file, title, caption, svg }
}

fn fill(canvas: &mut Canvas<'_>, fall: &Fall) {
    let (low, high) = (0f64.min(fall.sale).min(fall.cost), fall.cost.max(fall.sale).max(1.0));
    let panel = Panel { place: [210.0, 92.0, 850.0, 478.0], x: round_range(low, high, 1.0), y: [0.0, 1.0] };
    panel.x_axis(canvas, "USD a kWh usable at the start", &plain_tick);
    let rows = fall.steps.len() + 2;
    let step = (panel.place[3] - panel.place[1]) / rows as f64;
    let total = |name: &str, value: f64, colour| (name.to_owned(), 0.0, value, colour, true);
    let steps = fall.steps.iter().map(|(name, from, to)| (name.clone(), *from, *to, colour::SKY, false));
    let bars: Vec<(String, f64, f64, Colour, bool)> =
        steps.chain([total("cost", fall.cost, colour::BLUE), total("sale", fall.sale, colour::GREEN)]).collect();
    for (k, (name, from, to, colour, strong)) in bars.iter().enumerate() {
        let (top, bottom) = (panel.place[1] + step * k as f64 + 3.0, panel.place[1] + step * (k + 1) as f64 - 3.0);
        let middle = (top + bottom) / 2.0;
        let (left, right) = (panel.px(from.min(*to)), panel.px(from.max(*to)));
        canvas.rect(left, top, right.max(left + 1.0), bottom, *colour, 1.0);
        let value = number(to - from);
        let at = panel.place[0] - 12.0;
        if *strong {
            canvas.bold(at, middle, 16.0, Anchor::End, colour::INK, name);
            canvas.bold(right + 8.0, middle, 16.0, Anchor::Start, colour::INK, &value);
        } else {
            canvas.text(at, middle, 16.0, Anchor::End, colour::INK, name);
            canvas.text(right + 8.0, middle, SMALL, Anchor::Start, colour::INK, &value);
            // A thread to the next bar.
            let x = panel.px(*to);
            canvas.line((x, bottom), (x, bottom + 6.0), colour::SOFT, 1.0);
        }
    }
}
