//! The baseline that second-life storage meets in many homes: lead-acid batteries, replaced whenever they are worn out.
//!
//! A battery is kinetic ([`KibamStore`]); it wears by throughput or on the shelf, whichever is first, and keeps the site at the
//! capacity it has when it is replaced. That year stands for all years, so the target is kept in the worst of them.

use super::lives::{Simulated, may_miss};
use super::money::{Books, Terms, books, rate};
use super::plan::SizingPlan;
use super::result::{Design, PathLife, Renewal};
use super::search::{Search, SizingError};
use super::simulator::Simulator;
use crate::economics::homer::life_by_throughput_years;
use crate::monte::Observer;
use crate::site::SiteYear;
use crate::site::plain::KibamSpec;
use rayon::prelude::*;
use std::cmp::Reverse;

/// Energy of one battery, 12 V and 150 Ah, as Indian homes have them \[kWh\].
const UNIT_KWH: f64 = 1.8;
/// Share of the name plate at which it is replaced (IEEE 1013-2019 divides by the same 0.8).
const LAST_SHARE: f64 = 0.8;
/// Full cycles until then, for a good deep-cycle battery, and the years it lasts on the shelf (HOMER support, "Creating a battery").
const FULL_CYCLES: f64 = 500.0;
const FLOAT_YEARS: f64 = 10.0;
/// Wells, rate, losses and least SoC of the generic lead-acid battery of Polysun 9.2.9, as the Modelica library
/// BuildingSystems (UdK Berlin) has it; charging at 1 A for each Ah that is missing is HOMER's usual value.
const BATTERY: KibamSpec = KibamSpec {
    capacity_kwh: 1.0,
    first_well: 0.315,
    rate_per_h: 1.24,
    charge_rate_a_per_ah: 1.0,
    charge_kw: f64::MAX,
    round_trip_efficiency: 0.86,
    soc_min: 0.3,
    soc_start: 1.0,
};
/// Banks beyond so many times the largest battery of the lists are not tried.
const LARGEST_BANK: f64 = 5.0;

/// Prices of lead-acid batteries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeadAcid {
    /// Battery with its rack and cables \[USD/kWh on the name plate\].
    pub usd_per_kwh: f64,
    /// Water, cleaning, checks \[USD/kWh a year\].
    pub om_usd_per_kwh: f64,
    /// What a worn-out one is taken back for \[USD/kWh\].
    pub end_usd_per_kwh: f64,
    /// Emissions of making one \[kg CO2e/kWh\].
    pub co2_kg_per_kwh: f64,
}

/// Plan in whose books the batteries are new modules.
fn in_books(plan: &SizingPlan, prices: &LeadAcid) -> SizingPlan {
    let mut plan = plan.clone();
    plan.battery.new_usd_per_kwh = prices.usd_per_kwh;
    plan.battery.price_change_per_year = 0.0;
    plan.battery.new_co2_kg_per_kwh = prices.co2_kg_per_kwh;
    plan.site.battery_om_usd_per_kwh = prices.om_usd_per_kwh;
    plan.site.battery_end_usd_per_kwh = prices.end_usd_per_kwh;
    // What is left of its life is not bought by anyone.
    plan.site.battery_residual_share = 0.0;
    plan
}

/// The battery at the end of its life.
fn worn(units: u32) -> KibamSpec {
    KibamSpec { capacity_kwh: f64::from(units) * UNIT_KWH * LAST_SHARE, ..BATTERY }
}

/// The service life of a bank by its worst year.
fn life(design: &Design, path: u32, year: &SiteYear, service_years: u32) -> PathLife {
    let nameplate_kwh = f64::from(design.modules) * UNIT_KWH;
    let years = life_by_throughput_years(FULL_CYCLES * nameplate_kwh, year.discharge_kwh, FLOAT_YEARS);
    let cause = if years < FLOAT_YEARS { "throughput" } else { "float" };
    let service = f64::from(service_years);
    let usable = nameplate_kwh * (1.0 - BATTERY.soc_min);
    PathLife {
        soh_start: 1.0,
        nameplate_kwh,
        actual_kwh_start: nameplate_kwh,
        usable_kwh_start: usable,
        usable_kwh_end: usable * LAST_SHARE,
        years: vec![SiteYear { soh_end: LAST_SHARE, ..year.clone() }; service_years as usize],
        replaced: (1..).map(|k| f64::from(k) * years).take_while(|t| *t < service - 1e-9).map(|t| (t, cause)).collect(),
        ..PathLife::empty(path)
    }
}

