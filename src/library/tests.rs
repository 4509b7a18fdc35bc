//! Tests of loading, replacing and overriding.

use super::*;
use crate::cell::CellSpec;
use crate::duty::{CycleSpec, DriveDemand, Owner, UseSpec, VehicleSpec};
use crate::life::grading::TestSpec;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use toml::Value;

fn builtin() -> Library {
    Library::builtin().expect("sound")
}

const QUICK: &str = r#"
[tests.capacity]
source = "own bench"
title = "Own"
soh_bias = 0
soh_sd = 0.02
resistance_sd = 0.05
hours = 3
cost_usd_per_kwh = 1
"#;

#[test]
fn builtin_entries_are_sound_and_named() {
    let library = builtin();
    for category in Category::ALL {
        assert!(!library.names(*category).is_empty(), "{}", category.name());
        for entry in library.entries(*category) {
            assert!(!entry.shown().is_empty(), "{}", entry.item());
        }
    }
}

/// The aged curve of every cell: how far the secant that packs are stepped with is from the full formula, above a tenth of
/// SoC, and whether it rises.
#[test]
fn aged_curves_of_all_cells_are_close_to_the_full_formula() {
    let library = builtin();
    for name in library.names(Category::Cells) {
        let (spec, _) = library.find::<CellSpec>(name).expect("named");
        let cell = crate::cell::Cell::new(spec.clone()).expect("sound");
        for x in [0.05, 0.1, 0.15, 0.2, 0.25] {
            let aged: Vec<f64> = (0..=400).map(|i| cell.ocv_at(f64::from(i) / 400.0, 298.15, x)).collect();
            assert!(aged.windows(2).all(|w| w[1] >= w[0] - 1e-12), "{name} {x}");
            let full = |i: usize| crate::cell::tables::shifted_ocv(&spec, i as f64 / 400.0, x);
            let worst = (40..=400).map(|i| (aged[i] - full(i)).abs()).fold(0.0, f64::max);
            assert!(worst < 0.03, "{name} {x}: {worst}");
        }
    }
}

#[test]
fn field_names_come_from_the_types() {
    assert!(Category::Cells.fields().contains(&"capacity_ah"));
    assert!(Category::Loads.fields().contains(&"sessions"));
}

#[test]
fn user_entries_replace_and_add() {
    let mut library = builtin();
    library.add_text("mine.toml", QUICK).expect("sound");
    let (test, entry): (TestSpec, _) = library.find("capacity").expect("there");
    assert_eq!(test.hours, 3.0, "a whole number serves as a real one");
    assert_eq!(entry.provenance.source, "own bench");
    library.add_text("more.toml", &QUICK.replace("tests.capacity", "tests.other")).expect("sound");
    assert!(library.knows(Category::Tests, "other") && library.knows(Category::Tests, "capacity"));
}

#[test]
fn all_problems_of_a_file_are_told() {
    let text = r#"
[tests.a]
source = ""
title = "no source"
[tests.b]
source = "x"
title = "two unknown"
hourz = 3
cots = 1
[tests.c]
source = "x"
title = 5
[testss.d]
source = "x"
"#;
    let problems = builtin().add_text("bad.toml", text).expect_err("bad");
    let told: Vec<String> = problems.iter().map(|p| p.fault.to_string()).collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(told.iter().any(|t| t.contains("unknown field `hourz`")));
    let unknown = problems.iter().find(|p| p.fault.to_string().contains("hourz")).expect("there");
    assert_eq!(unknown.fault.hint().as_deref(), Some("did you mean `hours`?"));
    assert_eq!(&text[unknown.span.clone()], "hourz");
}

#[test]
fn entries_are_checked_beyond_their_types() {
    let text = QUICK.replace("soh_bias = 0", "soh_bias = 5");
    let problems = Library::empty().add_text("mine.toml", &text).expect_err("a bias of 500 %");
    assert_eq!(problems[0].fault.to_string(), "`tests.capacity`: `soh_bias` is 5, outside -0.5..=0.5");
    assert_eq!(&text[problems[0].span.clone()], "soh_bias = 5");
}

