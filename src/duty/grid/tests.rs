use super::*;
use rand::SeedableRng;

/// Availability by hour of the day of a rural village with its worst hours in the evening.
const VILLAGE: [f64; 24] = [
    0.57, 0.61, 0.54, 0.50, 0.48, 0.48, 0.46, 0.34, 0.25, 0.30, 0.35, 0.35, 0.33, 0.29, 0.32, 0.35, 0.35, 0.32, 0.39,
    0.14, 0.18, 0.46, 0.47, 0.51,
];

fn lognormal(median: f64, sd: f64) -> Option<DurationSpec> {
    Some(DurationSpec { mean_h: None, median_h: Some(median), ln_sd: Some(sd) })
}

fn exponential(mean: f64) -> Option<DurationSpec> {
    Some(DurationSpec { mean_h: Some(mean), ..DurationSpec::default() })
}

fn profiled(availability: &[f64], median: f64, sd: f64) -> GridSpec {
    GridSpec { down: lognormal(median, sd), availability: Some(availability.to_vec()), ..GridSpec::default() }
}

fn supply(spec: &GridSpec, steps: usize, seed: u64) -> Supply {
    Supply::new(spec, steps, ChaCha8Rng::seed_from_u64(seed)).unwrap()
}

/// Mean availability by hour over many days.
fn by_hour(supply: &mut Supply, days: usize) -> [f64; 24] {
    let mut mean = [0.0; 24];
    let mut share = [0.0; 24];
    for day in 0..days {
        supply.next_day(day, &mut share);
        mean.iter_mut().zip(share).for_each(|(m, s)| *m += s / days as f64);
    }
    mean
}

/// Over 8000 days the mean of each hour is within 0.02 of the profile, that of the day within 0.01, whatever the cuts;
/// where supply goes from 97 to 5 % in the middle of a step of five minutes, within 0.03.
#[test]
fn a_profile_is_met_hour_by_hour() {
    let scheduled: Vec<f64> = (0..24).map(|h| if (18..22).contains(&h) { 0.05 } else { 0.97 }).collect();
    for (profile, median, sd) in
        [(&VILLAGE[..], 0.5, 1.0), (&VILLAGE[..], 1.5, 1.0), (&VILLAGE[..], 3.0, 0.5), (&scheduled[..], 1.0, 1.0)]
    {
        let mean = by_hour(&mut supply(&profiled(profile, median, sd), 1, 3), 8000);
        let worst = mean.iter().zip(profile).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let off = (mean.iter().sum::<f64>() - profile.iter().sum::<f64>()) / 24.0;
        assert!(
            worst < (if profile[18] > 0.1 { 0.02 } else { 0.03 }) && off.abs() < 0.01,
            "{median} {sd}: {worst} {off} {mean:?}"
        );
    }
}

#[test]
fn hours_of_outage_scale_a_profile_and_stand_alone() {
    let mut spec = profiled(&VILLAGE, 1.0, 1.0);
    for hours in [2.0, 8.0, 20.0] {
        spec.outage_hours_per_day = Some(hours);
        let out = 24.0 - by_hour(&mut supply(&spec, 1, 5), 4000).iter().sum::<f64>();
        assert!((out / hours - 1.0).abs() < 0.06, "{hours}: {out}");
    }
    let flat = GridSpec { down: lognormal(1.0, 1.0), outage_hours_per_day: Some(4.0), ..GridSpec::default() };
    let mean = by_hour(&mut supply(&flat, 1, 5), 8000);
    assert!((24.0 - mean.iter().sum::<f64>() - 4.0).abs() < 0.12);
    assert!(mean.iter().all(|a| (a - 20.0 / 24.0).abs() < 0.02), "{mean:?}");
}

/// An alternating renewal process: `1 / (up + down)` cuts an hour, `down / (up + down)` of the time.
#[test]
fn cuts_have_the_number_and_length_of_their_laws() {
    let exact = GridSpec { up: exponential(9.25), down: exponential(2.75), ..GridSpec::default() };
    let skewed = GridSpec { up: lognormal(5.0, 0.8), down: lognormal(1.0, 1.0), ..GridSpec::default() };
    for (spec, up, down) in [(exact, 9.25, 2.75), (skewed, 5.0 * 0.32_f64.exp(), 0.5_f64.exp())] {
        let mut grid = supply(&spec, 4, 11);
        let mut share = [0.0; 96];
        (0..365 * 20).for_each(|day| grid.next_day(day, &mut share));
        let (cuts, hours) = (grid.cuts(), 8760.0 * 20.0);
        assert!((cuts.number as f64 / (hours / (up + down)) - 1.0).abs() < 0.03, "{cuts:?}");
        assert!((cuts.hours / (hours * down / (up + down)) - 1.0).abs() < 0.04, "{cuts:?}");
        assert!(cuts.longest_h > 5.0 * down);
    }
}

