//! Parameters of the scenario's file that nothing reads, and routes that take more than there is.

use super::chemistry::rounded;
use super::fault::SupplyFault;
use super::parameters::Told;
use crate::library::{At, SourceText};
use crate::scenario::fault::{Problem, ScenarioFault};
use crate::supply::{Level, LifeLaw, Param, Parameters, Scope, Series};
use std::sync::Arc;

/// Read by laws of life only: with simulated packs their states tell.
const OF_LAWS: [Param; 7] = [
    Param::BatteryLifeMean,
    Param::BatteryLifeSd,
    Param::FadeMean,
    Param::FadeSd,
    Param::SecondSohEnd,
    Param::SecondFade,
    Param::SecondSpread,
];

/// Read with simulated packs only.
const OF_PACKS: [Param; 2] = [Param::UseExponent, Param::AgingFactor];

/// Each says something only where the other is above zero somewhere.
const NEEDS: [(Param, Param); 7] = [
    (Param::WarrantyYears, Param::WarrantyPerYear),
    (Param::RecallAge, Param::RecallShare),
    (Param::BatteryLifeSd, Param::BatteryLifeMean),
    (Param::StorageShareMax, Param::StorageDemand),
    (Param::CrashDamagedShare, Param::CrashPerYear),
    (Param::WaitingFade, Param::WaitingYears),
    (Param::WaitingYears, Param::StorageDemand),
];

/// The shares of which at most one goes round.
const ROUTES: [Param; 3] = [Param::RoutePyro, Param::RouteDirect, Param::RouteMechanical];
/// By how much their sum may pass one.
const SUM_ERROR: f64 = 1e-9;

/// What the projection is, as far as it decides what is read.
pub(super) struct Reads<'a> {
    pub series: &'a [Series],
    pub physics: bool,
    /// Of vehicle and battery.
    pub laws: [LifeLaw; 2],
    /// Whether a region is held to recycled content.
    pub held_to_content: &'a [bool],
    pub years: [i32; 2],
    pub history_until: i32,
}

/// Every problem of the scenario's rules.
pub(super) fn problems(source: &Arc<SourceText>, rules: &[Told], reads: &Reads<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    for told in rules {
        let Some(span) = &told.span else { continue };
        if let Some(why) = useless(told, rules, reads) {
            let fault = SupplyFault::NoEffect { parameter: told.rule.param.name(), why };
            found.push(At::new(source, span.clone(), ScenarioFault::Supply(fault)));
        }
    }
    found.extend(routes(source, rules, reads));
    found
}

/// The rules without those of the tool's own table that nothing reads.
pub(super) fn read_ones(rules: Vec<Told>, reads: &Reads<'_>) -> Vec<Told> {
    let idle: Vec<bool> = rules.iter().map(|t| t.span.is_none() && useless(t, &rules, reads).is_some()).collect();
    rules.into_iter().zip(idle).filter(|(_, idle)| !idle).map(|(told, _)| told).collect()
}

/// Why nothing reads a rule.
fn useless(told: &Told, rules: &[Told], reads: &Reads<'_>) -> Option<String> {
    let (param, scope) = (told.rule.param, told.rule.scope);
    if !reads.series.iter().any(|series| holds(scope, series)) {
        return Some("there is no inflow of this region, chemistry and segment".into());
    }
    if reads.physics && OF_LAWS.contains(&param) {
        return Some("simulated packs tell it, with `[supply.physics]`".into());
    }
    if !reads.physics && OF_PACKS.contains(&param) {
        return Some("it needs simulated packs, `[supply.physics]`".into());
    }
    match param.level() {
        Level::Region if scope.chemistry.is_some() || scope.segment.is_some() => {
            return Some("it belongs to a region, whatever the chemistry and segment".into());
        }
        Level::Group if scope.segment.is_some() => {
            return Some("it belongs to batteries that have left their vehicles, whatever the segment".into());
        }
        _ => {}
    }
    let spread = match param {
        Param::VehicleLifeSd => Some(reads.laws[0]),
        Param::BatteryLifeSd => Some(reads.laws[1]),
        _ => None,
    };
    match spread {
        Some(LifeLaw::Fixed) => return Some("lives of the law `fixed` have no spread".into()),
        Some(LifeLaw::Table) => return Some("the `life_table` tells the spread".into()),
        _ => {}
    }
    let held = |region: usize| reads.held_to_content.get(region).copied().unwrap_or(false);
    if param == Param::HomeShare && !scope.region.map_or_else(|| reads.held_to_content.contains(&true), held) {
        return Some("no `targets` of recycled content hold here".into());
    }
    if param == Param::GrowthFactor && reads.history_until >= reads.years[1] {
        return Some("all years are history, `history_until` is the last".into());
    }
    let idle = |needed: Param| {
        let above = |t: &Told| t.rule.param == needed && t.rule.knots.iter().any(|k| k.band.high > 0.0);
        !rules.iter().any(above)
    };
    let needed = NEEDS.into_iter().find(|(of, needed)| *of == param && idle(*needed));
    needed.map(|(_, needed)| format!("`{}` is nowhere above zero", needed.name()))
}

fn holds(scope: Scope, series: &Series) -> bool {
    scope.region.is_none_or(|r| r == series.region)
        && scope.chemistry.is_none_or(|c| c == series.chemistry)
        && scope.segment.is_none_or(|s| s == series.segment)
}

/// Where the central shares of the routes are more than all: told once, at the scenario's last rule of a route.
fn routes(source: &Arc<SourceText>, rules: &[Told], reads: &Reads<'_>) -> Option<Problem> {
    let here = rules.iter().rev().find(|t| t.span.is_some() && ROUTES.contains(&t.rule.param))?;
    let span = here.span.clone()?;
    let all = Parameters { rules: rules.iter().map(|told| told.rule.clone()).collect() };
    let over = reads.series.iter().find_map(|series| {
        let scope = Scope { region: Some(series.region), chemistry: Some(series.chemistry), segment: None };
        let central = |param: &Param, year| all.value(*param, scope, year, 0.0).unwrap_or(0.0);
        let sum = |year| ROUTES.iter().map(|param| central(param, year)).sum::<f64>();
        (reads.years[0]..=reads.years[1]).map(|year| (sum(year), year)).find(|(sum, _)| *sum > 1.0 + SUM_ERROR)
    });
    over.map(|(sum, year)| (rounded(sum), year))
        .map(|(sum, year)| At::new(source, span, ScenarioFault::Supply(SupplyFault::Routes { sum, year })))
}
