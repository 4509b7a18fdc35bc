//! Batteries on the road at the start of the first year, by the year in which they came there.

use super::csv_file::{Shape, Sheet, note};
use super::fault::SupplyFault;
use super::inflow::{COLUMNS, GWH_MAX, Inflow, NEEDED, Opening};
use crate::library::SourceText;
use crate::scenario::fault::Problem;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

const SHAPE: Shape = Shape { what: "batteries on the road", columns: COLUMNS, needed: NEEDED };

/// Reads the file into the flows that it belongs to. Years that are not given have nothing left.
pub(super) fn read(source: &Arc<SourceText>, first: i32, inflow: &mut Inflow) -> Result<(), Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut seen: BTreeMap<(usize, i32), Range<usize>> = BTreeMap::new();
    for row in sheet.rows(&SHAPE) {
        let named = [sheet.text(&row, "region"), sheet.text(&row, "segment")].iter().all(Option::is_some);
        let region = sheet.place(&row, "region", &inflow.regions, true);
        let segment = sheet.place(&row, "segment", &inflow.segments, true);
        let year = sheet.year(&row);
        let gwh = sheet.number(&row, "gwh", "gwh", [0.0, GWH_MAX], "GWh");
        let assumed = sheet.assumed(&row);
        let (true, Ok(Some(region)), Ok(Some(segment)), Some(year), Some(gwh)) = (named, region, segment, year, gwh)
        else {
            continue;
        };
        let what = || format!("{}, {}", inflow.regions[region], inflow.segments[segment]);
        if year >= first {
            sheet.report(row.span_of("year"), SupplyFault::NotBefore { year, first });
            continue;
        }
        let Some(at) = inflow.flows.iter().position(|f| (f.region, f.segment) == (region, segment)) else {
            let why = "the region has no inflow in this segment";
            sheet.report(row.span.clone(), SupplyFault::Unused { what: what(), why });
            continue;
        };
        if let Some(first) = seen.insert((at, year), row.span.clone()) {
            let what = format!("{} of {year}", what());
            sheet.collide(row.span.clone(), first, SupplyFault::Twice { what });
        }
        let Opening { gwh: by_year, sources, assumed: any } = &mut inflow.flows[at].opening;
        if gwh > 0.0 {
            by_year.insert(year, gwh);
        }
        note(sources, row.source());
        *any |= assumed;
    }
    if sheet.problems.is_empty() { Ok(()) } else { Err(sheet.problems) }
}
