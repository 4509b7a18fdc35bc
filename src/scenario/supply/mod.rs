//! Projections of supply: from the keys of `[supply]` and tidy CSV files to a [`SupplyPlan`].

mod chemistry;
mod csv_file;
mod effect;
mod fault;
mod files;
mod fleets;
mod hint;
mod inflow;
pub(super) mod keys;
mod life_tables;
mod lists;
mod opening;
mod parameters;
mod rows;
mod trial;

use super::plan::{Resolved, assumed_count, replace, sources};
use super::record::Record;
use crate::economics::{PriceSet, TargetSpec};
use crate::library::{At, SourceText};
use crate::life::recycling::{CompositionSpec, RouteSpec};
use crate::scenario::fault::{Problem, ScenarioFault};
use crate::supply::{Chemistry, Entry, LifeLaw, LifeTables, Lives, Negative, Parameters, Question, SupplyPlan};
pub use fault::SupplyFault;
use files::Files;
pub use fleets::FleetPlan;
use std::path::Path;
use std::sync::Arc;

/// A resolved projection.
#[derive(Clone, Debug)]
pub struct SupplyScenario {
    /// Stem of the scenario's file; results are named after it.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// The projection, with lives by law.
    pub plan: SupplyPlan,
    /// Populations of packs that are to take the place of those laws.
    pub physics: Option<Vec<FleetPlan>>,
    /// Every value used, with its origin: keys, then tables, then library entries.
    pub resolved: Vec<Resolved>,
    /// What is allowed, and yet should not be missed.
    pub notes: Vec<String>,
    /// The scenario as written.
    pub text: String,
    /// The files that it names, as written.
    pub files: Vec<Arc<SourceText>>,
}

impl SupplyScenario {
    /// Values that only judgement backs; one used under two paths counts once.
    pub fn assumed_count(&self) -> usize {
        assumed_count(&self.resolved)
    }

    /// Sources of the values used, each once, in order of first use.
    pub fn sources(&self) -> Vec<&str> {
        sources(&self.resolved)
    }

    /// Takes another seed, as from the command line.
    pub fn set_seed(&mut self, seed: u64) {
        self.plan.seed = seed;
        self.physics.iter_mut().flatten().for_each(|fleet| fleet.seed = seed);
        replace(&mut self.resolved, "seed", seed.to_string());
    }

    /// Takes another number of draws, as from the command line.
    pub fn set_draws(&mut self, draws: u32) {
        self.plan.draws = draws;
        replace(&mut self.resolved, "supply.draws", draws.to_string());
    }

    /// Takes another number of packs of each fleet, as from the command line; laws of life have none.
    pub fn set_packs(&mut self, packs: u64) {
        self.physics.iter_mut().flatten().for_each(|fleet| fleet.packs = packs);
        replace(&mut self.resolved, "supply.physics.packs", packs.to_string());
    }
}

/// Names of the laws of life.
const LAWS: [(&str, LifeLaw); 9] = [
    ("fixed", LifeLaw::Fixed),
    ("normal", LifeLaw::Normal),
    ("truncated_normal", LifeLaw::TruncatedNormal),
    ("folded_normal", LifeLaw::FoldedNormal),
    ("lognormal", LifeLaw::Lognormal),
    ("weibull", LifeLaw::Weibull),
    ("logistic", LifeLaw::Logistic),
    ("gamma", LifeLaw::Gamma),
    ("table", LifeLaw::Table),
];

/// Fewest base draws that tell shares of variance.
const BASE_DRAWS_MIN: u32 = 32;

/// Routes by the names of their entries, in the order of the plan.
const ROUTES: [&str; 4] = ["hydro", "pyro", "direct", "mechanical"];

/// What a projection's keys and files come to.
pub(super) struct Resolution {
    pub plan: SupplyPlan,
    pub physics: Option<Vec<FleetPlan>>,
    pub files: Vec<Arc<SourceText>>,
}

