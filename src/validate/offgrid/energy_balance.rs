//! Array and battery in a plain balance of energy: grids of designs, `EB-1` of the reference data.

use super::inputs::{Inputs, all, of_name};
use super::plant::{Plant, Year};
use crate::site::Storage;
use crate::site::plain::{EnergySpec, EnergyStore};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report, Tolerance};
use serde::Deserialize;

/// Six digits after the point are printed.
const TOLERANCE: Tolerance = Tolerance::Absolute(1e-6);
/// Four are, of the sums of the inputs.
const SUMS: Tolerance = Tolerance::Absolute(6e-5);

/// Columns of results, apart from sums of inputs.
const COLUMNS: [&str; 12] = [
    "unmet_kwh",
    "lpsp",
    "lolp",
    "loss_hours",
    "events",
    "longest_h",
    "curtailed_kwh",
    "charge_kwh",
    "discharge_kwh",
    "efc",
    "soc_mean",
    "soc_end",
];

/// Parameters of a grid of designs.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Parameters {
    pub eta_ch: f64,
    pub eta_dis: f64,
    pub eta_inv: f64,
    pub inv_kw: f64,
    pub soc_min: f64,
    pub soc_max: f64,
    pub soc0: f64,
    pub self_disc_h: f64,
    pub aux_kw: f64,
    pub p_ch_c: f64,
    pub p_dis_c: f64,
}

impl Parameters {
    /// The battery of a design.
    pub fn store(&self, capacity_kwh: f64) -> Result<EnergyStore, String> {
        let spec = EnergySpec {
            capacity_kwh,
            soc_window: [self.soc_min, self.soc_max],
            soc_start: self.soc0,
            charge_efficiency: self.eta_ch,
            discharge_efficiency: self.eta_dis,
            charge_kw: self.p_ch_c * capacity_kwh,
            discharge_kw: self.p_dis_c * capacity_kwh,
            self_discharge_per_h: self.self_disc_h,
        };
        EnergyStore::new(spec).map_err(|error| error.to_string())
    }

    /// A year of a design, and its battery at the end.
    pub fn year(&self, inputs: &Inputs, pv_kwp: f64, e_kwh: f64) -> Result<(Year, EnergyStore), String> {
        let mut store = self.store(e_kwh)?;
        let plant = Plant {
            inverter_efficiency: self.eta_inv,
            inverter_kw: self.inv_kw,
            standby_kw: self.aux_kw,
            ..Plant::new(inputs, pv_kwp)
        };
        let year = plant.run(&mut store)?;
        Ok((year, store))
    }
}

/// Compares every row of every grid.
pub(super) fn grids(folder: &Folder<'_>, report: &mut Report) -> bool {
    let columns = [["pv_kwp", "e_kwh"].as_slice(), &COLUMNS].concat();
    let tables = folder.read_tables(&columns);
    if tables.is_empty() {
        return false;
    }
    let inputs = all(folder, report);
    for (stem, set, table) in &tables {
        if let Err(why) = grid(folder, stem, set, table, &inputs, report) {
            report.skip(set, "", &why);
        }
    }
    true
}

fn grid(
    folder: &Folder<'_>,
    stem: &str,
    set: &str,
    table: &Columns,
    inputs: &[Inputs],
    report: &mut Report,
) -> Result<(), String> {
    let inputs = of_name(inputs, stem)?;
    let parameters: Parameters = super::inputs::parameters(folder, stem)?;
    let (pv, energy) = (table.numbers("pv_kwp")?, table.numbers("e_kwh")?);
    let columns = COLUMNS.iter().map(|name| table.numbers(name)).collect::<Result<Vec<_>, _>>()?;
    let sums = ["load_kwh", "pv_kwh"].map(|name| table.numbers(name).ok());
    for row in 0..table.len() {
        let case = format!("{} kWp, {} kWh", pv[row], energy[row]);
        let (year, store) = parameters.year(inputs, pv[row], energy[row])?;
        let site = &year.site;
        let ours = [
            site.unmet_kwh,
            site.lpsp(),
            site.lolp(),
            site.unmet_hours,
            f64::from(site.events),
            site.longest_h,
            site.curtailed_kwh,
            site.charge_kwh,
            site.discharge_kwh,
            site.efc,
            site.soc_mean,
            store.soc(),
        ];
        for ((name, column), ours) in COLUMNS.iter().zip(&columns).zip(ours) {
            report.compare(set, &case, name, (column[row], ours), TOLERANCE);
        }
        for ((name, column), ours) in ["load_kwh", "pv_kwh"].iter().zip(&sums).zip([site.demand_kwh, site.pv_kwh]) {
            if let Some(column) = column {
                report.compare(set, &case, name, (column[row], ours), SUMS);
            }
        }
    }
    Ok(())
}
