//! What a sizing study finds.

use super::hire::Charging;
use crate::life::outcome::Reading;
pub use crate::site::HourTrace;
use crate::site::SiteYear;

/// What the design must do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Highest LPSP in the last year of service.
    pub lpsp_max: f64,
    /// Share of paths (weather, load and modules together) that must keep it, 0..1.
    pub confidence: f64,
    /// Years of service.
    pub service_years: u32,
}

/// Modules of one class on offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// Name in tables, such as `0.75-0.80`.
    pub name: String,
    /// Least measured SoH of the class.
    pub soh_min: f64,
    /// Measured SoH below which the class ends.
    pub soh_max: f64,
    /// Price of a module \[USD per kWh on its name plate\], before tests and assembly.
    pub usd_per_nameplate_kwh: f64,
}

/// What happens to the battery inside the service life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Renewal {
    /// Nothing.
    None,
    /// The whole battery is replaced by modules of the same class at its functional end.
    ReplaceAtEnd,
    /// Strings of the same class are added after so many years.
    Augment {
        /// Full years of service before.
        after_years: u32,
        /// Strings added.
        strings: u32,
    },
}

/// One design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// Peak power of the array \[kW\].
    pub pv_kw: f64,
    /// Strings in parallel.
    pub strings: u32,
    /// Modules in all.
    pub modules: u32,
    /// Number of the class of modules.
    pub grade: usize,
    /// Inverter rating \[kW AC\].
    pub inverter_kw: f64,
    /// Genset rating \[kW AC\]; 0 for none.
    pub genset_kw: f64,
    /// Replacement and augmentation.
    pub renewal: Renewal,
}

/// Mean and quantiles over paths. The P90 is the value that nine of ten paths do not exceed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quantiles {
    /// Mean.
    pub mean: f64,
    /// Tenth percentile.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// Ninetieth percentile.
    pub p90: f64,
}

/// How a design was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By the fast balance, its battery set to what the simulated designs lost.
    Screened,
    /// By the full simulation of as many paths as prove that it misses the target; the others by the fast balance.
    Refuted,
    /// By the full simulation of every path.
    Simulated,
}

/// Present value of costs, by what they are for \[USD\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CostSplit {
    /// Modules bought at the start.
    pub modules_usd: f64,
    /// Tests and sorting, with the yield of the tests.
    pub test_usd: f64,
    /// Battery management, enclosure, assembly, warranty.
    pub repack_usd: f64,
    /// Array and its mounting.
    pub pv_usd: f64,
    /// Inverter.
    pub inverter_usd: f64,
    /// Genset.
    pub genset_usd: f64,
    /// Installation and the rest of the plant.
    pub install_usd: f64,
    /// Operation and maintenance.
    pub om_usd: f64,
    /// Fuel.
    pub fuel_usd: f64,
    /// Grid energy.
    pub grid_usd: f64,
    /// Replacement and augmentation of the battery, inverter and genset.
    pub replacement_usd: f64,
    /// Salvage and recycling at the end, as a negative cost; a fee is positive.
    pub salvage_usd: f64,
}

/// Money of a design, means over paths.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Money {
    /// Spent before the first day \[USD\].
    pub capex_usd: f64,
    /// Net present cost \[USD\].
    pub npc_usd: Quantiles,
    /// NPC over discounted energy served \[USD/kWh\].
    pub lcoe_usd_per_kwh: Quantiles,
    /// Costs of storage over discounted energy discharged \[USD/kWh\].
    pub lcos_usd_per_kwh: Quantiles,
    /// NPC and the value of unserved energy, over discounted demand \[USD/kWh\].
    pub cost_of_service_usd_per_kwh: f64,
    /// Parts of the mean NPC.
    pub split: CostSplit,
}

/// A design and what it was found to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated {
    /// The design.
    pub design: Design,
    /// How it was looked at.
    pub method: Method,
    /// LPSP of the first year of service.
    pub lpsp_first: Quantiles,
    /// LPSP of the last.
    pub lpsp_last: Quantiles,
    /// LPSP at the wanted confidence: of the last year, or of the last one before a renewal where that is worse on a path.
    pub lpsp_at_confidence: f64,
    /// Whether it meets the target.
    pub meets: bool,
    /// Money.
    pub money: Money,
}

/// What binds when no design meets the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The array gives too little in some month.
    Sun,
    /// The battery holds too little.
    Capacity,
    /// Inverter, genset or grid connection are too small.
    ConverterPower,
    /// The battery cannot carry the power.
    BatteryPower,
    /// The battery is too cold or too hot.
    Temperature,
    /// The battery does not last.
    Life,
}

/// Why the target cannot be met inside the lists, and by how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall {
    /// What binds.
    pub cause: Cause,
    /// LPSP of the nearest design at the wanted confidence, in the last year.
    pub lpsp: f64,
    /// Target.
    pub lpsp_max: f64,
    /// Worst calendar month of the nearest design, from 0, and its mean LPSP.
    pub worst_month: (usize, f64),
    /// One sentence: what binds, by how much, and what would help.
    pub words: String,
}

