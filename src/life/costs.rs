//! What the way back into use costs: before anything is known of a single module, and step by step afterwards.

use super::plan::JourneyPlan;

/// Costs of reuse, linear in what is handled \[USD, USD per nameplate kWh\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReuseCosts {
    /// For each pack that comes in: taken out, moved, opened.
    pub per_pack_usd: f64,
    /// For each nameplate kWh tested, with every test of the plan.
    pub per_tested_kwh_usd: f64,
    /// For each nameplate kWh built into a system.
    pub per_used_kwh_usd: f64,
}

impl ReuseCosts {
    /// From the plan of a study.
    pub fn of(plan: &JourneyPlan) -> Self {
        let (plant, level) = (&plan.repurposing.plant, plan.repurposing.level);
        ReuseCosts {
            per_pack_usd: incoming_usd(plan, 1.0),
            per_tested_kwh_usd: plan.grading.tests.iter().map(|test| test.spec.cost_usd_per_kwh).sum(),
            per_used_kwh_usd: plant.repack(level, plan.vehicle.module_kwh()).total(),
        }
    }
}

/// Taking a pack out of its vehicle, and opening it \[USD\]. What is bought used has been through both.
pub(super) fn handling_usd(plan: &JourneyPlan) -> [f64; 2] {
    let (plant, level) = (&plan.repurposing.plant, plan.repurposing.level);
    if plan.used.is_some() { [0.0; 2] } else { [plant.removal_usd(), plant.opening_usd(level)] }
}

/// Taking out, moving and opening a pack of so many times the modules of its vehicle \[USD\]; only what is moved grows with them.
pub(super) fn incoming_usd(plan: &JourneyPlan, share: f64) -> f64 {
    let moved_kg = share * plan.vehicle.pack_mass_kg;
    handling_usd(plan).iter().sum::<f64>() + plan.repurposing.plant.transport_usd_per_kg() * moved_kg
}

/// The steps between the vehicle and the sale of a pack's systems, undiscounted \[USD\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CostSteps {
    /// The retired pack.
    pub core_usd: f64,
    /// Out of the vehicle.
    pub removal_usd: f64,
    /// Collection and class 9 packaging.
    pub transport_usd: f64,
    /// Opening to modules or cells.
    pub opening_usd: f64,
    /// Tests.
    pub test_usd: f64,
    /// Sorting and assembly.
    pub assembly_usd: f64,
    /// New battery management.
    pub bms_usd: f64,
    /// Enclosure and wiring.
    pub enclosure_usd: f64,
    /// Share of the power electronics.
    pub power_electronics_usd: f64,
    /// Certification.
    pub certification_usd: f64,
    /// Reserve for claims.
    pub warranty_usd: f64,
    /// Overhead.
    pub overhead_usd: f64,
}

impl CostSteps {
    /// Names of the steps in order, as columns carry them (with `_usd`).
    pub const NAMES: [&'static str; 12] = [
        "core",
        "removal",
        "transport",
        "opening",
        "test",
        "assembly",
        "bms",
        "enclosure",
        "power_electronics",
        "certification",
        "warranty",
        "overhead",
    ];

    /// The steps in the order of [`CostSteps::NAMES`].
    pub fn values(&self) -> [f64; 12] {
        [
            self.core_usd,
            self.removal_usd,
            self.transport_usd,
            self.opening_usd,
            self.test_usd,
            self.assembly_usd,
            self.bms_usd,
            self.enclosure_usd,
            self.power_electronics_usd,
            self.certification_usd,
            self.warranty_usd,
            self.overhead_usd,
        ]
    }

    /// All steps together.
    pub fn sum(&self) -> f64 {
        self.values().iter().sum()
    }
}
