//! A site from day to day: weather, load, grid and genset meet a battery.

use super::books::Books;
use super::clouds::Clouds;
use super::dispatch::{Flows, Step};
use super::plan::SitePlan;
use super::surroundings::Surroundings;
use super::trace::{HourTrace, Trace};
use super::{SiteYear, Storage};
use crate::duty::{GridError, LoadError, LoadModel, SessionTally, Supply};
use crate::numeric::calendar::DAYS_PER_YEAR;

/// Longest step by night, where nothing can be given and steps are hours \[h\].
const NIGHT_STEP_HOURS: usize = 3;
/// Share of a step with or without supply below which it is none.
const SLIVER: f64 = 1e-9;

/// A site that cannot be run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// The load.
    #[error("load: {0}")]
    Load(#[from] LoadError),
    /// The grid.
    #[error("grid: {0}")]
    Grid(#[from] GridError),
}

/// A site on its way through time. The battery is lent to it day by day, so that another may take its place while
/// clock, weather, load, aging of the array and books go on.
pub struct Run<'a> {
    plan: SitePlan,
    surroundings: Surroundings<'a>,
    /// Array power over peak power when new, by weather year and hour.
    yields: &'a [Vec<f64>],
    load: LoadModel,
    /// Sessions of the load up to yesterday.
    tally: SessionTally,
    supply: Option<Supply>,
    clouds: Option<Clouds<'a>>,
    first_day: usize,
    days: usize,
    genset_on: bool,
    /// Whether the grid was there when the last step ended.
    was_up: bool,
    books: Books,
    trace: Option<Trace>,
    /// Demand \[kW\], array yield, and share with supply of the steps of a day.
    demand_kw: Vec<f64>,
    yield_kw: Vec<f64>,
    share: Vec<f64>,
}

impl<'a> Run<'a> {
    /// A site from a day of the year on. The load is made at the plan's steps of an hour, and so is the supply, which
    /// belongs to the plan's grid.
    pub fn new(
        plan: SitePlan,
        surroundings: Surroundings<'a>,
        yields: &'a [Vec<f64>],
        load: LoadModel,
        supply: Option<Supply>,
        first_day: usize,
    ) -> Self {
        let steps = 24 * plan.steps_per_hour;
        Run {
            surroundings,
            yields,
            load,
            tally: SessionTally::default(),
            supply,
            clouds: None,
            first_day,
            days: 0,
            genset_on: false,
            was_up: true,
            books: Books::default(),
            trace: None,
            demand_kw: vec![0.0; steps],
            yield_kw: vec![0.0; steps],
            share: vec![0.0; steps],
            plan,
        }
    }

    /// The same with clouds that move inside the hour; without them, and at steps of an hour, the yield is the hour's mean.
    #[must_use]
    pub fn with_clouds(self, clouds: Option<Clouds<'a>>) -> Self {
        let clouds = clouds.filter(|_| self.plan.steps_per_hour > 1);
        Run { clouds, ..self }
    }

    /// What stands there.
    pub fn plan(&self) -> &SitePlan {
        &self.plan
    }

    /// Days lived.
    pub fn days(&self) -> usize {
        self.days
    }

    /// Year by year; the last may be a part of one.
    pub fn years(&self) -> &[SiteYear] {
        &self.books.years
    }

    /// Relative error of: array + grid + genset + battery = served + losses, over the whole run.
    pub fn bus_error(&self) -> f64 {
        self.books.bus_error()
    }

    /// Energy that the battery gave or took beside the wish, the solver's miss \[kWh\].
    pub fn miss_kwh(&self) -> f64 {
        self.books.miss_kwh
    }

    /// Part of the converters' loss that the battery's own converters draw, whatever flows \[kWh\].
    pub fn own_draw_kwh(&self) -> f64 {
        self.books.own_draw_kwh
    }

    /// Keeps the hours of a year of the site, counted from 0; asked for before that year begins.
    pub fn trace_year(&mut self, year: usize) {
        self.trace = Some(Trace::new(year));
    }

    /// The hours kept, those lived so far.
    pub fn trace(&self) -> &[HourTrace] {
        self.trace.as_ref().map_or(&[], |trace| &trace.hours)
    }

    /// A battery comes: its cycles count from here.
    pub fn meet<S: Storage>(&mut self, battery: &S) {
        self.books.meet(battery.condition());
    }

    /// A battery goes, or is looked at: what it has come to goes into the books of the present year.
    pub fn look<S: Storage>(&mut self, battery: &S) {
        self.books.look(battery.condition());
    }

    /// Lives a day.
    pub fn day<S: Storage>(&mut self, battery: &mut S) {
        let (weather_year, first_hour, ambient_c) = self.surroundings.day(self.days);
        let yields: &'a [Vec<f64>] = self.yields;
        self.fill_day(&yields[weather_year][first_hour..first_hour + 24], first_hour);
        let year = self.days / DAYS_PER_YEAR;
        let array = &self.plan.array;
        let peak_kw = array.peak_kw * (1.0 - array.fade_per_year).powi(year as i32);
        self.books.begin_day(year, self.first_day + self.days);
        if let Some(tally) = self.load.sessions() {
            self.books.sessions(&self.tally, tally, self.plan.load_factor);
            self.tally = *tally;
        }
        let mean_c = ambient_c.iter().sum::<f64>() / 24.0;
        let (mut at, steps) = (0, self.demand_kw.len());
        while at < steps {
            let parts = self.parts(at);
            let per_hour = self.plan.steps_per_hour;
            let (hour, hours) = (at / per_hour, parts as f64 / per_hour as f64);
            let last_hour = (at + parts).div_ceil(per_hour);
            let around = &ambient_c[hour..last_hour];
            let ambient = around.iter().sum::<f64>() / around.len() as f64;
            let step = Today {
                at,
                parts,
                hour,
                hours,
                array_kw: peak_kw * self.yield_kw[at],
                env: self.plan.place.environment(ambient, mean_c),
                calendar_hour: first_hour + hour,
            };
            self.step(battery, &step);
            at += parts;
        }
        battery.end_day();
        self.days += 1;
        if self.days.is_multiple_of(DAYS_PER_YEAR) {
            self.look(battery);
        }
    }

