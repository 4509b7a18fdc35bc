mod ways;

use super::super::fixture::{plan, world};
use super::super::parameter::{Param, Scope};
use super::super::plan::{Entry, LifeLaw, Lives, Negative, SupplyPlan};
use super::super::retirement::{Cause, Fleet, Path, SecondLives};
use super::super::{Draw, Quantity, SupplyError};
use super::{Evaluated, Model, evaluate, first_years};
use crate::economics::{Steps, TargetSpec};
use proptest::prelude::*;

fn central(plan: &SupplyPlan) -> Evaluated {
    evaluate(plan, &Draw::central(), true).unwrap()
}

fn of_group(e: &Evaluated, quantity: Quantity, group: usize, year: usize) -> f64 {
    e.table.of(quantity, group)[year]
}

fn sum(e: &Evaluated, quantity: Quantity) -> f64 {
    (0..e.table.size()[1]).map(|g| e.table.of(quantity, g).iter().sum::<f64>()).sum()
}

fn normal(gwh: &[f64]) -> SupplyPlan {
    plan([1, 1, 1], 2015, gwh).with(Param::VehicleLifeMean, 15.0).with(Param::VehicleLifeSd, 4.0)
}

/// A world where everything happens.
fn rich(counts: [usize; 3], gwh: &[f64]) -> SupplyPlan {
    let values = [
        (Param::VehicleLifeMean, 15.0),
        (Param::VehicleLifeSd, 4.0),
        (Param::BatteryLifeMean, 17.0),
        (Param::BatteryLifeSd, 5.0),
        (Param::CrashPerYear, 0.01),
        (Param::WarrantyPerYear, 0.005),
        (Param::WarrantyYears, 8.0),
        (Param::RecallShare, 0.02),
        (Param::RecallAge, 3.0),
        (Param::FadeMean, 0.02),
        (Param::FadeSd, 0.005),
        (Param::ExportShare, 0.2),
        (Param::UnknownShare, 0.1),
        (Param::CollectedShare, 0.9),
        (Param::CrashDamagedShare, 0.5),
        (Param::FailedUsableShare, 0.3),
        (Param::SohMin, 0.7),
        (Param::TestSd, 0.02),
        (Param::AgeMax, 15.0),
        (Param::RepurposedShare, 0.5),
        (Param::YieldShare, 0.8),
        (Param::WaitingYears, 2.0),
        (Param::WaitingFade, 0.01),
        (Param::SecondSohEnd, 0.6),
        (Param::SecondFade, 0.02),
        (Param::SecondSpread, 0.3),
        (Param::SecondMax, 15.0),
        (Param::RoutePyro, 0.2),
        (Param::RouteDirect, 0.1),
        (Param::RouteMechanical, 0.2),
        (Param::HomeShare, 0.7),
        (Param::ScrapShare, 0.05),
        (Param::RepurposingCost, 20.0),
        (Param::TransportCost, 0.5),
    ];
    values.into_iter().fold(plan(counts, 2010, gwh), |plan, (param, value)| plan.with(param, value))
}

fn grown(years: usize) -> Vec<f64> {
    (0..years).map(|t| 2.0 * 1.12f64.powi(t as i32)).collect()
}

/// Retired of the default world inflow in 2030: 97 GWh for normal 15 +- 4, 565 for a fixed life of 8 years.
#[test]
fn the_world_retires_what_others_find_for_the_same_lives() {
    let at_2030 = |plan: &SupplyPlan| of_group(&central(plan), Quantity::Retired, 0, 15);
    let slow = at_2030(&normal(&world()));
    assert!((slow / 97.0 - 1.0).abs() < 0.1, "{slow}");
    let mut fixed = plan([1, 1, 1], 2015, &world()).with(Param::VehicleLifeMean, 8.0);
    fixed.lives = Lives::Closed { vehicle: LifeLaw::Fixed, battery: LifeLaw::Fixed };
    let fast = at_2030(&fixed);
    assert!((fast / 565.0 - 1.0).abs() < 0.1, "{fast}");
    let crashing = at_2030(&normal(&world()).with(Param::CrashPerYear, 0.01));
    assert!((crashing / 232.0 - 1.0).abs() < 0.1, "{crashing}");
}

