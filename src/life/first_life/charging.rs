//! Charging at home and on the way.

use super::Car;
use crate::life::constants::*;
use crate::pack::{Environment, Limit, Limits};

/// A car on a charger where it is parked.
#[derive(Clone, Copy)]
pub(super) struct Plug {
    /// Clock at which charging may start \[h\].
    pub(super) from_h: f64,
    /// Power of the socket \[kW\].
    pub(super) kw: f64,
    /// SoC of the cells at which it stops.
    pub(super) target: f64,
    /// Whether that is the top of the window.
    pub(super) full: bool,
    pub(super) done: bool,
}

impl Car<'_> {
    pub(super) fn come_home(&mut self) {
        let usage = self.owner.usage();
        let (limit, every, start) = (usage.charge_limit, usage.full_charge_every_days, usage.charge_start_hour);
        let kw = usage.home_charge_kw;
        let full = every > 0 && self.days_since_full >= every;
        let soc = self.window_soc();
        let wants = self.owner.plugs_in(soc);
        if !self.owner.charges_at_home() {
            if full {
                // Overnight at a slow public charger, without which nothing would ever balance the modules.
                self.plug_in(self.clock_h, kw, 1.0);
            } else if soc < PUBLIC_CHARGE_SOC {
                self.fast_charge();
            }
            return;
        }
        if !wants && !full {
            return;
        }
        if !full && soc < FAST_CHARGE_SOC && self.owner.fast_by_habit() {
            self.fast_charge();
            return;
        }
        let from_h = if start < 0.0 {
            self.clock_h
        } else {
            let wait = (start - self.clock_h).rem_euclid(24.0);
            self.clock_h + wait
        };
        self.sums.home_sessions += 1;
        self.plug_in(from_h, kw, if full { 1.0 } else { limit });
    }

    /// Plugs in at the destination of a daily trip, where that can be.
    pub(super) fn come_to_work(&mut self) {
        let soc = self.window_soc();
        if self.owner.plugs_in_at_work(soc) {
            let usage = self.owner.usage();
            let (kw, limit) = (usage.workplace_charge_kw, usage.charge_limit);
            self.plug_in(self.clock_h, kw, limit);
        }
    }

    /// Charges from a clock time up to a SoC of the window.
    fn plug_in(&mut self, from_h: f64, kw: f64, to_soc: f64) {
        let [low, high] = self.vehicle.soc_window;
        let target = low + (high - low) * to_soc;
        self.plugged = Some(Plug { from_h, kw, target, full: to_soc >= 1.0, done: false });
    }

    /// Charges from a socket; true when the target is reached.
    pub(super) fn charge(
        &mut self,
        socket_kw: f64,
        efficiency: f64,
        target: f64,
        hours: f64,
        env: &Environment,
    ) -> bool {
        let limits = Limits { soc_low: 0.0, soc_high: target };
        let flow = self.string.step(-1000.0 * socket_kw * efficiency, 1.0, hours * 3600.0, env, &limits);
        let taken = (-flow.energy_j).max(0.0);
        self.sums.charged_j += taken;
        self.sums.socket_j += taken / efficiency;
        let harmful = self.passed(hours);
        if harmful && taken > 0.0 {
            let at_power = taken / (1000.0 * socket_kw * efficiency) / 3600.0;
            self.sums.harmful.charging_outside_h += if flow.limit == Limit::Soc { at_power.min(hours) } else { hours };
        }
        flow.limit == Limit::Soc
    }

    /// Stops at a fast charger; false when it gave nothing worth the stop.
    pub(super) fn fast_charge(&mut self) -> bool {
        let [low, high] = self.vehicle.soc_window;
        let target = low + (high - low) * FAST_CHARGE_SOC;
        let (before, charged_j) = (self.window_soc(), self.sums.charged_j);
        let kw = self.vehicle.dc_charge_kw / FAST_CHARGE_EFFICIENCY;
        let (step_h, steps) = (0.25, (FAST_CHARGE_HOURS / 0.25) as usize);
        for _ in 0..steps {
            let env = self.active();
            if self.charge(kw, FAST_CHARGE_EFFICIENCY, target, step_h, &env) {
                break;
            }
        }
        self.sums.fast_j += self.sums.charged_j - charged_j;
        self.soc() > before + 0.05
    }
}
