//! Fleets: populations of packs that stand for series, each a small scenario of its own.

use super::csv_file::{Row, Shape, Sheet};
use super::fault::SupplyFault;
use super::parameters::Names;
use crate::library::{Category, Library, SourceText};
use crate::life::plan::JourneyPlan;
use crate::scenario::fault::Problem;
use crate::scenario::load::plan_from;
use crate::scenario::plan::Resolved;
use crate::supply::{Scope, Series};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

const SHAPE: Shape = Shape {
    what: "fleets",
    columns: &["fleet", "region", "chemistry", "segment", "vehicle", "climate", "use", "country", "system", "law"],
    needed: &["fleet", "vehicle", "climate", "use", "country", "system"],
};

/// A population of packs and the series it stands for.
#[derive(Clone, Debug)]
pub struct FleetPlan {
    /// Name.
    pub name: String,
    /// The life of one of its packs.
    pub journey: JourneyPlan,
    /// Packs simulated.
    pub packs: u64,
    /// Years that each is followed in a vehicle that does not wear out.
    pub years: f64,
    /// Seed, that of the projection: all fleets meet the same draws.
    pub seed: u64,
    /// Numbers of the series in the plan.
    pub series: Vec<usize>,
    /// Every value of the journey with its origin.
    pub resolved: Vec<Resolved>,
}

/// Columns that name entries of the library, with the table and key of a scenario that they become.
const ENTRIES: [(&str, Category, &str); 6] = [
    ("vehicle", Category::Vehicles, "first_life"),
    ("climate", Category::Climates, "first_life"),
    ("use", Category::Uses, "first_life"),
    ("country", Category::Countries, "exit"),
    ("system", Category::Systems, "second_life"),
    ("law", Category::Laws, "aging"),
];

/// What all fleets share.
pub(super) struct Common<'a> {
    pub packs: u64,
    pub years: f64,
    pub seed: u64,
    pub folder: &'a Path,
    pub library: &'a Library,
}

/// Reads the file: each series is served by the fleet of the narrowest scope that fits, the later among equals.
pub(super) fn read(
    source: &Arc<SourceText>,
    names: &Names<'_>,
    series: &[Series],
    common: &Common<'_>,
) -> Result<Vec<FleetPlan>, Vec<Problem>> {
    let mut sheet = Sheet::new(source);
    let mut fleets: Vec<(Row, FleetPlan, Scope)> = Vec::new();
    let mut seen = BTreeMap::new();
    for row in sheet.rows(&SHAPE) {
        let region = sheet.place(&row, "region", names.regions, true);
        let chemistry = sheet.place(&row, "chemistry", names.chemistries, true);
        let segment = sheet.place(&row, "segment", names.segments, true);
        let Some(name) = sheet.text(&row, "fleet").map(str::to_owned) else { continue };
        if let Some(first) = seen.insert(name.clone(), row.span.clone()) {
            sheet.collide(row.span.clone(), first, SupplyFault::Twice { what: format!("fleet `{name}`") });
        }
        let plan = fleet(&name, &row, common, &mut sheet);
        if let (Ok(region), Ok(chemistry), Ok(segment), Some(plan)) = (region, chemistry, segment, plan) {
            fleets.push((row, plan, Scope { region, chemistry, segment }));
        }
    }
    if !sheet.problems.is_empty() {
        return Err(sheet.problems);
    }
    for (number, of) in series.iter().enumerate() {
        let fits = |scope: &Scope| {
            let mine = [Some(of.region), Some(of.chemistry), Some(of.segment)];
            let wanted = [scope.region, scope.chemistry, scope.segment];
            wanted.iter().zip(mine).all(|(wanted, mine)| wanted.is_none() || *wanted == mine)
        };
        let width = |scope: &Scope| [scope.region, scope.chemistry, scope.segment].iter().flatten().count();
        let best = fleets.iter_mut().filter(|f| fits(&f.2)).max_by_key(|f| width(&f.2));
        match best {
            Some((_, plan, _)) => plan.series.push(number),
            None => {
                let [region, chemistry, segment] =
                    [&names.regions[of.region], &names.chemistries[of.chemistry], &names.segments[of.segment]];
                sheet.report(0..0, SupplyFault::NoFleet { what: format!("{region}, {chemistry}, {segment}") });
            }
        }
    }
    for (row, plan, _) in fleets.iter().filter(|f| f.1.series.is_empty()) {
        let (what, why) = (format!("fleet `{}`", plan.name), "no inflow is left for it beside narrower fleets");
        sheet.report(row.span.clone(), SupplyFault::Unused { what, why });
    }
    if sheet.problems.is_empty() { Ok(fleets.into_iter().map(|f| f.1).collect()) } else { Err(sheet.problems) }
}

/// A fleet without its series: its row as a scenario, with the defaults of one.
fn fleet(name: &str, row: &Row, common: &Common<'_>, sheet: &mut Sheet) -> Option<FleetPlan> {
    let mut known = true;
    for (column, category, _) in ENTRIES {
        let found = if column == "law" { row.get(column) } else { sheet.text(row, column) };
        known &= found.is_some() || column == "law";
        if let Some(entry) = found.filter(|entry| !common.library.knows(category, entry)) {
            let fault = SupplyFault::UnknownName {
                what: column,
                name: entry.to_owned(),
                nearest: common.library.nearest(category, entry),
                known: common.library.names(category).into_iter().map(str::to_owned).collect(),
                elsewhere: false,
            };
            sheet.report(row.span_of(column), fault);
            known = false;
        }
    }
    if !known {
        return None;
    }
    let text = scenario(name, row, common);
    let source = SourceText::new(name, text);
    match plan_from(&source, name, common.folder, common.library.clone()) {
        Ok(plan) => {
            let (packs, years, seed) = (common.packs, common.years, common.seed);
            let (journey, resolved) = (plan.journey, plan.resolved);
            Some(FleetPlan { name: name.to_owned(), journey, packs, years, seed, series: Vec::new(), resolved })
        }
        Err(problems) => {
            for problem in problems {
                let (fleet, message, hint) = (name.to_owned(), problem.fault.to_string(), problem.fault.hint());
                sheet.report(row.span.clone(), SupplyFault::Fleet { fleet, message, hint });
            }
            None
        }
    }
}

/// A row as the text of a scenario. Names are known entries, so they need no escapes; the title may hold anything.
fn scenario(name: &str, row: &Row, common: &Common<'_>) -> String {
    let title = toml::Value::String(name.to_owned());
    let (packs, seed, years) = (common.packs, common.seed, common.years);
    // A seed that TOML cannot hold is not in the scenario either.
    let mut text = format!("name = {title}\nseed = {seed}\npacks = {packs}\n");
    let mut table = "";
    for (column, _, of) in ENTRIES {
        let Some(entry) = row.get(column) else { continue };
        // Writing to a string cannot fail.
        if of != table {
            table = of;
            let _ = writeln!(text, "[{of}]");
            if of == "first_life" {
                let _ = writeln!(text, "years_max = {years:?}");
            }
        }
        let _ = writeln!(text, "{column} = {}", toml::Value::String(entry.to_owned()));
    }
    text
}
