use super::*;
use crate::numeric::special::ln_gamma_1p;
use crate::numeric::stats::normal_cdf;
use proptest::prelude::*;

const LAWS: [LifeLaw; 8] = [
    LifeLaw::Fixed,
    LifeLaw::Normal,
    LifeLaw::TruncatedNormal,
    LifeLaw::FoldedNormal,
    LifeLaw::Lognormal,
    LifeLaw::Weibull,
    LifeLaw::Logistic,
    LifeLaw::Gamma,
];

/// Gauss-Legendre of five points on pieces.
fn quadrature(f: impl Fn(f64) -> f64, from: f64, to: f64, pieces: u32) -> f64 {
    let far = (5.0 + 2.0 * (10.0_f64 / 7.0).sqrt()).sqrt() / 3.0;
    let near = (5.0 - 2.0 * (10.0_f64 / 7.0).sqrt()).sqrt() / 3.0;
    let outer = (322.0 - 13.0 * 70.0_f64.sqrt()) / 900.0;
    let inner = (322.0 + 13.0 * 70.0_f64.sqrt()) / 900.0;
    let nodes = [(-far, outer), (-near, inner), (0.0, 128.0 / 225.0), (near, inner), (far, outer)];
    let half = 0.5 * (to - from) / f64::from(pieces);
    let piece = |k: u32| {
        let middle = from + half * f64::from(2 * k + 1);
        nodes.iter().map(|(x, w)| w * f(middle + x * half)).sum::<f64>() * half
    };
    (0..pieces).map(piece).sum()
}

/// Mean and standard deviation of the ages at which units leave.
fn moments(life: &Life, to: f64, pieces: u32) -> (f64, f64) {
    let mean = quadrature(|a| life.survival(a), 0.0, to, pieces);
    let square = quadrature(|a| 2.0 * a * life.survival(a), 0.0, to, pieces);
    (mean, (square - mean * mean).sqrt())
}

#[test]
fn the_lognormal_has_the_spread_asked_for() {
    let life = Life::new(LifeLaw::Lognormal, 15.0, 4.0).unwrap();
    let (mean, sd) = moments(&life, 120.0, 600);
    assert!((mean - 15.0).abs() < 1e-9 && (sd - 4.0).abs() < 1e-8, "{mean} {sd}");
    // With mean and spread changed over in the logarithm it would be 0.28.
    assert!((life.survival(10.0) - 0.92).abs() < 5e-3, "{}", life.survival(10.0));
}

#[test]
fn laws_on_positive_ages_have_the_moments_asked_for() {
    for law in [LifeLaw::Lognormal, LifeLaw::Weibull, LifeLaw::Gamma] {
        for (mean, sd) in [(15.0, 4.0), (8.0, 6.0), (18.4, 5.0), (12.0, 1.5)] {
            let life = Life::new(law, mean, sd).unwrap();
            let (m, s) = moments(&life, 40.0 * mean, 4000);
            assert!((m - mean).abs() < 1e-6 * mean && (s - sd).abs() < 2e-4 * sd, "{law:?} {mean} {sd}: {m} {s}");
            assert!((life.mean_years() - mean).abs() < 1e-12 * mean, "{law:?}");
        }
    }
    for law in [LifeLaw::Normal, LifeLaw::TruncatedNormal, LifeLaw::FoldedNormal, LifeLaw::Logistic] {
        let (m, s) = moments(&Life::new(law, 20.0, 2.0).unwrap(), 100.0, 1000);
        assert!((m - 20.0).abs() < 1e-6 && (s - 2.0).abs() < 1e-5, "{law:?}: {m} {s}");
    }
}

