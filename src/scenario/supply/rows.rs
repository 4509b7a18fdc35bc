//! What a projection's tables come to, as rows of values with their origin.

use super::FleetPlan;
use super::chemistry::Chemistries;
use super::inflow::Inflow;
use super::life_tables::{LifeTable, PARTS};
use super::lists::{Correlation, Other};
use super::parameters::{Names, Told};
use crate::scenario::plan::{Origin, Resolved};
use crate::scenario::record::Record;
use crate::supply::{Band, Scope};
use std::collections::BTreeSet;

/// The inflow of each region and segment, and the chemistries of each region.
pub(super) fn inflow(inflow: &Inflow, split: &Chemistries, r: &mut Record<'_>) {
    for flow in &inflow.flows {
        let (first, last) = (flow.gwh.first().copied().unwrap_or(0.0), flow.gwh.last().copied().unwrap_or(0.0));
        r.tell(Resolved {
            path: format!("inflow[{}, {}]", inflow.regions[flow.region], inflow.segments[flow.segment]),
            value: format!("{first} to {last}, {} years given", flow.given.len()),
            unit: "GWh".into(),
            origin: Origin::Scenario,
            source: listed(&flow.sources),
            assumed: flow.assumed,
        });
    }
    for flow in inflow.flows.iter().filter(|flow| !flow.opening.gwh.is_empty()) {
        let (opening, name) = (&flow.opening, [&inflow.regions[flow.region], &inflow.segments[flow.segment]]);
        let (first, last) = (opening.gwh.keys().next().unwrap_or(&0), opening.gwh.keys().next_back().unwrap_or(&0));
        r.tell(Resolved {
            path: format!("opening[{}, {}]", name[0], name[1]),
            value: format!("{:.6} of {first} to {last}", opening.gwh.values().sum::<f64>()),
            unit: "GWh".into(),
            origin: Origin::Scenario,
            source: listed(&opening.sources),
            assumed: opening.assumed,
        });
    }
    for (region, backing) in &split.backing {
        let of = |s: &&crate::supply::Series| s.region == *region;
        let kinds: BTreeSet<&str> =
            split.series.iter().filter(of).map(|s| split.names[s.chemistry].0.as_str()).collect();
        r.tell(Resolved {
            path: format!("chemistry[{}]", inflow.regions[*region]),
            value: kinds.into_iter().collect::<Vec<_>>().join(", "),
            unit: String::new(),
            origin: Origin::Scenario,
            source: listed(&backing.sources),
            assumed: backing.assumed,
        });
    }
}

/// The parameters, one row a rule.
pub(super) fn parameters(rules: &[Told], names: &Names<'_>, r: &mut Record<'_>) {
    for told in rules {
        let path = format!("parameters.{}{}", told.rule.param.name(), scope(told.rule.scope, names));
        let knots = &told.rule.knots;
        let value = match knots.as_slice() {
            [only] => band(only.band),
            _ => knots.iter().map(|k| format!("{}: {}", k.year, band(k.band))).collect::<Vec<_>>().join("; "),
        };
        let origin = match told.span {
            Some(_) => Origin::Scenario,
            None => Origin::Library { item: format!("supply.{path}") },
        };
        let unit = told.rule.param.unit().into();
        r.tell(Resolved { path, value, unit, origin, source: listed(&told.sources), assumed: told.assumed });
    }
}

/// Correlations, and what others have projected.
pub(super) fn lists(correlations: &[Correlation], others: &[Other], r: &mut Record<'_>) {
    for correlation in correlations {
        let (a, b, value) = correlation.pair;
        r.tell(Resolved {
            path: format!("correlations[{}, {}]", a.name(), b.name()),
            value: value.to_string(),
            unit: String::new(),
            origin: Origin::Scenario,
            source: correlation.source.clone(),
            assumed: correlation.assumed,
        });
    }
    for Other { projection, source } in others {
        let [low, high] = projection.gwh;
        r.tell(Resolved {
            path: format!("projections[{}, {}, {}]", projection.study, projection.region, projection.year),
            value: if low < high {
                format!("{low} to {high}: {}", projection.what)
            } else {
                format!("{low}: {}", projection.what)
            },
            unit: "GWh".into(),
            origin: Origin::Scenario,
            source: format!("{source} ({})", projection.status),
            assumed: projection.status == "recalled",
        });
    }
}

/// Tables of life.
pub(super) fn life_tables(tables: &[LifeTable; 2], r: &mut Record<'_>) {
    for (part, table) in PARTS.iter().zip(tables).filter(|(_, table)| !table.rows.is_empty()) {
        r.tell(Resolved {
            path: format!("life_table[{part}]"),
            value: format!("{} ages to {} years", table.rows.len(), table.rows.last().map_or(0.0, |row| row.0)),
            unit: "year".into(),
            origin: Origin::Scenario,
            source: listed(&table.sources),
            assumed: table.assumed,
        });
    }
}

/// The keys of each fleet; values of library entries that several fleets use once.
pub(super) fn fleets(fleets: &[FleetPlan], r: &mut Record<'_>) {
    let mut seen = BTreeSet::new();
    for fleet in fleets {
        for row in &fleet.resolved {
            let is_entry = matches!(&row.origin, Origin::Library { item } if *item == row.path);
            let shared = is_entry || row.path.starts_with("model.");
            let path = if shared { row.path.clone() } else { format!("fleets.{}.{}", fleet.name, row.path) };
            if seen.insert(path.clone()) {
                r.tell(Resolved { path, ..row.clone() });
            }
        }
    }
}

fn listed(sources: &[String]) -> String {
    sources.join("; ")
}

fn band(band: Band) -> String {
    if band.low < band.high {
        format!("{} ({} to {})", band.value, band.low, band.high)
    } else {
        band.value.to_string()
    }
}

/// In brackets, where it is not everything.
fn scope(scope: Scope, names: &Names<'_>) -> String {
    let of = |at: Option<usize>, names: &[String]| at.map(|at| names[at].clone());
    let parts =
        [of(scope.region, names.regions), of(scope.chemistry, names.chemistries), of(scope.segment, names.segments)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("[{}]", parts.join(", ")) }
}
