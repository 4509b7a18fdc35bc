//! The search on a site of our own making, where every design can be simulated and the answer is known.

use super::screen::tests::plant;
use super::*;
use crate::economics::SitePrices;
use crate::monte::Silent;
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::Environment;
use crate::site::plain::{KibamSpec, KibamStore};
use crate::site::{Month, SiteYear, Storage};
use proptest::prelude::*;
use rand::RngExt;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Days of a year of this site: every fifth of a real one.
const DAYS: usize = 73;
const MODULE_KWH: f64 = 1.25;
const WINDOW: f64 = 0.8;

/// Buckets that fade by the calendar and by use; the balance of each year is struck in full.
pub(super) struct Made {
    fade_per_year: f64,
    /// Factor on what a module holds.
    scale: f64,
    pool: usize,
    fails: Option<u32>,
    lived: AtomicUsize,
    seen: Mutex<BTreeSet<String>>,
}

impl Made {
    pub(super) fn new() -> Self {
        Made {
            fade_per_year: 0.02,
            scale: 1.0,
            pool: 10_000,
            fails: None,
            lived: AtomicUsize::new(0),
            seen: Mutex::new(BTreeSet::new()),
        }
    }

    fn soh(&self, grade: usize, path: u32) -> f64 {
        let spread = 0.01 * f64::from(path % 5) - 0.02;
        [0.85, 0.75, 1.0][grade.min(2)] + spread
    }
}

impl Simulator for Made {
    fn module_kwh(&self) -> f64 {
        MODULE_KWH
    }

    fn series_modules(&self) -> u32 {
        4
    }

    fn available(&self, grade: usize) -> usize {
        if grade < 2 { self.pool } else { usize::MAX }
    }

    fn accepted_share(&self, grade: usize) -> f64 {
        if grade < 2 { 0.9 } else { 1.0 }
    }

    fn usable_kwh_start(&self, design: &Design, path: u32) -> f64 {
        f64::from(design.modules) * self.scale * MODULE_KWH * self.soh(design.grade, path) * WINDOW
    }

    fn plant(&self) -> Plant {
        plant()
    }

    fn hours(&self, path: u32, year: u32) -> Result<Hours, String> {
        let rng = &mut Streams::new(7, u64::from(path)).indexed(Purpose::Load, year as u16);
        let mut hours = Hours::default();
        let mut cloud = 0.0;
        for day in 0..DAYS {
            cloud = 0.5 * cloud + 0.5 * (rng.random::<f64>() - 0.5);
            let season = 1.0 - 0.3 * (2.0 * std::f64::consts::PI * day as f64 / DAYS as f64).cos();
            let level = (0.75 * season * (1.0 + 1.6 * cloud)).max(0.05);
            for hour in 0..24 {
                let sun = (std::f64::consts::PI * (f64::from(hour) - 6.0) / 12.0).sin().max(0.0);
                hours.pv_per_kw.push((level * sun * 0.995f64.powi(year as i32)) as f32);
                let evening = if (18..23).contains(&hour) { 0.35 } else { 0.06 };
                hours.load_kw.push((evening * (0.8 + 0.4 * rng.random::<f64>())) as f32);
            }
        }
        Ok(hours)
    }

    fn plain_year(&self, design: &Design, path: u32, battery: &KibamSpec) -> Option<SiteYear> {
        let env = Environment { temperature_k: 298.15, time_constant_s: 3600.0, along_k: 0.0 };
        let mut store = KibamStore::new(*battery).ok()?;
        let hours = self.hours(path, 0).ok()?;
        let mut year = SiteYear::default();
        for (sun, load) in hours.pv_per_kw.iter().zip(&hours.load_kw) {
            let (left, load) = (f64::from(*sun) * design.pv_kw - f64::from(*load), f64::from(*load));
            year.demand_kwh += load;
            if left >= 0.0 {
                store.charge(left, 1.0, 1.0, &env);
            } else {
                let given = store.discharge(-left, 0.0, 1.0, &env).kw;
                year.unmet_kwh += -left - given;
                year.discharge_kwh += given;
            }
        }
        Some(year)
    }