#[test]
fn every_way_is_taken_and_the_books_close() {
    let mut plan = rich([2, 2, 2], &grown(41)).with(Param::RenewalAge, 10.0).with(Param::VehicleReuseShare, 0.1);
    plan =
        plan.with_in(Param::StorageDemand, Scope { region: Some(1), ..Scope::default() }, &[(2020, 0.02), (2050, 2.0)]);
    plan.before = 3;
    plan.series.iter_mut().for_each(|series| series.opening = vec![0.5, 1.0, 1.5]);
    let done = central(&plan);
    assert!(done.balance_error < 1e-12, "{}", done.balance_error);
    for &quantity in Quantity::ALL {
        assert!(sum(&done, quantity) != 0.0, "{}", quantity.name());
        let positive = quantity != Quantity::GateCredit;
        assert!((0..4).all(|g| done.table.of(quantity, g).iter().all(|v| !positive || *v >= -1e-12)));
    }
    // Exits by cohort add up to those by year.
    let by_cohort = done.by_cohort.as_ref().unwrap();
    for (cause, quantity) in [(Cause::WearOut, Quantity::WearOut), (Cause::Failed, Quantity::Failed)] {
        let of_year: f64 = (0..44).map(|c| by_cohort[1][c][30][cause as usize]).sum();
        assert!((of_year - of_group(&done, quantity, 1, 30)).abs() < 1e-9 * of_year);
    }
    // Nothing waits where there is no cap, and the cap holds.
    assert!(done.table.of(Quantity::Waiting, 0).iter().all(|w| *w == 0.0));
    let taken = of_group(&done, Quantity::Taken, 2, 40) + of_group(&done, Quantity::Taken, 3, 40);
    assert!(taken <= 2.0 + 1e-12 && sum(&done, Quantity::Waiting) > 0.0);
}

/// To the bit: what is sought and what the central values are must be told apart by nothing but parameters.
#[test]
fn the_supply_alone_is_that_of_the_whole() {
    let mut plan = rich([2, 2, 2], &grown(30)).with(Param::RenewalAge, 10.0).with(Param::VehicleReuseShare, 0.1);
    plan = plan.with_in(Param::FadeMean, Scope::default(), &[(2010, 0.03), (2030, 0.015)]);
    plan.before = 2;
    plan.series.iter_mut().for_each(|series| series.opening = vec![0.5, 1.0]);
    let check = |plan: &SupplyPlan| {
        let whole = central(plan);
        for year in [4, 19, 29] {
            let supply: f64 = (0..4).map(|group| of_group(&whole, Quantity::Offered, group, year)).sum();
            let first = first_years(plan, year + 1);
            assert_eq!(Model::new(&first).unwrap().supply(&Draw::central()).unwrap(), supply, "{year}");
        }
    };
    check(&plan);
    plan.stock_driven = Some(Negative::Correct);
    plan.series[0].gwh[12] = 1.0;
    check(&plan);
}

#[test]
fn mass_of_recycling_closes() {
    let done = central(&rich([1, 2, 1], &grown(41)));
    let products = [
        Quantity::Lithium,
        Quantity::Nickel,
        Quantity::Cobalt,
        Quantity::Manganese,
        Quantity::Copper,
        Quantity::Aluminium,
        Quantity::Graphite,
        Quantity::Steel,
        Quantity::OtherRecovered,
        Quantity::BlackMass,
        Quantity::Residue,
    ];
    for group in 0..2 {
        for year in 0..41 {
            let out: f64 = products.iter().map(|q| of_group(&done, *q, group, year)).sum();
            let mass = of_group(&done, Quantity::RecycledMass, group, year);
            assert!((out - mass).abs() <= 1e-12 * mass.max(1.0), "{out} {mass}");
            let gwh = of_group(&done, Quantity::Recycled, group, year) + of_group(&done, Quantity::Scrap, group, year);
            assert!((mass - 6.0 * gwh).abs() <= 1e-12 * mass.max(1.0), "6 kg/kWh");
        }
    }
}

