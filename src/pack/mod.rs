//! Modules in series: the unit of simulation is the module, with its own capacity, resistance, temperature and aging.
//!
//! All modules of a string carry one current, so a step needs one solve: sum EMF and resistance, take the root of the
//! power equation, and update every module in closed form. The weakest module sets every limit.
//!
//! [`network`] is for a few cells that are wired in parallel too, with currents between them.

mod kernel;
mod ledger;
mod limits;
pub mod network;
mod spread;
mod string;
#[cfg(test)]
mod tests;

pub use ledger::Ledger;
pub use limits::{Limit, Limits};
pub use spread::{ModuleSpread, Spread};
pub use string::{Environment, Flow, ModuleString};
