//! Modules in series: the unit of simulation is the module, with its own capacity, resistance, temperature and aging.
//!
//! All modules of a string carry one current, so a step needs one solve: sum EMF and resistance, take the root of the
//! power equation, and update every module in closed form. The weakest module sets every limit.
//!
//! [`terminal`] joins strings on one bus without converters. [`network`] is for a few cells that are wired in parallel too, with currents between them.

mod balancing;
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

pub use ledger::Ledger;
pub use limits::{Limit, Limits};
pub use power::{PowerAt, PowerLimit, PowerQuestion, power_at};
pub use spread::{ModuleSpread, Spread};
pub use string::{Environment, Flow, ModuleString};
