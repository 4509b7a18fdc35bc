//! Lives in vehicles: what leaves in which year, by which cause and in what state, for all series and cohorts of a draw.

mod closed;
mod entry;
mod physics;
mod renewal;
mod states;
#[cfg(test)]
mod tests;

pub use closed::Causes;
pub use physics::Ranks;

use super::error::SupplyError;
use super::parameter::Param;
use super::plan::{LifeLaw, Lives, SupplyPlan};
use super::retirement::{Retirement, States};
use super::survival::LifeError;
use super::values::{Rows, Values};

/// Parameters of the retirement of a cohort.
const OF_LIVES: [Param; 12] = [
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
];
const OF_STATES: [Param; 2] = [Param::FadeMean, Param::FadeSd];
/// A recall at once takes place at the first moment, which is still an age.
const FIRST_MOMENT: f64 = 1e-9;

/// Which series live alike, whatever the draw.
#[derive(Clone, Debug)]
pub struct LifeClasses {
    /// Class of each series.
    of_series: Vec<usize>,
    /// A series of each class.
    example: Vec<usize>,
    /// Packs of the populations in order.
    ranks: Vec<Ranks>,
}

impl LifeClasses {
    /// Groups the series of a plan.
    pub fn of(plan: &SupplyPlan, rows: &Rows) -> Result<Self, SupplyError> {
        let mut classes = LifeClasses { of_series: Vec::new(), example: Vec::new(), ranks: Vec::new() };
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
                classes.ranks.push(Ranks::of(fleet, plan.entry, plan.years));
            }
        }
        let key = |s: usize| {
            let fleet = match &plan.lives {
                Lives::Closed { .. } => None,
                Lives::Physics { of_series, .. } => Some(of_series[s]),
            };
            let rows: Vec<_> = OF_LIVES.iter().chain(&OF_STATES).map(|p| rows.find(*p, s)).collect();
            (fleet, rows)
        };
        let mut keys = Vec::new();
        for s in 0..plan.series.len() {
            let key = key(s);
            let class = keys.iter().position(|k| *k == key).unwrap_or_else(|| {
                keys.push(key);
                classes.example.push(s);
                keys.len() - 1
            });
            classes.of_series.push(class);
        }
        Ok(classes)
    }

    /// Class of a series.
    pub fn class(&self, series: usize) -> usize {
        self.of_series[series]
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
}

impl Lifetimes {
    /// Works them out.
    pub fn of(plan: &SupplyPlan, classes: &LifeClasses, values: &Values) -> Result<Self, SupplyError> {
        let mut lives = Lifetimes::default();
        for &series in &classes.example {
            let period = values.years(Param::PeriodFactor, series).unwrap_or(&[]);
            let one_period = values.is_constant(Param::PeriodFactor, series);
            let same = |params: &[Param], c: usize| {
                params.iter().all(|p| match p {
                    Param::PeriodFactor => one_period,
                    _ => values.years(*p, series).is_none_or(|v| v[c] == v[c - 1]),
                })
            };
            let of_cohort = |c: usize, vehicle: LifeLaw, battery: Option<LifeLaw>| {
                causes(values, series, c, vehicle, battery, &period[c..]).map_err(|error| SupplyError::Life {
                    series: plan.series_name(series),
                    year: plan.calendar(c),
                    error,
                })
            };
            let (mut retirement_of, mut states_of) = (Vec::new(), Vec::new());
            for c in 0..plan.years {
                let as_before = c > 0 && same(&OF_LIVES, c);
                // A retirement worked out for the first of equal cohorts reaches as far as any.
                match &plan.lives {
                    Lives::Closed { vehicle, battery } => {
                        if !as_before {
                            let causes = of_cohort(c, *vehicle, Some(*battery))?;
                            lives.retirements.push(causes.retire(plan.entry, plan.years - c));
                        }
                        if c == 0 || !same(&OF_STATES, c) {
                            let [fade, sd] = OF_STATES.map(|p| values.at(p, series, c));
                            lives.states.push(states::closed(fade, sd, plan.entry, plan.years));
                        }
                    }
                    Lives::Physics { vehicle, fleets, of_series } => {
                        if !as_before {
                            let causes = of_cohort(c, *vehicle, None)?;
                            let fleet = of_series[series];
                            let ranks = &classes.ranks[fleet];
                            let exponent = values.at(Param::UseExponent, series, c);
                            let years = plan.years - c;
                            let (retirement, states) =
                                physics::retire(&fleets[fleet], ranks, &causes, exponent, plan.entry, years);
                            lives.retirements.push(retirement);
                            lives.states.push(states);
                        }
                    }
                }
                retirement_of.push(lives.retirements.len() - 1);
                states_of.push(lives.states.len() - 1);
            }
            lives.retirement_of.push(retirement_of);
            lives.states_of.push(states_of);
        }
        Ok(lives)
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

fn causes<'a>(
    values: &Values,
    series: usize,
    cohort: usize,
    vehicle: LifeLaw,
    battery: Option<LifeLaw>,
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
