//! Slips of those who write files by hand or with a spreadsheet: one clear message for each.

use super::case::Case;

/// Holds every part.
#[track_caller]
fn tells(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "`{part}` is not in:\n{told}");
    }
}

fn parameter(row: &str) -> String {
    Case::sound().with("parameters.csv", "export_share,", &format!("{row}\nexport_share,")).told()
}

#[test]
fn other_separators_are_one_problem() {
    for (mark, name) in [(";", "semicolons"), ("\t", "tabs")] {
        let mut case = Case::sound();
        case.0[1].1 = case.0[1].1.replace(',', mark);
        tells(&case.told(), &[&format!("columns stand between {name} here"), "inflow.csv:1:1", "1 problem found"]);
    }
}

#[test]
fn what_is_no_utf_8_is_told_apart() {
    let case = Case::sound();
    let with =
        |bytes: &[u8]| case.told_after(|folder| std::fs::write(folder.join("inflow.csv"), bytes).expect("write"));
    let utf_16: Vec<u8> = "region".encode_utf16().flat_map(u16::to_le_bytes).collect();
    tells(&with(&[&[0xff, 0xfe], utf_16.as_slice()].concat()), &["UTF-16", "save it as UTF-8", "1 problem found"]);
    tells(&with(&utf_16), &["UTF-16"]);
    tells(
        &with(b"region\nS\xfcdtirol,\n"),
        &["line 2 is no text in UTF-8, but perhaps in Latin-1", "save it as UTF-8"],
    );
    let folder = Case::sound().with("case.toml", "\"inflow.csv\"", "\".\"").told();
    tells(&folder, &["it is a folder", "name a CSV file"]);
}

#[test]
fn numbers_with_signs_and_commas() {
    tells(&parameter("crash_per_year,,,,,40%,,,,true"), &["`40%` is not a number", "0.4 for 40 %"]);
    tells(&parameter("crash_per_year,,,,,\"0,02\",,,,true"), &["`0,02` is not a number", "write `0.02`"]);
    let told = Case::sound().with("inflow.csv", "2050,900,", "2050,900,5,").told();
    tells(&told, &["the row has 7 fields, the header 6", "write 900.5"]);
}

#[test]
fn only_what_looks_like_a_percentage_is_called_one() {
    let told = parameter("crash_per_year,,,,,1.4,,,,true");
    assert!(told.contains("is 1.4, outside") && !told.contains('%'), "{told}");
    tells(&parameter("crash_per_year,,,,,14.1,,,,true"), &["0.141 for 14.1 %"]);
}

#[test]
fn large_numbers_are_short() {
    tells(&Case::sound().with("inflow.csv", "2050,900,", "2050,1e300,").told(), &["`gwh` is 1e300, outside"]);
    let told = Case::sound().with("case.toml", "[supply]", "seed = 99999999999999999999\n[supply]").told();
    tells(&told, &["0 to 2^64 - 1"]);
    assert!(!told.contains("18446744073709552000"), "{told}");
}

#[test]
fn names_that_differ_by_capitals_are_one_slip() {
    let told = Case::sound().with("inflow.csv", "China,cars,2050", "China,Cars,2050").told();
    tells(&told, &["segment `Cars` is not known", "did you mean `cars`", "inflow.csv:3:7", "1 problem found"]);
}

#[test]
fn a_region_called_all_is_refused() {
    let mut case = Case::sound();
    for (_, text) in &mut case.0[1..] {
        *text = text.replace("Europe", "all");
    }
    tells(&case.told(), &["`all` is no name of a region", "inflow.csv:4:1"]);
}

#[test]
fn regions_of_others_may_be_others_but_not_misspelt() {
    let case = |region: &str| {
        let head = "study,region,what,quantity,year,low,high,unit,status,source\n";
        Case::sound().and("projections", "p.csv", &format!("{head}A,{region},supply,,2030,2,,GWh,read,page\n")).told()
    };
    assert_eq!(case("North America") + &case("World") + &case("India"), "");
    tells(&case("Chnia"), &["region `Chnia` does not occur in this projection", "did you mean `China`", "p.csv:2:3"]);
    tells(&case("europe"), &["did you mean `Europe`"]);
}

