//! The offer of a run: what the plan tells of the product.

use crate::output::{Summary, Tables};
use crate::report::{OfferFacts, OfferInput, OfferTest, offer};
use crate::scenario::Plan;

/// Writes the offer of a study.
pub(super) fn page(plan: &Plan, summary: &Summary, tables: &Tables, records: Option<&str>) -> String {
    offer(&OfferInput { facts: &facts(plan, records), summary, tables })
}

fn facts(plan: &Plan, records: Option<&str>) -> OfferFacts {
    let journey = &plan.journey;
    let (vehicle, grading, second, prices) =
        (&journey.vehicle, &journey.grading, &journey.second_life, &journey.prices);
    let test = |t: &crate::life::plan::TestPlan| OfferTest {
        name: t.name.clone(),
        title: t.spec.title.clone(),
        soh_sd: t.spec.reading_sd(),
        resistance_sd: t.spec.resistance_sd,
    };
    OfferFacts {
        study: plan.title.clone(),
        product: second.system.title.clone(),
        vehicle: vehicle.title.clone(),
        chemistry: journey.cell.chemistry.name().into(),
        bought: journey.used.is_some(),
        modules: second.series_modules * second.system.strings,
        module_kwh: vehicle.nominal_energy_kwh / f64::from(vehicle.modules),
        topology: second.topology.name().into(),
        rated_power_kw: second.system.rated_power_kw,
        pv_kw: second.pv.peak_kw,
        load: second.load.title.clone(),
        place: second.climate.title.clone(),
        gate: grading.gate.title.clone(),
        tests: grading.tests.iter().map(test).collect(),
        accept_soh_min: grading.accept_soh_min,
        accept_resistance_max: grading.accept_resistance_max,
        grade_soh_min: [grading.grade_a_soh_min, grading.grade_b_soh_min],
        end_soh_min: second.end.soh_min,
        end_resistance_max: second.end.resistance_max,
        end_unmet_share_max: second.end.unmet_share_max,
        years_max: second.years_max,
        serviced: second.service.is_some(),
        prices: prices.title.clone(),
        price_year: prices.year,
        sale_usd_per_kwh: prices.second_life_usd_per_kwh,
        route: journey.route.title.clone(),
        targets: journey.recycling.targets.as_ref().map(|t| t.1.title.clone()),
        law: journey.laws.first().map(|law| law.spec.title.clone()).unwrap_or_default(),
        assumed: plan.assumed_count(),
        records: records.map(str::to_owned),
        version: env!("CARGO_PKG_VERSION").into(),
        seed: plan.seed,
    }
}
