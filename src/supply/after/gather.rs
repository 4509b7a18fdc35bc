//! What leaves the vehicles of a group in a year, by age of the battery and cause.

use super::super::inflow::Inflow;
use super::super::lives::{LifeClasses, Lifetimes};
use super::super::parameter::Param;
use super::super::plan::{Lives, SupplyPlan};
use super::super::retirement::{CAUSES, Cause, Retirement};
use super::super::values::Rows;
use multiversion::multiversion;

/// Parameters by which what has left a series goes its way.
const WAYS: [Param; 13] = [
    Param::FadeMean,
    Param::FadeSd,
    Param::ExportShare,
    Param::UnknownShare,
    Param::CollectedShare,
    Param::CrashDamagedShare,
    Param::FailedUsableShare,
    Param::VehicleReuseShare,
    Param::SohMin,
    Param::TestSd,
    Param::AgeMax,
    Param::RepurposedShare,
    Param::YieldShare,
];

/// Series of a group whose batteries fade and go their ways alike.
#[derive(Clone, Debug)]
pub struct Stream {
    series: Vec<usize>,
}

impl Stream {
    /// A series of it.
    pub fn example(&self) -> usize {
        self.series[0]
    }
}

/// Streams of all groups, the same for all draws.
#[derive(Clone, Debug)]
pub struct Streams {
    /// By group.
    pub by_group: Vec<Vec<Stream>>,
    /// Class of lives of each series.
    lives: Vec<usize>,
    /// Class of states of each series.
    states: Vec<usize>,
}

/// Exits of the batteries of a stream by the year in which they came in and years since, `[came][k]`, all years in one row:
/// those of new vehicles, and those that came into vehicles in use.
#[derive(Clone, Debug, Default)]
pub struct Exits {
    first: Vec<[f64; CAUSES]>,
    renewed: Vec<[f64; CAUSES]>,
    years: usize,
}

impl Exits {
    fn since(&self, came: usize) -> std::ops::Range<usize> {
        let at = came * (2 * self.years - came + 1) / 2;
        at..at + self.years - came
    }

    /// Adds the exits of a cohort.
    fn add(&mut self, cohort: usize, gwh: f64, retirement: &Retirement) {
        let since = self.since(cohort);
        add_all(&mut self.first[since], &retirement.exits, gwh);
        for (start, renewed) in retirement.renewed.iter().enumerate().take(self.years - cohort) {
            if renewed.share != 0.0 {
                let since = self.since(cohort + start);
                add_all(&mut self.renewed[since], &renewed.exits, gwh);
            }
        }
    }
}

/// Spare parts among the new batteries of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spares {
    /// Their share.
    pub share: f64,
    /// Their mean age when they come in \[years\].
    pub age: f64,
}

impl Streams {
    /// Groups the series of a plan.
    pub fn of(plan: &SupplyPlan, rows: &Rows, classes: &LifeClasses) -> Self {
        let mut by_group: Vec<Vec<Stream>> = vec![Vec::new(); plan.groups()];
        let key = |s: usize| {
            // From physics each population has states of its own, which depend on its lives.
            let class = matches!(plan.lives, Lives::Physics { .. }).then(|| classes.lives(s));
            (class, WAYS.map(|p| rows.find(p, s)))
        };
        for (s, series) in plan.series.iter().enumerate() {
            let streams = &mut by_group[plan.group(series.region, series.chemistry)];
            match streams.iter_mut().find(|stream| key(stream.example()) == key(s)) {
                Some(stream) => stream.series.push(s),
                None => streams.push(Stream { series: vec![s] }),
            }
        }
        let all = 0..plan.series.len();
        Streams {
            by_group,
            lives: all.clone().map(|s| classes.lives(s)).collect(),
            states: all.map(|s| classes.states(s)).collect(),
        }
    }

    /// Class of states of a series.
    pub fn states(&self, series: usize) -> usize {
        self.states[series]
    }

