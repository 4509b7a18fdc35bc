use crate::validate::{Tree, Verdict, run, shipped};

const CASES: &str = "case,method,product_mean,product_std,component_mean,component_std,reuse_share,replacement_share\n";
const SERIES: &str = "case,year,product_stock,product_inflow,component_inflow\n";

#[test]
fn vehicles_and_batteries_of_the_peer_are_met() {
    let report = run(&[shipped()]);
    let found: Vec<_> = report.findings.iter().filter(|f| f.set.contains("vehicle_battery")).collect();
    let of = |case: &str| found.iter().filter(|f| f.case == case && f.verdict == Verdict::Ok).count();
    assert_eq!(["p01", "p02", "p03", "p04", "p05"].map(of), [3, 6, 6, 6, 6], "{found:?}");
    assert!(found.iter().all(|f| f.error.unwrap() < 1e-9));
}

#[test]
fn other_parameters_and_methods_are_told() {
    let cases = format!(
        "{CASES}sure,case_3,50,0.1,50,0.1,,\nwrong,case_3,50,0.1,50,0.1,,\nodd,case_2,9,3,9,3,,\n\
         no_life,case_1,9,0,9,3,,\nalone,case_1,9,3,9,3,,\n"
    );
    // Nothing ends: new pairs are the rise of the stock.
    let rows = |case: &str, second: f64| format!("{case},2001,10,10,10\n{case},2002,15,{second},5\n");
    let series =
        format!("{SERIES}{}{}{}{}", rows("sure", 5.0), rows("wrong", 5.1), rows("odd", 5.0), rows("no_life", 5.0));
    let (cases, series): (&'static str, &'static str) = (cases.leak(), series.leak());
    let report = run(&[Tree::of_texts("t", &[("a/kinds.csv", cases), ("a/rows.csv", series)])]);
    let verdicts =
        |case: &str| -> Vec<Verdict> { report.findings.iter().filter(|f| f.case == case).map(|f| f.verdict).collect() };
    assert_eq!(verdicts("sure"), [Verdict::Ok, Verdict::Ok]);
    assert_eq!(verdicts("wrong"), [Verdict::Off, Verdict::Ok]);
    for case in ["odd", "no_life", "alone"] {
        assert_eq!(verdicts(case), [Verdict::Skipped], "{case}");
    }
}
