//! A fit and what it gives.

use super::model::{predict, until};
use super::solve::{Problem, Solution, Weights};
use super::space::{Content, Prior, Space, base_numbers, coordinate, default_free, median};
use super::table::{DAYS_PER_YEAR, Row, Series, Table, TestStress};
use crate::aging::{AgingOptions, FittedRange, Form, Law, LawError, LawKind, LawSpec, Path};
use crate::numeric::stream::{Purpose, Streams};
use nalgebra::{DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Standard deviation of a prediction beside that of the numbers, over new capacity: check-ups differ by as much.
const SIGMA_PREDICTION: f64 = 0.003;
/// 95 % of a normal law lie within this many standard deviations.
const TWO_SIDED_95: f64 = 1.96;
/// Random starts beside the two fixed ones.
const RANDOM_STARTS: usize = 2;
/// Draws behind the intervals of the numbers.
const DRAWS: usize = 2000;
/// Posterior over prior standard deviation above which the data have hardly told anything.
const NOT_IDENTIFIED: f64 = 0.8;
/// And below which the prior hardly matters.
const IDENTIFIED: f64 = 0.4;
/// Rows a little beyond the asked loss are used, so that the crossing is inside.
const BEYOND_LOSS: f64 = 0.005;

/// Why a fit is not possible.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// A number that the law does not have, and other faults of the law.
    #[error(transparent)]
    Law(#[from] LawError),
    /// A number that is both fitted and fixed.
    #[error("`{0}` is both fitted and fixed")]
    FreeAndFixed(String),
    /// A number that cannot be fitted: a reference or a guard.
    #[error("`{0}` is a reference and cannot be fitted; fix it")]
    Reference(String),
    /// No number to fit.
    #[error("no number is left to fit")]
    NothingFree,
    /// No check-up to fit to.
    #[error("no check-up with a loss of up to {0} is left to fit to")]
    NoRows(f64),
    /// Fewer than two groups.
    #[error("leaving one out needs two groups or more; the table has {0}")]
    TooFew(usize),
    /// The equations give no finite capacity.
    #[error("the law gives no finite capacity for these tests")]
    NotFinite,
}

/// What to fit and how.
#[derive(Clone, Debug, Default)]
pub struct FitOptions {
    /// Law to begin with; the general form `semi_empirical` where `None`.
    pub law: Option<LawSpec>,
    /// Numbers to fit; those that the table can tell where `None`.
    pub free: Option<Vec<String>>,
    /// Numbers that are known.
    pub fixed: BTreeMap<String, f64>,
    /// Priors in place of the usual ones, in the coordinates of `docs/fit.md`.
    pub priors: BTreeMap<String, Prior>,
    /// Largest loss that must be right; check-ups beyond it are left away.
    pub to_loss: Option<f64>,
    /// Gives each cell a life of its own, with this standard deviation of its logarithm.
    pub cell_spread: Option<f64>,
    /// Weights of check-ups.
    pub weights: Weights,
}

/// How well the data tell a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// The data tell it.
    Identified,
    /// The data and the prior tell it.
    Partly,
    /// The data tell hardly anything: it is the prior.
    NotIdentified,
    /// It was given.
    Fixed,
}

impl Flag {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Flag::Identified => "identified",
            Flag::Partly => "partly",
            Flag::NotIdentified => "not identified",
            Flag::Fixed => "fixed",
        }
    }
}

/// A number of the law after the fit. Intervals hold 95 %.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Name in the law.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Value.
    pub value: f64,
    /// Interval after the data; none for fixed numbers.
    pub interval: Option<[f64; 2]>,
    /// Interval before the data.
    pub prior: Option<[f64; 2]>,
    /// Posterior over prior standard deviation of its coordinate.
    pub narrowed: Option<f64>,
    /// What that means.
    pub flag: Flag,
}

/// A check-up and what the law says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Residual {
    /// Cell.
    pub cell: String,
    /// Condition.
    pub condition: String,
    /// The check-up.
    pub row: Row,
    /// Capacity over new by the law.
    pub capacity: f64,
    /// Resistance over new by the law.
    pub resistance: f64,
}

