//! Supply of whole regions: cohorts of batteries from the factory through vehicles and storage to the recycler.
//!
//! `survival` and `cohort` hold lives and stocks, `retirement` what leaves vehicles and in what state, `after` where it
//! goes, `draws` and `question` what is uncertain and what must be true.

mod after;
mod balance;
mod compliance;
mod draws;
mod error;
#[cfg(test)]
mod fixture;
mod inflow;
mod lives;
mod model;
mod parameter;
mod plan;
mod quantity;
mod recycle;
mod result;
mod retirement;
mod survival;
mod value;
mod values;

pub use balance::BALANCE_TOLERANCE;
pub use compliance::Compliance;
pub use draws::{CorrelationError, Draw, Draws};
pub use error::SupplyError;
pub use model::{ByCohort, Evaluated, Model, evaluate};
pub use parameter::{Band, Knot, Param, Parameters, Rule, Scale, Scope};
pub use plan::{Chemistry, Entry, LifeLaw, Lives, Negative, Projection, Question, Series, SupplyPlan};
pub use quantity::Quantity;
pub use result::{Driver, Must, SupplyResult, Table, Warning};
pub use retirement::{CAUSES, Cause, Fleet, NODES, Path, Renewed, Retirement, SecondLives, States};
pub use survival::{Life, LifeError};
pub use value::SCORE_P90;
pub use values::Level;
