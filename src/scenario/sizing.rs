//! What the keys of a sizing study mean.

use super::fault::ScenarioFault;
use super::record::Record;
use super::tables::{hire, lead_acid, project, sizing};
use crate::economics::SitePrices;
use crate::library::At;
use crate::life::plan::JourneyPlan;
use crate::sizing::{BatteryPrices, Grade, HireTerms, LeadAcid, Lists, Renewal, SizingPlan, Target};

/// A sizing study of a journey; `None` after reporting a problem.
pub(super) fn resolve(file: sizing::File, journey: &JourneyPlan, r: &mut Record<'_>) -> Option<SizingPlan> {
    let k = &sizing::KEYS;
    let second = &journey.second_life;
    let target = Target {
        lpsp_max: r.fixed(&k.lpsp_max, file.lpsp_max)?,
        confidence: r.fixed(&k.confidence, file.confidence)?,
        service_years: r.fixed(&k.service_years, file.service_years)?,
    };
    let paths = r.fixed(&k.paths, file.paths)?;
    let genset = second.genset.as_ref().map_or(0.0, |genset| genset.rating_kw);
    let pv_kw = rising(r.computed(&k.pv_kw, file.pv_kw, vec![second.pv.peak_kw]));
    let mut strings = r.computed(&k.strings, file.strings, vec![second.system.strings]);
    strings.sort_unstable();
    strings.dedup();
    let inverter_kw = rising(r.computed(&k.inverter_kw, file.inverter_kw, vec![second.inverter_kw]));
    let genset_kw = rising(r.computed(&k.genset_kw, file.genset_kw, vec![genset]));
    if second.genset.is_none() && genset_kw.iter().any(|kw| *kw > 0.0) {
        return told(r, "sizing.genset_kw", ScenarioFault::SizingGenset);
    }
    let grades = grades(file.module_soh, file.module_usd_per_nameplate_kwh, journey, r)?;
    let names = r.fixed(&k.renewals, file.renewals)?.names();
    let half = (target.service_years / 2).max(1);
    let after_years = r.computed(&k.augment_after_years, file.augment_after_years, half);
    let more = r.fixed(&k.augment_strings, file.augment_strings)?;
    let mut renewals: Vec<Renewal> = Vec::new();
    for name in names {
        let renewal = match name.as_str() {
            "replace_at_end" => Renewal::ReplaceAtEnd,
            "augment" => Renewal::Augment { after_years, strings: more },
            _ => Renewal::None,
        };
        if !renewals.contains(&renewal) {
            renewals.push(renewal);
        }
    }
    let compare_new = r.fixed(&k.compare_new, file.compare_new)?;
    let lead_acid = match file.lead_acid {
        Some(file) => Some(lead_acid(file, r)?),
        None => None,
    };
    let hire = match file.hire {
        Some(file) => Some(hire(file, r)?),
        None => None,
    };
    let (site, battery) = project(file.project.unwrap_or_default(), journey, r)?;
    let lists = Lists { pv_kw, strings, inverter_kw, genset_kw, renewals };
    Some(SizingPlan { target, paths, lists, grades, compare_new, lead_acid, hire, site, battery })
}

