//! Modules bought used: the journey starts where they were measured, with a past that could have led there.

use super::first_life::reading;
use super::outcome::{BoughtOutcome, ExitOutcome, ExitRoute, FirstLifeOutcome, HarmfulEvents};
use super::plan::{UsedLot, UsedModule, UsedPack, UsedPlan, UsedSheet};
use crate::aging::{OutsideShares, UsedHistory, UsedUnit};
use crate::cell::ZERO_CELSIUS_K;
use crate::numeric::stats::{normal_cdf, normal_quantile};
use crate::numeric::stream::{Purpose, Streams, cut_normal as normal};
use crate::pack::ModuleString;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Least and highest SoH that a draw from a lot may give: a module below or above is not offered.
const OFFERED_SOH: [f64; 2] = [0.3, 1.0];
/// Least and highest true SoH of a module that was measured.
const TRUE_SOH: [f64; 2] = [0.1, 1.0];
/// Least and highest true resistance over new of a module that was measured.
const TRUE_RESISTANCE: [f64; 2] = [0.3, 20.0];

/// How a pack begins that no vehicle was simulated for.
pub(super) struct Bought {
    pub first: FirstLifeOutcome,
    pub exit: ExitOutcome,
    pub offered: BoughtOutcome,
}

/// The pack of a sheet that a number of the study stands for.
pub(super) fn of_sheet(sheet: &UsedSheet, pack_id: u64) -> &UsedPack {
    &sheet.packs[(pack_id % sheet.packs.len() as u64) as usize]
}

/// Puts the modules of a string where the plan says they were measured. The string has as many modules as the pack.
pub(super) fn start(used: &UsedPlan, pack_id: u64, string: &mut ModuleString, streams: &Streams) -> Bought {
    let rng = &mut streams.stream(Purpose::UsedModules);
    let offered = match used {
        UsedPlan::Lot(lot) => from_lot(lot, string, rng),
        UsedPlan::Sheet(sheet) => from_sheet(sheet, of_sheet(sheet, pack_id), string, rng),
    };
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
    Bought { first, exit, offered }
}

fn from_lot(lot: &UsedLot, string: &mut ModuleString, rng: &mut ChaCha8Rng) -> BoughtOutcome {
    // Half of the variance lies between packs, half between the modules of one.
    let sd = lot.soh_sd * std::f64::consts::FRAC_1_SQRT_2;
    let pack = sd * normal(rng);
    let cycle_share = (lot.cycle_share_mean + lot.cycle_share_sd * normal(rng)).clamp(0.0, 1.0);
    for module in 0..string.len() {
        let soh = (lot.soh_mean + pack + sd * normal(rng)).clamp(OFFERED_SOH[0], OFFERED_SOH[1]);
        let off = lot.resistance_sd * normal(rng);
        let resistance = lot.resistance_mean.map(|mean| (mean + off).max(1.0));
        string.set_used(module, &UsedUnit { soh, resistance, cycle_share, years: lot.years });
    }
    BoughtOutcome {
        name: None,
        modules: string.len() as u32,
        soh_mean: string.soh_mean(),
        years_mean: lot.years,
        efc_mean: None,
    }
}

fn from_sheet(sheet: &UsedSheet, pack: &UsedPack, string: &mut ModuleString, rng: &mut ChaCha8Rng) -> BoughtOutcome {
    let believed = (sheet.cycle_share_mean + sheet.cycle_share_sd * normal(rng)).clamp(0.0, 1.0);
    for (module, row) in pack.modules.iter().enumerate() {
        // Two draws a module whatever is known, so that one row's columns do not move the next row's draws.
        let (u, z) = (rng.random::<f64>(), normal(rng));
        let soh = true_soh(sheet, row.soh, u);
        let resistance = row
            .resistance
            .map(|measured| (measured * (1.0 - sheet.resistance_sd * z)).clamp(TRUE_RESISTANCE[0], TRUE_RESISTANCE[1]));
        let mut history = UsedHistory { efc: row.efc, ..UsedHistory::default() };
        if let Some(temperature_c) = row.temperature_c {
            history.temperature_k = temperature_c + ZERO_CELSIUS_K;
        }
        let cycle_share = cycle_share(row, soh, &history, string, module).unwrap_or(believed);
        string.set_used_after(module, &UsedUnit { soh, resistance, cycle_share, years: row.years }, &history);
        if let Some(ratio) = row.self_discharge {
            string.set_self_discharge(module, ratio);
        }
    }
    let n = pack.modules.len() as f64;
    BoughtOutcome {
        name: Some(pack.name.clone()),
        modules: pack.modules.len() as u32,
        soh_mean: pack.modules.iter().map(|m| m.soh).sum::<f64>() / n,
        years_mean: pack.modules.iter().map(|m| m.years).sum::<f64>() / n,
        efc_mean: pack.modules.iter().map(|m| m.efc).sum::<Option<f64>>().map(|sum| sum / n),
    }
}

/// What a row tells of the share that cycling took: the share itself, or what the law takes for its counted cycles.
fn cycle_share(row: &UsedModule, soh: f64, history: &UsedHistory, string: &ModuleString, module: usize) -> Option<f64> {
    row.cycle_share.or_else(|| {
        let cycles = string.cycle_loss(module, row.efc?, history.temperature_k);
        Some(if soh < 1.0 { (cycles / (1.0 - soh)).min(1.0) } else { 0.0 })
    })
}

