//! Service in the middle of a system's life: modules replaced one by one, strings added.

use super::battery::Battery;
use crate::aging::UsedUnit;
use crate::cell::ZERO_CELSIUS_K;
use crate::life::journey::Journey;
use crate::life::outcome::Visit;
use crate::life::plan::{ModulesFrom, ServicePlan};
use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::{Environment, ModuleString};
use rand::rngs::ChaCha8Rng;

/// Accepted modules of a pack that filled no string, as they are when the second lives begin.
pub(crate) struct LeftOver {
    /// The modules; none when every one found its place.
    pub modules: Option<ModuleString>,
    /// Which of them a system has taken.
    pub taken: Vec<bool>,
}

/// The service of one system.
pub(super) struct Service<'a> {
    journey: &'a Journey,
    plan: &'a ServicePlan,
    law: usize,
    streams: &'a Streams,
    rng: ChaCha8Rng,
    /// Left-over modules on the shelf, aging there.
    shelf: Option<ModuleString>,
    taken: &'a mut Vec<bool>,
    /// Modules that may still be replaced.
    replacements_left: u32,
    pub visits: Vec<Visit>,
}

impl<'a> Service<'a> {
    /// The service of a system that is a share of a full product, where the plan has one.
    pub fn new(
        journey: &'a Journey,
        law: usize,
        streams: &'a Streams,
        system: u16,
        share: f64,
        left_over: &'a mut LeftOver,
    ) -> Option<Self> {
        let plan = journey.plan.second_life.service.as_ref()?;
        let shelf = left_over.modules.clone().filter(|_| plan.modules_from != ModulesFrom::Bought);
        Some(Service {
            journey,
            plan,
            law,
            streams,
            rng: streams.indexed(Purpose::ServiceModules, system),
            shelf,
            taken: &mut left_over.taken,
            replacements_left: (f64::from(plan.replacements_max) * share).ceil() as u32,
            visits: Vec::new(),
        })
    }

    /// A day on the shelf.
    pub fn day(&mut self) {
        if let Some(shelf) = &mut self.shelf {
            let storage = &self.journey.plan.storage;
            let env = Environment {
                temperature_k: storage.temperature_c + ZERO_CELSIUS_K,
                time_constant_s: 3600.0 * self.journey.plan.vehicle.parked_time_constant_h,
                along_k: 0.0,
            };
            shelf.rest(86_400.0, &env);
            shelf.end_day();
        }
    }

    /// Looks after a battery at the end of a month. Returns the energy stored in each unit that was added \[J\].
    pub fn month(&mut self, battery: &mut Battery<'_>, months: u32, days: usize) -> Vec<f64> {
        let mut visit = Visit { years: days as f64 / DAYS_PER_YEAR as f64, ..Visit::default() };
        if months.is_multiple_of(self.plan.months) {
            self.replace(battery, &mut visit);
        }
        let added = match self.plan.augment {
            Some(augment) if months == 12 * augment.after_years => self.augment(battery, augment.strings, &mut visit),
            _ => Vec::new(),
        };
        if visit.replaced + visit.added > 0 {
            visit.cost_usd += f64::from(visit.replaced + visit.added) * self.plan.labour_usd_per_module;
            self.visits.push(visit);
        }
        added
    }

    /// Replaces modules past a threshold, the weakest first, while there are any to put in.
    fn replace(&mut self, battery: &mut Battery<'_>, visit: &mut Visit) {
        let plan = *self.plan;
        let poor = |s: &ModuleString, m: usize| {
            s.soh(m) < plan.replace_soh_below
                || plan.replace_resistance_above.is_some_and(|most| s.resistance_of(m) > most)
        };
        let units = battery.units.iter().enumerate();
        let mut found: Vec<(usize, usize, f64)> =
            units.flat_map(|(u, s)| (0..s.len()).filter(|&m| poor(s, m)).map(move |m| (u, m, s.soh(m)))).collect();
        found.sort_by(|a, b| a.2.total_cmp(&b.2).then((a.0, a.1).cmp(&(b.0, b.1))));
        for (unit, module, _) in found {
            if self.replacements_left == 0 {
                return;
            }
            let Some((mut newcomer, bought)) = self.newcomer(&poor) else { return };
            let string = &mut battery.units[unit];
            // Brought to the charge and warmth of the place it goes to.
            newcomer.set_soc(string.soc_of(module));
            newcomer.temperature_k.fill(string.temperature_of_k(module));
            if bought {
                visit.bought += 1;
                visit.cost_usd += self.price(&newcomer);
            }
            string.replace(module, &newcomer, 0);
            self.replacements_left -= 1;
            visit.replaced += 1;
        }
    }

    /// A module that is itself not past a threshold, and whether it was bought.
    fn newcomer(&mut self, poor: &impl Fn(&ModuleString, usize) -> bool) -> Option<(ModuleString, bool)> {
        if let Some(shelf) = &self.shelf
            && let Some(m) = (0..shelf.len()).find(|&m| !self.taken[m] && !poor(shelf, m))
        {
            self.taken[m] = true;
            let mut module = shelf.clone();
            module.close_duty();
            return Some((module.select(&[m]), false));
        }
        (self.plan.modules_from != ModulesFrom::LeftOver).then(|| (self.buy(1), true))
    }

    /// Modules bought used, with a history that could have led there.
    fn buy(&mut self, count: usize) -> ModuleString {
        let used = UsedUnit {
            soh: self.plan.module_soh,
            resistance: None,
            cycle_share: self.plan.module_cycle_share,
            years: self.plan.module_years,
        };
        self.journey.used_string(self.law, self.streams, &vec![used; count], &mut self.rng)
    }

    fn price(&self, modules: &ModuleString) -> f64 {
        let kwh = modules.soh_mean() * modules.module_nominal_kwh() * modules.len() as f64;
        self.plan.module_price_usd_per_kwh * kwh
    }

    /// Adds strings of bought modules at the mean charge and temperature of those that are there.
    fn augment(&mut self, battery: &mut Battery<'_>, strings: u32, visit: &mut Visit) -> Vec<f64> {
        let n = battery.units.len() as f64;
        let soc = battery.sum(ModuleString::soc_mean) / n;
        let temperature_k = battery.sum(ModuleString::temperature_mean_k) / n;
        let before = battery.units.len();
        for _ in 0..strings {
            let series = self.journey.plan.second_life.series_modules;
            let mut string = self.buy(series as usize);
            string.temperature_k.fill(temperature_k);
            string.set_soc(soc);
            visit.added += series;
            visit.bought += series;
            visit.cost_usd += self.price(&string);
            let all: Vec<usize> = (0..string.len()).collect();
            battery.add(string.select(&all));
        }
        battery.units[before..].iter().map(ModuleString::stored_j).collect()
    }
}
