//! Where the heat of a single cell goes, moved exactly for constant heat.

use super::State;
use crate::numeric::relaxation::mean_decay;

/// Nodes between the cell and the air.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Thermal {
    /// The temperature is held.
    Isothermal,
    /// `C T' = q - G (T - T_air)`.
    OneNode {
        /// Heat capacity \[J/K\].
        heat_capacity_j_per_k: f64,
        /// Conductance to the air \[W/K\].
        conductance_w_per_k: f64,
    },
    /// The cell in a jig, the jig in the air.
    CellJig {
        /// Heat capacity of the cell \[J/K\].
        cell_j_per_k: f64,
        /// Heat capacity of the jig \[J/K\].
        jig_j_per_k: f64,
        /// Conductance from cell to jig \[W/K\].
        cell_jig_w_per_k: f64,
        /// Conductance from jig to air \[W/K\].
        jig_air_w_per_k: f64,
    },
}

impl Thermal {
    /// Quantities with their names, all of which must be above zero except conductances, which may be zero.
    pub(super) fn quantities(&self) -> Vec<(&'static str, f64, bool)> {
        match *self {
            Thermal::Isothermal => Vec::new(),
            Thermal::OneNode { heat_capacity_j_per_k, conductance_w_per_k } => vec![
                ("heat_capacity_j_per_k", heat_capacity_j_per_k, true),
                ("conductance_w_per_k", conductance_w_per_k, false),
            ],
            Thermal::CellJig { cell_j_per_k, jig_j_per_k, cell_jig_w_per_k, jig_air_w_per_k } => vec![
                ("cell_j_per_k", cell_j_per_k, true),
                ("jig_j_per_k", jig_j_per_k, true),
                ("cell_jig_w_per_k", cell_jig_w_per_k, true),
                ("jig_air_w_per_k", jig_air_w_per_k, false),
            ],
        }
    }

    /// Moves the temperatures by a step with heat `q_w` in the cell.
    pub(super) fn advance(&self, state: &mut State, q_w: f64, dt_s: f64, air_k: f64) {
        match *self {
            Thermal::Isothermal => {}
            Thermal::OneNode { heat_capacity_j_per_k: c, conductance_w_per_k: g } => {
                let slope = (q_w - g * (state.temperature_k - air_k)) / c;
                state.temperature_k += slope * dt_s * mean_decay(g / c * dt_s);
            }
            Thermal::CellJig { cell_j_per_k, jig_j_per_k, cell_jig_w_per_k: link, jig_air_w_per_k: out } => {
                let flow = link * (state.temperature_k - state.jig_k);
                let slope = [(q_w - flow) / cell_j_per_k, (flow - out * (state.jig_k - air_k)) / jig_j_per_k];
                // Slopes decay with the matrix; in the square roots of the capacities it is symmetric.
                let root = [cell_j_per_k.sqrt(), jig_j_per_k.sqrt()];
                let (a, b, d) = (link / cell_j_per_k, -link / (root[0] * root[1]), (link + out) / jig_j_per_k);
                let (half, centre) = (0.5 * (a - d), 0.5 * (a + d));
                let reach = half.hypot(b);
                // Mean of the decay as a function of the matrix: with two rates it is linear in it.
                let (slow, fast) = (mean_decay((centre - reach) * dt_s), mean_decay((centre + reach) * dt_s));
                let (m, k) = (0.5 * (slow + fast), 0.5 * (fast - slow) / reach);
                let y = [root[0] * slope[0], root[1] * slope[1]];
                let moved = [(m + k * half) * y[0] + k * b * y[1], (m - k * half) * y[1] + k * b * y[0]];
                state.temperature_k += moved[0] / root[0] * dt_s;
                state.jig_k += moved[1] / root[1] * dt_s;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::relaxation::Relaxation;

    #[test]
    fn cell_and_jig_move_as_the_modes_of_two_nodes() {
        let jig =
            Thermal::CellJig { cell_j_per_k: 1000.0, jig_j_per_k: 500.0, cell_jig_w_per_k: 10.0, jig_air_w_per_k: 7.0 };
        let mut state = State::rested(0.5, 310.0);
        state.jig_k = 295.0;
        let mut nodes = [310.0, 295.0];
        let modes = Relaxation::new(&[1000.0, 500.0], &[0.0, 7.0], &[(0, 1, 10.0)]);
        for dt in [0.1, 1.0, 60.0, 3600.0] {
            jig.advance(&mut state, 23.0, dt, 298.0);
            modes.advance(&mut nodes, &[23.0, 7.0 * 298.0], dt);
            assert!((state.temperature_k - nodes[0]).abs() < 1e-10 && (state.jig_k - nodes[1]).abs() < 1e-10);
        }
    }
}