#[test]
fn one_gwh_has_the_materials_and_money_of_its_route() {
    // All leave at once, unused, and nothing is fit for a second life.
    let mut plan = plan([1, 1, 1], 2020, &[1.0]).with(Param::VehicleLifeMean, 0.1).with(Param::SohMin, 1.0);
    plan = plan.with(Param::RepurposedShare, 0.0).with(Param::TransportCost, 0.1).with(Param::MetalPriceFactor, 2.0);
    plan.lives = Lives::Closed { vehicle: LifeLaw::Fixed, battery: LifeLaw::Fixed };
    plan.entry = Entry::Start;
    let done = central(&plan);
    let at = |q| of_group(&done, q, 0, 0);
    assert!((at(Quantity::Recycled) - 1.0).abs() < 1e-12 && (at(Quantity::RecycledMass) - 6.0).abs() < 1e-12);
    assert!((at(Quantity::Nickel) - 0.49).abs() < 1e-12 && (at(Quantity::Lithium) - 0.09).abs() < 1e-12);
    let metals = 0.09 * 50.0 + 0.49 * 20.0 + 0.196 * 30.0 + 0.147 + 0.36 * 8.0 + 0.54 * 2.0;
    assert!((at(Quantity::RecyclingRevenue) - 2.0 * metals).abs() < 1e-9);
    assert!((at(Quantity::RecyclingCost) - 6.0 * 0.6).abs() < 1e-12 && (at(Quantity::GateCredit) - 1.2).abs() < 1e-12);
    assert!((at(Quantity::RecyclingCo2) - 6.0 * 2.01).abs() < 1e-12);
    let saved = 0.09 * 60.0 + 0.49 * 20.0 + 0.196 * 18.0 + 0.36 * 4.0 + 0.54 * 6.0;
    assert!((at(Quantity::RecyclingCredit) - saved).abs() < 1e-9);
    assert!((at(Quantity::CobaltDemand) - 0.2).abs() < 1e-12);
}

#[test]
fn compliance_is_judged_by_region_and_year() {
    let mut plan = rich([2, 1, 1], &grown(30));
    let steps = |share| Steps { from_year: vec![2030], share: vec![share] };
    let recovery = [("cobalt".to_string(), steps(0.96))].into();
    let targets =
        TargetSpec { title: "t".into(), dry_mass: false, efficiency: steps(0.99), recovery, ..TargetSpec::default() };
    plan.targets[1] = Some(("t".into(), targets));
    plan.content_targets[1] = vec![("cobalt".into(), steps(0.1))];
    let judged = central(&plan).compliance;
    let find = |region, year, item: &str| {
        judged.iter().find(|c| (c.region, c.year, c.item.as_str()) == (region, year, item)).cloned()
    };
    let efficiency = find(1, 2035, "efficiency").unwrap();
    assert!(!efficiency.met && efficiency.demanded == 0.99 && efficiency.share < 0.7);
    assert_eq!(find(1, 2029, "efficiency").unwrap().demanded, 0.0);
    assert!(find(0, 2035, "efficiency").unwrap().met);
    // Hydro 0.5, pyro 0.2 at 0.98; direct 0.1 gives 0.9; black mass holds 0.9 of 0.2, and goes the hydro route elsewhere.
    let cobalt = find(1, 2035, "recovery_cobalt").unwrap();
    assert!((cobalt.share - (0.7 * 0.98 + 0.09 + 0.18 * 0.98)).abs() < 1e-12 && !cobalt.met);
    let content = find(1, 2035, "recycled_content_cobalt").unwrap();
    assert!(content.share > 0.0 && content.share < 1.0 && content.demanded == 0.1);
    assert!(find(0, 2035, "recycled_content_cobalt").is_none());
    let collected = find(0, 2035, "collection").unwrap().share;
    assert!((collected - 0.9 * 0.9).abs() < 1e-12);
}

