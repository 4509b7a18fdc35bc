//! Tables and files.

mod frame;

pub use frame::{Column, Frame, Values};
