//! Money and emissions: price sets, materials, present values, targets of recovery, the value of reuse against
//! recycling. Knows nothing of simulation.

mod choice;
pub mod homer;
mod lcoe;
mod materials;
mod npc;
mod price_path;
mod prices;
mod site_prices;
mod targets;
mod value;

pub use choice::{Choice, Recycling, ReuseTerms, Values, switching_soh};
pub use lcoe::{LinearCost, UsedPrice, cost_of_service, discounted, lcoe_of_year, levelised};
pub use materials::{IN_CATHODE, Materials};
pub use npc::{Part, discount};
pub use price_path::{Future, PricePath};
pub use prices::{PriceSet, Refurbishment};
pub use site_prices::{DIESEL_CO2_KG_PER_L, SitePrices};
pub use targets::{Steps, TargetSpec};
pub use value::present_value;
