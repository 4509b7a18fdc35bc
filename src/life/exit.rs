//! The ways out of the vehicle, as competing hazards.

use super::constants::*;
use super::outcome::ExitRoute;
use crate::numeric::calendar::DAYS_PER_YEAR;
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
    /// Share of failures that sit in one weak module; the rest (contactor, BMS, harness, coolant) leave good cells.
    pub failure_weak_module_share: f64,
    /// Weibull shape of the vehicle's life.
    pub vehicle_life_shape: f64,
    /// Weibull scale of the vehicle's life \[years\].
    pub vehicle_life_scale_years: f64,
    /// Warranty term \[years\].
    pub warranty_years: f64,
    /// SoH below which the pack is replaced inside the term.
    pub warranty_soh: f64,
    /// Share of write-off packs that fail the incoming gate (damage, water, isolation).
    pub gate_fail_write_off: f64,
    /// Share of failed and warranty packs that fail the incoming gate.
    pub gate_fail_failure: f64,
    /// Share of end-of-life packs that fail the incoming gate.
    pub gate_fail_end_of_life: f64,
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
    /// Whether a failure sits in one weak module.
    pub weak_module: bool,
    /// Uniform number that picks the weak module.
    pub which: f64,
    /// Capacity left in the weak module, share of before.
    pub weak_capacity: f64,
    /// Resistance of the weak module over before.
    pub weak_resistance: f64,
    /// Day of the year on which the vehicle is sold.
    pub first_day: usize,
}

impl CountrySpec {
    /// Draws the times of all hazards at once; the earliest wins. Constant hazards give exponential times.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> ExitDraw {
        let mut exponential = |rate: f64| -(-rng.random::<f64>()).ln_1p() / rate;
        let (write_off_years, failure_years) =
            (exponential(self.write_off_per_year), exponential(self.failure_per_year));
        let unit = -(-rng.random::<f64>()).ln_1p();
        let mut within = |[low, high]: [f64; 2]| low + (high - low) * rng.random::<f64>();
        ExitDraw {
            write_off_years,
            failure_years,
            vehicle_years: self.vehicle_life_scale_years * unit.powf(1.0 / self.vehicle_life_shape),
            weak_capacity: within([WEAK_CAPACITY_LOW, WEAK_CAPACITY_HIGH]),
            weak_resistance: within([WEAK_RESISTANCE_LOW, WEAK_RESISTANCE_HIGH]),
            which: within([0.0, 1.0]),
            weak_module: within([0.0, 1.0]) < self.failure_weak_module_share,
            first_day: (within([0.0, 1.0]) * DAYS_PER_YEAR as f64) as usize,
        }
    }

    /// Share of packs that fail the incoming gate after leaving by a route.
    pub fn gate_fail(&self, route: ExitRoute) -> f64 {
        match route {
            ExitRoute::WriteOff => self.gate_fail_write_off,
            ExitRoute::Failure | ExitRoute::Warranty => self.gate_fail_failure,
            ExitRoute::EndOfLife => self.gate_fail_end_of_life,
            // What is on sale has passed a gate.
            ExitRoute::Bought => 0.0,
        }
    }
}

impl ExitDraw {
    /// The earliest event: years and route.
    pub fn first(&self) -> (f64, ExitRoute) {
        let events = [
            (self.write_off_years, ExitRoute::WriteOff),
            (self.failure_years, ExitRoute::Failure),
            (self.vehicle_years, ExitRoute::EndOfLife),
        ];
        events.into_iter().fold((f64::INFINITY, ExitRoute::EndOfLife), |best, e| if e.0 < best.0 { e } else { best })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use rand::SeedableRng;

    /// India's defaults.
    pub fn country() -> CountrySpec {
        CountrySpec {
            title: "India".into(),
            write_off_per_year: 0.015,
            failure_per_year: 0.003,
            failure_weak_module_share: 0.5,
            vehicle_life_shape: 4.0,
            vehicle_life_scale_years: 14.0,
            warranty_years: 8.0,
            warranty_soh: 0.7,
            gate_fail_write_off: 0.05,
            gate_fail_failure: 0.15,
            gate_fail_end_of_life: 0.15,
        }
    }

    /// Survival to 10 years is the product of the three survivals.
    #[test]
    fn competing_hazards_meet_the_closed_form() {
        let (c, n) = (country(), 40_000);
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let alive = (0..n).filter(|_| c.draw(&mut rng).first().0 > 10.0).count() as f64 / n as f64;
        let exact = (-0.18_f64 - (10.0_f64 / 14.0).powi(4)).exp();
        assert!((alive - exact).abs() < 0.01, "{alive} {exact}");
    }

    #[test]
    fn no_hazard_means_never() {
        let mut c = country();
        (c.write_off_per_year, c.failure_per_year) = (0.0, 0.0);
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        assert!((0..100).all(|_| c.draw(&mut rng).first().1 == ExitRoute::EndOfLife));
    }
}
