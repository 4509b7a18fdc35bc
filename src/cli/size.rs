//! `packlife run` of a scenario with `[sizing]`: a sizing study.

use super::args::RunArgs;
use super::files::{Facts, MANIFEST, expected, formats, shown, warnings};
use super::progress::Progress;
use super::{CliError, Outcome, options, print};
use crate::life::Journey;
use crate::output::sizing::{FRAMES, Summary, frames};
use crate::output::{OutputFolder, TableFormat, write_frames, write_summary};
use crate::report::sizing::{FILES, SizingInput, figures, html};
use crate::scenario::Plan;
use crate::sizing::{OnSite, SizingError, SizingPlan, SizingResult, run as study};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The page.
const PAGE: &str = "sizing.html";

/// Runs a sizing study: the search, then tables, charts and the page, which appear together or not at all.
pub(super) fn run(args: &RunArgs, plan: &Plan, sizing: &SizingPlan) -> Result<Outcome, CliError> {
    let target = args.out.clone().unwrap_or_else(|| Path::new("out").join(&plan.name));
    let formats = formats(args.format);
    let names = expected(&FRAMES, &[&FILES[..], &[PAGE]].concat(), &formats);
    let folder = OutputFolder::create(&target, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let journey = Journey::prepare(plan.journey.clone(), plan.seed)?;
    let progress = Progress::hidden();
    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .map_err(|error| CliError::Threads(error.to_string()))?;
    let (filled, result) = pool.install(|| {
        let site = OnSite::new(&journey, sizing, plan.seed, plan.packs);
        (started.elapsed().as_secs_f64(), study(sizing, &site, &progress))
    });
    let result = match result {
        Ok(result) => result,
        Err(SizingError::Stopped) => {
            eprintln!("stopped; nothing was written");
            return Ok(Outcome::LookAt);
        }
        Err(error) => return Err(CliError::Sizing(error)),
    };
    let seconds = started.elapsed().as_secs_f64();
    let summary = Summary::of(&result);
    let written = write(folder, plan, &result, &summary, &formats)?;
    if !args.quiet {
        print(&format!(
            "{}\n\n{} packs in {filled:.1} s, {} designs in {:.1} s on {} threads\nresults: {}\n",
            summary.text().trim_end(),
            plan.packs,
            result.designs.len(),
            seconds - filled,
            pool.current_num_threads(),
            shown(&written, &target).display(),
        ))?;
    }
    if args.strict_range {
        let [time, throughput] = summary.outside;
        options::in_range(&[("of the time".into(), time), ("of the throughput".into(), throughput)])?;
    }
    Ok(if result.chosen.is_some() { Outcome::Done } else { Outcome::LookAt })
}

fn write(
    mut folder: OutputFolder,
    plan: &Plan,
    result: &SizingResult,
    summary: &Summary,
    formats: &[TableFormat],
) -> Result<PathBuf, CliError> {
    let (tables, facts) = (frames(result), Facts::of(plan));
    write_frames(&mut folder, &tables.iter().collect::<Vec<_>>(), formats, &facts.metadata())?;
    write_summary(&mut folder, summary)?;
    let figures = figures(result);
    for figure in &figures {
        folder.write_text(figure.file, &figure.svg)?;
    }
    let page = html(&SizingInput {
        title: &plan.title,
        result,
        summary,
        figures: &figures,
        scenario_toml: &plan.text,
        provenance: &facts.provenance(),
        warnings: &warnings(plan),
        version: env!("CARGO_PKG_VERSION"),
        seed: plan.seed,
    });
    folder.write_text(PAGE, &page)?;
    folder.write_text(MANIFEST, &facts.manifest()?)?;
    Ok(folder.commit()?)
}
