//! Tests of tables and files.

use super::sample;
use super::*;
use crate::economics::{Steps, TargetSpec};
use crate::monte::PackRow;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::fs;

fn tables(n: u64) -> Tables {
    let rows = sample::rows(n);
    let mut recycling = RecyclingTable::new(None);
    recycling.push(&rows);
    Tables::of(&rows, &sample::study(&rows), 42).with(recycling, decision(&sample::decision()))
}

#[test]
fn blocks_give_the_same_tables_as_all_at_once() {
    let rows = sample::rows(120);
    let study = sample::study(&rows);
    let (mut packs, mut systems, mut gate) = (PacksTable::new(42), SystemsTable::new(), GateTables::new());
    for block in rows.chunks(17) {
        packs.push(block);
        systems.push(block);
        gate.push(block);
    }
    let mut recycling = RecyclingTable::new(None);
    rows.chunks(17).for_each(|block| recycling.push(block));
    let tables = Tables::new(packs, systems, gate, &study).with(recycling, decision(&[]));
    assert_eq!(tables, Tables::of(&rows, &study, 42));
}

/// The sum of nothing is a negative zero, which no reader expects.
#[test]
fn no_zero_has_a_sign() {
    let mut cases = sample::decision();
    cases[0].new_storage_usd_per_kwh = std::iter::empty::<f64>().sum();
    let table = decision(&cases);
    let zero = table.real("new_storage_usd_per_kwh")[0].unwrap();
    assert!(zero == 0.0 && zero.is_sign_positive());
}

#[test]
fn tables_are_whole_and_documented() {
    let tables = tables(120);
    assert_eq!(tables.packs.rows(), 120);
    for frame in tables.frames() {
        frame.check().unwrap();
        assert!(frame.rows() > 0, "{}", frame.name);
        assert!(frame.columns.iter().all(|c| !c.doc.is_empty()));
        for column in &frame.columns {
            let suffixes =
                [("kWh", "_kwh"), ("km", "_km"), ("kg", "_kg"), ("USD", "_usd"), ("degC", "_c"), ("kg CO2e", "_kg")];
            if let Some((_, suffix)) = suffixes.iter().find(|s| s.0 == column.unit) {
                assert!(column.name.ends_with(suffix), "{} in {}", column.name, column.unit);
            }
        }
    }
}

#[test]
fn a_failed_pack_is_a_row_without_numbers() {
    let tables = tables(50);
    assert_eq!(tables.packs.text("status")[49].as_deref(), Some("failed"));
    assert_eq!(tables.packs.text("failed_stage")[49].as_deref(), Some("second_life"));
    assert_eq!(tables.packs.real("first_life_years")[49], None);
    assert_eq!(tables.packs.whole("modules_tested")[49], None);
    assert_eq!(tables.packs.text("exit_route")[49], None);
}

#[test]
fn pack_without_system_has_no_second_life() {
    let mut pack = sample::pack(3);
    pack.systems.clear();
    let tables = Tables::of(&[PackRow::Done(Box::new(pack))], &Default::default(), 1);
    assert_eq!(tables.packs.whole("systems"), [Some(0)]);
    assert_eq!(tables.packs.real("second_life_years"), [None]);
    assert_eq!(tables.packs.real("second_unmet_share"), [None]);
    assert_eq!(tables.packs.text("second_end_cause"), [None]);
    assert_eq!(tables.systems.rows(), 0);
}

#[test]
fn what_is_not_finite_becomes_missing() {
    let mut pack = sample::pack(3);
    pack.first.years = f64::NAN;
    pack.money.npv_usd = f64::INFINITY;
    let tables = Tables::of(&[PackRow::Done(Box::new(pack))], &Default::default(), 1);
    assert_eq!(tables.packs.real("first_life_years"), [None]);
    assert_eq!(tables.packs.real("npv_usd"), [None]);
}

