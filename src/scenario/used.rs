//! Modules bought used: a lot by mean and spread, or a sheet with a row for each.

use super::fault::{Problem, ScenarioFault};
use super::record::Record;
use super::sheet::{Column, Row, Sheet, SheetFault};
use super::tables::used_modules;
use crate::cell::{Cell, CellSpec};
use crate::duty::VehicleSpec;
use crate::library::At;
use crate::life::grading::TestSpec;
use crate::life::plan::{UsedLot, UsedModule, UsedPack, UsedPlan, UsedSheet};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Test behind a sheet that names none.
const TEST: &str = "capacity";
/// Pulse that a measured resistance is taken for \[s\], and its SoC.
const PULSE_S: f64 = 10.0;
const PULSE_SOC: f64 = 0.5;
/// Keys of a lot, and of a sheet.
const OF_LOT: [&str; 4] = ["soh_mean", "soh_sd", "resistance_mean", "resistance_sd"];
const OF_SHEET: [&str; 3] = ["measured_by", "measured_soh_sd", "measured_resistance_sd"];

/// A plan of modules bought used; `None` after reporting a problem.
pub(super) fn used(
    file: used_modules::File,
    sheet: Option<Sheet>,
    vehicle: &VehicleSpec,
    cell: &CellSpec,
    r: &mut Record<'_>,
) -> Option<UsedPlan> {
    let path = |name: &&str| format!("used_modules.{name}");
    let k = &used_modules::KEYS;
    let Some(sheet) = sheet else {
        let others: Vec<String> = OF_SHEET.iter().map(path).filter(|path| r.written.has(path)).collect();
        if !others.is_empty() {
            return told(r, others, ScenarioFault::OnlyOfSheet);
        }
        let Some(soh_mean) = file.soh_mean else {
            return told(r, vec!["used_modules".into()], ScenarioFault::NothingUsed);
        };
        return Some(UsedPlan::Lot(UsedLot {
            soh_mean: r.given(&k.soh_mean, soh_mean),
            soh_sd: r.fixed(&k.soh_sd, file.soh_sd)?,
            resistance_mean: file.resistance_mean.map(|mean| r.given(&k.resistance_mean, mean)),
            resistance_sd: r.fixed(&k.resistance_sd, file.resistance_sd)?,
            years: r.fixed(&k.years, file.years)?,
            cycle_share_mean: r.fixed(&k.cycle_share_mean, file.cycle_share_mean)?,
            cycle_share_sd: r.fixed(&k.cycle_share_sd, file.cycle_share_sd)?,
        }));
    };
    let others: Vec<String> = OF_LOT.iter().map(path).filter(|path| r.written.has(path)).collect();
    if !others.is_empty() {
        let paths = std::iter::once("used_modules.file".to_owned()).chain(others).collect();
        return told(r, paths, ScenarioFault::SheetAndLot);
    }
    r.given(&k.file, file.file.unwrap_or_default());
    let test = r.computed(&k.measured_by, file.measured_by, TEST.to_owned());
    let (test, entry) = r.entry::<TestSpec>("used_modules.measured_by", &test)?;
    let soh_sd = r.default_field(&k.measured_soh_sd, file.measured_soh_sd, entry, "soh_sd", test.soh_sd);
    let resistance_sd = r.default_field(
        &k.measured_resistance_sd,
        file.measured_resistance_sd,
        entry,
        "resistance_sd",
        test.resistance_sd,
    );
    let years = r.fixed(&k.years, file.years)?;
    let cycle_share_mean = r.fixed(&k.cycle_share_mean, file.cycle_share_mean)?;
    let cycle_share_sd = r.fixed(&k.cycle_share_sd, file.cycle_share_sd)?;
    let modules = modules(&sheet, years, vehicle, cell, r)?;
    let packs = packs(&sheet.rows, modules, vehicle.modules.max(1) as usize);
    let soh_bias = test.soh_bias;
    let sheet = UsedSheet { packs, soh_bias, soh_sd, resistance_sd, cycle_share_mean, cycle_share_sd };
    Some(UsedPlan::Sheet(Arc::new(sheet)))
}

fn told(r: &mut Record<'_>, paths: Vec<String>, fault: ScenarioFault) -> Option<UsedPlan> {
    let mut spans = paths.iter().map(|path| r.written.span(path));
    let first = spans.next().unwrap_or_else(|| r.written.span("used_modules"));
    let mut problem: Problem = At::new(&r.written.source, first, fault);
    problem.related = spans.map(|span| (span, "and this".to_owned())).collect();
    r.problems.push(problem);
    None
}

