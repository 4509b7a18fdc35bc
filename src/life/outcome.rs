//! What is kept of a pack: one row, with its systems, and monthly paths.

mod grading;

use super::costs::CostSteps;
use super::decision::DecisionOutcome;
use super::plan::Topology;
pub use super::record::PackRecord;
use super::recycling::Batch;
use crate::aging::OutsideShares;
use crate::economics::Materials;
use std::sync::Arc;

pub use grading::{GateReason, GradingOutcome, LotModule, Mistake, ModuleReading, TestValue, Thresholds};

/// Why a pack left its vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitRoute {
    /// Crash, theft, flood.
    WriteOff,
    /// A failure of the pack.
    Failure,
    /// Called back by the maker.
    Recall,
    /// SoH below the warranty threshold inside the term.
    Warranty,
    /// The range no longer does what the owner needs.
    OwnerNeed,
    /// The vehicle's life ended.
    EndOfLife,
    /// Bought used: how they left the vehicle is not known.
    Bought,
}

impl ExitRoute {
    /// All routes in table order.
    pub const ALL: [ExitRoute; 7] = [
        ExitRoute::WriteOff,
        ExitRoute::Failure,
        ExitRoute::Recall,
        ExitRoute::Warranty,
        ExitRoute::OwnerNeed,
        ExitRoute::EndOfLife,
        ExitRoute::Bought,
    ];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            ExitRoute::WriteOff => "write_off",
            ExitRoute::Failure => "failure",
            ExitRoute::Recall => "recall",
            ExitRoute::Warranty => "warranty",
            ExitRoute::OwnerNeed => "owner_need",
            ExitRoute::EndOfLife => "end_of_life",
            ExitRoute::Bought => "bought",
        }
    }
}

/// What failed in a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureMode {
    /// A weak cell group in one module.
    WeakModule,
    /// A contactor, fuse or pre-charge relay.
    Contactor,
    /// The battery management.
    Bms,
    /// Harness, plugs, sensors.
    Harness,
    /// A leak of coolant.
    CoolantLeak,
    /// Isolation between cells and chassis.
    Isolation,
}

impl FailureMode {
    /// All modes in table order.
    pub const ALL: [FailureMode; 6] = [
        FailureMode::WeakModule,
        FailureMode::Contactor,
        FailureMode::Bms,
        FailureMode::Harness,
        FailureMode::CoolantLeak,
        FailureMode::Isolation,
    ];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            FailureMode::WeakModule => "weak_module",
            FailureMode::Contactor => "contactor",
            FailureMode::Bms => "bms",
            FailureMode::Harness => "harness",
            FailureMode::CoolantLeak => "coolant_leak",
            FailureMode::Isolation => "isolation",
        }
    }
}

/// Class of a pack after the gate: the commonest grade of its accepted modules, or rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Best.
    A,
    /// Good.
    B,
    /// Usable.
    C,
    /// No module accepted, or the pack failed the incoming gate.
    Rejected,
}

impl Grade {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
            Grade::Rejected => "rejected",
        }
    }
}

/// Why a system stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndCause {
    /// Weakest module below the SoH limit.
    Soh,
    /// A module above the resistance limit.
    Resistance,
    /// Too much of a year's demand unserved.
    Energy,
    /// Rated power no longer carried.
    Power,
    /// Still working when the simulation stopped.
    Horizon,
}

impl EndCause {
    /// All causes in table order.
    pub const ALL: [EndCause; 5] =
        [EndCause::Soh, EndCause::Resistance, EndCause::Energy, EndCause::Power, EndCause::Horizon];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            EndCause::Soh => "soh",
            EndCause::Resistance => "resistance",
            EndCause::Energy => "energy",
            EndCause::Power => "power",
            EndCause::Horizon => "horizon",
        }
    }
}

/// A month's reading of a pack or system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// SoH of the weakest module.
    pub soh: f32,
    /// Mean resistance over new.
    pub resistance: f32,
}

