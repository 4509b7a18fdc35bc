//! Resistance of electrolyte, foils and reaction, the last of which falls with current and temperature.
//!
//! ```text
//! R   = R_25(s) ((1 - c) + c a asinh(x) / x)
//! x   = I c a R_25(s) F / (2 Rg T)                    I over twice the exchange current
//! a   = exp(Ea/Rg (1/T - 1/T_ref))
//! ```
//!
//! This is the Butler-Volmer equation with equal coefficients, solved for the overpotential
//! `2 Rg T / F asinh(I / (2 i0))`, with both electrodes taken as one (Doyle, Fuller and Newman, J. Electrochem. Soc. 140
//! (1993) 1526, doi 10.1149/1.2221597). For small currents the reaction has the resistance `Rg T / (F i0)`, which is the
//! share `c` of the whole: the exchange current is told by the resistance and needs no number of its own.

use super::coefficient::Point;
use crate::cell::{FARADAY, GAS_CONSTANT};
use crate::numeric::grid::Line;

/// A resistance with a share of charge transfer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChargeTransfer {
    /// Resistance over SoC at the reference temperature and a small current \[Ohm\].
    pub table: Line,
    /// Share of the reaction in it, 0..=1.
    pub share: f64,
    /// Activation energy of the reaction \[J/mol\].
    pub ea_j_per_mol: f64,
    /// Reference temperature \[K\].
    pub reference_k: f64,
}

impl ChargeTransfer {
    /// Resistance at a point: voltage over current.
    #[inline]
    pub fn at(&self, point: &Point) -> f64 {
        let r = self.table.value(point.soc);
        let a = (self.ea_j_per_mol / GAS_CONSTANT * (1.0 / point.temperature_k - 1.0 / self.reference_k)).exp();
        r * (1.0 - self.share) + reaction(r * self.share * a, point.current_a, point.temperature_k)
    }
}

/// Resistance of a reaction at a current, from that at a small one \[Ohm\].
#[inline]
pub fn reaction(small_ohm: f64, current_a: f64, temperature_k: f64) -> f64 {
    let x = small_ohm * current_a * FARADAY / (2.0 * GAS_CONSTANT * temperature_k);
    // The series loses less than rounding here, the quotient more.
    if x.abs() < 1e-4 { small_ohm * (1.0 - x * x / 6.0) } else { small_ohm * x.asinh() / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overpotential_solves_the_equation_of_butler_and_volmer() {
        let (small, t) = (0.01, 310.0);
        let i0 = GAS_CONSTANT * t / (FARADAY * small);
        for current in [-40.0, -1e-3, 1e-6, 0.5, 3.0, 200.0] {
            let eta = current * reaction(small, current, t);
            let back = 2.0 * i0 * (0.5 * FARADAY * eta / (GAS_CONSTANT * t)).sinh();
            assert!((back - current).abs() < 1e-9 * current.abs(), "{current}: {back}");
        }
        assert_eq!(reaction(small, 0.0, t), small);
    }

    #[test]
    fn only_the_reaction_falls_with_temperature_and_current() {
        let table = Line::new(vec![0.0, 1.0], vec![2e-3, 2e-3]).unwrap();
        let of = |share: f64| ChargeTransfer { table: table.clone(), share, ea_j_per_mol: 4e4, reference_k: 298.15 };
        let at = |r: &ChargeTransfer, temperature_k: f64, current_a: f64| {
            r.at(&Point { soc: 0.5, temperature_k, current_a })
        };
        let (none, some) = (of(0.0), of(0.4));
        assert_eq!(at(&none, 320.0, 100.0), 2e-3);
        assert!((at(&some, 298.15, 0.0) - 2e-3).abs() < 1e-17);
        let hot = 1.2e-3 + 0.8e-3 * (4e4 / GAS_CONSTANT * (1.0 / 320.0 - 1.0 / 298.15)).exp();
        assert!((at(&some, 320.0, 0.0) - hot).abs() < 1e-15);
        assert!(at(&some, 298.15, 1e5) > 1.2e-3 && at(&some, 298.15, 1e5) < 1.25e-3);
    }
}
