//! The table `compliance`.

use super::view::View;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::supply::Compliance as Judged;

struct Compliance;

struct Row<'a> {
    region: &'a str,
    rule: Option<&'a str>,
    judged: &'a Judged,
}

/// Targets and how far they are met.
pub(super) fn compliance(view: &View<'_>) -> Frame {
    let mut builder = Builder::<Compliance>::new();
    for judged in &view.result.compliance {
        let rule = view.plan.targets.get(judged.region).and_then(|t| t.as_ref()).map(|t| t.0.as_str());
        builder.push(&Row { region: view.name(judged.region), rule, judged });
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
            whole("year", "", "Calendar year", |r| Some(r.judged.year.into())),
            text("item", "", "What is demanded", |r| Some(r.judged.item.clone().into())),
            real("share", "", "Share reached", |r| Some(r.judged.share)),
            real("demanded", "", "Share demanded; empty where nothing is", |r| {
                Some(r.judged.demanded).filter(|x| *x > 0.0)
            }),
            text("met", "", "Whether it is met; empty where nothing is demanded", |r| {
                (r.judged.demanded > 0.0).then(|| if r.judged.met { "yes" } else { "no" }.into())
            }),
        ]
    }
}
