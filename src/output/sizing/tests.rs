//! Tests of tables and summary of sizing studies.

use super::sample;
use super::*;
use crate::output::Values;
use crate::sizing::SizingResult;

fn studies() -> [SizingResult; 4] {
    [sample::home(), sample::weak_grid(), sample::infeasible(), sample::empty()]
}

#[test]
fn tables_are_whole_finite_and_documented() {
    for result in studies() {
        let frames = frames(&result);
        assert_eq!(frames.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), FRAMES);
        for frame in &frames {
            frame.check().unwrap();
            assert!(!frame.doc.is_empty());
            for column in &frame.columns {
                assert!(!column.doc.is_empty(), "{}", column.name);
                if let Values::Real(values) = &column.values {
                    assert!(values.iter().flatten().all(|x| x.is_finite()), "{}.{}", frame.name, column.name);
                }
                let suffixes =
                    [("kWh", "_kwh"), ("kW", "_kw"), ("USD", "_usd"), ("degC", "_c"), ("USD/kWh", "_usd_per_kwh")];
                if let Some((_, suffix)) = suffixes.iter().find(|s| s.0 == column.unit) {
                    assert!(column.name.ends_with(suffix), "{} in {}", column.name, column.unit);
                }
            }
        }
    }
}

#[test]
fn rows_of_the_tables() {
    let result = sample::home();
    let frames = frames(&result);
    let rows: Vec<usize> = frames.iter().map(|f| f.rows()).collect();
    assert_eq!(rows, [112, 8, 24, 48, 120, 168, 504, 24, 4, 7, 60]);
    let chosen: Vec<usize> = frames[0]
        .text("chosen")
        .iter()
        .enumerate()
        .filter(|(_, w)| w.as_deref() == Some("yes"))
        .map(|(k, _)| k)
        .collect();
    assert_eq!(chosen, [result.chosen.unwrap()]);
    assert!((frames[4].sum("share") - 1.0).abs() < 1e-12);
    assert!((frames[4].sum("hours_per_year") - 8760.0).abs() < 1e-6);
    // Without a grid nothing is said of its outages.
    assert!(frames[1].real("outages_grid").iter().all(Option::is_none));
    assert!(frames[1].real("lpsp_mean").iter().all(Option::is_some));
    // Months and hours of a year hold the same energy as the year.
    let of_months: f64 = frames[2].real("demand_kwh")[..12].iter().flatten().sum();
    let of_hours: f64 = frames[3].real("demand_kwh")[..24].iter().flatten().sum();
    let of_year = frames[1].real("demand_kwh")[0].unwrap();
    assert!((of_months - of_year).abs() < 1e-6 && (of_hours - of_year).abs() < 1e-6);
}

#[test]
fn outages_of_a_weak_grid_are_told_before_and_after() {
    let years = &frames(&sample::weak_grid())[1];
    let (grid, load) = (years.real("outage_hours_grid"), years.real("outage_hours_load"));
    assert!(!grid.is_empty() && grid.iter().zip(load).all(|(g, l)| g.unwrap() > l.unwrap()));
}

/// What a study cannot say is an empty field, never a number that is none.
#[test]
fn what_is_not_finite_is_missing() {
    let mut result = sample::home();
    result.designs[0].money.lcos_usd_per_kwh.mean = f64::NAN;
    result.detail.paths[0].lcos_usd_per_kwh = f64::INFINITY;
    result.detail.plain_lpsp[1] = f64::NAN;
    let frames = frames(&result);
    assert_eq!(frames[0].real("lcos_mean_usd_per_kwh")[0], None);
    assert_eq!(frames[7].real("lcos_usd_per_kwh")[0], None);
    let json = serde_json::to_value(Summary::of(&result)).unwrap();
    assert!(json["plain_lpsp"][1].is_null());
}

#[test]
fn summary_of_a_study() {
    let result = sample::home();
    let text = Summary::of(&result).text();
    assert!(text.lines().count() <= 45);
    assert!(text.lines().next().unwrap().ends_with(&result.headline));
    insta::assert_snapshot!(text);
}

#[test]
fn summary_of_an_infeasible_study() {
    let text = Summary::of(&sample::infeasible()).text();
    assert!(text.lines().count() <= 45);
    insta::assert_snapshot!(text);
}

#[test]
fn summaries_of_other_studies() {
    let weak = Summary::of(&sample::weak_grid());
    assert!(weak.text().contains("outages") && weak.text().contains("genset"));
    assert!(weak.text().lines().count() <= 50 && weak.text().contains("1.00 kW (grid) 4.60 h"), "{}", weak.text());
    assert!(weak.text().contains("break-even 1.90 USD a day on 200 days a year; 0.540 USD a session"));
    assert_eq!(weak.charging.sessions.map(|s| s.lost_to_overlap), Some(0.012));
    let empty = Summary::of(&sample::empty());
    assert_eq!((empty.lpsp_last, empty.kwh, empty.temperature_c), (None, None, None));
    for study in [weak, empty] {
        assert!(!study.text().contains("NaN") && !study.text().contains("inf "));
        serde_json::to_string(&study).unwrap();
    }
}
