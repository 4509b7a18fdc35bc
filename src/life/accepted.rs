//! The accepted modules of a pack, for those who build with modules of many.

use super::grading;
use super::journey::{Begun, Journey, believe};
use super::outcome::PackFailure;
use super::plan::Level;
use crate::pack::ModuleString;

/// Modules of one pack that passed gate and tests, as they come off the shelf with their whole state.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The modules; none where none was accepted.
    pub modules: Option<ModuleString>,
    /// What was measured of each: SoH and resistance over new.
    pub measured: Vec<[f64; 2]>,
    /// Modules that the pack had.
    pub offered: usize,
}

impl Journey {
    /// Lives the first life of a pack under one of the laws, tests it and shelves it, and hands out what was accepted.
    ///
    /// # Errors
    /// A life that cannot be believed.
    pub fn accepted(&self, pack_id: u64, law: usize) -> Result<Accepted, PackFailure> {
        let Begun { streams, mut pack, exit, .. } = self.begin(pack_id, law)?;
        let gate_fail = self.plan.exit.gate_fail(&exit, &self.plan.failures, self.plan.recall.as_ref());
        let grading::Graded { mut outcome, mut tested, .. } =
            grading::grade(&self.plan, &exit, gate_fail, &pack, &streams);
        let offered = pack.len();
        let error = self.store(&mut pack);
        let fail = |reason| PackFailure { pack_id, law: self.law_name(law), stage: "storage", reason };
        believe(error, &pack).map_err(fail)?;
        if self.plan.repurposing.level == Level::Cell {
            self.regroup(&mut pack, &mut tested, &mut outcome);
        }
        let accepted: Vec<_> = tested.iter().filter(|t| t.accepted).collect();
        let places: Vec<usize> = accepted.iter().map(|t| t.place).collect();
        Ok(Accepted {
            modules: (!places.is_empty()).then(|| pack.select(&places)),
            measured: accepted.iter().map(|t| [t.soh, t.resistance]).collect(),
            offered,
        })
    }
}
