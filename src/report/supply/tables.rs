//! Tables of the page of a projection.

use crate::output::Quantiles;
use crate::output::supply::{
    Estimate, OfYear, Summary, View, YearLine, estimate, leading, rank_correlation, share_of, span,
};
use crate::output::words::{number, or_dash, percent, plain};
use crate::report::escape;
use crate::report::parts::{list, wide_with};
use crate::supply::{Compliance, Moved, Must, noun};

/// A wide table without a row that stands out; `texts` are the columns that hold no numbers.
fn table(title: &str, lead: &str, heads: &[String], rows: &[Vec<String>], texts: &[usize]) -> String {
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    wide_with(title, lead, &heads, rows, texts, None)
}

/// The tables of years: quantities, then money and emissions.
pub(super) fn years(summary: &Summary) -> String {
    let lead =
        "All regions, GWh or kt a year; the stock at the end of the year. Metals hold those of production scrap.";
    let money = "All regions, a year, money of the year of the prices. What recyclers pay at the gate is another book for the \
                 same batteries, in the table `supply`.";
    by_year(summary, "By year", lead, &YearLine::QUANTITIES)
        + &by_year(summary, "Money and emissions", money, &YearLine::MONEY)
}

/// A table of years, the band of a quantity below its central values.
fn by_year(summary: &Summary, title: &str, lead: &str, quantities: &[(&str, OfYear)]) -> String {
    let mut rows = Vec::new();
    for (name, get) in quantities {
        let row = |first: &str, cell: &dyn Fn(&Estimate) -> String| {
            let mut row = vec![first.to_string()];
            row.extend(summary.years.iter().map(|y| cell(get(y))));
            row
        };
        rows.push(row(name, &|e| number(e.central)));
        if summary.draws > 0 {
            let cell = |e: &Estimate, of: fn(Quantiles) -> String| e.band.map_or(String::new(), of);
            rows.push(row("P10 to P90", &|e| cell(e, |b| span([b.p10, b.p90]))));
            rows.push(row("median", &|e| cell(e, |b| number(b.p50))));
        }
    }
    if summary.years.is_empty() {
        return String::new();
    }
    let mut heads = vec![String::new()];
    heads.extend(summary.years.iter().map(|y| y.year.to_string()));
    let values = if summary.draws > 0 {
        "Central values, below them P10 to P90 and the median over the draws."
    } else {
        NO_BAND
    };
    table(title, &format!("{lead} {values}"), &heads, &rows, &[0])
}

const NO_BAND: &str = "Central values; no draws were made, so no uncertainty is told.";

/// What the numbers of a cell are.
fn values(summary: &Summary) -> &'static str {
    if summary.draws > 0 { "Central value, in brackets P10 to P90 over the draws." } else { NO_BAND }
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
    table("Second-life supply by region", &lead, &heads, &rows, &[0])
}

/// What must be true: the likeliest answers and those that move several parameters, in words; then each parameter alone.
pub(super) fn must(view: &View<'_>) -> String {
    let (Some(question), answers) = (&view.plan.question, &view.result.must) else {
        return String::new();
    };
    let words: Vec<String> = leading(answers).map(|m| m.words.clone()).collect();
    if words.is_empty() {
        return String::new();
    }
    let row = |m: &Must, k: usize, moved: &Moved| {
        // The end of a logit scale is next to nothing.
        let to = if moved.value.abs() < 1e-9 { 0.0 } else { moved.value };
        let once = |text: String| if k == 0 { text } else { String::new() };
        vec![
            once(noun(moved.param).into()),
            once(moved.param.unit().to_string()),
            match (moved.place.as_str(), m.moved.len()) {
                ("", 1) => "all".into(),
                ("", _) => "all others".into(),
                (place, _) => plain(place),
            },
            number(moved.central),
            number(to),
            once(number(m.reached_gwh)),
            once(if m.met { "yes" } else { "no" }.to_string()),
        ]
    };
    let alone = answers.iter().filter(|m| m.is_alone());
    let alone = alone.flat_map(|m| m.moved.iter().enumerate().map(move |(k, moved)| row(m, k, moved)));
    let heads = ["parameter", "unit", "for", "central", "moved to", "reached, GWh", "enough"].map(String::from);
    let lead = format!(
        "One parameter at a time until {} GWh of second-life supply in {} are met or to the end of what is admissible, all \
         else central; a parameter with values of its own for several places moves in all of them.",
        number(question.gwh),
        question.year
    );
    format!(
        "<h2>{}</h2>\n{}\n{}",
        escape("What must be true"),
        list(&words),
        table("Each parameter alone", &lead, &heads, &alone.collect::<Vec<_>>(), &[0, 1, 2])
    )
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
    table("Beside what others published", lead, &heads, &rows, &[0, 1, 2, 6, 7])
}

/// What moves the supply.
pub(super) fn drivers(view: &View<'_>) -> String {
    let share = |s: Option<[f64; 2]>| or_dash(s, share_of);
    let row = |d: &crate::supply::Driver| {
        vec![
            noun(d.param).into(),
            share(d.first_order),
            share(d.total),
            or_dash(rank_correlation(view.result, d), |x| format!("{x:.2}")),
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
    table("What moves the supply", &lead, &heads, &rows, &[0])
}

/// Demands of rules.
pub(super) fn compliance(view: &View<'_>) -> String {
    let row = |c: &Compliance| {
        let rule = view.plan.targets.get(c.region).and_then(|t| t.as_ref()).map_or("-", |t| t.0.as_str());
        vec![
            view.name(c.region).to_owned(),
            rule.to_owned(),
            plain(&c.item),
            c.year.to_string(),
            if c.share.is_finite() { percent(c.share) } else { "-".into() },
            percent(c.demanded),
            if c.met { "yes" } else { "no" }.to_string(),
        ]
    };
    // Of the years in which a demand changes the first, and the last year of all.
    let all = &view.result.compliance;
    let last = all.iter().map(|c| c.year).max();
    let before = |c: &Compliance| {
        let same = |b: &&Compliance| (b.region, b.year, &b.item) == (c.region, c.year - 1, &c.item);
        all.iter().find(same).map_or(0.0, |b| b.demanded)
    };
    let shown = all.iter().filter(|c| c.demanded > 0.0 && (Some(c.year) == last || before(c) != c.demanded));
    let rows: Vec<Vec<String>> = shown.map(row).collect();
    let heads = ["region", "rule", "item", "year", "reached", "demanded", "met"].map(String::from);
    table(
        "Targets",
        "What rules demand, and what the central values reach: years in which a demand begins or rises, and the last; the table \
         `compliance` has all.",
        &heads,
        &rows,
        &[0, 1, 2],
    )
}
