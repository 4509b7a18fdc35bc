//! Which modules go together in a string.

use super::super::plan::Matching;

/// Most clusters: as many bins as a plant keeps apart.
const CLUSTERS_MAX: usize = 8;
/// Most rounds of the clustering; it settles in far fewer.
const ROUNDS_MAX: usize = 50;

/// Order in which modules are to be cut into strings of `series`, from what was measured of each: SoH and resistance over new.
///
/// Sorting by SoH wastes least where the weakest module of a string decides. Clusters keep modules of like resistance
/// together too, which evens the currents of strings joined in parallel.
pub fn order(measured: &[[f64; 2]], series: usize, matching: Matching) -> Vec<usize> {
    let mut order: Vec<usize> = (0..measured.len()).collect();
    let by_soh = |a: usize, b: usize| measured[b][0].total_cmp(&measured[a][0]).then(a.cmp(&b));
    match matching {
        Matching::AsTheyCome => {}
        Matching::Sorted => order.sort_by(|&a, &b| by_soh(a, b)),
        Matching::KMeans if measured.is_empty() => {}
        Matching::KMeans => {
            let clusters = (measured.len() / series.max(1)).clamp(1, CLUSTERS_MAX);
            let rank = ranked_clusters(measured, clusters);
            order.sort_by(|&a, &b| rank[a].cmp(&rank[b]).then(by_soh(a, b)));
        }
    }
    order
}

/// Share of the modules' capacity that strings leave out of reach, each giving what its weakest module gives; zero without
/// strings.
pub fn mismatch<'a>(strings: impl IntoIterator<Item = &'a [f64]>) -> f64 {
    let (mut usable, mut whole) = (0.0, 0.0);
    for string in strings {
        usable += string.len() as f64 * string.iter().copied().fold(f64::INFINITY, f64::min);
        whole += string.iter().sum::<f64>();
    }
    if whole > 0.0 { 1.0 - usable / whole } else { 0.0 }
}

/// Cluster of each module, numbered from the highest mean SoH down. Lloyd's rounds (1982, doi 10.1109/TIT.1982.1056489) on
/// standardised values, from starts at the quantiles of SoH less resistance: the same for the same modules, with no draws.
fn ranked_clusters(measured: &[[f64; 2]], clusters: usize) -> Vec<usize> {
    let points = standardised(measured);
    let n = points.len();
    let mut along: Vec<usize> = (0..n).collect();
    let score = |k: usize| points[k][0] - points[k][1];
    along.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
    let mut centres: Vec<[f64; 2]> = (0..clusters).map(|c| points[along[(2 * c + 1) * n / (2 * clusters)]]).collect();
    let mut of = vec![usize::MAX; n];
    for _ in 0..ROUNDS_MAX {
        let mut moved = false;
        for (point, own) in points.iter().zip(&mut of) {
            let distance = |centre: &[f64; 2]| (point[0] - centre[0]).powi(2) + (point[1] - centre[1]).powi(2);
            let nearest = (1..clusters)
                .fold(0, |best, c| if distance(&centres[c]) < distance(&centres[best]) { c } else { best });
            moved |= nearest != *own;
            *own = nearest;
        }
        if !moved {
            break;
        }
        for (c, centre) in centres.iter_mut().enumerate() {
            let members = || points.iter().zip(&of).filter(|(_, own)| **own == c).map(|(point, _)| point);
            let count = members().count() as f64;
            if count > 0.0 {
                *centre = [0, 1].map(|axis| members().map(|p| p[axis]).sum::<f64>() / count);
            }
        }
    }
    let mut by_soh: Vec<usize> = (0..clusters).collect();
    by_soh.sort_by(|&a, &b| centres[b][0].total_cmp(&centres[a][0]).then(a.cmp(&b)));
    of.iter().map(|c| by_soh.iter().position(|ranked| ranked == c).unwrap_or(0)).collect()
}

