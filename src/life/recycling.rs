//! Materials back from a pack, route by route.

use crate::economics::Materials;
use serde::Deserialize;

/// An entry of the `compositions` category \[kg per nameplate kWh of pack\].
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositionSpec {
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
    /// Share of each material recovered as a product, 0..=1.
    pub recovery: Materials,
    /// Cost of processing \[USD per kg of pack\].
    pub process_cost_usd_per_kg: f64,
    /// Emissions of processing \[kg CO2e per kg of pack\].
    pub process_co2_kg_per_kg: f64,
}
