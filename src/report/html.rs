//! One page that needs nothing but itself.

use super::escape;
use super::page::ReportInput;
use super::parts::{Rows, assumed_warning, band, figure, first_look, head, provenance, table};
use crate::output::Summary;
use crate::output::words::{energy, mass, number, or_dash, percent, plain, thousands};
use std::fmt::Write;

/// Share of time or throughput outside the fitted box above which the report warns.
pub(crate) const OUTSIDE_WARNING: f64 = 0.01;
/// Balance error above which the report warns.
const BALANCE_WARNING: f64 = 1e-6;

/// Writes the report.
pub fn html(input: &ReportInput<'_>) -> String {
    let title = escape(input.title);
    let mut page = format!(
        "{}<body>\n<header>\n<h1>{title}</h1>\n\
         <p class=\"lead\">{}</p>\n<p class=\"soft\">{} packlife {}, seed {}.</p>\n</header>\n",
        head(input.title),
        escape(&input.summary.headline()),
        escape(&input.summary.bands),
        escape(input.version),
        input.seed
    );
    page.push_str(&warnings(input));
    page.push_str("<h2>Summary</h2>\n<div class=\"tables\">\n");
    for (caption, rows) in summary(input.summary) {
        page.push_str(&table(caption, &rows));
    }
    page.push_str("</div>\n");
    page.push_str(&laws(input.summary));
    page.push_str(&tests(input.summary));
    page.push_str("<h2>Figures</h2>\n");
    input.figures.iter().for_each(|f| page.push_str(&figure(f)));
    let _ = write!(page, "<h2>Scenario</h2>\n<pre>{}</pre>\n", escape(input.scenario_toml));
    page.push_str(&provenance(input.provenance));
    page.push_str("</body>\n</html>\n");
    page
}

fn warnings(input: &ReportInput<'_>) -> String {
    let s = input.summary;
    let mut found = Vec::new();
    if s.failed > 0 {
        let stages: Vec<String> =
            s.failures_by_stage.iter().map(|(stage, n)| format!("{}: {n}", plain(stage))).collect();
        found.push(format!(
            "{} of {} packs failed and are left out of all numbers ({}); the table `packs` has the reasons.",
            thousands(s.failed as f64),
            thousands(s.packs as f64),
            stages.join(", ")
        ));
    }
    let o = &s.outside;
    for (life, time, throughput) in
        [("first", o.first_time, o.first_throughput), ("second", o.second_time, o.second_throughput)]
    {
        if [time, throughput].iter().flatten().any(|x| *x > OUTSIDE_WARNING) {
            found.push(format!(
                "In the {life} life {} of the time and {} of the charge throughput lie outside the range that the aging \
                 law was fitted in.",
                or_dash(time, percent),
                or_dash(throughput, percent)
            ));
        }
    }
    for (life, beyond) in [("first", o.first_beyond), ("second", o.second_beyond)] {
        if let Some(share) = beyond.filter(|x| *x > OUTSIDE_WARNING) {
            found.push(format!(
                "{} of the time of the {life} life lies past the longest test or the largest loss that the aging law was \
                 fitted to: extrapolation.",
                percent(share)
            ));
        }
    }
    if let Some(error) = s.balance_error_max.filter(|e| *e > BALANCE_WARNING) {
        found.push(format!("The largest error of an energy or mass balance is {error:.1e}."));
    }
    found.extend(assumed_warning(input.provenance));
    found.extend(input.warnings.iter().cloned());
    first_look(&found)
}

