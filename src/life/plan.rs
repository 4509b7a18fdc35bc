//! Everything a journey needs, as plain checked numbers. Built from a scenario by `scenario::resolve`,
//! or by hand by a library user; [`super::Journey::prepare`] turns it into tables and weather.

use crate::aging::{AgingOptions, LawSpec};
use crate::cell::CellSpec;
use crate::duty::{ConverterSpec, LoadSpec, UseSpec, VehicleSpec};
use crate::economics::PriceSet;
use crate::life::decision::DecisionPlan;
use crate::life::exit::CountrySpec;
use crate::life::grading::TestSpec;
use crate::life::recycling::{CompositionSpec, RecyclingPlan, RouteSpec};
use crate::life::repurposing::SystemSpec;
use crate::pack::Fidelity;
pub use crate::pack::Spread as SpreadPlan;
use crate::weather::ClimateSpec;

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
    /// Tests and thresholds.
    pub grading: GradingPlan,
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
    /// How it is used.
    pub usage: UseSpec,
    /// Longest first life simulated \[years\]; reaching it counts as the end of the vehicle's life.
    pub years_max: f64,
}

/// Modules bought used: what was measured of them, and what is believed of their history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsedPlan {
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

/// Tests and thresholds at the gate.
#[derive(Clone, Debug)]
pub struct GradingPlan {
    /// Test made on each module.
    pub test: TestSpec,
    /// Least measured SoH of an accepted module.
    pub accept_soh_min: f64,
    /// Highest measured resistance over new of an accepted module.
    pub accept_resistance_max: f64,
    /// Least measured SoH of grade A.
    pub grade_a_soh_min: f64,
    /// Least measured SoH of grade B; accepted modules below it are grade C.
    pub grade_b_soh_min: f64,
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
    /// Converter.
    pub converter: ConverterSpec,
    /// Inverter rating \[kW AC\].
    pub inverter_kw: f64,
    /// Recharge from the grid, if any.
    pub recharge: Option<RechargePlan>,
    /// When it ends.
    pub end: EndPlan,
    /// Longest second life simulated \[years\].
    pub years_max: f64,
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
}

/// Daily recharge from the grid in a window of hours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RechargePlan {
    /// Power at the socket \[kW AC\].
    pub power_kw: f64,
    /// First hour, 0..24.
    pub from_hour: f64,
    /// Last hour, 0..24; a window over midnight is allowed.
    pub to_hour: f64,
    /// SoC (of the cells) at which it stops.
    pub soc_target: f64,
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
