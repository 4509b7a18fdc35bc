//! Tests of figures and report.

use super::*;
use crate::monte::{PackRow, StudySummary};
use crate::output::{Summary, Tables, decision, sample};

fn tables(rows: &[PackRow]) -> Tables {
    with_decision(Tables::of(rows, &sample::study(rows), 42))
}

/// With made-up values of reuse and recycling, where there are packs.
fn with_decision(tables: Tables) -> Tables {
    let lived = tables.packs.text("status").iter().any(|s| s.as_deref() == Some("ok"));
    let cases = if lived { sample::decision() } else { Vec::new() };
    Tables { decision: decision(&cases), ..tables }
}

fn check(figures: &[Figure]) {
    assert_eq!(figures.len(), 10);
    for f in figures {
        sound(f);
    }
}

/// A whole picture without numbers that are none, without small print, with a caption of sentences.
pub(super) fn sound(f: &Figure) {
    assert!(f.svg.starts_with("<svg ") && f.svg.trim_end().ends_with("</svg>"), "{}", f.file);
    assert!(f.svg.contains("viewBox=\"0 0 3840 2160\" role=\"img\""));
    assert!(f.svg.contains("<title>") && !f.svg.contains("NaN") && !f.svg.contains("inf"), "{}", f.file);
    assert_eq!(f.svg.matches("<svg").count(), 1);
    assert!(!f.caption.contains("NaN") && f.caption.ends_with('.'), "{}", f.caption);
    well_formed(&f.svg, f.file);
    for part in f.svg.split("font-size=\"").skip(1) {
        let size: f64 = part.split('"').next().unwrap().parse().unwrap();
        assert!(size >= 55.9, "{} of 56 in {}", size, f.file);
    }
}

/// Every element is closed in its order, and no text holds a bare mark of markup.
fn well_formed(xml: &str, file: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "{file}: {text}");
        for entity in text.split('&').skip(1) {
            assert!(entity.split(';').next().is_some_and(|e| e.len() < 6), "{file}: {entity}");
        }
        let end = at + rest[at..].find('>').unwrap_or_else(|| panic!("{file}: an open mark"));
        let tag = &rest[at + 1..end];
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{file}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{file}: {tag}");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{file}: {open:?}");
}

#[test]
fn figures_of_a_study() {
    let rows = sample::rows(3_000);
    let tables = tables(&rows);
    let figures = figures(&tables);
    check(&figures);
    assert!(figures.iter().all(|f| !f.svg.contains("no data")));
    // Exits: an area and a bar for each of the six routes of the sample, with a ringed median.
    let exits = &figures[2].svg;
    assert_eq!((exits.matches("<polygon").count(), exits.matches("<circle").count()), (6, 12));
    if let Ok(folder) = std::env::var("PACKLIFE_FIGURES") {
        let folder = std::path::Path::new(&folder);
        std::fs::create_dir_all(folder).unwrap();
        figures.iter().for_each(|f| std::fs::write(folder.join(f.file), &f.svg).unwrap());
        let summary = Summary::of(&tables);
        std::fs::write(folder.join("report.html"), page(&summary, &figures, "seed = 42\n")).unwrap();
    }
}

#[test]
fn figures_of_odd_studies() {
    let failed = vec![PackRow::Failed(sample::failure(0)), PackRow::Failed(sample::failure(1))];
    let mut one = sample::pack(1);
    one.systems.truncate(1);
    let mut none = sample::pack(2);
    none.systems.clear();
    let mut zero = sample::pack(3);
    zero.first.years = 0.0;
    zero.first.socket_kwh = 0.0;
    zero.first.monthly.truncate(1);
    zero.recycling.mass_kg = 0.0;
    for system in &mut zero.systems {
        system.years = 0.0;
        system.by_year.clear();
        system.monthly.truncate(1);
    }
    let done = |p| vec![PackRow::Done(Box::new(p))];
    let cases =
        [("empty", vec![]), ("failed", failed), ("one", done(one)), ("no_system", done(none)), ("zero", done(zero))];
    for (name, rows) in cases {
        let figures = figures(&tables(&rows));
        check(&figures);
        if name == "empty" || name == "failed" {
            assert!(figures.iter().all(|f| f.svg.contains("no data")), "{name}");
        }
        if let Ok(folder) = std::env::var("PACKLIFE_FIGURES") {
            let folder = std::path::Path::new(&folder).join(name);
            std::fs::create_dir_all(&folder).unwrap();
            figures.iter().for_each(|f| std::fs::write(folder.join(f.file), &f.svg).unwrap());
        }
    }
    check(&figures(&Tables::default()));
    check(&figures(&Tables::of(&sample::rows(3), &StudySummary::default(), 1)));
}

fn page(summary: &Summary, figures: &[Figure], scenario: &str) -> String {
    let provenance = [
        ProvenanceRow {
            path: "pack.capacity_ah".into(),
            value: "66 Ah".into(),
            origin: "library".into(),
            source: "<script>alert(1)</script>".into(),
            assumed: false,
        },
        ProvenanceRow {
            path: "prices.core".into(),
            value: "40 USD/kWh".into(),
            origin: "scenario".into(),
            source: String::new(),
            assumed: true,
        },
    ];
    html(&ReportInput {
        title: "A \"pack\" & its <script>life</script>",
        summary,
        figures,
        scenario_toml: scenario,
        provenance: &provenance,
        warnings: &["<script>warn</script>".into()],
        version: "0.1.0",
        seed: 42,
    })
}

#[test]
fn report_escapes_all_texts_and_needs_no_network() {
    let mut rows = sample::rows(60);
    if let PackRow::Failed(f) = &mut rows[49] {
        f.stage = "<script>stage</script>";
    }
    let tables = tables(&rows);
    let html = page(&Summary::of(&tables), &figures(&tables), "title = \"<script>evil</script>\"\n");
    assert!(!html.contains("<script"));
    assert!(html.contains("&lt;script&gt;evil&lt;/script&gt;"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(html.contains("&lt;script&gt;stage&lt;/script&gt;"));
    assert!(html.contains("1 of 60 packs failed"));
    assert!(html.contains("1 of 2 values are assumed"));
    let links = html.matches("http").count() - html.matches("http://www.w3.org/2000/svg").count();
    assert_eq!(links, 0);
    assert_eq!(html.matches("<svg").count(), 10);
}

#[test]
fn report_of_failures_only() {
    let rows = [PackRow::Failed(sample::failure(0))];
    let tables = tables(&rows);
    let html = page(&Summary::of(&tables), &figures(&tables), "");
    assert!(html.contains("None of 1 packs lived a life to the end."));
}
