//! Packs in vehicles that never wear out: what batteries come to by themselves, for those who put them together with
//! laws of vehicle life, crashes and warranties of their own.

use super::exit::ExitDraw;
use super::first_life;
use super::journey::{Journey, believe};
use super::outcome::{ExitRoute, PackFailure};
use super::plan::JourneyPlan;
use crate::aging::OutsideShares;
use crate::duty::Owner;
use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::pack::ModuleString;

/// What a pack came to.
#[derive(Clone, Debug)]
pub struct Endured {
    /// Distance that its owner may be expected to drive in a year \[km\].
    pub km_per_year: f64,
    /// Age at which the battery failed, or fell below what the owner needs; none where it did not.
    pub ended_years: Option<f64>,
    /// Mean SoH of its modules at ages 0, 1, 2, ...; where it ended inside a year, last as it ended.
    pub soh: Vec<f64>,
    /// Outside the law's box.
    pub outside: OutsideShares,
    /// Its modules as they were at the age asked for, or in the last whole year before it ended; none where it ended in
    /// its first.
    pub modules: Option<ModuleString>,
}

impl JourneyPlan {
    /// The same in a vehicle that neither wears out nor crashes, without warranty and recall: only failures and the
    /// owner's need end the battery's first life, within so many years.
    pub fn enduring(mut self, years_max: f64) -> Self {
        self.used = None;
        self.recall = None;
        self.first_life.years_max = years_max;
        self.exit.write_off_per_year = 0.0;
        self.exit.vehicle_life_scale_years = f64::INFINITY;
        self.exit.warranty_years = 0.0;
        self
    }
}

impl Journey {
    /// Lives the first life of a pack and keeps its modules as they were after so many years. Made for the journey of
    /// an [enduring](JourneyPlan::enduring) plan.
    ///
    /// # Errors
    /// A life that cannot be believed.
    pub fn endure(&self, pack_id: u64, law: usize, keep_after_years: usize) -> Result<Endured, PackFailure> {
        let streams = self.streams(pack_id);
        let mut pack = self.build(law, &streams);
        let draw = ExitDraw::of(&self.plan, &streams);
        let (mut soh, mut kept) = (vec![pack.soh_mean()], None);
        let mut watch = |days: usize, string: &ModuleString| {
            if days.is_multiple_of(DAYS_PER_YEAR) {
                soh.push(string.soh_mean());
                if days <= keep_after_years * DAYS_PER_YEAR {
                    kept = Some(string.clone());
                }
            }
        };
        let (first, exit, error) = first_life::live_watched(self, &mut pack, &streams, &draw, &mut watch);
        let fail = |reason| PackFailure { pack_id, law: self.law_name(law), stage: "first_life", reason };
        believe(error, &pack).map_err(fail)?;
        let ended = matches!(exit.route, ExitRoute::Failure | ExitRoute::OwnerNeed | ExitRoute::Warranty);
        if soh.len() <= first.years.ceil() as usize {
            soh.push(exit.soh_mean);
        }
        let modules = kept.map(|mut string: ModuleString| {
            string.close_duty();
            self.take_apart(&mut string);
            string
        });
        Ok(Endured {
            km_per_year: Owner::of(self.plan.first_life.usage.clone(), &streams).km_per_year(),
            ended_years: ended.then_some(first.years),
            soh,
            outside: first.outside,
            modules,
        })
    }
}
