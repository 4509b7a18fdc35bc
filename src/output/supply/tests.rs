//! Tests of tables and summary of projections.

use super::*;
use crate::output::{Frame, Values};
use crate::supply::{Quantity, SupplyPlan, SupplyResult};

fn studies() -> [(SupplyPlan, SupplyResult); 3] {
    [sample::world(), sample::plain(), sample::empty()]
}

fn frame<'a>(frames: &'a [Frame], name: &str) -> &'a Frame {
    frames.iter().find(|f| f.name == name).unwrap()
}

#[test]
fn tables_are_whole_finite_and_documented() {
    for (plan, result) in studies() {
        let frames = frames(&plan, &result);
        assert_eq!(frames.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), FRAMES);
        for frame in &frames {
            frame.check().unwrap();
            assert!(!frame.doc.is_empty());
            for column in &frame.columns {
                assert!(!column.doc.is_empty() && column.doc.trim() == column.doc, "{}", column.name);
                if let Values::Real(values) = &column.values {
                    assert!(values.iter().flatten().all(|x| x.is_finite()), "{}.{}", frame.name, column.name);
                }
                let suffix = match column.unit.split([' ', '/']).next() {
                    Some("GWh") => "_gwh",
                    Some("kt") => "_kt",
                    Some("million") => "_musd",
                    _ => "",
                };
                assert!(
                    column.name.ends_with(suffix) || column.name.contains("co2"),
                    "{} in {}",
                    column.name,
                    column.unit
                );
            }
        }
    }
}

#[test]
fn rows_of_the_tables() {
    let (plan, result) = sample::world();
    let frames = frames(&plan, &result);
    let rows: Vec<(&str, usize)> = frames.iter().map(|f| (f.name.as_str(), f.rows())).collect();
    insta::assert_debug_snapshot!(rows);
    let first = |frame: &Frame| -> Vec<String> {
        let text = |c: &crate::output::Column| match &c.values {
            Values::Real(v) => format!("{}: {:.6?}", c.name, v.first().copied().flatten()),
            Values::Whole(v) => format!("{}: {:?}", c.name, v.first().copied().flatten()),
            Values::Text(v) => format!("{}: {:?}", c.name, v.first().cloned().flatten()),
        };
        frame.columns.iter().map(text).collect()
    };
    let firsts: Vec<(&str, Vec<String>)> =
        frames.iter().filter(|f| f.name != "supply").map(|f| (f.name.as_str(), first(f))).collect();
    insta::assert_debug_snapshot!(firsts);
}

/// Sums over groups, regions and cohorts are the same numbers.
#[test]
fn tables_agree_with_one_another() {
    let (plan, result) = sample::world();
    let frames = frames(&plan, &result);
    let (supply, bands) = (frame(&frames, "supply"), frame(&frames, "bands"));
    let retired = supply.sum("retired_gwh");
    assert!(retired > 1e3);
    let close = |a: f64, b: f64, what: &str| assert!((a - b).abs() < 1e-9 * b.abs(), "{what}: {a} {b}");
    close(frame(&frames, "cohorts").sum("retired_gwh"), retired, "cohorts");
    let rows = bands.text("region").iter().zip(bands.text("quantity")).zip(bands.real("central"));
    let of_all = rows.filter(|((r, q), _)| r.as_deref() == Some("all") && q.as_deref() == Some("retired_gwh"));
    close(of_all.map(|(_, x)| x.unwrap()).sum(), retired, "bands");
    let flows = frame(&frames, "flows_of_year");
    let into = |end: &str| -> f64 {
        let rows = flows.text("region").iter().zip(flows.text("to")).zip(flows.real("flow_gwh"));
        rows.filter(|((r, to), _)| r.as_deref() == Some("all") && to.as_deref() == Some(end))
            .map(|(_, x)| x.unwrap())
            .sum()
    };
    close(into("retired"), retired, "flows into retired");
    close(into("collected"), supply.sum("collected_gwh"), "flows into collected");
    close(into("recycled"), supply.sum("recycled_gwh") + supply.sum("scrap_gwh"), "flows into recycled");
    for column in ["vehicles_open_gwh", "causes_open_gwh", "ways_open_gwh", "after_open_gwh", "mass_open_kt"] {
        let open = frame(&frames, "balance").real(column);
        assert!(open.iter().flatten().all(|x| x.abs() < 1e-9), "{column}");
    }
}

/// Books that do not close are seen: a GWh that vanishes is open in the table.
#[test]
fn the_balance_finds_what_is_lost() {
    let (plan, mut result) = sample::world();
    result.central.of_mut(Quantity::Recycled, 0)[20] -= 1.0;
    let frames = frames(&plan, &result);
    let balance = frame(&frames, "balance");
    let open: Vec<f64> = balance.real("after_open_gwh").iter().flatten().copied().filter(|x| x.abs() > 1e-9).collect();
    assert_eq!(open.len(), 2, "the region and all");
    assert!(open.iter().all(|x| (x - 1.0).abs() < 1e-9), "{open:?}");
}

