//! `packlife run`: a scenario to a folder of results.

use super::args::RunArgs;
use super::files::{Facts, MANIFEST, expected, formats, shown, warnings};
use super::options::{self, Kind};
use super::progress::Progress;
use super::{CliError, Outcome, print};
use crate::life::Journey;
use crate::life::decision::cases;
use crate::monte::{self, PackRow, StudyError, StudySummary};
use crate::output::{
    GateTables, OutputError, OutputFolder, PacksTable, RecordOf, RecyclingTable, Summary, SystemsTable, TableFormat,
    Tables, decision, write_records, write_summary, write_tables,
};
use crate::report::{Figure, ReportInput, figures, html};
use crate::scenario::{Plan, Scenario, read};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Files beside the tables.
const REPORT: &str = "report.html";
const OFFER: &str = "offer.html";
/// On request.
const RECORDS: &str = "records.jsonl";

/// Runs a scenario: all packs, then tables, charts and the report, which appear together or not at all.
pub(super) fn run(args: &RunArgs) -> Result<Outcome, CliError> {
    let mut plan = match read(&args.file)? {
        Scenario::Packs(plan) => *plan,
        Scenario::Supply(scenario) => return super::supply::run(args, *scenario),
    };
    options::check(args, if plan.sizing.is_some() { Kind::Sizing } else { Kind::Lives })?;
    if let Some(packs) = args.packs {
        plan.set_packs(packs);
    }
    if let Some(paths) = args.paths {
        plan.set_paths(paths);
    }
    if let Some(seed) = args.seed {
        plan.set_seed(seed);
    }
    if let Some(sizing) = &plan.sizing {
        return super::size::run(args, &plan, sizing);
    }
    plan.journey.records = args.records;
    let target = args.out.clone().unwrap_or_else(|| Path::new("out").join(&plan.name));
    let formats = formats(args.format);
    let mut names = names(&formats);
    if args.records {
        names.push(RECORDS.into());
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut folder = OutputFolder::create(&target, &names)?;
    let journey = Journey::prepare(plan.journey.clone(), plan.seed)?;

    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .map_err(|error| CliError::Threads(error.to_string()))?;
    let mut done = None;
    if args.records {
        folder.write(RECORDS, |to| {
            done = study(&pool, &journey, &plan, args, Some(to))?;
            Ok(())
        })?;
    } else {
        done = study(&pool, &journey, &plan, args, None)?;
    }
    let Some(tables) = done else {
        eprintln!("stopped; nothing was written");
        return Ok(Outcome::LookAt);
    };
    let seconds = started.elapsed().as_secs_f64();

    let facts = Facts::of(&plan);
    let summary = Summary::of(&tables);
    let figures = figures(&tables);
    write_tables(&mut folder, &tables, &formats, &facts.metadata())?;
    write_summary(&mut folder, &summary)?;
    for figure in &figures {
        folder.write_text(figure.file, &figure.svg)?;
    }
    folder.write_text(REPORT, &report(&plan, &facts, &summary, &figures))?;
    let records = args.records.then_some(RECORDS);
    folder.write_text(OFFER, &super::offer::page(&plan, &summary, &tables, records))?;
    folder.write_text(MANIFEST, &facts.manifest()?)?;
    let written = folder.commit()?;
    if !args.quiet {
        let rate = plan.packs as f64 / seconds;
        print(&format!(
            "{}\n\n{} packs in {seconds:.1} s on {} threads: {rate:.1} packs/s\nresults: {}\n",
            summary.text().trim_end(),
            plan.packs,
            pool.current_num_threads(),
            shown(&written, &target).display(),
        ))?;
    }
    if args.strict_range {
        options::in_range(&outside(&summary))?;
    }
    Ok(if summary.failed > 0 { Outcome::LookAt } else { Outcome::Done })
}

/// Shares of the lives outside the fitted range of the law.
fn outside(summary: &Summary) -> [(String, Option<f64>); 6] {
    let o = &summary.outside;
    [
        ("of the time of the first life", o.first_time),
        ("of the throughput of the first life", o.first_throughput),
        ("of the first life past the tests", o.first_beyond),
        ("of the time of the second life", o.second_time),
        ("of the throughput of the second life", o.second_throughput),
        ("of the second life past the tests", o.second_beyond),
    ]
    .map(|(what, share)| (what.to_owned(), share))
}

/// Lives all packs and writes their records as they come; `None` when interrupted.
fn study(
    pool: &rayon::ThreadPool,
    journey: &Journey,
    plan: &Plan,
    args: &RunArgs,
    mut records: Option<&mut (dyn Write + Send)>,
) -> Result<Option<Tables>, OutputError> {
    let progress = Progress::new(plan.packs * journey.laws() as u64, "packs", args.quiet);
    let (mut packs, mut systems, mut gate) = (PacksTable::new(plan.seed), SystemsTable::new(), GateTables::new());
    let mut recycling = RecyclingTable::new(plan.journey.recycling.targets.as_ref().map(|t| t.1.clone()));
    let about =
        RecordOf { plan: &plan.journey, seed: plan.seed, start_year: i64::from(plan.journey.recycling.start_year) };
    let take = |rows: &[PackRow]| -> Result<(), OutputError> {
        packs.push(rows);
        systems.push(rows);
        gate.push(rows);
        recycling.push(rows);
        match &mut records {
            Some(to) => write_records(to, &about, rows),
            None => Ok(()),
        }
    };
    let result: Result<StudySummary, _> = pool.install(|| monte::run(journey, 0..plan.packs, &progress, take));
    progress.finish();
    match result {
        Ok(summary) => {
            let choices = decision(&cases(&journey.plan));
            Ok(Some(Tables::new(packs, systems, gate, &summary).with(recycling, choices)))
        }
        Err(StudyError::Stopped { .. }) => Ok(None),
        Err(StudyError::Sink(error)) => Err(error),
    }
}

/// Names of all files of a run.
fn names(formats: &[TableFormat]) -> Vec<String> {
    let empty = Tables::of(&[], &StudySummary::default(), 0);
    let tables = empty.frames().map(|frame| frame.name.clone());
    let tables = tables.each_ref().map(String::as_str);
    let charts = figures(&empty).into_iter().map(|figure| figure.file);
    let others: Vec<&str> = charts.chain([REPORT, OFFER]).collect();
    expected(&tables, &others, formats)
}

fn report(plan: &Plan, facts: &Facts<'_>, summary: &Summary, figures: &[Figure]) -> String {
    html(&ReportInput {
        title: &plan.title,
        summary,
        figures,
        scenario_toml: &plan.text,
        provenance: &facts.provenance(),
        warnings: &warnings(plan),
        version: env!("CARGO_PKG_VERSION"),
        seed: plan.seed,
    })
}
