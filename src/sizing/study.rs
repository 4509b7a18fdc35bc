//! A sizing study from plan to result.

use super::edges;
use super::headline::headline;
use super::hire::{Charging, charging};
use super::options::{KINDS, compare, renewals, takes_new};
use super::plan::SizingPlan;
use super::result::{Design, Detail, HourTrace, OptionKind, Rated, Renewal, SizingResult};
use super::search::{Search, SizingError};
use super::shortfall::shortfall;
use super::simulator::{Ask, Change, Simulator};
use super::tornado::{path_at, tornado};
use crate::monte::Observer;
use crate::numeric::calendar::HOURS_PER_YEAR;
use crate::site::SiteYear;

/// Hours of a week.
const WEEK: usize = 168;
/// Middle hours of the weeks shown for winter, spring and summer of the northern hemisphere: mid January, April and July.
const SEASONS: [usize; 3] = [14 * 24 + 12, 104 * 24 + 12, 195 * 24 + 12];

/// Runs a study in the caller's rayon pool. The result does not depend on the number of threads: a life is a pure function of
/// design and path, and what is simulated next follows from what is known, never from who is done first.
///
/// # Errors
/// The study was stopped, has no design, or cannot be simulated.
pub fn run<S: Simulator, O: Observer>(
    plan: &SizingPlan,
    simulator: &S,
    observer: &O,
) -> Result<SizingResult, SizingError> {
    let mut notes = simulator.notes();
    let Listed { designs, main, options: of } = list(plan, simulator, &mut notes);
    if main.is_empty() {
        return Err(SizingError::NoDesign(notes.join(" ")));
    }
    let mut search = Search::new(plan, simulator, observer, designs)?;
    let found = search.cheapest(&main)?;
    let shown = match found {
        Ok(k) | Err(k) => k,
    };
    let compared = if of.is_empty() && plan.lead_acid.is_none() { None } else { Some(compare(&mut search, &of)?) };
    let pair = compared.as_ref().and_then(|c| c.pair);
    let bars = tornado(&mut search, shown, pair)?;
    let detail = detail(&search, shown)?;
    let short = found.err().and_then(|nearest| shortfall(&search, nearest));
    for (k, simulated) in &search.full {
        if let Some((path, reason)) = simulated.failed.first() {
            notes.push(format!(
                "{} of {} paths of the design with {} failed and are in no number; path {path}: {reason}.",
                simulated.failed.len(),
                plan.paths,
                super::headline::of_design(&search, *k)
            ));
        }
    }
    let headline = match &short {
        Some(short) => short.words.clone(),
        None => headline(&search, shown),
    };
    let (options, break_even, verdict) =
        compared.map_or((Vec::new(), None, None), |c| (c.options, c.break_even, c.verdict));
    notes.extend(verdict);
    if let Some(rated) = found.ok().and_then(|k| search.rated(k)) {
        notes.extend(edges::notes(plan, rated, &options));
    }
    let rated: Vec<Rated> = main.iter().filter_map(|k| search.rated(*k).cloned()).collect();
    Ok(SizingResult {
        target: plan.target,
        grades: plan.all_grades(),
        chosen: found.ok().and_then(|k| main.iter().position(|m| *m == k)),
        designs: rated,
        shortfall: short,
        detail,
        options,
        tornado: bars,
        break_even,
        screen: search.screen_error(),
        paths: plan.paths,
        headline,
        notes,
    })
}

/// All designs, which of them the lists name, and those of each option.
struct Listed {
    designs: Vec<Design>,
    main: Vec<usize>,
    options: Vec<(OptionKind, Vec<usize>)>,
}

fn list<S: Simulator>(plan: &SizingPlan, simulator: &S, notes: &mut Vec<String>) -> Listed {
    let series = simulator.series_modules();
    let (mut designs, mut poor): (Vec<Design>, Vec<(usize, u32)>) = (Vec::new(), Vec::new());
    let mut add = |grades: &[usize], renewals: &[Renewal]| -> Vec<usize> {
        let mut places = Vec::new();
        for design in plan.designs(grades.iter().copied(), renewals, series) {
            let needed = design.modules_needed();
            if needed as usize > simulator.available(design.grade) {
                match poor.iter_mut().find(|(grade, _)| *grade == design.grade) {
                    Some((_, least)) => *least = needed.min(*least),
                    None => poor.push((design.grade, needed)),
                }
                continue;
            }
            places.push(designs.iter().position(|d| *d == design).unwrap_or_else(|| {
                designs.push(design);
                designs.len() - 1
            }));
        }
        places
    };
    let used: Vec<usize> = (0..plan.grades.len()).collect();
    let main = add(&used, &plan.lists.renewals);
    let options = match plan.compare_new {
        true => {
            let new = [plan.grades.len()];
            let grades = |kind| if takes_new(kind) { &new[..] } else { &used[..] };
            KINDS.iter().map(|kind| (*kind, add(grades(*kind), &renewals(plan, *kind)))).collect()
        }
        false => Vec::new(),
    };
    for (grade, least) in poor {
        let name = plan.all_grades().get(grade).map_or_else(String::new, |g| g.name.clone());
        notes.push(format!(
            "The pool has {} modules of class {name}: designs that may take {least} or more of them are left out; more `packs` \
             would give more.",
            simulator.available(grade)
        ));
    }
    Listed { designs, main, options }
}

