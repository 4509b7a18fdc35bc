//! Many packs: the engine that lives them on all cores, and what is remembered of them.

mod engine;
mod paths;
mod result;

pub use engine::{Observer, Silent, StudyError, run};
pub use result::{Life, PackRow, StudySummary, TrajectoryPoint, YearPoint};
