//! Traces and slow legs made ready to drive a cell.

use super::model::Drive;
use super::options::IdentifyOptions;
use super::soc::Leg;
use super::trace::{Sample, Trace};

/// Weight of rows below the voltage that must be right.
const WEIGHT_BELOW: f64 = 0.3;
/// Least and most time that a row counts for \[s\].
const SHORTEST_S: f64 = 0.5;
/// See [`SHORTEST_S`].
const LONGEST_S: f64 = 30.0;
/// Weight of a slow leg against the pulse traces.
const SHARE_OF_LEG: f64 = 0.3;

/// A pulse trace, or one to check, which is not told its temperatures.
pub(super) fn drive(trace: &Trace, soc: Vec<f64>, options: &IdentifyOptions, known_temperature: bool) -> Drive {
    let rows = &trace.rows;
    let known: Option<Vec<f64>> = rows.iter().map(|r| r.temperature_c).collect();
    let weight = |r: &Sample| match (r.counted, r.voltage_v >= options.above_v) {
        (false, _) => 0.0,
        (true, true) => 1.0,
        (true, false) => WEIGHT_BELOW,
    };
    let first = soc[0];
    // A row counts for the time around it: a pulse logged ten times a second is not worth an hour of discharge.
    let gap = |k: usize| if k == 0 || k >= rows.len() { 0.0 } else { rows[k].time_s - rows[k - 1].time_s };
    let mut weights: Vec<f64> = (0..rows.len())
        .map(|k| weight(&rows[k]) * (0.5 * (gap(k) + gap(k + 1))).clamp(SHORTEST_S, LONGEST_S).sqrt())
        .collect();
    let counted = rows.iter().filter(|r| r.counted).count().max(1) as f64;
    let mean = (weights.iter().map(|w| w * w).sum::<f64>() / counted).sqrt().max(1e-9);
    weights.iter_mut().for_each(|w| *w /= mean);
    Drive {
        dt_s: (0..rows.len()).map(|k| if k == 0 { 0.0 } else { rows[k].time_s - rows[k - 1].time_s }).collect(),
        current_a: rows.iter().map(|r| r.current_a).collect(),
        voltage_v: rows.iter().map(|r| r.voltage_v).collect(),
        weight: weights,
        ambient_c: rows[0].temperature_c.or(trace.ambient_c).unwrap_or(options.ambient_c),
        temperature_c: known.filter(|_| known_temperature),
        // A cell that is full was charged, one that is empty discharged.
        hysteresis: f64::from(u8::from(first > 0.9)) - f64::from(u8::from(first < 0.1)),
        soc,
        without_r0: false,
    }
}

/// A slow leg.
pub(super) fn leg_drive(leg: &Leg, pulse_rows: usize, options: &IdentifyOptions) -> Drive {
    let weight = (SHARE_OF_LEG * pulse_rows as f64 / leg.soc.len() as f64).min(1.0).sqrt();
    let of = |v: &f64| if *v >= options.above_v { weight } else { WEIGHT_BELOW * weight };
    Drive {
        dt_s: leg.dt_s.clone(),
        current_a: leg.current_a.clone(),
        voltage_v: leg.voltage_v.clone(),
        soc: leg.soc.clone(),
        weight: leg.voltage_v.iter().map(of).collect(),
        temperature_c: Some(vec![options.ambient_c; leg.soc.len()]),
        ambient_c: options.ambient_c,
        hysteresis: if leg.discharge { 1.0 } else { -1.0 },
        without_r0: leg.leads_ohm.is_some(),
    }
}
