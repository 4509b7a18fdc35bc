//! Tests of precedence, records and generated texts.

use super::key::Fallback;
use super::*;
use crate::library::{Library, SourceText};
use std::path::Path;

const BASE: &str = r#"
name = "Test"
[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use = "private_car_india"
[exit]
country = "india"
[second_life]
system = "offgrid_home_5kwh"
"#;

fn plan(text: &str) -> Result<Plan, Vec<Problem>> {
    let library = Library::builtin().expect("sound");
    plan_from(&SourceText::new("test.toml", text), "test", Path::new(""), library)
}

fn sound(text: &str) -> Plan {
    plan(text).unwrap_or_else(|problems| panic!("{}", diagnose::render(&problems, false)))
}

fn row<'a>(plan: &'a Plan, path: &str) -> &'a Resolved {
    plan.resolved.iter().find(|r| r.path == path).unwrap_or_else(|| panic!("no row `{path}`"))
}

fn faults(text: &str) -> Vec<String> {
    plan(text).expect_err("problems").iter().map(|p| p.fault.to_string()).collect()
}

#[test]
fn scenario_beats_override_beats_library_beats_default() {
    let path = "exit.write_off_per_year";
    let plain = sound(BASE);
    assert!(matches!(row(&plain, path).origin, Origin::Library { .. }));
    let overrides = "[overrides]\n\"countries.india.write_off_per_year\" = 0.5\n";
    let overridden = sound(&format!("{BASE}{overrides}"));
    assert_eq!(overridden.journey.exit.write_off_per_year, 0.5);
    assert_eq!(row(&overridden, path).origin, Origin::Override);
    let both = BASE.replace("country =", "write_off_per_year = 0.25\ncountry =") + overrides;
    let both = sound(&both);
    assert_eq!(both.journey.exit.write_off_per_year, 0.25);
    assert_eq!(row(&both, path).origin, Origin::Scenario);
    assert_eq!(row(&plain, "storage.days").origin, Origin::Default);
    assert_eq!(plain.journey.storage.days, 90);
    assert_eq!(sound(&format!("{BASE}[storage]\ndays = 7\n")).journey.storage.days, 7);
}

#[test]
fn overrides_may_be_written_as_tables() {
    let plan = sound(&format!("{BASE}[overrides.vehicles.mg_zs_ev_50_lfp]\nconsumption_wh_per_km = 99\n"));
    assert_eq!(plan.journey.vehicle.consumption_wh_per_km, Some(99.0));
    assert_eq!(row(&plan, "vehicles.mg_zs_ev_50_lfp.consumption_wh_per_km").origin, Origin::Override);
}

#[test]
fn overridden_links_are_followed() {
    let told = faults(&format!("{BASE}[overrides]\n\"vehicles.mg_zs_ev_50_lfp.cell\" = \"none\"\n"));
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("names `none`"), "{told:?}");
}

#[test]
fn every_value_has_one_row_with_a_source() {
    let plan = sound(BASE);
    let mut paths: Vec<&str> = plan.resolved.iter().map(|r| r.path.as_str()).collect();
    paths.sort_unstable();
    let count = paths.len();
    paths.dedup();
    assert_eq!(paths.len(), count, "no path twice");
    assert!(plan.resolved.iter().all(|r| !r.source.is_empty() && !r.value.is_empty()));
    for table in root().all().iter().filter(|t| t.presence != Presence::Optional) {
        for key in table.keys.iter().filter(|k| k.fallback != Fallback::Nothing) {
            let unfit = ["second_life.load.sessions_per_day", "second_life.load.file"];
            if !unfit.contains(&key.path().as_str()) {
                row(&plan, &key.path());
            }
        }
    }
    assert!(plan.assumed_count() > 0 && plan.assumed_count() < count);
    assert!(plan.sources().len() > 1);
}

#[test]
fn defaults_are_computed_from_the_rest() {
    let plan = sound(BASE);
    let (life, vehicle) = (&plan.journey.second_life, &plan.journey.vehicle);
    assert_eq!(life.pv.azimuth_deg, 180.0);
    assert_eq!(life.pv.tilt_deg, life.climate.latitude_deg);
    let module_v = f64::from(vehicle.cells_series / vehicle.modules) * plan.journey.cell.nominal_voltage_v;
    let off = (f64::from(life.series_modules) * module_v - life.system.string_voltage_v).abs();
    assert!(off <= module_v / 2.0 || life.series_modules == 1);
    let south = sound(&format!("{BASE}[overrides]\n\"climates.delhi.latitude_deg\" = -33.0\n"));
    assert_eq!((south.journey.second_life.pv.azimuth_deg, south.journey.second_life.pv.tilt_deg), (0.0, 33.0));
    assert_eq!(row(&plan, "second_life.climate").value, "delhi");
}

