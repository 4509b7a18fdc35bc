//! Everything a journey needs, as plain checked numbers. Built from a scenario by `scenario::resolve`,
//! or by hand by a library user; [`super::Journey::prepare`] turns it into tables and weather.

use crate::aging::{AgingOptions, LawSpec};
use crate::cell::CellSpec;
use crate::duty::{ConverterSpec, LoadSpec, SpeedTrace, UseSpec, VehicleSpec};
use crate::economics::PriceSet;
use crate::life::decision::DecisionPlan;
use crate::life::exit::{CountrySpec, FailureSpec};
use crate::life::grading::{GateSpec, TestSpec};
use crate::life::plant::PlantSpec;
use crate::life::recycling::{CompositionSpec, RecyclingPlan, RouteSpec};
use crate::life::repurposing::SystemSpec;
use crate::pack::Fidelity;
pub use crate::pack::Spread as SpreadPlan;
use crate::site::{Array, Converter, Place, SitePlan};
pub use crate::site::{Coupling, GensetPlan, GridPlan, Priority, RechargePlan, Strategy};
use crate::weather::{ClimateSpec, WeatherYear};
use std::sync::Arc;

/// Plan of a whole life.
#[derive(Clone, Debug)]
pub struct JourneyPlan {
    /// Vehicle with its pack.
    pub vehicle: VehicleSpec,
    /// Cell of the pack.
    pub cell: CellSpec,
    /// Aging laws, at least one: with several, every pack is lived once under each.
    pub laws: Vec<LawPlan>,
    /// How packs and modules differ.
    pub spread: SpreadPlan,
    /// Years in the vehicle.
    pub first_life: FirstLifePlan,
    /// Modules bought used, in place of the years in the vehicle.
    pub used: Option<UsedPlan>,
    /// Ways out of the vehicle.
    pub exit: CountrySpec,
    /// How packs fail.
    pub failures: FailureSpec,
    /// A recall, if any.
    pub recall: Option<RecallPlan>,
    /// Tests and thresholds.
    pub grading: GradingPlan,
    /// What goes back into use, how it is sorted, and what that costs.
    pub repurposing: RepurposingPlan,
    /// Time between the lives.
    pub storage: StoragePlan,
    /// The stationary system.
    pub second_life: SecondLifePlan,
    /// Materials of the pack.
    pub composition: CompositionSpec,
    /// Recycling route.
    pub route: RouteSpec,
    /// How recycling is booked and judged.
    pub recycling: RecyclingPlan,
    /// Reuse or recycle.
    pub decision: DecisionPlan,
    /// Money and emissions.
    pub prices: PriceSet,
    /// What of a pack is simulated as one unit.
    pub fidelity: Fidelity,
    /// Distinct synthetic weather years made for each climate, at least 1.
    pub weather_years: usize,
    /// Whether each pack leaves a record of its states.
    pub records: bool,
}

/// An aging law and how it is used.
#[derive(Clone, Debug)]
pub struct LawPlan {
    /// Name of its library entry.
    pub name: String,
    /// What the entry says.
    pub spec: LawSpec,
    /// Stress, knee, regain.
    pub options: AgingOptions,
    /// Whether each pack draws one of the law's sets of numbers.
    pub parameter_sets: bool,
}

/// Years in the vehicle.
#[derive(Clone, Debug)]
pub struct FirstLifePlan {
    /// Where the vehicle lives.
    pub climate: ClimateSpec,
    /// Weather there in place of synthetic years of the climate, at least one year.
    pub weather: Option<Arc<Vec<WeatherYear>>>,
    /// How it is used.
    pub usage: UseSpec,
    /// Daily driving: of the use's cycle, or measured.
    pub trace: SpeedTrace,
    /// Driving on a long day.
    pub long_trace: SpeedTrace,
    /// Longest first life simulated \[years\]; reaching it counts as the end of the vehicle's life.
    pub years_max: f64,
}

/// A recall: a share of the packs is replaced, near new.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecallPlan {
    /// Share of packs.
    pub share: f64,
    /// Years since new of the first recalled.
    pub from_years: f64,
    /// Years since new of the last recalled.
    pub to_years: f64,
    /// Share of recalled packs that fail the incoming gate.
    pub gate_fail_share: f64,
}

