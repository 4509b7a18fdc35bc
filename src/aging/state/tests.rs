use super::Capacities;
use super::*;
use crate::aging::fixture::{law, law_with};
use crate::aging::{AgingOptions, Form, KneeSpec, RegainSpec, UsedUnit};
use proptest::prelude::*;

const NOMINAL: f64 = 100.0;

fn one(law: &Law) -> AgingState {
    AgingState::new(law, UnitFactors::equal(1))
}

fn lost(law: &Law, state: &AgingState) -> f64 {
    1.0 - state.health(law, 0).capacity
}

/// Ten years on the shelf against the closed form of the published law.
#[test]
fn storage_meets_the_closed_form() {
    let law = law("lfp_prismatic250");
    let (t, s, days) = (308.15, 0.5, 3650.0_f64);
    let mut state = one(&law);
    for _ in 0..3650 {
        state.rest(&law, &[t], &[s], 24.0);
    }
    let ua = crate::cell::graphite::potential_exact(s);
    let exact = 8.37e4 * (-5210.0_f64 / t).exp() * (-3560.0 * ua / t).exp() * days.powf(0.526);
    assert!((lost(&law, &state) / exact - 1.0).abs() < 1e-8);
}

/// Equivalent time: the split of a constant stress into steps does not matter.
#[test]
fn steps_do_not_matter_under_constant_stress() {
    for form in Form::ALL {
        let law = law(form.name);
        let run = |steps: usize| {
            let mut state = one(&law);
            for _ in 0..steps {
                state.rest(&law, &[300.0], &[0.7], 87_600.0 / steps as f64);
            }
            lost(&law, &state)
        };
        let (once, many) = (run(1), run(10_000));
        assert!((once - many).abs() < 1e-10, "{}: {once} {many}", form.name);
    }
}

#[test]
fn a_factor_scales_the_loss_itself() {
    let law = law("lfp_prismatic250");
    let run = |factor: f64| {
        let mut state = AgingState::new(&law, UnitFactors::of_loss(vec![factor]));
        state.rest(&law, &[300.0], &[0.5], 10_000.0);
        lost(&law, &state)
    };
    assert!((run(1.3) / run(1.0) - 1.3).abs() < 1e-12);
}

/// One cycle a day between high and low SoC for `days`; rest at the top.
fn cycle_days(law: &Law, state: &mut AgingState, position: &mut f64, days: usize, depth: f64, t_k: f64, hours: f64) {
    let (high, low) = (0.95, 0.95 - depth);
    for _ in 0..days {
        for (charge, soc) in [(depth * NOMINAL, low), (-depth * NOMINAL, high)] {
            *position += charge;
            state.pass(&[t_k], charge, *position, hours, &[soc], &[NOMINAL]);
            state.rest(law, &[t_k], &[soc], 12.0);
        }
        state.end_day(law, &Capacities::series(NOMINAL, &[NOMINAL]), &[high], *position);
    }
}

fn cycle_year(law: &Law, depth: f64, t_k: f64) -> f64 {
    let mut state = one(law);
    let mut position = 0.0;
    cycle_days(law, &mut state, &mut position, 365, depth, t_k, 4.0);
    state.close(law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.95], position, &[t_k]);
    lost(law, &state)
}

/// A year at the same states of charge without a current.
fn rest_year(law: &Law, depth: f64, t_k: f64) -> f64 {
    let mut state = one(law);
    for _ in 0..365 {
        for soc in [0.95 - depth, 0.95] {
            state.rest(law, &[t_k], &[soc], 12.0);
        }
        state.end_day(law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.95], 0.0);
    }
    lost(law, &state)
}

/// Beside the rest at the same states of charge: a deep cycle spends half the day at a low one, which calendar losses
/// like. Some laws know no depth, but a deep cycle is more full cycles; some let a shallow cycle cost nothing.
#[test]
fn cycles_cost_more_than_rest_and_deep_ones_more() {
    for form in Form::ALL {
        for stress in [Stress::Rainflow, Stress::DailyWindow] {
            let law = law_with(form.name, AgingOptions { stress, ..AgingOptions::default() });
            let cost = |depth| cycle_year(&law, depth, 298.15) - rest_year(&law, depth, 298.15);
            let (shallow, deep) = (cost(0.3), cost(0.9));
            assert!(shallow >= -1e-15 && shallow < deep, "{} {stress:?}: {shallow} {deep}", form.name);
        }
    }
}

/// Where damage adds up in the driver itself, the mean rate of a day is the same as following it, and for one cycle a day
/// both forms of stress see the same. (For a power law they differ: `k^(1/p)` of the mean is not the mean of `k^(1/p)`.)
#[test]
fn both_forms_of_stress_agree_on_plain_days() {
    let daily = AgingOptions { stress: Stress::DailyWindow, ..AgingOptions::default() };
    let (a, b) = (law("lmo_xu"), law_with("lmo_xu", daily));
    let (rainflow, window) = (cycle_year(&a, 0.8, 298.15), cycle_year(&b, 0.8, 298.15));
    assert!((rainflow / window - 1.0).abs() < 0.02, "{rainflow} {window}");
}

