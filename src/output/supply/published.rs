//! The table `projections`: figures that others published beside ours.

use super::view::{Estimate, View};
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::{Projection, Quantity};

/// Ours beside a published figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Beside {
    /// What stands beside it.
    pub quantity: Quantity,
    /// Region, or all.
    pub place: usize,
    /// Ours in that year.
    pub ours: Estimate,
}

/// Ours of the same quantity, region and year or years; none where one of them is not ours.
pub(crate) fn beside(view: &View<'_>, projection: &Projection) -> Option<Beside> {
    let wanted = projection.quantity.as_deref()?;
    let quantity = Quantity::ALL.iter().copied().find(|q| q.name() == wanted)?;
    let place = view.place_of(&projection.region)?;
    let number = view.number_of(projection.year)?;
    let ours = match projection.from {
        None => *view.estimates(quantity, place).get(number)?,
        // Quantiles are those of single years, and do not add up.
        Some(from) => {
            let years = view.number_of(from)?..=number;
            Estimate { central: view.central(quantity, place).get(years)?.iter().sum(), band: None }
        }
    };
    Some(Beside { quantity, place, ours })
}

struct Published;

struct Row<'a> {
    theirs: &'a Projection,
    ours: Option<Beside>,
    region: Option<&'a str>,
}

/// Every published figure of the plan.
pub(super) fn projections(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Published>::new();
    for theirs in &view.plan.projections {
        let ours = beside(view, theirs);
        builder.push(&Row { theirs, ours, region: ours.map(|o| view.name(o.place)) });
    }
    builder.finish()
}

constructors!(Published);

impl Table for Published {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "projections";
    const DOC: &'static str = "One row a published figure, with ours of the same quantity, region and year";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            text("study", "", "Who and when", |r| Some(r.theirs.study.clone().into())),
            text("study_region", "", "Region in the study's words", |r| Some(r.theirs.region.clone().into())),
            text("what", "", "What it is, in the study's words", |r| Some(r.theirs.what.clone().into())),
            whole("year", "", "Calendar year", |r| Some(r.theirs.year.into())),
            whole("from", "", "First year of a sum up to that year; empty where it is no sum", |r| {
                r.theirs.from.map(Into::into)
            }),
            real("low_gwh", "GWh or GWh/year", "Least of the study", |r| Some(r.theirs.gwh[0])),
            real("high_gwh", "GWh or GWh/year", "Most of the study", |r| Some(r.theirs.gwh[1])),
            text("status", "", "How the figure is known: read, recalled or ran", |r| {
                Some(r.theirs.status.clone().into())
            }),
            text("quantity", "", "Ours that stands beside it; empty where none means the same", |r| {
                r.theirs.quantity.clone().map(Into::into)
            }),
            text("region", "", "Our region; empty where none is the same", |r| r.region.map(|t| t.to_owned().into())),
            real("ours_central_gwh", "GWh or GWh/year", "Ours, central; empty outside years or regions", |r| {
                r.ours.map(|o| o.ours.central)
            }),
            real("ours_p10_gwh", "GWh or GWh/year", "Ours, P10; empty without draws", |r| {
                r.ours?.ours.band.map(|b| b.p10)
            }),
            real("ours_p50_gwh", "GWh or GWh/year", "Ours, P50", |r| r.ours?.ours.band.map(|b| b.p50)),
            real("ours_p90_gwh", "GWh or GWh/year", "Ours, P90", |r| r.ours?.ours.band.map(|b| b.p90)),
        ]
    }
}
