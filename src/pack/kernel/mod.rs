//! One step of a string: solve for the current, move every unit in closed form.
//!
//! 1. *Prepare*: what the tables say at the present SoC, with temperature and age: EMF and resistance of every unit.
//! 2. *Solve*: `I = 2 P / (E + sqrt(E^2 - 4 R P))` for the sums `E`, `R`; then a chord iteration with the exact mean
//!    voltage, since the OCV is not straight over a long step. A unit that would pass a limit of SoC or voltage tightens
//!    the bounds of the current.
//! 3. *Commit*: states at the end of the step, exact for a constant current; heat from its physical terms, so that the
//!    energy balance is a check and not a definition.

mod block;
mod passes;
mod split;

use super::limits::{Bounds, Limit, Limits};
use super::string::{Environment, Flow, ModuleString};
use crate::cell::ZERO_CELSIUS_K;
use crate::cell::circuit::RcStep;
use block::{Block, Common, LANES, Lanes, lanes, least, look_up, most, store, sum, sum_of};
use split::Split;

/// Iterations allowed to meet the power asked for.
const SOLVER_STEPS: usize = 16;
/// Relative error of power at which the solve ends; energies are those that flowed, so every balance closes all the same.
const SOLVER_TOLERANCE: f64 = 1e-4;
/// Overshoot that counts as none: of SoC, and of voltage \[V\].
const SOC_TOLERANCE: f64 = 1e-12;
const VOLTAGE_TOLERANCE: f64 = 1e-4;
/// Margin to a voltage limit at which a current that is held by it is strong enough \[V\].
const VOLTAGE_CLOSE: f64 = 2e-3;
/// Step lengths whose factors are remembered: hours by day, several by night, a drive.
const FACTORS_KEPT: usize = 4;
/// Current in an RC pair below which it is at rest \[A\]; its energy is booked as faded.
const AT_REST_A: f64 = 1e-6;
/// Rate of the currents between cells in parallel below which they are level \[1/h\]; what is left levels in the next step.
const LEVELLED_C: f64 = 1e-4;
/// Longest step of cells in parallel \[s\]: their currents are not constant for longer.
const PARALLEL_STEP_S: f64 = 600.0;

/// Factors for a step length and a time constant.
#[derive(Clone, Copy, Debug)]
struct StepFactors {
    dt_s: f64,
    time_constant_s: f64,
    steps: [RcStep; 3],
}

/// Columns of a step, kept to avoid allocation.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    blocks: Vec<Block>,
    split: Split,
    mean_k: Vec<f64>,
    mean_soc: Vec<f64>,
    heat: Vec<f64>,
    factors: [Option<StepFactors>; FACTORS_KEPT],
    /// Place of the factors to be forgotten next.
    oldest: usize,
}

impl Scratch {
    pub fn sized(units: usize) -> Self {
        // No SoC is NaN, so nothing counts as looked up.
        let empty = Block { at: [f64::NAN; LANES], ..Block::default() };
        Scratch {
            blocks: vec![empty; units.div_ceil(LANES)],
            mean_k: vec![0.0; units],
            mean_soc: vec![0.0; units],
            heat: vec![0.0; units],
            ..Scratch::default()
        }
    }
}

/// What was solved for: mean current of the units, mean voltage of the chain, and what held it back.
struct Solved {
    current_a: f64,
    volts: f64,
    limit: Limit,
}

/// A current between one that keeps a limit and one that passes it, by their margins; well inside both, so that either
/// end moves.
fn between(kept: (f64, f64), passed: (f64, f64)) -> f64 {
    let share = if kept.1.is_finite() { kept.1 / (kept.1 - passed.1) } else { 0.5 };
    kept.0 + (passed.0 - kept.0) * share.clamp(0.1, 0.9)
}

impl ModuleString {
    /// Nothing is asked for over `dt_s`: relaxation, self-discharge, temperature, calendar aging; between cells in
    /// parallel also the currents that level them.
    pub fn rest(&mut self, dt_s: f64, env: &Environment) {
        if self.parallel > 1 {
            self.rest_levelling(dt_s, env);
        } else if self.j1.iter().chain(&self.j2).any(|j| j.abs() > AT_REST_A) {
            self.rest_through(dt_s, env);
        } else {
            self.settle();
            self.idle(dt_s, env);
        }
    }

