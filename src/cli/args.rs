//! What can be typed on the command line.

use crate::identify::{Sign, TraceRequest};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Simulates the whole life of battery packs: the vehicle, the way out of it, grading, a second life as stationary
/// storage, and recycling.
#[derive(Debug, Parser)]
#[command(name = "packlife", version, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 done but something to look at, 2 bad usage or scenario.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario and write tables, charts and a report.
    Run(RunArgs),
    /// Check scenarios: every problem with its place, nothing is written.
    Check {
        /// Scenario files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Show every value that a run would use, where it was decided and what backs it.
    Explain {
        /// Scenario file.
        file: PathBuf,
    },
    /// Write a commented scenario to start from.
    New {
        /// Name of the study; writes `NAME.toml`, never over a file that is there.
        name: String,
    },
    /// List library categories, or the entries of one.
    List {
        /// Category, such as `vehicles`.
        category: Option<String>,
        #[command(flatten)]
        library: LibraryArgs,
    },
    /// Show all values of a library entry with their sources.
    Show {
        /// `name` or `category.name`.
        item: String,
        #[command(flatten)]
        library: LibraryArgs,
    },
    /// Print the JSON schema of scenarios, for editors.
    Schema {
        /// That of projections of supply.
        #[arg(long)]
        supply: bool,
    },
    /// Compare the aging laws with results of other programs and with measurements.
    Validate(ValidateArgs),
    /// Fit an aging law to a table of tests and write it as a library entry.
    Fit(Box<FitArgs>),
    /// Identify a cell from a measured pulse test and write it as a library entry.
    Identify(Box<IdentifyArgs>),
    /// Show what power a cell can give and take, by SoC and temperature, new and aged.
    Power(PowerArgs),
}

/// A question for power.
#[derive(Args, Clone, Debug)]
pub struct PowerArgs {
    /// Cell of the library.
    #[arg(value_name = "CELL")]
    pub cell: String,
    /// Present over nominal capacity of the aged cell, 0.1 to 1.
    #[arg(long, value_name = "SOH", default_value_t = 0.8, value_parser = parse_soh)]
    pub soh: f64,
    /// Present over new resistance of the aged cell, 1 to 10 [default: what the cell's law gives at that SoH]
    #[arg(long, value_name = "RATIO", value_parser = parse_growth)]
    pub resistance: Option<f64>,
    /// How long the power is held, 0.1 to 36000 s.
    #[arg(long, value_name = "S", default_value_t = 10.0, value_parser = parse_seconds)]
    pub seconds: f64,
    /// Also write the table to this CSV file.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub library: LibraryArgs,
}

/// An identification. A trace is `FILE[@COLUMN=VALUE][@FROM..TO][@NUMBERdegC]`: the rows with a value, the seconds that
/// count, the temperature of the surroundings.
#[derive(Args, Clone, Debug)]
pub struct IdentifyArgs {
    /// Pulse tests, CSV files with `time_s`, `current_a`, `voltage_v`; `docs/identify.md` lists columns and layouts.
    #[arg(value_name = "TRACE", required = true)]
    pub pulses: Vec<TraceRequest>,
    /// Cell of the library for first guesses and for what the test does not tell.
    #[arg(long, value_name = "CELL")]
    pub like: String,
    /// A slow discharge or charge, or both, for the open-circuit voltage; may be given several times.
    #[arg(long, value_name = "TRACE")]
    pub slow: Vec<TraceRequest>,
    /// A trace to foretell from its current; may be given several times.
    #[arg(long, value_name = "TRACE")]
    pub check: Vec<TraceRequest>,
    /// How the files give the current [default: by the names of the columns]
    #[arg(long, value_enum)]
    pub current: Option<CurrentSign>,
    /// Capacity [default: from the slow discharge, or from full to empty in the pulse test]
    #[arg(long, value_name = "AH", value_parser = parse_positive)]
    pub capacity: Option<f64>,
    /// State of charge at the start of the first pulse test [default: from where it is full or rests]
    #[arg(long, value_name = "SOC", value_parser = parse_share)]
    pub soc_start: Option<f64>,
    /// Lowest voltage [default: of the slow traces, else of the like cell]
    #[arg(long, value_name = "V", value_parser = parse_positive)]
    pub voltage_min: Option<f64>,
    /// Highest voltage [default: of the slow traces, else of the like cell]
    #[arg(long, value_name = "V", value_parser = parse_positive)]
    pub voltage_max: Option<f64>,
    /// Voltage above which errors are told and count in full.
    #[arg(long, value_name = "V", default_value_t = 3.0)]
    pub above: f64,
    /// Mass [default: of the like cell, by capacity]
    #[arg(long, value_name = "KG", value_parser = parse_positive)]
    pub mass: Option<f64>,
    /// Specific heat in J/(kg K) [default: of the like cell]
    #[arg(long, value_name = "CP", value_parser = parse_positive)]
    pub specific_heat: Option<f64>,
    /// Heat lost per kelvin above the surroundings [default: from measured temperatures, else assumed]
    #[arg(long, value_name = "W_PER_K", value_parser = parse_positive)]
    pub cooling: Option<f64>,
    /// Temperature where a trace has none.
    #[arg(long, value_name = "DEGC", default_value_t = 25.0, allow_negative_numbers = true)]
    pub ambient: f64,
    /// The logged current lags: within this time after a step take the current at its end.
    #[arg(long, value_name = "SECONDS", value_parser = parse_positive)]
    pub settle: Option<f64>,
    /// Also tell what a circuit with a third pair would reach; the entry has two.
    #[arg(long)]
    pub extended: bool,
    /// Shape of the case, in words [default: of the like cell]
    #[arg(long, value_name = "TEXT")]
    pub format: Option<String>,
    /// Name of the entry [default: the name of the first trace]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Where the tests come from, for the entry.
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// Folder of the results [default: `out/identify_` and the name]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub library: LibraryArgs,
}