    fn live(&self, ask: &Ask<'_>) -> Result<Lived, String> {
        if self.fails == Some(ask.path) {
            return Err("made to fail".into());
        }
        self.lived.fetch_add(1, Ordering::Relaxed);
        self.seen.lock().unwrap().insert(format!("{:?}", ask.design));
        let (d, start) = (ask.design, self.usable_kwh_start(ask.design, ask.path));
        let mut soh = self.soh(d.grade, ask.path);
        let (soh_start, per_soh) = (soh, start / soh);
        let mut strings = f64::from(d.strings);
        let mut life = PathLife {
            soh_start,
            usable_kwh_start: start,
            nameplate_kwh: f64::from(d.modules) * MODULE_KWH,
            actual_kwh_start: start / WINDOW,
            ..PathLife::empty(ask.path)
        };
        let (mut trace, mut ended) = (Vec::new(), false);
        for year in 0..ask.years {
            ended |= soh < 0.6;
            if let Renewal::Augment { after_years, strings: more } = d.renewal
                && after_years == year
            {
                strings += f64::from(more);
                life.modules_added += 4 * more;
            }
            if d.renewal == Renewal::ReplaceAtEnd && soh < 0.6 {
                soh = soh_start;
                life.replaced.push((f64::from(year), "soh"));
            }
            let mut hours = self.hours(ask.path, year)?;
            hours.load_kw.iter_mut().for_each(|kw| *kw *= ask.change.load as f32);
            hours.pv_per_kw.iter_mut().for_each(|kw| *kw *= ask.change.sun as f32);
            let before = soh;
            let usable = |soh: f64| per_soh * soh * strings / f64::from(d.strings);
            let bucket = Bucket {
                usable_kwh: usable(soh),
                start_kwh: 0.4 * usable(soh),
                efficiency: 0.94,
                power_kw: 0.5 * usable(soh),
            };
            let b = self.plant().year(&hours, d, &bucket);
            let wear = 1e-5 * b.discharge / usable(soh).max(1e-9);
            soh -= self.fade_per_year * (1.0 + 0.05 * ask.change.ambient_k) + wear;
            let mut by_month = [Month::default(); 12];
            by_month[0] = Month { demand_kwh: b.demand, unmet_kwh: b.unmet, ..Month::default() };
            life.years.push(SiteYear {
                hours: 24.0 * DAYS as f64,
                demand_kwh: b.demand,
                unmet_kwh: b.unmet,
                unmet_energy_kwh: b.unmet,
                unmet_power_kwh: hours.load_kw.iter().map(|kw| (f64::from(*kw) - d.inverter_kw).max(0.0)).sum(),
                served_kwh: b.demand - b.unmet,
                discharge_kwh: b.discharge,
                charge_kwh: b.discharge / 0.94,
                usable_kwh_end: usable(before.min(soh)),
                soh_end: soh,
                by_month,
                ..SiteYear::default()
            });
            if ask.trace && year + 1 == ask.years {
                let hour =
                    |(h, kw): (u32, &f32)| HourTrace { hour: h, load_kw: f64::from(*kw), ..HourTrace::default() };
                trace = (0..).zip(&hours.load_kw).map(hour).collect();
            }
        }
        life.usable_kwh_end = life.years.last().map_or(0.0, |y| y.usable_kwh_end);
        Ok(Lived { life, trace, steady: !ended })
    }
}

fn site() -> SitePrices {
    SitePrices {
        title: "t".into(),
        discount_rate: 0.08,
        pv_usd_per_kw: 600.0,
        pv_life_years: 25.0,
        inverter_usd_per_kw: 200.0,
        inverter_life_years: 5.0,
        genset_usd_per_kw: 350.0,
        genset_life_hours: 15_000.0,
        genset_life_years: 15.0,
        install_usd_per_kw: 100.0,
        battery_fixed_usd: 80.0,
        pv_om_usd_per_kw: 5.0,
        battery_om_usd_per_kwh: 2.0,
        genset_om_usd_per_kw_hour: 0.02,
        fuel_usd_per_l: 1.0,
        grid_usd_per_kwh: 0.1,
        fuel_co2_kg_per_l: 2.7,
        grid_co2_kg_per_kwh: 0.5,
        voll_usd_per_kwh: 1.0,
        battery_end_usd_per_kwh: 1.0,
        battery_residual_share: 0.3,
    }
}