#[test]
fn shape_of_a_weibull_life() {
    // Shape 1 is exponential, shape 2 the law of Rayleigh with variance (4 - pi) / pi of the squared mean.
    assert!((form::weibull_shape(1.0).unwrap() - 1.0).abs() < 1e-12);
    let rayleigh = (4.0 / std::f64::consts::PI - 1.0).sqrt();
    assert!((form::weibull_shape(rayleigh).unwrap() - 2.0).abs() < 1e-12);
    for cv in [1.1e-4, 1e-3, 0.05, 0.3, 3.0, 300.0] {
        let k = form::weibull_shape(cv).unwrap();
        let back = (ln_gamma_1p(2.0 / k) - 2.0 * ln_gamma_1p(1.0 / k)).exp_m1().sqrt();
        assert!((back / cv - 1.0).abs() < 1e-9, "{cv}: {k} {back}");
    }
    assert_eq!(form::weibull_shape(1e9), None);
}

#[test]
fn folded_normal_has_its_known_mean() {
    // Leone, Nelson and Nottingham 1961, doi 10.1080/00401706.1961.10489974.
    let (mu, sigma) = (8.0, 6.0);
    let life = Life::new(LifeLaw::FoldedNormal, mu, sigma).unwrap();
    let phi = normal_cdf(-mu / sigma);
    let mean =
        sigma * (2.0 / std::f64::consts::PI).sqrt() * (-0.5 * (mu / sigma).powi(2)).exp() + mu * (1.0 - 2.0 * phi);
    assert!((life.mean_years() - mean).abs() < 1e-12, "{}", life.mean_years());
    assert!((life.survival(0.0) - 1.0).abs() < 1e-14);
}

#[test]
fn what_lies_below_age_zero_leaves_at_once_or_is_cut() {
    let (plain, cut) =
        (Life::new(LifeLaw::Normal, 3.0, 3.0).unwrap(), Life::new(LifeLaw::TruncatedNormal, 3.0, 3.0).unwrap());
    let kept = normal_cdf(1.0);
    assert!((plain.survival(0.0) - kept).abs() < 1e-15 && (cut.survival(0.0) - 1.0).abs() < 1e-15);
    assert_eq!(plain.survival(-2.0), plain.survival(0.0));
    assert!((cut.survival(4.0) * kept - plain.survival(4.0)).abs() < 1e-15);
}

#[test]
fn those_left_at_an_age_go_on() {
    for law in LAWS {
        let life = Life::new(law, 12.0, 4.0).unwrap();
        let used = life.after(5.0).unwrap();
        assert!((used.survival(0.0) - 1.0).abs() < 1e-15, "{law:?}");
        for age in [0.5, 3.0, 6.5, 9.0] {
            assert!((used.survival(age) - life.survival(5.0 + age) / life.survival(5.0)).abs() < 1e-14);
            let mean = life.mean_survival(5.0 + age, 6.0 + age) / life.survival(5.0);
            assert!((used.mean_survival(age, age + 1.0) - mean).abs() < 1e-14);
        }
        let twice = life.after(2.0).unwrap().after(3.0).unwrap();
        assert!((twice.survival(4.0) - used.survival(4.0)).abs() < 1e-14);
    }
    assert!(matches!(Life::new(LifeLaw::Fixed, 5.0, 0.0).unwrap().after(5.0), Err(LifeError::NothingLeft(_))));
}

#[test]
fn a_table_is_linear_between_its_ages() {
    let life = Life::table(&[(2.0, 0.9), (6.0, 0.5), (8.0, 0.0)]).unwrap();
    for (age, share) in [(0.0, 1.0), (1.0, 0.95), (4.0, 0.7), (7.0, 0.25), (8.0, 0.0), (30.0, 0.0)] {
        assert!((life.survival(age) - share).abs() < 1e-15, "{age}");
    }
    assert!((life.mean_years() - (1.9 + 2.8 + 0.5)).abs() < 1e-14);
    assert!((life.mean_survival(1.0, 7.0) - (0.925 + 2.8 + 0.375) / 6.0).abs() < 1e-14);
    let forever = Life::table(&[(0.0, 1.0), (10.0, 0.4)]).unwrap();
    assert_eq!((forever.survival(99.0), forever.mean_survival(20.0, 30.0)), (0.4, 0.4));
    assert!(forever.mean_years().is_infinite());
}

#[test]
fn a_sharp_life_is_fixed() {
    let life = Life::new(LifeLaw::Gamma, 10.0, 0.0).unwrap();
    assert_eq!((life.survival(9.999), life.survival(10.0), life.mean_survival(9.0, 11.0)), (1.0, 0.0, 0.5));
}

