//! What a sizing study comes to.

use super::charging::ChargingSummary;
use super::stats::{mean, quantiles, service_years, year};
use super::words::{cause, design, option_name};
use crate::output::Quantiles;
use crate::output::stats::share;
use crate::site::{DWELL_SOC, DWELL_TEMPERATURE_C, SiteYear};
use crate::sizing::{self, Detail, SizingResult};
use serde::Serialize;
use std::collections::BTreeMap;

/// First hour of the evening and the hour in which it is over.
const EVENING: std::ops::Range<usize> = 17..23;

/// A study in numbers, for `summary.json`, the terminal and the page. Numbers of the detailed design are over its paths.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// What was found, in a sentence.
    pub headline: String,
    /// Highest LPSP of the last year.
    pub target_lpsp: f64,
    /// Share of paths that must keep it.
    pub confidence: f64,
    /// Years of service.
    pub service_years: u32,
    /// Whether a design meets the target.
    pub met: bool,
    /// What binds where none does.
    pub binding: Option<&'static str>,
    /// Why none does, in a sentence.
    pub shortfall: Option<String>,
    /// The chosen design, or the nearest.
    pub design: String,
    /// Designs by how they were looked at: simulated in full, and not.
    pub designs: [usize; 2],
    /// Designs of the latter that the simulation of some paths proved to miss the target.
    pub designs_refuted: usize,
    /// Designs that meet the target.
    pub designs_met: usize,
    /// Paths of each design.
    pub paths: u32,
    /// LPSP of the first year over paths.
    pub lpsp_first: Option<Quantiles>,
    /// LPSP of the last year over paths.
    pub lpsp_last: Option<Quantiles>,
    /// LPSP of the last year at the wanted confidence.
    pub lpsp_at_confidence: Option<f64>,
    /// LPSP of the first year by the plain models: energy balance, kinetic model.
    pub plain_lpsp: [Option<f64>; 2],
    /// What is unserved, last year.
    pub unserved: Option<Shares>,
    /// Usable energy over mean demand \[h\]: start, end of service.
    pub autonomy_h: [Option<f64>; 2],
    /// Energy of the battery by what is called its capacity.
    pub kwh: Option<Kwh>,
    /// Equivalent full cycles a year.
    pub efc_per_year: Option<f64>,
    /// Time mean of the SoC.
    pub soc_mean: Option<f64>,
    /// Battery temperature over time: P5, P50, P95 \[degC\]. Values past the outermost classes stand at their edge.
    pub temperature_c: Option<[f64; 3]>,
    /// Losses of converters a year \[kWh\].
    pub converter_loss_kwh: Option<f64>,
    /// Curtailed a year \[kWh\], and as a share of what the array could have given.
    pub curtailed_kwh: Option<f64>,
    /// Curtailed share.
    pub curtailed_share: Option<f64>,
    /// Fuel a year \[L\]; none without genset.
    pub fuel_l: Option<f64>,
    /// Hours a year that the genset runs; none without genset.
    pub genset_hours: Option<f64>,
    /// Outages of the grid a year, and of the load with the site; none without grid.
    pub outages: Option<[f64; 2]>,
    /// Hours of them.
    pub outage_hours: Option<[f64; 2]>,
    /// Recharge, sessions and hire.
    pub charging: ChargingSummary,
    /// SoH of the weakest module at the end of service.
    pub soh_end: Option<Quantiles>,
    /// Renewals of the battery.
    pub ends: End,
    /// Spent before the first day \[USD\].
    pub capex_usd: Option<f64>,
    /// Mean NPC \[USD\]: what designs are compared by.
    pub npc_mean_usd: Option<f64>,
    /// NPC \[USD\].
    pub npc_usd: Option<Quantiles>,
    /// LCOE \[USD/kWh\].
    pub lcoe_usd_per_kwh: Option<Quantiles>,
    /// LCOS \[USD/kWh\].
    pub lcos_usd_per_kwh: Option<Quantiles>,
    /// Price at which used modules cost as much as new ones; none where new ones were not asked for.
    pub break_even: Option<BreakEvenPrice>,
    /// Mean NPC of each option that meets the target \[USD\].
    pub options_npc_usd: BTreeMap<&'static str, f64>,
    /// Largest and root mean square difference of LPSP between screen and simulation; none without designs in both.
    pub screen_error: Option<[f64; 2]>,
    /// Share of time and of throughput outside the range that the aging law was fitted in.
    pub outside: [Option<f64>; 2],
    /// Largest relative error of a balance.
    pub balance_error: Option<f64>,
    /// What a reader must not miss.
    pub notes: Vec<String>,
}

/// Parts of what is unserved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shares {
    /// Expected energy not served \[kWh a year\].
    pub eens_kwh: f64,
    /// Share of it between 17 and 23 h.
    pub evening: Option<f64>,
    /// Share of it with an empty battery.
    pub energy: Option<f64>,
    /// Share above a limit of power.
    pub power: Option<f64>,
    /// Share with the battery too cold or too hot.
    pub temperature: Option<f64>,
    /// Runs of unserved demand.
    pub events: f64,
    /// The longest of them, nine of ten paths stay below \[h\].
    pub longest_p90_h: f64,
    /// Share of time with any.
    pub lolp: f64,
}

