use super::super::plan::{Entry, LifeLaw};
use super::super::retirement::{CAUSES, Cause};
use super::super::survival::{Life, LifeError};
use super::closed::{Causes, Law};
use super::unit::Unit;
use proptest::prelude::*;

mod packs;

const ENTRIES: [Entry; 4] = [Entry::Start, Entry::Middle, Entry::End, Entry::Spread];
const ONES: [f64; 60] = [1.0; 60];

fn total(exits: &[f64; CAUSES]) -> f64 {
    exits.iter().sum()
}

/// Weibull with mean and standard deviation alike is exponential.
fn exponential(rate: f64) -> (LifeLaw, f64, f64) {
    (LifeLaw::Weibull, 1.0 / rate, 1.0 / rate)
}

#[test]
fn exponential_causes_have_a_closed_form() {
    let [v, b, x, w] = [0.05, 0.03, 0.01, 0.02];
    for entry in ENTRIES {
        let (law, mean, sd) = exponential(v);
        let (battery, b_mean, b_sd) = exponential(b);
        let mut causes = Causes::of_vehicle(law, mean, sd, &ONES).unwrap();
        causes = causes.with_battery(battery, b_mean, b_sd).unwrap();
        causes.crash_per_year = x;
        (causes.warranty_per_year, causes.warranty_years) = (w, 100.0);
        let all = v + b + x + w;
        let retired = causes.retire(entry, 30);
        let [low, high] = entry.window();
        let survival = |k: f64| match low == high {
            true => (-all * (k + 1.0 - low)).exp(),
            false => ((-all * k).exp() - (-all * (k + 1.0)).exp()) / all,
        };
        let mut before = 1.0;
        for (k, exits) in retired.exits.iter().enumerate() {
            let after = survival(k as f64);
            assert!((total(exits) - (before - after)).abs() < 1e-9, "{entry:?} {k}");
            for (cause, rate) in [(Cause::WearOut, v), (Cause::Failed, b), (Cause::Crash, x), (Cause::Warranty, w)] {
                assert!((exits[cause as usize] - (before - after) * rate / all).abs() < 1e-9, "{entry:?} {k}");
            }
            before = after;
        }
    }
}

/// A fine table of a Weibull life, at another scale, is that life; alone and beside a battery.
#[test]
fn a_table_is_stretched_to_its_mean() {
    let drawn = Life::new(LifeLaw::Weibull, 10.0, 3.0).unwrap();
    let mut rows: Vec<(f64, f64)> = (0..=400).map(|k| f64::from(k) * 0.1).map(|a| (a, drawn.survival(a))).collect();
    rows.push((41.0, 0.0));
    let law = Law { law: LifeLaw::Table, table: &rows };
    for entry in ENTRIES {
        let by_table = |crash: f64| {
            let mut causes = Causes::of_vehicle(law, 15.0, 0.0, &ONES).unwrap();
            causes.crash_per_year = crash;
            causes.retire(entry, 30)
        };
        let by_law = |crash: f64| {
            let mut causes = Causes::of_vehicle(LifeLaw::Weibull, 15.0, 4.5, &ONES).unwrap();
            causes.crash_per_year = crash;
            causes.retire(entry, 30)
        };
        for crash in [0.0, 0.02] {
            for (a, b) in by_table(crash).exits.iter().zip(&by_law(crash).exits) {
                assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-4), "{entry:?}: {a:?} {b:?}");
            }
        }
    }
    for bad in [&rows[..5], &[]] {
        assert!(matches!(Life::stretch(bad, 15.0), Err(LifeError::Endless)));
    }
}

/// The mean over the year by a rule of few points against two thousand panels of it; the error is below 1e-6 of a unit
/// down to standard deviations of a tenth of a year.
#[test]
fn the_rule_over_the_year_is_fine_enough() {
    for (mean, sd) in [(15.0, 4.0), (8.3, 2.0), (4.2, 1.0), (3.1, 0.5), (2.2, 0.2), (1.4, 0.1), (6.3, 0.0)] {
        let mut causes = Causes::of_vehicle(LifeLaw::Normal, mean, sd, &ONES).unwrap();
        causes = causes.with_battery(LifeLaw::Logistic, 1.1 * mean, 1.3 * sd).unwrap();
        causes.crash_per_year = 0.01;
        (causes.warranty_per_year, causes.warranty_years) = (0.02, 3.3);
        (causes.recall_share, causes.recall_age) = (0.1, 2.6);
        let coarse = causes.retire(Entry::Spread, 25);
        let panels = 2000;
        let mut fine = vec![[0.0; CAUSES]; 25];
        for p in 0..panels {
            let moment = (f64::from(p) + 0.5) / f64::from(panels);
            let mut unit = Unit::new(1.0 / f64::from(panels), [0.0; 2]);
            for (k, exit) in fine.iter_mut().enumerate() {
                unit.live(k as f64 + 1.0 - moment, &causes, [1.0; 2], exit);
            }
        }
        // Steps fall between the panels of the fine sum by up to half of one.
        let tolerance = if sd > 0.0 { 2e-6 } else { 5e-4 };
        for (a, b) in coarse.exits.iter().flatten().zip(fine.iter().flatten()) {
            assert!((a - b).abs() < tolerance, "{mean} {sd}: {a} {b}");
        }
    }
}

