//! Inflow of a draw: as given, or as given stocks ask for.

use super::error::SupplyError;
use super::lives::{LifeClasses, Lifetimes};
use super::parameter::Param;
use super::plan::{Negative, SupplyPlan};
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

/// Series of each region and segment: its chemistries.
fn markets(plan: &SupplyPlan) -> Vec<Vec<usize>> {
    let mut markets: BTreeMap<[usize; 2], Vec<usize>> = BTreeMap::new();
    for (s, series) in plan.series.iter().enumerate() {
        markets.entry([series.region, series.segment]).or_default().push(s);
    }
    markets.into_values().collect()
}

/// Inflow of all series.
pub fn inflows(
    plan: &SupplyPlan,
    classes: &LifeClasses,
    lives: &Lifetimes,
    values: &Values,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Inflow>, SupplyError> {
    let of = |s: usize, c: usize| lives.retirement(classes.lives(s), c);
    let mut inflows: Vec<Inflow> =
        (0..plan.series.len()).map(|s| opened(plan, values, s, |c| of(s, c), warnings)).collect();
    for market in markets(plan) {
        let sum = |t: usize| market.iter().map(|s| plan.series[*s].gwh[t]).sum();
        let whole: Vec<f64> = (0..plan.years).map(sum).collect();
        let given: Vec<Vec<f64>> = market.iter().map(|s| scaled(plan, values, *s, &whole)).collect();
        match plan.stock_driven {
            None => market.iter().zip(given).for_each(|(s, given)| inflows[*s].gwh.extend(given)),
            Some(negative) => from_stock(plan, &market, &given, of, negative, &mut inflows, warnings)?,
        }
    }
    Ok(inflows)
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

/// Solves year by year for the inflow of a region and segment that meets its stock at the end of the year. Shares of
/// chemistries are those of what is given, and hold for the inflow.
fn from_stock<'a>(
    plan: &SupplyPlan,
    market: &[usize],
    given: &[Vec<f64>],
    retirement: impl Fn(usize, usize) -> &'a Retirement,
    negative: Negative,
    inflows: &mut [Inflow],
    warnings: &mut Vec<Warning>,
) -> Result<(), SupplyError> {
    let cohorts = plan.cohorts();
    let lives: Vec<Vec<Vec<f64>>> =
        market.iter().map(|s| (0..cohorts).map(|c| in_use(retirement(*s, c))).collect()).collect();
    let mut kept = vec![1.0; cohorts];
    // Cohorts as they would be had nothing been cut are `scale` times larger than they are.
    let mut scale = vec![1.0; cohorts];
    let mut shares = vec![1.0 / market.len() as f64; market.len()];
    let name = || plan.market_name(market[0]);
    for t in plan.before..cohorts {
        let stock: f64 = given.iter().map(|of| of[t - plan.before]).sum();
        if stock > 0.0 {
            shares.iter_mut().zip(given).for_each(|(share, of)| *share = of[t - plan.before] / stock);
        }
        let old: f64 = market
            .iter()
            .zip(&lives)
            .map(|(s, lives)| (0..t).map(|c| inflows[*s].gwh[c] * lives[c][t - c] * scale[c]).sum::<f64>())
            .sum();
        let left: f64 = shares.iter().zip(&lives).map(|(share, lives)| share * lives[t][0]).sum();
        let mut enter = |gwh: f64| market.iter().zip(&shares).for_each(|(s, share)| inflows[*s].gwh.push(gwh * share));
        let year = plan.came(t);
        if left <= 0.0 {
            if stock == old {
                enter(0.0);
                continue;
            }
            return Err(SupplyError::NothingLeft { series: name(), year });
        }
        let needed = (stock - old) / left;
        // A rounding error of the sum is no fall.
        let least = -1e-12 * stock.max(old);
        if needed >= least {
            enter(needed.max(0.0));
            continue;
        }
        match negative {
            Negative::Refuse => {
                return Err(SupplyError::NegativeInflow { series: name(), year, stock, inflow: needed });
            }
            Negative::Allow => {
                enter(needed);
                let text = format!("{}, {year}: the stock falls so fast that the inflow is {needed:.4} GWh", name());
                warnings.push(Warning { text });
            }
            Negative::Correct => {
                enter(0.0);
                kept[t] = stock.max(0.0) / old;
                scale[..t].iter_mut().for_each(|s| *s *= kept[t]);
                let share = 100.0 * (1.0 - kept[t]);
                let text = format!(
                    "{}, {year}: the stock falls faster than lives allow; {share:.2} % of it leave early",
                    name()
                );
                warnings.push(Warning { text });
            }
        }
    }
    if kept.iter().any(|kept| *kept < 1.0) {
        market.iter().for_each(|s| inflows[*s].kept.clone_from(&kept));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
