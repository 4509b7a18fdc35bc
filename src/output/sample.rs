//! Made-up packs with realistic numbers, the same on every run.

use crate::aging::OutsideShares;
use crate::economics::{Materials, Values, switching_soh};
use crate::life::decision::{DecisionCase, DecisionOutcome, DecisionPoint};
use crate::life::outcome::*;
use crate::life::plan::Topology;
use crate::life::recycling::Batch;
use crate::monte::{Life, PackRow, StudySummary, TrajectoryPoint, YearPoint};
use crate::output::stats::quantile;

#[path = "sample_gate.rs"]
mod sample_gate;

/// Small repeatable generator; quality does not matter here.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn soh(rate: f64, years: f64) -> f64 {
    1.0 - rate * (0.018 * years.sqrt() + 0.012 * years)
}

fn monthly(years: f64, soh: impl Fn(f64) -> f64) -> Vec<Reading> {
    (0..=(years * 12.0) as usize)
        .map(|m| {
            let s = soh(m as f64 / 12.0);
            Reading { soh: s as f32, resistance: (1.0 + 1.4 * (1.0 - s)) as f32 }
        })
        .collect()
}

fn system(dice: &mut Dice, share: f64, start: f64, rate: f64) -> SystemOutcome {
    let fade = 0.022 * rate;
    let limit = (start - 0.55) / fade;
    let energy = 6.0 + 7.0 * dice.uniform();
    let (years, end_cause) = if limit < energy.min(20.0) {
        (limit, EndCause::Soh)
    } else if energy < 20.0 {
        (energy, if dice.uniform() < 0.1 { EndCause::Resistance } else { EndCause::Energy })
    } else {
        (20.0, EndCause::Horizon)
    };
    let by_year: Vec<SystemYear> = (0..years.ceil() as u32)
        .map(|y| {
            let part = (years - f64::from(y)).min(1.0);
            let demand_kwh = 2_200.0 * share * part;
            let unmet_kwh = demand_kwh * (0.004 + 0.004 * f64::from(y) * (0.5 + dice.uniform()));
            SystemYear { demand_kwh, unmet_kwh, unmet_power_kwh: 0.2 * unmet_kwh, hours: (8_760.0 * part) as u32 }
        })
        .collect();
    let demand_kwh: f64 = by_year.iter().map(|y| y.demand_kwh).sum();
    let unmet_kwh: f64 = by_year.iter().map(|y| y.unmet_kwh).sum();
    let served_kwh = demand_kwh - unmet_kwh;
    let (converter_loss_kwh, battery_loss_kwh) = (0.13 * served_kwh, 0.045 * served_kwh);
    let (fade_loss_kwh, stored_change_kwh, grid_kwh) = (2.0 * share, -1.5 * share, 0.05 * served_kwh);
    let used = served_kwh + converter_loss_kwh + battery_loss_kwh + fade_loss_kwh + stored_change_kwh;
    let pv_kwh = (used - grid_kwh) * 1.4;
    SystemOutcome {
        share,
        modules: (8.0 * share).round() as u32,
        topology: Topology::Series,
        years,
        end_cause,
        soh_start: start,
        soh_end: start - fade * years,
        resistance_end: 1.0 + 1.6 * (1.0 - start + fade * years),
        actual_kwh_start: 20.0 * share * start,
        usable_kwh_start: 16.0 * share * start,
        unused_kwh_start: 0.7 * share * start,
        mismatch_measured: 0.03,
        efc: 210.0 * years,
        demand_kwh,
        served_kwh,
        unmet_kwh,
        pv_kwh,
        curtailed_kwh: pv_kwh + grid_kwh - used,
        grid_kwh,
        genset_kwh: 0.0,
        fuel_l: 0.0,
        converter_loss_kwh,
        unit_converter_loss_kwh: 0.0,
        battery_loss_kwh,
        balancing_loss_kwh: 0.01 * battery_loss_kwh,
        circulated_kwh: 0.0,
        off_bus_share: 0.0,
        brought_kwh: 0.0,
        visits: Vec::new(),
        fade_loss_kwh,
        stored_change_kwh,
        mean_temperature_c: 24.0 + 2.0 * dice.normal(),
        outside: OutsideShares { time: 0.03 * dice.uniform(), throughput: 0.05 * dice.uniform(), beyond_test: 0.0 },
        by_year,
        monthly: monthly(years, |y| start - fade * y),
    }
}

