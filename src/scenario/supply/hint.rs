//! What to do about a fault of a projection.

use super::super::fault::figure;
use super::fault::SupplyFault;
use crate::library::{did_you_mean, list};

impl SupplyFault {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            SupplyFault::IsProjection => Some("leave `[supply]` out for the life of packs".into()),
            SupplyFault::NoProjection => {
                Some("add `[supply]` with `first_year`, `last_year`, `inflow`, `chemistry`".into())
            }
            SupplyFault::OfPacks { .. } => {
                Some("packs of a projection are told by `[supply.physics]`, one row of its `fleets` for each".into())
            }
            SupplyFault::InflowOrStock => Some("`inflow = \"inflow.csv\"`: batteries put on the road each year".into()),
            SupplyFault::NegativeOfInflow => Some("take it out".into()),
            SupplyFault::Unreadable { hint, .. } => Some((*hint).into()),
            SupplyFault::Separator { .. } => Some("save it with commas between columns and a point in numbers".into()),
            SupplyFault::Ragged { found, expected } if found > expected => {
                Some("a comma ends a field: write 900.5, and texts with commas in quotes".into())
            }
            SupplyFault::NotANumber { value, expected: "a number", .. } => plain(value),
            SupplyFault::Reserved { .. } => Some("give it another name, such as `World`".into()),
            SupplyFault::ShortTable { .. } => Some("end it with a survival of 0".into()),
            SupplyFault::FallingStock { .. } => Some(
                "with `negative_inflow = \"correct\"` more leaves than by age, with `\"allow\"` the inflow is negative"
                    .into(),
            ),
            SupplyFault::FewBaseDraws { least, .. } => Some(format!("give {least} or more, or 0 for none")),
            SupplyFault::OverrideOfSupply { .. } => {
                Some("parameters stand in the CSV file that `parameters` of `[supply]` names".into())
            }
            SupplyFault::UnknownColumn { nearest, known, .. } => Some(
                did_you_mean(nearest)
                    .unwrap_or_else(|| format!("columns, with commas between them: {}", list(known.iter().copied()))),
            ),
            SupplyFault::UnknownName { nearest, known, .. } => did_you_mean(nearest).or_else(|| {
                let few = (1..=12).contains(&known.len());
                few.then(|| format!("known are {}", list(known.iter().map(String::as_str))))
            }),
            SupplyFault::OutOfRange { min: 0.0, max: 1.0, value, .. } if (PERCENT_MIN..=100.0).contains(value) => {
                Some(of_percent(*value))
            }
            SupplyFault::AllYearsAndSome { .. } => Some("give a year in each row, or one row without a year".into()),
            SupplyFault::YearsMissing { .. } => {
                Some("give the first and the last year; what lies between is joined by straight lines".into())
            }
            SupplyFault::NoShares { .. } => {
                Some("rows with an empty `segment` hold for all segments of a region".into())
            }
            SupplyFault::OneEnd { .. } => Some("give both ends, or neither where the value is certain".into()),
            SupplyFault::Routes { .. } => Some("what is left of 1 goes the hydrometallurgical route".into()),
            SupplyFault::NoFleet { .. } => {
                Some("a row with empty `region`, `chemistry` and `segment` serves all".into())
            }
            SupplyFault::Fleet { hint, .. } => hint.clone(),
            SupplyFault::Unit { expected, .. } => {
                Some(format!("give the figure in {expected}, or leave `quantity` empty"))
            }
            _ => None,
        }
    }
}

/// A share above 1 that is less than this is a slip, and no percentage.
const PERCENT_MIN: f64 = 2.0;

fn of_percent(value: f64) -> String {
    let share = (value * 1e7).round() / 1e9;
    format!("a share is a number from 0 to 1: {} for {} %", figure(share), figure(value))
}

/// A number that is written with a sign or comma that has no place.
fn plain(text: &str) -> Option<String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    if let Some(value) = text.strip_suffix('%').and_then(number) {
        return Some(of_percent(value));
    }
    let pointed = text.replacen(',', ".", 1);
    number(&pointed).map(|_| format!("write `{pointed}`"))
}
