//! Lives in vehicles: what leaves in which year, by which cause and in what state, for all series and cohorts of a draw.

mod closed;
mod entry;
mod physics;
mod renewal;
mod states;
#[cfg(test)]
mod tests;
mod unit;

pub use closed::{Causes, Law};
pub use physics::Ranks;

use super::error::SupplyError;
use super::parameter::Param;
use super::plan::{LifeLaw, Lives, SupplyPlan};
use super::retirement::{Retirement, States};
use super::survival::LifeError;
use super::values::{Rows, Values};

/// Parameters of the retirement of a cohort.
const OF_LIVES: [Param; 13] = [
    Param::VehicleLifeMean,
    Param::VehicleLifeSd,
    Param::BatteryLifeMean,
    Param::BatteryLifeSd,
    Param::CrashPerYear,
    Param::WarrantyPerYear,
    Param::WarrantyYears,
    Param::RecallShare,
    Param::RecallAge,
    Param::PeriodFactor,
    Param::RenewalAge,
    Param::UseExponent,
    Param::AgingFactor,
];
const OF_STATES: [Param; 2] = [Param::FadeMean, Param::FadeSd];
/// A recall at once takes place at the first moment, which is still an age.
const FIRST_MOMENT: f64 = 1e-9;

/// Which series live alike, whatever the draw.
#[derive(Clone, Debug)]
pub struct LifeClasses {
    lives: Classes,
    /// From physics the same as those of lives.
    states: Classes,
    /// Packs of the populations in order, as they were simulated.
    ranks: Vec<Ranks>,
}

/// Series that are alike.
#[derive(Clone, Debug, Default)]
struct Classes {
    /// Class of each series.
    of_series: Vec<usize>,
    /// A series of each class.
    example: Vec<usize>,
}

impl Classes {
    fn of<K: PartialEq>(series: usize, key: impl Fn(usize) -> K) -> Self {
        let mut classes = Classes::default();
        let mut keys = Vec::new();
        for s in 0..series {
            let key = key(s);
            let class = keys.iter().position(|k| *k == key).unwrap_or_else(|| {
                keys.push(key);
                classes.example.push(s);
                keys.len() - 1
            });
            classes.of_series.push(class);
        }
        classes
    }
}

impl LifeClasses {
    /// Groups the series of a plan.
    pub fn of(plan: &SupplyPlan, rows: &Rows) -> Result<Self, SupplyError> {
        let mut ranks = Vec::new();
        if let Lives::Physics { fleets, of_series, .. } = &plan.lives {
            if of_series.len() != plan.series.len() {
                return Err(SupplyError::Length {
                    what: "populations of the series".into(),
                    found: of_series.len(),
                    wanted: plan.series.len(),
                });
            }
            if let Some(&index) = of_series.iter().find(|f| **f >= fleets.len()) {
                return Err(SupplyError::Unknown { what: "population", index, count: fleets.len() });
            }
            for fleet in fleets {
                states::check(fleet)?;
                ranks.push(Ranks::of(fleet, plan.entry, plan.cohorts()));
            }
        }
        let rows = |params: &[Param], s: usize| params.iter().map(|p| rows.find(*p, s)).collect::<Vec<_>>();
        let count = plan.series.len();
        let (lives, states) = match &plan.lives {
            Lives::Closed { .. } => {
                (Classes::of(count, |s| rows(&OF_LIVES, s)), Classes::of(count, |s| rows(&OF_STATES, s)))
            }
            Lives::Physics { of_series, .. } => {
                let lives = Classes::of(count, |s| (of_series[s], rows(&OF_LIVES, s)));
                (lives.clone(), lives)
            }
        };
        Ok(LifeClasses { lives, states, ranks })
    }

    /// Class of the states of a series.
    pub fn states(&self, series: usize) -> usize {
        self.states.of_series[series]
    }

    /// Class of the lives of a series.
    pub fn lives(&self, series: usize) -> usize {
        self.lives.of_series[series]
    }
}

/// Lives of a draw. What is the same for several cohorts is worked out once.
#[derive(Clone, Debug, Default)]
pub struct Lifetimes {
    /// What becomes of a unit.
    pub retirements: Vec<Retirement>,
    /// In what state it leaves.
    pub states: Vec<States>,
    /// By class and cohort: number of the retirement.
    retirement_of: Vec<Vec<usize>>,
    /// By class and cohort: number of the states.
    states_of: Vec<Vec<usize>>,
    /// Packs in order where they age faster or slower than simulated, with the number of their population.
    aged: Vec<(usize, Ranks)>,
}

impl Lifetimes {
    /// Works them out.
    pub fn of(plan: &SupplyPlan, classes: &LifeClasses, values: &Values) -> Result<Self, SupplyError> {
        let mut lives = Lifetimes::default();
        for &series in &classes.lives.example {
            let of = lives.class(plan, classes, values, series)?;
            lives.retirement_of.push(of);
        }
        match &plan.lives {
            Lives::Closed { .. } => {
                for &series in &classes.states.example {
                    let mut of = Vec::with_capacity(plan.cohorts());
                    for c in 0..plan.cohorts() {
                        if c == 0 || !same(values, series, &OF_STATES, c) {
                            let [fade, sd] = OF_STATES.map(|p| values.at(p, series, c));
                            lives.states.push(states::closed(fade, sd, plan.entry, plan.cohorts()));
                        }
                        of.push(lives.states.len() - 1);
                    }
                    lives.states_of.push(of);
                }
            }
            // Each retirement of packs has brought its states.
            Lives::Physics { .. } => lives.states_of = lives.retirement_of.clone(),
        }
        Ok(lives)
    }