#[test]
fn flows_close_at_every_inner_node() {
    let flows = tables(200).flows;
    let (from, to, value) = (flows.text("from"), flows.text("to"), flows.real("value"));
    let sum = |ends: &[Option<Word>], node: &Word| -> f64 {
        ends.iter().zip(value).filter(|(e, _)| e.as_ref() == Some(node)).map(|(_, v)| v.unwrap()).sum()
    };
    let mut inner = 0;
    for node in from.iter().flatten().filter(|n| to.contains(&Some((*n).clone()))) {
        let (entering, leaving) = (sum(to, node), sum(from, node));
        assert!((entering - leaving).abs() <= 1e-9 * entering.abs(), "{node}: {entering} in, {leaving} out");
        inner += 1;
    }
    assert!(inner > 10);
    let unaccounted = to.iter().position(|t| t.as_deref() == Some("unaccounted")).unwrap();
    assert!(value[unaccounted].unwrap().abs() < 1e-6);
}

#[test]
fn flows_agree_with_the_residue_column() {
    let tables = tables(60);
    let (to, value) = (tables.flows.text("to"), tables.flows.real("value"));
    let residue: f64 =
        to.iter().zip(value).filter(|(t, _)| t.as_deref() == Some("residue")).map(|(_, v)| v.unwrap()).sum();
    assert!((residue - tables.packs.sum("residue_kg")).abs() < 1e-6);
}

#[test]
fn csv_reads_back() {
    let packs = tables(60).packs;
    let mut bytes = Vec::new();
    write_csv(&packs, &mut bytes).unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_string).collect();
    assert_eq!(names, packs.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 60);
    for (k, column) in packs.columns.iter().enumerate() {
        for (record, row) in records.iter().zip(0..) {
            let field = Some(&record[k]).filter(|f| !f.is_empty());
            match &column.values {
                Values::Real(v) => assert_eq!(field.map(|f| f.parse().unwrap()), v[row], "{}", column.name),
                Values::Whole(v) => assert_eq!(field.map(|f| f.parse().unwrap()), v[row], "{}", column.name),
                Values::Text(v) => assert_eq!(field, v[row].as_deref(), "{}", column.name),
            }
        }
    }
}

#[test]
fn parquet_reads_back() {
    let packs = tables(60).packs;
    let mut file = tempfile::tempfile().unwrap();
    write_parquet(&packs, &mut file, &[("seed".into(), "42".into())]).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let meta = reader.metadata().file_metadata();
    let pairs = meta.key_value_metadata().unwrap();
    assert!(pairs.iter().any(|p| p.key == "seed" && p.value.as_deref() == Some("42")));
    let dictionary = pairs.iter().find(|p| p.key == DICTIONARY_KEY).unwrap().value.as_deref().unwrap();
    let dictionary: serde_json::Value = serde_json::from_str(dictionary).unwrap();
    assert_eq!(dictionary["columns"]["driven_kwh"]["unit"], "kWh");
    let mut rows = 0;
    for (row, record) in reader.get_row_iter(None).unwrap().enumerate() {
        rows += 1;
        for ((name, field), column) in record.unwrap().get_column_iter().zip(&packs.columns) {
            assert_eq!(name, &column.name);
            match (field, &column.values) {
                (Field::Null, Values::Real(v)) => assert_eq!(v[row], None),
                (Field::Null, Values::Whole(v)) => assert_eq!(v[row], None),
                (Field::Null, Values::Text(v)) => assert_eq!(v[row], None),
                (Field::Double(x), Values::Real(v)) => assert_eq!(v[row], Some(*x)),
                (Field::Long(x), Values::Whole(v)) => assert_eq!(v[row], Some(*x)),
                (Field::Str(x), Values::Text(v)) => assert_eq!(v[row].as_deref(), Some(x.as_str())),
                (field, _) => panic!("{name}: {field:?}"),
            }
        }
    }
    assert_eq!(rows, 60);
}

