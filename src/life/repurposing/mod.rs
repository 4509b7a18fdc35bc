//! From graded modules to stationary systems.

mod cells;
mod lots;
mod matching;

pub(super) use cells::regroup;
pub use lots::{LOT_PACKS, LotRow, lots};
pub use matching::{mismatch, order};

use super::grading::Tested;
use super::plan::Matching;
use serde::Deserialize;

/// An entry of the `systems` category: a stationary product built from modules.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemSpec {
    /// Name for people.
    pub title: String,
    /// Nominal voltage aimed at for a string \[V\]; modules in series are chosen to come nearest.
    pub string_voltage_v: f64,
    /// Strings in parallel; the topology of the second life says how they are joined.
    pub strings: u32,
    /// Rated power at the AC terminals \[kW\]; also the inverter's default rating.
    pub rated_power_kw: f64,
    /// Usable share of SoC: `[low, high]`.
    pub soc_window: [f64; 2],
    /// Warming of the place above ambient \[K\].
    pub ambient_offset_k: f64,
    /// Share of the daily swing of ambient that reaches the enclosure, 0..1.
    pub ambient_swing_share: f64,
    /// Thermal time constant of the battery in its enclosure \[h\].
    pub time_constant_h: f64,
    /// Default PV array \[kW peak\].
    pub pv_kw: f64,
    /// Entry of the `converters` category.
    pub converter: String,
    /// Entry of the `loads` category.
    pub load: String,
    /// Constant draw of the battery's electronics \[W\].
    pub standby_w: f64,
}

/// Modules of one stationary system, by their place in the pack.
#[derive(Clone, Debug, PartialEq)]
pub struct Assembly {
    /// Modules of each string.
    pub strings: Vec<Vec<usize>>,
    /// Share of a full product: strings here over strings of the product.
    pub share: f64,
    /// Share of the modules' capacity that the strings leave out of reach, as expected from what was measured.
    pub mismatch_measured: f64,
}

/// Builds systems from accepted modules, matched and cut into consecutive strings. Strings left over make a last system that
/// is a share of a full product (its load, array and inverter are scaled with it; the other strings come from other packs).
///
/// Returns the systems and the modules for which no string could be filled.
pub(super) fn assemble(
    tested: &[Tested],
    series: u32,
    strings: u32,
    matching: Matching,
) -> (Vec<Assembly>, Vec<usize>) {
    let accepted: Vec<&Tested> = tested.iter().filter(|t| t.accepted).collect();
    let measured: Vec<[f64; 2]> = accepted.iter().map(|t| [t.soh, t.resistance]).collect();
    let (series, strings) = (series.max(1) as usize, strings.max(1) as usize);
    let order = order(&measured, series, matching);
    let cut = order.chunks_exact(series);
    let places = |chunk: &[usize]| chunk.iter().map(|&k| accepted[k].place).collect::<Vec<_>>();
    let unmatched = places(cut.remainder());
    let cut: Vec<&[usize]> = cut.collect();
    let systems = cut
        .chunks(strings)
        .map(|group| {
            let soh: Vec<Vec<f64>> = group.iter().map(|s| s.iter().map(|&k| measured[k][0]).collect()).collect();
            Assembly {
                strings: group.iter().map(|string| places(string)).collect(),
                share: group.len() as f64 / strings as f64,
                mismatch_measured: mismatch(soh.iter().map(Vec::as_slice)),
            }
        })
        .collect();
    (systems, unmatched)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested(soh: &[f64]) -> Vec<Tested> {
        soh.iter()
            .enumerate()
            .map(|(place, &soh)| Tested { place, soh, resistance: 1.2, accepted: soh >= 0.7 })
            .collect()
    }

    #[test]
    fn strings_hold_neighbours_in_rank() {
        let (systems, unmatched) = assemble(&tested(&[0.8, 0.9, 0.6, 0.75, 0.85, 0.72]), 2, 1, Matching::Sorted);
        let strings: Vec<_> = systems.iter().map(|s| s.strings[0].clone()).collect();
        assert_eq!(strings, [vec![1, 4], vec![0, 3]]);
        assert!((systems[0].mismatch_measured - (1.0 - 1.7 / 1.75)).abs() < 1e-12);
        assert_eq!(unmatched, [5]);
    }

    #[test]
    fn a_pack_smaller_than_the_product_makes_a_share() {
        let (systems, unmatched) = assemble(&tested(&[0.9; 36]), 9, 6, Matching::Sorted);
        assert_eq!(systems.len(), 1);
        assert_eq!(systems[0].strings.len(), 4);
        assert!((systems[0].share - 4.0 / 6.0).abs() < 1e-12);
        assert!(unmatched.is_empty());
        assert!(assemble(&tested(&[0.5; 8]), 2, 1, Matching::Sorted).0.is_empty());
    }
}
