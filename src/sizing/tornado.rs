//! What the cost and the reliability of the chosen design hang on: one input low and high, all else as planned.

use super::lives::account;
use super::money::at_share;
use super::options::break_even;
use super::plan::SizingPlan;
use super::result::{Design, Rated, Swing};
use super::search::{Search, SizingError};
use super::simulator::{Change, Simulator};
use crate::monte::Observer;

/// Relative changes of prices, load and sun; warming \[K\]; change of the discount rate; factors on the fade.
const PRICE: f64 = 0.2;
const LOAD: f64 = 0.2;
const SUN: f64 = 0.08;
const WARMING_K: f64 = 5.0;
const RATE: f64 = 0.03;
const FADE: f64 = 0.3;

/// The bars, largest swing of the NPC first, then of the LPSP.
pub(super) fn tornado<S: Simulator, O: Observer>(
    search: &mut Search<'_, S, O>,
    chosen: usize,
    compared: Option<[usize; 2]>,
) -> Result<Vec<Swing>, SizingError> {
    let design = search.designs[chosen];
    let mut bars = prices(search, chosen);
    bars.extend(compared.and_then(|pair| new_storage(search, chosen, pair)));
    bars.extend(classes(search, chosen)?);
    let mut physical = vec![
        (
            "ambient temperature",
            format!("-{WARMING_K} K"),
            format!("+{WARMING_K} K"),
            [-WARMING_K, WARMING_K].map(warmer),
        ),
        ("load", low(LOAD), high(LOAD), [1.0 - LOAD, 1.0 + LOAD].map(loaded)),
    ];
    if design.pv_kw > 0.0 {
        physical.push(("sun", low(SUN), high(SUN), [1.0 - SUN, 1.0 + SUN].map(sunny)));
    }
    for (input, low, high, changes) in physical {
        let [a, b] = changes.map(|change| search.simulate_changed(chosen, change).map(|s| s.rated));
        bars.push(swing(input, [low, high], &[a?, b?]));
    }
    bars.push(fade(search, chosen, &design));
    let width = |s: &Swing| (s.npc_usd[1] - s.npc_usd[0]).abs();
    let misses = |s: &Swing| (s.lpsp[1] - s.lpsp[0]).abs();
    bars.sort_by(|a, b| width(b).total_cmp(&width(a)).then(misses(b).total_cmp(&misses(a))));
    Ok(bars)
}

fn warmer(ambient_k: f64) -> Change {
    Change { ambient_k, ..Change::NONE }
}

fn loaded(load: f64) -> Change {
    Change { load, ..Change::NONE }
}

fn sunny(sun: f64) -> Change {
    Change { sun, ..Change::NONE }
}

fn low(share: f64) -> String {
    format!("-{:.0} %", 100.0 * share)
}

fn high(share: f64) -> String {
    format!("+{:.0} %", 100.0 * share)
}

fn swing(input: &str, values: [String; 2], rated: &[Rated; 2]) -> Swing {
    Swing {
        input: input.into(),
        values,
        npc_usd: [0, 1].map(|k| rated[k].money.npc_usd.mean),
        lpsp: [0, 1].map(|k| rated[k].lpsp_at_confidence),
    }
}

/// Inputs that only money knows of: the same lives, other books.
fn prices<S: Simulator, O: Observer>(search: &Search<'_, S, O>, chosen: usize) -> Vec<Swing> {
    let design = search.designs[chosen];
    let terms = search.terms(design.grade);
    let Some(found) = search.full.get(&chosen) else { return Vec::new() };
    let with = |change: &dyn Fn(&mut SizingPlan)| -> Rated {
        let mut plan = search.plan.clone();
        change(&mut plan);
        account(&plan, &design, found.lives.clone(), Vec::new(), &terms).rated
    };
    let scaled = |by: f64| {
        with(&|plan| match plan.grades.get_mut(design.grade) {
            Some(grade) => grade.usd_per_nameplate_kwh *= by,
            None => plan.battery.new_usd_per_kwh *= by,
        })
    };
    let name = if search.plan.is_new(design.grade) { "price of new storage" } else { "price of modules" };
    let rate = search.plan.site.discount_rate;
    let at_rate = |r: f64| with(&|plan| plan.site.discount_rate = r);
    let rates = [(rate - RATE).max(0.0), rate + RATE];
    vec![
        swing(name, [low(PRICE), high(PRICE)], &[scaled(1.0 - PRICE), scaled(1.0 + PRICE)]),
        swing("discount rate", rates.map(|r| format!("{:.1} %", 100.0 * r)), &rates.map(at_rate)),
    ]
}

