//! A made-up projection with realistic numbers whose books close, the same on every run.

use crate::economics::{Materials, PriceSet, Steps, TargetSpec};
use crate::life::recycling::{CompositionSpec, RouteSpec};
use crate::supply::{
    CAUSES, Cause, Chemistry, Compliance, Driver, Entry, LifeLaw, LifeTables, Lives, Moved, Must, Param, Parameters,
    Projection, Quantity as Q, Question, SupplyPlan, SupplyResult, Table, Warning,
};
use std::collections::BTreeMap;

const FIRST: i32 = 2015;
const YEARS: usize = 36;
/// Regions with their share of the inflow, chemistries with theirs.
const REGIONS: [(&str, f64); 3] = [("china", 0.5), ("europe", 0.25), ("rest_of_world", 0.25)];
const CHEMISTRIES: [(&str, f64); 2] = [("lfp", 0.55), ("nmc811", 0.45)];
/// kg/kWh recovered: lithium, nickel, cobalt, manganese, copper, aluminium, graphite, steel, others; residue.
const BACK: [(Q, [f64; 2]); 10] = [
    (Q::Lithium, [0.08, 0.083]),
    (Q::Nickel, [0.0, 0.6]),
    (Q::Cobalt, [0.0, 0.075]),
    (Q::Manganese, [0.0, 0.07]),
    (Q::Copper, [0.51, 0.33]),
    (Q::Aluminium, [0.72, 0.54]),
    (Q::Graphite, [0.6, 0.55]),
    (Q::Steel, [1.0, 0.9]),
    (Q::OtherRecovered, [0.9, 0.1]),
    (Q::Residue, [2.2, 1.6]),
];

/// The world in three regions with a question, draws and published figures.
pub(crate) fn world() -> (SupplyPlan, SupplyResult) {
    let plan = plan();
    let mut result = result(&plan, 1.0);
    result.draws = 2_000;
    (result.p10, result.p50) = (scaled(&plan, &result, -1.28), scaled(&plan, &result, -0.05));
    (result.p90, result.mean) = (scaled(&plan, &result, 1.28), scaled(&plan, &result, 0.1));
    result.met_share = Some(0.0125);
    result.drivers = vec![
        driver(Param::BatteryLifeMean, Some([0.31, 0.36]), -0.58, [14.2, 5.1]),
        driver(Param::VehicleLifeMean, Some([0.24, 0.3]), -0.47, [13.0, 5.9]),
        driver(Param::RepurposedShare, Some([0.18, 0.2]), 0.42, [6.0, 11.4]),
        driver(Param::CrashPerYear, Some([0.07, 0.1]), 0.25, [7.1, 9.8]),
        driver(Param::CollectedShare, Some([0.05, 0.05]), 0.2, [7.4, 9.6]),
        driver(Param::SohMin, Some([-0.01, 0.02]), -0.08, [8.9, 8.1]),
    ];
    result.must = vec![
        must(
            &[(Param::RepurposedShare, 0.6, 1.0)],
            14.4,
            false,
            "Even with a repurposed share of 1 it is 14.4 GWh/year.",
        ),
        must(
            &[(Param::BatteryLifeMean, 16.0, 4.0)],
            92.0,
            false,
            "Even with a mean life of the battery of 4 years it is 92 GWh/year.",
        ),
        must(
            &[
                (Param::BatteryLifeMean, 16.0, 6.4),
                (Param::VehicleLifeMean, 17.0, 8.2),
                (Param::RepurposedShare, 0.6, 0.95),
            ],
            200.0,
            true,
            "Batteries last 6.4 years in place of 16, vehicles 8.2 in place of 17, and 95 % of what is accepted is repurposed.",
        ),
    ];
    (plan, result)
}

