//! Capacity and cooling, where the traces tell them.

use super::ocv;
use super::soc::{self, Leg};
use super::trace::Trace;
use crate::numeric::table::interpolate;

/// Rise of the temperature from which the cooling is read \[K\].
const RISE_K: f64 = 1.5;

/// Charge of the slow discharge, or between full and empty in a pulse trace \[Ah\]. A slow leg with long leads ends
/// before the cell is empty, so it comes last.
pub(super) fn capacity(pulses: &[Trace], legs: &[Leg], min_v: f64, max_v: f64) -> Option<f64> {
    let whole = |leads: bool| {
        let mut some = legs.iter().filter(|l| l.leads_ohm.is_some() == leads);
        some.clone().find(|l| l.discharge).or_else(|| some.next()).map(|l| l.charge_ah)
    };
    let in_pulses = || {
        pulses.iter().find_map(|trace| {
            let taken = soc::taken_ah(trace);
            let full = soc::full_row(trace, max_v)?;
            let empty = (full..taken.len()).max_by(|a, b| taken[*a].total_cmp(&taken[*b]))?;
            (trace.rows[empty].voltage_v <= min_v + 0.05).then(|| taken[empty] - taken[full])
        })
    };
    whole(false).or_else(in_pulses).or_else(|| whole(true))
}

/// Cooling that meets the measured temperatures best, where they rise enough \[W/K\].
pub(super) fn cooling(trace: &Trace, soc: &[f64], ocv_v: &[f64], heat_capacity_j_per_k: f64) -> Option<f64> {
    let measured: Vec<f64> = trace.rows.iter().map(|r| r.temperature_c).collect::<Option<_>>()?;
    let ambient = measured[0];
    if measured.iter().copied().fold(f64::MIN, f64::max) - ambient < RISE_K {
        return None;
    }
    let knots = ocv::knots();
    let error = |log: f64| {
        let h = log.exp();
        let (mut t, mut sum) = (ambient, 0.0);
        for k in 1..measured.len() {
            let row = &trace.rows[k];
            let dt = row.time_s - trace.rows[k - 1].time_s;
            let heat = (row.current_a * (interpolate(&knots, ocv_v, soc[k]) - row.voltage_v)).max(0.0);
            let settled = ambient + heat / h;
            t = settled + (t - settled) * (-dt * h / heat_capacity_j_per_k).exp();
            sum += (t - measured[k]).powi(2);
        }
        sum
    };
    // A grid, then closer around its best place.
    let mut centre = (heat_capacity_j_per_k / 1000.0).ln();
    let mut width = 3.0;
    for _ in 0..5 {
        let tries = (-10..=10).map(|k| centre + width * f64::from(k) / 10.0);
        centre = tries.min_by(|a, b| error(*a).total_cmp(&error(*b)))?;
        width *= 0.2;
    }
    Some(centre.exp())
}
