//! The journey of a pack, told in order.

use super::constants::DELIVERY_SOC;
use super::decision::Retired;
use super::exit::ExitDraw;
use super::grading::{Graded, Tested};
use super::outcome::{
    BoughtOutcome, ExitOutcome, FirstLifeOutcome, GradingOutcome, LotModule, ModuleReading, PackFailure, PackOutcome,
    SystemOutcome,
};
use super::plan::{JourneyPlan, LawPlan, Level, UsedPlan};
use super::record::PackRecord;
use super::repurposing::Assembly;
use super::second_life::{LeftOver, Start};
use super::{bought, decision, first_life, grading, money, recycling, repurposing, second_life};
use crate::aging::{Law, LawError, LawKind, UsedUnit};
use crate::cell::{Cell, CellError, ZERO_CELSIUS_K};
use crate::duty::{DriveDemand, DriveError, GridError, LoadError, LoadModel, Supply};
use crate::economics::Future;
use crate::numeric::calendar::{DAYS_PER_YEAR, HOURS_PER_YEAR};
use crate::numeric::stats::expected_highest;
use crate::numeric::stream::{Purpose, Streams};
use crate::pack::{Build, Environment, Fidelity, ModuleString};
use crate::site::YearOrder;
use crate::weather::{ClimateSpec, PvGeometry, WeatherYear, YearGenerator, clear_sky_year, pv_year};
use rand::{Rng, RngExt};
use std::sync::Arc;

