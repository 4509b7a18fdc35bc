//! Batteries put on the road, or on it, by region, segment and year.

use super::csv_file::{Row, Shape, Sheet, note, yearly};
use super::fault::SupplyFault;
use crate::library::SourceText;
use crate::scenario::fault::Problem;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Largest inflow or stock of a series \[GWh\].
pub(super) const GWH_MAX: f64 = 1e6;
/// Columns of energy by year.
pub(super) const COLUMNS: &[&str] = &["region", "segment", "year", "gwh", "source", "assumed"];
/// Those that must be there.
pub(super) const NEEDED: &[&str] = &["region", "segment", "year", "gwh"];

/// The sum of all regions in results.
const ALL: &str = "all";

const SHAPE: Shape = Shape { what: "inflow or stock", columns: COLUMNS, needed: NEEDED };

/// Energy of a region and segment by year.
pub(super) struct Flow {
    /// Number of the region.
    pub region: usize,
    /// Number of the segment.
    pub segment: usize,
    /// Nominal energy of each year \[GWh\].
    pub gwh: Vec<f64>,
    /// Years given.
    pub given: Vec<i32>,
    /// What backs it.
    pub sources: Vec<String>,
    /// Whether any of it is assumed.
    pub assumed: bool,
    /// What is on the road at the start.
    pub opening: Opening,
}

/// What is on the road at the start of the first year.
#[derive(Default)]
pub(super) struct Opening {
    /// Nominal energy by the year in which it came there \[GWh\].
    pub gwh: BTreeMap<i32, f64>,
    /// What backs it.
    pub sources: Vec<String>,
    /// Whether any of it is assumed.
    pub assumed: bool,
}

/// All of them.
pub(super) struct Inflow {
    pub regions: Vec<String>,
    pub segments: Vec<String>,
    pub flows: Vec<Flow>,
}

impl Inflow {
    /// Whether anything is ever on the road.
    pub fn has_energy(&self) -> bool {
        self.flows.iter().any(|flow| !flow.opening.gwh.is_empty() || flow.gwh.iter().any(|gwh| *gwh > 0.0))
    }

    /// Number of years before the first from which there is something on the road.
    pub fn before(&self, first: i32) -> usize {
        let oldest = self.flows.iter().filter_map(|flow| flow.opening.gwh.keys().next()).min();
        oldest.map_or(0, |year| first.abs_diff(*year) as usize)
    }
}

/// Number of a name, new ones at the end.
fn number(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

/// Tells a name that is known with other capitals; whether it is.
fn misspelt(sheet: &mut Sheet, row: &Row, what: &'static str, name: &str, known: &[String]) -> bool {
    let alike = known.iter().find(|other| *other != name && other.to_lowercase() == name.to_lowercase());
    let Some(alike) = alike else { return false };
    let (name, nearest, known) = (name.to_owned(), vec![alike.clone()], Vec::new());
    sheet.report(row.span_of(what), SupplyFault::UnknownName { what, name, nearest, known, elsewhere: false });
    true
}

/// Rows of one region and segment.
#[derive(Default)]
struct Given {
    knots: BTreeMap<i32, f64>,
    places: BTreeMap<i32, Range<usize>>,
    sources: Vec<String>,
    assumed: bool,
}

/// Reads the file. Regions and segments are numbered as they come.
pub(super) fn read(source: &Arc<SourceText>, years: [i32; 2]) -> Result<Inflow, Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut inflow = Inflow { regions: Vec::new(), segments: Vec::new(), flows: Vec::new() };
    let mut given: BTreeMap<(usize, usize), Given> = BTreeMap::new();
    let rows = sheet.rows(&SHAPE);
    // Where a row cannot be read, its year is not told to be missing as well.
    let mut whole = sheet.problems.is_empty();
    for row in rows {
        let names = (sheet.text(&row, "region"), sheet.text(&row, "segment"));
        let year = sheet.year(&row);
        let gwh = sheet.number(&row, "gwh", "gwh", [0.0, GWH_MAX], "GWh");
        let assumed = sheet.assumed(&row);
        let ((Some(region), Some(segment)), Some(year), Some(gwh)) = (names, year, gwh) else {
            whole = false;
            continue;
        };
        if region == ALL {
            sheet.report(row.span_of("region"), SupplyFault::Reserved { name: region.to_owned() });
            whole = false;
            continue;
        }
        let known = [("region", region, &inflow.regions), ("segment", segment, &inflow.segments)];
        if known.map(|(column, name, known)| misspelt(&mut sheet, &row, column, name, known)).contains(&true) {
            whole = false;
            continue;
        }
        let key = (number(&mut inflow.regions, region), number(&mut inflow.segments, segment));
        let of = given.entry(key).or_default();
        if let Some(first) = of.places.insert(year, row.span.clone()) {
            let what = format!("{region}, {segment} in {year}");
            sheet.collide(row.span.clone(), first, SupplyFault::Twice { what });
        }
        of.knots.insert(year, gwh);
        note(&mut of.sources, row.source());
        of.assumed |= assumed;
    }
    for ((region, segment), of) in given {
        match yearly(&of.knots, years) {
            Ok(gwh) => {
                let given = of.knots.keys().copied().collect();
                let (sources, assumed, opening) = (of.sources, of.assumed, Opening::default());
                inflow.flows.push(Flow { region, segment, gwh, given, sources, assumed, opening });
            }
            Err(_) if !whole => {}
            Err([from, to]) => {
                let what = format!("{}, {}", inflow.regions[region], inflow.segments[segment]);
                let span = of.places.into_values().next().unwrap_or(0..0);
                let [first, last] = years;
                sheet.report(span, SupplyFault::YearsMissing { what, from, to, first, last });
            }
        }
    }
    if sheet.problems.is_empty() { Ok(inflow) } else { Err(sheet.problems) }
}