/// The same events at any step: shares of finer steps have the means of coarser ones.
#[test]
fn steps_do_not_change_the_supply() {
    for spec in
        [profiled(&VILLAGE, 1.0, 1.0), GridSpec { up: exponential(5.0), down: exponential(5.0), ..GridSpec::default() }]
    {
        let (mut hourly, mut fine) = (supply(&spec, 1, 9), supply(&spec, 60, 9));
        let (mut a, mut b) = ([0.0; 24], [0.0; 1440]);
        for day in 0..50 {
            hourly.next_day(day, &mut a);
            fine.next_day(day, &mut b);
            for (hour, minutes) in a.iter().zip(b.chunks(60)) {
                assert!((hour - minutes.iter().sum::<f64>() / 60.0).abs() < 1e-9);
                assert!(minutes.iter().all(|s| (0.0..=1.0).contains(s)));
            }
        }
        assert!((hourly.cuts().hours - fine.cuts().hours).abs() < 1e-9);
    }
}

/// Hours of the village drawn one by one give shorter long cuts than cuts with a law of their own.
#[test]
fn long_cuts_are_longer_than_independent_hours_give() {
    let long = |hours: &[f64]| -> f64 {
        let mut runs = Vec::new();
        let mut run = 0.0;
        for &share in hours {
            if share < 0.5 {
                run += 1.0;
            } else if run > 0.0 {
                runs.push(run);
                run = 0.0;
            }
        }
        runs.sort_by(f64::total_cmp);
        runs[runs.len() * 99 / 100]
    };
    let days = 2000;
    let mild: Vec<f64> = VILLAGE.iter().map(|a| 1.0 - 0.4 * (1.0 - a)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let independent: Vec<f64> =
        (0..24 * days).map(|h| f64::from(u8::from(rng.random::<f64>() < mild[h % 24]))).collect();
    let mut grid = supply(&profiled(&mild, 1.5, 1.0), 1, 1);
    let mut ours = vec![0.0; 24 * days];
    ours.chunks_mut(24).enumerate().for_each(|(day, share)| grid.next_day(day, share));
    assert!(long(&ours) >= 2.0 * long(&independent), "{} {}", long(&ours), long(&independent));
}

#[test]
fn a_table_is_followed_and_the_rest_is_refused() {
    let rows: String = (0..8760).map(|h| if h % 24 == 5 { "0\n" } else { "1\n" }).collect();
    let file = GridFile::parse(&format!("available\n{rows}")).unwrap();
    let table = GridSpec { file: Some(file), ..GridSpec::default() };
    let mut grid = supply(&table, 2, 1);
    let mut share = [0.0; 48];
    (0..10).for_each(|day| grid.next_day(day, &mut share));
    assert_eq!(share[9..13], [1.0, 0.0, 0.0, 1.0]);
    assert_eq!(grid.cuts(), Cuts { number: 10, hours: 10.0, longest_h: 1.0 });
    let mut always = supply(&GridSpec::default(), 1, 1);
    assert_eq!(by_hour(&mut always, 3), [1.0; 24]);
    assert_eq!(always.cuts(), Cuts::default());

    let told = |spec: GridSpec, steps| Supply::new(&spec, steps, ChaCha8Rng::seed_from_u64(1)).unwrap_err().to_string();
    let plain = || GridSpec { up: exponential(1.0), down: exponential(1.0), ..GridSpec::default() };
    assert!(told(plain(), 3).contains("3 steps an hour"));
    assert!(told(GridSpec { down: None, ..plain() }, 1).contains("`down` with"));
    assert!(told(GridSpec { outage_hours_per_day: Some(2.0), ..plain() }, 1).contains("`down` with"));
    assert!(told(GridSpec { down: exponential(-1.0), ..plain() }, 1).contains("`down` cannot be -1"));
    assert!(told(GridSpec { up: Some(DurationSpec::default()), ..plain() }, 1).contains("either `mean_h`"));
    assert!(told(profiled(&VILLAGE[1..], 1.0, 1.0), 1).contains("23 values"));
    assert!(told(profiled(&VILLAGE, 500.0, 1.0), 1).contains("too long"));
    let wrong = |text: &str| GridFile::parse(text).unwrap_err().to_string();
    assert_eq!(wrong("on\n1\n"), "line 1, column `available`: is missing");
    assert_eq!(wrong("available\n1\n2\n"), "line 3, column `available`: 2 is outside the allowed range 0 to 1");
    assert!(wrong("available\n1\n").starts_with("there are 1 rows"));
}
