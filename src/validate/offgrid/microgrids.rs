//! Microgrids.py: its dispatch follows the load, battery first and then the genset, and its money that of HOMER.

use super::inputs::{Inputs, all, json, of_name};
use super::plant::{Plant, Source};
use crate::economics::homer::{
    annuity_factor, capital_recovery_factor, life_by_throughput_years, replacements_and_salvage,
};
use crate::site::plain::{EnergySpec, EnergyStore};
use crate::validate::{Folder, Report, Tolerance};
use serde::Deserialize;
use serde_json::Value;

const DISPATCH: Tolerance = Tolerance::Absolute(1e-4);
/// Of the reference; it prints a tenth of a cent.
const MONEY: Tolerance = Tolerance::Relative(1e-4);
const CENTS: Tolerance = Tolerance::Absolute(1e-3);

/// What a case was run with.
#[derive(Clone, Debug, Deserialize)]
struct Case {
    inputs: String,
    pv_kwp: f64,
    e_kwh: f64,
    gen_kw: f64,
    c_rate: f64,
    alpha: f64,
    soc_min: f64,
    soc_ini: f64,
    discount_rate: f64,
    project_years: f64,
    pv_price: f64,
    pv_life: f64,
    batt_price: f64,
    batt_life_cal: f64,
    batt_life_cycles: f64,
    gen_price: f64,
    gen_om_per_h: f64,
    gen_life_h: f64,
    fuel_intercept: f64,
    fuel_slope: f64,
    fuel_price: f64,
    /// The file has these two as present values over the project.
    pv_om: f64,
    batt_om: f64,
}

/// Files whose cases name this tool.
pub(super) fn cases(folder: &Folder<'_>, report: &mut Report) -> bool {
    let mut known = false;
    for file in folder.files().filter(|file| file.ends_with(".json")) {
        let values = json(folder, file).unwrap_or_default();
        let is_case = |value: &&Value| {
            value.get("tool").and_then(Value::as_str).is_some_and(|tool| tool.starts_with("microgrids"))
        };
        let set = format!("{}/{}", folder.set(), file.trim_end_matches(".json"));
        let values: Vec<&Value> = values.iter().filter(is_case).collect();
        if values.is_empty() {
            continue;
        }
        known = true;
        let inputs = all(folder, report);
        for value in values {
            let case = Case::deserialize(value).map_err(|error| error.to_string());
            if let Err(why) = case.and_then(|case| compare(&case, value, &inputs, &set, report)) {
                report.skip(&set, "", &why);
            }
        }
    }
    known
}

fn compare(p: &Case, value: &Value, inputs: &[Inputs], set: &str, report: &mut Report) -> Result<(), String> {
    let inputs = of_name(inputs, &p.inputs)?;
    let spec = EnergySpec {
        soc_start: p.soc_ini,
        charge_efficiency: 1.0 - p.alpha,
        discharge_efficiency: 1.0 / (1.0 + p.alpha),
        ..EnergySpec::full(p.e_kwh, [p.soc_min, 1.0], 1.0, p.c_rate)
    };
    let mut store = EnergyStore::new(spec).map_err(|error| error.to_string())?;
    // Its genset gives what is missing within the hour, however little: a source behind array and battery.
    let source = if p.gen_kw > 0.0 { Source::Backup(p.gen_kw) } else { Source::None };
    let plant = Plant { source, trace: true, ..Plant::new(inputs, p.pv_kwp) };
    let year = plant.run(&mut store)?;
    let site = &year.site;
    let gen_hours = year.hours.iter().filter(|hour| hour.grid_kw > 0.0).count() as f64;
    let fuel_l = p.fuel_intercept * p.gen_kw * gen_hours + p.fuel_slope * site.grid_kwh;
    let shed_max = year.hours.iter().fold(0.0, |most: f64, hour| most.max(hour.unmet_kw));
    let case = format!("{}, {} kWp, {} kWh, {} kW", inputs.case, p.pv_kwp, p.e_kwh, p.gen_kw);
    let mut judge = |names: &[(&str, f64)], tolerance: Tolerance| {
        for (name, ours) in names {
            if let Some(reference) = value.get(name).and_then(Value::as_f64) {
                report.compare(set, &case, name, (reference, *ours), tolerance);
            }
        }
    };
    let through = site.charge_kwh + site.discharge_kwh;
    let cycles = through / (2.0 * p.e_kwh);
    judge(
        &[
            ("served_energy", site.served_kwh),
            ("shed_energy", site.unmet_kwh),
            ("shed_max", shed_max),
            ("shed_hours", site.unmet_hours),
            ("shed_duration_max", site.longest_h),
            ("gen_energy", site.grid_kwh),
            ("gen_hours", gen_hours),
            ("storage_cycles", cycles),
            ("storage_char_energy", site.charge_kwh),
            ("storage_dis_energy", site.discharge_kwh),
            ("storage_loss_energy", store.books().loss_kwh),
            ("spilled_energy", site.curtailed_kwh),
            ("renew_potential_energy", site.pv_kwh),
            ("renew_energy", site.pv_kwh - site.curtailed_kwh),
        ],
        DISPATCH,
    );
    let annuity = annuity_factor(p.discount_rate, p.project_years);
    let part = |usd: f64, life: f64| replacements_and_salvage(usd, life, p.project_years, p.discount_rate);
    let [pv_usd, batt_usd, gen_usd] = [p.pv_price * p.pv_kwp, p.batt_price * p.e_kwh, p.gen_price * p.gen_kw];
    let pv = part(pv_usd, p.pv_life);
    let batt = part(batt_usd, life_by_throughput_years(p.batt_life_cycles, cycles, p.batt_life_cal));
    let genset = part(gen_usd, life_by_throughput_years(p.gen_life_h, gen_hours, f64::INFINITY));
    let gen_om = annuity * p.gen_om_per_h * p.gen_kw * gen_hours;
    let gen_fuel = annuity * p.fuel_price * fuel_l;
    let totals = [
        pv_usd + pv.net_usd() + p.pv_om,
        batt_usd + batt.net_usd() + p.batt_om,
        gen_usd + genset.net_usd() + gen_om + gen_fuel,
    ];
    let npc = totals.iter().sum::<f64>();
    judge(
        &[
            ("pv_salvage", -pv.salvage_usd),
            ("pv_total", totals[0]),
            ("batt_replacement", batt.replacement_usd),
            ("batt_salvage", -batt.salvage_usd),
            ("batt_total", totals[1]),
            ("gen_replacement", genset.replacement_usd),
            ("gen_salvage", -genset.salvage_usd),
            ("gen_om", gen_om),
            ("gen_fuel", gen_fuel),
            ("gen_total", totals[2]),
        ],
        CENTS,
    );
    let lcoe = npc * capital_recovery_factor(p.discount_rate, p.project_years) / site.served_kwh;
    judge(&[("npc", npc), ("lcoe", lcoe)], MONEY);
    Ok(())
}
