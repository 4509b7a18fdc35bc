//! Everything a journey needs, as plain checked numbers. Built from a scenario by `scenario::resolve`,
//! or by hand by a library user; [`super::Journey::prepare`] turns it into tables and weather.

use crate::aging::{AgingOptions, LawSpec};
use crate::cell::CellSpec;
use crate::duty::{ConverterSpec, LoadSpec, UseSpec, VehicleSpec};
use crate::economics::PriceSet;
use crate::life::exit::CountrySpec;
use crate::life::grading::TestSpec;
use crate::life::recycling::{CompositionSpec, RouteSpec};
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
    /// Usable SoC `[low, high]`.
    pub soc_window: [f64; 2],
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
