//! The smaller files: correlations, rules of regions, what others have projected.

use super::csv_file::{Shape, Sheet};
use super::fault::SupplyFault;
use super::parameters::{Told, param};
use crate::library::{Category, Library, SourceText, edit_distance, nearest};
use crate::scenario::fault::Problem;
use crate::supply::{CorrelationError, Draws, Param, Projection, Quantity};
use std::collections::BTreeMap;
use std::sync::Arc;

const CORRELATIONS: Shape = Shape {
    what: "correlations",
    columns: &["parameter", "with", "correlation", "source", "assumed"],
    needed: &["parameter", "with", "correlation"],
};

const TARGETS: Shape = Shape { what: "targets", columns: &["region", "targets"], needed: &["region", "targets"] };

const PROJECTIONS: Shape = Shape {
    what: "projections",
    columns: &["study", "region", "what", "quantity", "from", "year", "low", "high", "unit", "status", "source"],
    needed: &["study", "region", "what", "year", "low", "unit", "status", "source"],
};

/// Largest figure of a projection \[GWh\].
const GWH_MAX: f64 = 1e6;

/// Beyond this two parameters are one.
const CORRELATION_MAX: f64 = 0.999;

/// Words for how a projection was come by.
const STATUS: [&str; 4] = ["read", "ran", "derived", "recalled"];

/// A correlation with what backs it.
pub(super) struct Correlation {
    pub pair: (Param, Param, f64),
    pub source: String,
    pub assumed: bool,
}

/// Correlations of uncertain parameters, each pair once.
pub(super) fn correlations(source: &Arc<SourceText>, rules: &[Told]) -> Result<Vec<Correlation>, Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut found: Vec<Correlation> = Vec::new();
    let mut seen = BTreeMap::new();
    let mut places = Vec::new();
    let uncertain =
        |p: Param| rules.iter().any(|t| t.rule.param == p && t.rule.knots.iter().any(|k| k.band.low < k.band.high));
    for row in sheet.rows(&CORRELATIONS) {
        let pair = (param(&row, "parameter", &mut sheet), param(&row, "with", &mut sheet));
        let value = sheet.number(&row, "correlation", "correlation", [-CORRELATION_MAX, CORRELATION_MAX], "");
        let assumed = sheet.assumed(&row);
        let (Some(a), Some(b)) = pair else { continue };
        for (column, p) in [("parameter", a), ("with", b)] {
            if !uncertain(p) {
                let why = "it is certain, so it varies with nothing".to_owned();
                sheet.report(row.span_of(column), SupplyFault::NoEffect { parameter: p.name(), why });
            }
        }
        let what = || format!("`{}` with `{}`", a.name(), b.name());
        if a == b {
            let why = "a parameter goes with itself anyway".to_owned();
            sheet.report(row.span.clone(), SupplyFault::NoEffect { parameter: a.name(), why });
        } else if let Some(first) = seen.insert((a.min(b), a.max(b)), row.span.clone()) {
            sheet.collide(row.span.clone(), first, SupplyFault::Twice { what: what() });
        }
        let Some(value) = value else { continue };
        found.push(Correlation { pair: (a, b, value), source: row.source(), assumed });
        places.push(row.span);
    }
    let pairs: Vec<(Param, Param, f64)> = found.iter().map(|correlation| correlation.pair).collect();
    if sheet.problems.is_empty()
        && let Err(error) = Draws::new(0, &[], &pairs)
    {
        // The row that is named, or the last.
        let named = |(a, b, _): &(Param, Param, f64)| match error {
            CorrelationError::Contradiction(p, q, _) => [(p, q), (q, p)].contains(&(a.name(), b.name())),
            _ => false,
        };
        let at = pairs.iter().position(named).unwrap_or(pairs.len().saturating_sub(1));
        let place = places.get(at).cloned().unwrap_or(0..0);
        sheet.report(place, SupplyFault::Correlations { message: error.to_string() });
    }
    if sheet.problems.is_empty() { Ok(found) } else { Err(sheet.problems) }
}

/// Entry of the library's targets for each region that has one.
pub(super) fn targets(
    source: &Arc<SourceText>,
    regions: &[String],
    library: &Library,
) -> Result<Vec<Option<String>>, Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut found = vec![None; regions.len()];
    let mut seen = BTreeMap::new();
    for row in sheet.rows(&TARGETS) {
        let region = sheet.text(&row, "region").map(|_| sheet.place(&row, "region", regions, true));
        let name = sheet.text(&row, "targets").map(str::to_owned);
        if let Some(name) = name.as_ref().filter(|name| !library.knows(Category::Targets, name)) {
            let fault = SupplyFault::UnknownName {
                what: "targets",
                name: name.clone(),
                nearest: library.nearest(Category::Targets, name),
                known: library.names(Category::Targets).into_iter().map(str::to_owned).collect(),
                elsewhere: false,
            };
            sheet.report(row.span_of("targets"), fault);
        }
        let Some(Ok(Some(region))) = region else { continue };
        if let Some(first) = seen.insert(region, row.span.clone()) {
            sheet.collide(row.span.clone(), first, SupplyFault::Twice { what: regions[region].clone() });
        }
        found[region] = name;
    }
    if sheet.problems.is_empty() { Ok(found) } else { Err(sheet.problems) }
}