#[test]
fn a_recall_takes_its_share_at_its_age() {
    let mut causes = Causes::of_vehicle(LifeLaw::Fixed, 20.0, 0.0, &ONES).unwrap();
    (causes.recall_share, causes.recall_age) = (0.25, 3.5);
    let retired = causes.retire(Entry::Start, 25);
    assert!((retired.exits[3][Cause::Recall as usize] - 0.25).abs() < 1e-12);
    assert!((retired.exits[19][Cause::WearOut as usize] - 0.75).abs() < 1e-12);
    causes.recall_share = 1.0;
    let spread = causes.retire(Entry::Spread, 25);
    assert!((spread.exits[3][4] - 0.5).abs() < 1e-12 && (spread.exits[4][4] - 0.5).abs() < 1e-12);
}

#[test]
fn a_calendar_year_of_more_wear_moves_its_hazards() {
    let mut period = ONES;
    period[5] = 2.0;
    let (law, mean, sd) = exponential(0.1);
    let retired = Causes::of_vehicle(law, mean, sd, &period).unwrap().retire(Entry::Start, 10);
    let left = |k: usize| (-0.1 * k as f64).exp();
    assert!((retired.exits[4][0] - (left(4) - left(5))).abs() < 1e-12);
    assert!((retired.exits[5][0] - (left(5) - left(7))).abs() < 1e-12);
    assert!((retired.exits[6][0] - (left(7) - left(8))).abs() < 1e-12);
}

fn by_cause(exits: &[[f64; CAUSES]], cause: Cause) -> f64 {
    exits.iter().map(|exit| exit[cause as usize]).sum()
}

/// Vehicles of one age crash until then, `1 - exp(-x m)`; of those of a table that falls to zero on a line over `T` years
/// `1 - (1 - exp(-x T))/(x T)` crash.
#[test]
fn laws_that_step_leave_others_their_time() {
    let (crash, line) = (0.01, [(0.0, 1.0), (16.0, 0.0)]);
    let table = Law { law: LifeLaw::Table, table: &line };
    let of_line = 1.0 - (1.0 - (-crash * 16.0_f64).exp()) / (crash * 16.0);
    let at_8 = 1.0 - (-crash * 8.0_f64).exp();
    let laws: [(Law, f64, f64, f64); 3] = [
        (LifeLaw::Fixed.into(), 0.0, at_8, 1e-12),
        (LifeLaw::Normal.into(), 0.02, at_8, 1e-5),
        (table, 0.0, of_line, 5e-5),
    ];
    for entry in ENTRIES {
        for (law, sd, expected, tolerance) in laws {
            for of_battery in [false, true] {
                let mut causes = Causes::of_vehicle(law, 8.0, sd, &ONES).unwrap();
                if of_battery {
                    causes = Causes::of_vehicle(LifeLaw::Fixed, 50.0, 0.0, &ONES).unwrap();
                    causes = causes.with_battery(law, 8.0, sd).unwrap();
                }
                causes.crash_per_year = crash;
                let crashed = by_cause(&causes.retire(entry, 40).exits, Cause::Crash);
                assert!((crashed - expected).abs() < tolerance, "{entry:?} {law:?}: {crashed} {expected}");
            }
        }
    }
    // So do recalls of all.
    let mut causes = Causes::of_vehicle(LifeLaw::Fixed, 20.0, 0.0, &ONES).unwrap();
    (causes.crash_per_year, causes.recall_share, causes.recall_age) = (crash, 1.0, 3.5);
    let crashed = by_cause(&causes.retire(Entry::Spread, 40).exits, Cause::Crash);
    assert!((crashed - (1.0 - (-crash * 3.5_f64).exp())).abs() < 1e-12, "{crashed}");
}

