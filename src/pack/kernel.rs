//! One step of a string: solve for the current, move every module in closed form.
//!
//! 1. *Prepare*: tables at the present SoC give each module's resistances, its EMF and resistance averaged over the
//!    step, and its limits.
//! 2. *Solve*: `I = 2 P / (E + sqrt(E^2 - 4 R P))` for the sums `E`, `R`; then a chord iteration with the exact mean
//!    voltage, since the OCV is not straight over a long step.
//! 3. *Commit*: states at the end of the step, exact for a constant current; heat from its physical terms, so that the
//!    energy balance is a check and not a definition.

use super::limits::{Bounds, Limit, Limits};
use super::string::{Environment, Flow, ModuleString};
use crate::cell::circuit::{RcStep, hysteresis};
use crate::cell::{Cell, ZERO_CELSIUS_K};

/// Iterations allowed to meet the power asked for.
const SOLVER_STEPS: usize = 12;
/// Relative error of power at which the solve ends; energies are those that flowed, so every balance closes all the same.
const SOLVER_TOLERANCE: f64 = 1e-4;
/// Step lengths whose factors are remembered: hours by day, several by night, a drive.
const FACTORS_KEPT: usize = 4;
/// Voltage of an RC pair below which it is at rest \[V\]; its energy is booked as faded.
const AT_REST_V: f64 = 1e-9;

/// Factors for a step length and a time constant.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepFactors {
    dt_s: f64,
    time_constant_s: f64,
    rc: [RcStep; 2],
    thermal: RcStep,
}

/// One module inside a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inside {
    /// Resistances \[Ohm\].
    r: [f64; 3],
    /// Conductances of the RC pairs \[S\].
    g: [f64; 2],
    /// Integral of the OCV at the start \[V\].
    integral: f64,
    /// Self-discharge \[A\].
    leak_a: f64,
    soc_end: f64,
    /// Mean OCV over the step \[V\].
    ocv: f64,
    h_end: f64,
    /// Mean hysteresis state over the step.
    h: f64,
}

impl Inside {
    /// SoC at the end of a step and mean OCV over it; the mean is exact, from the integral of the OCV over SoC.
    #[inline]
    fn move_charge(&mut self, cell: &Cell, soc: f64, change: f64) {
        self.soc_end = soc + change;
        self.ocv =
            if change.abs() < 1e-9 { cell.ocv(soc) } else { (cell.integral(self.soc_end) - self.integral) / change };
    }
}

/// Columns of a step, kept to avoid allocation.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    inside: Vec<Inside>,
    mean_t: Vec<f64>,
    mean_soc: Vec<f64>,
    factors: [Option<StepFactors>; FACTORS_KEPT],
    /// Place of the factors to be forgotten next.
    oldest: usize,
}

impl Scratch {
    pub fn sized(n: usize) -> Self {
        Scratch {
            inside: vec![Inside::default(); n],
            mean_t: vec![0.0; n],
            mean_soc: vec![0.0; n],
            factors: [None; FACTORS_KEPT],
            oldest: 0,
        }
    }
}

/// Sums over the modules of a string, per cell chain.
#[derive(Clone, Copy, Debug)]
struct Sums {
    /// Mean EMF over the step \[V\].
    emf_v: f64,
    /// Resistance that acts on the mean voltage \[Ohm\].
    resistance_ohm: f64,
}

impl Sums {
    /// Current for a mean power \[W per cell chain\]; the current of greatest power when there is none.
    fn root(&self, wish: f64) -> f64 {
        let (e, r) = (self.emf_v, self.resistance_ohm);
        let disc = e * e - 4.0 * r * wish;
        if disc > 0.0 { 2.0 * wish / (e + disc.sqrt()) } else { 0.5 * e / r }
    }
}

impl ModuleString {
    /// Nothing is asked for over `dt_s`: relaxation, self-discharge, temperature, calendar aging.
    pub fn rest(&mut self, dt_s: f64, env: &Environment) {
        let factors = self.factors(dt_s, env);
        let leak = self.leak_per_ah();
        let relaxing = self.v1.iter().chain(&self.v2).any(|v| v.abs() > AT_REST_V);
        if relaxing {
            self.refresh_resistances();
        } else if self.rc_energy_j != 0.0 {
            self.settle();
        }
        let leaked = -leak * dt_s / 3600.0;
        for (m, inside) in self.scratch.inside.iter_mut().enumerate() {
            inside.integral = self.cell.integral(self.soc[m]);
            inside.leak_a = leak * self.capacity_ah[m];
            (inside.h_end, inside.h) = (self.hysteresis[m], self.hysteresis[m]);
            inside.move_charge(&self.cell, self.soc[m], leaked);
        }
        if relaxing {
            self.commit(0.0, 1.0, &factors);
        } else {
            self.commit_at_rest(&factors);
        }
    }

