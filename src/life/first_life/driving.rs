//! Driving a distance.

use super::Car;
use crate::cell::ZERO_CELSIUS_K;
use crate::duty::DriveDemand;
use crate::life::constants::*;
use crate::pack::{Limit, Limits};

impl Car<'_> {
    pub(super) fn drive(&mut self, km: f64, drive: &DriveDemand) {
        let [low, high] = self.vehicle.soc_window;
        let limits = Limits { soc_low: low, soc_high: 1.0 };
        let window_wh = 1000.0 * (high - low) * self.vehicle.nominal_energy_kwh;
        let speed_kmh = drive.speed_kmh;
        let mut left = km;
        let mut stuck = 0;
        let mut begins = true;
        while left > 1e-9 {
            if self.window_soc() < RESERVE_SOC && !self.fast_charge() {
                stuck += 1;
                if stuck > 1 {
                    self.sums.missed_km += left;
                    return;
                }
            }
            let hours = (left / speed_kmh).min(1.0);
            let ambient = self.surroundings.temperature_c(self.clock_h);
            let begins_h = begins.then_some(hours.max(WARM_UP_H));
            let mut ask = drive.step(ambient, 1.0, begins_h);
            if ask.back_w > 0.0 {
                // In the middle of the step, as a full pack soon has room.
                let soc = self.soc() - 0.5 * ask.power_w * hours / window_wh;
                let share = regeneration_share(soc, self.string.temperature_mean_k() - ZERO_CELSIUS_K);
                if share < 1.0 {
                    ask = drive.step(ambient, share, begins_h);
                }
            }
            let env = self.active();
            let flow = self.string.step(ask.power_w, ask.form_squared, hours * 3600.0, &env, &limits);
            let done = (flow.energy_j / (ask.power_w * hours * 3600.0)).clamp(0.0, 1.0);
            self.sums.driven_j += flow.energy_j;
            self.sums.regenerated_j += done * ask.back_w * hours * 3600.0;
            self.sums.km += done * hours * speed_kmh;
            left -= done * hours * speed_kmh;
            begins = false;
            self.passed(hours);
            if flow.limit != Limit::None && left > 1e-9 && !self.fast_charge() {
                stuck += 1;
                if stuck > 1 {
                    self.sums.missed_km += left;
                    return;
                }
            }
        }
    }
}

/// Share of braking energy that the pack takes: less near the top of the window, none in cells at the freezing point.
fn regeneration_share(soc: f64, temperature_c: f64) -> f64 {
    let room = ((1.0 - soc) / (1.0 - REGENERATION_SOC)).clamp(0.0, 1.0);
    let warmth = (temperature_c - REGENERATION_NONE_C) / (REGENERATION_FULL_C - REGENERATION_NONE_C);
    room * warmth.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::regeneration_share;

    #[test]
    fn braking_returns_nothing_to_full_or_frozen_cells() {
        assert_eq!(regeneration_share(0.5, 25.0), 1.0);
        assert_eq!(regeneration_share(1.0, 25.0), 0.0);
        assert!((regeneration_share(0.975, 25.0) - 0.5).abs() < 1e-9);
        assert_eq!(regeneration_share(0.5, -5.0), 0.0);
        assert!((regeneration_share(0.5, 5.0) - 0.5).abs() < 1e-9);
    }
}