fn values(soh: f64, recycle_usd: f64) -> Values {
    let sale = 300.0 * (soh - 0.6).max(0.0);
    Values {
        reuse_usd: sale - 50.0,
        reuse_sale_usd: sale,
        refurbish_usd: Some(1.05 * sale - 55.0),
        refurbish_sale_usd: Some(1.05 * sale),
        recycle_usd,
    }
}

fn decided(measured: f64, truly: f64) -> DecisionOutcome {
    let (measured, truly) = (values(measured, 5.0), values(truly, 5.0));
    DecisionOutcome {
        measured,
        best_measured: measured.best(),
        best_true: truly.best(),
        regret_usd: truly.regret_usd(measured.best()),
    }
}

/// Made-up values of two chemistries under two price sets.
pub(crate) fn decision() -> Vec<DecisionCase> {
    let case = |chemistry: &str, prices: &str, recycle_usd: f64| DecisionCase {
        chemistry: chemistry.into(),
        prices: prices.into(),
        new_storage_usd_per_kwh: 150.0,
        switching_soh: switching_soh(0.4, |soh| values(soh, recycle_usd)),
        points: (0..13)
            .map(|k| 0.4 + 0.05 * f64::from(k))
            .map(|soh| DecisionPoint { soh, values: values(soh, recycle_usd), route: "hydro".into() })
            .collect(),
    };
    vec![case("lfp", "a", -5.0), case("lfp", "b", 5.0), case("nmc622", "a", 15.0), case("nmc622", "b", 90.0)]
}

