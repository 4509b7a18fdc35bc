//! The table `designs`.

use super::stats::Basis;
use super::words::{method, renewal_name};
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::sizing::{Rated, Renewal, SizingResult};

/// How designs are looked at.
const METHODS: &str = "simulated: every path in full; refuted: as many in full as prove that it misses the target, the others \
                       by the fast balance; screened: all by the fast balance";

struct Designs;

/// A design among all of them.
struct Row<'a> {
    number: usize,
    rated: &'a Rated,
    result: &'a SizingResult,
    basis: Option<Basis>,
}

/// Every design with what it was found to do.
pub(super) fn designs(result: &SizingResult) -> Frame {
    let (mut builder, basis) = (Builder::<Designs>::new(), Basis::of(&result.detail));
    for (number, rated) in result.designs.iter().enumerate() {
        builder.push(&Row { number, rated, result, basis });
    }
    builder.finish()
}

constructors!(Designs);

impl Table for Designs {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "designs";
    const DOC: &'static str = "One row a design of the lists";

    fn columns() -> Vec<ColumnDef<Self>> {
        let mut columns = variables();
        columns.extend(reliability());
        columns.extend(money());
        columns
    }
}

fn variables() -> Vec<ColumnDef<Designs>> {
    vec![
        whole("design", "", "Number of the design, from 0", |r| i64::try_from(r.number).ok()),
        text("chosen", "", "yes for the one with the least NPC that meets the target", |r| {
            Some(if r.result.chosen == Some(r.number) { "yes" } else { "no" }.into())
        }),
        real("pv_kw", "kW", "Peak power of the array", |r| Some(r.rated.design.pv_kw)),
        whole("strings", "", "Strings in parallel", |r| Some(r.rated.design.strings.into())),
        whole("modules", "", "Modules in all", |r| Some(r.rated.design.modules.into())),
        real("nameplate_kwh", "kWh", "Energy on the name plates, by the modules of the detailed design", |r| {
            r.basis.map(|b| b.nameplate_kwh * f64::from(r.rated.design.modules))
        }),
        text("class", "", "Class of the modules", |r| {
            r.result.grades.get(r.rated.design.grade).map(|g| g.name.clone().into())
        }),
        real("inverter_kw", "kW", "Inverter rating (AC)", |r| Some(r.rated.design.inverter_kw)),
        real("genset_kw", "kW", "Genset rating (AC); 0 for none", |r| Some(r.rated.design.genset_kw)),
        text("renewal", "", "none, replace_at_end or augment", |r| Some(renewal_name(r.rated.design.renewal).into())),
        whole("augment_after_years", "year", "Full years of service before strings are added", |r| {
            match r.rated.design.renewal {
                Renewal::Augment { after_years, .. } => Some(after_years.into()),
                _ => None,
            }
        }),
        whole("augment_strings", "", "Strings added", |r| match r.rated.design.renewal {
            Renewal::Augment { strings, .. } => Some(strings.into()),
            _ => None,
        }),
        text("method", "", METHODS, |r| Some(method(r.rated.method).into())),
    ]
}

fn reliability() -> Vec<ColumnDef<Designs>> {
    vec![
        real("lpsp_first_mean", "", "Unserved over demanded energy, first year of service, mean over paths", |r| {
            Some(r.rated.lpsp_first.mean)
        }),
        real("lpsp_first_p50", "", "The same, median", |r| Some(r.rated.lpsp_first.p50)),
        real("lpsp_first_p90", "", "The same, 90 % quantile", |r| Some(r.rated.lpsp_first.p90)),
        real("lpsp_last_mean", "", "Unserved over demanded energy, last year of service, mean over paths", |r| {
            Some(r.rated.lpsp_last.mean)
        }),
        real("lpsp_last_p50", "", "The same, median", |r| Some(r.rated.lpsp_last.p50)),
        real("lpsp_last_p90", "", "The same, 90 % quantile", |r| Some(r.rated.lpsp_last.p90)),
        real(
            "lpsp_at_confidence",
            "",
            "LPSP at the wanted confidence: of the last year, or of the last before a renewal where that is worse",
            |r| Some(r.rated.lpsp_at_confidence),
        ),
        text("meets", "", "yes where the target is met", |r| Some(if r.rated.meets { "yes" } else { "no" }.into())),
    ]
}

