//! Populations of packs against laws that mean the same.

use super::super::super::retirement::{Fleet, NODES, Path, Retirement, SecondLives};
use super::super::physics::{self, Ranks};
use super::super::states;
use super::*;
use crate::numeric::stats::{normal_cdf, normal_quantile};

/// Packs that fade along straight lines with normal rates and end at `z`.
fn fleet(packs: usize, mean: f64, sd: f64, z: f64) -> Fleet {
    let path = |i: usize| {
        let rate = mean + sd * normal_quantile((i as f64 + 0.5) / packs as f64);
        let soh = (0..40).map(|a| (1.0 - rate * f64::from(a)).max(0.0)).collect();
        Path { use_factor: 1.0, end_years: if rate > 0.0 { (1.0 - z) / rate } else { f64::INFINITY }, soh }
    };
    let second =
        SecondLives { soh_from: vec![0.0], survival: vec![vec![1.0, 0.5, 0.0]], fade: vec![vec![1.0, 0.9, 0.8]] };
    Fleet { name: "f".into(), paths: (0..packs).map(path).collect(), second, outside_range: [0.0; 2], lost: None }
}

fn left_after(retired: &Retirement, years: usize) -> f64 {
    1.0 - retired.exits[..years].iter().map(total).sum::<f64>()
}

#[test]
fn packs_that_fade_by_a_normal_law_end_by_its_closed_form() {
    let [mean, sd, z] = [0.03, 0.006, 0.7];
    let fleet = fleet(4000, mean, sd, z);
    let ranks = Ranks::of(&fleet, Entry::Start, 30);
    let causes = Causes::of_vehicle(LifeLaw::Fixed, 100.0, 0.0, &ONES).unwrap();
    let (retired, found) = physics::retire(&fleet, &ranks, &causes, 0.0, Entry::Start, 30);
    for a in [5, 8, 10, 12, 20] {
        let expected = normal_cdf(((1.0 - z) / f64::from(a) - mean) / sd);
        assert!((left_after(&retired, a as usize) - expected).abs() < 1e-3, "{a}");
    }
    // Who fails in a year is about at the threshold.
    let nodes = found.nodes(10, Cause::Failed as usize);
    assert!(nodes.iter().all(|s| (s - z).abs() < 0.02), "{nodes:?}");
}

#[test]
fn packs_and_laws_agree_where_they_mean_the_same() {
    let fleet = fleet(500, 0.02, 0.004, 0.0);
    for entry in ENTRIES {
        let ranks = Ranks::of(&fleet, entry, 30);
        let mut causes = Causes::of_vehicle(LifeLaw::Normal, 15.0, 4.0, &ONES).unwrap();
        causes.crash_per_year = 0.01;
        let (packs, found) = physics::retire(&fleet, &ranks, &causes, 0.0, entry, 30);
        let laws = causes.retire(entry, 30);
        for (a, b) in packs.exits.iter().zip(&laws.exits) {
            assert!((a[0] - b[0]).abs() < 1e-3 && (a[2] - b[2]).abs() < 1e-3, "{entry:?} {a:?} {b:?}");
        }
        let closed = states::closed(0.02, 0.004, entry, 30);
        for k in [3, 10, 20] {
            for (a, b) in found.nodes(k, 0).iter().zip(closed.nodes(k, 0)) {
                assert!((a - b).abs() < 3e-3, "{a} {b}");
            }
        }
    }
}

/// Fixed lives of vehicles end when they end, earlier where use is heavier.
#[test]
fn vehicles_of_packs_live_as_long_as_their_law_says() {
    let mut packs = fleet(50, 0.001, 0.0, 0.0);
    packs.paths.iter_mut().skip(25).for_each(|path| path.use_factor = 1.25);
    let mut causes = Causes::of_vehicle(LifeLaw::Fixed, 8.0, 0.0, &ONES).unwrap();
    causes.crash_per_year = 0.01;
    for entry in ENTRIES {
        let ranks = Ranks::of(&packs, entry, 20);
        let (retired, _) = physics::retire(&packs, &ranks, &causes, 1.0, entry, 20);
        let expected = 1.0 - 0.5 * ((-0.08_f64).exp() + (-0.064_f64).exp());
        let crashed = by_cause(&retired.exits, Cause::Crash);
        assert!((crashed - expected).abs() < 1e-12, "{entry:?}: {crashed} {expected}");
    }
}

