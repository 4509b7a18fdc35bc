//! A series string of modules, stepped as columns.
//!
//! Columns hold the state of one cell of each unit: the cells of a unit are taken as equal, so its voltage is cell
//! voltage times cells in series, and its current is cell current times cells in parallel.

use super::kernel::Scratch;
use super::ledger::Ledger;
use super::limits::Limit;
use super::spread::ModuleSpread;
use crate::aging::{AgingState, Capacities, Health, Law, UsedHistory, UsedUnit};
use crate::cell::Cell;
use crate::cell::tables::SHIFT_LLI;
use crate::numeric::calendar::DAYS_PER_MONTH;
use std::sync::Arc;

/// Surroundings of a string over a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Environment {
    /// Temperature the modules tend to without heat of their own \[K\].
    pub temperature_k: f64,
    /// Time constant of that \[s\].
    pub time_constant_s: f64,
    /// Rise of that temperature from the first to the last module, as of the coolant that passes them \[K\].
    pub along_k: f64,
}

/// What of a pack is simulated as one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fidelity {
    /// Each cell, with the split of current between cells in parallel.
    Cell,
    /// Each module; its cells are taken as equal.
    #[default]
    Module,
    /// The whole pack while it is in the vehicle; its modules when they are sorted.
    Pack,
}

/// How a string is put together, and what of it is stepped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    /// Cell groups in series in a module.
    pub cells_series: u32,
    /// Cells in parallel in a group.
    pub cells_parallel: u32,
    /// Whether each cell is a unit of its own; otherwise each module is.
    pub by_cell: bool,
    /// Heat between neighbouring units \[W/K\].
    pub neighbour_w_per_k: f64,
}

impl Build {
    /// Modules as units, without heat between them.
    pub fn modules(cells_series: u32, cells_parallel: u32) -> Self {
        Build { cells_series, cells_parallel, by_cell: false, neighbour_w_per_k: 0.0 }
    }

    /// Units of a module.
    pub fn units(&self) -> usize {
        if self.by_cell { (self.cells_series * self.cells_parallel) as usize } else { 1 }
    }
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
///
/// Units stand in the order of modules, of groups in a module and of cells in a group.
#[derive(Clone, Debug)]
pub struct ModuleString {
    pub(super) cell: Arc<Cell>,
    pub(super) law: Arc<Law>,
    pub(super) build: Build,
    /// Units in parallel in a group.
    pub(super) parallel: usize,
    /// SoC of each unit.
    pub soc: Vec<f64>,
    /// Temperature of each unit \[K\].
    pub temperature_k: Vec<f64>,
    /// Present capacity of a cell \[Ah\].
    pub capacity_ah: Vec<f64>,
    /// Present resistance over nominal when new.
    pub resistance: Vec<f64>,
    /// Aging, carried whole.
    pub aging: AgingState,
    /// Currents through the resistances of the RC pairs \[A per cell\].
    pub(super) j1: Vec<f64>,
    pub(super) j2: Vec<f64>,
    pub(super) hysteresis: Vec<f64>,
    /// Share of lithium lost, as far as the voltage follows it.
    pub(super) lli: Vec<f64>,
    /// Self-discharge over capacity \[1/h\].
    pub(super) leak_per_h: Vec<f64>,
    pub(super) capacity_new_ah: Vec<f64>,
    pub(super) resistance_new: Vec<f64>,
    pub(super) offset_k: Vec<f64>,
    /// Mean capacity of the unit's group, which sets how deep its cells are cycled \[Ah\]; only with units in parallel.
    pub(super) swing_ah: Vec<f64>,
    /// Heat between neighbouring units \[W/K\].
    pub(super) neighbour_w_per_k: f64,
    /// Charge drawn from a cell since new, discharge positive \[Ah\].
    pub(super) position_ah: f64,
    pub(super) throughput_ah: f64,
    pub(super) ledger: Ledger,
    pub(super) rc_energy_j: f64,
    /// Temperature of each unit's place above the surroundings \[K\], for a rise along the string.
    pub(super) here_k: Vec<f64>,
    along_k: f64,
    pub(super) conduction: Vec<f64>,
    pub(super) scratch: Scratch,
}

impl ModuleString {
    /// New modules at a SoC and temperature \[K\], each a unit.
    pub fn new(
        cell: Arc<Cell>,
        law: Arc<Law>,
        cells_series: u32,
        cells_parallel: u32,
        spread: ModuleSpread,
        soc: f64,
        temperature_k: f64,
    ) -> Self {
        Self::build(cell, law, Build::modules(cells_series, cells_parallel), spread, soc, temperature_k)
    }

