use super::super::retirement::{NODES, SecondLives};
use super::grid::{self, COUNT, Spread};
use super::second::{Point, Second, Terms, Year};
use super::storage::{BySoh, Rules, Storage};
use super::triage::grade;
use crate::numeric::stats::{normal_cdf, normal_quantile};
use proptest::prelude::*;

fn nodes(mean: f64, sd: f64) -> [f64; NODES] {
    std::array::from_fn(|q| mean + sd * normal_quantile((q as f64 + 0.5) / NODES as f64))
}

#[test]
fn triage_of_a_normal_soh_has_a_closed_form() {
    for (mean, sd) in [(0.8, 0.04), (0.72, 0.03), (0.66, 0.05)] {
        for error in [0.0, 0.01, 0.03] {
            let graded = grade(&nodes(mean, sd), 0.7, error);
            let both = f64::hypot(sd, error);
            let expected = normal_cdf((mean - 0.7) / both);
            assert!((graded.accepted - expected).abs() < 8e-3, "{mean} {error}: {} {expected}", graded.accepted);
            // Accepted and rejected wrongly make the difference to a test without error.
            let fit = normal_cdf((mean - 0.7) / sd);
            let net = graded.wrongly_accepted - graded.wrongly_rejected;
            assert!((graded.accepted - fit - net).abs() < 8e-3);
            assert_eq!(error == 0.0, graded.wrongly_accepted < 1e-12 && graded.wrongly_rejected < 1e-12);
            let sum: f64 = graded.by_soh.iter().sum();
            assert!((sum - graded.accepted).abs() < 1e-12);
            assert!((graded.by_soh.useful() - graded.accepted_soh).abs() < 1e-12);
        }
    }
}

/// Wrong accepts are those below the threshold that measure above it: a double integral, done finely.
#[test]
fn wrong_grades_follow_the_error() {
    let (mean, sd, error, least) = (0.72, 0.04, 0.02, 0.7);
    let graded = grade(&nodes(mean, sd), least, error);
    let steps = 20000;
    let [mut wrong_in, mut wrong_out] = [0.0; 2];
    for i in 0..steps {
        let soh = mean + sd * normal_quantile((f64::from(i) + 0.5) / f64::from(steps));
        let passes = normal_cdf((soh - least) / error) / f64::from(steps);
        if soh < least { wrong_in += passes } else { wrong_out += 1.0 / f64::from(steps) - passes }
    }
    assert!((graded.wrongly_accepted - wrong_in).abs() < 4e-3, "{} {wrong_in}", graded.wrongly_accepted);
    assert!((graded.wrongly_rejected - wrong_out).abs() < 4e-3, "{} {wrong_out}", graded.wrongly_rejected);
}

/// Chances of 38 standard deviations are no more than what rounding leaves of them.
#[test]
fn packs_far_below_the_threshold_all_fail() {
    for k in 0..400 {
        let graded = grade(&nodes(0.32 + 1e-5 * f64::from(k), 1e-8 * f64::from(1 + k)), 0.7, 0.01);
        assert!(graded.accepted < 1e-12 && graded.wrongly_accepted <= graded.accepted, "{graded:?}");
    }
}

#[test]
fn all_alike_pass_or_fail_together() {
    assert_eq!(grade(&[0.7; NODES], 0.7, 0.0).accepted, 1.0);
    assert_eq!(grade(&[0.699; NODES], 0.7, 0.0).accepted, 0.0);
    assert!((grade(&[0.7; NODES], 0.7, 0.02).accepted - 0.5).abs() < 1e-12);
    assert!((grade(&[0.7; NODES], 0.7, 0.02).wrongly_rejected - 0.5).abs() < 1e-12);
}

#[test]
fn the_accepted_share_moves_smoothly_with_the_threshold() {
    let accepted = |least: f64| grade(&nodes(0.75, 0.05), least, 0.0).accepted;
    for i in 0..200 {
        let least = 0.65 + 1e-3 * f64::from(i);
        let step = accepted(least) - accepted(least + 1e-3);
        assert!((0.0..0.012).contains(&step), "{least}: {step}");
    }
}

#[test]
fn classes_keep_amount_and_mean() {
    let mut classes = [0.0; COUNT];
    classes.put(0.773, 2.0);
    classes.put(1.02, 1.0);
    assert!((classes.iter().sum::<f64>() - 3.0).abs() < 1e-12 && (classes.useful() - 2.566).abs() < 1e-12);
    let faded = classes.faded(0.017);
    assert!((faded.iter().sum::<f64>() - 3.0).abs() < 1e-12 && (faded.useful() - 2.515).abs() < 1e-12);
    assert!(classes.faded(2.0).useful() == 0.0);
}

