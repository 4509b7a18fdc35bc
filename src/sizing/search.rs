//! The search: the fast balance rates all designs, the full simulation decides among those that it cannot rule out.

use super::fade::Fade;
use super::lives::{Lives, Simulated};
use super::money::Terms;
use super::plan::SizingPlan;
use super::result::{Design, PathLife, Rated, Renewal, ScreenError};
use super::screen::{Hours, Plant};
use super::screening::Screened;
use super::simulator::Simulator;
use crate::monte::Observer;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A study that did not come to an end.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SizingError {
    /// The observer asked to stop.
    #[error("stopped")]
    Stopped,
    /// There is no design: empty lists, or a pool too poor for all of them.
    #[error("no design can be built: {0}")]
    NoDesign(String),
    /// The site cannot be simulated.
    #[error("the site cannot be simulated: {0}")]
    Site(String),
    /// All paths of a design failed.
    #[error("no path of a design could be lived: {0}")]
    Failed(String),
}

/// Paths of a design from which the fast balance learns.
const PILOT_PATHS: u32 = 4;
/// Share of the target, beside what was measured, by which the fast balance may be wrong.
const LEAST_MARGIN: f64 = 0.5;
/// Factor on the measured error of the balance.
const MARGIN: f64 = 1.5;

/// All designs of a study and what is known of them.
pub(super) struct Search<'a, S, O> {
    pub plan: &'a SizingPlan,
    pub simulator: &'a S,
    pub designs: Vec<Design>,
    /// Designs of which every path was simulated.
    pub full: BTreeMap<usize, Simulated>,
    /// Designs that miss the target by the paths that were simulated, whatever the others do.
    pub(super) refuted: BTreeMap<usize, Rated>,
    pub(super) observer: &'a O,
    pub(super) screened: BTreeMap<usize, Screened>,
    pub(super) fades: Vec<(usize, Renewal, Fade)>,
    /// Largest error of the balance on a path of the designs that it learned from.
    pilot_error: f64,
    /// First and last year of each path.
    pub(super) hours: Vec<[Hours; 2]>,
    pub(super) plant: Plant,
    pub(super) lives: Lives,
}

impl<'a, S: Simulator, O: Observer> Search<'a, S, O> {
    /// A search over some designs.
    pub fn new(
        plan: &'a SizingPlan,
        simulator: &'a S,
        observer: &'a O,
        designs: Vec<Design>,
    ) -> Result<Self, SizingError> {
        let last = plan.target.service_years.max(1) - 1;
        let hours: Vec<[Hours; 2]> = (0..plan.paths)
            .into_par_iter()
            .map(|path| Ok([simulator.hours(path, 0)?, simulator.hours(path, last)?]))
            .collect::<Result<_, String>>()
            .map_err(SizingError::Site)?;
        let plant = simulator.plant();
        Ok(Search {
            plan,
            simulator,
            designs,
            full: BTreeMap::new(),
            refuted: BTreeMap::new(),
            lives: Lives::default(),
            observer,
            screened: BTreeMap::new(),
            fades: Vec::new(),
            pilot_error: 0.0,
            hours,
            plant,
        })
    }

    /// What the money of a class depends on.
    pub fn terms(&self, grade: usize) -> Terms {
        let accepted_share = self.simulator.accepted_share(grade).clamp(1e-3, 1.0);
        Terms { module_kwh: self.simulator.module_kwh(), accepted_share }
    }

    /// The cheapest design of some that keeps the target, by full simulation; `Err` holds the nearest where none does.
    pub fn cheapest(&mut self, among: &[usize]) -> Result<Result<usize, usize>, SizingError> {
        self.learn(among)?;
        self.screen(among)?;
        let mut probed_below = None;
        loop {
            let best = self.best(among);
            if let Some(next) = self.next(among, best) {
                self.decide(next)?;
            } else if let Some(best) = best {
                // The balance is put to the test once more where it matters: just below the best.
                match self.likeliest_below(among, best).filter(|_| probed_below != Some(best)) {
                    Some(probe) => self.decide(probe)?,
                    None => return Ok(Ok(best)),
                }
                probed_below = Some(best);
            } else {
                let nearest = self.nearest(among)?;
                if self.full.contains_key(&nearest) {
                    return Ok(Err(nearest));
                }
                self.simulate(nearest)?;
            }
        }
    }

    /// Whether the simulation has told if a design keeps the target.
    fn is_decided(&self, design: usize) -> bool {
        self.full.contains_key(&design) || self.refuted.contains_key(&design)
    }

