//! The least squares: weighted residuals of all check-ups, and one row for each prior.

use super::model::predict_at_pace;
use super::space::Space;
use super::table::{Row, Series};
use crate::aging::{Health, Law, Path};
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn, U1};

/// Step of the difference quotients, in prior standard deviations.
const STEP: f64 = 1e-4;
/// Error of the resistance: a law's over new.
const SIGMA_RESISTANCE: f64 = 0.05;

/// How far the law and a check-up are taken to differ, and how many independent check-ups a cell is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Standard deviation of the law's error in storage, over new capacity.
    pub sigma_storage: f64,
    /// The same in cycling.
    pub sigma_cycling: f64,
    /// Most check-ups a stored cell counts for: those of one test go astray together.
    pub rows_storage: f64,
    /// Most check-ups a cycled cell counts for.
    pub rows_cycling: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Weights { sigma_storage: 0.01, sigma_cycling: 0.005, rows_storage: 2.0, rows_cycling: 4.0 }
    }
}

/// Data and unknowns of a fit.
#[derive(Clone)]
pub(super) struct Problem<'a> {
    pub(super) space: &'a Space,
    law: Law,
    series: &'a [Series],
    weights: Weights,
    /// Standard deviation of the cells' own life, as a logarithm; each cell then has an unknown.
    spread: Option<f64>,
    v: DVector<f64>,
}

impl<'a> Problem<'a> {
    pub(super) fn new(
        space: &'a Space,
        law: &Law,
        series: &'a [Series],
        weights: Weights,
        spread: Option<f64>,
    ) -> Self {
        let own = if spread.is_some() { series.len() } else { 0 };
        let v = DVector::zeros(space.coordinates.len() + own);
        Problem { space, law: law.clone(), series, weights, spread, v }
    }

    /// Solves from a start in the law's coordinates.
    pub(super) fn solve(mut self, start: &[f64]) -> Solution {
        self.v.fill(0.0);
        self.v.rows_mut(0, start.len()).copy_from_slice(start);
        let solver = LevenbergMarquardt::new().with_patience(40).with_ftol(1e-10).with_xtol(1e-8).with_gtol(1e-10);
        let (problem, report) = solver.minimize(self);
        Solution {
            v: problem.v.as_slice().to_vec(),
            cost: report.objective_function,
            converged: report.termination.was_successful(),
        }
    }

    /// The law at the present unknowns.
    fn law_at(&self, v: &[f64]) -> Law {
        self.law.with_numbers(self.space.numbers(v))
    }

    fn pace(&self, v: &[f64], series: usize) -> f64 {
        self.spread.map_or(1.0, |s| (-s * v[self.space.coordinates.len() + series]).exp())
    }

    /// Weighted residuals of a cell.
    fn residuals_of(&self, law: &Law, series: &Series, pace: f64) -> Vec<f64> {
        let w = &self.weights;
        let (sigma, most) =
            if series.cycled() { (w.sigma_cycling, w.rows_cycling) } else { (w.sigma_storage, w.rows_storage) };
        let weight = |rows: usize| (most / rows as f64).min(1.0).sqrt();
        let health = predict_at_pace(law, &series.rows, pace);
        let pairs = || series.rows.iter().zip(&health);
        let capacity = weight(series.rows.len()) / sigma;
        let mut out: Vec<f64> = pairs().map(|(r, h): (&Row, &Health)| capacity * (r.capacity - h.capacity)).collect();
        if law.mechanisms.iter().any(|m| m.path == Path::Resistance) {
            let measured = series.rows.iter().filter(|r| r.resistance.is_some()).count();
            let resistance = weight(measured.max(1)) / SIGMA_RESISTANCE;
            out.extend(pairs().filter_map(|(r, h)| Some(resistance * (r.resistance? - h.resistance))));
        }
        out
    }

    fn data_residuals(&self, v: &[f64]) -> Vec<f64> {
        let law = self.law_at(v);
        let each = |(k, series)| self.residuals_of(&law, series, self.pace(v, k));
        self.series.iter().enumerate().flat_map(each).collect()
    }

    /// Covariance of the law's coordinates, in prior standard deviations: `(J'J)^-1` with the priors among the rows.
    pub(super) fn covariance(&mut self, v: &[f64]) -> Option<DMatrix<f64>> {
        self.v.copy_from_slice(v);
        let j = self.jacobian()?;
        let all = (j.transpose() * j).cholesky()?.inverse();
        let n = self.space.coordinates.len();
        Some(all.view((0, 0), (n, n)).into_owned())
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Problem<'_> {
    type ResidualStorage = Owned<f64, Dyn, U1>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn, U1>;

    fn set_params(&mut self, v: &DVector<f64>) {
        self.v.copy_from(v);
    }

    fn params(&self) -> DVector<f64> {
        self.v.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let mut rows = self.data_residuals(self.v.as_slice());
        rows.extend(self.v.iter());
        rows.iter().all(|r| r.is_finite()).then(|| DVector::from_vec(rows))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let v = self.v.as_slice();
        let (law, shared) = (self.law_at(v), self.space.coordinates.len());
        let counts: Vec<usize> = self.series.iter().map(|s| self.residuals_of(&law, s, 1.0).len()).collect();
        let data: usize = counts.iter().sum();
        let mut jacobian = DMatrix::zeros(data + v.len(), v.len());
        for k in 0..v.len() {
            jacobian[(data + k, k)] = 1.0;
        }
        for k in 0..shared {
            let at = |step: f64| {
                let mut v = v.to_vec();
                v[k] += step;
                self.data_residuals(&v)
            };
            for (row, (up, down)) in at(STEP).into_iter().zip(at(-STEP)).enumerate() {
                jacobian[(row, k)] = (up - down) / (2.0 * STEP);
            }
        }
        if let Some(spread) = self.spread {
            let mut first = 0;
            for (k, (series, count)) in self.series.iter().zip(&counts).enumerate() {
                let at = |step: f64| self.residuals_of(&law, series, self.pace(v, k) * (-spread * step).exp());
                for (row, (up, down)) in at(STEP).into_iter().zip(at(-STEP)).enumerate() {
                    jacobian[(first + row, shared + k)] = (up - down) / (2.0 * STEP);
                }
                first += count;
            }
        }
        jacobian.iter().all(|x| x.is_finite()).then_some(jacobian)
    }
}

/// Where the solver ended.
#[derive(Clone, Debug)]
pub(super) struct Solution {
    /// Unknowns in prior standard deviations, the cells' own ones last.
    pub(super) v: Vec<f64>,
    pub(super) cost: f64,
    pub(super) converged: bool,
}