#[test]
fn provenance_is_per_value() {
    let mut library = Library::empty();
    let text = format!("{QUICK}\n[tests.capacity.provenance]\nhours = {{ source = \"guess\", assumed = true }}\n");
    library.add_text("p.toml", &text).expect("sound");
    let entry = library.entry(Category::Tests, "capacity").expect("there");
    assert!(entry.provenance_of("hours").assumed);
    assert_eq!(entry.provenance_of("hours").source, "guess");
    assert_eq!(entry.provenance_of("soh_sd").source, "own bench");
    let text = text.replace("\nhours = {", "\nhour = {");
    assert!(Library::empty().add_text("p.toml", &text).is_err(), "provenance of a value that is not there");
}

#[test]
fn overrides_replace_values_and_keep_types() {
    let mut library = builtin();
    let name = library.names(Category::Cells)[0].to_owned();
    let path = |field: &str| format!("cells.{name}.{field}");
    library.set_all(&[(path("capacity_ah"), Value::Integer(151))]).expect("a number");
    let (cell, entry): (CellSpec, _) = library.find(&name).expect("there");
    assert_eq!(cell.capacity_ah, 151.0);
    assert!(entry.is_overridden("capacity_ah") && !entry.is_overridden("mass_kg"));

    let faults = library
        .set_all(&[
            (path("capacity_ha"), Value::Integer(1)),
            (path("capacity_ah"), Value::String("1".into())),
            (path("mass_kg"), Value::Float(f64::NAN)),
            (path("mass_kg"), Value::Float(-1.0)),
            ("cellz.x.y".into(), Value::Integer(1)),
            ("cells".into(), Value::Integer(1)),
            (String::new(), Value::Integer(1)),
            (path("chemistry"), Value::String("lead".into())),
        ])
        .expect_err("bad");
    let at: Vec<usize> = faults.iter().map(|(i, _)| *i).collect();
    for index in [0, 1, 2, 4, 5, 6] {
        assert!(at.contains(&index), "{index}: {faults:#?}");
    }
    let cell: CellSpec = library.get(&name).expect("there");
    assert!(cell.mass_kg > 0.0, "left as it was");
    let faults = library.set_all(&[(path("mass_kg"), Value::Float(-1.0))]).expect_err("negative mass");
    assert!(faults[0].1.to_string().contains("mass_kg"));
}

#[test]
fn links_must_lead_somewhere() {
    let mut library = builtin();
    assert!(library.broken_links().is_empty());
    let vehicle = library.names(Category::Vehicles)[0].to_owned();
    library.set_all(&[(format!("vehicles.{vehicle}.cell"), Value::String("nothing".into()))]).expect("a text");
    assert_eq!(library.broken_links().len(), 1);
    let cell = library.names(Category::Cells)[0].to_owned();
    library.set_all(&[(format!("cells.{cell}.law"), Value::String("nothing".into()))]).expect("a text");
    assert_eq!(library.broken_links().len(), 2);
}

#[test]
fn name_plates_of_builtin_vehicles_add_up() {
    let library = builtin();
    for name in library.names(Category::Vehicles) {
        let vehicle = library.get::<VehicleSpec>(name).unwrap();
        let cell = library.get::<CellSpec>(&vehicle.cell).unwrap();
        let cells = f64::from(vehicle.cells_series * vehicle.cells_parallel);
        let kwh = cells * vehicle.cell_capacity_ah * cell.nominal_voltage_v * 1e-3;
        assert!((kwh / vehicle.nominal_energy_kwh - 1.0).abs() < 0.03, "{name}: {kwh}");
    }
}

