//! The battery record of a pack: what Annex VII of Regulation (EU) 2023/1542 asks a battery to tell of itself, and its
//! states along the way, as one line of JSON. `docs/records.md` says what each field means.

use super::error::OutputError;
use crate::life::outcome::{FailureMode, PackOutcome};
use crate::life::plan::JourneyPlan;
use crate::life::record::{BatteryState, PackRecord};
use crate::monte::PackRow;
use crate::numeric::calendar::{DAYS_PER_YEAR, MONTH_DAYS};
use serde::Serialize;
use std::io::Write;

/// Name and version of the form, first field of every record.
pub const RECORD_FORM: &str = "packlife battery record 1";

/// What all records of a study share.
#[derive(Clone, Debug)]
pub struct RecordOf<'a> {
    /// The plan.
    pub plan: &'a JourneyPlan,
    /// Seed of the study.
    pub seed: u64,
    /// Calendar year in which vehicles are sold, or modules bought.
    pub start_year: i64,
}

/// Writes the records of rows, a line each, in their order; failed packs, and packs that left none, have no line.
///
/// # Errors
/// The writer fails.
pub fn write_records(
    to: &mut (impl Write + ?Sized),
    about: &RecordOf<'_>,
    rows: &[PackRow],
) -> Result<(), OutputError> {
    for row in rows {
        if let PackRow::Done(pack) = row
            && let Some(record) = &pack.record
        {
            let mut line = serde_json::to_vec(&of(about, pack, record))?;
            line.push(b'\n');
            to.write_all(&line).map_err(|error| OutputError::Json(serde_json::Error::io(error)))?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Line<'a> {
    record: &'static str,
    version: &'static str,
    seed: String,
    pack_id: u64,
    law: &'a str,
    bought_as: Option<&'a str>,
    battery: Battery<'a>,
    state_of_health: StateOfHealth,
    expected_lifetime: ExpectedLifetime,
    states: States,
}

/// What the battery is.
#[derive(Serialize)]
struct Battery<'a> {
    vehicle: &'a str,
    chemistry: &'static str,
    modules: u32,
    cells_series: u32,
    cells_parallel: u32,
    rated_capacity_ah: f64,
    rated_energy_kwh: f64,
    mass_kg: f64,
}

/// Annex VII, part A, at the end of the first life.
#[derive(Serialize)]
struct StateOfHealth {
    electric_vehicle: ElectricVehicle,
    stationary_or_lmt: Stationary,
}

#[derive(Serialize)]
struct ElectricVehicle {
    state_of_certified_energy: f64,
    certified_energy_kwh: f64,
    energy_kwh: f64,
}

#[derive(Serialize)]
struct Stationary {
    remaining_capacity: f64,
    remaining_power_capability: Option<f64>,
    remaining_round_trip_efficiency: Option<f64>,
    evolution_of_self_discharge: f64,
    ohmic_resistance_ratio: f64,
}

/// Annex VII, part B, until the end of the first life.
#[derive(Serialize)]
struct ExpectedLifetime {
    date_of_manufacture: String,
    date_of_putting_into_service: String,
    years_until_end_of_first_life: f64,
    end_of_first_life: &'static str,
    energy_throughput_kwh: Option<f64>,
    energy_charged_kwh: Option<f64>,
    capacity_throughput_ah: Option<f64>,
    equivalent_full_cycles: Option<f64>,
    harmful_events: HarmfulEvents,
}

/// Events that harm a battery; a missing number was not counted.
#[derive(Serialize)]
struct HarmfulEvents {
    deep_discharges: Option<f64>,
    hours_above_temperature_limit: Option<f64>,
    hours_below_temperature_limit: Option<f64>,
    hours_charging_outside_temperature_limits: Option<f64>,
    failure: Option<&'static str>,
}

#[derive(Serialize)]
struct States {
    as_new: State,
    end_of_first_life: EndOfFirstLife,
    after_tests: AfterTests,
    systems: Vec<SystemStates>,
}

#[derive(Serialize)]
struct State {
    modules: u32,
    years_since_new: f64,
    soh_mean: f64,
    soh_min: f64,
    resistance_ratio_mean: f64,
    resistance_ratio_max: f64,
    discharge_power_kw: f64,
    charge_power_kw: f64,
    round_trip_efficiency: f64,
    self_discharge_ratio: f64,
    equivalent_full_cycles: Option<f64>,
}

#[derive(Serialize)]
struct EndOfFirstLife {
    #[serde(flatten)]
    state: State,
    modules_one_by_one: Vec<Module>,
}

#[derive(Serialize)]
struct Module {
    module: u32,
    soh: f64,
    resistance_ratio: f64,
    years_since_new: f64,
    cycle_share: Option<f64>,
    self_discharge_ratio: f64,
}

#[derive(Serialize)]
struct AfterTests {
    gate_passed: bool,
    grade: &'static str,
    measured_soh_mean: Option<f64>,
    modules_one_by_one: Vec<TestedModule>,
}

#[derive(Serialize)]
struct TestedModule {
    place: u32,
    measured_soh: f64,
    measured_resistance_ratio: f64,
    accepted: bool,
}

#[derive(Serialize)]
struct SystemStates {
    years: f64,
    end_cause: &'static str,
    start: State,
    end: State,
}

fn state(of: &BatteryState) -> State {
    State {
        modules: of.modules,
        years_since_new: of.years,
        soh_mean: of.soh_mean,
        soh_min: of.soh_min,
        resistance_ratio_mean: of.resistance_mean,
        resistance_ratio_max: of.resistance_max,
        discharge_power_kw: of.power_kw[0],
        charge_power_kw: of.power_kw[1],
        round_trip_efficiency: of.round_trip_efficiency,
        self_discharge_ratio: of.self_discharge,
        equivalent_full_cycles: of.efc,
    }
}

fn of<'a>(about: &'a RecordOf<'_>, pack: &'a PackOutcome, record: &PackRecord) -> Line<'a> {
    let vehicle = &about.plan.vehicle;
    let modules = record.as_new.modules;
    let share = f64::from(modules) / f64::from(vehicle.modules);
    let rated_capacity_ah = vehicle.cell_capacity_ah * f64::from(vehicle.cells_parallel);
    let systems = record.systems.iter().zip(&pack.systems);
    Line {
        record: RECORD_FORM,
        version: env!("CARGO_PKG_VERSION"),
        seed: about.seed.to_string(),
        pack_id: pack.pack_id,
        law: &pack.law,
        bought_as: pack.bought.as_ref().and_then(|b| b.name.as_deref()),
        battery: Battery {
            vehicle: &vehicle.title,
            chemistry: about.plan.cell.chemistry.name(),
            modules,
            cells_series: vehicle.cells_series / vehicle.modules * modules,
            cells_parallel: vehicle.cells_parallel,
            rated_capacity_ah,
            rated_energy_kwh: vehicle.nominal_energy_kwh * share,
            mass_kg: vehicle.pack_mass_kg * share,
        },
        state_of_health: state_of_health(record),
        expected_lifetime: expected_lifetime(about, pack, record, rated_capacity_ah),
        states: States {
            as_new: state(&record.as_new),
            end_of_first_life: EndOfFirstLife {
                state: state(&record.end_of_first_life),
                modules_one_by_one: (1..).zip(&record.modules).map(|(n, m)| module(n, m)).collect(),
            },
            after_tests: AfterTests {
                gate_passed: pack.grading.gate_passed,
                grade: pack.grading.grade.name(),
                measured_soh_mean: pack.grading.measured_soh_mean,
                modules_one_by_one: record.tested.iter().map(tested).collect(),
            },
            systems: systems
                .map(|([start, end], system)| SystemStates {
                    years: system.years,
                    end_cause: system.end_cause.name(),
                    start: state(start),
                    end: state(end),
                })
                .collect(),
        },
    }
}