#[test]
fn whole_packs_are_strings_of_all_their_modules() {
    let whole = format!("{BASE}[repurposing]\nlevel = \"pack\"\n");
    let plan = sound(&whole);
    assert_eq!(plan.journey.second_life.series_modules, plan.journey.vehicle.modules);
    let told = faults(&whole.replace("system =", "series_modules = 4\nsystem ="));
    assert!(told.len() == 1 && told[0].contains("stay whole with 13 modules in series"), "{told:?}");
}

#[test]
fn tests_are_one_or_several_and_the_menu_is_the_library() {
    let plan = sound(&format!("{BASE}[grading]\ntests = [\"eis_30s\", \"capacity\"]\n"));
    let names = |tests: &[crate::life::plan::TestPlan]| tests.iter().map(|t| t.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&plan.journey.grading.tests), ["eis_30s", "capacity"]);
    assert_eq!(
        names(&plan.journey.grading.menu),
        Library::builtin().expect("sound").names(crate::library::Category::Tests)
    );
    assert_eq!(row(&plan, "grading.tests").value, "eis_30s, capacity");
    assert_eq!(names(&sound(BASE).journey.grading.tests), ["capacity"]);
    assert!(faults(&format!("{BASE}[grading]\ntests = []\n"))[0].contains("at least one entry"));
}

#[test]
fn contradictions_are_found() {
    let cases = [
        ("[grading]\ngrade_a_soh_min = 0.7\ngrade_b_soh_min = 0.8\n", "grade B starts"),
        ("[grading]\naccept_soh_min = 0.5\n", "down to SoH 0.5"),
        ("[second_life.end]\nsoh_min = 0.9\n", "ends at 0.9"),
        ("[grading]\naccept_resistance_max = 3\n", "up to 3 times"),
        ("[second_life.load]\nsessions_per_day = 3\n", "does not fit the load `home_delhi`"),
        ("[second_life.pv]\npeak_kw = 0\n", "no source of energy"),
        ("[second_life.pv]\nminute_clouds = true\n", "but `step_minutes` is 60"),
        ("[second_life.recharge]\npower_kw = 1\nfrom_hour = 3\nto_hour = 3\n", "window is empty"),
        ("[second_life.recharge]\npower_kw = 1\nfrom_hour = 3\nto_hour = 4\nsoc_target = 0.01\n", "`soc_target` 0.01"),
        ("[storage]\nsoc = 0\n", "stored at SoC 0"),
        ("[exit.recall]\nshare = 0.3\nfrom_years = 3\nto_years = 0.5\n", "ends 0.5 years after a pack is new, before"),
        ("[exit.recall]\nshare = 0.3\nfrom_years = 40\nto_years = 40\n", "no vehicle is left"),
        ("[repurposing]\nlevel = \"cell\"\n", "not simulated one by one"),
        (
            "[repurposing]\nlevel = \"cell\"\n[numerics]\nfidelity = \"cell\"\n[used_modules]\nsoh_mean = 0.8\n",
            "whose life nobody recorded",
        ),
        ("[overrides]\n\"systems.offgrid_home_5kwh.string_voltage_v\" = 4000\n", "modules in series"),
    ];
    for (extra, expected) in cases {
        let told = faults(&format!("{BASE}{extra}"));
        assert!(told.len() == 1 && told[0].contains(expected), "{extra}: {told:?}");
    }
    sound(&format!(
        "{BASE}[second_life.pv]\npeak_kw = 0\n[second_life.recharge]\npower_kw = 1\nfrom_hour = 22\nto_hour = 4\n"
    ));
}