/// Middle hours of the weeks of winter, spring and summer.
fn seasons(southern: bool) -> [usize; 3] {
    SEASONS.map(|middle| if southern { (middle + HOURS_PER_YEAR / 2) % HOURS_PER_YEAR } else { middle })
}

/// The chosen design with all its paths, and hours of the one at the wanted confidence.
fn detail<S: Simulator, O: Observer>(search: &Search<'_, S, O>, shown: usize) -> Result<Detail, SizingError> {
    let plan = search.plan;
    let Some(simulated) = search.full.get(&shown) else {
        return Err(SizingError::NoDesign("no design was simulated".into()));
    };
    let lpsp: Vec<f64> = simulated.lives.iter().map(|l| l.years.last().map_or(0.0, SiteYear::lpsp)).collect();
    let path = simulated.lives.get(path_at(&lpsp, plan.target.confidence)).map_or(0, |life| life.path);
    let design = &search.designs[shown];
    let ask = Ask { design, path, years: plan.target.service_years, change: Change::NONE, trace: true };
    let trace = search.simulator.live(&ask).map_err(SizingError::Failed)?.trace;
    let plain = search.simulator.plain_lpsp(design, plan.paths);
    let energy = search.plain(design);
    let charging = match search.simulator.site_facts(design) {
        Some(facts) => {
            // A genset alone would have to carry every hour of the load of every path.
            let mut load_kw = Vec::new();
            for life in simulated.lives.iter().filter(|_| plan.hire.is_some()) {
                let hours = search.simulator.hours(life.path, 0).map_err(SizingError::Failed)?;
                load_kw.extend(hours.load_kw.iter().map(|kw| f64::from(*kw)));
            }
            charging(plan, &facts, &simulated.rated, &simulated.lives, load_kw)
        }
        None => Charging::default(),
    };
    Ok(Detail {
        rated: simulated.rated.clone(),
        paths: simulated.lives.clone(),
        worst_week: worst_week(&trace),
        seasons: seasons(search.simulator.is_southern()).map(|middle| week_around(&trace, middle)),
        plain_lpsp: plain.unwrap_or([energy; 2]),
        charging,
    })
}

/// The seven days with the most unserved; without any, those with the lowest SoC.
fn worst_week(trace: &[HourTrace]) -> Vec<HourTrace> {
    let sum = |from: usize, of: &dyn Fn(&HourTrace) -> f64| trace[from..from + WEEK].iter().map(of).sum::<f64>();
    let starts = || (0..trace.len() / 24).map(|day| 24 * day).filter(|from| from + WEEK <= trace.len());
    let by = |of: &dyn Fn(&HourTrace) -> f64| {
        starts().map(|from| (from, sum(from, of))).fold(None, |best: Option<(usize, f64)>, week| match best {
            Some(best) if best.1 >= week.1 => Some(best),
            _ => Some(week),
        })
    };
    let worst = by(&|h| h.unmet_kw).filter(|(_, unmet)| *unmet > 0.0).or_else(|| by(&|h| -h.soc));
    worst.map_or_else(|| trace.to_vec(), |(from, _)| trace[from..from + WEEK].to_vec())
}

/// The week around an hour of the calendar year.
fn week_around(trace: &[HourTrace], middle: usize) -> Vec<HourTrace> {
    let at = trace.iter().position(|h| h.hour as usize == middle).unwrap_or(0);
    let from = at.saturating_sub(WEEK / 2).min(trace.len().saturating_sub(WEEK));
    trace.iter().skip(from).take(WEEK).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seasons_follow_the_hemisphere() {
        let day = |hour: usize| hour / 24;
        assert_eq!(seasons(false).map(day), [14, 104, 195]);
        assert_eq!(seasons(true).map(day), [197, 287, 13]);
    }
}
