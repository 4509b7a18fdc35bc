//! Reads the summary off the tables.

use super::frame::{Frame, Word};
use super::stats::{median, quantiles, share, weighted_mean};
use super::summary::{
    BoughtSummary, Co2Summary, CostSummary, DecisionSummary, FadeSummary, LawSummary, ModulesSummary, OperationSummary,
    OutsideSummary, RouteSummary, SecondLifeSummary, ShareOf, Summary, SwitchSummary, TargetsSummary, TestSummary,
    UnmetYear,
};
use super::tables::Tables;
use crate::economics::{Choice, Materials};
use crate::life::outcome::{EndCause, ExitRoute, Grade};
use std::collections::BTreeMap;

/// Month of first life at which the fade is read, when it was reached.
const FADE_MONTH: i64 = 96;

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
            bought: bought(packs),
            fade: fade(&tables.trajectories),
            grades: shares([Grade::A, Grade::B, Grade::C, Grade::Rejected].map(Grade::name), packs.text("grade")),
            modules: modules(packs),
            tests: tests(&tables.tests),
            costs: costs(packs),
            second_life: second_life(tables),
            recycled_mass_kg: packs.sum("recycled_mass_kg"),
            recovered_kg: Materials::NAMES
                .iter()
                .map(|m| (m.to_string(), packs.sum(&format!("{m}_recovered_kg"))))
                .collect(),
            recycling_efficiency: share(
                Materials::NAMES.iter().map(|m| packs.sum(&format!("{m}_recovered_kg"))).sum(),
                packs.sum("recycled_mass_kg"),
            ),
            targets: targets(&tables.recycling),
            decision: decision(tables),
            npv_usd: quantiles(packs.real("npv_usd")),
            co2: mean("co2_caused_kg").zip(mean("co2_materials_kg")).zip(mean("co2_storage_kg")).map(
                |((caused_kg, saved_materials_kg), saved_storage_kg)| Co2Summary {
                    caused_kg,
                    saved_materials_kg,
                    saved_storage_kg,
                },
            ),
            laws: laws(tables),
            outside: outside(tables),
            balance_error_max: packs.real("balance_error").iter().flatten().copied().reduce(f64::max),
            bands: bands(packs),
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

fn targets(recycling: &Frame) -> Option<TargetsSummary> {
    let rows = recycling.text("item").iter().zip(recycling.whole("met"));
    let checked: Vec<(&str, bool)> = rows.filter_map(|(item, met)| Some((item.as_deref()?, (*met)? == 1))).collect();
    let mut missed: Vec<String> = Vec::new();
    for (item, _) in checked.iter().filter(|(_, met)| !met) {
        if !missed.iter().any(|m| m == item) {
            missed.push((*item).to_owned());
        }
    }
    let met = checked.iter().filter(|(_, met)| *met).count() as u64;
    (!checked.is_empty()).then_some(TargetsSummary { checked: checked.len() as u64, met, missed })
}

