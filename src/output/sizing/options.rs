//! The tables `options` and `tornado`.

use crate::output::Frame;
use crate::output::columns::{Builder, Table};
use crate::sizing::{OptionResult, SizingResult, Swing};

struct Options;
struct Tornado;

struct OptionRow<'a> {
    option: &'a OptionResult,
    result: &'a SizingResult,
}

/// New against used, each at its own best size.
pub(super) fn options(result: &SizingResult) -> Frame {
    let mut builder = Builder::<Options>::new();
    result.options.iter().for_each(|option| builder.push(&OptionRow { option, result }));
    builder.finish()
}

/// What the NPC of the chosen design does when one input is changed.
pub(super) fn tornado(result: &SizingResult) -> Frame {
    let mut builder = Builder::<Tornado>::new();
    result.tornado.iter().for_each(|swing| builder.push(&swing));
    builder.finish()
}

mod options_table {
    use super::{OptionRow, Options, Table};
    use crate::output::columns::{ColumnDef, constructors};
    use crate::output::sizing::words::{option_name, renewal_name};

    constructors!(Options);

    impl Table for Options {
        type Row<'a> = OptionRow<'a>;
        const NAME: &'static str = "options";
        const DOC: &'static str =
            "One row an option, new or used, at its own best size; no numbers where none meets the target";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                text("option", "", "new, new_replaced, used_replaced, used_augmented or lead_acid", |r| {
                    Some(option_name(r.option.kind).into())
                }),
                text("meets", "", "yes where a size was found that meets the target", |r| {
                    Some(if r.option.best.is_some() { "yes" } else { "no" }.into())
                }),
                real("pv_kw", "kW", "Peak power of the array", |r| r.option.best.as_ref().map(|b| b.design.pv_kw)),
                whole("strings", "", "Strings in parallel", |r| {
                    r.option.best.as_ref().map(|b| b.design.strings.into())
                }),
                whole("modules", "", "Modules in all; batteries of 1.8 kWh for lead_acid", |r| {
                    r.option.best.as_ref().map(|b| b.design.modules.into())
                }),
                text("class", "", "Class of used modules; empty where there is none", |r| {
                    let best = r.option.best.as_ref()?;
                    r.result.grades.get(best.design.grade).map(|g| g.name.clone().into())
                }),
                real("inverter_kw", "kW", "Inverter rating (AC)", |r| {
                    r.option.best.as_ref().map(|b| b.design.inverter_kw)
                }),
                real("genset_kw", "kW", "Genset rating (AC)", |r| r.option.best.as_ref().map(|b| b.design.genset_kw)),
                text("renewal", "", "none, replace_at_end or augment", |r| {
                    r.option.best.as_ref().map(|b| renewal_name(b.design.renewal).into())
                }),
                real("nameplate_kwh", "kWh", "Energy on the name plates", |r| base(r, 0)),
                real("actual_start_kwh", "kWh", "Actual capacity at the start", |r| base(r, 1)),
                real("usable_start_kwh", "kWh", "Inside the SoC window at the start", |r| base(r, 2)),
                real("usable_end_kwh", "kWh", "Inside the SoC window at the end", |r| base(r, 3)),
                real(
                    "lpsp_at_confidence",
                    "",
                    "LPSP at the wanted confidence: of the last year, or of the last before a renewal where that is worse",
                    |r| r.option.best.as_ref().map(|b| b.lpsp_at_confidence),
                ),
                real("capex_usd", "USD", "Spent before the first day", |r| {
                    r.option.best.as_ref().map(|b| b.money.capex_usd)
                }),
                real("npc_mean_usd", "USD", "Net present cost, mean", |r| {
                    r.option.best.as_ref().map(|b| b.money.npc_usd.mean)
                }),
                real("npc_p10_usd", "USD", "The same, 10 % quantile", |r| {
                    r.option.best.as_ref().map(|b| b.money.npc_usd.p10)
                }),
                real("npc_p90_usd", "USD", "The same, 90 % quantile", |r| {
                    r.option.best.as_ref().map(|b| b.money.npc_usd.p90)
                }),
                real("lcoe_mean_usd_per_kwh", "USD/kWh", "NPC over discounted energy served, mean", |r| {
                    r.option.best.as_ref().map(|b| b.money.lcoe_usd_per_kwh.mean)
                }),
                real(
                    "lcos_mean_usd_per_kwh",
                    "USD/kWh",
                    "Costs of storage over discounted energy discharged, mean",
                    |r| r.option.best.as_ref().map(|b| b.money.lcos_usd_per_kwh.mean),
                ),
                real("lcos_p10_usd_per_kwh", "USD/kWh", "The same, 10 % quantile", |r| {
                    r.option.best.as_ref().map(|b| b.money.lcos_usd_per_kwh.p10)
                }),
                real("lcos_p90_usd_per_kwh", "USD/kWh", "The same, 90 % quantile", |r| {
                    r.option.best.as_ref().map(|b| b.money.lcos_usd_per_kwh.p90)
                }),
                real("co2_kg", "kg CO2e", "Emissions of making, repurposing and replacing, cut-off allocation", |r| {
                    r.option.best.as_ref().map(|_| r.option.co2_kg)
                }),
                real(
                    "operation_co2_kg",
                    "kg CO2e",
                    "Emissions of fuel and grid energy over the service life, mean",
                    |r| r.option.best.as_ref().map(|_| r.option.operation_co2_kg),
                ),
                real("cheaper_than_new", "", "Share of paths on which its LCOS is below that of new modules", |r| {
                    r.option.best.as_ref().map(|_| r.option.cheaper_than_new)
                }),
            ]
        }
    }

    fn base(row: &OptionRow<'_>, which: usize) -> Option<f64> {
        row.option.best.as_ref().map(|_| row.option.bases_kwh[which])
    }
}

mod tornado_table {
    use super::{Swing, Table, Tornado};
    use crate::output::columns::{ColumnDef, constructors};

    constructors!(Tornado);

    impl Table for Tornado {
        type Row<'a> = &'a Swing;
        const NAME: &'static str = "tornado";
        const DOC: &'static str = "One row an input that is set low and high, all else as planned";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                text("input", "", "What is changed", |s| Some(s.input.clone().into())),
                text("low", "", "Its low value", |s| Some(s.values[0].clone().into())),
                text("high", "", "Its high value", |s| Some(s.values[1].clone().into())),
                real("npc_low_usd", "USD", "NPC with the low value", |s| Some(s.npc_usd[0])),
                real("npc_high_usd", "USD", "NPC with the high value", |s| Some(s.npc_usd[1])),
                real("lpsp_low", "", "LPSP of the last year at the wanted confidence, with the low value", |s| {
                    Some(s.lpsp[0])
                }),
                real("lpsp_high", "", "The same with the high value", |s| Some(s.lpsp[1])),
            ]
        }
    }
}
