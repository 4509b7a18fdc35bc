use super::*;
use rand::SeedableRng;
use rand_distr::{Gamma, Poisson};
use std::collections::BTreeMap;

fn profile() -> LoadSpec {
    LoadSpec {
        title: "home".into(),
        profile: Some(ProfileSpec {
            daily_kwh: 2.8,
            hour_weights: (0..24).map(|h| if h > 17 { 3.0 } else { 1.0 }).collect(),
            month_weights: (0..12).map(|m| if m == 5 { 2.0 } else { 1.0 }).collect(),
            day_ln_sd: 0.2,
            hour_ln_sd: 0.3,
            ..ProfileSpec::default()
        }),
        ..LoadSpec::default()
    }
}

fn sessions() -> LoadSpec {
    LoadSpec {
        title: "cars".into(),
        sessions: Some(SessionSpec {
            per_day: 2.0,
            energy_kwh: 18.0,
            energy_shape: 4.0,
            power_kw: vec![7.4, 22.0],
            power_share: vec![0.8, 0.2],
            hour_weights: vec![1.0; 24],
            ..SessionSpec::default()
        }),
        ..LoadSpec::default()
    }
}

fn appliance(count: u32, power_w: f64, hours: f64, run_minutes: u32, windows_hours: &[[f64; 2]]) -> ApplianceSpec {
    ApplianceSpec {
        count,
        power_w,
        hours,
        windows_hours: windows_hours.to_vec(),
        run_minutes,
        owner_share: 1.0,
        day_share: 1.0,
        hours_ln_sd: 0.0,
        month_factors: None,
        cycle_on_minutes: None,
        cycle_off_minutes: None,
    }
}

/// The household of the reference runs: lights, phones, a television, fans, a small refrigerator, a mixer; 508 W.
fn homes(homes: u32) -> LoadSpec {
    let kinds: BTreeMap<String, ApplianceSpec> = [
        ("light", appliance(4, 7.0, 4.0, 10, &[[5.0, 7.0], [18.0, 23.0]])),
        ("phone", appliance(2, 5.0, 2.0, 30, &[[8.0, 15.0], [18.0, 24.0]])),
        ("tv", appliance(1, 40.0, 3.0, 15, &[[12.0, 14.0], [17.0, 23.0]])),
        ("fan", appliance(2, 35.0, 6.0, 30, &[[12.0, 16.0], [20.0, 24.0]])),
        ("fridge", appliance(1, 60.0, 8.0, 20, &[[0.0, 24.0]])),
        ("mixer", appliance(1, 300.0, 0.25, 3, &[[7.0, 9.0], [18.0, 19.0]])),
    ]
    .into_iter()
    .map(|(name, spec)| (name.to_owned(), spec))
    .collect();
    LoadSpec { appliances: Some(AppliancesSpec { homes, kinds }), ..LoadSpec::default() }
}

fn reserve() -> LoadSpec {
    LoadSpec {
        reserve: Some(ReserveSpec {
            power_kw: 50.0,
            nominal_hz: 50.0,
            full_activation_hz: 0.2,
            dead_band_hz: 0.01,
            sd_hz: 0.02,
            time_constant_s: 300.0,
            step_s: 10.0,
            table: None,
        }),
        ..LoadSpec::default()
    }
}

fn model(spec: &LoadSpec, steps: usize, seed: u64) -> LoadModel {
    LoadModel::new(spec, steps, ChaCha8Rng::seed_from_u64(seed)).unwrap()
}

/// Days at a step, one after the other \[kW\].
fn days(spec: &LoadSpec, steps: usize, seed: u64, days: usize) -> Vec<f64> {
    let mut load = model(spec, steps, seed);
    let mut kw = vec![0.0; 24 * steps * days];
    kw.chunks_mut(24 * steps).enumerate().for_each(|(day, kw)| load.next_day(day, kw));
    kw
}

fn year_kwh(spec: &LoadSpec) -> f64 {
    days(spec, 1, 5, 3650).iter().sum::<f64>() / 10.0
}

