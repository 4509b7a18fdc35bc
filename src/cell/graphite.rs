//! Potential of the graphite electrode, the stress variable of several calendar laws.

use crate::numeric::table::CubicTable;
use std::sync::LazyLock;

/// Potential of lithiated graphite against lithium \[V\] at cell SoC `s`, fresh balance of the electrodes.
///
/// `x = 0.0085 + s (0.78 - 0.0085)`;
/// `U = 0.6379 + 0.5416 exp(-305.5309 x) + 0.044 tanh(-(x - 0.1958)/0.1088) - 0.1978 tanh((x - 1.0571)/0.0854)
/// - 0.6875 tanh((x + 0.0117)/0.0529) - 0.0175 tanh((x - 0.5692)/0.0875)`.
///
/// Sources: Safari and Delacourt 2011, doi 10.1149/1.3567007; range of stoichiometry by Schimpe et al. 2018,
/// doi 10.1149/2.1181714jes.
pub fn potential_exact(s: f64) -> f64 {
    let x = 0.0085 + s * (0.78 - 0.0085);
    0.6379 + 0.5416 * (-305.5309 * x).exp() + 0.044 * (-(x - 0.1958) / 0.1088).tanh()
        - 0.1978 * ((x - 1.0571) / 0.0854).tanh()
        - 0.6875 * ((x + 0.0117) / 0.0529).tanh()
        - 0.0175 * ((x - 0.5692) / 0.0875).tanh()
}

static TABLE: LazyLock<CubicTable> = LazyLock::new(|| CubicTable::sample(8192, potential_exact));

/// [`potential_exact`] from a table, within 1e-9 V.
#[inline]
pub fn potential(s: f64) -> f64 {
    TABLE.value(s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_close_to_the_formula() {
        let worst = (0..=100_000)
            .map(|i| i as f64 / 100_000.0)
            .map(|s| (potential(s) - potential_exact(s)).abs())
            .fold(0.0, f64::max);
        assert!(worst < 1e-9, "{worst:e}");
    }

    #[test]
    fn potential_falls_with_charge() {
        assert!(potential(0.05) > potential(0.5) && potential(0.5) > potential(1.0));
        assert!(potential(1.0) > 0.05);
    }
}
