//! A series string of modules, stepped as columns.
//!
//! Columns hold the state of one cell of each module: its cells are taken as equal, so module voltage is cell voltage
//! times cells in series, and string current is cell current times cells in parallel.

use super::ledger::Ledger;
use super::limits::{Bounds, Limit, Limits};
use super::spread::ModuleSpread;
use crate::aging::{AgingState, Law};
use crate::cell::circuit::{RcStep, hysteresis};
use crate::cell::{Cell, ZERO_CELSIUS_K};
use std::sync::Arc;

/// Newton steps allowed to meet the power asked for.
const SOLVER_STEPS: usize = 8;
/// Relative error of power at which the solve ends.
const SOLVER_TOLERANCE: f64 = 1e-10;
/// Bleed current of the balancing resistors \[A per cell group\], assumed (usual range 0.05 to 0.1 A).
const BLEED_A: f64 = 0.1;
const DAYS_PER_MONTH: f64 = 365.0 / 12.0;

/// Surroundings of a string over a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Environment {
    /// Temperature the modules tend to without heat of their own \[K\].
    pub temperature_k: f64,
    /// Time constant of that \[s\].
    pub time_constant_s: f64,
}

/// What flowed in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Energy delivered at the terminals, discharge positive \[J\].
    pub energy_j: f64,
    /// What kept it from being the energy asked for.
    pub limit: Limit,
}

/// Modules in series.
#[derive(Clone, Debug)]
pub struct ModuleString {
    cell: Arc<Cell>,
    law: &'static Law,
    cells_series: f64,
    cells_parallel: f64,
    /// SoC of each module.
    pub soc: Vec<f64>,
    /// Temperature of each module \[K\].
    pub temperature_k: Vec<f64>,
    /// Present capacity of a cell \[Ah\].
    pub capacity_ah: Vec<f64>,
    /// Present resistance over nominal when new.
    pub resistance: Vec<f64>,
    /// Aging, carried whole.
    pub aging: AgingState,
    v1: Vec<f64>,
    v2: Vec<f64>,
    hysteresis: Vec<f64>,
    capacity_new_ah: Vec<f64>,
    resistance_new: Vec<f64>,
    offset_k: Vec<f64>,
    /// Charge drawn from a cell since new, discharge positive \[Ah\].
    position_ah: f64,
    throughput_ah: f64,
    ledger: Ledger,
    rc_energy_j: f64,
    scratch: Scratch,
}

/// Per-step columns, kept to avoid allocation.
#[derive(Clone, Debug, Default)]
struct Scratch {
    integral: Vec<f64>,
    resistance: Vec<[f64; 3]>,
    mean_t: Vec<f64>,
    mean_soc: Vec<f64>,
}

impl ModuleString {
    /// New modules at a SoC and temperature \[K\].
    pub fn new(
        cell: Arc<Cell>,
        law: &'static Law,
        cells_series: u32,
        cells_parallel: u32,
        spread: ModuleSpread,
        soc: f64,
        temperature_k: f64,
    ) -> Self {
        let n = spread.capacity.len();
        let capacity: Vec<f64> = spread.capacity.iter().map(|c| c * cell.spec.capacity_ah).collect();
        ModuleString {
            law,
            cells_series: f64::from(cells_series),
            cells_parallel: f64::from(cells_parallel),
            soc: vec![soc; n],
            temperature_k: vec![temperature_k; n],
            capacity_ah: capacity.clone(),
            resistance: spread.resistance.clone(),
            aging: AgingState::new(law, spread.rate),
            v1: vec![0.0; n],
            v2: vec![0.0; n],
            hysteresis: vec![0.0; n],
            capacity_new_ah: capacity,
            resistance_new: spread.resistance,
            offset_k: spread.offset_k,
            position_ah: 0.0,
            throughput_ah: 0.0,
            ledger: Ledger::default(),
            rc_energy_j: 0.0,
            scratch: Scratch::sized(n),
            cell,
        }
    }

