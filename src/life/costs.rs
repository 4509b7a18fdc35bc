//! What the way back into use costs, before anything is known of a single module.

use super::plan::JourneyPlan;

/// Costs of reuse, linear in what is handled \[USD, USD per nameplate kWh\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReuseCosts {
    /// For each pack that comes in: taken out, moved, opened.
    pub per_pack_usd: f64,
    /// For each nameplate kWh tested.
    pub per_tested_kwh_usd: f64,
    /// For each nameplate kWh built into a system.
    pub per_used_kwh_usd: f64,
}

impl ReuseCosts {
    /// From the plan of a study.
    pub fn of(plan: &JourneyPlan) -> Self {
        let prices = &plan.prices;
        ReuseCosts {
            per_pack_usd: prices.removal_usd_per_pack
                + prices.opening_usd_per_pack
                + prices.transport_usd_per_kg * plan.vehicle.pack_mass_kg,
            per_tested_kwh_usd: plan.grading.test.cost_usd_per_kwh,
            per_used_kwh_usd: prices.repack_usd_per_kwh,
        }
    }
}
