//! How capacity is lost and resistance gained.
//!
//! A law is a list of mechanisms. Each keeps one number `z` that only ever grows by `rate x (time or cycles)`; the loss
//! is a function of it, `y = shape(z)`. Because the rate multiplies the driver inside the shape, adding up `z` is the
//! exact integration by equivalent time: any split of a step gives the same state, and no clock is ever restarted.
//! For a power law `y = k x^p` that is `z = y^(1/p)` with rate `k^(1/p)`.
//!
//! Losses belong to one of two paths: lithium inventory (LLI) and active material (LAM). The scarcer limits capacity.
//! A unit's own factor multiplies the loss, so a factor of 1.2 means 20 % more loss under the same stress.

pub mod graphite;
mod law;
pub mod laws;
mod state;

pub use law::{CycleStress, FittedRange, Law, Mechanism, Path, ResistanceGrowth, Shape};
pub use state::AgingState;
