//! The second life: array, load, converter and battery, hour by hour, until a functional end.
//!
//! Steps are hours by day. By night, when neither array nor socket can give anything, up to three hours make one step:
//! their demand is converted hour by hour and drawn from the battery at its mean.
//!
//! Dispatch, written down. Each step: the inverter carries the load up to its rating; array power serves first, then
//! the grid socket inside its window, then the battery. What the array has left charges the battery, then what the
//! socket may still give; the rest of the array is curtailed. Strings share the battery's part alike, the one with the
//! least room first; what one cannot take or give is asked of those after it.

use super::constants::*;
use super::first_life::reading;
use super::journey::Journey;
use super::outcome::{EndCause, Reading, SystemOutcome, SystemYear};
use super::plan::{RechargePlan, SecondLifePlan};
use super::surroundings::Surroundings;
use crate::aging::OutsideShares;
use crate::cell::ZERO_CELSIUS_K;
use crate::duty::{LoadError, LoadModel};
use crate::numeric::calendar::{DAYS_PER_YEAR, closes_month};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::{Environment, Limit, Limits, ModuleString};

/// Longest step by night \[h\].
const NIGHT_STEP_HOURS: usize = 3;
/// Share of a wish below which a shortfall is the solver's, not the battery's.
const UNSERVED_SHARE: f64 = 1e-4;
/// Share of a system's energy that the solver's misses may add up to.
const MISS_SHARE: f64 = 1e-4;
const HOUR_S: f64 = 3600.0;
const JOULE_PER_KWH: f64 = 3.6e6;

/// Where and when a system starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// Number of the system in its pack.
    pub index: u16,
    /// Day of the year.
    pub day: usize,
    /// Share of a full product.
    pub share: f64,
}

struct System<'a> {
    plan: &'a SecondLifePlan,
    share: f64,
    strings: Vec<ModuleString>,
    /// Strings in the order in which they are asked.
    order: Vec<usize>,
    surroundings: Surroundings<'a>,
    pv_years: &'a [Vec<f64>],
    load: LoadModel,
    first_day: usize,
    totals: Totals,
    by_year: Vec<SystemYear>,
}

/// Energies of the whole system \[kWh\].
#[derive(Default)]
struct Totals {
    demand: f64,
    unmet: f64,
    served: f64,
    pv: f64,
    curtailed: f64,
    grid: f64,
    converter_loss: f64,
    /// Energy that the battery gave beyond what was asked, in either direction.
    solver_miss: f64,
    temperature_h: f64,
}

/// What a day brings.
struct Today<'a> {
    /// Year of the second life, from 0.
    year: usize,
    load_kw: [f64; 24],
    /// Array power over peak power.
    pv_kw: &'a [f64],
    /// Peak power of the array at its present age \[kW\].
    peak_kw: f64,
    ambient_c: &'a [f64],
    mean_c: f64,
}

impl Today<'_> {
    /// Power at the array's terminals \[kW DC\].
    fn array_kw(&self, hour: usize) -> f64 {
        self.peak_kw * self.pv_kw[hour]
    }
}

/// Lives the second life of one system; the strings are left as they end. The last value is the largest relative
/// error of an energy balance.
pub(super) fn live(
    journey: &Journey,
    strings: &mut Vec<ModuleString>,
    streams: &Streams,
    start: Start,
) -> Result<(SystemOutcome, f64), LoadError> {
    let plan = &journey.plan.second_life;
    let surroundings = Surroundings::new(
        &journey.second_weather,
        start.day,
        &mut streams.indexed(Purpose::SystemWeather, start.index),
    );
    let stored_before: Vec<f64> = strings.iter().map(ModuleString::stored_j).collect();
    let (soh_start, actual, usable) = bases(strings, plan.soc_window);
    let mut system = System {
        plan,
        share: start.share,
        order: (0..strings.len()).collect(),
        strings: std::mem::take(strings),
        surroundings,
        pv_years: &journey.pv_years,
        load: LoadModel::new(&plan.load, streams.indexed(Purpose::Load, start.index))?,
        first_day: start.day,
        totals: Totals::default(),
        by_year: Vec::new(),
    };
    let mut monthly = vec![system.reading()];
    let days_max = (plan.years_max * DAYS_PER_YEAR as f64) as usize;
    let mut days = 0;
    let mut cause = system.end(0);
    while cause.is_none() && days < days_max {
        system.day(days);
        days += 1;
        if closes_month(days - 1) {
            monthly.push(system.reading());
            cause = system.end(days);
        }
    }
    for s in &mut system.strings {
        s.close_duty();
    }
    let outcome =
        system.outcome(days, cause.unwrap_or(EndCause::Horizon), (soh_start, actual, usable), monthly, &stored_before);
    let error = system.balance_error(&outcome, &stored_before);
    *strings = system.strings;
    Ok((outcome, error))
}

