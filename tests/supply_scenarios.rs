//! Projections of supply as they come with the tool: sound, complete, and true to the totals that they cite.

use packlife::library::{Library, SourceText};
use packlife::scenario::{FleetPlan, Scenario, SupplyScenario, diagnose, load, load_supply, read, supply_from};
use packlife::supply::{Draw, Lives, Param, Quantity, evaluate};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::builtin().expect("sound"));

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn sound(name: &str) -> SupplyScenario {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    supply_from(&SourceText::new(name, text), name, &folder(), LIBRARY.clone())
        .unwrap_or_else(|problems| panic!("{}", diagnose::render(&problems, false)))
}

/// Inflow of all series in each year \[GWh\].
fn totals(scenario: &SupplyScenario) -> Vec<f64> {
    let plan = &scenario.plan;
    (0..plan.years).map(|year| plan.series.iter().map(|series| series.gwh[year]).sum()).collect()
}

#[test]
fn every_projection_is_sound() {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = files
        .filter(|path| {
            path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("supply_"))
                && path.extension().is_some_and(|e| e == "toml")
        })
        .collect();
    assert_eq!(files.len(), 6);
    for path in files {
        let scenario = sound(path.file_name().unwrap().to_str().unwrap());
        let plan = &scenario.plan;
        assert!(plan.series.iter().all(|series| series.gwh.len() == plan.years), "{}", path.display());
        assert!(plan.series.iter().flat_map(|series| &series.gwh).all(|gwh| gwh.is_finite() && *gwh >= 0.0));
        let used: Vec<bool> =
            (0..plan.chemistries.len()).map(|c| plan.series.iter().any(|s| s.chemistry == c)).collect();
        assert!(used.iter().all(|used| *used), "{}: a chemistry without inflow", path.display());
        let mut paths: Vec<&str> = scenario.resolved.iter().map(|row| row.path.as_str()).collect();
        let count = paths.len();
        assert!(scenario.resolved.iter().all(|row| !row.source.is_empty() && !row.value.is_empty()));
        paths.sort_unstable();
        paths.dedup();
        let projections = plan.projections.len();
        assert!(count - paths.len() <= projections, "{}: paths are told twice", path.display());
        assert!(scenario.assumed_count() > 0 && scenario.sources().len() > 5);
    }
}

/// World battery demand of new electric vehicles: history and stated policies of the IEA Global EV Outlook 2025, then the
/// choices that the file names \[GWh\].
#[test]
fn the_world_takes_in_what_its_sources_say() {
    let inflow = totals(&sound("supply_world.toml"));
    let cited = [
        (2010, 0.6176),
        (2015, 30.11),
        (2018, 107.9),
        (2020, 169.2),
        (2021, 334.9),
        (2022, 557.7),
        (2023, 771.5),
        (2024, 954.4),
        (2030, 3167.0),
        (2035, 4719.0),
        (2040, 5210.0),
        (2050, 5210.0),
    ];
    for (year, gwh) in cited {
        let ours = inflow[year - 2010];
        assert!((ours / gwh - 1.0).abs() < 0.003, "{year}: {ours} GWh, cited {gwh}");
    }
}

/// The shares of chemistries split the inflow and lose nothing of it; half of the world's batteries of 2024 were of iron
/// phosphate (IEA Global EV Outlook 2025).
#[test]
fn chemistries_split_the_inflow() {
    let scenario = sound("supply_world.toml");
    let plan = &scenario.plan;
    let lfp = plan.chemistries.iter().position(|c| c.name == "lfp").unwrap();
    let of = |year: usize| -> f64 {
        plan.series.iter().filter(|s| s.chemistry == lfp).map(|s| s.gwh[year - 2010]).sum::<f64>()
            / totals(&scenario)[year - 2010]
    };
    assert!((of(2024) - 0.51).abs() < 0.03, "{}", of(2024));
    assert!((of(2030) - 0.59).abs() < 0.04, "{}", of(2030));
    let text = std::fs::read_to_string(folder().join("supply/world_inflow.csv")).unwrap();
    let china: f64 = text
        .lines()
        .filter(|l| l.starts_with("China,") && l.contains(",2024,"))
        .map(|l| l.split(',').nth(3).unwrap().parse::<f64>().unwrap())
        .sum();
    let region = plan.regions.iter().position(|r| r == "China").unwrap();
    let ours: f64 = plan.series.iter().filter(|s| s.region == region).map(|s| s.gwh[14]).sum();
    assert!((ours / china - 1.0).abs() < 1e-12);
}