    /// New modules at a SoC and temperature \[K\]; the differences are those of the units.
    pub fn build(
        cell: Arc<Cell>,
        law: Arc<Law>,
        build: Build,
        spread: ModuleSpread,
        soc: f64,
        temperature_k: f64,
    ) -> Self {
        let n = spread.capacity.len();
        let capacity: Vec<f64> = spread.capacity.iter().map(|c| c * cell.spec.capacity_ah).collect();
        let leak_per_h = cell.spec.self_discharge_per_month / (DAYS_PER_MONTH * 24.0);
        let mut string = ModuleString {
            build,
            parallel: if build.by_cell { build.cells_parallel as usize } else { 1 },
            soc: vec![soc; n],
            temperature_k: vec![temperature_k; n],
            capacity_ah: capacity.clone(),
            resistance: spread.resistance.clone(),
            aging: AgingState::new(&law, spread.factors),
            law,
            j1: vec![0.0; n],
            j2: vec![0.0; n],
            hysteresis: vec![0.0; n],
            lli: vec![0.0; n],
            leak_per_h: spread.self_discharge.iter().map(|factor| factor * leak_per_h).collect(),
            capacity_new_ah: capacity,
            resistance_new: spread.resistance,
            here_k: spread.offset_k.clone(),
            offset_k: spread.offset_k,
            swing_ah: vec![],
            neighbour_w_per_k: build.neighbour_w_per_k,
            position_ah: 0.0,
            throughput_ah: 0.0,
            ledger: Ledger::default(),
            rc_energy_j: 0.0,
            along_k: 0.0,
            conduction: vec![],
            scratch: Scratch::sized(n),
            cell,
        };
        string.share_swing();
        string
    }

    /// A new string of the given modules of this one, in a place of its own: state goes along whole, the books start
    /// afresh, and the temperature offsets and neighbours of the old place are left behind.
    pub fn select(&self, modules: &[usize]) -> Self {
        let per_module = self.build.units();
        let units: Vec<usize> = modules.iter().flat_map(|m| m * per_module..(m + 1) * per_module).collect();
        let mut string = self.pick(&units);
        string.offset_k.fill(0.0);
        string.here_k.fill(0.0);
        string.neighbour_w_per_k = 0.0;
        string
    }

    /// The modules of a pack that was simulated as one unit: as many of equal state as it stood for.
    pub fn divide(&self, modules: u32) -> Self {
        let mut string = self.pick(&vec![0; modules as usize]);
        string.build.cells_series /= modules;
        (string.throughput_ah, string.ledger, string.along_k) = (self.throughput_ah, self.ledger, 0.0);
        string.rc_energy_j = string.rc_energy();
        string
    }

    /// A string of some of the units, in this order; the caller sees to its layout.
    pub(super) fn pick(&self, units: &[usize]) -> Self {
        let pick = |column: &Vec<f64>| units.iter().map(|&u| column[u]).collect::<Vec<_>>();
        let mut string = ModuleString {
            cell: Arc::clone(&self.cell),
            law: Arc::clone(&self.law),
            build: self.build,
            parallel: self.parallel,
            soc: pick(&self.soc),
            temperature_k: pick(&self.temperature_k),
            capacity_ah: pick(&self.capacity_ah),
            resistance: pick(&self.resistance),
            aging: self.aging.select(&self.law, units),
            j1: pick(&self.j1),
            j2: pick(&self.j2),
            hysteresis: pick(&self.hysteresis),
            lli: pick(&self.lli),
            leak_per_h: pick(&self.leak_per_h),
            capacity_new_ah: pick(&self.capacity_new_ah),
            resistance_new: pick(&self.resistance_new),
            offset_k: pick(&self.offset_k),
            here_k: pick(&self.offset_k),
            swing_ah: vec![],
            neighbour_w_per_k: self.neighbour_w_per_k,
            position_ah: self.position_ah,
            throughput_ah: 0.0,
            ledger: Ledger::default(),
            rc_energy_j: 0.0,
            along_k: 0.0,
            conduction: vec![],
            scratch: Scratch::sized(units.len()),
        };
        string.share_swing();
        string.rc_energy_j = string.rc_energy();
        string
    }

