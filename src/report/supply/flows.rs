//! Where the batteries of a year come from and go, as ribbons.

use crate::output::supply::{End, View, flows as of_year};
use crate::output::words::{number, percent};
use crate::report::canvas::{Colour, colour, draw, no_data};
use crate::report::figure::Figure;
use crate::report::sankey::{Link, Node, Sankey};

/// Bars from the top of each column: place, words, colour.
const BARS: [(End, usize, &str, Colour); 16] = [
    (End::WearOut, 0, "vehicle worn out", colour::BLUE),
    (End::Failed, 0, "battery failed", colour::VERMILION),
    (End::Crash, 0, "crash, theft, flood", colour::ORANGE),
    (End::Warranty, 0, "warranty", colour::PURPLE),
    (End::Recall, 0, "recall", colour::GREEN),
    (End::Retired, 1, "retired", colour::SOFT),
    (End::Collected, 2, "collected", colour::SKY),
    (End::Waiting, 2, "waited", colour::YELLOW),
    (End::SecondOut, 2, "ended second life", colour::PURPLE),
    (End::Scrap, 2, "production scrap", colour::ORANGE),
    (End::Exported, 2, "exported", colour::GREY),
    (End::Unknown, 2, "unknown", colour::VERMILION),
    (End::NotCollected, 2, "not collected", colour::YELLOW),
    (End::SecondLife, 3, "second life", colour::GREEN),
    (End::SpareParts, 3, "other vehicles", colour::BLUE),
    (End::Recycled, 3, "recycled", colour::INK),
];

/// The Sankey of the year that is asked about.
pub(super) fn flows(view: &View<'_>) -> Figure {
    let (file, title) = ("flows.svg", "Where the batteries of a year come from and go");
    let year = view.asked_year();
    let flows = view.number_of(year).map_or(Vec::new(), |k| of_year(view, k, view.all()));
    let into = |end: End| -> f64 { flows.iter().filter(|f| f.1 == end).map(|f| f.2).sum() };
    let retired = into(End::Retired);
    if retired <= 0.0 {
        let why = format!("No battery leaves a vehicle in {year}.");
        return Figure { file, title, svg: no_data(title, &why), caption: why };
    }
    let caption = format!(
        "Of {} GWh that leave vehicles in {year}, {} are collected; {} GWh go into storage, {} GWh are recycled, of which {} \
         is production scrap. Central values, nominal energy; the table `flows_of_year` has every year and region.",
        number(retired),
        percent(into(End::Collected) / retired),
        number(into(End::SecondLife)),
        number(into(End::Recycled)),
        percent(share(&flows, End::Scrap, into(End::Recycled)))
    );
    let subtitle = format!("{year}, nominal energy in GWh, all regions, central values without their uncertainty.");
    let svg = draw(title, &subtitle, |canvas| sankey(&flows).draw(canvas, [28.0, 100.0, 776.0, 500.0], 18.0));
    Figure { file, title, caption, svg }
}

fn share(flows: &[(End, End, f64)], from: End, whole: f64) -> f64 {
    let part: f64 = flows.iter().filter(|f| f.0 == from).map(|f| f.2).sum();
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn sankey(flows: &[(End, End, f64)]) -> Sankey {
    let through = |end: End| -> f64 {
        let sum = |of: fn(&(End, End, f64)) -> End| flows.iter().filter(|f| of(f) == end).map(|f| f.2).sum::<f64>();
        sum(|f| f.0).max(sum(|f| f.1))
    };
    // What still waits at the end of the year is an end, not a way.
    let waits = flows.iter().any(|f| f.1 == End::Waiting);
    let bars: Vec<_> = BARS.iter().filter(|b| through(b.0) > 0.0).collect();
    let nodes = bars.iter().map(|b| Node {
        name: format!("{} {}", if b.0 == End::Waiting && waits { "waiting" } else { b.2 }, number(through(b.0))),
        column: if b.0 == End::Waiting && waits { 3 } else { b.1 },
        colour: b.3,
    });
    let place = |end: End| bars.iter().position(|b| b.0 == end);
    let mut links: Vec<Link> = flows
        .iter()
        .filter_map(|(from, to, value)| Some(Link { from: place(*from)?, to: place(*to)?, value: *value }))
        .collect();
    // Ribbons leave and enter a bar in the order of the bars, so that they cross less.
    links.sort_by_key(|l| (l.from, l.to));
    Sankey { nodes: nodes.collect(), links }
}