/// Modules bought used: what was measured of them, and what is believed of their history.
#[derive(Clone, Debug, PartialEq)]
pub enum UsedPlan {
    /// A lot of which mean and spread are known.
    Lot(UsedLot),
    /// A sheet with a row for each module.
    Sheet(Arc<UsedSheet>),
}

/// A lot of modules of which mean and spread are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsedLot {
    /// Mean SoH.
    pub soh_mean: f64,
    /// Standard deviation of the SoH: equal parts between packs and between the modules of a pack.
    pub soh_sd: f64,
    /// Mean resistance over new, where it was measured.
    pub resistance_mean: Option<f64>,
    /// Standard deviation of the resistance between modules.
    pub resistance_sd: f64,
    /// Years since new.
    pub years: f64,
    /// Mean share of the loss that cycling took.
    pub cycle_share_mean: f64,
    /// Standard deviation of that share between packs: nobody knows it.
    pub cycle_share_sd: f64,
}

/// Modules measured one by one.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedSheet {
    /// Packs, at least one, each with at least one module: pack `n` of a study is pack `n` of the sheet, counted round.
    pub packs: Vec<UsedPack>,
    /// Relative bias of the measured SoH.
    pub soh_bias: f64,
    /// Standard deviation of the measured SoH.
    pub soh_sd: f64,
    /// Relative standard deviation of the measured resistance.
    pub resistance_sd: f64,
    /// Mean share of the loss that cycling took, where a module's row does not tell.
    pub cycle_share_mean: f64,
    /// Standard deviation of that share between packs.
    pub cycle_share_sd: f64,
}

/// Modules of one retired pack.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedPack {
    /// Name in the sheet.
    pub name: String,
    /// Modules, in series.
    pub modules: Vec<UsedModule>,
}

/// What is known of one retired module.
#[derive(Clone, Debug, PartialEq)]
pub struct UsedModule {
    /// Name in the sheet.
    pub name: String,
    /// Measured SoH.
    pub soh: f64,
    /// Measured resistance over new.
    pub resistance: Option<f64>,
    /// Years since new.
    pub years: f64,
    /// Equivalent full cycles since new.
    pub efc: Option<f64>,
    /// Mean temperature since new \[degC\].
    pub temperature_c: Option<f64>,
    /// Share of the loss that cycling took.
    pub cycle_share: Option<f64>,
    /// Self-discharge over that of the cell's entry.
    pub self_discharge: Option<f64>,
}

impl UsedSheet {
    /// Most modules in a pack.
    pub fn modules_max(&self) -> usize {
        self.packs.iter().map(|p| p.modules.len()).max().unwrap_or(0)
    }
}

/// Gate, tests and thresholds.
#[derive(Clone, Debug)]
pub struct GradingPlan {
    /// Why packs fail the incoming gate.
    pub gate: GateSpec,
    /// Whether modules are salvaged from packs that failed.
    pub salvage: bool,
    /// Highest self-discharge of an accepted module over that of a good one.
    pub self_discharge_max: f64,
    /// Tests made, in order.
    pub tests: Vec<TestPlan>,
    /// Tests that are compared with them in closed form.
    pub menu: Vec<TestPlan>,
    /// Distance of the estimated SoH from `accept_soh_min` within which a later test is made.
    pub retest_within: f64,
    /// Least measured SoH of an accepted module.
    pub accept_soh_min: f64,
    /// Highest measured resistance over new of an accepted module.
    pub accept_resistance_max: f64,
    /// Least measured SoH of grade A.
    pub grade_a_soh_min: f64,
    /// Least measured SoH of grade B; accepted modules below it are grade C.
    pub grade_b_soh_min: f64,
}

/// A test of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct TestPlan {
    /// Name of its entry.
    pub name: String,
    /// What the entry says.
    pub spec: TestSpec,
}

/// What goes back into use, how it is sorted, and what that costs.
#[derive(Clone, Debug)]
pub struct RepurposingPlan {
    /// What is graded and built with.
    pub level: Level,
    /// How modules come together in strings.
    pub matching: Matching,
    /// The plant.
    pub plant: PlantSpec,
    /// Share of the cells lost when modules are opened to cells.
    pub cell_harvest_loss: f64,
}

/// What is graded and built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The pack stays whole, with its own battery management: accepted when its weakest module is.
    Pack,
    /// Modules.
    Module,
    /// Cells, put together to modules of the same layout.
    Cell,
}

