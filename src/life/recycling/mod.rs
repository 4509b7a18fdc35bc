//! Materials back from a pack, route by route, and what they are worth.

mod batches;
mod process;
mod worth;

pub use batches::Batch;
pub(super) use batches::{batches, mean_soh};
pub(crate) use process::{mass_error, recycle};
pub(crate) use worth::{materials_co2_kg, worth};

use crate::economics::{Materials, PricePath, TargetSpec};
use serde::Deserialize;

/// An entry of the `compositions` category \[kg per nameplate kWh of pack\].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositionSpec {
    /// Chemistry by which price sets name cathodes, gate fees and refurbishing; empty for none.
    #[serde(default)]
    pub chemistry: String,
    /// Followed materials \[kg/kWh\].
    pub materials_kg_per_kwh: Materials,
    /// Whole pack \[kg/kWh\].
    pub pack_kg_per_kwh: f64,
}

/// An entry of the `routes` category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSpec {
    /// Name for people.
    pub title: String,
    /// Share of each material recovered as a product of its own, 0..=1.
    pub recovery: Materials,
    /// Share of the cathode recovered as cathode material.
    #[serde(default)]
    pub cathode_recovery: f64,
    /// Share of the iron phosphate of a cathode recovered as such, where it has a price.
    #[serde(default)]
    pub iron_phosphate_recovery: f64,
    /// Share of cathode, graphite, carbon black and binder that leaves as black mass.
    #[serde(default)]
    pub black_mass_recovery: f64,
    /// Whether the lithium recovered falls with the SoH of the pack.
    #[serde(default)]
    pub lithium_by_soh: bool,
    /// Whether lithium that a cathode has lost is bought and put back: `1 - SoH` of what it held when new.
    #[serde(default)]
    pub lithium_make_up: bool,
    /// Cost of processing \[USD per kg of pack\].
    pub process_cost_usd_per_kg: f64,
    /// Emissions of processing \[kg CO2e per kg of pack\].
    pub process_co2_kg_per_kg: f64,
}

/// Whose books recycling is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Books {
    /// The owner of the pack recycles: materials sold, process paid.
    Process,
    /// The pack is handed to a recycler for the fee or credit of its chemistry.
    Gate,
}

impl Books {
    /// Whether what is recycled is moved once more: what comes back from a system always, all else when it is handed over.
    pub(super) fn moved(self, served: bool) -> bool {
        served || self == Books::Gate
    }
}

/// How recycling is booked and judged.
#[derive(Clone, Debug)]
pub struct RecyclingPlan {
    /// Whose books.
    pub books: Books,
    /// Targets that recycling is held to, with the name of their entry.
    pub targets: Option<(String, TargetSpec)>,
    /// How metal prices move after the year of the price set.
    pub price_path: PricePath,
    /// Calendar year in which the vehicles are sold.
    pub start_year: u32,
}
