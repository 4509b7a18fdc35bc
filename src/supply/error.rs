//! What can be wrong with a plan of supply.

use super::draws::CorrelationError;
use super::parameter::Param;
use super::survival::LifeError;
use thiserror::Error;

/// Why a projection cannot be made.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SupplyError {
    /// The plan has nothing to project.
    #[error("no {what} in the plan")]
    Empty {
        /// Years, regions, chemistries, segments or series.
        what: &'static str,
    },
    /// A list is not as long as what it stands for.
    #[error("{what}: {found} given, {wanted} needed")]
    Length {
        /// Which list.
        what: String,
        /// Its length.
        found: usize,
        /// The length it needs.
        wanted: usize,
    },
    /// A number names something that is not there.
    #[error("{what} {index} is not one of {count}")]
    Unknown {
        /// Region, chemistry, segment or population.
        what: &'static str,
        /// Its number.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A parameter without which nothing can be said has no value for a series.
    #[error("{} has no value for {series}", param.name())]
    Missing {
        /// The parameter.
        param: Param,
        /// Region, chemistry and segment.
        series: String,
    },
    /// A parameter is given for segments although it acts where segments are no longer told apart.
    #[error("{} cannot differ by {by}: it acts on what is no longer told apart by it", param.name())]
    ScopeTooNarrow {
        /// The parameter.
        param: Param,
        /// `segment` or `chemistry`.
        by: &'static str,
    },
    /// An inflow or stock is not a number, or below zero.
    #[error("{series}, {year}: {gwh} GWh is no energy")]
    Energy {
        /// Region, chemistry and segment.
        series: String,
        /// Calendar year.
        year: i32,
        /// What is given.
        gwh: f64,
    },
    /// A stock falls faster than the lives of its batteries allow.
    #[error("{series}, {year}: the stock of {stock:.4} GWh would need an inflow of {inflow:.4} GWh")]
    NegativeInflow {
        /// Region, chemistry and segment.
        series: String,
        /// Calendar year.
        year: i32,
        /// Given stock \[GWh\].
        stock: f64,
        /// Inflow that would balance it \[GWh/year\].
        inflow: f64,
    },
    /// Nothing of a year's inflow is left at its end, so a stock cannot be met.
    #[error("{series}, {year}: lives are so short that nothing of a year's inflow is left at its end")]
    NothingLeft {
        /// Region, chemistry and segment.
        series: String,
        /// Calendar year.
        year: i32,
    },
    /// A law of life cannot have the mean and standard deviation of a draw.
    #[error("{series}, {year}: {error}")]
    Life {
        /// Region, chemistry and segment.
        series: String,
        /// Calendar year.
        year: i32,
        /// Why not.
        error: LifeError,
    },
    /// A population cannot be used.
    #[error("population {fleet}: {reason}")]
    Fleet {
        /// Its name.
        fleet: String,
        /// Why not.
        reason: &'static str,
    },
    /// What went in is not what came out and what is left.
    #[error("mass balance of {group} open by {error:e} relative in {year}")]
    Balance {
        /// Region and chemistry.
        group: String,
        /// Calendar year.
        year: i32,
        /// Relative gap.
        error: f64,
    },
    /// A result is no number.
    #[error("{quantity} of {group} is no finite number in {year}")]
    NotFinite {
        /// Name of the quantity.
        quantity: &'static str,
        /// Region and chemistry.
        group: String,
        /// Calendar year.
        year: i32,
    },
    /// Correlations that cannot be.
    #[error(transparent)]
    Correlation(#[from] CorrelationError),
    /// Something went wrong in a draw.
    #[error("draw {number}: {source}")]
    Draw {
        /// Its number.
        number: u64,
        /// What.
        source: Box<SupplyError>,
    },
    /// More draws cannot be projected than can be left out.
    #[error("{refused} of {all} draws cannot be projected, more than one in a hundred; the first of them: {first}")]
    Refused {
        /// How many.
        refused: usize,
        /// Of how many.
        all: usize,
        /// Why the first cannot.
        first: Box<SupplyError>,
    },
    /// Somebody asked to stop.
    #[error("stopped before the end")]
    Stopped,
}

impl SupplyError {
    /// Whether no more is wrong than that a draw's values cannot be together; the plan may hold in all others.
    pub(super) fn is_of_draw(&self) -> bool {
        matches!(self, SupplyError::Life { .. } | SupplyError::NegativeInflow { .. } | SupplyError::NothingLeft { .. })
    }

    /// The same, with the number of the draw in which it came up.
    pub(super) fn in_draw(self, number: u64) -> Self {
        if self == SupplyError::Stopped { self } else { SupplyError::Draw { number, source: Box::new(self) } }
    }
}
