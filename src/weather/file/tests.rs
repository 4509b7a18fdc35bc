//! Small generated files in each format: what is read, and what is told.

use proptest::prelude::*;

use super::*;
use crate::weather::year::{HOURS_PER_YEAR, MONTH_DAYS, months};

/// A place in the tropics with a simple clear year.
fn site() -> ClimateSpec {
    ClimateSpec {
        title: "test".into(),
        latitude_deg: 20.0,
        longitude_deg: 75.0,
        utc_offset_h: 5.0,
        altitude_m: None,
        linke_turbidity: None,
        temperature_c: [20.0; 12],
        daily_range_k: [10.0; 12],
        day_sd_k: [2.0; 12],
        day_lag1: 0.7,
        ghi_kwh_per_m2_day: [5.0; 12],
        clearness_rel_sd: [0.1; 12],
        clearness_lag1: 0.4,
    }
}

/// Hour `k` of a year: temperature, global, beam, diffuse. Whole numbers, so that every format can say them.
fn hour(k: usize) -> [f64; 4] {
    let sun = SunDay::new(20.0, 75.0, 5.0, k / 24);
    let cos = sun.mean_cos_zenith(k % 24);
    let ghi = (800.0 * cos).round();
    let dni = if cos > 0.1 { 600.0 } else { 0.0 };
    [(k % 24) as f64 + (k / 24 % 7) as f64, ghi, dni, (ghi - dni * cos).clamp(0.0, ghi).round()]
}

fn date(k: usize) -> (usize, usize, usize) {
    let day = k / 24 % 365;
    let month = months().iter().position(|m| m.contains(&day)).unwrap();
    (month + 1, day - months()[month].start + 1, k % 24)
}

const EPW_HEAD: &str = "LOCATION,Test,-,IND,own,0,20.0,75.0,5.0,300\nDESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\n\
    GROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,\"a, b\"\nCOMMENTS 2,\n\
    DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n";

fn epw(value: impl Fn(usize) -> [String; 4]) -> String {
    let mut text = EPW_HEAD.to_owned();
    for k in 0..HOURS_PER_YEAR {
        let ((month, day, hour), [t, ghi, dni, dhi]) = (date(k), value(k));
        text += &format!(
            "1999,{month},{day},{},0,flags,{t},10,50,97000,0,0,300,{ghi},{dni},{dhi},0,0,0,0,90,2\n",
            hour + 1
        );
    }
    text
}

fn tmy3() -> String {
    let mut text = "722780,\"TEST, PLACE\",AZ,5.0,20.0,75.0,300\n\
        Date (MM/DD/YYYY),Time (HH:MM),ETR (W/m^2),GHI (W/m^2),GHI source,DNI (W/m^2),DHI (W/m^2),Dry-bulb (C)\n"
        .to_owned();
    for k in 0..HOURS_PER_YEAR {
        let ((month, day, hour), [t, ghi, dni, dhi]) = (date(k), self::hour(k));
        text += &format!("{month:02}/{day:02}/{},{:02}:00,0,{ghi},1,{dni},{dhi},{t}\n", 1980 + month, hour + 1);
    }
    text
}

/// Rows of half hours, with a leap day and the year after it.
fn nsrdb() -> String {
    let mut text = "Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation,Local Time Zone\r\n\
        NSRDB,1,-,-,-,20.0,75.0,5,300,5\r\nYear,Month,Day,Hour,Minute,DHI,DNI,GHI,Wind Speed,Temperature\r\n"
        .to_owned();
    for year in [2020, 2021] {
        for k in 0..HOURS_PER_YEAR {
            let ((month, day, hour), [t, ghi, dni, dhi]) = (date(k), self::hour(k));
            if year == 2020 && (month, day, hour) == (3, 1, 0) {
                (0..48).for_each(|n| text += &format!("2020,2,29,{},{},1,1,1,1,1\r\n", n / 2, n % 2 * 30));
            }
            for (minute, more) in [(0, 1.0), (30, -1.0)] {
                text += &format!("{year},{month},{day},{hour},{minute},{dhi},{dni},{ghi},2,{}\r\n", t + more);
            }
        }
    }
    text
}

