//! Malformed scenarios through the binary: what is told, exit code 2, nothing written.

use std::path::Path;
use std::process::{Command, Output};

const SOUND: &str = r#"name = "Homes in Delhi"
packs = 200

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use = "private_car_india"

[exit]
country = "india"

[second_life]
system = "offgrid_home_5kwh"
soc_window = [0.1, 0.9]

[second_life.load]
daily_kwh = 2.8
"#;

fn packlife(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packlife"));
    command.args(args).current_dir(folder).env_remove("NO_COLOR").output().expect("the binary runs")
}

/// What `check` and `run` tell about a text; fails unless both refuse it alike and leave the folder as it was.
fn told(text: &str) -> String {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("case.toml"), text).expect("write");
    let output = packlife(folder.path(), &["check", "case.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let run = packlife(folder.path(), &["run", "case.toml"]);
    assert_eq!((run.status.code(), &run.stderr), (Some(2), &output.stderr), "`run` says what `check` says");
    assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing is written");
    String::from_utf8(output.stderr).expect("text")
}

/// The sound scenario with one part replaced.
fn with(part: &str, by: &str) -> String {
    assert!(SOUND.contains(part), "`{part}` is not in the sound scenario");
    SOUND.replace(part, by)
}

#[test]
fn the_sound_scenario_is_sound() {
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("case.toml"), SOUND).expect("write");
    let output = packlife(folder.path(), &["check", "case.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty());
}

#[test]
fn unknown_key() {
    insta::assert_snapshot!(told(&with("vehicle = ", "vehicel = ")));
}

#[test]
fn key_in_the_wrong_table() {
    insta::assert_snapshot!(told(&with("country = \"india\"", "country = \"india\"\npeak_kw = 1.0")));
}

#[test]
fn wrong_type() {
    insta::assert_snapshot!(told(&with("packs = 200", "packs = \"many\"")));
}

#[test]
fn missing_table() {
    insta::assert_snapshot!(told(&with("[exit]\ncountry = \"india\"\n", "")));
}

#[test]
fn out_of_range() {
    insta::assert_snapshot!(told(&with("[exit]", "years_max = 400\n\n[exit]")));
}

#[test]
fn negative() {
    insta::assert_snapshot!(told(&with("daily_kwh = 2.8", "daily_kwh = -2.8")));
}

#[test]
fn not_a_number() {
    insta::assert_snapshot!(told(&with("daily_kwh = 2.8", "daily_kwh = nan")));
}

#[test]
fn unknown_library_name() {
    insta::assert_snapshot!(told(&with("mg_zs_ev_50_lfp", "mg_zs_ev_50_lpf")));
}

#[test]
fn contradicting_keys() {
    let text = format!("{SOUND}\n[second_life.end]\nsoh_min = 0.8\n\n[grading]\naccept_soh_min = 0.75\n");
    insta::assert_snapshot!(told(&text));
}

#[test]
fn empty_window() {
    insta::assert_snapshot!(told(&with("[0.1, 0.9]", "[0.9, 0.1]")));
}

#[test]
fn broken_toml() {
    insta::assert_snapshot!(told(&with("climate = \"delhi\"", "climate = \"delhi")));
}

#[test]
fn empty_file() {
    insta::assert_snapshot!(told(""));
}

#[test]
fn override_that_leads_nowhere() {
    let text = format!("{SOUND}\n[overrides]\n\"vehicles.mg_zs_ev_50_lfp.cell_capacity_ha\" = 160\n");
    insta::assert_snapshot!(told(&text));
}

#[test]
fn four_problems_at_once() {
    let text = r#"name = "Four"
packs = 0

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "dehli"
use = "private_car_india"

[second_life]
system = "offgrid_home_5kwh"
soc_windw = [0.1, 0.9]
"#;
    let told = told(text);
    assert!(told.ends_with("4 problems found\n"));
    insta::assert_snapshot!(told);
}

#[test]
fn a_file_that_is_not_there() {
    let folder = tempfile::tempdir().expect("folder");
    let output = packlife(folder.path(), &["check", "none.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: cannot read `none.toml`"));
}

#[test]
fn new_writes_a_sound_scenario_and_never_over_another() {
    let folder = tempfile::tempdir().expect("folder");
    assert_eq!(packlife(folder.path(), &["new", "home"]).status.code(), Some(0));
    let path = folder.path().join("home.toml");
    let first = std::fs::read(&path).expect("written");
    assert_eq!(packlife(folder.path(), &["check", "home.toml"]).status.code(), Some(0));
    assert_eq!(packlife(folder.path(), &["explain", "home.toml"]).status.code(), Some(0));
    assert_eq!(packlife(folder.path(), &["new", "home"]).status.code(), Some(2));
    assert_eq!(packlife(folder.path(), &["new", "home.toml"]).status.code(), Some(2));
    assert_eq!(packlife(folder.path(), &["new", "../home"]).status.code(), Some(2));
    assert_eq!(std::fs::read(&path).expect("still there"), first);
}

#[test]
fn listing_and_showing() {
    let folder = tempfile::tempdir().expect("folder");
    let code = |args: &[&str]| packlife(folder.path(), args).status.code();
    assert_eq!(code(&["list"]), Some(0));
    assert_eq!(code(&["list", "vehicles"]), Some(0));
    assert_eq!(code(&["list", "planets"]), Some(2));
    assert_eq!(code(&["show", "vehicles.mg_zs_ev_50_lfp"]), Some(0));
    assert_eq!(code(&["show", "mg_zs_ev_50_lpf"]), Some(2));
    assert_eq!(code(&["schema"]), Some(0));
    assert_eq!(code(&["schema", "--nonsense"]), Some(2));
    assert_eq!(code(&[]), Some(2));
}

#[test]
fn laws_and_words_of_the_aging_table() {
    let aging = "\n[aging]\nlaw = [\"lfp_naumann\", \"lfp_naumman\", \"lfp_naumann\"]\nstress = \"rainfall\"\n\n[aging.knee]\nthreshold = 0.1\n";
    insta::assert_snapshot!(told(&format!("{SOUND}{aging}")));
}

#[test]
fn a_law_without_its_parts() {
    let law = "library = [\"own.toml\"]\n";
    let own = "[laws.mine]\nsource = \"own\"\ntitle = \"Mine\"\nform = \"lfp_prismatic250\"\nkind = \"own\"\nloss_cv = 0.1\nresistance_cv = 0.2\n\
        range = { temperature_c = [10.0, 45.0], soc = [0.0, 1.0], depth = [0.1, 1.0], charge_c_max = 1.0, discharge_c_max = 1.0, test_years = 1.0, loss_max = 0.2 }\n\
        parameters = { calendar_kk = 1.0 }\n";
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("own.toml"), own).expect("write");
    std::fs::write(folder.path().join("case.toml"), format!("{law}{SOUND}")).expect("write");
    let output = packlife(folder.path(), &["check", "case.toml"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).expect("text"));
}

#[test]
fn service_that_comes_too_late() {
    let text = format!(
        "{SOUND}\n[second_life.service]\nreplace_soh_below = 0.55\nmodule_soh = 0.5\n\n[second_life.electronics]\nmodule_efficiency = 1.2\n"
    );
    insta::assert_snapshot!(told(&text));
    let text = format!("{SOUND}\n[second_life.service]\nreplace_soh_below = 0.55\nmodule_soh = 0.5\n");
    insta::assert_snapshot!(told(&text));
    insta::assert_snapshot!(told(&with("soc_window = [0.1, 0.9]", "topology = \"serial\"")));
}

#[test]
fn a_chemistry_without_a_price() {
    let own = "[compositions.mine]\nsource = \"own\"\nchemistry = \"lnmo\"\npack_kg_per_kwh = 5.0\n\
        materials_kg_per_kwh = { lithium = 0.1, nickel = 0.2, cobalt = 0, manganese = 0.6, copper = 0.4, aluminium = 0.5, \
        graphite = 0.8, steel = 0.9 }\n\n[targets.mine]\nsource = \"own\"\ntitle = \"Mine\"\ndry_mass = false\n\
        efficiency = { from_year = [2030], share = [0.7] }\n";
    let text = format!(
        "library = [\"own.toml\"]\n{SOUND}\n[recycling]\nroute = \"direct\"\ncomposition = \"mine\"\ntargets = \"mine\"\n"
    );
    let folder = tempfile::tempdir().expect("folder");
    std::fs::write(folder.path().join("own.toml"), own).expect("write");
    std::fs::write(folder.path().join("case.toml"), text).expect("write");
    let output = packlife(folder.path(), &["check", "case.toml"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).expect("text"));
}

#[test]
fn words_of_recycling_and_decision() {
    let text = "\n[recycling]\nbooks = \"gates\"\ntargets = \"eu\"\n\n[decision]\nrule = \"nvp\"\nprice_sets = [\"cn2026\", \"cn2026\"]\n\
        fade_per_year = 0\n";
    insta::assert_snapshot!(told(&format!("{SOUND}{text}")));
}
