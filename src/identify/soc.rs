//! State of charge by counting, and the slow legs of a trace.

use super::error::IdentifyError;
use super::trace::{REST_SHARE, Trace};

/// Voltage below the highest at which a cell still counts as full \[V\].
const FULL_WITHIN_V: f64 = 0.025;
/// C rate below which a charge at the highest voltage has tapered.
const TAPER_C: f64 = 0.15;
/// Least drop at a step for which resistance of the leads is looked for \[V\].
const LEADS_V: f64 = 0.02;
/// Longest gap between the two rows of a step \[s\].
const STEP_GAP_S: f64 = 60.0;
/// How far the steps at both ends of a leg may differ when the drop is taken as one of leads.
const STEPS_AGREE: f64 = 0.3;

/// Charge taken out since the first row \[Ah\].
pub(super) fn taken_ah(trace: &Trace) -> Vec<f64> {
    let mut sum = 0.0;
    (0..trace.rows.len())
        .map(|k| {
            if k > 0 {
                sum += trace.current_since(k) * (trace.rows[k].time_s - trace.rows[k - 1].time_s) / 3600.0;
            }
            sum
        })
        .collect()
}

/// The row at which the cell is full for the first time, if it ever is: the end of the charge that reaches the top.
pub(super) fn full_row(trace: &Trace, voltage_max_v: f64) -> Option<usize> {
    let taken = taken_ah(trace);
    let least = REST_SHARE * trace.current_max();
    let calm = |k: &usize| trace.rows[*k].current_a <= least;
    let first = (0..taken.len()).filter(calm).find(|k| trace.rows[*k].voltage_v >= voltage_max_v - FULL_WITHIN_V)?;
    let stay = (first..taken.len()).take_while(calm);
    stay.reduce(|best, k| if taken[k] < taken[best] - 1e-9 { k } else { best })
}

/// SoC at each row, counted anew from each end of a full charge, and anchored at what is known: the file's own, the given start, a full cell, or the rest at the start.
pub(super) fn count(
    trace: &Trace,
    capacity_ah: f64,
    voltage_max_v: f64,
    start: Option<f64>,
    at_rest: Option<&dyn Fn(f64) -> f64>,
) -> Result<Vec<f64>, IdentifyError> {
    let taken = taken_ah(trace);
    let own = trace.rows.iter().enumerate().find_map(|(k, r)| r.soc.map(|s| (k, s)));
    let first_rest = || at_rest.filter(|_| trace.at_rest(0)).map(|f| (0, f(trace.rows[0].voltage_v)));
    let anchor =
        own.or(start.map(|s| (0, s))).or_else(|| full_row(trace, voltage_max_v).map(|k| (k, 1.0))).or_else(first_rest);
    let (row, soc) = anchor.ok_or_else(|| IdentifyError::NoAnchor(trace.name.clone()))?;
    let from = |(row, soc): (usize, f64), k: usize| soc - (taken[k] - taken[row]) / capacity_ah;
    let mut soc_at: Vec<f64> = (0..taken.len()).map(|k| from((row, soc), k)).collect();
    // A charge that tapers at the top ends full: what the log missed before is not carried on.
    let tapers = |k: usize| {
        let r = &trace.rows[k];
        let taper = -TAPER_C * capacity_ah..-REST_SHARE * trace.current_max();
        taper.contains(&r.current_a) && r.voltage_v >= voltage_max_v - FULL_WITHIN_V
    };
    let mut last = (row, soc);
    for (k, soc) in soc_at.iter_mut().enumerate().skip(row + 1) {
        if tapers(k - 1) && !tapers(k) && trace.at_rest(k) {
            last = (k - 1, 1.0);
        }
        *soc = from(last, k);
    }
    Ok(soc_at)
}

/// A slow discharge or charge from one end to the other.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub(super) dt_s: Vec<f64>,
    pub(super) current_a: Vec<f64>,
    pub(super) voltage_v: Vec<f64>,
    pub(super) soc: Vec<f64>,
    pub(super) charge_ah: f64,
    pub(super) discharge: bool,
    /// Resistance taken out of the voltage \[Ohm\], where steps show much more than that of a cell.
    pub(super) leads_ohm: Option<f64>,
}

