//! `packlife run` of a scenario with `[supply]`: a projection.

use super::args::RunArgs;
use super::files::{Facts, MANIFEST, expected, formats, shown};
use super::options::{self, Kind};
use super::progress::Progress;
use super::{CliError, Outcome, print};
use crate::output::supply::{FRAMES, Summary, frames};
use crate::output::{OutputFolder, TableFormat, write_frames, write_summary};
use crate::report::supply::{FILES, SupplyInput, figures, html};
use crate::scenario::SupplyScenario;
use crate::supply::{
    Fleet, FleetError, FleetOptions, Lives, SupplyError, SupplyResult, evaluations, fleet, run as project,
};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The page.
const PAGE: &str = "supply.html";

/// Runs a projection: central values, draws, answers, then tables, charts and the page, which appear together or not at
/// all.
pub(super) fn run(args: &RunArgs, mut scenario: SupplyScenario) -> Result<Outcome, CliError> {
    options::check(args, Kind::Supply { simulated: scenario.physics.is_some() })?;
    take(args, &mut scenario);
    let target = args.out.clone().unwrap_or_else(|| Path::new("out").join(&scenario.name));
    let formats = formats(args.format);
    let names = expected(&FRAMES, &[&FILES[..], &[PAGE]].concat(), &formats);
    let folder = OutputFolder::create(&target, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .map_err(|error| CliError::Threads(error.to_string()))?;
    let stopped = || {
        eprintln!("stopped; nothing was written");
        Ok(Outcome::LookAt)
    };
    if !pool.install(|| live(&mut scenario, args.quiet))? {
        return stopped();
    }
    let progress = Progress::new(evaluations(&scenario.plan), "evaluations", args.quiet);
    let result = pool.install(|| project(&scenario.plan, &progress));
    progress.finish();
    let result = match result {
        Ok(result) => result,
        Err(SupplyError::Stopped) => return stopped(),
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
    if args.strict_range {
        options::in_range(&outside(&scenario))?;
    }
    Ok(outcome(&scenario.plan.lives))
}

/// Whether something is to look at: packs that failed.
fn outcome(lives: &Lives) -> Outcome {
    match lives {
        Lives::Physics { fleets, .. } if fleets.iter().any(|fleet| fleet.lost.is_some()) => Outcome::LookAt,
        _ => Outcome::Done,
    }
}

/// Shares of the simulated first lives outside the fitted range of their laws.
fn outside(scenario: &SupplyScenario) -> Vec<(String, Option<f64>)> {
    let Lives::Physics { fleets, .. } = &scenario.plan.lives else { return Vec::new() };
    let of = |fleet: &Fleet| {
        let [time, throughput] = fleet.outside_range;
        let words = |what: &str| format!("of the {what} of fleet {}", fleet.name);
        [(words("time"), Some(time)), (words("throughput"), Some(throughput))]
    };
    fleets.iter().flat_map(of).collect()
}

/// Takes draws, packs and seed from the command line.
fn take(args: &RunArgs, scenario: &mut SupplyScenario) {
    if let Some(draws) = args.draws {
        scenario.set_draws(draws);
        if draws == 0 {
            scenario.plan.saltelli = 0;
        }
    }
    if let Some(packs) = args.packs {
        scenario.set_packs(packs);
    }
    if let Some(seed) = args.seed {
        scenario.set_seed(seed);
    }
}

/// Lives the populations that take the place of laws of life; whether nobody asked to stop.
fn live(scenario: &mut SupplyScenario, quiet: bool) -> Result<bool, CliError> {
    let Some(plans) = scenario.physics.take() else { return Ok(true) };
    let progress = Progress::new(plans.iter().map(|plan| plan.packs).sum(), "packs", quiet);
    let mut of_series = vec![0; scenario.plan.series.len()];
    let mut fleets = Vec::with_capacity(plans.len());
    for (number, plan) in plans.into_iter().enumerate() {
        plan.series.iter().for_each(|series| of_series[*series] = number);
        let options =
            FleetOptions { packs: plan.packs, first_years: plan.years.round() as usize, ..FleetOptions::default() };
        match fleet(&plan.name, plan.journey, plan.seed, options, &progress) {
            Ok(fleet) => fleets.push(fleet),
            Err(FleetError::Stopped) => return Ok(false),
            Err(error) => return Err(CliError::Fleet { name: plan.name, error }),
        }
    }
    progress.finish();
    let (Lives::Closed { vehicle, .. } | Lives::Physics { vehicle, .. }) = scenario.plan.lives;
    scenario.plan.lives = Lives::Physics { vehicle, fleets, of_series };
    Ok(true)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::{LifeLaw, LostPacks};

    #[test]
    fn packs_that_failed_are_something_to_look_at() {
        let fleet = |lost| Fleet {
            name: "cars".into(),
            paths: Vec::new(),
            second: Default::default(),
            outside_range: [0.0; 2],
            lost,
        };
        let of = |fleets| outcome(&Lives::Physics { vehicle: LifeLaw::Normal, fleets, of_series: Vec::new() });
        let lost = Some(LostPacks { packs: 1, reason: "energy balance open".into() });
        assert!(matches!(of(vec![fleet(None)]), Outcome::Done));
        assert!(matches!(of(vec![fleet(None), fleet(lost)]), Outcome::LookAt));
    }
}
