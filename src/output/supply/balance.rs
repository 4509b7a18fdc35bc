//! The table `balance`.

use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::Quantity as Q;

struct Balance;

/// Values of a year and place, and of the year before.
struct Row<'a> {
    year: i32,
    region: &'a str,
    now: &'a dyn Fn(Q) -> f64,
    before: &'a dyn Fn(Q) -> f64,
}

impl Row<'_> {
    fn sum(&self, quantities: &[Q]) -> f64 {
        quantities.iter().map(|q| (self.now)(*q)).sum()
    }

    fn change(&self, q: Q) -> f64 {
        (self.now)(q) - (self.before)(q)
    }
}

/// Spare parts come from vehicles and go into others.
const INTO_VEHICLES: [Q; 3] = [Q::Inflow, Q::Renewed, Q::SpareParts];
/// Materials and what is left of the mass.
const PRODUCTS: [Q; 11] = [
    Q::Lithium,
    Q::Nickel,
    Q::Cobalt,
    Q::Manganese,
    Q::Copper,
    Q::Aluminium,
    Q::Graphite,
    Q::Steel,
    Q::OtherRecovered,
    Q::BlackMass,
    Q::Residue,
];

/// What goes in less what comes out, place by place.
pub(super) fn balance(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Balance>::new();
    for place in view.places() {
        let values: Vec<Vec<f64>> = Q::ALL.iter().map(|q| view.central(*q, place)).collect();
        for (k, year) in view.years().enumerate() {
            let now = |q: Q| values[q as usize][k];
            let before = |q: Q| match (k.checked_sub(1), q) {
                (Some(k), _) => values[q as usize][k],
                (None, Q::Stock) => values[Q::Opening as usize][k],
                (None, _) => 0.0,
            };
            builder.push(&Row { year, region: view.name(place), now: &now, before: &before });
        }
    }
    builder.finish()
}

constructors!(Balance);

impl Table for Balance {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "balance";
    const DOC: &'static str =
        "One row a year and region (`all` for their sum): what goes in less what comes out, central values";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("year", "", "Calendar year", |r| Some(r.year.into())),
            text("region", "", "Region, or all", |r| Some(r.region.to_owned().into())),
            real(
                "stock_before_gwh",
                "GWh",
                "In vehicles at the end of the year before, or at the start of the first",
                |r| Some((r.before)(Q::Stock)),
            ),
            real(
                "in_gwh",
                "GWh/year",
                "Into vehicles: with new ones, and new or used ones into vehicles in use",
                |r| Some(r.sum(&INTO_VEHICLES)),
            ),
            real("out_gwh", "GWh/year", "Out of vehicles", |r| Some((r.now)(Q::Retired))),
            real("stock_gwh", "GWh", "In vehicles at the end of the year", |r| Some((r.now)(Q::Stock))),
            real("vehicles_open_gwh", "GWh/year", "Into less out of vehicles less the change of their stock", |r| {
                Some(r.sum(&INTO_VEHICLES) - (r.now)(Q::Retired) - r.change(Q::Stock))
            }),
            real("causes_open_gwh", "GWh/year", "Retired less the sum over causes", |r| {
                Some((r.now)(Q::Retired) - r.sum(&[Q::WearOut, Q::Failed, Q::Crash, Q::Warranty, Q::Recall]))
            }),
            real("ways_open_gwh", "GWh/year", "Retired less exported, unknown, not collected and collected", |r| {
                Some((r.now)(Q::Retired) - r.sum(&[Q::Exported, Q::Unknown, Q::NotCollected, Q::Collected]))
            }),
            real(
                "after_open_gwh",
                "GWh/year",
                "Collected less spare parts, recycled, and the change of what waits and of what is in storage",
                |r| {
                    let gone = r.sum(&[Q::SpareParts, Q::Recycled]);
                    Some((r.now)(Q::Collected) - gone - r.change(Q::Waiting) - r.change(Q::SecondStock))
                },
            ),
            real("mass_open_kt", "kt/year", "Mass recycled less materials, black mass and residue", |r| {
                Some((r.now)(Q::RecycledMass) - r.sum(&PRODUCTS))
            }),
        ]
    }
}
