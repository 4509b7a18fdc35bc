//! Keys that are each allowed and together make no sense.

use super::fault::{Problem, ScenarioFault as Fault};
use super::walk::Written;
use crate::duty::DriveDemand;
use crate::library::At;
use crate::life::plan::{JourneyPlan, Level, ModulesFrom, UsedPlan};
use crate::life::recycling::{Books, RouteSpec};
use crate::pack::Fidelity;

/// Every contradiction between the values of a plan.
pub(super) fn contradictions(plan: &JourneyPlan, load_name: &str, written: &Written) -> Vec<Problem> {
    let mut c = Found { written, problems: Vec::new() };
    c.grading(plan);
    c.second_life(plan, load_name);
    let first = &plan.first_life;
    for (key, trace) in [("speed_trace", &first.trace), ("long_speed_trace", &first.long_trace)] {
        if let Err(error) = DriveDemand::new(&plan.vehicle, trace) {
            let fault = Fault::Drive { reason: error.to_string() };
            c.report(&[&format!("first_life.{key}"), "first_life.use"], fault);
        }
    }
    c.recall(plan);
    c.repurposing(plan);
    c.prices(plan);
    let soc = plan.storage.soc;
    let [low, high] = plan.vehicle.soc_window;
    if !(low..=high).contains(&soc) {
        c.report(&["storage.soc", "first_life.vehicle"], Fault::ShelfSoc { soc, low, high });
    }
    c.problems
}

struct Found<'a> {
    written: &'a Written,
    problems: Vec<Problem>,
}

