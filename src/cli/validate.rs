//! `packlife validate`: our laws beside the results of others.

use super::args::ValidateArgs;
use super::{CliError, Outcome, print};
use crate::output::OutputFolder;
use crate::validate::{Tree, csv, run, shipped, text};

/// Compares, prints the table, and writes it with the figures.
pub(super) fn validate(args: &ValidateArgs) -> Result<Outcome, CliError> {
    let trees: Vec<Tree> = std::iter::once(shipped()).chain(args.data.iter().map(|dir| Tree::of_disk(dir))).collect();
    let report = run(&trees);
    let mut folder = OutputFolder::create(&args.out, &["validation.csv"])?;
    folder.write_text("validation.csv", &csv(&report))?;
    for plot in &report.plots {
        folder.write_text(&format!("{}.svg", plot.file), &plot.svg())?;
    }
    folder.commit()?;
    print(&format!("{}results: {}\n", text(&report, args.all), args.out.display()))?;
    Ok(if report.all_within() { Outcome::Done } else { Outcome::LookAt })
}