/// Without draws, without a question, one region, nothing published.
pub(crate) fn plain() -> (SupplyPlan, SupplyResult) {
    let mut plan = plan();
    plan.regions.truncate(1);
    plan.targets.truncate(1);
    (plan.draws, plan.saltelli, plan.question) = (0, 0, None);
    plan.projections.clear();
    let mut result = result(&plan, 1.0);
    result.drivers = vec![driver(Param::BatteryLifeMean, None, f64::NAN, [14.2, 5.1])];
    result.compliance.clear();
    result.warnings.clear();
    (plan, result)
}

/// Nothing is ever put on the road.
pub(crate) fn empty() -> (SupplyPlan, SupplyResult) {
    let (plan, _) = plain();
    let mut result = result(&plan, 0.0);
    result.drivers.clear();
    result.compliance.clear();
    (plan, result)
}

fn plan() -> SupplyPlan {
    let route = RouteSpec {
        title: "Made up".into(),
        recovery: Materials::default(),
        cathode_recovery: 0.0,
        iron_phosphate_recovery: 0.0,
        black_mass_recovery: 0.0,
        lithium_by_soh: false,
        lithium_make_up: false,
        process_cost_usd_per_kg: 1.0,
        process_co2_kg_per_kg: 1.0,
    };
    let targets = TargetSpec {
        title: "Made up".into(),
        dry_mass: false,
        efficiency: Steps { from_year: vec![2026], share: vec![0.65] },
        recovery: BTreeMap::new(),
        ..TargetSpec::default()
    };
    SupplyPlan {
        first_year: FIRST,
        years: YEARS,
        history_until: 2024,
        regions: REGIONS.map(|r| r.0.to_string()).to_vec(),
        chemistries: CHEMISTRIES
            .map(|c| Chemistry {
                name: c.0.into(),
                composition: CompositionSpec {
                    chemistry: c.0.into(),
                    materials_kg_per_kwh: Materials::default(),
                    pack_kg_per_kwh: 6.0,
                },
            })
            .to_vec(),
        segments: vec!["cars".into()],
        series: Vec::new(),
        before: 0,
        stock_driven: None,
        entry: Entry::Spread,
        lives: Lives::Closed { vehicle: LifeLaw::Normal, battery: LifeLaw::Weibull },
        life_tables: LifeTables::default(),
        parameters: Parameters::default(),
        correlations: Vec::new(),
        routes: std::array::from_fn(|_| route.clone()),
        prices: prices(),
        targets: vec![None, Some(("eu_2023_1542".into(), targets)), None],
        content_targets: Vec::new(),
        draws: 2_000,
        saltelli: 512,
        seed: 7,
        question: Some(Question { gwh: 200.0, year: 2030 }),
        projections: vec![
            study("McKinsey 2019", "World", "second-life supply", Some(Q::Offered), 2030, [200.0, 200.0], "read"),
            study("IDTechEx 2020", "World", "second-life capacity", Some(Q::Offered), 2030, [275.0, 275.0], "read"),
            study("IEA 2020", "World", "retired", Some(Q::Retired), 2030, [100.0, 120.0], "recalled"),
            study("IEA 2021", "World", "end of the first life", Some(Q::Retired), 2040, [1300.0, 1300.0], "recalled"),
            study("TrendForce 2021", "China", "retired", Some(Q::Retired), 2025, [91.0, 91.0], "read"),
            study(
                "Kastanaki & Giannis 2023",
                "EU-27",
                "second-life capacity",
                Some(Q::Offered),
                2040,
                [212.0, 617.0],
                "read",
            ),
            study("Xu 2023", "World", "stock of V2G and second use", None, 2050, [32e3, 62e3], "read"),
        ],
    }
}

fn prices() -> PriceSet {
    PriceSet {
        title: "Made up".into(),
        year: 2024,
        material_usd_per_kg: Materials::default(),
        virgin_co2_kg_per_kg: Materials::default(),
        core_usd_per_kwh: 40.0,
        second_life_usd_per_kwh: 80.0,
        new_pack_co2_kg_per_kwh: 60.0,
        repurposing_co2_kg_per_kwh: 5.0,
        discount_rate: 0.08,
        transport_co2_kg_per_kg: 0.1,
        new_storage_usd_per_kwh: 150.0,
        cathode_usd_per_kg: BTreeMap::new(),
        cathode_co2_kg_per_kg: BTreeMap::new(),
        iron_phosphate_usd_per_kg: None,
        black_mass_payable: Materials::default(),
        gate_usd_per_kg: BTreeMap::new(),
        refurbishment: BTreeMap::new(),
    }
}