fn module(number: u32, m: &crate::life::record::ModuleState) -> Module {
    Module {
        module: number,
        soh: m.soh,
        resistance_ratio: m.resistance,
        years_since_new: m.years,
        cycle_share: m.cycle_share,
        self_discharge_ratio: m.self_discharge,
    }
}

fn tested(t: &crate::life::grading::Tested) -> TestedModule {
    TestedModule {
        place: t.place as u32 + 1,
        measured_soh: t.soh,
        measured_resistance_ratio: t.resistance,
        accepted: t.accepted,
    }
}

fn state_of_health(record: &PackRecord) -> StateOfHealth {
    let (now, new) = (&record.end_of_first_life, &record.as_new);
    let over = |now: f64, new: f64| (new > 0.0).then(|| now / new);
    StateOfHealth {
        electric_vehicle: ElectricVehicle {
            state_of_certified_energy: record.energy_kwh / record.certified_kwh,
            certified_energy_kwh: record.certified_kwh,
            energy_kwh: record.energy_kwh,
        },
        stationary_or_lmt: Stationary {
            remaining_capacity: now.soh_min,
            remaining_power_capability: over(now.power_kw[0], new.power_kw[0]),
            remaining_round_trip_efficiency: over(now.round_trip_efficiency, new.round_trip_efficiency),
            evolution_of_self_discharge: now.self_discharge,
            ohmic_resistance_ratio: now.resistance_mean,
        },
    }
}

