//! What pulse tests can tell: how resistances follow temperature and current.

use super::model::{Drive, Numbers, REFERENCE_K};
use crate::cell::{FARADAY, GAS_CONSTANT, ZERO_CELSIUS_K};

/// Factor between currents of one direction from which they tell charge transfer.
const CURRENT_FACTOR: f64 = 2.0;
/// `2 Rg T / F` at 25 degC \[V\]: a reaction with a smaller drop is nearly a resistor, whatever its share.
const STRAIGHT_V: f64 = 2.0 * GAS_CONSTANT * REFERENCE_K / FARADAY;
/// Span of temperatures from which activation energies are sought \[K\].
pub(super) const SPAN_K: f64 = 8.0;
/// Surroundings that differ by no more count as the same \[K\].
const NEAR_K: f64 = 4.0;
/// Lowest and highest temperature at which rows count \[degC\]; where none is logged, that of the surroundings.
pub(super) fn range_c(drives: &[Drive]) -> [f64; 2] {
    let of = |d: &Drive, row: usize| d.temperature_c.as_ref().map_or(d.ambient_c, |t| t[row]);
    let rows = drives.iter().flat_map(|d| (0..d.weight.len()).filter(|k| d.weight[*k] > 0.0).map(move |k| of(d, k)));
    rows.fold([f64::MAX, f64::MIN], |[low, high], t| [low.min(t), high.max(t)])
}

/// The drives whose surroundings are near those that lie nearest to the reference temperature.
pub(super) fn near_reference<'a>(drives: &[&'a Drive]) -> Vec<&'a Drive> {
    let off = |d: &Drive| (d.ambient_c + ZERO_CELSIUS_K - REFERENCE_K).abs();
    let least = drives.iter().map(|d| off(d)).fold(f64::MAX, f64::min);
    drives.iter().filter(|d| off(d) <= least + NEAR_K).copied().collect()
}

/// Whether the currents tell how much of R0 is charge transfer: those of one direction, small ones aside, differ by a
/// factor of two, and the largest makes a drop over R0 that bends.
pub(super) fn currents_tell(drives: &[Drive], begun: &Numbers) -> bool {
    let r0 = begun.r_ohm[0][begun.r_ohm[0].len() / 2];
    [1.0, -1.0].into_iter().any(|way| {
        let counted = |d: &Drive, k: &usize| d.weight[*k] > 0.0;
        let rows =
            || drives.iter().flat_map(|d| (0..d.weight.len()).filter(|k| counted(d, k)).map(|k| way * d.current_a[k]));
        let most = rows().fold(0.0, f64::max);
        let bends = most * r0 > STRAIGHT_V;
        bends && rows().any(|i| i > 0.1 * most && CURRENT_FACTOR * i <= most)
    })
}

#[cfg(test)]
mod tests {
    use super::super::model::Thermal;
    use super::*;

    fn drive(current_a: [f64; 3], ambient_c: f64, known: Option<Vec<f64>>) -> Drive {
        Drive {
            dt_s: vec![0.0, 1.0, 1.0],
            current_a: current_a.to_vec(),
            voltage_v: vec![3.7; 3],
            soc: vec![0.5; 3],
            weight: vec![0.0, 1.0, 1.0],
            temperature_c: known,
            ambient_c,
            hysteresis: 0.0,
            without_r0: false,
        }
    }

    #[test]
    fn temperatures_are_those_of_rows_that_count() {
        let all = [drive([0.0; 3], 25.0, Some(vec![90.0, 24.0, 27.0])), drive([0.0; 3], 12.0, None)];
        assert_eq!(range_c(&all), [12.0, 27.0]);
        let near = near_reference(&[&all[1], &all[0]]);
        assert_eq!(near.iter().map(|d| d.ambient_c).collect::<Vec<_>>(), [25.0]);
    }

    #[test]
    fn charge_transfer_needs_two_currents_and_a_drop_that_bends() {
        let tell = |current_a: [f64; 3], r0: f64| {
            let begun = Numbers {
                capacity_ah: 3.0,
                ocv_soc: vec![0.0, 1.0],
                ocv_v: vec![3.0, 4.0],
                resistance_soc: vec![0.0, 1.0],
                r_ohm: vec![vec![r0; 2]],
                tau_s: Vec::new(),
                hysteresis_v: 0.0,
                hysteresis_gamma: 1.0,
                transfer_share: 0.3,
                transfer_ea_j_per_mol: 4e4,
                pairs_ea_j_per_mol: 2e4,
                thermal: Thermal { heat_capacity_j_per_k: 1e3, cooling_w_per_k: 1.0 },
            };
            currents_tell(&[drive(current_a, 25.0, None)], &begun)
        };
        assert!(tell([0.0, 3.0, 6.0], 0.02));
        // One current, each direction one, the second only of a row that does not count, and a drop of 12 mV.
        assert!(!tell([0.0, 6.0, 6.0], 0.02));
        assert!(!tell([0.0, -3.0, 6.0], 0.02));
        assert!(!tell([3.0, 0.0, 6.0], 0.02));
        assert!(!tell([0.0, 3.0, 6.0], 0.002));
    }
}
