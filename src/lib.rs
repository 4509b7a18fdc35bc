//! packlife simulates the whole life of a battery pack.

pub mod cell;
#[cfg(feature = "cli")]
pub mod cli;
pub mod duty;
pub mod economics;
pub mod library;
pub mod life;
pub mod monte;
#[cfg(feature = "output")]
pub mod output;
#[cfg(feature = "scenario")]
pub mod scenario;
pub mod weather;
