//! The current of a step and what it does: all loops of a step in one function for each target.
//!
//! A string of up to four units fills one block. For it the loops over blocks fall away when the function is compiled, and
//! what the passes hand to each other stays in registers.

use super::block::{Block, Common, LANES, Lanes, least, most, sum};
use super::passes::{commit_lanes, prepare_lanes, respond_lanes};
use super::split::Split;
use crate::cell::{Cell, ZERO_CELSIUS_K};
use crate::pack::limits::{Bounds, Limit, Limits};
use multiversion::multiversion;

/// Iterations allowed to meet the power asked for.
const SOLVER_STEPS: usize = 16;
/// Relative error of power at which the solve ends; energies are those that flowed, so every balance closes all the same.
const SOLVER_TOLERANCE: f64 = 1e-4;
/// Overshoot that counts as none: of SoC, and of voltage \[V\].
const SOC_TOLERANCE: f64 = 1e-12;
const VOLTAGE_TOLERANCE: f64 = 1e-4;
/// Margin to a voltage limit at which a current that is held by it is strong enough \[V\].
const VOLTAGE_CLOSE: f64 = 2e-3;

/// What a string is asked in a step.
pub(super) struct Question<'a> {
    pub cell: &'a Cell,
    pub common: Common,
    pub limits: Limits,
    /// Mean power of a chain of one cell for each group \[W\]; nothing is asked at zero.
    pub wish: f64,
    pub units: usize,
    /// Units in parallel in a group.
    pub parallel: usize,
}

/// What came of it: the mean current of the units, the mean voltage of the chain, what held it back, and the energies of one
/// cell of each unit, in all.
pub(super) struct Answer {
    pub current_a: f64,
    pub volts: f64,
    pub limit: Limit,
    /// Whether the units were moved to the end of the step: not where a power was asked for and no current was allowed.
    pub moved: bool,
    /// Energy of the RC pairs before and after \[J\].
    pub rc_before: f64,
    pub rc_after: f64,
    /// Heat \[W\].
    pub heat: f64,
}

/// Answers a question from the blocks' states at the start, and moves the blocks to the end of the step.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
pub(super) fn ask(question: &Question<'_>, blocks: &mut [Block], split: &mut Split) -> Answer {
    match blocks {
        [one] if question.parallel == 1 => ask_lanes(question, std::array::from_mut(one), split, 1),
        _ => ask_lanes(question, blocks, split, question.parallel),
    }
}

/// The same without a choice of target.
#[inline(always)]
pub(super) fn ask_lanes(q: &Question<'_>, blocks: &mut [Block], split: &mut Split, parallel: usize) -> Answer {
    prepare_lanes(&q.common, blocks);
    let used = used_lanes(q.units);
    let rc_before = sum(blocks, &used, |b| b.rc_energy);
    if parallel > 1 {
        split.solve(&q.common, blocks, q.units, parallel);
    }
    let mut chain = Chain { q, blocks, split, used, parallel };
    let (current_a, volts, limit) = match q.wish {
        0.0 => (0.0, chain.answer(0.0), Limit::None),
        wish => chain.solve(wish),
    };
    let moved = q.wish == 0.0 || current_a != 0.0;
    let (mut heat, mut rc_after) = (0.0, rc_before);
    if moved {
        let blocks = chain.blocks;
        commit_lanes(&q.cell.tables.knots, &q.common, blocks);
        heat = sum(blocks, &used, |b| b.heat);
        if parallel > 1 {
            // Means of the cells of a group differ where their voltages meet at the end; the difference stays inside.
            let inside = sum(blocks, &used, |b| std::array::from_fn(|k| b.volts[k] * b.current[k]));
            heat += inside - volts * current_a * parallel as f64;
        }
        rc_after = sum(blocks, &used, |b| b.rc_energy);
    }
    Answer { current_a, volts, limit, moved, rc_before, rc_after, heat }
}

/// One for each lane of the last block that is a unit of its own, zero for those that repeat it.
#[inline(always)]
fn used_lanes(units: usize) -> Lanes {
    let last = (units + LANES - 1) % LANES;
    std::array::from_fn(|lane| if lane <= last { 1.0 } else { 0.0 })
}

