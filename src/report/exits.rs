//! When packs leave the vehicle, by route, and how strong they are then.

use super::axes::{Panel, percent_tick, plain_tick, round_range, ticks};
use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, draw, no_data};
use super::figure::Figure;
use crate::life::outcome::ExitRoute;
use crate::output::words::{percent, plain, thousands};
use crate::output::{Quantiles, Tables, quantile};

/// Ages at which the cumulative shares are drawn.
const AGES: usize = 120;

/// Packs that left by one route.
struct Way {
    route: ExitRoute,
    /// Years in the vehicle, rising.
    years: Vec<f64>,
    median_years: f64,
    soh: Quantiles,
}

fn colour_of(route: ExitRoute) -> Colour {
    match route {
        ExitRoute::WriteOff => colour::VERMILION,
        ExitRoute::Failure => colour::ORANGE,
        ExitRoute::Recall => colour::PURPLE,
        ExitRoute::Warranty => colour::GREEN,
        ExitRoute::OwnerNeed => colour::SKY,
        ExitRoute::EndOfLife => colour::BLUE,
        ExitRoute::Bought => colour::GREY,
    }
}

/// The routes that packs took, in table order.
fn ways(tables: &Tables) -> Vec<Way> {
    let packs = &tables.packs;
    let way = |route: ExitRoute| {
        let rows = packs.text("exit_route").iter();
        let rows = rows.zip(packs.real("first_life_years").iter().zip(packs.real("exit_soh_mean")));
        let of_route = rows.filter(|(name, _)| name.as_deref() == Some(route.name()));
        let (mut years, mut soh): (Vec<f64>, Vec<f64>) =
            of_route.filter_map(|(_, (years, soh))| years.zip(*soh)).unzip();
        years.sort_by(f64::total_cmp);
        soh.sort_by(f64::total_cmp);
        let soh = Quantiles { p10: quantile(&soh, 0.1)?, p50: quantile(&soh, 0.5)?, p90: quantile(&soh, 0.9)? };
        Some(Way { route, median_years: quantile(&years, 0.5)?, years, soh })
    };
    ExitRoute::ALL.into_iter().filter_map(way).collect()
}

/// Shares of packs that have left by each age, stacked in the order of the ways: `[way][age]`, upper edges.
fn stacked(ways: &[Way], ages: &[f64]) -> Vec<Vec<f64>> {
    let n: usize = ways.iter().map(|w| w.years.len()).sum();
    let mut below = vec![0.0; ages.len()];
    ways.iter()
        .map(|way| {
            for (sum, age) in below.iter_mut().zip(ages) {
                *sum += way.years.partition_point(|years| years <= age) as f64 / n as f64;
            }
            below.clone()
        })
        .collect()
}

/// Exits over age, and SoH by route.
pub(crate) fn exits(tables: &Tables) -> Figure {
    let (file, title) = ("exits.svg", "When and how packs leave the vehicle");
    let ways = ways(tables);
    if matches!(&ways[..], [only] if only.route == ExitRoute::Bought) {
        let why = "The modules were bought used: no vehicle was simulated.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    }
    let n: usize = ways.iter().map(|w| w.years.len()).sum();
    let Some(largest) = ways.iter().max_by_key(|w| w.years.len()) else {
        let why = "No pack reached the end of its first life.";
        return Figure { file, title, caption: why.into(), svg: no_data(title, why) };
    };
    let caption = format!(
        "The commonest way out is {} ({} of packs): half of them leave by {:.1} years at a SoH of {} (median). Of all \
         packs, {} leave with a SoH between 78 and 82 %.",
        plain(largest.route.name()),
        percent(largest.years.len() as f64 / n as f64),
        largest.median_years,
        percent(largest.soh.p50),
        near_eighty(tables),
    );
    let subtitle = format!(
        "n = {} packs. Left: share that has left by an age. Middle: share and median age by route. Right: SoH.",
        thousands(n as f64)
    );
    let svg = draw(title, &subtitle, |canvas| {
        over_age(canvas, &ways);
        by_route(canvas, &ways, n);
    });
    Figure { file, title, caption, svg }
}

/// Share of packs that leave within two points of 80 %, the end of life of many standards.
fn near_eighty(tables: &Tables) -> String {
    let soh: Vec<f64> = tables.packs.real("exit_soh_mean").iter().flatten().copied().collect();
    let near = soh.iter().filter(|s| (**s - 0.8).abs() <= 0.02).count();
    percent(near as f64 / soh.len().max(1) as f64)
}

fn over_age(canvas: &mut Canvas<'_>, ways: &[Way]) {
    let last = ways.iter().filter_map(|w| w.years.last()).copied().fold(1.0, f64::max);
    let panel = Panel { place: [88.0, 118.0, 470.0, 478.0], x: [0.0, last], y: [0.0, 1.0] };
    panel.y_axis(canvas, "packs that have left the vehicle", Some(&percent_tick));
    let ages: Vec<f64> = (0..=AGES).map(|k| last * k as f64 / AGES as f64).collect();
    let mut lower = vec![0.0; ages.len()];
    for (way, upper) in ways.iter().zip(stacked(ways, &ages)) {
        let edge = |shares: &[f64]| -> Vec<(f64, f64)> {
            ages.iter().zip(shares).map(|(age, share)| panel.at(*age, *share)).collect()
        };
        let mut outline = edge(&upper);
        outline.extend(edge(&lower).into_iter().rev());
        canvas.area(&outline, colour_of(way.route), 0.9);
        lower = upper;
    }
    panel.x_axis(canvas, "years in the vehicle", &plain_tick);
}

fn by_route(canvas: &mut Canvas<'_>, ways: &[Way], n: usize) {
    let low = ways.iter().map(|w| w.soh.p10).fold(f64::INFINITY, f64::min);
    let high = ways.iter().map(|w| w.soh.p90).fold(f64::NEG_INFINITY, f64::max);
    let panel = Panel { place: [690.0, 118.0, 930.0, 478.0], x: round_range(low, high, 0.05), y: [0.0, 1.0] };
    let [_, top, _, bottom] = panel.place;
    for tick in ticks(panel.x, 4) {
        canvas.line((panel.px(tick), top), (panel.px(tick), bottom), colour::GRID, 1.0);
    }
    // From the top of the stack down.
    let pitch = (bottom - top) / ways.len().max(5) as f64;
    for (k, way) in ways.iter().rev().enumerate() {
        let (y, colour) = (top + pitch * (k as f64 + 0.5), colour_of(way.route));
        canvas.rect(500.0, y - 19.0, 512.0, y + 19.0, colour, 0.9);
        canvas.bold(522.0, y - 10.0, SMALL + 1.0, Anchor::Start, colour::INK, &plain(way.route.name()));
        let share = percent(way.years.len() as f64 / n as f64);
        let text = format!("{share}, {:.1} years", way.median_years);
        canvas.text(522.0, y + 11.0, SMALL, Anchor::Start, colour::SOFT, &text);
        let (left, middle, right) = (panel.px(way.soh.p10), panel.px(way.soh.p50), panel.px(way.soh.p90));
        canvas.rect(left, y - 5.0, right, y + 5.0, colour, 0.45);
        canvas.dot(middle, y, 8.5, colour::INK, 1.0);
        canvas.dot(middle, y, 7.0, colour, 1.0);
    }
    panel.x_axis(canvas, "SoH at the exit: P10 to P90, median", &percent_tick);
}
