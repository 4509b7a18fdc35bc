//! A site of the product around a plain battery: what the sets of this folder have in common.

use super::inputs::Inputs;
use crate::duty::{
    ConverterSpec, FileSpec, GensetSpec, GridFile, GridSpec, LoadBus, LoadModel, LoadSpec, Supply, YearSeries,
};
use crate::numeric::calendar::HOURS_PER_YEAR;
use crate::site::{
    Array, Converter, Coupling, GensetPlan, GridPlan, HourTrace, Place, Priority, Run, SitePlan, SiteYear, Storage,
    Strategy, Surroundings,
};
use crate::weather::WeatherYear;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// More than any power of a set \[kW\], where a limit is none.
const NO_LIMIT_KW: f64 = 1e9;
/// What the buses may leave open, relative.
const OPEN_MAX: f64 = 1e-9;

/// A genset that charges the battery while it runs.
pub(super) struct Genset {
    pub rated_kw: f64,
    pub least_load: f64,
    /// SoC below which it starts and from which it stops.
    pub start_stop: [f64; 2],
    pub rectifier_efficiency: f64,
    pub fuel_l_per_h_per_kw: f64,
    pub fuel_l_per_kwh: f64,
}

/// A grid that carries the load and charges while it is there.
pub(super) struct Grid<'a> {
    /// Hour by hour.
    pub available: &'a [bool],
    /// Highest power into the rectifier \[kW AC\].
    pub charger_kw: f64,
    pub rectifier_efficiency: f64,
}

/// What stands beside the sun and the battery.
pub(super) enum Source<'a> {
    /// Nothing.
    None,
    /// A genset by cycle charging.
    Genset(Genset),
    /// A grid that fails.
    Grid(Grid<'a>),
    /// A source that gives what array and battery leave in the same hour, up to a power \[kW\], and never charges.
    Backup(f64),
}

/// A site with an array on the DC bus and converters of constant efficiency.
pub(super) struct Plant<'a> {
    pub inputs: &'a Inputs,
    /// Peak power \[kW\].
    pub pv_kw: f64,
    pub inverter_efficiency: f64,
    pub inverter_kw: f64,
    /// Draw on the DC bus at all times \[kW\].
    pub standby_kw: f64,
    pub source: Source<'a>,
    /// Whether the hours are kept.
    pub trace: bool,
}

/// A year of a plant.
pub(super) struct Year {
    pub site: SiteYear,
    /// Its hours, if they were asked for.
    pub hours: Vec<HourTrace>,
}

impl<'a> Plant<'a> {
    /// An array behind an inverter without losses and limit, and nothing else.
    pub fn new(inputs: &'a Inputs, pv_kw: f64) -> Self {
        Plant {
            inputs,
            pv_kw,
            inverter_efficiency: 1.0,
            inverter_kw: NO_LIMIT_KW,
            standby_kw: 0.0,
            source: Source::None,
            trace: false,
        }
    }