impl Residual {
    /// Measured less foretold capacity.
    pub fn error(&self) -> f64 {
        self.row.capacity - self.capacity
    }
}

/// A foretold capacity with its interval of 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// Capacity over new.
    pub capacity: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Standard deviation.
    pub sd: f64,
}

/// A fitted law.
#[derive(Clone, Debug)]
pub struct FitResult {
    /// The law, ready for use.
    pub law: Law,
    /// Numbers: fitted ones first, then those given with `fixed`.
    pub numbers: Vec<Fitted>,
    /// Correlation of the fitted numbers' coordinates, in their order.
    pub correlation: Vec<Vec<f64>>,
    /// Check-ups that were fitted.
    pub residuals: Vec<Residual>,
    /// Root mean square of their errors.
    pub rmse: f64,
    /// Whether the solver says it arrived.
    pub converged: bool,
    /// Relative standard deviation of the loss between equal cells, and how many cells tell it; `None` without such.
    pub loss_cv: Option<(f64, usize)>,
    /// Gain of resistance per loss of capacity, where the table has resistances and the law no term for them.
    pub resistance_per_loss: Option<f64>,
    /// Days were worked out from cycles and rates.
    pub days_from_rates: bool,
    /// Cells were cycled at a rate of charge, and at one of discharge, that the table gives.
    pub rates_known: [bool; 2],
    space: Space,
    at: Vec<f64>,
    covariance: DMatrix<f64>,
}

/// Fits a law to a table.
///
/// # Errors
/// When names are wrong or nothing is left to fit.
pub fn fit(table: &Table, options: &FitOptions) -> Result<FitResult, FitError> {
    Setup::of(table, options)?.solve()
}

/// A fit made ready.
struct Setup {
    table: Table,
    law: Law,
    space: Space,
    free: Vec<&'static str>,
    fixed: Vec<&'static str>,
    weights: Weights,
    spread: Option<f64>,
}

