//! One page for a customer: what is offered, how it was tested, how long it serves, what it costs, where it ends.

use super::offer_data::{GRADES, Offer};
use super::{escape, offer_charts};
use crate::output::words::{mass, number, or_dash, percent, plain, thousands};
use crate::output::{Quantiles, Summary, Tables};
use std::fmt::Write;

const STYLE: &str = include_str!("offer.css");
/// Longest text of the scenario or library that is shown whole.
const TEXT_MAX: usize = 70;

/// A test that is made on each module.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferTest {
    /// Name of its library entry, as in the table `tests`.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Standard deviation of a measured SoH.
    pub soh_sd: f64,
    /// Relative standard deviation of a measured resistance.
    pub resistance_sd: f64,
}

/// What the plan tells of the product; texts are plain, the page escapes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfferFacts {
    /// Name of the study.
    pub study: String,
    /// Name of the product.
    pub product: String,
    /// Vehicle that the modules come from.
    pub vehicle: String,
    /// Electrode chemistry.
    pub chemistry: String,
    /// Whether the modules are bought used, with no life in the vehicle simulated.
    pub bought: bool,
    /// Modules in a full unit.
    pub modules: u32,
    /// Energy on the name plate of a module \[kWh\].
    pub module_kwh: f64,
    /// How modules are joined, as tables name it.
    pub topology: String,
    /// Rated power \[kW AC\].
    pub rated_power_kw: f64,
    /// Peak power of the PV array \[kW\].
    pub pv_kw: f64,
    /// Name of the load.
    pub load: String,
    /// Name of the climate it stands in.
    pub place: String,
    /// Name of the incoming gate.
    pub gate: String,
    /// Tests of a module, in order.
    pub tests: Vec<OfferTest>,
    /// Least measured SoH of an accepted module.
    pub accept_soh_min: f64,
    /// Highest measured resistance of an accepted module, over new.
    pub accept_resistance_max: f64,
    /// Least measured SoH of grades A and B.
    pub grade_soh_min: [f64; 2],
    /// SoH of the weakest module at which a unit ends.
    pub end_soh_min: f64,
    /// Resistance over new of a module at which a unit ends.
    pub end_resistance_max: f64,
    /// Unserved share of a year's demand at which a unit ends, two years running.
    pub end_unmet_share_max: f64,
    /// Years after which the study looks no further.
    pub years_max: f64,
    /// Whether modules are replaced or added in service.
    pub serviced: bool,
    /// Name of the price set.
    pub prices: String,
    /// Year that its prices stand for.
    pub price_year: u32,
    /// Sale price \[USD per kWh of actual capacity\].
    pub sale_usd_per_kwh: f64,
    /// Name of the recycling route.
    pub route: String,
    /// Name of the targets that recycling is held to.
    pub targets: Option<String>,
    /// Name of the first aging law.
    pub law: String,
    /// Values that only judgement backs.
    pub assumed: usize,
    /// File with a record of each pack, where it is written.
    pub records: Option<String>,
    /// Version of the tool.
    pub version: String,
    /// Seed of the study.
    pub seed: u64,
}

/// What the offer is made from.
#[derive(Clone, Copy, Debug)]
pub struct OfferInput<'a> {
    /// What the plan tells.
    pub facts: &'a OfferFacts,
    /// Summary of the study.
    pub summary: &'a Summary,
    /// Tables of the study.
    pub tables: &'a Tables,
}

/// Writes the offer: one page of A4 that needs nothing but itself. What a study cannot tell is said to be missing.
pub fn offer(input: &OfferInput<'_>) -> String {
    let (facts, offer) = (input.facts, &Offer::of(input));
    let product = escape(&clipped(&facts.product));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{product} - offer</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main class=\"sheet\">\n"
    );
    page.push_str(&header(&product, facts, offer));
    page.push_str(&missing(facts, offer));
    page.push_str(&keys(facts, offer));
    let _ = writeln!(page, "<section class=\"two\">{}{}</section>", offered(facts, offer), tested(facts, offer));
    page.push_str(&charts(facts, offer));
    let _ = writeln!(page, "<section class=\"two\">{}{}</section>", service(facts, offer), warranty(facts, offer));
    let _ = writeln!(page, "<section class=\"two\">{}{}</section>", price(facts, offer), ends(facts, offer));
    page.push_str(&footer(facts, offer));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// A text that cannot break the page.