    fn plan(&self) -> SitePlan {
        let converter =
            |efficiency: f64, rating_kw: f64| Converter { spec: ConverterSpec::constant(efficiency), rating_kw };
        let mut plan = SitePlan {
            bus: LoadBus::Ac,
            regulates: false,
            load_factor: 1.0,
            array: Array { peak_kw: self.pv_kw, fade_per_year: 0.0, coupling: Coupling::Dc { efficiency: 1.0 } },
            inverter: converter(self.inverter_efficiency, self.inverter_kw),
            idle_kw: 0.0,
            charger: converter(1.0, NO_LIMIT_KW),
            electronics_kw: self.standby_kw,
            recharge: None,
            grid: None,
            genset: None,
            place: Place { ambient_offset_k: 0.0, ambient_swing_share: 1.0, time_constant_h: 1.0 },
            // Hours that differ from their neighbours are never taken together; two halves of an hour are.
            steps_per_hour: 2,
        };
        let grid = |charge_kw: f64, limit_kw: f64, priority: Priority| GridPlan {
            supply: GridSpec::default(),
            limit_kw,
            charge_kw,
            soc_target: 1.0,
            reserve_soc: 0.0,
            priority,
        };
        match &self.source {
            Source::None => {}
            Source::Genset(genset) => {
                plan.steps_per_hour = 1;
                plan.charger = converter(genset.rectifier_efficiency, NO_LIMIT_KW);
                plan.genset = Some(GensetPlan {
                    spec: GensetSpec {
                        title: String::new(),
                        fuel_no_load_l_per_kwh: genset.fuel_l_per_h_per_kw,
                        fuel_slope_l_per_kwh: genset.fuel_l_per_kwh,
                        least_load_share: genset.least_load,
                    },
                    rating_kw: genset.rated_kw,
                    strategy: Strategy::CycleCharging,
                    start_soc: genset.start_stop[0],
                    stop_soc: genset.start_stop[1],
                    battery_assists: false,
                });
            }
            Source::Grid(source) => {
                plan.steps_per_hour = 1;
                plan.charger = converter(source.rectifier_efficiency, NO_LIMIT_KW);
                plan.grid = Some(grid(source.charger_kw, NO_LIMIT_KW, Priority::Grid));
            }
            Source::Backup(kw) => {
                plan.steps_per_hour = 1;
                plan.grid = Some(grid(0.0, *kw, Priority::Array));
            }
        }
        plan
    }

    /// Lives a year with a battery.
    pub fn run<S: Storage>(&self, battery: &mut S) -> Result<Year, String> {
        let plan = self.plan();
        // Nothing is drawn: series are given.
        let rng = || ChaCha8Rng::seed_from_u64(0);
        let series = |values: Vec<f64>| YearSeries::try_from(values).map_err(|error| error.to_string());
        let file = Some(FileSpec { load_kw: series(self.inputs.load_kw.clone())? });
        let load = LoadModel::new(&LoadSpec { file, ..LoadSpec::default() }, plan.steps_per_hour, rng())
            .map_err(|error| error.to_string())?;
        let grid = match &self.source {
            Source::Grid(grid) if grid.available.len() != HOURS_PER_YEAR => {
                return Err(format!("the grid has {} hours, a year has {HOURS_PER_YEAR}", grid.available.len()));
            }
            Source::Grid(grid) => {
                let available = series(grid.available.iter().map(|on| f64::from(u8::from(*on))).collect())?;
                Some(GridSpec { file: Some(GridFile { available }), ..GridSpec::default() })
            }
            Source::Backup(_) => Some(GridSpec::default()),
            Source::None | Source::Genset(_) => None,
        };
        let supply = |spec: GridSpec| Supply::new(&spec, plan.steps_per_hour, rng());
        let supply = grid.map(supply).transpose().map_err(|error| error.to_string())?;
        let still = || vec![0.0; HOURS_PER_YEAR];
        let weather = [WeatherYear {
            temperature_c: vec![25.0; HOURS_PER_YEAR],
            ghi_w_m2: still(),
            dni_w_m2: still(),
            dhi_w_m2: still(),
        }];
        let yields = std::slice::from_ref(&self.inputs.pv_kw_per_kwp);
        let surroundings = Surroundings::new(&weather, 0, &mut rng());
        let mut run = Run::new(plan, surroundings, yields, load, supply, 0);
        if self.trace {
            run.trace_year(0);
        }
        for _ in 0..HOURS_PER_YEAR / 24 {
            run.day(battery);
        }
        let open = run.bus_error();
        if open.is_nan() || open >= OPEN_MAX {
            return Err(format!("the balance of the buses is open by {open:e}"));
        }
        let site = run.years().first().cloned().ok_or("no year was lived")?;
        Ok(Year { site, hours: run.trace().to_vec() })
    }
}
