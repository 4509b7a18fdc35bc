//! One draw from inflow to recycler.

use super::after::{After, Seconds, Sent, Streams};
use super::at_once::at_once;
use super::balance;
use super::beyond::beyond;
use super::compliance::{self, Compliance};
use super::draws::Draw;
use super::error::SupplyError;
use super::inflow::{self, Inflow};
use super::lives::{LifeClasses, Lifetimes};
use super::parameter::Param;
use super::plan::SupplyPlan;
use super::quantity::Quantity;
use super::recycle::{Mass, Recyclers};
use super::result::{Table, Warning};
use super::retirement::CAUSES;
use super::values::{Rows, Values};

/// Exits by group, cohort from the oldest, year and cause, nominal \[GWh/year\].
pub type ByCohort = Vec<Vec<Vec<[f64; CAUSES]>>>;

/// What a draw gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// All quantities by group (`region * chemistries + chemistry`) and year.
    pub table: Table,
    /// Exits by cohort; only in detail.
    pub by_cohort: Option<ByCohort>,
    /// Demands of rules; only in detail.
    pub compliance: Vec<Compliance>,
    /// Largest relative error of the mass balance.
    pub balance_error: f64,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

/// A plan made ready: all that is the same for every draw.
#[derive(Clone, Debug)]
pub struct Model<'p> {
    plan: &'p SupplyPlan,
    rows: Rows,
    classes: LifeClasses,
    streams: Streams,
    recyclers: Recyclers,
}

/// One draw of a plan. Whoever needs many makes a [`Model`] once.
pub fn evaluate(plan: &SupplyPlan, draw: &Draw, detail: bool) -> Result<Evaluated, SupplyError> {
    Model::new(plan)?.evaluate(draw, detail)
}

impl<'p> Model<'p> {
    /// Checks a plan and prepares it.
    pub fn new(plan: &'p SupplyPlan) -> Result<Self, SupplyError> {
        check(plan)?;
        let rows = Rows::of(plan)?;
        check_needs(plan, &rows)?;
        let classes = LifeClasses::of(plan, &rows)?;
        let streams = Streams::of(plan, &rows, &classes);
        Ok(Model { plan, recyclers: Recyclers::of(plan), rows, classes, streams })
    }

    /// A draw; in detail with exits by cohort, compliance, and warnings of use beyond the simulation of packs.
    pub fn evaluate(&self, draw: &Draw, detail: bool) -> Result<Evaluated, SupplyError> {
        let plan = self.plan;
        let values = self.rows.values(plan, draw);
        let lives = Lifetimes::of(plan, &self.classes, &values)?;
        let mut warnings = Vec::new();
        let inflows = inflow::inflows(plan, &self.classes, &lives, &values, &mut warnings)?;
        if detail {
            warnings.extend(beyond(plan, &self.classes, &lives, &inflows, &values));
            warnings.extend(at_once(plan, &values));
        }
        let seconds = Seconds::of_draw(plan, &self.rows, &values)?;
        let mut table = Table::new(plan.cohorts(), plan.groups());
        self.stocks(&lives, &inflows, &mut table);
        let masses = self.flow(&values, &lives, &inflows, &seconds, &mut table);
        let table = table.from_year(plan.before);
        let balance_error = balance::check(plan, &table)?;
        Ok(Evaluated {
            by_cohort: detail.then(|| self.streams.by_cohort(plan, &lives, &inflows)),
            compliance: if detail { compliance::judge(plan, &table, &masses) } else { Vec::new() },
            table,
            balance_error,
            warnings,
        })
    }

    /// Second-life supply of the last year, all regions \[GWh/year\]: the sum of [`Quantity::Offered`], and no more
    /// worked out than that takes.
    pub fn supply(&self, draw: &Draw) -> Result<f64, SupplyError> {
        let plan = self.plan;
        let values = self.rows.values(plan, draw);
        let lives = Lifetimes::of(plan, &self.classes, &values)?;
        let inflows = inflow::inflows(plan, &self.classes, &lives, &values, &mut Vec::new())?;
        let seconds = Seconds::default();
        let mut table = Table::new(plan.cohorts(), plan.groups());
        let mut after = After::new(plan, &self.streams, &values, &lives, &inflows, &seconds);
        let mut sent = vec![Sent::default(); plan.chemistries.len()];
        for region in 0..plan.regions.len() {
            for year in plan.before..plan.cohorts() {
                after.offer(region, year, &mut table, &mut sent);
            }
        }
        let quantity = Quantity::Offered;
        let offered = |group| table.of(quantity, group).last().copied().unwrap_or(0.0);
        if let Some(group) = (0..plan.groups()).find(|group| !offered(*group).is_finite()) {
            let year = plan.calendar(plan.years - 1);
            return Err(SupplyError::NotFinite { quantity: quantity.name(), group: plan.group_name(group), year });
        }
        Ok((0..plan.groups()).map(offered).sum())
    }

