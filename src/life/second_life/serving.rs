//! Strings that serve a site: put there, lived with, taken away, and others put in their place.

use super::battery::{Battery, Wasted};
use crate::aging::OutsideShares;
use crate::duty::{LoadBus, LoadModel, Supply};
use crate::life::constants::JOULE_PER_KWH;
use crate::life::first_life::reading;
use crate::life::journey::Journey;
use crate::life::outcome::{EndCause, Reading};
use crate::life::plan::SecondLifePlan;
use crate::numeric::calendar::{DAYS_PER_YEAR, closes_month};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::{Ledger, ModuleString};
use crate::site::{Clouds, HourTrace, Run, SiteError, SiteYear, Surroundings, YearOrder};

/// Share of a system's energy that the solver's misses may add up to.
const MISS_SHARE: f64 = 1e-4;

/// Where and when a system starts.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Number of the system in its pack: weather, load and outages are drawn by it.
    pub index: u16,
    /// Day of the year.
    pub day: usize,
    /// Share of a full product.
    pub share: f64,
    /// Order of the weather years.
    pub years: YearOrder,
}

/// What a stay came to.
#[derive(Clone, Debug)]
pub struct Served {
    /// The strings as they ended; with a converter for each module, each module is one.
    pub strings: Vec<ModuleString>,
    /// Days of the site when they ended.
    pub day: usize,
    /// Why they ended; none when the asked day came.
    pub cause: Option<EndCause>,
}

/// A unit as it came.
#[derive(Clone, Copy)]
struct Mark {
    stored_j: f64,
    ledger: Ledger,
}

/// Energies of the units \[J\].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    /// Stored in units when they came, and as they are or went.
    pub came_j: f64,
    pub stands_j: f64,
    pub heat_j: f64,
    pub fade_j: f64,
    pub exchanged_j: f64,
    /// Largest relative error of a unit's books.
    pub error: f64,
}

/// A system at its site. Strings are lent to it with [`Serving::serve`], one set after the other, while clock, weather,
/// load, aging of the array and books go on.
pub struct Serving<'a> {
    pub(super) plan: &'a SecondLifePlan,
    pub(super) share: f64,
    pub(super) run: Run<'a>,
    pub(super) battery: Battery<'a>,
    marks: Vec<Mark>,
    /// Books of units that went.
    gone: Sums,
    /// Stored in units that joined others \[J\].
    pub(super) joined_j: f64,
    pending: Vec<ModuleString>,
    monthly: Vec<Reading>,
    /// First full year of the present strings.
    first_year: usize,
    /// Whether strings have been at their end.
    met_end: bool,
}

/// The site of a plan with the weather, yield, load and outages of a journey's draws, for a battery of any kind.
///
/// # Errors
/// A load or a grid that cannot be simulated.
pub fn site_run<'a>(
    journey: &'a Journey,
    plan: &SecondLifePlan,
    streams: &Streams,
    start: Start,
) -> Result<Run<'a>, SiteError> {
    let site = plan.site(start.share);
    let surroundings = Surroundings::in_order(
        &journey.second_weather,
        start.day,
        start.years,
        &mut streams.indexed(Purpose::SystemWeather, start.index),
    );
    let load = LoadModel::new(&plan.load, site.steps_per_hour, streams.indexed(Purpose::Load, start.index))?;
    let supply = match &plan.grid {
        Some(grid) => {
            let rng = streams.indexed(Purpose::Outages, start.index);
            Some(Supply::new(&grid.supply, site.steps_per_hour, rng)?)
        }
        None => None,
    };
    let clouds = |clear| Clouds::new(clear, streams.indexed(Purpose::MinuteSun, start.index));
    let clouds = journey.clear_year.as_deref().map(clouds);
    Ok(Run::new(site, surroundings, &journey.pv_years, load, supply, start.day).with_clouds(clouds))
}

impl<'a> Serving<'a> {
    /// A system without strings yet. The plan may differ from the journey's in everything but the climate and the array's
    /// geometry, which weather and yield were made for.
    ///
    /// # Errors
    /// A load or a grid that cannot be simulated.
    pub fn new(
        journey: &'a Journey,
        plan: &'a SecondLifePlan,
        streams: &Streams,
        start: Start,
    ) -> Result<Self, SiteError> {
        Ok(Serving {
            plan,
            share: start.share,
            run: site_run(journey, plan, streams, start)?,
            battery: Battery::new(plan),
            marks: Vec::new(),
            gone: Sums::default(),
            joined_j: 0.0,
            pending: Vec::new(),
            monthly: Vec::new(),
            first_year: 0,
            met_end: false,
        })
    }