impl Found<'_> {
    /// Points at the first of the paths that was written, and beside it at the others that were.
    fn report(&mut self, paths: &[&str], fault: Fault) {
        let mut there = paths.iter().filter(|path| self.written.has(path));
        let first = there.next().or(paths.first()).copied().unwrap_or("");
        let mut problem = At::new(&self.written.source, self.written.span(first), fault);
        problem.related = there.map(|path| (self.written.span(path), "and this".to_owned())).collect();
        self.problems.push(problem);
    }

    fn grading(&mut self, plan: &JourneyPlan) {
        let (g, end) = (&plan.grading, &plan.second_life.end);
        if g.grade_b_soh_min > g.grade_a_soh_min {
            let fault = Fault::GradesCrossed { grade_a: g.grade_a_soh_min, grade_b: g.grade_b_soh_min };
            self.report(&["grading.grade_b_soh_min", "grading.grade_a_soh_min"], fault);
        }
        if g.accept_soh_min < end.soh_min {
            let fault = Fault::AcceptedPastEnd { accept: g.accept_soh_min, end: end.soh_min };
            self.report(&["grading.accept_soh_min", "second_life.end.soh_min"], fault);
        }
        if g.accept_resistance_max > end.resistance_max {
            let fault = Fault::AcceptedPastResistance { accept: g.accept_resistance_max, end: end.resistance_max };
            self.report(&["grading.accept_resistance_max", "second_life.end.resistance_max"], fault);
        }
    }

    fn recall(&mut self, plan: &JourneyPlan) {
        let Some(recall) = &plan.recall else { return };
        let (from, to, last) = (recall.from_years, recall.to_years, plan.first_life.years_max);
        let key = "exit.recall.from_years";
        if from > to {
            self.report(&[key, "exit.recall.to_years"], Fault::RecallReversed { from, to });
        } else if from >= last {
            self.report(&[key, "first_life.years_max"], Fault::RecallTooLate { from, last });
        }
    }

    fn repurposing(&mut self, plan: &JourneyPlan) {
        let (series, modules) = (plan.second_life.series_modules, modules_max(plan));
        match plan.repurposing.level {
            // A string longer than a pack is told as such.
            Level::Pack if series < modules => {
                let fault = Fault::PackTakenApart { series, modules };
                self.report(&["second_life.series_modules", "repurposing.level"], fault);
            }
            Level::Cell if plan.fidelity != Fidelity::Cell => {
                self.report(&["repurposing.level", "numerics.fidelity"], Fault::CellsNotSimulated);
            }
            Level::Cell if plan.used.is_some() => {
                self.report(&["repurposing.level", "used_modules"], Fault::CellsWithoutHistory);
            }
            _ => {}
        }
    }

    /// A chemistry sold or handed over without a price.
    fn prices(&mut self, plan: &JourneyPlan) {
        let d = &plan.decision;
        let own = (&plan.composition, &plan.prices, std::slice::from_ref(&plan.route));
        let own_paths = ["recycling.composition", "recycling.route", "recycling.books", "economics.prices"];
        let routes: Vec<RouteSpec> = d.routes.iter().map(|r| r.1.clone()).collect();
        let others = d.chemistries.iter().flat_map(|c| d.price_sets.iter().map(move |p| (&c.1, &p.1)));
        let others = others.map(|(c, p)| {
            ((c, p, &routes[..]), ["decision.chemistries", "decision.price_sets", "decision.routes", "recycling.books"])
        });
        let mut told: Vec<(String, String)> = Vec::new();
        for ((composition, prices, routes), paths) in std::iter::once((own, own_paths)).chain(others) {
            let chemistry = &composition.chemistry;
            let gate = plan.recycling.books == Books::Gate;
            let missing = if gate && !prices.gate_usd_per_kg.contains_key(chemistry) {
                "gate_usd_per_kg"
            } else if !gate
                && routes.iter().any(|r| r.cathode_recovery > 0.0)
                && !prices.cathode_usd_per_kg.contains_key(chemistry)
            {
                "cathode_usd_per_kg"
            } else {
                continue;
            };
            let key = (chemistry.clone(), prices.title.clone());
            if !told.contains(&key) {
                let fault = Fault::NoPrice { chemistry: key.0.clone(), prices: key.1.clone(), missing };
                self.report(&paths, fault);
                told.push(key);
            }
        }
    }

    fn second_life(&mut self, plan: &JourneyPlan, load_name: &str) {
        let life = &plan.second_life;
        let (daily, sessions) = ("second_life.load.daily_kwh", "second_life.load.sessions_per_day");
        let unfit = [(daily, life.load.profile.is_none()), (sessions, life.load.sessions.is_none())];
        let made_of = life.load.made_of();
        let instead = match (&life.load.profile, &life.load.sessions) {
            (Some(_), _) => Some("daily_kwh"),
            (_, Some(_)) => Some("sessions_per_day"),
            _ => None,
        };
        if life.load.reserve.is_some() && life.grid.is_none() {
            let fault = Fault::SignedLoad { load: load_name.to_owned() };
            self.report(&["second_life.load.profile", "second_life.system"], fault);
        }
        for (path, is_unfit) in unfit {
            if is_unfit && self.written.has(path) {
                let (load, path_text) = (load_name.to_owned(), path.to_owned());
                let fault = Fault::NotForThisLoad { path: path_text, load, made_of, instead };
                self.report(&[path, "second_life.load.profile"], fault);
            }
        }
        let [low, high] = life.soc_window;
        if 60 % life.step_minutes.max(1) != 0 || ![60, 30, 15, 10, 5, 1].contains(&life.step_minutes) {
            self.report(&["numerics.step_minutes"], Fault::StepMinutes { minutes: life.step_minutes });
        }
        if life.pv.minute_clouds && life.step_minutes >= 60 {
            let fault = Fault::CloudsByTheHour { minutes: life.step_minutes };
            self.report(&["second_life.pv.minute_clouds", "numerics.step_minutes"], fault);
        }
        if let Some(grid) = &life.grid
            && !(grid.soc_target > low && grid.soc_target <= high)
        {
            let fault = Fault::RechargeTarget { target: grid.soc_target, low, high };
            self.report(&["second_life.grid.soc_target", "second_life.soc_window"], fault);
        }
        if let Some(genset) = &life.genset {
            let (start, stop) = (genset.start_soc, genset.stop_soc);
            if !(start >= low && start < stop && stop <= high) {
                let fault = Fault::GensetWindow { start, stop, low, high };
                let paths = [
                    "second_life.genset.start_soc",
                    "second_life.genset.stop_soc",
                    "second_life.genset",
                    "second_life.soc_window",
                ];
                self.report(&paths, fault);
            }
        }
        let other_source = life.recharge.is_some() || life.grid.is_some() || life.genset.is_some();
        if life.pv.peak_kw == 0.0 && !other_source {
            self.report(&["second_life.pv.peak_kw", "second_life.pv", "second_life.system"], Fault::NoEnergy);
        }
        if let Some(recharge) = &life.recharge {
            let [low, high] = life.soc_window;
            if recharge.from_hour == recharge.to_hour {
                let fault = Fault::NoRechargeHours { hour: recharge.from_hour };
                self.report(&["second_life.recharge.to_hour", "second_life.recharge.from_hour"], fault);
            }
            if !(recharge.soc_target > low && recharge.soc_target <= high) {
                let fault = Fault::RechargeTarget { target: recharge.soc_target, low, high };
                self.report(&["second_life.recharge.soc_target", "second_life.soc_window"], fault);
            }
        }
        if let Some(service) = &life.service {
            let (replace, end, module) = (service.replace_soh_below, life.end.soh_min, service.module_soh);
            let key = "second_life.service.replace_soh_below";
            if replace < end {
                self.report(&[key, "second_life.end.soh_min"], Fault::ReplacedPastEnd { replace, end });
            }
            if module <= replace && service.modules_from != ModulesFrom::LeftOver {
                let fault = Fault::ReplacementTooWeak { module, replace };
                self.report(&["second_life.service.module_soh", key], fault);
            }
        }
        let available = modules_max(plan);
        if life.series_modules > available {
            let fault = Fault::TooFewModules { needed: life.series_modules, available };
            self.report(&["second_life.series_modules", "second_life.system"], fault);
        }
    }
}

/// Modules of the largest pack: the vehicle's, or those bought together.
fn modules_max(plan: &JourneyPlan) -> u32 {
    match &plan.used {
        Some(UsedPlan::Sheet(sheet)) => sheet.modules_max() as u32,
        _ => plan.vehicle.modules,
    }
}