/// Every parameter that a run reads has a value: all but those of a recall, which is none, and of simulated packs.
#[test]
fn what_a_scenario_leaves_out_has_a_default() {
    let scenario = sound("supply_world.toml");
    let optional = [Param::RecallShare, Param::RecallAge, Param::UseExponent, Param::AgingFactor];
    for param in Param::ALL.iter().filter(|param| !optional.contains(param)) {
        assert!(scenario.plan.parameters.rules.iter().any(|rule| rule.param == *param), "{}", param.name());
    }
    for rule in &scenario.plan.parameters.rules {
        let [min, max] = rule.param.range();
        assert!(!rule.knots.is_empty() && rule.knots.windows(2).all(|pair| pair[0].year < pair[1].year));
        for band in rule.knots.iter().map(|knot| knot.band) {
            assert!(min <= band.low && band.low <= band.value && band.value <= band.high && band.high <= max);
        }
    }
    assert!(matches!(scenario.plan.lives, Lives::Closed { .. }));
    let told = |name: &str, param| sound(name).plan.parameters.rules.iter().any(|rule| rule.param == param);
    for param in [Param::UseExponent, Param::AgingFactor] {
        assert!(told("supply_mg_lohum.toml", param), "packs are simulated");
    }
    assert!(!told("supply_mg_lohum.toml", Param::BatteryLifeMean), "packs tell it");
    assert!(!told("supply_mg_lohum.toml", Param::SecondSohEnd), "packs tell it");
    assert!(told("supply_mg_lohum.toml", Param::HomeShare), "India demands recycled content");
    assert!(!told("supply_mg_lohum.toml", Param::WaitingYears), "storage has no cap");
}

/// Norway's cars on the road, given, need a number of new ones that moves little from year to year.
#[test]
fn a_full_market_needs_steady_sales() {
    let plan = sound("supply_norway.toml").plan;
    let table = evaluate(&plan, &Draw::central(), false).expect("balanced").table;
    let [years, groups] = table.size();
    assert_eq!((years, groups), (26, 4));
    let sum = |q, t: usize| (0..groups).map(|group| table.of(q, group)[t]).sum::<f64>();
    // At 75 kWh a car.
    let cars: Vec<f64> = (0..years).map(|t| sum(Quantity::Inflow, t) / 0.075).collect();
    assert!(cars.iter().all(|thousand| (105.0..150.0).contains(thousand)), "{cars:?}");
    assert!(cars.windows(2).all(|pair| (0.98..1.06).contains(&(pair[1] / pair[0]))), "{cars:?}");
    let opening: f64 = plan.series.iter().flat_map(|series| &series.opening).sum();
    assert!((opening - 47.6).abs() < 0.1, "{opening}");
    assert!((sum(Quantity::Stock, years - 1) - 184.64).abs() < 0.01);
}

#[test]
fn fleets_stand_for_every_series_once() {
    for name in ["supply_world_physics.toml", "supply_mg_lohum.toml"] {
        let scenario = sound(name);
        let fleets = scenario.physics.expect("fleets");
        let mut served: Vec<usize> = fleets.iter().flat_map(|fleet: &FleetPlan| fleet.series.clone()).collect();
        served.sort_unstable();
        assert_eq!(served, (0..scenario.plan.series.len()).collect::<Vec<_>>(), "{name}");
        assert!(fleets.iter().all(|fleet| fleet.packs == 64 && fleet.journey.first_life.years_max == fleet.years));
    }
    let mut mg = sound("supply_mg_lohum.toml");
    mg.set_packs(8);
    mg.set_seed(3);
    mg.set_draws(0);
    assert!(mg.physics.iter().flatten().all(|fleet| (fleet.packs, fleet.seed) == (8, 3)));
    assert_eq!((mg.plan.seed, mg.plan.draws), (3, 0));
    let changed = mg.resolved.iter().filter(|row| row.source == "command line").count();
    assert_eq!(changed, 3);
    assert!(sound("supply_world.toml").physics.is_none());
}

#[test]
fn targets_of_a_region_bring_recycled_content() {
    let plan = sound("supply_world.toml").plan;
    let europe = plan.regions.iter().position(|r| r == "Europe").unwrap();
    let held: Vec<bool> = plan.targets.iter().map(Option::is_some).collect();
    assert_eq!(held, [false, true, false, true, false]);
    let cobalt = plan.content_targets[europe].iter().find(|(name, _)| name == "cobalt").unwrap();
    assert_eq!(cobalt.1.in_year(2035), Some(0.16));
    assert!(plan.content_targets[0].is_empty());
    // India's rules are of all material together; what is used at home counts there too.
    let india = sound("supply_india.toml").plan;
    assert!(india.parameters.has(Param::HomeShare) && india.content_targets[0].is_empty());
}

#[test]
fn the_two_kinds_of_scenario_are_told_apart() {
    let packs = folder().join("mg_zs_ev_delhi_5kwh.toml");
    let world = folder().join("supply_world.toml");
    assert!(matches!(read(&packs), Ok(Scenario::Packs(_))));
    assert!(matches!(read(&world), Ok(Scenario::Supply(_))));
    assert!(load_supply(&packs).is_err());
    assert!(load(&world).is_err());
}
