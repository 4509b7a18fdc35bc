//! Competing causes where batteries are packs of a population.

use super::super::plan::Entry;
use super::super::retirement::{CAUSES, Cause, Fleet, NODES, Path, Retirement, States};
use super::super::survival::Life;
use super::closed::Causes;
use super::renewal::{Battery, renew};
use super::unit::{ENDED, Hazards, Unit, at_once, cumulated, next_edge};

/// Fewest moments of entry over all paths: with few packs each enters at several.
const MOMENTS: usize = 64;
/// Fractional part of the golden ratio: its multiples lie evenly in a year, whatever their number.
const GOLDEN: f64 = 0.618033988749895;

/// Packs in the order of their SoH, year by year.
#[derive(Clone, Debug)]
pub struct Ranks {
    /// How much faster than simulated the packs age.
    pub aging_factor: f64,
    /// By years since entry: packs and their SoH, lowest first.
    by_age: Vec<Vec<(usize, f64)>>,
}

impl Ranks {
    /// Sorts the packs of a population, as they were simulated.
    pub fn of(fleet: &Fleet, entry: Entry, years: usize) -> Self {
        let as_built = (0..fleet.paths.len()).map(|pack| (pack, 1.0)).collect();
        Ranks { aging_factor: 1.0, by_age: vec![as_built; years] }.aged(fleet, entry, 1.0)
    }

    /// The same where the packs age so much faster. Their order hardly changes, so that to sort them again is quick.
    pub fn aged(&self, fleet: &Fleet, entry: Entry, aging_factor: f64) -> Self {
        let by_age = self.by_age.iter().enumerate().map(|(k, ranked)| {
            let age = entry.mean_age(k) * aging_factor;
            let mut packs: Vec<_> = ranked.iter().map(|(pack, _)| (*pack, fleet.paths[*pack].soh_at(age))).collect();
            packs.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            packs
        });
        Ranks { aging_factor, by_age: by_age.collect() }
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
/// age `a` is that of the law at `a use^gamma`. Its battery ends at the age that its path says, over the factor on its
/// aging; the factor of the calendar year is the vehicle's alone.
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
        let vehicle = Vehicle { causes, wear: &wear, pace: path.use_factor.max(0.0).powf(use_exponent) };
        let end = path.end_years / ranks.aging_factor;
        for m in 0..moments {
            let moment = if single { low } else { ((i * moments + m) as f64 * GOLDEN + 0.5).fract() };
            let mut unit = Unit::new(1.0 / (packs * moments) as f64, [0.0; 2]);
            let mut from = 0.0;
            for (k, exit) in by_pack[i * years..(i + 1) * years].iter_mut().enumerate() {
                let to = k as f64 + 1.0 - moment;
                // The battery ends within the year: all else has the time until then.
                let ends = end <= to;
                unit.live(if ends { end.max(from) } else { to }, &vehicle, [causes.period[k], 1.0], exit);
                if ends {
                    exit[Cause::Failed as usize] += unit.left;
                    break;
                }
                from = to;
            }
        }
    }
    let exits: Vec<[f64; CAUSES]> =
        (0..years).map(|k| std::array::from_fn(|j| (0..packs).map(|i| by_pack[i * years + k][j]).sum())).collect();
    let states =
        (0..years).map(|k| std::array::from_fn(|j| nodes(&ranks.by_age[k], |i| by_pack[i * years + k][j]))).collect();
    let mut ends: Vec<f64> = fleet.paths.iter().map(|p| p.end_years / ranks.aging_factor).collect();
    ends.sort_by(f64::total_cmp);
    let ended = |age: f64| ends.partition_point(|end| *end <= age) as f64 / packs as f64;
    let battery = Battery { wear: |age| at_once(ended(age)), edges: &[], by_period: false };
    let renewed = renew(causes, entry, &exits, battery);
    (Retirement { exits, renewed }, States::ByCause(states))
}

/// A vehicle with its use; its battery ends by itself.
struct Vehicle<'a> {
    causes: &'a Causes<'a>,
    wear: &'a Wear<'a>,
    /// Age of the law by that of the vehicle.
    pace: f64,
}

impl Hazards for Vehicle<'_> {
    fn edge(&self, time: f64) -> f64 {
        let wear = next_edge(&self.causes.vehicle.edges, time, |edge| edge / self.pace);
        wear.min(self.causes.recall_after(time))
    }

    fn wear(&self, time: f64) -> [f64; 2] {
        [self.wear.at(time * self.pace), 0.0]
    }

    fn sudden(&self, from: f64, to: f64) -> [f64; CAUSES] {
        self.causes.sudden(from, to)
    }
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

/// Summed hazard of the vehicle's wear by scaled age.
enum Wear<'a> {
    /// Of a law that leaps or bends.
    Sharp(&'a Life),
    /// Of a smooth one, as a table with lines between.
    Smooth { step: f64, table: Vec<f64> },
}

impl<'a> Wear<'a> {
    fn of(causes: &'a Causes, fleet: &Fleet, use_exponent: f64, years: usize) -> Self {
        if !causes.vehicle.steps.is_empty() {
            return Wear::Sharp(&causes.vehicle.life);
        }
        let fastest = fleet.paths.iter().map(|p| p.use_factor.max(0.0).powf(use_exponent)).fold(1.0, f64::max);
        let step = (causes.scale / 40.0).clamp(1.0 / 64.0, 1.0 / 16.0);
        // Past an age at which all are gone the hazard stands.
        let count = ((years as f64 * fastest.min(8.0)) / step).ceil() as usize + 2;
        let mut table = Vec::with_capacity(count);
        for i in 0..count {
            let hazard = if i == 0 { 0.0 } else { cumulated(&causes.vehicle.life, i as f64 * step) };
            table.push(hazard);
            if hazard > ENDED {
                break;
            }
        }
        Wear::Smooth { step, table }
    }

    fn at(&self, age: f64) -> f64 {
        match self {
            Wear::Sharp(life) => cumulated(life, age),
            Wear::Smooth { step, table } => {
                let x = age / step;
                let k = (x as usize).min(table.len() - 1);
                let next = (k + 1).min(table.len() - 1);
                table[k] + (table[next] - table[k]) * (x - k as f64).clamp(0.0, 1.0)
            }
        }
    }
}