/// Relative error of a balance above which a life is not believed.
pub const BALANCE_TOLERANCE: f64 = 1e-9;
/// A plan that cannot be lived.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JourneyError {
    /// The cell's parameters cannot be used.
    #[error("cell: {0}")]
    Cell(#[from] CellError),
    /// The load's parameters cannot be used.
    #[error("load: {0}")]
    Load(#[from] LoadError),
    /// The grid cannot be simulated.
    #[error("grid: {0}")]
    Grid(#[from] GridError),
    /// The drive cannot be had from the vehicle.
    #[error("drive: {0}")]
    Drive(#[from] DriveError),
    /// A law whose parts do not fit.
    #[error("aging law: {0}")]
    Law(#[from] LawError),
    /// No law at all.
    #[error("a study needs at least one aging law")]
    NoLaw,
    /// Modules do not divide the cells in series.
    #[error("{modules} modules do not divide {cells_series} cells in series")]
    Modules {
        /// Modules of the pack.
        modules: u32,
        /// Cells in series of the pack.
        cells_series: u32,
    },
    /// The followed materials weigh more than the pack.
    #[error("materials of {materials_kg:.1} kg do not fit into a pack of {pack_kg:.1} kg")]
    Mass {
        /// Materials \[kg\].
        materials_kg: f64,
        /// Pack \[kg\].
        pack_kg: f64,
    },
    /// A sheet of used modules without a pack, or a pack without a module.
    #[error("a sheet of used modules needs at least one pack, and each pack a module")]
    NoModules,
    /// No weather years asked for, or one that is not whole.
    #[error("a study needs at least one weather year of 8760 hours")]
    Weather,
}

/// A pack at the end of its first life.
pub(super) struct Begun {
    pub streams: Streams,
    pub pack: ModuleString,
    pub draw: ExitDraw,
    pub first: FirstLifeOutcome,
    pub exit: ExitOutcome,
    pub bought: Option<BoughtOutcome>,
    /// Relative error of its energy balance.
    pub error: f64,
}

/// A plan made ready: tables, weather and array yield, shared by all packs of a study.
#[derive(Debug)]
pub struct Journey {
    /// What was asked for.
    pub plan: JourneyPlan,
    pub(super) cell: Arc<Cell>,
    /// By law, the main set of numbers first, then its other sets where they are drawn.
    laws: Vec<Vec<Arc<Law>>>,
    /// Daily driving, and driving on a long day.
    pub(super) drives: [DriveDemand; 2],
    pub(super) first_weather: Vec<WeatherYear>,
    pub(super) second_weather: Vec<WeatherYear>,
    /// Array power over peak power \[kW/kW\], by weather year and hour.
    pub(super) pv_years: Vec<Vec<f64>>,
    /// The same under a clear sky, where clouds move inside the hour.
    pub(super) clear_year: Option<Vec<f64>>,
    seed: u64,
}

impl Journey {
    /// Checks a plan and makes its tables and weather; deterministic in the seed.
    pub fn prepare(plan: JourneyPlan, seed: u64) -> Result<Self, JourneyError> {
        let vehicle = &plan.vehicle;
        if vehicle.modules == 0 || !vehicle.cells_series.is_multiple_of(vehicle.modules) {
            return Err(JourneyError::Modules { modules: vehicle.modules, cells_series: vehicle.cells_series });
        }
        let materials_kg = plan.composition.materials_kg_per_kwh.total() * vehicle.nominal_energy_kwh;
        if materials_kg > vehicle.pack_mass_kg {
            return Err(JourneyError::Mass { materials_kg, pack_kg: vehicle.pack_mass_kg });
        }
        if plan.weather_years == 0 {
            return Err(JourneyError::Weather);
        }
        if plan.laws.is_empty() {
            return Err(JourneyError::NoLaw);
        }
        if let Some(UsedPlan::Sheet(sheet)) = &plan.used
            && (sheet.packs.is_empty() || sheet.packs.iter().any(|p| p.modules.is_empty()))
        {
            return Err(JourneyError::NoModules);
        }
        let laws = plan.laws.iter().map(sets).collect::<Result<_, _>>()?;
        let cell = Arc::new(Cell::new(plan.cell.clone())?.scaled_to(vehicle.cell_capacity_ah));
        LoadModel::new(&plan.second_life.load, 1, Streams::new(seed, 0).stream(Purpose::Load))?;
        if let Some(grid) = &plan.second_life.grid {
            Supply::new(&grid.supply, 1, Streams::new(seed, 0).stream(Purpose::Outages))?;
        }
        let drive = |trace| DriveDemand::new(vehicle, trace);
        let drives = [drive(&plan.first_life.trace)?, drive(&plan.first_life.long_trace)?];
        let (first, second) = (&plan.first_life, &plan.second_life);
        let first_weather = weather((&first.climate, first.weather.as_deref()), seed, 0, plan.weather_years)?;
        let second_weather = weather((&second.climate, second.weather.as_deref()), seed, 1, plan.weather_years)?;
        let pv = &plan.second_life.pv;
        let geometry = PvGeometry {
            tilt_deg: pv.tilt_deg,
            azimuth_deg: pv.azimuth_deg,
            temperature_coefficient_per_k: pv.temperature_coefficient_per_k,
            system_loss: pv.system_loss,
        };
        let pv_years = second_weather.iter().map(|y| pv_year(y, &plan.second_life.climate, &geometry)).collect();
        let clear_year =
            pv.minute_clouds.then(|| pv_year(&clear_sky_year(&second.climate), &second.climate, &geometry));
        Ok(Journey { cell, laws, drives, first_weather, second_weather, pv_years, clear_year, seed, plan })
    }

    /// Number of laws: each pack is lived once under each.
    pub fn laws(&self) -> usize {
        self.laws.len()
    }

    /// Name of a law, by its index.
    pub fn law_name(&self, law: usize) -> Arc<str> {
        self.plan.laws[law].name.as_str().into()
    }

    /// Streams of random numbers of a pack.
    pub fn streams(&self, pack_id: u64) -> Streams {
        Streams::new(self.seed, pack_id)
    }

    /// Lives the whole life of one pack under one of the laws. The same number gives the same life, whatever else is
    /// simulated, and the same draws under every law.
    pub fn live(&self, pack_id: u64, law: usize) -> Result<PackOutcome, PackFailure> {
        let fail =
            |stage: &'static str, reason: String| PackFailure { pack_id, law: self.law_name(law), stage, reason };
        let Begun { streams, mut pack, draw, first, exit, bought, error: first_error } = self.begin(pack_id, law)?;
        let modules = pack.len() as u32;
        let mut record =
            self.plan.records.then(|| PackRecord::begin(self, draw.first_day, &pack, &first, bought.as_ref()));

        // Tested and graded, with the error of the tests.
        let gate_fail = self.plan.exit.gate_fail(&exit, &self.plan.failures, self.plan.recall.as_ref());
        let Graded { outcome: mut graded, mut tested, soh_mean, modules: tested_modules } =
            grading::grade(&self.plan, &exit, gate_fail, &pack, &streams);
        if let Some(record) = &mut record {
            record.tested.clone_from(&tested);
        }

        // Reused or recycled, by what was measured.
        let future = Future::of(self.plan.recycling.price_path, &streams);
        // A price set stands for the middle of its year.
        let left =
            f64::from(self.plan.recycling.start_year) + draw.first_day as f64 / DAYS_PER_YEAR as f64 + first.years;
        let priced_years = left - f64::from(self.plan.prices.year) - 0.5;
        let decided = graded.measured_soh_mean.zip(soh_mean).map(|(soh_measured, soh_tested)| {
            let retired = Retired {
                soh_measured,
                soh_tested,
                soh_pack: exit.soh_mean,
                modules,
                tested: tested_modules,
                test_usd: graded.test_usd,
                paid: graded.gate_passed,
            };
            decision::decide(&self.plan, &retired, &future, priced_years)
        });
        let sent_to_recycler = decided.is_some_and(|d| decision::sends_to_recycler(self.plan.decision.rule, &d));
        if sent_to_recycler {
            tested.clear();
            // Nothing of it is sold, so no mistake of the tests costs anything.
            (graded.false_accept_usd, graded.false_reject_usd) = (0.0, 0.0);
        }

        // Shelved between the lives; aging goes on.
        let storage_error = self.store(&mut pack);
        believe(storage_error, &pack).map_err(|reason| fail("storage", reason))?;

        // Rebuilt into systems, which serve until they no longer can.
        let (second, reuse) = (&self.plan.second_life, &self.plan.repurposing);
        let cells = (reuse.level == Level::Cell).then(|| self.regroup(&mut pack, &mut tested, &mut graded));
        let (assemblies, unmatched) =
            repurposing::assemble(&tested, second.series_modules, second.system.strings, reuse.matching);
        note_matched(&mut graded, &pack, &tested, &assemblies, unmatched.len(), cells.as_deref(), reuse.level);
        let mut left_over = LeftOver {
            modules: (!unmatched.is_empty()).then(|| pack.select(&unmatched)),
            taken: vec![false; unmatched.len()],
        };
        let day = draw.first_day + (first.years * DAYS_PER_YEAR as f64) as usize + self.plan.storage.days as usize;
        let mut systems: Vec<SystemOutcome> = Vec::with_capacity(assemblies.len());
        let mut worst = first_error.max(storage_error);
        let mut ended: Vec<(usize, f64)> = Vec::new();
        for (index, assembly) in assemblies.iter().enumerate() {
            let mut strings: Vec<ModuleString> = assembly.strings.iter().map(|modules| pack.select(modules)).collect();
            let start =
                Start { index: index as u16, day: day % DAYS_PER_YEAR, share: assembly.share, years: YearOrder::Drawn };
            if let Some(record) = &mut record {
                record.system_starts(&strings);
            }
            let (mut outcome, error) = second_life::live(self, &mut strings, &streams, start, law, &mut left_over)
                .map_err(|e| fail("second_life", e.to_string()))?;
            if let Some(record) = &mut record {
                record.system_ends(&strings, outcome.efc);
            }
            for string in &strings {
                believe(error, string).map_err(|reason| fail("second_life", reason))?;
            }
            worst = worst.max(error);
            outcome.mismatch_measured = assembly.mismatch_measured;
            ended.extend(strings.iter().map(|s| (s.len(), s.soh_mean())));
            systems.push(outcome);
        }

        // Recycled, all modules in the end; those bought for service count as a part of a pack.
        let vehicle = &self.plan.vehicle;
        let in_service: u32 = systems.iter().map(|s| s.service().bought).sum();
        let share = |modules: u32| f64::from(modules) / f64::from(vehicle.modules);
        let packs = share(modules) + share(in_service);
        let mut recycled = recycling::recycle(
            &self.plan.composition,
            &self.plan.route,
            self.plan.prices.iron_phosphate_usd_per_kg.is_some(),
            vehicle.nominal_energy_kwh * packs,
            vehicle.pack_mass_kg * packs,
            recycling::mean_soh(modules, exit.soh_mean, &systems, &ended),
        );
        let sold_after = f64::from(self.plan.storage.days) / DAYS_PER_YEAR as f64;
        recycled.batches = recycling::batches(modules, &systems, sold_after, |years| {
            (future.factor(priced_years + years), (left + years).floor() as i32)
        });
        let mass_error = recycling::mass_error(&recycled);
        if mass_error.is_nan() || mass_error > BALANCE_TOLERANCE {
            return Err(fail("recycling", format!("mass balance open by {mass_error:e} relative")));
        }
        let money = money::account(self, modules, &exit, &graded, &systems, &recycled);
        let money_error = money::error(&money);
        if money_error.is_nan() || money_error > BALANCE_TOLERANCE {
            return Err(fail(
                "recycling",
                format!("the steps of the costs miss their sum by {money_error:e} relative"),
            ));
        }
        let balance_error = worst.max(mass_error).max(money_error);
        let law = self.law_name(law);
        Ok(PackOutcome {
            pack_id,
            law,
            first,
            exit,
            bought,
            grading: graded,
            decision: decided,
            sent_to_recycler,
            systems,
            recycling: recycled,
            money,
            balance_error,
            record,
        })
    }

    /// Builds a pack and lives its first life: driven until one of the hazards strikes first; or bought used, with a past
    /// that nobody recorded. Modules differ from the first day.
    pub(super) fn begin(&self, pack_id: u64, law: usize) -> Result<Begun, PackFailure> {
        let streams = self.streams(pack_id);
        let mut pack = self.build_for(pack_id, law, &streams);
        let draw = ExitDraw::of(&self.plan, &streams);
        let (first, exit, error, bought) = match &self.plan.used {
            Some(used) => {
                let bought = bought::start(used, pack_id, &mut pack, &streams);
                (bought.first, bought.exit, 0.0, Some(bought.offered))
            }
            None => {
                let (first, exit, error) = first_life::live(self, &mut pack, &streams, &draw);
                (first, exit, error, None)
            }
        };
        let fail = |reason| PackFailure { pack_id, law: self.law_name(law), stage: "first_life", reason };
        believe(error, &pack).map_err(fail)?;
        Ok(Begun { streams, pack, draw, first, exit, bought, error })
    }

    /// Makes modules of a pack that was simulated as one unit.
    pub(super) fn take_apart(&self, pack: &mut ModuleString) {
        if self.plan.fidelity == Fidelity::Pack {
            *pack = pack.divide(self.plan.vehicle.modules);
        }
    }

    /// Makes modules of the accepted cells; what was measured of the cells becomes a reading of each. Returns their cells.
    pub(super) fn regroup(
        &self,
        pack: &mut ModuleString,
        tested: &mut Vec<Tested>,
        graded: &mut GradingOutcome,
    ) -> Vec<Vec<usize>> {
        let made = repurposing::regroup(pack, tested);
        graded.unmatched = made.left_over as u32;
        *tested = made.tested;
        if let Some(modules) = made.modules {
            *pack = modules;
        }
        made.cells
    }

    /// The pack of a number of the study when new: the vehicle's, or modules as many as were bought together.
    fn build_for(&self, pack_id: u64, law: usize, streams: &Streams) -> ModuleString {
        match &self.plan.used {
            None => self.build(law, streams),
            Some(UsedPlan::Lot(_)) => {
                let mut pack = self.build(law, streams);
                self.take_apart(&mut pack);
                pack
            }
            Some(UsedPlan::Sheet(sheet)) => {
                let count = bought::of_sheet(sheet, pack_id).modules.len();
                self.modules(law, streams, count, &mut streams.stream(Purpose::ModuleSpread))
            }
        }
    }

    /// The vehicle's pack when new.
    pub(super) fn build(&self, law: usize, streams: &Streams) -> ModuleString {
        let vehicle = &self.plan.vehicle;
        // A pack that is one unit has what its modules share.
        let (units, series) = match self.plan.fidelity {
            Fidelity::Pack => (1, vehicle.cells_series),
            Fidelity::Cell | Fidelity::Module => (vehicle.modules as usize, vehicle.cells_series / vehicle.modules),
        };
        let build = Build { neighbour_w_per_k: vehicle.module_conductance_w_per_k, ..self.build_of(series) };
        self.make(law, streams, build, units, &mut streams.stream(Purpose::ModuleSpread))
    }

    /// New modules of a pack's kind, with the set of the law's numbers that the pack drew.
    pub(crate) fn modules(&self, law: usize, streams: &Streams, count: usize, rng: &mut impl Rng) -> ModuleString {
        let vehicle = &self.plan.vehicle;
        self.make(law, streams, self.build_of(vehicle.cells_series / vehicle.modules), count, rng)
    }

    /// A string of modules bought used, one for each past, in a place of its own. Their own differences are drawn from `rng`.
    pub fn used_string(&self, law: usize, streams: &Streams, past: &[UsedUnit], rng: &mut impl Rng) -> ModuleString {
        let mut modules = self.modules(law, streams, past.len(), rng);
        for (m, used) in past.iter().enumerate() {
            modules.set_used(m, used);
        }
        // A place of its own: books afresh, no offset of temperature.
        modules.select(&(0..past.len()).collect::<Vec<_>>())
    }

    fn build_of(&self, cells_series: u32) -> Build {
        Build {
            by_cell: self.plan.fidelity == Fidelity::Cell,
            ..Build::modules(cells_series, self.plan.vehicle.cells_parallel)
        }
    }

    fn make(&self, law: usize, streams: &Streams, build: Build, count: usize, rng: &mut impl Rng) -> ModuleString {
        let sets = &self.laws[law];
        let set = streams.stream(Purpose::ParameterSet).random_range(0..sets.len());
        let (vehicle, plan) = (&self.plan.vehicle, &self.plan.spread);
        let mut spread = plan.draw(count, rng);
        if sets[set].spec.kind == LawKind::Field {
            // Cars report what their weakest module leaves them: the law is that module's, the others age less.
            let (sd, units) = match self.plan.fidelity {
                Fidelity::Cell => {
                    let of_group = plan.cells.rate_ln_sd / f64::from(vehicle.cells_parallel).sqrt();
                    (plan.rate_module_ln_sd.hypot(of_group), vehicle.cells_series)
                }
                Fidelity::Module | Fidelity::Pack => (plan.rate_module_ln_sd, vehicle.modules),
            };
            spread.scale_losses((-sd * expected_highest(units)).exp());
        }
        if build.by_cell {
            spread = spread.into_cells(build.units(), &plan.cells, rng);
        }
        let (cell, law) = (Arc::clone(&self.cell), Arc::clone(&sets[set]));
        ModuleString::build(cell, law, build, spread, DELIVERY_SOC, ZERO_CELSIUS_K + 25.0)
    }

    /// Days on the shelf; returns the relative error of the energy balance.
    pub(super) fn store(&self, pack: &mut ModuleString) -> f64 {
        let storage = &self.plan.storage;
        pack.set_soc(storage.soc);
        // Books were open since the pack was new; only this stage is checked here.
        let (before, books) = (pack.stored_j(), *pack.ledger());
        let env = Environment {
            temperature_k: storage.temperature_c + ZERO_CELSIUS_K,
            time_constant_s: 3600.0 * self.plan.vehicle.parked_time_constant_h,
            along_k: 0.0,
        };
        for _ in 0..storage.days {
            pack.rest(86_400.0, &env);
            pack.end_day();
        }
        pack.close_duty();
        let now = pack.ledger();
        let gap = before - pack.stored_j() - (now.heat_j - books.heat_j) - (now.fade_j - books.fade_j);
        gap.abs() / before.max(1.0)
    }
}

/// Notes which system each reading went into, what filled no string, and the modules as they came to be matched. `cells` are
/// those of each module where modules were made anew.
fn note_matched(
    graded: &mut GradingOutcome,
    pack: &ModuleString,
    tested: &[Tested],
    assemblies: &[Assembly],
    unmatched: usize,
    cells: Option<&[Vec<usize>]>,
    level: Level,
) {
    let per_module = if cells.is_some() { pack.units_per_module() } else { 1 };
    graded.unmatched += (unmatched * per_module) as u32;
    let place = |r: &ModuleReading| r.module as usize * per_module + r.cell.unwrap_or(0) as usize;
    for (number, assembly) in (1u16..).zip(assemblies) {
        for &module in assembly.strings.iter().flatten() {
            let own = [module];
            let units = cells.map_or(&own[..], |cells| &cells[module]);
            // Readings stand in the order of their places.
            for unit in units {
                if let Ok(k) = graded.readings.binary_search_by(|r| place(r).cmp(unit)) {
                    graded.readings[k].system = number;
                }
            }
        }
    }
    if level != Level::Pack {
        let module = |t: &Tested| LotModule {
            measured_soh: t.soh as f32,
            measured_resistance: t.resistance as f32,
            soh: pack.soh(t.place) as f32,
        };
        graded.lot = tested.iter().filter(|t| t.accepted).map(module).collect();
    }
}

/// A law with its other sets of numbers, where packs draw one.
fn sets(plan: &LawPlan) -> Result<Vec<Arc<Law>>, LawError> {
    let law = Law::new(plan.spec.clone(), plan.options)?;
    let others = if plan.parameter_sets { plan.spec.sets.len() } else { 0 };
    let mut sets: Vec<_> = (0..others).map(|set| Arc::new(law.with_set(set))).collect();
    sets.insert(0, Arc::new(law));
    Ok(sets)
}

/// The years given for a place, or synthetic ones of its climate.
fn weather(
    (site, given): (&ClimateSpec, Option<&Vec<WeatherYear>>),
    seed: u64,
    place: u64,
    years: usize,
) -> Result<Vec<WeatherYear>, JourneyError> {
    if let Some(given) = given {
        let whole = |y: &WeatherYear| {
            [&y.temperature_c, &y.ghi_w_m2, &y.dni_w_m2, &y.dhi_w_m2].iter().all(|c| c.len() == HOURS_PER_YEAR)
        };
        return if !given.is_empty() && given.iter().all(whole) {
            Ok(given.clone())
        } else {
            Err(JourneyError::Weather)
        };
    }
    let generator = YearGenerator::new(site);
    let draw = |year| generator.draw(&mut Streams::new(seed, place << 32 | year).stream(Purpose::WeatherYear));
    Ok((0..years as u64).map(draw).collect())
}

/// A life is believed when its books close and its state is finite.
pub(super) fn believe(error: f64, string: &ModuleString) -> Result<(), String> {
    if error.is_nan() || error > BALANCE_TOLERANCE {
        return Err(format!("energy balance open by {error:e} relative"));
    }
    let finite = |column: &[f64]| column.iter().all(|x| x.is_finite());
    if finite(&string.soc) && finite(&string.temperature_k) && finite(&string.capacity_ah) {
        Ok(())
    } else {
        Err("a module's state is not finite".into())
    }
}
