//! The battery of a system: strings or modules on one DC bus, asked for power by the topology's rules.

use super::parallel;
use crate::cell::ZERO_CELSIUS_K;
use crate::life::constants::*;
use crate::life::plan::{SecondLifePlan, Topology};
use crate::pack::{Environment, Limit, Limits, ModuleString};
use crate::site::{Condition, Given, Shortage, Storage};

const HOUR_S: f64 = 3600.0;
/// Share of a wish below which a shortfall is the solver's, not the battery's.
const UNSERVED_SHARE: f64 = 1e-4;

/// Units of a battery (strings, or modules behind converters of their own) and what their joining cost so far.
pub(super) struct Battery<'a> {
    pub plan: &'a SecondLifePlan,
    pub units: Vec<ModuleString>,
    /// Units in the order in which they are asked.
    order: Vec<usize>,
    pub wasted: Wasted,
}

/// What a topology wastes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wasted {
    /// Throughput lost in the converters of strings or modules \[kWh\].
    pub converter_kwh: f64,
    /// Heat of balancing \[J\].
    pub balancing_j: f64,
    /// Energy that one string gave to another over the bus \[kWh\].
    pub circulated_kwh: f64,
    /// Time of strings off the bus, and of all strings \[h\]; only with switched strings.
    pub off_h: f64,
    pub unit_h: f64,
    /// Sum over the units of temperature, and of one, over time \[K h\], \[h\].
    pub temperature_k_h: f64,
    pub lived_h: f64,
}

/// Energies at the start \[kWh\].
#[derive(Clone, Copy, Debug)]
pub(super) struct Bases {
    /// SoH of the weakest module.
    pub soh: f64,
    /// Capacity that the topology can use, at nominal voltage.
    pub actual_kwh: f64,
    /// The same inside the SoC window, at the open-circuit voltage.
    pub usable_kwh: f64,
    /// What the modules' own windows hold beyond that.
    pub unused_kwh: f64,
}

impl<'a> Battery<'a> {
    /// A battery without units yet.
    pub fn new(plan: &'a SecondLifePlan) -> Self {
        Battery { plan, order: Vec::new(), units: Vec::new(), wasted: Wasted::default() }
    }

    /// Adds a string; with a converter for each module it is taken apart.
    pub fn add(&mut self, string: ModuleString) {
        match self.plan.topology {
            Topology::ConverterPerModule => self.units.extend(alone(&string)),
            _ => self.units.push(string),
        }
        self.order = (0..self.units.len()).collect();
    }

    /// What can be used of the modules as they are.
    pub fn bases(&self) -> Bases {
        let [low, high] = self.plan.soc_window;
        let shared = |s: &ModuleString| match self.plan.topology {
            Topology::SeriesActiveBalancing => s.soh_shared(self.plan.electronics.balancer_efficiency),
            _ => s.soh_min(),
        };
        let usable_kwh = match self.plan.topology {
            Topology::SeriesActiveBalancing => self.sum(|s| s.window_at_kwh(shared(s), low, high)),
            _ => self.sum(|s| s.window_kwh(low, high)),
        };
        let whole: f64 = self.sum(|s| s.window_at_kwh(s.soh_mean(), low, high));
        Bases {
            soh: self.soh_min(),
            actual_kwh: self.sum(|s| shared(s) * s.module_nominal_kwh() * s.len() as f64),
            usable_kwh,
            unused_kwh: (whole - usable_kwh).max(0.0),
        }
    }

    /// Sum over the units.
    pub fn sum(&self, of: impl Fn(&ModuleString) -> f64) -> f64 {
        self.units.iter().map(of).sum()
    }

    /// SoH of the weakest module.
    pub fn soh_min(&self) -> f64 {
        self.units.iter().map(ModuleString::soh_min).fold(f64::INFINITY, f64::min)
    }

    /// Highest resistance over new of a module.
    pub fn resistance_max(&self) -> f64 {
        self.units.iter().map(ModuleString::resistance_max).fold(0.0, f64::max)
    }

    /// Number of modules.
    pub fn modules(&self) -> usize {
        self.units.iter().map(ModuleString::len).sum()
    }

    /// Efficiency between a unit's terminals and the bus, either way.
    fn efficiency(&self) -> f64 {
        let electronics = &self.plan.electronics;
        match self.plan.topology {
            Topology::Series | Topology::SeriesActiveBalancing => electronics.string_efficiency,
            Topology::ParallelStringsSwitched => 1.0,
            Topology::ConverterPerModule => electronics.module_efficiency,
        }
    }

