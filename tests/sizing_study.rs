//! A sizing study on the real site, with modules of a lot.

use packlife::library::{Library, SourceText};
use packlife::life::Journey;
use packlife::monte::Silent;
use packlife::scenario::{Plan, plan_from};
use packlife::sizing::{Ask, Change, Method, OnSite, Renewal, Simulator, SizingResult, run};
use std::path::Path;

const SCENARIO: &str = r#"
name  = "A home in Delhi"
packs = 12

[first_life]
vehicle = "mg_zs_ev_50_lfp"
climate = "delhi"
use     = "private_car_india"

[used_modules]
soh_mean = 0.82
soh_sd   = 0.05

[exit]
country = "india"

[storage]
days = 1

[second_life]
system = "offgrid_home_5kwh"

[numerics]
weather_years = 3

[sizing]
lpsp_max      = 0.02
service_years = 2
paths         = 3
pv_kw         = [0.6, 1.0, 1.6]
strings       = [1, 2]
inverter_kw   = [0.75]
module_soh    = [0.70, 0.80]
module_usd_per_nameplate_kwh = [35.0, 45.0]
renewals      = ["none", "augment"]
compare_new   = true

[sizing.project]
discount_rate = 0.08
"#;

fn plan(text: &str) -> Plan {
    let library = Library::builtin().expect("sound");
    plan_from(&SourceText::new("home.toml", text), "home", Path::new("."), library).expect("sound")
}

fn study(plan: &Plan, threads: usize) -> SizingResult {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| {
        let journey = Journey::prepare(plan.journey.clone(), plan.seed).expect("can be lived");
        let sizing = plan.sizing.as_ref().expect("asked for");
        run(sizing, &OnSite::new(&journey, sizing, plan.seed, plan.packs), &Silent).expect("has designs")
    })
}

#[test]
fn study_finds_a_design_that_lasts() {
    let plan = plan(SCENARIO);
    let result = study(&plan, 2);
    assert_eq!(result, study(&plan, 1), "threads do not matter");
    let chosen = &result.designs[result.chosen.expect("can be met")];
    assert!(chosen.meets && chosen.method == Method::Simulated && chosen.lpsp_at_confidence <= 0.02);
    assert!(result.detail.paths.iter().all(|p| p.years.len() == 2 && p.balance_error < 1e-9));
    assert!(result.detail.paths.iter().all(|p| p.monthly.len() == 25 && p.usable_kwh_end < p.usable_kwh_start));
    assert_eq!(result.detail.worst_week.len(), 168);
    let [energy, kibam] = result.detail.plain_lpsp;
    assert!((0.0..0.1).contains(&energy) && (0.0..0.1).contains(&kibam));
    assert!(result.options.iter().any(|o| o.best.is_some()) && result.break_even.is_some());
    assert!(result.screen.designs > 0 && result.screen.lpsp_max < 0.02, "{:?}", result.screen);
    let words = ["usable at the start", "keeps LPSP under 2 % in 9 of 10 paths until year 2"];
    assert!(words.iter().all(|w| result.headline.contains(w)), "{}", result.headline);
}

/// A larger design has the modules of a smaller one, a class has what was measured in it, strings that are added come.
#[test]
fn study_draws_modules_by_class_and_path() {
    let plan = plan(SCENARIO);
    let journey = Journey::prepare(plan.journey.clone(), plan.seed).expect("can be lived");
    let sizing = plan.sizing.as_ref().expect("asked for");
    let site = OnSite::new(&journey, sizing, plan.seed, plan.packs);
    let designs = sizing.designs(0..2, &sizing.lists.renewals, site.series_modules());
    let of = |grade, strings, renewal: fn(&Renewal) -> bool| {
        *designs.iter().find(|d| (d.grade, d.strings) == (grade, strings) && renewal(&d.renewal)).expect("listed")
    };
    let none = |r: &Renewal| *r == Renewal::None;
    for path in 0..3 {
        let [fair, good] = [0, 1].map(|grade| site.usable_kwh_start(&of(grade, 1, none), path));
        assert!(fair < good, "class by class: {fair} {good}");
        assert!(site.usable_kwh_start(&of(1, 2, none), path) > 1.5 * good);
    }
    let live = |design, path| {
        site.live(&Ask { design: &design, path, years: 2, change: Change::NONE, trace: false }).expect("believed").life
    };
    let (plain, more) = (live(of(1, 1, none), 0), live(of(1, 1, |r| *r != Renewal::None), 0));
    assert_eq!((plain.modules_added, more.modules_added), (0, site.series_modules()));
    assert_eq!(plain.years[0].unmet_kwh, more.years[0].unmet_kwh, "the same path until then");
    assert!(more.usable_kwh_end > 1.5 * plain.usable_kwh_end);
    assert_eq!(plain.years[0].demand_kwh, live(of(0, 2, none), 0).years[0].demand_kwh, "the same load for all");
}