#[test]
fn outside_shares_say_where_the_law_is_stretched() {
    let law = law("lfp_prismatic250");
    let mut state = one(&law);
    state.rest(&law, &[323.15], &[0.5], 1.0);
    state.rest(&law, &[303.15], &[0.5], 3.0);
    assert_eq!(state.outside_shares().time, 0.25);
    state.end_day(&law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.5], 0.0);
    assert_eq!(state.outside_shares().beyond_test, 0.0);
    state.rest(&law, &[303.15], &[0.5], 4.0);
    state.end_day(&law, &Capacities::series(NOMINAL, &[0.7 * NOMINAL]), &[0.5], 0.0);
    assert_eq!(state.outside_shares().beyond_test, 0.5);
}

/// A hard year, then a mild one: nothing is reset, and the first hard month costs more than a month after years.
#[test]
fn the_state_remembers_through_a_change_of_duty() {
    let law = law("lfp_prismatic250");
    let mut state = one(&law);
    let mut position = 0.0;
    cycle_days(&law, &mut state, &mut position, 365, 0.8, 308.15, 2.0);
    state.close(&law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.95], position, &[308.15]);
    let before = state.clone();
    let second = state.select(&law, &[0]);
    assert_eq!(second.health(&law, 0), before.health(&law, 0));
    let gain = |mut state: AgingState| {
        let start = lost(&law, &state);
        let mut position = 0.0;
        cycle_days(&law, &mut state, &mut position, 30, 0.8, 308.15, 2.0);
        lost(&law, &state) - start
    };
    assert!(gain(second) < 0.5 * gain(one(&law)));
}

#[test]
fn a_used_unit_starts_where_it_was_measured() {
    for form in Form::ALL {
        let law = law(form.name);
        let mut state = AgingState::new(&law, UnitFactors::of_loss(vec![1.2]));
        let used = UsedUnit { soh: 0.8, resistance: Some(1.5), cycle_share: 0.4, years: 7.0 };
        state.set_used(&law, 0, &used);
        let health = state.health(&law, 0);
        assert!((health.capacity - 0.8).abs() < 1e-9, "{}: {health:?}", form.name);
        assert!(health.resistance >= 1.5 - 1e-9, "{}: {health:?}", form.name);
        // Its future is that of an old unit, not of a new one.
        let more = |mut state: AgingState| {
            let start = lost(&law, &state);
            state.rest(&law, &[298.15], &[0.5], 8760.0);
            lost(&law, &state) - start
        };
        assert!(more(state) <= 1.21 * more(one(&law)) + 1e-12, "{}", form.name);
    }
}

#[test]
fn a_mild_duty_returns_a_share_of_the_knee() {
    let options = AgingOptions {
        regain: Some(RegainSpec { amplitude: 0.0, knee_share: 0.35, c_reference: 0.4, time_constant_days: 9.0 }),
        ..knee(KneeKind::Plating)
    };
    let (with, without) =
        (law_with("lfp_prismatic250", options), law_with("lfp_prismatic250", knee(KneeKind::Plating)));
    let run = |law: &Law| {
        let mut state = one(law);
        let mut position = 0.0;
        cycle_days(law, &mut state, &mut position, 500, 0.9, 298.15, 1.0);
        let hard = lost(law, &state);
        for _ in 0..200 {
            state.rest(law, &[273.15], &[0.1], 24.0);
            state.end_day(law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.1], position);
        }
        let taken = law.options.knee.map_or(0.0, |knee| state.knee.loss(&knee, 0));
        (hard, lost(law, &state), taken)
    };
    let ((hard, mild, taken), (hard_without, mild_without, _)) = (run(&with), run(&without));
    assert_eq!(hard, hard_without);
    assert!(taken > 0.01 && (mild_without - mild - 0.35 * taken).abs() < 1e-9, "{mild_without} {mild} {taken}");
}

fn knee(kind: KneeKind) -> AgingOptions {
    let knee = KneeSpec {
        kind,
        threshold: 0.03,
        threshold_sd: 0.01,
        efc_scale: 1000.0,
        efc_ln_sd: 0.1,
        power: 1.5,
        mild_share: 0.5,
        c_reference: 1.0,
    };
    AgingOptions { knee: Some(knee), ..AgingOptions::default() }
}

