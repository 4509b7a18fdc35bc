//! Inflow of a draw: as given, or as given stocks ask for.

use super::error::SupplyError;
use super::lives::{LifeClasses, Lifetimes};
use super::parameter::Param;
use super::plan::{Negative, Series, SupplyPlan};
use super::result::Warning;
use super::retirement::Retirement;
use super::values::Values;
use std::collections::BTreeMap;

/// Share of a cohort below which its life counts as over: shares are one less what left, and keep no digits further out.
const OVER: f64 = 1e-6;

/// Inflow of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Inflow {
    /// By year, from that of the oldest cohort on; before the first year what must have come, for what is there at its
    /// start \[GWh/year\].
    pub gwh: Vec<f64>,
    /// Cohorts on the road at the start of which their lives leave none, and how much of them there is \[GWh\]: they go in
    /// the first year.
    pub ended: Vec<(usize, f64)>,
    /// Share of all cohorts that a fall of the given stock leaves in use, by year; empty where nothing is cut.
    pub kept: Vec<f64>,
}

impl Inflow {
    /// Share of a cohort's lives that cuts before a year, counted from that of the oldest cohort, have left.
    pub fn kept_before(&self, cohort: usize, year: usize) -> f64 {
        if self.kept.is_empty() { 1.0 } else { self.kept[cohort..year].iter().product() }
    }
}

/// What is given for the years of the plan, times the draw's factors. Growth counts from the last year of history `h` on and
/// is that of all chemistries of a region and segment together, `T`, so that it moves no chemistry's share:
/// `f I(t) (T(t)/T(h))^(growth - 1)`.
pub fn scaled(plan: &SupplyPlan, values: &Values, series: usize, market: &[f64]) -> Vec<f64> {
    let history = i64::from(plan.history_until) - i64::from(plan.first_year);
    let base = usize::try_from(history).ok().and_then(|h| market.get(h)).copied().unwrap_or(0.0);
    let scale = |(t, (&gwh, &all)): (usize, (&f64, &f64))| {
        let factor = values.at(Param::InflowFactor, series, plan.before + t);
        let growth = values.at(Param::GrowthFactor, series, plan.before + t);
        let later = t as i64 > history && base > 0.0 && all > 0.0 && growth != 1.0;
        if later { factor * gwh * (all / base).powf(growth - 1.0) } else { factor * gwh }
    };
    plan.series[series].gwh.iter().zip(market).enumerate().map(scale).collect()
}

/// What is given for the region and segment of each series, all chemistries together.
fn markets(plan: &SupplyPlan) -> Vec<Vec<f64>> {
    let mut sums: BTreeMap<[usize; 2], Vec<f64>> = BTreeMap::new();
    let place = |s: &Series| [s.region, s.segment];
    for series in &plan.series {
        let sum = sums.entry(place(series)).or_insert_with(|| vec![0.0; plan.years]);
        sum.iter_mut().zip(&series.gwh).for_each(|(sum, gwh)| *sum += gwh);
    }
    plan.series.iter().map(|series| sums[&place(series)].clone()).collect()
}

