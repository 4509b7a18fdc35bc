//! The second life: array, load, converter and battery, hour by hour, until a functional end.
//!
//! Steps are hours by day. By night, when neither array nor socket can give anything, up to three hours make one step:
//! their demand is converted hour by hour and drawn from the battery at its mean.
//!
//! Dispatch, written down. Each step: the inverter carries the load up to its rating; array power serves first, then
//! the grid socket inside its window, then the battery. What the array has left charges the battery, then what the
//! socket may still give; the rest of the array is curtailed. How strings or modules share the battery's part is the
//! topology's affair: [`battery`] for those behind converters of their own, the one with the least room first,
//! [`parallel`] for those on a common bus.

mod battery;
mod books;
mod dispatch;
mod parallel;
mod service;

use super::first_life::reading;
use super::journey::Journey;
use super::outcome::{EndCause, Reading, SystemOutcome, SystemYear};
use super::plan::SecondLifePlan;
use super::surroundings::Surroundings;
use crate::duty::{LoadError, LoadModel};
use crate::numeric::calendar::{DAYS_PER_YEAR, closes_month};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::ModuleString;
use battery::Battery;
use books::Totals;
use dispatch::Today;
pub(super) use service::LeftOver;
use service::Service;

/// Where and when a system starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// Number of the system in its pack.
    pub index: u16,
    /// Day of the year.
    pub day: usize,
    /// Share of a full product.
    pub share: f64,
    /// Number of the aging law.
    pub law: usize,
}

struct System<'a> {
    plan: &'a SecondLifePlan,
    share: f64,
    battery: Battery<'a>,
    /// Energy stored in each unit when it was put in \[J\].
    stored_before: Vec<f64>,
    modules_start: u32,
    surroundings: Surroundings<'a>,
    pv_years: &'a [Vec<f64>],
    load: LoadModel,
    first_day: usize,
    totals: Totals,
    by_year: Vec<SystemYear>,
}

/// Lives the second life of one system; the strings are left as they end. Its service may take left-over modules. The
/// last value is the largest relative error of an energy balance.
pub(super) fn live(
    journey: &Journey,
    strings: &mut Vec<ModuleString>,
    streams: &Streams,
    start: Start,
    left_over: &mut LeftOver,
) -> Result<(SystemOutcome, f64), LoadError> {
    let plan = &journey.plan.second_life;
    let surroundings = Surroundings::new(
        &journey.second_weather,
        start.day,
        &mut streams.indexed(Purpose::SystemWeather, start.index),
    );
    let battery = Battery::new(plan, std::mem::take(strings));
    let bases = battery.bases();
    let mut system = System {
        plan,
        share: start.share,
        stored_before: battery.units.iter().map(ModuleString::stored_j).collect(),
        modules_start: battery.modules() as u32,
        battery,
        surroundings,
        pv_years: &journey.pv_years,
        load: LoadModel::new(&plan.load, 1, streams.indexed(Purpose::Load, start.index))?,
        first_day: start.day,
        totals: Totals::default(),
        by_year: Vec::new(),
    };
    let mut monthly = vec![system.reading()];
    let days_max = (plan.years_max * DAYS_PER_YEAR as f64) as usize;
    let mut service = Service::new(journey, start.law, streams, start.index, start.share, left_over);
    let (mut days, mut months) = (0, 0);
    let mut cause = system.end(0);
    while cause.is_none() && days < days_max {
        system.day(days);
        days += 1;
        if let Some(service) = &mut service {
            service.day();
        }
        if closes_month(days - 1) {
            months += 1;
            if let Some(service) = &mut service {
                let added = service.month(&mut system.battery, months, days);
                system.added(added);
            }
            monthly.push(system.reading());
            cause = system.end(days);
        }
    }
    system.battery.units.iter_mut().for_each(ModuleString::close_duty);
    let mut outcome = system.outcome(days, cause.unwrap_or(EndCause::Horizon), bases, monthly);
    outcome.visits = service.map_or_else(Vec::new, |service| service.visits);
    let error = system.balance_error(&outcome);
    *strings = system.battery.units;
    Ok((outcome, error))
}

impl System<'_> {
    fn day(&mut self, day: usize) {
        let year = day / DAYS_PER_YEAR;
        let (weather_year, first_hour, ambient_c) = self.surroundings.day(day);
        let pv = &self.plan.pv;
        let peak_kw = pv.peak_kw * self.share * (1.0 - pv.fade_per_year).powi(year as i32);
        let mut load_kw = [0.0; 24];
        self.load.next_day(self.first_day + day, &mut load_kw);
        let today = Today {
            year,
            load_kw,
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
        self.battery.units.iter_mut().for_each(ModuleString::end_day);
    }

    /// Notes the energy stored in units that the service added \[J\].
    fn added(&mut self, stored_j: Vec<f64>) {
        self.totals.added_j += stored_j.iter().sum::<f64>();
        self.stored_before.extend(stored_j);
    }

    fn reading(&self) -> Reading {
        let readings: Vec<Reading> = self.battery.units.iter().map(reading).collect();
        let soh = readings.iter().map(|r| r.soh).fold(f32::INFINITY, f32::min);
        let resistance = readings.iter().map(|r| r.resistance).sum::<f32>() / readings.len() as f32;
        Reading { soh, resistance }
    }

    /// Whether the system is at its end after so many days, and why.
    fn end(&self, days: usize) -> Option<EndCause> {
        let rules = &self.plan.end;
        if self.battery.soh_min() < rules.soh_min {
            return Some(EndCause::Soh);
        }
        if self.battery.resistance_max() > rules.resistance_max {
            return Some(EndCause::Resistance);
        }
        if rules.power_check {
            let rating = self.plan.inverter_kw * self.share;
            if self.battery.power_capability_w() < 1e3 * self.plan.converter.dc_for(rating, rating) {
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
}