fn study(who: &str, region: &str, what: &str, q: Option<Q>, year: i32, gwh: [f64; 2], status: &str) -> Projection {
    Projection {
        from: None,
        study: who.into(),
        region: region.into(),
        what: what.into(),
        quantity: q.map(|q| q.name().into()),
        year,
        gwh,
        status: status.into(),
    }
}

fn driver(param: Param, shares: Option<[f64; 2]>, rank_correlation: f64, one_at_a_time: [f64; 2]) -> Driver {
    let with_error = |k: usize| shares.map(|s| [s[k], 0.02 + 0.05 * s[k].abs()]);
    let rank_correlation = Some(rank_correlation);
    Driver { param, first_order: with_error(0), total: with_error(1), rank_correlation, one_at_a_time }
}

fn must(moved: &[(Param, f64, f64)], reached_gwh: f64, met: bool, words: &str) -> Must {
    let moved = moved.iter().map(|&(param, central, value)| Moved { param, place: String::new(), central, value });
    Must { moved: moved.collect(), reached_gwh, met, words: words.into() }
}

/// Spread of a quantity's logarithm in a year: supply is less sure than exits, later years less than early ones.
fn scaled(plan: &SupplyPlan, result: &SupplyResult, z: f64) -> Table {
    let view = super::view::View::new(plan, result);
    let mut table = Table::new(plan.years, plan.regions.len() + 1);
    for place in view.places() {
        for &q in Q::ALL {
            let sd = match q {
                Q::Offered | Q::Taken | Q::SecondStock | Q::SecondStockUseful | Q::Waiting => 0.55,
                Q::Inflow | Q::Stock => 0.12,
                _ => 0.32,
            };
            for (k, (to, x)) in table.of_mut(q, place).iter_mut().zip(view.central(q, place)).enumerate() {
                *to = x * (z * sd * (0.6 + 0.4 * k as f64 / YEARS as f64)).exp();
            }
        }
    }
    table
}

/// Exits of a unit of that age in a year, by cause.
fn hazards(age: usize, cohort: usize) -> [f64; CAUSES] {
    let a = age as f64;
    let wear = 0.28 / (1.0 + (-(a - 15.0) / 2.2).exp());
    let recall = if cohort == 4 && age == 2 { 0.06 } else { 0.0 };
    [wear, 0.0015 * a, 0.01, if age < 8 { 0.003 } else { 0.0 }, recall]
}

fn result(plan: &SupplyPlan, inflow: f64) -> SupplyResult {
    let groups = plan.regions.len() * plan.chemistries.len();
    let mut central = Table::new(YEARS, groups);
    let mut by_cohort = vec![vec![vec![[0.0; CAUSES]; YEARS]; YEARS]; groups];
    for (group, cohorts) in by_cohort.iter_mut().enumerate() {
        let share = REGIONS[group / CHEMISTRIES.len()].1 * CHEMISTRIES[group % CHEMISTRIES.len()].1 * inflow;
        fill(&mut central, group, share, cohorts);
    }
    let lithium = plan.regions.len().min(2) - 1;
    let compliance = [
        (lithium, 2027, "recovery_lithium", 0.72, 0.5),
        (lithium, 2031, "recovery_lithium", 0.72, 0.8),
        (0, 2030, "collection", 0.66, 0.0),
    ];
    let compliance = compliance
        .map(|(region, year, item, share, demanded)| {
            let (item, met) = (item.to_owned(), share >= demanded);
            Compliance { region, year, item, share, demanded, met }
        })
        .to_vec();
    let none = || Table::new(YEARS, plan.regions.len() + 1);
    SupplyResult {
        central,
        by_cohort,
        p10: none(),
        p50: none(),
        p90: none(),
        mean: none(),
        draws: 0,
        asked: Vec::new(),
        drivers: Vec::new(),
        shares_of_logarithm: true,
        must: Vec::new(),
        met_share: None,
        balance_error: 3.1e-15,
        compliance,
        warnings: vec![Warning { text: "The inflow of rest_of_world after 2035 is assumed.".into() }],
    }
}

