//! Figures and the page that shows them.

pub(crate) mod axes;
pub(crate) mod canvas;
mod costs;
mod decision;
mod durations;
mod exits;
mod fan;
mod figure;
mod grades;
mod html;
mod ledger;
mod masses;
mod offer;
mod offer_charts;
mod offer_data;
mod page;
mod parts;
mod sankey;
pub mod sizing;
pub mod supply;
mod unmet;

#[cfg(test)]
mod offer_tests;
#[cfg(test)]
mod tests;

pub use figure::{Figure, figures};
pub(crate) use html::OUTSIDE_WARNING;
pub use html::html;
pub use offer::{OfferFacts, OfferInput, OfferTest, offer};
pub use page::{ProvenanceRow, ReportInput};

/// Text that means itself inside markup, in attributes too.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