#[test]
fn parameters_of_a_scenario_are_no_overrides() {
    let mut case = Case::sound();
    case.0[0].1.push_str("[overrides.supply]\nexport_share = 0.2\n");
    tells(&case.told(), &["`supply.export_share` is none", "the CSV file that `parameters` of `[supply]` names"]);
}

#[test]
fn too_few_base_draws() {
    let told =
        |count: u32| Case::sound().with("case.toml", "inflow =", &format!("saltelli = {count}\ninflow =")).told();
    tells(&told(1), &["`saltelli` is 1, too few base draws", "give 32 or more, or 0"]);
    assert_eq!(told(0) + &told(32), "");
}

#[test]
fn what_a_run_would_refuse_is_refused_before() {
    let mut zero = Case::sound();
    zero.0[1].1 = "region,segment,year,gwh\nChina,cars,2010,0\nChina,cars,2050,0\n".into();
    tells(&zero.told(), &["there is no energy in any year", "case.toml:7"]);
    let stock = Case::sound().with("case.toml", "inflow =", "stock =").with(
        "inflow.csv",
        "2050,900,",
        "2012,300,IEA,false\nChina,cars,2020,10,IEA,false\nChina,cars,2050,10,",
    );
    tells(
        &stock.told(),
        &["China, cars: the stock of", "less than lives leave of it", "negative_inflow", "case.toml:7"],
    );
    let table = Case::sound().and("life_table", "l.csv", "part,age_years,survival\nvehicle,5,0\n").with(
        "case.toml",
        "inflow =",
        "vehicle_law = \"table\"\ninflow =",
    );
    tells(&table.told(), &["the table of the vehicle has one age", "l.csv:2"]);
}

#[test]
fn spreads_of_laws_without_one_are_told() {
    let law = |name: &str| {
        Case::sound().with("case.toml", "inflow =", &format!("vehicle_law = \"{name}\"\ninflow =")).with(
            "parameters.csv",
            "export_share,",
            "vehicle_life_sd_years,,,,,3,,,,true\nexport_share,",
        )
    };
    assert_eq!(law("weibull").told(), "");
    tells(
        &law("fixed").told(),
        &["`vehicle_life_sd_years` has no effect here: lives of the law `fixed` have no spread"],
    );
    let table = law("table").and("life_table", "l.csv", "part,age_years,survival\nvehicle,5,1\nvehicle,20,0\n");
    tells(&table.told(), &["the `life_table` tells the spread"]);
}

#[test]
fn what_simulated_packs_tell_is_not_given_as_well() {
    let physics = |row: &str, law: &str| {
        let fleets = "fleet,vehicle,climate,use,country,system\nany,mg_zs_ev_50_lfp,delhi,private_car_india,india,offgrid_home_5kwh\n";
        let mut case = Case::sound().with("case.toml", "inflow =", &format!("{law}inflow =")).with(
            "parameters.csv",
            "export_share,",
            &format!("{row}export_share,"),
        );
        case.0[0].1.push_str("[supply.physics]\nfleets = \"f.csv\"\n");
        case.0.push(("f.csv", fleets.to_owned()));
        case.told()
    };
    assert_eq!(physics("", ""), "");
    let told = physics("second_life_soh_end,,,,,0.6,,,,true\n", "");
    tells(&told, &["`second_life_soh_end` has no effect here: simulated packs tell it"]);
    tells(&physics("", "battery_law = \"weibull\"\n"), &["`battery_law` has no effect here: simulated packs"]);
}

#[test]
fn use_at_home_needs_a_target() {
    let case = || {
        let row = "recovered_used_at_home,,,,,0.6,,,,true\nexport_share,";
        Case::sound().with("parameters.csv", "export_share,", row)
    };
    tells(&case().told(), &["no `targets` of recycled content hold here"]);
    assert_eq!(case().and("targets", "t.csv", "region,targets\nEurope,eu_2023_1542\n").told(), "");
}

#[test]
fn correlations_of_one_are_outside_the_range() {
    let head = "parameter,with,correlation\n";
    let told = Case::sound().and("correlations", "c.csv", &format!("{head}soh_min,export_share,-1\n")).told();
    tells(&told, &["`correlation` is -1, outside the allowed range -0.999 to 0.999"]);
}
