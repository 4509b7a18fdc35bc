//! The table `drivers`.

use super::summary::rank_correlation;
use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::Driver;

struct Drivers;

struct Row<'a> {
    rank: usize,
    year: i32,
    driver: &'a Driver,
    rank_correlation: Option<f64>,
    variance_of: Option<&'static str>,
}

/// What moves the supply of the year that is asked about.
pub(super) fn drivers(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Drivers>::new();
    let year = view.asked_year();
    for (k, driver) in view.result.drivers.iter().enumerate() {
        let rank_correlation = rank_correlation(view.result, driver);
        let variance_of = driver.total.map(|_| if view.result.shares_of_logarithm { "logarithm" } else { "supply" });
        builder.push(&Row { rank: k + 1, year, driver, rank_correlation, variance_of });
    }
    builder.finish()
}

constructors!(Drivers);

impl Table for Drivers {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "drivers";
    const DOC: &'static str =
        "One row a parameter, the strongest first: what it does to the second-life supply of the year";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("rank", "", "Place in the order of strength", |r| i64::try_from(r.rank).ok()),
            whole("year", "", "Calendar year of the supply", |r| Some(r.year.into())),
            text("parameter", "", "Parameter", |r| Some(r.driver.param.name().into())),
            text("meaning", "", "What it says", |r| Some(r.driver.param.doc().trim().into())),
            real(
                "first_order",
                "",
                "Share of the variance by itself; empty without a Saltelli sample, and of what cannot act",
                |r| r.driver.first_order.map(|x| x[0]),
            ),
            real("first_order_error", "", "Its standard error", |r| r.driver.first_order.map(|x| x[1])),
            real("total", "", "Share of the variance with all it acts with", |r| r.driver.total.map(|x| x[0])),
            real("total_error", "", "Its standard error", |r| r.driver.total.map(|x| x[1])),
            text("variance_of", "", "Whose variance it is: of the `supply`, or of its `logarithm`", |r| {
                r.variance_of.map(Into::into)
            }),
            real(
                "rank_correlation",
                "",
                "Rank correlation with the supply over the draws; empty without draws, and of what cannot act",
                |r| r.rank_correlation,
            ),
            real("supply_at_p10_gwh", "GWh/year", "Supply with the parameter at its P10, all else central", |r| {
                Some(r.driver.one_at_a_time[0])
            }),
            real("supply_at_p90_gwh", "GWh/year", "Supply with the parameter at its P90, all else central", |r| {
                Some(r.driver.one_at_a_time[1])
            }),
        ]
    }
}