#[test]
fn mean_energy_is_what_the_entry_says() {
    assert!((year_kwh(&profile()) / (365.0 * 2.8) - 1.0).abs() < 0.03);
    assert!((year_kwh(&sessions()) / (365.0 * 36.0) - 1.0).abs() < 0.03);
    let home = homes(1);
    let expected = home.appliances.as_ref().unwrap().mean_day_kwh(0);
    assert!((year_kwh(&home) / (365.0 * expected) - 1.0).abs() < 0.01);
}

/// The hourly law in a few lines: the order of the draws is part of the results.
#[test]
fn hours_of_a_profile_have_their_draws_in_order() {
    let spec = profile().profile.unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let level = |sd: f64, rng: &mut ChaCha8Rng| exp(sd * rng.sample::<f64, _>(StandardNormal) - 0.5 * sd * sd);
    let (hours, months) = (spec.hour_weights.iter().sum::<f64>(), spec.month_weights.iter().sum::<f64>());
    let site = level(0.0, &mut rng);
    let ours = days(&profile(), 1, 8, 2);
    for day in 0..2 {
        let factor = 12.0 * (spec.month_weights[0] / months) * level(0.2, &mut rng);
        for hour in 0..24 {
            let kw = 2.8 * site * (spec.hour_weights[hour] / hours);
            assert_eq!(ours[24 * day + hour], kw * factor * level(0.3, &mut rng));
        }
    }
}

#[test]
fn sessions_have_their_draws_in_order() {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let (number, energy) = (Poisson::new(2.0).unwrap(), Gamma::new(4.0, 4.5).unwrap());
    let ours = days(&sessions(), 1, 8, 30);
    let mut expected = vec![0.0; 24 * 40];
    for day in 0..30 {
        for _ in 0..rng.sample(number) as usize {
            let hour = (rng.random::<f64>() * 24.0) as usize;
            let (mut at, kw) = ((24 * day + hour) as f64 + rng.random::<f64>(), rng.random::<f64>());
            let kw = if kw < 0.8 { 7.4 } else { 22.0 };
            let mut left: f64 = rng.sample(energy);
            while left > 1e-12 {
                let span = (at.floor() + 1.0 - at).min(left / kw);
                expected[at as usize] += kw * span;
                left -= kw * span;
                at = at.floor() + 1.0;
            }
        }
    }
    for (a, b) in ours.iter().zip(&expected) {
        assert!((a - b).abs() < 1e-9);
    }
}

/// For every kind, the means of fine steps are those of coarse ones: the hour's energy does not depend on the step.
#[test]
fn steps_do_not_change_the_hours() {
    let mut minutes = profile();
    minutes.profile.as_mut().unwrap().minute_ln_sd = 0.6;
    let mut shared = sessions();
    let s = shared.sessions.as_mut().unwrap();
    (s.per_day, s.sockets, s.overlap, s.limit_kw) = (8.0, Some(2), Overlap::Shared, Some(15.0));
    let file = FileSpec { load_kw: YearSeries::try_from((0..8760 * 4).map(f64::from).collect::<Vec<_>>()).unwrap() };
    let table = LoadSpec { file: Some(file), ..LoadSpec::default() };
    for spec in [profile(), minutes, sessions(), shared, homes(3), reserve(), table] {
        let hours = days(&spec, 1, 3, 20);
        for steps in STEPS_PER_HOUR {
            let fine = days(&spec, steps, 3, 20);
            for (hour, part) in hours.iter().zip(fine.chunks(steps)) {
                let mean = part.iter().sum::<f64>() / steps as f64;
                assert!((mean - hour).abs() < 1e-9 * (1.0 + hour.abs()), "{}: {mean} {hour}", spec.made_of());
            }
        }
    }
}

/// Largest mean over spans of so many minutes, and its place does not matter.
fn peak(kw: &[f64], minutes: usize) -> f64 {
    kw.chunks(minutes).map(|part| part.iter().sum::<f64>() / minutes as f64).fold(0.0, f64::max)
}