/// Energy of a battery by what is called its capacity, means over paths \[kWh\].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Kwh {
    /// On the name plates.
    pub nameplate: f64,
    /// Actual at the start.
    pub actual: f64,
    /// Inside the SoC window at the start.
    pub usable_start: f64,
    /// The same at the end of service.
    pub usable_end: f64,
}

/// How the batteries of the paths ended inside the service life.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct End {
    /// Share of paths on which the battery was replaced.
    pub replaced: f64,
    /// Years of service at the first replacement, over those paths.
    pub first_years: Option<Quantiles>,
    /// Replacements by cause.
    pub causes: BTreeMap<&'static str, usize>,
    /// Modules added after the start, mean.
    pub modules_added: f64,
}

/// Price at which used and new cost the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BreakEvenPrice {
    /// USD per kWh on the name plate.
    pub usd_per_nameplate_kwh: Option<Quantiles>,
    /// Share of paths on which used modules are cheaper at the planned price.
    pub used_is_cheaper: Option<f64>,
}

impl Summary {
    /// Sums a study up.
    pub fn of(result: &SizingResult) -> Summary {
        let (detail, target) = (&result.detail, &result.target);
        let rated = &detail.rated;
        let last = service_years(&detail.paths).saturating_sub(1);
        let all = || detail.paths.iter().flat_map(|p| &p.years);
        let yearly = |get: fn(&SiteYear) -> f64| mean(all().map(get));
        let genset = rated.design.genset_kw > 0.0;
        let grid = all().any(|y| y.grid_kwh > 0.0 || y.outages > 0);
        let pair = |a: Option<f64>, b: Option<f64>| Some([a?, b?]).filter(|_| grid);
        let kwh = kwh(detail);
        let demand_kw = mean(year(&detail.paths, 0).filter(|y| y.hours > 0.0).map(|y| y.demand_kwh / y.hours));
        let autonomy = |kwh: Option<f64>| Some(kwh? / demand_kw.filter(|kw| *kw > 0.0)?);
        let curtailed_kwh = yearly(|y| y.curtailed_kwh);
        let simulated = result.designs.iter().filter(|d| d.method == sizing::Method::Simulated).count();
        Summary {
            headline: result.headline.clone(),
            target_lpsp: target.lpsp_max,
            confidence: target.confidence,
            service_years: target.service_years,
            met: result.chosen.is_some(),
            binding: result.shortfall.as_ref().map(|s| cause(s.cause)),
            shortfall: result.shortfall.as_ref().map(|s| s.words.clone()),
            design: design(&rated.design, &result.grades),
            designs: [simulated, result.designs.len() - simulated],
            designs_refuted: result.designs.iter().filter(|d| d.method == sizing::Method::Refuted).count(),
            designs_met: result.designs.iter().filter(|d| d.meets).count(),
            paths: result.paths,
            lpsp_first: quantiles(year(&detail.paths, 0).map(SiteYear::lpsp)).and_then(plain),
            lpsp_last: quantiles(year(&detail.paths, last).map(SiteYear::lpsp)).and_then(plain),
            lpsp_at_confidence: finite(rated.lpsp_at_confidence),
            plain_lpsp: detail.plain_lpsp.map(finite),
            unserved: unserved(detail, last),
            autonomy_h: [autonomy(kwh.map(|k| k.usable_start)), autonomy(kwh.map(|k| k.usable_end))],
            kwh,
            efc_per_year: yearly(|y| y.efc),
            soc_mean: yearly(|y| y.soc_mean),
            temperature_c: temperatures(detail),
            converter_loss_kwh: yearly(|y| y.converter_loss_kwh),
            curtailed_kwh,
            curtailed_share: curtailed_kwh.zip(yearly(|y| y.pv_kwh)).and_then(|(part, whole)| share(part, whole)),
            fuel_l: yearly(|y| y.fuel_l).filter(|_| genset),
            genset_hours: yearly(|y| y.genset_hours).filter(|_| genset),
            outages: pair(yearly(|y| y.outages.into()), yearly(|y| y.events.into())),
            outage_hours: pair(yearly(|y| y.outage_hours), yearly(|y| y.unmet_hours)),
            charging: ChargingSummary::of(&detail.charging),
            soh_end: quantiles(year(&detail.paths, last).map(|y| y.soh_end)).and_then(plain),
            ends: ends(detail),
            capex_usd: finite(rated.money.capex_usd),
            npc_mean_usd: finite(rated.money.npc_usd.mean),
            npc_usd: plain(rated.money.npc_usd),
            lcoe_usd_per_kwh: plain(rated.money.lcoe_usd_per_kwh),
            lcos_usd_per_kwh: plain(rated.money.lcos_usd_per_kwh),
            break_even: result.break_even.map(|b| BreakEvenPrice {
                usd_per_nameplate_kwh: plain(b.usd_per_nameplate_kwh),
                used_is_cheaper: finite(b.used_is_cheaper),
            }),
            options_npc_usd: (result.options.iter())
                .filter_map(|o| Some((option_name(o.kind), finite(o.best.as_ref()?.money.npc_usd.mean)?)))
                .collect(),
            screen_error: Some(result.screen)
                .filter(|s| s.designs > 0)
                .and_then(|s| Some([finite(s.lpsp_max)?, finite(s.lpsp_rms)?])),
            outside: [
                mean(detail.paths.iter().map(|p| p.outside_time)),
                mean(detail.paths.iter().map(|p| p.outside_throughput)),
            ],
            balance_error: detail.paths.iter().map(|p| p.balance_error).reduce(f64::max).and_then(finite),
            notes: result.notes.clone(),
        }
    }
}

