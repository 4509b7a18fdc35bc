//! What leaves vehicles, when, why and in what state.

use std::borrow::Cow;

/// Why a battery leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// With a worn-out vehicle.
    WearOut,
    /// It failed, or fell below the owner's need.
    Failed,
    /// Crash, theft, flood.
    Crash,
    /// Warranty.
    Warranty,
    /// Recall.
    Recall,
}

/// Number of causes.
pub const CAUSES: usize = 5;

impl Cause {
    /// All, in order.
    pub const ALL: [Cause; CAUSES] = [Cause::WearOut, Cause::Failed, Cause::Crash, Cause::Warranty, Cause::Recall];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Cause::WearOut => "wear_out",
            Cause::Failed => "failed",
            Cause::Crash => "crash",
            Cause::Warranty => "warranty",
            Cause::Recall => "recall",
        }
    }
}

/// Points of equal weight that stand for a distribution of SoH: its quantiles at `(k + 1/2) / NODES`.
pub const NODES: usize = 16;

/// What becomes of a unit of batteries that enter vehicles in one year, year by year after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Retirement {
    /// Share that leaves in the year of entry, the next, ... by cause.
    pub exits: Vec<[f64; CAUSES]>,
    /// New batteries in the same vehicles, by the year in which they come in: that of entry, the next, ...
    pub renewed: Vec<Renewed>,
}

/// New batteries in vehicles in use.
#[derive(Clone, Debug, PartialEq)]
pub struct Renewed {
    /// How many, for a unit of vehicles sold.
    pub share: f64,
    /// Of a unit of vehicles sold, what of them leaves in the year in which they come in, the next, ... by cause.
    pub exits: Vec<[f64; CAUSES]>,
}

/// SoH of what leaves, by years since the battery was new.
#[derive(Clone, Debug, PartialEq)]
pub enum States {
    /// The same for all causes.
    Shared(Vec<[f64; NODES]>),
    /// By cause.
    ByCause(Vec<[[f64; NODES]; CAUSES]>),
}

impl States {
    /// Nodes of an age and cause.
    pub fn nodes(&self, age: usize, cause: usize) -> &[f64; NODES] {
        match self {
            States::Shared(of) => &of[age],
            States::ByCause(of) => &of[age][cause],
        }
    }

    /// How many causes have nodes of their own.
    pub fn causes(&self) -> usize {
        match self {
            States::Shared(_) => 1,
            States::ByCause(_) => CAUSES,
        }
    }
}

/// A pack of the population of a chemistry, climate and use: what its battery comes to in a vehicle that never wears
/// out.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Its use over the mean of the population.
    pub use_factor: f64,
    /// Age at which the battery fails or falls below the owner's need \[year\]; infinite where it does not within
    /// `soh`.
    pub end_years: f64,
    /// SoH at ages 0, 1, 2, ... \[years\]; past the last as there.
    pub soh: Vec<f64>,
}

/// Second lives of a population: how long modules last from a SoH on, by classes of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecondLives {
    /// Lower edges of the classes, rising; below the first the first holds.
    pub soh_from: Vec<f64>,
    /// Share still in service after 0, 1, 2, ... years, by class.
    pub survival: Vec<Vec<f64>>,
    /// Mean SoH after 0, 1, 2, ... years of service over that at its start, by class.
    pub fade: Vec<Vec<f64>>,
}

impl SecondLives {
    /// The same where time runs so much faster, linear between the years; none is told past the end of the table.
    pub fn aged(&self, factor: f64) -> Cow<'_, SecondLives> {
        if factor == 1.0 {
            return Cow::Borrowed(self);
        }
        let faster = |rows: &[Vec<f64>]| {
            let of = |row: &Vec<f64>| {
                let last = row.len().saturating_sub(1);
                let years = (last as f64 / factor + 1e-9).floor() as usize;
                let at = |year: usize| {
                    let time = (year as f64 * factor).min(last as f64);
                    let (below, above) = (time.floor() as usize, time.ceil() as usize);
                    row[below] + (row[above] - row[below]) * time.fract()
                };
                if row.is_empty() { Vec::new() } else { (0..=years).map(at).collect() }
            };
            rows.iter().map(of).collect()
        };
        let (survival, fade) = (faster(&self.survival), faster(&self.fade));
        Cow::Owned(SecondLives { soh_from: self.soh_from.clone(), survival, fade })
    }
}

/// A population of packs, as simulated from the factory on.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet {
    /// Name, for tables.
    pub name: String,
    /// Packs, of equal weight.
    pub paths: Vec<Path>,
    /// Second lives that follow.
    pub second: SecondLives,
    /// Share of time and throughput outside the fitted range of the aging law.
    pub outside_range: [f64; 2],
    /// Packs that could not be lived to their end, and are not among the others; none where all could.
    pub lost: Option<LostPacks>,
}

/// Packs that a population lacks.
#[derive(Clone, Debug, PartialEq)]
pub struct LostPacks {
    /// How many.
    pub packs: u64,
    /// Why the first failed.
    pub reason: String,
}