fn money() -> Vec<ColumnDef<Designs>> {
    vec![
        real("capex_usd", "USD", "Spent before the first day", |r| Some(r.rated.money.capex_usd)),
        real("npc_mean_usd", "USD", "Net present cost, mean over paths", |r| Some(r.rated.money.npc_usd.mean)),
        real("npc_p10_usd", "USD", "The same, 10 % quantile", |r| Some(r.rated.money.npc_usd.p10)),
        real("npc_p50_usd", "USD", "The same, median", |r| Some(r.rated.money.npc_usd.p50)),
        real("npc_p90_usd", "USD", "The same, 90 % quantile", |r| Some(r.rated.money.npc_usd.p90)),
        real("lcoe_mean_usd_per_kwh", "USD/kWh", "NPC over discounted energy served, mean", |r| {
            Some(r.rated.money.lcoe_usd_per_kwh.mean)
        }),
        real("lcoe_p10_usd_per_kwh", "USD/kWh", "The same, 10 % quantile", |r| {
            Some(r.rated.money.lcoe_usd_per_kwh.p10)
        }),
        real("lcoe_p90_usd_per_kwh", "USD/kWh", "The same, 90 % quantile", |r| {
            Some(r.rated.money.lcoe_usd_per_kwh.p90)
        }),
        real("lcos_mean_usd_per_kwh", "USD/kWh", "Costs of storage over discounted energy discharged, mean", |r| {
            Some(r.rated.money.lcos_usd_per_kwh.mean)
        }),
        real("lcos_p10_usd_per_kwh", "USD/kWh", "The same, 10 % quantile", |r| {
            Some(r.rated.money.lcos_usd_per_kwh.p10)
        }),
        real("lcos_p90_usd_per_kwh", "USD/kWh", "The same, 90 % quantile", |r| {
            Some(r.rated.money.lcos_usd_per_kwh.p90)
        }),
        real(
            "cost_of_service_usd_per_kwh",
            "USD/kWh",
            "NPC and value of unserved energy over discounted demand",
            |r| Some(r.rated.money.cost_of_service_usd_per_kwh),
        ),
        real("modules_usd", "USD", "Part of the NPC: modules bought at the start", |r| {
            Some(r.rated.money.split.modules_usd)
        }),
        real("test_usd", "USD", "Part of the NPC: tests and sorting", |r| Some(r.rated.money.split.test_usd)),
        real("repack_usd", "USD", "Part of the NPC: management, enclosure, assembly, warranty", |r| {
            Some(r.rated.money.split.repack_usd)
        }),
        real("pv_usd", "USD", "Part of the NPC: array and mounting", |r| Some(r.rated.money.split.pv_usd)),
        real("inverter_usd", "USD", "Part of the NPC: inverter", |r| Some(r.rated.money.split.inverter_usd)),
        real("genset_usd", "USD", "Part of the NPC: genset", |r| Some(r.rated.money.split.genset_usd)),
        real("install_usd", "USD", "Part of the NPC: installation, rest of the plant", |r| {
            Some(r.rated.money.split.install_usd)
        }),
        real("om_usd", "USD", "Part of the NPC: operation and maintenance", |r| Some(r.rated.money.split.om_usd)),
        real("fuel_usd", "USD", "Part of the NPC: fuel", |r| Some(r.rated.money.split.fuel_usd)),
        real("grid_usd", "USD", "Part of the NPC: grid energy", |r| Some(r.rated.money.split.grid_usd)),
        real("replacement_usd", "USD", "Part of the NPC: what is replaced or added", |r| {
            Some(r.rated.money.split.replacement_usd)
        }),
        real("salvage_usd", "USD", "Part of the NPC: salvage and recycling; income is negative", |r| {
            Some(r.rated.money.split.salvage_usd)
        }),
    ]
}