fn plain(columns: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    (0..rows).fold(format!("# own station\n{columns}\n"), |text, k| text + &row(k) + "\n")
}

fn read(text: &str) -> WeatherFile {
    WeatherFile::parse(text)
        .unwrap_or_else(|told| panic!("{}", told.iter().map(|p| format!("{p}\n")).collect::<String>()))
}

fn told(text: &str) -> String {
    let problems = WeatherFile::parse(text).expect_err("problems");
    problems.iter().map(|p| format!("{p}\n")).collect()
}

fn check(file: &WeatherFile, format: WeatherFormat, years: usize) {
    assert_eq!((file.format, file.len()), (format, years));
    for year in file.years(&site()).unwrap() {
        for k in 0..HOURS_PER_YEAR {
            let found = [year.temperature_c[k], year.ghi_w_m2[k], year.dni_w_m2[k], year.dhi_w_m2[k]];
            assert_eq!(found, hour(k), "hour {k}");
        }
    }
}

#[test]
fn the_formats_say_the_same() {
    let epw = read(&epw(|k| hour(k).map(|x| x.to_string())));
    let (tmy3, nsrdb) = (read(&tmy3()), read(&nsrdb()));
    for (file, format, years) in
        [(&epw, WeatherFormat::Epw, 1), (&tmy3, WeatherFormat::Tmy3, 1), (&nsrdb, WeatherFormat::Nsrdb, 2)]
    {
        check(file, format, years);
        let place = file.moved(&ClimateSpec { latitude_deg: 50.0, longitude_deg: 0.0, utc_offset_h: 0.0, ..site() });
        assert_eq!((place.latitude_deg, place.longitude_deg, place.utc_offset_h), (20.0, 75.0, 5.0));
        assert_eq!(place.altitude_m, Some(300.0));
    }
    let columns = "ghi_w_m2,dni_w_m2,temperature_c,dhi_w_m2,wind_m_s";
    let row = |k: usize| {
        let [t, ghi, dni, dhi] = hour(k % HOURS_PER_YEAR);
        format!("{ghi},{dni},{t},{dhi},3")
    };
    check(&read(&plain(columns, 3 * HOURS_PER_YEAR, row)), WeatherFormat::Plain, 3);
    // A leap year without times.
    let leap = |k: usize| row(if k < 60 * 24 { k } else { k - 24 });
    check(&read(&plain(columns, HOURS_PER_YEAR + 24, leap)), WeatherFormat::Plain, 1);
    assert!(read(&plain(columns, HOURS_PER_YEAR, row)).place.is_none());
}

#[test]
fn quarters_of_an_hour_become_hours() {
    let row = |n: usize| {
        let (month, day, hour) = date(n / 4);
        let [t, ghi, dni, dhi] = self::hour(n / 4);
        let add = [-3.0, -1.0, 1.0, 3.0][n % 4];
        let ghi = if ghi > 5.0 { ghi + add } else { ghi };
        format!("2021-{month:02}-{day:02}T{hour:02}:{:02},{ghi},{dni},{dhi},{}", n % 4 * 15, t + add)
    };
    let text = plain("time,ghi_w_m2,dni_w_m2,dhi_w_m2,temperature_c", 4 * HOURS_PER_YEAR, row);
    check(&read(&text), WeatherFormat::Plain, 1);
}

