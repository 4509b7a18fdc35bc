//! A fitted law as text of a library entry.

use super::left_out::LeaveOut;
use super::result::{FitResult, Flag};
use std::collections::BTreeMap;

/// Draws of the numbers in an entry.
const SETS: usize = 20;

/// What an entry is called and where its tests come from.
#[derive(Clone, Debug)]
pub struct EntryNames<'a> {
    /// Name in the category `laws`.
    pub name: &'a str,
    /// Title for people.
    pub title: &'a str,
    /// The table of tests.
    pub source: &'a str,
}

/// The library file of a fitted law: numbers, draws of them, box of the tests, spreads and where each comes from.
pub fn entry_toml(result: &FitResult, names: &EntryNames<'_>, left_out: Option<&LeaveOut>) -> String {
    let (spec, name) = (&result.law.spec, names.name);
    let r = &spec.range;
    let pair = |[low, high]: [f64; 2]| format!("[{}, {}]", number(low), number(high));
    let mut lines = vec![
        format!("# An aging law fitted by packlife {}. A scenario takes it with", env!("CARGO_PKG_VERSION")),
        format!("# `library = [\"{name}.toml\"]` at its top and `law = \"{name}\"` under `[aging]`."),
        String::new(),
        format!("[laws.{name}]"),
        format!("source = {}", quoted(&source(result, names, left_out))),
        format!("title = {}", quoted(names.title)),
        format!("form = {}", quoted(&spec.form)),
        "kind = \"own\"".into(),
        format!(
            "range = {{ temperature_c = {}, soc = {}, depth = {}, charge_c_max = {}, discharge_c_max = {}, test_years = \
             {}, loss_max = {} }}",
            pair(r.temperature_c),
            pair(r.soc),
            pair(r.depth),
            number(r.charge_c_max),
            number(r.discharge_c_max),
            number(r.test_years),
            number(r.loss_max)
        ),
    ];
    if let Some(ratio) = spec.resistance_per_loss {
        lines.push(format!("resistance_per_loss = {}", number(ratio)));
    }
    lines.push(format!("loss_cv = {}", number(spec.loss_cv)));
    lines.push(format!("resistance_cv = {}", number(spec.resistance_cv)));
    if spec.soh_at_start < 1.0 {
        lines.push(format!("soh_at_start = {}", number(spec.soh_at_start)));
    }
    lines.push("# Draws of the fitted numbers, as likely as those below: what the tests leave open.".into());
    lines.push("sets = [".into());
    lines.extend(result.draws(SETS).iter().map(|set| format!("    {},", inline(set))));
    lines.push("]".into());
    lines.extend([String::new(), format!("[laws.{name}.parameters]")]);
    for (parameter, value) in result.law.form.parameters.iter().zip(&result.law.parameters) {
        let unit = if parameter.unit.is_empty() { String::new() } else { format!("  # {}", parameter.unit) };
        lines.push(format!("{} = {}{unit}", parameter.name, number(*value)));
    }
    lines.extend([String::new(), format!("[laws.{name}.provenance]")]);
    lines.extend(provenance(result));
    lines.push(String::new());
    lines.join("\n")
}

/// Where the fit as a whole comes from.
fn source(result: &FitResult, names: &EntryNames<'_>, left_out: Option<&LeaveOut>) -> String {
    let mut text = format!(
        "{}: {} check-ups, fitted with an error of {}",
        names.source,
        result.residuals.len(),
        percent(result.rmse)
    );
    if let Some(l) = left_out {
        text.push_str(&format!(", conditions foretold from the others with {}", percent(l.rmse)));
    }
    let told: Vec<String> = result
        .numbers
        .iter()
        .filter_map(|n| n.interval.map(|[low, high]| format!("{} {}..{}", n.name, short(low), short(high))))
        .collect();
    format!("{text} (rms of capacity over new); intervals of 95 %: {}", told.join(", "))
}

/// Origins of single fields.
fn provenance(result: &FitResult) -> Vec<String> {
    let line = |field: &str, source: &str, assumed: bool| {
        format!("{field} = {{ source = {}, assumed = {assumed} }}", quoted(source))
    };
    let mut lines = Vec::new();
    if result.law.spec.resistance_per_loss.is_some() {
        lines.push(match result.resistance_per_loss {
            Some(_) => line("resistance_per_loss", "slope of the table's resistance over its loss", false),
            None => line("resistance_per_loss", "no resistance in the table; that of stored cells is taken", true),
        });
    }
    lines.push(match result.loss_cv {
        Some((_, cells)) => line("loss_cv", &format!("between {cells} cells or means of the table"), false),
        None => line("loss_cv", "no equal cells in the table", true),
    });
    lines.push(line("resistance_cv", "as cells of one lot in storage", true));
    if result.days_from_rates {
        lines.push(line("range.test_years", "cycles times the hours that the rates give, without pauses", true));
    }
    for (known, field) in result.rates_known.iter().zip(["range.charge_c_max", "range.discharge_c_max"]) {
        if !known {
            lines.push(line(field, "not in the table", true));
        }
    }
    for n in &result.numbers {
        let field = format!("parameters.{}", n.name);
        match n.flag {
            Flag::NotIdentified => lines.push(line(&field, "what was known before; the tests hardly tell it", true)),
            Flag::Fixed => lines.push(line(&field, "given, not fitted", true)),
            _ => {}
        }
    }
    lines
}

fn inline(set: &BTreeMap<String, f64>) -> String {
    let each: Vec<String> = set.iter().map(|(name, value)| format!("{name} = {}", number(*value))).collect();
    format!("{{ {} }}", each.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A number with eight significant digits, as TOML reads it back.
fn number(x: f64) -> String {
    let rounded: f64 = format!("{x:.7e}").parse().unwrap_or(x);
    format!("{rounded:?}")
}

/// A number with three significant digits.
pub(super) fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.2e}").parse().unwrap_or(x);
    match rounded.abs() {
        a if a == 0.0 || (1e-3..1e6).contains(&a) => format!("{rounded}"),
        _ => format!("{rounded:e}"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