    /// Demand, array yield and supply of the steps of the day. Without clouds the array's yield inside an hour is its mean.
    fn fill_day(&mut self, yields: &[f64], first_hour: usize) {
        let day = self.first_day + self.days;
        let per_hour = self.plan.steps_per_hour;
        self.load.next_day(day, &mut self.demand_kw);
        self.demand_kw.iter_mut().for_each(|kw| *kw *= self.plan.load_factor);
        match &mut self.clouds {
            Some(clouds) => clouds.fill(yields, first_hour, &mut self.yield_kw),
            None => self.yield_kw.iter_mut().enumerate().for_each(|(k, kw)| *kw = yields[k / per_hour]),
        }
        if let Some(supply) = &mut self.supply {
            supply.next_day(day, &mut self.share);
        }
    }

    /// Number of the day's steps that are taken at once from one on.
    ///
    /// Hours by night, when nothing can be given, go together in threes, their demand converted hour by hour. Steps below
    /// the hour go together inside it while demand, array and supply are the same.
    fn parts(&self, at: usize) -> usize {
        if self.plan.genset.is_some() {
            return 1;
        }
        let (demand, array, share) = (&self.demand_kw, &self.yield_kw, &self.share);
        let per_hour = self.plan.steps_per_hour;
        let mut parts = 1;
        if per_hour == 1 {
            if self.plan.grid.is_some() {
                return 1;
            }
            let open = |h: usize| self.plan.recharge.as_ref().is_some_and(|r| r.open(h));
            let nothing =
                |h: usize| h < 24 && array[h] * self.plan.array.peak_kw <= 0.0 && !open(h) && demand[h] >= 0.0;
            while parts < NIGHT_STEP_HOURS && nothing(at) && nothing(at + parts) {
                parts += 1;
            }
            return parts;
        }
        let end = (at / per_hour + 1) * per_hour;
        let same = |k: usize| demand[k] == demand[at] && array[k] == array[at] && share[k] == share[at];
        while at + parts < end && demand[at] >= 0.0 && whole(share[at]) && same(at + parts) {
            parts += 1;
        }
        parts
    }

    /// Lives a step: at once, or with and without the grid one after the other where it comes or goes inside.
    fn step<S: Storage>(&mut self, battery: &mut S, today: &Today) {
        let share = if self.supply.is_some() { self.share[today.at] } else { 0.0 };
        if whole(share) {
            let up = share > 0.5;
            self.part(battery, today, up, today.hours);
            self.was_up = up;
            return;
        }
        // The state that was goes on first.
        for up in [self.was_up, !self.was_up] {
            let hours = today.hours * if up { share } else { 1.0 - share };
            self.part(battery, today, up, hours);
        }
        self.was_up = !self.was_up;
    }

    fn part<S: Storage>(&mut self, battery: &mut S, today: &Today, supply: bool, hours: f64) {
        let own_kw = battery.own_draw_kw();
        let demand = &self.demand_kw[today.at..today.at + today.parts];
        let step = Step {
            plan: &self.plan,
            demand_kw: demand,
            array_kw: today.array_kw,
            hours,
            env: today.env,
            hour: today.hour,
            supply,
            electronics_kw: self.plan.electronics_kw + own_kw,
        };
        let ran = self.genset_on && !supply && demand.iter().all(|kw| *kw >= 0.0);
        let flows = step.run(battery, self.genset_on);
        let was_on = self.genset_on;
        self.genset_on = step.genset_after(battery, &flows, was_on);
        let started = self.genset_on && !was_on;
        let (soc, temperature_c) = (battery.soc(), battery.temperature_c());
        let seen = Seen {
            flows: &flows,
            demand_kw: demand,
            hour: today.hour,
            hours,
            outage: self.supply.is_some() && !supply,
            ran,
            started,
            fuel_l_per_h: match &self.plan.genset {
                Some(genset) if ran => genset.spec.fuel_l_per_h(flows.genset, genset.rating_kw),
                _ => 0.0,
            },
            own_kw,
            soc,
            temperature_c,
        };
        self.books.add(&seen);
        if let Some(trace) = &mut self.trace {
            trace.add(self.days / DAYS_PER_YEAR, today.calendar_hour, &seen);
        }
    }
}

/// Whether a share is all or nothing.
fn whole(share: f64) -> bool {
    share <= SLIVER || share >= 1.0 - SLIVER
}

/// A step of the day.
struct Today {
    at: usize,
    parts: usize,
    hour: usize,
    hours: f64,
    array_kw: f64,
    env: crate::pack::Environment,
    calendar_hour: usize,
}

/// A step as books and trace see it.
pub(super) struct Seen<'a> {
    pub flows: &'a Flows,
    pub demand_kw: &'a [f64],
    pub hour: usize,
    pub hours: f64,
    pub outage: bool,
    pub ran: bool,
    pub started: bool,
    pub fuel_l_per_h: f64,
    pub own_kw: f64,
    pub soc: f64,
    pub temperature_c: f64,
}
