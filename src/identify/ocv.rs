//! The open-circuit voltage before the fit: from slow legs, or from the rests of the pulse test.

use super::soc::Leg;
use super::trace::Trace;
use crate::cell::CellSpec;
use crate::numeric::table::interpolate;

/// Shortest rest whose end is taken for the open-circuit voltage \[s\].
const REST_S: f64 = 300.0;
/// Least rise from knot to knot \[V\].
const RISE_V: f64 = 1e-4;

/// Knots of the curve: every 0.025, closer near both ends; all are multiples of 1/400, which the cell's tables meet.
pub(super) fn knots() -> Vec<f64> {
    let ends = [0.0, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06];
    let top = [0.96, 0.97, 0.98, 0.985, 0.99, 0.995, 1.0];
    let middle = (3..=38).map(|k| f64::from(k) / 40.0);
    ends.into_iter().chain(middle).chain(top).collect()
}

/// Knots of what the fit adds to the curve.
pub(super) fn offset_knots() -> Vec<f64> {
    let ends = [0.0, 0.01, 0.02, 0.03, 0.05, 0.075];
    let middle = (2..=19).map(|k| f64::from(k) / 20.0);
    ends.into_iter().chain(middle).chain([0.975, 0.99, 1.0]).collect()
}

/// A first curve, half the gap between the branches, and how far the curve may be off.
pub(super) struct FirstOcv {
    pub(super) voltage_v: Vec<f64>,
    pub(super) half_gap_v: Option<f64>,
    pub(super) sd_v: f64,
    /// Range of SoC that the traces tell.
    pub(super) told: [f64; 2],
    pub(super) from_rests: bool,
}

/// Mean of the slow discharge and charge. A single leg is moved by half the gap that a like cell has.
pub(super) fn from_legs(legs: &[&Leg], like: &CellSpec) -> FirstOcv {
    let branch = |discharge: bool| {
        let mut pairs: Vec<(f64, f64)> = legs
            .iter()
            .filter(|l| l.discharge == discharge)
            .flat_map(|l| l.soc.iter().copied().zip(l.voltage_v.iter().copied()))
            .collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs.dedup_by(|a, b| (a.0 - b.0).abs() < 1e-9);
        let (soc, v): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        (!soc.is_empty()).then(|| knots().iter().map(|s| along(&soc, &v, *s)).collect::<Vec<f64>>())
    };
    let (mut voltage_v, half_gap_v, sd_v): (Vec<f64>, Option<f64>, f64) = match (branch(true), branch(false)) {
        (Some(down), Some(up)) => {
            let mut gaps: Vec<f64> = knots()
                .iter()
                .zip(down.iter().zip(&up))
                .filter(|(s, _)| (0.2..=0.9).contains(*s))
                .map(|(_, (d, u))| 0.5 * (u - d))
                .collect();
            gaps.sort_by(f64::total_cmp);
            let mean = down.iter().zip(&up).map(|(d, u)| 0.5 * (d + u)).collect();
            (mean, gaps.get(gaps.len() / 2).copied(), 0.006)
        }
        (Some(one), None) => (one.iter().map(|v| v + like.hysteresis_v).collect(), None, 0.012),
        (None, Some(one)) => (one.iter().map(|v| v - like.hysteresis_v).collect(), None, 0.012),
        (None, None) => (knots().iter().map(|s| interpolate(&like.ocv_soc, &like.ocv_v, *s)).collect(), None, 0.05),
    };
    rising(&mut voltage_v);
    FirstOcv { voltage_v, half_gap_v, sd_v, told: [0.0, 1.0], from_rests: false }
}

/// Interpolation that goes on straight below the first point, with the slope of the lowest few.
fn along(soc: &[f64], v: &[f64], s: f64) -> f64 {
    let near = soc.partition_point(|&x| x < soc[0] + 0.01).min(soc.len() - 1);
    if s >= soc[0] || near == 0 {
        return interpolate(soc, v, s);
    }
    v[0] + (s - soc[0]) * (v[near] - v[0]) / (soc[near] - soc[0])
}