/// Numbers of batteries to try: all small ones, then in steps of about a fifth.
fn banks(largest_kwh: f64) -> Vec<u32> {
    let most = (LARGEST_BANK * largest_kwh / UNIT_KWH).ceil().max(1.0) as u32;
    let next = |n: &u32| Some(n + (n / 5).max(1));
    std::iter::successors(Some(1), next).take_while(|n| *n <= most).collect()
}

/// Every size with its least cost: nothing wears but by age, and neither fuel nor grid is paid for. Cheapest first.
fn candidates(plan: &SizingPlan, largest_kwh: f64) -> Vec<(Design, f64)> {
    let mut found = Vec::new();
    for &pv_kw in &plan.lists.pv_kw {
        for &inverter_kw in &plan.lists.inverter_kw {
            for &genset_kw in &plan.lists.genset_kw {
                for units in banks(largest_kwh) {
                    let grade = plan.grades.len();
                    let renewal = Renewal::ReplaceAtEnd;
                    let design =
                        Design { pv_kw, strings: units, modules: units, grade, inverter_kw, genset_kw, renewal };
                    let idle = life(&design, 0, &SiteYear::default(), plan.target.service_years);
                    found.push((design, books(plan, &design, &idle, &TERMS).npc_usd));
                }
            }
        }
    }
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found
}

const TERMS: Terms = Terms { module_kwh: UNIT_KWH, accepted_share: 1.0 };

