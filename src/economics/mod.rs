//! Money and emissions: price sets, materials, present values. Knows nothing of simulation.

mod materials;
mod prices;

pub use materials::Materials;
pub use prices::PriceSet;
