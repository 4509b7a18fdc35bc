//! Many packs.

mod result;

pub use result::{Life, PackRow, StudySummary, TrajectoryPoint, YearPoint};
