//! Batteries on the road at ages to which no pack of their population was simulated.

use super::inflow::Inflow;
use super::lives::{LifeClasses, Lifetimes};
use super::parameter::Param;
use super::plan::{Lives, SupplyPlan};
use super::result::Warning;
use super::retirement::{CAUSES, Fleet};
use super::values::Values;

/// Smallest share of the most that a population ever has on the road that is told.
const TOLD: f64 = 1e-3;

/// What is on the road of a population at the end of a year, and what of it is older than its packs \[GWh\].
#[derive(Clone, Copy, Debug, Default)]
struct OnRoad {
    all: f64,
    beyond: f64,
}

impl OnRoad {
    fn add(&mut self, gwh: f64, is_beyond: bool) {
        self.all += gwh;
        self.beyond += if is_beyond { gwh } else { 0.0 };
    }
}

/// A warning for each population in use at ages past its simulation: there its batteries neither fade nor fail.
pub(super) fn beyond(
    plan: &SupplyPlan,
    classes: &LifeClasses,
    lives: &Lifetimes,
    inflows: &[Inflow],
    values: &Values,
) -> Vec<Warning> {
    let Lives::Physics { fleets, of_series, .. } = &plan.lives else { return Vec::new() };
    let mut warnings = Vec::new();
    for (number, fleet) in fleets.iter().enumerate() {
        let Some(simulated) = simulated_years(fleet) else { continue };
        let mut years = vec![OnRoad::default(); plan.years];
        for series in (0..plan.series.len()).filter(|s| of_series[*s] == number) {
            for cohort in 0..plan.cohorts() {
                let gwh = inflows[series].gwh[cohort];
                let factor = values.at(Param::AgingFactor, series, cohort);
                let is_beyond = |age: f64| age * factor > simulated;
                let retirement = lives.retirement(classes.lives(series), cohort);
                let first_age = 1.0 - 0.5 * plan.entry.window().iter().sum::<f64>();
                let mut on_road = |came: usize, share: f64, exits: &[[f64; CAUSES]], age: f64| {
                    let mut left = share;
                    for (k, exits) in exits.iter().enumerate() {
                        left -= exits.iter().sum::<f64>();
                        let year = came + k;
                        if let Some(year_of) = year.checked_sub(plan.before).and_then(|t| years.get_mut(t)) {
                            let kept = inflows[series].kept_before(cohort, year + 1);
                            year_of.add(gwh * left.max(0.0) * kept, is_beyond(age + k as f64));
                        }
                    }
                };
                on_road(cohort, 1.0, &retirement.exits, first_age);
                for (start, renewed) in retirement.renewed.iter().enumerate() {
                    on_road(cohort + start, renewed.share, &renewed.exits, 0.5);
                }
            }
        }
        let all = years.iter().map(|year| year.all).fold(0.0, f64::max);
        let most = years.iter().map(|year| year.beyond).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        warnings.extend(most.and_then(|(year, most)| told(fleet, simulated, plan.calendar(year), [most, all])));
    }
    warnings
}

/// Years to which all packs that did not end were simulated; none where all ended.
fn simulated_years(fleet: &Fleet) -> Option<f64> {
    let lasting = fleet.paths.iter().filter(|path| path.end_years.is_infinite());
    lasting.map(|path| path.soh.len().saturating_sub(1)).min().map(|years| years as f64)
}

fn told(fleet: &Fleet, simulated: f64, year: i32, [beyond, all]: [f64; 2]) -> Option<Warning> {
    let share = if all > 0.0 { beyond / all } else { 0.0 };
    let text = format!(
        "Fleet {}: its packs were simulated for {simulated} years, but up to {beyond:.3} GWh on the road (at the end of {year}), \
         {:.2} % of the most that it ever has there, are older; there its batteries neither fade nor fail.",
        fleet.name,
        100.0 * share
    );
    (share >= TOLD).then_some(Warning { text })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::plan;
    use super::super::plan::LifeLaw;
    use super::super::retirement::{Path, SecondLives};
    use super::super::{Draw, SupplyPlan, evaluate};
    use super::*;

    /// Fixed lives of eight years, packs that were simulated for so many.
    fn simulated(years: u32, end_years: f64) -> SupplyPlan {
        let second = SecondLives { soh_from: vec![0.0], survival: vec![vec![1.0; 9]], fade: vec![vec![1.0; 9]] };
        let path = Path { use_factor: 1.0, end_years, soh: (0..=years).map(|a| 1.0 - 0.01 * f64::from(a)).collect() };
        let fleet = Fleet { name: "cars".into(), paths: vec![path; 4], second, outside_range: [0.0; 2], lost: None };
        let mut plan = plan([1, 1, 1], 2020, &[1.0; 12]).with(Param::VehicleLifeMean, 8.0);
        plan.lives = Lives::Physics { vehicle: LifeLaw::Fixed, fleets: vec![fleet], of_series: vec![0] };
        plan
    }

    fn told(plan: &SupplyPlan) -> Vec<String> {
        let done = evaluate(plan, &Draw::central(), true).unwrap();
        done.warnings.into_iter().map(|warning| warning.text).collect()
    }

    #[test]
    fn batteries_older_than_their_packs_are_told() {
        // At the end of a year cohorts of 0.5, 1.5, ... 7.5 years are there.
        let text = told(&simulated(6, f64::INFINITY)).join(" ");
        assert!(text.contains("cars") && text.contains("for 6 years, but up to 2.000 GWh"), "{text}");
        assert!(text.contains("25.00 % of the most"), "{text}");
        assert!(told(&simulated(8, f64::INFINITY)).is_empty(), "nothing is older");
        assert!(told(&simulated(6, 5.0)).is_empty(), "all ended before");
        // Faster aging comes to the end of the simulation earlier; cohorts from before the first year grow old earlier.
        let text = told(&simulated(8, f64::INFINITY).with(Param::AgingFactor, 2.0)).join(" ");
        assert!(text.contains("50.00 %"), "{text}");
        let mut opened = simulated(6, f64::INFINITY);
        (opened.before, opened.series[0].opening) = (7, vec![8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let text = told(&opened).join(" ");
        assert!(text.contains("end of 2020") && text.contains("88.89 %"), "{text}");
    }
}
