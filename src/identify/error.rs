//! What can be wrong with a trace or with an identification.

use std::path::PathBuf;

/// Why a trace cannot be used. Lines count from 1, the header included.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TraceError {
    /// A file that cannot be read.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// Text that is no table.
    #[error("`{trace}`: {message}")]
    NoTable {
        /// Trace.
        trace: String,
        /// The reader's word.
        message: String,
    },
    /// A column that must be there.
    #[error("`{trace}`: there is no column {wanted}{}", hint(nearest))]
    NoColumn {
        /// Trace.
        trace: String,
        /// Names that would do, in words.
        wanted: &'static str,
        /// A column that looks like it.
        nearest: Option<String>,
    },
    /// A field that is no number.
    #[error("`{trace}`, line {line}, column `{column}`: `{value}` is not a number")]
    NotANumber {
        /// Trace.
        trace: String,
        /// Line.
        line: u64,
        /// Column.
        column: String,
        /// What is there.
        value: String,
    },
    /// An empty field that is needed.
    #[error("`{trace}`, line {line}, column `{column}`: a value is needed")]
    Empty {
        /// Trace.
        trace: String,
        /// Line.
        line: u64,
        /// Column.
        column: String,
    },
    /// A clock that goes back.
    #[error("`{trace}`, line {line}: time {time_s} s follows {before} s; it must not fall")]
    TimeFalls {
        /// Trace.
        trace: String,
        /// Line.
        line: u64,
        /// Time \[s\].
        time_s: f64,
        /// Time before \[s\].
        before: f64,
    },
    /// Several tests in one file.
    #[error("`{trace}` holds several tests: choose one with `FILE@{column}=...`, which is {}", quoted(values))]
    SeveralTests {
        /// Trace.
        trace: String,
        /// Column that tells them apart.
        column: String,
        /// What stands in it.
        values: Vec<String>,
    },
    /// Too few rows left.
    #[error("`{trace}` has fewer than three rows in the asked part")]
    NoRows {
        /// Trace.
        trace: String,
    },
    /// A current that goes the wrong way.
    #[error(
        "`{trace}`: the current was read as {told}, but at {wrong} of {steps} steps the voltage moves the wrong way; give \
         `--current charge-positive`, `discharge-positive` or `magnitude`"
    )]
    WrongSign {
        /// Trace.
        trace: String,
        /// How it was read.
        told: &'static str,
        /// Steps against it.
        wrong: usize,
        /// All steps.
        steps: usize,
    },
}

/// Why no cell can be identified.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifyError {
    /// A trace without load.
    #[error("`{0}` has no step of current; a pulse test is needed")]
    NoPulses(String),
    /// A slow trace without a whole discharge or charge.
    #[error("`{0}` has no slow discharge or charge through the window of voltage")]
    NoSlowLeg(String),
    /// A capacity that the traces do not tell.
    #[error("no trace goes from full to empty, so the capacity is not known; give `--capacity AH`")]
    NoCapacity,
    /// A trace whose state of charge is not known.
    #[error("`{0}` is never full and does not begin at rest, so its state of charge is not known; give `--soc-start`")]
    NoAnchor(String),
    /// A solver that met numbers that are none.
    #[error("the least squares met a number that is not finite")]
    NotFinite,
    /// Numbers that are no reference cell.
    #[error("the identified numbers make no reference cell: {0}")]
    Model(#[from] crate::cell::model::ModelError),
    /// Tables that are none.
    #[error("the identified tables make no reference cell: {0}")]
    Tables(#[from] crate::numeric::grid::GridError),
    /// A result that is no cell.
    #[error("the identified values make no cell: {0}")]
    Cell(#[from] crate::cell::CellError),
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |n| format!("; `{n}` is not known"))
}

fn quoted(values: &[String]) -> String {
    values.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", ")
}
