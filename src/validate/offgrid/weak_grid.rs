//! A home inverter on a grid that fails: `EB-3` of the reference data.

use super::inputs::{Inputs, all, parameters};
use super::plant::{Grid, Plant, Source};
use crate::site::Storage;
use crate::site::plain::{EnergySpec, EnergyStore};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report, Tolerance};
use serde::Deserialize;

/// 1e-6 and half of the last of four printed digits.
const TOLERANCE: Tolerance = Tolerance::Absolute(5.1e-5);

const COLUMNS: [&str; 8] = [
    "unmet_kwh",
    "unmet_hours",
    "grid_import_kwh",
    "discharge_kwh",
    "efc",
    "outage_hours",
    "load_in_outage_kwh",
    "soc_end",
];

/// Constants of the format.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
struct Parameters {
    efficiency: f64,
    soc_min: f64,
    c_rate: f64,
    eta_inv: f64,
    charger_kw: f64,
    rectifier_efficiency: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            efficiency: 0.96,
            soc_min: 0.1,
            c_rate: 0.5,
            eta_inv: 0.92,
            charger_kw: 0.8,
            rectifier_efficiency: 0.92,
        }
    }
}

/// Compares every row of every table.
pub(super) fn tables(folder: &Folder<'_>, report: &mut Report) -> bool {
    let columns = [["grid", "pv_kwp", "e_kwh"].as_slice(), &COLUMNS].concat();
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

/// Hours with the grid, from the column `grid_NAME` of any table of the folder.
fn grid_of(folder: &Folder<'_>, name: &str) -> Result<Vec<bool>, String> {
    let column = format!("grid_{name}");
    let tables = folder.read_tables(&[&column]);
    let (_, _, table) = tables.first().ok_or_else(|| format!("no column `{column}` here"))?;
    Ok(table.numbers(&column)?.into_iter().map(|on| on > 0.5).collect())
}

/// Demand that falls into outages \[kWh\].
fn in_outages(inputs: &Inputs, grid: &[bool]) -> f64 {
    inputs.load_kw.iter().zip(grid).filter(|(_, on)| !**on).map(|(kw, _)| kw).sum()
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
    let grids = table.texts("grid")?;
    let (pv, energy) = (table.numbers("pv_kwp")?, table.numbers("e_kwh")?);
    let columns = COLUMNS.iter().map(|name| table.numbers(name)).collect::<Result<Vec<_>, _>>()?;
    let outage_load = table.numbers("load_in_outage_kwh")?;
    for row in 0..table.len() {
        let case = format!("{}, {} kWp, {} kWh", grids[row], pv[row], energy[row]);
        let grid = grid_of(folder, grids[row])?;
        // The table does not name its load: it is the one whose part in the outages is in the table.
        let meets =
            |i: &&Inputs| grid.len() == i.load_kw.len() && (in_outages(i, &grid) - outage_load[row]).abs() < 1e-3;
        let Some(inputs) = inputs.iter().find(meets) else {
            report.skip(set, &case, "no inputs here have this load in the outages");
            continue;
        };
        let mut store = EnergyStore::new(EnergySpec::full(energy[row], [p.soc_min, 1.0], p.efficiency, p.c_rate))
            .map_err(|error| error.to_string())?;
        let plant = Plant {
            inverter_efficiency: p.eta_inv,
            source: Source::Grid(Grid {
                available: &grid,
                charger_kw: p.charger_kw,
                rectifier_efficiency: p.rectifier_efficiency,
            }),
            ..Plant::new(inputs, pv[row])
        };
        let site = plant.run(&mut store)?.site;
        let ours = [
            site.unmet_kwh,
            site.unmet_hours,
            site.grid_kwh,
            site.discharge_kwh,
            site.efc,
            site.outage_hours,
            site.outage_demand_kwh,
            store.soc(),
        ];
        for ((name, column), ours) in COLUMNS.iter().zip(&columns).zip(ours) {
            report.compare(set, &case, name, (column[row], ours), TOLERANCE);
        }
    }
    Ok(())
}
