use super::*;

#[test]
fn the_worst_of_a_series_is_told() {
    let mut report = Report::default();
    report.series("s", "c", "q", [(1.0, 1.0), (0.9, 0.95), (0.8, 0.81)], Tolerance::Absolute(0.02));
    let found = &report.findings[0];
    assert_eq!((found.reference, found.verdict), (Some(0.9), Verdict::Off));
    report.series("s", "c", "q", [(1.0, f64::NAN), (0.9, 5.0)], Tolerance::Absolute(0.02));
    assert!(report.findings[1].error.unwrap().is_nan() && report.findings[1].verdict == Verdict::Off);
    report.compare("s", "c", "k", (2.0, 2.1), Tolerance::Relative(0.06));
    assert_eq!(report.findings[2].verdict, Verdict::Ok);
    assert!(!report.all_within());
}

#[test]
fn files_are_found_beside_and_above() {
    let tree = Tree::of_texts("t", &[("a/b/x.csv", "1"), ("profiles/p.csv", "2"), ("a/cases.json", "[]")]);
    let folders = tree.folders();
    assert_eq!(folders.iter().map(Folder::set).collect::<Vec<_>>(), ["t/a", "t/a/b", "t/profiles"]);
    assert_eq!(folders[1].nearby("profiles", "p.csv").unwrap(), "2");
    assert_eq!(folders[1].nearby("a", "cases.json").unwrap(), "[]");
    assert!(folders[1].nearby("a", "nothing.csv").is_err());
}

#[test]
fn an_unknown_folder_is_told() {
    let report = run(&[Tree::of_texts("t", &[("a/x.csv", "u,v\n1,2\n")]), Tree::of_disk("/nowhere/at/all".as_ref())]);
    assert!(report.findings.iter().all(|f| f.verdict == Verdict::Skipped) && report.findings.len() == 2);
}
