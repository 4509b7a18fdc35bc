//! What can be wrong with a file of modules.

use super::Column;
use crate::library::{did_you_mean, list};

/// What can be wrong with a file of modules.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SheetFault {
    /// The file cannot be read.
    #[error("cannot read the file of modules `{file}`: {reason}")]
    Unreadable {
        /// File as looked for.
        file: String,
        /// The system's words.
        reason: String,
    },
    /// No module in it.
    #[error("the file holds no module")]
    NoRows,
    /// A column that is not known.
    #[error("unknown column `{name}`")]
    UnknownColumn {
        /// As written.
        name: String,
        /// Columns like it.
        nearest: Vec<String>,
    },
    /// A column that is there twice.
    #[error("the column `{name}` is there twice")]
    SameColumn {
        /// As written.
        name: String,
    },
    /// A row with more or fewer fields than the header.
    #[error("the row has {found} fields, the header {expected}")]
    Ragged {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A quote that does not end on its line.
    #[error("a quote is not closed")]
    OpenQuote,
    /// Not JSON, or JSON of another form.
    #[error("broken JSON: {message}")]
    Json {
        /// The parser's words.
        message: String,
    },
    /// A record that lacks what the way back in needs.
    #[error("the record has no `{key}`")]
    Record {
        /// Dotted path.
        key: &'static str,
    },
    /// A field that is no number.
    #[error("column `{column}`: `{value}` is not a number")]
    NotANumber {
        /// Column.
        column: &'static str,
        /// As written.
        value: String,
    },
    /// A number outside its range.
    #[error("column `{column}`: {value} is outside the allowed range {min} to {max}{}", with_unit(unit))]
    OutOfRange {
        /// Column.
        column: &'static str,
        /// Number as written.
        value: f64,
        /// Least allowed.
        min: f64,
        /// Most allowed.
        max: f64,
        /// Unit.
        unit: &'static str,
    },
    /// A measured value that, over that of a new module, is outside the range of the ratio.
    #[error(
        "column `{column}`: {value} {unit} is {ratio:.3} of a new module's {new:.4} {unit}, outside the allowed range \
         {min} to {max}"
    )]
    RatioOutOfRange {
        /// Column.
        column: &'static str,
        /// Number as written.
        value: f64,
        /// Unit.
        unit: &'static str,
        /// Value over that of a new module.
        ratio: f64,
        /// That of a new module.
        new: f64,
        /// Least allowed ratio.
        min: f64,
        /// Most allowed ratio.
        max: f64,
    },
    /// Two columns that say the same.
    #[error("the row gives both `{first}` and `{second}`")]
    Twice {
        /// One.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// Nothing of the capacity.
    #[error("neither `soh` nor `capacity_ah` is given")]
    NoSoh,
    /// A row outside all packs in a file with packs.
    #[error("the row names no `pack`, others do")]
    NoPack,
    /// A module that is there twice.
    #[error("the module `{module}` is there twice in its pack")]
    SameModule {
        /// Module.
        module: String,
    },
    /// Cells of another chemistry than the vehicle's.
    #[error("the module is of `{found}`, the cells of the vehicle `{vehicle}` are of `{expected}`")]
    Chemistry {
        /// As written.
        found: String,
        /// Vehicle.
        vehicle: String,
        /// Its chemistry.
        expected: &'static str,
    },
}

impl SheetFault {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            SheetFault::Unreadable { .. } => Some("the file is looked for beside the scenario".into()),
            SheetFault::NoRows => Some("write a header such as `pack,module,soh,years` and a row for each module".into()),
            SheetFault::UnknownColumn { nearest, .. } => {
                Some(did_you_mean(nearest).unwrap_or_else(|| {
                    format!("columns, with commas between them: {}", list(Column::ALL.map(Column::name)))
                }))
            }
            SheetFault::OutOfRange { column: "soh", value, .. } if (2.0..=110.0).contains(value) => {
                Some(format!("a SoH is a share: {} for {value} %", value / 100.0))
            }
            SheetFault::RatioOutOfRange { column: "capacity_ah", .. } => {
                Some("the capacity is that of a module of the vehicle in `[first_life]`: cells in parallel add up".into())
            }
            SheetFault::RatioOutOfRange { .. } => Some(
                "the resistance is that of a module of the vehicle in `[first_life]`, for a pulse of 10 s at 25 degC and half \
                 charge"
                    .into(),
            ),
            SheetFault::Twice { .. } => Some("keep one of them".into()),
            SheetFault::Chemistry { .. } => {
                Some("choose the vehicle whose modules these are, or take the column out".into())
            }
            _ => None,
        }
    }
}

fn with_unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}