/// One made-up pack of 60 kWh with 24 modules.
pub(crate) fn pack(pack_id: u64) -> PackOutcome {
    let mut dice = Dice(pack_id.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 7);
    for _ in 0..4 {
        dice.uniform();
    }
    let rate = (0.22 * dice.normal()).exp();
    let draw = dice.uniform();
    let (route, years) = if draw < 0.16 {
        (ExitRoute::WriteOff, 0.5 + 14.0 * dice.uniform())
    } else if draw < 0.24 {
        (ExitRoute::Failure, 0.5 + 13.0 * dice.uniform())
    } else if draw < 0.27 {
        (ExitRoute::Recall, 0.5 + 2.0 * dice.uniform())
    } else if soh(rate, 8.0) < 0.78 {
        (ExitRoute::Warranty, 5.5 + 2.5 * dice.uniform())
    } else if draw < 0.31 {
        (ExitRoute::OwnerNeed, 9.0 + 3.0 * dice.uniform())
    } else {
        (ExitRoute::EndOfLife, (14.0 + 3.2 * dice.normal()).clamp(4.0, 22.0))
    };
    let end = soh(rate, years);
    let km = 14_000.0 * (0.3 * dice.normal()).exp() * years;
    let driven_kwh = 0.17 * km;
    let (charger, heat, fade) = (0.11 * driven_kwh, 0.035 * driven_kwh, 12.0);
    let gate_passed = dice.uniform() > if route == ExitRoute::WriteOff { 0.5 } else { 0.1 };
    let accepted = if gate_passed && end > 0.66 { 24 - (8.0 * (1.0 - end) + 2.0 * dice.uniform()) as u32 } else { 0 };
    let grade = match end {
        _ if accepted == 0 => Grade::Rejected,
        e if e > 0.85 => Grade::A,
        e if e > 0.75 => Grade::B,
        _ => Grade::C,
    };
    let mut systems = Vec::new();
    let mut left = accepted;
    while left >= 4 {
        let modules = left.min(8);
        systems.push(system(&mut dice, f64::from(modules) / 8.0, end - 0.01, rate));
        left -= modules;
    }
    let input = [6.0, 32.0, 6.0, 6.0, 21.0, 85.0, 52.0, 48.0, 0.0, 0.0, 27.0, 4.0, 28.0, 10.0];
    let recovery = [0.82, 0.96, 0.96, 0.90, 0.95, 0.60, 0.0, 0.95, 0.0, 0.0, 0.0, 0.5, 0.5, 0.0];
    let recovered = Materials::from_fn(|k| input[k] * recovery[k]);
    let out = 2024 + years as i32;
    let batch = |years: f64, share: f64| Batch {
        years,
        share,
        served: years > 0.0,
        metal_price_factor: 1.0,
        calendar_year: out + years as i32,
    };
    let mean_years = systems.iter().map(|s| s.years).sum::<f64>() / (systems.len() as f64).max(1.0);
    let batches =
        if systems.is_empty() { vec![batch(0.0, 1.0)] } else { vec![batch(0.0, 0.3), batch(mean_years, 0.7)] };
    let mut pack = PackOutcome {
        pack_id,
        law: "lfp_field".into(),
        first: FirstLifeOutcome {
            years,
            distance_km: km,
            distance_missed_km: 0.0008 * km,
            efc: driven_kwh / 60.0,
            driven_kwh,
            regenerated_kwh: 0.15 * driven_kwh,
            home_sessions_per_week: 3.2,
            fast_charge_share: 0.06,
            socket_kwh: driven_kwh + charger + heat + fade + 20.0,
            charger_loss_kwh: charger,
            pack_loss_kwh: heat,
            fade_loss_kwh: fade,
            mean_temperature_c: 21.0 + 2.0 * dice.normal(),
            mean_soc: 0.62,
            throughput_kwh: 2.04 * driven_kwh,
            throughput_ah: 5.8 * driven_kwh,
            harmful: HarmfulEvents {
                hot_h: 12.0 * years,
                cold_h: 90.0 * years,
                charging_outside_h: 5.0 * years,
                deep_discharges: (0.7 * years) as u32,
            },
            sold_on_years: (years > 13.0 && rate > 1.2).then_some(11.5),
            outside: OutsideShares { time: 0.04 * dice.uniform(), throughput: 0.02 * dice.uniform(), beyond_test: 0.3 },
            monthly: monthly(years, |y| soh(rate, y) - 0.01),
        },
        exit: ExitOutcome {
            route,
            failure_mode: (route == ExitRoute::Failure).then_some(FailureMode::ALL[(6.0 * dice.uniform()) as usize]),
            soh_mean: end,
            soh_min: end - 0.015,
            resistance_mean: 1.0 + 1.3 * (1.0 - end),
            lli: 0.9 * (1.0 - end),
            lam: 0.3 * (1.0 - end),
        },
        grading: sample_gate::grading(&mut dice, gate_passed, grade, accepted, end),
        decision: None,
        sent_to_recycler: false,
        recycling: RecyclingOutcome {
            mass_kg: 400.0,
            input_kg: Materials::from_values(input),
            recovered_kg: recovered,
            soh: end - 0.1,
            sold_kg: recovered,
            cathode_kg: 0.0,
            iron_phosphate_kg: 0.0,
            black_kg: Materials::default(),
            lithium_added_kg: 0.0,
            residue_kg: 400.0 - recovered.total(),
            batches,
        },
        money: MoneyOutcome {
            core_usd: 40.0 * 60.0 * end,
            logistics_usd: 450.0,
            test_usd: 180.0,
            repack_usd: 35.0 * 20.0 * systems.len() as f64,
            steps: sample_gate::steps(40.0 * 60.0 * end, 35.0 * 20.0 * systems.len() as f64),
            nameplate_kwh: 20.0 * systems.len() as f64,
            usable_end_kwh: 11.0 * systems.len() as f64,
            service_usd: 0.0,
            sale_usd: 90.0 * 20.0 * systems.len() as f64 * end,
            materials_usd: 780.0,
            gate_usd: 0.0,
            recycling_cost_usd: 600.0,
            npv_usd: 900.0 * systems.len() as f64 * end - 1_400.0 + 250.0 * dice.normal(),
            co2_caused_kg: 900.0,
            co2_materials_kg: 1_100.0,
            co2_storage_kg: 60.0 * 20.0 * systems.len() as f64,
        },
        systems,
        balance_error: 1e-12 * dice.uniform(),
        bought: None,
        record: None,
    };
    pack.decision = pack.grading.measured_soh_mean.map(|soh| decided(soh, end));
    pack
}