pub(super) fn plan() -> SizingPlan {
    let grade = |name: &str, soh_min, price| Grade {
        name: name.into(),
        soh_min,
        soh_max: soh_min + 0.1,
        usd_per_nameplate_kwh: price,
    };
    SizingPlan {
        target: Target { lpsp_max: 0.02, confidence: 0.9, service_years: 6 },
        paths: 8,
        lists: Lists {
            pv_kw: vec![0.4, 0.6, 0.8, 1.0, 1.3, 1.6],
            strings: vec![1, 2, 3, 4],
            inverter_kw: vec![0.3, 0.6],
            genset_kw: vec![0.0],
            renewals: vec![Renewal::None],
        },
        grades: vec![grade("good", 0.8, 45.0), grade("fair", 0.7, 38.0)],
        compare_new: false,
        lead_acid: None,
        hire: None,
        site: site(),
        battery: BatteryPrices {
            test_usd_per_kwh: 4.0,
            repack_usd_per_kwh: 30.0,
            new_usd_per_kwh: 130.0,
            price_change_per_year: -0.02,
            soh_end: 0.6,
            new_co2_kg_per_kwh: 55.0,
            repurposing_co2_kg_per_kwh: 5.0,
        },
    }
}

/// Every design simulated, and the cheapest that meets the target.
fn by_hand(plan: &SizingPlan, made: &Made) -> Option<(Design, f64)> {
    let terms = |grade| Terms { module_kwh: MODULE_KWH, accepted_share: made.accepted_share(grade) };
    let mut best: Option<(Design, f64)> = None;
    for design in plan.designs(0..plan.grades.len(), &plan.lists.renewals, 4) {
        let lives: Vec<PathLife> = (0..plan.paths)
            .map(|path| {
                let years = plan.target.service_years;
                made.live(&Ask { design: &design, path, years, change: Change::NONE, trace: false }).unwrap().life
            })
            .collect();
        let books: Vec<Books> =
            lives.iter().map(|life| super::books(plan, &design, life, &terms(design.grade))).collect();
        let rated = money::rate(plan, &design, &lives, &books);
        let npc = rated.money.npc_usd.mean;
        if rated.meets && best.is_none_or(|(_, least)| npc < least) {
            best = Some((design, npc));
        }
    }
    best
}

#[test]
fn the_cheapest_design_is_found_without_simulating_them_all() {
    for lpsp_max in [0.005, 0.02, 0.06] {
        let mut plan = plan();
        plan.target.lpsp_max = lpsp_max;
        let made = Made::new();
        let result = run(&plan, &made, &Silent).unwrap();
        let chosen = &result.designs[result.chosen.expect("can be met")];
        let seen = made.seen.lock().unwrap().len();
        let (design, npc) = by_hand(&plan, &made).unwrap();
        assert_eq!(chosen.design, design, "{lpsp_max}");
        assert!((chosen.money.npc_usd.mean - npc).abs() < 1e-9 && chosen.method == Method::Simulated);
        assert!(seen < result.designs.len() / 2, "{seen} of {}", result.designs.len());
        assert!(result.screen.designs > 0 && result.screen.lpsp_max < 0.02, "{:?}", result.screen);
        assert!(result.headline.contains("year 6"), "{}", result.headline);
        assert_eq!(result.detail.paths.len(), 8);
        assert_eq!(result.detail.worst_week.len(), 168);
        assert!(result.tornado.iter().any(|s| s.input == "load" && s.lpsp[1] > s.lpsp[0]));
    }
}

