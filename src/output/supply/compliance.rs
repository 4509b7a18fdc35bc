//! The table `compliance`.

use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};

struct Compliance;

struct Row<'a> {
    region: &'a str,
    rule: Option<&'a str>,
    year: i32,
    item: &'a str,
    share: f64,
    demanded: f64,
    met: bool,
}

/// Targets and how far they are met.
pub(super) fn compliance(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Compliance>::new();
    for (region, year, item, share, demanded, met) in &view.result.compliance {
        let rule = view.plan.targets.get(*region).and_then(|t| t.as_ref()).map(|t| t.0.as_str());
        builder.push(&Row {
            region: view.name(*region),
            rule,
            year: *year,
            item,
            share: *share,
            demanded: *demanded,
            met: *met,
        });
    }
    builder.finish()
}

constructors!(Compliance);

impl Table for Compliance {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "compliance";
    const DOC: &'static str = "One row a region, year and item that a rule may demand, central values";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            text("region", "", "Region", |r| Some(r.region.to_owned().into())),
            text("rule", "", "Entry of the library that says so", |r| r.rule.map(|t| t.to_owned().into())),
            whole("year", "", "Calendar year", |r| Some(r.year.into())),
            text("item", "", "What is demanded", |r| Some(r.item.to_owned().into())),
            real("share", "", "Share reached", |r| Some(r.share)),
            real("demanded", "", "Share demanded; empty where nothing is", |r| Some(r.demanded).filter(|x| *x > 0.0)),
            text("met", "", "Whether it is met; empty where nothing is demanded", |r| {
                (r.demanded > 0.0).then(|| if r.met { "yes" } else { "no" }.into())
            }),
        ]
    }
}
