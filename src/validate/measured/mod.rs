//! Our laws beside measured cells and cars. Tables are known by their columns, not by their names.

mod calendar;
mod drive_cycles;
mod field;
mod field_leaf;
mod life_by_temperature;
mod pack_log;
mod traces;
mod twin_cells;
mod two_lives;

use super::columns::Columns;
use super::{Folder, Report, SetFn};
use crate::aging::{AgingState, CycleStress, Health, Law, UnitFactors};
use crate::cell::ZERO_CELSIUS_K;

/// Comparisons with measurements.
pub(super) const SETS: &[SetFn] = &[
    calendar::storage,
    drive_cycles::cars,
    field::cars,
    field_leaf::first_bars,
    life_by_temperature::lives,
    pack_log::packs,
    traces::loads,
    twin_cells::twins,
    two_lives::cells,
];

/// Looks at every table of a folder that has the given columns; whether there was one.
fn each_table(
    folder: &Folder<'_>,
    report: &mut Report,
    columns: &[&str],
    look: impl Fn(&str, &Columns, &mut Report) -> Result<(), String>,
) -> bool {
    let mut found = false;
    for name in folder.tables() {
        let Ok(table) = folder.text(&format!("{name}.csv")).and_then(|text| Columns::read(&text)) else { continue };
        if !table.has(columns) {
            continue;
        }
        found = true;
        let set = format!("{}/{name}", folder.set());
        if let Err(why) = look(&set, &table, report) {
            report.skip(&set, "", &why);
        }
    }
    found
}

/// A cell under a duty that does not change.
struct ConstantDuty {
    temperature_c: f64,
    mean_soc: f64,
    depth: f64,
    c_charge: f64,
    c_discharge: f64,
}

impl ConstantDuty {
    fn stress(&self, efc: f64) -> CycleStress {
        CycleStress {
            depth: self.depth,
            mean_soc: self.mean_soc,
            temperature_k: self.temperature_c + ZERO_CELSIUS_K,
            c_rate: 0.5 * (self.c_charge + self.c_discharge),
            c_charge: self.c_charge,
            c_discharge: self.c_discharge,
            ocv_rms_v: None,
            efc,
            count: efc / self.depth.max(1e-6),
        }
    }

    /// Lets a unit age for some days with some equivalent full cycles in them.
    fn age(&self, law: &Law, state: &mut AgingState, unit: usize, days: f64, efc: f64) {
        let units = state.factors.cycle.len();
        if unit == 0 {
            let (t, s) = (vec![self.temperature_c + ZERO_CELSIUS_K; units], vec![self.mean_soc; units]);
            state.rest(law, &t, &s, 24.0 * days);
        }
        state.cycle(law, unit, &self.stress(efc));
    }

    /// Health of one new cell after all of it at once.
    fn health(&self, law: &Law, days: f64, efc: f64) -> Health {
        let mut state = AgingState::new(law, UnitFactors::equal(1));
        self.age(law, &mut state, 0, days, efc);
        state.health(law, 0)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn sd(values: &[f64]) -> f64 {
    let m = mean(values);
    (values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0).max(1.0)).sqrt()
}

/// Linear interpolation of a curve with rising `x`; none outside it.
fn at(curve: &[(f64, f64)], x: f64) -> Option<f64> {
    let k = curve.partition_point(|p| p.0 < x);
    if k < curve.len() && curve[k].0 == x {
        return Some(curve[k].1);
    }
    let (a, b) = (curve.get(k.checked_sub(1)?)?, curve.get(k)?);
    Some(a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0))
}

/// The first `x` at which a curve falls to `y`; none when it does not.
fn falls_to(curve: &[(f64, f64)], y: f64) -> Option<f64> {
    let k = curve.windows(2).position(|w| w[0].1 > y && w[1].1 <= y)?;
    let (a, b) = (curve[k], curve[k + 1]);
    Some(a.0 + (b.0 - a.0) * (a.1 - y) / (a.1 - b.1))
}