#[test]
fn a_knee_is_crossed_by_state_and_waits_at_rest() {
    for kind in [KneeKind::Plating, KneeKind::Material] {
        let (plain, bent) = (law("lfp_prismatic250"), law_with("lfp_prismatic250", knee(kind)));
        let run = |law: &Law, days: usize, rest_days: f64| {
            let mut state = one(law);
            let mut position = 0.0;
            cycle_days(law, &mut state, &mut position, days, 0.9, 298.15, 2.0);
            state.rest(law, &[298.15], &[0.5], 24.0 * rest_days);
            lost(law, &state)
        };
        assert_eq!(run(&plain, 10, 0.0), run(&bent, 10, 0.0), "{kind:?} before the knee");
        assert!(run(&bent, 700, 0.0) > 1.2 * run(&plain, 700, 0.0), "{kind:?} after it");
        assert_eq!(run(&plain, 10, 20_000.0), run(&bent, 10, 20_000.0), "{kind:?} at rest");
    }
}

#[test]
fn a_mild_duty_gives_back_what_a_hard_one_held() {
    let regain = RegainSpec { amplitude: 0.017, knee_share: 0.0, c_reference: 0.4, time_constant_days: 20.0 };
    let law = law_with("lfp_prismatic250", AgingOptions { regain: Some(regain), ..AgingOptions::default() });
    let mut state = one(&law);
    let mut position = 0.0;
    cycle_days(&law, &mut state, &mut position, 200, 0.9, 298.15, 1.0);
    let held = state.health(&law, 0);
    assert!((held.reversible - 0.017).abs() < 1e-4);
    for _ in 0..100 {
        state.rest(&law, &[283.15], &[0.3], 24.0);
        state.end_day(&law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.3], position);
    }
    let after = state.health(&law, 0);
    assert!(after.reversible < 2e-4 && after.capacity > held.capacity && after.lli >= held.lli);
}

proptest! {
    /// Losses never fall and never become NaN, far outside the fitted range too, with and without a knee.
    #[test]
    fn losses_never_fall(
        form in 0..Form::ALL.len(),
        bent in 0..3usize,
        window in prop::bool::ANY,
        steps in prop::collection::vec((200.0..380.0f64, 0.0..1.0f64, 0.0..200.0f64, -150.0..150.0f64), 1..40),
    ) {
        let mut options = match bent { 0 => AgingOptions::default(), 1 => knee(KneeKind::Plating), _ => knee(KneeKind::Material) };
        options.stress = if window { Stress::DailyWindow } else { Stress::Rainflow };
        let law = law_with(Form::ALL[form].name, options);
        let mut state = one(&law);
        let (mut before, mut position) = (state.health(&law, 0), 0.0);
        for (t, s, hours, charge) in steps {
            state.rest(&law, &[t], &[s], hours);
            position += charge;
            state.pass(&[t], charge, position, 1.0 + hours, &[s], &[NOMINAL]);
            state.end_day(&law, &Capacities::series(NOMINAL, &[NOMINAL]), &[s], position);
            let now = state.health(&law, 0);
            prop_assert!(now.capacity.is_finite() && now.resistance.is_finite());
            prop_assert!(now.capacity <= before.capacity + 1e-15);
            prop_assert!(now.resistance >= before.resistance - 1e-15);
            before = now;
        }
    }
}

/// The same day told in steps of six minutes and of three hours: cycles are the same to the last digits.
#[test]
fn cycles_do_not_depend_on_the_sampling() {
    let law = law("nmc_kokam");
    let run = |steps: usize| {
        let mut state = one(&law);
        let mut position = 0.0;
        for _ in 0..30 {
            for (charge, end) in [(60.0, 0.3), (-60.0, 0.9)] {
                for step in 1..=steps {
                    position += charge / steps as f64;
                    let soc = end + (charge - charge * step as f64 / steps as f64) / NOMINAL;
                    let hours = 6.0 / steps as f64;
                    state.pass(&[298.15], charge / steps as f64, position, hours, &[soc], &[NOMINAL]);
                    state.rest(&law, &[298.15], &[soc], hours);
                }
            }
            state.end_day(&law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.9], position);
        }
        state.close(&law, &Capacities::series(NOMINAL, &[NOMINAL]), &[0.9], position, &[298.15]);
        (state.state[1][0], state.state[2][0])
    };
    let (fine, coarse) = (run(60), run(2));
    assert!((fine.0 / coarse.0 - 1.0).abs() < 1e-9 && (fine.1 / coarse.1 - 1.0).abs() < 1e-9, "{fine:?} {coarse:?}");
}

/// What is bought is not put at the edge of a knee by a share of loss that nobody measured.
#[test]
fn a_used_unit_has_the_throughput_of_a_car_behind_it() {
    let law = law_with("nmc50_b1", knee(KneeKind::Material));
    let mut state = one(&law);
    state.set_used(&law, 0, &UsedUnit { soh: 0.8, resistance: None, cycle_share: 0.9, years: 2.0 });
    assert!((state.health(&law, 0).capacity - 0.8).abs() < 1e-9);
    assert_eq!(state.knee.efc[0], 160.0);
    state.set_used(&law, 0, &UsedUnit { soh: 0.97, resistance: None, cycle_share: 0.9, years: 20.0 });
    assert!((state.health(&law, 0).capacity - 0.97).abs() < 1e-9);
}
