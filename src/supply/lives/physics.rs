//! Competing causes where batteries are packs of a population.

use super::super::plan::Entry;
use super::super::retirement::{CAUSES, Cause, Fleet, NODES, Path, Retirement, States};
use super::closed::{Causes, cumulated, share_out};
use super::renewal::renew;

/// Fewest moments of entry over all paths: with few packs each enters at several.
const MOMENTS: usize = 64;
/// Fractional part of the golden ratio: its multiples lie evenly in a year, whatever their number.
const GOLDEN: f64 = 0.618033988749895;

/// Packs in the order of their SoH, year by year, the same for all draws.
#[derive(Clone, Debug)]
pub struct Ranks {
    /// By years since entry: packs and their SoH, lowest first.
    by_age: Vec<Vec<(usize, f64)>>,
}

impl Ranks {
    /// Sorts the packs of a population.
    pub fn of(fleet: &Fleet, entry: Entry, years: usize) -> Self {
        let by_age = (0..years).map(|k| {
            let age = entry.mean_age(k);
            let mut packs: Vec<(usize, f64)> = fleet.paths.iter().map(|p| p.soh_at(age)).enumerate().collect();
            packs.sort_by(|a, b| a.1.total_cmp(&b.1));
            packs
        });
        Ranks { by_age: by_age.collect() }
    }
}

impl Path {
    /// SoH at an age \[years\], between the ages by a line.
    pub fn soh_at(&self, age: f64) -> f64 {
        let last = self.soh.len().saturating_sub(1);
        let below = (age.max(0.0).floor() as usize).min(last);
        let above = (below + 1).min(last);
        let at = |k: usize| self.soh.get(k).copied().unwrap_or(1.0);
        at(below) + (at(above) - at(below)) * (age.max(0.0) - below as f64).clamp(0.0, 1.0)
    }
}

/// What becomes of a unit that enters, and in what state it leaves.
///
/// A pack that is used more wears out its vehicle earlier: `T_v = T_0 use^-gamma`, so that the vehicle's summed hazard at
/// age `a` is that of the law at `a use^gamma`. Its battery ends at the age that its path says.
pub fn retire(
    fleet: &Fleet,
    ranks: &Ranks,
    causes: &Causes,
    use_exponent: f64,
    entry: Entry,
    years: usize,
) -> (Retirement, States) {
    let packs = fleet.paths.len();
    let wear = Wear::of(causes, fleet, use_exponent, years);
    let mut by_pack = vec![[0.0; CAUSES]; packs * years];
    let moments = MOMENTS.div_ceil(packs.max(1));
    let [low, high] = entry.window();
    let single = low == high;
    let moments = if single { 1 } else { moments };
    for (i, path) in fleet.paths.iter().enumerate() {
        let pace = path.use_factor.max(0.0).powf(use_exponent);
        for m in 0..moments {
            let moment = if single { low } else { ((i * moments + m) as f64 * GOLDEN + 0.5).fract() };
            let mut left = 1.0 / (packs * moments) as f64;
            let (mut from, mut before) = (0.0, 0.0);
            for (k, exit) in by_pack[i * years..(i + 1) * years].iter_mut().enumerate() {
                let to = k as f64 + 1.0 - moment;
                // The battery ends within the year: all else has the time until then.
                let ends = path.end_years <= to;
                let until = if ends { path.end_years.max(from) } else { to };
                let now = wear.at(until * pace);
                let mut hazard = causes.sudden(from, until);
                hazard[Cause::WearOut as usize] = (now - before).max(0.0) * causes.period[k];
                left -= share_out(left, &hazard, exit);
                if ends {
                    exit[Cause::Failed as usize] += left;
                    break;
                }
                (from, before) = (to, now);
            }
        }
    }
    let exits: Vec<[f64; CAUSES]> =
        (0..years).map(|k| std::array::from_fn(|j| (0..packs).map(|i| by_pack[i * years + k][j]).sum())).collect();
    let states =
        (0..years).map(|k| std::array::from_fn(|j| nodes(&ranks.by_age[k], |i| by_pack[i * years + k][j]))).collect();
    let ended = |age: f64| fleet.paths.iter().filter(|p| p.end_years <= age).count() as f64 / packs as f64;
    let battery = |age: f64| -(1.0 - ended(age)).max(1e-300).ln();
    let renewed = renew(causes, entry, &exits, |age| cumulated(&causes.vehicle, age), battery);
    (Retirement { exits, renewed }, States::ByCause(states))
}

/// Quantiles of what has weights, in rising order; those of all packs alike where nothing leaves.
fn nodes(ranked: &[(usize, f64)], weight: impl Fn(usize) -> f64) -> [f64; NODES] {
    let total: f64 = ranked.iter().map(|(i, _)| weight(*i)).sum();
    let alike = total <= 0.0;
    let whole = if alike { ranked.len() as f64 } else { total };
    let mut nodes = [ranked.last().map_or(1.0, |r| r.1); NODES];
    let (mut next, mut sum) = (0, 0.0);
    for (i, soh) in ranked {
        sum += if alike { 1.0 } else { weight(*i) };
        while next < NODES && sum >= whole * (next as f64 + 0.5) / NODES as f64 {
            nodes[next] = *soh;
            next += 1;
        }
    }
    nodes
}

/// Summed hazard of the vehicle's wear by scaled age, as a table with lines between.
struct Wear {
    step: f64,
    table: Vec<f64>,
}

impl Wear {
    fn of(causes: &Causes, fleet: &Fleet, use_exponent: f64, years: usize) -> Self {
        let fastest = fleet.paths.iter().map(|p| p.use_factor.max(0.0).powf(use_exponent)).fold(1.0, f64::max);
        let step = (causes.scale / 40.0).clamp(1.0 / 64.0, 1.0 / 16.0);
        // Past an age at which all are gone the hazard stands.
        let count = ((years as f64 * fastest.min(8.0)) / step).ceil() as usize + 2;
        let mut table = Vec::with_capacity(count);
        for i in 0..count {
            let hazard = if i == 0 { 0.0 } else { cumulated(&causes.vehicle, i as f64 * step) };
            table.push(hazard);
            if hazard > 600.0 {
                break;
            }
        }
        Wear { step, table }
    }

    fn at(&self, age: f64) -> f64 {
        let x = age / self.step;
        let k = (x as usize).min(self.table.len() - 1);
        let next = (k + 1).min(self.table.len() - 1);
        self.table[k] + (self.table[next] - self.table[k]) * (x - k as f64).clamp(0.0, 1.0)
    }
}
