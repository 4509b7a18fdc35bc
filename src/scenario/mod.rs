//! Scenarios: from a TOML text to a [`Plan`] of checked numbers that remember where they come from.
//!
//! Each key is defined once, in `tables`; parsing, checks, schema, reference page and starter file are views of it.

mod contradictions;
mod csv;
pub mod diagnose;
mod fault;
mod key;
mod load;
mod plan;
mod record;
mod reference;
mod resolve;
mod schema;
mod sheet;
mod site;
mod site_load;
mod sizing;
mod starter;
mod supply;
mod tables;
#[cfg(test)]
mod tests;
mod used;
mod walk;
mod weather;

pub use fault::{Problem, ScenarioFault};
pub use key::{Fallback, Key, Kind, Literal, Presence, Table};
pub use load::{LoadError, Scenario, load, load_supply, plan_from, read, supply_from};
pub use plan::{Origin, Plan, Resolved};
pub use reference::reference_page;
pub use schema::{json_schema, supply_json_schema};
pub use sheet::{Column, SheetFault};
pub use starter::starter;
pub use supply::{FleetPlan, SupplyFault, SupplyScenario};

/// The description of all keys of the life of packs, as a tree of tables.
pub fn root() -> &'static Table {
    &tables::root::TABLE
}

/// The description of all keys of a projection of supply.
pub fn supply_root() -> &'static Table {
    &supply::keys::projection::TABLE
}