    /// Cheapest of those simulated in full that meet the target.
    fn best(&self, among: &[usize]) -> Option<usize> {
        let npc = |k: &usize| self.full.get(k).map_or(f64::INFINITY, |s| s.rated.money.npc_usd.mean);
        let meets = among.iter().copied().filter(|k| self.full.get(k).is_some_and(|s| s.rated.meets));
        meets.min_by(|a, b| npc(a).total_cmp(&npc(b)).then(a.cmp(b)))
    }

    /// The cheapest design that could still be better than the best one and that nothing rules out.
    fn next(&self, among: &[usize], best: Option<usize>) -> Option<usize> {
        let (lpsp_margin, npc_share) = self.margins();
        let most = best.and_then(|k| self.full.get(&k)).map_or(f64::INFINITY, |s| s.rated.money.npc_usd.mean);
        let open = |k: &usize| {
            let Some(s) = self.screened.get(k) else { return false };
            let npc = s.rated.money.npc_usd.mean;
            let close = s.rated.lpsp_at_confidence <= self.plan.target.lpsp_max + lpsp_margin;
            close
                && npc - npc_share * npc.abs() < most
                && s.least_npc_usd < most
                && !self.is_decided(*k)
                && !self.is_covered(*k)
        };
        let npc = |k: &usize| self.screened.get(k).map_or(f64::INFINITY, |s| s.rated.money.npc_usd.mean);
        among.iter().copied().filter(open).min_by(|a, b| npc(a).total_cmp(&npc(b)).then(a.cmp(b)))
    }

    /// Of the designs that may be cheaper than the best and were not simulated or ruled out by one that was, the one that misses
    /// the target by least.
    fn likeliest_below(&self, among: &[usize], best: usize) -> Option<usize> {
        let most = self.full.get(&best)?.rated.money.npc_usd.mean;
        let screened = |k: &usize| self.screened.get(k).map(|s| &s.rated);
        let open = |k: &usize| {
            let cheaper = |s: &Screened| s.rated.money.npc_usd.mean < most && s.least_npc_usd < most;
            self.screened.get(k).is_some_and(cheaper) && !self.is_decided(*k) && !self.is_covered(*k)
        };
        let lpsp = |k: &usize| screened(k).map_or(f64::INFINITY, |r| r.lpsp_at_confidence);
        among.iter().copied().filter(open).min_by(|a, b| lpsp(a).total_cmp(&lpsp(b)).then(a.cmp(b)))
    }

    /// Whether a design that has as much of everything was simulated and missed the target.
    fn is_covered(&self, design: usize) -> bool {
        let missed = self.full.iter().filter(|(_, s)| !s.rated.meets).map(|(k, _)| k).chain(self.refuted.keys());
        missed.into_iter().any(|k| self.designs[*k].covers(&self.designs[design]))
    }

