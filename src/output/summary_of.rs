//! Reads the summary off the tables.

use super::frame::{Frame, Word};
use super::stats::{median, quantiles, share, weighted_mean};
use super::summary::{
    Co2Summary, FadeSummary, ModulesSummary, OutsideSummary, RouteSummary, SecondLifeSummary, ShareOf, Summary,
    UnmetYear,
};
use super::tables::Tables;
use crate::economics::Materials;
use crate::life::outcome::{EndCause, ExitRoute, Grade};
use std::collections::BTreeMap;

/// Month of first life at which the fade is read, when it was reached.
const FADE_MONTH: i64 = 96;
/// What the bands of a study mean.
const BANDS: &str = "P10-P90 over packs: use, weather, cell spread, exit and test error vary; model parameters do not.";

impl Summary {
    /// Reads a summary off the tables.
    pub fn of(tables: &Tables) -> Summary {
        let packs = &tables.packs;
        let failed = count(packs.text("status"), "failed");
        let done = packs.rows() as u64 - failed;
        let mut failures_by_stage = BTreeMap::new();
        for stage in packs.text("failed_stage").iter().flatten() {
            *failures_by_stage.entry(stage.to_string()).or_insert(0) += 1;
        }
        let mean = |name: &str| (done > 0).then(|| packs.sum(name) / done as f64);
        Summary {
            packs: packs.rows() as u64,
            failed,
            failures_by_stage,
            first_life_years: quantiles(packs.real("first_life_years")),
            exit_soh: quantiles(packs.real("exit_soh_mean")),
            exit_resistance: quantiles(packs.real("exit_resistance_mean")),
            exit_routes: ExitRoute::ALL.iter().map(|r| route(packs, r.name(), done)).collect(),
            fade: fade(&tables.trajectories),
            grades: shares([Grade::A, Grade::B, Grade::C, Grade::Rejected].map(Grade::name), packs.text("grade")),
            modules: modules(packs),
            second_life: second_life(tables),
            recycled_mass_kg: packs.sum("recycled_mass_kg"),
            recovered_kg: Materials::NAMES
                .iter()
                .map(|m| (m.to_string(), packs.sum(&format!("{m}_recovered_kg"))))
                .collect(),
            npv_usd: quantiles(packs.real("npv_usd")),
            co2: mean("co2_caused_kg").zip(mean("co2_materials_kg")).zip(mean("co2_storage_kg")).map(
                |((caused_kg, saved_materials_kg), saved_storage_kg)| Co2Summary {
                    caused_kg,
                    saved_materials_kg,
                    saved_storage_kg,
                },
            ),
            outside: outside(tables),
            balance_error_max: packs.real("balance_error").iter().flatten().copied().reduce(f64::max),
            bands: BANDS,
        }
    }
}

fn count(words: &[Option<Word>], name: &str) -> u64 {
    words.iter().flatten().filter(|w| *w == name).count() as u64
}

fn shares<const N: usize>(names: [&'static str; N], words: &[Option<Word>]) -> Vec<ShareOf> {
    let all = words.iter().flatten().count() as f64;
    names
        .map(|name| {
            let count = count(words, name);
            ShareOf { name, count, share: share(count as f64, all).unwrap_or(0.0) }
        })
        .into()
}

fn route(packs: &Frame, route: &'static str, done: u64) -> RouteSummary {
    let of_route = |name: &str| -> Vec<Option<f64>> {
        let routes = packs.text("exit_route").iter();
        routes.zip(packs.real(name)).filter(|(r, _)| r.as_deref() == Some(route)).map(|(_, x)| *x).collect()
    };
    let packs_of = count(packs.text("exit_route"), route);
    RouteSummary {
        route,
        packs: packs_of,
        share: share(packs_of as f64, done as f64).unwrap_or(0.0),
        median_years: median(&of_route("first_life_years")),
        median_soh: median(&of_route("exit_soh_mean")),
    }
}

fn fade(trajectories: &Frame) -> Option<FadeSummary> {
    let first = |k: usize| trajectories.text("life").get(k).and_then(|l| l.as_deref()) == Some("first");
    let months = trajectories.whole("month");
    let alive = trajectories.whole("alive");
    let soh = trajectories.real("soh_p50");
    let rows: Vec<usize> = (0..months.len()).filter(|&k| first(k) && soh[k].is_some()).collect();
    let start = *rows.first()?;
    let enough = |k: usize| 2 * alive[k].unwrap_or(0) >= alive[start].unwrap_or(0);
    let at = *rows.iter().rfind(|&&k| months[k].is_some_and(|m| m > 0 && m <= FADE_MONTH) && enough(k))?;
    let (month, now) = (months[at]?, soh[at]?);
    Some(FadeSummary {
        soh_per_year: (soh[start]? - now) * 12.0 / (month - months[start]?) as f64,
        month,
        soh: now,
        resistance: trajectories.real("resistance_p50")[at],
    })
}

fn modules(packs: &Frame) -> ModulesSummary {
    let (tested, accepted) = (packs.sum("modules_tested"), packs.sum("modules_accepted"));
    ModulesSummary {
        tested: tested as u64,
        accepted: accepted as u64,
        accepted_share: share(accepted, tested),
        false_accepts_of_accepted: share(packs.sum("modules_false_accepts"), accepted),
        false_rejects_of_rejected: share(packs.sum("modules_false_rejects"), tested - accepted),
        unmatched_of_accepted: share(packs.sum("modules_unmatched"), accepted),
    }
}

fn second_life(tables: &Tables) -> SecondLifeSummary {
    let systems = &tables.systems;
    SecondLifeSummary {
        systems: systems.rows() as u64,
        years: quantiles(systems.real("years")),
        end_causes: shares(EndCause::ALL.map(EndCause::name), systems.text("end_cause")),
        unmet: unmet(&tables.years),
        unmet_share: share(systems.sum("unmet_kwh"), systems.sum("demand_kwh")),
        served_kwh: systems.sum("served_kwh"),
    }
}

/// Years 1, 5 and the last one that at least 5 % of the systems, and 10 of them or all of fewer, lived any part of.
fn unmet(years: &Frame) -> Vec<UnmetYear> {
    let number = years.whole("year");
    let systems = years.whole("systems");
    let start = systems.iter().flatten().max().map_or(0.0, |&n| n as f64);
    let enough = |n: &Option<i64>| n.is_some_and(|n| n as f64 >= 10f64.min(start).max(0.05 * start));
    let last = systems.iter().rposition(enough).and_then(|k| number[k]);
    let mut found = Vec::new();
    for (k, year) in number.iter().enumerate() {
        let (Some(year), Some(unmet_share)) = (*year, years.real("unmet_share_total")[k]) else { continue };
        if year == 1 || year == 5 || Some(year) == last {
            found.push(UnmetYear { year, systems: systems[k].unwrap_or(0), unmet_share });
        }
    }
    found
}

fn outside(tables: &Tables) -> OutsideSummary {
    let (packs, systems) = (&tables.packs, &tables.systems);
    let of = |frame: &Frame, share: &str, weight: &str| weighted_mean(frame.real(share), frame.real(weight));
    OutsideSummary {
        first_time: of(packs, "first_outside_time_share", "first_life_years"),
        first_throughput: of(packs, "first_outside_throughput_share", "first_efc"),
        second_time: of(systems, "outside_time_share", "years"),
        second_throughput: of(systems, "outside_throughput_share", "efc"),
    }
}
