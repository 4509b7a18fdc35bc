//! What the gate and the tests said of a pack.

use super::Grade;
use std::sync::Arc;

/// Why a pack failed the incoming gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateReason {
    /// Crash damage, leak.
    Damage,
    /// Water or corrosion.
    Water,
    /// Insulation resistance too low.
    Isolation,
    /// A cell long below its lowest voltage: copper may have dissolved.
    Undervoltage,
    /// Locked battery management, or no data of the life.
    NoData,
    /// Swollen cells.
    Swelling,
    /// Self-discharge, drifting voltages.
    SelfDischarge,
}

impl GateReason {
    /// All reasons in table order.
    pub const ALL: [GateReason; 7] = [
        GateReason::Damage,
        GateReason::Water,
        GateReason::Isolation,
        GateReason::Undervoltage,
        GateReason::NoData,
        GateReason::Swelling,
        GateReason::SelfDischarge,
    ];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            GateReason::Damage => "damage",
            GateReason::Water => "water",
            GateReason::Isolation => "isolation",
            GateReason::Undervoltage => "undervoltage",
            GateReason::NoData => "no_data",
            GateReason::Swelling => "swelling",
            GateReason::SelfDischarge => "self_discharge",
        }
    }
}

/// A mistake of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// Accepted although truly past a threshold.
    FalseAccept,
    /// Rejected although truly inside all thresholds.
    FalseReject,
}

impl Mistake {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Mistake::FalseAccept => "false_accept",
            Mistake::FalseReject => "false_reject",
        }
    }
}

/// Thresholds that the tests of a study decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Thresholds {
    /// Least measured SoH of an accepted module.
    pub accept_soh_min: f64,
    /// Highest measured resistance over new of an accepted module.
    pub accept_resistance_max: f64,
    /// Least measured SoH of grade A.
    pub grade_a_soh_min: f64,
    /// Least measured SoH of grade B.
    pub grade_b_soh_min: f64,
}

/// A module (a cell where cells are graded) and what was measured of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModuleReading {
    /// Place of the module in the pack.
    pub module: u32,
    /// Place of the cell in the module, where cells are graded.
    pub cell: Option<u32>,
    /// True SoH.
    pub soh: f32,
    /// Measured SoH.
    pub measured_soh: f32,
    /// True resistance over new.
    pub resistance: f32,
    /// Measured resistance over new.
    pub measured_resistance: f32,
    /// Whether it was accepted.
    pub accepted: bool,
    /// Grade of its measured SoH, rejected where it was not accepted.
    pub grade: Grade,
    /// Whether the tests were mistaken.
    pub mistake: Option<Mistake>,
    /// Number of the system it went into, from 1; 0 for none.
    pub system: u16,
}

/// An accepted module as it comes to be matched with others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LotModule {
    /// Measured SoH.
    pub measured_soh: f32,
    /// Measured resistance over new.
    pub measured_resistance: f32,
    /// True SoH when it is matched.
    pub soh: f32,
}

/// What one test of the menu would have done for a pack, as expected over its errors.
#[derive(Clone, Debug, PartialEq)]
pub struct TestValue {
    /// Name of its library entry, or [`TestValue::NONE`].
    pub test: Arc<str>,
    /// Modules tested (cells where cells are graded).
    pub units: f64,
    /// Bench time \[h\].
    pub hours: f64,
    /// Price of the tests \[USD\].
    pub cost_usd: f64,
    /// Modules accepted.
    pub accepts: f64,
    /// Accepted although truly past a threshold.
    pub false_accepts: f64,
    /// Rejected although truly inside all thresholds.
    pub false_rejects: f64,
    /// Cost of both mistakes \[USD\].
    pub loss_usd: f64,
}

impl TestValue {
    /// Name of the row in which nothing is tested and every module is accepted.
    pub const NONE: &'static str = "none";
}

impl Default for TestValue {
    fn default() -> Self {
        TestValue {
            test: TestValue::NONE.into(),
            units: 0.0,
            hours: 0.0,
            cost_usd: 0.0,
            accepts: 0.0,
            false_accepts: 0.0,
            false_rejects: 0.0,
            loss_usd: 0.0,
        }
    }
}

/// What the gate and the tests said. Modules are counted, or cells where cells are graded.
#[derive(Clone, Debug)]
pub struct GradingOutcome {
    /// Whether the pack passed the incoming gate.
    pub gate_passed: bool,
    /// Why it failed, if it did.
    pub gate_reason: Option<GateReason>,
    /// Modules salvaged from a pack that failed the gate.
    pub salvaged: u32,
    /// Grade of the pack.
    pub grade: Grade,
    /// Modules tested.
    pub tested: u32,
    /// Modules accepted.
    pub accepted: u32,
    /// Accepted although truly below a threshold.
    pub false_accepts: u32,
    /// Rejected although truly above both thresholds.
    pub false_rejects: u32,
    /// Rejected for their self-discharge.
    pub self_discharging: u32,
    /// Accepted modules left over because no string could be filled.
    pub unmatched: u32,
    /// Mean measured SoH of tested modules, when any.
    pub measured_soh_mean: Option<f64>,
    /// Bench time \[h\].
    pub test_hours: f64,
    /// Price of the tests made \[USD\].
    pub test_usd: f64,
    /// Claims that the false accepts lead to \[USD\].
    pub false_accept_usd: f64,
    /// Margin lost with the false rejects \[USD\].
    pub false_reject_usd: f64,
    /// What it was decided by.
    pub thresholds: Thresholds,
    /// No test and each test of the menu, had it been made on these modules.
    pub values: Vec<TestValue>,
    /// One a module tested.
    pub readings: Vec<ModuleReading>,
    /// Modules in series in a string built of them.
    pub series_modules: u32,
    /// Accepted modules as they came to be matched; none where packs stay whole.
    pub lot: Vec<LotModule>,
}