#[test]
fn empty_tables_are_written_too() {
    let empty = Tables::of(&[], &Default::default(), 0);
    for frame in empty.frames() {
        write_csv(frame, Vec::new()).unwrap();
        write_parquet(frame, Vec::new(), &[]).unwrap();
    }
    assert_eq!(Summary::of(&empty).packs, 0);
}

#[test]
fn ragged_tables_are_refused() {
    let mut packs = tables(5).packs;
    packs.columns[3].values = Values::Real(vec![None]);
    assert!(matches!(write_csv(&packs, Vec::new()), Err(OutputError::Ragged { rows: 1, expected: 5, .. })));
}

#[test]
fn dictionary_has_a_line_for_each_column() {
    let tables = tables(5);
    let mut bytes = Vec::new();
    write_dictionary(tables.frames(), &mut bytes).unwrap();
    let columns: usize = tables.frames().iter().map(|f| f.columns.len()).sum();
    assert_eq!(String::from_utf8(bytes).unwrap().lines().count(), columns + 1);
}

#[test]
fn dropped_folder_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = OutputFolder::create(place.path().join("out"), &[]).unwrap();
    folder.write_text("a.txt", "a").unwrap();
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    drop(folder);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn folder_appears_whole_and_is_replaced_without_touching_foreign_files() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("deep").join("out");
    let mut folder = OutputFolder::create(&out, &["a.txt"]).unwrap();
    folder.write_text("a.txt", "old").unwrap();
    folder.write_text("b.txt", "old").unwrap();
    assert!(!out.exists());
    folder.commit().unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();

    let mut folder = OutputFolder::create(&out, &["a.txt", "c.txt"]).unwrap();
    folder.write_text("a.txt", "new").unwrap();
    drop(folder);
    assert_eq!(fs::read_to_string(out.join("a.txt")).unwrap(), "old");

    let mut folder = OutputFolder::create(&out, &["a.txt", "c.txt"]).unwrap();
    folder.write_text("a.txt", "new").unwrap();
    folder.write_text("c.txt", "new").unwrap();
    folder.commit().unwrap();
    assert_eq!(fs::read_to_string(out.join("a.txt")).unwrap(), "new");
    assert_eq!(fs::read_to_string(out.join("c.txt")).unwrap(), "new");
    assert!(!out.join("b.txt").exists(), "an earlier file of ours is gone");
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 1, "no hidden sibling left");
}

#[test]
fn foreign_file_in_the_way_is_refused_before_and_after_the_work() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("packs.csv"), "mine").unwrap();
    assert!(matches!(OutputFolder::create(&out, &["packs.csv"]), Err(OutputError::Foreign { .. })));
    let mut folder = OutputFolder::create(&out, &[]).unwrap();
    folder.write_text("packs.csv", "ours").unwrap();
    let error = folder.commit().unwrap_err();
    let OutputError::Kept { kept, .. } = error else { panic!("{error}") };
    assert_eq!(fs::read_to_string(kept.join("packs.csv")).unwrap(), "ours");
    assert_eq!(fs::read_to_string(out.join("packs.csv")).unwrap(), "mine");
    assert!(matches!(OutputFolder::create(out.join("packs.csv"), &[]), Err(OutputError::NotAFolder { .. })));
}

#[test]
fn only_plain_names_once() {
    let place = tempfile::tempdir().unwrap();
    let mut folder = OutputFolder::create(place.path().join("out"), &[]).unwrap();
    for name in ["", ".", "..", "a/b", "../a", ".packlife-files"] {
        assert!(matches!(folder.write_text(name, ""), Err(OutputError::FileName { .. })), "{name}");
    }
    folder.write_text("a", "").unwrap();
    assert!(matches!(folder.write_text("a", ""), Err(OutputError::Twice { .. })));
}

