//! Years in the vehicle: driving, charging, parking, until an exit.

use super::constants::*;
use super::exit::{ExitDraw, Need, NeedWatch};
use super::journey::Journey;
use super::outcome::{ExitOutcome, ExitRoute, FailureMode, FirstLifeOutcome, HarmfulEvents, Reading};
use super::surroundings::Surroundings;
use crate::cell::ZERO_CELSIUS_K;
use crate::duty::{Cooling, Owner, VehicleSpec};
use crate::numeric::calendar::{DAYS_PER_YEAR, closes_month};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::{Environment, Limit, Limits, ModuleString};

const JOULE_PER_KWH: f64 = 3.6e6;

/// A vehicle on its way through time.
struct Car<'a> {
    vehicle: &'a VehicleSpec,
    string: &'a mut ModuleString,
    owner: Owner,
    surroundings: Surroundings<'a>,
    /// Hours since the first midnight.
    clock_h: f64,
    plugged: Option<Plug>,
    days_since_full: u32,
    sums: Sums,
}

/// A car on its home charger.
#[derive(Clone, Copy)]
struct Plug {
    /// Clock at which charging may start \[h\].
    from_h: f64,
    /// SoC of the cells at which it stops.
    target: f64,
    /// Whether that is the top of the window.
    full: bool,
    done: bool,
}

#[derive(Default)]
struct Sums {
    km: f64,
    missed_km: f64,
    driven_j: f64,
    socket_j: f64,
    charged_j: f64,
    temperature_h: f64,
    soc_h: f64,
    harmful: HarmfulEvents,
    /// Whether the last reading of the window was deep, so that one discharge counts once.
    deep: bool,
}

/// Lives the first life of a pack; leaves the string as it left the vehicle.
pub(super) fn live(
    journey: &Journey,
    string: &mut ModuleString,
    streams: &Streams,
    draw: &ExitDraw,
) -> (FirstLifeOutcome, ExitOutcome, f64) {
    let plan = &journey.plan;
    let first = &plan.first_life;
    let surroundings = Surroundings::new(&journey.first_weather, draw.first_day, &mut streams.stream(Purpose::Weather));
    let (exit_years, mut route) = draw.first();
    let exit_day = (exit_years.min(first.years_max) * DAYS_PER_YEAR as f64).ceil().max(1.0) as usize;
    if exit_years > first.years_max {
        route = ExitRoute::EndOfLife;
    }
    let stored_before = string.stored_j();
    let mut car = Car {
        vehicle: &plan.vehicle,
        owner: Owner::new(first.usage.clone(), streams.stream(Purpose::Usage)),
        string,
        surroundings,
        clock_h: 0.0,
        plugged: None,
        days_since_full: 0,
        sums: Sums::default(),
    };
    let [low, high] = plan.vehicle.soc_window;
    let mut need = NeedWatch::new(draw.need_km, draw.sells_on, car.string.window_kwh(low, high));
    let mut sold_on_years = None;
    let mut monthly = vec![reading(car.string)];
    let mut days = 0;
    while days < exit_day {
        car.day(days);
        days += 1;
        if closes_month(days - 1) {
            monthly.push(reading(car.string));
            let years = days as f64 / DAYS_PER_YEAR as f64;
            if years <= plan.exit.warranty_years && car.string.soh_min() < plan.exit.warranty_soh {
                route = ExitRoute::Warranty;
                break;
            }
            match need.month(car.sums.driven_j / JOULE_PER_KWH, car.sums.km, car.string.window_kwh(low, high)) {
                Need::Met => {}
                Need::SoldOn => sold_on_years = Some(years),
                Need::GivenUp => {
                    route = ExitRoute::OwnerNeed;
                    break;
                }
            }
        }
    }
    car.string.close_duty();
    let (sums, hours) = (car.sums, car.clock_h);
    let outside = string.aging.outside_shares();
    journey.take_apart(string);
    let failure_mode = (route == ExitRoute::Failure).then_some(draw.mode);
    if failure_mode == Some(FailureMode::WeakModule) {
        let which = ((draw.which * string.len() as f64) as usize).min(string.len() - 1);
        string.damage(which, draw.weak_capacity, draw.weak_resistance);
    }
    let ledger = *string.ledger();
    let error = ledger.error(stored_before, string.stored_j());
    let kwh = |joule: f64| joule / JOULE_PER_KWH;
    let first_life = FirstLifeOutcome {
        years: days as f64 / DAYS_PER_YEAR as f64,
        distance_km: sums.km,
        distance_missed_km: sums.missed_km,
        efc: string.efc(),
        driven_kwh: kwh(sums.driven_j),
        socket_kwh: kwh(sums.socket_j),
        charger_loss_kwh: kwh(sums.socket_j - sums.charged_j),
        pack_loss_kwh: kwh(ledger.heat_j),
        fade_loss_kwh: kwh(ledger.fade_j),
        mean_temperature_c: sums.temperature_h / hours - ZERO_CELSIUS_K,
        mean_soc: sums.soc_h / hours,
        throughput_kwh: kwh(ledger.charged_j + ledger.discharged_j),
        throughput_ah: 2.0 * string.efc() * plan.vehicle.cell_capacity_ah * f64::from(plan.vehicle.cells_parallel),
        harmful: sums.harmful,
        sold_on_years,
        outside,
        monthly,
    };
    let (lli, lam) = string.losses_mean();
    let exit = ExitOutcome {
        route,
        failure_mode,
        soh_mean: string.soh_mean(),
        soh_min: string.soh_min(),
        resistance_mean: string.resistance_mean(),
        lli,
        lam,
    };
    (first_life, exit, error)
}

