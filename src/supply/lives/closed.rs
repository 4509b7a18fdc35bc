//! Competing causes from laws of life.

use super::super::exits::exit_shares;
use super::super::plan::{Entry, LifeLaw};
use super::super::retirement::{CAUSES, Cause, Retirement};
use super::super::survival::{Life, LifeError};
use super::renewal::{Battery, renew};
use super::unit::{Hazards, Unit, about, at_once, cumulated, next_edge};

/// Stretches by which the last piece of a table, down to nobody, gets shorter towards its end, and their number.
const LAST_PIECE: (f64, i32) = (0.9, 48);
/// Standard deviation below which a law counts as changing within a year \[years\].
const QUICK: f64 = 0.75;

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

/// A life, and where hazards of it change so fast that others do not keep their ratio to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Lasting {
    /// The life.
    pub life: Life,
    /// Ages at which it steps or bends \[years\].
    pub steps: Vec<f64>,
    /// Ages that part it into stretches, rising \[years\].
    pub edges: Vec<f64>,
}

impl Law<'_> {
    fn life(self, mean: f64, sd: f64) -> Result<Lasting, LifeError> {
        if self.law == LifeLaw::Table {
            let rows = Life::stretch(self.table, mean)?;
            let steps: Vec<f64> = rows.iter().map(|(age, _)| *age).collect();
            return Ok(Lasting { life: Life::table(&rows)?, edges: edges_of_table(&rows), steps });
        }
        let life = Life::new(self.law, mean, sd)?;
        if self.law == LifeLaw::Fixed || sd < Life::SHARP * mean {
            return Ok(Lasting { life, steps: vec![mean], edges: about(mean).to_vec() });
        }
        let quick = (-8..=8).map(|q| mean + 0.5 * f64::from(q) * sd).filter(|age| *age > 0.0);
        Ok(Lasting { life, steps: Vec::new(), edges: if sd < QUICK { quick.collect() } else { Vec::new() } })
    }
}

/// The bends of a table, and ages ever closer to that at which nobody is left: on a line down to zero the hazard has no
/// end.
fn edges_of_table(rows: &[(f64, f64)]) -> Vec<f64> {
    let last = rows.iter().rposition(|(_, share)| *share > 0.0);
    let end = last.map_or(0, |last| last + 1);
    let from = last.map_or(0.0, |last| rows[last].0);
    let (ratio, count) = LAST_PIECE;
    let Some(&(to, _)) = rows.get(end) else { return Vec::new() };
    let bends = rows[..end].iter().map(|(age, _)| *age).filter(|age| *age > 0.0);
    bends.chain((1..=count).map(|k| to - (to - from) * ratio.powi(k))).chain([to]).collect()
}

/// What takes batteries of a cohort out of vehicles.
#[derive(Clone, Debug, PartialEq)]
pub struct Causes<'a> {
    /// Wear-out of the vehicle.
    pub vehicle: Lasting,
    /// Failure of the battery; none where it lasts as long as the vehicle.
    pub battery: Option<Lasting>,
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
        let vehicle = law.into().life(mean, sd)?;
        Ok(Causes {
            scale: if vehicle.steps.is_empty() { sd } else { f64::INFINITY },
            vehicle,
            battery: None,
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
        let battery = law.into().life(mean, sd)?;
        if battery.steps.is_empty() {
            self.scale = self.scale.min(sd);
        }
        self.battery = Some(battery);
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
        let battery = self.battery.iter().flat_map(|battery| &battery.steps);
        let mut breaks: Vec<f64> = self.vehicle.steps.iter().chain(battery).copied().collect();
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
            hazard[Cause::Recall as usize] = at_once(self.recall_share);
        }
        hazard
    }

    /// Next age after one that is just before or after the recall.
    pub fn recall_after(&self, age: f64) -> f64 {
        if self.recall_share > 0.0 { next_edge(&about(self.recall_age), age, |edge| edge) } else { f64::INFINITY }
    }

    /// What becomes of a unit that enters, over so many years.
    pub fn retire(&self, entry: Entry, years: usize) -> Retirement {
        let exits =
            if self.is_single() { self.retire_single(entry, years) } else { self.retire_competing(entry, years) };
        let none = |_: f64| 0.0;
        let renewed = match &self.battery {
            Some(of) => {
                let battery = Battery { wear: |age| cumulated(&of.life, age), edges: &of.edges, by_period: true };
                renew(self, entry, &exits, battery)
            }
            None => renew(self, entry, &exits, Battery { wear: none, edges: &[], by_period: true }),
        };
        Retirement { exits, renewed }
    }

    /// One law alone has its shares in closed form.
    fn retire_single(&self, entry: Entry, years: usize) -> Vec<[f64; CAUSES]> {
        let mut shares = vec![0.0; years];
        exit_shares(&self.vehicle.life, entry, &mut shares);
        let mut exits = vec![[0.0; CAUSES]; years];
        for (exit, share) in exits.iter_mut().zip(shares) {
            exit[Cause::WearOut as usize] = share;
        }
        exits
    }

    fn retire_competing(&self, entry: Entry, years: usize) -> Vec<[f64; CAUSES]> {
        let mut exits = vec![[0.0; CAUSES]; years];
        for (moment, weight) in self.moments(entry) {
            let mut unit = Unit::new(weight, [0.0; 2]);
            for (k, exit) in exits.iter_mut().enumerate() {
                unit.live(k as f64 + 1.0 - moment, self, [self.period[k]; 2], exit);
                if unit.left < 1e-15 {
                    break;
                }
            }
        }
        exits
    }
}

impl Hazards for Causes<'_> {
    fn edge(&self, time: f64) -> f64 {
        let battery = self.battery.as_ref().map_or(f64::INFINITY, |b| next_edge(&b.edges, time, |edge| edge));
        next_edge(&self.vehicle.edges, time, |edge| edge).min(battery).min(self.recall_after(time))
    }

    fn wear(&self, time: f64) -> [f64; 2] {
        let battery = self.battery.as_ref().map_or(0.0, |battery| cumulated(&battery.life, time));
        [cumulated(&self.vehicle.life, time), battery]
    }

    fn sudden(&self, from: f64, to: f64) -> [f64; CAUSES] {
        Causes::sudden(self, from, to)
    }
}
