//! The full simulation: modules of the pool, or new ones, serve the scenario's site hour by hour and age.

use super::hire::{SiteFacts, car_powers};
use super::plan::SizingPlan;
use super::pool::Pool;
use super::result::{Design, PathLife, Renewal};
use super::screen::{Engine, Hours, Plant, SupplyRule};
use super::simulator::{Ask, Change, Lived, Simulator};
use crate::duty::LoadBus;
use crate::life::Journey;
use crate::life::plan::{Coupling, Priority, SecondLifePlan};
use crate::life::serving::{Served, Serving, Start, site_run};
use crate::numeric::calendar::{DAYS_PER_YEAR, HOURS_PER_YEAR};
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::{Environment, ModuleString};
use crate::site::plain::{EnergySpec, EnergyStore, KibamSpec, KibamStore};
use crate::site::{Given, HourTrace, Shortage, SiteYear, Storage, YearOrder};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Share of a full product.
const SHARE: f64 = 1.0;
/// Efficiency of a plain battery each way, and its power \[1/h\].
const ONE_WAY: f64 = 0.96;
const PLAIN_C: f64 = 0.5;
/// A lithium battery as a published project of HOMER 2.68 has it (Hobbs 2022, poster of PVPMC): hardly a second well. Its
/// capacity is set for each design.
const KIBAM: KibamSpec = KibamSpec {
    capacity_kwh: 1.0,
    first_well: 0.9997,
    rate_per_h: 0.301,
    charge_rate_a_per_ah: 1.0,
    charge_kw: f64::MAX,
    round_trip_efficiency: 0.86,
    soc_min: 0.0,
    soc_start: 1.0,
};
/// Number of the stream of new modules among those of the classes.
const NEW_MODULES: u16 = u16::MAX;

/// The site of a scenario, with the pool that its first lives fill.
pub struct OnSite<'a> {
    journey: &'a Journey,
    plan: &'a SizingPlan,
    seed: u64,
    pool: Pool,
    /// Usable energy by class, strings and path: the fast balance asks for it again and again \[kWh\].
    starts: Mutex<BTreeMap<(usize, u32, u32), f64>>,
}

impl<'a> OnSite<'a> {
    /// Fills the pool from the first lives of some packs.
    pub fn new(journey: &'a Journey, plan: &'a SizingPlan, seed: u64, packs: u64) -> Self {
        let pool = Pool::fill(journey, packs, &plan.grades);
        OnSite { journey, plan, seed, pool, starts: Mutex::new(BTreeMap::new()) }
    }

    /// Where and when a path starts: years of service are calendar years, and in each of them the paths together meet the
    /// same set of weather years.
    fn start(&self, path: u32) -> Start {
        let years = YearOrder::InTurn { first: path as usize, of: self.plan.paths as usize };
        Start { index: 0, day: 0, share: SHARE, years }
    }

    fn streams(&self, path: u32) -> Streams {
        Streams::new(self.seed, u64::from(path))
    }

    /// Strings of a class, modules number `from` on of the path's order.
    fn strings(&self, grade: usize, path: u32, from: usize, count: usize) -> Vec<ModuleString> {
        let streams = self.streams(path);
        if !self.plan.is_new(grade) {
            return self.pool.strings(self.journey, grade, &streams, from, count);
        }
        let series = self.series_modules().max(1) as usize;
        let rng = &mut streams.indexed(Purpose::SizingModules, NEW_MODULES - (from > 0) as u16);
        let modules = self.journey.modules(0, &streams, count, rng);
        let all: Vec<usize> = (0..count).collect();
        all.chunks_exact(series).map(|chunk| modules.select(chunk)).collect()
    }

    /// The second life of a design under some conditions.
    fn second_life(&self, design: &Design, change: Change) -> SecondLifePlan {
        let mut plan = self.journey.plan.second_life.clone();
        let planned = (plan.inverter_kw, plan.pv.peak_kw);
        plan.pv.peak_kw = design.pv_kw * change.sun;
        plan.inverter_kw = design.inverter_kw;
        // A charger, or an array's inverter, that was as large as what it belongs to follows it.
        if plan.charger_kw == planned.0 {
            plan.charger_kw = design.inverter_kw;
        }
        if let Coupling::Ac { inverter } = &mut plan.coupling
            && inverter.rating_kw == planned.1
        {
            inverter.rating_kw = design.pv_kw.max(1e-3);
        }
        plan.genset = plan.genset.filter(|_| design.genset_kw > 0.0);
        if let Some(genset) = &mut plan.genset {
            genset.rating_kw = design.genset_kw;
        }
        plan.service = None;
        plan.system.ambient_offset_k += change.ambient_k;
        plan.load_factor *= change.load;
        plan
    }

