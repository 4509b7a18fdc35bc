//! How cells in parallel share the current of their group.
//!
//! A cell is a Thevenin source `E - R i` over the step; a group is eliminated by hand in `O(n)`. Equal mean voltages are
//! of second order in the step, but over long steps on a steep curve two unequal cells left alone would swing. Equal
//! voltages at the end of the step are of first order and never swing: they are taken where the change of the OCV over the
//! step weighs more than the resistance.

use super::block::{Block, Common, LANES};

/// Currents of the cells in a group: `current = own + share x mean current`; `own` sums to zero, `share` to the number
/// of cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Split {
    pub own_a: Vec<f64>,
    pub share: Vec<f64>,
}

impl Split {
    /// From the sources of all units, in groups of `parallel` cells.
    pub fn solve(&mut self, common: &Common, blocks: &[Block], units: usize, parallel: usize) {
        self.own_a.resize(units, 0.0);
        self.share.resize(units, 0.0);
        for group in (0..units).step_by(parallel) {
            let members = group..group + parallel;
            let steep = members.clone().any(|unit| {
                let (b, k) = (&blocks[unit / LANES], unit % LANES);
                b.slope[k] > b.r0[k] + b.r1[k] + b.r2[k]
            });
            let source = |unit: usize| {
                let (b, k) = (&blocks[unit / LANES], unit % LANES);
                let (emf, ohm) = if steep { b.source_at_end(k, common) } else { (b.emf[k], b.resistance[k]) };
                (emf, 1.0 / ohm)
            };
            let (mut conductance, mut short_circuit) = (0.0, 0.0);
            for (e, g) in members.clone().map(source) {
                conductance += g;
                short_circuit += e * g;
            }
            let emf = short_circuit / conductance;
            for unit in members {
                let (e, g) = source(unit);
                self.own_a[unit] = (e - emf) * g;
                self.share[unit] = parallel as f64 * g / conductance;
            }
        }
    }

    /// The current of a unit for a mean current.
    #[inline]
    pub fn current(&self, unit: usize, mean_a: f64) -> f64 {
        self.own_a[unit] + self.share[unit] * mean_a
    }
}