impl Setup {
    fn of(table: &Table, options: &FitOptions) -> Result<Setup, FitError> {
        let table = match options.to_loss {
            Some(loss) => table.to_loss(loss + BEYOND_LOSS),
            None => table.clone(),
        };
        if table.rows() == 0 {
            return Err(FitError::NoRows(options.to_loss.unwrap_or(1.0)));
        }
        let own = options.law.is_none();
        let mut spec = options.law.clone().unwrap_or_else(|| general_spec(&table));
        spec.sets.clear();
        let mut given = spec.clone();
        given.parameters.extend(options.fixed.iter().map(|(name, value)| (name.clone(), *value)));
        // Tells of names that the form does not have.
        let law = Law::new(given, AgingOptions::default())?;
        let form = law.form;
        let place = |name: &str| form.parameters.iter().position(|p| p.name == name);
        let content = Content::of(&table);
        let mut numbers = law.parameters.clone();
        if own {
            numbers = base_numbers(form, &numbers, &table);
            for (name, value) in &options.fixed {
                if let Some(place) = place(name) {
                    numbers[place] = *value;
                }
            }
        }
        let fixed = |name: &str| options.fixed.contains_key(name);
        let free: Vec<&'static str> = match &options.free {
            None => default_free(form, &content).into_iter().filter(|name| !fixed(name)).collect(),
            Some(names) => names.iter().map(|name| known(form, name, &fixed)).collect::<Result<_, _>>()?,
        };
        if free.is_empty() {
            return Err(FitError::NothingFree);
        }
        let coordinates = free.iter().map(|name| coordinate(form, name, &numbers, &table, &options.priors)).collect();
        let fixed = form.parameters.iter().map(|p| p.name).filter(|name| fixed(name)).collect();
        let space = Space { base: numbers, coordinates };
        let mut law = law.with_numbers(space.numbers(&vec![0.0; space.coordinates.len()]));
        if law.mechanisms.iter().any(|m| m.path == Path::Resistance) {
            // The ratio stands in for terms that there are now.
            law.resistance_per_loss = None;
        }
        Ok(Setup { table, law, space, free, fixed, weights: options.weights, spread: options.cell_spread })
    }

    fn solve(self) -> Result<FitResult, FitError> {
        let Setup { table, law, space, .. } = &self;
        let problem = Problem::new(space, law, &table.series, self.weights, self.spread);
        let dimension = space.coordinates.len();
        let mut starts = vec![vec![0.0; dimension], space.second_start(law.form)];
        starts.dedup();
        let mut random = Streams::new(0, 0).stream(Purpose::ParameterSet);
        for _ in 0..RANDOM_STARTS {
            starts.push((0..dimension).map(|_| 0.7 * normal(&mut random)).collect());
        }
        let ends: Vec<Solution> = starts.par_iter().map(|start| problem.clone().solve(start)).collect();
        let best = ends.into_iter().filter(|s| s.cost.is_finite()).min_by(|a, b| a.cost.total_cmp(&b.cost));
        let best = best.ok_or(FitError::NotFinite)?;
        let covariance = problem.clone().covariance(&best.v).ok_or(FitError::NotFinite)?;
        let at = best.v[..dimension].to_vec();
        let mut law = law.with_numbers(space.numbers(&at));
        law.spec.kind = LawKind::Own;
        law.spec.range = range(table);
        let own_resistance = law.mechanisms.iter().any(|m| m.path == Path::Resistance);
        let residuals = residuals(&law, table);
        let resistance_per_loss = (!own_resistance).then(|| gain_per_loss(table)).flatten();
        law.resistance_per_loss = match own_resistance {
            true => None,
            false => resistance_per_loss.or(law.spec.resistance_per_loss),
        };
        law.spec.resistance_per_loss = law.resistance_per_loss;
        let loss_cv = between_cells(table, &residuals);
        if let Some((cv, _)) = loss_cv {
            law.spec.loss_cv = cv;
        }
        law.spec.parameters =
            law.form.parameters.iter().zip(&law.parameters).map(|(p, v)| (p.name.to_owned(), *v)).collect();
        let sum: f64 = residuals.iter().map(|r| r.error().powi(2)).sum();
        let sd: Vec<f64> = (0..dimension).map(|k| covariance[(k, k)].sqrt()).collect();
        let correlation =
            (0..dimension).map(|i| (0..dimension).map(|j| covariance[(i, j)] / (sd[i] * sd[j])).collect()).collect();
        let mut result = FitResult {
            rmse: (sum / residuals.len() as f64).sqrt(),
            law,
            numbers: Vec::new(),
            correlation,
            residuals,
            converged: best.converged,
            loss_cv,
            resistance_per_loss,
            days_from_rates: table.days_from_rates,
            rates_known: [|s: &TestStress| s.c_charge, |s: &TestStress| s.c_discharge].map(|get| {
                table.series.iter().filter(|s| s.cycled()).flat_map(|s| &s.rows).all(|r| get(&r.stress).is_some())
            }),
            space: space.clone(),
            at,
            covariance,
        };
        result.numbers = result.fitted(&self.free, &self.fixed, &sd);
        Ok(result)
    }
}

