//! Shares of chemistries by region, segment and year.

use super::csv_file::{Row, Shape, Sheet, note, yearly};
use super::fault::SupplyFault;
use super::inflow::{Flow, Inflow};
use crate::library::{Category, Library, SourceText};
use crate::scenario::fault::Problem;
use crate::supply::Series;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// By how much the sum of shares may miss one.
const SUM_ERROR: f64 = 1e-6;

const SHAPE: Shape = Shape {
    what: "chemistries",
    columns: &["region", "segment", "year", "chemistry", "composition", "share", "source", "assumed"],
    needed: &["region", "year", "chemistry", "share"],
};

/// A region and one of its segments, or all of them.
type Group = (usize, Option<usize>);

/// Shares of a group in the years given.
#[derive(Default)]
struct Given {
    /// Year, then chemistry; what is not named has no share.
    shares: BTreeMap<i32, BTreeMap<usize, f64>>,
    places: BTreeMap<i32, Range<usize>>,
    seen: BTreeMap<(i32, usize), Range<usize>>,
}

/// What backs the shares of a region.
#[derive(Default)]
pub(super) struct Backing {
    pub sources: Vec<String>,
    pub assumed: bool,
}

/// Chemistries and the series of the projection.
#[derive(Default)]
pub(super) struct Chemistries {
    /// Name and composition of each.
    pub names: Vec<(String, String)>,
    /// Series with something in them.
    pub series: Vec<Series>,
    /// By region.
    pub backing: BTreeMap<usize, Backing>,
}

/// Reads the file and splits the inflow by it.
pub(super) fn read(
    source: &Arc<SourceText>,
    inflow: &Inflow,
    years: [i32; 2],
    library: &Library,
) -> Result<Chemistries, Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut found = Chemistries::default();
    let mut given: BTreeMap<Group, Given> = BTreeMap::new();
    for row in sheet.rows(&SHAPE) {
        let region = sheet.text(&row, "region").map(|_| sheet.place(&row, "region", &inflow.regions, true));
        let segment = sheet.place(&row, "segment", &inflow.segments, true);
        let year = sheet.year(&row);
        let share = sheet.number(&row, "share", "share", [0.0, 1.0], "");
        let assumed = sheet.assumed(&row);
        let chemistry = chemistry(&row, &mut found.names, library, &mut sheet);
        let (Some(Ok(Some(region))), Ok(segment), Some(year)) = (region, segment, year) else { continue };
        let (Some(share), Some(chemistry)) = (share, chemistry) else { continue };
        let backing = found.backing.entry(region).or_default();
        note(&mut backing.sources, row.source());
        backing.assumed |= assumed;
        let of = given.entry((region, segment)).or_default();
        if let Some(first) = of.seen.insert((year, chemistry), row.span.clone()) {
            let what = format!("{} in {}, {year}", found.names[chemistry].0, inflow.regions[region]);
            sheet.collide(row.span.clone(), first, SupplyFault::Twice { what });
        }
        of.shares.entry(year).or_default().insert(chemistry, share);
        of.places.entry(year).or_insert_with(|| row.span.clone());
    }
    if !sheet.problems.is_empty() {
        return Err(sheet.problems);
    }
    let name = |(region, segment): &Group| match segment {
        Some(segment) => format!("{}, {}", inflow.regions[*region], inflow.segments[*segment]),
        None => inflow.regions[*region].clone(),
    };
    for (group, of) in &given {
        for (year, shares) in &of.shares {
            let sum: f64 = shares.values().sum();
            if (sum - 1.0).abs() > SUM_ERROR {
                let sum = rounded(sum);
                let fault = SupplyFault::Shares { what: name(group), year: *year, sum };
                sheet.report(of.places[year].clone(), fault);
            }
        }
    }
    let mut used = BTreeSet::new();
    let mut short = BTreeSet::new();
    for flow in &inflow.flows {
        let own = (flow.region, Some(flow.segment));
        let group = if given.contains_key(&own) { own } else { (flow.region, None) };
        let Some(of) = given.get(&group) else {
            sheet.report(0..0, SupplyFault::NoShares { what: name(&own) });
            continue;
        };
        used.insert(group);
        for chemistry in 0..found.names.len() {
            let share = |shares: &BTreeMap<usize, f64>| shares.get(&chemistry).copied().unwrap_or(0.0);
            let knots: BTreeMap<i32, f64> = of.shares.iter().map(|(year, shares)| (*year, share(shares))).collect();
            match yearly(&knots, years) {
                Ok(shares) => {
                    let opening = opening(flow, &knots, years[0], inflow.before(years[0]));
                    let gwh: Vec<f64> = flow.gwh.iter().zip(shares).map(|(gwh, share)| gwh * share).collect();
                    if gwh.iter().chain(&opening).any(|gwh| *gwh > 0.0) {
                        let (region, segment) = (flow.region, flow.segment);
                        found.series.push(Series { region, chemistry, segment, gwh, opening });
                    }
                }
                Err([from, to]) if short.insert(group) => {
                    let ([first, last], what) = (years, format!("the chemistry of {}", name(&group)));
                    let span = of.places.values().next().cloned().unwrap_or(0..0);
                    sheet.report(span, SupplyFault::YearsMissing { what, from, to, first, last });
                }
                Err(_) => {}
            }
        }
    }
    for (group, of) in given.iter().filter(|(group, _)| !used.contains(*group)) {
        let span = of.places.values().next().cloned().unwrap_or(0..0);
        let why = match group.1 {
            Some(_) => "the region has no inflow in this segment",
            None => "each of its segments has shares of its own",
        };
        sheet.report(span, SupplyFault::Unused { what: format!("the chemistry of {}", name(group)), why });
    }
    if sheet.problems.is_empty() { Ok(found) } else { Err(sheet.problems) }
}

