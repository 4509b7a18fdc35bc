use super::*;

#[test]
fn normal_cdf_meets_known_values() {
    let known = [
        (0.0, 0.5),
        (1.0, 0.841_344_746_068_542_9),
        (-1.96, 0.024_997_895_148_220_435),
        (3.0, 0.998_650_101_968_369_9),
        (-5.0, 2.866_515_718_791_939e-7),
        (-7.5, 3.190_891_672_910_892e-14),
    ];
    for (x, p) in known {
        assert!((normal_cdf(x) - p).abs() < 1e-14, "Phi({x}) = {} for {p}", normal_cdf(x));
    }
}

#[test]
fn normal_quantile_undoes_the_cdf() {
    assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
    assert!((normal_quantile(1e-12) + 7.034_483_825_301_132).abs() < 1e-12);
    assert_eq!(normal_quantile(0.5), 0.0);
    for k in 1..2000 {
        let p = f64::from(k) / 2000.0;
        assert!((normal_cdf(normal_quantile(p)) - p).abs() < 1e-13);
    }
    assert!(normal_quantile(0.0).is_infinite() && normal_quantile(1.0).is_infinite());
}

/// Largest distance of the table from a closed form over a thousand probabilities.
fn worst(mean: f64, variance: f64, closed: impl Fn(f64) -> f64) -> f64 {
    let table = BetaQuantile::from_moments(mean, variance.sqrt());
    (0..=1000).map(|k| f64::from(k) / 1000.0).map(|p| (table.quantile(p) - closed(p)).abs()).fold(0.0, f64::max)
}

#[test]
fn beta_quantiles_meet_closed_forms() {
    assert!(worst(0.5, 1.0 / 12.0, |p| p) < 1e-9, "Beta(1, 1)");
    assert!(worst(2.0 / 3.0, 1.0 / 18.0, f64::sqrt) < 1e-5, "Beta(2, 1)");
    assert!(worst(1.0 / 3.0, 1.0 / 18.0, |p| 1.0 - (1.0 - p).sqrt()) < 1e-5, "Beta(1, 2)");
    // 3 x^2 - 2 x^3 = p, by the trigonometric root of the cubic.
    let smooth = |p: f64| 0.5 - ((1.0 - 2.0 * p).asin() / 3.0).sin();
    assert!(worst(0.5, 0.05, smooth) < 5e-5, "Beta(2, 2)");
    // The arcsine law, infinite at both ends.
    assert!(worst(0.5, 0.125, |p| (0.5 * PI * p).sin().powi(2)) < 1e-3, "Beta(1/2, 1/2)");
}

#[test]
fn beta_table_keeps_its_moments() {
    for (mean, sd) in [(0.2, 0.15), (0.85, 0.1), (0.5, 0.35), (0.7, 0.001)] {
        let table = BetaQuantile::from_moments(mean, sd);
        let n = 20_000;
        let draws: Vec<f64> = (0..n).map(|k| table.quantile((f64::from(k) + 0.5) / f64::from(n))).collect();
        let m = draws.iter().sum::<f64>() / f64::from(n);
        let v = draws.iter().map(|x| (x - m).powi(2)).sum::<f64>() / f64::from(n);
        assert!((m - mean).abs() < 1e-3 * mean && (v.sqrt() / sd - 1.0).abs() < 5e-3, "{mean} {sd}: {m} {v}");
    }
}

#[test]
fn impossible_moments_still_give_a_law() {
    for (mean, sd) in [(0.5, 0.9), (-1.0, 0.1), (1.2, 0.0), (0.3, 0.0)] {
        let table = BetaQuantile::from_moments(mean, sd);
        let values: Vec<f64> = (0..=100).map(|k| table.quantile(f64::from(k) / 100.0)).collect();
        assert!(values.windows(2).all(|w| w[0] <= w[1]) && values.iter().all(|x| (0.0..=1.0).contains(x)));
    }
}

/// Known values: 1/sqrt(pi), 1.5/sqrt(pi); the others as tabled by Harter 1961 (doi 10.1093/biomet/48.1-2.151).
#[test]
fn expected_highest_of_normal_draws() {
    assert_eq!((expected_highest(0), expected_highest(1)), (0.0, 0.0));
    assert!((expected_highest(2) - 1.0 / PI.sqrt()).abs() < 1e-12);
    assert!((expected_highest(3) - 1.5 / PI.sqrt()).abs() < 1e-12);
    for (n, a, within) in [(12, 1.629_23, 1e-5), (100, 2.507_59, 1e-5), (45, 2.21, 5e-3), (96, 2.49, 5e-3)] {
        assert!((expected_highest(n) - a).abs() < within, "{n}");
    }
    assert!(expected_highest(1_000_000) > 4.8 && expected_highest(u32::MAX).is_finite());
}