/// A group year by year: cohorts in vehicles, ways out, wait, storage, recycling.
fn fill(table: &mut Table, group: usize, share: f64, cohorts: &mut [Vec<[f64; CAUSES]>]) {
    let mut alive = [0.0; YEARS];
    let (mut waiting, mut storage) = (0.0, 0.0);
    for k in 0..YEARS {
        let inflow = share * 4500.0 / (1.0 + (-(k as f64 - 14.5) / 3.2).exp());
        let mut out = [0.0; CAUSES];
        for (cohort, left) in alive.iter_mut().enumerate().take(k) {
            let exits = hazards(k - cohort, cohort).map(|h| h * *left);
            *left -= exits.iter().sum::<f64>();
            out.iter_mut().zip(exits).for_each(|(sum, x)| *sum += x);
            cohorts[cohort][k] = exits;
        }
        let renewed = out[Cause::Warranty as usize] + out[Cause::Recall as usize];
        let retired: f64 = out.iter().sum();
        let exported = 0.15 * out[0];
        let unknown = 0.12 * (retired - exported);
        let collected = 0.85 * (retired - exported - unknown);
        let (spare, accepted) = (0.02 * collected, 0.6 * collected);
        alive[k] = inflow + renewed + spare;
        let supply = 0.55 * accepted;
        let pool = waiting + supply;
        let into = pool.min(share * 6.0 * k as f64);
        let waits = (pool - into).min(supply);
        let ended = 0.09 * storage;
        let recycled = collected - spare - supply + (pool - into - waits) + ended;
        (waiting, storage) = (waits, storage + into - ended);
        let scrap = 0.06 * inflow;
        let mut set = |q: Q, x: f64| table.of_mut(q, group)[k] = x;
        let causes = [Q::WearOut, Q::Failed, Q::Crash, Q::Warranty, Q::Recall];
        causes.into_iter().zip(out).for_each(|(q, x)| set(q, x));
        for (q, x) in [
            (Q::Inflow, inflow),
            (Q::Renewed, renewed),
            (Q::Stock, alive.iter().sum()),
            (Q::Retired, retired),
            (Q::RetiredUseful, 0.82 * retired),
            (Q::Exported, exported),
            (Q::Unknown, unknown),
            (Q::NotCollected, retired - exported - unknown - collected),
            (Q::Collected, collected),
            (Q::SpareParts, spare),
            (Q::Accepted, accepted),
            (Q::WrongAccept, 0.02 * accepted),
            (Q::WrongReject, 0.03 * accepted),
            (Q::Offered, 0.8 * supply),
            (Q::Taken, 0.8 * into),
            (Q::Waiting, waiting),
            (Q::SecondStock, storage),
            (Q::SecondStockUseful, 0.72 * storage),
            (Q::SecondOut, ended),
            (Q::Recycled, recycled),
            (Q::Scrap, scrap),
            (Q::RecyclingRevenue, 6.0 * recycled),
            (Q::RecyclingCost, 7.5 * recycled),
            (Q::LithiumDemand, 0.1 * inflow),
            (Q::NickelDemand, 0.3 * inflow),
            (Q::CobaltDemand, 0.04 * inflow),
        ] {
            set(q, x);
        }
        let mut mass = 0.0;
        for (q, kg_per_kwh) in BACK {
            let kt = kg_per_kwh[group % CHEMISTRIES.len()] * (recycled + scrap);
            mass += kt;
            set(q, kt);
        }
        set(Q::RecycledMass, mass);
    }
}
