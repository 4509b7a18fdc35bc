//! Tables of the page of a projection.

use crate::output::supply::{Estimate, Summary, View, YearLine, estimate, parameter, span};
use crate::output::words::{number, percent, plain};
use crate::report::parts::wide;
use crate::supply::Must;

/// A wide table without a row that stands out.
fn table(title: &str, lead: &str, heads: &[String], rows: &[Vec<String>]) -> String {
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    wide(title, lead, &heads, rows, None)
}

/// The table of years.
pub(super) fn years(summary: &Summary) -> String {
    type Get = fn(&YearLine) -> &Estimate;
    let lines: [(&str, Get); 9] = [
        ("retired, GWh a year (nominal)", |y| &y.retired_gwh),
        ("collected, GWh a year (nominal)", |y| &y.collected_gwh),
        ("second-life supply, GWh a year (useful)", |y| &y.offered_gwh),
        ("taken by storage, GWh a year (useful)", |y| &y.taken_gwh),
        ("second-life stock, GWh (useful)", |y| &y.second_stock_gwh),
        ("recycled after use, GWh a year (nominal)", |y| &y.recycled_gwh),
        ("lithium recovered, kt a year", |y| &y.lithium_kt),
        ("nickel recovered, kt a year", |y| &y.nickel_kt),
        ("cobalt recovered, kt a year", |y| &y.cobalt_kt),
    ];
    if summary.years.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|(name, get)| {
            let mut row = vec![name.to_string()];
            row.extend(summary.years.iter().map(|y| estimate(get(y))));
            row
        })
        .collect();
    let mut heads = vec![String::new()];
    heads.extend(summary.years.iter().map(|y| y.year.to_string()));
    let lead = format!("All regions. {} Metals hold those of production scrap.", values(summary));
    table("By year", &lead, &heads, &rows)
}

/// What the numbers of a cell are.
fn values(summary: &Summary) -> &'static str {
    if summary.draws > 0 {
        "Central value, in brackets P10 to P90 over the draws."
    } else {
        "Central values; no draws were made, so no uncertainty is told."
    }
}

/// Supply by region.
pub(super) fn regions(summary: &Summary) -> String {
    if summary.by_region.len() < 2 || summary.years.is_empty() {
        return String::new();
    }
    let row = |(name, values): (&String, &Vec<Estimate>)| {
        let mut row = vec![plain(name)];
        row.extend(values.iter().map(estimate));
        row
    };
    let rows: Vec<Vec<String>> = summary.by_region.iter().map(row).collect();
    let mut heads = vec!["region".to_string()];
    heads.extend(summary.years.iter().map(|y| y.year.to_string()));
    let lead =
        format!("Useful GWh a year. {} Quantiles of regions do not add up to those of their sum.", values(summary));
    table("Second-life supply by region", &lead, &heads, &rows)
}

/// What must be true.
pub(super) fn must(view: &View<'_>) -> String {
    let Some(question) = &view.plan.question else {
        return String::new();
    };
    let moved = |m: &Must| {
        let one = |(param, from, to): &(crate::supply::Param, f64, f64)| {
            format!("{}: {} to {} {}", parameter(*param), number(*from), number(*to), param.unit())
                .trim_end()
                .to_owned()
        };
        m.moved.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let row =
        |m: &Must| vec![m.words.clone(), moved(m), number(m.reached_gwh), if m.met { "yes" } else { "no" }.to_string()];
    let rows: Vec<Vec<String>> = view.result.must.iter().map(row).collect();
    let lead = format!(
        "For {} GWh of second-life supply in {}: one parameter at a time, then together, all else central; values of that \
         year and the first region.",
        number(question.gwh),
        question.year
    );
    let heads = ["in words", "moved, from the central value", "reached, GWh", "enough"].map(String::from);
    table("What must be true", &lead, &heads, &rows)
}

/// Published figures, those without ours too.
pub(super) fn published(view: &View<'_>) -> String {
    let row = |p: &crate::supply::Projection| {
        let ours = crate::output::supply::beside(view, p);
        let beside = match ours {
            Some(b) => format!("{}, {}", view.name(b.place), plain(b.quantity.name().trim_end_matches("_gwh"))),
            None => "-".into(),
        };
        vec![
            p.study.clone(),
            p.region.clone(),
            p.what.clone(),
            p.year.to_string(),
            span(p.gwh),
            ours.map_or("-".into(), |b| estimate(&b.ours)),
            beside,
            p.status.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = view.plan.projections.iter().map(row).collect();
    let heads =
        ["study", "region", "what it says", "year", "theirs, GWh", "ours, GWh", "ours is", "status"].map(String::from);
    let lead = "What others published, and ours of the same quantity, region and year; a dash where ours has no such thing. \
                Status: read in the source or a copy of it, recalled from memory and not verified, or ran with the study's own model.";
    table("Beside what others published", lead, &heads, &rows)
}

/// What moves the supply.
pub(super) fn drivers(view: &View<'_>) -> String {
    let share = |s: Option<[f64; 2]>| match s {
        Some([share, error]) => format!("{:.0} ± {:.0} %", 100.0 * share, 100.0 * error),
        None => "-".into(),
    };
    let row = |d: &crate::supply::Driver| {
        vec![
            parameter(d.param),
            share(d.first_order),
            share(d.total),
            if d.rank_correlation.is_finite() { format!("{:.2}", d.rank_correlation) } else { "-".into() },
            number(d.one_at_a_time[0]),
            number(d.one_at_a_time[1]),
        ]
    };
    let rows: Vec<Vec<String>> = view.result.drivers.iter().map(row).collect();
    let heads =
        ["parameter", "variance, by itself", "with others", "rank correlation", "at its P10, GWh", "at its P90, GWh"]
            .map(String::from);
    let lead = format!(
        "Second-life supply of {}. Shares of the variance with their standard errors; the last two columns move one \
         parameter, all else central.",
        view.asked_year()
    );
    table("What moves the supply", &lead, &heads, &rows)
}

/// Demands of rules.
pub(super) fn compliance(view: &View<'_>) -> String {
    let row = |(region, year, item, share, demanded, met): &(usize, i32, String, f64, f64, bool)| {
        let rule = view.plan.targets.get(*region).and_then(|t| t.as_ref()).map_or("-", |t| t.0.as_str());
        vec![
            view.name(*region).to_owned(),
            rule.to_owned(),
            plain(item),
            year.to_string(),
            if share.is_finite() { percent(*share) } else { "-".into() },
            percent(*demanded),
            if *met { "yes" } else { "no" }.to_string(),
        ]
    };
    // Of the years in which a demand changes the first, and the last year of all.
    let all = &view.result.compliance;
    let last = all.iter().map(|c| c.1).max();
    let before = |c: &(usize, i32, String, f64, f64, bool)| {
        all.iter().find(|b| (b.0, b.1, &b.2) == (c.0, c.1 - 1, &c.2)).map_or(0.0, |b| b.4)
    };
    let shown = all.iter().filter(|c| c.4 > 0.0 && (Some(c.1) == last || before(c) != c.4));
    let rows: Vec<Vec<String>> = shown.map(row).collect();
    let heads = ["region", "rule", "item", "year", "reached", "demanded", "met"].map(String::from);
    table(
        "Targets",
        "What rules demand, and what the central values reach: years in which a demand begins or rises, and the last; the table \
         `compliance` has all.",
        &heads,
        &rows,
    )
}
