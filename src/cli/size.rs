//! `packlife run` of a scenario with `[sizing]`: a sizing study.

use super::args::RunArgs;
use super::{CliError, Outcome, print};
use crate::life::Journey;
use crate::monte::Observer;
use crate::scenario::Plan;
use crate::sizing::{OnSite, SizingPlan, SizingResult, run as study};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Set by Ctrl-C; the study stops before the next life.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

struct Stops;

impl Observer for Stops {
    fn stop(&self) -> bool {
        INTERRUPTED.load(Ordering::Relaxed)
    }
}

/// Runs a sizing study and tells what it found.
pub(super) fn run(args: &RunArgs, plan: &Plan, sizing: &SizingPlan) -> Result<Outcome, CliError> {
    let journey = Journey::prepare(plan.journey.clone(), plan.seed)?;
    // A second handler cannot be set in one process; then the first one serves.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
    let started = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build()
        .map_err(|error| CliError::Threads(error.to_string()))?;
    let (filled, result) = pool.install(|| {
        let site = OnSite::new(&journey, sizing, plan.seed, plan.packs);
        (started.elapsed().as_secs_f64(), study(sizing, &site, &Stops))
    });
    let result = match result {
        Ok(result) => result,
        Err(crate::sizing::SizingError::Stopped) => {
            eprintln!("stopped; nothing was written");
            return Ok(Outcome::LookAt);
        }
        Err(error) => return Err(CliError::Sizing(error)),
    };
    if !args.quiet {
        let seconds = started.elapsed().as_secs_f64();
        print(&format!(
            "{}\n{} packs in {filled:.1} s, {} designs in {:.1} s on {} threads\n",
            told(&result),
            plan.packs,
            result.designs.len(),
            seconds - filled,
            pool.current_num_threads(),
        ))?;
    }
    Ok(if result.chosen.is_some() { Outcome::Done } else { Outcome::LookAt })
}

/// The headline, what must not be missed, and how well the fast balance did.
fn told(result: &SizingResult) -> String {
    let notes: String = result.notes.iter().map(|note| format!("{note}\n")).collect();
    let screen = &result.screen;
    format!(
        "{}\n{notes}Fast balance against full simulation, {} designs: LPSP apart by {:.2} points at most, {:.2} rms.",
        result.headline,
        screen.designs,
        100.0 * screen.lpsp_max,
        100.0 * screen.lpsp_rms
    )
}