/// The longest discharge and the longest charge in the counted part, those that cross most of the voltage.
pub(super) fn legs(trace: &Trace) -> Result<Vec<Leg>, IdentifyError> {
    let rows = &trace.rows;
    let counted = || rows.iter().filter(|r| r.counted).map(|r| r.voltage_v);
    let width = counted().fold(f64::MIN, f64::max) - counted().fold(f64::MAX, f64::min);
    let mut best: [Option<(f64, usize, usize)>; 2] = [None, None];
    let mut k = 0;
    while k < rows.len() {
        if trace.at_rest(k) || !rows[k].counted {
            k += 1;
            continue;
        }
        let way = rows[k].current_a > 0.0;
        let end = (k..rows.len())
            .find(|&e| trace.at_rest(e) || !rows[e].counted || (rows[e].current_a > 0.0) != way)
            .unwrap_or(rows.len());
        let charge: f64 =
            (k + 1..end).map(|e| (trace.current_since(e) * (rows[e].time_s - rows[e - 1].time_s)).abs() / 3600.0).sum();
        let crossed = (rows[end - 1].voltage_v - rows[k].voltage_v).abs();
        let slot = &mut best[usize::from(!way)];
        let lasts = |from: usize, to: usize| rows[to - 1].time_s - rows[from].time_s;
        let longer = slot.is_none_or(|(_, from, to)| lasts(k, end) > lasts(from, to));
        if crossed > 0.6 * width && end - k > 10 && longer {
            *slot = Some((charge, k, end));
        }
        k = end;
    }
    let found = || best.iter().flatten();
    let both = found().find_map(|(_, from, to)| leads(trace, *from, *to));
    let legs: Vec<Leg> = found()
        .map(|(charge, from, to)| {
            // A charge that tapers ends with a small step: its first step must do.
            let begins_so = |ohm: &f64| agree(step(trace, from.saturating_sub(1), *from), *ohm);
            leg(trace, *charge, *from, *to, leads(trace, *from, *to).or(both.filter(begins_so)))
        })
        .collect();
    if legs.is_empty() { Err(IdentifyError::NoSlowLeg(trace.name.clone())) } else { Ok(legs) }
}

fn leg(trace: &Trace, charge_ah: f64, from: usize, to: usize, leads_ohm: Option<f64>) -> Leg {
    let rows = &trace.rows;
    let discharge = rows[from].current_a > 0.0;
    let drop = leads_ohm.unwrap_or(0.0);
    let mut leg = Leg {
        dt_s: Vec::new(),
        current_a: Vec::new(),
        voltage_v: Vec::new(),
        soc: Vec::new(),
        charge_ah,
        discharge,
        leads_ohm,
    };
    let mut passed = 0.0;
    for k in from..to {
        let dt = if k == 0 { 0.0 } else { rows[k].time_s - rows[k - 1].time_s };
        passed += if k == from { 0.0 } else { (trace.current_since(k) * dt).abs() / 3600.0 };
        let share = (passed / charge_ah).min(1.0);
        leg.dt_s.push(dt);
        leg.current_a.push(rows[k].current_a);
        leg.voltage_v.push(rows[k].voltage_v + drop * rows[k].current_a);
        leg.soc.push(if discharge { 1.0 - share } else { share });
    }
    leg
}

/// Resistance of a step, where its drop is large and its rows are near.
fn step(trace: &Trace, from: usize, to: usize) -> Option<f64> {
    let (a, b) = (trace.rows.get(from)?, trace.rows.get(to)?);
    let (di, dv) = (b.current_a - a.current_a, b.voltage_v - a.voltage_v);
    (b.time_s - a.time_s <= STEP_GAP_S && dv.abs() > LEADS_V).then_some(-dv / di)
}

fn agree(step: Option<f64>, ohm: f64) -> bool {
    step.is_some_and(|r| (r - ohm).abs() < STEPS_AGREE * ohm)
}

/// Resistance that steps at both ends of a leg agree on, where it makes a drop worth taking out.
fn leads(trace: &Trace, from: usize, to: usize) -> Option<f64> {
    let (first, last) = (step(trace, from.checked_sub(1)?, from)?, step(trace, to - 1, to)?);
    let mean = 0.5 * (first + last);
    (mean > 0.0 && agree(Some(first), mean)).then_some(mean)
}

impl Leg {
    /// A leg whose leads ended it early is placed by its charge, from or to the full cell.
    pub(super) fn placed(&mut self, capacity_ah: f64) {
        if self.leads_ohm.is_none() {
            return;
        }
        let part = self.charge_ah / capacity_ah;
        self.soc.iter_mut().for_each(|s| *s = 1.0 - part * (1.0 - *s));
    }
}
