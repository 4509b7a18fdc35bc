//! Second lives of all groups in a draw, each worked out once.

use super::super::error::SupplyError;
use super::super::parameter::Param;
use super::super::plan::{Lives, SupplyPlan};
use super::super::retirement::SecondLives;
use super::super::values::{Rows, Values};
use super::second::{Second, Terms};
use std::borrow::Cow;

const TERMS: [Param; 4] = [Param::SecondSohEnd, Param::SecondFade, Param::SecondSpread, Param::SecondMax];

/// Second lives, and where they hold.
#[derive(Clone, Debug, Default)]
pub struct Seconds {
    /// All that differ.
    pub all: Vec<Second>,
    of: Vec<Vec<usize>>,
}

impl Seconds {
    /// Works them out.
    pub fn of_draw(plan: &SupplyPlan, rows: &Rows, values: &Values) -> Result<Self, SupplyError> {
        let mut seconds = Seconds::default();
        let mut seen: Vec<(Vec<Option<usize>>, usize)> = Vec::new();
        for group in 0..plan.groups() {
            let key: Vec<_> = TERMS.iter().map(|p| rows.find(*p, group)).collect();
            let simulated = matches!(plan.lives, Lives::Physics { .. });
            let alike = seen.iter().find(|(k, _)| *k == key).filter(|_| !simulated);
            if let Some((_, twin)) = alike {
                let of = seconds.of[*twin].clone();
                seconds.of.push(of);
                continue;
            }
            seen.push((key, group));
            let of = seconds.of_group(plan, values, group)?;
            seconds.of.push(of);
        }
        Ok(seconds)
    }

    fn of_group(&mut self, plan: &SupplyPlan, values: &Values, group: usize) -> Result<Vec<usize>, SupplyError> {
        let mut of = Vec::with_capacity(plan.cohorts());
        let fleets = fleets(plan, group);
        let mut before = None;
        for year in 0..plan.cohorts() {
            let terms = TERMS.map(|p| values.at(p, group, year));
            let of_series = fleets.iter().flatten().map(|fleet| values.at(Param::AgingFactor, fleet.series, year));
            let now = (terms, of_series.collect::<Vec<f64>>());
            if before.as_ref() != Some(&now) {
                let [soh_end, fade_per_year, spread, years_max] = terms;
                let second = match &fleets {
                    Some(fleets) => {
                        let aged = fleets.iter().zip(&now.1).map(|(fleet, factor)| fleet.second.aged(*factor));
                        let aged: Vec<Cow<SecondLives>> = aged.collect();
                        let tables: Vec<_> = aged.iter().zip(fleets).map(|(of, fleet)| (&**of, fleet.weight)).collect();
                        Second::simulated(&tables, years_max, plan.years)
                    }
                    None => Second::closed(Terms { soh_end, fade_per_year, spread, years_max }, plan.years).map_err(
                        |error| SupplyError::Life { series: plan.group_name(group), year: plan.came(year), error },
                    )?,
                };
                self.all.push(second);
                before = Some(now);
            }
            of.push(self.all.len() - 1);
        }
        Ok(of)
    }

    /// Number of the second lives of what a group puts into storage in a year.
    pub fn of(&self, group: usize, year: usize) -> usize {
        self.of[group][year]
    }
}

/// Second lives of the population of a series, with its part of the energy of the group.
struct OfSeries<'a> {
    series: usize,
    second: &'a SecondLives,
    weight: f64,
}

/// Second lives of the populations of a group; none for closed forms.
fn fleets(plan: &SupplyPlan, group: usize) -> Option<Vec<OfSeries<'_>>> {
    let Lives::Physics { fleets, of_series, .. } = &plan.lives else { return None };
    let mine = |s: &usize| plan.group(plan.series[*s].region, plan.series[*s].chemistry) == group;
    let series: Vec<usize> = (0..plan.series.len()).filter(mine).collect();
    let gwh = |s: usize| plan.series[s].gwh.iter().map(|g| g.abs()).sum::<f64>();
    let all: f64 = series.iter().map(|s| gwh(*s)).sum();
    let even = 1.0 / series.len().max(1) as f64;
    let weight = |s: usize| if all > 0.0 { gwh(s) / all } else { even };
    let of = |&s: &usize| OfSeries { series: s, second: &fleets[of_series[s]].second, weight: weight(s) };
    Some(series.iter().map(of).collect())
}