/// Harmful events in the vehicle, as a battery's record counts them (Regulation (EU) 2023/1542, Annex VII, part B).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HarmfulEvents {
    /// Time with the mean temperature of the cells above 45 degC \[h\].
    pub hot_h: f64,
    /// Time with the mean temperature of the cells below 0 degC \[h\].
    pub cold_h: f64,
    /// Time charging while it is outside these limits \[h\].
    pub charging_outside_h: f64,
    /// Times that the vehicle's window fell below a SoC of 0.05.
    pub deep_discharges: u32,
}

/// Years in the vehicle.
#[derive(Clone, Debug)]
pub struct FirstLifeOutcome {
    /// Years.
    pub years: f64,
    /// Distance \[km\].
    pub distance_km: f64,
    /// Distance not driven for want of charge \[km\].
    pub distance_missed_km: f64,
    /// Equivalent full cycles, on nominal capacity.
    pub efc: f64,
    /// Energy from the pack to the vehicle, net of regeneration \[kWh\].
    pub driven_kwh: f64,
    /// Energy that braking returned to the pack, where the vehicle is told by its road load \[kWh\].
    pub regenerated_kwh: f64,
    /// Charges at home in a week.
    pub home_sessions_per_week: f64,
    /// Share of the energy charged that came from fast chargers.
    pub fast_charge_share: f64,
    /// Energy from the socket \[kWh\].
    pub socket_kwh: f64,
    /// Charger loss \[kWh\].
    pub charger_loss_kwh: f64,
    /// Heat and self-discharge in the pack \[kWh\].
    pub pack_loss_kwh: f64,
    /// Stored energy that vanished with fading capacity \[kWh\].
    pub fade_loss_kwh: f64,
    /// Time-mean temperature of the cells \[degC\].
    pub mean_temperature_c: f64,
    /// Time-mean SoC.
    pub mean_soc: f64,
    /// Energy through the pack's terminals, charged and discharged \[kWh\].
    pub throughput_kwh: f64,
    /// Charge through the pack's terminals, charged and discharged \[Ah\].
    pub throughput_ah: f64,
    /// Harmful events.
    pub harmful: HarmfulEvents,
    /// Years after which the car went to someone who drives less, its range having become too short.
    pub sold_on_years: Option<f64>,
    /// Outside the law's box.
    pub outside: OutsideShares,
    /// Readings at the start and at the end of each month.
    pub monthly: Vec<Reading>,
}

/// State of a pack when it left the vehicle.
#[derive(Clone, Copy, Debug)]
pub struct ExitOutcome {
    /// Route.
    pub route: ExitRoute,
    /// What failed, when a failure was the route.
    pub failure_mode: Option<FailureMode>,
    /// Mean SoH of the modules.
    pub soh_mean: f64,
    /// SoH of the weakest module.
    pub soh_min: f64,
    /// Mean resistance over new.
    pub resistance_mean: f64,
    /// Loss of lithium inventory, mean of modules.
    pub lli: f64,
    /// Loss of active material, mean of modules.
    pub lam: f64,
}

/// A year of a system, or the part of it lived.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SystemYear {
    /// Demand \[kWh AC\].
    pub demand_kwh: f64,
    /// Unserved demand \[kWh AC\].
    pub unmet_kwh: f64,
    /// Part of the unserved demand above the inverter's or battery's power limit \[kWh AC\].
    pub unmet_power_kwh: f64,
    /// Hours lived.
    pub hours: u32,
}