    /// Retirements of a class: the number of that of each cohort. One worked out for the first of equal cohorts reaches as
    /// far as any.
    fn class(
        &mut self,
        plan: &SupplyPlan,
        classes: &LifeClasses,
        values: &Values,
        series: usize,
    ) -> Result<Vec<usize>, SupplyError> {
        let period = values.years(Param::PeriodFactor, series).unwrap_or(&[]);
        let mut of = Vec::with_capacity(plan.cohorts());
        for c in 0..plan.cohorts() {
            if c == 0 || !same(values, series, &OF_LIVES, c) {
                let tables = &plan.life_tables;
                let of_cohort = |vehicle: LifeLaw, battery: Option<LifeLaw>| {
                    let vehicle = Law { law: vehicle, table: &tables.vehicle };
                    let battery = battery.map(|law| Law { law, table: &tables.battery });
                    causes(values, series, c, vehicle, battery, &period[c..]).map_err(|error| SupplyError::Life {
                        series: plan.series_name(series),
                        year: plan.came(c),
                        error,
                    })
                };
                let years = plan.cohorts() - c;
                match &plan.lives {
                    Lives::Closed { vehicle, battery } => {
                        self.retirements.push(of_cohort(*vehicle, Some(*battery))?.retire(plan.entry, years));
                    }
                    Lives::Physics { vehicle, fleets, of_series } => {
                        let number = of_series[series];
                        let fleet = &fleets[number];
                        let [exponent, factor] =
                            [Param::UseExponent, Param::AgingFactor].map(|p| values.at(p, series, c));
                        let causes = of_cohort(*vehicle, None)?;
                        let simulated = &classes.ranks[number];
                        let ranks = ranks(&mut self.aged, simulated, number, factor, || {
                            simulated.aged(fleet, plan.entry, factor)
                        });
                        let (retirement, states) = physics::retire(fleet, ranks, &causes, exponent, plan.entry, years);
                        self.retirements.push(retirement);
                        self.states.push(states);
                    }
                }
            }
            of.push(self.retirements.len() - 1);
        }
        Ok(of)
    }

    /// Retirement of a cohort of a class.
    pub fn retirement(&self, class: usize, cohort: usize) -> &Retirement {
        &self.retirements[self.retirement_of[class][cohort]]
    }

    /// Number of the retirement of a cohort of a class.
    pub fn number(&self, class: usize, cohort: usize) -> usize {
        self.retirement_of[class][cohort]
    }

    /// Number of the states of a cohort of a class.
    pub fn states_of(&self, class: usize, cohort: usize) -> usize {
        self.states_of[class][cohort]
    }
}

/// Packs of a population in order where they age by a factor faster, worked out once.
fn ranks<'a>(
    aged: &'a mut Vec<(usize, Ranks)>,
    simulated: &'a Ranks,
    fleet: usize,
    factor: f64,
    work_out: impl FnOnce() -> Ranks,
) -> &'a Ranks {
    if factor == simulated.aging_factor {
        return simulated;
    }
    let known = aged.iter().position(|(of, ranks)| *of == fleet && ranks.aging_factor == factor);
    let known = known.unwrap_or_else(|| {
        aged.push((fleet, work_out()));
        aged.len() - 1
    });
    &aged[known].1
}

/// Whether a cohort has the values of the one before. A factor on calendar years tells all cohorts apart unless it is the
/// same in all.
fn same(values: &Values, series: usize, params: &[Param], cohort: usize) -> bool {
    params.iter().all(|p| match p {
        Param::PeriodFactor => values.is_constant(*p, series),
        _ => values.years(*p, series).is_none_or(|v| v[cohort] == v[cohort - 1]),
    })
}

fn causes<'a>(
    values: &Values,
    series: usize,
    cohort: usize,
    vehicle: Law<'_>,
    battery: Option<Law<'_>>,
    period: &'a [f64],
) -> Result<Causes<'a>, LifeError> {
    let at = |param| values.at(param, series, cohort);
    let mut causes = Causes::of_vehicle(vehicle, at(Param::VehicleLifeMean), at(Param::VehicleLifeSd), period)?;
    if let (Some(law), Some(mean)) = (battery, values.years(Param::BatteryLifeMean, series)) {
        causes = causes.with_battery(law, mean[cohort], at(Param::BatteryLifeSd))?;
    }
    causes.crash_per_year = at(Param::CrashPerYear);
    causes.warranty_per_year = at(Param::WarrantyPerYear);
    causes.warranty_years = at(Param::WarrantyYears);
    causes.recall_share = at(Param::RecallShare);
    causes.recall_age = at(Param::RecallAge).max(FIRST_MOMENT);
    causes.renewal_age = at(Param::RenewalAge);
    Ok(causes)
}