    /// Hours of a year of the site with no battery.
    fn bare(&self, plan: &SecondLifePlan, path: u32, year: u32) -> Result<Vec<HourTrace>, String> {
        let mut run = site_run(self.journey, plan, &self.streams(path), self.start(path)).map_err(|e| e.to_string())?;
        run.trace_year(year as usize);
        (0..(year as usize + 1) * DAYS_PER_YEAR).for_each(|_| run.day(&mut Nothing));
        Ok(run.trace().to_vec())
    }

    /// The first year with a plain battery.
    fn first_year(&self, plan: &SecondLifePlan, path: u32, mut battery: impl Storage) -> Option<SiteYear> {
        let mut run = site_run(self.journey, plan, &self.streams(path), self.start(path)).ok()?;
        run.meet(&battery);
        (0..DAYS_PER_YEAR).for_each(|_| run.day(&mut battery));
        run.years().first().cloned()
    }

    /// Serves until the end of service; returns the strings as they ended, and notes what was renewed.
    fn serve(
        &self,
        serving: &mut Serving<'_>,
        ask: &Ask<'_>,
        strings: Vec<ModuleString>,
        life: &mut PathLife,
    ) -> Served {
        let (design, last) = (ask.design, ask.years as usize * DAYS_PER_YEAR);
        let modules = design.modules as usize;
        match design.renewal {
            Renewal::Augment { after_years, strings: more } if after_years < ask.years => {
                let served = serving.serve(strings, after_years as usize * DAYS_PER_YEAR, false);
                let count = more as usize * self.series_modules() as usize;
                serving.add(self.strings(design.grade, ask.path, modules, count));
                life.modules_added += count as u32;
                serving.serve(served.strings, last, false)
            }
            Renewal::None | Renewal::Augment { .. } => serving.serve(strings, last, false),
            Renewal::ReplaceAtEnd => {
                let mut served = serving.serve(strings, last, true);
                let mut number = 1;
                while let Some(cause) = served.cause.filter(|_| served.day < last) {
                    let began = served.day;
                    let next = self.strings(design.grade, ask.path, number * modules, modules);
                    if next.is_empty() {
                        // The class has no more: it goes on with what it has.
                        return serving.serve(served.strings, last, false);
                    }
                    life.replaced.push((began as f64 / DAYS_PER_YEAR as f64, cause.name()));
                    life.modules_added += design.modules;
                    number += 1;
                    served = serving.serve(next, last, true);
                    if served.day == began {
                        // Modules that are past their end when they come would be replaced for ever.
                        return serving.serve(served.strings, last, false);
                    }
                }
                served
            }
        }
    }
}