    /// Sees to what follows from the columns, once they hold as many units: a place without offsets or neighbours, the
    /// swing of groups, the energy of the pairs.
    pub(super) fn settle_in(&mut self, units: usize) {
        self.offset_k = vec![0.0; units];
        self.here_k = vec![0.0; units];
        self.neighbour_w_per_k = 0.0;
        self.scratch = Scratch::sized(units);
        self.share_swing();
        self.rc_energy_j = self.rc_energy();
    }

    /// Number of modules.
    pub fn len(&self) -> usize {
        self.soc.len() / self.build.units()
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

    /// SoH of a module: capacity of its weakest group over nominal.
    pub fn soh(&self, module: usize) -> f64 {
        let groups = self.groups_of(module);
        groups.map(|g| self.group_capacity_ah(g)).fold(f64::INFINITY, f64::min) / self.cell.spec.capacity_ah
    }

    /// SoH of the weakest module, which is the string's.
    pub fn soh_min(&self) -> f64 {
        (0..self.groups()).map(|g| self.group_capacity_ah(g)).fold(f64::INFINITY, f64::min) / self.cell.spec.capacity_ah
    }

    /// Mean SoH of the modules.
    pub fn soh_mean(&self) -> f64 {
        if self.build.by_cell {
            return (0..self.len()).map(|m| self.soh(m)).sum::<f64>() / self.len() as f64;
        }
        self.capacity_ah.iter().sum::<f64>() / (self.len() as f64 * self.cell.spec.capacity_ah)
    }

    /// Resistance of a module over new.
    pub fn resistance_of(&self, module: usize) -> f64 {
        let groups = self.groups_of(module);
        let n = groups.len() as f64;
        groups.map(|g| self.group_resistance(g)).sum::<f64>() / n
    }

    /// Mean resistance over new.
    pub fn resistance_mean(&self) -> f64 {
        (0..self.groups()).map(|g| self.group_resistance(g)).sum::<f64>() / self.groups() as f64
    }

    /// Highest resistance of a module over new.
    pub fn resistance_max(&self) -> f64 {
        (0..self.len()).map(|m| self.resistance_of(m)).fold(0.0, f64::max)
    }

    /// State of health of a unit by its losses alone, without the spread when new.
    pub fn health(&self, unit: usize) -> Health {
        self.aging.health(&self.law, unit)
    }

    /// Mean losses of the units: `(lli, lam)`.
    pub fn losses_mean(&self) -> (f64, f64) {
        let n = self.soc.len() as f64;
        (0..self.soc.len())
            .map(|u| self.health(u))
            .fold((0.0, 0.0), |(lli, lam), health| (lli + health.lli / n, lam + health.lam / n))
    }

    /// Equivalent full cycles on nominal capacity since the string was put together.
    pub fn efc(&self) -> f64 {
        0.5 * self.throughput_ah / self.cell.spec.capacity_ah
    }

    /// Energy on the name plate of one module \[kWh\].
    pub fn module_nominal_kwh(&self) -> f64 {
        self.cell.nominal_energy_kwh() * f64::from(self.build.cells_series * self.build.cells_parallel)
    }

    /// Lowest SoC of a unit.
    pub fn soc_min(&self) -> f64 {
        self.soc.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Highest SoC of a unit.
    pub fn soc_max(&self) -> f64 {
        self.soc.iter().copied().fold(0.0, f64::max)
    }

    /// Slope of the open-circuit voltage over SoC at the fullest unit \[V per unit SoC\].
    pub fn ocv_slope_at_fullest(&self) -> f64 {
        self.cell.ocv_slope(self.soc_max())
    }

    /// Mean SoC of a module's units.
    pub fn soc_of(&self, module: usize) -> f64 {
        let units = self.units_of(module);
        let n = units.len() as f64;
        self.soc[units].iter().sum::<f64>() / n
    }

    /// Mean temperature of a module's units \[K\].
    pub fn temperature_of_k(&self, module: usize) -> f64 {
        let units = self.units_of(module);
        let n = units.len() as f64;
        self.temperature_k[units].iter().sum::<f64>() / n
    }

    /// Mean SoC of the units.
    pub fn soc_mean(&self) -> f64 {
        self.soc.iter().sum::<f64>() / self.soc.len() as f64
    }

    /// Mean temperature of the units \[K\].
    pub fn temperature_mean_k(&self) -> f64 {
        self.temperature_k.iter().sum::<f64>() / self.soc.len() as f64
    }

    /// Energy between two SoC at the open-circuit voltage, set by the weakest module \[kWh\].
    pub fn window_kwh(&self, low: f64, high: f64) -> f64 {
        self.window_at_kwh(self.soh_min(), low, high)
    }

    /// Energy stored above SoC 0, RC pairs included \[J\].
    pub fn stored_j(&self) -> f64 {
        let of = |u: usize| 3600.0 * self.capacity_ah[u] * self.cell.enthalpy(self.soc[u], self.lli[u]);
        (0..self.soc.len()).map(of).sum::<f64>() * self.cells_of_unit() + self.rc_energy_j
    }

    /// Power that the string carries in steady state at a SoC and temperature without falling below the lowest cell
    /// voltage \[W\]. The module with the highest resistance sets the current.
    pub fn power_capability_w(&self, soc: f64, temperature_k: f64) -> f64 {
        let r = self.cell.resistances(soc).iter().sum::<f64>() * self.cell.resistance_factor(temperature_k);
        let lli = self.lli.iter().copied().fold(0.0, f64::max);
        let (new, old) = (self.cell.ocv_at(soc, temperature_k, 0.0), self.cell.ocv_at(soc, temperature_k, lli));
        let u = new.min(old) - self.cell.spec.hysteresis_v;
        let growth = |g: usize| self.group_resistance(g);
        let worst = (0..self.groups()).map(growth).fold(0.0, f64::max);
        let by_voltage = (u - self.cell.spec.voltage_min_v) / (r * worst);
        let (_, derating) = self.cell.derating.least(temperature_k, temperature_k);
        let by_rate = derating * self.cell.spec.discharge_c_max * self.cell.spec.capacity_ah;
        let i = by_voltage.min(by_rate).max(0.0);
        (0..self.groups()).map(|g| i * (u - r * growth(g) * i)).sum::<f64>() * self.cells()
    }

    /// A defect: the module loses a share of its capacity and its resistance grows by a factor.
    pub fn damage(&mut self, module: usize, capacity_share: f64, resistance_factor: f64) {
        for unit in self.units_of(module) {
            self.capacity_new_ah[unit] *= capacity_share;
            self.resistance_new[unit] *= resistance_factor;
        }
        self.apply_aging();
    }

    /// Sets a module to what was measured of it: SoH and resistance over the cell's nominal values, with a history that
    /// could have led there. A SoH above what it had when new counts as new.
    pub fn set_used(&mut self, module: usize, used: &UsedUnit) {
        self.set_used_after(module, used, &UsedHistory::default());
    }

    /// The same with what is known of the history.
    pub fn set_used_after(&mut self, module: usize, used: &UsedUnit, history: &UsedHistory) {
        for unit in self.units_of(module) {
            let new = self.capacity_new_ah[unit] / self.cell.spec.capacity_ah;
            let of_new = UsedUnit {
                soh: (used.soh / new).min(1.0),
                resistance: used.resistance.map(|r| r / self.resistance_new[unit]),
                ..*used
            };
            self.aging.set_used_after(&self.law, unit, &of_new, history);
        }
        self.apply_aging();
    }

    /// Ends a day: cycles are booked, capacity and resistance follow the losses.
    pub fn end_day(&mut self) {
        let swing = if self.parallel > 1 { &self.swing_ah } else { &self.capacity_ah };
        let capacity =
            Capacities { nominal_ah: self.cell.spec.capacity_ah, own_ah: &self.capacity_ah, swing_ah: swing };
        self.aging.end_day(&self.law, &capacity, &self.soc, self.position_ah);
        self.apply_aging();
    }

    /// Ends a duty: open cycles are booked as half cycles. Nothing is reset.
    pub fn close_duty(&mut self) {
        let swing = if self.parallel > 1 { &self.swing_ah } else { &self.capacity_ah };
        let capacity =
            Capacities { nominal_ah: self.cell.spec.capacity_ah, own_ah: &self.capacity_ah, swing_ah: swing };
        self.aging.close(&self.law, &capacity, &self.soc, self.position_ah, &self.temperature_k);
        self.apply_aging();
    }

    /// Brings every module to a SoC by exchange with the bench's supply; the energy is booked at the terminals.
    pub fn set_soc(&mut self, soc: f64) {
        let before = self.stored_j();
        self.soc.fill(soc);
        self.j1.fill(0.0);
        self.j2.fill(0.0);
        self.rc_energy_j = 0.0;
        let out = before - self.stored_j();
        self.ledger.terminal_j += out;
        if out > 0.0 {
            self.ledger.discharged_j += out;
        } else {
            self.ledger.charged_j -= out;
        }
    }

    /// Cells that share a group's mean current in all: of a chain of one cell for each group.
    pub(super) fn cells(&self) -> f64 {
        self.cells_of_unit() * self.parallel as f64
    }

    /// Cells of a unit.
    pub(super) fn cells_of_unit(&self) -> f64 {
        if self.build.by_cell { 1.0 } else { f64::from(self.build.cells_series * self.build.cells_parallel) }
    }

    /// Places of a module's units in the columns.
    pub(super) fn units_of(&self, module: usize) -> std::ops::Range<usize> {
        let n = self.build.units();
        module * n..(module + 1) * n
    }

    /// Units in series.
    pub(super) fn groups(&self) -> usize {
        self.soc.len() / self.parallel
    }

    fn groups_of(&self, module: usize) -> std::ops::Range<usize> {
        let units = self.units_of(module);
        units.start / self.parallel..units.end / self.parallel
    }

    /// Mean capacity of the cells of a group \[Ah\].
    fn group_capacity_ah(&self, group: usize) -> f64 {
        let cells = &self.capacity_ah[group * self.parallel..(group + 1) * self.parallel];
        cells.iter().sum::<f64>() / self.parallel as f64
    }

    /// Resistance of a group over new: that of its cells in parallel.
    fn group_resistance(&self, group: usize) -> f64 {
        let cells = &self.resistance[group * self.parallel..(group + 1) * self.parallel];
        match cells {
            [one] => *one,
            _ => self.parallel as f64 / cells.iter().map(|r| 1.0 / r).sum::<f64>(),
        }
    }

    pub(super) fn rc_energy(&self) -> f64 {
        let spec = &self.cell.spec;
        (0..self.soc.len())
            .map(|u| {
                let g = self.cell.resistance_factor(self.temperature_k[u]) * self.resistance[u];
                let r = self.cell.resistances(self.soc[u]).map(|r| r * g);
                0.5 * (spec.tau1_s * r[1] * self.j1[u].powi(2) + spec.tau2_s * r[2] * self.j2[u].powi(2))
            })
            .sum::<f64>()
            * self.cells_of_unit()
    }

    /// Temperatures of the units' places for a rise along the string, which changes between cooling and parking.
    pub(super) fn place_offsets(&mut self, env: &Environment) {
        if env.along_k == self.along_k {
            return;
        }
        self.along_k = env.along_k;
        let (per_module, last) = (self.build.units(), (self.len().max(2) - 1) as f64);
        for (unit, here) in self.here_k.iter_mut().enumerate() {
            let place = (unit / per_module) as f64 / last - 0.5;
            *here = self.offset_k[unit] + self.along_k * place;
        }
    }

    /// Capacity and resistance from the losses. Charge is conserved; what no longer fits is booked as faded.
    fn apply_aging(&mut self) {
        let mut faded = 0.0;
        for u in 0..self.soc.len() {
            let health = self.aging.health(&self.law, u);
            let (before_ah, after_ah) = (self.capacity_ah[u], self.capacity_new_ah[u] * health.capacity);
            let before = before_ah * self.cell.enthalpy(self.soc[u], self.lli[u]);
            self.soc[u] = (self.soc[u] * before_ah / after_ah).min(1.0);
            self.lli[u] = health.lli.clamp(0.0, SHIFT_LLI);
            faded += before - after_ah * self.cell.enthalpy(self.soc[u], self.lli[u]);
            self.capacity_ah[u] = after_ah;
            self.resistance[u] = self.resistance_new[u] * health.resistance;
        }
        self.ledger.fade_j += 3600.0 * faded * self.cells_of_unit();
        self.share_swing();
    }

    /// Mean capacities of the groups.
    pub(super) fn share_swing(&mut self) {
        if self.parallel == 1 {
            return;
        }
        self.swing_ah.resize(self.soc.len(), 0.0);
        for group in 0..self.groups() {
            let mean = self.group_capacity_ah(group);
            self.swing_ah[group * self.parallel..(group + 1) * self.parallel].fill(mean);
        }
    }
}
