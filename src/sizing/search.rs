//! The search: the fast balance rates all designs, the full simulation decides among those that it cannot rule out.

use super::fade::Fade;
use super::money::{Books, Terms, at_share, books, money_of, rate};
use super::plan::SizingPlan;
use super::result::{Design, Method, PathLife, Quantiles, Rated, Renewal, ScreenError};
use super::screen::{Balance, Bucket, Hours, Plant};
use super::simulator::{Ask, Change, Simulator};
use crate::life::BALANCE_TOLERANCE;
use crate::monte::Observer;
use crate::site::SiteYear;
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

/// A design by the fast balance.
#[derive(Clone, Debug)]
struct Screened {
    rated: Rated,
}

/// A design by the full simulation.
#[derive(Clone, Debug)]
pub(super) struct Simulated {
    pub lives: Vec<PathLife>,
    pub books: Vec<Books>,
    pub rated: Rated,
    /// Paths that failed, and why.
    pub failed: Vec<(u32, String)>,
}

/// All designs of a study and what is known of them.
pub(super) struct Search<'a, S, O> {
    pub plan: &'a SizingPlan,
    pub simulator: &'a S,
    pub designs: Vec<Design>,
    pub full: BTreeMap<usize, Simulated>,
    observer: &'a O,
    screened: BTreeMap<usize, Screened>,
    fades: Vec<(usize, Renewal, Fade)>,
    /// Largest error of the balance on a path of the designs that it learned from.
    pilot_error: f64,
    /// First and last year of each path.
    hours: Vec<[Hours; 2]>,
    plant: Plant,
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
                self.simulate(next)?;
            } else if let Some(best) = best {
                // The balance is put to the test once more where it matters: just below the best.
                match self.likeliest_below(among, best).filter(|_| probed_below != Some(best)) {
                    Some(probe) => self.simulate(probe)?,
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
            close && npc - npc_share * npc.abs() < most && !self.full.contains_key(k) && !self.is_covered(*k)
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
            screened(k).is_some_and(|r| r.money.npc_usd.mean < most)
                && !self.full.contains_key(k)
                && !self.is_covered(*k)
        };
        let lpsp = |k: &usize| screened(k).map_or(f64::INFINITY, |r| r.lpsp_at_confidence);
        among.iter().copied().filter(open).min_by(|a, b| lpsp(a).total_cmp(&lpsp(b)).then(a.cmp(b)))
    }

    /// Whether a design that has as much of everything was simulated and missed the target.
    fn is_covered(&self, design: usize) -> bool {
        self.full.iter().any(|(k, s)| !s.rated.meets && self.designs[*k].covers(&self.designs[design]))
    }

    /// Smallest LPSP at the wanted confidence, simulated where it is known.
    fn nearest(&self, among: &[usize]) -> Result<usize, SizingError> {
        let rated = |k: &usize| self.full.get(k).map(|s| &s.rated).or_else(|| self.screened.get(k).map(|s| &s.rated));
        let key = |k: &usize| {
            rated(k).map_or((f64::INFINITY, f64::INFINITY), |r| (r.lpsp_at_confidence, r.money.npc_usd.mean))
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
        for (k, s) in &self.full {
            let Some(screened) = self.screened.get(k) else { continue };
            let (a, b) = (s.rated.lpsp_at_confidence, screened.rated.lpsp_at_confidence);
            // Far from the target both agree that it is missed, however far they are apart.
            if a.min(b) < 5.0 * target + 0.01 {
                lpsp = lpsp.max(MARGIN * (a - b).abs());
            }
            let money = [&s.rated, &screened.rated].map(|r| r.money.npc_usd.mean);
            npc = npc.max(MARGIN * (money[0] - money[1]).abs() / money[1].abs().max(1e-9));
        }
        (lpsp, npc)
    }

    /// Distance of the two methods over the designs that went through both.
    pub fn screen_error(&self) -> ScreenError {
        let apart: Vec<f64> = (self.full.iter())
            .filter_map(|(k, s)| {
                Some((s.rated.lpsp_at_confidence - self.screened.get(k)?.rated.lpsp_at_confidence).abs())
            })
            .collect();
        ScreenError {
            designs: apart.len() as u32,
            lpsp_max: apart.iter().copied().fold(0.0, f64::max),
            lpsp_rms: (apart.iter().map(|x| x * x).sum::<f64>() / apart.len().max(1) as f64).sqrt(),
        }
    }

    /// What is known of a design, simulated rather than screened.
    pub fn rated(&self, design: usize) -> Option<&Rated> {
        self.full.get(&design).map(|s| &s.rated).or_else(|| self.screened.get(&design).map(|s| &s.rated))
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
            let lives = self.live(&pairs, Change::NONE)?;
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

    /// Lives pairs of design and path on all cores.
    fn live(&self, pairs: &[(usize, u32)], change: Change) -> Result<Vec<Result<PathLife, String>>, SizingError> {
        let years = self.plan.target.service_years;
        let lives: Vec<Option<Result<PathLife, String>>> = pairs
            .par_iter()
            .with_max_len(1)
            .map(|&(k, path)| {
                if self.observer.stop() {
                    return None;
                }
                let ask = Ask { design: &self.designs[k], path, years, change, trace: false };
                let life = self.simulator.live(&ask).and_then(|lived| believe(lived.life));
                self.observer.pack_done();
                Some(life)
            })
            .collect();
        lives.into_iter().collect::<Option<Vec<_>>>().ok_or(SizingError::Stopped)
    }

    /// Simulates a design in full, once.
    pub fn simulate(&mut self, design: usize) -> Result<(), SizingError> {
        if !self.full.contains_key(&design) {
            let simulated = self.simulate_changed(design, Change::NONE, self.plan)?;
            self.full.insert(design, simulated);
        }
        Ok(())
    }

    /// Simulates a design under other conditions, its money by another plan.
    pub fn simulate_changed(&self, k: usize, change: Change, plan: &SizingPlan) -> Result<Simulated, SizingError> {
        let design = self.designs[k];
        let pairs: Vec<(usize, u32)> = (0..self.plan.paths).map(|path| (k, path)).collect();
        let (mut lives, mut failed) = (Vec::new(), Vec::new());
        for ((_, path), life) in pairs.iter().zip(self.live(&pairs, change)?) {
            match life {
                Ok(life) => lives.push(life),
                Err(reason) => failed.push((*path, reason)),
            }
        }
        if lives.is_empty() {
            return Err(SizingError::Failed(failed.pop().map_or_else(String::new, |(_, reason)| reason)));
        }
        Ok(account(plan, &design, lives, failed, &self.terms(design.grade)))
    }

    /// Rates designs by the fast balance.
    fn screen(&mut self, among: &[usize]) -> Result<(), SizingError> {
        let open: Vec<usize> = among.iter().copied().filter(|k| !self.screened.contains_key(k)).collect();
        let rated: Vec<Rated> = open.par_iter().map(|&k| self.screen_one(&self.designs[k], 1.0)).collect();
        if self.observer.stop() {
            return Err(SizingError::Stopped);
        }
        self.screened.extend(open.into_iter().zip(rated.into_iter().map(|rated| Screened { rated })));
        Ok(())
    }

    /// A design by the fast balance, with a factor on the fade of its battery.
    pub fn screen_one(&self, design: &Design, fade_factor: f64) -> Rated {
        let known = self.fades.iter().find(|(grade, renewal, _)| (*grade, *renewal) == (design.grade, design.renewal));
        let nothing = Fade::default();
        let fade = known.map_or(&nothing, |(_, _, fade)| fade);
        let terms = self.terms(design.grade);
        let (mut lpsp, mut all) = ([Vec::new(), Vec::new()], Vec::new());
        for (path, [first, last]) in (0u32..).zip(&self.hours) {
            let start = self.simulator.usable_kwh_start(design, path);
            let [young, old] = fade.buckets(design, start, fade_factor);
            // The array's own fade is in the hours.
            let balances = [self.plant.year(first, design, &young), self.plant.year(last, design, &old)];
            balances.iter().zip(&mut lpsp).for_each(|(balance, lpsp)| lpsp.push(balance.lpsp()));
            let life = self.between(design, path, &balances, fade);
            all.push(books(self.plan, design, &life, &terms));
        }
        let lpsp_at_confidence = at_share(&lpsp[1], self.plan.target.confidence);
        Rated {
            design: *design,
            method: Method::Screened,
            lpsp_first: Quantiles::of(&lpsp[0]),
            lpsp_last: Quantiles::of(&lpsp[1]),
            lpsp_at_confidence,
            meets: lpsp_at_confidence <= self.plan.target.lpsp_max,
            money: money_of(&all),
        }
    }

    /// A design by the fast balance with its battery or its array as large as one likes: LPSP of the last year at the wanted
    /// confidence.
    pub fn lifted(&self, design: &Design, battery: f64, array: f64) -> f64 {
        let known = self.fades.iter().find(|(grade, renewal, _)| (*grade, *renewal) == (design.grade, design.renewal));
        let nothing = Fade::default();
        let fade = known.map_or(&nothing, |(_, _, fade)| fade);
        let larger = Design { pv_kw: array * design.pv_kw, ..*design };
        let lpsp: Vec<f64> = (0u32..)
            .zip(&self.hours)
            .map(|(path, [_, last])| {
                let [_, own] = fade.buckets(design, self.simulator.usable_kwh_start(design, path), 1.0);
                // What is there on the first day stays: a large battery is no gift of energy.
                let bucket = Bucket { usable_kwh: battery * own.usable_kwh, power_kw: battery * own.power_kw, ..own };
                self.plant.year(last, &larger, &bucket).lpsp()
            })
            .collect();
        at_share(&lpsp, self.plan.target.confidence)
    }

    /// LPSP of the first year at the capacity of the start, with no fade and a customary efficiency: what a plain energy balance
    /// says, mean over paths.
    pub fn plain(&self, design: &Design) -> f64 {
        let lpsp = (0u32..).zip(&self.hours).map(|(path, [first, _])| {
            let start = self.simulator.usable_kwh_start(design, path);
            self.plant.year(first, design, &Fade::default().buckets(design, start, 1.0)[0]).lpsp()
        });
        lpsp.sum::<f64>() / self.hours.len().max(1) as f64
    }

    /// Share of the demand above the inverter's rating, mean over paths.
    pub fn above_rating(&self, design: &Design) -> f64 {
        let (mut above, mut all) = (0.0, 0.0);
        for kw in self.hours.iter().flat_map(|[_, last]| &last.load_kw).map(|kw| f64::from(*kw)) {
            above += (kw - design.inverter_kw.max(design.genset_kw)).max(0.0);
            all += kw;
        }
        if all > 0.0 && !self.plant.dc_load { above / all } else { 0.0 }
    }

    /// A life whose years lie between the first and the last.
    fn between(&self, design: &Design, path: u32, [first, last]: &[Balance; 2], fade: &Fade) -> PathLife {
        let n = self.plan.target.service_years;
        let (soh, replaced) = fade.wear(design);
        let years = (0..n).map(|y| {
            let at = f64::from(y) / f64::from(n.saturating_sub(1).max(1));
            let mix = |of: fn(&Balance) -> f64| (1.0 - at) * of(first) + at * of(last);
            let (demand_kwh, unmet_kwh) = (mix(|b| b.demand), mix(|b| b.unmet));
            SiteYear {
                demand_kwh,
                unmet_kwh,
                served_kwh: demand_kwh - unmet_kwh,
                discharge_kwh: mix(|b| b.discharge),
                grid_kwh: mix(|b| b.grid),
                fuel_l: mix(|b| b.fuel_l),
                genset_hours: mix(|b| b.genset_hours),
                soh_end: soh[1],
                ..SiteYear::default()
            }
        });
        PathLife {
            years: years.collect(),
            soh_start: soh[0],
            replaced: replaced.into_iter().map(|t| (t, "estimate")).collect(),
            ..PathLife::empty(path)
        }
    }
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
fn believe(life: PathLife) -> Result<PathLife, String> {
    if life.balance_error.is_nan() || life.balance_error > BALANCE_TOLERANCE {
        return Err(format!("energy balance open by {:e} relative", life.balance_error));
    }
    let finite =
        life.years.iter().all(|y| y.demand_kwh.is_finite() && y.unmet_kwh.is_finite() && y.soh_end.is_finite());
    if finite && !life.years.is_empty() { Ok(life) } else { Err("a year is missing or not finite".into()) }
}