fn clipped(text: &str) -> String {
    if text.chars().count() <= TEXT_MAX {
        return text.to_owned();
    }
    let start: String = text.chars().take(TEXT_MAX - 1).collect();
    format!("{}\u{2026}", start.trim_end())
}

fn whole_percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// Median with the range over the systems.
fn band(q: Option<Quantiles>, text: impl Fn(f64) -> String) -> String {
    or_dash(q, |q| format!("{} ({} to {})", text(q.p50), text(q.p10), text(q.p90)))
}

/// Years, with a plus where the study looked no further.
fn years(facts: &OfferFacts) -> impl Fn(f64) -> String + '_ {
    |x| if x >= facts.years_max - 1e-9 { format!("{}+", number_short(facts.years_max)) } else { format!("{x:.1}") }
}

fn number_short(x: f64) -> String {
    if x.fract() == 0.0 { format!("{x:.0}") } else { format!("{x:.1}") }
}

fn table(rows: &[(&str, String)]) -> String {
    let body: String = rows
        .iter()
        .map(|(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>", escape(name), escape(value)))
        .collect();
    format!("<table class=\"facts\"><tbody>{body}</tbody></table>")
}

fn note(text: &str) -> String {
    format!("<p class=\"note\">{}</p>", escape(text))
}

fn header(product: &str, facts: &OfferFacts, offer: &Offer) -> String {
    let modules = match facts.modules {
        1 => "1 module".to_owned(),
        n => format!("{n} modules"),
    };
    let sub = format!(
        "{} cells from {}. {modules} a unit, {} kW rated.",
        facts.chemistry.to_uppercase(),
        clipped(&facts.vehicle),
        number_short(facts.rated_power_kw)
    );
    let s = &offer.summary;
    format!(
        "<header><div><p class=\"kicker\">Second-life battery storage</p><h1>{product}</h1><p class=\"sub\">{}</p></div>\
         <p class=\"stamp\"><b>Simulated, not promised</b><br>{} units from {} packs<br>P50 (P10 to P90) over units</p>\
         </header>\n",
        escape(&sub),
        thousands(s.second_life.systems as f64),
        thousands((s.packs - s.failed) as f64)
    )
}

/// What the page cannot say, or says of a part only.
fn missing(facts: &OfferFacts, offer: &Offer) -> String {
    let mut found = Vec::new();
    let s = &offer.summary;
    if s.packs == s.failed {
        found.push("No pack lived a life to the end, so there is nothing to offer.".to_owned());
    } else if s.second_life.systems == 0 {
        found.push(format!(
            "No unit was built: of {} {} tested {} were accepted, too few in any pack for a string. Energy, years of \
             service, warranty, cost and price are missing.",
            thousands(s.modules.tested as f64),
            offer.graded,
            thousands(s.modules.accepted as f64)
        ));
    }
    if s.failed > 0 {
        found.push(format!("{} of {} packs failed and are left out.", s.failed, s.packs));
    }
    if let Some(law) = &offer.first_law {
        found.push(format!(
            "The study was made under several aging laws. This page shows the first, {law}; the two curves over years, the \
             SoH of the warranty and the targets of recycling pool all of them."
        ));
    }
    if facts.serviced {
        found.push("Modules are replaced or added in service; its cost is not in the price.".to_owned());
    }
    if found.is_empty() {
        return String::new();
    }
    format!("<p class=\"missing\">{}</p>\n", escape(&found.join(" ")))
}

fn keys(facts: &OfferFacts, offer: &Offer) -> String {
    let range = |q: Option<Quantiles>, text: &dyn Fn(f64) -> String| {
        or_dash(q, |q| format!("{} to {}", text(q.p10), text(q.p90)))
    };
    let years = years(facts);
    let usable = offer.bases.iter().find(|b| b.name == "usable, at the start").and_then(|b| b.kwh);
    let second = &offer.summary.second_life;
    let unserved = second.unmet.first().zip(second.unmet.last());
    let all = [
        (or_dash(usable, |q| format!("{} kWh", number(q.p50))), "usable at the start", range(usable, &number)),
        (
            or_dash(second.years, |q| format!("{} years", years(q.p50))),
            "in service, median",
            range(second.years, &years),
        ),
        (
            or_dash(second.unmet_share, |x| percent(1.0 - x)),
            "of demand served",
            or_dash(unserved, |(first, last)| {
                let of = |x: f64| percent(1.0 - x);
                format!("{} in year 1, {} in year {}", of(first.unmet_share), of(last.unmet_share), last.year)
            }),
        ),
        (
            or_dash(offer.unit_usd, |q| format!("{} USD", thousands(q.p50))),
            "battery price of a unit",
            range(offer.unit_usd, &thousands),
        ),
    ];
    let cells: String = all
        .iter()
        .map(|(value, what, more)| {
            format!(
                "<div><b>{}</b><span class=\"what\">{what}</span><span>{}</span></div>",
                escape(value),
                escape(more)
            )
        })
        .collect();
    format!("<section class=\"keys\">{cells}</section>\n")
}

fn offered(facts: &OfferFacts, offer: &Offer) -> String {
    let rows: String = offer
        .bases
        .iter()
        .map(|b| {
            let name = b.name;
            let kwh = band(b.kwh, number);
            format!("<tr><th>{name}</th><td>{}</td><td>{}</td></tr>", escape(&kwh), or_dash(b.price_usd, number))
        })
        .collect();
    let source =
        if facts.bought { "Modules bought used, measured before." } else { "Modules of retired vehicle packs." };
    format!(
        "<div><h2>What is offered</h2><table class=\"bases\"><thead><tr><th>energy</th><th>kWh a unit</th>\
         <th>price, USD/kWh</th></tr></thead><tbody>{rows}</tbody></table>{}</div>",
        note(&format!(
            "{source} Joined as {}. Usable: inside the SoC window that the unit keeps to; its end is the end of service. \
             A unit that needs modules of several packs counts with each pack's part, scaled to a full unit.",
            plain(&facts.topology)
        ))
    )
}

fn tested(facts: &OfferFacts, offer: &Offer) -> String {
    let m = &offer.summary.modules;
    let tests: Vec<String> = facts
        .tests
        .iter()
        .map(|t| {
            let (soh, resistance) = (number(100.0 * t.soh_sd), percent(t.resistance_sd));
            format!("{}: SoH to \u{b1}{soh} points, resistance to \u{b1}{resistance}", clipped(&t.title))
        })
        .collect();
    let tests = if tests.is_empty() { "none".to_owned() } else { tests.join("; then, when in doubt, ") };
    let totals = offer.histogram.totals();
    let all: u64 = totals.iter().sum();
    let grades: Vec<String> = GRADES
        .iter()
        .zip(totals)
        .map(|(grade, n)| format!("{grade} {}", whole_percent(n as f64 / all.max(1) as f64)))
        .collect();
    let [a, b] = facts.grade_soh_min.map(whole_percent);
    let graded = offer.graded;
    let wrong = match offer.expected_false_accepts {
        Some(expected) => format!(
            "{} of the accepted expected, {} came out",
            percent(expected),
            or_dash(m.false_accepts_of_accepted, percent)
        ),
        None => format!("{} of the accepted came out", or_dash(m.false_accepts_of_accepted, percent)),
    };
    let rows = [
        ("Incoming gate", format!("{} of {} packs passed ({})", offer.gate.1, offer.gate.0, clipped(&facts.gate))),
        ("Test, 1 sigma", tests),
        (
            "Accepted from",
            format!(
                "SoH {}, resistance up to {} times new",
                whole_percent(facts.accept_soh_min),
                number_short(facts.accept_resistance_max)
            ),
        ),
        ("Accepted", format!("{} of {} {graded}", or_dash(m.accepted_share, percent), thousands(m.tested as f64))),
        ("Wrongly accepted", wrong),
        (
            "Grades of accepted",
            if all == 0 { "-".into() } else { format!("{} (A from {a}, B from {b})", grades.join(", ")) },
        ),
    ];
    format!("<div><h2>How it was tested</h2>{}</div>", table(&rows))
}

fn charts(facts: &OfferFacts, offer: &Offer) -> String {
    let all = [
        (
            format!("Measured SoH of accepted {}", offer.graded),
            offer_charts::grades(&offer.histogram, offer.graded),
            "Share of the accepted, coloured by grade.",
        ),
        (
            "SoH of a unit's weakest module".to_owned(),
            offer_charts::soh(&offer.soh, facts.end_soh_min),
            "Median and P10 to P90 of the units still in service.",
        ),
        (
            "Demand not served".to_owned(),
            offer_charts::unserved(&offer.unserved, facts.end_unmet_share_max),
            "Line: median. Bar: P10 to P90 of the units in service.",
        ),
    ];
    let figures: String = all
        .iter()
        .map(|(title, svg, text)| format!("<figure><figcaption>{title}</figcaption>{svg}{}</figure>", note(text)))
        .collect();
    format!("<section class=\"charts\">{figures}</section>\n")
}

fn service(facts: &OfferFacts, offer: &Offer) -> String {
    let second = &offer.summary.second_life;
    let causes: Vec<String> = second
        .end_causes
        .iter()
        .filter(|c| c.count > 0)
        .map(|c| {
            let share = percent(c.share);
            match c.name {
                "horizon" => format!("{share} still work after {} years", number_short(facts.years_max)),
                "soh" => format!("{share} by low SoH"),
                "energy" => format!("{share} by unserved demand"),
                other => format!("{share} by {other}"),
            }
        })
        .collect();
    let causes = if causes.is_empty() { "-".to_owned() } else { causes.join(", ") };
    let pv = if facts.pv_kw > 0.0 { format!(", PV {} kW peak", number_short(facts.pv_kw)) } else { String::new() };
    let rows = [
        ("Years in service", band(second.years, years(facts))),
        ("What ends it", causes),
        (
            "It ends at",
            format!(
                "SoH {}, resistance {} times new, or {} of a year's demand unserved, two years running",
                whole_percent(facts.end_soh_min),
                number_short(facts.end_resistance_max),
                percent(facts.end_unmet_share_max)
            ),
        ),
        ("Resistance at the end", format!("{} times new", band(offer.resistance_end, |x| format!("{x:.2}")))),
        ("Used as", format!("{}, {}{pv}", clipped(&facts.load), clipped(&facts.place))),
    ];
    format!("<div><h2>How long it serves</h2>{}</div>", table(&rows))
}

fn warranty(facts: &OfferFacts, offer: &Offer) -> String {
    let Some(w) = &offer.warranty else {
        return format!(
            "<div class=\"warranty\"><h2>Warranty suggestion</h2>{}</div>",
            note("Missing: no unit was built.")
        );
    };
    let years = if w.years == 1 { "1 year".to_owned() } else { format!("{} years", w.years) };
    let (head, soh) = match w.soh.filter(|_| w.years > 0) {
        // A promise is rounded down.
        Some(soh) => {
            let soh = format!("{:.0} %", (100.0 * soh).floor());
            (
                format!("{years}, SoH of {soh}"),
                format!(", and nine in ten of those hold an SoH of {soh} in their weakest module"),
            )
        }
        None if w.years > 0 => (years.clone(), String::new()),
        None => ("Not one whole year".to_owned(), String::new()),
    };
    let horizon =
        if f64::from(w.years) >= facts.years_max.floor() { " The study looks no further than that." } else { "" };
    let text = format!(
        "After {years} {} of the simulated units still work{soh}. It is the largest whole number of years that at least nine \
         units in ten reach.{horizon} Other use, heat or misuse is not covered by the simulation.",
        percent(w.working)
    );
    format!("<div class=\"warranty\"><h2>Warranty suggestion</h2><b>{}</b>{}</div>", escape(&head), note(&text))
}

fn price(facts: &OfferFacts, offer: &Offer) -> String {
    let mut rows = vec![
        ("Price of a unit", format!("{} USD", band(offer.unit_usd, thousands))),
        (
            "Price set",
            format!(
                "{}, prices of {}: {} USD a kWh of actual capacity",
                clipped(&facts.prices),
                facts.price_year,
                number(facts.sale_usd_per_kwh)
            ),
        ),
    ];
    rows.push((
        "CO2e against new",
        or_dash(offer.emissions, |e| {
            format!(
                "{} kg saved a unit by new storage not made, {} kg by recovered materials; {} kg caused by transport, \
                 repurposing and recycling",
                thousands(e.storage_kg),
                thousands(e.materials_kg),
                thousands(e.caused_kg)
            )
        }),
    ));
    format!(
        "<div><h2>Price and emissions</h2>{}{}</div>",
        table(&rows),
        note(
            "Battery with its electronics and enclosure, without inverter, PV, freight and tax. Emissions: the packs that \
             made units, whole."
        )
    )
}

fn ends(facts: &OfferFacts, offer: &Offer) -> String {
    let s = &offer.summary;
    let targets = match (&facts.targets, &s.targets) {
        (Some(title), Some(t)) => {
            let missed = if t.missed.is_empty() {
                String::new()
            } else {
                format!("; missed by {}", plain(&t.missed.join(", ")))
            };
            format!("{}: {} of {} met, an item and year each{}", clipped(title), t.met, t.checked, clipped(&missed))
        }
        (Some(title), None) => format!("{}: none in force in those years", clipped(title)),
        (None, _) => "not held to any in this study".to_owned(),
    };
    let efficiency =
        or_dash(s.recycling_efficiency, |x| format!("{} of the mass ({})", percent(x), mass(s.recycled_mass_kg)));
    let rows = [("Recycling route", clipped(&facts.route)), ("Recovered", efficiency), ("Targets", targets)];
    format!("<div><h2>Where it ends</h2>{}</div>", table(&rows))
}

fn footer(facts: &OfferFacts, offer: &Offer) -> String {
    let s = &offer.summary;
    let o = &s.outside;
    let records = facts.records.as_ref().map_or_else(
        || "Written without battery records (option --records).".to_owned(),
        |file| format!("A battery record of every pack is in {file}."),
    );
    let share = |x: Option<f64>| or_dash(x, percent);
    let first = if facts.bought {
        String::new()
    } else {
        format!(
            "In the vehicle {} of the time lies outside what the law was fitted to and {} past its longest test. ",
            share(o.first_time),
            share(o.first_beyond)
        )
    };
    let sentences = [
        ("Bands.", format!("{} \u{201c}+\u{201d}: the study looks no further.", s.bands.trim_end())),
        (
            "Aging law.",
            format!(
                "{}. {first}In service it is {} of the time outside and {} past the longest test: extrapolation.",
                clipped(facts.law.trim_end_matches('.')),
                share(o.second_time),
                share(o.second_beyond)
            ),
        ),
        (
            "Assumed.",
            format!(
                "{} values rest on judgement, not on a source; the report of the study names each.",
                thousands(facts.assumed as f64)
            ),
        ),
        (
            "Traceable.",
            format!(
                "Study \u{201c}{}\u{201d}, packlife {}, seed {}. {records}",
                clipped(&facts.study),
                facts.version,
                facts.seed
            ),
        ),
    ];
    let text: String = sentences.iter().map(|(head, text)| format!("<b>{head}</b> {} ", escape(text))).collect();
    format!("<footer>{}</footer>\n", text.trim_end())
}