/// A month's reading of a string.
pub(super) fn reading(string: &ModuleString) -> Reading {
    Reading { soh: string.soh_min() as f32, resistance: string.resistance_mean() as f32 }
}

impl Car<'_> {
    /// One day from its midnight to the next; a long trip may run over into the next day.
    fn day(&mut self, day: usize) {
        let midnight = 24.0 * day as f64;
        let (leave, back) = {
            let usage = self.owner.usage();
            (midnight + usage.leave_hour, midnight + usage.return_hour)
        };
        let trip = self.owner.next_day();
        if trip.km > 0.0 {
            self.stay_until(leave);
            self.plugged = None;
            self.drive(0.5 * trip.km, trip.speed_kmh);
            self.stay_until(back);
            self.drive(0.5 * trip.km, trip.speed_kmh);
            self.come_home();
        }
        self.stay_until(midnight + 24.0);
        self.string.end_day();
        self.days_since_full += 1;
    }

    /// SoC of the vehicle's window from the weakest module.
    fn soc(&self) -> f64 {
        let [low, high] = self.vehicle.soc_window;
        (self.string.soc_min() - low) / (high - low)
    }

    /// The same after driving, when a deep discharge is noted.
    fn window_soc(&mut self) -> f64 {
        let soc = self.soc();
        let deep = soc < DEEP_SOC;
        self.sums.harmful.deep_discharges += u32::from(deep && !self.sums.deep);
        self.sums.deep = deep;
        soc
    }

    fn come_home(&mut self) {
        let usage = self.owner.usage();
        let (limit, every, start) = (usage.charge_limit, usage.full_charge_every_days, usage.charge_start_hour);
        let full = every > 0 && self.days_since_full >= every;
        let soc = self.window_soc();
        if !self.owner.plugs_in(soc) && !full {
            return;
        }
        let [low, high] = self.vehicle.soc_window;
        let from_h = if start < 0.0 {
            self.clock_h
        } else {
            let wait = (start - self.clock_h).rem_euclid(24.0);
            self.clock_h + wait
        };
        let target = low + (high - low) * if full { 1.0 } else { limit };
        self.plugged = Some(Plug { from_h, target, full, done: false });
    }

    /// Parks until a clock time, charging when plugged in.
    fn stay_until(&mut self, until_h: f64) {
        while self.clock_h < until_h - 1e-6 {
            let charging = self.plugged.filter(|plug| !plug.done);
            let grid_h = if charging.is_some() { 1.0 } else { PARKED_STEP_H };
            let mut end = (((self.clock_h + 1e-6) / grid_h).floor() + 1.0) * grid_h;
            if let Some(plug) = charging
                && self.clock_h < plug.from_h - 1e-6
            {
                end = end.min(plug.from_h);
            }
            self.stay(end.min(until_h) - self.clock_h);
        }
    }

    fn stay(&mut self, hours: f64) {
        match self.plugged {
            Some(plug) if !plug.done && self.clock_h >= plug.from_h - 1e-6 => {
                let kw = self.owner.usage().home_charge_kw.min(self.vehicle.ac_charge_kw);
                let env = match self.vehicle.cooling {
                    Cooling::Liquid => self.active(),
                    Cooling::Passive => self.parked(hours),
                };
                let done = self.charge(kw, self.vehicle.charge_efficiency, plug.target, hours, &env);
                if done && plug.full {
                    self.days_since_full = 0;
                }
                self.plugged = Some(Plug { done, ..plug });
            }
            _ => {
                let env = self.parked(hours);
                self.string.rest(hours * 3600.0, &env);
                self.passed(hours);
            }
        }
        if self.plugged.is_some() && self.string.soc_max() >= BALANCE_FROM * self.vehicle.soc_window[1] {
            self.string.balance(hours * 3600.0);
        }
    }

    /// Charges from a socket; true when the target is reached.
    fn charge(&mut self, socket_kw: f64, efficiency: f64, target: f64, hours: f64, env: &Environment) -> bool {
        let limits = Limits { soc_low: 0.0, soc_high: target };
        let flow = self.string.step(-1000.0 * socket_kw * efficiency, 1.0, hours * 3600.0, env, &limits);
        let taken = (-flow.energy_j).max(0.0);
        self.sums.charged_j += taken;
        self.sums.socket_j += taken / efficiency;
        let harmful = self.passed(hours);
        if harmful && taken > 0.0 {
            let at_power = taken / (1000.0 * socket_kw * efficiency) / 3600.0;
            self.sums.harmful.charging_outside_h += if flow.limit == Limit::Soc { at_power.min(hours) } else { hours };
        }
        flow.limit == Limit::Soc
    }

    fn drive(&mut self, km: f64, speed_kmh: f64) {
        let [low, _] = self.vehicle.soc_window;
        let limits = Limits { soc_low: low, soc_high: 1.0 };
        let form = self.vehicle.current_form_factor;
        let mut left = km;
        let mut stuck = 0;
        while left > 1e-9 {
            if self.window_soc() < RESERVE_SOC && !self.fast_charge() {
                stuck += 1;
                if stuck > 1 {
                    self.sums.missed_km += left;
                    return;
                }
            }
            let hours = (left / speed_kmh).min(1.0);
            let ambient = self.surroundings.temperature_c(self.clock_h);
            let wh_per_km = self.vehicle.consumption_wh_per_km
                * (1.0
                    + self.vehicle.heating_per_k * (15.0 - ambient).max(0.0)
                    + self.vehicle.cooling_per_k * (ambient - 25.0).max(0.0));
            let power = wh_per_km * speed_kmh;
            let env = self.active();
            let flow = self.string.step(power, form * form, hours * 3600.0, &env, &limits);
            let done = (flow.energy_j / (power * hours * 3600.0)).clamp(0.0, 1.0);
            self.sums.driven_j += flow.energy_j;
            self.sums.km += done * hours * speed_kmh;
            left -= done * hours * speed_kmh;
            self.passed(hours);
            if flow.limit != Limit::None && left > 1e-9 && !self.fast_charge() {
                stuck += 1;
                if stuck > 1 {
                    self.sums.missed_km += left;
                    return;
                }
            }
        }
    }

    /// Stops at a fast charger; false when it gave nothing worth the stop.
    fn fast_charge(&mut self) -> bool {
        let [low, high] = self.vehicle.soc_window;
        let target = low + (high - low) * FAST_CHARGE_SOC;
        let before = self.window_soc();
        let kw = self.vehicle.dc_charge_kw / FAST_CHARGE_EFFICIENCY;
        let (step_h, steps) = (0.25, (FAST_CHARGE_HOURS / 0.25) as usize);
        for _ in 0..steps {
            let env = self.active();
            if self.charge(kw, FAST_CHARGE_EFFICIENCY, target, step_h, &env) {
                break;
            }
        }
        self.soc() > before + 0.05
    }

    /// Surroundings while parked for `hours` from now: means of the hours touched.
    fn parked(&self, hours: f64) -> Environment {
        let usage = self.owner.usage();
        let (mut at, mut sum) = (self.clock_h, 0.0);
        let end = self.clock_h + hours;
        while at < end - 1e-9 {
            let next = ((at + 1e-6).floor() + 1.0).min(end);
            let warming = usage.parking_sun_k_per_kw_m2 * self.surroundings.sun_kw_m2(at);
            sum += (next - at) * (self.surroundings.temperature_c(at) + warming);
            at = next;
        }
        Environment {
            temperature_k: sum / hours + usage.parking_offset_k + ZERO_CELSIUS_K,
            time_constant_s: 3600.0 * self.vehicle.parked_time_constant_h,
            along_k: 0.0,
        }
    }

    fn active(&self) -> Environment {
        let ambient = self.surroundings.temperature_c(self.clock_h);
        match self.vehicle.cooling {
            Cooling::Passive => Environment {
                temperature_k: ambient + ZERO_CELSIUS_K,
                time_constant_s: 3600.0 * self.vehicle.parked_time_constant_h,
                along_k: 0.0,
            },
            Cooling::Liquid => {
                let [low, high] = self.vehicle.coolant_band_c;
                Environment {
                    temperature_k: ambient.clamp(low, high) + ZERO_CELSIUS_K,
                    time_constant_s: 3600.0 * COOLED_TIME_CONSTANT_H,
                    along_k: self.vehicle.coolant_rise_k,
                }
            }
        }
    }

    /// Books time; true when the cells are outside the limits of temperature.
    fn passed(&mut self, hours: f64) -> bool {
        self.clock_h += hours;
        let mean = self.string.temperature_mean_k();
        self.sums.temperature_h += hours * mean;
        self.sums.soc_h += hours * self.string.soc_mean();
        let (cold, hot) = (mean < COLD_CELLS_C + ZERO_CELSIUS_K, mean > HOT_CELLS_C + ZERO_CELSIUS_K);
        self.sums.harmful.cold_h += if cold { hours } else { 0.0 };
        self.sums.harmful.hot_h += if hot { hours } else { 0.0 };
        cold || hot
    }
}