#[test]
fn hire_is_asked_about_beside_a_study() {
    let study = format!(
        "{BASE}[numerics]\nstep_minutes = 5\n[second_life.pv]\nminute_clouds = true\n[sizing]\nlpsp_max = 0.02\n"
    );
    let plain = sound(&study);
    assert!(plain.journey.second_life.pv.minute_clouds);
    let sizing = plain.sizing.expect("asked for");
    assert!(sizing.hire.is_none() && sizing.site.fuel_co2_kg_per_l == 2.68);
    let hire = "[sizing.hire]\ndays_per_year = 150\ngenset_day_usd = 40\n[sizing.project]\ngrid_co2_kg_per_kwh = 0.4\n";
    let with = sound(&format!("{study}{hire}"));
    assert_eq!(row(&with, "sizing.hire.genset_day_usd").origin, Origin::Scenario);
    let sizing = with.sizing.expect("asked for");
    let hire = sizing.hire.expect("asked for");
    assert_eq!((hire.days_per_year, hire.genset_day_usd, hire.genset_kw), (150.0, Some(40.0), None));
    assert!(hire.genset.fuel_slope_l_per_kwh > 0.0 && sizing.site.grid_co2_kg_per_kwh == 0.4);
    let told = faults(&format!("{study}[sizing.hire]\ndays_per_year = 400\n"));
    assert!(told.len() == 1 && told[0].contains("days_per_year"), "{told:?}");
}

#[test]
fn command_line_values_are_recorded() {
    let mut plan = sound(BASE);
    plan.set_packs(12);
    plan.set_seed(u64::MAX);
    assert_eq!((plan.packs, plan.seed), (12, u64::MAX));
    assert_eq!(row(&plan, "packs").origin, Origin::Override);
    assert_eq!(row(&plan, "seed").value, u64::MAX.to_string());
}

#[test]
fn defaults_lie_in_their_ranges_and_have_their_types() {
    for key in root().all().iter().flat_map(|t| t.keys) {
        let value = match key.fallback {
            Fallback::Fixed { value, .. } => value,
            Fallback::Required { example } => example,
            _ => continue,
        };
        let fits = match (key.kind, value) {
            (Kind::Real { min, max }, Literal::Real(x)) => (min..=max).contains(&x),
            (Kind::Whole { min, max }, Literal::Whole(n)) => (min..=max).contains(&n),
            (Kind::Flag, Literal::Flag(_)) | (Kind::Text | Kind::Entry(_) | Kind::Entries(_), Literal::Text(_)) => true,
            (Kind::Choice(words) | Kind::Choices(words), Literal::Text(word)) => words.contains(&word),
            _ => false,
        };
        assert!(fits, "{}: {value}", key.path());
    }
}

#[test]
fn starter_is_a_sound_scenario_and_so_is_each_default_in_it() {
    let library = Library::builtin().expect("sound");
    let text = starter("A \"quoted\" title", &library);
    let plan = sound(&text);
    assert_eq!(plan.title, "A \"quoted\" title");
    let is_key = |rest: &str| {
        rest.starts_with(|c: char| c.is_lowercase()) && !rest.contains(" = ...") && !rest.starts_with("library")
    };
    // The same with every commented fixed default switched on.
    let on: String = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.contains(" = ") && is_key(rest) => rest,
            Some(rest) if rest.starts_with('[') && !rest.starts_with("[overrides]") => rest,
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n");
    let full = sound(&on);
    assert!(full.journey.second_life.recharge.is_some() && full.journey.used.is_some());
    assert!(full.journey.laws[0].options.knee.is_some() && full.journey.laws[0].options.regain.is_some());
    assert!(full.journey.recall.is_some());
    assert_eq!(full.journey.spread, plan.journey.spread);
}

#[test]
fn user_files_add_and_replace_entries() {
    let folder = tempfile::tempdir().expect("folder");
    let own = "[countries.india]\nsource = \"own\"\ntitle = \"Own\"\nwrite_off_per_year = 0.125\nfailure_per_year = 0\n\
        failures = \"traction_pack\"\nvehicle_life_shape = 3\nvehicle_life_scale_years = 12\nwarranty_years = 8\n\
        warranty_soh = 0.7\nlife_use_exponent = 0.5\nneed_quantile = 0.98\nneed_reserve = 1.1\nneed_resale_share = 0.8\nneed_least_km = 60\n\
        gate_fail_write_off = 0.3\ngate_fail_warranty = 0.1\ngate_fail_owner_need = 0.1\ngate_fail_end_of_life = 0.1\n";
    std::fs::write(folder.path().join("own.toml"), own).expect("write");
    let with = |files: &str, text: &str| {
        let text = format!("library = [{files}]\n{text}");
        let library = Library::builtin().expect("sound");
        plan_from(&SourceText::new("test.toml", text), "test", folder.path(), library)
    };
    let plan = with("\"own.toml\"", BASE).expect("sound");
    assert_eq!(plan.journey.exit.write_off_per_year, 0.125);
    assert_eq!(row(&plan, "exit.write_off_per_year").source, "own");
    let missing = with("\"none.toml\"", BASE).expect_err("no such file");
    assert!(matches!(missing[0].fault, ScenarioFault::Unreadable { .. }));
    std::fs::write(folder.path().join("own.toml"), own.replace("= 3\n", "= -3\n")).expect("write");
    let broken = with("\"own.toml\"", BASE).expect_err("a negative shape");
    assert_eq!(broken.len(), 1);
    assert!(broken[0].source.name.ends_with("own.toml"));
    assert!(diagnose::render(&broken, false).contains("own.toml:7:1"));
}

