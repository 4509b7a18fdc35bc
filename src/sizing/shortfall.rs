//! Why no design of the lists keeps the target, and by how much.

use super::headline::{in_paths, of_design, percent};
use super::result::{Cause, PathLife, Shortfall};
use super::search::Search;
use super::simulator::Simulator;
use crate::monte::Observer;
use crate::site::{Month, SiteYear};

const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// How many times larger "as large as one likes" is.
const LIFTED: f64 = 20.0;
/// How many times larger an array is tried.
const MORE_SUN: f64 = 2.0;

/// Worst calendar month of the last year and its LPSP, all paths together.
fn worst_month(lives: &[PathLife]) -> (usize, f64) {
    let lpsp = |month: usize| {
        let months = lives.iter().filter_map(|life| life.years.last()).map(|year| &year.by_month[month]);
        let (demand, unmet) = months.fold((0.0, 0.0), |(d, u), m: &Month| (d + m.demand_kwh, u + m.unmet_kwh));
        if demand > 0.0 { unmet / demand } else { 0.0 }
    };
    (0..12).map(|m| (m, lpsp(m))).fold((0, 0.0), |best, m| if m.1 > best.1 { m } else { best })
}

/// What binds the nearest design.
pub(super) fn shortfall<S: Simulator, O: Observer>(search: &Search<'_, S, O>, nearest: usize) -> Option<Shortfall> {
    let simulated = search.full.get(&nearest)?;
    let (target, design) = (&search.plan.target, &search.designs[nearest]);
    let last = || simulated.lives.iter().filter_map(|life| life.years.last());
    let demand: f64 = last().map(|y| y.demand_kwh).sum::<f64>().max(1e-9);
    let share = |of: fn(&SiteYear) -> f64| last().map(of).sum::<f64>() / demand;
    let (power, heat) = (share(|y| y.unmet_power_kwh), share(|y| y.unmet_temperature_kwh));
    let lpsp = simulated.rated.lpsp_at_confidence;
    let first: Vec<f64> = simulated.lives.iter().filter_map(|life| life.years.first()).map(SiteYear::lpsp).collect();
    let first = super::money::at_share(&first, target.confidence);
    let above = search.above_rating(design);
    let (any_battery, more_sun) = (search.lifted(design, LIFTED, 1.0), search.lifted(design, 1.0, MORE_SUN));
    let month = worst_month(&simulated.lives);
    let (name, worst) = (MONTH_NAMES[month.0], percent(month.1));
    // A limit binds when what it alone takes is beyond the target, or is most of what is missed.
    let most = |part: f64| part > target.lpsp_max || part > 0.5 * lpsp;
    let (cause, why) = if most(above.min(power)) {
        let why = format!(
            "{} of the demand is above the inverter of {} kW: a larger one is needed, no battery helps",
            percent(above),
            design.inverter_kw
        );
        (Cause::ConverterPower, why)
    } else if most(heat) {
        let why = format!("{} of the demand falls when the battery is too cold or too hot to carry it", percent(heat));
        (Cause::Temperature, why)
    } else if most(power) {
        let why =
            format!("the battery cannot carry the power of {} of the demand: more strings are needed", percent(power));
        (Cause::BatteryPower, why)
    } else if first <= target.lpsp_max {
        let why = format!(
            "the first year would do with {}: the battery does not last; it needs modules of a better class, more of them, or a \
             renewal",
            percent(first)
        );
        (Cause::Life, why)
    } else if any_battery > target.lpsp_max || more_sun < any_battery {
        let why = format!(
            "sun is missing: {name} is served worst, {worst} of it is not; with a battery of any size {} would be missed, with \
             twice the array {}",
            percent(any_battery),
            percent(more_sun)
        );
        (Cause::Sun, why)
    } else {
        let why = format!(
            "the battery holds too little: {name} is served worst, {worst} of it is not; with a battery of any size {} would be \
             missed",
            percent(any_battery)
        );
        (Cause::Capacity, why)
    };
    let words = format!(
        "No design of the lists keeps LPSP under {} {}. The nearest, {}, misses {} in year {}, {:.2} points too much: {why}.",
        percent(target.lpsp_max),
        in_paths(target.confidence),
        of_design(search, nearest),
        percent(lpsp),
        target.service_years,
        100.0 * (lpsp - target.lpsp_max),
    );
    Some(Shortfall { cause, lpsp, lpsp_max: target.lpsp_max, worst_month: month, words })
}
