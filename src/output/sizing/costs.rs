//! The table `costs`.

use super::words::option_name;
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::sizing::{CostSplit, SizingResult};

struct Costs;

struct Row {
    design: &'static str,
    part: &'static str,
    usd: f64,
}

/// Parts of a net present cost with their names in tables, in the order that they are stacked.
pub(crate) fn parts(split: &CostSplit) -> [(&'static str, f64); 12] {
    [
        ("modules", split.modules_usd),
        ("test", split.test_usd),
        ("repack", split.repack_usd),
        ("pv", split.pv_usd),
        ("inverter", split.inverter_usd),
        ("genset", split.genset_usd),
        ("install", split.install_usd),
        ("om", split.om_usd),
        ("fuel", split.fuel_usd),
        ("grid", split.grid_usd),
        ("replacement", split.replacement_usd),
        ("salvage", split.salvage_usd),
    ]
}

/// Parts of the NPC of the chosen (or nearest) design and of each option.
pub(super) fn costs(result: &SizingResult) -> Frame {
    let mut builder = Builder::<Costs>::new();
    let first = if result.chosen.is_some() { "chosen" } else { "nearest" };
    let options = result.options.iter().filter_map(|o| Some((option_name(o.kind), &o.best.as_ref()?.money.split)));
    for (design, split) in [(first, &result.detail.rated.money.split)].into_iter().chain(options) {
        parts(split).into_iter().for_each(|(part, usd)| builder.push(&Row { design, part, usd }));
    }
    builder.finish()
}

constructors!(Costs);

impl Table for Costs {
    type Row<'a> = Row;
    const NAME: &'static str = "costs";
    const DOC: &'static str = "One row a part of the mean NPC of the chosen (or nearest) design and of each option";

    fn columns() -> Vec<ColumnDef<Self>> {
        vec![
            text("design", "", "chosen, nearest (where none meets the target) or an option", |r| Some(r.design.into())),
            text("part", "", "What is paid for", |r| Some(r.part.into())),
            real("cost_usd", "USD", "Present value; income is negative", |r| Some(r.usd)),
        ]
    }
}