/// Reads the files and takes each value from the first place that has it; `None` after reporting problems.
pub(super) fn resolve(file: keys::projection::File, folder: &Path, r: &mut Record<'_>) -> Option<Resolution> {
    let k = &keys::projection::KEYS;
    r.fixed(&k.name, file.name)?;
    let seed = r.fixed(&k.seed, file.seed)?;
    let file = file.supply;
    let k = &keys::supply::KEYS;
    // Years have four figures, so the cast is exact.
    let first = r.fixed(&k.first_year, file.first_year)? as i32;
    let last = r.fixed(&k.last_year, file.last_year)? as i32;
    let until = r.fixed(&k.history_until, file.history_until)? as i32;
    if !(first <= until && until <= last && first < last) {
        return told(r, "supply.history_until", SupplyFault::Years { first, until, last });
    }
    let years = [first, last];
    let mut files = Files { folder, read: Vec::new() };
    let (flow, stock_driven) = match (&file.inflow, &file.stock) {
        (Some(name), None) => (files.read("supply.inflow", "inflow", r.given(&k.inflow, name.clone()), r), None),
        (None, Some(name)) => (files.read("supply.stock", "stock", r.given(&k.stock, name.clone()), r), Some(())),
        _ => return told(r, "supply.inflow", SupplyFault::InflowOrStock),
    };
    if stock_driven.is_none() && file.negative_inflow.is_some() {
        return told(r, "supply.negative_inflow", SupplyFault::NegativeOfInflow);
    }
    let stock_driven = stock_driven.map(|()| {
        match r.computed(&k.negative_inflow, file.negative_inflow, "refuse".to_owned()).as_str() {
            "allow" => Negative::Allow,
            "correct" => Negative::Correct,
            _ => Negative::Refuse,
        }
    });
    let chemistry = r.fixed(&k.chemistry, file.chemistry)?;
    let chemistry = files.read("supply.chemistry", "chemistries", chemistry, r);
    let mut optional = |path, what, key, name: Option<String>, r: &mut Record<'_>| {
        name.map(|name| files.read(path, what, r.given(key, name), r))
    };
    let opening = optional("supply.opening", "batteries on the road", &k.opening, file.opening, r);
    let given = optional("supply.parameters", "parameters", &k.parameters, file.parameters, r);
    let correlations = optional("supply.correlations", "correlations", &k.correlations, file.correlations, r);
    let projections = optional("supply.projections", "projections", &k.projections, file.projections, r);
    let targets = optional("supply.targets", "targets", &k.targets, file.targets, r);
    let life_table = optional("supply.life_table", "tables of life", &k.life_table, file.life_table, r);
    let entry = match r.fixed(&k.entry, file.entry)?.as_str() {
        "start" => Entry::Start,
        "middle" => Entry::Middle,
        "end" => Entry::End,
        _ => Entry::Spread,
    };
    let law = |name: String| LAWS.iter().find(|(known, _)| *known == name).map_or(LifeLaw::Normal, |(_, law)| *law);
    let vehicle = law(r.fixed(&k.vehicle_law, file.vehicle_law)?);
    let battery = match (&file.physics, file.battery_law) {
        (Some(_), Some(_)) => {
            let why = "simulated packs tell lives of batteries, with `[supply.physics]`".into();
            return told(r, "supply.battery_law", SupplyFault::NoEffect { parameter: "battery_law", why });
        }
        (Some(_), None) => LifeLaw::Normal,
        (None, given) => law(r.fixed(&k.battery_law, given)?),
    };
    let draws = r.fixed(&k.draws, file.draws)?;
    let saltelli = r.fixed(&k.saltelli, file.saltelli)?;
    if (1..BASE_DRAWS_MIN).contains(&saltelli) {
        let fault = SupplyFault::FewBaseDraws { found: saltelli, least: BASE_DRAWS_MIN };
        return told(r, "supply.saltelli", fault);
    }
    let prices = r.fixed(&k.prices, file.prices)?;
    let (prices, _) = r.entry::<PriceSet>("supply.prices", &prices)?;
    let question = match (file.question_gwh, file.question_year) {
        (None, None) => None,
        (Some(gwh), Some(year)) => {
            let question =
                Question { gwh: r.given(&k.question_gwh, gwh), year: r.given(&k.question_year, year) as i32 };
            if !(first..=last).contains(&question.year) {
                let year = question.year;
                return told(r, "supply.question_year", SupplyFault::YearOutside { year, first, last });
            }
            Some(question)
        }
        _ => return told(r, "supply.question_gwh", SupplyFault::HalfQuestion),
    };
    let physics = match file.physics {
        Some(file) => {
            let k = &keys::physics::KEYS;
            let name = r.fixed(&k.fleets, file.fleets)?;
            let text = files.read("supply.physics.fleets", "fleets", name, r);
            Some((text, r.fixed(&k.packs, file.packs)?, r.fixed(&k.years, file.years)?))
        }
        None => None,
    };
    if !r.problems.is_empty() {
        return None;
    }

    let mut inflow = kept(inflow::read(&flow?, years), r)?;
    if let Some(source) = opening {
        kept(opening::read(&source?, first, &mut inflow), r)?;
    }
    if !inflow.has_energy() {
        let key = if stock_driven.is_some() { "supply.stock" } else { "supply.inflow" };
        return told(r, key, SupplyFault::NoEnergy);
    }
    let split = kept(chemistry::read(&chemistry?, &inflow, years, r.library), r)?;
    rows::inflow(&inflow, &split, r);
    let mut chemistries = Vec::new();
    for (name, composition) in &split.names {
        let (composition, _) = r.entry::<CompositionSpec>("supply.chemistry", composition)?;
        chemistries.push(Chemistry { name: name.clone(), composition });
    }
    let kinds: Vec<String> = split.names.iter().map(|(name, _)| name.clone()).collect();
    let names = parameters::Names { regions: &inflow.regions, chemistries: &kinds, segments: &inflow.segments };
    let own = kept(parameters::own(&names), r)?;
    let given = given.flatten();
    let found = match &given {
        Some(source) => kept(parameters::read(source, &names, years), r),
        None => Some(Vec::new()),
    };
    let fleets = match &physics {
        Some((source, packs, years)) => {
            let source = source.clone()?;
            let common = fleets::Common { packs: *packs, years: *years, seed, folder, library: r.library };
            kept(fleets::read(&source, &names, &split.series, &common), r).map(Some)
        }
        None => Some(None),
    };
    let targets = match targets {
        Some(source) => kept(lists::targets(&source?, &inflow.regions, r.library), r),
        None => Some(vec![None; inflow.regions.len()]),
    };
    let projections = match projections {
        Some(source) => kept(lists::projections(&source?, &inflow.regions), r),
        None => Some(Vec::new()),
    };
    let rules = parameters::joined(own, found?);
    let held = |name: Option<String>, r: &mut Record<'_>| match name {
        Some(name) => r.entry::<TargetSpec>("supply.targets", &name).map(|(spec, _)| Some((name, spec))),
        None => Some(None),
    };
    let targets: Vec<Option<(String, TargetSpec)>> =
        targets?.into_iter().map(|name| held(name, r)).collect::<Option<_>>()?;
    let content = |spec: &TargetSpec| !spec.content.is_empty() || !spec.content_of_all.share.is_empty();
    let held_to_content: Vec<bool> =
        targets.iter().map(|held| held.as_ref().is_some_and(|(_, spec)| content(spec))).collect();
    let reads = effect::Reads {
        series: &split.series,
        physics: physics.is_some(),
        laws: [vehicle, battery],
        held_to_content: &held_to_content,
        years,
        history_until: until,
    };
    if let Some(source) = &given {
        r.problems.extend(effect::problems(source, &rules, &reads));
    }
    let rules = effect::read_ones(rules, &reads);
    let correlations = match correlations {
        Some(source) => kept(lists::correlations(&source?, &rules), r),
        None => Some(Vec::new()),
    };
    // Packs have no law of life.
    let tabled = [vehicle == LifeLaw::Table, physics.is_none() && battery == LifeLaw::Table];
    let tables = match life_table {
        Some(source) => kept(life_tables::read(&source?, tabled), r),
        None => match (0..2).find(|k| tabled[*k]) {
            Some(k) => {
                let part = life_tables::PARTS[k];
                told(r, &format!("supply.{part}_law"), SupplyFault::NoLifeTable { part })
            }
            None => Some(Default::default()),
        },
    };
    let (fleets, projections, correlations) = (fleets?, projections?, correlations?);
    let tables = tables?;
    rows::life_tables(&tables, r);
    rows::parameters(&rules, &names, r);
    rows::lists(&correlations, &projections, r);
    let content = |held: &Option<(String, TargetSpec)>| {
        let steps = held.iter().flat_map(|(_, spec)| &spec.content);
        steps.map(|(material, steps)| (material.clone(), steps.clone())).collect()
    };
    let content_targets = targets.iter().map(content).collect();
    let mut route = |name: &str| r.entry::<RouteSpec>("supply", name).map(|(spec, _)| spec);
    let [hydro, pyro, direct, mechanical] = ROUTES.map(&mut route);
    let routes = [hydro?, pyro?, direct?, mechanical?];
    rows::fleets(fleets.as_deref().unwrap_or_default(), r);
    let plan = SupplyPlan {
        first_year: first,
        // The last year is above the first.
        years: (last - first + 1) as usize,
        before: inflow.before(first),
        history_until: until,
        regions: inflow.regions,
        chemistries,
        segments: inflow.segments,
        series: split.series,
        stock_driven,
        entry,
        lives: Lives::Closed { vehicle, battery },
        life_tables: {
            let [vehicle, battery] = tables.map(|table| table.rows);
            LifeTables { vehicle, battery }
        },
        parameters: Parameters { rules: rules.into_iter().map(|told| told.rule).collect() },
        correlations: correlations.into_iter().map(|c| c.pair).collect(),
        routes,
        prices,
        targets,
        content_targets,
        draws,
        saltelli,
        seed,
        question,
        projections: projections.into_iter().map(|other| other.projection).collect(),
    };
    if physics.is_none()
        && r.problems.is_empty()
        && let Some(fault) = trial::fault(&plan)
    {
        let falls = matches!(fault, SupplyFault::FallingStock { .. });
        return told(r, if falls { "supply.stock" } else { "supply" }, fault);
    }
    r.problems.is_empty().then_some(Resolution { plan, physics: fleets, files: files.read })
}

/// A result, or its problems told.
fn kept<T>(result: Result<T, Vec<Problem>>, r: &mut Record<'_>) -> Option<T> {
    result.map_err(|problems| r.problems.extend(problems)).ok()
}

fn told<T>(r: &mut Record<'_>, path: &str, fault: SupplyFault) -> Option<T> {
    let span = r.written.span(path);
    r.problems.push(At::new(&r.written.source, span, ScenarioFault::Supply(fault)));
    None
}
