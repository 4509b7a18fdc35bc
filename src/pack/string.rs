//! A series string of modules, stepped as columns.
//!
//! Columns hold the state of one cell of each module: its cells are taken as equal, so module voltage is cell voltage
//! times cells in series, and string current is cell current times cells in parallel.

use super::kernel::Scratch;
use super::ledger::Ledger;
use super::limits::Limit;
use super::spread::ModuleSpread;
use crate::aging::{AgingState, Health, Law, UsedUnit};
use crate::cell::Cell;
use crate::numeric::calendar::DAYS_PER_MONTH;
use std::sync::Arc;

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
    pub(super) cell: Arc<Cell>,
    pub(super) law: Arc<Law>,
    pub(super) cells_series: f64,
    pub(super) cells_parallel: f64,
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
    pub(super) v1: Vec<f64>,
    pub(super) v2: Vec<f64>,
    pub(super) hysteresis: Vec<f64>,
    pub(super) capacity_new_ah: Vec<f64>,
    pub(super) resistance_new: Vec<f64>,
    pub(super) offset_k: Vec<f64>,
    /// Charge drawn from a cell since new, discharge positive \[Ah\].
    pub(super) position_ah: f64,
    pub(super) throughput_ah: f64,
    pub(super) ledger: Ledger,
    pub(super) rc_energy_j: f64,
    /// Temperature the modules tend to in the present step \[K\].
    pub(super) surroundings_k: f64,
    pub(super) scratch: Scratch,
}

impl ModuleString {
    /// New modules at a SoC and temperature \[K\].
    pub fn new(
        cell: Arc<Cell>,
        law: Arc<Law>,
        cells_series: u32,
        cells_parallel: u32,
        spread: ModuleSpread,
        soc: f64,
        temperature_k: f64,
    ) -> Self {
        let n = spread.capacity.len();
        let capacity: Vec<f64> = spread.capacity.iter().map(|c| c * cell.spec.capacity_ah).collect();
        ModuleString {
            cells_series: f64::from(cells_series),
            cells_parallel: f64::from(cells_parallel),
            soc: vec![soc; n],
            temperature_k: vec![temperature_k; n],
            capacity_ah: capacity.clone(),
            resistance: spread.resistance.clone(),
            aging: AgingState::new(&law, spread.factors),
            law,
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
            surroundings_k: temperature_k,
            scratch: Scratch::sized(n),
            cell,
        }
    }

    /// A new string of the given modules of this one, in a place of its own: state goes along whole, the books start
    /// afresh, and the temperature offsets of the old place are left behind.
    pub fn select(&self, modules: &[usize]) -> Self {
        let pick = |column: &Vec<f64>| modules.iter().map(|&m| column[m]).collect::<Vec<_>>();
        let mut string = ModuleString {
            cell: Arc::clone(&self.cell),
            law: Arc::clone(&self.law),
            cells_series: self.cells_series,
            cells_parallel: self.cells_parallel,
            soc: pick(&self.soc),
            temperature_k: pick(&self.temperature_k),
            capacity_ah: pick(&self.capacity_ah),
            resistance: pick(&self.resistance),
            aging: self.aging.select(&self.law, modules),
            v1: pick(&self.v1),
            v2: pick(&self.v2),
            hysteresis: pick(&self.hysteresis),
            capacity_new_ah: pick(&self.capacity_new_ah),
            resistance_new: pick(&self.resistance_new),
            offset_k: vec![0.0; modules.len()],
            position_ah: self.position_ah,
            throughput_ah: 0.0,
            ledger: Ledger::default(),
            rc_energy_j: 0.0,
            surroundings_k: self.surroundings_k,
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
    pub fn law(&self) -> &Law {
        &self.law
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

    /// State of health of a module by its losses alone, without the spread when new.
    pub fn health(&self, module: usize) -> Health {
        self.aging.health(&self.law, module)
    }

    /// Mean losses of the modules: `(lli, lam)`.
    pub fn losses_mean(&self) -> (f64, f64) {
        let n = self.len() as f64;
        (0..self.len())
            .map(|m| self.health(m))
            .fold((0.0, 0.0), |(lli, lam), health| (lli + health.lli / n, lam + health.lam / n))
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
        let r = self.cell.resistances(soc).iter().sum::<f64>() * self.cell.resistance_factor(temperature_k);
        let u = self.cell.ocv(soc) - self.cell.spec.hysteresis_v;
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

    /// Sets a module to what was measured of it: SoH and resistance over the cell's nominal values, with a history that
    /// could have led there. A SoH above what it had when new counts as new.
    pub fn set_used(&mut self, module: usize, used: &UsedUnit) {
        let new = self.capacity_new_ah[module] / self.cell.spec.capacity_ah;
        let of_new = UsedUnit {
            soh: (used.soh / new).min(1.0),
            resistance: used.resistance.map(|r| r / self.resistance_new[module]),
            ..*used
        };
        self.aging.set_used(&self.law, module, &of_new);
        self.apply_aging();
    }

    /// Ends a day: cycles are booked, capacity and resistance follow the losses.
    pub fn end_day(&mut self) {
        self.aging.end_day(&self.law, self.cell.spec.capacity_ah, &self.capacity_ah, &self.soc, self.position_ah);
        self.apply_aging();
    }

    /// Ends a duty: open cycles are booked as half cycles. Nothing is reset.
    pub fn close_duty(&mut self) {
        self.aging.close(
            &self.law,
            self.cell.spec.capacity_ah,
            &self.capacity_ah,
            &self.soc,
            self.position_ah,
            &self.temperature_k,
        );
        self.apply_aging();
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

    /// Cells of a module.
    pub(super) fn cells(&self) -> f64 {
        self.cells_series * self.cells_parallel
    }

    pub(super) fn rc_energy(&self) -> f64 {
        let spec = &self.cell.spec;
        (0..self.len())
            .map(|m| {
                let g = self.cell.resistance_factor(self.temperature_k[m]) * self.resistance[m];
                let r = self.cell.resistances(self.soc[m]);
                0.5 * (spec.tau1_s / (r[1] * g) * self.v1[m].powi(2) + spec.tau2_s / (r[2] * g) * self.v2[m].powi(2))
            })
            .sum::<f64>()
            * self.cells()
    }

    /// Self-discharge current of a cell over its capacity \[A/Ah\].
    pub(super) fn leak_per_ah(&self) -> f64 {
        self.cell.spec.self_discharge_per_month / (DAYS_PER_MONTH * 24.0)
    }

    /// Capacity and resistance from the losses. Charge is conserved; what no longer fits is booked as faded.
    fn apply_aging(&mut self) {
        let mut faded = 0.0;
        for m in 0..self.soc.len() {
            let health = self.aging.health(&self.law, m);
            let (before_ah, after_ah) = (self.capacity_ah[m], self.capacity_new_ah[m] * health.capacity);
            let before = before_ah * self.cell.integral(self.soc[m]);
            self.soc[m] = (self.soc[m] * before_ah / after_ah).min(1.0);
            faded += before - after_ah * self.cell.integral(self.soc[m]);
            self.capacity_ah[m] = after_ah;
            self.resistance[m] = self.resistance_new[m] * health.resistance;
        }
        self.ledger.fade_j += 3600.0 * faded * self.cells();
    }
}
