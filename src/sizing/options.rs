//! New or used: each option at its own best size, on the same paths.
//!
//! Load, weather, target, inverter, prices of the plant and years are the same for all; new modules come at the price of new
//! storage, used ones with purchase, tests and their yield, assembly and warranty. Emissions by cut-off: making a battery
//! counts to its first life, repurposing to its second; beside it stands what fuel and grid energy emit over the service life.

use super::hire::operation_co2_kg;
use super::lead_acid;
use super::lives::Simulated;
use super::money::{Books, battery_price, books};
use super::plan::SizingPlan;
use super::result::{BreakEven, OptionKind, OptionResult, PathLife, Quantiles, Renewal};
use super::search::{Search, SizingError};
use super::simulator::Simulator;
use crate::monte::Observer;
use crate::site::SiteYear;

/// Every option with the renewals it may have.
pub(super) fn renewals(plan: &SizingPlan, kind: OptionKind) -> Vec<Renewal> {
    match kind {
        OptionKind::New => vec![Renewal::None],
        OptionKind::NewReplaced | OptionKind::UsedReplaced => vec![Renewal::ReplaceAtEnd],
        // Sized by a search of its own.
        OptionKind::LeadAcid => Vec::new(),
        OptionKind::UsedAugmented => {
            let named = plan.lists.renewals.iter().filter(|r| matches!(r, Renewal::Augment { .. }));
            let named: Vec<Renewal> = named.copied().collect();
            let half = (plan.target.service_years / 2).max(1);
            if named.is_empty() { vec![Renewal::Augment { after_years: half, strings: 1 }] } else { named }
        }
    }
}

/// The options, in the order in which they are told.
pub(super) const KINDS: [OptionKind; 4] =
    [OptionKind::New, OptionKind::NewReplaced, OptionKind::UsedReplaced, OptionKind::UsedAugmented];

/// Whether an option takes new modules.
pub(super) fn takes_new(kind: OptionKind) -> bool {
    matches!(kind, OptionKind::New | OptionKind::NewReplaced)
}

/// What the comparison found.
pub(super) struct Compared {
    pub options: Vec<OptionResult>,
    pub break_even: Option<BreakEven>,
    pub verdict: Option<String>,
    /// The designs that were compared: the cheapest of used modules, and the new one without replacement.
    pub pair: Option<[usize; 2]>,
}

/// Sizes each option; `of` are the designs of each.
pub(super) fn compare<S: Simulator, O: Observer>(
    search: &mut Search<'_, S, O>,
    of: &[(OptionKind, Vec<usize>)],
) -> Result<Compared, SizingError> {
    let mut best: Vec<(OptionKind, Option<usize>)> = Vec::new();
    for (kind, designs) in of {
        let found = if designs.is_empty() { None } else { search.cheapest(designs)?.ok() };
        best.push((*kind, found));
    }
    let known = |k: Option<usize>| k.and_then(|k| search.full.get(&k));
    let new_design = best.iter().find(|(kind, _)| *kind == OptionKind::New).and_then(|(_, k)| *k);
    let new = known(new_design);
    let mut options: Vec<OptionResult> =
        best.iter().map(|(kind, k)| option(search.plan, *kind, co2_of(search.plan, *kind), known(*k), new)).collect();
    if let Some(prices) = &search.plan.lead_acid {
        let bank = lead_acid::cheapest(search, prices)?;
        options.push(option(search.plan, OptionKind::LeadAcid, prices.co2_kg_per_kwh, bank.as_ref(), new));
    }
    let npc = |k: &usize| search.full.get(k).map_or(f64::INFINITY, |s| s.rated.money.npc_usd.mean);
    let used_designs = best.iter().filter(|(kind, _)| !takes_new(*kind)).filter_map(|(_, k)| *k);
    let used_design = used_designs.min_by(|a, b| npc(a).total_cmp(&npc(b)));
    let used = known(used_design);
    let break_even = used.zip(new).map(|(used, new)| break_even(used, new));
    let verdict = used.zip(break_even).map(|(used, found)| verdict(search.plan, used, &found));
    let pair = used_design.zip(new_design).map(|(used, new)| [used, new]);
    Ok(Compared { options, break_even, verdict, pair })
}

