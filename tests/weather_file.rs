//! Scenarios that name weather files of their own: whose years are lived, and what is told of a bad file.

use packlife::library::{Library, SourceText};
use packlife::life::Journey;
use packlife::scenario::{Plan, Problem, diagnose, plan_from};
use std::fs;
use std::path::Path;

const SCENARIO: &str = r#"name = "Own weather"

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use = "private_car_india"

[exit]
country = "india"

[second_life]
system = "offgrid_home_5kwh"

[numerics]
weather_years = 2
"#;

/// An EPW file of a place whose temperature never changes; 500 W/m2 from 8 to 16 h.
fn epw(latitude: f64, longitude: f64, temperature: &str) -> String {
    let mut text = format!("LOCATION,Test,-,IND,own,0,{latitude},{longitude},5.5,100\n");
    text += &"-\n".repeat(6);
    text += "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n";
    for (month, days) in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().enumerate() {
        for day in 1..=days {
            for hour in 1..=24 {
                let sun = if (9..=16).contains(&hour) { 500 } else { 0 };
                let head = format!("2001,{},{day},{hour},0,-", month + 1);
                text += &format!("{head},{temperature},10,50,97000,0,0,300,{sun},9999,9999,0,0,0,0,90,2\n");
            }
        }
    }
    text
}

fn plan(folder: &Path, scenario: &str) -> Result<Plan, Vec<Problem>> {
    plan_from(&SourceText::new("case.toml", scenario), "case", folder, Library::builtin().unwrap())
}

fn with(first: &str, second: &str) -> String {
    let text = SCENARIO.replace("climate = \"delhi\"", &format!("climate = \"delhi\"\n{first}"));
    text.replace("system = ", &format!("{second}\nsystem = "))
}

/// Told with the folder's name taken out.
fn told(folder: &Path, scenario: &str) -> String {
    let problems = plan(folder, scenario).expect_err("problems");
    diagnose::render(&problems, false).replace(&format!("{}/", folder.display()), "")
}

#[test]
fn years_of_files_take_the_place_of_synthetic_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("a.epw"), epw(28.5, 77.0, "21.5")).unwrap();
    fs::write(path.join("b.epw"), epw(28.5, 77.0, "33.5")).unwrap();
    fs::write(path.join("far.epw"), epw(12.0, 77.0, "5")).unwrap();
    let temperatures = |scenario: &str| -> [Vec<f64>; 2] {
        let plan = plan(path, scenario).unwrap_or_else(|p| panic!("{}", diagnose::render(&p, false)));
        let life = &plan.journey;
        let first = |years: &Option<std::sync::Arc<Vec<packlife::weather::WeatherYear>>>| {
            years.iter().flat_map(|y| y.iter().map(|y| y.temperature_c[0])).collect()
        };
        [first(&life.first_life.weather), first(&life.second_life.weather)]
    };
    // The second life stands where the first did, unless it says otherwise.
    assert_eq!(temperatures(&with("weather_file = [\"a.epw\", \"b.epw\"]", "")), [vec![21.5, 33.5], vec![21.5, 33.5]]);
    assert_eq!(temperatures(&with("weather_file = \"a.epw\"", "climate = \"delhi\"")), [vec![21.5], vec![]]);
    assert_eq!(temperatures(&with("", "weather_file = \"b.epw\"")), [vec![], vec![33.5]]);
    assert!(temperatures(SCENARIO).iter().all(Vec::is_empty));

    let near = plan(path, &with("weather_file = \"a.epw\"", "")).unwrap();
    assert!(near.notes.is_empty());
    assert_eq!(near.journey.second_life.climate.latitude_deg, 28.5);
    assert_eq!(near.journey.second_life.pv.tilt_deg, 28.5);
    let far = plan(path, &with("", "weather_file = \"far.epw\"")).unwrap();
    assert!(far.notes.len() == 1 && far.notes[0].contains("16.6 deg"), "{:?}", far.notes);
    assert!(far.resolved.iter().any(|r| r.path == "second_life.weather_file" && r.value == "far.epw"));

    // A pack lives in it.
    let scenario = with("weather_file = \"a.epw\"", "").replace("[exit]", "years_max = 2\n\n[exit]");
    let mut lived = plan(path, &scenario).unwrap();
    lived.journey.second_life.years_max = 1.0;
    let journey = Journey::prepare(lived.journey, 1).unwrap();
    let outcome = journey.live(0, 0).unwrap();
    assert!(outcome.balance_error < 1e-9);
}

#[test]
fn bad_files_are_told_with_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("hot.epw"), epw(28.5, 77.0, "61").replacen(",61,", ",21,", 8700)).unwrap();
    fs::write(path.join("gap.epw"), epw(28.5, 77.0, "21").replacen(",500,9999", ",9999,9999", 1)).unwrap();
    fs::write(path.join("west.epw"), epw(28.5, -77.0, "21")).unwrap();
    fs::write(path.join("here.epw"), epw(28.5, 77.0, "21")).unwrap();
    fs::write(path.join("south.epw"), epw(-28.5, 77.0, "21")).unwrap();
    fs::write(path.join("modules.csv"), "module,soh\n1,0.8\n").unwrap();
    let scenarios = [
        with("weather_file = \"none.epw\"", ""),
        with("weather_file = []", "weather_file = 3"),
        with("weather_file = \"modules.csv\"", ""),
        with("weather_file = \"gap.epw\"", ""),
        with("weather_file = \"west.epw\"", ""),
        with("weather_file = [\"here.epw\", \"south.epw\"]", ""),
    ];
    insta::assert_snapshot!(scenarios.iter().map(|s| told(path, s)).collect::<Vec<_>>().join("===\n"));
    let hot = told(path, &with("weather_file = \"hot.epw\"", ""));
    assert!(hot.contains("hot.epw:8709:19") && hot.contains("and 40 problems more"), "{hot}");
}