/// Distance a year of every use with a source for it, in closed form with the spread between vehicles.
#[test]
fn uses_give_the_distances_of_their_sources() {
    let library = builtin();
    let km_per_year = |name: &str| {
        let u = library.get::<UseSpec>(name).unwrap();
        let spread = u.daily_ln_km_sd.powi(2) + u.between_vehicles_ln_sd.powi(2);
        let daily = (u.daily_ln_km_mean + 0.5 * spread).exp() * u.driving_day_share;
        let long = u.long_day_median_km * (0.5 * u.long_day_ln_sd.powi(2)).exp();
        (365.0 - u.long_days_per_year) * daily + u.long_days_per_year * long
    };
    for (name, low, high) in [
        ("private_car_india", 9_000.0, 12_000.0),
        ("taxi_india", 40_000.0, 60_000.0),
        ("private_car_uk", 10_800.0, 11_300.0 * 1.05),
        ("private_car_us", 12_000.0, 18_500.0),
        ("three_wheeler_cargo_india", 70.0 * 300.0, 100.0 * 300.0),
        ("e_rickshaw_india", 70.0 * 300.0, 100.0 * 300.0),
        ("city_bus_india", 180.0 * 0.95 * 365.0, 220.0 * 0.95 * 365.0),
        ("taxi_uk", 38_000.0, 42_000.0),
    ] {
        let km = km_per_year(name);
        assert!((low..=high).contains(&km), "{name}: {km} km");
    }
}

/// 6, 2 and 1 days a year beyond 160, 320 and 480 km, with the use's own differences between vehicles.
#[test]
fn the_american_use_has_as_many_long_days_as_observed() {
    let usage = builtin().get::<UseSpec>("private_car_us").unwrap();
    let owners = 3000;
    let mut days = [0.0; 3];
    for k in 0..owners {
        let seed = |n: u64| ChaCha8Rng::seed_from_u64(2 * k + n);
        let mut owner = Owner::new(usage.clone(), seed(0), seed(1));
        for km in (0..365).map(|_| owner.next_day().km) {
            for (count, beyond) in days.iter_mut().zip([160.0, 320.0, 480.0]) {
                *count += f64::from(u8::from(km > beyond)) / owners as f64;
            }
        }
    }
    for (ours, published) in days.into_iter().zip([6.0, 2.0, 1.0]) {
        assert!((ours / published - 1.0_f64).abs() < 0.1, "{days:?}");
    }
}

/// A made cycle of each entry has about the mean speed that its entry is for.
#[test]
fn cycles_have_the_mean_speeds_they_are_for() {
    let library = builtin();
    for (name, kmh) in [
        ("urban", 31.5),
        ("highway", 77.7),
        ("mixed", 46.5),
        ("indian_city", 24.0),
        ("indian_highway", 60.0),
        ("delivery_three_wheeler", 20.0),
        ("city_bus", 18.0),
    ] {
        let trace = library.get::<CycleSpec>(name).unwrap().trace();
        let mean = 3.6 * trace.distance_m() / trace.duration_s();
        assert!((mean / kmh - 1.0).abs() < 0.06, "{name}: {mean} km/h");
    }
}

/// What driving takes from the pack in mild weather, auxiliaries included: near what tests and owners found.
#[test]
fn vehicles_take_what_is_known_of_them() {
    let library = builtin();
    let mixed = library.get::<CycleSpec>("mixed").unwrap().trace();
    for (name, low, high) in [
        ("nissan_leaf_40", 148.0, 158.0),
        ("nissan_leaf_62", 152.0, 163.0),
        ("jaguar_ipace_90", 196.0, 214.0),
        ("mini_se", 137.0, 147.0),
        ("tesla_model3_60_lfp", 130.0, 141.0),
        ("nissan_leaf_24", 120.0, 155.0),
    ] {
        let vehicle = library.get::<VehicleSpec>(name).unwrap();
        let drive = DriveDemand::new(&vehicle, &mixed).unwrap();
        let wh_per_km = drive.step(20.0, 1.0, None).power_w / drive.speed_kmh;
        assert!((low..=high).contains(&wh_per_km), "{name}: {wh_per_km} Wh/km");
    }
}

const CAR: &str = r#"
[vehicles.mine]
source = "own"
title = "Mine"
cell = "lfp_prismatic"
cell_capacity_ah = 100
cells_series = 16
cells_parallel = 1
modules = 4
nominal_energy_kwh = 5.12
pack_mass_kg = 50
soc_window = [0.0, 1.0]
ac_charge_kw = 3
dc_charge_kw = 3
charge_efficiency = 0.9
cooling = "passive"
coolant_band_c = [20, 30]
parked_time_constant_h = 6
"#;

