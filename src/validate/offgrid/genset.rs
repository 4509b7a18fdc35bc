//! The same with a genset that charges the battery once it runs: `EB-2` of the reference data.

use super::energy_balance::Parameters as Balance;
use super::inputs::{Inputs, all, of_name, parameters};
use super::plant::{Genset, Plant, Source};
use crate::site::Storage;
use crate::site::plain::{EnergySpec, EnergyStore};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report, Tolerance};
use serde::Deserialize;

/// 1e-6 and half of the last of four printed digits.
const TOLERANCE: Tolerance = Tolerance::Absolute(5.1e-5);

const COLUMNS: [&str; 8] =
    ["unmet_kwh", "fuel_l", "gen_hours", "gen_kwh", "gen_starts", "curtailed_kwh", "discharge_kwh", "soc_end"];

/// Constants of the format.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
struct Parameters {
    efficiency: f64,
    soc_min: f64,
    c_rate: f64,
    start_soc: f64,
    stop_soc: f64,
    least_load: f64,
    rectifier_efficiency: f64,
    fuel_l_per_h_per_kw: f64,
    fuel_l_per_kwh: f64,
    /// Of the inverter; that of the plain balance of the same case where there is one.
    eta_inv: Option<f64>,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            efficiency: 0.96,
            soc_min: 0.1,
            c_rate: 0.5,
            start_soc: 0.2,
            stop_soc: 0.8,
            least_load: 0.3,
            rectifier_efficiency: 0.92,
            fuel_l_per_h_per_kw: 0.08,
            fuel_l_per_kwh: 0.25,
            eta_inv: None,
        }
    }
}

/// Compares every row of every table.
pub(super) fn tables(folder: &Folder<'_>, report: &mut Report) -> bool {
    let columns = [["case", "pv_kwp", "e_kwh", "gen_kw"].as_slice(), &COLUMNS].concat();
    let tables = folder.read_tables(&columns);
    if tables.is_empty() {
        return false;
    }
    let inputs = all(folder, report);
    for (stem, set, table) in &tables {
        if let Err(why) = rows(folder, stem, set, table, &inputs, report) {
            report.skip(set, "", &why);
        }
    }
    true
}

/// Efficiency of the inverter in the plain balance of a case; 1 without one.
fn inverter_of(folder: &Folder<'_>, case: &str) -> f64 {
    let file = folder.files().find(|file| file.ends_with(&format!("{case}_params.json")) && !file.contains("genset"));
    let text = file.and_then(|file| folder.text(file).ok());
    text.and_then(|text| serde_json::from_str::<Balance>(&text).ok()).map_or(1.0, |balance| balance.eta_inv)
}

fn rows(
    folder: &Folder<'_>,
    stem: &str,
    set: &str,
    table: &Columns,
    inputs: &[Inputs],
    report: &mut Report,
) -> Result<(), String> {
    let p: Parameters = parameters(folder, stem)?;
    let cases = table.texts("case")?;
    let [pv, energy, gen_kw] = ["pv_kwp", "e_kwh", "gen_kw"].map(|name| table.numbers(name));
    let (pv, energy, gen_kw) = (pv?, energy?, gen_kw?);
    let columns = COLUMNS.iter().map(|name| table.numbers(name)).collect::<Result<Vec<_>, _>>()?;
    for row in 0..table.len() {
        let inputs = of_name(inputs, cases[row])?;
        let mut store = EnergyStore::new(EnergySpec::full(energy[row], [p.soc_min, 1.0], p.efficiency, p.c_rate))
            .map_err(|error| error.to_string())?;
        let genset = Genset {
            rated_kw: gen_kw[row],
            least_load: p.least_load,
            start_stop: [p.start_soc, p.stop_soc],
            rectifier_efficiency: p.rectifier_efficiency,
            fuel_l_per_h_per_kw: p.fuel_l_per_h_per_kw,
            fuel_l_per_kwh: p.fuel_l_per_kwh,
        };
        let plant = Plant {
            inverter_efficiency: p.eta_inv.unwrap_or_else(|| inverter_of(folder, cases[row])),
            source: if gen_kw[row] > 0.0 { Source::Genset(genset) } else { Source::None },
            ..Plant::new(inputs, pv[row])
        };
        let site = plant.run(&mut store)?.site;
        let ours = [
            site.unmet_kwh,
            site.fuel_l,
            site.genset_hours,
            site.genset_kwh,
            f64::from(site.genset_starts),
            // What the least load forces on a full battery is not told apart there.
            site.curtailed_kwh + site.dumped_kwh,
            site.discharge_kwh,
            store.soc(),
        ];
        let case = format!("{}, {} kWp, {} kWh, {} kW", cases[row], pv[row], energy[row], gen_kw[row]);
        for ((name, column), ours) in COLUMNS.iter().zip(&columns).zip(ours) {
            report.compare(set, &case, name, (column[row], ours), TOLERANCE);
        }
    }
    Ok(())
}
