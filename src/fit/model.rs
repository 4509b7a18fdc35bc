//! What a law says of a test, through the same state that lives are simulated with.

use super::table::{Row, TestStress};
use crate::aging::{AgingState, CycleStress, Health, Law, UnitFactors};
use crate::cell::ZERO_CELSIUS_K;

/// Rate where a table does not give one \[1/h\].
const UNKNOWN_C_RATE: f64 = 1.0;

/// Health of a cell that ages as the law says, at each check-up of a test.
pub fn predict(law: &Law, rows: &[Row]) -> Vec<Health> {
    predict_at_pace(law, rows, 1.0)
}

/// The same for a cell whose days and cycles count `pace` times.
pub(super) fn predict_at_pace(law: &Law, rows: &[Row], pace: f64) -> Vec<Health> {
    let mut state = AgingState::new(law, UnitFactors::equal(1));
    let (mut days, mut efc) = (0.0, 0.0);
    rows.iter()
        .map(|row| {
            let stress = &row.stress;
            if row.days > days {
                let t_k = stress.temperature_c + ZERO_CELSIUS_K;
                state.rest(law, &[t_k], &[stress.soc], 24.0 * pace * (row.days - days));
            }
            if row.efc > efc {
                state.cycle(law, 0, &cycles(stress, pace * (row.efc - efc)));
            }
            (days, efc) = (row.days, row.efc);
            state.health(law, 0)
        })
        .collect()
}

/// Equal cycles, together this many equivalent full ones.
fn cycles(stress: &TestStress, efc: f64) -> CycleStress {
    let known = stress.c_discharge.or(stress.c_charge).unwrap_or(UNKNOWN_C_RATE);
    let (charge, discharge) = (stress.c_charge.unwrap_or(known), stress.c_discharge.unwrap_or(known));
    CycleStress {
        depth: stress.depth,
        mean_soc: stress.soc,
        temperature_k: stress.temperature_c + ZERO_CELSIUS_K,
        c_rate: 2.0 / (1.0 / charge + 1.0 / discharge),
        c_charge: charge,
        c_discharge: discharge,
        ocv_rms_v: None,
        efc,
        count: efc / stress.depth,
    }
}

/// Driver at which a test under constant stress reaches a loss, by bisection; `None` beyond `most`. `row` makes the
/// check-up at a driver.
pub(super) fn until(law: &Law, loss: f64, most: f64, row: impl Fn(f64) -> Row) -> Option<f64> {
    let lost = |x: f64| 1.0 - predict(law, &[row(x)])[0].capacity;
    if lost(most) < loss {
        return None;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if lost(middle) < loss { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}