/// How a file gives the current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CurrentSign {
    /// Positive on discharge.
    DischargePositive,
    /// Positive on charge.
    ChargePositive,
    /// Without sign: the voltage tells discharge from charge.
    Magnitude,
}

impl From<CurrentSign> for Sign {
    fn from(sign: CurrentSign) -> Sign {
        match sign {
            CurrentSign::DischargePositive => Sign::Discharge,
            CurrentSign::ChargePositive => Sign::Charge,
            CurrentSign::Magnitude => Sign::Magnitude,
        }
    }
}

/// A fit.
#[derive(Args, Clone, Debug)]
pub struct FitArgs {
    /// Table of tests, a CSV file; its columns are listed in `docs/fit.md`.
    #[arg(value_name = "TABLE")]
    pub table: PathBuf,
    /// Keep rows with this value in this column; may be given several times.
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = parse_pair)]
    pub only: Vec<(String, String)>,
    /// Law to begin with, a library entry [default: the general form `semi_empirical`]
    #[arg(long, value_name = "LAW")]
    pub law: Option<String>,
    /// Numbers to fit, separated by commas [default: those that the table can tell]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub free: Option<Vec<String>>,
    /// A number that is known; may be given several times.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_number)]
    pub fix: Vec<(String, f64)>,
    /// What is known of a number beforehand, in the coordinates of `docs/fit.md`; may be given several times.
    #[arg(long, value_name = "NAME=MEAN,SD", value_parser = parse_prior)]
    pub prior: Vec<(String, [f64; 2])>,
    /// Largest loss that must be right; check-ups beyond it are left away.
    #[arg(long, value_name = "LOSS", value_parser = parse_loss)]
    pub to_loss: Option<f64>,
    /// Give each cell a life of its own, with this standard deviation of its logarithm (0.1 for one lot).
    #[arg(long, value_name = "SD", value_parser = parse_spread)]
    pub cell_spread: Option<f64>,
    /// Also tell the life at this temperature; may be given several times.
    #[arg(long, value_name = "DEGC", allow_negative_numbers = true)]
    pub at: Vec<f64>,
    /// Chemistry, for what is assumed of resistance where the table has none [default: column `chemistry`]
    #[arg(long, value_name = "TEXT")]
    pub chemistry: Option<String>,
    /// Name of the entry [default: the name of the table]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Title of the entry.
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Where the tests come from, for the entry.
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// Folder of the results [default: `out/fit_` and the name]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub library: LibraryArgs,
}