#[test]
fn flows_of_each_bar_go_on() {
    let (plan, result) = sample::world();
    let view = view::View::new(&plan, &result);
    for number in 1..plan.years {
        let all = flows::flows(&view, number, view.all());
        for bar in ["retired", "collected"] {
            let into: f64 = all.iter().filter(|f| f.1.name() == bar).map(|f| f.2).sum();
            let out: f64 = all.iter().filter(|f| f.0.name() == bar).map(|f| f.2).sum();
            assert!((into - out).abs() < 1e-9 * into.max(1.0), "{bar} in year {number}: {into} {out}");
        }
    }
}

#[test]
fn places_that_studies_name() {
    let (mut plan, result) = sample::world();
    let place = |plan: &SupplyPlan, name: &str| view::View::new(plan, &result).place_of(name);
    assert_eq!([place(&plan, "China"), place(&plan, "Rest of World"), place(&plan, "EU-27")], [Some(0), Some(2), None]);
    assert_eq!(place(&plan, "World"), Some(3));
    // Without its rest the regions are not the world.
    plan.regions[2] = "india".into();
    assert_eq!(place(&plan, "World"), None);
}

#[test]
fn what_others_published_stands_beside_ours() {
    let (plan, result) = sample::world();
    let frames = frames(&plan, &result);
    let published = frame(&frames, "projections");
    assert_eq!(published.rows(), plan.projections.len());
    let ours = published.real("ours_central_gwh");
    // The EU is none of our regions; a stock of cars and storage together is none of our quantities.
    assert_eq!(ours.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, true, true, true, false, false]);
    let (low, high) = (published.real("ours_p10_gwh")[0].unwrap(), published.real("ours_p90_gwh")[0].unwrap());
    assert!(low < ours[0].unwrap() && ours[0].unwrap() < high);
}

#[test]
fn a_sum_of_years_stands_beside_a_sum() {
    let (mut plan, result) = sample::world();
    let theirs = plan.projections.iter_mut().find(|p| p.quantity.as_deref() == Some("retired_gwh")).unwrap();
    (theirs.from, theirs.year) = (Some(2028), 2030);
    let theirs = theirs.clone();
    let view = view::View::new(&plan, &result);
    let ours = published::beside(&view, &theirs).unwrap();
    let retired = view.central(Quantity::Retired, ours.place);
    let first = view.number_of(2028).unwrap();
    assert_eq!(ours.ours.central, retired[first] + retired[first + 1] + retired[first + 2]);
    assert!(ours.ours.band.is_none(), "quantiles do not add up");
    let early = crate::supply::Projection { from: Some(1990), ..theirs };
    assert!(published::beside(&view, &early).is_none(), "years before the first are not ours");
}

#[test]
fn without_draws_no_band_is_told() {
    let (plan, result) = sample::plain();
    let frames = frames(&plan, &result);
    assert!(frame(&frames, "bands").real("p10").iter().all(Option::is_none));
    assert!(frame(&frames, "drivers").real("rank_correlation").iter().all(Option::is_none));
    let summary = Summary::of(&plan, &result);
    assert!(summary.years.iter().all(|y| y.retired_gwh.band.is_none()));
    assert!(summary.headline.contains("no uncertainty is told") && !summary.text().contains("P10 to P90"));
}

#[test]
fn summary_of_a_projection() {
    let (plan, result) = sample::world();
    let summary = Summary::of(&plan, &result);
    let text = summary.text();
    assert!(text.lines().count() <= 50 && text.lines().skip(1).take(20).all(|l| l.chars().count() <= 130));
    assert!(text.lines().next().unwrap().ends_with(&summary.headline));
    insta::assert_snapshot!(text);
}

#[test]
fn summaries_of_other_projections() {
    for (plan, result) in [sample::plain(), sample::empty()] {
        let summary = Summary::of(&plan, &result);
        assert!(!summary.text().contains("NaN") && !summary.text().contains("inf "), "{}", summary.text());
        let json = serde_json::to_value(&summary).unwrap();
        assert!(json["asked"]["wanted_gwh"].is_null());
    }
    insta::assert_snapshot!(Summary::of(&sample::plain().0, &sample::plain().1).text());
}

/// A year outside the projection is said, not guessed.
#[test]
fn a_question_of_another_year() {
    let (mut plan, result) = sample::world();
    plan.question.as_mut().unwrap().year = 2080;
    let summary = Summary::of(&plan, &result);
    assert_eq!(summary.asked.supply_gwh, None);
    assert!(summary.headline.contains("2080"));
}