    /// Lives with these strings, and those added before, until a day of the site, or until their functional end where that
    /// is asked for. An end is looked for at once and at the end of each month.
    pub fn serve(&mut self, strings: Vec<ModuleString>, until_day: usize, stop_at_end: bool) -> Served {
        self.put(strings);
        if self.battery.units.is_empty() {
            return Served { strings: Vec::new(), day: self.run.days(), cause: None };
        }
        let mut cause = self.look_for_end(stop_at_end);
        while cause.is_none() && self.run.days() < until_day {
            if self.day() {
                self.read();
                cause = self.look_for_end(stop_at_end);
            }
        }
        let strings = self.take();
        Served { strings, day: self.run.days(), cause }
    }

    /// The end of the strings where it counts; it is noted in any case.
    fn look_for_end(&mut self, counts: bool) -> Option<EndCause> {
        if !counts && self.met_end {
            return None;
        }
        let cause = self.end();
        self.met_end |= cause.is_some();
        cause.filter(|_| counts)
    }

    /// Whether strings that served here have been at their end, whether or not that ended their stay.
    pub fn met_end(&self) -> bool {
        self.met_end
    }

    /// Adds strings to those of the next [`Serving::serve`]; they come at the mean charge and warmth of those, or of
    /// themselves where there are no others.
    pub fn add(&mut self, strings: Vec<ModuleString>) {
        self.pending.extend(strings);
    }

    /// Days of the site so far.
    pub fn days(&self) -> usize {
        self.run.days()
    }

    /// Year by year; the last may be a part of one.
    pub fn years(&self) -> &[SiteYear] {
        self.run.years()
    }

    /// Readings of the strings: when the first came, and at the end of each month.
    pub fn monthly(&self) -> &[Reading] {
        &self.monthly
    }

    /// Keeps the hours of a year of the site, counted from 0; asked for before that year begins.
    pub fn trace_year(&mut self, year: usize) {
        self.run.trace_year(year);
    }

    /// The hours kept, those lived so far.
    pub fn trace(&self) -> &[HourTrace] {
        self.run.trace()
    }

    /// Energy inside the SoC window that strings would have in this system \[kWh\].
    pub fn usable_kwh(&self, strings: &[ModuleString]) -> f64 {
        let mut battery = Battery::new(self.plan);
        strings.iter().for_each(|s| battery.add(s.clone()));
        battery.bases().usable_kwh
    }

    /// Largest relative error of: the books of each unit; array, grid, genset and units brought = served + curtailed +
    /// losses + stored; demand = served + unserved; the buses.
    pub fn balance_error(&self) -> f64 {
        let sums = self.sums();
        let kwh = |of: fn(&SiteYear) -> f64| self.run.years().iter().map(of).sum::<f64>();
        let (served, demand) = (kwh(|y| y.served_kwh), kwh(|y| y.demand_kwh));
        let source = kwh(|y| y.pv_kwh + y.grid_kwh + y.genset_kwh) + (sums.came_j - sums.exchanged_j) / JOULE_PER_KWH;
        let sinks = served - kwh(|y| y.taken_kwh)
            + kwh(|y| y.curtailed_kwh + y.converter_loss_kwh + y.dumped_kwh)
            + self.battery.wasted.converter_kwh
            + (sums.heat_j + sums.fade_j + sums.stands_j) / JOULE_PER_KWH;
        let size = source + served + 1e-6;
        let bus = (source - sinks).abs() / size;
        let load = (demand - served - kwh(|y| y.unmet_kwh)).abs() / (demand + 1e-6);
        // The solver may miss a power by a little, never add up to something.
        let missed = self.run.miss_kwh().abs() / size;
        let drift = if missed > MISS_SHARE { missed } else { 0.0 };
        sums.error.max(bus).max(load).max(drift).max(self.run.bus_error())
    }

    pub(super) fn put(&mut self, strings: Vec<ModuleString>) {
        let there = strings.len();
        for string in strings {
            self.battery.add(string);
        }
        let others = std::mem::take(&mut self.pending);
        if there > 0 {
            let n = self.battery.units.len() as f64;
            let soc = self.battery.sum(ModuleString::soc_mean) / n;
            let temperature_k = self.battery.sum(ModuleString::temperature_mean_k) / n;
            for mut string in others {
                string.temperature_k.fill(temperature_k);
                string.set_soc(soc);
                self.battery.add(string);
            }
        } else {
            others.into_iter().for_each(|string| self.battery.add(string));
        }
        self.mark();
        self.first_year = self.run.days().div_ceil(DAYS_PER_YEAR);
        if !self.battery.units.is_empty() {
            self.run.meet(&self.battery);
        }
        if self.monthly.is_empty() && !self.battery.units.is_empty() {
            self.read();
        }
    }