    /// A new string of the given modules of this one; their state goes along whole, the books start afresh.
    pub fn select(&self, modules: &[usize]) -> Self {
        let pick = |column: &Vec<f64>| modules.iter().map(|&m| column[m]).collect::<Vec<_>>();
        let mut string = ModuleString {
            cell: Arc::clone(&self.cell),
            law: self.law,
            cells_series: self.cells_series,
            cells_parallel: self.cells_parallel,
            soc: pick(&self.soc),
            temperature_k: pick(&self.temperature_k),
            capacity_ah: pick(&self.capacity_ah),
            resistance: pick(&self.resistance),
            aging: self.aging.select(modules),
            v1: pick(&self.v1),
            v2: pick(&self.v2),
            hysteresis: pick(&self.hysteresis),
            capacity_new_ah: pick(&self.capacity_new_ah),
            resistance_new: pick(&self.resistance_new),
            offset_k: pick(&self.offset_k),
            position_ah: self.position_ah,
            throughput_ah: 0.0,
            ledger: Ledger::default(),
            rc_energy_j: 0.0,
            scratch: Scratch::sized(modules.len()),
        };
        string.rc_energy_j = string.rc_energy();
        string
    }

    /// Number of modules.
    pub fn len(&self) -> usize {
        self.soc.len()
    }

    /// Whether there are no modules.
    pub fn is_empty(&self) -> bool {
        self.soc.is_empty()
    }