/// SoH of the weakest module, actual and usable energy \[kWh\].
fn bases(strings: &[ModuleString], [low, high]: [f64; 2]) -> (f64, f64, f64) {
    let soh = strings.iter().map(ModuleString::soh_min).fold(f64::INFINITY, f64::min);
    let actual = strings.iter().map(|s| s.soh_min() * s.module_nominal_kwh() * s.len() as f64).sum();
    let usable = strings.iter().map(|s| s.window_kwh(low, high)).sum();
    (soh, actual, usable)
}

impl System<'_> {
    fn day(&mut self, day: usize) {
        let year = day / DAYS_PER_YEAR;
        let (weather_year, first_hour, ambient_c) = self.surroundings.day(day);
        let pv = &self.plan.pv;
        let peak_kw = pv.peak_kw * self.share * (1.0 - pv.fade_per_year).powi(year as i32);
        let today = Today {
            year,
            load_kw: self.load.next_day(self.first_day + day),
            pv_kw: &self.pv_years[weather_year][first_hour..first_hour + 24],
            peak_kw,
            ambient_c,
            mean_c: ambient_c.iter().sum::<f64>() / 24.0,
        };
        if self.by_year.len() <= year {
            self.by_year.push(SystemYear::default());
        }
        let mut hour = 0;
        while hour < 24 {
            let hours = self.step_hours(&today, hour);
            self.step(&today, hour, hours);
            hour += hours;
        }
        self.strings.iter_mut().for_each(ModuleString::end_day);
    }

    fn environment(&self, today: &Today, hour: usize, hours: usize) -> Environment {
        let system = &self.plan.system;
        let ambient_c = today.ambient_c[hour..hour + hours].iter().sum::<f64>() / hours as f64;
        let swing = system.ambient_swing_share * (ambient_c - today.mean_c);
        let place = today.mean_c + swing + system.ambient_offset_k;
        Environment {
            temperature_k: place + ZERO_CELSIUS_K,
            time_constant_s: HOUR_S * system.time_constant_h,
            along_k: 0.0,
        }
    }

    /// Length of the step that begins with an hour of the day \[h\].
    fn step_hours(&self, today: &Today, hour: usize) -> usize {
        let dark = |h: usize| h < 24 && today.array_kw(h) <= 0.0 && !self.socket_open(h);
        let mut hours = 1;
        while hours < NIGHT_STEP_HOURS && dark(hour) && dark(hour + hours) {
            hours += 1;
        }
        hours
    }

    fn step(&mut self, today: &Today, hour: usize, hours: usize) {
        let (converter, rating) = (self.plan.converter, self.plan.inverter_kw * self.share);
        let span = hours as f64;
        let env = self.environment(today, hour, hours);
        let electronics = self.plan.system.standby_w * 1e-3 * self.share;
        let idle = converter.standby_w * 1e-3 * self.share;
        // Means over the step; conversion is not linear, so it is done for each hour.
        let (mut demand, mut wanted, mut need) = (0.0, 0.0, electronics);
        for kw in today.load_kw[hour..hour + hours].iter().map(|kw| kw * self.share) {
            let carried = kw.min(rating);
            demand += kw / span;
            wanted += carried / span;
            let drawn = if carried > 0.0 { converter.dc_for(carried, rating) } else { idle };
            need += drawn / span;
        }
        let array = today.array_kw(hour);
        let bus_pv = array * converter.mppt_efficiency;

        let socket = self.socket(hour);
        let from_pv = need.min(bus_pv);
        let from_grid = (need - from_pv).min(socket.map_or(0.0, |s| s.dc_kw));
        let short = need - from_pv - from_grid;
        let spare_grid = socket.map_or(0.0, |s| s.dc_kw) - from_grid;
        let surplus = bus_pv - from_pv;

        let (battery, limit) =
            if short > 0.0 { self.discharge(short, span, &env) } else { self.charge(surplus, spare_grid, span, &env) };
        let into = (-battery).max(0.0);
        let used_pv = from_pv + into.min(surplus);
        let used_grid = from_grid + (into - surplus).clamp(0.0, spare_grid);
        let cut = short > 0.0 && limit != Limit::None;
        let given = used_pv + used_grid + battery;
        let served = if cut { converter.ac_from((given - electronics).max(0.0), rating).min(wanted) } else { wanted };
        let unmet = (demand - served).max(0.0);
        // Losses by their causes. What is left is the solver's miss: power the battery gave or took beside the wish.
        let grid_ac = converter_input(used_grid, socket);
        let array_used = used_pv / converter.mppt_efficiency;
        let inverter_loss = if cut { given - served } else { need - wanted };
        let loss = (array_used - used_pv) + (grid_ac - used_grid) + inverter_loss;
        let miss = if cut {
            0.0
        } else if short > 0.0 {
            battery - short
        } else {
            (surplus + spare_grid - into).min(0.0)
        };
        let power_short = match limit {
            Limit::None | Limit::Soc => 0.0,
            Limit::Voltage | Limit::Current | Limit::Cold => wanted - served,
        };
        let t = &mut self.totals;
        t.demand += demand * span;
        t.served += served * span;
        t.unmet += unmet * span;
        t.pv += array * span;
        t.curtailed += (array - array_used) * span;
        t.grid += grid_ac * span;
        t.converter_loss += loss * span;
        t.solver_miss += miss * span;
        t.temperature_h += span * self.strings.iter().map(ModuleString::temperature_mean_k).sum::<f64>();
        let record = &mut self.by_year[today.year];
        record.demand_kwh += demand * span;
        record.unmet_kwh += unmet * span;
        record.unmet_power_kwh += (demand - wanted + power_short).min(unmet) * span;
        record.hours += hours as u32;
    }

    fn socket_open(&self, hour: usize) -> bool {
        self.plan.recharge.as_ref().is_some_and(|recharge| in_window(recharge, hour))
    }

    /// What the grid socket may give in this hour.
    fn socket(&self, hour: usize) -> Option<Socket> {
        let recharge = self.plan.recharge.as_ref()?;
        let lowest = self.strings.iter().map(ModuleString::soc_max).fold(f64::INFINITY, f64::min);
        if lowest >= recharge.soc_target || !self.socket_open(hour) {
            return None;
        }
        let rating = self.plan.inverter_kw * self.share;
        let ac_kw = (recharge.power_kw * self.share).min(rating);
        Some(Socket { ac_kw, dc_kw: self.plan.converter.ac_from(ac_kw, rating) })
    }

    /// Asks the strings for power in turn; returns what they gave \[kW\] and what held them back.
    fn discharge(&mut self, wish_kw: f64, hours: f64, env: &Environment) -> (f64, Limit) {
        let limits = self.limits();
        let mut left = wish_kw;
        let mut held = Limit::None;
        self.rank(|s| s.soc_min());
        let n = self.strings.len();
        for (k, &index) in self.order.iter().enumerate() {
            let string = &mut self.strings[index];
            let ask = left / (n - k) as f64;
            let flow = string.step(1e3 * ask, 1.0, hours * HOUR_S, env, &limits);
            left -= flow.energy_j / (JOULE_PER_KWH * hours);
            if flow.limit != Limit::None {
                held = flow.limit;
            }
        }
        let short = left > UNSERVED_SHARE * wish_kw;
        (wish_kw - left, if short { held } else { Limit::None })
    }

    /// Charges from what is there; returns the power taken as a negative number \[kW\].
    fn charge(&mut self, surplus_kw: f64, grid_kw: f64, hours: f64, env: &Environment) -> (f64, Limit) {
        let mut limits = self.limits();
        let offer = surplus_kw + grid_kw;
        let target = self.plan.recharge.as_ref().map_or(limits.soc_high, |r| r.soc_target.min(limits.soc_high));
        if grid_kw > 0.0 && surplus_kw <= 0.0 {
            limits.soc_high = target;
        }
        let mut left = offer;
        self.rank(|s| -s.soc_max());
        let top = limits.soc_high - BALANCE_BAND;
        let n = self.strings.len();
        for (k, &index) in self.order.iter().enumerate() {
            let string = &mut self.strings[index];
            let ask = left / (n - k) as f64;
            if ask <= 0.0 {
                string.rest(hours * HOUR_S, env);
            } else {
                let flow = string.step(-1e3 * ask, 1.0, hours * HOUR_S, env, &limits);
                left += flow.energy_j / (JOULE_PER_KWH * hours);
            }
            if string.soc_max() >= top {
                string.balance(hours * HOUR_S);
            }
        }
        (left - offer, Limit::None)
    }

    /// Orders the strings by what is asked, lowest first.
    fn rank(&mut self, of: impl Fn(&ModuleString) -> f64) {
        if self.strings.len() > 1 {
            let strings = &self.strings;
            self.order.sort_by(|&a, &b| of(&strings[a]).total_cmp(&of(&strings[b])).then(a.cmp(&b)));
        }
    }

    fn limits(&self) -> Limits {
        let [soc_low, soc_high] = self.plan.soc_window;
        Limits { soc_low, soc_high }
    }

    fn reading(&self) -> Reading {
        let readings: Vec<Reading> = self.strings.iter().map(reading).collect();
        let soh = readings.iter().map(|r| r.soh).fold(f32::INFINITY, f32::min);
        let resistance = readings.iter().map(|r| r.resistance).sum::<f32>() / readings.len() as f32;
        Reading { soh, resistance }
    }

    /// Whether the system is at its end after so many days, and why.
    fn end(&self, days: usize) -> Option<EndCause> {
        let rules = &self.plan.end;
        let soh = self.strings.iter().map(ModuleString::soh_min).fold(f64::INFINITY, f64::min);
        let resistance = self.strings.iter().map(ModuleString::resistance_max).fold(0.0, f64::max);
        if soh < rules.soh_min {
            return Some(EndCause::Soh);
        }
        if resistance > rules.resistance_max {
            return Some(EndCause::Resistance);
        }
        if rules.power_check {
            let temperature_k = POWER_CHECK_TEMPERATURE_C + ZERO_CELSIUS_K;
            let able: f64 = self.strings.iter().map(|s| s.power_capability_w(POWER_CHECK_SOC, temperature_k)).sum();
            let rating = self.plan.inverter_kw * self.share;
            if able < 1e3 * self.plan.converter.dc_for(rating, rating) {
                return Some(EndCause::Power);
            }
        }
        let short = |year: &SystemYear| year.unmet_kwh > rules.unmet_share_max * year.demand_kwh;
        // One poor year may be the weather's; two in a row are the system's.
        if days.is_multiple_of(DAYS_PER_YEAR)
            && let [.., before, last] = &self.by_year[..]
            && short(before)
            && short(last)
        {
            return Some(EndCause::Energy);
        }
        None
    }

    fn outcome(
        &self,
        days: usize,
        end_cause: EndCause,
        (soh_start, actual_kwh_start, usable_kwh_start): (f64, f64, f64),
        monthly: Vec<Reading>,
        stored_before: &[f64],
    ) -> SystemOutcome {
        let t = &self.totals;
        let n = self.strings.len() as f64;
        let sum = |f: fn(&ModuleString) -> f64| self.strings.iter().map(f).sum::<f64>();
        let shares: Vec<OutsideShares> = self.strings.iter().map(|s| s.aging.outside_shares()).collect();
        let mean = |f: fn(&OutsideShares) -> f64| shares.iter().map(f).sum::<f64>() / n;
        let hours = (24 * days) as f64;
        SystemOutcome {
            share: self.share,
            modules: self.strings.iter().map(|s| s.len() as u32).sum(),
            years: days as f64 / DAYS_PER_YEAR as f64,
            end_cause,
            soh_start,
            soh_end: self.strings.iter().map(ModuleString::soh_min).fold(f64::INFINITY, f64::min),
            resistance_end: self.strings.iter().map(ModuleString::resistance_max).fold(0.0, f64::max),
            actual_kwh_start,
            usable_kwh_start,
            efc: sum(ModuleString::efc) / n,
            demand_kwh: t.demand,
            served_kwh: t.served,
            unmet_kwh: t.unmet,
            pv_kwh: t.pv,
            curtailed_kwh: t.curtailed,
            grid_kwh: t.grid,
            converter_loss_kwh: t.converter_loss + t.solver_miss,
            battery_loss_kwh: sum(|s| s.ledger().heat_j) / JOULE_PER_KWH,
            fade_loss_kwh: sum(|s| s.ledger().fade_j) / JOULE_PER_KWH,
            stored_change_kwh: (sum(ModuleString::stored_j) - stored_before.iter().sum::<f64>()) / JOULE_PER_KWH,
            mean_temperature_c: if hours > 0.0 {
                t.temperature_h / (hours * n) - ZERO_CELSIUS_K
            } else {
                sum(ModuleString::temperature_mean_k) / n - ZERO_CELSIUS_K
            },
            outside: OutsideShares {
                time: mean(|s| s.time),
                throughput: mean(|s| s.throughput),
                beyond_test: mean(|s| s.beyond_test),
            },
            by_year: self.by_year.clone(),
            monthly,
        }
    }

    /// Largest relative error of: each string's books; array and grid = served + curtailed + losses + stored;
    /// demand = served + unserved.
    fn balance_error(&self, o: &SystemOutcome, stored_before: &[f64]) -> f64 {
        let strings = self.strings.iter().zip(stored_before).map(|(s, &before)| s.ledger().error(before, s.stored_j()));
        let source = o.pv_kwh + o.grid_kwh;
        let sinks = o.served_kwh
            + o.curtailed_kwh
            + o.converter_loss_kwh
            + o.battery_loss_kwh
            + o.fade_loss_kwh
            + o.stored_change_kwh;
        let bus = (source - sinks).abs() / (source + o.served_kwh + 1e-6);
        let load = (o.demand_kwh - o.served_kwh - o.unmet_kwh).abs() / (o.demand_kwh + 1e-6);
        // The solver may miss a power by a little, never add up to something.
        let missed = self.totals.solver_miss.abs() / (source + o.served_kwh + 1e-6);
        let drift = if missed > MISS_SHARE { missed } else { 0.0 };
        strings.fold(bus.max(load).max(drift), f64::max)
    }
}

/// AC and DC side of the socket's charger \[kW\].
#[derive(Clone, Copy)]
struct Socket {
    ac_kw: f64,
    dc_kw: f64,
}

/// AC input for a DC output of the socket's charger, at the efficiency of its full power.
fn converter_input(dc_kw: f64, socket: Option<Socket>) -> f64 {
    match socket {
        Some(s) if s.dc_kw > 0.0 => dc_kw * s.ac_kw / s.dc_kw,
        _ => 0.0,
    }
}

fn in_window(recharge: &RechargePlan, hour: usize) -> bool {
    let h = hour as f64 + 0.5;
    if recharge.from_hour < recharge.to_hour {
        h >= recharge.from_hour && h < recharge.to_hour
    } else {
        h >= recharge.from_hour || h < recharge.to_hour
    }
}
