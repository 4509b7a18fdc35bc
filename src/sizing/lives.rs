//! Lives that were simulated, each once, and what they prove: a design that misses the target on more paths than may miss
//! it is refuted, and its other paths need not be simulated.

use super::money::{Books, Terms, books, rate};
use super::plan::SizingPlan;
use super::result::{Design, Method, PathLife, Rated, Renewal};
use super::search::{Search, SizingError};
use super::simulator::{Ask, Change, Lived, Simulator};
use crate::life::BALANCE_TOLERANCE;
use crate::monte::Observer;
use crate::site::SiteYear;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A design by the full simulation.
#[derive(Clone, Debug)]
pub(super) struct Simulated {
    pub lives: Vec<PathLife>,
    pub books: Vec<Books>,
    pub rated: Rated,
    /// Paths that failed, and why.
    pub failed: Vec<(u32, String)>,
}

/// Lives as planned, by design and path, or why they failed.
#[derive(Clone, Debug, Default)]
pub(super) struct Lives(BTreeMap<(usize, u32), Result<PathLife, String>>);

impl Lives {
    /// What is known of a path of a design.
    pub fn of(&self, design: usize, path: u32) -> Option<&Result<PathLife, String>> {
        self.0.get(&(design, path))
    }
}

/// Paths of `n` that may miss the target at a confidence. Fewer paths, where some fail, may never miss it on more.
pub(super) fn may_miss(n: u32, confidence: f64) -> usize {
    let n = n as usize;
    n - ((confidence * n as f64 - 1e-9).ceil().max(1.0) as usize).min(n)
}

impl<S: Simulator, O: Observer> Search<'_, S, O> {
    /// Lives pairs of design and path on all cores.
    fn live(&self, pairs: &[(usize, u32)], change: Change) -> Result<Vec<Result<Lived, String>>, SizingError> {
        let years = self.plan.target.service_years;
        let lives: Vec<Option<Result<Lived, String>>> = pairs
            .par_iter()
            .with_max_len(1)
            .map(|&(k, path)| {
                if self.observer.stop() {
                    return None;
                }
                let ask = Ask { design: &self.designs[k], path, years, change, trace: false };
                let lived = self.simulator.live(&ask).and_then(believe);
                self.observer.pack_done();
                Some(lived)
            })
            .collect();
        lives.into_iter().collect::<Option<Vec<_>>>().ok_or(SizingError::Stopped)
    }

    /// Sees to it that pairs are among the lives as planned. A battery that never met its end lives the same whether it would
    /// have been replaced or not.
    pub(super) fn live_planned(&mut self, pairs: &[(usize, u32)]) -> Result<(), SizingError> {
        let open: Vec<(usize, u32)> = pairs.iter().copied().filter(|pair| !self.lives.0.contains_key(pair)).collect();
        for ((k, path), lived) in open.iter().zip(self.live(&open, Change::NONE)?) {
            if let Ok(lived) = &lived
                && lived.steady
                && let Some(twin) = self.twin(*k)
            {
                self.lives.0.insert((twin, *path), Ok(lived.life.clone()));
            }
            self.lives.0.insert((*k, *path), lived.map(|lived| lived.life));
        }
        Ok(())
    }

    /// The design that differs only in whether its battery is replaced at its end.
    fn twin(&self, design: usize) -> Option<usize> {
        let own = self.designs[design];
        let renewal = match own.renewal {
            Renewal::None => Renewal::ReplaceAtEnd,
            Renewal::ReplaceAtEnd => Renewal::None,
            Renewal::Augment { .. } => return None,
        };
        let twin = Design { renewal, ..own };
        self.designs.iter().position(|d| *d == twin)
    }

    /// Simulates a design until it is told whether it keeps the target: on the paths that the balance finds worst first, and
    /// on all of them where it does. Which paths go together follows from the plan and from what was found.
    pub(super) fn decide(&mut self, k: usize) -> Result<(), SizingError> {
        let (target, paths) = (self.plan.target, self.plan.paths);
        let Some(screened) = self.screened.get(&k) else { return self.simulate(k) };
        let order = screened.worst_first();
        let may_miss = may_miss(paths, target.confidence);
        // As many as can settle it, an even number so that no core waits.
        let (batch, mut done) = ((may_miss + 1).next_multiple_of(2), 0);
        while done < order.len() {
            let more = &order[done..order.len().min(done + batch)];
            self.live_planned(&more.iter().map(|path| (k, *path)).collect::<Vec<_>>())?;
            done += more.len();
            let known = order[..done].iter().filter_map(|path| self.lives.of(k, *path)?.as_ref().ok());
            let missed = known.filter(|life| deciding_lpsp(&self.designs[k], life) > target.lpsp_max).count();
            if missed > may_miss {
                let rated = self.partly(k);
                self.refuted.insert(k, rated);
                return Ok(());
            }
            if missed == 0 {
                break;
            }
        }
        self.simulate(k)
    }

    /// A refuted design: the paths that were simulated as they were found, the others by the balance.
    fn partly(&self, k: usize) -> Rated {
        let design = self.designs[k];
        let mut lives = Vec::new();
        for path in 0..self.plan.paths {
            match self.lives.of(k, path) {
                Some(life) => lives.extend(life.as_ref().ok().cloned()),
                None => lives.extend(self.screened_life(k, path)),
            }
        }
        let found = account(self.plan, &design, lives, Vec::new(), &self.terms(design.grade));
        Rated { method: Method::Refuted, ..found.rated }
    }

    /// Simulates a design in full, once.
    pub fn simulate(&mut self, design: usize) -> Result<(), SizingError> {
        if !self.full.contains_key(&design) {
            let pairs: Vec<(usize, u32)> = (0..self.plan.paths).map(|path| (design, path)).collect();
            self.live_planned(&pairs)?;
            let lives = pairs.iter().filter_map(|&(k, path)| Some((path, self.lives.of(k, path)?.clone())));
            let simulated = self.gathered(design, lives.collect(), self.plan)?;
            self.full.insert(design, simulated);
            self.refuted.remove(&design);
        }
        Ok(())
    }

    /// Simulates a design under other conditions.
    pub fn simulate_changed(&self, k: usize, change: Change) -> Result<Simulated, SizingError> {
        let pairs: Vec<(usize, u32)> = (0..self.plan.paths).map(|path| (k, path)).collect();
        let lives = self.live(&pairs, change)?.into_iter().map(|lived| lived.map(|lived| lived.life));
        self.gathered(k, (0..self.plan.paths).zip(lives).collect(), self.plan)
    }

    fn gathered(
        &self,
        k: usize,
        all: Vec<(u32, Result<PathLife, String>)>,
        plan: &SizingPlan,
    ) -> Result<Simulated, SizingError> {
        let design = self.designs[k];
        let (mut lives, mut failed) = (Vec::new(), Vec::new());
        for (path, life) in all {
            match life {
                Ok(life) => lives.push(life),
                Err(reason) => failed.push((path, reason)),
            }
        }
        if lives.is_empty() {
            return Err(SizingError::Failed(failed.pop().map_or_else(String::new, |(_, reason)| reason)));
        }
        Ok(account(plan, &design, lives, failed, &self.terms(design.grade)))
    }
}

