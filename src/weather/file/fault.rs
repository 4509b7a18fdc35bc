//! What can be wrong with a weather file.

use std::ops::Range;

/// A fault at its place in the text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("line {line}, column {column}: {fault}")]
pub struct WeatherProblem {
    /// Line, from 1.
    pub line: usize,
    /// Column in letters, from 1.
    pub column: usize,
    /// Bytes of the text.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: WeatherFault,
}

/// What can be wrong with a weather file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WeatherFault {
    /// None of the known formats.
    #[error("not a weather file that is known: neither EPW, TMY3, NSRDB nor a table with a column `ghi_w_m2`")]
    UnknownFormat,
    /// A column that must be there.
    #[error("the {format} file has no column `{column}`")]
    NoColumn {
        /// Format found.
        format: &'static str,
        /// Column.
        column: &'static str,
    },
    /// A column of a plain table that is not known.
    #[error("unknown column `{name}`")]
    UnknownColumn {
        /// As written.
        name: String,
    },
    /// A row with fewer fields than are needed.
    #[error("the row has {found} fields, at least {needed} are needed")]
    Ragged {
        /// Fields of the row.
        found: usize,
        /// Fields up to the last column needed.
        needed: usize,
    },
    /// A field that is no number.
    #[error("`{column}`: `{value}` is not a number")]
    NotANumber {
        /// Column.
        column: &'static str,
        /// As written.
        value: String,
    },
    /// A number outside its range.
    #[error("`{column}`: {value} is outside the allowed range {min} to {max}{}", with_unit(unit))]
    OutOfRange {
        /// Column.
        column: &'static str,
        /// As written.
        value: f64,
        /// Least allowed.
        min: f64,
        /// Most allowed.
        max: f64,
        /// Unit.
        unit: &'static str,
    },
    /// A mark for a value that is missing, or an empty field.
    #[error("`{column}`: the value is missing ({mark})")]
    Missing {
        /// Column.
        column: &'static str,
        /// The mark as written.
        mark: String,
    },
    /// A time that cannot be read.
    #[error("`{value}` is not a time such as {example}")]
    Time {
        /// As written.
        value: String,
        /// One that can.
        example: &'static str,
    },
    /// A row that is not the next.
    #[error("rows must follow one another through whole years: this one is {found}, {expected} is next")]
    Order {
        /// Day and hour of the row.
        found: String,
        /// Day and hour that should come.
        expected: String,
    },
    /// Rows of a day that are no equal parts of its hours.
    #[error("the first day has {rows} rows; 24 or a multiple that divides the hours into whole minutes are allowed")]
    Steps {
        /// Rows of the first day.
        rows: usize,
    },
    /// Not whole years.
    #[error("the file ends after {rows} rows, inside a year")]
    Short {
        /// Rows.
        rows: usize,
    },
    /// Rows by another clock than that of the place.
    #[error("the clock of the rows is UTC{clock:+}, local standard time is UTC{local:+}")]
    Clock {
        /// Of the rows \[h\].
        clock: f64,
        /// Of the place \[h\].
        local: f64,
    },
    /// Sun where the sun is down.
    #[error("{:.1} % of the irradiation falls into hours without sun at this place", 100.0 * share)]
    SunAtNight {
        /// Share of a year's irradiation.
        share: f64,
    },
    /// More of the same.
    #[error("and {count} problems more")]
    More {
        /// Their number.
        count: usize,
    },
}

impl WeatherFault {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            WeatherFault::UnknownFormat => {
                "a plain table begins with a header such as `time,ghi_w_m2,dni_w_m2,dhi_w_m2,temperature_c`"
            }
            WeatherFault::UnknownColumn { .. } => {
                "columns: `time`, `ghi_w_m2`, `dni_w_m2`, `dhi_w_m2`, `temperature_c`, `wind_m_s` (not used)"
            }
            WeatherFault::Missing { .. } => {
                "fill the gap, or leave out a column `dni` or `dhi` as a whole: it is then split from the global irradiance"
            }
            WeatherFault::Short { .. } => {
                "a year has 8760 hours, 8784 with 29 February; a plain table of shorter steps needs a column `time`"
            }
            WeatherFault::Clock { .. } => "ask for the file in local standard time",
            WeatherFault::SunAtNight { .. } => {
                "rows are in local standard time from 1 January 00:00; check latitude, longitude and clock"
            }
            _ => return None,
        })
    }
}

fn with_unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}