/// A confidence that lets some paths miss: designs are refuted by a part of theirs, and the choice is that of all paths of all
/// designs.
#[test]
fn proofs_by_a_few_paths_choose_as_all_paths_do() {
    for (confidence, fade_per_year, lpsp_max) in
        [(0.75, 0.02, 0.02), (0.9, 0.035, 0.01), (0.6, 0.05, 0.03), (0.9, 0.01, 0.06)]
    {
        let mut plan = SizingPlan { paths: 16, ..plan() };
        plan.lists.renewals.push(Renewal::ReplaceAtEnd);
        plan.target = Target { lpsp_max, confidence, ..plan.target };
        let made = Made { fade_per_year, ..Made::new() };
        let result = run(&plan, &made, &Silent).unwrap();
        let lived = made.lived.load(Ordering::Relaxed);
        let chosen = &result.designs[result.chosen.expect("can be met")];
        let (design, npc) = by_hand(&plan, &made).unwrap();
        assert!((chosen.money.npc_usd.mean - npc).abs() < 1e-9, "{:?} against {design:?}", chosen.design);
        assert!(chosen.meets && chosen.method == Method::Simulated);
        let refuted: Vec<&Rated> = result.designs.iter().filter(|d| d.method == Method::Refuted).collect();
        assert!(!refuted.is_empty(), "none refuted at {confidence}");
        assert!(refuted.iter().all(|d| !d.meets && d.lpsp_at_confidence > lpsp_max));
        // None of them keeps the target by all of its paths.
        for d in refuted {
            let life = |path| {
                let ask = Ask { design: &d.design, path, years: 6, change: Change::NONE, trace: false };
                made.live(&ask).unwrap().life.years[5].lpsp()
            };
            assert!(at_share(&(0..16).map(life).collect::<Vec<f64>>(), confidence) > lpsp_max, "{:?}", d.design);
        }
        assert!(lived < 16 * result.designs.len() / 2, "{lived} lives");
    }
}

#[test]
fn threads_do_not_matter() {
    let plan = SizingPlan { compare_new: true, ..plan() };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&plan, &Made::new(), &Silent).unwrap())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn what_binds_is_told() {
    let base = plan();
    let with = |lists: Lists, fade: f64, scale: f64, lpsp_max: f64| {
        let mut plan = SizingPlan { lists, ..base.clone() };
        plan.target.lpsp_max = lpsp_max;
        let made = Made { fade_per_year: fade, scale, ..Made::new() };
        run(&plan, &made, &Silent).unwrap()
    };
    let lists = |pv: &[f64], strings: &[u32], inverter: &[f64]| Lists {
        pv_kw: pv.to_vec(),
        strings: strings.to_vec(),
        inverter_kw: inverter.to_vec(),
        ..base.lists.clone()
    };
    let cases = [
        (lists(&[0.2, 0.3], &[3, 4], &[0.6]), 0.01, 1.0, Cause::Sun),
        (lists(&[3.0], &[1], &[0.6]), 0.01, 0.4, Cause::Capacity),
        (lists(&[2.0], &[4], &[0.15, 0.2]), 0.01, 1.0, Cause::ConverterPower),
        (lists(&[3.0], &[1], &[0.6]), 0.13, 1.0, Cause::Life),
    ];
    for (lists, fade, scale, cause) in cases {
        let lpsp_max = if cause == Cause::Life { 0.40 } else { 0.01 };
        let result = with(lists, fade, scale, lpsp_max);
        let short = result.shortfall.expect("cannot be met");
        assert_eq!(short.cause, cause, "{}", short.words);
        assert!(result.chosen.is_none() && short.lpsp > lpsp_max && result.headline == short.words);
        assert!(short.words.contains("points too much"), "{}", short.words);
    }
}

#[test]
fn a_poor_pool_and_failed_paths_are_told() {
    let made = Made { pool: 10, fails: Some(3), ..Made::new() };
    let result = run(&plan(), &made, &Silent).unwrap();
    assert!(result.designs.iter().all(|d| d.design.modules <= 10));
    assert!(result.notes.iter().any(|n| n.contains("pool has 10 modules")), "{:?}", result.notes);
    assert!(result.notes.iter().any(|n| n.contains("1 of 8 paths")), "{:?}", result.notes);
    assert_eq!(result.detail.paths.len(), 7);
    let none = Made { pool: 3, ..Made::new() };
    assert!(matches!(run(&plan(), &none, &Silent), Err(SizingError::NoDesign(_))));
}

