//! A study of North America beside the same method on our pairs (Busch et al.,
//! <https://github.com/pmbusch/EoL-LIB-NorthAmerica>).
//!
//! A table of flows (`scenario`, `variant`, `group`, `country`, `year`, `flow`, `gwh`) beside a table of the parameters
//! of each variant; sales, sizes of packs and demand of storage in the same folder, a folder `inputs` below or beside
//! it.

mod read;
mod storage;
mod study;
#[cfg(test)]
mod tests;

use super::column;
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report};
use read::{Inputs, Variant, reference};

const FLOWS: [&str; 7] = ["scenario", "variant", "group", "country", "year", "flow", "gwh"];
const SALES: [&str; 5] = ["Scenario", "Vehicle", "Country", "Year", "Sales"];
const SIZES: [&str; 4] = ["Vehicle", "Year", "Country", "kwh_veh"];
const STORAGE: [&str; 3] = ["Country", "Year", "gwh"];

/// Inputs, which the tables of flows read.
pub(super) fn inputs(folder: &Folder<'_>, _: &mut Report) -> bool {
    !folder.read_tables(&SALES).is_empty() && !folder.read_tables(&SIZES).is_empty()
}

/// Tables of flows.
pub(super) fn flows(folder: &Folder<'_>, report: &mut Report) -> bool {
    let tables = folder.read_tables(&FLOWS);
    for (_, set, table) in &tables {
        if let Err(why) = compare(folder, set, table, report) {
            report.skip(set, "", &why);
        }
    }
    !tables.is_empty()
}

fn compare(folder: &Folder<'_>, set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    let (variants, inputs) = (Variant::all(folder)?, Inputs::find(folder)?);
    let runs: Vec<_> = variants.iter().map(|variant| (variant, study::run(&inputs, variant))).collect();
    for (key, theirs) in reference(table)? {
        let case = format!("{}, {}, {}, {}", key.scenario, key.variant, key.group, key.country);
        let run = runs.iter().find(|(of, _)| (&of.scenario, &of.name) == (&key.scenario, &key.variant));
        let ours = match run {
            None => Err("no parameters of this variant".into()),
            Some((_, Err(why))) => Err(why.clone()),
            Some((_, Ok(flows))) => flows.of(&key.group, &key.country, &key.flow).ok_or("no such flow".to_owned()),
        };
        let metric = key.flow.replace('_', " ");
        match ours {
            Err(why) => report.skip(set, &case, &format!("{metric}: {why}")),
            Ok(ours) => {
                let of_year = |year| ours.get(year).copied().unwrap_or(f64::NAN);
                let (theirs, ours): (Vec<f64>, Vec<f64>) = theirs.iter().map(|(y, gwh)| (*gwh, of_year(y))).unzip();
                column(report, [set, &case, &metric], &theirs, &ours);
            }
        }
    }
    Ok(())
}
