//! The stages of a life, each from state to state; `journey` strings them together.

mod accepted;
mod bought;
mod constants;
pub mod costs;
pub mod decision;
mod enduring;
pub mod exit;
mod first_life;
pub mod grading;
mod journey;
mod money;
pub mod outcome;
pub mod plan;
pub mod plant;
pub mod record;
pub mod recycling;
pub mod repurposing;
mod second_life;

/// A battery that serves a site, and is renewed there.
pub mod serving {
    pub use super::second_life::{Served, Serving, Start, site_run};
}

pub use accepted::Accepted;
pub(crate) use constants::NEW_PACK_YEARS;
pub use constants::{CONSTANTS, Constant};
pub use enduring::Endured;
pub use journey::{BALANCE_TOLERANCE, Journey, JourneyError};