/// A name asked for with `free`, if it can be fitted.
fn known(form: &'static Form, name: &str, fixed: &dyn Fn(&str) -> bool) -> Result<&'static str, FitError> {
    let Some(found) = form.parameters.iter().find(|p| p.name == name) else {
        let known = form.parameters.iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
        return Err(LawError::NoParameter { form: form.name.into(), name: name.into(), known }.into());
    };
    if fixed(name) {
        return Err(FitError::FreeAndFixed(name.into()));
    }
    let guard = matches!(name, "calendar_cold" | "calendar_hot" | "calendar_ea_least") || name.ends_with("_ref");
    if form.name == "semi_empirical" && guard { Err(FitError::Reference(name.into())) } else { Ok(found.name) }
}

/// The general form before a fit. Its spreads and its ratio of resistance are assumptions until the data tell them.
fn general_spec(table: &Table) -> LawSpec {
    // Medians of stored cells (Lam et al. 2024, Joule), as in the built-in entries.
    let lfp = table.chemistry.as_ref().is_some_and(|c| c.to_uppercase().contains("LFP"));
    let (ratio, resistance_cv) = if lfp { (1.2, 0.25) } else { (1.4, 0.18) };
    LawSpec {
        title: "Own tests".into(),
        form: "semi_empirical".into(),
        kind: LawKind::Own,
        parameters: BTreeMap::new(),
        sets: Vec::new(),
        range: FittedRange {
            temperature_c: [0.0, 1.0],
            soc: [0.0, 1.0],
            depth: [0.0, 1.0],
            charge_c_max: 0.0,
            discharge_c_max: 0.0,
            test_years: 1.0,
            loss_max: 0.1,
        },
        resistance_per_loss: Some(ratio),
        loss_cv: 0.1,
        resistance_cv,
        soh_at_start: 1.0,
    }
}

/// A standard normal draw.
fn normal(random: &mut impl rand::Rng) -> f64 {
    StandardNormal.sample(random)
}

fn residuals(law: &Law, table: &Table) -> Vec<Residual> {
    let of = |series: &Series| {
        let (condition, cell) = (series.condition(), series.cell.clone());
        let health = predict(law, &series.rows);
        let each = series.rows.iter().zip(health).map(move |(row, h)| Residual {
            cell: cell.clone(),
            condition: condition.clone(),
            row: *row,
            capacity: h.capacity,
            resistance: h.resistance,
        });
        each.collect::<Vec<_>>()
    };
    table.series.iter().flat_map(of).collect()
}

/// Box of the tests. An axis on which they do not differ is given a little width.
fn range(table: &Table) -> FittedRange {
    let rows = || table.series.iter().flat_map(|s| s.rows.iter().map(move |r| (s.cycled(), r)));
    let ends = |values: &dyn Fn(bool, &Row) -> [f64; 2]| {
        rows().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], (cycled, row)| {
            let [a, b] = values(cycled, row);
            [low.min(a), high.max(b)]
        })
    };
    let widen = |[low, high]: [f64; 2], least: f64| match least - (high - low) {
        missing if missing > 0.0 => [low - 0.5 * missing, high + 0.5 * missing],
        _ => [low, high],
    };
    let shift = |[low, high]: [f64; 2]| {
        let by = (0.0_f64 - low).max(0.0) - (high - 1.0).max(0.0);
        [(low + by).max(0.0), (high + by).min(1.0)]
    };
    let soc = ends(&|cycled, r| {
        let half = if cycled { 0.5 * r.stress.depth } else { 0.0 };
        [(r.stress.soc - half).max(0.0), (r.stress.soc + half).min(1.0)]
    });
    let cycled = table.series.iter().any(Series::cycled);
    let depth = rows()
        .filter(|(cycled, _)| *cycled)
        .fold([1.0_f64, 0.0_f64], |[low, high], (_, r)| [low.min(r.stress.depth), high.max(r.stress.depth)]);
    let rate = |get: fn(&TestStress) -> Option<f64>| rows().filter_map(|(_, r)| get(&r.stress)).fold(0.0, f64::max);
    let days = rows().map(|(_, r)| r.days).fold(0.0, f64::max);
    let round = |x: f64| (x * 1e6).round() / 1e6;
    FittedRange {
        temperature_c: widen(ends(&|_, r| [r.stress.temperature_c; 2]), 2.0).map(round),
        soc: shift(widen(soc, 0.1)).map(round),
        depth: if cycled { shift(widen(depth, 0.05)).map(round) } else { [0.0, 1e-3] },
        // A rate that the table does not give is taken like the other.
        charge_c_max: rate(|s| s.c_charge.or(s.c_discharge)),
        discharge_c_max: rate(|s| s.c_discharge.or(s.c_charge)),
        test_years: round((days / DAYS_PER_YEAR).max(0.01)),
        loss_max: round(rows().map(|(_, r)| 1.0 - r.capacity).fold(0.001, f64::max)),
    }
}

/// Slope of resistance gained over capacity lost, through the origin, over check-ups that have both.
fn gain_per_loss(table: &Table) -> Option<f64> {
    let rows = table.series.iter().flat_map(|s| &s.rows);
    let (mut above, mut below) = (0.0, 0.0);
    for (loss, gain) in rows.filter_map(|r| Some((1.0 - r.capacity, r.resistance? - 1.0))) {
        above += loss * gain;
        below += loss * loss;
    }
    (below > 0.0 && above > 0.0).then(|| above / below)
}

