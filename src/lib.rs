//! packlife simulates the whole life of a battery pack.

pub mod aging;
pub mod cell;
pub mod duty;
pub mod economics;
pub mod life;
pub mod monte;
pub mod numeric;
#[cfg(feature = "output")]
pub mod output;
pub mod pack;
#[cfg(feature = "report")]
pub mod report;
pub mod weather;
