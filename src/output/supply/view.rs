//! A result beside its plan: names of groups, sums over chemistries, bands.

use crate::output::Quantiles;
use crate::supply::{Param, Quantity, Scope, SupplyPlan, SupplyResult};
use serde::Serialize;

/// Name of the sum over all regions.
const ALL: &str = "all";

/// A central value and the band of the draws; no band without draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// With every parameter at its central value.
    pub central: f64,
    /// Over the draws.
    pub band: Option<Quantiles>,
}

/// A result with the plan that it belongs to. A *place* is the number of a region, or one more than the last for all.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) plan: &'a SupplyPlan,
    pub(crate) result: &'a SupplyResult,
}

impl<'a> View<'a> {
    pub(crate) fn new(plan: &'a SupplyPlan, result: &'a SupplyResult) -> Self {
        View { plan, result }
    }

    /// Calendar years in order.
    pub(crate) fn years(&self) -> impl Iterator<Item = i32> + use<> {
        let first = self.plan.first_year;
        (0..self.plan.years).map(move |k| first + k as i32)
    }

    /// Number of a calendar year, if it is one of the projection.
    pub(crate) fn number_of(&self, year: i32) -> Option<usize> {
        usize::try_from(i64::from(year) - i64::from(self.plan.first_year)).ok().filter(|k| *k < self.plan.years)
    }

    /// The place of all regions together.
    pub(crate) fn all(&self) -> usize {
        self.plan.regions.len()
    }

    /// Regions, then all of them.
    pub(crate) fn places(&self) -> std::ops::RangeInclusive<usize> {
        0..=self.all()
    }

    /// Name of a place in tables.
    pub(crate) fn name(&self, place: usize) -> &'a str {
        self.plan.regions.get(place).map_or(ALL, String::as_str)
    }

    /// The place that a study calls so: a region by its name; the world is all regions where one of them is its rest.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        let plain = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let (wanted, names) = (plain(name), self.plan.regions.iter().map(|r| plain(r)).collect::<Vec<_>>());
        if let Some(place) = names.iter().position(|n| *n == wanted) {
            return Some(place);
        }
        let whole = names.iter().any(|n| n == "world" || n.starts_with("rest"));
        (wanted == ALL || wanted == "world" && whole).then(|| self.all())
    }

    /// Central values of a place by year, chemistries together.
    pub(crate) fn central(&self, quantity: Quantity, place: usize) -> Vec<f64> {
        let chemistries = self.plan.chemistries.len();
        let groups =
            if place == self.all() { 0..place * chemistries } else { place * chemistries..(place + 1) * chemistries };
        let mut sum = vec![0.0; self.plan.years];
        for group in groups {
            sum.iter_mut().zip(self.result.central.of(quantity, group)).for_each(|(s, x)| *s += x);
        }
        sum
    }

    /// Band of a place by year; none without draws.
    pub(crate) fn band(&self, quantity: Quantity, place: usize) -> Option<Vec<Quantiles>> {
        if self.result.draws == 0 {
            return None;
        }
        let r = self.result;
        let [p10, p50, p90] = [&r.p10, &r.p50, &r.p90].map(|t| t.of(quantity, place));
        Some((0..self.plan.years).map(|k| Quantiles { p10: p10[k], p50: p50[k], p90: p90[k] }).collect())
    }

    /// Central values with their bands, by year.
    pub(crate) fn estimates(&self, quantity: Quantity, place: usize) -> Vec<Estimate> {
        let band = self.band(quantity, place);
        let central = self.central(quantity, place);
        central.iter().enumerate().map(|(k, x)| Estimate { central: *x, band: band.as_ref().map(|b| b[k]) }).collect()
    }

    /// The most that storage takes, all regions, by year, central values \[GWh/year\]; none where a region has no limit.
    pub(crate) fn room(&self) -> Option<Vec<f64>> {
        let of = |param, region, year| {
            let scope = Scope { region: Some(region), ..Scope::default() };
            self.plan.parameters.value(param, scope, year, 0.0)
        };
        let year = |year: i32| {
            let region = |region| {
                let share = of(Param::StorageShareMax, region, year).unwrap_or(1.0);
                Some(share * of(Param::StorageDemand, region, year)?)
            };
            (0..self.all()).map(region).sum::<Option<f64>>()
        };
        self.years().map(year).collect()
    }

    /// The year that the answer is about: that of the question, or the last.
    pub(crate) fn asked_year(&self) -> i32 {
        let last = self.plan.first_year + self.plan.years.saturating_sub(1) as i32;
        self.plan.question.as_ref().map_or(last, |q| q.year)
    }
}
