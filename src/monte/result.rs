//! What a study yields beside its rows.

use crate::life::outcome::{PackFailure, PackOutcome};

/// One pack of a study: its life, or the reason why there is none.
#[derive(Clone, Debug)]
pub enum PackRow {
    /// A life lived to the recycler.
    Done(Box<PackOutcome>),
    /// A life that could not be finished.
    Failed(PackFailure),
}

/// Which life a month belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// In the vehicle; months count from the first day of the pack.
    First,
    /// In the stationary system; months count from its first day.
    Second,
}

impl Life {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Life::First => "first",
            Life::Second => "second",
        }
    }
}

/// Quantiles over the packs (first life) or systems (second life) alive at the end of a month; month 0 is the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrajectoryPoint {
    /// Life.
    pub life: Life,
    /// Months since its start.
    pub month: u32,
    /// Packs or systems alive.
    pub alive: u64,
    /// SoH of the weakest module: P10, P50, P90.
    pub soh: [f64; 3],
    /// Mean resistance over new: P10, P50, P90.
    pub resistance: [f64; 3],
}

/// Unserved energy in a year of second life, over the systems that lived any part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YearPoint {
    /// Year of second life, from 1.
    pub year: u32,
    /// Systems that lived at least one day of it.
    pub systems: u64,
    /// Unserved share of demand: P10, P50, P90.
    pub unmet_share: [f64; 3],
    /// Unserved over demanded energy, all systems together.
    pub unmet_share_total: f64,
    /// Part of that which lies above a power limit.
    pub unmet_power_share_total: f64,
}

/// A finished study, rows apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudySummary {
    /// Monthly quantiles, first life then second, by month.
    pub trajectories: Vec<TrajectoryPoint>,
    /// Yearly reliability.
    pub years: Vec<YearPoint>,
}
