//! The command line: what was typed, what is printed, and the exit code. The only floor that prints.

pub mod args;
mod files;
mod fit;
mod identify;
mod library;
mod offer;
mod options;
mod power;
mod progress;
pub mod run;
mod scenario;
mod size;
mod supply;
mod text;
mod validate;

use crate::library::{At, LibraryFault};
use crate::scenario::{LoadError, ScenarioFault, diagnose};
use args::{Cli, Command};
use clap::Parser;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done: exit code 0.
    Done,
    /// Done, with something to look at: exit code 1.
    LookAt,
    /// Refused, after telling why: exit code 2.
    Refused,
}

/// Why a command could not be done; exit code 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CliError {
    /// A scenario with problems.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A library file with problems.
    #[error("{} problem(s) in the library", .0.len())]
    Library(Vec<At<LibraryFault>>),
    /// A category that is not there.
    #[error("there is no category `{name}`; `packlife list` shows them")]
    NoCategory {
        /// As typed.
        name: String,
    },
    /// An entry that is not there.
    #[error("there is no entry `{item}`{}", suggestion(nearest))]
    NoItem {
        /// As typed.
        item: String,
        /// Entries like it.
        nearest: Vec<String>,
    },
    /// A file that would be written over.
    #[error("`{}` is there already and is left as it is", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A name that is no file name.
    #[error("`{name}` cannot be the name of a study: give a plain file name")]
    BadName {
        /// As typed.
        name: String,
    },
    /// A name that is no name of an entry.
    #[error("`{name}` cannot be the name of an entry: use small letters, digits and underscores")]
    BadEntryName {
        /// As typed.
        name: String,
    },
    /// A table of tests with a problem.
    #[error(transparent)]
    Table(#[from] crate::fit::TableError),
    /// A fit that is not possible.
    #[error(transparent)]
    Fit(#[from] crate::fit::FitError),
    /// A measured trace with a problem.
    #[error(transparent)]
    Trace(#[from] crate::identify::TraceError),
    /// An identification that is not possible.
    #[error(transparent)]
    Identify(#[from] crate::identify::IdentifyError),
    /// A file that cannot be read or written.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's word.
        error: std::io::Error,
    },
    /// Standard output that cannot be written.
    #[error("cannot write the output: {0}")]
    Output(std::io::Error),
    /// A plan that cannot be lived.
    #[error(transparent)]
    Journey(#[from] crate::life::JourneyError),
    /// A sizing study that did not come to an end.
    #[error("sizing: {0}")]
    Sizing(#[from] crate::sizing::SizingError),
    /// A projection that did not come to an end.
    #[error("supply: {0}")]
    Supply(#[from] crate::supply::SupplyError),
    /// A population of packs that cannot be made.
    #[error("fleet `{name}`: {error}")]
    Fleet {
        /// Its name.
        name: String,
        /// Why not.
        error: crate::supply::FleetError,
    },
    /// Results that cannot be written.
    #[error(transparent)]
    Results(#[from] crate::output::OutputError),
    /// Threads that cannot be started.
    #[error("cannot start the threads: {0}")]
    Threads(String),
    /// An option that does nothing for this scenario.
    #[error("`{option}` is for {of}, which this scenario is not")]
    IdleOption {
        /// The option.
        option: &'static str,
        /// What it is for.
        of: &'static str,
    },
    /// A study that strains its aging law, where that was not wanted.
    #[error("outside the range that the aging law was fitted in: {0}; the results were written")]
    OutOfRange(String),
    /// A run that cannot be described.
    #[error("cannot write `run.toml`: {0}")]
    Manifest(String),
}

fn suggestion(nearest: &[String]) -> String {
    crate::library::did_you_mean(nearest).map_or_else(String::new, |words| format!("; {words}"))
}

/// Reads the command line, does what it says, and gives the exit code.
pub fn main() -> ExitCode {
    let outcome = match dispatch(Cli::parse().command) {
        Ok(outcome) => outcome,
        Err(error) => {
            report(&error);
            Outcome::Refused
        }
    };
    ExitCode::from(match outcome {
        Outcome::Done => 0,
        Outcome::LookAt => 1,
        Outcome::Refused => 2,
    })
}

fn dispatch(command: Command) -> Result<Outcome, CliError> {
    match command {
        Command::Run(args) => run::run(&args),
        Command::Check { files } => scenario::check(&files),
        Command::Explain { file } => scenario::explain(&file),
        Command::New { name } => scenario::new(&name),
        Command::Schema { supply } => scenario::schema(supply),
        Command::Fit(args) => fit::run(&args),
        Command::Identify(args) => identify::run(&args),
        Command::Power(args) => power::run(&args),
        Command::Validate(args) => validate::validate(&args),
        Command::List { category, library } => library::list(category.as_deref(), &library.files),
        Command::Show { item, library } => library::show(&item, &library.files),
    }
}

/// Tells an error on standard error: problems with their places, all else in a line.
pub fn report(error: &CliError) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let text = match error {
        CliError::Load(LoadError::Problems(problems)) => diagnose::render(problems, colour),
        CliError::Library(problems) => {
            let problems: Vec<_> = problems.iter().map(|p| p.clone().map(ScenarioFault::from)).collect();
            diagnose::render(&problems, colour)
        }
        other => format!("error: {other}\n"),
    };
    // Nobody is left to tell when standard error is closed.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a text; a reader that stopped reading is no error.
fn print(text: &str) -> Result<(), CliError> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(CliError::Output(error)),
        _ => Ok(()),
    }
}
