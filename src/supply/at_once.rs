//! Laws of life that let part of a cohort leave at the moment of its sale.

use super::parameter::Param;
use super::plan::{LifeLaw, Lives, SupplyPlan};
use super::result::Warning;
use super::survival::Life;
use super::values::Values;

/// Smallest share that is told.
const TOLD: f64 = 0.01;

/// A warning for vehicles and one for batteries where a law with a part below age 0 has too wide a spread for its mean.
pub(super) fn at_once(plan: &SupplyPlan, values: &Values) -> Vec<Warning> {
    let (vehicle, battery) = match &plan.lives {
        Lives::Closed { vehicle, battery } => (*vehicle, Some(*battery)),
        Lives::Physics { vehicle, .. } => (*vehicle, None),
    };
    let of_vehicle = worst(plan, values, vehicle, [Param::VehicleLifeMean, Param::VehicleLifeSd]);
    let of_battery = battery.and_then(|law| worst(plan, values, law, [Param::BatteryLifeMean, Param::BatteryLifeSd]));
    let told = |(what, worst): (&str, Option<(f64, usize, usize)>)| {
        let (share, series, cohort) = worst?;
        let text = format!(
            "{:.1} % of the {what} of {} sold in {} leave at the moment of their sale, since a {} life of that mean and spread \
             begins below age 0: a law such as `weibull` does not.",
            100.0 * share,
            plan.series_name(series),
            plan.came(cohort),
            if what == "vehicles" { name(vehicle) } else { name(battery.unwrap_or_default()) }
        );
        (share >= TOLD).then_some(Warning { text })
    };
    [("vehicles", of_vehicle), ("batteries", of_battery)].into_iter().filter_map(told).collect()
}

/// The largest share at age 0, with its series and cohort.
fn worst(plan: &SupplyPlan, values: &Values, law: LifeLaw, params: [Param; 2]) -> Option<(f64, usize, usize)> {
    if !matches!(law, LifeLaw::Normal | LifeLaw::Logistic) {
        return None;
    }
    let places = (0..plan.series.len()).flat_map(|s| (0..plan.cohorts()).map(move |c| (s, c)));
    let share = |(s, c): (usize, usize)| {
        let mean = values.years(params[0], s)?[c];
        let life = Life::new(law, mean, values.at(params[1], s, c)).ok()?;
        Some((1.0 - life.survival(0.0), s, c))
    };
    places.filter_map(share).max_by(|a, b| a.0.total_cmp(&b.0).then((b.1, b.2).cmp(&(a.1, a.2))))
}

fn name(law: LifeLaw) -> &'static str {
    if law == LifeLaw::Logistic { "logistic" } else { "normal" }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::plan;
    use super::super::{Draw, evaluate};
    use super::*;

    #[test]
    fn what_a_law_loses_at_age_zero_is_told() {
        let plan = |mean, sd| {
            let base =
                plan([1, 1, 1], 2020, &[1.0; 4]).with(Param::VehicleLifeMean, 15.0).with(Param::VehicleLifeSd, 4.0);
            base.with(Param::BatteryLifeMean, mean).with(Param::BatteryLifeSd, sd)
        };
        let told = |plan: &SupplyPlan| {
            let done = evaluate(plan, &Draw::central(), true).unwrap();
            done.warnings.into_iter().map(|w| w.text).collect::<Vec<_>>().join(" ")
        };
        let text = told(&plan(8.0, 4.0));
        // Phi(-2) = 2.28 %.
        assert!(text.contains("2.3 % of the batteries of region 0, nmc, segment 0 sold in 2020"), "{text}");
        assert_eq!(told(&plan(8.0, 2.0)), "");
        let mut weibull = plan(8.0, 4.0);
        weibull.lives = Lives::Closed { vehicle: LifeLaw::Normal, battery: LifeLaw::Weibull };
        assert_eq!(told(&weibull), "");
    }
}
