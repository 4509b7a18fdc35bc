//! The table `flows_of_year`: where the batteries of a year come from and go.

use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::Quantity as Q;

/// Where a flow begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    WearOut,
    Failed,
    Crash,
    Warranty,
    Recall,
    Retired,
    Exported,
    Unknown,
    NotCollected,
    Collected,
    SecondOut,
    Scrap,
    Waiting,
    SpareParts,
    SecondLife,
    Recycled,
}

impl End {
    /// Name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            End::WearOut => "wear_out",
            End::Failed => "failed",
            End::Crash => "crash",
            End::Warranty => "warranty",
            End::Recall => "recall",
            End::Retired => "retired",
            End::Exported => "exported",
            End::Unknown => "unknown",
            End::NotCollected => "not_collected",
            End::Collected => "collected",
            End::SecondOut => "second_life_out",
            End::Scrap => "scrap",
            End::Waiting => "waiting",
            End::SpareParts => "vehicle_reuse",
            End::SecondLife => "second_life",
            End::Recycled => "recycled",
        }
    }
}

/// Flows above zero of a year (by its number) and place, nominal \[GWh\], central values.
///
/// What goes into storage is the change of its stock and what left it; what is recycled from vehicles is all that is
/// recycled less what ended its second life. Batteries that waited come back as a flow of their own.
pub(crate) fn flows(view: &View<'_>, number: usize, place: usize) -> Vec<(End, End, f64)> {
    let of = |q: Q| view.central(q, place).get(number).copied().unwrap_or(0.0);
    let change = |q: Q| {
        let values = view.central(q, place);
        let before = number.checked_sub(1).and_then(|k| values.get(k)).copied().unwrap_or(0.0);
        values.get(number).copied().unwrap_or(0.0) - before
    };
    let (out, waits) = (of(Q::SecondOut), change(Q::Waiting));
    let into_storage = change(Q::SecondStock) + out;
    let recycled = of(Q::Recycled) - out;
    // What waited goes where what was collected goes: it is taken from storage first, the rest from recycling.
    let back = (-waits).max(0.0);
    let back_to_storage = back.min(into_storage.max(0.0));
    let all = [
        (End::WearOut, End::Retired, of(Q::WearOut)),
        (End::Failed, End::Retired, of(Q::Failed)),
        (End::Crash, End::Retired, of(Q::Crash)),
        (End::Warranty, End::Retired, of(Q::Warranty)),
        (End::Recall, End::Retired, of(Q::Recall)),
        (End::Retired, End::Exported, of(Q::Exported)),
        (End::Retired, End::Unknown, of(Q::Unknown)),
        (End::Retired, End::NotCollected, of(Q::NotCollected)),
        (End::Retired, End::Collected, of(Q::Collected)),
        (End::Collected, End::SpareParts, of(Q::SpareParts)),
        (End::Collected, End::SecondLife, into_storage - back_to_storage),
        (End::Collected, End::Waiting, waits),
        (End::Collected, End::Recycled, recycled - (back - back_to_storage)),
        (End::Waiting, End::SecondLife, back_to_storage),
        (End::Waiting, End::Recycled, back - back_to_storage),
        (End::SecondOut, End::Recycled, out),
        (End::Scrap, End::Recycled, of(Q::Scrap)),
    ];
    // A remainder of rounding is no flow.
    let least = 1e-12 * of(Q::Retired).max(of(Q::Recycled));
    all.into_iter().filter(|f| f.2 > least).collect()
}

struct Flows;

struct Row<'a> {
    year: i32,
    region: &'a str,
    from: End,
    to: End,
    gwh: f64,
}

/// The flows of every year and place.
pub(super) fn flows_of_year(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Flows>::new();
    for place in view.places() {
        for (number, year) in view.years().enumerate() {
            for (from, to, gwh) in flows(view, number, place) {
                builder.push(&Row { year, region: view.name(place), from, to, gwh });
            }
        }
    }
    builder.finish()
}

constructors!(Flows);

impl Table for Flows {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "flows_of_year";
    const DOC: &'static str =
        "One row a flow of a year and region (`all` for their sum), central values, nominal, only above zero";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            whole("year", "", "Calendar year", |r| Some(r.year.into())),
            text("region", "", "Region, or all", |r| Some(r.region.to_owned().into())),
            text("from", "", "Where it comes from", |r| Some(r.from.name().into())),
            text("to", "", "Where it goes", |r| Some(r.to.name().into())),
            real("flow_gwh", "GWh/year", "How much", |r| Some(r.gwh)),
        ]
    }
}
