//! What a projection gives.

use super::compliance::Compliance;
use super::parameter::Param;
use super::quantity::Quantity;

/// Values of all quantities by group and year.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    years: usize,
    groups: usize,
    values: Vec<f64>,
}

impl Table {
    /// Zeros.
    pub fn new(years: usize, groups: usize) -> Self {
        Table { years, groups, values: vec![0.0; Quantity::COUNT * groups * years] }
    }

    /// The years of a quantity in a group.
    pub fn of(&self, quantity: Quantity, group: usize) -> &[f64] {
        let at = (quantity as usize * self.groups + group) * self.years;
        &self.values[at..at + self.years]
    }

    /// The same to be written.
    pub fn of_mut(&mut self, quantity: Quantity, group: usize) -> &mut [f64] {
        let at = (quantity as usize * self.groups + group) * self.years;
        &mut self.values[at..at + self.years]
    }

    /// The same from a year on.
    pub fn from_year(self, first: usize) -> Self {
        if first == 0 {
            return self;
        }
        let rows = self.values.chunks_exact(self.years);
        let values = rows.flat_map(|row| row[first..].iter().copied()).collect();
        Table { years: self.years - first, groups: self.groups, values }
    }

    /// Number of years, number of groups.
    pub fn size(&self) -> [usize; 2] {
        [self.years, self.groups]
    }
}

/// Something a reader of the result must know.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// In words.
    pub text: String,
}

/// What a parameter does to the second-life supply of the year that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// The parameter.
    pub param: Param,
    /// Share of the variance by itself, with the standard error; none without the Saltelli sample, and of what cannot
    /// act.
    pub first_order: Option<[f64; 2]>,
    /// Share of the variance with all it acts with.
    pub total: Option<[f64; 2]>,
    /// Rank correlation; none without draws, and of what cannot act.
    pub rank_correlation: Option<f64>,
    /// Supply with the parameter at its P10 and at its P90, all else central \[GWh/year\].
    pub one_at_a_time: [f64; 2],
}

/// A parameter that an answer moves, where one rule holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The parameter.
    pub param: Param,
    /// Region, chemistry and segment of the rule in words; empty where it holds everywhere.
    pub place: String,
    /// Central value in the year that matters.
    pub central: f64,
    /// Value in the answer.
    pub value: f64,
}

/// An answer to "what must be true".
#[derive(Clone, Debug, PartialEq)]
pub struct Must {
    /// What is moved to meet the wanted supply: parameter by parameter, the places with most inflow first.
    pub moved: Vec<Moved>,
    /// Supply reached \[GWh/year\]; below the wanted where even the end of the range does not do.
    pub reached_gwh: f64,
    /// Whether the wanted supply is reached.
    pub met: bool,
    /// In words.
    pub words: String,
}

impl Must {
    /// Whether it moves one parameter only.
    pub fn is_alone(&self) -> bool {
        self.moved.windows(2).all(|pair| pair[0].param == pair[1].param)
    }
}

/// The result of a projection. Groups are region by region, each its chemistries in order: `region * chemistries +
/// chemistry`; `bands` have regions only, the sum of all last.
#[derive(Clone, Debug)]
pub struct SupplyResult {
    /// Central values by group.
    pub central: Table,
    /// Exits of the central values by `[cohort][year][cause]` for each group, nominal \[GWh\].
    pub by_cohort: Vec<Vec<Vec<[f64; super::CAUSES]>>>,
    /// P10, P50, P90, mean over the draws by region and for the sum of all.
    pub p10: Table,
    /// P50.
    pub p50: Table,
    /// P90.
    pub p90: Table,
    /// Mean.
    pub mean: Table,
    /// Number of draws behind them, without those that cannot be projected.
    pub draws: u32,
    /// Supply of the year asked about in each draw, all regions \[GWh/year\].
    pub asked: Vec<f64>,
    /// What moves it, strongest first.
    pub drivers: Vec<Driver>,
    /// Whether their shares of variance are those of the logarithm of the supply.
    pub shares_of_logarithm: bool,
    /// What must be true, one parameter at a time and all together.
    pub must: Vec<Must>,
    /// Probability that the question is met over the draws.
    pub met_share: Option<f64>,
    /// Largest relative error of the mass balance over all draws.
    pub balance_error: f64,
    /// Demands of rules, and what is reached.
    pub compliance: Vec<Compliance>,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}
