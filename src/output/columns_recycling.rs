//! The tables `recycling`, by calendar year, and `decision`, by composition, price set and SoH.

use super::columns::Builder;
use super::frame::{Frame, Word};
use crate::economics::{Materials, TargetSpec};
use crate::life::decision::{DecisionCase, DecisionPoint};
use crate::monte::PackRow;
use std::collections::BTreeMap;

/// The table `recycling`.
pub(crate) struct Recycling;
/// The table `decision`.
pub(crate) struct Decision;

/// A line of the table `recycling`.
pub(crate) struct YearOfRecycling {
    year: i32,
    item: Word,
    input_kg: f64,
    recovered_kg: f64,
    target: Option<f64>,
}

impl YearOfRecycling {
    fn share(&self) -> Option<f64> {
        (self.input_kg > 0.0).then(|| self.recovered_kg / self.input_kg)
    }

    fn met(&self) -> Option<i64> {
        // What is met to the last digit but one is met.
        self.share().zip(self.target).map(|(share, target)| i64::from(share >= target - 1e-9))
    }
}

/// Sums of a calendar year.
#[derive(Default)]
struct Sums {
    mass_kg: f64,
    input_kg: [f64; Materials::COUNT],
    recovered_kg: [f64; Materials::COUNT],
}

/// Builder of the table `recycling`.
pub struct RecyclingTable {
    targets: Option<TargetSpec>,
    years: BTreeMap<i32, Sums>,
}

impl RecyclingTable {
    /// An empty table, held to targets or to none.
    pub fn new(targets: Option<TargetSpec>) -> Self {
        RecyclingTable { targets, years: BTreeMap::new() }
    }

    /// Adds a block of packs, in pack order; all laws together.
    pub fn push(&mut self, rows: &[PackRow]) {
        for row in rows {
            let PackRow::Done(pack) = row else { continue };
            let r = &pack.recycling;
            let (input, recovered) = (r.input_kg.values(), r.recovered_kg.values());
            for batch in &r.batches {
                let sums = self.years.entry(batch.calendar_year).or_default();
                sums.mass_kg += batch.share * r.mass_kg;
                for k in 0..Materials::COUNT {
                    sums.input_kg[k] += batch.share * input[k];
                    sums.recovered_kg[k] += batch.share * recovered[k];
                }
            }
        }
    }

    /// The finished table.
    pub fn finish(self) -> Frame {
        let mut table = Builder::<Recycling>::new();
        for (&year, sums) in &self.years {
            self.lines(year, sums).iter().for_each(|line| table.push(&line));
        }
        table.finish()
    }

    fn lines(&self, year: i32, sums: &Sums) -> Vec<YearOfRecycling> {
        let targets = self.targets.as_ref();
        let efficiency = targets.and_then(|t| t.efficiency.in_year(year));
        let dry = targets.is_some_and(|t| t.dry_mass);
        let electrolyte = |of: &[f64; Materials::COUNT]| Materials::from_values(*of).electrolyte;
        let all: f64 = sums.recovered_kg.iter().sum();
        let line = |item: &'static str, input_kg: f64, recovered_kg: f64, target: Option<f64>| YearOfRecycling {
            year,
            item: item.into(),
            input_kg,
            recovered_kg,
            target,
        };
        let mut lines = vec![
            line("pack", sums.mass_kg, all, efficiency.filter(|_| !dry)),
            line(
                "dry_pack",
                sums.mass_kg - electrolyte(&sums.input_kg),
                all - electrolyte(&sums.recovered_kg),
                efficiency.filter(|_| dry),
            ),
            line("named_materials", sums.input_kg.iter().sum(), all, None),
        ];
        for (k, name) in Materials::NAMES.iter().enumerate().filter(|(k, _)| sums.input_kg[*k] > 0.0) {
            let target = targets.and_then(|t| t.recovery.get(*name)).and_then(|steps| steps.in_year(year));
            lines.push(line(name, sums.input_kg[k], sums.recovered_kg[k], target));
        }
        lines
    }
}

/// The table `decision`.
pub fn decision(cases: &[DecisionCase]) -> Frame {
    let mut table = Builder::<Decision>::new();
    for case in cases {
        for point in &case.points {
            table.push(&(case, point));
        }
    }
    table.finish()
}

mod recycling {
    use super::{Recycling, YearOfRecycling};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(Recycling);

    impl Table for Recycling {
        type Row<'a> = &'a YearOfRecycling;
        const NAME: &'static str = "recycling";
        const DOC: &'static str =
            "One row a calendar year and item recycled in it, over all packs and laws, with the target it is held to";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                whole("year", "year", "Calendar year", |r| Some(r.year.into())),
                text(
                    "item",
                    "",
                    "pack: whole mass; dry_pack: without the electrolyte; named_materials: all followed; or a material",
                    |r| Some(r.item.clone()),
                ),
                real("input_kg", "kg", "Mass into recycling", |r| Some(r.input_kg)),
                real("recovered_kg", "kg", "Mass recovered in products; black mass is none", |r| Some(r.recovered_kg)),
                real("recovered_share", "", "Recovered over input: for the pack, the recycling efficiency", |r| {
                    r.share()
                }),
                real("target_share", "", "Share demanded in that year; missing where none is", |r| r.target),
                whole("met", "", "1 when the share reaches the target, else 0; missing without a target", |r| r.met()),
            ]
        }
    }
}

mod decision_columns {
    use super::{Decision, DecisionCase, DecisionPoint};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(Decision);

    impl Table for Decision {
        type Row<'a> = (&'a DecisionCase, &'a DecisionPoint);
        const NAME: &'static str = "decision";
        const DOC: &'static str =
            "One row a composition, price set and SoH: value of reuse, refurbishing and recycling of a nameplate kWh";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                text("chemistry", "", "Composition", |(c, _)| Some(c.chemistry.clone().into())),
                text("prices", "", "Price set", |(c, _)| Some(c.prices.clone().into())),
                real("new_storage_usd_per_kwh", "USD/kWh", "Price of new storage as sold", |(c, _)| {
                    Some(c.new_storage_usd_per_kwh)
                }),
                real(
                    "switching_soh",
                    "",
                    "SoH below which recycling is worth more than reuse and refurbishing; missing when it is at SoH 1 too",
                    |(c, _)| c.switching_soh,
                ),
                real("soh", "", "SoH", |(_, p)| Some(p.soh)),
                real("reuse_usd_per_kwh", "USD/kWh", "Value of reuse", |(_, p)| Some(p.values.reuse_usd)),
                real("reuse_sale_usd_per_kwh", "USD/kWh", "Of it, what the buyer pays", |(_, p)| {
                    Some(p.values.reuse_sale_usd)
                }),
                real("refurbish_usd_per_kwh", "USD/kWh", "Value of refurbishing and reuse", |(_, p)| {
                    p.values.refurbish_usd
                }),
                real("refurbish_sale_usd_per_kwh", "USD/kWh", "Of it, what the buyer pays", |(_, p)| {
                    p.values.refurbish_sale_usd
                }),
                real("recycle_usd_per_kwh", "USD/kWh", "Value of recycling", |(_, p)| Some(p.values.recycle_usd)),
                text("best", "", "Worth most: reuse, refurbish or recycle", |(_, p)| {
                    Some(p.values.best().name().into())
                }),
                text("route", "", "Recycling route that pays best", |(_, p)| Some(p.route.clone().into())),
            ]
        }
    }
}
