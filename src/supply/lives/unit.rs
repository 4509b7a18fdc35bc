//! A unit on its way through the years under competing hazards.

use super::super::retirement::{CAUSES, Cause};
use super::super::survival::Life;

/// Least survival whose logarithm is taken.
const LEAST: f64 = 1e-300;
/// Summed hazard from which a life is over.
pub const ENDED: f64 = 600.0;
/// Distance of the two times about one at which hazards leap, over it.
const LEAP: f64 = 1e-12;

/// What acts on a unit, by the time since its start \[years\].
pub trait Hazards {
    /// The next time after one at which hazards leap or bend; infinite where there is none.
    fn edge(&self, time: f64) -> f64;

    /// Hazards of wear-out and of failure, summed up to a time.
    fn wear(&self, time: f64) -> [f64; 2];

    /// Hazards by cause summed over a stretch, without those two.
    fn sudden(&self, from: f64, to: f64) -> [f64; CAUSES];
}

/// What is left of a unit at a time.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// Share left.
    pub left: f64,
    /// Time since its start \[years\].
    time: f64,
    /// Hazards of wear-out and of failure up to then.
    wear: [f64; 2],
}

impl Unit {
    /// A unit at its start, with hazards that count from these on.
    pub fn new(left: f64, wear: [f64; 2]) -> Self {
        Unit { left, time: 0.0, wear }
    }

    /// Lives on to a time within one calendar year, whose factors act on wear-out and on failure, and adds what leaves
    /// to each cause.
    ///
    /// The share left is `exp(-sum of H)`; of the loss each cause has its part of the summed hazards, as if they stood
    /// in one ratio. Between edges they nearly do.
    pub fn live(&mut self, to: f64, hazards: &impl Hazards, factors: [f64; 2], exits: &mut [f64; CAUSES]) {
        loop {
            let next = hazards.edge(self.time).min(to);
            let wear = hazards.wear(next);
            let mut hazard = hazards.sudden(self.time, next);
            hazard[Cause::WearOut as usize] = scaled(self.wear[0], wear[0], factors[0]);
            hazard[Cause::Failed as usize] = scaled(self.wear[1], wear[1], factors[1]);
            self.left -= share_out(self.left, &hazard, exits);
            (self.time, self.wear) = (next, wear);
            if next >= to {
                break;
            }
        }
    }
}

/// Hazard of a law between two sums of it, times a factor. What a factor of zero keeps past the end of its life leaves
/// under the next that is above it.
fn scaled(before: f64, now: f64, factor: f64) -> f64 {
    if factor <= 0.0 {
        0.0
    } else if now >= ENDED {
        now
    } else {
        (now - before).max(0.0) * factor
    }
}

/// Adds what leaves of `left` under hazards to each cause; returns the sum of it.
fn share_out(left: f64, hazard: &[f64; CAUSES], exits: &mut [f64; CAUSES]) -> f64 {
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

/// Summed hazard of what takes a share at once.
pub fn at_once(share: f64) -> f64 {
    -(1.0 - share).max(LEAST).ln()
}

/// Times just before and after an age at which hazards leap.
pub fn about(age: f64) -> [f64; 2] {
    [age * (1.0 - LEAP), age * (1.0 + LEAP)]
}

/// The first of rising ages that lies after a time; `time_of` tells when each is reached.
pub fn next_edge(ages: &[f64], time: f64, time_of: impl Fn(f64) -> f64) -> f64 {
    let after = ages.partition_point(|age| time_of(*age) <= time);
    ages.get(after).map_or(f64::INFINITY, |age| time_of(*age))
}