#[test]
fn a_speed_trace_stands_for_the_cycle() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    file("drive.csv", "time_s,speed_kmh\n0,36\n100,36\n");
    file("torn.csv", "time_s,speed_kmh\n0,36\n100,fast\n");
    file("down.csv", "time_s,speed_kmh,power_kw\n0,36,1\n100,36,-1\n");
    let with = |key: &str, name: &str| {
        let text = BASE.replace("climate = ", &format!("{key} = \"{name}\"\nclimate = "));
        let library = Library::builtin().expect("sound");
        plan_from(&SourceText::new("test.toml", text), "test", folder.path(), library)
    };
    let plan = with("speed_trace", "drive.csv").expect("sound");
    assert_eq!(plan.journey.first_life.trace.speed_mps, [10.0, 10.0]);
    assert!(plan.journey.first_life.long_trace.speed_mps.len() > 1000, "that of the use's cycle");
    assert_eq!(row(&plan, "first_life.speed_trace").value, "drive.csv");
    assert!(!plan.resolved.iter().any(|r| r.path.starts_with("cycles.indian_city")), "a cycle not used");
    let told = |key: &str, name: &str| {
        let problems = with(key, name).expect_err("bad");
        assert_eq!(problems.len(), 1);
        problems[0].fault.to_string().replace(&folder.path().display().to_string(), "FOLDER")
    };
    assert_eq!(
        told("long_speed_trace", "torn.csv"),
        "speed trace `FOLDER/torn.csv`: line 3, column `speed_kmh`: `fast` is not a number"
    );
    assert!(told("speed_trace", "none.csv").starts_with("speed trace `FOLDER/none.csv`: "));
    assert!(told("speed_trace", "down.csv").contains("0.0 Wh/km"));
}

#[test]
fn a_table_stands_for_the_load() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    file("own.csv", &format!("load_w\n{}", "500\n".repeat(8760)));
    file("short.csv", "load_w\n500\n");
    file("hz.csv", "time_s,frequency_hz\n0,50\n1,50\n");
    let with = |load: &str| {
        let text = format!("{BASE}[second_life.load]\n{load}");
        let library = Library::builtin().expect("sound");
        plan_from(&SourceText::new("test.toml", text), "test", folder.path(), library)
    };
    let plan = with("file = \"own.csv\"\nbus = \"dc\"\n").expect("sound");
    let load = &plan.journey.second_life.load;
    assert_eq!((load.kinds(), load.bus), (1, crate::duty::LoadBus::Dc));
    assert_eq!(load.file.as_ref().expect("a table").load_kw.values()[8759], 0.5);
    assert_eq!(row(&plan, "second_life.load.file").value, "own.csv");
    assert!(!plan.resolved.iter().any(|r| r.path.starts_with("loads.")), "an entry not used");
    let tower = with("profile = \"telecom_tower\"\n").expect("sound");
    assert_eq!(row(&tower, "second_life.load.bus").value, "dc");
    let told = |load: &str| {
        let problems = with(load).expect_err("bad");
        assert_eq!(problems.len(), 1, "{load}");
        problems[0].fault.to_string().replace(&folder.path().display().to_string(), "FOLDER")
    };
    assert!(told("file = \"short.csv\"\n").starts_with("load `FOLDER/short.csv`: there are 1 rows of values"));
    assert!(told("file = \"none.csv\"\n").starts_with("load `FOLDER/none.csv`: "));
    assert_eq!(told("file = \"own.csv\"\nprofile = \"home_delhi\"\n"), "a load is either a `profile` or a `file`");
    assert!(told("file = \"own.csv\"\ndaily_kwh = 3\n").contains("which is made of a table"));
    assert!(told("file = \"hz.csv\"\n").contains("but the load `home_delhi` is made of a daily profile"));
    assert!(told("profile = \"frequency_reserve\"\n").contains("is a frequency reserve"));
}
