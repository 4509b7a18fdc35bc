//! Library entries of the gate and of the tests.

use super::super::outcome::{ExitRoute, GateReason};
use serde::Deserialize;

/// An entry of the `tests` category: one way to measure a module.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestSpec {
    /// Name for people.
    pub title: String,
    /// Relative bias of the measured SoH, the same for every module.
    pub soh_bias: f64,
    /// Standard deviation of the measured SoH between the modules of a pack (points over 100).
    pub soh_sd: f64,
    /// Standard deviation of an error of the SoH that all modules of a pack share (points over 100).
    #[serde(default)]
    pub pack_sd: f64,
    /// Relative standard deviation of the measured resistance.
    pub resistance_sd: f64,
    /// Time on the bench for a module \[h\].
    pub hours: f64,
    /// Price \[USD per nameplate kWh\].
    pub cost_usd_per_kwh: f64,
}

impl TestSpec {
    /// Standard deviation of one reading of the SoH, both errors together.
    pub fn reading_sd(&self) -> f64 {
        self.soh_sd.hypot(self.pack_sd)
    }
}

/// An entry of the `gates` category: why packs fail the incoming gate, and what of them can be salvaged.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateSpec {
    /// Name for people.
    pub title: String,
    /// Shares of the reasons among packs that fail after a write-off; only their ratios count.
    pub write_off: Reasons,
    /// The same after a failure, a warranty case or a recall.
    pub failure: Reasons,
    /// The same where the vehicle's life or its use ended.
    pub end_of_life: Reasons,
    /// Share of the modules that can still be salvaged, by reason.
    pub salvage_share: Reasons,
}

/// One number for each reason to fail the gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reasons {
    /// Crash damage, leak.
    pub damage: f64,
    /// Water or corrosion.
    pub water: f64,
    /// Insulation resistance too low.
    pub isolation: f64,
    /// A cell long below its lowest voltage: copper may have dissolved.
    pub undervoltage: f64,
    /// Locked battery management, or no data of the life.
    pub no_data: f64,
    /// Swollen cells.
    pub swelling: f64,
    /// Self-discharge, drifting voltages.
    pub self_discharge: f64,
}

impl Reasons {
    /// Values in the order of [`GateReason::ALL`].
    pub fn values(&self) -> [f64; 7] {
        [self.damage, self.water, self.isolation, self.undervoltage, self.no_data, self.swelling, self.self_discharge]
    }

    /// The value of a reason.
    pub fn of(&self, reason: GateReason) -> f64 {
        self.values()[reason as usize]
    }
}

impl GateSpec {
    /// Shares of the reasons after leaving by a route.
    pub fn shares(&self, route: ExitRoute) -> &Reasons {
        match route {
            ExitRoute::WriteOff => &self.write_off,
            ExitRoute::Failure | ExitRoute::Warranty | ExitRoute::Recall => &self.failure,
            // What is on sale has passed a gate; the last group stands for what never occurs.
            ExitRoute::EndOfLife | ExitRoute::OwnerNeed | ExitRoute::Bought => &self.end_of_life,
        }
    }
}