/// How accepted modules come together in strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Sorted by measured SoH and cut.
    Sorted,
    /// Clustered by measured SoH and resistance, cut cluster by cluster.
    KMeans,
    /// In the order in which they come out of the packs.
    AsTheyCome,
}

impl Matching {
    /// All, as scenarios and tables name them.
    pub const NAMES: [(&'static str, Matching); 3] =
        [("sorted", Matching::Sorted), ("k_means", Matching::KMeans), ("as_they_come", Matching::AsTheyCome)];
}

/// Time between the lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoragePlan {
    /// Days on the shelf.
    pub days: u32,
    /// SoC on the shelf.
    pub soc: f64,
    /// Temperature of the warehouse \[degC\].
    pub temperature_c: f64,
}

/// The stationary system and its end.
#[derive(Clone, Debug)]
pub struct SecondLifePlan {
    /// The product.
    pub system: SystemSpec,
    /// Where it stands.
    pub climate: ClimateSpec,
    /// Weather there in place of synthetic years of the climate, at least one year.
    pub weather: Option<Arc<Vec<WeatherYear>>>,
    /// Modules in series in a string.
    pub series_modules: u32,
    /// How modules and strings are joined.
    pub topology: Topology,
    /// Balancers, converters and switches that joining takes.
    pub electronics: ElectronicsPlan,
    /// Usable SoC `[low, high]`.
    pub soc_window: [f64; 2],
    /// Replacement and augmentation, if any.
    pub service: Option<ServicePlan>,
    /// PV array.
    pub pv: PvPlan,
    /// Load.
    pub load: LoadSpec,
    /// Factor on the load, 1 as it is.
    pub load_factor: f64,
    /// Converter.
    pub converter: ConverterSpec,
    /// Inverter rating \[kW AC\].
    pub inverter_kw: f64,
    /// From the AC bus to the DC bus.
    pub charger: ConverterSpec,
    /// Charger rating \[kW AC\].
    pub charger_kw: f64,
    /// How the array meets its bus.
    pub coupling: Coupling,
    /// Recharge from the grid in a window of hours, if any.
    pub recharge: Option<RechargePlan>,
    /// Connection to the grid, if any.
    pub grid: Option<GridPlan>,
    /// Genset, if any.
    pub genset: Option<GensetPlan>,
    /// Length of a step: 60, 30, 15, 10, 5 or 1 \[min\].
    pub step_minutes: u32,
    /// When it ends.
    pub end: EndPlan,
    /// Longest second life simulated \[years\].
    pub years_max: f64,
}

impl SecondLifePlan {
    /// The site of one system that is a share of a full product: load, array, converters, socket, grid, genset and draws
    /// are scaled with it.
    pub fn site(&self, share: f64) -> SitePlan {
        SitePlan {
            bus: self.load.bus,
            regulates: self.load.reserve.is_some(),
            load_factor: share * self.load_factor,
            array: Array {
                peak_kw: self.pv.peak_kw * share,
                fade_per_year: self.pv.fade_per_year,
                coupling: match self.coupling {
                    Coupling::Ac { inverter } => {
                        Coupling::Ac { inverter: Converter { rating_kw: inverter.rating_kw * share, ..inverter } }
                    }
                    dc => dc,
                },
            },
            inverter: Converter { spec: self.converter, rating_kw: self.inverter_kw * share },
            idle_kw: self.converter.standby_w * 1e-3 * share,
            charger: Converter { spec: self.charger, rating_kw: self.charger_kw * share },
            electronics_kw: self.system.standby_w * 1e-3 * share,
            recharge: self.recharge.map(|r| RechargePlan { power_kw: r.power_kw * share, ..r }),
            grid: self.grid.clone().map(|g| GridPlan {
                limit_kw: g.limit_kw * share,
                charge_kw: g.charge_kw * share,
                ..g
            }),
            genset: self.genset.clone().map(|g| GensetPlan { rating_kw: g.rating_kw * share, ..g }),
            place: Place {
                ambient_offset_k: self.system.ambient_offset_k,
                ambient_swing_share: self.system.ambient_swing_share,
                time_constant_h: self.system.time_constant_h,
            },
            steps_per_hour: (60 / self.step_minutes.clamp(1, 60)) as usize,
        }
    }
}

/// How modules and strings of a system are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// Strings, each on its own switch and DC/DC stage, balanced passively: the weakest module decides.
    Series,
    /// The same with balancers that move charge between the modules of a string.
    SeriesActiveBalancing,
    /// Strings on one DC bus without converters: currents split by voltages and resistances, switches open on a
    /// string that is too far from the bus.
    ParallelStringsSwitched,
    /// Each module behind a converter of its own.
    ConverterPerModule,
}

