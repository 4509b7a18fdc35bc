//! The ways out of the vehicle, as competing hazards.

mod failure;
mod need;

pub use failure::{FailureSpec, ModeSpec};
pub(super) use need::{Need, NeedWatch};

use super::outcome::{ExitOutcome, ExitRoute, FailureMode};
use super::plan::{JourneyPlan, RecallPlan};
use crate::duty::{Cooling, Owner};
use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::numeric::stream::{Purpose, Streams};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::Deserialize;

/// An entry of the `countries` category: how packs leave vehicles there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountrySpec {
    /// Name for people.
    pub title: String,
    /// Hazard of a write-off (crash, theft, flood) \[1/year\].
    pub write_off_per_year: f64,
    /// Hazard of a pack failure that ends its use in the vehicle \[1/year\].
    pub failure_per_year: f64,
    /// Entry of the `failures` category.
    pub failures: String,
    /// Weibull shape of the vehicle's life.
    pub vehicle_life_shape: f64,
    /// Weibull scale of the vehicle's life \[years\]; over the owners of a class its mean is that of the law.
    pub vehicle_life_scale_years: f64,
    /// Power by which the vehicle's life falls with the owner's distance over the mean of the class; 0 for none.
    pub life_use_exponent: f64,
    /// Share of an owner's days, long days left out, whose distance the range must cover; 0 when nobody asks.
    pub need_quantile: f64,
    /// Range wanted over the distance of that day.
    pub need_reserve: f64,
    /// Share of cars with too short a range that go to someone who drives less, instead of being given up.
    pub need_resale_share: f64,
    /// Range below which nobody wants a car \[km\]; 0 for none.
    pub need_least_km: f64,
    /// Warranty term \[years\].
    pub warranty_years: f64,
    /// SoH below which the pack is replaced inside the term.
    pub warranty_soh: f64,
    /// Share of write-off packs that fail the incoming gate (damage, water, isolation).
    pub gate_fail_write_off: f64,
    /// Share of packs replaced under warranty that fail the incoming gate.
    pub gate_fail_warranty: f64,
    /// Share of packs given up for want of range that fail the incoming gate.
    pub gate_fail_owner_need: f64,
    /// Share of end-of-life packs that fail the incoming gate.
    pub gate_fail_end_of_life: f64,
}

/// What the hazards of a pack depend on beyond its country.
#[derive(Clone, Copy, Debug)]
pub struct Exposed<'a> {
    /// Modes of failure.
    pub failures: &'a FailureSpec,
    /// Whether the pack has coolant that can leak.
    pub coolant: bool,
    /// Recall, if any.
    pub recall: Option<&'a RecallPlan>,
    /// Life of the vehicle over the mean of its class, for what its owner drives.
    pub relative_life: f64,
}

/// When each hazard would strike a vehicle, in years since new, and what a failure would be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExitDraw {
    /// Write-off.
    pub write_off_years: f64,
    /// Failure of the pack.
    pub failure_years: f64,
    /// End of the vehicle's life.
    pub vehicle_years: f64,
    /// Recall; infinite without one.
    pub recall_years: f64,
    /// What a failure would be.
    pub mode: FailureMode,
    /// Uniform number that picks the weak module.
    pub which: f64,
    /// Capacity left in the weak module, share of before.
    pub weak_capacity: f64,
    /// Resistance of the weak module over before.
    pub weak_resistance: f64,
    /// Range that the owner needs \[km\]; 0 when nobody asks.
    pub need_km: f64,
    /// Whether a car with too short a range goes to someone who drives less.
    pub sells_on: bool,
    /// Day of the year on which the vehicle is sold.
    pub first_day: usize,
}