/// Inflow of all series.
pub fn inflows(
    plan: &SupplyPlan,
    classes: &LifeClasses,
    lives: &Lifetimes,
    values: &Values,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Inflow>, SupplyError> {
    let markets = markets(plan);
    (0..plan.series.len())
        .map(|s| {
            let given = scaled(plan, values, s, &markets[s]);
            let of = |c: usize| lives.retirement(classes.lives(s), c);
            let mut inflow = opened(plan, values, s, of, warnings);
            match plan.stock_driven {
                None => inflow.gwh.extend(given),
                Some(negative) => from_stock(plan, s, &given, of, negative, &mut inflow, warnings)?,
            }
            Ok(inflow)
        })
        .collect()
}

/// What must have come before the first year, so that as much is there at its start as is given: `I = K / share left`.
fn opened<'a>(
    plan: &SupplyPlan,
    values: &Values,
    series: usize,
    retirement: impl Fn(usize) -> &'a Retirement,
    warnings: &mut Vec<Warning>,
) -> Inflow {
    let mut inflow = Inflow { gwh: Vec::with_capacity(plan.cohorts()), ended: Vec::new(), kept: Vec::new() };
    for (cohort, gwh) in plan.series[series].opening.iter().enumerate() {
        let gwh = gwh * values.at(Param::InflowFactor, series, cohort);
        let left = if gwh > 0.0 { in_use(retirement(cohort))[plan.before - 1 - cohort] } else { 1.0 };
        if left < OVER {
            let (name, came, first) = (plan.series_name(series), plan.came(cohort), plan.first_year);
            let text = format!(
                "{name}: {gwh:.4} GWh of {came} are on the road at the start of {first}, of which by their life none is left; they go in that year"
            );
            warnings.push(Warning { text });
            inflow.ended.push((cohort, gwh));
            inflow.gwh.push(0.0);
        } else {
            inflow.gwh.push(gwh / left);
        }
    }
    inflow
}

/// Share of a unit of vehicles sold whose battery, the first or a new one, is in use at the end of the years after.
pub fn in_use(retirement: &Retirement) -> Vec<f64> {
    let years = retirement.exits.len();
    let mut change = vec![0.0; years];
    for (k, exits) in retirement.exits.iter().enumerate() {
        change[k] -= exits.iter().sum::<f64>();
    }
    for (start, renewed) in retirement.renewed.iter().enumerate() {
        change[start] += renewed.share;
        for (i, exits) in renewed.exits.iter().enumerate() {
            change[start + i] -= exits.iter().sum::<f64>();
        }
    }
    let mut sum = 1.0;
    change
        .iter()
        .map(|c| {
            sum += c;
            sum.max(0.0)
        })
        .collect()
}

/// Solves year by year for the inflow that meets the stock at the end of the year.
fn from_stock<'a>(
    plan: &SupplyPlan,
    series: usize,
    stock: &[f64],
    retirement: impl Fn(usize) -> &'a Retirement,
    negative: Negative,
    inflow: &mut Inflow,
    warnings: &mut Vec<Warning>,
) -> Result<(), SupplyError> {
    let cohorts = plan.cohorts();
    let lives: Vec<Vec<f64>> = (0..cohorts).map(|c| in_use(retirement(c))).collect();
    inflow.gwh.resize(cohorts, 0.0);
    inflow.kept = vec![1.0; cohorts];
    // Cohorts as they would be had nothing been cut are `scale` times larger than they are.
    let mut scale = vec![1.0; cohorts];
    let mut cut = false;
    for (t, &stock) in (plan.before..).zip(stock) {
        let old: f64 = (0..t).map(|c| inflow.gwh[c] * lives[c][t - c] * scale[c]).sum();
        let (name, year) = (plan.series_name(series), plan.came(t));
        if lives[t][0] <= 0.0 {
            if stock == old {
                continue;
            }
            return Err(SupplyError::NothingLeft { series: name, year });
        }
        let needed = (stock - old) / lives[t][0];
        // A rounding error of the sum is no fall.
        let least = -1e-12 * stock.max(old);
        if needed >= least {
            inflow.gwh[t] = needed.max(0.0);
            continue;
        }
        match negative {
            Negative::Refuse => {
                return Err(SupplyError::NegativeInflow { series: name, year, stock, inflow: needed });
            }
            Negative::Allow => {
                inflow.gwh[t] = needed;
                let text = format!("{name}, {year}: the stock falls so fast that the inflow is {needed:.4} GWh");
                warnings.push(Warning { text });
            }
            Negative::Correct => {
                let kept = stock.max(0.0) / old;
                inflow.kept[t] = kept;
                scale[..t].iter_mut().for_each(|s| *s *= kept);
                cut = true;
                let share = 100.0 * (1.0 - kept);
                let text =
                    format!("{name}, {year}: the stock falls faster than lives allow; {share:.2} % of it leave early");
                warnings.push(Warning { text });
            }
        }
    }
    if !cut {
        inflow.kept.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests;
