//! Power at one place: what the sources offer, what is asked for, and how a battery stands between them.
//!
//! A [`SitePlan`] says what stands there. A [`Run`] takes it from day to day: weather, load, grid and genset meet any
//! [`Storage`] by written-down rules, and each year comes to a [`SiteYear`]. Rules and equations: `docs/site.md`.

mod books;
mod clouds;
mod dispatch;
pub mod plain;
mod plan;
mod run;
mod storage;
mod surroundings;
#[cfg(test)]
mod tests;
mod trace;
mod year;

pub use clouds::Clouds;
pub use plan::{Array, Converter, Coupling, GensetPlan, GridPlan, Place, Priority, RechargePlan, SitePlan, Strategy};
pub use run::{Run, SiteError};
pub use storage::{Condition, Given, Shortage, Storage};
pub use surroundings::{Surroundings, YearOrder};
pub use trace::HourTrace;
pub use year::{DWELL_SOC, DWELL_TEMPERATURE_C, Dwell, HourOfDay, Month, SiteYear};
