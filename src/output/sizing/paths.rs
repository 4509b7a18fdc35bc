//! The table `paths`.

use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::site::SiteYear;
use crate::sizing::{PathLife, SizingResult};

struct Paths;

/// The service lives of the detailed design.
pub(super) fn paths(result: &SizingResult) -> Frame {
    let mut builder = Builder::<Paths>::new();
    result.detail.paths.iter().for_each(|path| builder.push(&path));
    builder.finish()
}

fn sum(path: &PathLife, get: fn(&SiteYear) -> f64) -> Option<f64> {
    Some(path.years.iter().map(get).fold(0.0, |sum, x| sum + x))
}

constructors!(Paths);

impl Table for Paths {
    type Row<'a> = &'a PathLife;
    const NAME: &'static str = "paths";
    const DOC: &'static str = "One row a path (weather, load and modules together) of the chosen (or nearest) design";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("path", "", "Number of the path", |p| Some(p.path.into())),
            whole("years", "year", "Years of service lived", |p| i64::try_from(p.years.len()).ok()),
            real("lpsp_first", "", "LPSP of the first year", |p| p.years.first().map(SiteYear::lpsp)),
            real("lpsp_last", "", "LPSP of the last year", |p| p.years.last().map(SiteYear::lpsp)),
            real("demand_kwh", "kWh", "Demand of all years", |p| sum(p, |y| y.demand_kwh)),
            real("unmet_kwh", "kWh", "Unserved of it", |p| sum(p, |y| y.unmet_kwh)),
            real("curtailed_kwh", "kWh", "Curtailed (DC), all years", |p| sum(p, |y| y.curtailed_kwh)),
            real("discharge_kwh", "kWh", "Battery to bus (DC), all years", |p| sum(p, |y| y.discharge_kwh)),
            real("fuel_l", "L", "Fuel, all years", |p| sum(p, |y| y.fuel_l)),
            real("efc", "", "Equivalent full cycles, all years", |p| sum(p, |y| y.efc)),
            real("soh_start", "", "SoH of the weakest module at the start", |p| Some(p.soh_start)),
            real("soh_end", "", "SoH of the weakest module at the end", |p| p.years.last().map(|y| y.soh_end)),
            real("resistance_end", "", "Highest resistance over new at the end", |p| {
                p.years.last().map(|y| y.resistance_end)
            }),
            real("nameplate_kwh", "kWh", "Energy on the name plates", |p| Some(p.nameplate_kwh)),
            real("actual_start_kwh", "kWh", "Actual capacity at the start", |p| Some(p.actual_kwh_start)),
            real("usable_start_kwh", "kWh", "Inside the SoC window at the start", |p| Some(p.usable_kwh_start)),
            real("usable_end_kwh", "kWh", "Inside the SoC window at the end of service", |p| Some(p.usable_kwh_end)),
            whole("replaced", "", "Replacements of the battery", |p| i64::try_from(p.replaced.len()).ok()),
            real("replaced_first_years", "year", "Years of service at the first; empty for none", |p| {
                p.replaced.first().map(|r| r.0)
            }),
            text("replaced_first_cause", "", "Why; empty for none", |p| p.replaced.first().map(|r| r.1.into())),
            whole("modules_added", "", "Modules brought in after the start", |p| Some(p.modules_added.into())),
            real("outside_time", "", "Share of time outside the range that the aging law was fitted in", |p| {
                Some(p.outside_time)
            }),
            real("outside_throughput", "", "The same of charge throughput", |p| Some(p.outside_throughput)),
            real("npc_usd", "USD", "Net present cost", |p| Some(p.npc_usd)),
            real("lcoe_usd_per_kwh", "USD/kWh", "NPC over discounted energy served", |p| Some(p.lcoe_usd_per_kwh)),
            real("lcos_usd_per_kwh", "USD/kWh", "Costs of storage over discounted energy discharged", |p| {
                Some(p.lcos_usd_per_kwh)
            }),
            real("balance_error", "", "Largest relative error of its balances", |p| Some(p.balance_error)),
        ]
    }
}