/// What a factor of zero keeps past the end of its life leaves in the next year, by any factor above zero.
#[test]
fn nobody_outlives_a_life_for_ever() {
    let rows = [(0.0, 1.0), (7.0, 1.0), (8.0, 0.0)];
    let laws: [Law; 2] = [LifeLaw::Fixed.into(), Law { law: LifeLaw::Table, table: &rows }];
    for law in laws {
        let mean = if law.law == LifeLaw::Table { 7.5 } else { 8.0 };
        for later in [1e-6, 1.0, 5.0] {
            let mut period = [later; 60];
            period[7] = 0.0;
            let vehicle = Causes::of_vehicle(law, mean, 0.0, &period).unwrap();
            let battery = Causes::of_vehicle(LifeLaw::Fixed, 40.0, 0.0, &period).unwrap();
            let battery = battery.with_battery(law, mean, 0.0).unwrap();
            for (causes, cause) in [(vehicle, Cause::WearOut), (battery, Cause::Failed)] {
                let exits = causes.retire(Entry::Start, 20).exits;
                assert!((exits[8][cause as usize] - 1.0).abs() < 1e-12, "{law:?} {later}: {:?}", exits[8]);
            }
        }
    }
    let mut period = ONES;
    period[7] = 0.0;
    let causes = Causes::of_vehicle(LifeLaw::Fixed, 8.0, 0.0, &period).unwrap();
    // New batteries leave with their vehicles.
    let mut causes = causes.with_battery(LifeLaw::Fixed, 5.0, 0.0).unwrap();
    causes.renewal_age = 8.0;
    let renewed = causes.retire(Entry::Start, 20).renewed;
    assert!((renewed[4].share - 1.0).abs() < 1e-12 && (renewed[4].exits[4][0] - 1.0).abs() < 1e-12, "{renewed:?}");
}

#[test]
fn ages_within_a_year_follow_the_entry() {
    for entry in ENTRIES {
        for k in 0..4 {
            // Mean of an age not below zero: the integral of the share that is older.
            let older: f64 = (0..60000).map(|i| 1e-4 * (1.0 - entry.younger(k, (f64::from(i) + 0.5) * 1e-4))).sum();
            assert!((older - entry.mean_age(k)).abs() < 2e-4, "{entry:?} {k}: {older}");
        }
    }
}

fn renewing() -> Causes<'static> {
    let mut causes = Causes::of_vehicle(LifeLaw::Normal, 15.0, 4.0, &ONES).unwrap();
    causes = causes.with_battery(LifeLaw::Normal, 7.0, 3.0).unwrap();
    (causes.warranty_per_year, causes.warranty_years) = (0.01, 8.0);
    (causes.recall_share, causes.recall_age) = (0.05, 2.0);
    causes.renewal_age = 8.0;
    causes
}

#[test]
fn renewed_batteries_live_on_and_leave() {
    for entry in ENTRIES {
        let retired = renewing().retire(entry, 60);
        let renewed: f64 = retired.renewed.iter().map(|r| r.share).sum();
        assert!(renewed > 0.3 && renewed < 1.0, "{renewed}");
        for r in &retired.renewed {
            let gone: f64 = r.exits.iter().map(total).sum();
            assert!((gone - r.share).abs() < 1e-12 + 1e-9 * r.share, "all gone in the end");
            assert!(r.exits.iter().all(|e| e[Cause::Recall as usize] == 0.0));
        }
        // Each vehicle young enough whose battery is gone gets one, those that fail at once too.
        let k = 3;
        let lost = |e: &[f64; CAUSES]| e[1] + e[3] + e[4];
        let gone: f64 = lost(&retired.exits[k])
            + retired.renewed[..=k].iter().enumerate().map(|(s, r)| lost(&r.exits[k - s])).sum::<f64>();
        assert!((retired.renewed[k].share - gone).abs() < 1e-12);
    }
}

#[test]
fn without_an_age_nothing_is_renewed() {
    let mut causes = renewing();
    causes.renewal_age = 0.0;
    assert!(causes.retire(Entry::Spread, 40).renewed.is_empty());
}

proptest! {
    #[test]
    fn shares_are_shares(
        mean in 0.5..30.0f64, sd in 0.0..10.0f64, b_mean in 0.5..30.0f64, b_sd in 0.0..8.0f64,
        crash in 0.0..1.0f64, warranty in 0.0..1.0f64, warranty_years in 0.0..10.0f64,
        recall in 0.0..1.0f64, age in 1e-9..10.0f64, renewal in 0.0..40.0f64, factor in 0.0..5.0f64,
        entry in 0..4usize,
    ) {
        let period = [factor; 45];
        let mut causes = Causes::of_vehicle(LifeLaw::Normal, mean, sd, &period).unwrap();
        causes = causes.with_battery(LifeLaw::Lognormal, b_mean, b_sd).unwrap();
        (causes.crash_per_year, causes.warranty_per_year, causes.warranty_years) = (crash, warranty, warranty_years);
        (causes.recall_share, causes.recall_age, causes.renewal_age) = (recall, age, renewal);
        let retired = causes.retire(ENTRIES[entry], 45);
        let good = |e: &f64| e.is_finite() && *e >= 0.0;
        prop_assert!(retired.exits.iter().flatten().all(good));
        prop_assert!(retired.exits.iter().map(total).sum::<f64>() < 1.0 + 1e-12);
        for r in &retired.renewed {
            prop_assert!(good(&r.share) && r.exits.iter().flatten().all(good));
            prop_assert!(r.exits.iter().map(total).sum::<f64>() <= r.share * (1.0 + 1e-12) + 1e-15);
        }
    }
}
