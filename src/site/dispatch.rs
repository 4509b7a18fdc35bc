//! The rules of a step: which source serves, what charges, what is left.
//!
//! Four cases. *Alone* ([`Step::alone`]): the array serves, then a socket, then the battery; what the array has left
//! charges. *On a source* ([`Step::on_source`]): a genset, or a grid that goes first, carries the load on the AC bus, and
//! the array charges; what the source may still give charges too. *To be taken* ([`Step::take`]): a negative demand is
//! pushed through the charger. *Regulating* ([`Step::regulate`]): the battery serves both signs for the grid, which fills it
//! up meanwhile. Powers are means over the step. Losses are booked by their causes, so that the balance of
//! the buses is a check.

use super::plan::{Coupling, Priority, SitePlan, Strategy};
use super::{Shortage, Storage};
use crate::duty::LoadBus;
use crate::pack::Environment;

/// Unserved power below which a step counts as served \[kW\].
pub(super) const NOTHING_KW: f64 = 1e-9;
/// SoC below the reserve at which the grid fills it up again.
const RESERVE_BAND: f64 = 1e-3;

/// What a step brings.
pub(super) struct Step<'a> {
    pub plan: &'a SitePlan,
    /// Demand of each equal part of the step \[kW\]; negative in a single part only.
    pub demand_kw: &'a [f64],
    /// Power at the array's terminals \[kW\].
    pub array_kw: f64,
    /// Length \[h\].
    pub hours: f64,
    pub env: Environment,
    /// Hour of the day.
    pub hour: usize,
    /// Whether the grid is there.
    pub supply: bool,
    /// Draw on the DC bus whatever flows: electronics and the battery's own converters \[kW\].
    pub electronics_kw: f64,
}

/// What flowed: means over the step \[kW\].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flows {
    pub demand: f64,
    pub served: f64,
    /// Unserved for want of energy, of power, and for the temperature.
    pub unmet: [f64; 3],
    /// Part of what was served: power that had to be taken.
    pub taken: f64,
    pub array: f64,
    pub array_used: f64,
    pub grid: f64,
    pub genset: f64,
    /// Genset power that nobody took, behind the charger.
    pub dumped: f64,
    /// Whether the genset was held at its least load.
    pub least_load: bool,
    /// Battery to bus.
    pub battery: f64,
    pub loss: f64,
    /// Power that the battery gave or took beside the wish: the solver's miss.
    pub miss: f64,
    /// Whether the battery could take no more.
    pub full: bool,
}

impl Flows {
    pub fn unmet_kw(&self) -> f64 {
        self.unmet.iter().sum()
    }

    /// Splits what was not served: what was above a rating, what the battery fell short of, for its reason.
    fn split_unmet(&mut self, above: f64, short: f64, why: Shortage) {
        let unmet = (self.demand - self.served).max(0.0);
        let of = |when: Shortage| if why == when { short } else { 0.0 };
        let power = (above + of(Shortage::Power)).max(0.0).min(unmet);
        let temperature = of(Shortage::Temperature).min(unmet - power).max(0.0);
        self.unmet = [(unmet - power - temperature).max(0.0), power, temperature];
    }
}

/// A source on the AC bus.
struct Source {
    /// Most that it gives \[kW\].
    limit_kw: f64,
    /// Least that it gives \[kW\].
    least_kw: f64,
    /// Most of it into the charger \[kW\]; none for what the least load forces alone.
    charge_kw: Option<f64>,
    /// SoC up to which it charges.
    soc_target: f64,
    /// Whether the battery carries what is above the limit.
    assist: bool,
    /// SoC below which the battery does not.
    soc_low: f64,
}

/// AC and DC side of the socket's charger \[kW\].
#[derive(Clone, Copy)]
struct Socket {
    ac_kw: f64,
    dc_kw: f64,
    soc_target: f64,
}

