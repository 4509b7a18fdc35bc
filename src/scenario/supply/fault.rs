//! What can be wrong with a projection and its files.

use super::super::fault::{figure, with_unit};

/// What can be wrong with a projection and its files.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SupplyFault {
    /// The scenario is a projection, and packs were asked for.
    #[error("this is a projection of supply, and not the life of packs")]
    IsProjection,
    /// The scenario is the life of packs, and a projection was asked for.
    #[error("this is the life of packs, and no projection of supply: there is no table `[supply]`")]
    NoProjection,
    /// A key or table of the life of packs in a projection.
    #[error("`{name}` has no place in a projection of supply")]
    OfPacks {
        /// As written.
        name: String,
    },
    /// Neither inflow nor stock, or both.
    #[error("`[supply]` must name either an `inflow` or a `stock`")]
    InflowOrStock,
    /// What to do with a negative inflow, and the inflow is given.
    #[error("`negative_inflow` says what to do where a `stock` falls, and the inflow is given")]
    NegativeOfInflow,
    /// Years in no order.
    #[error("the years are in no order: first {first}, history until {until}, last {last}")]
    Years {
        /// First year.
        first: i32,
        /// Last year of history.
        until: i32,
        /// Last year.
        last: i32,
    },
    /// Half a question.
    #[error("a question needs both `question_gwh` and `question_year`")]
    HalfQuestion,
    /// A year outside the projection.
    #[error("{year} lies outside the years of the projection, {first} to {last}")]
    YearOutside {
        /// The year.
        year: i32,
        /// First year.
        first: i32,
        /// Last year.
        last: i32,
    },
    /// What is on the road at the start came there later.
    #[error("{year} is not before the first year, {first}: what comes later is inflow")]
    NotBefore {
        /// The year.
        year: i32,
        /// First year.
        first: i32,
    },
    /// A sum that ends before it begins.
    #[error("a sum from {from} cannot end in {year}")]
    Backwards {
        /// First year.
        from: i32,
        /// Last year.
        year: i32,
    },
    /// The file cannot be read.
    #[error("cannot read the file of {what} `{file}`: {reason}")]
    Unreadable {
        /// What it holds.
        what: &'static str,
        /// File as looked for.
        file: String,
        /// The system's words.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// Columns between other marks than commas.
    #[error("columns stand between {found} here, and not between commas")]
    Separator {
        /// In words.
        found: &'static str,
    },
    /// Nothing in it.
    #[error("the file of {what} holds no row")]
    NoRows {
        /// What it should hold.
        what: &'static str,
    },
    /// A column that is not known.
    #[error("unknown column `{name}`")]
    UnknownColumn {
        /// As written.
        name: String,
        /// Columns like it.
        nearest: Vec<String>,
        /// All columns.
        known: &'static [&'static str],
    },
    /// A column that is there twice.
    #[error("the column `{name}` is there twice")]
    SameColumn {
        /// As written.
        name: String,
    },
    /// A column that must be there.
    #[error("the column `{name}` is missing")]
    MissingColumn {
        /// Its name.
        name: &'static str,
    },
    /// A row with more or fewer fields than the header.
    #[error("the row has {found} fields, the header {expected}")]
    Ragged {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A quote that does not end on its line.
    #[error("a quote is not closed")]
    OpenQuote,
    /// A field that must be filled in.
    #[error("the row has no `{column}`")]
    EmptyField {
        /// Column.
        column: &'static str,
    },
    /// A field that is no number.
    #[error("column `{column}`: `{value}` is not {expected}")]
    NotANumber {
        /// Column.
        column: &'static str,
        /// As written.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A number outside its range.
    #[error("`{name}` is {}, outside the allowed range {} to {}{}", figure(*value), figure(*min), figure(*max), with_unit(unit))]
    OutOfRange {
        /// Column, or parameter.
        name: &'static str,
        /// Number as written.
        value: f64,
        /// Least allowed.
        min: f64,
        /// Most allowed.
        max: f64,
        /// Unit.
        unit: &'static str,
    },
    /// A name that does not occur.
    #[error("{what} `{name}` {}", if *elsewhere { "does not occur in this projection" } else { "is not known" })]
    UnknownName {
        /// Region, chemistry, parameter, ...
        what: &'static str,
        /// As written.
        name: String,
        /// Names like it.
        nearest: Vec<String>,
        /// All names.
        known: Vec<String>,
        /// Whether names are those that the other files of the scenario give.
        elsewhere: bool,
    },
    /// The same thing twice.
    #[error("{what} is given twice")]
    Twice {
        /// In words.
        what: String,
    },
    /// A value for all years beside values by year.
    #[error("`{parameter}` is given both for all years and by year")]
    AllYearsAndSome {
        /// Parameter.
        parameter: &'static str,
    },
    /// Years at the ends that nobody gave.
    #[error("{what} is given for {from} to {to}, the projection runs from {first} to {last}")]
    YearsMissing {
        /// Series.
        what: String,
        /// First year given.
        from: i32,
        /// Last year given.
        to: i32,
        /// First year wanted.
        first: i32,
        /// Last year wanted.
        last: i32,
    },
    /// Shares that do not add up.
    #[error("the shares of {what} in {year} add up to {sum}, not to 1")]
    Shares {
        /// Region and segment.
        what: String,
        /// Year.
        year: i32,
        /// Sum.
        sum: f64,
    },
    /// Inflow of which nobody says what it is made of.
    #[error("no chemistry is given for {what}")]
    NoShares {
        /// Region and segment.
        what: String,
    },
    /// Two compositions for one chemistry.
    #[error("the chemistry `{chemistry}` is made as `{found}` here and as `{before}` above")]
    Composition {
        /// Chemistry.
        chemistry: String,
        /// Here.
        found: String,
        /// Before.
        before: String,
    },
    /// P10, value and P90 in no order.
    #[error("`{parameter}`: low {low}, value {value} and high {high} do not rise")]
    Order {
        /// Parameter.
        parameter: &'static str,
        /// P10.
        low: f64,
        /// P50.
        value: f64,
        /// P90.
        high: f64,
    },
    /// One end of a range only.
    #[error("`{parameter}` has a `{has}` and no `{lacks}`")]
    OneEnd {
        /// Parameter.
        parameter: &'static str,
        /// End given.
        has: &'static str,
        /// End not given.
        lacks: &'static str,
    },
    /// A parameter that nothing reads.
    #[error("`{parameter}` has no effect here: {why}")]
    NoEffect {
        /// Parameter.
        parameter: &'static str,
        /// Why.
        why: String,
    },
    /// More than everything goes the routes.
    #[error("the shares of the routes add up to {sum} in {year}, above 1")]
    Routes {
        /// Sum.
        sum: f64,
        /// Year.
        year: i32,
    },
    /// A fleet that nothing uses.
    #[error("{what} serves nothing: {why}")]
    Unused {
        /// What.
        what: String,
        /// Why.
        why: &'static str,
    },
    /// Inflow that no fleet stands for.
    #[error("no fleet stands for {what}")]
    NoFleet {
        /// Region, chemistry and segment.
        what: String,
    },
    /// The packs of a fleet cannot be simulated.
    #[error("fleet `{fleet}`: {message}")]
    Fleet {
        /// Fleet.
        fleet: String,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A law without its table.
    #[error("there is no table of survival for the {part}, whose law is `table`; it must end with a survival of 0")]
    NoLifeTable {
        /// Vehicle or battery.
        part: &'static str,
    },
    /// Correlations that no numbers can have together.
    #[error("{message}")]
    Correlations {
        /// Which, and why.
        message: String,
    },
    /// A name that results use for something else.
    #[error("`{name}` is no name of a region: results call the sum of all regions so")]
    Reserved {
        /// As written.
        name: String,
    },
    /// Nothing is put on the road, ever.
    #[error("there is no energy in any year")]
    NoEnergy,
    /// A table of life with a single age.
    #[error("the table of the {part} has one age, and needs two or more")]
    ShortTable {
        /// Vehicle or battery.
        part: &'static str,
    },
    /// A stock that falls faster than lives allow.
    #[error("{series}: the stock of {stock:.4} GWh at the end of {year} is {short:.4} GWh less than lives leave of it")]
    FallingStock {
        /// Region, chemistry and segment.
        series: String,
        /// Calendar year.
        year: i32,
        /// Given \[GWh\].
        stock: f64,
        /// What would have to leave \[GWh\].
        short: f64,
    },
    /// The central values cannot be projected.
    #[error("this cannot be projected: {message}")]
    Refused {
        /// Why not.
        message: String,
    },
    /// Too few base draws to tell shares of variance.
    #[error("`saltelli` is {found}, too few base draws for shares of variance")]
    FewBaseDraws {
        /// As given.
        found: u32,
        /// What is enough.
        least: u32,
    },
    /// A parameter among the overrides.
    #[error("`[overrides]` changes entries of the library, and `{path}` is none")]
    OverrideOfSupply {
        /// As written.
        path: String,
    },
    /// A unit that is not that of the quantity.
    #[error("the unit is `{unit}`, that of `{quantity}` is {expected}")]
    Unit {
        /// As written.
        unit: String,
        /// Quantity.
        quantity: String,
        /// Its unit.
        expected: &'static str,
    },
}