    /// Asks for a power at the terminals \[W\], discharge positive, over `dt_s`.
    ///
    /// `form_factor_sq` is the mean square over the square of the mean of current inside the step, for demands that
    /// fluctuate faster than the RC pairs; it acts on the ohmic part alone.
    pub fn step(&mut self, power_w: f64, form_factor_sq: f64, dt_s: f64, env: &Environment, limits: &Limits) -> Flow {
        if power_w == 0.0 {
            self.rest(dt_s, env);
            return Flow { energy_j: 0.0, limit: Limit::None };
        }
        let factors = self.factors(dt_s, env);
        let (sums, bounds) = self.prepare(&factors, limits, power_w, form_factor_sq);
        let wish = power_w / self.cells();
        let first = sums.root(wish);
        if bounds.clamp(first).0 == 0.0 {
            self.rest(dt_s, env);
            return Flow { energy_j: 0.0, limit: bounds.clamp(first).1 };
        }
        let (current, volts, limit) = self.solve(wish, form_factor_sq, &factors, sums, &bounds);
        self.commit(current, form_factor_sq, &factors);
        let energy_j = volts * current * dt_s * self.cells();
        self.ledger.terminal_j += energy_j;
        if energy_j > 0.0 {
            self.ledger.discharged_j += energy_j;
        } else {
            self.ledger.charged_j -= energy_j;
        }
        Flow { energy_j, limit }
    }

    fn factors(&mut self, dt_s: f64, env: &Environment) -> StepFactors {
        self.surroundings_k = env.temperature_k;
        let fits = |f: &&StepFactors| f.dt_s == dt_s && f.time_constant_s == env.time_constant_s;
        if let Some(f) = self.scratch.factors.iter().flatten().find(fits) {
            return *f;
        }
        let spec = &self.cell.spec;
        let f = StepFactors {
            dt_s,
            time_constant_s: env.time_constant_s,
            rc: [RcStep::new(dt_s, spec.tau1_s), RcStep::new(dt_s, spec.tau2_s)],
            thermal: RcStep::new(dt_s, env.time_constant_s),
        };
        self.scratch.factors[self.scratch.oldest] = Some(f);
        self.scratch.oldest = (self.scratch.oldest + 1) % FACTORS_KEPT;
        f
    }

    /// Resistances at the present SoC, temperature and age; energy of the RC pairs is restated with them.
    fn refresh_resistances(&mut self) {
        let half_tau = [0.5 * self.cell.spec.tau1_s, 0.5 * self.cell.spec.tau2_s];
        let mut energy = 0.0;
        let n = self.scratch.inside.len();
        let (soc, t, growth) = (&self.soc[..n], &self.temperature_k[..n], &self.resistance[..n]);
        let (v1, v2) = (&self.v1[..n], &self.v2[..n]);
        for (m, inside) in self.scratch.inside.iter_mut().enumerate() {
            let scale = self.cell.resistance_factor(t[m]) * growth[m];
            let r = self.cell.resistances(soc[m]).map(|r| r * scale);
            inside.r = r;
            inside.g = [1.0 / r[1], 1.0 / r[2]];
            energy += half_tau[0] * inside.g[0] * v1[m] * v1[m] + half_tau[1] * inside.g[1] * v2[m] * v2[m];
        }
        energy *= self.cells();
        self.ledger.fade_j += self.rc_energy_j - energy;
        self.rc_energy_j = energy;
    }

    /// Sets pairs that have decayed to nothing to rest.
    fn settle(&mut self) {
        self.v1.fill(0.0);
        self.v2.fill(0.0);
        self.ledger.fade_j += self.rc_energy_j;
        self.rc_energy_j = 0.0;
    }

