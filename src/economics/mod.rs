//! Money and emissions: price sets, materials, present values, targets of recovery, the value of reuse against
//! recycling. Knows nothing of simulation.

mod choice;
pub mod homer;
mod materials;
mod price_path;
mod prices;
mod targets;
mod value;

pub use choice::{Choice, Recycling, ReuseTerms, Values, switching_soh};
pub use materials::{IN_CATHODE, Materials};
pub use price_path::{Future, PricePath};
pub use prices::{PriceSet, Refurbishment};
pub use targets::{Steps, TargetSpec};
pub use value::present_value;
