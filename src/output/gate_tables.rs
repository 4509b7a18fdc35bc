//! The tables `tests`, `modules` and `matching`: what was measured, what other tests would have been worth, and what larger
//! lots would.

use super::columns::Builder;
use super::columns_gate::{LotView, Matched, ModuleView, Modules, TestView, TestsTable};
use super::frame::Frame;
use crate::life::outcome::{LotModule, PackOutcome, TestValue, Thresholds};
use crate::life::repurposing::lots;
use crate::monte::PackRow;
use std::sync::Arc;

/// Most rows of the table `modules`: those of the first packs, which are a fair sample of all.
const MODULES_MAX: usize = 200_000;

/// Sums over the packs that were tested, under one law.
pub(crate) struct TestSums {
    /// Aging law.
    pub law: Arc<str>,
    /// Packs tested.
    pub packs: u64,
    /// What the tests decided by.
    pub thresholds: Thresholds,
    /// One a test, the row without a test first.
    pub values: Vec<TestValue>,
}

/// Accepted modules under one law, pack by pack.
struct Lot {
    law: Arc<str>,
    series: usize,
    packs: Vec<Vec<LotModule>>,
}

/// Builder of the three tables. Packs must come in pack order: sums are floating point, and lots are of neighbours.
pub struct GateTables {
    modules: Builder<Modules>,
    rows: usize,
    sums: Vec<TestSums>,
    lots: Vec<Lot>,
}

impl GateTables {
    /// Empty tables.
    pub fn new() -> Self {
        GateTables { modules: Builder::new(), rows: 0, sums: Vec::new(), lots: Vec::new() }
    }

    /// Adds a block of packs, in pack order.
    pub fn push(&mut self, rows: &[PackRow]) {
        for row in rows {
            if let PackRow::Done(pack) = row {
                self.add(pack);
            }
        }
    }

    fn add(&mut self, pack: &PackOutcome) {
        let graded = &pack.grading;
        if self.rows + graded.readings.len() <= MODULES_MAX {
            self.rows += graded.readings.len();
            for reading in &graded.readings {
                self.modules.push(&ModuleView { pack_id: pack.pack_id, law: &pack.law, reading });
            }
        } else {
            // No later pack either, however few its modules.
            self.rows = MODULES_MAX + 1;
        }
        if !graded.values.is_empty() {
            match self.sums.iter_mut().find(|s| s.law == pack.law) {
                None => self.sums.push(TestSums {
                    law: pack.law.clone(),
                    packs: 1,
                    thresholds: graded.thresholds,
                    values: graded.values.clone(),
                }),
                Some(sums) => {
                    sums.packs += 1;
                    sums.values.iter_mut().zip(&graded.values).for_each(|(sum, value)| add(sum, value));
                }
            }
        }
        if !graded.lot.is_empty() {
            let series = graded.series_modules as usize;
            match self.lots.iter_mut().find(|l| l.law == pack.law) {
                None => self.lots.push(Lot { law: pack.law.clone(), series, packs: vec![graded.lot.clone()] }),
                Some(lot) => lot.packs.push(graded.lot.clone()),
            }
        }
    }

    /// The finished tables `tests`, `modules` and `matching`.
    pub fn finish(self) -> [Frame; 3] {
        let (mut tests, mut matching) = (Builder::<TestsTable>::new(), Builder::<Matched>::new());
        for sums in &self.sums {
            for value in &sums.values {
                tests.push(&TestView { sums, value });
            }
        }
        for lot in &self.lots {
            let packs: Vec<&[LotModule]> = lot.packs.iter().map(Vec::as_slice).collect();
            for row in lots(&packs, lot.series) {
                matching.push(&LotView { law: &lot.law, row });
            }
        }
        [tests.finish(), self.modules.finish(), matching.finish()]
    }
}

impl Default for GateTables {
    fn default() -> Self {
        GateTables::new()
    }
}

fn add(sum: &mut TestValue, value: &TestValue) {
    sum.units += value.units;
    sum.hours += value.hours;
    sum.cost_usd += value.cost_usd;
    sum.accepts += value.accepts;
    sum.false_accepts += value.false_accepts;
    sum.false_rejects += value.false_rejects;
    sum.loss_usd += value.loss_usd;
}