    /// Asks for a power at the terminals \[W\], discharge positive, over `dt_s`.
    ///
    /// `form_factor_sq` is the mean square over the square of the mean of current inside the step, for demands that
    /// fluctuate faster than the RC pairs; it acts on the ohmic part alone.
    pub fn step(&mut self, power_w: f64, form_factor_sq: f64, dt_s: f64, env: &Environment, limits: &Limits) -> Flow {
        if self.parallel == 1 {
            return self.step_through(power_w, form_factor_sq, dt_s, env, limits);
        }
        let mut whole = Flow { energy_j: 0.0, limit: Limit::None };
        self.in_parts(dt_s, |string, part_s| {
            let flow = string.step_through(power_w, form_factor_sq, part_s, env, limits);
            whole.energy_j += flow.energy_j;
            if flow.limit != Limit::None {
                whole.limit = flow.limit;
            }
        });
        whole
    }

    /// Rest of cells in parallel: in parts until their currents have died down, then at once.
    fn rest_levelling(&mut self, dt_s: f64, env: &Environment) {
        let parts = (dt_s / PARALLEL_STEP_S).ceil().max(1.0);
        let part_s = dt_s / parts;
        let still_a = LEVELLED_C * self.cell.spec.capacity_ah;
        for part in 0..parts as usize {
            self.rest_through(part_s, env);
            let blocks = &self.scratch.blocks;
            let largest = |column: fn(&Block) -> Lanes| most(blocks, |b| column(b).map(f64::abs));
            let currents = [largest(|b| b.current), largest(|b| b.j1), largest(|b| b.j2)];
            let left = dt_s - (part + 1) as f64 * part_s;
            if left > 0.5 * part_s && currents.into_iter().all(|i| i < still_a) {
                self.settle();
                self.idle(left, env);
                return;
            }
        }
    }

    /// Equal parts of a step, none longer than cells in parallel bear.
    fn in_parts(&mut self, dt_s: f64, mut part: impl FnMut(&mut Self, f64)) {
        let parts = (dt_s / PARALLEL_STEP_S).ceil().max(1.0);
        for _ in 0..parts as usize {
            part(self, dt_s / parts);
        }
    }

    fn step_through(&mut self, power_w: f64, form: f64, dt_s: f64, env: &Environment, limits: &Limits) -> Flow {
        if power_w == 0.0 {
            self.rest_inside(dt_s, env);
            return Flow { energy_j: 0.0, limit: Limit::None };
        }
        let common = self.begin((-power_w.signum(), form), dt_s, env);
        let wish = power_w / self.cells();
        let solved = self.solve(wish, &common, limits);
        if solved.current_a == 0.0 {
            self.rest_inside(dt_s, env);
            return Flow { energy_j: 0.0, limit: solved.limit };
        }
        self.finish(solved.current_a, solved.volts, &common);
        let energy_j = solved.volts * solved.current_a * dt_s * self.cells();
        self.ledger.terminal_j += energy_j;
        if energy_j > 0.0 {
            self.ledger.discharged_j += energy_j;
        } else {
            self.ledger.charged_j -= energy_j;
        }
        Flow { energy_j, limit: solved.limit }
    }

    /// [`Self::rest`] for a step that is not cut any further.
    fn rest_inside(&mut self, dt_s: f64, env: &Environment) {
        if self.parallel > 1 { self.rest_through(dt_s, env) } else { self.rest(dt_s, env) }
    }

    /// Rest with everything that moves.
    fn rest_through(&mut self, dt_s: f64, env: &Environment) {
        let common = self.begin((0.0, 1.0), dt_s, env);
        let volts = self.answer(0.0, &common);
        self.finish(0.0, volts, &common);
    }

    /// Loads the columns and states every unit as a source.
    fn begin(&mut self, (direction, form): (f64, f64), dt_s: f64, env: &Environment) -> Common {
        let steps = self.factors(dt_s, env.time_constant_s);
        let common = Common::new(&self.cell, steps, dt_s, (direction, form), (env.temperature_k, env.time_constant_s));
        self.load(env);
        passes::prepare(&common, &mut self.scratch.blocks);
        let rc_energy = sum(&self.scratch.blocks, self.soc.len(), |b| b.rc_energy) * self.cells_of_unit();
        self.ledger.fade_j += self.rc_energy_j - rc_energy;
        self.rc_energy_j = rc_energy;
        if self.parallel > 1 {
            self.scratch.split.solve(&common, &self.scratch.blocks, self.soc.len(), self.parallel);
        }
        common
    }

    fn factors(&mut self, dt_s: f64, time_constant_s: f64) -> [RcStep; 3] {
        let fits = |f: &&StepFactors| f.dt_s == dt_s && f.time_constant_s == time_constant_s;
        if let Some(f) = self.scratch.factors.iter().flatten().find(fits) {
            return f.steps;
        }
        let spec = &self.cell.spec;
        let steps = [spec.tau1_s, spec.tau2_s, time_constant_s].map(|tau_s| RcStep::new(dt_s, tau_s));
        self.scratch.factors[self.scratch.oldest] = Some(StepFactors { dt_s, time_constant_s, steps });
        self.scratch.oldest = (self.scratch.oldest + 1) % FACTORS_KEPT;
        steps
    }

