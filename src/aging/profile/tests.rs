use super::super::fixture;
use super::*;

/// One day: full to 0.9, down to 0.1 between 6 h and 8 h, up again between 12 h and 16 h.
fn day() -> Profile {
    let hours = 0.5;
    let soc = |h: f64| 0.9 - 0.8 * ((h - 6.0) / 2.0).clamp(0.0, 1.0) + 0.8 * ((h - 12.0) / 4.0).clamp(0.0, 1.0);
    let soc = (0..=48).map(|i| soc(f64::from(i) * hours)).collect();
    Profile { hours, soc, temperature_k: vec![298.15; 49] }
}

#[test]
fn a_window_is_measured_as_documented() {
    let profile = day();
    let window = Window::of(&profile.day(3), 0.5);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(window.depth, 0.8);
    close(window.efc, 0.4);
    close(window.c_rate, 0.5 * 1.6 / 24.0);
    close(window.c_discharge, 0.5 * 0.4);
    close(window.c_charge, 0.5 * 0.2);
    close(window.days, 1.0);
    assert_eq!(Window::of(&profile.day(0), 1.0).at_capacity(0.5), window);
}

#[test]
fn prepared_windows_give_what_single_ones_give() {
    let law = fixture::law("nmc_kokam");
    let mut profile = day();
    profile.temperature_k.iter_mut().enumerate().for_each(|(i, t)| *t += i as f64 * 0.1);
    let rule = WindowRule::default();
    let windows = Windows::new(&law, &profile, rule);
    let (mut cell, mut single) = (WindowCell::default(), WindowCell::default());
    for d in 0..400 {
        windows.step(&law, d, &mut cell);
        let samples = profile.day(d);
        let window = Window::of(&samples, single.capacity(&law.mechanisms, law.form.lam_reserve));
        let mut rates = time_rates(&law, &samples, &rule);
        cycle_rates(&law, &samples, &window, &rule, &mut rates);
        single.step(&law.mechanisms, &rates, &window, false);
    }
    let capacity = |cell: WindowCell| cell.capacity(&law.mechanisms, law.form.lam_reserve);
    assert!((capacity(cell) - capacity(single)).abs() < 1e-12);
    assert!(capacity(cell) < 0.99 && cell.days == 400.0);
}

/// With one shallow cycle a day on a law without a rate, both forms see nearly the same. In deep cycles they part: a
/// window takes the mean of `k` over the day, the other follows `k^(1/p)`.
#[test]
fn both_forms_agree_where_stress_hardly_varies() {
    let law = fixture::law("nmc_kokam");
    let mut profile = day();
    profile.soc.iter_mut().for_each(|s| *s = 0.6 + 0.1 * (*s - 0.9));
    let windows = Windows::new(&law, &profile, WindowRule::default());
    let (mut cell, mut follower) = (WindowCell::default(), Follower::new(&law, UnitFactors::equal(1)));
    for d in 0..2000 {
        windows.step(&law, d, &mut cell);
        follower.day(&law, &profile.day(d));
    }
    follower.close(&law);
    let (window, rainflow) = (cell.capacity(&law.mechanisms, 0.01), follower.health(&law, 0).capacity);
    assert!((window - rainflow).abs() < 2e-3, "{window} {rainflow}");
}

#[test]
fn cells_of_a_batch_age_as_one_alone() {
    let law = fixture::law("lfp_prismatic250");
    let profile = day();
    let (mut one, mut three) = (Follower::new(&law, UnitFactors::equal(1)), Follower::new(&law, UnitFactors::equal(3)));
    for d in 0..100 {
        one.day(&law, &profile.day(d));
        three.day(&law, &profile.day(d));
    }
    assert!((one.health(&law, 0).capacity - three.health(&law, 2).capacity).abs() < 1e-13);
}