impl Simulator for OnSite<'_> {
    fn module_kwh(&self) -> f64 {
        self.journey.plan.vehicle.module_kwh()
    }

    fn series_modules(&self) -> u32 {
        self.journey.plan.second_life.series_modules
    }

    fn available(&self, grade: usize) -> usize {
        if self.plan.is_new(grade) { usize::MAX } else { self.pool.available(grade) }
    }

    fn accepted_share(&self, grade: usize) -> f64 {
        if self.plan.is_new(grade) { 1.0 } else { self.pool.accepted_share() }
    }

    fn usable_kwh_start(&self, design: &Design, path: u32) -> f64 {
        let key = (design.grade, design.strings, path);
        if let Some(known) = self.starts.lock().ok().and_then(|starts| starts.get(&key).copied()) {
            return known;
        }
        let plan = &self.journey.plan.second_life;
        let strings = self.strings(design.grade, path, 0, design.modules as usize);
        let usable = Serving::new(self.journey, plan, &self.streams(path), self.start(path))
            .map_or(0.0, |s| s.usable_kwh(&strings));
        if let Ok(mut starts) = self.starts.lock() {
            starts.insert(key, usable);
        }
        usable
    }

    fn plant(&self) -> Plant {
        let second = &self.journey.plan.second_life;
        let site = second.site(SHARE);
        let genset = second.genset.as_ref().map(|genset| Engine {
            no_load_l_per_kwh: genset.spec.fuel_no_load_l_per_kwh,
            slope_l_per_kwh: genset.spec.fuel_slope_l_per_kwh,
            least_load_share: genset.spec.least_load_share,
        });
        Plant {
            inverter: site.inverter.spec,
            dc_load: site.bus == LoadBus::Dc,
            idle_kw: site.idle_kw,
            electronics_kw: site.electronics_kw,
            genset,
            supply: supply_rule(second),
        }
    }

    fn hours(&self, path: u32, year: u32) -> Result<Hours, String> {
        let mut plan = self.journey.plan.second_life.clone();
        (plan.genset, plan.recharge, plan.pv.peak_kw) = (None, None, 1.0);
        let grid = plan.grid.take();
        let alone = self.bare(&plan, path, year)?;
        let to_bus = match plan.coupling {
            Coupling::Dc { efficiency } => efficiency,
            Coupling::Ac { inverter } => 0.5 / inverter.spec.dc_for(0.5, 1.0) * plan.charger.mppt_efficiency,
        };
        let mut hours = Hours {
            load_kw: alone.iter().map(|h| h.load_kw as f32).collect(),
            pv_per_kw: alone.iter().map(|h| (h.pv_kw * to_bus) as f32).collect(),
            ..Hours::default()
        };
        let socket = |ac_kw: f64, rating: f64| (plan.charger.ac_from(ac_kw.min(rating), rating)) as f32;
        if let Some(grid) = grid {
            // What is imported without an array tells when there is supply.
            let charge = socket(grid.charge_kw, plan.charger_kw);
            plan.pv.peak_kw = 0.0;
            plan.grid = Some(grid);
            let with = self.bare(&plan, path, year)?;
            let limit = plan.grid.as_ref().map_or(0.0, |g| g.limit_kw);
            let share = |h: &HourTrace| (h.grid_kw / h.load_kw.min(limit).max(1e-9)).clamp(0.0, 1.0) as f32;
            hours.grid_kw = with.iter().map(|h| h.grid_kw as f32).collect();
            hours.socket_kw = with.iter().map(|h| share(h) * charge).collect();
        } else if let Some(recharge) = &self.journey.plan.second_life.recharge {
            let dc = socket(recharge.power_kw, plan.charger_kw);
            hours.socket_kw = (0..HOURS_PER_YEAR).map(|h| if recharge.open(h % 24) { dc } else { 0.0 }).collect();
        }
        Ok(hours)
    }

    fn live(&self, ask: &Ask<'_>) -> Result<Lived, String> {
        let design = ask.design;
        let plan = self.second_life(design, ask.change);
        let strings = self.strings(design.grade, ask.path, 0, design.modules as usize);
        if strings.is_empty() {
            return Err("the pool has too few modules of the class".into());
        }
        let mut serving = Serving::new(self.journey, &plan, &self.streams(ask.path), self.start(ask.path))
            .map_err(|e| e.to_string())?;
        if ask.trace {
            serving.trace_year(ask.years.saturating_sub(1) as usize);
        }
        let least = |of: fn(&ModuleString) -> f64| strings.iter().map(of).fold(f64::INFINITY, f64::min);
        let sum = |of: &dyn Fn(&ModuleString) -> f64| strings.iter().map(of).sum::<f64>();
        let mut life = PathLife {
            soh_start: least(ModuleString::soh_min),
            nameplate_kwh: f64::from(design.modules) * self.module_kwh(),
            actual_kwh_start: sum(&|s| s.soh_min() * s.module_nominal_kwh() * s.len() as f64),
            usable_kwh_start: serving.usable_kwh(&strings),
            ..PathLife::empty(ask.path)
        };
        let served = self.serve(&mut serving, ask, strings, &mut life);
        life.years = serving.years().to_vec();
        life.monthly = serving.monthly().to_vec();
        life.usable_kwh_end = life.years.last().map_or(0.0, |year| year.usable_kwh_end);
        let n = served.strings.len().max(1) as f64;
        let outside = served.strings.iter().map(|s| s.aging.outside_shares());
        let (time, throughput) = outside.fold((0.0, 0.0), |(t, q), s| (t + s.time / n, q + s.throughput / n));
        (life.outside_time, life.outside_throughput) = (time, throughput);
        life.balance_error = serving.balance_error();
        if life.years.len() != ask.years as usize {
            return Err(format!("{} of {} years were lived", life.years.len(), ask.years));
        }
        Ok(Lived { life, trace: serving.trace().to_vec(), steady: !serving.met_end() })
    }

    fn is_southern(&self) -> bool {
        self.journey.plan.second_life.climate.latitude_deg < 0.0
    }

    fn site_facts(&self, design: &Design) -> Option<SiteFacts> {
        let plan = self.second_life(design, Change::NONE);
        let site = plan.site(SHARE);
        let alone = plan.grid.is_none();
        Some(SiteFacts {
            inverter: (site.bus == LoadBus::Ac).then_some(site.inverter),
            charger: site.charger,
            grid_kw: plan.grid.as_ref().map(|grid| grid.charge_kw.min(grid.limit_kw)),
            socket_kw: plan.recharge.as_ref().filter(|_| alone).map(|recharge| recharge.power_kw),
            sessions: plan.load.sessions.as_ref().map(car_powers),
        })
    }

    fn notes(&self) -> Vec<String> {
        self.pool.notes()
    }

    fn plain_year(&self, design: &Design, path: u32, battery: &KibamSpec) -> Option<SiteYear> {
        let mut plan = self.second_life(design, Change::NONE);
        // Its own least SoC holds, not the window of the modules.
        plan.soc_window = [battery.soc_min, 1.0];
        self.first_year(&plan, path, KibamStore::new(*battery).ok()?)
    }

    fn plain_lpsp(&self, design: &Design, paths: u32) -> Option<[f64; 2]> {
        let plan = self.second_life(design, Change::NONE);
        let [low, high] = plan.soc_window;
        let mut sum = [0.0; 2];
        for path in 0..paths {
            let usable = self.usable_kwh_start(design, path);
            let energy =
                EnergyStore::new(EnergySpec::full(usable / (high - low), [low, high], ONE_WAY, PLAIN_C)).ok()?;
            // Its wells are full at SoC 1.
            let kibam =
                KibamStore::new(KibamSpec { capacity_kwh: usable / (1.0 - low), soc_min: low, ..KIBAM }).ok()?;
            sum[0] += self.first_year(&plan, path, energy)?.lpsp();
            sum[1] += self.first_year(&plan, path, kibam)?.lpsp();
        }
        Some(sum.map(|s| s / f64::from(paths.max(1))))
    }
}