    /// Power that the bus can carry at the check's SoC and temperature \[W\].
    pub fn power_capability_w(&self) -> f64 {
        let temperature_k = POWER_CHECK_TEMPERATURE_C + ZERO_CELSIUS_K;
        if self.plan.topology == Topology::ParallelStringsSwitched {
            return parallel::power_capability_w(&self.units, POWER_CHECK_SOC, temperature_k);
        }
        self.sum(|s| s.power_capability_w(POWER_CHECK_SOC, temperature_k)) * self.efficiency()
    }

    /// What a limit of the units means on the bus. A rate below the cell's own is that of a cell too cold or too hot.
    fn shortage(&self, held: Limit, charging: bool) -> Shortage {
        let derated = |s: &ModuleString| {
            let (mut cold, mut hot) = (f64::INFINITY, 0.0_f64);
            s.temperature_k.iter().for_each(|t| (cold, hot) = (cold.min(*t), hot.max(*t)));
            let (charge, discharge) = s.cell().derating.least(cold, hot);
            (if charging { charge } else { discharge }) < 1.0
        };
        match held {
            Limit::None => Shortage::None,
            Limit::Soc => Shortage::Energy,
            Limit::Cold => Shortage::Temperature,
            Limit::Current if self.units.iter().any(derated) => Shortage::Temperature,
            Limit::Voltage | Limit::Current => Shortage::Power,
        }
    }

    fn note_time(&mut self, hours: f64) {
        self.wasted.temperature_k_h += hours * self.sum(ModuleString::temperature_mean_k);
        self.wasted.lived_h += hours * self.units.len() as f64;
    }

    /// Each unit behind a converter of its own: it is asked for its part of what is left, and what it cannot give or take
    /// is asked of those after it. Strings get like parts, single modules parts by what they hold or lack.
    fn ask_in_turn(&mut self, wish_kw: f64, hours: f64, env: &Environment, limits: &Limits) -> (f64, Limit) {
        let (efficiency, discharging) = (self.efficiency(), wish_kw > 0.0);
        // On discharge the unit gives more than the bus gets, on charge it gets less.
        let to_unit = if discharging { 1.0 / efficiency } else { efficiency };
        let by_content = self.plan.topology == Topology::ConverterPerModule;
        let weight = |s: &ModuleString| match (by_content, discharging) {
            (false, _) => 1.0,
            (true, true) => (s.soc_min() - limits.soc_low).max(0.0) * s.capacity_ah[0],
            (true, false) => (limits.soc_high - s.soc_max()).max(0.0) * s.capacity_ah[0],
        };
        let mut weights: f64 = self.units.iter().map(weight).sum();
        let (mut left, mut held) = (wish_kw, Limit::None);
        for &index in &self.order {
            let unit = &mut self.units[index];
            let part = weight(unit);
            let ask = match part {
                _ if part <= 0.0 => 0.0,
                _ if part >= weights => left,
                _ => left * part / weights,
            };
            weights -= part;
            if part <= 0.0 {
                held = Limit::Soc;
            }
            let out_of_sign = if discharging { ask < 0.0 } else { ask >= 0.0 };
            if out_of_sign {
                unit.rest(hours * HOUR_S, env);
                continue;
            }
            let flow = unit.step(1e3 * ask * to_unit, 1.0, hours * HOUR_S, env, limits);
            let at_unit = flow.energy_j / (JOULE_PER_KWH * hours);
            let on_bus = at_unit / to_unit;
            left -= on_bus;
            self.wasted.converter_kwh += (at_unit - on_bus) * hours;
            if flow.limit != Limit::None {
                held = flow.limit;
            }
        }
        (wish_kw - left, held)
    }

    /// Strings joined on the bus: currents split by their voltages and resistances.
    fn share_bus(&mut self, wish_kw: f64, hours: f64, env: &Environment, limits: &Limits) -> (f64, Limit) {
        let bus = parallel::Bus {
            wish_w: 1e3 * wish_kw,
            dt_s: hours * HOUR_S,
            env: *env,
            limits: *limits,
            circulating_c_max: self.plan.electronics.circulating_c_max,
        };
        let shared = bus.step(&mut self.units, &self.order);
        self.wasted.circulated_kwh += shared.circulated_w * 1e-3 * hours;
        self.wasted.off_h += shared.off as f64 * hours;
        self.wasted.unit_h += self.units.len() as f64 * hours;
        (1e-3 * shared.given_w, shared.held)
    }

