//! The one factor with which an entry has all its resistances follow temperature.

use super::model::{Numbers, REFERENCE_K, arrhenius};
use crate::cell::ZERO_CELSIUS_K;
use crate::cell::model::reaction;
use crate::numeric::table::interpolate;

/// Energies tried for an entry, their step \[J/mol\] and number.
const ENERGIES: (f64, usize) = (250.0, 320);
/// Floors tried, in hundredths.
const FLOORS: usize = 95;

/// Activation energy \[J/mol\] and floor of the one factor on all resistances with which an entry follows the found cell
/// best over a range of temperatures \[degC\]: the mean of `R0 + R1 + R2` over SoC 0.2 to 0.9 at a current.
pub(super) fn one_factor(found: &Numbers, [low_c, high_c]: [f64; 2], current_a: f64) -> (f64, f64) {
    const POINTS: u32 = 9;
    let mean = |of: usize| {
        let at = |k: u32| interpolate(&found.resistance_soc, &found.r_ohm[of], f64::from(k) / 10.0);
        (2..=9).map(at).sum::<f64>() / 8.0
    };
    let (r0, pairs) = (mean(0), (1..found.r_ohm.len()).map(mean).sum::<f64>());
    let total = |t: f64| {
        let transfer = r0 * found.transfer_share * arrhenius(found.transfer_ea_j_per_mol, t);
        let ohmic = r0 * (1.0 - found.transfer_share);
        ohmic + reaction(transfer, current_a, t) + pairs * arrhenius(found.pairs_ea_j_per_mol, t)
    };
    let temperatures: Vec<f64> =
        (0..POINTS).map(|k| low_c + (high_c - low_c) * f64::from(k) / f64::from(POINTS - 1) + ZERO_CELSIUS_K).collect();
    let wanted: Vec<f64> = temperatures.iter().map(|t| (total(*t) / total(REFERENCE_K)).ln()).collect();
    let mut best = (f64::INFINITY, ENERGIES.0, 0.0);
    for k in 1..=ENERGIES.1 {
        let ea = ENERGIES.0 * k as f64;
        let factors: Vec<f64> = temperatures.iter().map(|t| arrhenius(ea, *t)).collect();
        for floor in (0..=FLOORS).map(|f| f as f64 / 100.0) {
            let off = |(a, w): (&f64, &f64)| ((floor + (1.0 - floor) * a).ln() - w).powi(2);
            let sum = factors.iter().zip(&wanted).map(off).sum::<f64>();
            if sum < best.0 {
                best = (sum, ea, floor);
            }
        }
    }
    (best.1, best.2)
}

#[cfg(test)]
mod tests {
    use super::super::model::Thermal;
    use super::*;

    fn numbers(share: f64, transfer: f64, pairs: f64) -> Numbers {
        Numbers {
            capacity_ah: 10.0,
            ocv_soc: vec![0.0, 1.0],
            ocv_v: vec![3.0, 4.0],
            resistance_soc: vec![0.0, 1.0],
            r_ohm: vec![vec![1e-3; 2], vec![1e-9; 2], vec![1e-9; 2]],
            tau_s: vec![10.0, 300.0],
            hysteresis_v: 0.0,
            hysteresis_gamma: 1.0,
            transfer_share: share,
            transfer_ea_j_per_mol: transfer,
            pairs_ea_j_per_mol: pairs,
            thermal: Thermal { heat_capacity_j_per_k: 1e3, cooling_w_per_k: 1.0 },
        }
    }

    #[test]
    fn the_factor_of_an_entry_is_that_of_the_cell_where_both_have_the_same_form() {
        let (ea, floor) = one_factor(&numbers(0.4, 45_000.0, 20_000.0), [5.0, 45.0], 1e-3);
        assert!((ea - 45_000.0).abs() < 600.0 && (floor - 0.6).abs() < 0.011, "{ea} {floor}");
    }
}