/// A projection of others with what backs it.
pub(super) struct Other {
    pub projection: Projection,
    pub source: String,
}

/// Unit of a sum over years.
fn summed(unit: &'static str, from: Option<i32>) -> &'static str {
    if from.is_some() { unit.trim_end_matches("/year") } else { unit }
}

/// What others have projected.
///
/// Figures of other regions may stand beside ours; a region whose name is that of ours but for a slip is told.
pub(super) fn projections(source: &Arc<SourceText>, regions: &[String]) -> Result<Vec<Other>, Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut found = Vec::new();
    for row in sheet.rows(&PROJECTIONS) {
        let texts = ["study", "region", "what", "unit", "source"].map(|column| sheet.text(&row, column));
        let year = sheet.year(&row);
        let from = row.get("from").and_then(|_| sheet.year_in(&row, "from"));
        let low = sheet.number(&row, "low", "low", [0.0, GWH_MAX], "GWh");
        let high = match row.get("high") {
            Some(_) => sheet.number(&row, "high", "high", [0.0, GWH_MAX], "GWh"),
            None => low,
        };
        let status = sheet.text(&row, "status");
        word(&mut sheet, &row, "status", status, &STATUS);
        let [Some(study), Some(region), Some(what), Some(unit), Some(backing)] = texts else { continue };
        if let Some(meant) = regions.iter().find(|known| slipped(region, known)) {
            let (name, nearest) = (region.to_owned(), vec![meant.clone()]);
            let fault = SupplyFault::UnknownName { what: "region", name, nearest, known: Vec::new(), elsewhere: true };
            sheet.report(row.span_of("region"), fault);
        }
        let quantity = row.get("quantity");
        let names: Vec<&str> = Quantity::ALL.iter().map(|q| q.name()).collect();
        word(&mut sheet, &row, "quantity", quantity, &names);
        let known = quantity.and_then(|name| Quantity::ALL.iter().find(|q| q.name() == name));
        match known {
            Some(known) if unit != summed(known.unit(), from) => {
                let expected = summed(known.unit(), from);
                let (unit, quantity) = (unit.to_owned(), known.name().to_owned());
                sheet.report(row.span_of("unit"), SupplyFault::Unit { unit, quantity, expected });
            }
            None if unit != "GWh" && unit != "GWh/year" => {
                let (value, expected) = (unit.to_owned(), "`GWh` or `GWh/year`");
                sheet.report(row.span_of("unit"), SupplyFault::NotANumber { column: "unit", value, expected });
            }
            _ => {}
        }
        let (Some(year), Some(low), Some(high), Some(status)) = (year, low, high, status) else { continue };
        if low > high {
            let fault = SupplyFault::OutOfRange { name: "high", value: high, min: low, max: GWH_MAX, unit: "GWh" };
            sheet.report(row.span_of("high"), fault);
        }
        if let Some(from) = from.filter(|from| *from > year) {
            sheet.report(row.span_of("from"), SupplyFault::Backwards { from, year });
        }
        let projection = Projection {
            from,
            study: study.to_owned(),
            region: region.to_owned(),
            what: what.to_owned(),
            quantity: quantity.map(str::to_owned),
            year,
            gwh: [low, high],
            status: status.to_owned(),
        };
        found.push(Other { projection, source: backing.to_owned() });
    }
    if sheet.problems.is_empty() { Ok(found) } else { Err(sheet.problems) }
}

/// Whether a name is another but for a letter or two.
fn slipped(name: &str, known: &str) -> bool {
    let edits = edit_distance(&name.to_lowercase(), &known.to_lowercase());
    name != known && name.chars().count() >= 4 && edits <= (known.chars().count() / 4).min(2)
}

/// Tells a word that is none of those known.
pub(super) fn word(
    sheet: &mut Sheet,
    row: &super::csv_file::Row,
    column: &'static str,
    found: Option<&str>,
    known: &[&str],
) {
    if let Some(name) = found.filter(|name| !known.contains(name)) {
        let nearest = nearest(name, known.iter().copied(), 1);
        let known = known.iter().map(|word| (*word).to_owned()).collect();
        let fault = SupplyFault::UnknownName { what: column, name: name.to_owned(), nearest, known, elsewhere: false };
        sheet.report(row.span_of(column), fault);
    }
}
