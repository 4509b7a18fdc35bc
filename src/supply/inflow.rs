//! Inflow of a draw: as given, or as given stocks ask for.

use super::error::SupplyError;
use super::lives::{LifeClasses, Lifetimes};
use super::parameter::Param;
use super::plan::{Negative, SupplyPlan};
use super::result::Warning;
use super::retirement::Retirement;
use super::values::Values;

/// Inflow of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Inflow {
    /// By year \[GWh/year\].
    pub gwh: Vec<f64>,
    /// Share of all cohorts that a fall of the given stock leaves in use, by year; empty where nothing is cut.
    pub kept: Vec<f64>,
}

impl Inflow {
    /// Share of a cohort's lives that cuts before a year have left.
    pub fn kept_before(&self, cohort: usize, year: usize) -> f64 {
        if self.kept.is_empty() { 1.0 } else { self.kept[cohort..year].iter().product() }
    }
}

/// What is given, times the draw's factors. Growth counts from the last year of history on:
/// `f I(h) (I(t)/I(h))^growth`.
pub fn scaled(plan: &SupplyPlan, values: &Values, series: usize) -> Vec<f64> {
    let given = &plan.series[series].gwh;
    let history = i64::from(plan.history_until) - i64::from(plan.first_year);
    let base = usize::try_from(history).ok().and_then(|h| given.get(h)).copied().unwrap_or(0.0);
    let scale = |(t, &gwh): (usize, &f64)| {
        let factor = values.at(Param::InflowFactor, series, t);
        let growth = values.at(Param::GrowthFactor, series, t);
        let later = t as i64 > history && base > 0.0 && gwh > 0.0 && growth != 1.0;
        if later { factor * base * (gwh / base).powf(growth) } else { factor * gwh }
    };
    given.iter().enumerate().map(scale).collect()
}

/// Inflow of all series.
pub fn inflows(
    plan: &SupplyPlan,
    classes: &LifeClasses,
    lives: &Lifetimes,
    values: &Values,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Inflow>, SupplyError> {
    (0..plan.series.len())
        .map(|s| {
            let given = scaled(plan, values, s);
            match plan.stock_driven {
                None => Ok(Inflow { gwh: given, kept: Vec::new() }),
                Some(negative) => {
                    let of = |c: usize| lives.retirement(classes.lives(s), c);
                    from_stock(plan, s, &given, of, negative, warnings)
                }
            }
        })
        .collect()
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
    warnings: &mut Vec<Warning>,
) -> Result<Inflow, SupplyError> {
    let years = stock.len();
    let lives: Vec<Vec<f64>> = (0..years).map(|c| in_use(retirement(c))).collect();
    let mut inflow = Inflow { gwh: vec![0.0; years], kept: vec![1.0; years] };
    // Cohorts as they would be had nothing been cut are `scale` times larger than they are.
    let mut scale = vec![1.0; years];
    let mut cut = false;
    for t in 0..years {
        let old: f64 = (0..t).map(|c| inflow.gwh[c] * lives[c][t - c] * scale[c]).sum();
        let [name, year] = [plan.series_name(series), plan.calendar(t).to_string()];
        if lives[t][0] <= 0.0 {
            if stock[t] == old {
                continue;
            }
            return Err(SupplyError::NothingLeft { series: name, year: plan.calendar(t) });
        }
        let needed = (stock[t] - old) / lives[t][0];
        // A rounding error of the sum is no fall.
        let least = -1e-12 * stock[t].max(old);
        if needed >= least {
            inflow.gwh[t] = needed.max(0.0);
            continue;
        }
        match negative {
            Negative::Refuse => {
                let (year, stock) = (plan.calendar(t), stock[t]);
                return Err(SupplyError::NegativeInflow { series: name, year, stock, inflow: needed });
            }
            Negative::Allow => {
                inflow.gwh[t] = needed;
                let text = format!("{name}, {year}: the stock falls so fast that the inflow is {needed:.4} GWh");
                warnings.push(Warning { text });
            }
            Negative::Correct => {
                let kept = stock[t].max(0.0) / old;
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
    Ok(inflow)
}