#[test]
fn an_answer_at_the_end_of_a_list_is_told() {
    let free = run(&plan(), &Made::new(), &Silent).unwrap();
    let chosen = free.designs[free.chosen.unwrap()].design;
    let inside = |list: &[f64], x: f64| list[0] < x && x < list[list.len() - 1];
    assert!(inside(&plan().lists.pv_kw, chosen.pv_kw));
    assert!(free.notes.iter().all(|n| !n.contains("sizing.pv_kw")), "{:?}", free.notes);
    // The same answer with nothing smaller in the list, and with a list that leaves no choice.
    let with = |pv_kw: Vec<f64>| {
        let plan = SizingPlan { lists: Lists { pv_kw, ..plan().lists }, ..plan() };
        run(&plan, &Made::new(), &Silent).unwrap().notes
    };
    let told = "The array is the least of `sizing.pv_kw`: a smaller one may cost less.";
    assert!(with(vec![chosen.pv_kw, 1.6]).iter().any(|n| n == told));
    assert!(with(vec![chosen.pv_kw]).iter().all(|n| !n.contains("sizing.pv_kw")));

    // Renewed modules are compared, and where they cost less without being listed the reader is told.
    let result = run(&SizingPlan { compare_new: true, ..plan() }, &Made::new(), &Silent).unwrap();
    let npc = result.designs[result.chosen.unwrap()].money.npc_usd.mean;
    let renewed = result.options[2..].iter().filter_map(|o| o.best.as_ref());
    let cheaper = renewed.into_iter().any(|best| best.money.npc_usd.mean < npc);
    assert_eq!(
        result.notes.iter().any(|n| n.contains("`sizing.renewals` does not list")),
        cheaper,
        "{:?}",
        result.notes
    );
}

#[test]
fn new_and_used_are_compared_each_at_its_best() {
    let plan = SizingPlan { compare_new: true, ..plan() };
    let made = Made::new();
    let result = run(&plan, &made, &Silent).unwrap();
    assert_eq!(result.options.len(), 4);
    let new = result.options[0].best.as_ref().expect("new modules keep the target");
    assert_eq!(new.design.grade, 2);
    assert_eq!(result.options[0].cheaper_than_new, 0.0);
    let used = result.options[2..].iter().filter_map(|o| o.best.as_ref());
    let used = used.min_by(|a, b| a.money.npc_usd.mean.total_cmp(&b.money.npc_usd.mean)).unwrap();
    let bases = result.options[0].bases_kwh;
    assert!(bases[0] > bases[1] && bases[1] > bases[2] && bases[2] > bases[3] && bases[3] > 0.0, "{bases:?}");
    assert!((result.options[0].co2_kg - 55.0 * bases[0]).abs() < 1e-9);
    // Neither fuel nor grid here.
    assert!(result.options.iter().all(|o| o.operation_co2_kg == 0.0));
    // A second battery is made as well: two name plates on the paths that took it.
    let replaced = &result.options[2];
    if let Some(best) = &replaced.best {
        let made_kwh: Vec<f64> = (0..plan.paths)
            .map(|path| {
                let ask = Ask { design: &best.design, path, years: 6, change: Change::NONE, trace: false };
                let life = made.live(&ask).unwrap().life;
                (1.0 + life.replaced.len() as f64) * life.nameplate_kwh
            })
            .collect();
        let mean = made_kwh.iter().sum::<f64>() / made_kwh.len() as f64;
        assert!((replaced.co2_kg - 5.0 * mean).abs() < 1e-9, "{} {mean}", replaced.co2_kg);
    }

    // The closed form against a re-evaluation of every path at its own break-even price.
    let terms = Terms { module_kwh: MODULE_KWH, accepted_share: 0.9 };
    let new_terms = Terms { accepted_share: 1.0, ..terms };
    let mut prices = Vec::new();
    for path in 0..plan.paths {
        let ask = |design| Ask { design, path, years: 6, change: Change::NONE, trace: false };
        let (u, n) = (made.live(&ask(&used.design)).unwrap().life, made.live(&ask(&new.design)).unwrap().life);
        let wanted = books(&plan, &new.design, &n, &new_terms).lcos_usd_per_kwh;
        let b = books(&plan, &used.design, &u, &terms);
        let p = b.storage.price_for(wanted, b.discharged_kwh).unwrap();
        assert!((lcos_at_price(&plan, &used.design, &u, &terms, p) - wanted).abs() < 1e-9 * wanted);
        prices.push(p);
    }
    let found = result.break_even.unwrap();
    assert!((found.usd_per_nameplate_kwh.mean - prices.iter().sum::<f64>() / prices.len() as f64).abs() < 1e-9);
    let bar = result.tornado.iter().find(|s| s.input == "price of new storage").expect("compared");
    assert!(bar.npc_usd[0] == bar.npc_usd[1] && bar.values.iter().all(|v| v.contains("break-even")), "{bar:?}");
    assert!(result.tornado.iter().any(|s| s.input == "fade in service (by the fast balance)"));
    assert_eq!(found.used_is_cheaper > 0.5, result.notes.iter().any(|n| n.starts_with("Used modules win:")));
}