/// Relative standard deviation of the loss between cells of one condition: from given deviations, or from the cells'
/// last measured over foretold loss. With it the number of cells or of means.
fn between_cells(table: &Table, residuals: &[Residual]) -> Option<(f64, usize)> {
    let given = |s: &Series| {
        let row = s.rows.iter().rev().find(|r| r.capacity_sd.is_some() && 1.0 - r.capacity > 0.005)?;
        Some(row.capacity_sd? / (1.0 - row.capacity))
    };
    let given: Vec<f64> = table.series.iter().filter_map(given).collect();
    if given.len() > 1 {
        let count = given.len();
        return median(given).map(|cv| (cv, count));
    }
    let mut by_condition: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for r in residuals.iter().filter(|r| r.row.capacity < 0.99 && r.capacity < 1.0) {
        let ratio = ((1.0 - r.row.capacity) / (1.0 - r.capacity)).ln();
        by_condition.entry(&r.condition).or_default().insert(&r.cell, ratio);
    }
    let (mut sum, mut freedom, mut cells) = (0.0, 0, 0);
    for ratios in by_condition.values().filter(|r| r.len() > 1) {
        let mean = ratios.values().sum::<f64>() / ratios.len() as f64;
        sum += ratios.values().map(|r| (r - mean).powi(2)).sum::<f64>();
        (freedom, cells) = (freedom + ratios.len() - 1, cells + ratios.len());
    }
    (freedom > 0).then(|| ((sum / freedom as f64).sqrt(), cells))
}

fn until_efc(law: &Law, stress: &TestStress, days_per_efc: f64, loss: f64) -> Option<f64> {
    until(law, loss, 1e5, |efc| Row { efc, days: efc * days_per_efc, ..Row::at(*stress) })
}

fn until_days(law: &Law, stress: &TestStress, loss: f64) -> Option<f64> {
    until(law, loss, 100.0 * DAYS_PER_YEAR, |days| Row { days, ..Row::at(*stress) })
}

impl FitResult {
    /// Draws of the numbers after the data, the same each time.
    pub fn draws(&self, count: usize) -> Vec<BTreeMap<String, f64>> {
        let name = |k: usize| self.law.form.parameters[self.space.coordinates[k].parameter].name.to_owned();
        let of = |numbers: Vec<f64>| {
            let each = self.space.coordinates.iter().enumerate();
            each.map(|(k, c)| (name(k), numbers[c.parameter])).collect()
        };
        self.drawn(count).into_iter().map(of).collect()
    }

    /// Whole sets of numbers drawn from the posterior.
    fn drawn(&self, count: usize) -> Vec<Vec<f64>> {
        let Some(lower) = self.covariance.clone().cholesky().map(|c| c.l()) else { return Vec::new() };
        let centre = DVector::from_column_slice(&self.at);
        let mut random = Streams::new(0, 1).stream(Purpose::ParameterSet);
        (0..count)
            .map(|_| {
                let z = DVector::from_fn(self.at.len(), |_, _| normal(&mut random));
                self.space.numbers((&centre + &lower * z).as_slice())
            })
            .collect()
    }

