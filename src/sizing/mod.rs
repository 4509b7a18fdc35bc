//! Which design is still enough in its last year of service, and what it costs.
//!
//! A [`SizingPlan`] lists sizes; [`run`] rates every combination by a fast balance, simulates those in full that it cannot
//! rule out, and returns the one with the least mean NPC whose LPSP in the last year keeps the target on the wanted share of
//! paths. Whoever simulates is a [`Simulator`]; [`OnSite`] is the real one.

mod edges;
mod fade;
mod headline;
mod hire;
mod lanes;
mod lead_acid;
mod lives;
mod money;
mod on_site;
mod options;
mod plan;
mod pool;
mod result;
mod screen;
mod screening;
mod search;
mod shortfall;
mod simulator;
mod study;
mod tornado;

pub use hire::{Charging, GensetAlone, HireTerms, HireYear, Recharge, SessionYear, SiteFacts};
pub use lead_acid::LeadAcid;
pub use money::{Books, Terms, at_share, battery_price, books};
pub use on_site::OnSite;
pub use options::lcos_at_price;
pub use plan::{BatteryPrices, Lists, NEW, SizingPlan};
pub use pool::Pool;
pub use result::{
    BreakEven, Cause, CostSplit, Design, Detail, Grade, HourTrace, Method, Money, OptionKind, OptionResult, PathLife,
    Quantiles, Rated, Renewal, ScreenError, Shortfall, SizingResult, Swing, Target,
};
pub use screen::{Balance, Bucket, Engine, Hours, Plant};
pub use search::SizingError;
pub use simulator::{Ask, Change, Lived, Simulator};
pub use study::run;

#[cfg(test)]
mod tests;