    fn prepare(&mut self, f: &StepFactors, limits: &Limits, power_w: f64, form_factor_sq: f64) -> (Sums, Bounds) {
        let spec = &self.cell.spec;
        let mut bounds = Bounds::rates(spec.charge_c_max * spec.capacity_ah, spec.discharge_c_max * spec.capacity_ah);
        let mut sums = Sums { emf_v: 0.0, resistance_ohm: 0.0 };
        let (leak, hours, [fast, slow]) = (self.leak_per_ah(), f.dt_s / 3600.0, f.rc);
        let (per_hour, half_tau) = (1.0 / hours, [0.5 * spec.tau1_s, 0.5 * spec.tau2_s]);
        let mut rc_energy = 0.0;
        let n = self.scratch.inside.len();
        let (soc, capacity, h) = (&self.soc[..n], &self.capacity_ah[..n], &self.hysteresis[..n]);
        let (v1, v2, t) = (&self.v1[..n], &self.v2[..n], &self.temperature_k[..n]);
        let growth = &self.resistance[..n];
        for (m, inside) in self.scratch.inside.iter_mut().enumerate() {
            let (s, q) = (soc[m], capacity[m]);
            let (ocv, slope, integral, r) = self.cell.all(s);
            let scale = self.cell.resistance_factor(t[m]) * growth[m];
            let r = r.map(|r| r * scale);
            inside.r = r;
            inside.g = [1.0 / r[1], 1.0 / r[2]];
            rc_energy += half_tau[0] * inside.g[0] * v1[m] * v1[m] + half_tau[1] * inside.g[1] * v2[m] * v2[m];
            inside.integral = integral;
            inside.leak_a = leak * q;
            let still = ocv + spec.hysteresis_v * h[m];
            let slope_ohm = slope * hours / q;
            sums.emf_v += still - fast.f * v1[m] - slow.f * v2[m];
            sums.resistance_ohm +=
                r[0] * form_factor_sq + r[1] * (1.0 - fast.f) + r[2] * (1.0 - slow.f) + 0.5 * slope_ohm;
            // The voltage at the end of the step is linear in current: V = e - r_end i.
            let e = still - fast.a * v1[m] - slow.a * v2[m];
            let r_end = r[0] + r[1] * (1.0 - fast.a) + r[2] * (1.0 - slow.a) + slope_ohm;
            if power_w > 0.0 {
                bounds.cap_discharge((s - limits.soc_low) * q * per_hour - inside.leak_a, Limit::Soc);
                bounds.cap_discharge((e - spec.voltage_min_v) / r_end, Limit::Voltage);
            } else {
                let room = (s - limits.soc_high) * q * per_hour - inside.leak_a;
                bounds.cap_charge(room / spec.coulombic_efficiency, Limit::Soc);
                bounds.cap_charge((e - spec.voltage_max_v) / r_end, Limit::Voltage);
                if t[m] < spec.charge_temperature_min_c + ZERO_CELSIUS_K {
                    bounds.cap_charge(0.0, Limit::Cold);
                }
            }
        }
        rc_energy *= self.cells();
        self.ledger.fade_j += self.rc_energy_j - rc_energy;
        self.rc_energy_j = rc_energy;
        (sums, bounds)
    }

    /// Current at which the mean power over the step is `wish` \[W per cell chain\], inside the bounds, with the mean
    /// voltage it runs at. Leaves the modules' step columns filled for that current.
    fn solve(&mut self, wish: f64, form: f64, f: &StepFactors, sums: Sums, bounds: &Bounds) -> (f64, f64, Limit) {
        let r = sums.resistance_ohm;
        let (mut i, mut limit) = bounds.clamp(sums.root(wish));
        let mut volts = self.mean_voltage(i, form, f);
        for _ in 0..SOLVER_STEPS {
            let miss = wish - volts * i;
            // At a bound, stop while the wish still lies beyond it.
            if miss.abs() <= SOLVER_TOLERANCE * wish.abs() || (limit != Limit::None && miss * wish > 0.0) {
                break;
            }
            let slope = volts - r * i;
            if slope <= 0.1 * volts {
                break;
            }
            let (next, held) = bounds.clamp(i + miss / slope);
            limit = held;
            if next == i {
                break;
            }
            i = next;
            volts = self.mean_voltage(i, form, f);
        }
        if limit == Limit::None && (wish - volts * i).abs() > 1e-3 * wish.abs() {
            limit = Limit::Voltage;
        }
        (i, volts, limit)
    }

    /// Mean over a step of the summed cell voltages at a current; fills the step columns for that current.
    fn mean_voltage(&mut self, i: f64, form_factor_sq: f64, f: &StepFactors) -> f64 {
        let spec = &self.cell.spec;
        let travel = (spec.hysteresis_gamma * i * f.dt_s / 3600.0).abs();
        let stored_i = if i < 0.0 { spec.coulombic_efficiency * i } else { i };
        let hours = f.dt_s / 3600.0;
        let branch = if i < 0.0 { 1.0 } else { -1.0 };
        let mut volts = 0.0;
        let n = self.scratch.inside.len();
        let (soc, capacity, h) = (&self.soc[..n], &self.capacity_ah[..n], &self.hysteresis[..n]);
        let (v1, v2) = (&self.v1[..n], &self.v2[..n]);
        for (m, inside) in self.scratch.inside.iter_mut().enumerate() {
            let per_ah = 1.0 / capacity[m];
            inside.move_charge(&self.cell, soc[m], -(stored_i + inside.leak_a) * hours * per_ah);
            (inside.h_end, inside.h) = hysteresis(h[m], travel * per_ah, branch);
            volts += inside.ocv + spec.hysteresis_v * inside.h
                - f.rc[0].mean(v1[m], inside.r[1], i)
                - f.rc[1].mean(v2[m], inside.r[2], i)
                - inside.r[0] * form_factor_sq * i;
        }
        volts
    }