    /// Smallest LPSP at the wanted confidence, simulated where it is known.
    fn nearest(&self, among: &[usize]) -> Result<usize, SizingError> {
        let key = |k: &usize| {
            self.rated(*k).map_or((f64::INFINITY, f64::INFINITY), |r| (r.lpsp_at_confidence, r.money.npc_usd.mean))
        };
        let smaller = |a: &usize, b: &usize| {
            let (a, b) = (key(a), key(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        };
        among.iter().copied().min_by(smaller).ok_or_else(|| SizingError::NoDesign("the lists are empty".into()))
    }

    /// By how much the balance may be wrong: LPSP, and share of the NPC.
    fn margins(&self) -> (f64, f64) {
        let target = self.plan.target.lpsp_max;
        let (mut lpsp, mut npc): (f64, f64) = ((LEAST_MARGIN * target).max(self.pilot_error), 0.02);
        for (found, screened) in self.both() {
            let (a, b) = (found.lpsp_at_confidence, screened.lpsp_at_confidence);
            // Far from the target both agree that it is missed, however far they are apart.
            if a.min(b) < 5.0 * target + 0.01 {
                lpsp = lpsp.max(MARGIN * (a - b).abs());
            }
            let money = [found, screened].map(|r| r.money.npc_usd.mean);
            npc = npc.max(MARGIN * (money[0] - money[1]).abs() / money[1].abs().max(1e-9));
        }
        (lpsp, npc)
    }

    /// Designs by the simulation and by the balance.
    fn both(&self) -> impl Iterator<Item = (&Rated, &Rated)> {
        let found = self.full.iter().map(|(k, s)| (k, &s.rated)).chain(&self.refuted);
        found.filter_map(|(k, rated)| Some((rated, &self.screened.get(k)?.rated)))
    }

    /// Distance of the two methods over the designs that went through both.
    pub fn screen_error(&self) -> ScreenError {
        let apart: Vec<f64> = self
            .both()
            .map(|(found, screened)| (found.lpsp_at_confidence - screened.lpsp_at_confidence).abs())
            .collect();
        ScreenError {
            designs: apart.len() as u32,
            lpsp_max: apart.iter().copied().fold(0.0, f64::max),
            lpsp_rms: (apart.iter().map(|x| x * x).sum::<f64>() / apart.len().max(1) as f64).sqrt(),
        }
    }

    /// What is known of a design, simulated rather than screened.
    pub fn rated(&self, design: usize) -> Option<&Rated> {
        let screened = || self.screened.get(&design).map(|s| &s.rated);
        self.full.get(&design).map(|s| &s.rated).or_else(|| self.refuted.get(&design)).or_else(screened)
    }

    /// Lives the corners of each class and renewal on a few paths, for the fast balance to learn from.
    fn learn(&mut self, among: &[usize]) -> Result<(), SizingError> {
        let mut corners: Vec<(usize, Renewal, Vec<usize>)> = Vec::new();
        for &k in among {
            let d = self.designs[k];
            if self.fades.iter().any(|(grade, renewal, _)| (*grade, *renewal) == (d.grade, d.renewal)) {
                continue;
            }
            match corners.iter_mut().find(|(grade, renewal, _)| (*grade, *renewal) == (d.grade, d.renewal)) {
                Some((_, _, all)) => all.push(k),
                None => corners.push((d.grade, d.renewal, vec![k])),
            }
        }
        let paths = self.plan.paths.min(PILOT_PATHS);
        for (grade, renewal, all) in corners {
            let pilots = self.corners(&all);
            let pairs: Vec<(usize, u32)> = pilots.iter().flat_map(|k| (0..paths).map(move |p| (*k, p))).collect();
            self.live_planned(&pairs)?;
            let lives: Vec<Result<PathLife, String>> =
                pairs.iter().filter_map(|&(k, path)| self.lives.of(k, path).cloned()).collect();
            let mut fade = Fade::default();
            for &pilot in &pilots {
                let of_it = pairs.iter().zip(&lives).filter(|((k, _), _)| *k == pilot);
                let own: Vec<PathLife> = of_it.filter_map(|(_, life)| life.as_ref().ok().cloned()).collect();
                fade.learn(&self.designs[pilot], &own);
            }
            self.pilot_error = self.pilot_error.max(self.worst(&fade, &pairs, &lives));
            self.fades.push((grade, renewal, fade));
        }
        Ok(())
    }

    /// Largest distance of balance and simulation over single paths near the target, in the last year.
    fn worst(&self, fade: &Fade, pairs: &[(usize, u32)], lives: &[Result<PathLife, String>]) -> f64 {
        let near = 5.0 * self.plan.target.lpsp_max + 0.01;
        let apart = pairs.iter().zip(lives).filter_map(|(&(k, path), life)| {
            let (design, hours) = (&self.designs[k], self.hours.get(path as usize)?);
            let truth = life.as_ref().ok()?.years.last()?.lpsp();
            let [_, old] = fade.buckets(design, self.simulator.usable_kwh_start(design, path), 1.0);
            let balance = self.plant.year(&hours[1], design, &old).lpsp();
            (truth.min(balance) < near).then(|| (truth - balance).abs())
        });
        apart.fold(0.0, f64::max)
    }

    /// Designs at the ends of array and battery, with the largest inverter and no genset where that is on the list.
    fn corners(&self, all: &[usize]) -> Vec<usize> {
        let inverter = all.iter().map(|k| self.designs[*k].inverter_kw).fold(0.0, f64::max);
        let genset = all.iter().map(|k| self.designs[*k].genset_kw).fold(f64::INFINITY, f64::min);
        let plain = |k: &&usize| self.designs[**k].inverter_kw == inverter && self.designs[**k].genset_kw == genset;
        let mut ends = Vec::new();
        for pv in [-1.0, 1.0] {
            for strings in [-1.0, 1.0] {
                let score = |k: &usize| {
                    let d = &self.designs[*k];
                    (pv * d.pv_kw, strings * f64::from(d.strings))
                };
                let order = |a: &&usize, b: &&usize| {
                    let (a, b) = (score(a), score(b));
                    a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
                };
                if let Some(&k) = all.iter().filter(plain).max_by(order)
                    && !ends.contains(&k)
                {
                    ends.push(k);
                }
            }
        }
        ends
    }
}