const TERMS: Terms = Terms { soh_end: 0.6, fade_per_year: 0.02, spread: 0.3, years_max: f64::INFINITY };

/// The years of a class until all have left.
fn course(second: &Second, class: usize) -> Vec<Point> {
    let of = |y: &Year| Point {
        left: y.left[class],
        left_useful: y.left_useful[class],
        gone: y.gone[class],
        gone_useful: y.gone_useful[class],
    };
    second.course.iter().map(of).take_while(|p| p.left + p.gone > 0.0).collect()
}

fn left(second: &Second, class: usize) -> Vec<f64> {
    course(second, class).iter().map(|p| p.left).collect()
}

#[test]
fn a_second_life_lasts_as_its_fade_says() {
    let second = Second::closed(TERMS, 80).unwrap();
    let class = 16;
    assert!((grid::soh(class) - 0.8).abs() < 1e-12 && (second.years[class] - 10.0).abs() < 1e-6);
    // Entry is spread over the year, so the shares left at the ends of years add up to the mean length.
    let sum: f64 = left(&second, class).iter().sum();
    assert!((sum - 10.0).abs() < 1e-9, "{sum}");
    assert!(course(&second, 12).is_empty() && course(&second, 5).is_empty(), "no life left at its end or below");
    let soh: Vec<f64> =
        course(&second, class).iter().filter(|p| p.left > 0.0).map(|p| p.left_useful / p.left).collect();
    assert!(soh.windows(2).all(|s| s[1] <= s[0] + 1e-12) && soh[0] > 0.78);
    assert!(course(&second, class).iter().all(|p| (p.gone_useful - 0.6 * p.gone).abs() < 1e-9));
    let fixed = Second::closed(Terms { spread: 0.0, ..TERMS }, 80).unwrap();
    assert!((course(&fixed, class)[4].left_useful - (0.8 - 0.02 * 4.5)).abs() < 1e-12);
    let cut = Second::closed(Terms { years_max: 4.0, ..TERMS }, 80).unwrap();
    let last = course(&cut, class)[4];
    assert!(course(&cut, class).len() == 5 && last.left == 0.0 && last.gone_useful > 0.69 * last.gone);
    assert!((cut.years[class] - 4.0).abs() < 0.05);
}

#[test]
fn without_fade_or_end_a_second_life_does_not_end() {
    let second = Second::closed(Terms { fade_per_year: 0.0, ..TERMS }, 50).unwrap();
    assert!(course(&second, 16).iter().all(|p| p.left > 1.0 - 1e-4 && (p.left_useful - 0.8).abs() < 1e-3));
}

#[test]
fn second_lives_of_packs_come_from_their_class() {
    let table = SecondLives {
        soh_from: vec![0.0, 0.7],
        survival: vec![vec![1.0, 0.0], vec![1.0, 1.0, 0.5, 0.0]],
        fade: vec![vec![1.0, 0.9], vec![1.0, 0.98, 0.96, 0.94]],
    };
    let second = Second::simulated(&[(&table, 0.5), (&table, 0.5)], f64::INFINITY, 10);
    assert_eq!(left(&second, 16), [1.0, 0.75, 0.25, 0.0]);
    assert_eq!(left(&second, 10), [0.5, 0.0]);
    assert!((course(&second, 16)[1].left_useful - 0.75 * 0.8 * 0.97).abs() < 1e-12);
    let cut = Second::simulated(&[(&table, 1.0)], 1.5, 10);
    let cut = left(&cut, 16);
    assert!((cut[1] - 0.5 * 0.5 * (1.0 + 0.75)).abs() < 1e-12 && cut[2] == 0.0);
}

/// Runs a storage for some years and returns what of it is where: taken, given up, waiting, at its end.
fn run(offers: &[[BySoh; 2]], cap: Option<f64>, waiting_years: f64) -> (Vec<f64>, f64, f64, f64, f64) {
    let seconds = [Second::closed(TERMS, 40).unwrap()];
    let rules = [Rules { second: &seconds[0], waiting_years, waiting_fade: 0.01 }; 2];
    let mut storage = Storage::new(2);
    let [mut given_up, mut out, mut waiting, mut stock] = [0.0; 4];
    let mut taken = Vec::new();
    for offer in offers {
        let moved = storage.year(offer, &rules, &seconds, &[0, 0], cap, 15.0);
        taken.push(moved.iter().map(|m| m.taken_useful).sum());
        given_up += moved.iter().map(|m| m.given_up).sum::<f64>();
        out += moved.iter().map(|m| m.out).sum::<f64>();
        waiting = moved.iter().map(|m| m.waiting).sum();
        stock = moved.iter().map(|m| m.stock).sum();
    }
    (taken, given_up, waiting, stock, out)
}

