//! Competing causes from laws of life.

use super::super::plan::{Entry, LifeLaw};
use super::super::retirement::{CAUSES, Cause, Retirement};
use super::super::survival::{Life, LifeError};
use super::renewal::renew;

/// Least survival whose logarithm is taken.
const LEAST: f64 = 1e-300;

/// A law of life with its table, where it is one.
#[derive(Clone, Copy, Debug)]
pub struct Law<'p> {
    /// The law.
    pub law: LifeLaw,
    /// Survival by age.
    pub table: &'p [(f64, f64)],
}

impl From<LifeLaw> for Law<'_> {
    fn from(law: LifeLaw) -> Self {
        Law { law, table: &[] }
    }
}

impl Law<'_> {
    /// The life, and the ages at which it steps or bends \[year\].
    fn life(self, mean: f64, sd: f64) -> Result<(Life, Vec<f64>), LifeError> {
        if self.law == LifeLaw::Table {
            let rows = Life::stretch(self.table, mean)?;
            return Ok((Life::table(&rows)?, rows.into_iter().map(|(age, _)| age).collect()));
        }
        let sharp = self.law == LifeLaw::Fixed || sd < Life::SHARP * mean;
        Ok((Life::new(self.law, mean, sd)?, if sharp { vec![mean] } else { Vec::new() }))
    }
}

/// What takes batteries of a cohort out of vehicles.
#[derive(Clone, Debug, PartialEq)]
pub struct Causes<'a> {
    /// Wear-out of the vehicle.
    pub vehicle: Life,
    /// Failure of the battery; none where it lasts as long as the vehicle.
    pub battery: Option<Life>,
    /// Ages at which a law steps, and the shortest standard deviation of the others \[years\].
    pub steps: Vec<f64>,
    /// Shortest time over which a law changes \[years\].
    pub scale: f64,
    /// Crash, theft and flood \[1/year\].
    pub crash_per_year: f64,
    /// Replaced under warranty \[1/year\].
    pub warranty_per_year: f64,
    /// Length of the warranty \[years\].
    pub warranty_years: f64,
    /// Share recalled.
    pub recall_share: f64,
    /// At which age, above zero \[years\].
    pub recall_age: f64,
    /// Factor on wear of vehicle and battery in the year of entry, the next, ...
    pub period: &'a [f64],
    /// Age of the vehicle below which it gets a new battery \[years\].
    pub renewal_age: f64,
}

