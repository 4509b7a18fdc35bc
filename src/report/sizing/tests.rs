//! Tests of figures and page of sizing studies.

use super::*;
use crate::output::sizing::{Summary, sample};
use crate::report::ProvenanceRow;
use crate::report::tests::sound;

fn check(figures: &[Figure]) {
    assert_eq!(figures.iter().map(|f| f.file).collect::<Vec<_>>(), FILES);
    for f in figures {
        sound(f);
    }
}

fn page(result: &SizingResult, figures: &[Figure]) -> String {
    let row = |path: &str, assumed| ProvenanceRow {
        path: path.into(),
        value: "<script>66</script>".into(),
        origin: "library".into(),
        source: "measured & weighed".into(),
        assumed,
    };
    html(&SizingInput {
        title: "A \"home\" & its <script>sun</script>",
        result,
        summary: &Summary::of(result),
        figures,
        scenario_toml: "name = \"<script>\"\n",
        provenance: &[row("cell.capacity_ah", false), row("prices.module", true)],
        warnings: &["<script>warn</script>".into()],
        version: "0.1.0",
        seed: 42,
    })
}

#[test]
fn figures_of_studies() {
    let studies = [
        ("home", sample::home()),
        ("weak_grid", sample::weak_grid()),
        ("infeasible", sample::infeasible()),
        ("empty", sample::empty()),
    ];
    for (name, result) in studies {
        let figures = figures(&result);
        check(&figures);
        let blank = figures.iter().filter(|f| f.svg.contains("no data")).count();
        // Without paths only the costs of the nearest design are left.
        assert_eq!(blank, if name == "empty" { 9 } else { 0 }, "{name}");
        if let Ok(folder) = std::env::var("PACKLIFE_FIGURES") {
            let folder = std::path::Path::new(&folder).join(name);
            std::fs::create_dir_all(&folder).unwrap();
            figures.iter().for_each(|f| std::fs::write(folder.join(f.file), &f.svg).unwrap());
            std::fs::write(folder.join("sizing.html"), page(&result, &figures)).unwrap();
        }
    }
}

#[test]
fn the_page_tells_outages_recharge_and_hire() {
    let with = page(&sample::weak_grid(), &[]);
    for words in [
        "outages a year, grid (SAIFI, SAIDI)",
        "outages a year, load with the site",
        "recharge from empty, 1.00 kW (grid)",
        "lost to overlap",
        "break-even hire",
        "fuel and grid, kg CO2e",
    ] {
        assert!(with.contains(words), "{words}");
    }
    assert!(!page(&sample::home(), &[]).contains("Recharge, sessions"));
}

#[test]
fn figures_of_odd_studies() {
    // One design, one path, one year, nothing unserved.
    let mut one = sample::home();
    one.designs = vec![one.detail.rated.clone()];
    one.chosen = Some(0);
    one.detail.paths.truncate(1);
    one.detail.paths[0].years.truncate(1);
    one.detail.paths[0].monthly.truncate(1);
    one.detail.worst_week.truncate(1);
    check(&figures(&one));
    // One array power: a row of points.
    let mut row = sample::home();
    let pv = row.detail.rated.design.pv_kw;
    row.designs.retain(|d| d.design.pv_kw == pv);
    check(&figures(&row));
    // A service without load, of which nothing can be divided.
    let mut idle = sample::home();
    for year in idle.detail.paths.iter_mut().flat_map(|p| &mut p.years) {
        *year = Default::default();
    }
    idle.detail.plain_lpsp = [f64::NAN; 2];
    check(&figures(&idle));
}

#[test]
fn the_page_escapes_all_texts_and_needs_no_network() {
    let result = sample::infeasible();
    let page = page(&result, &figures(&result));
    assert!(!page.contains("<script"));
    assert!(page.contains("&lt;script&gt;warn&lt;/script&gt;"));
    assert!(page.contains("No design of the lists meets the target"));
    assert!(page.contains("1 of 2 values are assumed"));
    let links = page.matches("http").count() - page.matches("http://www.w3.org/2000/svg").count();
    assert_eq!(links, 0);
    assert_eq!(page.matches("<svg").count(), 10);
    assert!(!page.contains("NaN"));
}
