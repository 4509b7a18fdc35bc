//! The tables of a cell from measured traces.
//!
//! [`Trace`] reads a log. [`identify`] finds open-circuit voltage, resistances, time constants and hysteresis by least
//! squares over every row, simulated with the equations of [`crate::cell`]. [`Identified::check`] foretells a trace from
//! its current. [`cell_toml`] writes the cell as a library entry. The page is `docs/identify.md`.

mod entry;
mod error;
mod model;
mod ocv;
pub mod plots;
mod result;
mod soc;
mod solve;
mod start;
mod trace;

pub use entry::{CellNames, cell_toml};
pub use error::{IdentifyError, TraceError};
pub use result::{Backing, Beside, Comparison, Identified, IdentifyOptions, Told, Value, identify};
pub use trace::{Sample, Sign, Trace, TraceRequest};
