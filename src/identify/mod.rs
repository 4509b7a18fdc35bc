//! The tables of a cell from measured traces.

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

pub use error::{IdentifyError, TraceError};
pub use result::{Backing, Beside, Comparison, Identified, IdentifyOptions, Told, Value, identify};
pub use trace::{Sample, Sign, Trace, TraceRequest};
pub use entry::{CellNames, cell_toml};
