//! Survival of vehicles and batteries by age, for laws that are a table.

use super::csv_file::{Shape, Sheet, note};
use super::fault::SupplyFault;
use super::lists::word;
use crate::library::SourceText;
use crate::scenario::fault::Problem;
use std::ops::Range;
use std::sync::Arc;

/// Parts that have a life, in the order of the result.
pub(super) const PARTS: [&str; 2] = ["vehicle", "battery"];
/// Oldest age \[year\].
const AGE_MAX: f64 = 200.0;

const SHAPE: Shape = Shape {
    what: "tables of life",
    columns: &["part", "age_years", "survival", "source", "assumed"],
    needed: &["part", "age_years", "survival"],
};

/// A table with what backs it.
#[derive(Default)]
pub(super) struct LifeTable {
    /// Age \[year\] and share in use.
    pub rows: Vec<(f64, f64)>,
    pub sources: Vec<String>,
    pub assumed: bool,
    last: Option<Range<usize>>,
}

/// Reads the tables of the parts whose law is one; each must be there, and no other.
pub(super) fn read(source: &Arc<SourceText>, wanted: [bool; 2]) -> Result<[LifeTable; 2], Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut tables: [LifeTable; 2] = Default::default();
    let rows = sheet.rows(&SHAPE);
    for row in rows {
        let part = sheet.text(&row, "part");
        word(&mut sheet, &row, "part", part, &PARTS);
        let k = part.and_then(|part| PARTS.iter().position(|known| *known == part));
        if let Some(k) = k.filter(|k| !wanted[*k]) {
            sheet.report(
                row.span_of("part"),
                SupplyFault::Unused { what: format!("a table of the {}", PARTS[k]), why: "its law is not `table`" },
            );
        }
        let before = k.and_then(|k| tables[k].rows.last().copied());
        let age = sheet.number(&row, "age_years", "age_years", [before.map_or(0.0, |b| b.0), AGE_MAX], "year");
        let share = sheet.number(&row, "survival", "survival", [0.0, before.map_or(1.0, |b| b.1)], "");
        let assumed = sheet.assumed(&row);
        let (Some(k), Some(age), Some(share)) = (k, age, share) else { continue };
        if before.is_some_and(|before| before.0 == age) {
            sheet.report(row.span.clone(), SupplyFault::Twice { what: format!("{} at {age} years", PARTS[k]) });
            continue;
        }
        let table = &mut tables[k];
        table.rows.push((age, share));
        table.last = Some(row.span_of("survival"));
        note(&mut table.sources, row.source());
        table.assumed |= assumed;
    }
    if sheet.problems.is_empty() {
        for (k, table) in tables.iter().enumerate().filter(|(k, _)| wanted[*k]) {
            match (table.rows.last(), &table.last) {
                (Some((_, share)), Some(span)) if *share > 0.0 => {
                    let fault =
                        SupplyFault::OutOfRange { name: "survival", value: *share, min: 0.0, max: 0.0, unit: "" };
                    sheet.report(span.clone(), fault);
                }
                (Some(_), Some(span)) if table.rows.len() < 2 => {
                    sheet.report(span.clone(), SupplyFault::ShortTable { part: PARTS[k] });
                }
                (Some(_), _) => {}
                (None, _) => sheet.report(0..0, SupplyFault::NoLifeTable { part: PARTS[k] }),
            }
        }
    }
    if sheet.problems.is_empty() { Ok(tables) } else { Err(sheet.problems) }
}