/// One stationary system.
#[derive(Clone, Debug)]
pub struct SystemOutcome {
    /// Share of a full product that these modules make, 1 for a whole one.
    pub share: f64,
    /// Modules in it at the start.
    pub modules: u32,
    /// How modules and strings are joined.
    pub topology: Topology,
    /// Years until the end.
    pub years: f64,
    /// Why it ended.
    pub end_cause: EndCause,
    /// SoH of the weakest module at the start.
    pub soh_start: f64,
    /// SoH of the weakest module at the end.
    pub soh_end: f64,
    /// Highest resistance over new of a module at the end.
    pub resistance_end: f64,
    /// Actual capacity at the start \[kWh\] that the topology can use, at nominal voltage: in plain strings the weakest
    /// module times modules.
    pub actual_kwh_start: f64,
    /// Energy inside the SoC window at the start \[kWh\].
    pub usable_kwh_start: f64,
    /// What the modules' own windows hold at the start beyond that \[kWh\].
    pub unused_kwh_start: f64,
    /// Share of the modules' capacity that plain strings leave out of reach, expected from what was measured.
    pub mismatch_measured: f64,
    /// Equivalent full cycles on nominal capacity.
    pub efc: f64,
    /// Demand \[kWh AC\].
    pub demand_kwh: f64,
    /// Served demand \[kWh AC\].
    pub served_kwh: f64,
    /// Unserved demand \[kWh AC\].
    pub unmet_kwh: f64,
    /// PV energy at the array's terminals that could have been used \[kWh DC\].
    pub pv_kwh: f64,
    /// PV energy not taken, and what of a genset's nobody took \[kWh DC\].
    pub curtailed_kwh: f64,
    /// Energy from the grid \[kWh AC\].
    pub grid_kwh: f64,
    /// Energy from the genset \[kWh AC\].
    pub genset_kwh: f64,
    /// Fuel of the genset \[L\].
    pub fuel_l: f64,
    /// Losses in converters, standby included \[kWh\].
    pub converter_loss_kwh: f64,
    /// Part of it in converters of strings or modules \[kWh\].
    pub unit_converter_loss_kwh: f64,
    /// Heat, self-discharge and balancing in the battery \[kWh\].
    pub battery_loss_kwh: f64,
    /// Part of it in balancing \[kWh\].
    pub balancing_loss_kwh: f64,
    /// Energy that one string gave to another over a common bus \[kWh\].
    pub circulated_kwh: f64,
    /// Share of time that strings were switched off a common bus.
    pub off_bus_share: f64,
    /// Energy stored in modules brought by the service less that in modules taken out \[kWh\].
    pub brought_kwh: f64,
    /// Visits of the service that changed something.
    pub visits: Vec<Visit>,
    /// Stored energy that vanished with fading capacity \[kWh\].
    pub fade_loss_kwh: f64,
    /// Energy stored at the end less at the start \[kWh\].
    pub stored_change_kwh: f64,
    /// Time-mean temperature of the cells \[degC\].
    pub mean_temperature_c: f64,
    /// Outside the law's box.
    pub outside: OutsideShares,
    /// Year by year.
    pub by_year: Vec<SystemYear>,
    /// Readings at the start and at the end of each month.
    pub monthly: Vec<Reading>,
}

/// A visit of the service.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Visit {
    /// Years of second life at the visit.
    pub years: f64,
    /// Modules replaced.
    pub replaced: u32,
    /// Modules added in new strings.
    pub added: u32,
    /// Of both, modules that were bought; the others were left over from the same pack.
    pub bought: u32,
    /// Modules and labour \[USD\].
    pub cost_usd: f64,
}

impl SystemOutcome {
    /// Sum over the visits of the service.
    pub fn service(&self) -> Visit {
        self.visits.iter().fold(Visit::default(), |sum, v| Visit {
            years: v.years,
            replaced: sum.replaced + v.replaced,
            added: sum.added + v.added,
            bought: sum.bought + v.bought,
            cost_usd: sum.cost_usd + v.cost_usd,
        })
    }
}

/// What recycling gave back.
#[derive(Clone, Debug)]
pub struct RecyclingOutcome {
    /// Mass recycled \[kg\]; modules bought for service are in it.
    pub mass_kg: f64,
    /// Mean SoH of what was recycled.
    pub soh: f64,
    /// Followed materials that went in \[kg\].
    pub input_kg: Materials,
    /// Of them, recovered in any product but black mass \[kg\].
    pub recovered_kg: Materials,
    /// Of them, sold as products of their own \[kg\].
    pub sold_kg: Materials,
    /// Cathode material sold as such \[kg\]; lithium put into it is in it.
    pub cathode_kg: f64,
    /// Iron phosphate sold as such \[kg\].
    pub iron_phosphate_kg: f64,
    /// Materials in the black mass \[kg\].
    pub black_kg: Materials,
    /// Lithium bought and put into the cathode \[kg\].
    pub lithium_added_kg: f64,
    /// Everything else \[kg\].
    pub residue_kg: f64,
    /// When which share of it was recycled.
    pub batches: Vec<Batch>,
}