#[test]
fn a_vehicle_has_either_a_road_load_or_a_consumption() {
    let told = |more: &str| -> Vec<String> {
        let found = Library::empty().add_text("mine.toml", &format!("{CAR}{more}"));
        found.err().unwrap_or_default().iter().map(|p| p.fault.to_string()).collect()
    };
    let consumed = "consumption_wh_per_km = 60\nheating_per_k = 0\ncooling_per_k = 0\ncurrent_form_factor = 1.5\n";
    let road = "[vehicles.mine.road_load]\nmass_kg = 900\nrolling_coefficient = 0.01\ndrag_coefficient = 0.4\n\
        frontal_area_m2 = 2\ndrive_efficiency = 0.85\nregeneration_efficiency = 0.5\nregeneration_kw = 5\n\
        auxiliary_kw = 0.1\nheating_w_per_k = 0\nwarm_up_wh_per_k = 0\nheating_cop = 1\nheating_cop_per_k = 0\n\
        cooling_w_per_k = 0\n";
    assert!(told(consumed).is_empty() && told(road).is_empty(), "{:?} {:?}", told(consumed), told(road));
    let both = format!("{consumed}{road}");
    let mixed = format!("{road}coast_a_n = 100\n");
    let messages = [told(""), told(&both), told("consumption_wh_per_km = 60\n"), told(&mixed)].map(|t| t.join("\n"));
    insta::assert_snapshot!(messages.join("\n--\n"), @r#"
    `vehicles.mine`: give exactly one of `road_load` and `consumption_wh_per_km`, found 0
    --
    `vehicles.mine`: give exactly one of `road_load` and `consumption_wh_per_km`, found 2
    --
    `vehicles.mine`: `heating_per_k` goes with `consumption_wh_per_km`: give both or neither
    `vehicles.mine`: `cooling_per_k` goes with `consumption_wh_per_km`: give both or neither
    `vehicles.mine`: `current_form_factor` goes with `consumption_wh_per_km`: give both or neither
    --
    `vehicles.mine`: give exactly one of a coast-down (`coast_a_n`, ...) and a body (`drag_coefficient`, ...), found 2
    `vehicles.mine`: `road_load.coast_b_n_per_mps` goes with `coast_a_n`: give both or neither
    `vehicles.mine`: `road_load.coast_c_n_per_mps2` goes with `coast_a_n`: give both or neither
    "#);
}

#[test]
fn targets_and_routes_are_checked() {
    let text = r#"
[targets.mine]
source = "own"
title = "Mine"
dry_mass = false
efficiency = { from_year = [2030, 2028], share = [0.7, 1.2] }
recovery = { gold = { from_year = [2030], share = [0.5] } }
[routes.twice]
source = "own"
title = "Sells nickel twice"
cathode_recovery = 0.9
process_cost_usd_per_kg = 0.5
process_co2_kg_per_kg = 1.0
recovery = { lithium = 0, nickel = 0.5, cobalt = 0, manganese = 0, copper = 0, aluminium = 0, graphite = 0, steel = 0 }
"#;
    let problems = Library::empty().add_text("bad.toml", text).expect_err("bad");
    let told: Vec<String> = problems.iter().map(|p| p.fault.to_string()).collect();
    for word in [
        "`efficiency.from_year` must rise",
        "`efficiency.share` is 1.2",
        "`recovery.gold` names no followed material",
        "`recovery.nickel` is 0.5, outside 0..=0.0",
    ] {
        assert!(told.iter().any(|t| t.contains(word)), "{word}: {told:#?}");
    }
}

/// Every chemistry of the library can be sold, handed over and refurbished under every price set.
#[test]
fn price_sets_know_all_chemistries() {
    use crate::economics::PriceSet;
    use crate::life::recycling::CompositionSpec;
    let library = builtin();
    for composition in library.names(Category::Compositions) {
        let chemistry = library.get::<CompositionSpec>(composition).expect("there").chemistry;
        for prices in library.names(Category::Prices) {
            let set: PriceSet = library.get(prices).expect("there");
            assert!(set.cathode_usd_per_kg.contains_key(&chemistry) && set.gate_usd_per_kg.contains_key(&chemistry));
            assert!(set.refurbishment.contains_key(&chemistry) && set.cathode_co2_kg_per_kg.contains_key(&chemistry));
        }
    }
}

/// Cuts and hours without supply a year of every grid, over forty years: what its laws or its profile ask for, to 6 %; the
/// rare ones to three standard deviations of their number.
#[test]
fn grids_are_out_as_often_as_their_entries_say() {
    use crate::duty::{GridSpec, Supply};
    let library = builtin();
    let years = 40;
    for (name, number, hours) in [
        ("always", 0.0, 0.0),
        ("uk", 0.5, 0.52),
        ("india_urban", 633.0, 730.0),
        ("delhi", 221.0, 182.0),
        ("india_rural", f64::NAN, 1460.0),
        ("bihar_rural", f64::NAN, 2281.0),
        ("uttar_pradesh_rural_8h", f64::NAN, 2920.0),
        ("uttar_pradesh_rural", f64::NAN, 5360.0),
        ("urban_2h_day", 365.0, 730.0),
        ("rural_5h5_day", 730.0, 2007.0),
        ("bad_12h_day", 876.0, 4380.0),
    ] {
        let spec: GridSpec = library.get(name).expect("there");
        let mut grid = Supply::new(&spec, 1, ChaCha8Rng::seed_from_u64(4)).expect("sound");
        let mut share = [0.0; 24];
        (0..365 * years).for_each(|day| grid.next_day(day, &mut share));
        let cuts = grid.cuts();
        let (n, h) = (cuts.number as f64 / years as f64, cuts.hours / years as f64);
        println!("{name}: {n:.1} cuts, {h:.1} h a year, longest {:.1} h", cuts.longest_h);
        if hours < 10.0 {
            assert!((n - number).abs() <= 3.0 * (number / years as f64).sqrt(), "{name}: {n}");
            continue;
        }
        assert!((h / hours - 1.0).abs() < 0.06, "{name}: {h} h");
        assert!(number.is_nan() || (n / number - 1.0).abs() < 0.06, "{name}: {n} cuts");
    }
    assert_eq!(library.names(Category::Grids).len(), 11);
}

/// Every load can be made at every step, and its mean day is that of its entry.
#[test]
fn loads_ask_for_what_their_entries_say() {
    use crate::duty::{LoadModel, LoadSpec, STEPS_PER_HOUR};
    let library = builtin();
    for name in library.names(Category::Loads) {
        let mut spec: LoadSpec = library.get(name).expect("there");
        if let Some(profile) = &mut spec.profile {
            // Between sites the level differs; here it is the mean one.
            profile.site_ln_sd = 0.0;
        }
        for steps in STEPS_PER_HOUR {
            let mut load = LoadModel::new(&spec, steps, ChaCha8Rng::seed_from_u64(4)).expect("sound");
            let mut kw = vec![0.0; 24 * steps];
            let days = if steps == 1 { 728 } else { 7 };
            let (mut kwh, mut most) = (0.0, 0.0_f64);
            for day in 0..days {
                load.next_day(day % 364, &mut kw);
                kwh += kw.iter().sum::<f64>() / steps as f64 / days as f64;
                most = kw.iter().copied().fold(most, f64::max);
                assert!(kw.iter().all(|kw| kw.is_finite() && (*kw >= 0.0 || spec.reserve.is_some())), "{name}");
            }
            println!("{name} at {steps}: {kwh:.3} kWh a day, peak {most:.3} kW");
            if steps > 1 {
                continue;
            }
            let (expected, tolerance) = match &spec {
                LoadSpec { profile: Some(p), .. } => (p.daily_kwh, 0.04),
                LoadSpec { sessions: Some(s), .. } => (s.per_day * s.energy_kwh, 0.06),
                LoadSpec { events: Some(e), .. } => (24.0 * e.critical_kw, 1e-9),
                _ => continue,
            };
            assert!((kwh / expected - 1.0).abs() < tolerance, "{name}: {kwh} for {expected}");
        }
    }
    assert!(library.names(Category::Loads).len() >= 28);
    assert_eq!(library.get::<LoadSpec>("telecom_tower").expect("there").bus, crate::duty::LoadBus::Dc);
}