/// `n` packs, every 50th of them failed.
pub(crate) fn rows(n: u64) -> Vec<PackRow> {
    (0..n)
        .map(|id| match id % 50 {
            49 => PackRow::Failed(failure(id)),
            _ => PackRow::Done(Box::new(pack(id))),
        })
        .collect()
}

/// A failed pack.
pub(crate) fn failure(pack_id: u64) -> PackFailure {
    let reason = "terminal voltage left [2.5, 4.25] V at t = 3600 s, \"module\" 7".to_string();
    PackFailure { pack_id, law: "lfp_field".into(), stage: "second_life", reason }
}

fn three(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.1, 0.5, 0.9].map(|p| quantile(&values, p).unwrap_or(f64::NAN))
}

fn paths(life: Life, paths: &[&[Reading]]) -> Vec<TrajectoryPoint> {
    let last = paths.iter().map(|p| p.len()).max().unwrap_or(0);
    (0..last)
        .map(|m| {
            let alive: Vec<&Reading> = paths.iter().filter_map(|p| p.get(m)).collect();
            TrajectoryPoint {
                life,
                month: m as u32,
                alive: alive.len() as u64,
                soh: three(alive.iter().map(|r| f64::from(r.soh)).collect()),
                resistance: three(alive.iter().map(|r| f64::from(r.resistance)).collect()),
            }
        })
        .collect()
}

/// Quantiles over those rows.
pub(crate) fn study(rows: &[PackRow]) -> StudySummary {
    let done: Vec<&PackOutcome> =
        rows.iter().filter_map(|r| if let PackRow::Done(p) = r { Some(&**p) } else { None }).collect();
    let systems: Vec<&SystemOutcome> = done.iter().flat_map(|p| &p.systems).collect();
    let mut trajectories = paths(Life::First, &done.iter().map(|p| &p.first.monthly[..]).collect::<Vec<_>>());
    trajectories.extend(paths(Life::Second, &systems.iter().map(|s| &s.monthly[..]).collect::<Vec<_>>()));
    let last = systems.iter().map(|s| s.by_year.len()).max().unwrap_or(0);
    let years = (0..last)
        .map(|y| {
            let lived: Vec<&SystemYear> = systems.iter().filter_map(|s| s.by_year.get(y)).collect();
            let sum = |get: fn(&SystemYear) -> f64| lived.iter().map(|y| get(y)).sum::<f64>();
            YearPoint {
                year: y as u32 + 1,
                systems: lived.len() as u64,
                unmet_share: three(lived.iter().map(|y| y.unmet_kwh / y.demand_kwh).collect()),
                unmet_share_total: sum(|y| y.unmet_kwh) / sum(|y| y.demand_kwh),
                unmet_power_share_total: sum(|y| y.unmet_power_kwh) / sum(|y| y.demand_kwh),
            }
        })
        .collect();
    StudySummary { trajectories, years }
}
