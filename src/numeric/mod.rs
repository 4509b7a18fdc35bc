//! Mathematics that knows nothing of batteries: streams of random numbers, tables, rainflow, histograms, the calendar.

pub mod calendar;
pub mod exponential;
pub mod grid;
pub mod histogram;
pub mod rainflow;
pub mod relaxation;
pub mod root;
pub mod special;
pub mod stats;
pub mod stream;
pub mod table;
pub mod tridiagonal;