/// Units in series, ready to be asked.
struct Chain<'a> {
    q: &'a Question<'a>,
    blocks: &'a mut [Block],
    split: &'a Split,
    used: Lanes,
    parallel: usize,
}

/// A current between one that keeps a limit and one that passes it, by their margins; well inside both, so that either
/// end moves.
fn between(kept: (f64, f64), passed: (f64, f64)) -> f64 {
    let share = if kept.1.is_finite() { kept.1 / (kept.1 - passed.1) } else { 0.5 };
    kept.0 + (passed.0 - kept.0) * share.clamp(0.1, 0.9)
}

impl Chain<'_> {
    /// Runs the chain at a mean current of its units; returns the mean over the step of the chain's voltage.
    #[inline(always)]
    fn answer(&mut self, current_a: f64) -> f64 {
        if self.parallel == 1 {
            self.blocks.iter_mut().for_each(|block| block.current.fill(current_a));
        } else {
            let last = self.q.units - 1;
            for (b, block) in self.blocks.iter_mut().enumerate() {
                for lane in 0..LANES {
                    block.current[lane] = self.split.current((b * LANES + lane).min(last), current_a);
                }
            }
        }
        respond_lanes(&self.q.cell.tables.knots, &self.q.common, self.blocks);
        sum(self.blocks, &self.used, |b| b.volts) / self.parallel as f64
    }

    /// EMF and resistance of the chain: `V = E - R I`, mean over the step.
    #[inline(always)]
    fn source(&self) -> (f64, f64) {
        if self.parallel == 1 {
            return (sum(self.blocks, &self.used, |b| b.emf), sum(self.blocks, &self.used, |b| b.resistance));
        }
        let (mut emf, mut resistance) = (0.0, 0.0);
        for unit in 0..self.q.units {
            let (b, k) = (&self.blocks[unit / LANES], unit % LANES);
            emf += b.emf[k] - b.resistance[k] * self.split.own_a[unit];
            resistance += b.resistance[k] * self.split.share[unit];
        }
        (emf / self.parallel as f64, resistance / self.parallel as f64)
    }

    /// Current at which the mean power over the step is `wish` \[W per cell chain\], inside the limits, with the voltage and
    /// what held it back. Leaves the blocks answered for that current, unless it is zero.
    #[inline(always)]
    fn solve(&mut self, wish: f64) -> (f64, f64, Limit) {
        let (e, r) = self.source();
        let disc = e * e - 4.0 * r * wish;
        // The current of greatest power where there is none for the wish; what is missing is told below.
        let root = if disc > 0.0 { 2.0 * wish / (e + disc.sqrt()) } else { 0.5 * e / r };
        let mut bounds = self.rate_bounds();
        let (mut i, mut limit) = bounds.clamp(root);
        // SoC is a matter of charge alone: where the first current would leave the window, it need not be tried.
        if i != 0.0 && self.leaves_window(i) && self.tighten_to_window(i, &mut bounds) {
            (i, limit) = bounds.clamp(i);
        }
        let (mut volts, mut tries) = (0.0, 0);
        // The strongest current known to keep the voltage limit, the weakest known to pass it, with their margins \[V\].
        let (mut kept, mut passed) = ((0.0, f64::INFINITY), None::<(f64, f64)>);
        while i != 0.0 {
            volts = self.answer(i);
            tries += 1;
            if self.tighten(i, &mut bounds) {
                (i, limit) = bounds.clamp(i);
                continue;
            }
            let margin = self.voltage_margin(i);
            if margin < -VOLTAGE_TOLERANCE {
                passed = Some((i, margin));
                limit = Limit::Voltage;
                if tries >= SOLVER_STEPS {
                    // Back to what is known to be sound.
                    i = kept.0;
                    volts = if i == 0.0 { 0.0 } else { self.answer(i) };
                    break;
                }
                i = between(kept, (i, margin));
                continue;
            }
            kept = (i, margin);
            let miss = wish - volts * i;
            if miss.abs() <= SOLVER_TOLERANCE * wish.abs() {
                limit = Limit::None;
                break;
            }
            if tries >= SOLVER_STEPS {
                break;
            }
            let beyond = miss * wish > 0.0;
            let next = match passed {
                Some(_) if beyond && margin <= VOLTAGE_CLOSE => break,
                Some(passed) if beyond => (between(kept, passed), Limit::Voltage),
                // Held at a bound with the wish still beyond it.
                None if beyond && limit != Limit::None => break,
                _ => {
                    let slope = volts - r * i;
                    if slope <= 0.1 * volts {
                        break;
                    }
                    bounds.clamp(i + miss / slope)
                }
            };
            if next.0 == i {
                break;
            }
            (i, limit) = next;
        }
        if i != 0.0 && limit == Limit::None && (wish - volts * i).abs() > 1e-3 * wish.abs() {
            limit = Limit::Voltage;
        }
        (i, volts, limit)
    }

    /// Rates at the present temperatures \[A, mean of the units\].
    #[inline(always)]
    fn rate_bounds(&self) -> Bounds {
        let (cell, spec) = (self.q.cell, &self.q.cell.spec);
        let (cold, hot) = (least(self.blocks, |b| b.temperature_k), most(self.blocks, |b| b.temperature_k));
        let (charge, discharge) = cell.derating.least(cold, hot);
        let mut bounds = Bounds::rates(
            charge * spec.charge_c_max * spec.capacity_ah,
            discharge * spec.discharge_c_max * spec.capacity_ah,
        );
        if cold < spec.charge_temperature_min_c + ZERO_CELSIUS_K {
            bounds.cap_charge(0.0, Limit::Cold);
        }
        bounds
    }

    /// Tightens the bounds where the answer to a current leaves the SoC window, exactly; whether it did.
    #[inline(always)]
    fn tighten(&self, i: f64, bounds: &mut Bounds) -> bool {
        let limits = &self.q.limits;
        let inside = match i > 0.0 {
            true => least(self.blocks, |b| b.soc_end) >= limits.soc_low - SOC_TOLERANCE,
            false => most(self.blocks, |b| b.soc_end) <= limits.soc_high + SOC_TOLERANCE,
        };
        !inside && self.tighten_to_window(i, bounds)
    }

    /// Whether a current would take a unit out of the window, by the same sums as in the answer to it.
    #[inline(always)]
    fn leaves_window(&self, i: f64) -> bool {
        let (c, limits) = (&self.q.common, &self.q.limits);
        if self.parallel > 1 {
            return false;
        }
        let stored = if i < 0.0 { c.coulombic * i } else { i };
        let end = |b: &Block| -> Lanes {
            std::array::from_fn(|k| b.soc[k] + -(stored * (c.hours * b.per_ah[k]) + b.leak_per_h[k] * c.hours))
        };
        match i > 0.0 {
            true => least(self.blocks, end) < limits.soc_low - SOC_TOLERANCE,
            false => most(self.blocks, end) > limits.soc_high + SOC_TOLERANCE,
        }
    }

    #[cold]
    fn tighten_to_window(&self, i: f64, bounds: &mut Bounds) -> bool {
        let (limits, hours) = (&self.q.limits, self.q.common.hours);
        let before = bounds.clamp(i).0;
        for unit in 0..self.q.units {
            let (b, k) = (&self.blocks[unit / LANES], unit % LANES);
            let (own, share) = match self.parallel {
                1 => (0.0, 1.0),
                _ => (self.split.own_a[unit], self.split.share[unit]),
            };
            let room = |soc: f64| ((b.soc[k] - soc) / hours - b.leak_per_h[k]) * b.capacity_ah[k];
            if i > 0.0 {
                bounds.cap_discharge((room(limits.soc_low) - own) / share, Limit::Soc);
            } else {
                let charge = room(limits.soc_high) / self.q.cell.spec.coulombic_efficiency;
                bounds.cap_charge((charge - own) / share, Limit::Soc);
            }
        }
        bounds.clamp(i).0 != before
    }

    /// How far the tightest unit's voltage at the end is inside the limit that a current leads to \[V\].
    #[inline(always)]
    fn voltage_margin(&self, i: f64) -> f64 {
        let spec = &self.q.cell.spec;
        match i > 0.0 {
            true => least(self.blocks, |b| b.volts_end) - spec.voltage_min_v,
            false => spec.voltage_max_v - most(self.blocks, |b| b.volts_end),
        }
    }
}
