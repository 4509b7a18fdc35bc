//! Columns of the table `systems`.

use super::columns::{ColumnDef, Table, constructors};
use crate::economics::DIESEL_CO2_KG_PER_L;
use crate::life::outcome::SystemOutcome;

/// Hours of a full year.
const FULL_YEAR_HOURS: u32 = 8_760;

/// The table `systems`.
pub(crate) struct Systems;

/// What a row of `systems` is made from.
pub(crate) struct SystemView<'a> {
    /// Number of the pack.
    pub pack_id: u64,
    /// Aging law of the pack.
    pub law: &'a str,
    /// Number of the system in the pack, from 1.
    pub number: usize,
    /// The system.
    pub system: &'a SystemOutcome,
}

/// Unserved share of the last full year; none when no year was full or had demand.
fn unmet_last_full_year(system: &SystemOutcome) -> Option<f64> {
    let year = system.by_year.iter().rev().find(|y| y.hours >= FULL_YEAR_HOURS)?;
    (year.demand_kwh > 0.0).then(|| year.unmet_kwh / year.demand_kwh)
}

constructors!(Systems);

impl Table for Systems {
    type Row<'a> = SystemView<'a>;
    const NAME: &'static str = "systems";
    const DOC: &'static str = "One row a stationary system, in pack order";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("pack_id", "", "Number of the pack in the study", |s| i64::try_from(s.pack_id).ok()),
            text("law", "", "Aging law the pack was lived under", |s| Some(s.law.to_owned().into())),
            whole("system", "", "Number of the system in the pack, from 1", |s| i64::try_from(s.number).ok()),
            real("share", "", "Share of a full product that these modules make, 1 for a whole one", |s| {
                Some(s.system.share)
            }),
            whole("modules", "", "Modules in it at the start", |s| Some(s.system.modules.into())),
            text("topology", "", "How its modules and strings are joined", |s| Some(s.system.topology.name().into())),
            real("years", "year", "Years until the end", |s| Some(s.system.years)),
            text("end_cause", "", "Why it ended: soh, resistance, energy, power or horizon", |s| {
                Some(s.system.end_cause.name().into())
            }),
            real("soh_start", "", "SoH of the weakest module at the start", |s| Some(s.system.soh_start)),
            real("soh_end", "", "SoH of the weakest module at the end", |s| Some(s.system.soh_end)),
            real("resistance_end", "", "Highest resistance over new of a module at the end", |s| {
                Some(s.system.resistance_end)
            }),
            real(
                "actual_start_kwh",
                "kWh",
                "Actual capacity at the start that the topology can use; in plain strings weakest module times modules",
                |s| Some(s.system.actual_kwh_start),
            ),
            real("usable_start_kwh", "kWh", "Energy inside the SoC window at the start", |s| {
                Some(s.system.usable_kwh_start)
            }),
            real(
                "unused_start_kwh",
                "kWh",
                "Energy of the modules' own SoC windows at the start that the topology cannot use",
                |s| Some(s.system.unused_kwh_start),
            ),
            real(
                "mismatch_measured",
                "",
                "Share of the modules' capacity that plain strings leave out of reach, as expected from what was measured",
                |s| Some(s.system.mismatch_measured),
            ),
            real("efc", "", "Equivalent full cycles on nominal capacity", |s| Some(s.system.efc)),
            real("demand_kwh", "kWh", "AC demand", |s| Some(s.system.demand_kwh)),
            real("served_kwh", "kWh", "AC demand served", |s| Some(s.system.served_kwh)),
            real("unmet_kwh", "kWh", "AC demand not served", |s| Some(s.system.unmet_kwh)),
            real("pv_kwh", "kWh", "PV energy at the array's terminals that could have been used (DC)", |s| {
                Some(s.system.pv_kwh)
            }),
            real("curtailed_kwh", "kWh", "PV energy not taken, and what of a genset's nobody took (DC)", |s| {
                Some(s.system.curtailed_kwh)
            }),
            real("grid_kwh", "kWh", "Energy from the grid (AC)", |s| Some(s.system.grid_kwh)),
            real("genset_kwh", "kWh", "Energy from the genset (AC)", |s| Some(s.system.genset_kwh)),
            real(
                "fuel_l",
                "L",
                "Fuel of the genset; the customer's, as grid energy is, and in no cost of a pack",
                |s| Some(s.system.fuel_l),
            ),
            real(
                "fuel_co2_kg",
                "kg CO2e",
                "Emissions of that fuel at 2.68 kg/L; in no other emission of a pack",
                |s| Some(DIESEL_CO2_KG_PER_L * s.system.fuel_l),
            ),
            real("converter_loss_kwh", "kWh", "Losses in converters, standby included", |s| {
                Some(s.system.converter_loss_kwh)
            }),
            real(
                "unit_converter_loss_kwh",
                "kWh",
                "Part of the converters' losses in those of strings or modules, their own draw included",
                |s| Some(s.system.unit_converter_loss_kwh),
            ),
            real("battery_loss_kwh", "kWh", "Heat, self-discharge and balancing in the battery", |s| {
                Some(s.system.battery_loss_kwh)
            }),
            real("balancing_loss_kwh", "kWh", "Part of the battery's losses in balancing, passive or active", |s| {
                Some(s.system.balancing_loss_kwh)
            }),
            real("circulated_kwh", "kWh", "Energy that one string gave to another over a common bus", |s| {
                Some(s.system.circulated_kwh)
            }),
            real("off_bus_share", "", "Share of time that strings were switched off a common bus", |s| {
                Some(s.system.off_bus_share)
            }),
            whole("modules_replaced", "", "Modules replaced by the service", |s| {
                Some(s.system.service().replaced.into())
            }),
            whole("modules_added", "", "Modules added in new strings", |s| Some(s.system.service().added.into())),
            whole("modules_bought", "", "Of both, modules bought; the others were left over from the same pack", |s| {
                Some(s.system.service().bought.into())
            }),
            real("service_usd", "USD", "Cost of the service: modules and labour", |s| {
                Some(s.system.service().cost_usd)
            }),
            real(
                "brought_kwh",
                "kWh",
                "Energy stored in modules that the service brought, less that in modules taken out",
                |s| Some(s.system.brought_kwh),
            ),
            real("fade_loss_kwh", "kWh", "Stored energy that vanished with fading capacity", |s| {
                Some(s.system.fade_loss_kwh)
            }),
            real("stored_change_kwh", "kWh", "Energy stored at the end less at the start", |s| {
                Some(s.system.stored_change_kwh)
            }),
            real("mean_temperature_c", "degC", "Time-mean temperature of the cells", |s| {
                Some(s.system.mean_temperature_c)
            }),
            real("outside_time_share", "", "Share of time outside the aging law's fitted box", |s| {
                Some(s.system.outside.time)
            }),
            real("outside_throughput_share", "", "Share of throughput outside the aging law's fitted box", |s| {
                Some(s.system.outside.throughput)
            }),
            real(
                "beyond_test_share",
                "",
                "Share of time past the longest test or the largest loss that the aging law was fitted to",
                |s| Some(s.system.outside.beyond_test),
            ),
            real("unmet_share_last_year", "", "Unserved share of demand (LPSP) in the last full year lived", |s| {
                unmet_last_full_year(s.system)
            }),
        ]
    }
}