/// Each axis less its mean, over its standard deviation where there is any.
fn standardised(measured: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let n = measured.len() as f64;
    let mean = [0, 1].map(|axis| measured.iter().map(|m| m[axis]).sum::<f64>() / n);
    let sd = [0, 1].map(|axis| (measured.iter().map(|m| (m[axis] - mean[axis]).powi(2)).sum::<f64>() / n).sqrt());
    let scale = sd.map(|sd| if sd > 0.0 { 1.0 / sd } else { 0.0 });
    measured.iter().map(|m| [0, 1].map(|axis| (m[axis] - mean[axis]) * scale[axis])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::stats::normal_quantile;
    use proptest::prelude::*;

    fn lost(measured: &[[f64; 2]], series: usize, matching: Matching) -> f64 {
        let order = order(measured, series, matching);
        let soh: Vec<f64> = order.iter().map(|&k| measured[k][0]).collect();
        mismatch(soh.chunks_exact(series))
    }

    /// A normal lot of capacities in an order that has nothing to do with them.
    fn lot(n: usize, cv: f64) -> Vec<[f64; 2]> {
        let at = |k: usize| (k * 617 % n) as f64 + 0.5;
        (0..n).map(|k| [0.8 * (1.0 + cv * normal_quantile(at(k) / n as f64)), 1.2]).collect()
    }

    /// Cutting a sorted lot into K strings leaves about 1/K of its spread inside a string, the tails of a normal lot somewhat
    /// more.
    #[test]
    fn sorting_into_more_strings_leaves_less_spread() {
        let residual = |strings: usize| {
            let lot = lot(24 * strings, 0.05);
            let order = order(&lot, 24, Matching::Sorted);
            let cv = |chunk: &[usize]| {
                let mean = chunk.iter().map(|&k| lot[k][0]).sum::<f64>() / 24.0;
                (chunk.iter().map(|&k| (lot[k][0] / mean - 1.0).powi(2)).sum::<f64>() / 24.0).sqrt()
            };
            order.chunks(24).map(cv).sum::<f64>() / strings as f64
        };
        let whole = residual(1);
        for strings in [2, 4, 8, 16] {
            let times = residual(strings) * strings as f64 / whole;
            assert!((1.0..1.8).contains(&times), "{strings}: {times}");
        }
    }

    #[test]
    fn sorting_beats_chance_and_clusters_lie_between() {
        let lot = lot(96, 0.05);
        let [sorted, clustered, chance] =
            [Matching::Sorted, Matching::KMeans, Matching::AsTheyCome].map(|m| lost(&lot, 12, m));
        assert!(sorted <= clustered + 1e-12 && clustered < 0.5 * chance, "{sorted} {clustered} {chance}");
    }

    /// Two kinds of modules of like SoH: clusters keep the kinds apart where sorting mixes them.
    #[test]
    fn clusters_see_resistance() {
        let lot: Vec<[f64; 2]> =
            (0..16).map(|k| [0.8 + 0.001 * f64::from(k), if k % 2 == 0 { 1.1 } else { 1.6 }]).collect();
        let spread = |matching| -> f64 {
            let order = order(&lot, 8, matching);
            let range = |string: &[usize]| {
                let r = |k: &usize| lot[*k][1];
                string.iter().map(r).fold(0.0, f64::max) - string.iter().map(r).fold(9.0, f64::min)
            };
            order.chunks(8).map(range).sum()
        };
        assert!(spread(Matching::KMeans) < 1e-9 && spread(Matching::Sorted) > 0.9);
    }

    #[test]
    fn mismatch_of_known_strings() {
        assert_eq!(mismatch(std::iter::empty()), 0.0);
        let strings: [&[f64]; 2] = [&[0.8, 1.0], &[0.9, 0.9]];
        assert!((mismatch(strings) - (1.0 - 3.4 / 3.6)).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Every method keeps every module once; none wastes less than sorting.
        #[test]
        fn orders_are_permutations(
            lot in prop::collection::vec((0.5..1.0f64, 1.0..2.0f64).prop_map(|(q, r)| [q, r]), 0..60),
            series in 1..8usize,
        ) {
            for (_, matching) in Matching::NAMES {
                let mut found = order(&lot, series, matching);
                found.sort_unstable();
                prop_assert_eq!(found, (0..lot.len()).collect::<Vec<_>>());
            }
        }
    }
}