/// Price of new storage where a design of used modules was chosen: it moves no cost of that design, but the price at which
/// used modules are no longer the cheaper ones, which is told with the values.
fn new_storage<S: Simulator, O: Observer>(
    search: &Search<'_, S, O>,
    chosen: usize,
    [used, new]: [usize; 2],
) -> Option<Swing> {
    let design = search.designs[new];
    let found = search.rated(chosen).filter(|rated| !search.plan.is_new(rated.design.grade))?;
    let (used, known) = (search.full.get(&used)?, search.full.get(&new)?);
    let terms = search.terms(design.grade);
    let flips = |by: f64| {
        let mut plan = search.plan.clone();
        plan.battery.new_usd_per_kwh *= by;
        let moved = account(&plan, &design, known.lives.clone(), Vec::new(), &terms);
        break_even(used, &moved).usd_per_nameplate_kwh.p50
    };
    let value = |change: String, by: f64| format!("{change} (break-even {:.0} USD/kWh)", flips(by));
    let values = [value(low(PRICE), 1.0 - PRICE), value(high(PRICE), 1.0 + PRICE)];
    Some(swing("price of new storage", values, &[found.clone(), found.clone()]))
}

/// The classes next to the chosen one, where the lists have them.
fn classes<S: Simulator, O: Observer>(
    search: &mut Search<'_, S, O>,
    chosen: usize,
) -> Result<Option<Swing>, SizingError> {
    let design = search.designs[chosen];
    let other = |step: i64| {
        let grade = usize::try_from(design.grade as i64 + step).ok().filter(|g| *g < search.plan.grades.len())?;
        search.designs.iter().position(|d| *d == Design { grade, ..design })
    };
    let sides = [other(-1), other(1)];
    if search.plan.is_new(design.grade) || sides.iter().all(Option::is_none) {
        return Ok(None);
    }
    let mut rated = Vec::new();
    for k in sides.map(|side| side.unwrap_or(chosen)) {
        search.simulate(k)?;
        rated.extend(search.rated(k).cloned().map(|r| (search.plan.grades[search.designs[k].grade].name.clone(), r)));
    }
    Ok(<[(String, Rated); 2]>::try_from(rated)
        .ok()
        .map(|[(a, low), (b, high)]| swing("SoH of the class", [a, b], &[low, high])))
}

/// Fade in service, by the fast balance: what it says of a changed fade is laid on what was simulated.
fn fade<S: Simulator, O: Observer>(search: &Search<'_, S, O>, chosen: usize, design: &Design) -> Swing {
    let base = search.screen_one(design, 1.0);
    let found = search.rated(chosen);
    let moved = |factor: f64| {
        let there = search.screen_one(design, factor);
        let lpsp = found.map_or(0.0, |r| r.lpsp_at_confidence) + there.lpsp_at_confidence - base.lpsp_at_confidence;
        let npc = found.map_or(0.0, |r| r.money.npc_usd.mean) + there.money.npc_usd.mean - base.money.npc_usd.mean;
        (npc, lpsp.max(0.0))
    };
    let ends = [1.0 - FADE, 1.0 + FADE].map(moved);
    Swing {
        input: "fade in service (by the fast balance)".into(),
        values: [low(FADE), high(FADE)],
        npc_usd: ends.map(|e| e.0),
        lpsp: ends.map(|e| e.1),
    }
}

/// Index of the path whose LPSP of the last year is nearest to a value.
pub(super) fn path_at(lpsp: &[f64], share: f64) -> usize {
    let wanted = at_share(lpsp, share);
    let away = |k: &usize| (lpsp[*k] - wanted).abs();
    (0..lpsp.len()).min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(0)
}
