//! Tables and summary of a sizing study.

mod charging;
mod costs;
mod designs;
mod frames;
mod hours;
mod options;
mod paths;
mod site_months;
mod stats;
mod summary;
mod summary_text;
mod traces;
mod words;
mod years;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use charging::{ChargingSummary, Hire, Recharge, Sessions};
pub use frames::{FRAMES, frames};
pub use summary::{BreakEvenPrice, End, Kwh, Shares, Summary};

#[cfg(feature = "report")]
pub(crate) use costs::parts;
#[cfg(feature = "report")]
pub(crate) use stats::{Basis, day_of, mean, mean_month, quantiles, service_years, year};
#[cfg(feature = "report")]
pub(crate) use summary_text::whole_percent;
#[cfg(feature = "report")]
pub(crate) use words::{MONTHS, SEASONS, option, rating, renewal};