#[test]
fn a_study_fills_a_folder() {
    let place = tempfile::tempdir().unwrap();
    let tables = tables(20);
    for (name, format) in [("p", TableFormat::Parquet), ("c", TableFormat::Csv)] {
        let mut folder = OutputFolder::create(place.path().join(name), &[]).unwrap();
        write_tables(&mut folder, &tables, &[format], &[]).unwrap();
        write_summary(&mut folder, &Summary::of(&tables)).unwrap();
        let out = folder.commit().unwrap();
        assert!(out.join(format!("packs.{}", format.ending())).exists());
        let json: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("summary.json")).unwrap()).unwrap();
        assert_eq!(json["packs"], 20);
    }
}

#[test]
fn summary_of_a_study() {
    let summary = Summary::of(&tables(200));
    let text = summary.text();
    assert!(text.lines().count() <= 40, "{text}");
    assert!(text.lines().all(|l| l.chars().count() <= 130), "{text}");
    insta::assert_snapshot!(text);
    insta::assert_snapshot!(summary.headline());
}

#[test]
fn summary_of_failures_only() {
    let rows = [PackRow::Failed(sample::failure(0)), PackRow::Failed(sample::failure(1))];
    let summary = Summary::of(&Tables::of(&rows, &Default::default(), 1));
    insta::assert_snapshot!(summary.text());
    assert_eq!(summary.headline(), "None of 2 packs lived a life to the end.");
}

#[test]
fn numbers_read_well() {
    use super::words::*;
    assert_eq!(thousands(-1_234_567.4), "-1,234,567");
    assert_eq!(thousands(-0.2), "0");
    assert_eq!(percent(0.1234), "12.3 %");
    assert_eq!(percent(0.001), "0.10 %");
    assert_eq!(energy(1_234.0), "1.23 MWh");
    assert_eq!(mass(12_345.0), "12.3 t");
    assert_eq!(number(0.0123), "0.012");
}

#[test]
fn recycling_is_held_to_targets_by_calendar_year() {
    let rows = sample::rows(40);
    let from_2030 = |share: f64| Steps { from_year: vec![2030], share: vec![share] };
    let targets = TargetSpec {
        title: "t".into(),
        dry_mass: false,
        efficiency: from_2030(0.4),
        recovery: [("lithium".to_owned(), from_2030(0.9))].into(),
        ..TargetSpec::default()
    };
    let mut table = RecyclingTable::new(Some(targets));
    table.push(&rows);
    let tables = Tables::of(&rows, &sample::study(&rows), 1).with(table, decision(&[]));
    let frame = &tables.recycling;
    let (years, items, input) = (frame.whole("year"), frame.text("item"), frame.real("input_kg"));
    let mass: f64 =
        items.iter().zip(input).filter(|(i, _)| i.as_deref() == Some("pack")).filter_map(|(_, kg)| *kg).sum();
    assert!((mass / tables.packs.sum("recycled_mass_kg") - 1.0).abs() < 1e-12, "all mass in some year");
    for k in 0..frame.rows() {
        // The made-up packs give 45 % of their mass and 82 % of their lithium back.
        let held = years[k].is_some_and(|y| y >= 2030);
        let expected = match items[k].as_deref() {
            Some("pack") if held => Some(1),
            Some("lithium") if held => Some(0),
            _ => None,
        };
        assert_eq!(frame.whole("met")[k], expected);
    }
    let summary = Summary::of(&tables);
    let held = summary.targets.as_ref().expect("held to targets");
    assert_eq!((held.checked, held.missed.as_slice()), (2 * held.met, &["lithium".to_owned()][..]));
    assert!(summary.text().contains("missed by: lithium"));
}

#[test]
fn bands_name_metal_prices_that_move() {
    let mut rows = sample::rows(10);
    let bands = |rows: &[PackRow]| Summary::of(&Tables::of(rows, &sample::study(rows), 1)).bands;
    assert!(!bands(&rows).contains("metal prices"));
    if let PackRow::Done(pack) = &mut rows[3] {
        pack.recycling.batches.iter_mut().for_each(|b| b.metal_price_factor = 1.4);
    }
    assert!(bands(&rows).contains("metal prices"));
}
