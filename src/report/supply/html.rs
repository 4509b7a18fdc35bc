//! The page of a projection; it needs nothing but itself.

use super::tables::{compliance, drivers, must, published, regions, years};
use crate::output::supply::{Summary, View, estimate};
use crate::output::words::{number, or_dash, percent, thousands};
use crate::report::parts::{Rows, assumed, assumed_warning, figure, first_look, head, list, provenance, table};
use crate::report::{Figure, ProvenanceRow, escape};
use crate::supply::{Entry, LifeLaw, Lives, SupplyPlan, SupplyResult};
use std::fmt::Write;

/// Balance error above which the page warns.
const BALANCE_WARNING: f64 = 1e-9;

/// What the page is made from. All texts are plain; the page escapes them.
#[derive(Clone, Debug)]
pub struct SupplyInput<'a> {
    /// Name of the scenario.
    pub title: &'a str,
    /// What was asked.
    pub plan: &'a SupplyPlan,
    /// What came of it.
    pub result: &'a SupplyResult,
    /// Its summary.
    pub summary: &'a Summary,
    /// Figures in order.
    pub figures: &'a [Figure],
    /// Text of the scenario.
    pub scenario_toml: &'a str,
    /// Values and their sources.
    pub provenance: &'a [ProvenanceRow],
    /// Further warnings, one sentence each.
    pub warnings: &'a [String],
    /// Version of the tool.
    pub version: &'a str,
}

/// Writes the page.
pub fn html(input: &SupplyInput<'_>) -> String {
    let (s, view) = (input.summary, View::new(input.plan, input.result));
    let mut page = format!(
        "{}<body>\n<header>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<p class=\"soft\">{} packlife {}, seed {}.</p>\n\
         </header>\n",
        head(input.title),
        escape(input.title),
        escape(&s.headline),
        escape(&basis(s)),
        escape(input.version),
        input.plan.seed
    );
    page.push_str(&warnings(input));
    page.push_str("<h2>Answer</h2>\n<div class=\"tables two\">\n");
    page.push_str(&table("Second-life supply", &answer(s)));
    page.push_str(&table("The projection", &about(input)));
    page.push_str("</div>\n");
    page.push_str(&must(&view));
    page.push_str(&years(s));
    page.push_str(&regions(s));
    page.push_str("<h2>Figures</h2>\n");
    input.figures.iter().for_each(|f| page.push_str(&figure(f)));
    page.push_str(&published(&view));
    page.push_str(&drivers(&view));
    page.push_str(&compliance(&view));
    let _ = write!(page, "<h2>Method and limits</h2>\n{}\n", list(&method(input)));
    let _ = write!(page, "<h2>Scenario</h2>\n<pre>{}</pre>\n", escape(input.scenario_toml));
    page.push_str(&provenance(input.provenance));
    page.push_str("</body>\n</html>\n");
    page
}

fn basis(s: &Summary) -> String {
    let draws = match s.draws {
        0 => "no draws: no uncertainty is told".to_string(),
        n => format!("{} draws", thousands(f64::from(n))),
    };
    format!("{} to {}; {}; {}; {draws}.", s.span[0], s.span[1], s.regions.join(", "), s.chemistries.join(", "))
}

fn warnings(input: &SupplyInput<'_>) -> String {
    let s = input.summary;
    let mut found = Vec::new();
    if s.draws == 0 {
        found.push(
            "No draws were made: all numbers are central values, and nothing says how sure they are.".to_string(),
        );
    }
    found.extend(s.warnings.iter().cloned());
    if let Some(error) = s.balance_error.filter(|e| *e > BALANCE_WARNING) {
        found.push(format!("The largest error of the mass balance is {error:.1e}."));
    }
    found.extend(assumed_warning(input.provenance));
    found.extend(input.warnings.iter().cloned());
    first_look(&found)
}

fn row(name: &str, value: String) -> (String, String) {
    (name.to_string(), value)
}

