//! What a study says in a screenful; also `summary.json`.

use super::stats::Quantiles;
use serde::Serialize;
use std::collections::BTreeMap;

/// Summary of a study.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Packs in the study.
    pub packs: u64,
    /// Packs whose life could not be finished; they are in no other number here.
    pub failed: u64,
    /// Failed packs by stage of life.
    pub failures_by_stage: BTreeMap<String, u64>,
    /// Years in the vehicle.
    pub first_life_years: Option<Quantiles>,
    /// Mean SoH of the modules at the exit.
    pub exit_soh: Option<Quantiles>,
    /// Mean resistance over new at the exit.
    pub exit_resistance: Option<Quantiles>,
    /// Ways out of the vehicle.
    pub exit_routes: Vec<RouteSummary>,
    /// Modules bought used, where no vehicle was simulated.
    pub bought: Option<BoughtSummary>,
    /// Fade in the vehicle.
    pub fade: Option<FadeSummary>,
    /// Grades of the packs.
    pub grades: Vec<ShareOf>,
    /// What the tests did.
    pub modules: ModulesSummary,
    /// What each test of the library would have been worth, no test first.
    pub tests: Vec<TestSummary>,
    /// What the systems cost to make.
    pub costs: Option<CostSummary>,
    /// The stationary systems.
    pub second_life: SecondLifeSummary,
    /// Mass recycled, all packs \[kg\].
    pub recycled_mass_kg: f64,
    /// Recovered materials, all packs \[kg\].
    pub recovered_kg: BTreeMap<String, f64>,
    /// Recycling efficiency: mass recovered over mass recycled, all packs together.
    pub recycling_efficiency: Option<f64>,
    /// Targets of recycling by calendar year, where it was held to any.
    pub targets: Option<TargetsSummary>,
    /// Reuse or recycle.
    pub decision: DecisionSummary,
    /// Present value of a pack at the exit \[USD\].
    pub npv_usd: Option<Quantiles>,
    /// Emissions of a pack after the vehicle.
    pub co2: Option<Co2Summary>,
    /// The same study under each aging law; one row when there is one law.
    pub laws: Vec<LawSummary>,
    /// Shares of life outside the box the aging law was fitted in.
    pub outside: OutsideSummary,
    /// Largest relative error of an energy or mass balance.
    pub balance_error_max: Option<f64>,
    /// What the bands mean.
    pub bands: String,
}

/// How recycling met the targets that it was held to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetsSummary {
    /// Targets checked, an item in a calendar year each.
    pub checked: u64,
    /// Of them met.
    pub met: u64,
    /// Items that missed a target in any year.
    pub missed: Vec<String>,
}

/// Reuse, refurbishing and recycling by value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionSummary {
    /// Worth most by the measured state, of the tested packs.
    pub best: Vec<ShareOf>,
    /// Mean of what the choice by the measured state loses by the true one \[USD a tested pack\].
    pub regret_usd: Option<f64>,
    /// Packs that the rule sent to the recycler whole.
    pub sent_to_recycler: u64,
    /// Where chemistries switch.
    pub switching: Vec<SwitchSummary>,
}

/// The SoH at which reuse and recycling are worth the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SwitchSummary {
    /// Composition.
    pub chemistry: String,
    /// Price set.
    pub prices: String,
    /// SoH below which recycling is worth more; none where it is at SoH 1 too.
    pub soh: Option<f64>,
}

/// The study under one aging law.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LawSummary {
    /// Name of its library entry.
    pub law: String,
    /// Lives that ended.
    pub packs: u64,
    /// Mean SoH of the modules at the exit.
    pub exit_soh: Option<Quantiles>,
    /// Mean resistance over new at the exit.
    pub exit_resistance: Option<Quantiles>,
    /// Accepted over tested modules.
    pub accepted_share: Option<f64>,
    /// Years of the stationary systems.
    pub second_life_years: Option<Quantiles>,
    /// Unserved share of demand over all years.
    pub unmet_share: Option<f64>,
    /// Present value of a pack at the exit \[USD\].
    pub npv_usd: Option<Quantiles>,
}

/// Modules bought used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BoughtSummary {
    /// Packs, or lots, that they came from.
    pub packs: u64,
    /// Modules.
    pub modules: u64,
    /// Mean SoH of a pack's modules when bought.
    pub soh: Quantiles,
    /// Mean years since a pack's modules were new.
    pub years: Quantiles,
}

/// A way out of the vehicle.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RouteSummary {
    /// Name in tables.
    pub route: &'static str,
    /// Packs that took it.
    pub packs: u64,
    /// Share of the finished lives.
    pub share: f64,
    /// Median years in the vehicle.
    pub median_years: Option<f64>,
    /// Median of the mean SoH at the exit.
    pub median_soh: Option<f64>,
}

/// A class with its count.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShareOf {
    /// Name in tables.
    pub name: &'static str,
    /// How many.
    pub count: u64,
    /// Share of all.
    pub share: f64,
}

