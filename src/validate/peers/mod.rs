//! Results of other programs, run in their owners' own code.
//!
//! Faults of a peer's code that our laws do not have are repeated here, by name, and nowhere else.

mod blast;
mod duty;
mod notes;
mod pysam;
mod simses;

use super::SetFn;

/// Kinds of set from peers.
pub(super) const SETS: &[SetFn] =
    &[blast::rates, blast::stressors, blast::trajectories, simses::losses, pysam::losses, notes::of_gaps];
