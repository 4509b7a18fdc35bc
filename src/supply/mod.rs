//! Supply of whole regions: cohorts of batteries from the factory through vehicles and storage to the recycler.
//!
//! `survival` and `cohort` hold lives and stocks, `retirement` what leaves vehicles and in what state, `after` where it
//! goes, `draws` and `question` what is uncertain and what must be true.

mod bands;
mod compliance;
mod draws;
mod error;
mod fleet;
mod model;
mod parameter;
mod plan;
mod quantity;
mod question;
mod result;
mod retirement;
mod run;
mod study;
#[cfg(test)]
mod testing;
mod value;
mod variance;
mod words;

pub use compliance::Compliance;
pub use draws::{CorrelationError, Draw, Draws};
pub use error::SupplyError;
pub use fleet::{FleetError, FleetOptions, fleet};
pub use model::{ByCohort, Evaluated};
pub use parameter::{Band, Knot, Param, Parameters, Rule, Scale, Scope};
pub use plan::{Chemistry, Entry, LifeLaw, Lives, Negative, Projection, Question, Series, SupplyPlan};
pub use quantity::Quantity;
pub use result::{Driver, Must, SupplyResult, Table, Warning};
pub use retirement::{CAUSES, Cause, Fleet, NODES, Path, Retirement, SecondLives};
pub use run::{evaluations, run_with};
pub use value::SCORE_P90;
pub use variance::{Shares, rank_correlation, shares_of};