/// Part of a chemistry in what is on the road at the start, oldest first; in years before the first given its share is that
/// of the first.
fn opening(flow: &Flow, knots: &BTreeMap<i32, f64>, first: i32, before: usize) -> Vec<f64> {
    let share = |year: i32| {
        let least = knots.keys().next().map_or(year, |given| year.max(*given));
        yearly(knots, [least, least]).map_or(0.0, |shares| shares[0])
    };
    let years = first - before as i32..first;
    years.map(|year| flow.opening.gwh.get(&year).map_or(0.0, |gwh| gwh * share(year))).collect()
}

/// A sum as people write it.
pub(super) fn rounded(sum: f64) -> f64 {
    (sum * 1e7).round() / 1e7
}

/// Number of the chemistry of a row, whose composition is an entry of the library.
fn chemistry(row: &Row, names: &mut Vec<(String, String)>, library: &Library, sheet: &mut Sheet) -> Option<usize> {
    let name = sheet.text(row, "chemistry")?;
    let composition = row.get("composition").unwrap_or(name);
    if let Some(at) = names.iter().position(|known| known.0 == name) {
        let before = &names[at].1;
        let differs = row.get("composition").is_some_and(|composition| composition != before);
        if differs && library.knows(Category::Compositions, before) {
            let (chemistry, found) = (name.to_owned(), composition.to_owned());
            let fault = SupplyFault::Composition { chemistry, found, before: before.clone() };
            sheet.report(row.span_of("composition"), fault);
        }
        return Some(at);
    }
    if !library.knows(Category::Compositions, composition) {
        let column = if row.get("composition").is_some() { "composition" } else { "chemistry" };
        let fault = SupplyFault::UnknownName {
            what: column,
            name: composition.to_owned(),
            nearest: library.nearest(Category::Compositions, composition),
            known: library.names(Category::Compositions).into_iter().map(str::to_owned).collect(),
            elsewhere: false,
        };
        sheet.report(row.span_of(column), fault);
    }
    names.push((name.to_owned(), composition.to_owned()));
    Some(names.len() - 1)
}
