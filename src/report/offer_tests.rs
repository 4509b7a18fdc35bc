//! Tests of the offer.

use super::*;
use crate::monte::{PackRow, StudySummary};
use crate::output::{Summary, Tables, sample};

fn facts() -> OfferFacts {
    OfferFacts {
        study: "A sample".into(),
        product: "Home unit, 16 kWh".into(),
        vehicle: "Some car 60 kWh".into(),
        chemistry: "lfp".into(),
        modules: 8,
        module_kwh: 2.5,
        topology: "series".into(),
        rated_power_kw: 3.0,
        pv_kw: 4.5,
        load: "A home".into(),
        place: "Somewhere".into(),
        gate: "Customary reasons".into(),
        tests: vec![OfferTest {
            name: "capacity".into(),
            title: "Full charge and discharge".into(),
            soh_sd: 0.01,
            resistance_sd: 0.05,
        }],
        accept_soh_min: 0.7,
        accept_resistance_max: 2.0,
        grade_soh_min: [0.85, 0.75],
        end_soh_min: 0.55,
        end_resistance_max: 2.5,
        end_unmet_share_max: 0.05,
        years_max: 20.0,
        prices: "Some prices".into(),
        price_year: 2023,
        sale_usd_per_kwh: 90.0,
        route: "Mechanical and hydrometallurgical".into(),
        law: "A field law".into(),
        assumed: 12,
        version: "0.1.0".into(),
        seed: 42,
        ..OfferFacts::default()
    }
}

fn page(facts: &OfferFacts, rows: &[PackRow]) -> String {
    let tables = Tables::of(rows, &sample::study(rows), 42);
    offer(&OfferInput { facts, summary: &Summary::of(&tables), tables: &tables })
}

/// The words of a page, a line for each block.
fn words(page: &str) -> String {
    let body = page.split("<main").nth(1).unwrap();
    let mut text = String::new();
    for part in body.split('<').skip(1) {
        let (tag, words) = part.split_once('>').unwrap();
        if ["tr", "/tr", "h2", "section", "p", "figure", "svg", "title"]
            .iter()
            .any(|t| tag == *t || tag.starts_with(&format!("{t} ")))
        {
            text.push('\n');
        } else if !words.is_empty() {
            text.push(' ');
        }
        text.push_str(words);
    }
    text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn words_of_the_offer_of_a_sample() {
    insta::assert_snapshot!(words(&page(&facts(), &sample::rows(200))));
}

#[test]
fn offer_escapes_all_texts_and_needs_no_network() {
    let evil = || "<script src=\"http://x\">'&".to_owned();
    let mut facts = OfferFacts {
        study: evil(),
        product: evil(),
        vehicle: evil(),
        chemistry: evil(),
        topology: evil(),
        load: evil(),
        place: evil(),
        gate: evil(),
        prices: evil(),
        route: evil(),
        targets: Some(evil()),
        law: evil(),
        records: Some(evil()),
        version: evil(),
        ..facts()
    };
    facts.tests[0].title = evil();
    let page = page(&facts, &sample::rows(60));
    assert!(!page.contains("<script") && !page.contains("<SCRIPT"));
    for outside in ["src=\"", "href=", "url(", "@import", "<link", "<img"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("&lt;script src=&quot;http://x&quot;&gt;&#39;&amp;"));
    assert!(page.contains("@page { size: A4"));
    assert_eq!(page.matches("<svg").count(), 3);
    assert!(!page.contains("NaN") && !page.contains("inf "));
}

#[test]
fn long_names_are_cut() {
    let facts = OfferFacts { product: "long ".repeat(200), ..facts() };
    let page = page(&facts, &sample::rows(20));
    assert!(page.contains("long long\u{2026}</h1>"), "{page}");
}

/// Nine systems in ten: of ten systems one may fall short, of nine none.
#[test]
fn the_warranty_is_the_largest_whole_year_that_nine_in_ten_reach() {
    let mut rows = Vec::new();
    for id in 0..10 {
        let mut pack = sample::pack(id);
        let mut system = sample::rows(60).into_iter().find_map(|row| match row {
            PackRow::Done(p) => p.systems.first().cloned(),
            PackRow::Failed(_) => None,
        });
        let one = system.as_mut().unwrap();
        (one.years, one.share) = (if id == 0 { 2.0 } else { 6.9 + 0.2 * id as f64 }, 1.0);
        pack.systems = vec![system.unwrap()];
        rows.push(PackRow::Done(Box::new(pack)));
    }
    // The second shortest lives 7.1 years.
    assert!(page(&facts(), &rows).contains("<b>7 years, SoH of "));
    assert!(page(&facts(), &rows[..9]).contains("<b>2 years, SoH of "));
}

#[test]
fn offers_without_systems_say_what_is_missing() {
    let mut none = sample::pack(2);
    none.systems.clear();
    let done = vec![PackRow::Done(Box::new(none))];
    let failed = vec![PackRow::Failed(sample::failure(0))];
    for (rows, says) in [(done, "No unit was built"), (failed, "No pack lived"), (vec![], "No pack lived")] {
        let page = page(&facts(), &rows);
        assert!(page.contains(says), "{page}");
        assert!(page.contains("Missing: no unit was built.") && !page.contains("NaN"));
    }
    let empty = Tables::default();
    offer(&OfferInput { facts: &OfferFacts::default(), summary: &Summary::of(&empty), tables: &empty });
    let one = sample::rows(3);
    let tables = Tables::of(&one, &StudySummary::default(), 1);
    assert!(
        offer(&OfferInput { facts: &facts(), summary: &Summary::of(&tables), tables: &tables }).contains("no data")
    );
}

/// With several laws the systems of the first alone make the bands.
#[test]
fn several_laws_show_the_first() {
    let mut rows = sample::rows(40);
    let alone = page(&facts(), &rows);
    for row in sample::rows(40) {
        if let PackRow::Done(mut pack) = row {
            pack.law = "another".into();
            pack.systems.iter_mut().for_each(|s| s.years = 1.0);
            rows.push(PackRow::Done(pack));
        }
    }
    let both = page(&facts(), &rows);
    assert!(both.contains("This page shows the first, lfp_field"));
    let keys = |page: &str| {
        page.split("<section class=\"keys\">").nth(1).unwrap().split(" in year").next().unwrap().to_owned()
    };
    assert_eq!(keys(&alone), keys(&both));
}
