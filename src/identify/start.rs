//! First values of the resistances: for given time constants the circuit is linear in them.

use super::model::{Drive, Numbers};
use crate::cell::circuit;
use nalgebra::{DMatrix, DVector};

/// Time constants tried \[s\].
const TAU1: [f64; 3] = [4.0, 12.0, 35.0];
const TAU2: [f64; 4] = [100.0, 300.0, 900.0, 2400.0];
/// Standard deviation of a voltage before the fit \[V\].
const SIGMA_V: f64 = 0.005;

/// Shares of two neighbouring knots.
fn hat(knots: &[f64], x: f64) -> (usize, f64) {
    let x = x.clamp(knots[0], knots[knots.len() - 1]);
    let k = knots.partition_point(|&s| s <= x).clamp(1, knots.len() - 1) - 1;
    (k, (x - knots[k]) / (knots[k + 1] - knots[k]))
}

/// The numbers with resistances and time constants of the best linear least squares over a grid of time constants.
/// `r_ohm` of `numbers` is what a knot without data is drawn to.
pub(super) fn start(numbers: &Numbers, drives: &[&Drive], offset_knots: &[f64], offset_sd_v: &[f64]) -> Numbers {
    let grid = TAU1.iter().flat_map(|a| TAU2.iter().map(move |b| [*a, *b]));
    let solved = grid.filter_map(|taus| linear(numbers, drives, offset_knots, offset_sd_v, taus));
    match solved.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((_, best)) => best,
        None => numbers.clone(),
    }
}

fn linear(
    numbers: &Numbers,
    drives: &[&Drive],
    offset_knots: &[f64],
    offset_sd_v: &[f64],
    taus: [f64; 2],
) -> Option<(f64, Numbers)> {
    let (m, n) = (offset_knots.len(), numbers.resistance_soc.len());
    let columns = m + 3 * n;
    let (mut normal, mut right, mut square) =
        (DMatrix::<f64>::zeros(columns, columns), DVector::<f64>::zeros(columns), 0.0);
    for drive in drives {
        let mut filtered = vec![0.0; 2 * n];
        let mut h = drive.hysteresis;
        for k in 0..drive.dt_s.len() {
            let (dt, i) = (drive.dt_s[k], drive.current_a[k]);
            let passed = (numbers.hysteresis_gamma * i * dt / (3600.0 * numbers.capacity_ah)).abs();
            h = circuit::hysteresis(h, passed, -i.signum()).0;
            let (at, f) = hat(&numbers.resistance_soc, drive.soc[k]);
            for (pair, tau) in taus.iter().enumerate() {
                let a = (-dt / tau).exp();
                let states = &mut filtered[pair * n..(pair + 1) * n];
                states.iter_mut().for_each(|v| *v *= a);
                states[at] += (1.0 - f) * (1.0 - a) * i;
                states[at + 1] += f * (1.0 - a) * i;
            }
            let weight = drive.weight[k] / SIGMA_V;
            if weight == 0.0 {
                continue;
            }
            let mut row: Vec<(usize, f64)> = Vec::with_capacity(4 + 2 * n);
            let (u, fu) = hat(offset_knots, drive.soc[k]);
            row.extend([(u, weight * (1.0 - fu)), (u + 1, weight * fu)]);
            row.extend([(m + at, -weight * (1.0 - f) * i), (m + at + 1, -weight * f * i)]);
            let states = filtered.iter().enumerate().filter(|(_, v)| v.abs() > 1e-6);
            row.extend(states.map(|(c, v)| (m + n + c, -weight * v)));
            let y = weight * (drive.voltage_v[k] - numbers.ocv(drive.soc[k]) - numbers.hysteresis_v * h);
            square += y * y;
            for (c, x) in &row {
                right[*c] += x * y;
                for (d, z) in &row {
                    normal[(*c, *d)] += x * z;
                }
            }
        }
    }
    let mut guess = DVector::<f64>::zeros(columns);
    for c in 0..columns {
        let sd = if c < m {
            offset_sd_v[c]
        } else {
            let (of, k) = ((c - m) / n, (c - m) % n);
            guess[c] = numbers.r_ohm[of][k];
            2.0 * guess[c]
        };
        normal[(c, c)] += 1.0 / (sd * sd);
        right[c] += guess[c] / (sd * sd);
        square += (guess[c] / sd).powi(2);
    }
    let solution = normal.cholesky()?.solve(&right);
    let cost = square - solution.dot(&right);
    let mut out = numbers.clone();
    for (of, r) in out.r_ohm.iter_mut().enumerate() {
        for (k, r) in r.iter_mut().enumerate() {
            *r = solution[m + of * n + k].clamp(0.1 * *r, 10.0 * *r);
        }
    }
    out.tau_s = taus.to_vec();
    cost.is_finite().then_some((cost, out))
}