fn answer(s: &Summary) -> Rows {
    let a = &s.asked;
    let mut rows = vec![row("year", a.year.to_string())];
    rows.extend(a.wanted_gwh.map(|gwh| row("asked for, GWh useful", number(gwh))));
    rows.push(row("supply, GWh useful (P10 to P90)", or_dash(a.supply_gwh.as_ref(), estimate)));
    if a.wanted_gwh.is_some() {
        rows.push(row("share of draws that reach it", or_dash(a.met_share, percent)));
    }
    if let Some(line) = s.years.iter().find(|y| y.year == a.year) {
        rows.push(row("retired in that year, GWh", estimate(&line.retired_gwh)));
        rows.push(row("taken by storage, GWh useful", estimate(&line.taken_gwh)));
    }
    rows
}

fn about(input: &SupplyInput<'_>) -> Rows {
    let (s, plan) = (input.summary, input.plan);
    let entry = match plan.entry {
        Entry::Start => "on the first day of the year",
        Entry::Middle => "in the middle of the year",
        Entry::End => "on the last day of the year",
        Entry::Spread => "evenly over the year",
    };
    let lives = match &plan.lives {
        Lives::Closed { vehicle, battery } => format!("vehicle {}, battery {}", law(*vehicle), law(*battery)),
        Lives::Physics { vehicle, fleets, .. } => {
            format!("batteries of {} simulated populations, vehicle {}", fleets.len(), law(*vehicle))
        }
    };
    let mut rows = vec![
        row("given", if plan.stock_driven.is_some() { "stocks" } else { "new batteries" }.into()),
        row("history until", plan.history_until.to_string()),
        row("vehicles come", entry.into()),
        row("lives", lives),
        row("draws", thousands(f64::from(s.draws))),
        row("base draws of the shares of variance", thousands(f64::from(plan.saltelli))),
    ];
    if s.compliance[1] > 0 {
        rows.push(row("demands of rules met", format!("{} of {}", s.compliance[0], s.compliance[1])));
    }
    rows.push(row("largest error of the mass balance", or_dash(s.balance_error, |e| format!("{e:.1e}"))));
    rows
}

fn law(law: LifeLaw) -> &'static str {
    match law {
        LifeLaw::Fixed => "fixed",
        LifeLaw::Normal => "normal",
        LifeLaw::TruncatedNormal => "normal, cut at 0",
        LifeLaw::FoldedNormal => "folded normal",
        LifeLaw::Lognormal => "lognormal",
        LifeLaw::Weibull => "Weibull",
        LifeLaw::Logistic => "logistic",
        LifeLaw::Gamma => "gamma",
        LifeLaw::Table => "a table, stretched to its mean",
    }
}

fn method(input: &SupplyInput<'_>) -> Vec<String> {
    let s = input.summary;
    let mut lines = vec![
        "Each year's batteries are a cohort that leaves vehicles by competing hazards: vehicle worn out, battery failed or \
         below the need, crash, warranty, recall. What leaves is exported, lost from sight, not collected, or collected; what \
         is collected is tested, and offered for a second life or recycled. Nominal energy is that of the name plate, useful \
         energy what can still be held."
            .to_string(),
        "Second-life supply is what is offered new in a year, by useful energy, after the test, the yield and the share that \
         somebody repurposes. It is not what storage takes, nor the stock in use."
            .to_string(),
        if s.draws > 0 {
            "Bands hold what the parameters' ranges say, drawn together with their correlations. They do not hold what the \
             model leaves out, nor ranges that are too narrow. Quantiles are taken of sums and never added up."
                .to_string()
        } else {
            "Central values only: a draw of the parameters would show how sure they are.".to_string()
        },
        "Not in it: prices that answer to scarcity, trade of black mass, vehicles that cross borders into a region, policies \
         other than the parameters, second lives after the second."
            .to_string(),
    ];
    if !input.provenance.is_empty() {
        let (n, of) = (assumed(input.provenance), input.provenance.len());
        lines.push(format!("{n} of {of} values ({}) are assumed and marked so below.", percent(n as f64 / of as f64)));
    }
    lines
}
