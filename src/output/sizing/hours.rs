//! The tables `site_hours` and `dwell`.

use super::site_months::ends;
use super::stats::{mean, service_years, year};
use crate::output::Frame;
use crate::output::columns::{Builder, Table};
use crate::site::{DWELL_SOC, DWELL_TEMPERATURE_C};
use crate::sizing::SizingResult;

struct SiteHours;
struct DwellTable;

struct HourRow {
    year: usize,
    hour: usize,
    demand_kwh: f64,
    unmet_kwh: f64,
}

struct DwellRow {
    temperature: usize,
    soc: usize,
    hours: f64,
    share: f64,
}

/// Hours of the day in the first and the last year of service.
pub(super) fn site_hours(result: &SizingResult) -> Frame {
    let mut builder = Builder::<SiteHours>::new();
    let paths = &result.detail.paths;
    for number in ends(service_years(paths)) {
        for hour in 0..24 {
            let demand = mean(year(paths, number).map(|y| y.by_hour[hour].demand_kwh));
            let unmet = mean(year(paths, number).map(|y| y.by_hour[hour].unmet_kwh));
            if let (Some(demand_kwh), Some(unmet_kwh)) = (demand, unmet) {
                builder.push(&HourRow { year: number, hour, demand_kwh, unmet_kwh });
            }
        }
    }
    builder.finish()
}

/// Time in classes of SoC and temperature over the whole service.
pub(super) fn dwell(result: &SizingResult) -> Frame {
    let mut builder = Builder::<DwellTable>::new();
    let years: Vec<_> = result.detail.paths.iter().flat_map(|p| &p.years).collect();
    let all: f64 = years.iter().flat_map(|y| y.dwell.hours.iter().flatten()).sum();
    for temperature in 0..DWELL_TEMPERATURE_C.len() {
        for soc in 0..DWELL_SOC {
            if let (Some(hours), true) = (mean(years.iter().map(|y| y.dwell.hours[temperature][soc])), all > 0.0) {
                let share = hours * years.len() as f64 / all;
                builder.push(&DwellRow { temperature, soc, hours, share });
            }
        }
    }
    builder.finish()
}

mod site_hours_table {
    use super::{HourRow, SiteHours, Table};
    use crate::output::columns::{ColumnDef, constructors};

    constructors!(SiteHours);

    impl Table for SiteHours {
        type Row<'a> = HourRow;
        const NAME: &'static str = "site_hours";
        const DOC: &'static str =
            "One row an hour of the day in the first and the last year of service, means over paths";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                whole("year", "year", "Year of service, from 1", |r| i64::try_from(r.year + 1).ok()),
                whole("hour", "h", "Hour of the day in which it begins, 0 to 23", |r| i64::try_from(r.hour).ok()),
                real("demand_kwh", "kWh", "Demand of all days (AC)", |r| Some(r.demand_kwh)),
                real("unmet_kwh", "kWh", "Unserved of it (AC)", |r| Some(r.unmet_kwh)),
            ]
        }
    }
}

mod dwell_table {
    use super::{DWELL_SOC, DWELL_TEMPERATURE_C, DwellRow, DwellTable, Table};
    use crate::output::columns::{ColumnDef, constructors};

    constructors!(DwellTable);

    impl Table for DwellTable {
        type Row<'a> = DwellRow;
        const NAME: &'static str = "dwell";
        const DOC: &'static str = "One row a class of temperature and SoC of the battery, over all years and paths";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                real("temperature_from_c", "degC", "Lower edge of the class; empty for the open lowest one", |r| {
                    (r.temperature > 0).then(|| DWELL_TEMPERATURE_C[r.temperature])
                }),
                real("temperature_to_c", "degC", "Upper edge of the class; empty for the open highest one", |r| {
                    DWELL_TEMPERATURE_C.get(r.temperature + 1).copied()
                }),
                real("soc_from", "", "Lower edge of the class of SoC (of the cells)", |r| {
                    Some(r.soc as f64 / DWELL_SOC as f64)
                }),
                real("soc_to", "", "Upper edge", |r| Some((r.soc + 1) as f64 / DWELL_SOC as f64)),
                real("hours_per_year", "h", "Time in it, mean of a year", |r| Some(r.hours)),
                real("share", "", "Share of all time", |r| Some(r.share)),
            ]
        }
    }
}