    fn load(&mut self, env: &Environment) {
        self.place_offsets(env);
        for (place, block) in self.scratch.blocks.iter_mut().enumerate() {
            let first = place * LANES;
            block.soc = lanes(&self.soc, first);
            block.capacity_ah = lanes(&self.capacity_ah, first);
            block.hysteresis = lanes(&self.hysteresis, first);
            block.j1 = lanes(&self.j1, first);
            block.j2 = lanes(&self.j2, first);
            block.temperature_k = lanes(&self.temperature_k, first);
            block.growth = lanes(&self.resistance, first);
            block.lli = lanes(&self.lli, first);
            block.leak_per_h = lanes(&self.leak_per_h, first);
            block.offset_k = lanes(&self.here_k, first);
            // Whatever moved a SoC since the last step, its place in the tables is looked up anew.
            if block.at != block.soc {
                for lane in 0..LANES {
                    look_up(block, lane, &self.cell.tables, block.soc[lane]);
                }
            }
        }
    }

    /// Runs the chain at a mean current of its units; returns the mean over the step of the chain's voltage.
    fn answer(&mut self, current_a: f64, common: &Common) -> f64 {
        let Scratch { blocks, split, .. } = &mut self.scratch;
        if self.parallel == 1 {
            blocks.iter_mut().for_each(|block| block.current.fill(current_a));
        } else {
            let last = self.soc.len() - 1;
            for (b, block) in blocks.iter_mut().enumerate() {
                for lane in 0..LANES {
                    block.current[lane] = split.current((b * LANES + lane).min(last), current_a);
                }
            }
        }
        passes::respond(&self.cell.tables.knots, common, blocks);
        sum(blocks, self.soc.len(), |b| b.volts) / self.parallel as f64
    }

    /// EMF and resistance of the chain: `V = E - R I`, mean over the step.
    fn source(&self) -> (f64, f64) {
        let (blocks, n) = (&self.scratch.blocks, self.soc.len());
        if self.parallel == 1 {
            return (sum(blocks, n, |b| b.emf), sum(blocks, n, |b| b.resistance));
        }
        let split = &self.scratch.split;
        let (mut emf, mut resistance) = (0.0, 0.0);
        for unit in 0..n {
            let (b, k) = (&blocks[unit / LANES], unit % LANES);
            emf += b.emf[k] - b.resistance[k] * split.own_a[unit];
            resistance += b.resistance[k] * split.share[unit];
        }
        (emf / self.parallel as f64, resistance / self.parallel as f64)
    }