/// How a scenario's grid is used, in shares of the usable window.
fn supply_rule(second: &SecondLifePlan) -> SupplyRule {
    let [low, high] = second.soc_window;
    let share = |soc: f64| ((soc - low) / (high - low).max(1e-9)).clamp(0.0, 1.0);
    match (&second.grid, &second.recharge) {
        (Some(grid), _) => SupplyRule {
            array_first: grid.priority == Priority::Array,
            reserve: share(grid.reserve_soc),
            target: share(grid.soc_target),
        },
        (None, Some(recharge)) => SupplyRule { target: share(recharge.soc_target), ..SupplyRule::FILLS },
        (None, None) => SupplyRule::FILLS,
    }
}

/// No battery at all.
struct Nothing;

impl Storage for Nothing {
    fn discharge(&mut self, _: f64, _: f64, _: f64, _: &Environment) -> Given {
        Given { kw: 0.0, short: Shortage::Energy }
    }

    fn charge(&mut self, _: f64, _: f64, _: f64, _: &Environment) -> Given {
        Given { kw: 0.0, short: Shortage::None }
    }

    fn room_kw(&self, _: f64, _: f64) -> f64 {
        0.0
    }

    fn soc_window(&self) -> [f64; 2] {
        [0.0, 1.0]
    }

    fn soc(&self) -> f64 {
        0.5
    }

    fn temperature_c(&self) -> f64 {
        25.0
    }

    fn end_day(&mut self) {}
}
