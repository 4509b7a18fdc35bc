//! Paths of many packs through time, as integer histograms.

use super::result::{Life, PackRow, StudySummary, TrajectoryPoint, YearPoint};
use crate::life::outcome::{Reading, SystemYear};
use crate::numeric::histogram::Histogram;

/// Bins of SoH over 0..1.2: 0.0005 wide.
const SOH_BINS: usize = 2400;
/// Bins of resistance over 0..6: 0.0025 wide.
const RESISTANCE_BINS: usize = 2400;
/// Bins of the unserved share over 0..1.
const SHARE_BINS: usize = 10_000;
/// Least hours of a year that count it for a system.
const LEAST_HOURS: u32 = 24;

/// Quantiles reported everywhere.
const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

#[derive(Debug)]
struct Month {
    soh: Histogram,
    resistance: Histogram,
}

#[derive(Debug)]
struct Year {
    share: Histogram,
    demand_kwh: f64,
    unmet_kwh: f64,
    unmet_power_kwh: f64,
}

/// What is remembered of all packs so far.
#[derive(Debug, Default)]
pub(super) struct Paths {
    first: Vec<Month>,
    second: Vec<Month>,
    years: Vec<Year>,
}

impl Paths {
    /// Adds a pack. Rows must come in pack order: the yearly sums are floating point.
    pub fn add(&mut self, row: &PackRow) {
        let PackRow::Done(pack) = row else { return };
        add_readings(&mut self.first, &pack.first.monthly);
        for system in &pack.systems {
            add_readings(&mut self.second, &system.monthly);
            for (k, year) in system.by_year.iter().enumerate().filter(|(_, y)| y.hours >= LEAST_HOURS) {
                self.add_year(k, year);
            }
        }
    }

    fn add_year(&mut self, k: usize, year: &SystemYear) {
        while self.years.len() <= k {
            let share = Histogram::new(0.0, 1.0, SHARE_BINS);
            self.years.push(Year { share, demand_kwh: 0.0, unmet_kwh: 0.0, unmet_power_kwh: 0.0 });
        }
        let sum = &mut self.years[k];
        if year.demand_kwh > 0.0 {
            sum.share.add(year.unmet_kwh / year.demand_kwh);
        }
        sum.demand_kwh += year.demand_kwh;
        sum.unmet_kwh += year.unmet_kwh;
        sum.unmet_power_kwh += year.unmet_power_kwh;
    }

    /// Quantiles of everything added.
    pub fn summary(&self) -> StudySummary {
        let mut trajectories = Vec::new();
        for (life, months) in [(Life::First, &self.first), (Life::Second, &self.second)] {
            for (month, m) in months.iter().enumerate() {
                trajectories.push(TrajectoryPoint {
                    life,
                    month: month as u32,
                    alive: m.soh.total(),
                    soh: quantiles(&m.soh),
                    resistance: quantiles(&m.resistance),
                });
            }
        }
        let share = |part: f64, all: f64| if all > 0.0 { part / all } else { 0.0 };
        let years = self
            .years
            .iter()
            .enumerate()
            .map(|(k, y)| YearPoint {
                year: k as u32 + 1,
                systems: y.share.total(),
                unmet_share: quantiles(&y.share),
                unmet_share_total: share(y.unmet_kwh, y.demand_kwh),
                unmet_power_share_total: share(y.unmet_power_kwh, y.demand_kwh),
            })
            .collect();
        StudySummary { trajectories, years }
    }
}

fn quantiles(histogram: &Histogram) -> [f64; 3] {
    QUANTILES.map(|p| histogram.quantile(p).unwrap_or(0.0))
}

fn add_readings(months: &mut Vec<Month>, readings: &[Reading]) {
    while months.len() < readings.len() {
        let soh = Histogram::new(0.0, 1.2, SOH_BINS);
        months.push(Month { soh, resistance: Histogram::new(0.0, 6.0, RESISTANCE_BINS) });
    }
    for (month, reading) in months.iter_mut().zip(readings) {
        month.soh.add(f64::from(reading.soh));
        month.resistance.add(f64::from(reading.resistance));
    }
}