impl RecyclingOutcome {
    /// Recycling efficiency: mass recovered over mass in; black mass is no recovered material.
    pub fn efficiency(&self) -> f64 {
        self.recovered_kg.total() / self.mass_kg
    }

    /// Mean of the factor on metal prices over the mass, each batch at its time.
    pub fn metal_price_factor(&self) -> f64 {
        self.batches.iter().map(|b| b.share * b.metal_price_factor).sum()
    }
}

/// Money and emissions over the life after the vehicle. Money is undiscounted except `npv_usd`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MoneyOutcome {
    /// Paid for the retired pack.
    pub core_usd: f64,
    /// Removal, transport, opening.
    pub logistics_usd: f64,
    /// Tests.
    pub test_usd: f64,
    /// Repurposing.
    pub repack_usd: f64,
    /// The same four step by step.
    pub steps: CostSteps,
    /// Nameplate of the modules in systems \[kWh\].
    pub nameplate_kwh: f64,
    /// Energy inside the SoC window of the systems' first modules at the end of their second life \[kWh\].
    pub usable_end_kwh: f64,
    /// Service of the systems: modules and labour.
    pub service_usd: f64,
    /// Sale of systems.
    pub sale_usd: f64,
    /// Materials sold, less lithium bought.
    pub materials_usd: f64,
    /// Credit at the recycler's gate, negative for a fee.
    pub gate_usd: f64,
    /// Recycling process and transport.
    pub recycling_cost_usd: f64,
    /// Present value at the exit from the vehicle, for the repurposer who also recycles.
    pub npv_usd: f64,
    /// Emissions of repurposing and recycling \[kg CO2e\].
    pub co2_caused_kg: f64,
    /// Emissions saved by recovered materials \[kg CO2e\].
    pub co2_materials_kg: f64,
    /// Emissions saved by the new storage not made \[kg CO2e\].
    pub co2_storage_kg: f64,
}

/// A pack's row.
#[derive(Clone, Debug)]
pub struct PackOutcome {
    /// Number of the pack in the study.
    pub pack_id: u64,
    /// Aging law it was lived under.
    pub law: Arc<str>,
    /// Years in the vehicle.
    pub first: FirstLifeOutcome,
    /// State at the exit.
    pub exit: ExitOutcome,
    /// What was bought, where the modules were bought used.
    pub bought: Option<BoughtOutcome>,
    /// Gate and tests.
    pub grading: GradingOutcome,
    /// What reuse and recycling were worth; none for packs that were not tested.
    pub decision: Option<DecisionOutcome>,
    /// Whether the rule of the decision sent the whole pack to the recycler.
    pub sent_to_recycler: bool,
    /// Stationary systems; empty when nothing was accepted.
    pub systems: Vec<SystemOutcome>,
    /// Recycling of all modules.
    pub recycling: RecyclingOutcome,
    /// Money and emissions.
    pub money: MoneyOutcome,
    /// Largest relative error of an energy or mass balance in this life.
    pub balance_error: f64,
    /// States along the way, where they were asked for.
    pub record: Option<Box<PackRecord>>,
}

/// Modules bought used, as they were offered.
#[derive(Clone, Debug, PartialEq)]
pub struct BoughtOutcome {
    /// Name of the pack in the sheet, where there is one.
    pub name: Option<String>,
    /// Modules.
    pub modules: u32,
    /// Mean SoH at which they were bought.
    pub soh_mean: f64,
    /// Mean years since they were new.
    pub years_mean: f64,
    /// Mean equivalent full cycles since new, where every module's were counted.
    pub efc_mean: Option<f64>,
}

/// A life that could not be finished.
#[derive(Clone, Debug)]
pub struct PackFailure {
    /// Number of the pack in the study.
    pub pack_id: u64,
    /// Aging law it was lived under.
    pub law: Arc<str>,
    /// Stage of life: `first_life`, `storage`, `second_life`, `recycling`; `unknown` when a defect of the program stopped it.
    pub stage: &'static str,
    /// What happened, with numbers.
    pub reason: String,
}
