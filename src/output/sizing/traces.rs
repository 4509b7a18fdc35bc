//! The tables `worst_week` and `seasons`.

use super::stats::day_of;
use super::words::SEASONS;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::sizing::{HourTrace, SizingResult};

struct Seasons;

struct Row<'a> {
    season: &'static str,
    trace: &'a HourTrace,
}

/// Hours of the worst week of the last year of service.
pub(super) fn worst_week(result: &SizingResult) -> Frame {
    let mut builder = Builder::<Seasons>::new();
    result.detail.worst_week.iter().for_each(|trace| builder.push(&Row { season: "", trace }));
    let Frame { mut columns, .. } = builder.finish();
    columns.retain(|c| c.name != "season");
    let doc = "One row an hour of the worst week of the last year of service, on the path nearest to the confidence";
    Frame { name: "worst_week".into(), doc: doc.into(), columns }
}

/// Hours of three weeks of the same year and path.
pub(super) fn seasons(result: &SizingResult) -> Frame {
    let mut builder = Builder::<Seasons>::new();
    for (season, week) in SEASONS.into_iter().zip(&result.detail.seasons) {
        week.iter().for_each(|trace| builder.push(&Row { season, trace }));
    }
    builder.finish()
}

constructors!(Seasons);

impl Table for Seasons {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "seasons";
    const DOC: &'static str =
        "One row an hour of three weeks of the last year of service, on the path of the worst week";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            text("season", "", "winter, spring or summer", |r| Some(r.season.into())),
            whole("hour", "h", "Hour of the calendar year, from 0", |r| Some(r.trace.hour.into())),
            whole("month", "month", "Calendar month, from 1", |r| i64::try_from(day_of(r.trace.hour).1 + 1).ok()),
            whole("day", "day", "Day of the month", |r| i64::try_from(day_of(r.trace.hour).0).ok()),
            real("load_kw", "kW", "Demand (AC)", |r| Some(r.trace.load_kw)),
            real("unmet_kw", "kW", "Unserved of it (AC)", |r| Some(r.trace.unmet_kw)),
            real("pv_kw", "kW", "Array (DC)", |r| Some(r.trace.pv_kw)),
            real("curtailed_kw", "kW", "Curtailed of it (DC)", |r| Some(r.trace.curtailed_kw)),
            real("battery_kw", "kW", "Battery (DC), discharge positive", |r| Some(r.trace.battery_kw)),
            real("grid_kw", "kW", "Grid (AC)", |r| Some(r.trace.grid_kw)),
            real("genset_kw", "kW", "Genset (AC)", |r| Some(r.trace.genset_kw)),
            real("soc", "", "SoC at the end of the hour", |r| Some(r.trace.soc)),
            real("temperature_c", "degC", "Battery temperature", |r| Some(r.trace.temperature_c)),
        ]
    }
}
