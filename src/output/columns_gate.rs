//! Columns of the tables `tests`, `modules` and `matching`.

use super::gate_tables::TestSums;
use crate::life::outcome::{ModuleReading, TestValue};
use crate::life::repurposing::LotRow;

/// The table `tests`.
pub(crate) struct TestsTable;
/// The table `modules`.
pub(crate) struct Modules;
/// The table `matching`.
pub(crate) struct Matched;

/// What a row of `tests` is made from.
pub(crate) struct TestView<'a> {
    /// Sums of the law.
    pub sums: &'a TestSums,
    /// Sums of the test.
    pub value: &'a TestValue,
}

/// What a row of `modules` is made from.
pub(crate) struct ModuleView<'a> {
    /// Number of the pack.
    pub pack_id: u64,
    /// Aging law of the pack.
    pub law: &'a str,
    /// The module.
    pub reading: &'a ModuleReading,
}

/// What a row of `matching` is made from.
pub(crate) struct LotView<'a> {
    /// Aging law of the packs.
    pub law: &'a str,
    /// Lots of a size.
    pub row: LotRow,
}

impl TestView<'_> {
    fn per_pack(&self, sum: f64) -> Option<f64> {
        Some(sum / self.sums.packs as f64)
    }

    fn per_unit(&self, sum: f64) -> Option<f64> {
        Some(sum / self.value.units)
    }

    /// Loss avoided against no test at all, for each dollar of the test.
    fn avoided_per_usd(&self) -> Option<f64> {
        let none = self.sums.values.first()?;
        (self.value.cost_usd > 0.0).then(|| (none.loss_usd - self.value.loss_usd) / self.value.cost_usd)
    }
}

mod tests_table {
    use super::{TestView, TestsTable};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(TestsTable);

    impl Table for TestsTable {
        type Row<'a> = TestView<'a>;
        const NAME: &'static str = "tests";
        const DOC: &'static str = "One row a test of the library, `none` for no test: what it would have cost and missed, \
                                   made on every module of the packs that were tested, as expected over its errors";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                text("law", "", "Aging law the packs were lived under", |t| Some(t.sums.law.to_string().into())),
                text("test", "", "Name of the test, or none", |t| Some(t.value.test.to_string().into())),
                whole("packs", "", "Packs tested", |t| i64::try_from(t.sums.packs).ok()),
                real("modules_per_pack", "", "Modules tested a pack (cells where cells are graded)", |t| {
                    t.per_pack(t.value.units)
                }),
                real("hours_per_pack", "h", "Bench time a pack", |t| t.per_pack(t.value.hours)),
                real("pack_cost_usd", "USD", "Price of the test a pack", |t| t.per_pack(t.value.cost_usd)),
                real("accepted_share", "", "Modules accepted, over all tested", |t| t.per_unit(t.value.accepts)),
                real("false_accept_share", "", "Modules wrongly accepted, over all tested", |t| {
                    t.per_unit(t.value.false_accepts)
                }),
                real("false_reject_share", "", "Modules wrongly rejected, over all tested", |t| {
                    t.per_unit(t.value.false_rejects)
                }),
                real(
                    "pack_loss_usd",
                    "USD",
                    "Claims after wrong accepts and margin lost with wrong rejects, a pack",
                    |t| t.per_pack(t.value.loss_usd),
                ),
                real("pack_total_usd", "USD", "Price of the test and loss together, a pack", |t| {
                    t.per_pack(t.value.cost_usd + t.value.loss_usd)
                }),
                real(
                    "loss_avoided_per_usd",
                    "USD/USD",
                    "Loss avoided against no test, for each dollar of the test",
                    |t| t.avoided_per_usd(),
                ),
                real("accept_soh_min", "", "Least measured SoH of an accepted module", |t| {
                    Some(t.sums.thresholds.accept_soh_min)
                }),
                real("accept_resistance_max", "", "Highest measured resistance over new of an accepted module", |t| {
                    Some(t.sums.thresholds.accept_resistance_max)
                }),
                real("grade_a_soh_min", "", "Least measured SoH of grade A", |t| {
                    Some(t.sums.thresholds.grade_a_soh_min)
                }),
                real("grade_b_soh_min", "", "Least measured SoH of grade B", |t| {
                    Some(t.sums.thresholds.grade_b_soh_min)
                }),
            ]
        }
    }
}

mod modules {
    use super::{ModuleView, Modules};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(Modules);

    impl Table for Modules {
        type Row<'a> = ModuleView<'a>;
        const NAME: &'static str = "modules";
        const DOC: &'static str = "One row a module tested (a cell where cells are graded), in pack order; at most 200,000 \
                                   rows, of the first packs";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                whole("pack_id", "", "Number of the pack in the study", |m| i64::try_from(m.pack_id).ok()),
                text("law", "", "Aging law the pack was lived under", |m| Some(m.law.to_owned().into())),
                whole("module", "", "Place of the module in the pack, from 0", |m| Some(m.reading.module.into())),
                whole("cell", "", "Place of the cell in the module, from 0, where cells are graded", |m| {
                    m.reading.cell.map(i64::from)
                }),
                real("soh", "", "True SoH at the test", |m| Some(m.reading.soh.into())),
                real("measured_soh", "", "Measured SoH", |m| Some(m.reading.measured_soh.into())),
                real("resistance", "", "True resistance over new at the test", |m| Some(m.reading.resistance.into())),
                real("measured_resistance", "", "Measured resistance over new", |m| {
                    Some(m.reading.measured_resistance.into())
                }),
                whole("accepted", "", "1 when it was accepted, else 0", |m| Some(m.reading.accepted.into())),
                text("grade", "", "Grade of its measured SoH: A, B, C, or rejected", |m| {
                    Some(m.reading.grade.name().into())
                }),
                text("mistake", "", "false_accept or false_reject; missing where the tests were right", |m| {
                    Some(m.reading.mistake?.name().into())
                }),
                whole("system", "", "Number of the pack's system it went into, from 1; missing for none", |m| {
                    (m.reading.system > 0).then(|| m.reading.system.into())
                }),
            ]
        }
    }
}

mod matched {
    use super::{LotView, Matched};
    use crate::output::columns::{ColumnDef, Table, constructors};

    constructors!(Matched);

    impl Table for Matched {
        type Row<'a> = LotView<'a>;
        const NAME: &'static str = "matching";
        const DOC: &'static str = "One row a size of lot and a way of matching: what strings of the accepted modules of several \
                                   packs, matched by what was measured, would leave out of reach";

        fn columns() -> Vec<ColumnDef<Self>> {
            vec![
                text("law", "", "Aging law the packs were lived under", |l| Some(l.law.to_owned().into())),
                whole("lot_packs", "", "Packs in a lot", |l| i64::try_from(l.row.packs).ok()),
                text("matching", "", "How modules come together: sorted, k_means or as_they_come", |l| {
                    Some(l.row.matching.into())
                }),
                whole("lots", "", "Full lots of consecutive packs with accepted modules", |l| {
                    i64::try_from(l.row.lots).ok()
                }),
                whole("modules", "", "Accepted modules in them", |l| i64::try_from(l.row.modules).ok()),
                real("unmatched_share", "", "Share of them that filled no string", |l| Some(l.row.unmatched_share)),
                real(
                    "mismatch_measured",
                    "",
                    "Share of the strings' capacity out of reach, as expected from what was measured",
                    |l| Some(l.row.mismatch_measured),
                ),
                real("mismatch", "", "The same in truth, when the systems are built", |l| Some(l.row.mismatch)),
            ]
        }
    }
}
