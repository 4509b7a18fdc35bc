//! What larger lots are worth: modules of many packs matched as one lot.

use super::super::outcome::LotModule;
use super::super::plan::Matching;
use super::matching::{mismatch, order};

/// Packs in a lot.
pub const LOT_PACKS: [usize; 4] = [1, 4, 16, 64];

/// Lots of a size, matched in one way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LotRow {
    /// Packs in a lot.
    pub packs: usize,
    /// Name of the method.
    pub matching: &'static str,
    /// Full lots; packs left over at the end are in none.
    pub lots: usize,
    /// Modules in them.
    pub modules: usize,
    /// Share of them that filled no string.
    pub unmatched_share: f64,
    /// Share of the strings' capacity out of reach, as expected from what was measured.
    pub mismatch_measured: f64,
    /// The same in truth.
    pub mismatch: f64,
}

/// Matches the accepted modules of packs in lots of consecutive packs, and says what their strings leave out of reach. Sizes
/// of which there is no full lot have no row.
pub fn lots(packs: &[&[LotModule]], series: usize) -> Vec<LotRow> {
    let mut rows = Vec::new();
    for size in LOT_PACKS.into_iter().filter(|size| packs.len() >= *size && series > 0) {
        let lots: Vec<Vec<LotModule>> = packs.chunks_exact(size).map(|lot| lot.concat()).collect();
        let modules: usize = lots.iter().map(Vec::len).sum();
        for (name, matching) in Matching::NAMES {
            let (mut truly, mut measured) = (Vec::new(), Vec::new());
            for lot in &lots {
                let seen: Vec<[f64; 2]> =
                    lot.iter().map(|m| [m.measured_soh, m.measured_resistance].map(f64::from)).collect();
                let order = order(&seen, series, matching);
                let filled = &order[..order.len() / series * series];
                truly.extend(filled.iter().map(|&k| f64::from(lot[k].soh)));
                measured.extend(filled.iter().map(|&k| seen[k][0]));
            }
            rows.push(LotRow {
                packs: size,
                matching: name,
                lots: lots.len(),
                modules,
                unmatched_share: if modules > 0 { 1.0 - truly.len() as f64 / modules as f64 } else { 0.0 },
                mismatch_measured: mismatch(measured.chunks_exact(series)),
                mismatch: mismatch(truly.chunks_exact(series)),
            });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::stream::{Purpose, Streams, cut_normal};

    fn packs(n: usize, test_sd: f64) -> Vec<Vec<LotModule>> {
        let pack = |p: u64| {
            let rng = &mut Streams::new(4, p).stream(Purpose::ModuleSpread);
            let mean = 0.8 + 0.04 * cut_normal(rng);
            let mut module = || {
                let soh = mean + 0.02 * cut_normal(rng);
                let measured_soh = (soh + test_sd * cut_normal(rng)) as f32;
                LotModule { measured_soh, measured_resistance: 1.2, soh: soh as f32 }
            };
            (0..13).map(|_| module()).collect()
        };
        (0..n as u64).map(pack).collect()
    }

    fn rows(packs: &[Vec<LotModule>]) -> Vec<LotRow> {
        lots(&packs.iter().map(Vec::as_slice).collect::<Vec<_>>(), 4)
    }

    #[test]
    fn larger_lots_match_better_when_the_test_is_good() {
        let found = rows(&packs(64, 0.0));
        assert_eq!(found.len(), 12);
        let of = |size, name| *found.iter().find(|r| r.packs == size && r.matching == name).unwrap();
        let [one, four, many] = [1, 4, 64].map(|size| of(size, "sorted"));
        assert!(four.mismatch < 0.85 * one.mismatch && many.mismatch < 0.1 * one.mismatch);
        // One module of thirteen is left of each pack, none of the whole lot.
        assert!((one.unmatched_share - 1.0 / 13.0).abs() < 1e-12 && many.unmatched_share == 0.0);
        assert!((one.mismatch - one.mismatch_measured).abs() < 1e-6);
        // Whole packs mixed as they come are no better than one.
        assert!(of(64, "as_they_come").mismatch > 0.8 * of(1, "as_they_come").mismatch);
        assert_eq!((many.lots, many.modules, one.lots), (1, 832, 64));
    }

    /// Matching by readings promises more than it keeps. With a poor test a large lot is even worse than one pack, whose
    /// modules share their history: like readings then come from unlike packs.
    #[test]
    fn a_poor_test_limits_what_matching_gives() {
        let found = rows(&packs(64, 0.03));
        let large = found.iter().find(|r| r.packs == 64 && r.matching == "sorted").unwrap();
        assert!(large.mismatch > 5.0 * large.mismatch_measured && large.mismatch > found[0].mismatch, "{large:?}");
        assert!(rows(&packs(3, 0.0)).iter().all(|r| r.packs == 1));
        assert!(lots(&[], 4).is_empty());
        assert_eq!(lots(&[&[]], 4)[0].mismatch, 0.0);
    }
}