    /// The law its modules age by.
    pub fn law(&self) -> &'static Law {
        self.law
    }

    /// Cell of the modules.
    pub fn cell(&self) -> &Cell {
        &self.cell
    }

    /// Books since the string was put together.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// SoH of a module: present over nominal capacity.
    pub fn soh(&self, module: usize) -> f64 {
        self.capacity_ah[module] / self.cell.spec.capacity_ah
    }

    /// SoH of the weakest module, which is the string's.
    pub fn soh_min(&self) -> f64 {
        self.capacity_ah.iter().copied().fold(f64::INFINITY, f64::min) / self.cell.spec.capacity_ah
    }

    /// Mean SoH of the modules.
    pub fn soh_mean(&self) -> f64 {
        self.capacity_ah.iter().sum::<f64>() / (self.len() as f64 * self.cell.spec.capacity_ah)
    }

    /// Mean resistance over new.
    pub fn resistance_mean(&self) -> f64 {
        self.resistance.iter().sum::<f64>() / self.len() as f64
    }

    /// Highest resistance over new.
    pub fn resistance_max(&self) -> f64 {
        self.resistance.iter().copied().fold(0.0, f64::max)
    }

    /// Mean losses of the modules: `(lli, lam)`.
    pub fn losses_mean(&self) -> (f64, f64) {
        let n = self.len() as f64;
        (0..self.len())
            .map(|m| self.law.losses(&self.aging.z, m, self.aging.factor[m]))
            .fold((0.0, 0.0), |(lli, lam), (a, b)| (lli + a / n, lam + b / n))
    }

    /// Equivalent full cycles on nominal capacity since the string was put together.
    pub fn efc(&self) -> f64 {
        0.5 * self.throughput_ah / self.cell.spec.capacity_ah
    }

    /// Energy on the name plate of one module \[kWh\].
    pub fn module_nominal_kwh(&self) -> f64 {
        self.cell.nominal_energy_kwh() * self.cells_series * self.cells_parallel
    }

    /// Lowest SoC of a module.
    pub fn soc_min(&self) -> f64 {
        self.soc.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Highest SoC of a module.
    pub fn soc_max(&self) -> f64 {
        self.soc.iter().copied().fold(0.0, f64::max)
    }

    /// Mean SoC of the modules.
    pub fn soc_mean(&self) -> f64 {
        self.soc.iter().sum::<f64>() / self.len() as f64
    }

    /// Mean temperature of the modules \[K\].
    pub fn temperature_mean_k(&self) -> f64 {
        self.temperature_k.iter().sum::<f64>() / self.len() as f64
    }

    /// Energy between two SoC at the open-circuit voltage, set by the weakest module \[kWh\].
    pub fn window_kwh(&self, low: f64, high: f64) -> f64 {
        let weakest = self.soh_min() * self.cell.spec.capacity_ah;
        weakest * (self.cell.integral(high) - self.cell.integral(low)) * self.cells() * self.len() as f64 * 1e-3
    }

    /// Energy stored above SoC 0, RC pairs included \[J\].
    pub fn stored_j(&self) -> f64 {
        let sum: f64 = self.soc.iter().zip(&self.capacity_ah).map(|(&s, q)| 3600.0 * q * self.cell.integral(s)).sum();
        sum * self.cells() + self.rc_energy_j
    }

    /// Power that the string carries in steady state at a SoC and temperature without falling below the lowest cell
    /// voltage \[W\]. The module with the highest resistance sets the current.
    pub fn power_capability_w(&self, soc: f64, temperature_k: f64) -> f64 {
        let at = self.cell.at(soc);
        let r: f64 = at.resistance_ohm.iter().sum::<f64>() * self.cell.resistance_factor(temperature_k);
        let u = at.ocv_v - self.cell.spec.hysteresis_v;
        let by_voltage = (u - self.cell.spec.voltage_min_v) / (r * self.resistance_max());
        let i = by_voltage.min(self.cell.spec.discharge_c_max * self.cell.spec.capacity_ah).max(0.0);
        self.resistance.iter().map(|growth| i * (u - r * growth * i)).sum::<f64>() * self.cells()
    }

    /// A defect: the module loses a share of its capacity and its resistance grows by a factor.
    pub fn damage(&mut self, module: usize, capacity_share: f64, resistance_factor: f64) {
        self.capacity_new_ah[module] *= capacity_share;
        self.resistance_new[module] *= resistance_factor;
        self.apply_aging();
    }

    /// Nothing is asked for over `dt_s`: relaxation, self-discharge, temperature, calendar aging.
    pub fn rest(&mut self, dt_s: f64, env: &Environment) {
        self.step(0.0, 1.0, dt_s, env, &Limits { soc_low: 0.0, soc_high: 1.0 });
    }

    /// Asks for a power at the terminals \[W\], discharge positive, over `dt_s`.
    ///
    /// `form_factor_sq` is the mean square over the square of the mean of current inside the step, for demands that
    /// fluctuate faster than the RC pairs; it acts on the ohmic part alone.
    pub fn step(&mut self, power_w: f64, form_factor_sq: f64, dt_s: f64, env: &Environment, limits: &Limits) -> Flow {
        let rc = [RcStep::new(dt_s, self.cell.spec.tau1_s), RcStep::new(dt_s, self.cell.spec.tau2_s)];
        let bounds = self.prepare(&rc, dt_s, limits, power_w);
        let wish = power_w / self.cells();
        let (current, limit) = self.solve(wish, form_factor_sq, &rc, dt_s, &bounds);
        let energy_j = self.commit(current, form_factor_sq, &rc, dt_s, env);
        Flow { energy_j, limit }
    }

    /// Ends a day: cycles are booked, capacity and resistance follow the losses.
    pub fn end_day(&mut self) {
        self.aging.end_day(self.law, self.cell.spec.capacity_ah, &self.capacity_ah, &self.soc, self.position_ah);
        self.apply_aging();
    }

    /// Ends a duty: open cycles are booked as half cycles. Nothing is reset.
    pub fn close_duty(&mut self) {
        self.aging.close(
            self.law,
            self.cell.spec.capacity_ah,
            &self.capacity_ah,
            &self.soc,
            self.position_ah,
            &self.temperature_k,
        );
        self.apply_aging();
    }

    /// Bleeds modules towards the one that is furthest from full, for `dt_s`: passive top balancing.
    pub fn balance(&mut self, dt_s: f64) {
        let to_full = |s: f64, q: f64| (1.0 - s) * q;
        let furthest = self.soc.iter().zip(&self.capacity_ah).map(|(&s, &q)| to_full(s, q)).fold(0.0, f64::max);
        let bleed_ah = BLEED_A / self.cells_parallel * dt_s / 3600.0;
        let mut heat = 0.0;
        for (s, &q) in self.soc.iter_mut().zip(&self.capacity_ah) {
            let charge = (furthest - to_full(*s, q)).min(bleed_ah);
            let before = self.cell.integral(*s);
            *s -= charge / q;
            heat += 3600.0 * q * (before - self.cell.integral(*s));
        }
        self.ledger.heat_j += heat * self.cells();
    }

    /// Brings every module to a SoC by exchange with the bench's supply; the energy is booked at the terminals.
    pub fn set_soc(&mut self, soc: f64) {
        let before = self.stored_j();
        self.soc.fill(soc);
        self.v1.fill(0.0);
        self.v2.fill(0.0);
        self.rc_energy_j = 0.0;
        let out = before - self.stored_j();
        self.ledger.terminal_j += out;
        if out > 0.0 {
            self.ledger.discharged_j += out;
        } else {
            self.ledger.charged_j -= out;
        }
    }

    fn cells(&self) -> f64 {
        self.cells_series * self.cells_parallel
    }

    fn rc_energy(&self) -> f64 {
        let spec = &self.cell.spec;
        (0..self.len())
            .map(|m| {
                let g = self.cell.resistance_factor(self.temperature_k[m]) * self.resistance[m];
                let r = self.cell.at(self.soc[m]).resistance_ohm;
                0.5 * (spec.tau1_s / (r[1] * g) * self.v1[m].powi(2) + spec.tau2_s / (r[2] * g) * self.v2[m].powi(2))
            })
            .sum::<f64>()
            * self.cells()
    }

    /// First pass: resistances and table values of every module, and the interval of allowed current.
    fn prepare(&mut self, rc: &[RcStep; 2], dt_s: f64, limits: &Limits, power_w: f64) -> Bounds {
        let spec = &self.cell.spec;
        let nominal = spec.capacity_ah;
        let mut bounds = Bounds::rates(spec.charge_c_max * nominal, spec.discharge_c_max * nominal);
        let hours = dt_s / 3600.0;
        let mut rc_energy = 0.0;
        for m in 0..self.soc.len() {
            let (s, q) = (self.soc[m], self.capacity_ah[m]);
            let at = self.cell.at(s);
            let g = self.cell.resistance_factor(self.temperature_k[m]) * self.resistance[m];
            let r = at.resistance_ohm.map(|r| r * g);
            self.scratch.integral[m] = at.integral_v;
            self.scratch.resistance[m] = r;
            rc_energy +=
                0.5 * (spec.tau1_s / r[1] * self.v1[m] * self.v1[m] + spec.tau2_s / r[2] * self.v2[m] * self.v2[m]);
            if power_w > 0.0 {
                bounds.cap_discharge((s - limits.soc_low) * q / hours - self.self_discharge_a(q), Limit::Soc);
            } else if power_w < 0.0 {
                bounds.cap_charge((s - limits.soc_high) * q / hours / spec.coulombic_efficiency, Limit::Soc);
                if self.temperature_k[m] < spec.charge_temperature_min_c + ZERO_CELSIUS_K {
                    bounds.cap_charge(0.0, Limit::Cold);
                }
            }
            // End-of-step voltage is linear in current: V = e - r_end i.
            let e = at.ocv_v + spec.hysteresis_v * self.hysteresis[m] - rc[0].a * self.v1[m] - rc[1].a * self.v2[m];
            let r_end = r[0] + r[1] * (1.0 - rc[0].a) + r[2] * (1.0 - rc[1].a) + at.slope_v * hours / q;
            bounds.cap_discharge((e - spec.voltage_min_v) / r_end, Limit::Voltage);
            bounds.cap_charge((e - spec.voltage_max_v) / r_end, Limit::Voltage);
        }
        rc_energy *= self.cells_series * self.cells_parallel;
        self.ledger.fade_j += self.rc_energy_j - rc_energy;
        self.rc_energy_j = rc_energy;
        bounds
    }

    fn self_discharge_a(&self, capacity_ah: f64) -> f64 {
        capacity_ah * self.cell.spec.self_discharge_per_month / (DAYS_PER_MONTH * 24.0)
    }

    /// Mean over a step of the summed cell voltages and of its slope against current, at a current.
    fn mean_voltage(&self, i: f64, form_factor_sq: f64, rc: &[RcStep; 2], dt_s: f64) -> (f64, f64) {
        let spec = &self.cell.spec;
        let (mut v, mut r_sum) = (0.0, 0.0);
        for m in 0..self.soc.len() {
            let r = &self.scratch.resistance[m];
            let (soc_end, ocv) = self.charge_step(m, i, dt_s);
            let x = self.hysteresis_travel(m, i, dt_s);
            let (_, h) = hysteresis(self.hysteresis[m], x, i);
            v += ocv + spec.hysteresis_v * h
                - rc[0].mean(self.v1[m], r[1], i)
                - rc[1].mean(self.v2[m], r[2], i)
                - r[0] * form_factor_sq * i;
            let slope = self.cell.at(0.5 * (self.soc[m] + soc_end)).slope_v;
            r_sum += r[0] * form_factor_sq
                + r[1] * (1.0 - rc[0].f)
                + r[2] * (1.0 - rc[1].f)
                + 0.5 * slope * dt_s / (3600.0 * self.capacity_ah[m]);
        }
        (v, r_sum)
    }

    /// SoC at the end of a step and mean OCV over it; the mean is exact, from the integral of the OCV over SoC.
    #[inline]
    fn charge_step(&self, m: usize, i: f64, dt_s: f64) -> (f64, f64) {
        let (s, q) = (self.soc[m], self.capacity_ah[m]);
        let eta = if i < 0.0 { self.cell.spec.coulombic_efficiency } else { 1.0 };
        let ds = -(eta * i + self.self_discharge_a(q)) * dt_s / (3600.0 * q);
        let end = s + ds;
        if ds.abs() < 1e-9 {
            return (end, self.cell.ocv(s));
        }
        (end, (self.cell.integral(end) - self.scratch.integral[m]) / ds)
    }

    #[inline]
    fn hysteresis_travel(&self, m: usize, i: f64, dt_s: f64) -> f64 {
        (self.cell.spec.hysteresis_gamma * i * dt_s / (3600.0 * self.capacity_ah[m])).abs()
    }

    /// Current at which the mean power over the step is `wish` \[W per cell chain\], inside the bounds.
    fn solve(&self, wish: f64, form_factor_sq: f64, rc: &[RcStep; 2], dt_s: f64, bounds: &Bounds) -> (f64, Limit) {
        if wish == 0.0 {
            return (0.0, Limit::None);
        }
        let (v0, r0) = self.mean_voltage(0.0, form_factor_sq, rc, dt_s);
        let disc = v0 * v0 - 4.0 * r0 * wish;
        let root = if disc > 0.0 { 2.0 * wish / (v0 + disc.sqrt()) } else { v0 / (2.0 * r0) };
        let (mut i, mut limit) = bounds.clamp(root);
        for _ in 0..SOLVER_STEPS {
            let (v, r) = self.mean_voltage(i, form_factor_sq, rc, dt_s);
            let miss = wish - v * i;
            // At a bound, stop when the wish still lies beyond it.
            if miss.abs() <= SOLVER_TOLERANCE * wish.abs() || (limit != Limit::None && miss * wish > 0.0) {
                break;
            }
            let slope = v - r * i;
            if slope <= 0.1 * v {
                break;
            }
            (i, limit) = bounds.clamp(i + miss / slope);
        }
        if limit == Limit::None && disc <= 0.0 {
            limit = Limit::Voltage;
        }
        (i, limit)
    }

    /// Second pass: moves every module to the end of the step; returns the energy at the terminals \[J\].
    fn commit(&mut self, i: f64, form_factor_sq: f64, rc: &[RcStep; 2], dt_s: f64, env: &Environment) -> f64 {
        let spec = &self.cell.spec;
        let (eta, hours) = (if i < 0.0 { spec.coulombic_efficiency } else { 1.0 }, dt_s / 3600.0);
        let thermal = RcStep::new(dt_s, env.time_constant_s);
        let kelvin_per_watt = env.time_constant_s / self.cell.heat_capacity_j_per_k();
        let (mut volts, mut heat, mut rc_energy) = (0.0, 0.0, 0.0);
        for m in 0..self.soc.len() {
            let r = self.scratch.resistance[m];
            let (soc_end, ocv) = self.charge_step(m, i, dt_s);
            let (h_end, h) = hysteresis(self.hysteresis[m], self.hysteresis_travel(m, i, dt_s), i);
            volts += ocv + spec.hysteresis_v * h
                - rc[0].mean(self.v1[m], r[1], i)
                - rc[1].mean(self.v2[m], r[2], i)
                - r[0] * form_factor_sq * i;
            let q = r[0] * form_factor_sq * i * i + rc[0].heat(self.v1[m], r[1], i) + rc[1].heat(self.v2[m], r[2], i)
                - i * spec.hysteresis_v * h
                + ocv * ((eta - 1.0) * i + self.self_discharge_a(self.capacity_ah[m]));
            heat += q;
            self.v1[m] = rc[0].end(self.v1[m], r[1], i);
            self.v2[m] = rc[1].end(self.v2[m], r[2], i);
            rc_energy +=
                0.5 * (spec.tau1_s / r[1] * self.v1[m] * self.v1[m] + spec.tau2_s / r[2] * self.v2[m] * self.v2[m]);
            self.hysteresis[m] = h_end;
            let target = env.temperature_k + self.offset_k[m] + q * kelvin_per_watt;
            let start = self.temperature_k[m];
            self.scratch.mean_t[m] = target + (start - target) * thermal.f;
            self.temperature_k[m] = target + (start - target) * thermal.a;
            self.scratch.mean_soc[m] = 0.5 * (self.soc[m] + soc_end);
            self.soc[m] = soc_end;
        }
        let cells = self.cells();
        self.rc_energy_j = rc_energy * cells;
        let energy = volts * i * dt_s * cells;
        self.ledger.heat_j += heat * dt_s * cells;
        self.ledger.terminal_j += energy;
        if energy > 0.0 {
            self.ledger.discharged_j += energy;
        } else {
            self.ledger.charged_j -= energy;
        }
        self.aging.rest(self.law, &self.scratch.mean_t, &self.scratch.mean_soc, hours);
        if i != 0.0 {
            let charge = i * hours;
            self.position_ah += charge;
            self.throughput_ah += charge.abs();
            self.aging.pass(&self.scratch.mean_t, charge, self.position_ah, hours);
        }
        energy
    }

    /// Capacity and resistance from the losses. Charge is conserved; what no longer fits is booked as faded.
    fn apply_aging(&mut self) {
        let mut faded = 0.0;
        for m in 0..self.soc.len() {
            let (lli, lam) = self.law.losses(&self.aging.z, m, self.aging.factor[m]);
            let capacity = self.law.capacity(lli, lam);
            let (before_ah, after_ah) = (self.capacity_ah[m], self.capacity_new_ah[m] * capacity);
            let before = before_ah * self.cell.integral(self.soc[m]);
            self.soc[m] = (self.soc[m] * before_ah / after_ah).min(1.0);
            faded += before - after_ah * self.cell.integral(self.soc[m]);
            self.capacity_ah[m] = after_ah;
            self.resistance[m] = self.resistance_new[m] * self.law.resistance(capacity);
        }
        self.ledger.fade_j += 3600.0 * faded * self.cells();
    }
}

impl Scratch {
    fn sized(n: usize) -> Self {
        Scratch { integral: vec![0.0; n], resistance: vec![[0.0; 3]; n], mean_t: vec![0.0; n], mean_soc: vec![0.0; n] }
    }
}