/// Emissions of a battery of an option when it comes \[kg CO2e/kWh on the name plate\].
fn co2_of(plan: &SizingPlan, kind: OptionKind) -> f64 {
    if takes_new(kind) { plan.battery.new_co2_kg_per_kwh } else { plan.battery.repurposing_co2_kg_per_kwh }
}

fn option(
    plan: &SizingPlan,
    kind: OptionKind,
    co2_kg_per_kwh: f64,
    best: Option<&Simulated>,
    new: Option<&Simulated>,
) -> OptionResult {
    let mean = |of: &dyn Fn(&PathLife) -> f64| {
        best.map_or(0.0, |b| b.lives.iter().map(of).sum::<f64>() / b.lives.len().max(1) as f64)
    };
    let bought = best.map_or(0.0, |b| b.books.iter().map(|b| b.bought_kwh).sum::<f64>() / b.books.len().max(1) as f64);
    OptionResult {
        kind,
        best: best.map(|b| b.rated.clone()),
        bases_kwh: [
            mean(&|l| l.nameplate_kwh),
            mean(&|l| l.actual_kwh_start),
            mean(&|l| l.usable_kwh_start),
            mean(&|l| l.usable_kwh_end),
        ],
        co2_kg: co2_kg_per_kwh * bought,
        operation_co2_kg: mean(&|l| {
            let sum = |of: fn(&SiteYear) -> f64| l.years.iter().map(of).sum::<f64>();
            operation_co2_kg(plan, sum(|y| y.fuel_l), sum(|y| y.grid_kwh))
        }),
        cheaper_than_new: best.zip(new).map_or(0.0, |(b, new)| cheaper(b, new)),
    }
}

/// Books of the paths that both designs lived.
fn paired<'a>(a: &'a Simulated, b: &'a Simulated) -> impl Iterator<Item = (&'a Books, &'a Books)> {
    a.lives.iter().zip(&a.books).filter_map(|(life, books)| {
        let at = b.lives.iter().position(|other| other.path == life.path)?;
        Some((books, &b.books[at]))
    })
}

/// Share of the common paths on which one design's LCOS is below the other's.
fn cheaper(one: &Simulated, other: &Simulated) -> f64 {
    let pairs: Vec<bool> = paired(one, other).map(|(a, b)| a.lcos_usd_per_kwh < b.lcos_usd_per_kwh).collect();
    pairs.iter().filter(|x| **x).count() as f64 / pairs.len().max(1) as f64
}

/// Price of a used module at which each path's LCOS is that of new ones, in closed form: all costs are linear in it.
pub(super) fn break_even(used: &Simulated, new: &Simulated) -> BreakEven {
    let prices: Vec<f64> =
        paired(used, new).filter_map(|(u, n)| u.storage.price_for(n.lcos_usd_per_kwh, u.discharged_kwh)).collect();
    BreakEven { usd_per_nameplate_kwh: Quantiles::of(&prices), used_is_cheaper: cheaper(used, new) }
}

/// Who wins, and the price at which it flips.
fn verdict(plan: &SizingPlan, used: &Simulated, found: &BreakEven) -> String {
    let price =
        battery_price(plan, used.rated.design.grade, &super::money::Terms { module_kwh: 1.0, accepted_share: 1.0 });
    let share = 100.0 * found.used_is_cheaper;
    let wins = if found.used_is_cheaper > 0.5 { "Used modules win" } else { "Used modules do not win" };
    let b = &found.usd_per_nameplate_kwh;
    let flips = if b.p50 > 0.0 {
        format!("it flips at {:.0} USD per nameplate kWh (P10 {:.0}, P90 {:.0})", b.p50, b.p10, b.p90)
    } else {
        "not even modules for nothing would be as cheap".into()
    };
    format!(
        "{wins}: at {:.0} USD per nameplate kWh their LCOS is below that of new ones on {share:.0} % of paths; {flips}.",
        price.module_usd_per_kwh
    )
}

/// LCOS of a path with another price of its class, all else the same \[USD/kWh\].
pub fn lcos_at_price(
    plan: &SizingPlan,
    used: &super::result::Design,
    life: &PathLife,
    terms: &super::money::Terms,
    p: f64,
) -> f64 {
    let mut plan = plan.clone();
    if let Some(grade) = plan.grades.get_mut(used.grade) {
        grade.usd_per_nameplate_kwh = p;
    } else {
        plan.battery.new_usd_per_kwh = p;
    }
    books(&plan, used, life, terms).lcos_usd_per_kwh
}