/// How far each offset may be off: the curve itself, and its slope times what the SoC may be off.
pub(super) fn offset_sd(voltage_v: &[f64], sd_v: f64) -> Vec<f64> {
    const SD_SOC: f64 = 0.006;
    let (knots, at) = (knots(), |s: f64| s.clamp(0.0, 1.0));
    let value = |s: f64| interpolate(&knots, voltage_v, s);
    let slope = |s: f64| (value(at(s + 0.01)) - value(at(s - 0.01))) / (at(s + 0.01) - at(s - 0.01));
    offset_knots().iter().map(|s| sd_v + SD_SOC * slope(*s)).collect()
}

/// Slope around a SoC over its median, 1 to 10. What diffusion adds to the voltage follows this slope: the surface of
/// the particles is ahead of their mean by some SoC.
pub(super) fn steepness(voltage_v: &[f64], soc: &[f64]) -> Vec<f64> {
    let knots = knots();
    let slope = |s: f64| {
        let (low, high) = ((s - 0.025).max(0.0), (s + 0.025).min(1.0));
        (interpolate(&knots, voltage_v, high) - interpolate(&knots, voltage_v, low)) / (high - low)
    };
    let mut all: Vec<f64> = (1..20).map(|k| slope(f64::from(k) / 20.0)).collect();
    all.sort_by(f64::total_cmp);
    let median = all[all.len() / 2].max(1e-6);
    soc.iter().map(|s| (slope(*s) / median).clamp(1.0, 10.0)).collect()
}

/// Ends of long rests, with the shape of a like cell between and beyond them.
pub(super) fn from_rests(traces: &[(&Trace, &[f64])], like: &CellSpec) -> Option<FirstOcv> {
    let mut ends: Vec<(f64, f64)> = Vec::new();
    for (trace, soc) in traces {
        let mut since = None;
        for k in 0..trace.rows.len() {
            if !trace.at_rest(k) {
                since = None;
                continue;
            }
            let begin = *since.get_or_insert(trace.rows[k].time_s);
            let over = k + 1 == trace.rows.len() || !trace.at_rest(k + 1);
            if over && trace.rows[k].time_s - begin >= REST_S && trace.rows[k].counted {
                ends.push((soc[k], trace.rows[k].voltage_v));
            }
        }
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Rests close together are one point.
    let mut points: Vec<(f64, f64, f64)> = Vec::new();
    for (s, v) in ends {
        match points.last_mut() {
            Some((at, sum, n)) if s - *at < 0.01 => {
                *sum += v;
                *n += 1.0;
            }
            _ => points.push((s, v, 1.0)),
        }
    }
    if points.len() < 3 {
        return None;
    }
    let shape = |s: f64| interpolate(&like.ocv_soc, &like.ocv_v, s);
    let soc: Vec<f64> = points.iter().map(|p| p.0).collect();
    let off: Vec<f64> = points.iter().map(|p| p.1 / p.2 - shape(p.0)).collect();
    let mut voltage_v: Vec<f64> = knots().iter().map(|s| shape(*s) + interpolate(&soc, &off, *s)).collect();
    rising(&mut voltage_v);
    let told = [soc[0].max(0.0), soc[soc.len() - 1].min(1.0)];
    Some(FirstOcv { voltage_v, half_gap_v: None, sd_v: 0.03, told, from_rests: true })
}

/// Makes a curve rise: from the middle outwards, so that a bad end does not lift the rest.
pub(super) fn rising(v: &mut [f64]) {
    let middle = v.len() / 2;
    for k in middle + 1..v.len() {
        v[k] = v[k].max(v[k - 1] + RISE_V);
    }
    for k in (0..middle).rev() {
        v[k] = v[k].min(v[k + 1] - RISE_V);
    }
}
