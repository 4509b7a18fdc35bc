use crate::validate::{Report, Tree, Verdict, run};

/// A set of one case: inflow of 10 a year, a fixed life of two years.
fn set(totals: &str, by_cohort: &str, step_years: f64, years: &[i32]) -> Report {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let rows: String = years.iter().map(|year| format!("x,inflow,{year},10\n")).collect();
    let drivers = format!("case,quantity,year,value\n{rows}");
    let cases = format!("case,mode,distribution,inflow_at,step_years\nx,inflow,fixed,start,{step_years}\n");
    run(&[Tree::of_texts(
        "lab",
        &[
            ("attic/cases.csv", leak(cases)),
            ("attic/params.csv", "case,parameter,cohort,value\nx,mean,all,2\n"),
            ("attic/drivers.csv", leak(drivers)),
            ("attic/totals.csv", leak(format!("case,year,inflow,stock,outflow\n{totals}"))),
            ("attic/by_cohort.csv", leak(format!("case,cohort,year,survival,stock,outflow\n{by_cohort}"))),
        ],
    )])
}

const TOTALS: &str = "x,2000,10,10,0\nx,2001,10,10,10\nx,2002,10,10,10\n";
const BY_COHORT: &str = "x,2000,2000,1,10,0\nx,2000,2001,0,0,10\nx,2001,2002,0,0,10\n";

fn verdicts(report: &Report, metric: &str) -> Vec<Verdict> {
    report.findings.iter().filter(|f| f.metric.starts_with(metric)).map(|f| f.verdict).collect()
}

#[test]
fn models_elsewhere_are_compared() {
    let report = set(TOTALS, BY_COHORT, 1.0, &[2000, 2001, 2002]);
    assert!(report.all_within() && report.count(Verdict::Ok) == 6, "{:?}", report.findings);
    assert!(report.findings.iter().all(|f| f.set == "lab/attic" && f.case == "x"));
}

#[test]
fn a_value_that_is_off_is_told() {
    let report = set(&TOTALS.replace("2001,10,10,10", "2001,10,10.00001,10"), BY_COHORT, 1.0, &[2000, 2001, 2002]);
    assert_eq!(verdicts(&report, "stock, over"), [Verdict::Off]);
    let report = set(TOTALS, &BY_COHORT.replace("2001,0,0,10", "2001,0.00001,0,10"), 1.0, &[2000, 2001, 2002]);
    assert_eq!(verdicts(&report, "survival"), [Verdict::Off]);
}

#[test]
fn a_reference_that_loses_mass_is_named() {
    // Steps of 1.5, 1.5, 3 and 3 years. Right is an outflow of 15 a year in the third.
    let totals = "x,2000,10,15,0\nx,2001,10,15,10\nx,2003,10,0,20\nx,2007,10,0,10\n";
    let by_cohort = "x,2000,2001,0,0,10\nx,2001,2003,0,0,10\nx,2003,2003,0,0,10\n";
    let report = set(totals, by_cohort, 1.0, &[2000, 2001, 2003, 2007]);
    assert!(report.all_within(), "{:?}", report.findings);
    assert_eq!(verdicts(&report, "outflow, mass not conserved"), [Verdict::Ok]);
}

#[test]
fn what_cannot_be_read_is_skipped() {
    for (totals, by_cohort) in [("", BY_COHORT), (TOTALS, ""), ("x,1999,1,1,1\n", BY_COHORT)] {
        let report = set(totals, by_cohort, 1.0, &[2000, 2001, 2002]);
        assert!(report.count(Verdict::Skipped) == 1 && report.count(Verdict::Off) == 0, "{:?}", report.findings);
    }
}

#[test]
fn the_lognormal_of_odym_is_named() {
    let series = "case,year,stock,inflow,outflow,initial_age_structure\nx,2010,5,5,0,\n";
    let report = run(&[Tree::of_texts(
        "lab",
        &[
            (
                "odym_cases.csv",
                "case,distribution,par_Mean,par_StdDev,negative_inflow_corrected,years_of_given_age_structure,inflow_at\nx,LogNormal,15,4,False,,end\n",
            ),
            ("odym_series.csv", series),
            ("odym_by_cohort.csv", "case,cohort,year,stock,outflow\nx,2010,2010,5,0\n"),
        ],
    )]);
    assert!(report.all_within() && report.count(Verdict::Ok) == 5, "{:?}", report.findings);
    assert!(report.findings.iter().any(|f| f.note.contains("lognormal has the spread")));
}