impl Topology {
    /// All, as scenarios name them.
    pub const NAMES: [(&'static str, Topology); 4] = [
        ("series", Topology::Series),
        ("series_active_balancing", Topology::SeriesActiveBalancing),
        ("parallel_strings_switched", Topology::ParallelStringsSwitched),
        ("converter_per_module", Topology::ConverterPerModule),
    ];

    /// Name in scenarios and tables.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, t)| *t == self).map_or("", |(name, _)| name)
    }

    /// The topology of a name.
    pub fn named(name: &str) -> Option<Topology> {
        Self::NAMES.iter().find(|(n, _)| *n == name).map(|(_, t)| *t)
    }
}

/// Balancers, converters and switches between the modules and the DC bus; each topology uses its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElectronicsPlan {
    /// Efficiency of a string's DC/DC stage, either way.
    pub string_efficiency: f64,
    /// Power of an active balancer \[W a module\].
    pub balancer_w: f64,
    /// Share of the energy taken from one module that reaches another.
    pub balancer_efficiency: f64,
    /// Efficiency of a module's converter, either way.
    pub module_efficiency: f64,
    /// Draw of a module's converter, whatever flows \[W\].
    pub module_no_load_w: f64,
    /// Highest current between strings on one bus, as a rate \[1/h\].
    pub circulating_c_max: f64,
}

/// Where modules for service come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModulesFrom {
    /// Accepted modules of the same pack that filled no string.
    LeftOver,
    /// Bought used.
    Bought,
    /// The first while they last, then the second.
    LeftOverThenBought,
}

/// Service in the middle of a life: modules replaced one by one, strings added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ServicePlan {
    /// Months between two visits.
    pub months: u32,
    /// SoH below which a module is replaced.
    pub replace_soh_below: f64,
    /// Resistance over new above which a module is replaced.
    pub replace_resistance_above: Option<f64>,
    /// Most modules replaced in a full product.
    pub replacements_max: u32,
    /// Where replacements come from.
    pub modules_from: ModulesFrom,
    /// SoH of a bought module.
    pub module_soh: f64,
    /// Years since a bought module was new.
    pub module_years: f64,
    /// Share of a bought module's loss that cycling took.
    pub module_cycle_share: f64,
    /// Price of a bought module \[USD per kWh of actual capacity\].
    pub module_price_usd_per_kwh: f64,
    /// Labour \[USD a module\].
    pub labour_usd_per_module: f64,
    /// Strings added, if any.
    pub augment: Option<AugmentPlan>,
}

/// Strings of bought modules added to a system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AugmentPlan {
    /// Full years lived before.
    pub after_years: u32,
    /// Strings.
    pub strings: u32,
}

/// PV array of a system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PvPlan {
    /// Peak power \[kW\]; zero for none.
    pub peak_kw: f64,
    /// Tilt from horizontal \[deg\].
    pub tilt_deg: f64,
    /// Azimuth clockwise from north \[deg\].
    pub azimuth_deg: f64,
    /// Temperature coefficient of power \[1/K\], negative.
    pub temperature_coefficient_per_k: f64,
    /// Share of DC power lost to soiling, wiring, mismatch.
    pub system_loss: f64,
    /// Yearly loss of power.
    pub fade_per_year: f64,
    /// Whether sun and cloud follow one another inside the hour, at steps below it.
    pub minute_clouds: bool,
}

/// The functional end: whichever comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EndPlan {
    /// SoH of the weakest module in the system.
    pub soh_min: f64,
    /// Highest resistance over new of a module.
    pub resistance_max: f64,
    /// Share of a year's demand left unserved, in two years running.
    pub unmet_share_max: f64,
    /// Whether the end also comes when the battery cannot carry the rated power at half charge and 15 degC.
    pub power_check: bool,
}