/// A calendar year's factor is on the wear of vehicles: packs end when they do, first and renewed ones.
#[test]
fn packs_do_not_answer_to_the_factor_on_wear() {
    let packs = fleet(40, 0.05, 0.01, 0.7);
    let ranks = Ranks::of(&packs, Entry::Spread, 30);
    let retired = |period: &[f64]| {
        let mut causes = Causes::of_vehicle(LifeLaw::Fixed, 50.0, 0.0, period).unwrap();
        causes.renewal_age = 10.0;
        physics::retire(&packs, &ranks, &causes, 0.0, Entry::Spread, 30).0
    };
    let plain = retired(&ONES);
    assert!(plain.renewed.iter().map(|renewed| renewed.share).sum::<f64>() > 0.5);
    assert_eq!(retired(&[3.0; 60]), plain);
}

/// Packs that age twice as fast are packs with paths of half the length.
#[test]
fn a_factor_on_aging_shortens_the_paths() {
    let (slow, mut fast) = (fleet(60, 0.02, 0.004, 0.7), fleet(60, 0.04, 0.008, 0.7));
    for (i, path) in fast.paths.iter_mut().enumerate() {
        path.soh = (0..40).map(|a| slow.paths[i].soh_at(2.0 * f64::from(a))).collect();
    }
    let mut causes = Causes::of_vehicle(LifeLaw::Normal, 15.0, 4.0, &ONES).unwrap();
    causes.renewal_age = 10.0;
    for entry in ENTRIES {
        let ranks = Ranks::of(&slow, entry, 15);
        let aged = physics::retire(&slow, &ranks.aged(&slow, entry, 2.0), &causes, 0.5, entry, 15);
        let plain = physics::retire(&fast, &Ranks::of(&fast, entry, 15), &causes, 0.5, entry, 15);
        let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        for k in 0..15 {
            assert!(near(&aged.0.exits[k], &plain.0.exits[k]), "{entry:?} {k}");
            for cause in [Cause::WearOut, Cause::Failed] {
                let nodes = [&aged.1, &plain.1].map(|states| states.nodes(k, cause as usize));
                assert!(near(nodes[0], nodes[1]), "{entry:?} {k}: {nodes:?}");
            }
        }
        let share = |of: &Retirement| of.renewed.iter().map(|r| r.share).sum::<f64>();
        assert!((share(&aged.0) - share(&plain.0)).abs() < 1e-9);
        assert!(left_after(&aged.0, 15) < left_after(&physics::retire(&slow, &ranks, &causes, 0.5, entry, 15).0, 15));
    }
    let second = SecondLives {
        soh_from: vec![0.0],
        survival: vec![vec![1.0, 0.8, 0.6, 0.4]],
        fade: vec![vec![1.0, 0.9, 0.8, 0.7]],
    };
    let aged = second.aged(1.5);
    assert_eq!(aged.survival[0].len(), 3, "nothing is told past the table");
    assert!((aged.survival[0][1] - 0.7).abs() < 1e-12 && (aged.survival[0][2] - 0.4).abs() < 1e-12);
    assert!((second.aged(0.5).fade[0][5] - 0.75).abs() < 1e-12);
}

#[test]
fn heavy_use_wears_vehicle_and_battery_together() {
    let mut fleet = fleet(400, 0.02, 0.004, 0.5);
    let most = fleet.paths.iter().map(|p| 1.0 - p.soh[1]).fold(0.0, f64::max);
    for path in &mut fleet.paths {
        path.use_factor = 2.0 * (1.0 - path.soh[1]) / most;
    }
    let ranks = Ranks::of(&fleet, Entry::Spread, 40);
    let causes = Causes::of_vehicle(LifeLaw::Normal, 15.0, 4.0, &ONES).unwrap();
    let soh_of_worn = |exponent: f64| {
        let (_, found) = physics::retire(&fleet, &ranks, &causes, exponent, Entry::Spread, 40);
        found.nodes(10, 0).iter().sum::<f64>() / NODES as f64
    };
    assert!(soh_of_worn(1.0) < soh_of_worn(0.0) - 0.01, "who leaves early has been used more");
}

/// What a factor of zero keeps past the end of its life leaves in the next year.
#[test]
fn vehicles_of_packs_do_not_last_for_ever() {
    let mut period = ONES;
    period[7] = 0.0;
    let packs = fleet(8, 0.01, 0.0, 0.0);
    let causes = Causes::of_vehicle(LifeLaw::Fixed, 8.0, 0.0, &period).unwrap();
    let ranks = Ranks::of(&packs, Entry::Start, 20);
    let (retired, _) = physics::retire(&packs, &ranks, &causes, 0.0, Entry::Start, 20);
    assert!((retired.exits[8][0] - 1.0).abs() < 1e-12, "{:?}", retired.exits);
}
