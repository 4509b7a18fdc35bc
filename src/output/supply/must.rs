//! The table `must_be_true`.

use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::{Moved, Must};

struct MustBeTrue;

struct Row<'a> {
    answer: usize,
    year: i32,
    wanted_gwh: Option<f64>,
    must: &'a Must,
    moved: &'a Moved,
}

/// What must be true for the wanted supply, a row for each parameter that is moved.
pub(super) fn must_be_true(view: &View<'_>) -> Frame {
    let mut builder = Builder::<MustBeTrue>::new();
    let (year, wanted_gwh) = (view.asked_year(), view.plan.question.as_ref().map(|q| q.gwh));
    for (k, must) in view.result.must.iter().enumerate() {
        for moved in &must.moved {
            builder.push(&Row { answer: k + 1, year, wanted_gwh, must, moved });
        }
    }
    builder.finish()
}

constructors!(MustBeTrue);

impl Table for MustBeTrue {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "must_be_true";
    const DOC: &'static str = "One row an answer, parameter and place that it moves; an answer moves all at once";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("answer", "", "Number of the answer", |r| i64::try_from(r.answer).ok()),
            whole("year", "", "Calendar year of the supply", |r| Some(r.year.into())),
            real("wanted_gwh", "GWh/year", "Second-life supply that is wanted", |r| r.wanted_gwh),
            text("parameter", "", "Parameter that is moved", |r| Some(r.moved.param.name().into())),
            text("unit", "", "Unit of the next two columns", |r| Some(r.moved.param.unit().into())),
            text("place", "", "Region, chemistry, segment where the values hold; empty for all others", |r| {
                Some(r.moved.place.clone().into())
            }),
            real("central", "", "Its central value there, in that year or that of the sale", |r| Some(r.moved.central)),
            real("needed", "", "Its value in the answer", |r| Some(r.moved.value)),
            real("reached_gwh", "GWh/year", "Supply then", |r| Some(r.must.reached_gwh)),
            text("met", "", "Whether the wanted supply is reached", |r| {
                Some(if r.must.met { "yes" } else { "no" }.into())
            }),
            text("words", "", "The answer in words", |r| Some(r.must.words.clone().into())),
        ]
    }
}
