//! The tables of a study, built block by block.

use super::columns::Builder;
use super::columns_packs::{PackView, Packs};
use super::columns_recycling::{RecyclingTable, decision};
use super::columns_study::{Trajectories, Years};
use super::columns_systems::{SystemView, Systems};
use super::flows::flows;
use super::frame::Frame;
use super::gate_tables::GateTables;
use crate::monte::{PackRow, StudySummary};

/// Builder of the table `packs`.
pub struct PacksTable {
    seed: u64,
    table: Builder<Packs>,
}

impl PacksTable {
    /// An empty table of a study with this seed.
    pub fn new(seed: u64) -> Self {
        PacksTable { seed, table: Builder::new() }
    }

    /// Adds a block of packs, in pack order.
    pub fn push(&mut self, rows: &[PackRow]) {
        for row in rows {
            self.table.push(&PackView { row, seed: self.seed });
        }
    }

    /// The finished table.
    pub fn finish(self) -> Frame {
        self.table.finish()
    }
}

/// Builder of the table `systems`.
pub struct SystemsTable {
    table: Builder<Systems>,
}

impl SystemsTable {
    /// An empty table.
    pub fn new() -> Self {
        SystemsTable { table: Builder::new() }
    }

    /// Adds the systems of a block of packs, in pack order.
    pub fn push(&mut self, rows: &[PackRow]) {
        for row in rows {
            if let PackRow::Done(pack) = row {
                for (k, system) in pack.systems.iter().enumerate() {
                    self.table.push(&SystemView { pack_id: pack.pack_id, law: &pack.law, number: k + 1, system });
                }
            }
        }
    }

    /// The finished table.
    pub fn finish(self) -> Frame {
        self.table.finish()
    }
}

impl Default for SystemsTable {
    fn default() -> Self {
        SystemsTable::new()
    }
}

/// Table of the monthly quantiles.
pub fn trajectories(study: &StudySummary) -> Frame {
    let mut table = Builder::<Trajectories>::new();
    for point in &study.trajectories {
        table.push(&point);
    }
    table.finish()
}

/// Table of the yearly reliability.
pub fn years(study: &StudySummary) -> Frame {
    let mut table = Builder::<Years>::new();
    for point in &study.years {
        table.push(&point);
    }
    table.finish()
}

/// All tables of a study.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// One row a pack.
    pub packs: Frame,
    /// One row a system.
    pub systems: Frame,
    /// One row a month of a life.
    pub trajectories: Frame,
    /// One row a year of second life.
    pub years: Frame,
    /// One row a flow of energy or mass.
    pub flows: Frame,
    /// One row a test of the library.
    pub tests: Frame,
    /// One row a module tested.
    pub modules: Frame,
    /// One row a size of lot and a way of matching.
    pub matching: Frame,
    /// One row a calendar year of recycling and item.
    pub recycling: Frame,
    /// One row a composition, price set and SoH of the decision.
    pub decision: Frame,
}

impl Tables {
    /// Builds the tables over all packs from the finished rows.
    pub fn new(packs: PacksTable, systems: SystemsTable, gate: GateTables, study: &StudySummary) -> Self {
        let packs = packs.finish();
        let [tests, modules, matching] = gate.finish();
        let flows = flows(&packs);
        Tables {
            systems: systems.finish(),
            trajectories: trajectories(study),
            years: years(study),
            flows,
            packs,
            tests,
            modules,
            matching,
            recycling: RecyclingTable::new(None).finish(),
            decision: decision(&[]),
        }
    }

    /// The same with the tables of recycling by year and of the decision.
    pub fn with(self, recycling: RecyclingTable, decision: Frame) -> Self {
        Tables { recycling: recycling.finish(), decision, ..self }
    }

    /// Builds all tables from rows held in memory.
    pub fn of(rows: &[PackRow], study: &StudySummary, seed: u64) -> Self {
        let (mut packs, mut systems, mut gate) = (PacksTable::new(seed), SystemsTable::new(), GateTables::new());
        let mut recycling = RecyclingTable::new(None);
        packs.push(rows);
        systems.push(rows);
        gate.push(rows);
        recycling.push(rows);
        Tables::new(packs, systems, gate, study).with(recycling, decision(&[]))
    }

    /// The tables in file order.
    pub fn frames(&self) -> [&Frame; 10] {
        let Tables { packs, systems, trajectories, years, flows, tests, modules, matching, recycling, decision } = self;
        [packs, systems, trajectories, years, flows, tests, modules, matching, recycling, decision]
    }
}
