//! The global least squares: every row of every trace at once, with what is known beforehand.

use super::model::{Drive, Factors, Numbers, simulate};
use super::ocv;
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn, U1};
use rayon::prelude::*;

/// Step of the difference quotients, in the unknowns' own scale.
const STEP: f64 = 1e-5;
/// Standard deviation of the model's voltage \[V\].
pub(super) const SIGMA_V: f64 = 0.005;
/// Standard deviation of the logarithm of a resistance around the first guess.
pub(super) const SD_R: f64 = 1.5;
/// The same between knots that lie 0.1 apart.
const SD_R_STEP: f64 = 0.5;
/// Standard deviation of the logarithm of a time constant.
pub(super) const SD_TAU: f64 = 0.8;
/// Standard deviation of the logarithms of the hysteresis and of its rate.
pub(super) const SD_HYSTERESIS: f64 = 0.7;
/// Standard deviation of the logarithm of the odds of charge transfer in R0.
pub(super) const SD_TRANSFER: f64 = 0.7;
/// Standard deviation of the logarithm of an activation energy, where it is sought.
pub(super) const SD_EA: f64 = 0.4;
/// Highest activation energy \[J/mol\]. Transfer of lithium from carbonates with EC takes about 50 kJ/mol (Yamada et al.,
/// J. Phys. Chem. C 113 (2009) 14528); more would be the noise of a small share.
const EA_MOST: f64 = 70_000.0;
/// Standard deviation of the SoC at which a pulse trace is anchored. The first of them says what full is.
const SD_SOC_PULSE: f64 = 0.005;
/// The same of a slow leg, which may be of another day or begin less full.
const SD_SOC_LEG: f64 = 0.01;

/// What the unknowns are, in this order: OCV offsets, resistances knot by knot, time constants, hysteresis, its rate,
/// share of charge transfer, energies of that and of the pairs, and a shift of SoC for each trace.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) offset_knots: Vec<f64>,
    pub(super) offset_sd_v: Vec<f64>,
    pub(super) first: Numbers,
    /// Number of drives.
    pub(super) drives: usize,
    /// Pulse traces, which come first among them.
    pub(super) pulses: usize,
    /// Whether the traces span temperatures, so that the activation energies are sought.
    pub(super) temperatures: bool,
    /// Whether currents or temperatures tell the share of charge transfer; else it stays where it begins.
    pub(super) transfer_told: bool,
}

impl Layout {
    pub(super) fn resistance(&self, of: usize, knot: usize) -> usize {
        self.offset_knots.len() + of * self.first.resistance_soc.len() + knot
    }

    pub(super) fn tau(&self, pair: usize) -> usize {
        self.resistance(self.first.r_ohm.len(), 0) + pair
    }

    pub(super) fn hysteresis(&self) -> usize {
        self.tau(self.first.tau_s.len())
    }

    pub(super) fn transfer(&self) -> usize {
        self.hysteresis() + 2
    }

    /// Activation energies of the charge transfer and of the pairs.
    pub(super) fn energy(&self, of: usize) -> usize {
        self.transfer() + 1 + of
    }

    fn shift(&self, trace: usize) -> usize {
        self.energy(2) + trace
    }

    pub(super) fn len(&self) -> usize {
        self.shift(self.drives)
    }

    /// The cell at the unknowns.
    pub(super) fn numbers(&self, x: &[f64]) -> Numbers {
        let mut n = self.first.clone();
        let m = self.offset_knots.len();
        let offsets: Vec<f64> = x[..m].iter().zip(&self.offset_sd_v).map(|(x, sd)| x * sd).collect();
        for (s, v) in n.ocv_soc.iter().zip(&mut n.ocv_v) {
            *v += crate::numeric::table::interpolate(&self.offset_knots, &offsets, *s);
        }
        for (of, r) in n.r_ohm.iter_mut().enumerate() {
            r.iter_mut().enumerate().for_each(|(k, r)| *r *= x[self.resistance(of, k)].clamp(-7.0, 7.0).exp());
        }
        n.tau_s.iter_mut().enumerate().for_each(|(k, tau)| *tau *= x[self.tau(k)].clamp(-4.0, 4.0).exp());
        n.hysteresis_v *= x[self.hysteresis()].clamp(-7.0, 7.0).exp();
        n.hysteresis_gamma *= x[self.hysteresis() + 1].clamp(-4.0, 4.0).exp();
        if self.transfer_told {
            let odds = n.transfer_share / (1.0 - n.transfer_share) * (SD_TRANSFER * x[self.transfer()]).exp();
            n.transfer_share = odds / (1.0 + odds);
        }
        if self.temperatures {
            let factor = |of: usize| (SD_EA * x[self.energy(of)]).clamp(-3.0, 3.0).exp();
            n.transfer_ea_j_per_mol = (n.transfer_ea_j_per_mol * factor(0)).min(EA_MOST);
            n.pairs_ea_j_per_mol = (n.pairs_ea_j_per_mol * factor(1)).min(EA_MOST);
        }
        n
    }

    /// Shift of SoC of a drive.
    pub(super) fn shift_of(&self, x: &[f64], drive: usize) -> f64 {
        let sd = match drive {
            0 => 0.0,
            d if d < self.pulses => SD_SOC_PULSE,
            _ => SD_SOC_LEG,
        };
        sd * x[self.shift(drive)]
    }

