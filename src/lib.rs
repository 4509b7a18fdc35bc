//! packlife simulates the whole life of a battery pack.

pub mod aging;
pub mod cell;
#[cfg(feature = "cli")]
pub mod cli;
pub mod duty;
pub mod economics;
pub mod library;
pub mod life;
pub mod monte;
pub mod numeric;
#[cfg(feature = "output")]
pub mod output;
pub mod pack;
#[cfg(feature = "report")]
pub mod report;
#[cfg(feature = "scenario")]
pub mod scenario;
pub mod weather;