/// Against a run of RAMP (rampdemand 0.5.2) with the same nameplate: one home over 60 days 1.054 kWh a day with peaks of 428,
/// 292 and 189 W over 1, 15 and 60 minutes; twenty homes over 15 days 141, 112 and 105 W each. Energy to 4 %; peaks of one
/// home, which are the largest of 60 days of one run, to 20 %, those of twenty to 15 %. Ours are means over 24 runs.
#[test]
fn a_household_peaks_as_a_bottom_up_model_says() {
    assert!((homes(1).appliances.unwrap().nameplate_kw() - 0.508).abs() < 1e-12);
    let seeds = 24;
    let mut wrong = Vec::new();
    for (count, span, theirs, tolerance) in
        [(1, 60, [1.0542, 0.428, 0.2921, 0.1888], 0.2), (20, 15, [1.0525, 0.1409, 0.112, 0.1051], 0.15)]
    {
        let mut ours = [0.0; 4];
        for seed in 0..seeds {
            let kw = days(&homes(count), 60, seed, span);
            let scale = 1.0 / (f64::from(count) * seeds as f64);
            ours[0] += kw.iter().sum::<f64>() / 60.0 / span as f64 * scale;
            for (mean, minutes) in ours[1..].iter_mut().zip([1, 15, 60]) {
                *mean += peak(&kw, minutes) * scale;
            }
        }
        println!("{count}: {ours:?}");
        let tolerances = [0.04, tolerance, tolerance, tolerance];
        let off = |k: usize| (ours[k] / theirs[k] - 1.0).abs() > tolerances[k];
        wrong.extend((0..4).filter(|k| off(*k)).map(|k| (count, k, ours[k], theirs[k])));
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn owners_seasons_and_cycles_count() {
    let mut spec = homes(400);
    let kinds = &mut spec.appliances.as_mut().unwrap().kinds;
    let fan = kinds.get_mut("fan").unwrap();
    (fan.owner_share, fan.day_share) = (0.5, 0.8);
    fan.month_factors = Some((0..12).map(|m| if m == 0 { 0.0 } else { 1.0 }).collect());
    fan.hours_ln_sd = 0.2;
    let fridge = kinds.get_mut("fridge").unwrap();
    (fridge.hours, fridge.cycle_on_minutes, fridge.cycle_off_minutes) = (24.0, Some(20), Some(40));
    let expected = |spec: &LoadSpec, month| spec.appliances.as_ref().unwrap().mean_day_kwh(month) * 400.0;
    let kw = days(&spec, 1, 2, 31 + 28);
    let january = kw[..31 * 24].iter().sum::<f64>() / 31.0;
    let february = kw[31 * 24..].iter().sum::<f64>() / 28.0;
    assert!((january / expected(&spec, 0) - 1.0).abs() < 0.01, "{january}");
    // The owners of this one sample, and hours that windows cut off.
    assert!((february / expected(&spec, 1) - 1.0).abs() < 0.03, "{february}");
    assert!(expected(&spec, 1) > 1.1 * expected(&spec, 0));
}

/// 1 January is a Monday: days 5 and 6 are a weekend, and the week keeps its energy.
#[test]
fn weekends_have_hours_of_their_own() {
    let mut spec = profile();
    let p = spec.profile.as_mut().unwrap();
    p.weekend_weights = Some(vec![0.5; 24]);
    (p.day_ln_sd, p.hour_ln_sd, p.month_weights) = (0.0, 0.0, vec![1.0; 12]);
    let kw = days(&spec, 1, 1, 365 + 7);
    let day = |d: usize| kw[24 * d..24 * d + 24].iter().sum::<f64>();
    assert!((0..7).map(day).sum::<f64>() - 7.0 * 2.8 < 1e-9);
    assert!((day(5) / day(4) - 12.0 / 36.0).abs() < 1e-9 && (day(6) - day(5)).abs() < 1e-12);
    assert_eq!(day(365), day(0));
    assert!((kw[24 * 5] - kw[24 * 5 + 20]).abs() < 1e-12);
}

/// Two 22 kW cars a day on average under 22 kW: sharing serves the energy that losing above a rating of 22 kW would not.
#[test]
fn sharing_keeps_energy_and_limit() {
    let mut spec = sessions();
    spec.sessions.as_mut().unwrap().per_day = 10.0;
    let free = days(&spec, 60, 4, 200);
    let s = spec.sessions.as_mut().unwrap();
    (s.overlap, s.limit_kw, s.sockets) = (Overlap::Shared, Some(22.0), Some(4));
    let mut load = model(&spec, 60, 4);
    let mut kw = vec![0.0; 1440];
    let (mut most, mut sum) = (0.0_f64, 0.0);
    for day in 0..200 {
        load.next_day(day, &mut kw);
        most = kw.iter().copied().fold(most, f64::max);
        sum += kw.iter().sum::<f64>() / 60.0;
    }
    let tally = *load.sessions().unwrap();
    assert!(most <= 22.0 + 1e-9 && free.iter().copied().fold(0.0, f64::max) > 30.0);
    let under_way = tally.wanted_kwh - tally.left_kwh - sum;
    assert!((0.0..150.0).contains(&under_way), "{under_way} {tally:?}");
    assert!(tally.stretched_h > 0.0 && tally.cars > 1800);
}

#[test]
fn a_load_is_one_thing() {
    let told = |spec: &LoadSpec, steps| LoadModel::new(spec, steps, ChaCha8Rng::seed_from_u64(1)).unwrap_err();
    let mut both = profile();
    both.sessions = sessions().sessions;
    assert_eq!(told(&both, 1), LoadError::Kind);
    assert_eq!(told(&LoadSpec::default(), 1), LoadError::Kind);
    assert_eq!(told(&profile(), 3), LoadError::Steps { found: 3 });
    let mut short = profile();
    short.profile.as_mut().unwrap().hour_weights.pop();
    assert!(matches!(told(&short, 1), LoadError::Length { found: 23, .. }));
    let mut limited = sessions();
    limited.sessions.as_mut().unwrap().limit_kw = Some(22.0);
    assert_eq!(told(&limited, 1), LoadError::Limit);
    let mut full = homes(1);
    full.appliances.as_mut().unwrap().kinds.get_mut("tv").unwrap().hours = 8.5;
    assert_eq!(told(&full, 1), LoadError::Value { field: "hours", value: 8.5 });
    let events = LoadSpec { bus: LoadBus::Dc, events: Some(EventsSpec { critical_kw: 3.0 }), ..LoadSpec::default() };
    assert_eq!(model(&events, 1, 1).bus(), LoadBus::Dc);
    assert_eq!(days(&events, 4, 1, 1), [3.0; 96]);
}

#[test]
fn a_table_has_its_faults_told() {
    let rows = |value: &str, count: usize| format!("{value}\n").repeat(count);
    let table = FileSpec::parse(&format!("# own\nhour,load_w\n{}", rows("1,250", 8760))).unwrap();
    assert_eq!(days(&LoadSpec { file: Some(table), ..LoadSpec::default() }, 2, 1, 1), [0.25; 48]);
    let quarter = FileSpec::parse(&format!("load_kw\n{}", rows("2\n4\n6\n8", 8760))).unwrap();
    assert_eq!(quarter.load_kw.rows_per_hour(), 4);
    assert_eq!(days(&LoadSpec { file: Some(quarter), ..LoadSpec::default() }, 2, 1, 1)[..2], [3.0, 7.0]);
    let told = |text: &str| FileSpec::parse(text).unwrap_err().to_string();
    insta::assert_snapshot!([
        told("power\n1\n"),
        told("load_kw,load_w\n1,2\n"),
        told("load_kw\n1\nlots\n"),
        told("load_kw\n1\n-2\n"),
        told(&format!("load_kw\n{}", rows("1", 8784))),
        told("load_kw,b\n1,2\n3\n"),
    ].join("\n"), @r"
    line 1, column `load_kw`: is missing, and so is `load_w`
    line 1, column `load_kw`: and `load_w` are both there: keep one of them
    line 3, column `load_kw`: `lots` is not a number
    line 3, column `load_kw`: -2 is outside the allowed range 0 to 1000000
    there are 8784 rows of values: a year takes 8760, or a multiple of it for steps below the hour
    line 3, CSV error: record 2 (line: 3, byte: 14): found record with 1 fields, but the previous record has 2 fields
    ");
}