fn expected_lifetime(
    about: &RecordOf<'_>,
    pack: &PackOutcome,
    record: &PackRecord,
    rated_capacity_ah: f64,
) -> ExpectedLifetime {
    // Modules that were bought are as old as they are on the day they were bought.
    let before_years = pack.bought.as_ref().map_or(0.0, |b| b.years_mean);
    let new = date(about.start_year, record.first_day, before_years);
    let efc = record.end_of_first_life.efc;
    ExpectedLifetime {
        date_of_manufacture: new.clone(),
        date_of_putting_into_service: new,
        years_until_end_of_first_life: pack.first.years + before_years,
        end_of_first_life: pack.exit.route.name(),
        energy_throughput_kwh: record.discharged_kwh,
        energy_charged_kwh: record.charged_kwh,
        capacity_throughput_ah: efc.map(|efc| efc * rated_capacity_ah),
        equivalent_full_cycles: efc,
        harmful_events: harmful_events(pack),
    }
}

/// What the first life counted of events that harm a battery; nothing is known of bought modules.
fn harmful_events(pack: &PackOutcome) -> HarmfulEvents {
    let counted = pack.bought.is_none().then_some(&pack.first.harmful);
    HarmfulEvents {
        deep_discharges: counted.map(|h| f64::from(h.deep_discharges)),
        hours_above_temperature_limit: counted.map(|h| h.hot_h),
        hours_below_temperature_limit: counted.map(|h| h.cold_h),
        hours_charging_outside_temperature_limits: counted.map(|h| h.charging_outside_h),
        failure: pack.exit.failure_mode.map(FailureMode::name),
    }
}

/// The date so many years before a day of a year, in years of 365 days.
fn date(year: i64, day: usize, years_before: f64) -> String {
    let per_year = DAYS_PER_YEAR as i64;
    let days = year * per_year + (day % DAYS_PER_YEAR) as i64 - (years_before * per_year as f64).round() as i64;
    let (year, mut left) = (days.div_euclid(per_year), days.rem_euclid(per_year) as usize);
    let mut month = 0;
    while left >= MONTH_DAYS[month] {
        left -= MONTH_DAYS[month];
        month += 1;
    }
    format!("{year:04}-{:02}-{:02}", month + 1, left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_in_years_of_365_days() {
        assert_eq!(date(2024, 0, 0.0), "2024-01-01");
        assert_eq!(date(2024, 364, 0.0), "2024-12-31");
        assert_eq!(date(2024, 59, 0.0), "2024-03-01");
        assert_eq!(date(2024, 59, 10.0), "2014-03-01");
        assert_eq!(date(2024, 0, 1.0 / 365.0), "2023-12-31");
    }
}