fn decision(tables: &Tables) -> DecisionSummary {
    let (packs, table) = (&tables.packs, &tables.decision);
    let tested = packs.real("regret_usd").iter().flatten().count() as f64;
    let mut switching: Vec<SwitchSummary> = Vec::new();
    for (k, (chemistry, prices)) in table.text("chemistry").iter().zip(table.text("prices")).enumerate() {
        let (Some(chemistry), Some(prices)) = (chemistry, prices) else { continue };
        if !switching.iter().any(|s| s.chemistry == *chemistry && s.prices == *prices) {
            let soh = table.real("switching_soh").get(k).copied().flatten();
            switching.push(SwitchSummary { chemistry: chemistry.to_string(), prices: prices.to_string(), soh });
        }
    }
    DecisionSummary {
        best: shares(Choice::ALL.map(Choice::name), packs.text("best_by_measured")),
        regret_usd: share(packs.sum("regret_usd"), tested),
        sent_to_recycler: packs.sum("sent_to_recycler") as u64,
        switching,
    }
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

/// Modules bought used, each pack counted once and not under every law.
fn bought(packs: &Frame) -> Option<BoughtSummary> {
    let law = law_names(packs).into_iter().next();
    let first = || packs.text("law").iter().map(|of| *of == law);
    let modules = packs.whole("bought_modules").iter().zip(first()).filter(|(_, of)| *of).filter_map(|(n, _)| *n);
    let of = |column: &str| -> Vec<Option<f64>> {
        packs.real(column).iter().zip(first()).filter(|(_, of)| *of).map(|(x, _)| *x).collect()
    };
    Some(BoughtSummary {
        packs: of("bought_soh_mean").iter().flatten().count() as u64,
        modules: modules.sum::<i64>() as u64,
        soh: quantiles(&of("bought_soh_mean"))?,
        years: quantiles(&of("bought_years_mean"))?,
    })
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

/// The rows of the table `tests`, laws put together by their packs.
fn tests(table: &Frame) -> Vec<TestSummary> {
    let names = table.text("test");
    let of = |name: &Word, column: &str| -> f64 {
        let (mut sum, mut packs) = (0.0, 0.0);
        for (k, _) in names.iter().enumerate().filter(|(_, n)| n.as_ref() == Some(name)) {
            let weight = table.whole("packs")[k].unwrap_or(0) as f64;
            sum += weight * table.real(column)[k].unwrap_or(0.0);
            packs += weight;
        }
        share(sum, packs).unwrap_or(0.0)
    };
    let mut found: Vec<TestSummary> = Vec::new();
    for name in names.iter().flatten() {
        if found.iter().any(|t| t.test == *name) {
            continue;
        }
        let (pack_cost_usd, pack_loss_usd) = (of(name, "pack_cost_usd"), of(name, "pack_loss_usd"));
        let none = found.first().map_or(pack_loss_usd, |none| none.pack_loss_usd);
        found.push(TestSummary {
            test: name.to_string(),
            hours_per_pack: of(name, "hours_per_pack"),
            pack_cost_usd,
            false_accept_share: of(name, "false_accept_share"),
            false_reject_share: of(name, "false_reject_share"),
            pack_loss_usd,
            loss_avoided_per_usd: (pack_cost_usd > 0.0).then(|| (none - pack_loss_usd) / pack_cost_usd),
        });
    }
    found
}

/// Costs of the packs that made systems.
fn costs(packs: &Frame) -> Option<CostSummary> {
    let made: Vec<bool> = packs.whole("systems").iter().map(|n| n.is_some_and(|n| n > 0)).collect();
    let sum = |column: &str| -> f64 {
        let values = packs.real(column).iter().zip(&made);
        values.filter(|(_, made)| **made).filter_map(|(x, _)| *x).fold(0.0, |sum, x| sum + x)
    };
    let usd: f64 = ["core_usd", "logistics_usd", "test_usd", "repack_usd"].map(sum).iter().sum();
    let count = made.iter().filter(|made| **made).count();
    let per = |column: &str| share(1.0, sum(column)).map(|per_kwh| usd * per_kwh);
    Some(CostSummary {
        packs: count as u64,
        pack_usd: share(usd, count as f64)?,
        usd_per_nameplate_kwh: per("used_nameplate_kwh")?,
        usd_per_actual_kwh: per("second_actual_start_kwh")?,
        usd_per_usable_kwh: per("second_usable_start_kwh")?,
        usd_per_usable_end_kwh: per("second_usable_end_kwh")?,
    })
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
        unused_start_share: share(
            systems.sum("unused_start_kwh"),
            systems.sum("unused_start_kwh") + systems.sum("usable_start_kwh"),
        ),
        modules_replaced: systems.sum("modules_replaced") as u64,
        modules_added: systems.sum("modules_added") as u64,
        service_usd: systems.sum("service_usd"),
        balancing_loss_kwh: systems.sum("balancing_loss_kwh"),
        unit_converter_loss_kwh: systems.sum("unit_converter_loss_kwh"),
        operation: Some(OperationSummary {
            fuel_l: systems.sum("fuel_l"),
            genset_kwh: systems.sum("genset_kwh"),
            grid_kwh: systems.sum("grid_kwh"),
            fuel_co2_kg: systems.sum("fuel_co2_kg"),
        })
        .filter(|o| o.fuel_l > 0.0 || o.grid_kwh > 0.0),
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

/// Names of the laws, in order of first use.
fn law_names(packs: &Frame) -> Vec<Word> {
    let mut names: Vec<Word> = Vec::new();
    for law in packs.text("law").iter().flatten() {
        if !names.contains(law) {
            names.push(law.clone());
        }
    }
    names
}

/// What the bands of a study mean.
fn bands(packs: &Frame) -> String {
    let laws = law_names(packs).len();
    let of_laws = if laws > 1 { format!("{laws} aging laws, ") } else { String::new() };
    let mut factors = packs.real("metal_price_factor").iter().flatten();
    let first = factors.next();
    let moving = factors.any(|f| first.is_some_and(|first| (f - first).abs() > 1e-9));
    let metals = if moving { "metal prices, " } else { "" };
    let rest = if laws > 1 { "other model parameters do not" } else { "the aging law does not" };
    format!("P10-P90 over packs: {of_laws}{metals}use, weather, cell spread, exit and test error vary; {rest}.")
}

/// Each law's part of the study.
fn laws(tables: &Tables) -> Vec<LawSummary> {
    let (packs, systems) = (&tables.packs, &tables.systems);
    let of = |frame: &Frame, law: &Word, column: &str| -> Vec<Option<f64>> {
        let all = frame.real(column).iter().zip(frame.text("law"));
        all.filter(|(_, of)| of.as_ref() == Some(law)).map(|(x, _)| *x).collect()
    };
    let counts = |law: &Word, column: &str| -> f64 {
        let all = packs.whole(column).iter().zip(packs.text("law"));
        all.filter(|(_, of)| of.as_ref() == Some(law)).filter_map(|(n, _)| *n).sum::<i64>() as f64
    };
    let sum = |values: Vec<Option<f64>>| values.iter().flatten().sum::<f64>();
    let one = |law: &Word| LawSummary {
        law: law.to_string(),
        packs: of(packs, law, "first_life_years").iter().flatten().count() as u64,
        exit_soh: quantiles(&of(packs, law, "exit_soh_mean")),
        exit_resistance: quantiles(&of(packs, law, "exit_resistance_mean")),
        accepted_share: share(counts(law, "modules_accepted"), counts(law, "modules_tested")),
        second_life_years: quantiles(&of(systems, law, "years")),
        unmet_share: share(sum(of(systems, law, "unmet_kwh")), sum(of(systems, law, "demand_kwh"))),
        npv_usd: quantiles(&of(packs, law, "npv_usd")),
    };
    law_names(packs).iter().map(one).collect()
}

fn outside(tables: &Tables) -> OutsideSummary {
    let (packs, systems) = (&tables.packs, &tables.systems);
    let of = |frame: &Frame, share: &str, weight: &str| weighted_mean(frame.real(share), frame.real(weight));
    OutsideSummary {
        first_time: of(packs, "first_outside_time_share", "first_life_years"),
        first_throughput: of(packs, "first_outside_throughput_share", "first_efc"),
        second_time: of(systems, "outside_time_share", "years"),
        second_throughput: of(systems, "outside_throughput_share", "efc"),
        first_beyond: of(packs, "first_beyond_test_share", "first_life_years"),
        second_beyond: of(systems, "beyond_test_share", "years"),
    }
}
