//! Modules in series. What is stepped is the *unit*: a module, a single cell or a whole pack, each with its own capacity,
//! resistance, temperature and aging; see [`Build`].
//!
//! All units in series carry one current, so a step needs one solve: sum EMF and resistance, take the root of the power
//! equation, and update every unit in closed form. The weakest unit sets every limit. Cells in parallel are reduced to
//! one source first, and share its current by theirs.
//!
//! [`terminal`] joins strings on one bus without converters. [`network`] is for reference: a few cells of the reference
//! model, wired in any way.

mod balancing;
mod cells;
mod condition;
mod conduction;
#[cfg(test)]
mod fidelity_tests;
mod join;
mod kernel;
mod ledger;
mod limits;
pub mod network;
mod power;
mod replace;
mod spread;
mod string;
pub mod terminal;
#[cfg(test)]
mod tests;

pub use condition::{
    CONDITION_K, CYCLE_C_RATE, CYCLE_SOC, Condition, POWER_SECONDS, POWER_SOC, remaining_power_w, round_trip_efficiency,
};
pub use join::JoinError;
pub use ledger::Ledger;
pub use limits::{Limit, Limits};
pub use power::{PowerAt, PowerLimit, PowerQuestion, power_at};
pub use spread::{CellSpread, ModuleSpread, Spread};
pub use string::{Build, Environment, Fidelity, Flow, ModuleString};
