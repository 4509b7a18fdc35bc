//! Sums over a system's life, its outcome, and the check of its books.

use super::super::constants::JOULE_PER_KWH;
use super::System;
use super::battery::Bases;
use crate::aging::OutsideShares;
use crate::cell::ZERO_CELSIUS_K;
use crate::life::outcome::{EndCause, Reading, SystemOutcome};
use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::pack::ModuleString;

/// Share of a system's energy that the solver's misses may add up to.
const MISS_SHARE: f64 = 1e-4;
/// Energies of the whole system \[kWh\].
#[derive(Default)]
pub(super) struct Totals {
    pub demand: f64,
    pub unmet: f64,
    pub served: f64,
    pub pv: f64,
    pub curtailed: f64,
    pub grid: f64,
    pub converter_loss: f64,
    /// Part of the converters' loss: draw of the modules' converters, whatever flows.
    pub no_load: f64,
    /// Energy that the battery gave beyond what was asked, in either direction.
    pub solver_miss: f64,
    /// Energy stored in units that were added \[J\].
    pub added_j: f64,
    /// Sum over the units of temperature and of one, over time \[K h\], \[h\].
    pub temperature_h: f64,
    pub unit_h: f64,
}

impl System<'_> {
    pub(super) fn outcome(
        &self,
        days: usize,
        end_cause: EndCause,
        start: Bases,
        monthly: Vec<Reading>,
    ) -> SystemOutcome {
        let (t, wasted) = (&self.totals, &self.battery.wasted);
        let n = self.battery.units.len() as f64;
        let sum = |f: fn(&ModuleString) -> f64| self.battery.sum(f);
        let shares: Vec<OutsideShares> = self.battery.units.iter().map(|s| s.aging.outside_shares()).collect();
        let mean = |f: fn(&OutsideShares) -> f64| shares.iter().map(f).sum::<f64>() / n;
        SystemOutcome {
            share: self.share,
            modules: self.modules_start,
            topology: self.plan.topology,
            years: days as f64 / DAYS_PER_YEAR as f64,
            end_cause,
            soh_start: start.soh,
            soh_end: self.battery.soh_min(),
            resistance_end: self.battery.resistance_max(),
            actual_kwh_start: start.actual_kwh,
            usable_kwh_start: start.usable_kwh,
            unused_kwh_start: start.unused_kwh,
            mismatch_measured: 0.0,
            efc: sum(ModuleString::efc) / n,
            demand_kwh: t.demand,
            served_kwh: t.served,
            unmet_kwh: t.unmet,
            pv_kwh: t.pv,
            curtailed_kwh: t.curtailed,
            grid_kwh: t.grid,
            converter_loss_kwh: t.converter_loss + t.solver_miss + wasted.converter_kwh,
            unit_converter_loss_kwh: wasted.converter_kwh + t.no_load,
            battery_loss_kwh: sum(|s| s.ledger().heat_j) / JOULE_PER_KWH,
            balancing_loss_kwh: wasted.balancing_j / JOULE_PER_KWH,
            circulated_kwh: wasted.circulated_kwh,
            off_bus_share: if wasted.unit_h > 0.0 { wasted.off_h / wasted.unit_h } else { 0.0 },
            fade_loss_kwh: sum(|s| s.ledger().fade_j) / JOULE_PER_KWH,
            stored_change_kwh: (sum(ModuleString::stored_j) - self.stored_before.iter().sum::<f64>() + t.added_j)
                / JOULE_PER_KWH,
            brought_kwh: (t.added_j - sum(|s| s.ledger().exchanged_j)) / JOULE_PER_KWH,
            visits: Vec::new(),
            mean_temperature_c: if t.unit_h > 0.0 {
                t.temperature_h / t.unit_h - ZERO_CELSIUS_K
            } else {
                sum(ModuleString::temperature_mean_k) / n - ZERO_CELSIUS_K
            },
            outside: OutsideShares {
                time: mean(|s| s.time),
                throughput: mean(|s| s.throughput),
                beyond_test: mean(|s| s.beyond_test),
            },
            by_year: self.by_year.clone(),
            monthly,
        }
    }

    /// Largest relative error of: each string's books; array, grid and modules brought = served + curtailed + losses +
    /// stored; demand = served + unserved.
    pub(super) fn balance_error(&self, o: &SystemOutcome) -> f64 {
        let units = &self.battery.units;
        let strings = units.iter().zip(&self.stored_before).map(|(s, &before)| s.ledger().error(before, s.stored_j()));
        let source = o.pv_kwh + o.grid_kwh + o.brought_kwh;
        let sinks = o.served_kwh
            + o.curtailed_kwh
            + o.converter_loss_kwh
            + o.battery_loss_kwh
            + o.fade_loss_kwh
            + o.stored_change_kwh;
        let bus = (source - sinks).abs() / (source + o.served_kwh + 1e-6);
        let load = (o.demand_kwh - o.served_kwh - o.unmet_kwh).abs() / (o.demand_kwh + 1e-6);
        // The solver may miss a power by a little, never add up to something.
        let missed = self.totals.solver_miss.abs() / (source + o.served_kwh + 1e-6);
        let drift = if missed > MISS_SHARE { missed } else { 0.0 };
        strings.fold(bus.max(load).max(drift), f64::max)
    }
}
