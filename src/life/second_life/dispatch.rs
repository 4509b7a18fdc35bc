//! A step of dispatch: load, array, socket and battery.

use super::System;
use crate::cell::ZERO_CELSIUS_K;
use crate::life::plan::RechargePlan;
use crate::pack::{Environment, Limit, ModuleString};

/// Longest step by night \[h\].
const NIGHT_STEP_HOURS: usize = 3;
const HOUR_S: f64 = 3600.0;

/// What a day brings.
pub(super) struct Today<'a> {
    /// Year of the second life, from 0.
    pub year: usize,
    pub load_kw: [f64; 24],
    /// Array power over peak power.
    pub pv_kw: &'a [f64],
    /// Peak power of the array at its present age \[kW\].
    pub peak_kw: f64,
    pub ambient_c: &'a [f64],
    pub mean_c: f64,
}

impl Today<'_> {
    /// Power at the array's terminals \[kW DC\].
    fn array_kw(&self, hour: usize) -> f64 {
        self.peak_kw * self.pv_kw[hour]
    }
}

impl System<'_> {
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
    pub(super) fn step_hours(&self, today: &Today, hour: usize) -> usize {
        let dark = |h: usize| h < 24 && today.array_kw(h) <= 0.0 && !self.socket_open(h);
        let mut hours = 1;
        while hours < NIGHT_STEP_HOURS && dark(hour) && dark(hour + hours) {
            hours += 1;
        }
        hours
    }

    pub(super) fn step(&mut self, today: &Today, hour: usize, hours: usize) {
        let (converter, rating) = (self.plan.converter, self.plan.inverter_kw * self.share);
        let span = hours as f64;
        let env = self.environment(today, hour, hours);
        let electronics = self.plan.system.standby_w * 1e-3 * self.share + self.battery.no_load_kw();
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

        let (battery, limit) = if short > 0.0 {
            self.battery.discharge(short, span, &env)
        } else {
            self.battery.charge(surplus, spare_grid, span, &env)
        };
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
            battery + into.min(surplus + spare_grid)
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
        t.no_load += self.battery.no_load_kw() * span;
        t.solver_miss += miss * span;
        t.temperature_h += span * self.battery.sum(ModuleString::temperature_mean_k);
        t.unit_h += span * self.battery.units.len() as f64;
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
        let lowest = self.battery.units.iter().map(ModuleString::soc_max).fold(f64::INFINITY, f64::min);
        if lowest >= recharge.soc_target || !self.socket_open(hour) {
            return None;
        }
        let rating = self.plan.inverter_kw * self.share;
        let ac_kw = (recharge.power_kw * self.share).min(rating);
        Some(Socket { ac_kw, dc_kw: self.plan.converter.ac_from(ac_kw, rating) })
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
