//! What can be typed on the command line.

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
    Schema,
    /// Compare the aging laws with results of other programs and with measurements.
    Validate(ValidateArgs),
    /// Fit an aging law to a table of tests and write it as a library entry.
    Fit(Box<FitArgs>),
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
    /// Seed, in place of the scenario's.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Threads [default: one for each core]; results do not depend on it.
    #[arg(long, value_name = "T", value_parser = parse_threads)]
    pub threads: Option<usize>,
    /// Format of the tables.
    #[arg(long, value_enum, default_value_t = Format::Both)]
    pub format: Format,
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
