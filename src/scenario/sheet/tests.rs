//! What is read of a sheet, and that nothing a file may hold makes it panic.

use super::*;
use crate::scenario::diagnose;
use proptest::prelude::*;

fn sheet(text: &str) -> Sheet {
    parse(&SourceText::new("modules.csv", text))
        .unwrap_or_else(|problems| panic!("{}", diagnose::render(&problems, false)))
}

fn told(text: &str) -> Vec<String> {
    parse(&SourceText::new("modules.csv", text)).expect_err("problems").iter().map(|p| p.fault.to_string()).collect()
}

#[test]
fn csv_and_json_say_the_same() {
    let csv =
        "\u{feff}# a remark\r\npack, module ,soh,years,chemistry\r\n\"a, b\",1,0.8,9,lmo\r\n\r\n\"a, b\",2,0.75,,\r\n";
    let list = r#"[{"pack": "a, b", "module": 1, "soh": 0.8, "years": 9, "chemistry": "lmo"},
        {"pack": "a, b", "module": "2", "soh": 0.75, "years": null}]"#;
    let lines = list.trim_start_matches('[').trim_end_matches(']').replace("},", "}\n");
    for text in [csv, list, &lines] {
        let rows = sheet(text).rows;
        let of = |k: usize| {
            (rows[k].pack.clone(), rows[k].module.clone(), rows[k].number(Column::Soh), rows[k].number(Column::Years))
        };
        assert_eq!(rows.len(), 2);
        assert_eq!(of(0), (Some("a, b".into()), Some("1".into()), Some(0.8), Some(9.0)));
        assert_eq!(of(1), (Some("a, b".into()), Some("2".into()), Some(0.75), None));
        assert_eq!(rows[0].chemistry.as_ref().map(|c| c.0.as_str()), Some("lmo"));
    }
}

#[test]
fn every_problem_is_told_at_once() {
    let text = "pack,module,soh,resistance_ratio,resistance_mohm\n\
        a,1,eighty,,\n\
        a,2,0.8,1.2,2.0\n\
        ,3,0.8,,\n\
        a,2,0.8,,\n\
        a,5,,,\n\
        a,6,NaN,,\n\
        a,7\n\
        a,\"8,0.8,,\n";
    let told = told(text);
    let expected = [
        "the row has 2 fields, the header 5",
        "a quote is not closed",
        "column `soh`: `eighty` is not a number",
        "the row gives both `resistance_ratio` and `resistance_mohm`",
        "neither `soh` nor `capacity_ah` is given",
        "column `soh`: `NaN` is not a number",
        "the row names no `pack`, others do",
        "the module `2` is there twice in its pack",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_header_at_fault_is_told_once() {
    assert_eq!(told("pack,years\na,9\na,9\n"), ["neither `soh` nor `capacity_ah` is given"]);
    assert_eq!(told("pack,sho\na,0.8\na,0.8\n"), ["unknown column `sho`"]);
    assert_eq!(told("soh,soh\n0.8,0.8\n"), ["the column `soh` is there twice"]);
}

#[test]
fn json_of_another_form_is_told() {
    for (text, expected) in [
        ("[{\"soh\": 0.8},", "the list is not closed"),
        ("[{\"soh\": 0.8} {\"soh\": 0.7}]", "a comma or `]` is missing"),
        ("[{\"soh\": 0.8}] x", "text behind the end of the list"),
        ("[1]", "invalid type"),
        ("{\"soh\": ", "EOF"),
        ("{\"soh\": \"0.8\"}", "`0.8` is not a number"),
        ("{\"soh\": [0.8]}", "`[0.8]` is not a number"),
        ("{\"record\": 1}", "the record has no"),
        ("[]", "holds no module"),
        ("", "holds no module"),
    ] {
        let told = told(text);
        assert!(told.len() == 1 && told[0].contains(expected), "{text}: {told:?}");
    }
}

fn read(text: &str) {
    let source = SourceText::new("modules", text);
    if let Err(problems) = parse(&source) {
        assert!(!problems.is_empty() && problems.iter().all(|p| p.span.end <= text.len()));
        assert!(diagnose::render(&problems, false).contains("found"));
    }
}

const CSV: &str = "# é\npack,module,soh,years\n\"a\"\"b\",1,0.8,9\na,2,0.7,\n";
const JSON: &str = "[{\"soh\": 0.8, \"pack\": \"é\"},\n {\"record\": 1, \"states\": {\"end_of_first_life\": {\"modules_one_by_one\": [{\"soh\": 1}]}}}]";

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in "[\\[{]?\\PC{0,80}") {
        read(&text);
    }

    #[test]
    fn cut_and_filled_texts_are_read(json in any::<bool>(), at in 0usize..200, drop in 0usize..4, piece in "[\\[\\]{},:\"0-9a-z\n]{0,4}") {
        let letters: Vec<char> = if json { JSON } else { CSV }.chars().collect();
        let at = at % letters.len();
        let text: String = letters[..at].iter().copied()
            .chain(piece.chars())
            .chain(letters[(at + drop).min(letters.len())..].iter().copied())
            .collect();
        read(&text);
    }
}