impl CountrySpec {
    /// Draws the times of all hazards at once; the earliest wins. Constant hazards give exponential times; the
    /// vehicle's life is `T0 (km / mean km)^-gamma` with a Weibull time `T0`, so that heavy use wears out the vehicle
    /// and the battery together.
    pub fn draw(&self, rng: &mut ChaCha8Rng, pack: &Exposed<'_>) -> ExitDraw {
        let mut exponential = |rate: f64| -(-rng.random::<f64>()).ln_1p() / rate;
        let (write_off_years, failure_years) =
            (exponential(self.write_off_per_year), exponential(self.failure_per_year));
        let unit = -(-rng.random::<f64>()).ln_1p();
        let mut within = |[low, high]: [f64; 2]| low + (high - low) * rng.random::<f64>();
        let life = self.vehicle_life_scale_years * unit.powf(1.0 / self.vehicle_life_shape);
        ExitDraw {
            write_off_years,
            failure_years,
            vehicle_years: life * pack.relative_life,
            weak_capacity: within(pack.failures.weak_capacity),
            weak_resistance: within(pack.failures.weak_resistance),
            which: within([0.0, 1.0]),
            mode: pack.failures.pick(within([0.0, 1.0]), pack.coolant),
            first_day: (within([0.0, 1.0]) * DAYS_PER_YEAR as f64) as usize,
            recall_years: {
                let (recalled, when) = (within([0.0, 1.0]), within([0.0, 1.0]));
                let hit = pack.recall.filter(|recall| recalled < recall.share);
                hit.map_or(f64::INFINITY, |r| r.from_years + (r.to_years - r.from_years) * when)
            },
            sells_on: within([0.0, 1.0]) < self.need_resale_share,
            need_km: 0.0,
        }
    }

    /// Range that an owner needs: a quantile of the distances of a day, long days left out, with a reserve \[km\].
    pub fn need_km(&self, owner: &Owner) -> f64 {
        self.need_reserve * owner.day_quantile_km(self.need_quantile)
    }

    /// Share of packs that fail the incoming gate after leaving in that way.
    pub fn gate_fail(&self, exit: &ExitOutcome, failures: &FailureSpec, recall: Option<&RecallPlan>) -> f64 {
        match exit.route {
            ExitRoute::WriteOff => self.gate_fail_write_off,
            ExitRoute::Failure => exit.failure_mode.map_or(0.0, |mode| failures.mode(mode).gate_fail),
            ExitRoute::Recall => recall.map_or(0.0, |recall| recall.gate_fail_share),
            ExitRoute::Warranty => self.gate_fail_warranty,
            ExitRoute::OwnerNeed => self.gate_fail_owner_need,
            ExitRoute::EndOfLife => self.gate_fail_end_of_life,
            // What is on sale has passed a gate.
            ExitRoute::Bought => 0.0,
        }
    }
}

impl ExitDraw {
    /// Draws the hazards of a pack; its owner is the one who drives it in [`super::first_life`].
    pub(super) fn of(plan: &JourneyPlan, streams: &Streams) -> Self {
        let owner = Owner::of(plan.first_life.usage.clone(), streams);
        let pack = Exposed {
            failures: &plan.failures,
            coolant: plan.vehicle.cooling == Cooling::Liquid,
            recall: plan.recall.as_ref(),
            relative_life: owner.relative_life(plan.exit.life_use_exponent),
        };
        let draw = plan.exit.draw(&mut streams.stream(Purpose::Exit), &pack);
        ExitDraw { need_km: plan.exit.need_km(&owner), ..draw }
    }

    /// The earliest event: years and route.
    pub fn first(&self) -> (f64, ExitRoute) {
        let events = [
            (self.write_off_years, ExitRoute::WriteOff),
            (self.failure_years, ExitRoute::Failure),
            (self.recall_years, ExitRoute::Recall),
            (self.vehicle_years, ExitRoute::EndOfLife),
        ];
        events.into_iter().fold((f64::INFINITY, ExitRoute::EndOfLife), |best, e| if e.0 < best.0 { e } else { best })
    }
}

#[cfg(test)]
mod tests;