/// The service life of one design on one path.
#[derive(Clone, Debug, PartialEq)]
pub struct PathLife {
    /// Number of the path.
    pub path: u32,
    /// Year by year.
    pub years: Vec<SiteYear>,
    /// SoH of the weakest module and mean resistance over new, at the start and after each month.
    pub monthly: Vec<Reading>,
    /// SoH of the weakest module at the start.
    pub soh_start: f64,
    /// Energy on the name plates \[kWh\].
    pub nameplate_kwh: f64,
    /// Actual capacity at the start \[kWh\].
    pub actual_kwh_start: f64,
    /// Inside the SoC window at the start \[kWh\].
    pub usable_kwh_start: f64,
    /// Inside the SoC window at the end of service \[kWh\].
    pub usable_kwh_end: f64,
    /// Years of service at which the battery was replaced, and why.
    pub replaced: Vec<(f64, &'static str)>,
    /// Modules brought in after the start.
    pub modules_added: u32,
    /// Share of time and of throughput outside the range that the aging law was fitted in.
    pub outside_time: f64,
    /// The same of throughput.
    pub outside_throughput: f64,
    /// NPC, LCOE and LCOS of the path \[USD, USD/kWh, USD/kWh\].
    pub npc_usd: f64,
    /// LCOE \[USD/kWh\].
    pub lcoe_usd_per_kwh: f64,
    /// LCOS \[USD/kWh\].
    pub lcos_usd_per_kwh: f64,
    /// Largest relative error of its balances.
    pub balance_error: f64,
}

impl PathLife {
    /// A life of no years.
    pub fn empty(path: u32) -> PathLife {
        PathLife {
            path,
            years: Vec::new(),
            monthly: Vec::new(),
            soh_start: 1.0,
            nameplate_kwh: 0.0,
            actual_kwh_start: 0.0,
            usable_kwh_start: 0.0,
            usable_kwh_end: 0.0,
            replaced: Vec::new(),
            modules_added: 0,
            outside_time: 0.0,
            outside_throughput: 0.0,
            npc_usd: 0.0,
            lcoe_usd_per_kwh: 0.0,
            lcos_usd_per_kwh: 0.0,
            balance_error: 0.0,
        }
    }
}

/// The chosen design in detail; the nearest one where none meets the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// The design with its ratings.
    pub rated: Rated,
    /// All paths.
    pub paths: Vec<PathLife>,
    /// The worst week of the last year of service, on the path whose LPSP is nearest to the wanted confidence.
    pub worst_week: Vec<HourTrace>,
    /// Three weeks of the same year: winter, spring, summer.
    pub seasons: [Vec<HourTrace>; 3],
    /// LPSP of the same design by the two plain models at the capacity of the start, first year: `energy`, `kibam`.
    pub plain_lpsp: [f64; 2],
    /// Recharge, sessions and hire.
    pub charging: Charging,
}

/// New or used: options that are compared at the same load, weather, target and prices of the plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// New modules, sized to last.
    New,
    /// Fewer new modules, replaced once.
    NewReplaced,
    /// Used modules, replaced at their end.
    UsedReplaced,
    /// Used modules, augmented.
    UsedAugmented,
    /// Lead-acid batteries, replaced when worn out.
    LeadAcid,
}

/// An option at its own best size.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionResult {
    /// Which.
    pub kind: OptionKind,
    /// Its best design; `None` where none meets the target.
    pub best: Option<Rated>,
    /// kWh on the name plate, actual at the start, usable at the start, usable at the end.
    pub bases_kwh: [f64; 4],
    /// Emissions of making, repurposing and replacing it \[kg CO2e\], cut-off allocation.
    pub co2_kg: f64,
    /// Emissions of fuel and grid energy over the service life, mean over paths \[kg CO2e\].
    pub operation_co2_kg: f64,
    /// Share of paths on which its LCOS is below that of [`OptionKind::New`].
    pub cheaper_than_new: f64,
}

/// One bar of the tornado: NPC with one input low and high, all else as planned.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// What is changed, in words.
    pub input: String,
    /// Its low and high value as text with unit.
    pub values: [String; 2],
    /// NPC of the chosen design \[USD\].
    pub npc_usd: [f64; 2],
    /// LPSP of its last year at the wanted confidence.
    pub lpsp: [f64; 2],
}

/// Price of a used module at which the option costs as much as new modules, by LCOS of the same path.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BreakEven {
    /// USD per kWh on the name plate.
    pub usd_per_nameplate_kwh: Quantiles,
    /// Share of paths on which used modules are cheaper at the planned price.
    pub used_is_cheaper: f64,
}

/// How far the fast balance is from the full simulation, over the designs that went through both. A refuted design counts
/// with the paths that were simulated, the worst by the balance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ScreenError {
    /// Designs compared.
    pub designs: u32,
    /// Largest difference of the last year's LPSP at the wanted confidence.
    pub lpsp_max: f64,
    /// Root of the mean square difference.
    pub lpsp_rms: f64,
}

/// A sizing study.
#[derive(Clone, Debug, PartialEq)]
pub struct SizingResult {
    /// What was asked.
    pub target: Target,
    /// Classes of modules on offer.
    pub grades: Vec<Grade>,
    /// Every design of the lists, those simulated and those screened.
    pub designs: Vec<Rated>,
    /// The one with the least NPC that meets the target.
    pub chosen: Option<usize>,
    /// Why there is none.
    pub shortfall: Option<Shortfall>,
    /// The chosen one, or the nearest.
    pub detail: Detail,
    /// New against used, each at its own best size.
    pub options: Vec<OptionResult>,
    /// Largest swing first.
    pub tornado: Vec<Swing>,
    /// Break-even price of used modules; `None` where new ones were not asked for.
    pub break_even: Option<BreakEven>,
    /// Distance of the two methods.
    pub screen: ScreenError,
    /// Paths of each design.
    pub paths: u32,
    /// One sentence that says what was found.
    pub headline: String,
    /// Sentences that a reader must not miss: classes in which the pool is too poor, paths that failed, who wins against new.
    pub notes: Vec<String>,
}