    /// Marks units that have none yet.
    fn mark(&mut self) {
        let new = &self.battery.units[self.marks.len()..];
        self.marks.extend(new.iter().map(|s| Mark { stored_j: s.stored_j(), ledger: *s.ledger() }));
    }

    /// Looks at the battery before its units change.
    pub(super) fn before_service(&mut self) {
        self.run.look(&self.battery);
    }

    /// Notes the energy stored in units that the service added \[J\].
    pub(super) fn after_service(&mut self, joined_j: f64) {
        self.joined_j += joined_j;
        self.mark();
        self.run.meet(&self.battery);
    }

    /// Lives a day; whether it closes a month.
    pub(super) fn day(&mut self) -> bool {
        self.run.day(&mut self.battery);
        closes_month(self.run.days() - 1)
    }

    pub(super) fn read(&mut self) {
        let readings: Vec<Reading> = self.battery.units.iter().map(reading).collect();
        let soh = readings.iter().map(|r| r.soh).fold(f32::INFINITY, f32::min);
        let resistance = readings.iter().map(|r| r.resistance).sum::<f32>() / readings.len() as f32;
        self.monthly.push(Reading { soh, resistance });
    }

    /// Ends the duty of the units: open cycles are booked.
    pub(super) fn close(&mut self) {
        self.battery.units.iter_mut().for_each(ModuleString::close_duty);
        self.run.look(&self.battery);
    }

    fn take(&mut self) -> Vec<ModuleString> {
        self.close();
        self.gone = self.sums();
        self.marks.clear();
        std::mem::take(&mut self.battery.units)
    }

    /// Books of all units, those that went and those that are there.
    pub(super) fn sums(&self) -> Sums {
        let mut sums = self.gone;
        for (unit, mark) in self.battery.units.iter().zip(&self.marks) {
            let (stands_j, books) = (unit.stored_j(), unit.ledger().since(&mark.ledger));
            sums.came_j += mark.stored_j;
            sums.stands_j += stands_j;
            sums.heat_j += books.heat_j;
            sums.fade_j += books.fade_j;
            sums.exchanged_j += books.exchanged_j;
            sums.error = sums.error.max(books.error(mark.stored_j, stands_j));
        }
        sums
    }

    /// Whether the strings are at their end, and why.
    pub(super) fn end(&self) -> Option<EndCause> {
        let rules = &self.plan.end;
        if self.battery.soh_min() < rules.soh_min {
            return Some(EndCause::Soh);
        }
        if self.battery.resistance_max() > rules.resistance_max {
            return Some(EndCause::Resistance);
        }
        if rules.power_check {
            let inverter = &self.run.plan().inverter;
            let drawn = match self.run.plan().bus {
                LoadBus::Ac => inverter.input_kw(inverter.rating_kw),
                LoadBus::Dc => inverter.rating_kw,
            };
            if self.battery.power_capability_w() < 1e3 * drawn {
                return Some(EndCause::Power);
            }
        }
        let short = |year: &SiteYear| year.unmet_kwh > rules.unmet_share_max * year.demand_kwh;
        // One poor year may be the weather's; two in a row are the system's.
        if self.run.days().is_multiple_of(DAYS_PER_YEAR)
            && let [.., before, last] = self.run.years().get(self.first_year..).unwrap_or(&[])
            && short(before)
            && short(last)
        {
            return Some(EndCause::Energy);
        }
        None
    }

    pub(super) fn wasted(&self) -> &Wasted {
        &self.battery.wasted
    }

    /// Shares of time and throughput outside the law's box, means over the present units.
    pub(super) fn outside(&self) -> OutsideShares {
        let n = self.battery.units.len() as f64;
        let shares: Vec<OutsideShares> = self.battery.units.iter().map(|s| s.aging.outside_shares()).collect();
        let mean = |f: fn(&OutsideShares) -> f64| shares.iter().map(f).sum::<f64>() / n;
        OutsideShares {
            time: mean(|s| s.time),
            throughput: mean(|s| s.throughput),
            beyond_test: mean(|s| s.beyond_test),
        }
    }

    pub(super) fn into_parts(mut self) -> (Vec<ModuleString>, Vec<Reading>) {
        (std::mem::take(&mut self.battery.units), self.monthly)
    }
}