    fn fitted(&self, free: &[&'static str], fixed: &[&'static str], sd: &[f64]) -> Vec<Fitted> {
        let after = self.drawn(DRAWS);
        let mut random = Streams::new(0, 2).stream(Purpose::ParameterSet);
        let before: Vec<Vec<f64>> = (0..DRAWS)
            .map(|_| self.space.numbers(&(0..self.at.len()).map(|_| normal(&mut random)).collect::<Vec<_>>()))
            .collect();
        let interval = |draws: &[Vec<f64>], place: usize| {
            let mut values: Vec<f64> = draws.iter().map(|d| d[place]).collect();
            values.sort_by(f64::total_cmp);
            let at = |share: f64| values.get((share * values.len() as f64) as usize).copied();
            Some([at(0.025)?, at(0.975)?])
        };
        let parameters = self.law.form.parameters;
        let mut out = Vec::new();
        for ((name, c), sd) in free.iter().zip(&self.space.coordinates).zip(sd) {
            out.push(Fitted {
                name,
                unit: parameters[c.parameter].unit,
                value: self.law.parameters[c.parameter],
                interval: interval(&after, c.parameter),
                prior: interval(&before, c.parameter),
                narrowed: Some(*sd),
                flag: match *sd {
                    sd if sd > NOT_IDENTIFIED => Flag::NotIdentified,
                    sd if sd > IDENTIFIED => Flag::Partly,
                    _ => Flag::Identified,
                },
            });
        }
        for (place, parameter) in parameters.iter().enumerate().filter(|(_, p)| fixed.contains(&p.name)) {
            let (name, unit, value) = (parameter.name, parameter.unit, self.law.parameters[place]);
            out.push(Fitted { name, unit, value, interval: None, prior: None, narrowed: None, flag: Flag::Fixed });
        }
        out
    }

    /// Capacity at each check-up of a test, with intervals for what is not known of the numbers and for the check-up.
    pub fn predict(&self, rows: &[Row]) -> Vec<Predicted> {
        const STEP: f64 = 1e-3;
        let capacity = |v: &[f64]| -> Vec<f64> {
            predict(&self.law.with_numbers(self.space.numbers(v)), rows).iter().map(|h| h.capacity).collect()
        };
        let gradients: Vec<Vec<f64>> = (0..self.at.len())
            .map(|k| {
                let at = |step: f64| {
                    let mut v = self.at.clone();
                    v[k] += step;
                    capacity(&v)
                };
                at(STEP).iter().zip(at(-STEP)).map(|(up, down)| (up - down) / (2.0 * STEP)).collect()
            })
            .collect();
        let centre = predict(&self.law, rows);
        let each = centre.iter().enumerate().map(|(row, health)| {
            let g = DVector::from_iterator(self.at.len(), gradients.iter().map(|g| g[row]));
            let sd = (g.dot(&(&self.covariance * &g)) + SIGMA_PREDICTION.powi(2)).sqrt();
            let half = TWO_SIDED_95 * sd;
            Predicted { capacity: health.capacity, low: health.capacity - half, high: health.capacity + half, sd }
        });
        each.collect()
    }

    /// Equivalent full cycles to a loss under constant stress, each taking `days_per_efc`; `None` beyond 100,000.
    pub fn efc_to_loss(&self, stress: &TestStress, days_per_efc: f64, loss: f64) -> Option<f64> {
        until_efc(&self.law, stress, days_per_efc, loss)
    }

    /// Days to a loss in storage; `None` beyond a hundred years.
    pub fn days_to_loss(&self, stress: &TestStress, loss: f64) -> Option<f64> {
        until_days(&self.law, stress, loss)
    }

    /// Interval of 95 % of the equivalent full cycles to a loss, over draws of the numbers. An end beyond 100,000 is
    /// `None`.
    pub fn efc_to_loss_interval(&self, stress: &TestStress, days_per_efc: f64, loss: f64) -> [Option<f64>; 2] {
        self.interval(|law| until_efc(law, stress, days_per_efc, loss))
    }

    /// The same for days in storage.
    pub fn days_to_loss_interval(&self, stress: &TestStress, loss: f64) -> [Option<f64>; 2] {
        self.interval(|law| until_days(law, stress, loss))
    }

    fn interval(&self, of: impl Fn(&Law) -> Option<f64>) -> [Option<f64>; 2] {
        let draws = self.drawn(200);
        let mut values: Vec<f64> =
            draws.into_iter().map(|n| of(&self.law.with_numbers(n)).unwrap_or(f64::INFINITY)).collect();
        values.sort_by(f64::total_cmp);
        [5, 195].map(|k| values.get(k).copied().filter(|v| v.is_finite()))
    }

    /// A number of the law after the fit.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.law.form.parameters.iter().position(|p| p.name == name).map(|place| self.law.parameters[place])
    }
}
