//! Years in the vehicle: driving, charging, parking, until an exit.

mod charging;
mod driving;

use super::constants::*;
use super::exit::{ExitDraw, Need, NeedWatch};
use super::journey::Journey;
use super::outcome::{ExitOutcome, ExitRoute, FailureMode, FirstLifeOutcome, HarmfulEvents, Reading};
use crate::cell::ZERO_CELSIUS_K;
use crate::duty::{Cooling, DriveDemand, Owner, VehicleSpec};
use crate::numeric::calendar::{DAYS_PER_YEAR, closes_month};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::{Environment, ModuleString};
use crate::site::Surroundings;
use charging::Plug;

/// A vehicle on its way through time.
struct Car<'a> {
    vehicle: &'a VehicleSpec,
    /// Daily driving, and driving on a long day.
    drives: &'a [DriveDemand; 2],
    string: &'a mut ModuleString,
    owner: Owner,
    surroundings: Surroundings<'a>,
    /// Hours since the first midnight.
    clock_h: f64,
    plugged: Option<Plug>,
    days_since_full: u32,
    sums: Sums,
}

#[derive(Default)]
struct Sums {
    km: f64,
    missed_km: f64,
    driven_j: f64,
    regenerated_j: f64,
    home_sessions: u32,
    fast_j: f64,
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
    live_watched(journey, string, streams, draw, &mut |_, _| {})
}

/// The same; somebody looks at the string at the end of each month, and is told the days lived.
pub(super) fn live_watched(
    journey: &Journey,
    string: &mut ModuleString,
    streams: &Streams,
    draw: &ExitDraw,
    watch: &mut dyn FnMut(usize, &ModuleString),
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
        drives: &journey.drives,
        owner: Owner::of(first.usage.clone(), streams),
        string,
        surroundings,
        clock_h: 0.0,
        plugged: None,
        days_since_full: 0,
        sums: Sums::default(),
    };
    let [low, high] = plan.vehicle.soc_window;
    let mut need =
        NeedWatch::new([draw.need_km, plan.exit.need_least_km], draw.sells_on, car.string.window_kwh(low, high));
    let mut sold_on_years = None;
    let mut monthly = vec![reading(car.string)];
    let mut days = 0;
    while days < exit_day {
        car.day(days);
        days += 1;
        if closes_month(days - 1) {
            monthly.push(reading(car.string));
            watch(days, car.string);
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
        regenerated_kwh: kwh(sums.regenerated_j),
        home_sessions_per_week: f64::from(sums.home_sessions) / (days as f64 / 7.0),
        fast_charge_share: if sums.charged_j > 0.0 { sums.fast_j / sums.charged_j } else { 0.0 },
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
            let drives = self.drives;
            let drive = &drives[usize::from(trip.long)];
            self.drive(0.5 * trip.km, drive);
            if !trip.long {
                self.come_to_work();
            }
            self.stay_until(back);
            self.plugged = None;
            self.drive(0.5 * trip.km, drive);
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
                let kw = plug.kw.min(self.vehicle.ac_charge_kw);
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
        // Balancing needs voltages that tell the modules apart: at the end of any charge, on a flat curve only near its top.
        if self.plugged.is_some_and(|plug| plug.done) && self.string.ocv_slope_at_fullest() >= BALANCE_SLOPE_V {
            self.string.balance(hours * 3600.0);
        }
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
