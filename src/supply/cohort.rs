//! Stocks by cohort: what entered when, what of it is left, what left when.
//!
//! Steps may differ in length. Flows are per year, stocks stand at the end of a step. With `A(t, c)` the share of cohort
//! `c` in use at the end of step `t` and `L` the lengths:
//!
//! `K(t, c) = I(c) L(c) A(t, c)`, `O(t, c) = (K(t-1, c) - K(t, c)) / L(t)`, `O(c, c) = I(c) - K(c, c) / L(c)`,
//!
//! so that `sum of L (I - O) = K` for steps of any length. (Mueller et al. 2014, doi 10.1021/es403506a, for the model;
//! Lauinger et al. 2021, doi 10.3390/su131910894, for its matrix.)

mod stocks;
mod survivals;

pub use stocks::{CohortError, Negatives, Stocks, inflow_driven, inflow_of_structure, stock_driven};
pub use survivals::{Steps, Survivals};

/// A value for each cohort and step from its own on.
#[derive(Clone, Debug, PartialEq)]
pub struct Triangle {
    steps: usize,
    values: Vec<f64>,
}

impl Triangle {
    /// Made of a function of step and cohort.
    pub fn of(steps: usize, mut value: impl FnMut(usize, usize) -> f64) -> Self {
        let mut values = Vec::with_capacity(steps * (steps + 1) / 2);
        for step in 0..steps {
            values.extend((0..=step).map(|cohort| value(step, cohort)));
        }
        Triangle { steps, values }
    }

    /// Number of steps, and of cohorts.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// All cohorts of a step, the oldest first.
    pub fn step(&self, step: usize) -> &[f64] {
        let at = step * (step + 1) / 2;
        &self.values[at..=at + step]
    }

    fn step_mut(&mut self, step: usize) -> &mut [f64] {
        let at = step * (step + 1) / 2;
        &mut self.values[at..=at + step]
    }

    /// Value of a cohort in a step; zero before it enters.
    pub fn at(&self, step: usize, cohort: usize) -> f64 {
        self.step(step).get(cohort).copied().unwrap_or(0.0)
    }

    /// Sums over the cohorts.
    pub fn totals(&self) -> Vec<f64> {
        (0..self.steps).map(|step| self.step(step).iter().sum()).collect()
    }
}

#[cfg(test)]
mod tests;