/// What a new module has, to hold a measured one against.
struct New {
    capacity_ah: f64,
    resistance_mohm: f64,
}

impl New {
    fn of(vehicle: &VehicleSpec, cell: &Cell) -> New {
        let [r0, r1, r2] = cell.resistances(PULSE_SOC);
        let [_, discharge] = cell.r0_by_direction(PULSE_SOC);
        let pair = |r: f64, tau_s: f64| r * (1.0 - (-PULSE_S / tau_s).exp());
        let ohm = r0 * discharge + pair(r1, cell.spec.tau1_s) + pair(r2, cell.spec.tau2_s);
        let (series, parallel) = (f64::from(vehicle.cells_series), f64::from(vehicle.cells_parallel));
        New {
            capacity_ah: vehicle.cell_capacity_ah * parallel,
            resistance_mohm: 1e3 * ohm * series / (f64::from(vehicle.modules) * parallel),
        }
    }
}

/// The rows as modules of the vehicle, in their order.
fn modules(
    sheet: &Sheet,
    years: f64,
    vehicle: &VehicleSpec,
    cell: &CellSpec,
    r: &mut Record<'_>,
) -> Option<Vec<UsedModule>> {
    let new = match Cell::new(cell.clone()) {
        Ok(cell) => New::of(vehicle, &cell.scaled_to(vehicle.cell_capacity_ah)),
        Err(error) => {
            let fault = ScenarioFault::Unread { message: error.to_string() };
            r.problems.push(At::new(&r.written.source, r.written.span("first_life.vehicle"), fault));
            return None;
        }
    };
    let mut problems = Vec::new();
    let mut report = |span, fault| problems.push(At::new(&sheet.source, span, ScenarioFault::Sheet(fault)));
    // A ratio as given, or of a measured value over that of a new module.
    let mut ratio = |row: &Row, given: Column, measured: Column, new: f64| -> Option<f64> {
        let Some(value) = row.number(measured) else { return row.number(given) };
        let [min, max] = given.range();
        let ratio = value / new;
        if !(min..=max).contains(&ratio) {
            let fault = SheetFault::RatioOutOfRange {
                column: measured.name(),
                value,
                unit: measured.unit(),
                ratio,
                new,
                min,
                max,
            };
            report(row.span_of(measured), fault);
        }
        Some(ratio)
    };
    let mut modules = Vec::with_capacity(sheet.rows.len());
    for (n, row) in sheet.rows.iter().enumerate() {
        let soh = ratio(row, Column::Soh, Column::CapacityAh, new.capacity_ah);
        let resistance = ratio(row, Column::ResistanceRatio, Column::ResistanceMohm, new.resistance_mohm);
        modules.push(UsedModule {
            name: row.module.clone().unwrap_or_else(|| (n + 1).to_string()),
            soh: soh.unwrap_or(f64::NAN),
            resistance,
            years: row.number(Column::Years).unwrap_or(years),
            efc: row.number(Column::Efc),
            temperature_c: row.number(Column::MeanTemperatureC),
            cycle_share: row.number(Column::CycleShare),
            self_discharge: row.number(Column::SelfDischargeRatio),
        });
    }
    for row in &sheet.rows {
        if let Some((found, span)) = &row.chemistry
            && !found.eq_ignore_ascii_case(cell.chemistry.name())
        {
            let (vehicle, expected) = (vehicle.title.clone(), cell.chemistry.name());
            let fault = SheetFault::Chemistry { found: found.clone(), vehicle, expected };
            problems.push(At::new(&sheet.source, span.clone(), ScenarioFault::Sheet(fault)));
        }
    }
    let sound = problems.is_empty();
    r.problems.append(&mut problems);
    sound.then_some(modules)
}

/// Modules by pack, in the order in which packs are first named; without names as many to a pack as the vehicle has.
fn packs(rows: &[Row], modules: Vec<UsedModule>, vehicle_modules: usize) -> Vec<UsedPack> {
    let mut packs: Vec<UsedPack> = Vec::new();
    let mut places = BTreeMap::new();
    for (n, (row, module)) in rows.iter().zip(modules).enumerate() {
        let name = row.pack.clone().unwrap_or_else(|| (n / vehicle_modules + 1).to_string());
        let place = *places.entry(name.clone()).or_insert(packs.len());
        match packs.get_mut(place) {
            Some(pack) => pack.modules.push(module),
            None => packs.push(UsedPack { name, modules: vec![module] }),
        }
    }
    packs
}
