//! Money and emissions of one pack after the vehicle, for a repurposer who also recycles.

use super::constants::NEW_PACK_YEARS;
use super::costs::{CostSteps, handling_usd};
use super::journey::Journey;
use super::outcome::{ExitOutcome, GradingOutcome, MoneyOutcome, RecyclingOutcome, SystemOutcome};
use super::recycling::{Batch, materials_co2_kg, worth};
use crate::economics::present_value;
use crate::numeric::calendar::DAYS_PER_YEAR;

/// Books the pack. Rejected and left-over modules are recycled when tested, those taken out by the service then, the
/// others when their system ends, each at the metal prices of its time. Modules bought for service are recycled with the
/// pack. What is handed to a recycler, and what comes back from a system, is moved once more. A pack with more or fewer
/// modules than its vehicle's weighs and holds in proportion.
pub(super) fn account(
    journey: &Journey,
    pack_modules: u32,
    exit: &ExitOutcome,
    grading: &GradingOutcome,
    systems: &[SystemOutcome],
    recycling: &RecyclingOutcome,
) -> MoneyOutcome {
    let (plan, prices) = (&journey.plan, &journey.plan.prices);
    let modules = f64::from(pack_modules);
    let module_kwh = plan.vehicle.module_kwh();
    let share = modules / f64::from(plan.vehicle.modules);
    let (nominal_kwh, pack_mass_kg) = (plan.vehicle.nominal_energy_kwh * share, plan.vehicle.pack_mass_kg * share);
    let passed = if grading.gate_passed { 1.0 } else { 0.0 };
    let used: f64 = systems.iter().map(|s| f64::from(s.modules)).sum();

    let service = systems.iter().map(SystemOutcome::service).collect::<Vec<_>>();
    let brought: f64 = service.iter().map(|v| f64::from(v.replaced + v.added)).sum();

    let (plant, level) = (&plan.repurposing.plant, plan.repurposing.level);
    let opened = if grading.gate_passed || grading.salvaged > 0 { 1.0 } else { 0.0 };
    let (nameplate_kwh, repack) = (used * module_kwh, plant.repack(level, module_kwh));
    let [removal_usd, opening_usd] = handling_usd(plan);
    let steps = CostSteps {
        core_usd: passed * prices.core_usd_per_kwh * nominal_kwh * exit.soh_mean,
        removal_usd,
        transport_usd: plant.transport_usd_per_kg() * pack_mass_kg,
        opening_usd: opened * opening_usd,
        test_usd: grading.test_usd,
        assembly_usd: nameplate_kwh * repack.assembly,
        bms_usd: nameplate_kwh * repack.bms,
        enclosure_usd: nameplate_kwh * repack.enclosure,
        power_electronics_usd: nameplate_kwh * repack.power_electronics,
        certification_usd: nameplate_kwh * repack.certification,
        warranty_usd: nameplate_kwh * repack.warranty,
        overhead_usd: nameplate_kwh * repack.overhead,
    };
    let (core_usd, test_usd) = (steps.core_usd, steps.test_usd);
    let logistics_usd = steps.removal_usd + steps.transport_usd + steps.opening_usd;
    let repack_usd = nameplate_kwh * repack.total();
    let service_usd: f64 = service.iter().map(|v| v.cost_usd).sum();
    let sale_usd: f64 = systems.iter().map(|s| s.actual_kwh_start * prices.second_life_usd_per_kwh).sum();
    let books = plan.recycling.books;
    let chemistry = &plan.composition.chemistry;
    let worth = worth(books, &plan.route, prices, chemistry, recycling);
    let moved_kg = |b: &Batch| if books.moved(b.served) { b.share * recycling.mass_kg } else { 0.0 };
    let all_moved_kg: f64 = recycling.batches.iter().map(moved_kg).sum();
    let materials_usd = worth.materials_usd * recycling.metal_price_factor();
    let recycling_cost_usd = worth.process_usd + plant.transport_usd_per_kg() * all_moved_kg;

    let sold_after = f64::from(plan.storage.days) / DAYS_PER_YEAR as f64;
    let mut flows = vec![(0.0, -core_usd - logistics_usd - test_usd), (sold_after, sale_usd - repack_usd)];
    flows.extend(recycling.batches.iter().map(|b| {
        (b.years, b.share * worth.net_usd(b.metal_price_factor) - plant.transport_usd_per_kg() * moved_kg(b))
    }));
    for s in systems {
        flows.extend(s.visits.iter().map(|v| (sold_after + v.years, -v.cost_usd)));
    }

    let co2_caused_kg = (used + brought) * module_kwh * prices.repurposing_co2_kg_per_kwh
        + plan.route.process_co2_kg_per_kg * recycling.mass_kg
        + prices.transport_co2_kg_per_kg * (pack_mass_kg + all_moved_kg);
    let co2_storage_kg = systems
        .iter()
        .map(|s| s.actual_kwh_start * prices.new_pack_co2_kg_per_kwh * (s.years / NEW_PACK_YEARS).min(1.0))
        .sum();
    MoneyOutcome {
        core_usd,
        logistics_usd,
        test_usd,
        repack_usd,
        steps,
        nameplate_kwh,
        usable_end_kwh: systems.iter().map(usable_end_kwh).sum(),
        service_usd,
        sale_usd,
        materials_usd,
        gate_usd: worth.gate_usd,
        recycling_cost_usd,
        npv_usd: present_value(&flows, prices.discount_rate),
        co2_caused_kg,
        co2_materials_kg: materials_co2_kg(prices, chemistry, recycling),
        co2_storage_kg,
    }
}

/// Energy inside the window at the end, as the weakest module's SoH has it; modules that service brought do not count.
fn usable_end_kwh(system: &SystemOutcome) -> f64 {
    if system.soh_start > 0.0 { system.usable_kwh_start * (system.soh_end / system.soh_start).min(1.0) } else { 0.0 }
}

/// Relative distance of the steps of the costs from their totals.
pub(super) fn error(money: &MoneyOutcome) -> f64 {
    let total = money.core_usd + money.logistics_usd + money.test_usd + money.repack_usd;
    (money.steps.sum() - total).abs() / money.steps.values().iter().map(|x| x.abs()).sum::<f64>().max(1.0)
}
