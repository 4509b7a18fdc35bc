//! Which design is still enough in its last year of service, and what it costs.

mod result;

pub use result::{
    BreakEven, Cause, CostSplit, Design, Detail, Grade, HourTrace, Method, Money, OptionKind, OptionResult, PathLife,
    Quantiles, Rated, Renewal, ScreenError, Shortfall, SizingResult, Swing, Target,
};