    /// Exits of the series of a stream whose stock is never cut, and of cohorts whose life was over at the start.
    pub fn exits(&self, stream: &Stream, plan: &SupplyPlan, lives: &Lifetimes, inflows: &[Inflow]) -> Exits {
        let years = plan.cohorts();
        let none = || vec![[0.0; CAUSES]; years * (years + 1) / 2];
        let mut all = Exits { first: none(), renewed: none(), years };
        for &s in &stream.series {
            for &(cohort, gwh) in &inflows[s].ended {
                let k = plan.before - cohort;
                let at = all.since(cohort).start + k;
                all.first[at][Cause::WearOut as usize] += gwh;
            }
        }
        for &s in stream.series.iter().filter(|s| inflows[**s].kept.is_empty()) {
            for (cohort, &gwh) in inflows[s].gwh.iter().enumerate().filter(|(_, gwh)| **gwh != 0.0) {
                all.add(cohort, gwh, lives.retirement(self.lives[s], cohort));
            }
        }
        all
    }

    /// New batteries asked for by vehicles in use, by group and year \[GWh\].
    pub fn renewals(&self, plan: &SupplyPlan, lives: &Lifetimes, inflows: &[Inflow]) -> Vec<Vec<f64>> {
        let mut renewals = vec![vec![0.0; plan.cohorts()]; plan.groups()];
        for (s, series) in plan.series.iter().enumerate() {
            let of_group = &mut renewals[plan.group(series.region, series.chemistry)];
            for (cohort, gwh) in inflows[s].gwh.iter().enumerate() {
                let renewed = &lives.retirement(self.lives[s], cohort).renewed;
                for (k, (sum, renewed)) in of_group[cohort..].iter_mut().zip(renewed).enumerate() {
                    if renewed.share != 0.0 {
                        *sum += gwh * inflows[s].kept_before(cohort, cohort + k) * renewed.share;
                    }
                }
            }
        }
        renewals
    }

    /// Fills `flow` up to the age of the year with what leaves a stream in it. A spare part lasts as long as the new
    /// battery in whose place it is, but goes on in age where it was.
    pub fn gather(
        &self,
        stream: &Stream,
        exits: &Exits,
        year: usize,
        (inflows, lives): (&[Inflow], &Lifetimes),
        spares: &[Spares],
        flow: &mut [[f64; CAUSES]],
    ) {
        for (k, flow) in flow[..=year].iter_mut().enumerate() {
            *flow = exits.first[exits.since(year - k).start + k];
        }
        for came in 0..=year {
            let k = year - came;
            let renewed = &exits.renewed[exits.since(came).start + k];
            if *renewed != [0.0; CAUSES] {
                put_aged(flow, k, year, spares.get(came), renewed, 1.0);
            }
        }
        for &s in stream.series.iter().filter(|s| !inflows[**s].kept.is_empty()) {
            for cohort in 0..=year {
                let retirement = lives.retirement(self.lives[s], cohort);
                leave_first(retirement, &inflows[s], [cohort, year], flow);
                leave_renewed(retirement, &inflows[s], [cohort, year], spares, flow);
            }
        }
    }
}

impl Streams {
    /// Exits by group, cohort from the oldest, year and cause \[GWh/year\].
    pub fn by_cohort(&self, plan: &SupplyPlan, lives: &Lifetimes, inflows: &[Inflow]) -> Vec<Vec<Vec<[f64; CAUSES]>>> {
        let (cohorts, before) = (plan.cohorts(), plan.before);
        let mut all = vec![vec![vec![[0.0; CAUSES]; plan.years]; cohorts]; plan.groups()];
        let mut flow = vec![[0.0; CAUSES]; cohorts];
        for (s, series) in plan.series.iter().enumerate() {
            let of_group = &mut all[plan.group(series.region, series.chemistry)];
            for &(cohort, gwh) in &inflows[s].ended {
                of_group[cohort][0][Cause::WearOut as usize] += gwh;
            }
            for (cohort, of_cohort) in of_group.iter_mut().enumerate() {
                for (k, sum) in of_cohort.iter_mut().enumerate().skip(cohort.saturating_sub(before)) {
                    let year = before + k;
                    flow[..=year].fill([0.0; CAUSES]);
                    let retirement = lives.retirement(self.lives[s], cohort);
                    leave_first(retirement, &inflows[s], [cohort, year], &mut flow);
                    leave_renewed(retirement, &inflows[s], [cohort, year], &[], &mut flow);
                    flow[..=year].iter().for_each(|exits| add(sum, exits, 1.0));
                }
            }
        }
        all
    }
}