/// LPSP by which a life is judged: that of the last year of service and of the last one before each renewal, whichever is
/// worse. What comes later does not help a load that went without before.
pub(super) fn deciding_lpsp(design: &Design, life: &PathLife) -> f64 {
    let last = life.years.len().saturating_sub(1);
    let added = match design.renewal {
        Renewal::Augment { after_years, .. } => (after_years as usize).checked_sub(1),
        Renewal::None | Renewal::ReplaceAtEnd => None,
    };
    let replaced = life.replaced.iter().map(|(years, _)| (*years as usize).min(last));
    let years = replaced.chain(added).chain([last]);
    years.filter_map(|year| life.years.get(year)).map(SiteYear::lpsp).fold(0.0, f64::max)
}

/// Rates lives by their books, and writes the money into them.
pub(super) fn account(
    plan: &SizingPlan,
    design: &Design,
    mut lives: Vec<PathLife>,
    failed: Vec<(u32, String)>,
    terms: &Terms,
) -> Simulated {
    let books: Vec<Books> = lives.iter().map(|life| books(plan, design, life, terms)).collect();
    for (life, b) in lives.iter_mut().zip(&books) {
        (life.npc_usd, life.lcoe_usd_per_kwh, life.lcos_usd_per_kwh) =
            (b.npc_usd, b.lcoe_usd_per_kwh, b.lcos_usd_per_kwh);
    }
    let rated = rate(plan, design, &lives, &books);
    Simulated { lives, books, rated, failed }
}

/// A life is believed when its balances close and it is finite.
fn believe(lived: Lived) -> Result<Lived, String> {
    let life = &lived.life;
    if life.balance_error.is_nan() || life.balance_error > BALANCE_TOLERANCE {
        return Err(format!("energy balance open by {:e} relative", life.balance_error));
    }
    let finite =
        life.years.iter().all(|y| y.demand_kwh.is_finite() && y.unmet_kwh.is_finite() && y.soh_end.is_finite());
    if finite && !life.years.is_empty() { Ok(lived) } else { Err("a year is missing or not finite".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizing::at_share;
    use proptest::prelude::*;

    proptest! {
        /// More misses than may be: the value at the confidence is a miss, whatever the other paths do and however many fail.
        #[test]
        fn one_miss_too_many_settles_it(
            n in 1u32..60, confidence in 0.0..=1.0f64, failed in 0u32..20, others in proptest::collection::vec(0.0..1.0f64, 60),
        ) {
            let may = may_miss(n, confidence);
            let alive = n.saturating_sub(failed) as usize;
            prop_assume!(alive > may);
            let mut lpsp = others[..alive].to_vec();
            lpsp[..=may].fill(0.5);
            prop_assert!(at_share(&lpsp, confidence) >= 0.5);
            // And as many as may miss do not.
            if failed == 0 {
                let mut kept = vec![0.0; n as usize];
                kept[..may].fill(1.0);
                prop_assert_eq!(at_share(&kept, confidence), 0.0);
            }
        }
    }
}
