//! Tables and summary of a projection of supply.

mod balance;
mod bands;
mod central;
mod cohorts;
mod compliance;
mod drivers;
mod flows;
mod frames;
mod must;
mod published;
mod summary;
mod summary_text;
mod view;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use frames::{FRAMES, frames};
pub use summary::{Asked, DriverLine, Published, Summary, YearLine};
pub use view::Estimate;

#[cfg(feature = "report")]
pub(crate) use flows::{End, flows};
#[cfg(feature = "report")]
pub(crate) use published::{Beside, beside};
#[cfg(feature = "report")]
pub(crate) use summary::{OfYear, rank_correlation};
#[cfg(feature = "report")]
pub(crate) use summary_text::{estimate, leading, share_of, span};
#[cfg(feature = "report")]
pub(crate) use view::View;
