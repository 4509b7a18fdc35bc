//! The page of a sizing study; it needs nothing but itself.

use super::tables::{balance, designs, options, tornado, weeks};
use crate::output::sizing::{Summary, whole_percent};
use crate::output::words;
use crate::output::words::{energy, number, or_dash, percent, plain, thousands};
use crate::report::parts::{Rows, assumed, assumed_warning, band, figure, first_look, head, list, provenance, table};
use crate::report::{Figure, OUTSIDE_WARNING, ProvenanceRow, escape};
use crate::sizing::SizingResult;
use std::fmt::Write;

/// Balance error above which the page warns.
const BALANCE_WARNING: f64 = 1e-9;

/// What the page is made from. All texts are plain; the page escapes them.
#[derive(Clone, Debug)]
pub struct SizingInput<'a> {
    /// Name of the scenario.
    pub title: &'a str,
    /// The study.
    pub result: &'a SizingResult,
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
    /// Seed of the study.
    pub seed: u64,
}

/// Writes the page.
pub fn html(input: &SizingInput<'_>) -> String {
    let (s, result) = (input.summary, input.result);
    let mut page = format!(
        "{}<body>\n<header>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<p class=\"soft\">{} packlife {}, seed {}.</p>\n\
         </header>\n",
        head(input.title),
        escape(input.title),
        escape(&s.headline),
        escape(&basis(s)),
        escape(input.version),
        input.seed
    );
    page.push_str(&warnings(input));
    let _ = write!(page, "<h2>Answer</h2>\n<p>{}</p>\n<div class=\"tables two\">\n", escape(&chosen(s)));
    for (caption, rows) in answer(s) {
        page.push_str(&table(caption, &rows));
    }
    page.push_str("</div>\n");
    page.push_str(&designs(result));
    page.push_str(&options(result));
    page.push_str("<h2>Figures</h2>\n");
    input.figures.iter().for_each(|f| page.push_str(&figure(f)));
    page.push_str(&tornado(result));
    page.push_str(&weeks(result));
    page.push_str(&balance(result));
    page.push_str(&method(input));
    let _ = write!(page, "<h2>Scenario</h2>\n<pre>{}</pre>\n", escape(input.scenario_toml));
    page.push_str(&provenance(input.provenance));
    page.push_str("</body>\n</html>\n");
    page
}

fn basis(s: &Summary) -> String {
    format!(
        "{} designs, {} of them simulated on {} paths of weather, load and modules over {} years.",
        thousands((s.designs[0] + s.designs[1]) as f64),
        thousands(s.designs[0] as f64),
        thousands(f64::from(s.paths)),
        s.service_years
    )
}

/// The design on a line.
fn chosen(s: &Summary) -> String {
    if s.met {
        format!(
            "Chosen, the least NPC of the simulated designs that meet the target: {}. {} designs of the lists meet it.",
            s.design,
            thousands(s.designs_met as f64)
        )
    } else {
        format!("No design of the lists meets the target. All that follows is about the nearest: {}.", s.design)
    }
}

fn warnings(input: &SizingInput<'_>) -> String {
    let s = input.summary;
    let mut found: Vec<String> = s.shortfall.iter().filter(|words| **words != s.headline).cloned().collect();
    found.extend(s.notes.iter().cloned());
    if s.outside.iter().flatten().any(|x| *x > OUTSIDE_WARNING) {
        found.push(format!(
            "{} of the time and {} of the charge throughput lie outside the range that the aging law was fitted in.",
            or_dash(s.outside[0], percent),
            or_dash(s.outside[1], percent)
        ));
    }
    if let Some(error) = s.balance_error.filter(|e| *e > BALANCE_WARNING) {
        found.push(format!("The largest error of an energy balance is {error:.1e}."));
    }
    found.extend(assumed_warning(input.provenance));
    found.extend(input.warnings.iter().cloned());
    first_look(&found)
}

fn row(name: &str, value: String) -> (String, String) {
    (name.to_string(), value)
}

fn answer(s: &Summary) -> Vec<(&'static str, Rows)> {
    let mut target = vec![
        row("LPSP of the last year, at most", whole_percent(s.target_lpsp)),
        row("on so many paths", whole_percent(s.confidence)),
        row("met", if s.met { "yes" } else { "no" }.into()),
    ];
    target.extend(s.binding.map(|b| row("what binds", b.into())));
    target.extend([
        row("LPSP in year 1", band(s.lpsp_first, percent)),
        row(&format!("LPSP in year {}", s.service_years), band(s.lpsp_last, percent)),
        row("at the wanted confidence", or_dash(s.lpsp_at_confidence, percent)),
        row("year 1 by an energy balance", or_dash(s.plain_lpsp[0], percent)),
        row("year 1 by the kinetic model", or_dash(s.plain_lpsp[1], percent)),
    ]);
    let mut tables = vec![
        ("Target and LPSP: median (P10 to P90)", target),
        ("What goes unserved, last year", unserved(s)),
        ("Battery: means; median (P10 to P90)", battery(s)),
        ("Money: median (P10 to P90)", money(s)),
    ];
    let charging = s.charging.rows();
    if !charging.is_empty() {
        tables.push(("Recharge, sessions, hire: means", charging));
    }
    tables
}