/// Library files beside the built-in one.
#[derive(Args, Clone, Debug)]
pub struct LibraryArgs {
    /// A library file of your own; may be given several times.
    #[arg(long = "library", value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// A comparison.
#[derive(Args, Clone, Debug)]
pub struct ValidateArgs {
    /// A folder with reference results, searched with all below it; may be given several times. Those that come with
    /// the program are always compared.
    #[arg(long, value_name = "DIR")]
    pub data: Vec<PathBuf>,
    /// Folder of the table and the figures.
    #[arg(long, value_name = "DIR", default_value = "out/validation")]
    pub out: PathBuf,
    /// Print every case, not only the worst of each set.
    #[arg(long)]
    pub all: bool,
}

/// A run.
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Scenario file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Folder of the results [default: `out/` and the name of the file]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Packs simulated, in place of the scenario's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub packs: Option<u64>,
    /// Draws of a projection of supply, in place of the scenario's; 0 for the central values only.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub draws: Option<u32>,
    /// Paths of each design of a sizing study, in place of the scenario's.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub paths: Option<u32>,
    /// Seed, in place of the scenario's.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Threads [default: one for each core]; results do not depend on it.
    #[arg(long, value_name = "T", value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Format of the tables.
    #[arg(long, value_enum, default_value_t = Format::Both)]
    pub format: Format,
    /// Also write `records.jsonl`: a battery record of each pack with the fields of Annex VII of Regulation (EU) 2023/1542.
    #[arg(long)]
    pub records: bool,
    /// Make it an error when more than 1 % of time or throughput lies outside the range that the aging law was fitted in,
    /// or past its longest test or largest loss; the results are written all the same.
    #[arg(long)]
    pub strict_range: bool,
    /// Print errors only.
    #[arg(long)]
    pub quiet: bool,
}

/// Format of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Parquet files.
    Parquet,
    /// CSV files.
    Csv,
    /// Both.
    Both,
}

fn parse_threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads @ 1..=4096) => Ok(threads),
        _ => Err("a whole number from 1 to 4096 is needed".into()),
    }
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("`COLUMN=VALUE` is needed")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn finite(text: &str) -> Result<f64, String> {
    let value: Option<f64> = text.trim().parse().ok();
    value.filter(|v| v.is_finite()).ok_or_else(|| format!("`{}` is not a number", text.trim()))
}

fn parse_number(text: &str) -> Result<(String, f64), String> {
    let (name, value) = parse_pair(text)?;
    Ok((name, finite(&value)?))
}

fn parse_prior(text: &str) -> Result<(String, [f64; 2]), String> {
    let (name, values) = parse_pair(text)?;
    let (mean, sd) = values.split_once(',').ok_or("`NAME=MEAN,SD` is needed")?;
    match finite(sd)? {
        sd if sd > 0.0 => Ok((name, [finite(mean)?, sd])),
        _ => Err("the standard deviation must be above 0".into()),
    }
}

fn parse_loss(text: &str) -> Result<f64, String> {
    match finite(text)? {
        loss if loss > 0.0 && loss < 0.9 => Ok(loss),
        _ => Err("a loss between 0 and 0.9 is needed".into()),
    }
}

fn parse_spread(text: &str) -> Result<f64, String> {
    match finite(text)? {
        sd if sd > 0.0 && sd <= 2.0 => Ok(sd),
        _ => Err("a number above 0, up to 2, is needed".into()),
    }
}

fn parse_positive(text: &str) -> Result<f64, String> {
    match finite(text)? {
        x if x > 0.0 => Ok(x),
        _ => Err("a number above 0 is needed".into()),
    }
}

fn parse_within(text: &str, min: f64, max: f64) -> Result<f64, String> {
    match finite(text)? {
        x if (min..=max).contains(&x) => Ok(x),
        _ => Err(format!("a number from {min} to {max} is needed")),
    }
}

fn parse_soh(text: &str) -> Result<f64, String> {
    parse_within(text, 0.1, 1.0)
}

fn parse_growth(text: &str) -> Result<f64, String> {
    parse_within(text, 1.0, 10.0)
}

fn parse_seconds(text: &str) -> Result<f64, String> {
    parse_within(text, 0.1, 36_000.0)
}

fn parse_share(text: &str) -> Result<f64, String> {
    match finite(text)? {
        x if (0.0..=1.0).contains(&x) => Ok(x),
        _ => Err("a number from 0 to 1 is needed".into()),
    }
}
