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
}

/// Library files beside the built-in one.
#[derive(Args, Debug)]
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
