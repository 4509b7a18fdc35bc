//! Money and emissions: price sets, materials, present values. Knows nothing of simulation.

mod materials;
mod prices;
mod value;

pub use materials::Materials;
pub use prices::PriceSet;
pub use value::present_value;
