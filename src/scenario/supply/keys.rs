//! The keys of a projection of supply: the root of its own scenarios.

use super::super::key::{
    Fallback::{Derived, Instead, Nothing},
    Key,
    Kind::{Choice, Entry, Paths, Real, Text, Whole},
    Literal, Presence, Table, assumed, plain, required, setting, table,
};
use super::super::tables::overrides;
use crate::library::Category::Prices;

/// Words of a law of life.
const LAWS: &[&str] =
    &["fixed", "normal", "truncated_normal", "folded_normal", "lognormal", "weibull", "logistic", "gamma", "table"];

const FIRST: Literal = Literal::Whole(2010);
const LAST: Literal = Literal::Whole(2050);
const UNTIL: Literal = Literal::Whole(2024);

/// A year that must be given.
const fn required_year(example: Literal) -> super::super::key::Fallback {
    super::super::key::Fallback::Required { example }
}

const YEAR: super::super::key::Kind = Whole { min: 1950, max: 2150 };

table! {
    /// Batteries of whole regions, from sales to second life and recycling. Files are CSV texts in UTF-8, looked for beside the
    /// scenario: commas between columns, a point in numbers, columns named in the first line and in any order; lines that begin
    /// with `#` are remarks. `source` and `assumed` (`true`, `false`) may be left out everywhere; without a source a row is assumed.
    projection at "", Required;
    /// Title of the study. Files are named after the scenario's file.
    name: String, "", Text, required("Supply of second-life batteries");
    /// Seed of all random numbers; one seed gives one result.
    seed: u64, "", Whole { min: 0, max: u64::MAX }, setting(Literal::Whole(1));
    /// Library files of your own, relative to this file. An entry of a known name replaces the built-in one.
    library: Vec<String>, "", Paths, Nothing;
    tables supply: supply::File, overrides: toml::Table;
}

table! {
    /// The projection.
    supply at "supply", Required;
    /// First calendar year.
    first_year: u32, "year", YEAR, required_year(FIRST);
    /// Last calendar year.
    last_year: u32, "year", YEAR, required_year(LAST);
    /// Last year whose inflow is known: growth is uncertain after it.
    history_until: u32, "year", YEAR, required_year(UNTIL);
    /// CSV file of batteries put on the road: `region` (any name but `all`), `segment`, `year`, `gwh`, all required, and `source`,
    /// `assumed`. Between the years given it is linear; the first and the last year must be covered.
    inflow: String, "", Text, Instead { example: Literal::Text("inflow.csv"), words: "`stock`" };
    /// CSV file of batteries on the road at the end of each year, in the same form, in place of the inflow.
    stock: String, "", Text, Instead { example: Literal::Text("stock.csv"), words: "`inflow`" };
    /// CSV file of batteries on the road at the start of the first year, in the same form; `year` is the one in which they
    /// came there.
    opening: String, "", Text, Nothing;
    /// What happens where a stock falls faster than lives allow: an error, a negative inflow, or an inflow of zero with
    /// all cohorts cut by the same share.
    negative_inflow: String, "", Choice(&["refuse", "allow", "correct"]), Derived("`refuse` where a `stock` is given");
    /// CSV file of shares of the energy: `region`, `year`, `chemistry`, `share`, all required, `segment` (empty for all), `composition`
    /// (the entry of the library, where it has another name), `source`, `assumed`. Shares of a year add up to one. Between the
    /// years given they are linear; the first and the last year must be covered, years of the `opening` before the first
    /// given are as that one. They are shares of what comes in a year, with a `stock` of the inflow that it needs.
    chemistry: String, "", Text, required("chemistry.csv");
    /// CSV file of parameters: `parameter`, `value`, both required, `region`, `chemistry`, `segment`, `year` (empty for all), `low` and
    /// `high` (P10 and P90, empty where certain), `source`, `assumed`. Between the years given a value is linear, outside them as
    /// at the nearest. The year of lives, crashes, warranty, recall and of the age for a new battery is that of the
    /// sale; of all else, and of `wear_hazard_factor`, the calendar year. What is not in it is taken from the tool's own table.
    parameters: String, "", Text, Derived("the tool's own table");
    /// CSV file of correlations between uncertain parameters: `parameter`, `with`, `correlation` (-0.999 to 0.999), all
    /// required, `source`, `assumed`.
    correlations: String, "", Text, Nothing;
    /// CSV file of what others have projected, to print beside: `study`, `region`, `what`, `year`, `low`, `unit`, `status` (`read` in
    /// the source, `ran` with the study's model, `derived`, or `recalled` and not verified), `source`, all required, `high`,
    /// `quantity` (ours, empty where none means the same), `from` (first year where it is a sum of years).
    projections: String, "", Text, Nothing;
    /// CSV file of rules that regions are held to: `region`, `targets` (an entry of the library), both required.
    targets: String, "", Text, Nothing;
    /// When in a year its inflow takes place.
    entry: String, "", Choice(&["start", "middle", "end", "spread"]), setting(Literal::Text("spread"));
    /// Law of the vehicle's life; mean and standard deviation are parameters.
    vehicle_law: String, "", Choice(LAWS), assumed(Literal::Text("normal"), LAW_SOURCE);
    /// Law of the battery's life in the vehicle. With `[supply.physics]` there is none.
    battery_law: String, "", Choice(LAWS), assumed(Literal::Text("normal"), LAW_SOURCE);
    /// CSV file of survival for a law `table`: `part` (`vehicle` or `battery`), `age_years`, `survival` (from 1 down to 0, linear
    /// between), all required, `source`, `assumed`. Two ages at least. Ages are stretched so that the mean is that of the parameter.
    life_table: String, "", Text, Nothing;
    /// Draws of all uncertain parameters; 0 for the central values only.
    draws: u32, "", Whole { min: 0, max: 1_000_000 }, setting(Literal::Whole(2000));
    /// Base draws of the shares of variance, 32 or more; 0 for rank correlations only.
    saltelli: u32, "", Whole { min: 0, max: 100_000 }, setting(Literal::Whole(0));
    /// Prices and emission factors.
    prices: String, "", Entry(Prices), setting(Literal::Text("everbatt2023"));
    /// Second-life supply of which is asked what must be true for it.
    question_gwh: f64, "GWh/year", Real { min: 1e-6, max: 1e6 }, Derived("no question");
    /// The year of that supply.
    question_year: u32, "year", YEAR, Derived("no question");
    tables physics: Option<physics::File>;
}

const LAW_SOURCE: &str = "normal lives in Aguilar Lopez et al. 2024 (doi 10.1038/s41467-024-48554-0); which law is right is not known, \
     and at the same mean and spread it moves the first decade by a third";

table! {
    /// Lives and states of batteries from simulated packs in place of laws of life.
    physics at "supply.physics", Optional;
    /// CSV file of fleets: `fleet`, `vehicle`, `climate`, `use`, `country`, `system`, all required, `region`, `chemistry`, `segment` (empty
    /// for any: the narrowest that fits serves), `law` (empty for that of the vehicle's cell).
    fleets: String, "", Text, required("fleets.csv");
    /// Packs simulated of each fleet.
    packs: u64, "", Whole { min: 4, max: 100_000 }, setting(Literal::Whole(64));
    /// Years that each pack is followed in a vehicle that does not wear out.
    years: f64, "year", Real { min: 1.0, max: 40.0 }, setting(Literal::Real(30.0));
}
