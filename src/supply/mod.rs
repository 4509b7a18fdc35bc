//! Supply of whole regions: cohorts of batteries from the factory through vehicles and storage to the recycler.
//!
//! `survival` and `cohort` hold lives and stocks, `retirement` what leaves vehicles and in what state, `after` where it
//! goes, `draws` and `question` what is uncertain and what must be true.

pub mod cohort;
pub mod exits;
mod pairs;
mod parameter;
mod plan;
mod quantity;
mod result;
mod retirement;
mod survival;

pub use pairs::{
    Given, PairEnds, PairError, PairRules, PairYear, Pairs, UnitExits, project, unit_exits, unit_exits_by,
    yearly_hazards,
};
pub use parameter::{Band, Knot, Param, Parameters, Rule, Scale, Scope};
pub use plan::{Chemistry, Entry, LifeLaw, Lives, Negative, Projection, Question, Series, SupplyPlan};
pub use quantity::Quantity;
pub use result::{Driver, Must, SupplyResult, Table, Warning};
pub use retirement::{CAUSES, Cause, Fleet, NODES, Path, Retirement, SecondLives};
pub use survival::{Life, LifeError};