/// The three quantiles that are shown; none where one is not finite, such as a cost over no energy.
fn plain(q: sizing::Quantiles) -> Option<Quantiles> {
    Some(Quantiles { p10: finite(q.p10)?, p50: finite(q.p50)?, p90: finite(q.p90)? })
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

fn kwh(detail: &Detail) -> Option<Kwh> {
    let of = |get: fn(&sizing::PathLife) -> f64| mean(detail.paths.iter().map(get));
    Some(Kwh {
        nameplate: of(|p| p.nameplate_kwh)?,
        actual: of(|p| p.actual_kwh_start)?,
        usable_start: of(|p| p.usable_kwh_start)?,
        usable_end: of(|p| p.usable_kwh_end)?,
    })
}

fn unserved(detail: &Detail, number: usize) -> Option<Shares> {
    let of = |get: fn(&SiteYear) -> f64| mean(year(&detail.paths, number).map(get));
    let eens_kwh = of(|y| y.unmet_kwh)?;
    let part = |kwh: Option<f64>| share(kwh?, eens_kwh);
    Some(Shares {
        eens_kwh,
        evening: part(of(|y| y.by_hour[EVENING].iter().map(|h| h.unmet_kwh).sum())),
        energy: part(of(|y| y.unmet_energy_kwh)),
        power: part(of(|y| y.unmet_power_kwh)),
        temperature: part(of(|y| y.unmet_temperature_kwh)),
        events: of(|y| y.events.into())?,
        longest_p90_h: quantiles(year(&detail.paths, number).map(|y| y.longest_h))?.p90,
        lolp: of(SiteYear::lolp)?,
    })
}

fn ends(detail: &Detail) -> End {
    let replaced: Vec<_> = detail.paths.iter().filter_map(|p| p.replaced.first()).collect();
    let mut causes = BTreeMap::new();
    for (_, cause) in detail.paths.iter().flat_map(|p| &p.replaced) {
        *causes.entry(*cause).or_insert(0) += 1;
    }
    End {
        replaced: share(replaced.len() as f64, detail.paths.len() as f64).unwrap_or(0.0),
        first_years: quantiles(replaced.iter().map(|r| r.0)).and_then(plain),
        causes,
        modules_added: mean(detail.paths.iter().map(|p| f64::from(p.modules_added))).unwrap_or(0.0),
    }
}

/// P5, P50 and P95 of the battery's temperature over time, linear inside the classes of the dwell.
fn temperatures(detail: &Detail) -> Option<[f64; 3]> {
    let mut hours = [0.0; DWELL_TEMPERATURE_C.len()];
    for class in detail.paths.iter().flat_map(|p| &p.years).map(|y| &y.dwell.hours) {
        for (sum, row) in hours.iter_mut().zip(class) {
            *sum += row[..DWELL_SOC].iter().sum::<f64>();
        }
    }
    let all: f64 = hours.iter().sum();
    (all > 0.0).then(|| [0.05, 0.5, 0.95].map(|p| quantile_of_classes(&hours, p * all)))
}

/// Temperature below which so many hours lie.
fn quantile_of_classes(hours: &[f64], wanted: f64) -> f64 {
    let edges = &DWELL_TEMPERATURE_C;
    let mut below = 0.0;
    for (k, h) in hours.iter().enumerate() {
        if below + h >= wanted && *h > 0.0 {
            // The outermost classes are open: nothing is known but their inner edge.
            return match (k, edges.get(k + 1)) {
                (0, _) => edges[1],
                (_, None) => edges[k],
                (_, Some(to)) => edges[k] + (to - edges[k]) * (wanted - below) / h,
            };
        }
        below += h;
    }
    edges[edges.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperature_of_hours_in_classes() {
        let mut hours = [0.0; DWELL_TEMPERATURE_C.len()];
        // 100 h each from 20 to 25 and from 25 to 30 degC.
        (hours[6], hours[7]) = (100.0, 100.0);
        assert!((quantile_of_classes(&hours, 50.0) - 22.5).abs() < 1e-12);
        assert!((quantile_of_classes(&hours, 100.0) - 25.0).abs() < 1e-12);
        assert!((quantile_of_classes(&hours, 150.0) - 27.5).abs() < 1e-12);
        let mut open = [0.0; DWELL_TEMPERATURE_C.len()];
        (open[0], open[11]) = (1.0, 1.0);
        assert_eq!([0.5, 1.5].map(|h| quantile_of_classes(&open, h)), [-5.0, 45.0]);
    }
}
