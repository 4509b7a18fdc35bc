//! Designs by the fast balance: first and last year on every path, and the money that follows from them.

use super::fade::Fade;
use super::lanes::LANES;
use super::money::{Books, at_share, books, least_npc_usd, money_of};
use super::result::{Design, Method, PathLife, Quantiles, Rated, Renewal};
use super::screen::{Balance, Bucket};
use super::search::{Search, SizingError};
use super::simulator::Simulator;
use crate::monte::Observer;
use crate::site::SiteYear;
use rayon::prelude::*;

/// A design by the fast balance, with the first and the last year of each path.
#[derive(Clone, Debug)]
pub(super) struct Screened {
    pub rated: Rated,
    pub balances: Vec<[Balance; 2]>,
    /// NPC below which it cannot be on any path \[USD\].
    pub least_npc_usd: f64,
}

impl Screened {
    /// Paths by the LPSP that decides, highest first.
    pub fn worst_first(&self) -> Vec<u32> {
        let lpsp = |path: &u32| deciding_lpsp(&self.rated.design, &self.balances[*path as usize]);
        let mut paths: Vec<u32> = (0..self.balances.len() as u32).collect();
        paths.sort_by(|a, b| lpsp(b).total_cmp(&lpsp(a)).then(a.cmp(b)));
        paths
    }
}

/// LPSP by which a design is judged on a path; the first year stands for those before a renewal.
fn deciding_lpsp(design: &Design, [first, last]: &[Balance; 2]) -> f64 {
    match design.renewal {
        Renewal::None => last.lpsp(),
        Renewal::ReplaceAtEnd | Renewal::Augment { .. } => last.lpsp().max(first.lpsp()),
    }
}

impl<S: Simulator, O: Observer> Search<'_, S, O> {
    /// Rates designs by the fast balance, path by path.
    pub(super) fn screen(&mut self, among: &[usize]) -> Result<(), SizingError> {
        let open: Vec<usize> = among.iter().copied().filter(|k| !self.screened.contains_key(k)).collect();
        let by_path: Vec<Vec<[Balance; 2]>> =
            (0..self.plan.paths).into_par_iter().map(|path| self.balances(&open, path)).collect();
        if self.observer.stop() {
            return Err(SizingError::Stopped);
        }
        let screened: Vec<Screened> = (open.par_iter().enumerate())
            .map(|(n, &k)| {
                let balances: Vec<[Balance; 2]> = by_path.iter().map(|all| all[n]).collect();
                let design = &self.designs[k];
                let least = least_npc_usd(self.plan, design, &self.terms(design.grade));
                let rated = self.rate_balances(design, &balances);
                Screened { rated, balances, least_npc_usd: least.unwrap_or(f64::NEG_INFINITY) }
            })
            .collect();
        self.screened.extend(open.into_iter().zip(screened));
        Ok(())
    }

    /// First and last year of designs on a path; those of one inverter are struck side by side.
    fn balances(&self, open: &[usize], path: u32) -> Vec<[Balance; 2]> {
        let mut all = vec![[Balance::default(); 2]; open.len()];
        let Some(hours) = self.hours.get(path as usize) else { return all };
        let rating = |n: usize| self.designs[open[n]].inverter_kw;
        let mut order: Vec<usize> = (0..open.len()).collect();
        order.sort_by(|a, b| rating(*a).total_cmp(&rating(*b)).then(a.cmp(b)));
        for alike in order.chunk_by(|a, b| rating(*a) == rating(*b)) {
            let drawn = [0, 1].map(|year| self.plant.drawn(&hours[year], rating(alike[0])));
            for row in alike.chunks(LANES) {
                let designs: Vec<&Design> = row.iter().map(|n| &self.designs[open[*n]]).collect();
                let buckets: Vec<[Bucket; 2]> = designs.iter().map(|d| self.buckets(d, path, 1.0)).collect();
                for year in 0..2 {
                    let sized: Vec<(&Design, Bucket)> =
                        designs.iter().zip(&buckets).map(|(d, bucket)| (*d, bucket[year])).collect();
                    let struck = self.plant.years(drawn[year].as_ref(), &hours[year], &sized);
                    row.iter().zip(struck).for_each(|(n, balance)| all[*n][year] = balance);
                }
            }
        }
        all
    }

    /// The bucket of a design in the first and the last year of a path.
    fn buckets(&self, design: &Design, path: u32, fade_factor: f64) -> [Bucket; 2] {
        let start = self.simulator.usable_kwh_start(design, path);
        let nothing = Fade::default();
        self.fade(design).unwrap_or(&nothing).buckets(design, start, fade_factor)
    }

    fn fade(&self, design: &Design) -> Option<&Fade> {
        let known = self.fades.iter().find(|(grade, renewal, _)| (*grade, *renewal) == (design.grade, design.renewal));
        known.map(|(_, _, fade)| fade)
    }

    /// A design by the fast balance, with a factor on the fade of its battery.
    pub fn screen_one(&self, design: &Design, fade_factor: f64) -> Rated {
        let balances: Vec<[Balance; 2]> = (0u32..)
            .zip(&self.hours)
            .map(|(path, hours)| {
                // The array's own fade is in the hours.
                let buckets = self.buckets(design, path, fade_factor);
                [0, 1].map(|year| self.plant.year(&hours[year], design, &buckets[year]))
            })
            .collect();
        self.rate_balances(design, &balances)
    }

    fn rate_balances(&self, design: &Design, balances: &[[Balance; 2]]) -> Rated {
        let terms = self.terms(design.grade);
        let lives = (0u32..).zip(balances).map(|(path, own)| self.between(design, path, own));
        let all: Vec<Books> = lives.map(|life| books(self.plan, design, &life, &terms)).collect();
        let lpsp = [0, 1].map(|year| balances.iter().map(|b| b[year].lpsp()).collect::<Vec<f64>>());
        let deciding: Vec<f64> = balances.iter().map(|both| deciding_lpsp(design, both)).collect();
        let lpsp_at_confidence = at_share(&deciding, self.plan.target.confidence);
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

    /// A path of a screened design as a life.
    pub(super) fn screened_life(&self, k: usize, path: u32) -> Option<PathLife> {
        let balances = self.screened.get(&k)?.balances.get(path as usize)?;
        Some(self.between(&self.designs[k], path, balances))
    }

    /// A design by the fast balance with its battery or its array as large as one likes: LPSP of the last year at the wanted
    /// confidence.
    pub fn lifted(&self, design: &Design, battery: f64, array: f64) -> f64 {
        let larger = Design { pv_kw: array * design.pv_kw, ..*design };
        let lpsp: Vec<f64> = (0u32..)
            .zip(&self.hours)
            .map(|(path, [_, last])| {
                let [_, own] = self.buckets(design, path, 1.0);
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
    fn between(&self, design: &Design, path: u32, [first, last]: &[Balance; 2]) -> PathLife {
        let n = self.plan.target.service_years;
        let (soh, replaced) = self.fade(design).map_or_else(|| Fade::default().wear(design), |fade| fade.wear(design));
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
