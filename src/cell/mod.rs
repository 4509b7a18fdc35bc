//! One cell.

mod spec;

pub use spec::{CellSpec, Chemistry};