#[test]
fn study_keys_are_checked() {
    let problem = |from: &str, to: &str| {
        let text = SCENARIO.replace(from, to);
        let library = Library::builtin().expect("sound");
        let problems =
            plan_from(&SourceText::new("home.toml", &text), "home", Path::new("."), library).expect_err("wrong");
        problems.iter().map(|p| p.fault.to_string()).collect::<Vec<_>>().join("; ")
    };
    assert!(problem("[0.70, 0.80]", "[0.80, 0.70]").contains("do not rise"));
    assert!(problem("[35.0, 45.0]", "[35.0]").contains("1 prices"));
    assert!(problem("inverter_kw   = [0.75]", "genset_kw = [0.0, 1.0]").contains("second_life.genset"));
    assert!(problem("[\"none\", \"augment\"]", "[\"sometimes\"]").contains("sometimes"));
    assert!(problem("pv_kw         = [0.6, 1.0, 1.6]", "pv_kw = []").contains("pv_kw"));
    assert!(problem("[0.6, 1.0, 1.6]", "[0.6, -1.0]").contains("-1"));
}

/// Cars that charge from a unit on hire: what they came for is served or lost to a cause, and a genset alone would burn more.
#[test]
fn study_tells_sessions_and_hire() {
    let text = SCENARIO
        .replace("system = \"offgrid_home_5kwh\"", "system = \"offgrid_home_5kwh\"\n[second_life.load]\nprofile = \"ev_sessions_type2\"\nsessions_per_day = 0.2")
        .replace("lpsp_max      = 0.02", "lpsp_max      = 0.5")
        .replace("pv_kw         = [0.6, 1.0, 1.6]", "pv_kw         = [3.0]")
        .replace("strings       = [1, 2]", "strings       = [4]")
        .replace("inverter_kw   = [0.75]", "inverter_kw   = [9.0]")
        .replace("[\"none\", \"augment\"]", "[\"none\"]")
        .replace("compare_new   = true", "compare_new   = false\n[sizing.hire]\ndays_per_year = 100");
    let result = study(&plan(&text), 2);
    let found = &result.detail.charging;
    let (sessions, hire) = (found.sessions.expect("a load of sessions"), found.hire.expect("asked for"));
    assert!((sessions.asked / 73.0 - 1.0).abs() < 0.35 && (sessions.kwh / 18.0 - 1.0).abs() < 0.25, "{sessions:?}");
    let lost = sessions.lost_power + sessions.lost_energy + sessions.lost_temperature + sessions.lost_waiting;
    // Sessions that run over the end of the last year are asked for and not yet demanded.
    assert!((sessions.served / sessions.asked - (1.0 - lost)).abs() < 0.02, "{sessions:?}");
    assert!(sessions.lost_power > 0.0 && sessions.lost_energy > 0.0, "{sessions:?}");
    assert!(found.recharge.iter().all(|r| r.from == "inlet" && r.hours > 0.0) && !found.recharge.is_empty());
    assert!(hire.break_even_day_usd > 0.0 && hire.margin_day_usd.is_none() && hire.usd_per_session.is_some());
    assert_eq!((hire.alone.rating_kw, hire.co2_kg), (9.0, 0.0));
    assert!(hire.alone.hours > sessions.asked && hire.fuel_avoided_l == hire.alone.fuel_l);
}
