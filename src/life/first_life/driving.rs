//! Driving a distance.

use super::Car;
use crate::life::constants::*;
use crate::pack::{Limit, Limits};

impl Car<'_> {
    pub(super) fn drive(&mut self, km: f64, speed_kmh: f64) {
        let [low, _] = self.vehicle.soc_window;
        let limits = Limits { soc_low: low, soc_high: 1.0 };
        let form = self.vehicle.current_form_factor;
        let mut left = km;
        let mut stuck = 0;
        while left > 1e-9 {
            if self.soc() < RESERVE_SOC && !self.fast_charge() {
                stuck += 1;
                if stuck > 1 {
                    self.sums.missed_km += left;
                    return;
                }
            }
            let hours = (left / speed_kmh).min(1.0);
            let ambient = self.surroundings.temperature_c(self.clock_h);
            let wh_per_km = self.vehicle.consumption_wh_per_km
                * (1.0
                    + self.vehicle.heating_per_k * (15.0 - ambient).max(0.0)
                    + self.vehicle.cooling_per_k * (ambient - 25.0).max(0.0));
            let power = wh_per_km * speed_kmh;
            let env = self.active();
            let flow = self.string.step(power, form * form, hours * 3600.0, &env, &limits);
            let done = (flow.energy_j / (power * hours * 3600.0)).clamp(0.0, 1.0);
            self.sums.driven_j += flow.energy_j;
            self.sums.km += done * hours * speed_kmh;
            left -= done * hours * speed_kmh;
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