impl<'a> Causes<'a> {
    /// Only a vehicle with a law of life and factors by year.
    pub fn of_vehicle<'p>(law: impl Into<Law<'p>>, mean: f64, sd: f64, period: &'a [f64]) -> Result<Self, LifeError> {
        let (vehicle, bends) = law.into().life(mean, sd)?;
        Ok(Causes {
            vehicle,
            battery: None,
            scale: if bends.is_empty() { sd } else { f64::INFINITY },
            steps: bends,
            crash_per_year: 0.0,
            warranty_per_year: 0.0,
            warranty_years: 0.0,
            recall_share: 0.0,
            recall_age: 1.0,
            period,
            renewal_age: 0.0,
        })
    }

    /// The same with a battery that fails.
    pub fn with_battery<'p>(mut self, law: impl Into<Law<'p>>, mean: f64, sd: f64) -> Result<Self, LifeError> {
        let (battery, bends) = law.into().life(mean, sd)?;
        if bends.is_empty() {
            self.scale = self.scale.min(sd);
        }
        self.battery = Some(battery);
        self.steps.extend(bends);
        Ok(self)
    }

    /// Whether the vehicle's law alone decides.
    fn is_single(&self) -> bool {
        self.battery.is_none()
            && self.crash_per_year == 0.0
            && (self.warranty_per_year == 0.0 || self.warranty_years == 0.0)
            && self.recall_share == 0.0
            && self.period.iter().all(|f| *f == 1.0)
    }

    /// Moments of entry for the mean over a year: between them nothing steps or bends.
    pub fn moments(&self, entry: Entry) -> Vec<(f64, f64)> {
        let mut breaks: Vec<f64> = self.steps.clone();
        if self.warranty_per_year > 0.0 {
            breaks.push(self.warranty_years);
        }
        if self.recall_share > 0.0 {
            breaks.push(self.recall_age);
        }
        breaks.iter_mut().for_each(|age| *age = age.ceil() - *age);
        entry.moments(&breaks, self.scale)
    }

    /// Hazards by cause summed over a stretch of ages in a calendar year, without those of wear and failure.
    pub fn sudden(&self, from: f64, to: f64) -> [f64; CAUSES] {
        let mut hazard = [0.0; CAUSES];
        hazard[Cause::Crash as usize] = self.crash_per_year * (to - from);
        hazard[Cause::Warranty as usize] =
            self.warranty_per_year * (to.min(self.warranty_years) - from.min(self.warranty_years));
        if self.recall_share > 0.0 && from < self.recall_age && self.recall_age <= to {
            hazard[Cause::Recall as usize] = -(1.0 - self.recall_share).max(LEAST).ln();
        }
        hazard
    }

    /// What becomes of a unit that enters, over so many years.
    ///
    /// `S = exp(-sum of H)`; the share leaving by a cause in a year is the loss of the year times its part of the summed
    /// hazards, as if the hazards stood in one ratio over the year.
    pub fn retire(&self, entry: Entry, years: usize) -> Retirement {
        let exits = if self.is_single() && entry == Entry::Spread {
            self.retire_single(years)
        } else {
            self.retire_competing(entry, years)
        };
        let vehicle = |age: f64| cumulated(&self.vehicle, age);
        let battery = |age: f64| self.battery.as_ref().map_or(0.0, |b| cumulated(b, age));
        let renewed = renew(self, entry, &exits, vehicle, battery);
        Retirement { exits, renewed }
    }

    /// One law with inflow spread over the year has a mean survival in closed form.
    fn retire_single(&self, years: usize) -> Vec<[f64; CAUSES]> {
        let mut before = 1.0;
        let mut exits = vec![[0.0; CAUSES]; years];
        for (k, exit) in exits.iter_mut().enumerate() {
            let after = self.vehicle.mean_survival(k as f64, k as f64 + 1.0).min(before);
            exit[Cause::WearOut as usize] = before - after;
            before = after;
        }
        exits
    }

    fn retire_competing(&self, entry: Entry, years: usize) -> Vec<[f64; CAUSES]> {
        let mut exits = vec![[0.0; CAUSES]; years];
        for (moment, weight) in self.moments(entry) {
            let mut left = weight;
            let mut before = [0.0; 2];
            let mut from = 0.0;
            for (k, exit) in exits.iter_mut().enumerate() {
                let to = k as f64 + 1.0 - moment;
                let now = [cumulated(&self.vehicle, to), self.battery.as_ref().map_or(0.0, |b| cumulated(b, to))];
                let mut hazard = self.sudden(from, to);
                hazard[Cause::WearOut as usize] = (now[0] - before[0]).max(0.0) * self.period[k];
                hazard[Cause::Failed as usize] = (now[1] - before[1]).max(0.0) * self.period[k];
                left -= share_out(left, &hazard, exit);
                if left < 1e-15 {
                    break;
                }
                (before, from) = (now, to);
            }
        }
        exits
    }
}

/// Adds what leaves of `left` under hazards to each cause; returns the sum of it.
pub fn share_out(left: f64, hazard: &[f64; CAUSES], exits: &mut [f64; CAUSES]) -> f64 {
    let total: f64 = hazard.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let loss = -left * (-total).exp_m1();
    for (exit, h) in exits.iter_mut().zip(hazard) {
        *exit += loss * (h / total);
    }
    loss
}

/// Summed hazard up to an age.
pub fn cumulated(life: &Life, age: f64) -> f64 {
    -life.survival(age).clamp(LEAST, 1.0).ln()
}