#[test]
fn storage_takes_no_more_than_its_cap_and_the_longest_lived_first() {
    let mut offer = [[0.0; COUNT]; 2];
    offer[0].put(0.7, 1.0);
    offer[1].put(0.8, 1.0);
    let seconds = [Second::closed(TERMS, 40).unwrap()];
    let rules = [Rules { second: &seconds[0], waiting_years: 0.0, waiting_fade: 0.0 }; 2];
    let mut storage = Storage::new(2);
    let moved = storage.year(&offer, &rules, &seconds, &[0, 0], Some(1.0), 15.0);
    assert!((moved[1].taken_useful - 0.8).abs() < 1e-12 && (moved[0].taken_useful - 0.2).abs() < 1e-12);
    assert!((moved[0].given_up - (1.0 - 0.2 / 0.7)).abs() < 1e-12 && moved[1].given_up == 0.0);
    assert!((moved[1].taken_lasting - 0.8 * 10.0 / 15.0).abs() < 1e-6);
}

#[test]
fn storage_takes_nothing_that_has_no_life_left() {
    let mut offer = [[0.0; COUNT]; 2];
    offer[0].put(0.6, 1.0);
    offer[1].put(0.8, 1.0);
    let (taken, given_up, waiting, stock, out) = run(&[offer], None, 3.0);
    assert!((taken[0] - 0.8).abs() < 1e-12 && given_up == 1.0 && waiting == 0.0);
    assert!((stock + out - 1.0).abs() < 1e-12);
    // Whom the wait has taken to the end of his life, too.
    let mut late = [[0.0; COUNT]; 2];
    late[0][13] = 1.0;
    let none = [[0.0; COUNT]; 2];
    let years = |count: usize| run(&[vec![late], vec![none; count]].concat(), Some(0.0), 9.0);
    let [(_, early, ..), (_, late, waiting, ..)] = [years(0), years(5)];
    assert!(early == 0.0 && late > 0.6 && (late + waiting - 1.0).abs() < 1e-12, "{late} {waiting}");
}

#[test]
fn who_waits_fades_and_gives_up_in_the_end() {
    let mut offer = [[0.0; COUNT]; 2];
    offer[0].put(0.8, 1.0);
    let none = [[0.0; COUNT]; 2];
    let (taken, given_up, waiting, ..) = run(&[offer, none, none, none], Some(0.0), 2.0);
    assert_eq!((taken, given_up, waiting), (vec![0.0; 4], 1.0, 0.0));
    let (.., waiting, _, _) = run(&[offer, none], Some(0.0), 2.0);
    assert_eq!(waiting, 1.0);
    let (_, given_up, waiting, ..) = run(&[offer, none], Some(0.0), 1.5);
    assert!((given_up - 0.5).abs() < 1e-12 && (waiting - 0.5).abs() < 1e-12);
}

proptest! {
    #[test]
    fn storage_conserves(
        amounts in prop::collection::vec((0.0..2.0f64, 0.3..1.0f64, 0.0..2.0f64, 0.3..1.0f64), 1..25),
        cap in prop::option::of(0.0..3.0f64), wait in 0.0..4.0f64,
    ) {
        let mut all = 0.0;
        let offers: Vec<[BySoh; 2]> = amounts.iter().map(|(a, s, b, z)| {
            let mut offer = [[0.0; COUNT]; 2];
            offer[0].put(*s, *a);
            offer[1].put(*z, *b);
            all += a + b;
            offer
        }).collect();
        let (taken, given_up, waiting, stock, out) = run(&offers, cap, wait);
        prop_assert!((all - given_up - waiting - stock - out).abs() < 1e-9 * (1.0 + all));
        prop_assert!(taken.iter().all(|t| *t >= 0.0 && *t <= cap.unwrap_or(f64::INFINITY) + 1e-9));
        prop_assert!([given_up, waiting, stock, out].iter().all(|x| *x >= -1e-12));
    }
}
