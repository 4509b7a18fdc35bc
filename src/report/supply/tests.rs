//! Tests of figures and page of projections.

use super::*;
use crate::output::supply::{Summary, sample};
use crate::report::ProvenanceRow;
use crate::report::tests::sound;
use crate::supply::Quantity;

fn check(figures: &[Figure]) {
    assert_eq!(figures.iter().map(|f| f.file).collect::<Vec<_>>(), FILES);
    figures.iter().for_each(sound);
}

fn page((plan, result): &(SupplyPlan, SupplyResult), figures: &[Figure]) -> String {
    let row = |path: &str, assumed| ProvenanceRow {
        path: path.into(),
        value: "<script>66</script>".into(),
        origin: "library".into(),
        source: "measured & weighed".into(),
        assumed,
    };
    html(&SupplyInput {
        title: "A \"world\" & its <script>scrap</script>",
        plan,
        result,
        summary: &Summary::of(plan, result),
        figures,
        scenario_toml: "name = \"<script>\"\n",
        provenance: &[row("supply.crash_per_year", false), row("prices.module", true)],
        warnings: &["<script>warn</script>".into()],
        version: "0.1.0",
    })
}

#[test]
fn figures_of_projections() {
    let studies = [("world", sample::world(), 0), ("plain", sample::plain(), 1), ("empty", sample::empty(), 8)];
    for (name, study, without_data) in studies {
        let figures = figures(&study.0, &study.1);
        check(&figures);
        assert_eq!(figures.iter().filter(|f| f.svg.contains("no data")).count(), without_data, "{name}");
        if let Ok(folder) = std::env::var("PACKLIFE_FIGURES") {
            let folder = std::path::Path::new(&folder).join(name);
            std::fs::create_dir_all(&folder).unwrap();
            figures.iter().for_each(|f| std::fs::write(folder.join(f.file), &f.svg).unwrap());
            std::fs::write(folder.join("supply.html"), page(&study, &figures)).unwrap();
        }
    }
}

#[test]
fn figures_of_odd_projections() {
    // One year, in which nobody asks anything.
    let (mut plan, mut result) = sample::plain();
    plan.years = 1;
    result.central = crate::supply::Table::new(1, plan.chemistries.len());
    result.central.of_mut(Quantity::Retired, 0)[0] = 3.0;
    result.central.of_mut(Quantity::Offered, 0)[0] = 1.0;
    check(&figures(&plan, &result));
    // A question of a year that is none of the projection.
    let (mut plan, result) = sample::world();
    plan.question.as_mut().unwrap().year = 2099;
    check(&figures(&plan, &result));
    // No Saltelli sample: ranks are shown.
    let (plan, mut result) = sample::world();
    result.drivers.iter_mut().for_each(|d| (d.first_order, d.total) = (None, None));
    let figures = figures(&plan, &result);
    check(&figures);
    // Nor draws: swings, and no correlation of nothing.
    let (mut plain, mut bare) = sample::world();
    (plain.draws, bare.draws) = (0, 0);
    bare.drivers.iter_mut().for_each(|d| (d.first_order, d.total, d.rank_correlation) = (None, None, None));
    let swings = variance::variance(&View::new(&plain, &bare));
    assert!(swings.caption.contains("the swing of each parameter") && !swings.svg.contains("rank correlation"));
    let last = figures.last().unwrap();
    assert!(last.caption.contains("rank correlations are shown") && last.svg.contains("rank correlation"));
}

#[test]
fn a_chart_of_published_figures_names_its_sources() {
    let (plan, result) = sample::world();
    let figures = figures(&plan, &result);
    let published = figures.iter().find(|f| f.file == "published.svg").unwrap();
    for words in ["McKinsey 2019 (read)", "IEA 2020 (recalled)", "not verified"] {
        assert!(published.caption.contains(words), "{words}");
    }
}

#[test]
fn the_page_escapes_all_texts_and_needs_no_network() {
    let study = sample::world();
    let page = page(&study, &figures(&study.0, &study.1));
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;warn&lt;/script&gt;"));
    assert!(page.contains("1 of 2 values are assumed") && page.contains("1 of 2 values (50.0 %) are assumed"));
    let links = page.matches("http").count() - page.matches("http://www.w3.org/2000/svg").count();
    assert_eq!(links, 0);
    for reach in ["src=", "href=", "url(", "@import"] {
        assert!(!page.contains(reach), "{reach}");
    }
    assert_eq!(page.matches("<svg").count(), FILES.len());
    assert!(!page.contains("NaN"));
}

#[test]
fn the_page_tells_what_was_asked() {
    let study = sample::world();
    let with = page(&study, &[]);
    for words in [
        "What must be true",
        "By year",
        "Beside what others published",
        "What moves the supply",
        "Targets",
        "Second-life supply by region",
        "EU-27",
        "share of draws that reach it",
    ] {
        assert!(with.contains(words), "{words}");
    }
    let without = page(&sample::plain(), &[]);
    assert!(without.contains("No draws were made") && !without.contains("What must be true"));
}