    /// Moves every module to the end of the step with the columns that [`Self::mean_voltage`] left.
    fn commit(&mut self, i: f64, form_factor_sq: f64, f: &StepFactors) {
        let spec = &self.cell.spec;
        let side = if i < 0.0 { (spec.coulombic_efficiency - 1.0) * i } else { 0.0 };
        let kelvin_per_watt = f.time_constant_s / self.cell.heat_capacity_j_per_k();
        let (mut heat, mut rc_energy) = (0.0, 0.0);
        let half_tau = [0.5 * spec.tau1_s, 0.5 * spec.tau2_s];
        let Scratch { inside, mean_t, mean_soc, .. } = &mut self.scratch;
        let n = inside.len();
        let (soc, t, h) = (&mut self.soc[..n], &mut self.temperature_k[..n], &mut self.hysteresis[..n]);
        let (v1, v2, offset) = (&mut self.v1[..n], &mut self.v2[..n], &self.offset_k[..n]);
        let (mean_t, mean_soc) = (&mut mean_t[..n], &mut mean_soc[..n]);
        for (m, x) in inside.iter().enumerate() {
            let [r0, r1, r2] = x.r;
            let q =
                r0 * form_factor_sq * i * i + f.rc[0].heat(v1[m], r1, x.g[0], i) + f.rc[1].heat(v2[m], r2, x.g[1], i)
                    - i * spec.hysteresis_v * x.h
                    + x.ocv * (side + x.leak_a);
            heat += q;
            (v1[m], v2[m], h[m]) = (f.rc[0].end(v1[m], r1, i), f.rc[1].end(v2[m], r2, i), x.h_end);
            rc_energy += half_tau[0] * x.g[0] * v1[m] * v1[m] + half_tau[1] * x.g[1] * v2[m] * v2[m];
            let target = self.surroundings_k + offset[m] + q * kelvin_per_watt;
            let above = t[m] - target;
            mean_t[m] = target + above * f.thermal.f;
            t[m] = target + above * f.thermal.a;
            mean_soc[m] = 0.5 * (soc[m] + x.soc_end);
            soc[m] = x.soc_end;
        }
        let cells = self.cells();
        self.rc_energy_j = rc_energy * cells;
        self.ledger.heat_j += heat * f.dt_s * cells;
        self.age(i, f.dt_s / 3600.0);
    }

    /// [`Self::commit`] without current and with settled pairs: self-discharge, temperature, calendar aging.
    fn commit_at_rest(&mut self, f: &StepFactors) {
        let kelvin_per_watt = f.time_constant_s / self.cell.heat_capacity_j_per_k();
        let mut heat = 0.0;
        for m in 0..self.soc.len() {
            let x = &self.scratch.inside[m];
            let q = x.ocv * x.leak_a;
            heat += q;
            let target = self.surroundings_k + self.offset_k[m] + q * kelvin_per_watt;
            let above = self.temperature_k[m] - target;
            self.scratch.mean_t[m] = target + above * f.thermal.f;
            self.temperature_k[m] = target + above * f.thermal.a;
            self.scratch.mean_soc[m] = 0.5 * (self.soc[m] + x.soc_end);
            self.soc[m] = x.soc_end;
        }
        self.ledger.heat_j += heat * f.dt_s * self.cells();
        self.age(0.0, f.dt_s / 3600.0);
    }

    fn age(&mut self, current_a: f64, hours: f64) {
        self.aging.rest(&self.law, &self.scratch.mean_t, &self.scratch.mean_soc, hours);
        if current_a != 0.0 {
            // Cycles are counted on the charge that is stored, so that they return to where they began.
            let eta = if current_a < 0.0 { self.cell.spec.coulombic_efficiency } else { 1.0 };
            let charge = eta * current_a * hours;
            self.position_ah += charge;
            self.throughput_ah += charge.abs();
            let (soc, capacity) = (&self.soc, &self.capacity_ah);
            self.aging.pass(&self.scratch.mean_t, charge, self.position_ah, hours, soc, capacity);
        }
    }
}
