//! Second lives of all groups in a draw, each worked out once.

use super::super::error::SupplyError;
use super::super::parameter::Param;
use super::super::plan::{Lives, SupplyPlan};
use super::super::retirement::SecondLives;
use super::super::values::{Rows, Values};
use super::second::{Second, Terms};

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
            let fleets = fleets(plan, group);
            let alike = seen.iter().find(|(k, _)| *k == key).filter(|_| fleets.is_none());
            if let Some((_, twin)) = alike {
                let of = seconds.of[*twin].clone();
                seconds.of.push(of);
                continue;
            }
            seen.push((key, group));
            let of = seconds.of_group(plan, values, group, fleets.as_deref())?;
            seconds.of.push(of);
        }
        Ok(seconds)
    }

    fn of_group(
        &mut self,
        plan: &SupplyPlan,
        values: &Values,
        group: usize,
        fleets: Option<&[(&SecondLives, f64)]>,
    ) -> Result<Vec<usize>, SupplyError> {
        let mut of = Vec::with_capacity(plan.cohorts());
        let mut before: Option<[f64; 4]> = None;
        for year in 0..plan.cohorts() {
            let now = TERMS.map(|p| values.at(p, group, year));
            if before != Some(now) {
                let [soh_end, fade_per_year, spread, years_max] = now;
                let second = match fleets {
                    Some(fleets) => Second::simulated(fleets, years_max, plan.years),
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

/// Second lives of the populations of a group, by the energy of their series; none for closed forms.
fn fleets(plan: &SupplyPlan, group: usize) -> Option<Vec<(&SecondLives, f64)>> {
    let Lives::Physics { fleets, of_series, .. } = &plan.lives else { return None };
    let series = plan.series.iter().zip(of_series).filter(|(s, _)| plan.group(s.region, s.chemistry) == group);
    let energies: Vec<(usize, f64)> = series.map(|(s, fleet)| (*fleet, s.gwh.iter().map(|g| g.abs()).sum())).collect();
    let all: f64 = energies.iter().map(|e| e.1).sum();
    let even = 1.0 / energies.len().max(1) as f64;
    let weight = |gwh: f64| if all > 0.0 { gwh / all } else { even };
    Some(energies.into_iter().map(|(fleet, gwh)| (&fleets[fleet].second, weight(gwh))).collect())
}