#[test]
fn what_is_missing_is_worked_out() {
    let row = |k: usize| hour(k).map(|x| x.to_string());
    let columns = |names: &str, pick: &[usize]| {
        let line = |k: usize| pick.iter().map(|n| row(k)[*n].clone()).collect::<Vec<_>>().join(",");
        read(&plain(names, HOURS_PER_YEAR, line)).years(&site()).unwrap().remove(0)
    };
    let both = columns("temperature_c,ghi_w_m2,dni_w_m2,dhi_w_m2", &[0, 1, 2, 3]);
    let diffuse = columns("temperature_c,ghi_w_m2,dhi_w_m2", &[0, 1, 3]);
    let beam = columns("temperature_c,ghi_w_m2,dni_w_m2", &[0, 1, 2]);
    let neither = columns("temperature_c,ghi_w_m2", &[0, 1]);
    for k in 0..HOURS_PER_YEAR {
        let cos = SunDay::new(20.0, 75.0, 5.0, k / 24).mean_cos_zenith(k % 24);
        if cos > 0.12 {
            assert!((diffuse.dni_w_m2[k] - both.dni_w_m2[k]).abs() < 0.6 / cos, "{k}");
            assert!((beam.dhi_w_m2[k] - both.dhi_w_m2[k]).abs() < 0.6, "{k}");
        }
        assert!((neither.dni_w_m2[k] * cos + neither.dhi_w_m2[k] - neither.ghi_w_m2[k]).abs() < 1e-9);
    }
    // A column of marks alone is no column.
    let marked = epw(|k| [row(k)[0].clone(), row(k)[1].clone(), "9999".into(), "9999".into()]);
    assert_eq!(read(&marked).years(&site()).unwrap().remove(0), neither);
}

#[test]
fn problems_are_told_with_their_place() {
    let row = |k: usize| hour(k).map(|x| x.to_string());
    let epw_with = |at: usize, values: [&str; 4]| epw(|k| if k == at { values.map(str::to_owned) } else { row(k) });
    let columns = "time,ghi_w_m2,temperature_c";
    let timed = |k: usize| {
        let (month, day, hour) = date(k);
        format!("2021-{month:02}-{day:02} {hour:02}:00,0,20")
    };
    let utc = nsrdb().replacen("75.0,5,300,5", "75.0,0,300,5", 1);
    let texts = [
        "time,sun,heat\n1,2,3\n".to_owned(),
        String::new(),
        "ghi_w_m2,temprature_c\n0,20\n".into(),
        "ghi_w_m2\n0\n".into(),
        epw_with(12, ["99.9", "9999", "600", ""]),
        epw_with(12, ["61", "-1", "1501", "much"]),
        epw(|_| ["99.9".into(), "0".into(), "0".into(), "0".into()]),
        EPW_HEAD.replace("20.0,75.0", "north,75.0"),
        EPW_HEAD.to_owned(),
        plain(columns, 100, timed),
        plain(columns, HOURS_PER_YEAR, |k| timed(if k < 50 { k } else { k + 1 })),
        plain(columns, HOURS_PER_YEAR, |k| timed(k).replace("01 03:00", "01 3 h")),
        plain("time,ghi_w_m2,temperature_c", 8, |k| timed(6 * k)),
        plain("ghi_w_m2,temperature_c", 8000, |_| "0,20".into()),
        plain("ghi_w_m2,temperature_c", 3, |_| "0".into()),
        utc,
    ];
    insta::assert_snapshot!(texts.iter().map(|text| told(text)).collect::<Vec<_>>().join("---\n"));
}

#[test]
fn sun_at_night_is_told() {
    let file = read(&tmy3());
    let elsewhere = ClimateSpec { longitude_deg: -60.0, ..site() };
    let Err(WeatherFault::SunAtNight { share }) = file.years(&elsewhere) else { panic!("not told") };
    assert!(share > 0.5);
    assert!(file.years(&ClimateSpec { longitude_deg: 74.0, ..site() }).is_ok());
}

#[test]
fn every_month_has_its_days() {
    assert_eq!(MONTH_DAYS.iter().sum::<usize>() * 24, HOURS_PER_YEAR);
    assert_eq!((date(0), date(59 * 24 + 5), date(HOURS_PER_YEAR - 1)), ((1, 1, 0), (3, 1, 5), (12, 31, 23)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing a file may hold makes the reader panic.
    #[test]
    fn any_text_is_read(text in "(LOCATION,|a\nDate \\(MM/DD/YYYY\\),|Latitude,Longitude,Time Zone,Elevation\n|time,ghi_w_m2,temperature_c\n)?[-,.:/0-9a-z\" \n]{0,80}") {
        if let Err(told) = WeatherFile::parse(&text) {
            prop_assert!(!told.is_empty() && told.iter().all(|p| p.span.end <= text.len() && p.line > 0));
        }
    }
}