/// A true SoH behind a measured one, `measured = true (1 + bias) + N(0, sd)`, with no SoH preferred beforehand: a normal cut
/// to [`TRUE_SOH`], by its quantile `u`.
fn true_soh(sheet: &UsedSheet, measured: f64, u: f64) -> f64 {
    let [low, high] = TRUE_SOH;
    let (mean, sd) = (measured / (1.0 + sheet.soh_bias), sheet.soh_sd / (1.0 + sheet.soh_bias));
    if sd <= 0.0 {
        return mean.clamp(low, high);
    }
    let (from, to) = (normal_cdf((low - mean) / sd), normal_cdf((high - mean) / sd));
    let p = from + u * (to - from);
    if p > 0.0 && p < 1.0 { (mean + sd * normal_quantile(p)).clamp(low, high) } else { mean.clamp(low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aging::fixture::law;
    use crate::cell;
    use crate::pack::ModuleSpread;
    use std::sync::Arc;

    fn sheet(soh_sd: f64) -> UsedSheet {
        UsedSheet {
            packs: vec![],
            soh_bias: 0.0,
            soh_sd,
            resistance_sd: 0.0,
            cycle_share_mean: 0.4,
            cycle_share_sd: 0.0,
        }
    }

    fn row(soh: f64) -> UsedModule {
        UsedModule {
            name: "1".into(),
            soh,
            resistance: None,
            years: 9.0,
            efc: None,
            temperature_c: None,
            cycle_share: None,
            self_discharge: None,
        }
    }

    fn string(modules: usize) -> ModuleString {
        let spread = ModuleSpread::none(modules);
        ModuleString::new(Arc::new(cell::fixture::cell()), law("lfp_prismatic250"), 8, 1, spread, 0.5, 298.15)
    }

    fn of(sheet: UsedSheet, rows: Vec<UsedModule>, pack: u64) -> (ModuleString, Bought) {
        let mut s = string(rows.len());
        let packs = vec![UsedPack { name: "a".into(), modules: rows }];
        let plan = UsedPlan::Sheet(Arc::new(UsedSheet { packs, ..sheet }));
        let bought = start(&plan, pack, &mut s, &Streams::new(7, pack));
        (s, bought)
    }

    /// Far from the ends the posterior is the normal of the test's error; near SoH 1 it is cut, whose mean for a cut at
    /// the measured value is `sd sqrt(2 / pi)` below.
    #[test]
    fn the_truth_lies_around_what_was_measured() {
        let n = 20_000;
        let mean = |measured: f64| {
            (0..n).map(|k| true_soh(&sheet(0.02), measured, (f64::from(k) + 0.5) / f64::from(n))).sum::<f64>()
                / f64::from(n)
        };
        assert!((mean(0.8) - 0.8).abs() < 1e-5);
        assert!((mean(1.0) - (1.0 - 0.02 * (2.0 / std::f64::consts::PI).sqrt())).abs() < 1e-5);
        for (measured, u) in [(0.1, 0.0), (1.1, 0.5), (1.1, 1.0), (0.8, 0.0), (0.8, 1.0)] {
            let soh = true_soh(&sheet(1e-3), measured, u);
            assert!((0.1..=1.0).contains(&soh), "{measured} {u} {soh}");
        }
        assert_eq!(true_soh(&sheet(0.0), 0.77, 0.3), 0.77);
        let biased = UsedSheet { soh_bias: 0.02, ..sheet(0.0) };
        assert!((true_soh(&biased, 0.816, 0.5) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn rows_are_taken_as_they_are() {
        let rows = vec![
            row(0.8),
            UsedModule { resistance: Some(1.6), self_discharge: Some(3.0), cycle_share: Some(0.9), ..row(0.7) },
        ];
        let (s, bought) = of(sheet(0.0), rows, 0);
        assert!((s.soh(0) - 0.8).abs() < 1e-9 && (s.soh(1) - 0.7).abs() < 1e-9);
        assert!((s.resistance_of(1) - 1.6).abs() < 1e-9 && (s.condition(1).self_discharge - 3.0).abs() < 1e-12);
        assert!((s.cycle_share(0).unwrap() - 0.4).abs() < 0.03 && (s.cycle_share(1).unwrap() - 0.9).abs() < 0.03);
        assert_eq!((bought.exit.route, bought.offered.modules), (ExitRoute::Bought, 2));
        assert!((bought.offered.soh_mean - 0.75).abs() < 1e-12 && bought.offered.years_mean == 9.0);
    }

    /// Counted cycles decide where no share is given: none of them, no cycling; as many as take all, all of it.
    #[test]
    fn counted_cycles_tell_the_share() {
        let share = |efc| of(sheet(0.0), vec![UsedModule { efc: Some(efc), ..row(0.9) }], 0).0.cycle_share(0).unwrap();
        let [none, some, all] = [0.0, 1000.0, 1e5].map(share);
        assert!(none < 1e-9 && none < some && some < 0.9 && all > 0.97, "{none} {some} {all}");
    }

    /// The same rows again, with other draws of what is not known; one row's columns leave the next row alone.
    #[test]
    fn packs_are_taken_in_turn() {
        let rows = || vec![row(0.8), row(0.8)];
        let soh = |pack| (of(sheet(0.02), rows(), pack).0.soh(0), of(sheet(0.02), rows(), pack).0.soh(1));
        assert_eq!(soh(0), soh(0));
        assert_ne!(soh(0), soh(1));
        let other = vec![UsedModule { resistance: Some(1.5), efc: Some(100.0), ..row(0.75) }, row(0.8)];
        assert_eq!(of(sheet(0.02), other, 0).0.soh(1), soh(0).1);
    }
}
