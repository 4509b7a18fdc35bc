use super::failure::tests::failures;
use super::*;
use crate::duty::{UseSpec, private_car};
use rand::SeedableRng;

/// India's defaults.
fn country() -> CountrySpec {
    CountrySpec {
        title: "India".into(),
        write_off_per_year: 0.015,
        failure_per_year: 0.003,
        failures: "packs".into(),
        vehicle_life_shape: 4.0,
        vehicle_life_scale_years: 14.0,
        life_use_exponent: 0.0,
        need_quantile: 0.98,
        need_reserve: 1.1,
        need_resale_share: 0.8,
        need_least_km: 0.0,
        warranty_years: 8.0,
        warranty_soh: 0.7,
        gate_fail_write_off: 0.05,
        gate_fail_warranty: 0.15,
        gate_fail_owner_need: 0.1,
        gate_fail_end_of_life: 0.15,
    }
}

fn exposed(failures: &FailureSpec) -> Exposed<'_> {
    Exposed { failures, coolant: true, recall: None, relative_life: 1.0 }
}

/// Survival to 10 years is the product of the survivals; of constant hazards each takes its share of the exits.
#[test]
fn competing_hazards_meet_the_closed_form() {
    let (mut c, f, n) = (country(), failures(), 40_000);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut exits = |c: &CountrySpec| (0..n).map(|_| c.draw(&mut rng, &exposed(&f)).first()).collect::<Vec<_>>();
    let alive = exits(&c).iter().filter(|e| e.0 > 10.0).count() as f64 / n as f64;
    let exact = (-0.18_f64 - (10.0_f64 / 14.0).powi(4)).exp();
    assert!((alive - exact).abs() < 0.01, "{alive} {exact}");
    // Shape 1 makes the vehicle's life a constant hazard of 1/14 a year.
    c.vehicle_life_shape = 1.0;
    let rates = [(ExitRoute::WriteOff, 0.015), (ExitRoute::Failure, 0.003), (ExitRoute::EndOfLife, 1.0 / 14.0)];
    let total: f64 = rates.iter().map(|r| r.1).sum();
    let exits = exits(&c);
    for (route, rate) in rates {
        let share = exits.iter().filter(|e| e.1 == route).count() as f64 / n as f64;
        assert!((share - rate / total).abs() < 0.008, "{route:?} {share}");
    }
}

#[test]
fn no_hazard_means_never() {
    let mut c = country();
    (c.write_off_per_year, c.failure_per_year) = (0.0, 0.0);
    let (f, mut rng) = (failures(), ChaCha8Rng::seed_from_u64(3));
    assert!((0..100).all(|_| c.draw(&mut rng, &exposed(&f)).first().1 == ExitRoute::EndOfLife));
}

/// Lives fall with the power of the distance, and their mean over the owners stays that of the Weibull law.
#[test]
fn lives_that_depend_on_use_meet_the_closed_form() {
    let mut c = country();
    (c.write_off_per_year, c.failure_per_year, c.life_use_exponent) = (0.0, 0.0, 0.5);
    let (f, n, sd) = (failures(), 20_000, 0.35_f64);
    let u = UseSpec { between_vehicles_ln_sd: sd, ..private_car() };
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let drawn: Vec<(f64, f64)> = (0..n)
        .map(|k| {
            let owner = Owner::of(u.clone(), &Streams::new(k, 0));
            let pack = Exposed { relative_life: owner.relative_life(0.5), ..exposed(&f) };
            (owner.km_per_year().ln(), c.draw(&mut rng, &pack).vehicle_years)
        })
        .collect();
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| drawn.iter().map(of).sum::<f64>() / n as f64;
    // Mean of a Weibull time of shape 4: scale x Gamma(1.25).
    let exact = 14.0 * 0.906_402_477;
    assert!((mean(&|d| d.1) / exact - 1.0).abs() < 0.006, "{}", mean(&|d| d.1) / exact);
    // Slope of ln(life) over ln(distance).
    let (x, y) = (mean(&|d| d.0), mean(&|d| d.1.ln()));
    let slope = mean(&|d| (d.0 - x) * (d.1.ln() - y)) / mean(&|d| (d.0 - x).powi(2));
    assert!((slope + 0.5).abs() < 0.02, "{slope}");
}

/// A recall strikes its share of the packs inside its window and leaves all other draws as they were.
#[test]
fn a_recall_is_a_pulse() {
    let (c, f) = (country(), failures());
    let recall = RecallPlan { share: 0.3, from_years: 1.0, to_years: 2.0, gate_fail_share: 0.4 };
    let draws = |recall| {
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        (0..5_000).map(|_| c.draw(&mut rng, &Exposed { recall, ..exposed(&f) })).collect::<Vec<_>>()
    };
    let (without, with) = (draws(None), draws(Some(&recall)));
    let hit: Vec<f64> = with.iter().map(|d| d.recall_years).filter(|y| y.is_finite()).collect();
    assert!((hit.len() as f64 / 5_000.0 - 0.3).abs() < 0.02);
    assert!(hit.iter().all(|y| (1.0..=2.0).contains(y)));
    let mean = hit.iter().sum::<f64>() / hit.len() as f64;
    assert!((mean - 1.5).abs() < 0.03, "{mean}");
    for (a, b) in without.iter().zip(&with) {
        assert_eq!(*a, ExitDraw { recall_years: f64::INFINITY, ..*b });
    }
}

/// The gate asks by what route a pack left, and of a failure, what failed.
#[test]
fn gate_shares_follow_route_and_mode() {
    let (c, f) = (country(), failures());
    let recall = RecallPlan { share: 0.3, from_years: 1.0, to_years: 2.0, gate_fail_share: 0.4 };
    let share = |route, failure_mode| {
        let exit =
            ExitOutcome { route, failure_mode, soh_mean: 0.9, soh_min: 0.9, resistance_mean: 1.1, lli: 0.1, lam: 0.0 };
        c.gate_fail(&exit, &f, Some(&recall))
    };
    for mode in FailureMode::ALL {
        assert_eq!(share(ExitRoute::Failure, Some(mode)), f.mode(mode).gate_fail);
    }
    assert_eq!(share(ExitRoute::Recall, None), 0.4);
    assert_eq!(share(ExitRoute::OwnerNeed, None), c.gate_fail_owner_need);
    assert_eq!(share(ExitRoute::Bought, None), 0.0);
}