#[test]
fn impossible_lives_are_refused() {
    assert_eq!(Life::new(LifeLaw::Normal, 0.0, 1.0), Err(LifeError::Mean(0.0)));
    assert_eq!(Life::new(LifeLaw::Normal, 5.0, -1.0), Err(LifeError::Spread(-1.0)));
    assert!(Life::new(LifeLaw::Weibull, f64::NAN, 1.0).is_err() && Life::new(LifeLaw::Gamma, 1.0, f64::NAN).is_err());
    assert!(matches!(Life::new(LifeLaw::Weibull, 1.0, 1e9), Err(LifeError::TooWide { .. })));
    assert!(Life::weibull(0.0, 1.0).is_err() && Life::weibull(2.0, f64::INFINITY).is_err());
    assert!(matches!(Life::table(&[(0.0, 1.0), (1.0, 1.2)]), Err(LifeError::Share { .. })));
    assert!(matches!(Life::table(&[(0.0, 1.0), (0.0, 0.5)]), Err(LifeError::Ages(_))));
    assert!(Life::table(&[]).is_err() && Life::table(&[(-1.0, 1.0), (3.0, 0.5)]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn means_meet_fine_quadrature(law in 1_usize..8, mean in 1.0..25.0_f64, cv in 0.1..0.9_f64, from in 0.0..30.0_f64, width in 0.1..5.0_f64) {
        let life = Life::new(LAWS[law], mean, cv * mean).unwrap();
        // The first years of some laws have no smooth power series at age 0: pieces grow away from it.
        let to = from + width;
        let ends: Vec<f64> = std::iter::once(from).chain((-24..=4).map(|k| 2.0_f64.powi(k)).filter(|x| *x > from && *x < to)).chain([to]).collect();
        let sum: f64 = ends.windows(2).map(|w| quadrature(|a| life.survival(a), w[0], w[1], 16)).sum();
        prop_assert!((life.mean_survival(from, to) - sum / width).abs() < 2e-13, "{} for {}", life.mean_survival(from, to), sum / width);
        let lost = from - life.mean_survival(0.0, from) * from;
        prop_assert!((life.mean_years() - lost.mul_add(-1.0, from) - life.years_left(from)).abs() < 1e-12 * (mean + from));
    }

    #[test]
    fn survival_never_rises(law in 0_usize..8, mean in 0.2..40.0_f64, cv in 0.02..1.5_f64) {
        let life = Life::new(LAWS[law], mean, cv * mean).unwrap();
        let mut before = (1.0 + 1e-15, 1.0 + 1e-15);
        for k in 0..=160 {
            let age = 0.05 * f64::from(k) * mean;
            let now = (life.survival(age), life.mean_survival(age, age + 1.0));
            prop_assert!(now.0 <= before.0 * (1.0 + 1e-13) + 1e-300 && now.1 <= before.1 + 1e-13, "{age}: {now:?} {before:?}");
            prop_assert!(now.0 >= 0.0 && now.1 >= 0.0 && now.1 <= now.0);
            before = now;
        }
    }

    #[test]
    fn years_filled_are_the_means(law in 0_usize..8, mean in 0.3..40.0_f64, cv in 0.02..1.5_f64, used in -1.0..1.0_f64) {
        let life = Life::new(LAWS[law], mean, cv * mean).unwrap();
        let life = if used > 0.0 { life.after(0.3 * used * mean).unwrap() } else { life };
        let (mut means, mut points) = ([0.0; 45], [0.0; 45]);
        life.fill_means(&mut means);
        life.fill_points(0.5, &mut points);
        for (year, (m, p)) in means.into_iter().zip(points).enumerate() {
            let age = year as f64;
            prop_assert!((m - life.mean_survival(age, age + 1.0)).abs() < 1e-12, "{year}: {m}");
            prop_assert!((p - life.survival(age + 0.5)).abs() < 1e-12, "{year}: {p}");
        }
        prop_assert!(means.windows(2).all(|w| w[1] <= w[0]));
    }
}
