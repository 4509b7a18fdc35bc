//! Stocks from inflows, and inflows from stocks.

use super::{Survivals, Triangle};
use crate::supply::plan::Negative;

/// A problem with cohorts.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CohortError {
    /// A step has no length.
    #[error("step {step} goes from {from} to {to}: edges must rise")]
    Edges {
        /// Step.
        step: usize,
        /// Its first edge \[year\].
        from: f64,
        /// Its last edge \[year\].
        to: f64,
    },
    /// A series is as long as no step asks for.
    #[error("{expected} values are needed, found {found}")]
    Length {
        /// Number of steps.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// A share rises with age or is none.
    #[error("share {share} of cohort {cohort} in step {step} is not between 0 and the one before")]
    Share {
        /// Step.
        step: usize,
        /// Cohort.
        cohort: usize,
        /// Share.
        share: f64,
    },
    /// A value of a series cannot be.
    #[error("value {value} of step {step} is negative or no number")]
    Value {
        /// Step.
        step: usize,
        /// Value.
        value: f64,
    },
    /// The stock falls faster than lives allow.
    #[error("the stock of step {step} is {stock}, but {left} of earlier cohorts are still in use")]
    FallsTooFast {
        /// Step.
        step: usize,
        /// Given stock.
        stock: f64,
        /// What the lives leave.
        left: f64,
    },
    /// Nothing that enters is left at the end of the step.
    #[error("nothing of cohort {cohort} is left in step {step}, so no inflow makes its stock {stock}")]
    NothingLeft {
        /// Step.
        step: usize,
        /// Cohort.
        cohort: usize,
        /// Given stock.
        stock: f64,
    },
}

/// Steps in which a stock fell faster than lives allow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Negatives {
    /// Step, and the inflow per year that would have been needed.
    pub steps: Vec<(usize, f64)>,
}

/// Stocks and flows by cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct Stocks {
    /// Lengths of the steps \[year\].
    pub lengths: Vec<f64>,
    /// What enters \[per year\].
    pub inflow: Vec<f64>,
    /// Stock at the end of each step, by cohort.
    pub stock: Triangle,
    /// What leaves, by cohort \[per year\].
    pub outflow: Triangle,
    /// Where a given stock fell too fast.
    pub negatives: Negatives,
}

impl Stocks {
    fn new(survivals: &Survivals, inflow: Vec<f64>, stock: Triangle, negatives: Negatives) -> Self {
        let lengths: Vec<f64> = (0..inflow.len()).map(|step| survivals.steps().length(step)).collect();
        let outflow = Triangle::of(inflow.len(), |step, cohort| {
            let left = stock.at(step, cohort);
            if step == cohort {
                inflow[cohort] - left / lengths[step]
            } else {
                (stock.at(step - 1, cohort) - left) / lengths[step]
            }
        });
        Stocks { lengths, inflow, stock, outflow, negatives }
    }

    /// Largest error of `sum of L (I - O) = K` over all steps, for the totals and for each cohort, over the largest of
    /// all that entered and the stock.
    pub fn balance_error(&self) -> f64 {
        let steps = self.inflow.len();
        let entered: f64 = self.inflow.iter().zip(&self.lengths).map(|(i, l)| (i * l).abs()).sum();
        let (mut worst, mut total) = (0.0_f64, 0.0);
        let mut by_cohort = vec![0.0; steps];
        for step in 0..steps {
            let length = self.lengths[step];
            by_cohort[step] = length * self.inflow[step];
            for ((kept, out), stock) in by_cohort.iter_mut().zip(self.outflow.step(step)).zip(self.stock.step(step)) {
                *kept -= length * out;
                worst = worst.max((*kept - stock).abs());
            }
            total += length * (self.inflow[step] - self.outflow.step(step).iter().sum::<f64>());
            worst = worst.max((total - self.stock.step(step).iter().sum::<f64>()).abs());
        }
        if worst > 0.0 { worst / entered } else { 0.0 }
    }
}

fn check_length(survivals: &Survivals, found: usize) -> Result<usize, CohortError> {
    let expected = survivals.steps().count();
    if found == expected { Ok(expected) } else { Err(CohortError::Length { expected, found }) }
}

