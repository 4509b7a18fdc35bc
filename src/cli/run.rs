//! `packlife run`.

use super::args::RunArgs;
use super::{CliError, Outcome};

/// Runs a scenario.
///
/// # Errors
/// Always: the engine is not built yet.
pub fn run(_args: &RunArgs) -> Result<Outcome, CliError> {
    Err(CliError::NotBuilt)
}