    fn balance_actively(&mut self, hours: f64) {
        if self.plan.topology == Topology::SeriesActiveBalancing {
            let e = &self.plan.electronics;
            for unit in &mut self.units {
                self.wasted.balancing_j += unit.balance_actively(e.balancer_w, e.balancer_efficiency, hours * HOUR_S);
            }
        }
    }

    /// Orders the units by what is asked, lowest first.
    fn rank(&mut self, of: impl Fn(&ModuleString) -> f64) {
        if self.units.len() > 1 {
            let units = &self.units;
            self.order.sort_by(|&a, &b| of(&units[a]).total_cmp(&of(&units[b])).then(a.cmp(&b)));
        }
    }
}

impl Storage for Battery<'_> {
    fn discharge(&mut self, wish_kw: f64, soc_low: f64, hours: f64, env: &Environment) -> Given {
        let limits = Limits { soc_low, soc_high: self.plan.soc_window[1] };
        self.rank(|s| s.soc_min());
        let (kw, held) = if self.plan.topology == Topology::ParallelStringsSwitched {
            self.share_bus(wish_kw, hours, env, &limits)
        } else {
            self.ask_in_turn(wish_kw, hours, env, &limits)
        };
        self.balance_actively(hours);
        self.note_time(hours);
        let short = wish_kw - kw > UNSERVED_SHARE * wish_kw;
        Given { kw, short: if short { self.shortage(held, false) } else { Shortage::None } }
    }

    fn charge(&mut self, offer_kw: f64, soc_high: f64, hours: f64, env: &Environment) -> Given {
        let limits = Limits { soc_low: self.plan.soc_window[0], soc_high };
        self.rank(|s| -s.soc_max());
        let (kw, held) = if self.plan.topology == Topology::ParallelStringsSwitched {
            self.share_bus(-offer_kw, hours, env, &limits)
        } else {
            self.ask_in_turn(-offer_kw, hours, env, &limits)
        };
        if self.plan.topology == Topology::SeriesActiveBalancing {
            self.balance_actively(hours);
        } else {
            let top = limits.soc_high - BALANCE_BAND;
            for unit in self.units.iter_mut().filter(|s| s.soc_max() >= top) {
                self.wasted.balancing_j += unit.balance(hours * HOUR_S);
            }
        }
        self.note_time(hours);
        let short = offer_kw + kw > UNSERVED_SHARE * offer_kw;
        Given { kw, short: if short { self.shortage(held, true) } else { Shortage::None } }
    }

    /// By the fullest unit of each string at nominal voltage, inside the rate of charge.
    fn room_kw(&self, soc_high: f64, hours: f64) -> f64 {
        let room = |s: &ModuleString| {
            let nominal_kwh = s.module_nominal_kwh() * s.len() as f64;
            let by_energy = (soc_high - s.soc_max()).max(0.0) * s.soh_min() * nominal_kwh / hours;
            by_energy.min(s.cell().spec.charge_c_max * nominal_kwh)
        };
        self.sum(room) / self.efficiency()
    }

    fn soc_window(&self) -> [f64; 2] {
        self.plan.soc_window
    }

    fn soc(&self) -> f64 {
        self.sum(ModuleString::soc_mean) / self.units.len() as f64
    }

    fn temperature_c(&self) -> f64 {
        self.sum(ModuleString::temperature_mean_k) / self.units.len() as f64 - ZERO_CELSIUS_K
    }

    fn end_day(&mut self) {
        self.units.iter_mut().for_each(ModuleString::end_day);
    }

    fn soc_chargeable(&self) -> f64 {
        self.units.iter().map(ModuleString::soc_max).fold(f64::INFINITY, f64::min)
    }

    fn own_draw_kw(&self) -> f64 {
        match self.plan.topology {
            Topology::ConverterPerModule => 1e-3 * self.plan.electronics.module_no_load_w * self.units.len() as f64,
            _ => 0.0,
        }
    }

    fn condition(&self) -> Condition {
        Condition {
            efc: self.sum(ModuleString::efc) / self.units.len() as f64,
            soh: self.soh_min(),
            resistance: self.resistance_max(),
            usable_kwh: self.bases().usable_kwh,
        }
    }
}

/// Each module as a string of its own.
fn alone(string: &ModuleString) -> impl Iterator<Item = ModuleString> {
    (0..string.len()).map(|m| string.select(&[m]))
}