/// Adds what leaves in a year of the first batteries of a cohort, and of all its batteries by a cut of the stock.
fn leave_first(retirement: &Retirement, inflow: &Inflow, [cohort, year]: [usize; 2], flow: &mut [[f64; CAUSES]]) {
    let k = year - cohort;
    let units = inflow.gwh[cohort] * inflow.kept_before(cohort, year);
    add(&mut flow[k], &retirement.exits[k], units);
    if !inflow.kept.is_empty() && inflow.kept[year] < 1.0 && cohort < year {
        cut(retirement, k, units * (1.0 - inflow.kept[year]), flow);
    }
}

/// Adds what leaves in a year of batteries that came into vehicles in use.
fn leave_renewed(
    retirement: &Retirement,
    inflow: &Inflow,
    [cohort, year]: [usize; 2],
    spares: &[Spares],
    flow: &mut [[f64; CAUSES]],
) {
    let k = year - cohort;
    let units = inflow.gwh[cohort] * inflow.kept_before(cohort, year);
    for (start, renewed) in retirement.renewed.iter().enumerate().take(k + 1) {
        let age = k - start;
        put_aged(flow, age, year, spares.get(cohort + start), &renewed.exits[age], units);
    }
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
fn add_all(sums: &mut [[f64; CAUSES]], exits: &[[f64; CAUSES]], units: f64) {
    for (sum, exit) in sums.as_flattened_mut().iter_mut().zip(exits.as_flattened()) {
        *sum += units * exit;
    }
}

#[inline]
fn add(sums: &mut [f64; CAUSES], exits: &[f64; CAUSES], units: f64) {
    for cause in 0..CAUSES {
        sums[cause] += units * exits[cause];
    }
}

/// Adds exits of renewed batteries, those of spare parts at their age.
#[inline]
fn put_aged(
    flow: &mut [[f64; CAUSES]],
    age: usize,
    year: usize,
    spares: Option<&Spares>,
    exits: &[f64; CAUSES],
    units: f64,
) {
    let Some(spares) = spares.filter(|s| s.share > 0.0) else {
        add(&mut flow[age], exits, units);
        return;
    };
    add(&mut flow[age], exits, units * (1.0 - spares.share));
    let older = (age as f64 + spares.age).min(year as f64);
    let below = older as usize;
    let part = older - below as f64;
    add(&mut flow[below], exits, units * spares.share * (1.0 - part));
    add(&mut flow[(below + 1).min(year)], exits, units * spares.share * part);
}

/// What a cut of the given stock takes out of vehicles of a cohort, as if they were worn out.
fn cut(retirement: &Retirement, k: usize, units: f64, flow: &mut [[f64; CAUSES]]) {
    let left = |share: f64, exits: &[[f64; CAUSES]], years: usize| {
        (share - exits[..=years].iter().flatten().sum::<f64>()).max(0.0)
    };
    let worn = Cause::WearOut as usize;
    flow[k][worn] += units * left(1.0, &retirement.exits, k);
    for (start, renewed) in retirement.renewed.iter().enumerate().take(k + 1) {
        flow[k - start][worn] += units * left(renewed.share, &renewed.exits, k - start);
    }
}