/// The cheapest bank with its array, inverter and genset that keeps the target; `None` where there is none, or where nobody
/// simulates such batteries.
pub(super) fn cheapest<S: Simulator, O: Observer>(
    search: &Search<'_, S, O>,
    prices: &LeadAcid,
) -> Result<Option<Simulated>, SizingError> {
    let plan = in_books(search.plan, prices);
    let strings = plan.lists.strings.last().copied().unwrap_or(1);
    let largest_kwh = f64::from(strings * search.simulator.series_modules()) * search.simulator.module_kwh();
    let may_miss = may_miss(plan.paths, plan.target.confidence);
    let batch = (may_miss + 1).next_multiple_of(2);
    // Paths on which most candidates missed the target come first.
    let mut misses: Vec<(u32, u32)> = (0..plan.paths).map(|path| (path, 0)).collect();
    let (mut best, mut poor): (Option<Simulated>, Vec<Design>) = (None, Vec::new());
    for (design, least_usd) in candidates(&plan, largest_kwh) {
        if best.as_ref().is_some_and(|best| best.rated.money.npc_usd.mean <= least_usd) {
            break;
        }
        if poor.iter().any(|refuted| refuted.covers(&design)) {
            continue;
        }
        misses.sort_by_key(|(path, n)| (Reverse(*n), *path));
        let (mut lives, mut missed): (Vec<PathLife>, usize) = (Vec::new(), 0);
        for chunk in misses.chunks_mut(batch) {
            if search.observer.stop() {
                return Err(SizingError::Stopped);
            }
            let years: Vec<Option<SiteYear>> = chunk
                .par_iter()
                .map(|(path, _)| search.simulator.plain_year(&design, *path, &worn(design.modules)))
                .collect();
            for ((path, count), year) in chunk.iter_mut().zip(years) {
                let Some(year) = year else { return Ok(None) };
                if year.lpsp() > plan.target.lpsp_max {
                    *count += 1;
                    missed += 1;
                }
                lives.push(life(&design, *path, &year, plan.target.service_years));
            }
            if missed > may_miss {
                break;
            }
        }
        if missed > may_miss {
            poor.push(design);
            continue;
        }
        lives.sort_by_key(|life| life.path);
        let books: Vec<Books> = lives.iter().map(|life| books(&plan, &design, life, &TERMS)).collect();
        let rated = rate(&plan, &design, &lives, &books);
        if best.as_ref().is_none_or(|best| rated.money.npc_usd.mean < best.rated.money.npc_usd.mean) {
            best = Some(Simulated { lives, books, rated, failed: Vec::new() });
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Made, plan};
    use super::super::{Lists, OptionKind, run};
    use super::*;
    use crate::monte::Silent;

    #[test]
    fn batteries_wear_by_throughput_or_age() {
        let design = Design {
            pv_kw: 1.0,
            strings: 2,
            modules: 2,
            grade: 1,
            inverter_kw: 1.0,
            genset_kw: 0.0,
            renewal: Renewal::ReplaceAtEnd,
        };
        // 500 cycles of 3.6 kWh at 720 kWh a year: two and a half years.
        let year = SiteYear { discharge_kwh: 720.0, ..SiteYear::default() };
        let worked = life(&design, 3, &year, 8);
        assert_eq!(worked.replaced, [(2.5, "throughput"), (5.0, "throughput"), (7.5, "throughput")]);
        assert!((worked.usable_kwh_end - 3.6 * 0.7 * 0.8).abs() < 1e-12 && worked.years.len() == 8);
        let idle = life(&design, 3, &SiteYear::default(), 25);
        assert_eq!(idle.replaced, [(10.0, "float"), (20.0, "float")]);
        assert!(life(&design, 3, &SiteYear::default(), 10).replaced.is_empty());
    }

    #[test]
    fn the_cheapest_bank_is_found_without_trying_them_all() {
        let prices = LeadAcid { usd_per_kwh: 80.0, om_usd_per_kwh: 10.0, end_usd_per_kwh: 12.0, co2_kg_per_kwh: 60.0 };
        let lists = Lists { pv_kw: vec![0.6, 1.0, 1.6], inverter_kw: vec![0.6], ..plan().lists };
        let plan = SizingPlan { lists, lead_acid: Some(prices), ..plan() };
        let made = Made::new();
        let result = run(&plan, &made, &Silent).unwrap();
        let found = result.options.iter().find(|o| o.kind == OptionKind::LeadAcid).expect("compared");
        let best = found.best.as_ref().expect("lead-acid can carry this site");

        let book = in_books(&plan, &prices);
        let mut by_hand: Option<(Design, f64)> = None;
        for (design, _) in candidates(&book, 20.0) {
            let lives: Vec<PathLife> = (0..plan.paths)
                .map(|path| {
                    let year = made.plain_year(&design, path, &worn(design.modules)).unwrap();
                    life(&design, path, &year, plan.target.service_years)
                })
                .collect();
            let books: Vec<Books> = lives.iter().map(|l| books(&book, &design, l, &TERMS)).collect();
            let rated = rate(&book, &design, &lives, &books);
            let npc = rated.money.npc_usd.mean;
            if rated.meets && by_hand.is_none_or(|(_, least)| npc < least) {
                by_hand = Some((design, npc));
            }
        }
        let (design, npc) = by_hand.unwrap();
        assert_eq!((best.design, best.money.npc_usd.mean), (design, npc));
        assert!(best.meets && best.money.split.replacement_usd > 0.0 && best.money.split.repack_usd > 0.0);
        assert!((found.bases_kwh[2] / found.bases_kwh[0] - 0.7).abs() < 1e-12);
        assert!(found.co2_kg >= 60.0 * found.bases_kwh[0]);
    }

    #[test]
    fn banks_grow_by_a_fifth() {
        let banks = banks(10.0);
        assert_eq!(banks[..9], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(banks.windows(2).all(|w| w[1] > w[0] && (w[0] < 10 || f64::from(w[1]) <= 1.2 * f64::from(w[0]))));
        assert!(banks.last().is_some_and(|n| f64::from(*n) * UNIT_KWH <= 52.0 && *n >= 23));
    }
}