    /// Rows of what is known beforehand: (coefficients, value).
    fn priors(&self) -> Vec<Vec<(usize, f64)>> {
        let mut rows = Vec::new();
        let m = self.offset_knots.len();
        rows.extend((0..m).map(|k| vec![(k, 1.0)]));
        // Neighbouring offsets differ less than single ones.
        for k in 1..m {
            let sd = ((self.offset_knots[k] - self.offset_knots[k - 1]) / 0.05).sqrt();
            rows.push(vec![(k - 1, -1.0 / sd), (k, 1.0 / sd)]);
        }
        let soc = &self.first.resistance_soc;
        for of in 0..self.first.r_ohm.len() {
            for k in 0..soc.len() {
                rows.push(vec![(self.resistance(of, k), 1.0 / SD_R)]);
                if k > 0 {
                    let sd = SD_R_STEP * ((soc[k] - soc[k - 1]) / 0.1).sqrt();
                    rows.push(vec![(self.resistance(of, k - 1), -1.0 / sd), (self.resistance(of, k), 1.0 / sd)]);
                }
            }
        }
        rows.extend((0..self.first.tau_s.len()).map(|k| vec![(self.tau(k), 1.0 / SD_TAU)]));
        rows.extend((0..2).map(|k| vec![(self.hysteresis() + k, 1.0 / SD_HYSTERESIS)]));
        rows.push(vec![(self.transfer(), 1.0)]);
        rows.extend((0..2).map(|k| vec![(self.energy(k), 1.0)]));
        rows.extend((0..self.drives).map(|k| vec![(self.shift(k), 1.0)]));
        rows
    }
}

/// Data and unknowns.
#[derive(Clone)]
pub(super) struct Problem<'a> {
    pub(super) layout: &'a Layout,
    pub(super) drives: &'a [Drive],
    x: DVector<f64>,
}

/// Where the solver ended.
pub(super) struct Solution {
    pub(super) x: Vec<f64>,
    pub(super) converged: bool,
}

impl<'a> Problem<'a> {
    pub(super) fn new(layout: &'a Layout, drives: &'a [Drive]) -> Self {
        Problem { layout, drives, x: DVector::zeros(layout.len()) }
    }

    pub(super) fn solve(mut self, start: &[f64]) -> Solution {
        self.x.copy_from_slice(start);
        let solver = LevenbergMarquardt::new().with_patience(30).with_ftol(1e-7).with_xtol(1e-6).with_gtol(1e-8);
        let (problem, report) = solver.minimize(self);
        Solution { x: problem.x.as_slice().to_vec(), converged: report.termination.was_successful() }
    }

    fn data(&self, x: &[f64]) -> Vec<f64> {
        let numbers = self.layout.numbers(x);
        let factors = Factors::new(&numbers);
        let mut out = Vec::new();
        for (d, drive) in self.drives.iter().enumerate() {
            let answer = simulate(&numbers, &factors, drive, self.layout.shift_of(x, d));
            for k in 0..drive.weight.len() {
                if drive.weight[k] > 0.0 {
                    out.push(drive.weight[k] / SIGMA_V * (drive.voltage_v[k] - answer.voltage_v[k]));
                }
            }
        }
        out
    }

    /// Covariance of the unknowns. The data weigh as much as their errors, which follow each other, allow.
    pub(super) fn covariance(&self, x: &[f64]) -> Option<DMatrix<f64>> {
        let mut here = self.clone();
        here.x.copy_from_slice(x);
        let residuals = here.data(x);
        let square: f64 = residuals.iter().map(|r| r * r).sum();
        let follow: f64 = residuals.windows(2).map(|w| w[0] * w[1]).sum();
        let rho = (follow / square).clamp(0.0, 0.99);
        let scale = (square / residuals.len() as f64 * (1.0 + rho) / (1.0 - rho)).max(1e-12);
        let mut jacobian = here.jacobian()?;
        for row in 0..residuals.len() {
            jacobian.row_mut(row).scale_mut(1.0 / scale.sqrt());
        }
        Some((jacobian.transpose() * jacobian).cholesky()?.inverse())
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Problem<'_> {
    type ResidualStorage = Owned<f64, Dyn, U1>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn, U1>;

    fn set_params(&mut self, x: &DVector<f64>) {
        self.x.copy_from(x);
    }

    fn params(&self) -> DVector<f64> {
        self.x.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let x = self.x.as_slice();
        let mut rows = self.data(x);
        rows.extend(self.layout.priors().iter().map(|row| row.iter().map(|(k, c)| c * x[*k]).sum::<f64>()));
        rows.iter().all(|r| r.is_finite()).then(|| DVector::from_vec(rows))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let x = self.x.as_slice();
        let centre = self.data(x);
        let columns: Vec<Vec<f64>> = (0..x.len())
            .into_par_iter()
            .map(|k| {
                let mut at = x.to_vec();
                at[k] += STEP;
                self.data(&at).iter().zip(&centre).map(|(up, here)| (up - here) / STEP).collect()
            })
            .collect();
        let priors = self.layout.priors();
        let mut jacobian = DMatrix::zeros(centre.len() + priors.len(), x.len());
        for (k, column) in columns.iter().enumerate() {
            jacobian.column_mut(k).rows_mut(0, centre.len()).copy_from_slice(column);
        }
        for (row, prior) in priors.iter().enumerate() {
            prior.iter().for_each(|(k, c)| jacobian[(centre.len() + row, *k)] = *c);
        }
        jacobian.iter().all(|x| x.is_finite()).then_some(jacobian)
    }
}

/// Puts the curve into rising order.
pub(super) fn settled(mut numbers: Numbers) -> Numbers {
    ocv::rising(&mut numbers.ocv_v);
    numbers
}
