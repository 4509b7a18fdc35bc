//! Many evaluations of one plan, on all cores, until somebody asks to stop.

use super::draws::{Draw, Draws};
use super::error::SupplyError;
use super::model::Evaluated;
use super::plan::SupplyPlan;
use super::quantity::Quantity;
use super::result::Warning;
use crate::monte::Observer;
use rayon::prelude::*;
use std::ops::Range;

/// Items in a block: after each block it is asked whether any failed.
const BLOCK: u64 = 256;

/// Largest share of draws that may be left out because they cannot be projected.
const LEFT_OUT_MAX: f64 = 0.01;

/// What a draw gives, or why it cannot be projected; an error where something else is wrong.
pub(super) fn of_draw<T>(number: u64, done: Result<T, SupplyError>) -> Result<Result<T, SupplyError>, SupplyError> {
    match done {
        Err(error) if error.is_of_draw() => Ok(Err(error.in_draw(number))),
        other => other.map(Ok).map_err(|error| error.in_draw(number)),
    }
}

/// A warning of draws that cannot be projected, so that they are no part of `what`; none where all can.
///
/// # Errors
/// [`SupplyError::Refused`] where more than one in a hundred cannot.
pub(super) fn left_out<'a, T: 'a>(
    all: impl ExactSizeIterator<Item = &'a Result<T, SupplyError>>,
    what: &str,
) -> Result<Option<Warning>, SupplyError> {
    let count = all.len();
    let mut refused = all.filter_map(|done| done.as_ref().err());
    let Some(first) = refused.next() else { return Ok(None) };
    let some = 1 + refused.count();
    if some as f64 > LEFT_OUT_MAX * count as f64 {
        return Err(SupplyError::Refused { refused: some, all: count, first: Box::new(first.clone()) });
    }
    let text = format!("{some} of {count} {what}: they cannot be projected. The first of them: {first}");
    Ok(Some(Warning { text }))
}

/// What the parts of an uncertainty study ask for.
pub(super) trait Study: Sync {
    /// The plan.
    fn plan(&self) -> &SupplyPlan;
    /// Its draws.
    fn draws(&self) -> &Draws;
    /// The year asked about, counted from the first.
    fn asked(&self) -> usize;
    /// Evaluates a draw, unless the study is to stop.
    fn evaluate(&self, draw: &Draw) -> Result<Evaluated, SupplyError>;
    /// Second-life supply of the year asked about, all regions \[GWh/year\].
    fn supply(&self, draw: &Draw) -> Result<f64, SupplyError>;

    /// The same of what was evaluated.
    fn supply_of(&self, done: &Evaluated) -> f64 {
        let groups = done.table.size()[1];
        (0..groups).map(|group| done.table.of(Quantity::Offered, group)[self.asked()]).sum()
    }

    /// Does something for each number on all cores; the results in order. The first error in that order is returned.
    fn each<T: Send>(
        &self,
        numbers: Range<u64>,
        act: impl Fn(u64) -> Result<T, SupplyError> + Sync,
    ) -> Result<Vec<T>, SupplyError>
    where
        Self: Sized,
    {
        let mut all = Vec::with_capacity((numbers.end - numbers.start) as usize);
        let mut start = numbers.start;
        while start < numbers.end {
            let end = (start + BLOCK).min(numbers.end);
            let block: Vec<Result<T, SupplyError>> =
                (0..(end - start) as usize).into_par_iter().with_max_len(1).map(|k| act(start + k as u64)).collect();
            for done in block {
                all.push(done?);
            }
            start = end;
        }
        Ok(all)
    }
}

/// Works out the supply of the year asked about in a draw and nothing else.
pub(super) type Supply<'a> = &'a (dyn Fn(&Draw) -> Result<f64, SupplyError> + Sync);

/// The year that a plan asks about, counted from the first; the last where it asks nothing.
pub(super) fn asked(plan: &SupplyPlan) -> Result<usize, SupplyError> {
    let last = plan.years.checked_sub(1).ok_or(SupplyError::Empty { what: "years" })?;
    let Some(question) = &plan.question else { return Ok(last) };
    let year = usize::try_from(question.year - plan.first_year).ok().filter(|year| *year <= last);
    year.ok_or(SupplyError::Unknown { what: "year", index: question.year.unsigned_abs() as usize, count: plan.years })
}

/// A plan with whoever evaluates it.
pub(super) struct PlanStudy<'a, O, F> {
    plan: &'a SupplyPlan,
    observer: &'a O,
    evaluate: F,
    supply: Option<Supply<'a>>,
    draws: Draws,
    asked: usize,
}

impl<'a, O, F> PlanStudy<'a, O, F>
where
    O: Observer,
    F: Fn(&Draw, bool) -> Result<Evaluated, SupplyError> + Sync,
{
    /// A study of a plan.
    pub fn new(plan: &'a SupplyPlan, observer: &'a O, evaluate: F) -> Result<Self, SupplyError> {
        let draws = Draws::new(plan.seed, &plan.parameters.uncertain(), &plan.correlations)?;
        Ok(PlanStudy { plan, observer, evaluate, supply: None, draws, asked: asked(plan)? })
    }

    /// The same with a shorter way to the supply alone; it gives the same to the bit.
    pub fn with_supply(self, supply: Option<Supply<'a>>) -> Self {
        PlanStudy { supply, ..self }
    }

    /// Evaluates a draw; with exits by cohort where asked for.
    pub fn evaluate_as(&self, draw: &Draw, detail: bool) -> Result<Evaluated, SupplyError> {
        self.watched(|| (self.evaluate)(draw, detail))
    }

    /// Does something unless the study is to stop, and tells the observer.
    fn watched<T>(&self, act: impl FnOnce() -> Result<T, SupplyError>) -> Result<T, SupplyError> {
        if self.observer.stop() {
            return Err(SupplyError::Stopped);
        }
        let done = act();
        self.observer.pack_done();
        done
    }
}

impl<O, F> Study for PlanStudy<'_, O, F>
where
    O: Observer,
    F: Fn(&Draw, bool) -> Result<Evaluated, SupplyError> + Sync,
{
    fn plan(&self) -> &SupplyPlan {
        self.plan
    }

    fn draws(&self) -> &Draws {
        &self.draws
    }

    fn asked(&self) -> usize {
        self.asked
    }

    fn evaluate(&self, draw: &Draw) -> Result<Evaluated, SupplyError> {
        self.evaluate_as(draw, false)
    }

    fn supply(&self, draw: &Draw) -> Result<f64, SupplyError> {
        let Some(supply) = self.supply else { return self.evaluate(draw).map(|done| self.supply_of(&done)) };
        self.watched(|| supply(draw))
    }
}
