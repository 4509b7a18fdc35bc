//! What a mistake of the tests costs.

use super::super::plan::{JourneyPlan, Level};
use super::super::recycling;

/// What is at stake in one unit that is graded, a module or a cell \[USD\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stakes {
    /// A claim after a false accept: a module of the least accepted SoH at the second-life price, labour, transport.
    pub claim_usd: f64,
    /// Second-life value of the unit for its SoH.
    pub value_usd_per_soh: f64,
    /// What comes off that value: repurposing, and what recycling would have paid now.
    pub costs_usd: f64,
}

impl Stakes {
    /// From the plan of a study, for units of which a module has so many.
    pub(in crate::life) fn of(plan: &JourneyPlan, units_per_module: usize) -> Self {
        let (vehicle, prices, reuse) = (&plan.vehicle, &plan.prices, &plan.repurposing);
        let (module_kwh, modules) = (vehicle.module_kwh(), f64::from(vehicle.modules));
        let module_kg = vehicle.pack_mass_kg / modules;
        // A bad cell takes its module with it, a good one lost is only a cell.
        let part = if reuse.level == Level::Cell { 1.0 / units_per_module as f64 } else { 1.0 };
        let value_usd_per_soh = prices.second_life_usd_per_kwh * module_kwh;
        let claim_usd = value_usd_per_soh * plan.grading.accept_soh_min
            + reuse.plant.claim_h_per_module * reuse.plant.labour_usd_per_h
            + reuse.plant.transport_usd_per_kg() * module_kg;
        let repack_usd = reuse.plant.repack(reuse.level, module_kwh).total() * module_kwh;
        let phosphate = prices.iron_phosphate_usd_per_kg.is_some();
        let soh = plan.grading.accept_soh_min;
        let recycled = recycling::recycle(&plan.composition, &plan.route, phosphate, module_kwh, module_kg, soh);
        let (books, chemistry) = (plan.recycling.books, &plan.composition.chemistry);
        let way_usd = if books.moved(false) { reuse.plant.transport_usd_per_kg() * module_kg } else { 0.0 };
        let recycling_usd = recycling::worth(books, &plan.route, prices, chemistry, &recycled).net_usd(1.0) - way_usd;
        Stakes {
            claim_usd,
            value_usd_per_soh: part * value_usd_per_soh,
            costs_usd: part * (repack_usd + recycling_usd),
        }
    }

    /// Margin lost with a unit of this SoH that is rejected; below zero where recycling is worth more.
    pub fn margin_usd(&self, soh: f64) -> f64 {
        self.value_usd_per_soh * soh - self.costs_usd
    }
}