fn rising(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

fn told<T>(r: &mut Record<'_>, path: &str, fault: ScenarioFault) -> Option<T> {
    let span = r.written.span(path);
    r.problems.push(At::new(&r.written.source, span, fault));
    None
}

/// Classes of modules: each from its edge to the next, the last without an end.
fn grades(
    edges: Option<Vec<f64>>,
    prices: Option<Vec<f64>>,
    journey: &JourneyPlan,
    r: &mut Record<'_>,
) -> Option<Vec<Grade>> {
    let k = &sizing::KEYS;
    let edges = r.computed(&k.module_soh, edges, vec![journey.grading.accept_soh_min]);
    if edges.windows(2).any(|pair| pair[0] >= pair[1]) {
        return told(r, "sizing.module_soh", ScenarioFault::SizingClasses);
    }
    let ends: Vec<f64> = edges.iter().skip(1).copied().chain([f64::INFINITY]).collect();
    let core = journey.prices.core_usd_per_kwh;
    // Nothing is better than new, whatever a test says of it.
    let by_core = edges.iter().zip(&ends).map(|(low, high)| core * 0.5 * (low + high.min(1.0))).collect();
    let prices = r.computed(&k.module_usd_per_nameplate_kwh, prices, by_core);
    if prices.len() != edges.len() {
        let fault = ScenarioFault::SizingPrices { prices: prices.len(), classes: edges.len() };
        return told(r, "sizing.module_usd_per_nameplate_kwh", fault);
    }
    let grade = |((low, high), price): ((&f64, &f64), &f64)| Grade {
        name: if high.is_finite() { format!("{low:.2}-{high:.2}") } else { format!("{low:.2}+") },
        soh_min: *low,
        soh_max: *high,
        usd_per_nameplate_kwh: *price,
    };
    Some(edges.iter().zip(&ends).zip(&prices).map(grade).collect())
}

fn lead_acid(file: lead_acid::File, r: &mut Record<'_>) -> Option<LeadAcid> {
    let k = &lead_acid::KEYS;
    Some(LeadAcid {
        usd_per_kwh: r.fixed(&k.usd_per_kwh, file.usd_per_kwh)?,
        om_usd_per_kwh: r.fixed(&k.om_usd_per_kwh, file.om_usd_per_kwh)?,
        end_usd_per_kwh: r.fixed(&k.end_usd_per_kwh, file.end_usd_per_kwh)?,
        co2_kg_per_kwh: r.fixed(&k.co2_kg_per_kwh, file.co2_kg_per_kwh)?,
    })
}

fn hire(file: hire::File, r: &mut Record<'_>) -> Option<HireTerms> {
    let k = &hire::KEYS;
    let name = r.fixed(&k.genset, file.genset)?;
    let (genset, _) = r.entry("sizing.hire.genset", &name)?;
    Some(HireTerms {
        days_per_year: r.fixed(&k.days_per_year, file.days_per_year)?,
        genset_day_usd: file.genset_day_usd.map(|usd| r.given(&k.genset_day_usd, usd)),
        genset,
        genset_kw: file.genset_kw.map(|kw| r.given(&k.genset_kw, kw)),
    })
}

fn project(file: project::File, journey: &JourneyPlan, r: &mut Record<'_>) -> Option<(SitePrices, BatteryPrices)> {
    let k = &project::KEYS;
    let name = r.fixed(&k.prices, file.prices)?;
    let (mut site, entry) = r.entry::<SitePrices>("sizing.project.prices", &name)?;
    /// Replaces fields of the entry by the keys of the same name.
    macro_rules! replace {
        ($( $field:ident ),*) => { $( site.$field = r.field(&k.$field, file.$field, entry, stringify!($field), site.$field); )* };
    }
    replace!(
        discount_rate,
        pv_usd_per_kw,
        pv_life_years,
        inverter_usd_per_kw,
        inverter_life_years,
        genset_usd_per_kw,
        genset_life_hours,
        genset_life_years,
        install_usd_per_kw,
        battery_fixed_usd,
        pv_om_usd_per_kw,
        battery_om_usd_per_kwh,
        genset_om_usd_per_kw_hour,
        fuel_usd_per_l,
        grid_usd_per_kwh,
        fuel_co2_kg_per_l,
        grid_co2_kg_per_kwh,
        voll_usd_per_kwh,
        battery_end_usd_per_kwh,
        battery_residual_share
    );
    let tests = journey.grading.tests.iter().map(|test| test.spec.cost_usd_per_kwh).sum();
    let module_kwh = journey.vehicle.module_kwh();
    let reuse = &journey.repurposing;
    let repack = reuse.plant.repack(reuse.level, module_kwh).total();
    let prices = &journey.prices;
    let battery = BatteryPrices {
        test_usd_per_kwh: r.computed(&k.test_usd_per_kwh, file.test_usd_per_kwh, tests),
        repack_usd_per_kwh: r.computed(&k.repack_usd_per_kwh, file.repack_usd_per_kwh, repack),
        new_usd_per_kwh: r.computed(&k.new_usd_per_kwh, file.new_usd_per_kwh, prices.new_storage_usd_per_kwh),
        price_change_per_year: r.fixed(&k.price_change_per_year, file.price_change_per_year)?,
        soh_end: journey.second_life.end.soh_min,
        new_co2_kg_per_kwh: prices.new_pack_co2_kg_per_kwh,
        repurposing_co2_kg_per_kwh: prices.repurposing_co2_kg_per_kwh,
    };
    Some((site, battery))
}