impl Step<'_> {
    /// Runs the step by the rule that holds.
    pub fn run<S: Storage>(&self, battery: &mut S, genset_on: bool) -> Flows {
        let [low, high] = battery.soc_window();
        if self.plan.regulates && self.supply {
            return self.regulate(battery);
        }
        if self.demand_kw.iter().any(|kw| *kw < 0.0) {
            return self.take(battery, 0.0);
        }
        if let Some(genset) = self.plan.genset.as_ref().filter(|_| genset_on && !self.supply) {
            let source = Source {
                limit_kw: genset.rating_kw,
                least_kw: genset.spec.least_load_share * genset.rating_kw,
                charge_kw: (genset.strategy == Strategy::CycleCharging).then_some(genset.rating_kw),
                soc_target: high,
                assist: genset.battery_assists,
                soc_low: low,
            };
            let mut flows = self.on_source(battery, &source);
            (flows.genset, flows.grid) = (flows.grid, 0.0);
            return flows;
        }
        let Some(grid) = self.plan.grid.as_ref().filter(|_| self.supply) else {
            // The socket of a window belongs to a grid that has no table of its own.
            let socket = if self.plan.grid.is_none() { self.socket(battery) } else { None };
            return self.alone(battery, low, socket);
        };
        let mut source = Source {
            limit_kw: grid.limit_kw,
            least_kw: 0.0,
            charge_kw: Some(grid.charge_kw),
            soc_target: grid.soc_target.min(high),
            assist: true,
            soc_low: grid.reserve_soc.max(low),
        };
        match grid.priority {
            Priority::Grid => self.on_source(battery, &source),
            Priority::Array if battery.soc_chargeable() < source.soc_low - RESERVE_BAND => {
                source.soc_target = source.soc_low.min(high);
                self.on_source(battery, &source)
            }
            Priority::Array => {
                let mut flows = self.alone(battery, source.soc_low, None);
                self.top_up(&mut flows, grid.limit_kw, grid.charge_kw);
                flows
            }
        }
    }

    /// Whether the genset runs in the next step.
    pub fn genset_after<S: Storage>(&self, battery: &S, flows: &Flows, was_on: bool) -> bool {
        let Some(genset) = self.plan.genset.as_ref().filter(|_| !self.supply) else { return false };
        let soc = battery.soc();
        if was_on {
            soc < genset.stop_soc && !flows.full
        } else {
            soc < genset.start_soc || flows.unmet[0] > NOTHING_KW
        }
    }

    /// Array power on the DC bus, and on the AC bus \[kW\].
    fn array(&self) -> [f64; 2] {
        match &self.plan.array.coupling {
            Coupling::Dc { efficiency } => [self.array_kw * efficiency, 0.0],
            Coupling::Ac { inverter } => [0.0, inverter.output_kw(self.array_kw).min(inverter.rating_kw)],
        }
    }

    /// Array power taken at its terminals for what was used of it, on the DC bus and on the AC bus before its charger.
    fn array_used(&self, dc_kw: f64, direct_kw: f64) -> f64 {
        match &self.plan.array.coupling {
            Coupling::Dc { efficiency } => dc_kw / efficiency,
            Coupling::Ac { inverter } => {
                inverter.input_kw(direct_kw + self.plan.charger.input_kw(dc_kw)).min(self.array_kw)
            }
        }
    }

    /// What a power behind the battery's bus serves of the load.
    fn out_kw(&self, dc_kw: f64) -> f64 {
        match self.plan.bus {
            LoadBus::Ac => self.plan.inverter.output_kw(dc_kw),
            LoadBus::Dc => dc_kw,
        }
    }

    /// Array, socket and battery.
    fn alone<S: Storage>(&self, battery: &mut S, soc_low: f64, socket: Option<Socket>) -> Flows {
        let (plan, electronics) = (self.plan, self.electronics_kw);
        let [array_dc, array_ac] = self.array();
        let parts = self.demand_kw.len() as f64;
        // Means over the step; conversion is not linear, so it is done for each part.
        let (mut demand, mut direct, mut wanted, mut need) = (0.0, 0.0, 0.0, electronics);
        for &kw in self.demand_kw {
            let (at_once, carried, drawn) = match plan.bus {
                LoadBus::Ac => {
                    let at_once = kw.min(array_ac);
                    let carried = (kw - at_once).min(plan.inverter.rating_kw);
                    (at_once, carried, if carried > 0.0 { plan.inverter.input_kw(carried) } else { plan.idle_kw })
                }
                LoadBus::Dc => (0.0, kw, kw),
            };
            demand += kw / parts;
            direct += at_once / parts;
            wanted += carried / parts;
            need += drawn / parts;
        }
        let bus_pv = array_dc + plan.charger.output_kw((array_ac - direct).min(plan.charger.rating_kw));

        let from_pv = need.min(bus_pv);
        let from_grid = (need - from_pv).min(socket.map_or(0.0, |s| s.dc_kw));
        let short = need - from_pv - from_grid;
        let spare_grid = socket.map_or(0.0, |s| s.dc_kw) - from_grid;
        let surplus = bus_pv - from_pv;

        let given = if short > 0.0 {
            battery.discharge(short, soc_low, self.hours, &self.env)
        } else {
            let [_, high] = battery.soc_window();
            let target = socket.filter(|_| spare_grid > 0.0 && surplus <= 0.0).map_or(high, |s| s.soc_target.min(high));
            battery.charge(surplus + spare_grid, target, self.hours, &self.env)
        };
        let (battery_kw, why) = (given.kw, given.short);
        let into = (-battery_kw).max(0.0);
        let used_pv = from_pv + into.min(surplus);
        let used_grid = from_grid + (into - surplus).clamp(0.0, spare_grid);
        let cut = short > 0.0 && why != Shortage::None;
        let given = used_pv + used_grid + battery_kw;
        let carried = if cut { self.out_kw((given - electronics).max(0.0)).min(wanted) } else { wanted };
        // Losses by their causes. What is left is the solver's miss: power the battery gave or took beside the wish.
        let grid_ac = match socket {
            // At the efficiency of the charger's full power.
            Some(s) if s.dc_kw > 0.0 => used_grid * s.ac_kw / s.dc_kw,
            _ => 0.0,
        };
        let array_used = self.array_used(used_pv, direct);
        let inverter_loss = if cut { given - carried } else { need - wanted };
        let mut flows = Flows {
            demand,
            served: direct + carried,
            array: self.array_kw,
            array_used,
            grid: grid_ac,
            battery: battery_kw,
            loss: (array_used - used_pv - direct) + (grid_ac - used_grid) + inverter_loss,
            miss: if cut {
                0.0
            } else if short > 0.0 {
                battery_kw - short
            } else {
                battery_kw + into.min(surplus + spare_grid)
            },
            full: short <= 0.0 && why == Shortage::Energy,
            ..Flows::default()
        };
        flows.split_unmet(demand - wanted - direct, wanted - carried, why);
        flows
    }

    /// The grid serves what is left of the load after array and battery.
    fn top_up(&self, flows: &mut Flows, limit_kw: f64, charge_kw: f64) {
        let charger = &self.plan.charger;
        let most = match self.plan.bus {
            LoadBus::Ac => limit_kw,
            LoadBus::Dc => charger.output_kw(limit_kw.min(charge_kw).min(charger.rating_kw)),
        };
        let extra = flows.unmet_kw().min(most);
        if extra <= 0.0 {
            return;
        }
        let grid = match self.plan.bus {
            LoadBus::Ac => extra,
            LoadBus::Dc => charger.input_kw(extra),
        };
        flows.grid += grid;
        flows.loss += grid - extra;
        flows.served += extra;
        // What is still missing is above the limit of the import.
        flows.unmet = [0.0, (flows.demand - flows.served).max(0.0), 0.0];
    }

    /// A source carries the load, and charges. Its power is told as that of the grid.
    fn on_source<S: Storage>(&self, battery: &mut S, source: &Source) -> Flows {
        let (plan, electronics) = (self.plan, self.electronics_kw);
        let (inverter, charger) = (&plan.inverter, &plan.charger);
        let [array_dc, array_ac] = self.array();
        let demand = self.demand_kw.iter().sum::<f64>() / self.demand_kw.len() as f64;
        let (ac_load, dc_load, idle) = match plan.bus {
            LoadBus::Ac => (demand, 0.0, plan.idle_kw),
            LoadBus::Dc => (0.0, demand, 0.0),
        };
        let direct = ac_load.min(array_ac);
        let on_source = (ac_load - direct).min(source.limit_kw);
        let above = ac_load - direct - on_source;
        let carried = if source.assist { above.min(inverter.rating_kw) } else { 0.0 };
        let need = electronics + dc_load + if carried > 0.0 { inverter.input_kw(carried) } else { idle };

        // The charger takes what the array has left on the AC bus first.
        let array_in = (array_ac - direct).min(charger.rating_kw);
        let array_out = charger.output_kw(array_in);
        let forced_kw = (source.least_kw - on_source).max(0.0);
        let wished_kw = source.charge_kw.unwrap_or_else(|| forced_kw.max(charger.input_kw(dc_load)));
        let source_in = wished_kw.min(source.limit_kw - on_source).min(charger.rating_kw - array_in).max(0.0);
        let source_out = charger.output_kw(array_in + source_in) - array_out;

        let bus_pv = array_dc + array_out;
        let from_pv = need.min(bus_pv);
        let from_source = (need - from_pv).min(source_out);
        let short = need - from_pv - from_source;
        let (surplus, mut spare) = (bus_pv - from_pv, source_out - from_source);
        let given = if short > 0.0 {
            battery.discharge(short, source.soc_low, self.hours, &self.env)
        } else {
            let [_, high] = battery.soc_window();
            let mut top = high;
            if source.soc_target < high {
                let room = battery.room_kw(source.soc_target, self.hours);
                spare = spare.min((room - surplus).max(0.0));
                top = if spare > 0.0 { source.soc_target } else { high };
            }
            battery.charge(surplus + spare, top, self.hours, &self.env)
        };
        let (battery_kw, why) = (given.kw, given.short);
        let into = (-battery_kw).max(0.0);
        // The array goes first, but for what a least load forces on the battery.
        let forced = if forced_kw > 0.0 { (charger.output_kw(forced_kw) - from_source).max(0.0) } else { 0.0 };
        let of_source = (into - surplus).clamp(0.0, spare).max(forced.min(spare).min(into));
        let used_pv = from_pv + (into - of_source).clamp(0.0, surplus);
        let used_source = from_source + of_source;
        // At the charger both go together; the array's part comes first.
        let array_part = if array_ac > 0.0 { used_pv } else { 0.0 };
        let behind = charger.input_kw(array_part + used_source) - charger.input_kw(array_part);
        let asked_kw = on_source + behind.min(source_in.max(0.0));
        let gives_kw = asked_kw.max(source.least_kw);
        let dumped =
            if gives_kw > asked_kw { (charger.output_kw(gives_kw - on_source) - used_source).max(0.0) } else { 0.0 };

        let cut = short > 0.0 && why != Shortage::None;
        let total = used_pv + used_source + battery_kw;
        let wanted = carried + dc_load;
        let carried_out = if cut { self.out_kw((total - electronics).max(0.0)).min(wanted) } else { wanted };
        let array_used = self.array_used(used_pv, direct);
        let inverter_loss = if cut { total - carried_out } else { need - wanted };
        let mut flows = Flows {
            demand,
            served: direct + on_source + carried_out,
            array: self.array_kw,
            array_used,
            grid: gives_kw,
            dumped,
            least_load: gives_kw > asked_kw,
            battery: battery_kw,
            loss: (array_used - used_pv - direct) + (gives_kw - on_source - used_source - dumped) + inverter_loss,
            miss: if cut {
                0.0
            } else if short > 0.0 {
                battery_kw - short
            } else {
                battery_kw + into.min(surplus + spare)
            },
            full: short <= 0.0 && why == Shortage::Energy,
            ..Flows::default()
        };
        flows.split_unmet(above - carried, wanted - carried_out, why);
        flows
    }

    /// What the grid asks for comes from the battery, what it offers goes there. Below its target the battery is filled
    /// while nothing is asked.
    fn regulate<S: Storage>(&self, battery: &mut S) -> Flows {
        let [low, high] = battery.soc_window();
        if self.demand_kw.iter().sum::<f64>() > 0.0 {
            return self.alone(battery, low, None);
        }
        let fill_kw = match &self.plan.grid {
            Some(grid) if battery.soc_chargeable() < grid.soc_target.min(high) => grid.charge_kw,
            _ => 0.0,
        };
        self.take(battery, fill_kw)
    }

    /// Power that must be taken is pushed into the battery, with what fills it up besides; the array comes after it.
    fn take<S: Storage>(&self, battery: &mut S, fill_kw: f64) -> Flows {
        let (plan, charger) = (self.plan, &self.plan.charger);
        let [low, high] = battery.soc_window();
        let demand = -self.demand_kw.iter().sum::<f64>() / self.demand_kw.len() as f64;
        let [array_dc, array_ac] = self.array();
        let pushed_in = (demand + fill_kw).min(charger.rating_kw);
        let pushed = charger.output_kw(pushed_in);
        let array_in = array_ac.min(charger.rating_kw - pushed_in);
        let bus_pv = array_dc + charger.output_kw(array_in);
        let idle = if plan.bus == LoadBus::Ac { plan.idle_kw } else { 0.0 };
        let need = self.electronics_kw + idle;
        let from_pushed = need.min(pushed);
        let from_pv = (need - from_pushed).min(bus_pv);
        let short = need - from_pushed - from_pv;
        let (spare, surplus) = (pushed - from_pushed, bus_pv - from_pv);
        let given = if short > 0.0 {
            battery.discharge(short, low, self.hours, &self.env)
        } else {
            battery.charge(spare + surplus, high, self.hours, &self.env)
        };
        let into = (-given.kw).max(0.0);
        let used_spare = into.min(spare);
        let used_pv = from_pv + (into - used_spare).min(surplus);
        let used = from_pushed + used_spare;
        let held = short <= 0.0 && given.short != Shortage::None;
        let taken_in = if held { charger.input_kw(used).min(pushed_in) } else { pushed_in };
        let served = taken_in.min(demand);
        let array_used = self.array_used(used_pv, 0.0);
        let cut = short > 0.0 && given.short != Shortage::None;
        let total = used_pv + used + given.kw;
        let mut flows = Flows {
            demand,
            served,
            taken: served,
            array: self.array_kw,
            array_used,
            grid: taken_in,
            battery: given.kw,
            loss: (array_used - used_pv) + (taken_in - used) + if cut { total } else { need },
            full: held && given.short == Shortage::Energy,
            ..Flows::default()
        };
        // What the books of the buses leave open is the solver's.
        flows.miss = array_used + taken_in + given.kw - flows.loss;
        flows.split_unmet((demand - pushed_in).max(0.0), (pushed_in.min(demand) - served).max(0.0), given.short);
        flows
    }

    /// What the grid socket may give in this hour.
    fn socket<S: Storage>(&self, battery: &S) -> Option<Socket> {
        let recharge = self.plan.recharge.as_ref()?;
        if battery.soc_chargeable() >= recharge.soc_target || !recharge.open(self.hour) {
            return None;
        }
        let ac_kw = recharge.power_kw.min(self.plan.charger.rating_kw);
        Some(Socket { ac_kw, dc_kw: self.plan.charger.output_kw(ac_kw), soc_target: recharge.soc_target })
    }
}