/// Fade in the vehicle, of the median of the weakest modules' SoH over the packs still driving.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FadeSummary {
    /// SoH lost a year, start to `month` \[1/year\].
    pub soh_per_year: f64,
    /// Month it was read: 96, or the last one that at least half of the packs reached.
    pub month: i64,
    /// Median SoH then.
    pub soh: f64,
    /// Median resistance over new then.
    pub resistance: Option<f64>,
}

/// What the tests did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ModulesSummary {
    /// Modules tested.
    pub tested: u64,
    /// Modules accepted.
    pub accepted: u64,
    /// Accepted over tested.
    pub accepted_share: Option<f64>,
    /// Falsely accepted over accepted.
    pub false_accepts_of_accepted: Option<f64>,
    /// Falsely rejected over rejected.
    pub false_rejects_of_rejected: Option<f64>,
    /// Accepted modules that filled no string, over accepted.
    pub unmatched_of_accepted: Option<f64>,
}

/// A test of the library on the packs that were tested, as expected over its errors; `none` for no test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TestSummary {
    /// Name of its library entry.
    pub test: String,
    /// Bench time a pack \[h\].
    pub hours_per_pack: f64,
    /// Price a pack \[USD\].
    pub pack_cost_usd: f64,
    /// Wrongly accepted over all tested.
    pub false_accept_share: f64,
    /// Wrongly rejected over all tested.
    pub false_reject_share: f64,
    /// Cost of the mistakes a pack \[USD\].
    pub pack_loss_usd: f64,
    /// Loss avoided against no test, for each dollar of the test.
    pub loss_avoided_per_usd: Option<f64>,
}

/// What systems cost from the retired pack to the sale, over the packs that made systems, by what a kWh may mean \[USD/kWh\].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CostSummary {
    /// Packs that made systems.
    pub packs: u64,
    /// Mean cost of a pack \[USD\].
    pub pack_usd: f64,
    /// For each kWh on the name plate of the modules used.
    pub usd_per_nameplate_kwh: f64,
    /// For each kWh of actual capacity at the start.
    pub usd_per_actual_kwh: f64,
    /// For each kWh inside the SoC window at the start.
    pub usd_per_usable_kwh: f64,
    /// For each kWh inside the SoC window at the end of the second life.
    pub usd_per_usable_end_kwh: f64,
}

/// The stationary systems.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecondLifeSummary {
    /// Systems.
    pub systems: u64,
    /// Years until the end.
    pub years: Option<Quantiles>,
    /// Ends by cause.
    pub end_causes: Vec<ShareOf>,
    /// Unserved share of demand in some years, all systems together.
    pub unmet: Vec<UnmetYear>,
    /// Unserved share of demand over all years.
    pub unmet_share: Option<f64>,
    /// Demand served \[kWh AC\].
    pub served_kwh: f64,
    /// Energy of the modules' own windows at the start that the topology cannot use, over all of it.
    pub unused_start_share: Option<f64>,
    /// Modules that the service replaced.
    pub modules_replaced: u64,
    /// Modules added in new strings.
    pub modules_added: u64,
    /// Cost of the service \[USD\].
    pub service_usd: f64,
    /// Heat of balancing \[kWh\].
    pub balancing_loss_kwh: f64,
    /// Losses in converters of strings or modules \[kWh\].
    pub unit_converter_loss_kwh: f64,
    /// Fuel and grid energy; none where there was neither.
    pub operation: Option<OperationSummary>,
}

/// What all systems took to run: the customer's cost and emissions, apart from the books of whoever built them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OperationSummary {
    /// Fuel of gensets \[L\].
    pub fuel_l: f64,
    /// Energy of gensets \[kWh AC\].
    pub genset_kwh: f64,
    /// Energy from the grid \[kWh AC\].
    pub grid_kwh: f64,
    /// Emissions of the fuel \[kg CO2e\].
    pub fuel_co2_kg: f64,
}

/// Unserved share of demand in a year of second life.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct UnmetYear {
    /// Year of second life, from 1.
    pub year: i64,
    /// Systems that lived any part of it.
    pub systems: i64,
    /// Unserved over demanded energy.
    pub unmet_share: f64,
}

/// Emissions of a pack after the vehicle, mean over packs \[kg CO2e\].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Co2Summary {
    /// Repurposing and recycling.
    pub caused_kg: f64,
    /// Saved by recovered materials.
    pub saved_materials_kg: f64,
    /// Saved by new storage not made.
    pub saved_storage_kg: f64,
}

/// Shares of life outside the aging law's box, over all packs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OutsideSummary {
    /// First life, of time.
    pub first_time: Option<f64>,
    /// First life, of charge throughput.
    pub first_throughput: Option<f64>,
    /// Second life, of time.
    pub second_time: Option<f64>,
    /// Second life, of charge throughput.
    pub second_throughput: Option<f64>,
    /// First life, of time past the longest test or the largest loss.
    pub first_beyond: Option<f64>,
    /// Second life, the same.
    pub second_beyond: Option<f64>,
}
