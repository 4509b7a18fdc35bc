//! Power at one place: what the sources offer, what is asked for, and how a battery stands between them.

pub mod plain;
mod storage;
mod year;

pub use storage::{Given, Shortage, Storage};
pub use year::{DWELL_SOC, DWELL_TEMPERATURE_C, Dwell, HourOfDay, Month, SiteYear};
