//! What a projection is made of.

use super::parameter::{Param, Parameters, Scope};
use super::retirement::Fleet;
use crate::economics::{PriceSet, TargetSpec};
use crate::life::recycling::{CompositionSpec, RouteSpec};

/// When in a year its inflow takes place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// On its first day.
    Start,
    /// In its middle.
    Middle,
    /// On its last day.
    End,
    /// Evenly over the year.
    #[default]
    Spread,
}

/// What happens where a given stock falls faster than lives allow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Negative {
    /// An error that names year and series.
    #[default]
    Refuse,
    /// The inflow is negative, and said so.
    Allow,
    /// The inflow is zero, all cohorts lose the same share, and it is said so.
    Correct,
}

/// Form of a law of life; mean and standard deviation are parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LifeLaw {
    /// All at one age.
    Fixed,
    /// Normal, with what lies below age 0 leaving at once.
    #[default]
    Normal,
    /// Normal, cut at age 0.
    TruncatedNormal,
    /// Folded normal; mean and standard deviation are those before folding.
    FoldedNormal,
    /// Lognormal.
    Lognormal,
    /// Weibull.
    Weibull,
    /// Logistic.
    Logistic,
    /// Gamma.
    Gamma,
    /// By the plan's table of survival, its ages stretched so that its mean is that of the parameter.
    Table,
}

/// Survival by age of vehicles and batteries, where their law is a table: ages \[year\] rising, shares falling to 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifeTables {
    /// Of vehicles.
    pub vehicle: Vec<(f64, f64)>,
    /// Of batteries.
    pub battery: Vec<(f64, f64)>,
}

/// Where lives and states come from.
#[derive(Clone, Debug)]
pub enum Lives {
    /// Laws of life for vehicle and battery, a straight fade.
    Closed {
        /// Of the vehicle.
        vehicle: LifeLaw,
        /// Of the battery.
        battery: LifeLaw,
    },
    /// Packs of this run, by series: `fleets[of_series[s]]`. The vehicle's life is a law, shortened by use.
    Physics {
        /// Law of the vehicle.
        vehicle: LifeLaw,
        /// Populations.
        fleets: Vec<Fleet>,
        /// Number of the population of each series.
        of_series: Vec<usize>,
    },
}

/// A chemistry.
#[derive(Clone, Debug)]
pub struct Chemistry {
    /// Name in tables.
    pub name: String,
    /// Materials of a kWh.
    pub composition: CompositionSpec,
}

/// Inflow of one region, chemistry and segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Number of the region.
    pub region: usize,
    /// Number of the chemistry.
    pub chemistry: usize,
    /// Number of the segment.
    pub segment: usize,
    /// Nominal energy put on the road in each year; where stocks are given, the stock of the region
    /// and segment at its end, times the share of the chemistry in the year's inflow \[GWh\].
    pub gwh: Vec<f64>,
    /// Nominal energy on the road at the start of the first year, by the year in which it came there: that of the oldest
    /// cohort first, [`SupplyPlan::before`] of them \[GWh\].
    pub opening: Vec<f64>,
}

/// A figure that somebody published.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// Who, when.
    pub study: String,
    /// Region in the study's words.
    pub region: String,
    /// What it is, in the study's words.
    pub what: String,
    /// Which of our quantities stands beside it, by name; none where no quantity means the same.
    pub quantity: Option<String>,
    /// Calendar year.
    pub year: i32,
    /// First year of a sum that ends with that year; none where it is a figure of the year alone.
    pub from: Option<i32>,
    /// Least and most \[GWh or GWh/year\].
    pub gwh: [f64; 2],
    /// `read`, `recalled` or `ran`.
    pub status: String,
}

/// "What must be true for so much second-life supply in a year?"
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Wanted useful energy offered to the second life \[GWh/year\].
    pub gwh: f64,
    /// In which year.
    pub year: i32,
}

/// A projection.
#[derive(Clone, Debug)]
pub struct SupplyPlan {
    /// First calendar year.
    pub first_year: i32,
    /// Number of years.
    pub years: usize,
    /// Number of years before the first from which batteries are on the road at its start.
    pub before: usize,
    /// Last year that is history: growth is uncertain after it.
    pub history_until: i32,
    /// Names of the regions.
    pub regions: Vec<String>,
    /// Chemistries.
    pub chemistries: Vec<Chemistry>,
    /// Names of the segments.
    pub segments: Vec<String>,
    /// Inflow, or stock.
    pub series: Vec<Series>,
    /// Stocks are given, and what to do where they fall too fast; none where inflow is given.
    pub stock_driven: Option<Negative>,
    /// When in the year inflow takes place.
    pub entry: Entry,
    /// Lives.
    pub lives: Lives,
    /// Tables of survival for the laws that are one.
    pub life_tables: LifeTables,
    /// Parameters.
    pub parameters: Parameters,
    /// Correlation of the normal scores of two parameters, each pair once.
    pub correlations: Vec<(Param, Param, f64)>,
    /// Routes by name: `hydro`, `pyro`, `direct`, `mechanical`.
    pub routes: [RouteSpec; 4],
    /// Prices and emission factors.
    pub prices: PriceSet,
    /// Targets each region is held to, with the name of the entry.
    pub targets: Vec<Option<(String, TargetSpec)>>,
    /// Share of recycled material demanded in new batteries, by region: material and steps.
    pub content_targets: Vec<Vec<(String, crate::economics::Steps)>>,
    /// Number of draws; 0 for the central values only.
    pub draws: u32,
    /// Base draws of the shares of variance; 0 for rank correlations only.
    pub saltelli: u32,
    /// Seed.
    pub seed: u64,
    /// What must be true.
    pub question: Option<Question>,
    /// Figures of others.
    pub projections: Vec<Projection>,
}

impl SupplyPlan {
    /// Number of the group of a region and chemistry.
    pub fn group(&self, region: usize, chemistry: usize) -> usize {
        region * self.chemistries.len() + chemistry
    }

    /// Number of groups.
    pub fn groups(&self) -> usize {
        self.regions.len() * self.chemistries.len()
    }

    /// Number of cohorts: those on the road at the start, then one a year.
    pub fn cohorts(&self) -> usize {
        self.before + self.years
    }

    /// Calendar year in which a cohort came on the road, counted from the oldest.
    pub fn came(&self, cohort: usize) -> i32 {
        self.first_year - self.before as i32 + cohort as i32
    }

    /// Calendar year of a year of the plan.
    pub fn calendar(&self, year: usize) -> i32 {
        self.first_year + year as i32
    }

    /// A scope in words; empty where it is everywhere.
    pub fn place_name(&self, scope: Scope) -> String {
        let chemistry = scope.chemistry.map(|c| &self.chemistries[c].name);
        let names = [scope.region.map(|r| &self.regions[r]), chemistry, scope.segment.map(|s| &self.segments[s])];
        names.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Region, chemistry and segment of a series in words.
    pub fn series_name(&self, series: usize) -> String {
        let s = &self.series[series];
        format!("{}, {}, {}", self.regions[s.region], self.chemistries[s.chemistry].name, self.segments[s.segment])
    }

    /// Region and segment of a series in words.
    pub fn market_name(&self, series: usize) -> String {
        let s = &self.series[series];
        format!("{}, {}", self.regions[s.region], self.segments[s.segment])
    }

    /// Region and chemistry of a group in words.
    pub fn group_name(&self, group: usize) -> String {
        let chemistries = self.chemistries.len();
        format!("{}, {}", self.regions[group / chemistries], self.chemistries[group % chemistries].name)
    }
}
