//! The table `cohorts`.

use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::Cause;

struct Cohorts;

struct Row<'a> {
    year: i32,
    cohort: i32,
    region: &'a str,
    chemistry: &'a str,
    cause: Cause,
    gwh: f64,
}

/// What leaves vehicles, by the year in which it came into them. Only rows above zero.
pub(super) fn cohorts(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Cohorts>::new();
    let plan = view.plan;
    for (group, cohorts) in view.result.by_cohort.iter().enumerate() {
        let (region, chemistry) = (group / plan.chemistries.len(), group % plan.chemistries.len());
        for (cohort, years) in cohorts.iter().enumerate() {
            for (year, causes) in years.iter().enumerate() {
                for (cause, &gwh) in Cause::ALL.into_iter().zip(causes).filter(|(_, gwh)| **gwh > 0.0) {
                    builder.push(&Row {
                        year: plan.calendar(year),
                        cohort: plan.came(cohort),
                        region: &plan.regions[region],
                        chemistry: &plan.chemistries[chemistry].name,
                        cause,
                        gwh,
                    });
                }
            }
        }
    }
    builder.finish()
}

constructors!(Cohorts);

impl Table for Cohorts {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "cohorts";
    const DOC: &'static str =
        "One row a region, chemistry, cohort, year and cause: what leaves vehicles, central values, only above zero";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("year", "", "Calendar year in which they leave", |r| Some(r.year.into())),
            whole("cohort", "", "Calendar year in which they came into a vehicle", |r| Some(r.cohort.into())),
            text("region", "", "Region", |r| Some(r.region.to_owned().into())),
            text("chemistry", "", "Chemistry", |r| Some(r.chemistry.to_owned().into())),
            text("cause", "", "Why they leave", |r| Some(r.cause.name().into())),
            real("retired_gwh", "GWh/year", "Nominal energy", |r| Some(r.gwh)),
        ]
    }
}
