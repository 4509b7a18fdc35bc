//! Modules bought used: the journey starts where they were measured, with a past that could have led there.

use super::first_life::reading;
use super::outcome::{ExitOutcome, ExitRoute, FirstLifeOutcome, HarmfulEvents};
use super::plan::UsedPlan;
use crate::aging::{OutsideShares, UsedUnit};
use crate::cell::ZERO_CELSIUS_K;
use crate::numeric::stream::{Purpose, Streams, cut_normal as normal};
use crate::pack::ModuleString;

/// Least and highest SoH that a draw may give: a module below or above is not offered.
const OFFERED_SOH: [f64; 2] = [0.3, 1.0];

/// Puts the modules of a string where the plan says they were measured; the third value is the error of the energy
/// balance, of which there is none.
pub(super) fn start(
    used: &UsedPlan,
    string: &mut ModuleString,
    streams: &Streams,
) -> (FirstLifeOutcome, ExitOutcome, f64) {
    let rng = &mut streams.stream(Purpose::UsedModules);
    // Half of the variance lies between packs, half between the modules of one.
    let sd = used.soh_sd * std::f64::consts::FRAC_1_SQRT_2;
    let pack = sd * normal(rng);
    let cycle_share = (used.cycle_share_mean + used.cycle_share_sd * normal(rng)).clamp(0.0, 1.0);
    for module in 0..string.len() {
        let soh = (used.soh_mean + pack + sd * normal(rng)).clamp(OFFERED_SOH[0], OFFERED_SOH[1]);
        let off = used.resistance_sd * normal(rng);
        let resistance = used.resistance_mean.map(|mean| (mean + off).max(1.0));
        string.set_used(module, &UsedUnit { soh, resistance, cycle_share, years: used.years });
    }
    let first = FirstLifeOutcome {
        years: 0.0,
        distance_km: 0.0,
        distance_missed_km: 0.0,
        efc: 0.0,
        driven_kwh: 0.0,
        regenerated_kwh: 0.0,
        home_sessions_per_week: 0.0,
        fast_charge_share: 0.0,
        socket_kwh: 0.0,
        charger_loss_kwh: 0.0,
        pack_loss_kwh: 0.0,
        fade_loss_kwh: 0.0,
        mean_temperature_c: string.temperature_mean_k() - ZERO_CELSIUS_K,
        mean_soc: string.soc_mean(),
        throughput_kwh: 0.0,
        throughput_ah: 0.0,
        harmful: HarmfulEvents::default(),
        sold_on_years: None,
        outside: OutsideShares::default(),
        monthly: vec![reading(string)],
    };
    let (lli, lam) = string.losses_mean();
    let exit = ExitOutcome {
        route: ExitRoute::Bought,
        failure_mode: None,
        soh_mean: string.soh_mean(),
        soh_min: string.soh_min(),
        resistance_mean: string.resistance_mean(),
        lli,
        lam,
    };
    (first, exit, 0.0)
}
