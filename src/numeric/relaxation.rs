//! Linear nodes that exchange something between them and with a place that is held: moved exactly.
//!
//! ```text
//! c_k x_k' = q_k - sum_j g_kj (x_k - x_j) - h_k x_k
//! ```
//!
//! with constant `q` over a step. In `y = sqrt(c) x` the matrix is symmetric, so it has real modes, found once.

use nalgebra::{DMatrix, SymmetricEigen};

/// The modes of a set of nodes.
#[derive(Clone, Debug)]
pub struct Relaxation {
    root_c: Vec<f64>,
    /// Modes as columns.
    modes: DMatrix<f64>,
    /// Rates of the modes, at or above zero.
    rates: Vec<f64>,
}

impl Relaxation {
    /// Finds the modes for capacities `c`, conductances `h` to what is held and `links` (node, node, conductance).
    pub fn new(c: &[f64], h: &[f64], links: &[(usize, usize, f64)]) -> Relaxation {
        let n = c.len();
        let mut g = DMatrix::zeros(n, n);
        h.iter().enumerate().for_each(|(k, &h)| g[(k, k)] = h);
        for &(a, b, link) in links {
            g[(a, a)] += link;
            g[(b, b)] += link;
            g[(a, b)] -= link;
            g[(b, a)] -= link;
        }
        let root_c: Vec<f64> = c.iter().map(|c| c.sqrt()).collect();
        let eigen = SymmetricEigen::new(DMatrix::from_fn(n, n, |a, b| g[(a, b)] / (root_c[a] * root_c[b])));
        let rates = eigen.eigenvalues.iter().map(|r| r.max(0.0)).collect();
        Relaxation { root_c, modes: eigen.eigenvectors, rates }
    }

    /// Moves the nodes by `dt` with `q` flowing in, what comes from the held places included.
    pub fn advance(&self, x: &mut [f64], q: &[f64], dt: f64) {
        let n = x.len();
        let mut moved = vec![0.0; n];
        for (m, &rate) in self.rates.iter().enumerate() {
            let (mut y, mut z) = (0.0, 0.0);
            for k in 0..n {
                y += self.modes[(k, m)] * self.root_c[k] * x[k];
                z += self.modes[(k, m)] * q[k] / self.root_c[k];
            }
            // The change and not the value, which would lose digits.
            let change = (z - rate * y) * dt * mean_decay(rate * dt);
            for (k, moved) in moved.iter_mut().enumerate() {
                *moved += self.modes[(k, m)] * change / self.root_c[k];
            }
        }
        x.iter_mut().zip(&moved).for_each(|(x, d)| *x += d);
    }
}

/// Mean of `exp(-x t)` for `t` from 0 to 1.
#[inline]
pub fn mean_decay(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 - 0.5 * x } else { -(-x).exp_m1() / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_follow_many_small_steps() {
        let (c, h) = ([900.0, 500.0, 700.0], [0.0, 10.0, 0.5]);
        let links = [(0, 1, 10.0), (1, 2, 3.0)];
        let q = [25.0, 10.0 * 298.0, 0.5 * 300.0];
        let nodes = Relaxation::new(&c, &h, &links);
        let mut exact = [300.0, 298.0, 305.0];
        let mut small = exact;
        nodes.advance(&mut exact, &q, 50.0);
        let n = 100_000;
        for _ in 0..n {
            let mut flow = [0, 1, 2].map(|k| q[k] - h[k] * small[k]);
            for (a, b, g) in links {
                flow[a] -= g * (small[a] - small[b]);
                flow[b] += g * (small[a] - small[b]);
            }
            (0..3).for_each(|k| small[k] += flow[k] / c[k] * 50.0 / f64::from(n));
        }
        assert!((0..3).all(|k| (exact[k] - small[k]).abs() < 1e-4), "{exact:?} {small:?}");
    }

    #[test]
    fn splitting_a_step_changes_nothing() {
        let nodes = Relaxation::new(&[2.0, 3.0], &[0.0, 0.0], &[(0, 1, 0.7)]);
        let (mut whole, mut parts) = ([1.0, 5.0], [1.0, 5.0]);
        nodes.advance(&mut whole, &[0.1, -0.1], 3.0);
        [1.0, 0.5, 1.5].iter().for_each(|&dt| nodes.advance(&mut parts, &[0.1, -0.1], dt));
        assert!((0..2).all(|k| (whole[k] - parts[k]).abs() < 1e-13));
    }
}
