//! Steps of time, and shares of cohorts left at their ends.

use super::{CohortError, Triangle};
use crate::supply::plan::Entry;
use crate::supply::survival::Life;

/// Steps of a projection.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    edges: Vec<f64>,
}

impl Steps {
    /// Of a year each.
    pub fn yearly(years: usize) -> Self {
        Steps { edges: (0..=years).map(|k| k as f64).collect() }
    }

    /// From the times of their edges \[years\], which must rise.
    pub fn between(edges: Vec<f64>) -> Result<Self, CohortError> {
        let rises = |w: &[f64]| w[1] > w[0] && w[0].is_finite() && w[1].is_finite();
        match edges.windows(2).position(|w| !rises(w)) {
            Some(step) => Err(CohortError::Edges { step, from: edges[step], to: edges[step + 1] }),
            None => Ok(Steps { edges }),
        }
    }

    /// Their number.
    pub fn count(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// Length of a step \[year\].
    pub fn length(&self, step: usize) -> f64 {
        self.edges[step + 1] - self.edges[step]
    }

    /// Least and greatest age of a cohort at the end of a step \[year\].
    fn ages(&self, step: usize, cohort: usize) -> (f64, f64) {
        (self.edges[step + 1] - self.edges[cohort + 1], self.edges[step + 1] - self.edges[cohort])
    }
}

/// Share of each cohort in use at the end of each step.
#[derive(Clone, Debug, PartialEq)]
pub struct Survivals {
    steps: Steps,
    shares: Triangle,
}

impl Survivals {
    /// From the life of each cohort.
    pub fn new<'a>(steps: Steps, entry: Entry, life: impl Fn(usize) -> &'a Life) -> Self {
        let shares = Triangle::of(steps.count(), |step, cohort| {
            let (least, greatest) = steps.ages(step, cohort);
            let life = life(cohort);
            match entry {
                Entry::Start => life.survival(greatest),
                Entry::Middle => life.survival(0.5 * (least + greatest)),
                Entry::End => life.survival(least),
                Entry::Spread => life.mean_survival(least, greatest),
            }
        });
        Survivals { steps, shares }
    }

    /// From shares that are known; each between 0 and the one before.
    pub fn from_shares(steps: Steps, shares: Triangle) -> Result<Self, CohortError> {
        if shares.steps() != steps.count() {
            return Err(CohortError::Length { expected: steps.count(), found: shares.steps() });
        }
        for step in 0..steps.count() {
            for (cohort, &share) in shares.step(step).iter().enumerate() {
                let before = if step > cohort { shares.at(step - 1, cohort) } else { 1.0 };
                if !(0.0..=before).contains(&share) {
                    return Err(CohortError::Share { step, cohort, share });
                }
            }
        }
        Ok(Survivals { steps, shares })
    }

    /// Steps.
    pub fn steps(&self) -> &Steps {
        &self.steps
    }

    /// Shares.
    pub fn shares(&self) -> &Triangle {
        &self.shares
    }
}
