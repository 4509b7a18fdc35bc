//! Materials followed from the pack to the recycler.

use serde::Deserialize;

/// One value for each followed material; what the value means is said where it is used (kg, kg/kWh, USD/kg, a share).
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Materials {
    /// Lithium (as metal).
    pub lithium: f64,
    /// Nickel.
    pub nickel: f64,
    /// Cobalt.
    pub cobalt: f64,
    /// Manganese.
    pub manganese: f64,
    /// Copper.
    pub copper: f64,
    /// Aluminium.
    pub aluminium: f64,
    /// Graphite.
    pub graphite: f64,
    /// Steel.
    pub steel: f64,
}

impl Materials {
    /// Names in the order of [`Materials::values`].
    pub const NAMES: [&'static str; 8] =
        ["lithium", "nickel", "cobalt", "manganese", "copper", "aluminium", "graphite", "steel"];

    /// Values in the order of [`Materials::NAMES`].
    pub fn values(&self) -> [f64; 8] {
        [self.lithium, self.nickel, self.cobalt, self.manganese, self.copper, self.aluminium, self.graphite, self.steel]
    }

    /// Builds from values in the order of [`Materials::NAMES`].
    pub fn from_values(v: [f64; 8]) -> Self {
        Materials {
            lithium: v[0],
            nickel: v[1],
            cobalt: v[2],
            manganese: v[3],
            copper: v[4],
            aluminium: v[5],
            graphite: v[6],
            steel: v[7],
        }
    }
}
