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
mod solve;
mod split;

use super::limits::{Limit, Limits};
use super::string::{Environment, Flow, ModuleString};
use crate::cell::circuit::RcStep;
use block::{Block, Columns, Common, LANES, Lanes, last_places, most, store, sum_of};
use solve::{Answer, Question};
use split::Split;

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
        let wish = power_w / self.cells();
        let answer = self.ask(wish, form, dt_s, env, limits);
        if !answer.moved {
            self.rest_inside(dt_s, env);
            return Flow { energy_j: 0.0, limit: answer.limit };
        }
        let energy_j = answer.volts * answer.current_a * dt_s * self.cells();
        self.ledger.terminal_j += energy_j;
        if energy_j > 0.0 {
            self.ledger.discharged_j += energy_j;
        } else {
            self.ledger.charged_j -= energy_j;
        }
        Flow { energy_j, limit: answer.limit }
    }

    /// [`Self::rest`] for a step that is not cut any further.
    fn rest_inside(&mut self, dt_s: f64, env: &Environment) {
        if self.parallel > 1 { self.rest_through(dt_s, env) } else { self.rest(dt_s, env) }
    }

    /// Rest with everything that moves.
    fn rest_through(&mut self, dt_s: f64, env: &Environment) {
        self.ask(0.0, 1.0, dt_s, env, &Limits { soc_low: 0.0, soc_high: 1.0 });
    }

    /// A step with everything that moves: the columns go into blocks, and back where the blocks were moved.
    fn ask(&mut self, wish: f64, form: f64, dt_s: f64, env: &Environment, limits: &Limits) -> Answer {
        let steps = self.factors(dt_s, env.time_constant_s);
        let direction = if wish == 0.0 { 0.0 } else { -wish.signum() };
        let place = (env.temperature_k, env.time_constant_s);
        let common = Common::new(&self.cell, steps, dt_s, (direction, form), place);
        self.load(env);
        let (units, parallel) = (self.soc.len(), self.parallel);
        let question = Question { cell: &self.cell, common, limits: *limits, wish, units, parallel };
        let answer = solve::ask(&question, &mut self.scratch.blocks, &mut self.scratch.split);
        let cells = self.cells_of_unit();
        self.ledger.fade_j += self.rc_energy_j - answer.rc_before * cells;
        self.rc_energy_j = answer.rc_after * cells;
        if answer.moved {
            self.unload();
            let hours = dt_s / 3600.0;
            self.ledger.heat_j += answer.heat * hours * 3600.0 * cells;
            self.conduct(hours);
            self.age(answer.current_a, hours);
        }
        answer
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
        let n = self.soc.len();
        // Of one length, so that the end of the columns is asked for once.
        let columns: Columns<'_> = [
            &self.soc[..n],
            &self.capacity_ah[..n],
            &self.hysteresis[..n],
            &self.j1[..n],
            &self.j2[..n],
            &self.temperature_k[..n],
            &self.resistance[..n],
            &self.lli[..n],
            &self.leak_per_h[..n],
            &self.here_k[..n],
        ];
        let tables = &self.cell.tables;
        let (whole, last) = self.scratch.blocks.split_at_mut(n / LANES);
        for (place, block) in whole.iter_mut().enumerate() {
            block.load(columns.map(|column| column.as_chunks().0[place]), tables);
        }
        if let [block] = last {
            let places = last_places(n);
            block.load(columns.map(|column| places.map(|place| column[place])), tables);
        }
    }

    /// Writes the columns that a step moves back.
    fn unload(&mut self) {
        let Scratch { blocks, mean_k, mean_soc, .. } = &mut self.scratch;
        store(blocks, &mut self.soc, |b| &b.soc);
        store(blocks, &mut self.hysteresis, |b| &b.hysteresis);
        store(blocks, &mut self.j1, |b| &b.j1);
        store(blocks, &mut self.j2, |b| &b.j2);
        store(blocks, &mut self.temperature_k, |b| &b.temperature_k);
        store(blocks, mean_k, |b| &b.mean_k);
        store(blocks, mean_soc, |b| &b.mean_soc);
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
        self.aging.dwell(&self.law, mean_k, mean_soc, hours);
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