/// Stocks of a given inflow \[per year\].
pub fn inflow_driven(survivals: &Survivals, inflow: &[f64]) -> Result<Stocks, CohortError> {
    let steps = check_length(survivals, inflow.len())?;
    if let Some(step) = inflow.iter().position(|x| !x.is_finite()) {
        return Err(CohortError::Value { step, value: inflow[step] });
    }
    let entered = |cohort: usize| inflow[cohort] * survivals.steps().length(cohort);
    let stock = Triangle::of(steps, |step, cohort| entered(cohort) * survivals.shares().at(step, cohort));
    Ok(Stocks::new(survivals, inflow.to_vec(), stock, Negatives::default()))
}

/// The inflow of the first cohorts \[per year\] of which so much is in use at the end of the last of their steps.
pub fn inflow_of_structure(survivals: &Survivals, structure: &[f64]) -> Result<Vec<f64>, CohortError> {
    let Some(step) = structure.len().checked_sub(1) else { return Ok(Vec::new()) };
    if structure.len() > survivals.steps().count() {
        return Err(CohortError::Length { expected: survivals.steps().count(), found: structure.len() });
    }
    let of_cohort = |(cohort, &stock): (usize, &f64)| {
        let share = survivals.shares().at(step, cohort);
        if !(stock >= 0.0 && stock.is_finite()) {
            Err(CohortError::Value { step: cohort, value: stock })
        } else if stock == 0.0 {
            Ok(0.0)
        } else if share > 0.0 {
            Ok(stock / share / survivals.steps().length(cohort))
        } else {
            Err(CohortError::NothingLeft { step, cohort, stock })
        }
    };
    structure.iter().enumerate().map(of_cohort).collect()
}

/// Inflow and stocks by cohort of given stocks at the ends of the steps.
///
/// `structure` holds the stock of the first cohorts at the end of the last of their steps; the stocks given for those
/// steps do not count. Later inflow fills what earlier cohorts leave open: `I(t) = (K(t) - sum K(t, c)) / (L(t) A(t, t))`.
/// Where that is negative, `negative` says what happens; `Correct` sets it to zero and lets all cohorts lose the same
/// share for good (Deetman and Pauliuk, as in ODYM; Pauliuk and Heeren 2020, doi 10.1111/jiec.12952).
pub fn stock_driven(
    survivals: &Survivals,
    stock: &[f64],
    structure: &[f64],
    negative: Negative,
) -> Result<Stocks, CohortError> {
    /// Inflow that is negative by rounding only, over the stock.
    const ROUNDING: f64 = 1e-12;
    let steps = check_length(survivals, stock.len())?;
    let mut inflow = inflow_of_structure(survivals, structure)?;
    let given = inflow.len();
    let mut by_cohort = Triangle::of(steps, |_, _| 0.0);
    let mut negatives = Negatives::default();
    // What a cohort would have been at its start, corrections included.
    let mut entered: Vec<f64> = inflow.iter().enumerate().map(|(c, i)| i * survivals.steps().length(c)).collect();
    for step in 0..steps {
        let shares = survivals.shares().step(step);
        if step >= given {
            let wanted = stock[step];
            if !(wanted >= 0.0 && wanted.is_finite()) {
                return Err(CohortError::Value { step, value: wanted });
            }
            let left: f64 = entered.iter().zip(shares).map(|(e, a)| e * a).sum();
            let (gap, length) = (wanted - left, survivals.steps().length(step));
            let needed = if gap == 0.0 { 0.0 } else { gap / (length * shares[step]) };
            let falls = gap < -ROUNDING * wanted.max(left);
            if !falls && gap < 0.0 && negative != Negative::Allow {
                inflow.push(0.0);
            } else if falls && negative == Negative::Correct {
                negatives.steps.push((step, needed));
                entered.iter_mut().for_each(|e| *e *= wanted / left);
                inflow.push(0.0);
            } else if falls && negative == Negative::Refuse {
                return Err(CohortError::FallsTooFast { step, stock: wanted, left });
            } else if !needed.is_finite() {
                return Err(CohortError::NothingLeft { step, cohort: step, stock: wanted });
            } else {
                if falls {
                    negatives.steps.push((step, needed));
                }
                inflow.push(needed);
            }
            entered.push(inflow[step] * length);
        }
        let row = by_cohort.step_mut(step).iter_mut();
        row.zip(entered.iter().zip(shares)).for_each(|(k, (e, a))| *k = e * a);
    }
    Ok(Stocks::new(survivals, inflow, by_cohort, negatives))
}
