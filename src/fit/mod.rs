//! A law's numbers from a table of tests.
//!
//! [`Table`] reads check-ups of cells under known stress. [`fit`] finds the numbers of a law by least squares with
//! priors, predicting each check-up through [`crate::aging::AgingState`]: what is fitted is what lives are simulated
//! with. [`leave_out`] tells how well tests are foretold that the fit did not see. [`entry_toml`] writes the law as a
//! library entry with draws of its numbers.
//!
//! ```
//! use packlife::fit::{By, FitOptions, Row, Table, TestStress, fit, leave_out};
//!
//! let table = Table::parse("shelf.csv", "temperature_c,soc,time_days,capacity
//! 25,0.5,180,0.990
//! 25,0.5,360,0.984
//! 45,0.5,180,0.972
//! 45,0.5,360,0.955
//! 45,0.9,360,0.938
//! ", &[]).expect("sound");
//! let options = FitOptions::default();
//! let result = fit(&table, &options).expect("can be fitted");
//! let five_years = Row { days: 1826.0, ..Row::at(TestStress::storage(35.0, 0.6)) };
//! let foretold = &result.predict(&[five_years])[0];
//! assert!(foretold.low < foretold.capacity && foretold.capacity < foretold.high);
//! assert!(leave_out(&table, &options, By::Condition).expect("three conditions").rmse < 0.03);
//! ```

mod columns;
mod entry;
mod left_out;
mod model;
pub mod plots;
mod result;
mod solve;
mod space;
mod table;
#[cfg(test)]
mod tests;

pub use entry::{EntryNames, entry_toml};
pub use left_out::{By, LeaveOut, LeftOut, leave_out};
pub use model::predict;
pub use result::{FitError, FitOptions, FitResult, Fitted, Flag, Predicted, Residual, fit};
pub use solve::Weights;
pub use space::Prior;
pub use table::{DAYS_PER_YEAR, Row, Series, Table, TableError, TestStress};
