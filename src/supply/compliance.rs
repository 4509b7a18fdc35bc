//! What rules demand, beside what is reached.

use super::plan::SupplyPlan;
use super::quantity::Quantity;
use super::recycle::Mass;
use super::result::Table;
use crate::economics::Materials;

/// Number of the hydrometallurgical route in the plan.
const HYDRO: usize = 0;
/// Need of a material in a year, over the largest until then, below which no recycled content is told: a chemistry runs out.
const LEAST_NEED: f64 = 0.1;

/// A demand of a rule in a region and year.
#[derive(Clone, Debug, PartialEq)]
pub struct Compliance {
    /// Number of the region.
    pub region: usize,
    /// Calendar year.
    pub year: i32,
    /// `efficiency`, `recovery_` or `recycled_content_` and a material, `recycled_content` of all together,
    /// `collection`.
    pub item: String,
    /// Share reached.
    pub share: f64,
    /// Share demanded; 0 where nothing is.
    pub demanded: f64,
    /// Whether it is reached.
    pub met: bool,
}

/// All demands. Recycling is judged in years in which any takes place, on all that is recycled, scrap included; recycled
/// content in years with new batteries, by what was recovered in the same year and used at home, over what is needed to
/// make them. The collection is that over all that left vehicles and was not exported.
pub fn judge(plan: &SupplyPlan, table: &Table, masses: &[Vec<Mass>]) -> Vec<Compliance> {
    let mut found = Vec::new();
    let electrolyte = Materials::NAMES.iter().position(|n| *n == "electrolyte").unwrap_or(0);
    // Black mass goes on to a refinery, wherever that is: rules judge the whole chain.
    let downstream = plan.routes[HYDRO].recovery.values();
    for (region, of_region) in masses.iter().enumerate() {
        let most = |k: usize, t: usize| of_region[..=t].iter().map(|mass| mass.demand_kt[k]).fold(0.0, f64::max);
        for (t, mass) in of_region.iter().enumerate() {
            let year = plan.calendar(t);
            let mut push = |item: String, share: f64, demanded: Option<f64>| {
                let demanded = demanded.unwrap_or(0.0);
                // What is demanded in full is reached in full but for rounding.
                found.push(Compliance { region, year, item, share, demanded, met: share >= demanded - 1e-12 });
            };
            let targets = plan.targets.get(region).and_then(|t| t.as_ref()).map(|(_, targets)| targets);
            let recovered: [f64; Materials::COUNT] =
                std::array::from_fn(|k| mass.recovered_kt[k] + mass.black_kt[k] * downstream[k]);
            if mass.packs_kt > 0.0 {
                let (mut out, mut of) = (recovered.iter().sum::<f64>(), mass.packs_kt);
                if targets.is_some_and(|t| t.dry_mass) {
                    out -= recovered[electrolyte];
                    of -= mass.input_kt[electrolyte];
                }
                push("efficiency".into(), out / of, targets.and_then(|t| t.efficiency.in_year(year)));
                for (k, name) in Materials::NAMES.iter().enumerate().filter(|(k, _)| mass.input_kt[*k] > 0.0) {
                    let demanded = targets.and_then(|t| t.recovery.get(*name)).and_then(|steps| steps.in_year(year));
                    push(format!("recovery_{name}"), recovered[k] / mass.input_kt[k], demanded);
                }
            }
            for (name, steps) in plan.content_targets.get(region).into_iter().flatten() {
                let k = Materials::NAMES.iter().position(|n| n == name);
                if let Some(k) = k.filter(|k| mass.demand_kt[*k] > LEAST_NEED * most(*k, t)) {
                    let share = mass.home_kt[k] / mass.demand_kt[k];
                    push(format!("recycled_content_{name}"), share, steps.in_year(year));
                }
            }
            if let Some(targets) = targets.filter(|t| !t.content_of_all.share.is_empty()) {
                let [home, demand] = [&mass.home_kt, &mass.demand_kt].map(|of| {
                    let wet = if targets.dry_mass { of[electrolyte] } else { 0.0 };
                    of.iter().sum::<f64>() - wet
                });
                if demand > 0.0 {
                    push("recycled_content".into(), home / demand, targets.content_of_all.in_year(year));
                }
            }
            let sum = |q| (0..plan.chemistries.len()).map(|c| table.of(q, plan.group(region, c))[t]).sum::<f64>();
            let left = sum(Quantity::Retired) - sum(Quantity::Exported);
            if left > 0.0 {
                let demanded = targets.and_then(|t| t.collection.in_year(year));
                push("collection".into(), sum(Quantity::Collected) / left, demanded);
            }
        }
    }
    found
}
