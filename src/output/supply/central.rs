//! The table `supply`.

use super::view::View;
use crate::output::{Column, Frame, Values, Word};
use crate::supply::Quantity;

/// Central values: a row for each year, region and chemistry, a column for each quantity.
pub(super) fn supply(view: &View<'_>) -> Frame {
    let plan = view.plan;
    let chemistries = plan.chemistries.len();
    let groups = plan.regions.len() * chemistries;
    let rows = || (0..plan.years).flat_map(|k| (0..groups).map(move |g| (k, g)));
    let word = |text: &str| Some(Word::Owned(text.to_owned()));
    let years = view.years().collect::<Vec<_>>();
    let mut columns = vec![
        column("year", "", "Calendar year", Values::Whole(rows().map(|(k, _)| Some(years[k].into())).collect())),
        column(
            "region",
            "",
            "Region",
            Values::Text(rows().map(|(_, g)| word(&plan.regions[g / chemistries])).collect()),
        ),
        column(
            "chemistry",
            "",
            "Chemistry",
            Values::Text(rows().map(|(_, g)| word(&plan.chemistries[g % chemistries].name)).collect()),
        ),
    ];
    for &quantity in Quantity::ALL {
        let value = |(k, g): (usize, usize)| Some(view.result.central.of(quantity, g)[k]).filter(|x| x.is_finite());
        let values = Values::Real(rows().map(value).collect());
        columns.push(column(quantity.name(), quantity.unit(), quantity.doc().trim(), values));
    }
    Frame {
        name: "supply".into(),
        doc: "One row a year, region and chemistry: every quantity with all parameters at their central values".into(),
        columns,
    }
}

fn column(name: &str, unit: &str, doc: &str, values: Values) -> Column {
    Column { name: name.into(), unit: unit.into(), doc: doc.into(), values }
}
