//! The stages of a life.

pub mod exit;
pub mod grading;
pub mod outcome;
pub mod plan;
pub mod recycling;
pub mod repurposing;