    /// Current at which the mean power over the step is `wish` \[W per cell chain\], inside the limits. Leaves the
    /// blocks answered for that current, unless it is zero.
    fn solve(&mut self, wish: f64, common: &Common, limits: &Limits) -> Solved {
        let (e, r) = self.source();
        let disc = e * e - 4.0 * r * wish;
        // The current of greatest power where there is none for the wish; what is missing is told below.
        let root = if disc > 0.0 { 2.0 * wish / (e + disc.sqrt()) } else { 0.5 * e / r };
        let mut bounds = self.rate_bounds();
        let (mut i, mut limit) = bounds.clamp(root);
        let (mut volts, mut tries) = (0.0, 0);
        // The strongest current known to keep the voltage limit, the weakest known to pass it, with their margins \[V\].
        let (mut kept, mut passed) = ((0.0, f64::INFINITY), None::<(f64, f64)>);
        while i != 0.0 {
            volts = self.answer(i, common);
            tries += 1;
            if self.tighten(i, common, limits, &mut bounds) {
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
                    volts = if i == 0.0 { 0.0 } else { self.answer(i, common) };
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
        Solved { current_a: i, volts, limit }
    }

    /// Rates at the present temperatures \[A, mean of the units\].
    fn rate_bounds(&self) -> Bounds {
        let spec = &self.cell.spec;
        let blocks = &self.scratch.blocks;
        let (cold, hot) = (least(blocks, |b| b.temperature_k), most(blocks, |b| b.temperature_k));
        let (charge, discharge) = self.cell.derating.least(cold, hot);
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
    fn tighten(&self, i: f64, common: &Common, limits: &Limits, bounds: &mut Bounds) -> bool {
        let (blocks, spec) = (&self.scratch.blocks, &self.cell.spec);
        let inside = match i > 0.0 {
            true => least(blocks, |b| b.soc_end) >= limits.soc_low - SOC_TOLERANCE,
            false => most(blocks, |b| b.soc_end) <= limits.soc_high + SOC_TOLERANCE,
        };
        if inside {
            return false;
        }
        let before = bounds.clamp(i).0;
        for unit in 0..self.soc.len() {
            let (b, k) = (&blocks[unit / LANES], unit % LANES);
            let (own, share) = match self.parallel {
                1 => (0.0, 1.0),
                _ => (self.scratch.split.own_a[unit], self.scratch.split.share[unit]),
            };
            let room = |soc: f64| ((b.soc[k] - soc) / common.hours - b.leak_per_h[k]) * b.capacity_ah[k];
            if i > 0.0 {
                bounds.cap_discharge((room(limits.soc_low) - own) / share, Limit::Soc);
            } else {
                bounds.cap_charge((room(limits.soc_high) / spec.coulombic_efficiency - own) / share, Limit::Soc);
            }
        }
        bounds.clamp(i).0 != before
    }

    /// How far the tightest unit's voltage at the end is inside the limit that a current leads to \[V\].
    fn voltage_margin(&self, i: f64) -> f64 {
        let (blocks, spec) = (&self.scratch.blocks, &self.cell.spec);
        match i > 0.0 {
            true => least(blocks, |b| b.volts_end) - spec.voltage_min_v,
            false => spec.voltage_max_v - most(blocks, |b| b.volts_end),
        }
    }

    /// Moves every unit to the end of the step and writes the columns back.
    fn finish(&mut self, current_a: f64, volts: f64, common: &Common) {
        let n = self.soc.len();
        let cells = self.cells_of_unit();
        let Scratch { blocks, mean_k, mean_soc, .. } = &mut self.scratch;
        passes::commit(&self.cell.tables.knots, common, blocks);
        store(blocks, &mut self.soc, |b| &b.soc);
        store(blocks, &mut self.hysteresis, |b| &b.hysteresis);
        store(blocks, &mut self.j1, |b| &b.j1);
        store(blocks, &mut self.j2, |b| &b.j2);
        store(blocks, &mut self.temperature_k, |b| &b.temperature_k);
        store(blocks, mean_k, |b| &b.mean_k);
        store(blocks, mean_soc, |b| &b.mean_soc);
        let mut heat = sum(blocks, n, |b| b.heat);
        if self.parallel > 1 {
            // Means of the cells of a group differ where their voltages meet at the end; the difference stays inside.
            let inside = sum(blocks, n, |b| std::array::from_fn(|k| b.volts[k] * b.current[k]));
            heat += inside - volts * current_a * self.parallel as f64;
        }
        self.rc_energy_j = sum(blocks, n, |b| b.rc_energy) * cells;
        self.ledger.heat_j += heat * common.hours * 3600.0 * cells;
        self.conduct(common.hours);
        self.age(current_a, common.hours);
    }

    /// Sets pairs that have decayed to nothing to rest.
    fn settle(&mut self) {
        if self.rc_energy_j != 0.0 {
            self.j1.fill(0.0);
            self.j2.fill(0.0);
            self.ledger.fade_j += self.rc_energy_j;
            self.rc_energy_j = 0.0;
        }
    }

    /// Rest of units whose RC pairs are settled, in closed form: self-discharge, temperature, calendar aging.
    fn idle(&mut self, dt_s: f64, env: &Environment) {
        let steps = self.factors(dt_s, env.time_constant_s);
        let common = Common::new(&self.cell, steps, dt_s, (0.0, 1.0), (env.temperature_k, env.time_constant_s));
        self.place_offsets(env);
        let Scratch { mean_k, mean_soc, heat, .. } = &mut self.scratch;
        passes::idle(
            &self.cell.tables.knots,
            &common,
            &self.capacity_ah,
            &self.lli,
            &self.leak_per_h,
            &self.here_k,
            &mut self.soc,
            &mut self.temperature_k,
            mean_k,
            mean_soc,
            heat,
        );
        // In the order of lanes, as in a step.
        let heat = sum_of(heat);
        self.ledger.heat_j += heat * dt_s * self.cells_of_unit();
        self.conduct(common.hours);
        self.age(0.0, common.hours);
    }

    fn age(&mut self, current_a: f64, hours: f64) {
        let Scratch { mean_k, mean_soc, .. } = &self.scratch;
        self.aging.rest(&self.law, mean_k, mean_soc, hours);
        if current_a != 0.0 {
            // Cycles are counted on the charge that is stored, so that they return to where they began.
            let eta = if current_a < 0.0 { self.cell.spec.coulombic_efficiency } else { 1.0 };
            let charge = eta * current_a * hours;
            self.position_ah += charge;
            self.throughput_ah += charge.abs();
            let swing = if self.parallel > 1 { &self.swing_ah } else { &self.capacity_ah };
            self.aging.pass(mean_k, charge, self.position_ah, hours, &self.soc, swing);
        }
    }
}
