//! The pool of used modules: accepted modules of many packs by what was measured of them, with their whole state.

use super::result::Grade;
use crate::life::repurposing::order;
use crate::life::{Accepted, Journey};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::ModuleString;
use rand::RngExt;
use rayon::prelude::*;

/// A module of the pool: number of its pack, and its place among that pack's accepted ones.
type Place = (usize, usize);

/// Accepted modules of a study's packs, by class.
#[derive(Debug)]
pub struct Pool {
    packs: Vec<Accepted>,
    classes: Vec<Vec<Place>>,
    offered: usize,
    accepted: usize,
    /// Packs whose first life failed, and why the first of them did.
    failed: (usize, String),
}

impl Pool {
    /// Lives the first lives of some packs, under the journey's first law, and sorts what was accepted into classes.
    pub fn fill(journey: &Journey, packs: u64, grades: &[Grade]) -> Pool {
        let lived: Vec<_> = (0..packs).into_par_iter().map(|id| journey.accepted(id, 0)).collect();
        let mut failed = (0, String::new());
        let mut packs = Vec::new();
        for life in lived {
            match life {
                Ok(accepted) => packs.push(accepted),
                Err(failure) => {
                    if failed.0 == 0 {
                        failed.1 = failure.reason;
                    }
                    failed.0 += 1;
                }
            }
        }
        let mut classes = vec![Vec::new(); grades.len()];
        for (pack, accepted) in packs.iter().enumerate() {
            for (module, [soh, _]) in accepted.measured.iter().enumerate() {
                if let Some(class) = grades.iter().position(|g| (g.soh_min..g.soh_max).contains(soh)) {
                    classes[class].push((pack, module));
                }
            }
        }
        let offered = packs.iter().map(|p| p.offered).sum();
        let accepted = packs.iter().map(|p| p.measured.len()).sum();
        Pool { packs, classes, offered, accepted, failed }
    }

    /// Modules of a class.
    pub fn available(&self, grade: usize) -> usize {
        self.classes.get(grade).map_or(0, Vec::len)
    }

    /// Share of the offered modules that were accepted.
    pub fn accepted_share(&self) -> f64 {
        if self.offered > 0 { self.accepted as f64 / self.offered as f64 } else { 1.0 }
    }

    /// What a reader must know of it.
    pub fn notes(&self) -> Vec<String> {
        let (count, reason) = &self.failed;
        match count {
            0 => Vec::new(),
            _ => vec![format!("{count} packs of the pool failed in their first life and gave no module: {reason}.")],
        }
    }

    /// The modules that a path gets of a class, in an order that is the same for all designs: a larger design gets those of a
    /// smaller one, and more. Fewer than asked for where the class has no more.
    fn draw(&self, grade: usize, streams: &Streams, count: usize) -> Vec<Place> {
        let Some(class) = self.classes.get(grade) else { return Vec::new() };
        let mut places = class.clone();
        let rng = &mut streams.indexed(Purpose::SizingModules, grade as u16);
        let count = count.min(places.len());
        for k in 0..count {
            let other = rng.random_range(k..places.len());
            places.swap(k, other);
        }
        places.truncate(count);
        places
    }

    /// Strings of a path: modules number `from` to `from + count` of its order, matched and cut. Empty where the class has
    /// fewer.
    pub fn strings(
        &self,
        journey: &Journey,
        grade: usize,
        streams: &Streams,
        from: usize,
        count: usize,
    ) -> Vec<ModuleString> {
        let places = self.draw(grade, streams, from + count);
        if places.len() < from + count {
            return Vec::new();
        }
        let places = &places[from..];
        let measured: Vec<[f64; 2]> = places.iter().map(|(pack, m)| self.packs[*pack].measured[*m]).collect();
        let series = journey.plan.second_life.series_modules.max(1) as usize;
        let order = order(&measured, series, journey.plan.repurposing.matching);
        order.chunks_exact(series).filter_map(|chunk| self.put_together(chunk.iter().map(|&k| places[k]))).collect()
    }

    /// One string of modules of many packs. Those of other packs go on by the numbers of the law that the first one's pack drew.
    fn put_together(&self, places: impl ExactSizeIterator<Item = Place> + Clone) -> Option<ModuleString> {
        let count = places.len();
        let (first_pack, first) = places.clone().next()?;
        let mut string = self.packs[first_pack].modules.as_ref()?.select(&vec![first; count]);
        for (k, (pack, module)) in places.enumerate().skip(1) {
            string.replace(k, self.packs[pack].modules.as_ref()?, module);
        }
        // Books afresh.
        Some(string.select(&(0..count).collect::<Vec<_>>()))
    }
}
