//! The tables of a cell from measured traces.
//!
//! [`Trace`] reads a log. [`identify`] finds open-circuit voltage, resistances, time constants and hysteresis by least
//! squares over every row, simulated with the equations of [`crate::cell`]. [`Identified::check`] foretells a trace from
//! its current. [`cell_toml`] writes the cell as a library entry. The page is `docs/identify.md`.

mod comparison;
mod drive;
mod entry;
mod error;
mod fit;
mod known;
mod model;
mod ocv;
mod options;
pub mod plots;
mod request;
mod result;
mod sign;
mod soc;
mod solve;
mod spec;
mod start;
mod temperature;
mod told;
mod trace;
mod values;

pub use comparison::{Beside, Comparison};
pub use entry::{CellNames, cell_toml};
pub use error::{IdentifyError, TraceError};
pub use fit::identify;
pub use options::IdentifyOptions;
pub use request::TraceRequest;
pub use result::{Backing, Identified};
pub use sign::Sign;
pub use trace::{Sample, Trace};
pub use values::{Told, Value};
