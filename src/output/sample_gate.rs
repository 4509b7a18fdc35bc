//! Gate, tests and costs of made-up packs.

use super::Dice;
use crate::life::costs::CostSteps;
use crate::life::outcome::*;

/// Readings of 24 modules of a pack that passed the gate, of which the best are accepted.
pub(super) fn grading(dice: &mut Dice, gate_passed: bool, grade: Grade, accepted: u32, end: f64) -> GradingOutcome {
    let tested = if gate_passed { 24 } else { 0 };
    let (false_accepts, false_rejects) = (
        u32::from(accepted > 0 && dice.uniform() < 0.2),
        u32::from(gate_passed && accepted < 24 && dice.uniform() < 0.3),
    );
    let measured_soh_mean = gate_passed.then_some(end + 0.01 * dice.normal());
    // A generator of its own, so that what follows in the pack does not depend on the readings.
    let mut own = Dice((1e9 * end) as u64);
    let readings: Vec<ModuleReading> = (0..tested)
        .map(|module| {
            let taken = module < accepted;
            let soh = end + 0.015 * own.normal();
            let mistake = match taken {
                true if module < false_accepts => Some(Mistake::FalseAccept),
                false if module < accepted + false_rejects => Some(Mistake::FalseReject),
                _ => None,
            };
            ModuleReading {
                module,
                cell: None,
                soh: soh as f32,
                measured_soh: (soh + 0.01 * own.normal()) as f32,
                resistance: 1.3,
                measured_resistance: 1.32,
                accepted: taken,
                grade: if taken { grade } else { Grade::Rejected },
                mistake,
                system: if taken { (module / 8 + 1) as u16 } else { 0 },
            }
        })
        .collect();
    let lot = readings.iter().filter(|r| r.accepted).map(|r| LotModule {
        measured_soh: r.measured_soh,
        measured_resistance: r.measured_resistance,
        soh: r.soh,
    });
    let value = |test: &str, cost_usd: f64, share: f64| TestValue {
        test: test.into(),
        units: 24.0,
        hours: 0.1 * cost_usd,
        cost_usd,
        accepts: f64::from(accepted),
        false_accepts: 24.0 * share,
        false_rejects: if cost_usd > 0.0 { 12.0 * share } else { 0.0 },
        loss_usd: 4_000.0 * share,
    };
    let values = [value(TestValue::NONE, 0.0, 0.2), value("quick", 30.0, 0.04), value("full", 700.0, 0.01)];
    GradingOutcome {
        gate_passed,
        gate_reason: (!gate_passed).then_some(GateReason::Water),
        salvaged: 0,
        grade,
        tested,
        accepted,
        false_accepts,
        false_rejects,
        self_discharging: 0,
        unmatched: accepted % 8 * u32::from(accepted % 8 < 4),
        measured_soh_mean,
        test_hours: if gate_passed { 12.0 } else { 0.0 },
        test_usd: 180.0,
        false_accept_usd: 300.0 * f64::from(false_accepts),
        false_reject_usd: 120.0 * f64::from(false_rejects),
        thresholds: Thresholds {
            accept_soh_min: 0.7,
            accept_resistance_max: 2.0,
            grade_a_soh_min: 0.85,
            grade_b_soh_min: 0.75,
        },
        values: if gate_passed { values.into() } else { Vec::new() },
        lot: lot.collect(),
        readings,
        series_modules: 4,
    }
}

/// Steps that add up to the totals of the made-up packs.
pub(super) fn steps(core_usd: f64, repack_usd: f64) -> CostSteps {
    CostSteps {
        core_usd,
        removal_usd: 25.0,
        transport_usd: 325.0,
        opening_usd: 100.0,
        test_usd: 180.0,
        assembly_usd: 0.1 * repack_usd,
        bms_usd: 0.2 * repack_usd,
        enclosure_usd: 0.2 * repack_usd,
        power_electronics_usd: 0.2 * repack_usd,
        certification_usd: 0.1 * repack_usd,
        warranty_usd: 0.1 * repack_usd,
        overhead_usd: 0.1 * repack_usd,
    }
}