fn unserved(s: &Summary) -> Rows {
    let mut rows = Rows::new();
    if let Some(u) = &s.unserved {
        rows.extend([
            row("energy not served (EENS)", energy(u.eens_kwh)),
            row("of it from 17 to 23 h", or_dash(u.evening, percent)),
            row("of it with an empty battery", or_dash(u.energy, percent)),
            row("of it above a limit of power", or_dash(u.power, percent)),
            row("of it, battery too cold or too hot", or_dash(u.temperature, percent)),
            row("times", number(u.events)),
            row("longest, P90", format!("{} h", number(u.longest_p90_h))),
            row("share of time (LOLP)", percent(u.lolp)),
        ]);
    }
    if let (Some(n), Some(h)) = (s.outages, s.outage_hours) {
        rows.push(row("outages a year, grid (SAIFI, SAIDI)", format!("{}; {} h", number(n[0]), number(h[0]))));
        rows.push(row("outages a year, load with the site", format!("{}; {} h", number(n[1]), number(h[1]))));
    }
    if let (Some(hours), Some(fuel)) = (s.genset_hours, s.fuel_l) {
        rows.push(row("genset, hours and fuel a year", format!("{} h; {} L", number(hours), number(fuel))));
    }
    rows
}

fn battery(s: &Summary) -> Rows {
    let kwh =
        |get: fn(&crate::output::sizing::Kwh) -> f64| or_dash(s.kwh.as_ref(), |k| format!("{} kWh", number(get(k))));
    let hours = |h: Option<f64>| or_dash(h, |h| format!("{} h", number(h)));
    let mut rows = vec![
        row("on the name plates", kwh(|k| k.nameplate)),
        row("actual at the start", kwh(|k| k.actual)),
        row("usable at the start", kwh(|k| k.usable_start)),
        row("usable at the end", kwh(|k| k.usable_end)),
        row("autonomy at the start", hours(s.autonomy_h[0])),
        row("autonomy at the end", hours(s.autonomy_h[1])),
        row("full cycles a year", or_dash(s.efc_per_year, number)),
        row("mean SoC", or_dash(s.soc_mean, percent)),
        row(
            "temperature, P5, median, P95",
            or_dash(s.temperature_c, |t| format!("{:.0}, {:.0}, {:.0} degC", t[0], t[1], t[2])),
        ),
        row("SoH at the end", band(s.soh_end, percent)),
        row("replaced, share of paths", percent(s.ends.replaced)),
    ];
    if s.ends.first_years.is_some() {
        rows.push(row("years to the first replacement", band(s.ends.first_years, |y| format!("{y:.1}"))));
        let causes: Vec<String> = s.ends.causes.iter().map(|(cause, n)| format!("{} {n}", plain(cause))).collect();
        rows.push(row("replaced by cause", causes.join(", ")));
    }
    rows.extend([
        row("modules added after the start", number(s.ends.modules_added)),
        row("losses of inverters a year", or_dash(s.converter_loss_kwh, energy)),
        row(
            "curtailed a year",
            format!("{} ({})", or_dash(s.curtailed_kwh, energy), or_dash(s.curtailed_share, percent)),
        ),
    ]);
    rows
}

fn money(s: &Summary) -> Rows {
    let mut rows = vec![
        row("before the first day, USD", or_dash(s.capex_usd, thousands)),
        row("net present cost, USD", band(s.npc_usd, thousands)),
        row("its mean, as in the figures", or_dash(s.npc_mean_usd, thousands)),
        row("LCOE, USD/kWh served", band(s.lcoe_usd_per_kwh, number)),
        row("LCOS, USD/kWh discharged", band(s.lcos_usd_per_kwh, number)),
    ];
    if let Some(b) = &s.break_even {
        rows.push(row(
            "break-even price of used modules, USD a kWh on the name plate",
            band(b.usd_per_nameplate_kwh, words::number),
        ));
        rows.push(row("used are cheaper than new, share of paths", or_dash(b.used_is_cheaper, percent)));
    }
    rows
}

fn method(input: &SizingInput<'_>) -> String {
    let s = input.summary;
    let screen = or_dash(s.screen_error, |[most, rms]| {
        format!(
            "over the designs that went through both, the screened LPSP is at most {} points off the simulated one ({} points \
             root mean square)",
            number(100.0 * most),
            number(100.0 * rms)
        )
    });
    let sources = if input.provenance.is_empty() {
        String::new()
    } else {
        format!(" {} of {} values are assumed and marked so below.", assumed(input.provenance), input.provenance.len())
    };
    let lines = [
        format!(
            "Every path is one course of weather, one load and one draw of modules; all designs meet the same ones. LPSP is \
             unserved over demanded energy. The target holds for the last year of service: LPSP of at most {} on {} of paths.",
            whole_percent(s.target_lpsp),
            whole_percent(s.confidence)
        ),
        format!(
            "Designs far from the target are screened by a fast balance whose battery is set to what the simulated designs lost; \
             {}. A design is refuted, and simulated no further, once more of its paths miss the target than may. The chosen \
             design is always simulated on every path.",
            if s.screen_error.is_some() { screen } else { "no design went through both here".into() }
        ),
        "Quantiles are over paths, not over what is not known of prices, loads and laws; the tornado shows some of that. P90 \
         is the value that nine of ten paths do not exceed."
            .to_string(),
        format!(
            "Autonomy is usable energy over mean demand. The four bases of a kWh are never mixed: name plate, actual, usable \
             at the start, usable at the end. NPC, LCOE and LCOS are present values at the scenario's discount rate.{sources}"
        ),
    ];
    format!("<h2>Method and limits</h2>\n{}\n", list(&lines))
}