#[test]
fn quantiles_go_by_rank() {
    let values: Vec<f64> = (1..=10).rev().map(f64::from).collect();
    assert_eq!([0.1, 0.5, 0.9, 1.0].map(|s| at_share(&values, s)), [1.0, 5.0, 9.0, 10.0]);
    assert_eq!(at_share(&[], 0.5), 0.0);
    assert_eq!(Quantiles::of(&[2.0, 4.0]), Quantiles { mean: 3.0, p10: 2.0, p50: 2.0, p90: 4.0 });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The parts of the costs are the NPC, and the storage's line goes through the LCOS, whatever the design.
    #[test]
    fn books_close(
        pv in 0.2..3.0f64, strings in 1..6u32, genset in prop_oneof![Just(0.0), 0.1..2.0f64], grade in 0..3usize, kind in 0..3u32,
        rate in 0.0..0.2f64, price in 0.0..200.0f64,
    ) {
        let mut plan = SizingPlan { compare_new: true, ..plan() };
        plan.site.discount_rate = rate;
        plan.grades.iter_mut().for_each(|g| g.usd_per_nameplate_kwh = price);
        let renewal = [Renewal::None, Renewal::ReplaceAtEnd, Renewal::Augment { after_years: 3, strings: 1 }][kind as usize];
        let design = Design { pv_kw: pv, strings, modules: 4 * strings, grade, inverter_kw: 0.6, genset_kw: genset, renewal };
        let made = Made { fade_per_year: 0.06, ..Made::new() };
        let life = made.live(&Ask { design: &design, path: 1, years: 6, change: Change::NONE, trace: false }).unwrap().life;
        let b = books(&plan, &design, &life, &Terms { module_kwh: MODULE_KWH, accepted_share: 0.9 });
        prop_assert!((b.split.total_usd() - b.npc_usd).abs() < 1e-9 * b.npc_usd.abs());
        let p = battery_price(&plan, grade, &Terms { module_kwh: MODULE_KWH, accepted_share: 0.9 }).module_usd_per_kwh;
        prop_assert!((b.storage.at(p) - b.lcos_usd_per_kwh * b.discharged_kwh).abs() < 1e-6 * b.storage.at(p).abs().max(1.0));
        prop_assert!(b.capex_usd > 0.0 && b.lcoe_usd_per_kwh.is_finite());
        let least = money::least_npc_usd(&plan, &design, &Terms { module_kwh: MODULE_KWH, accepted_share: 0.9 });
        prop_assert!(least.is_none_or(|usd| usd <= b.npc_usd + 1e-9), "{least:?} {}", b.npc_usd);
        prop_assert_eq!(least.is_none(), genset > 0.0);
    }
}