    /// Inflow, and what of it is still in use: by the share in use, which is one, with what came in for
    /// it, less the sum of exits up to then.
    fn stocks(&self, lives: &Lifetimes, inflows: &[Inflow], table: &mut Table) {
        let in_use: Vec<Vec<f64>> = lives.retirements.iter().map(inflow::in_use).collect();
        for (s, (series, inflow)) in self.plan.series.iter().zip(inflows).enumerate() {
            let group = self.plan.group(series.region, series.chemistry);
            let class = self.classes.lives(s);
            let before = self.plan.before;
            for (sum, gwh) in table.of_mut(Quantity::Inflow, group).iter_mut().zip(&inflow.gwh).skip(before) {
                *sum += gwh;
            }
            let opening = &mut table.of_mut(Quantity::Opening, group)[before];
            *opening += inflow.ended.iter().map(|(_, gwh)| gwh).sum::<f64>();
            for (cohort, &gwh) in inflow.gwh[..before].iter().enumerate() {
                *opening += gwh * in_use[lives.number(class, cohort)][before - 1 - cohort];
            }
            let stock = table.of_mut(Quantity::Stock, group);
            for (cohort, &gwh) in inflow.gwh.iter().enumerate() {
                let left = &in_use[lives.number(class, cohort)];
                let mut kept = 1.0;
                for (k, (sum, left)) in stock[cohort..].iter_mut().zip(left).enumerate() {
                    kept *= inflow.kept.get(cohort + k).copied().unwrap_or(1.0);
                    *sum += gwh * left * kept;
                }
            }
        }
    }

    /// All that leaves vehicles, year by year and region by region.
    fn flow(
        &self,
        values: &Values,
        lives: &Lifetimes,
        inflows: &[Inflow],
        seconds: &Seconds,
        table: &mut Table,
    ) -> Vec<Vec<Mass>> {
        let plan = self.plan;
        let mut after = After::new(plan, &self.streams, values, lives, inflows, seconds);
        let mut masses = vec![vec![Mass::default(); plan.years]; plan.regions.len()];
        let mut sent = vec![Sent::default(); plan.chemistries.len()];
        for (region, masses) in masses.iter_mut().enumerate() {
            for (k, mass) in masses.iter_mut().enumerate() {
                let year = plan.before + k;
                after.year(region, year, table, &mut sent);
                for (chemistry, sent) in sent.iter().enumerate() {
                    let place = [plan.group(region, chemistry), year];
                    self.recyclers.year(plan, values, place, sent, table, mass);
                }
            }
        }
        masses
    }
}

/// The first years of a plan: no later one changes what they come to.
pub fn first_years(plan: &SupplyPlan, years: usize) -> SupplyPlan {
    let mut first = plan.clone();
    first.years = years.min(plan.years);
    first.series.iter_mut().for_each(|series| series.gwh.truncate(years));
    first
}

/// Refuses what cannot be projected.
fn check(plan: &SupplyPlan) -> Result<(), SupplyError> {
    let counts = [
        ("year", plan.years),
        ("region", plan.regions.len()),
        ("chemistry", plan.chemistries.len()),
        ("segment", plan.segments.len()),
        ("series", plan.series.len()),
    ];
    if let Some((what, _)) = counts.iter().find(|(_, count)| *count == 0) {
        return Err(SupplyError::Empty { what });
    }
    for (s, series) in plan.series.iter().enumerate() {
        let places = [
            ("region", series.region, plan.regions.len()),
            ("chemistry", series.chemistry, plan.chemistries.len()),
            ("segment", series.segment, plan.segments.len()),
        ];
        if let Some((what, index, count)) = places.into_iter().find(|(_, index, count)| index >= count) {
            return Err(SupplyError::Unknown { what, index, count });
        }
        let name = || plan.series_name(s);
        if series.gwh.len() != plan.years {
            return Err(SupplyError::Length { what: name(), found: series.gwh.len(), wanted: plan.years });
        }
        if let Some(t) = series.gwh.iter().position(|g| !(g.is_finite() && *g >= 0.0)) {
            return Err(SupplyError::Energy { series: name(), year: plan.calendar(t), gwh: series.gwh[t] });
        }
        if series.opening.len() != plan.before {
            let what = format!("cohorts at the start of {}", name());
            return Err(SupplyError::Length { what, found: series.opening.len(), wanted: plan.before });
        }
        if let Some(c) = series.opening.iter().position(|g| !(g.is_finite() && *g >= 0.0)) {
            return Err(SupplyError::Energy { series: name(), year: plan.came(c), gwh: series.opening[c] });
        }
    }
    Ok(())
}

/// Refuses a plan that leaves out what has no neutral value.
fn check_needs(plan: &SupplyPlan, rows: &Rows) -> Result<(), SupplyError> {
    let param = Param::VehicleLifeMean;
    match (0..plan.series.len()).find(|s| rows.find(param, *s).is_none()) {
        Some(s) => Err(SupplyError::Missing { param, series: plan.series_name(s) }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
