//! An identified cell as text of a library entry.

use super::result::Identified;
use super::values::Told;
use crate::cell::CellSpec;

/// What an entry is called and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct CellNames<'a> {
    /// Name in the category `cells`.
    pub name: &'a str,
    /// The traces, in words.
    pub source: &'a str,
    /// Cell of the library that what is not measured is taken from.
    pub like: &'a str,
    /// Fields the user gave.
    pub given: &'a [&'a str],
}

/// The library file of an identified cell.
pub fn cell_toml(found: &Identified, names: &CellNames<'_>) -> String {
    let (s, name) = (&found.spec, names.name);
    let error = found.pulses.iter().filter_map(|p| p.rmse_all_v()).fold(0.0, f64::max);
    let above = found.pulses.first().map_or(0.0, |p| p.above_v);
    let list = |values: &[f64]| format!("[{}]", values.iter().map(|v| number(*v)).collect::<Vec<_>>().join(", "));
    let mut lines = vec![
        format!("# A cell identified by packlife {} from measured traces.", env!("CARGO_PKG_VERSION")),
        format!("# A scenario takes it with `library = [\"{name}.toml\"]` at its top."),
        String::new(),
        format!("[cells.{name}]"),
        format!(
            "source = {}",
            quoted(&format!("{}; error in the pulse test {:.1} mV rms above {above} V", names.source, 1e3 * error))
        ),
        format!("chemistry = {}", quoted(s.chemistry.name())),
        format!("format = {}", quoted(&s.format)),
    ];
    let mut push = |field: &str, value: String| lines.push(format!("{field} = {value}"));
    push("capacity_ah", number(s.capacity_ah));
    push("nominal_voltage_v", number(s.nominal_voltage_v));
    push("voltage_min_v", number(s.voltage_min_v));
    push("voltage_max_v", number(s.voltage_max_v));
    push("mass_kg", number(s.mass_kg));
    push("specific_heat_j_per_kgk", number(s.specific_heat_j_per_kgk));
    push("ocv_soc", list(&s.ocv_soc));
    push("ocv_v", list(&s.ocv_v));
    push("resistance_soc", list(&s.resistance_soc));
    push("r0_mohm", list(&s.r0_mohm));
    push("r1_mohm", list(&s.r1_mohm));
    push("r2_mohm", list(&s.r2_mohm));
    push("tau1_s", number(s.tau1_s));
    push("tau2_s", number(s.tau2_s));
    push("resistance_ea_j_per_mol", number(s.resistance_ea_j_per_mol));
    push("resistance_floor_share", number(s.resistance_floor_share));
    push("hysteresis_v", number(s.hysteresis_v));
    push("hysteresis_gamma", number(s.hysteresis_gamma));
    push("coulombic_efficiency", number(s.coulombic_efficiency));
    push("self_discharge_per_month", number(s.self_discharge_per_month));
    push("charge_c_max", number(s.charge_c_max));
    push("discharge_c_max", number(s.discharge_c_max));
    push("charge_temperature_min_c", number(s.charge_temperature_min_c));
    for (field, values) in borrowed_tables(s) {
        push(field, list(values));
    }
    push("law", quoted(&s.law));
    push("composition", quoted(&s.composition));
    lines.extend([String::new(), format!("[cells.{name}.provenance]")]);
    lines.extend(provenance(found, names));
    lines.push(String::new());
    lines.join("\n")
}

/// Origins of single fields; those of the test itself have none of their own.
fn provenance(found: &Identified, names: &CellNames<'_>) -> Vec<String> {
    let line = |field: &str, source: &str, assumed: bool| {
        format!("{field} = {{ source = {}, assumed = {assumed} }}", quoted(source))
    };
    let borrowed = format!("taken from `{}`, not measured", names.like);
    let scaled = format!("taken from `{}` by capacity, not measured", names.like);
    let mut lines = Vec::new();
    let mut say = |field: &str, told: bool, otherwise: &str| {
        if names.given.contains(&field) {
            lines.push(line(field, "given by the user", false));
        } else if !told {
            lines.push(line(field, otherwise, true));
        }
    };
    let told = &found.told;
    for field in ["chemistry", "format"] {
        say(field, false, &borrowed);
    }
    say("capacity_ah", told.capacity, &borrowed);
    for field in ["voltage_min_v", "voltage_max_v"] {
        say(field, told.voltages, &borrowed);
    }
    say("mass_kg", false, &scaled);
    say("specific_heat_j_per_kgk", false, &borrowed);
    if !told.ocv_slow {
        let [low, high] = told.ocv_range;
        let words = format!("rests from SoC {low:.2} to {high:.2}; the shape of `{}` between and beyond", names.like);
        say("ocv_v", false, &words);
    }
    for field in ["r0_mohm", "r1_mohm", "r2_mohm"] {
        let unknown: Vec<String> = found
            .values
            .iter()
            .filter(|v| v.field == field && v.told == Told::NotIdentified)
            .filter_map(|v| v.soc.map(|s| format!("{s}")))
            .collect();
        if !unknown.is_empty() {
            let words = format!("hardly told by the test at SoC {}: drawn to the neighbours there", unknown.join(", "));
            say(field, false, &words);
        }
    }
    for field in ["tau1_s", "tau2_s", "hysteresis_gamma"] {
        let known = found.values.iter().any(|v| v.field == field && v.told != Told::NotIdentified);
        say(field, known, "hardly told by the test");
    }
    say("hysteresis_v", told.hysteresis, "no slow discharge and charge to compare; first guess of the like cell");
    for field in ["resistance_ea_j_per_mol", "resistance_floor_share"] {
        match told.temperatures_c {
            Some([low, high]) => {
                let words =
                    format!("fitted to pulse tests from {low} to {high} degC, all resistances at one rate of 1C");
                lines.push(line(field, &words, false));
            }
            None => lines.push(line(field, &borrowed, true)),
        }
    }
    let rest = [
        "coulombic_efficiency",
        "self_discharge_per_month",
        "charge_c_max",
        "discharge_c_max",
        "charge_temperature_min_c",
        "law",
        "composition",
    ];
    for field in rest.into_iter().chain(borrowed_tables(&found.spec).map(|t| t.0)) {
        lines.push(line(field, &borrowed, true));
    }
    lines
}

/// Optional tables that the like cell has.
fn borrowed_tables(s: &CellSpec) -> impl Iterator<Item = (&'static str, &[f64])> {
    let all: [(&str, &[f64]); 5] = [
        ("entropy_soc", &s.entropy_soc),
        ("entropy_mv_per_k", &s.entropy_mv_per_k),
        ("derating_temperature_c", &s.derating_temperature_c),
        ("derating_charge", &s.derating_charge),
        ("derating_discharge", &s.derating_discharge),
    ];
    all.into_iter().filter(|(_, values)| !values.is_empty())
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn number(x: f64) -> String {
    let rounded: f64 = format!("{x:.7e}").parse().unwrap_or(x);
    format!("{rounded:?}")
}
