//! `packlife run` of a scenario with `[supply]`: a projection.

use super::args::RunArgs;
use super::files::{Facts, MANIFEST, formats, shown};
use super::progress::Progress;
use super::{CliError, Outcome, print};
use crate::output::supply::{FRAMES, Summary, frames};
use crate::output::{OutputFolder, TableFormat, write_frames, write_summary};
use crate::report::supply::{FILES, SupplyInput, figures, html};
use crate::scenario::{Origin, SupplyScenario};
use crate::supply::{SupplyError, SupplyResult, evaluations, run as project};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The page.
const PAGE: &str = "supply.html";

/// Runs a projection: central values, draws, answers, then tables, charts and the page, which appear together or not at
/// all.
pub(super) fn run(args: &RunArgs, mut scenario: SupplyScenario) -> Result<Outcome, CliError> {
    take(args, &mut scenario);
    let target = args.out.clone().unwrap_or_else(|| Path::new("out").join(&scenario.name));
    let formats = formats(args.format);
    let names = expected(&formats);
    let folder = OutputFolder::create(&target, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .map_err(|error| CliError::Threads(error.to_string()))?;
    let progress = Progress::new(evaluations(&scenario.plan), "evaluations", args.quiet);
    let result = pool.install(|| project(&scenario.plan, &progress));
    progress.finish();
    let result = match result {
        Ok(result) => result,
        Err(SupplyError::Stopped) => {
            eprintln!("stopped; nothing was written");
            return Ok(Outcome::LookAt);
        }
        Err(error) => return Err(CliError::Supply(error)),
    };
    let seconds = started.elapsed().as_secs_f64();
    let summary = Summary::of(&scenario.plan, &result);
    let written = write(folder, &scenario, &result, &summary, &formats)?;
    if !args.quiet {
        print(&format!(
            "{}\n\n{} draws in {seconds:.1} s on {} threads\nresults: {}\n",
            summary.text().trim_end(),
            result.draws,
            pool.current_num_threads(),
            shown(&written, &target).display(),
        ))?;
    }
    Ok(Outcome::Done)
}

/// Takes draws and seed from the command line, and says so where values are listed.
fn take(args: &RunArgs, scenario: &mut SupplyScenario) {
    if let Some(draws) = args.draws {
        scenario.plan.draws = draws;
        said(scenario, "supply.draws", draws.to_string());
        if draws == 0 {
            scenario.plan.saltelli = 0;
        }
    }
    if let Some(seed) = args.seed {
        scenario.plan.seed = seed;
        scenario.physics.iter_mut().flatten().for_each(|fleet| fleet.seed = seed);
        said(scenario, "seed", seed.to_string());
    }
    if let Some(packs) = args.packs {
        scenario.physics.iter_mut().flatten().for_each(|fleet| fleet.packs = packs);
    }
}

fn said(scenario: &mut SupplyScenario, path: &str, value: String) {
    if let Some(row) = scenario.resolved.iter_mut().find(|r| r.path == path) {
        (row.value, row.origin, row.source) = (value, Origin::Override, "command line".into());
    }
}

/// Names of all files, so that a foreign one in the way is found before the work.
fn expected(formats: &[TableFormat]) -> Vec<String> {
    let tables = FRAMES.iter().flat_map(|name| formats.iter().map(move |f| format!("{name}.{}", f.ending())));
    let others = [PAGE, MANIFEST, "summary.json", "dictionary.csv"];
    tables.chain(FILES.iter().chain(&others).map(|&name| name.to_owned())).collect()
}

fn write(
    mut folder: OutputFolder,
    scenario: &SupplyScenario,
    result: &SupplyResult,
    summary: &Summary,
    formats: &[TableFormat],
) -> Result<PathBuf, CliError> {
    let plan = &scenario.plan;
    let inputs: Vec<(&str, &str)> = scenario.files.iter().map(|f| (f.name.as_str(), f.text.as_str())).collect();
    let facts = Facts {
        title: &scenario.title,
        seed: plan.seed,
        packs: None,
        draws: Some(plan.draws),
        scenario: &scenario.text,
        used_modules: None,
        inputs: &inputs,
        resolved: &scenario.resolved,
    };
    let tables = frames(plan, result);
    write_frames(&mut folder, &tables.iter().collect::<Vec<_>>(), formats, &facts.metadata())?;
    write_summary(&mut folder, summary)?;
    let figures = figures(plan, result);
    for figure in &figures {
        folder.write_text(figure.file, &figure.svg)?;
    }
    let page = html(&SupplyInput {
        title: &scenario.title,
        plan,
        result,
        summary,
        figures: &figures,
        scenario_toml: &scenario.text,
        provenance: &facts.provenance(),
        warnings: &scenario.notes,
        version: env!("CARGO_PKG_VERSION"),
    });
    folder.write_text(PAGE, &page)?;
    folder.write_text(MANIFEST, &facts.manifest()?)?;
    Ok(folder.commit()?)
}
