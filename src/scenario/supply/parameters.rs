//! Parameters from tables: the scenario's own, and the tool's for what it leaves out.

use super::csv_file::{Row, Shape, Sheet, note};
use super::fault::SupplyFault;
use crate::library::{SourceText, nearest};
use crate::scenario::fault::Problem;
use crate::supply::{Band, Knot, Param, Rule, Scope};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// The tool's own table.
const OWN: &str = include_str!("../../../library/supply/parameters.csv");

const SHAPE: Shape = Shape {
    what: "parameters",
    columns: &["parameter", "region", "chemistry", "segment", "year", "value", "low", "high", "source", "assumed"],
    needed: &["parameter", "value"],
};

/// Names that rows may give.
pub(super) struct Names<'a> {
    pub regions: &'a [String],
    pub chemistries: &'a [String],
    pub segments: &'a [String],
}

/// A rule with what backs it and where it stands.
pub(super) struct Told {
    pub rule: Rule,
    pub sources: Vec<String>,
    pub assumed: bool,
    /// Where it stands in the scenario's file; none for the tool's own.
    pub span: Option<Range<usize>>,
}

/// Rules of the tool's own table that hold for these regions, chemistries and segments.
///
/// # Errors
/// Problems of the table; a test keeps it sound.
pub(super) fn own(names: &Names<'_>) -> Result<Vec<Told>, Vec<Problem>> {
    let source = SourceText::new("library/supply/parameters.csv", OWN);
    let mut sheet = Sheet::new(&source);
    let mut rules = rules(&mut sheet, names, None);
    rules.iter_mut().for_each(|told| told.span = None);
    if sheet.problems.is_empty() { Ok(rules) } else { Err(sheet.problems) }
}

/// Rules of the scenario's file.
///
/// # Errors
/// Every problem with its place.
pub(super) fn read(source: &Arc<SourceText>, names: &Names<'_>, years: [i32; 2]) -> Result<Vec<Told>, Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let rules = rules(&mut sheet, names, Some(years));
    if sheet.problems.is_empty() { Ok(rules) } else { Err(sheet.problems) }
}

/// The tool's own rules with those of the scenario. A parameter that the scenario gives for all regions, chemistries and
/// segments is the scenario's alone.
pub(super) fn joined(own: Vec<Told>, given: Vec<Told>) -> Vec<Told> {
    let everywhere = |param| given.iter().any(|told| told.rule.param == param && told.rule.scope == Scope::default());
    let mut all: Vec<Told> = own.into_iter().filter(|told| !everywhere(told.rule.param)).collect();
    // A scope that both give is the scenario's.
    all.retain(|told| !given.iter().any(|g| (g.rule.param, g.rule.scope) == (told.rule.param, told.rule.scope)));
    all.extend(given);
    all
}

/// Rows as rules: the first of a scope makes the rule, the others are its knots. `years` of the scenario's file, none for
/// the tool's own, of which rows for other regions are left out.
fn rules(sheet: &mut Sheet, names: &Names<'_>, years: Option<[i32; 2]>) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    let mut places: BTreeMap<(usize, Option<i32>), Range<usize>> = BTreeMap::new();
    for row in sheet.rows(&SHAPE) {
        let Some(param) = param(&row, "parameter", sheet) else { continue };
        let scope = match years {
            Some(_) => scope(&row, names, sheet),
            None => scope(&row, names, &mut Sheet::new(&sheet.source)),
        };
        let band = band(&row, param, sheet);
        let assumed = sheet.assumed(&row);
        let year = match row.get("year") {
            Some(_) => sheet.year(&row).map(Some),
            None => Some(None),
        };
        if let (Some(Some(year)), Some([first, last])) = (year, years)
            && !(first..=last).contains(&year)
        {
            sheet.report(row.span_of("year"), SupplyFault::YearOutside { year, first, last });
        }
        let (Ok(scope), Some(band), Some(year)) = (scope, band, year) else { continue };
        let at = told.iter().position(|t| t.rule.param == param && t.rule.scope == scope).unwrap_or_else(|| {
            let rule = Rule { param, scope, knots: Vec::new() };
            told.push(Told { rule, sources: Vec::new(), assumed: false, span: Some(row.span.clone()) });
            told.len() - 1
        });
        let other = places.iter().find(|((of, when), _)| *of == at && when.is_some() != year.is_some());
        if let Some((_, first)) = other {
            let first = first.clone();
            sheet.collide(row.span.clone(), first, SupplyFault::AllYearsAndSome { parameter: param.name() });
        }
        if let Some(first) = places.insert((at, year), row.span.clone()) {
            let what = match year {
                Some(year) => format!("`{}` in {year}", param.name()),
                None => format!("`{}`", param.name()),
            };
            sheet.collide(row.span.clone(), first, SupplyFault::Twice { what });
        }
        let of = &mut told[at];
        // A value for all years is one knot, at whatever year.
        of.rule.knots.push(Knot { year: year.unwrap_or(0), band });
        of.rule.knots.sort_by_key(|knot| knot.year);
        note(&mut of.sources, row.source());
        of.assumed |= assumed;
    }
    told
}

/// The parameter that a field names.
pub(super) fn param(row: &Row, column: &'static str, sheet: &mut Sheet) -> Option<Param> {
    let name = sheet.text(row, column)?;
    let found = Param::ALL.iter().copied().find(|param| param.name() == name);
    if found.is_none() {
        let names = || Param::ALL.iter().map(|param| param.name());
        let (nearest, known) = (nearest(name, names(), 1), names().map(str::to_owned).collect());
        let fault =
            SupplyFault::UnknownName { what: "parameter", name: name.to_owned(), nearest, known, elsewhere: false };
        sheet.report(row.span_of(column), fault);
    }
    found
}

fn scope(row: &Row, names: &Names<'_>, sheet: &mut Sheet) -> Result<Scope, ()> {
    let region = sheet.place(row, "region", names.regions, true);
    let chemistry = sheet.place(row, "chemistry", names.chemistries, true);
    let segment = sheet.place(row, "segment", names.segments, true);
    Ok(Scope { region: region?, chemistry: chemistry?, segment: segment? })
}

/// Value with its P10 and P90.
fn band(row: &Row, param: Param, sheet: &mut Sheet) -> Option<Band> {
    let (range, name) = (param.range(), param.name());
    let value = sheet.number(row, "value", name, range, param.unit())?;
    let mut end = |column| row.get(column).map(|_| sheet.number(row, column, name, range, param.unit()));
    let (low, high) = match (end("low"), end("high")) {
        (None, None) => return Some(Band::sure(value)),
        (Some(low), Some(high)) => (low?, high?),
        (low, _) => {
            let (has, lacks) = if low.is_some() { ("low", "high") } else { ("high", "low") };
            sheet.report(row.span_of(has), SupplyFault::OneEnd { parameter: name, has, lacks });
            return None;
        }
    };
    if low > value || value > high {
        sheet.report(row.span.clone(), SupplyFault::Order { parameter: name, low, value, high });
        return None;
    }
    Some(Band { value, low, high })
}