#[test]
fn growth_counts_from_the_last_year_of_history() {
    let gwh = [1.0, 2.0, 4.0, 8.0, 16.0];
    let mut plan = normal(&gwh).with(Param::InflowFactor, 1.5).with(Param::GrowthFactor, 0.5);
    plan.history_until = 2017;
    let inflow = central(&plan).table.of(Quantity::Inflow, 0).to_vec();
    let expected = [1.5, 3.0, 6.0, 6.0 * 2f64.sqrt(), 12.0];
    assert!(inflow.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{inflow:?}");
}

#[test]
fn stocks_give_back_the_inflow_they_came_from() {
    let gwh = grown(30);
    let forward = rich([1, 1, 1], &gwh).with(Param::RenewalAge, 9.0);
    let stock = central(&forward).table.of(Quantity::Stock, 0).to_vec();
    let mut back = forward.clone();
    back.series[0].gwh = stock;
    back.stock_driven = Some(Negative::Refuse);
    let found = central(&back);
    for (a, b) in found.table.of(Quantity::Inflow, 0).iter().zip(&gwh) {
        assert!((a - b).abs() < 1e-9 * b, "{a} {b}");
    }
}

#[test]
fn a_stock_that_falls_too_fast_is_refused_allowed_or_cut() {
    let mut plan = normal(&[10.0, 20.0, 30.0, 5.0, 6.0, 7.0]).with(Param::RenewalAge, 9.0);
    plan = plan.with(Param::BatteryLifeMean, 5.0).with(Param::BatteryLifeSd, 2.0);
    plan.stock_driven = Some(Negative::Refuse);
    let refused = evaluate(&plan, &Draw::central(), false).unwrap_err();
    assert!(matches!(refused, SupplyError::NegativeInflow { year: 2018, .. }), "{refused}");
    for negative in [Negative::Allow, Negative::Correct] {
        plan.stock_driven = Some(negative);
        let done = central(&plan);
        assert_eq!(done.warnings.len(), 1, "{:?}", done.warnings);
        assert!(done.warnings[0].text.contains("2018"));
        for (a, b) in done.table.of(Quantity::Stock, 0).iter().zip(&plan.series[0].gwh) {
            assert!((a - b).abs() < 1e-9 * b, "{a} {b}");
        }
        assert_eq!(done.table.of(Quantity::Inflow, 0)[3] < 0.0, negative == Negative::Allow);
    }
}

#[test]
fn spare_parts_take_the_place_of_new_batteries() {
    let base = rich([1, 1, 1], &grown(40)).with(Param::RenewalAge, 12.0);
    let without = central(&base);
    let with = central(&base.clone().with(Param::VehicleReuseShare, 0.3));
    let change = |q| sum(&with, q) - sum(&without, q);
    assert!(sum(&with, Quantity::SpareParts) > 0.0);
    assert!((change(Quantity::Renewed) + sum(&with, Quantity::SpareParts)).abs() < 1e-9);
    assert!(change(Quantity::Stock).abs() < 1e-9 && change(Quantity::Retired).abs() < 1e-9);
    assert!(change(Quantity::RetiredUseful) < 0.0, "spare parts are older than new ones");
    let none = central(&rich([1, 1, 1], &grown(40)).with(Param::VehicleReuseShare, 0.3));
    assert_eq!(sum(&none, Quantity::SpareParts), 0.0);
}

#[test]
fn packs_of_a_population_go_the_same_ways() {
    let mut plan = rich([1, 2, 1], &grown(35));
    let path = |rate: f64| Path {
        use_factor: rate / 0.02,
        end_years: 0.4 / rate,
        soh: (0..40).map(|a| 1.0 - rate * f64::from(a)).map(|s| s.max(0.0)).collect(),
    };
    let second = SecondLives {
        soh_from: vec![0.0, 0.7],
        survival: vec![vec![1.0, 0.0], vec![1.0; 9]],
        fade: vec![vec![1.0; 2], vec![0.95; 9]],
    };
    let fleet = Fleet {
        name: "f".into(),
        paths: (0..40).map(|i| path(0.012 + 0.0004 * f64::from(i))).collect(),
        second,
        outside_range: [0.0; 2],
        lost: None,
    };
    plan = plan.with(Param::RenewalAge, 8.0).with(Param::UseExponent, 0.5);
    plan.lives = Lives::Physics { vehicle: LifeLaw::Normal, fleets: vec![fleet], of_series: vec![0, 0] };
    let done = central(&plan);
    assert!(done.balance_error < 1e-12 && sum(&done, Quantity::Failed) > 0.0 && sum(&done, Quantity::SecondOut) > 0.0);
    // Batteries that age faster fail in greater numbers and serve shorter.
    let faster = central(&plan.clone().with(Param::AgingFactor, 1.4));
    assert!(sum(&faster, Quantity::Failed) > 1.1 * sum(&done, Quantity::Failed));
    let soh = |e: &Evaluated| sum(e, Quantity::RetiredUseful) / sum(e, Quantity::Retired);
    assert!(soh(&faster) < soh(&done) - 0.01, "{} {}", soh(&faster), soh(&done));
    let served = |e: &Evaluated| sum(e, Quantity::SecondStock) / sum(e, Quantity::Taken);
    assert!(served(&faster) < 0.9 * served(&done), "{} {}", served(&faster), served(&done));
    plan.lives = match plan.lives {
        Lives::Physics { vehicle, fleets, .. } => Lives::Physics { vehicle, fleets, of_series: vec![0, 1] },
        closed => closed,
    };
    let wrong = evaluate(&plan, &Draw::central(), false).unwrap_err();
    assert_eq!(wrong, SupplyError::Unknown { what: "population", index: 1, count: 1 });
}

#[test]
fn what_cannot_be_projected_is_refused() {
    let of = |plan: &SupplyPlan| evaluate(plan, &Draw::central(), false).unwrap_err().to_string();
    assert!(of(&plan([1, 1, 1], 2015, &[1.0])).contains("vehicle_life_mean_years has no value for region 0, nmc"));
    assert!(of(&normal(&[1.0, -1.0])).contains("2016: -1 GWh"));
    let mut short = normal(&[1.0, 2.0]);
    short.years = 3;
    assert!(of(&short).contains("2 given, 3 needed"));
    let scope = Scope { segment: Some(0), ..Scope::default() };
    assert!(of(&normal(&[1.0]).with_in(Param::HomeShare, scope, &[(2020, 0.5)])).contains("by segment"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_draw_leaves_the_books_open(scores in prop::collection::vec(0.0..1.0f64, Param::COUNT), entry in 0..4usize, cap in any::<bool>()) {
        let mut plan = plan([1, 2, 1], 2015, &grown(22));
        for (&param, u) in Param::ALL.iter().zip(&scores) {
            let [least, most] = param.range();
            // Wide ranges by their logarithm; a factor on growth stays near one.
            let value = match param {
                Param::GrowthFactor => 0.5 + u,
                Param::StorageDemand if !cap => continue,
                _ if most > 30.0 => (least.max(0.1)) * (most / least.max(0.1)).powf(*u),
                _ => least + u * (most - least),
            };
            plan = plan.with(param, value);
        }
        plan.entry = [Entry::Start, Entry::Middle, Entry::End, Entry::Spread][entry];
        let done = evaluate(&plan, &Draw::central(), false).unwrap();
        prop_assert!(done.balance_error < 1e-9);
        for &quantity in Quantity::ALL {
            for group in 0..2 {
                let scale = done.table.of(quantity, group).iter().fold(1.0, |m: f64, v| m.max(v.abs()));
                let signed = [Quantity::GateCredit, Quantity::RecyclingRevenue, Quantity::RecyclingCredit].contains(&quantity);
                let good = |v: &f64| v.is_finite() && (signed || *v >= -1e-12 * scale);
                prop_assert!(done.table.of(quantity, group).iter().all(good), "{}", quantity.name());
            }
        }
    }

    #[test]
    fn more_collection_gives_not_less_supply(low in 0.0..1.0f64, more in 0.0..1.0f64) {
        let base = rich([1, 1, 1], &grown(25));
        let supply = |share| sum(&central(&base.clone().with(Param::CollectedShare, share)), Quantity::Offered);
        prop_assert!(supply(low + more * (1.0 - low)) >= supply(low) - 1e-12);
    }
}
