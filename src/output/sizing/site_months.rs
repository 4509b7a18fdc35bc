//! The table `site_months`.

use super::stats::{mean_month, service_years};
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::site::Month;
use crate::sizing::SizingResult;

struct SiteMonths;

struct Row {
    year: usize,
    month: usize,
    mean: Month,
}

/// Calendar months of the first and the last year of service.
pub(super) fn site_months(result: &SizingResult) -> Frame {
    let mut builder = Builder::<SiteMonths>::new();
    let paths = &result.detail.paths;
    for year in ends(service_years(paths)) {
        for month in 0..12 {
            if let Some(mean) = mean_month(paths, year, month) {
                builder.push(&Row { year, month, mean });
            }
        }
    }
    builder.finish()
}

/// First and last of some years, from 0.
pub(super) fn ends(years: usize) -> Vec<usize> {
    match years {
        0 => Vec::new(),
        1 => vec![0],
        n => vec![0, n - 1],
    }
}

constructors!(SiteMonths);

impl Table for SiteMonths {
    type Row<'a> = Row;
    const NAME: &'static str = "site_months";
    const DOC: &'static str = "One row a calendar month of the first and the last year of service, means over paths";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("year", "year", "Year of service, from 1", |r| i64::try_from(r.year + 1).ok()),
            whole("month", "month", "Calendar month, from 1", |r| i64::try_from(r.month + 1).ok()),
            real("demand_kwh", "kWh", "Demand (AC)", |r| Some(r.mean.demand_kwh)),
            real("unmet_kwh", "kWh", "Unserved demand (AC)", |r| Some(r.mean.unmet_kwh)),
            real("pv_kwh", "kWh", "What the array could have given (DC)", |r| Some(r.mean.pv_kwh)),
            real("curtailed_kwh", "kWh", "What of it was not taken (DC)", |r| Some(r.mean.curtailed_kwh)),
            real("grid_kwh", "kWh", "From the grid (AC)", |r| Some(r.mean.grid_kwh)),
            real("genset_kwh", "kWh", "From the genset (AC)", |r| Some(r.mean.genset_kwh)),
            real("discharge_kwh", "kWh", "Battery to bus (DC)", |r| Some(r.mean.discharge_kwh)),
        ]
    }
}
