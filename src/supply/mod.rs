//! Supply of whole regions: cohorts of batteries from the factory through vehicles and storage to the recycler.
//!
//! `survival`, `cohort` and `pairs` hold lives and stocks, `lives` and `retirement` what leaves vehicles and in what state,
//! `after` where it goes, `model` all of one draw; `draws` and `question` what is uncertain and what must be true; `at_once`
//! and `beyond` warn where laws or simulated packs say less than they are asked.

mod after;
mod at_once;
mod balance;
mod bands;
mod beyond;
pub mod cohort;
mod compliance;
mod draws;
mod error;
pub mod exits;
#[cfg(test)]
mod fixture;
mod fleet;
mod inflow;
mod lives;
mod model;
mod pairs;
mod parameter;
mod plan;
mod quantity;
mod question;
mod recycle;
mod result;
mod retirement;
mod run;
mod study;
mod survival;
#[cfg(test)]
mod testing;
mod value;
mod values;
mod variance;
mod words;

pub use balance::BALANCE_TOLERANCE;
pub use compliance::Compliance;
pub use draws::{CorrelationError, Draw, Draws};
pub use error::SupplyError;
pub use fleet::{FleetError, FleetOptions, fleet};
pub use model::{ByCohort, Evaluated, Model, evaluate};
pub use pairs::{
    Given, PairEnds, PairError, PairRules, PairYear, Pairs, UnitExits, project, unit_exits, unit_exits_by,
    yearly_hazards,
};
pub use parameter::{Band, Knot, Param, Parameters, Rule, Scale, Scope};
pub use plan::{Chemistry, Entry, LifeLaw, LifeTables, Lives, Negative, Projection, Question, Series, SupplyPlan};
pub use quantity::Quantity;
pub use result::{Driver, Moved, Must, SupplyResult, Table, Warning};
pub use retirement::{CAUSES, Cause, Fleet, LostPacks, NODES, Path, Renewed, Retirement, SecondLives, States};
pub use run::{evaluations, run, run_with};
pub use survival::{Life, LifeError};
pub use value::SCORE_P90;
pub use values::Level;
pub use variance::{Shares, rank_correlation, shares_of};
pub use words::noun;
