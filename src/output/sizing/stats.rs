//! Means and quantiles over the paths of a study.

use crate::numeric::calendar::{DAYS_PER_YEAR, MONTH_DAYS, month_of_day};
use crate::output::stats::quantile;
use crate::site::{Month, SiteYear};
use crate::sizing::{Detail, PathLife, Quantiles};

/// Mean and quantiles of the values that are finite; none without any.
pub(crate) fn quantiles(values: impl IntoIterator<Item = f64>) -> Option<Quantiles> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    Some(Quantiles {
        mean: mean(sorted.iter().copied())?,
        p10: quantile(&sorted, 0.1)?,
        p50: quantile(&sorted, 0.5)?,
        p90: quantile(&sorted, 0.9)?,
    })
}

/// Mean of the values that are finite; none without any.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut n) = (0.0, 0.0);
    for x in values.into_iter().filter(|x| x.is_finite()) {
        sum += x;
        n += 1.0;
    }
    (n > 0.0).then(|| sum / n)
}

/// Years of service of the path that has most.
pub(crate) fn service_years(paths: &[PathLife]) -> usize {
    paths.iter().map(|p| p.years.len()).max().unwrap_or(0)
}

/// A year of service, from 0, of every path that lived it.
pub(crate) fn year(paths: &[PathLife], number: usize) -> impl Iterator<Item = &SiteYear> {
    paths.iter().filter_map(move |p| p.years.get(number))
}

/// Mean calendar month of a year of service.
pub(crate) fn mean_month(paths: &[PathLife], number: usize, month: usize) -> Option<Month> {
    let of = |get: fn(&Month) -> f64| mean(year(paths, number).map(|y| get(&y.by_month[month])));
    Some(Month {
        demand_kwh: of(|m| m.demand_kwh)?,
        unmet_kwh: of(|m| m.unmet_kwh)?,
        pv_kwh: of(|m| m.pv_kwh)?,
        curtailed_kwh: of(|m| m.curtailed_kwh)?,
        grid_kwh: of(|m| m.grid_kwh)?,
        genset_kwh: of(|m| m.genset_kwh)?,
        discharge_kwh: of(|m| m.discharge_kwh)?,
    })
}

/// Energy of a battery by what is called its capacity, per module of the detailed design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Basis {
    /// On the name plate \[kWh\].
    pub(crate) nameplate_kwh: f64,
    /// Inside the SoC window at the start, of the class of the detailed design \[kWh\].
    pub(crate) usable_kwh: f64,
}

impl Basis {
    /// Of the design in detail; none without paths or modules.
    pub(crate) fn of(detail: &Detail) -> Option<Basis> {
        let modules = f64::from(detail.rated.design.modules);
        let nameplate_kwh = mean(detail.paths.iter().map(|p| p.nameplate_kwh))? / modules;
        let usable_kwh = mean(detail.paths.iter().map(|p| p.usable_kwh_start))? / modules;
        (nameplate_kwh.is_finite() && usable_kwh.is_finite()).then_some(Basis { nameplate_kwh, usable_kwh })
    }
}

/// Day of the month, from 1, and month, from 0, of an hour of the calendar year.
pub(crate) fn day_of(hour: u32) -> (usize, usize) {
    let day = (hour / 24) as usize % DAYS_PER_YEAR;
    let month = month_of_day(day);
    (day - MONTH_DAYS[..month].iter().sum::<usize>() + 1, month)
}