fn summary(s: &Summary) -> Vec<(&'static str, Rows)> {
    let years = |x: f64| format!("{x:.1}");
    let row = |name: &str, value: String| (name.to_string(), value);
    let vehicle = vec![
        row("packs", thousands(s.packs as f64)),
        row("failed", thousands(s.failed as f64)),
        row("aging law", s.laws.iter().map(|l| l.law.as_str()).collect::<Vec<_>>().join(", ")),
        row("years in the vehicle", band(s.first_life_years, years)),
        row("SoH at the exit", band(s.exit_soh, percent)),
        row("resistance at the exit, times new", band(s.exit_resistance, number)),
        row(
            "SoH lost a year in the vehicle, median",
            or_dash(s.fade, |f| format!("{} to month {}", percent(f.soh_per_year), f.month)),
        ),
    ];
    let exits = s.exit_routes.iter().filter(|r| r.packs > 0).map(|r| {
        let (years, soh) = (or_dash(r.median_years, years), or_dash(r.median_soh, percent));
        (plain(r.route), format!("{}; median {years} years, SoH {soh}", percent(r.share)))
    });
    let mut gate: Rows = s.grades.iter().map(|g| (format!("grade {}", g.name), percent(g.share))).collect();
    gate.extend([
        row("modules tested", thousands(s.modules.tested as f64)),
        row("accepted", or_dash(s.modules.accepted_share, percent)),
        row("wrongly accepted, of accepted", or_dash(s.modules.false_accepts_of_accepted, percent)),
        row("wrongly rejected, of rejected", or_dash(s.modules.false_rejects_of_rejected, percent)),
    ]);
    if let Some(c) = &s.costs {
        gate.extend([
            row("cost, USD a kWh on the name plate", number(c.usd_per_nameplate_kwh)),
            row("of actual capacity at the start", number(c.usd_per_actual_kwh)),
            row("usable at the start", number(c.usd_per_usable_kwh)),
            row("usable at the end", number(c.usd_per_usable_end_kwh)),
        ]);
    }
    let second = &s.second_life;
    let mut stationary = vec![
        row("systems", thousands(second.systems as f64)),
        row("years", band(second.years, years)),
        row("demand served", energy(second.served_kwh)),
        row("demand unserved", or_dash(second.unmet_share, percent)),
        row("modules' energy out of reach at the start", or_dash(second.unused_start_share, percent)),
        row("lost in balancing", energy(second.balancing_loss_kwh)),
        row("lost in converters of strings or modules", energy(second.unit_converter_loss_kwh)),
    ];
    if second.modules_replaced + second.modules_added > 0 {
        stationary.push(row("modules replaced", thousands(second.modules_replaced as f64)));
        stationary.push(row("modules added", thousands(second.modules_added as f64)));
        stationary.push(row("cost of the service", format!("{} USD", thousands(second.service_usd))));
    }
    stationary.extend(second.unmet.iter().map(|u| (format!("unserved in year {}", u.year), percent(u.unmet_share))));
    stationary.extend(second.end_causes.iter().map(|c| (format!("ended by {}", c.name), percent(c.share))));
    let mut after = vec![
        row("mass recycled", mass(s.recycled_mass_kg)),
        row("recovered of it", or_dash(s.recycling_efficiency, percent)),
    ];
    if let Some(t) = &s.targets {
        after.push(row("targets met, an item and year each", format!("{} of {}", t.met, t.checked)));
        after.push(row("targets missed by", plain(&t.missed.join(", "))));
    }
    let back = s.recovered_kg.iter().filter(|(_, kg)| **kg > 0.0);
    after.extend(back.map(|(name, kg)| (format!("{} recovered", plain(name)), mass(*kg))));
    let kg = |get: fn(&crate::output::Co2Summary) -> f64| or_dash(s.co2.as_ref(), |c| thousands(get(c)));
    let money = vec![
        row("present value a pack, USD", band(s.npv_usd, thousands)),
        row("emissions caused a pack, kg CO2e", kg(|c| c.caused_kg)),
        row("saved by materials", kg(|c| c.saved_materials_kg)),
        row("saved by storage not made", kg(|c| c.saved_storage_kg)),
        row("largest balance error", or_dash(s.balance_error_max, |e| format!("{e:.1e}"))),
    ];
    let d = &s.decision;
    let mut choice: Rows = d.best.iter().map(|c| (format!("{} worth most", c.name), percent(c.share))).collect();
    choice.push(row("regret of a tested pack, USD", or_dash(d.regret_usd, number)));
    choice.push(row("packs recycled whole by the rule", thousands(d.sent_to_recycler as f64)));
    choice.extend(d.switching.iter().map(|w| {
        let soh = w.soh.map_or("never".into(), percent);
        (format!("{} reused from SoH ({})", w.chemistry, w.prices), soh)
    }));
    vec![
        ("In the vehicle", vehicle),
        ("Ways out", exits.collect()),
        ("Gate, tests, repurposing", gate),
        ("Reuse or recycle", choice),
        ("Second life", stationary),
        ("Recycling", after),
        ("Money and emissions", money),
    ]
}

/// The laws side by side, where there are several: what the choice of law is worth.
fn laws(s: &Summary) -> String {
    if s.laws.len() < 2 {
        return String::new();
    }
    let mut text = String::from(
        "<h2>Aging laws</h2>\n<p class=\"soft\">The same packs, owners, weather and draws under each law: what differs \
         between the rows is the law alone.</p>\n<div class=\"wide\">\n<table>\n<thead><tr><th>law</th><th>SoH at the \
         exit</th><th>resistance at the exit</th><th>accepted</th><th>years of second life</th><th>unserved</th>\
         <th>present value a pack, USD</th></tr></thead>\n<tbody>\n",
    );
    for law in &s.laws {
        let cells = [
            band(law.exit_soh, percent),
            band(law.exit_resistance, |x| format!("{x:.2}")),
            or_dash(law.accepted_share, percent),
            band(law.second_life_years, |x| format!("{x:.1}")),
            or_dash(law.unmet_share, percent),
            band(law.npv_usd, thousands),
        ];
        let cells: String = cells.iter().map(|c| format!("<td class=\"n\">{}</td>", escape(c))).collect();
        let _ = writeln!(text, "<tr><td>{}</td>{cells}</tr>", escape(&law.law));
    }
    text.push_str("</tbody>\n</table>\n</div>\n");
    text
}

/// What each test of the library would have been worth.
fn tests(s: &Summary) -> String {
    if s.tests.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "<h2>What a better test is worth</h2>\n<p class=\"soft\">Each test of the library made on every module of the packs \
         that were tested, as expected over its errors; nothing is simulated anew. A wrong accept costs a claim, a wrong \
         reject the margin.</p>\n<div class=\"wide\">\n<table>\n<thead><tr><th>test</th><th>hours a pack</th><th>price a \
         pack, USD</th><th>wrongly accepted</th><th>wrongly rejected</th><th>cost of mistakes a pack, USD</th><th>loss \
         avoided per USD of test</th></tr></thead>\n<tbody>\n",
    );
    for test in &s.tests {
        let cells = [
            number(test.hours_per_pack),
            number(test.pack_cost_usd),
            percent(test.false_accept_share),
            percent(test.false_reject_share),
            number(test.pack_loss_usd),
            or_dash(test.loss_avoided_per_usd, number),
        ];
        let cells: String = cells.iter().map(|c| format!("<td class=\"n\">{}</td>", escape(c))).collect();
        let _ = writeln!(text, "<tr><td>{}</td>{cells}</tr>", escape(&test.test));
    }
    text.push_str("</tbody>\n</table>\n</div>\n");
    text
}
