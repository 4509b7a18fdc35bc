//! Rates by the time of day that make outages of a given law meet a daily profile.
//!
//! The day is cut into bins of five minutes, centred on the full hours so that a step of the profile falls into the middle
//! of one. With `c_j` the outages that began `j` bins ago and `S` the share of the law's times that last longer, those
//! still out at the end of a bin would be `sum(c_j S_j)`. Where the profile asks for more, the difference fails anew in the
//! bin, at a rate per hour with supply. Where it asks for less, all that are out end early with one probability. Day
//! after day this settles to one cycle, in which every bin ends at its target.

use super::{GridError, Law};

/// Bins of a day.
const BINS: usize = 288;
/// Length of a bin \[h\].
const BIN_H: f64 = 24.0 / BINS as f64;
/// Oldest outages followed \[bins\]: two weeks.
const AGES: usize = 14 * BINS;
/// Share of outages that may be older.
const OLDER: f64 = 0.01;
/// Share below which a cohort is no longer followed.
const FORGOTTEN: f64 = 1e-5;
/// Days until it must have settled.
const DAYS_MAX: usize = 60;
/// Highest rate: a state ends within seconds.
const RATE_MAX: f64 = 1000.0;

#[derive(Clone, Debug)]
pub(super) struct Rhythm {
    /// Failures per hour with supply, by bin.
    fail_per_h: [f64; BINS],
    /// Early ends per hour of outage, by bin.
    end_per_h: [f64; BINS],
}

impl Rhythm {
    pub(super) fn new(availability: &[f64], outage_h: Option<f64>, down: Law) -> Result<Self, GridError> {
        if availability.len() != 24 {
            return Err(GridError::Length { found: availability.len() });
        }
        if let Some(&value) = availability.iter().find(|a| !(0.0..=1.0).contains(*a)) {
            return Err(GridError::Value { field: "availability", value });
        }
        let older = down.survival(AGES as f64 * BIN_H);
        if older > OLDER {
            return Err(GridError::TooLong { share: older, hours: AGES as f64 * BIN_H });
        }
        let mut out = [0.0; 24];
        out.iter_mut().zip(availability).for_each(|(o, a)| *o = 1.0 - a);
        scale(&mut out, outage_h);
        // Outages begin evenly inside a bin: half a bin old at its end.
        let survival: Vec<f64> =
            (0..AGES).map(|j| down.survival((j as f64 + 0.5) * BIN_H)).take_while(|share| *share > FORGOTTEN).collect();
        Ok(settle(&out, &survival))
    }

    fn rate(&self, is_up: bool, bin: usize) -> f64 {
        if is_up { self.fail_per_h[bin] } else { self.end_per_h[bin] }
    }

    /// Runs the rate of a state from one time of the day to another \[h\]; the time at which it ends the state, if it does.
    pub(super) fn run(&self, is_up: bool, from_h: f64, to_h: f64, left: &mut f64) -> Option<f64> {
        let mut at = from_h;
        let mut bin = (from_h / BIN_H + 0.5) as usize;
        while at < to_h {
            let edge = ((bin as f64 + 0.5) * BIN_H).min(to_h);
            let rate = self.rate(is_up, bin % BINS);
            let span = (edge - at).max(0.0);
            if rate * span >= *left {
                return Some(at + *left / rate);
            }
            *left -= rate * span;
            at = edge;
            bin += 1;
        }
        None
    }
}

/// Scales the outages of the hours to a sum, none above one.
fn scale(out: &mut [f64; 24], outage_h: Option<f64>) {
    let Some(wanted) = outage_h else { return };
    // Hours that reach one leave the rest to the others.
    for _ in 0..24 {
        let full = out.iter().filter(|o| **o >= 1.0).count() as f64;
        let rest: f64 = out.iter().filter(|o| **o < 1.0).sum();
        if rest <= 0.0 {
            break;
        }
        let factor = (wanted - full).max(0.0) / rest;
        out.iter_mut().filter(|o| **o < 1.0).for_each(|o| *o = (*o * factor).min(1.0));
        if (out.iter().sum::<f64>() - wanted).abs() < 1e-9 {
            break;
        }
    }
}

/// Mean of a level that changes from one value to another at a constant relative rate.
fn log_mean(a: f64, b: f64) -> f64 {
    let (a, b) = (a.max(1e-9), b.max(1e-9));
    if (a / b - 1.0).abs() < 1e-6 { 0.5 * (a + b) } else { (a - b) / (a / b).ln() }
}

fn settle(out: &[f64; 24], survival: &[f64]) -> Rhythm {
    let ages = survival.len().max(1);
    let first = survival.first().copied().unwrap_or(1.0).max(FORGOTTEN);
    // A ring: the cohort that began in the present bin is at `head`.
    let mut cohorts = vec![0.0; ages];
    let mut head = 0;
    let mut rhythm = Rhythm { fail_per_h: [0.0; BINS], end_per_h: [0.0; BINS] };
    for day in 0..DAYS_MAX {
        let before = rhythm.clone();
        for bin in 0..BINS {
            // The bin ends in the hour whose target it takes.
            let target = out[bin / (BINS / 24)];
            let previous = out[(bin + BINS - 1) % BINS / (BINS / 24)];
            head = (head + ages - 1) % ages;
            cohorts[head] = 0.0;
            let (new, old) = cohorts.split_at(head);
            // `old` begins with the youngest.
            let still: f64 = old.iter().chain(new).zip(survival).map(|(c, s)| c * s).sum();
            let (mut fail, mut end) = (0.0, 0.0);
            if still <= target {
                let began = (target - still) / first;
                cohorts[head] = began;
                let up = log_mean(1.0 - previous, 1.0 - target);
                fail = if began > 0.0 { (began / (BIN_H * up)).min(RATE_MAX) } else { 0.0 };
            } else {
                let kept = target / still;
                cohorts.iter_mut().for_each(|c| *c *= kept);
                end = (-kept.max(1e-300).ln() / BIN_H).min(RATE_MAX);
            }
            (rhythm.fail_per_h[bin], rhythm.end_per_h[bin]) = (fail, end);
        }
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-4 * (1.0 + a.abs()));
        if day > 1 && close(&rhythm.fail_per_h, &before.fail_per_h) && close(&rhythm.end_per_h, &before.end_per_h) {
            break;
        }
    }
    rhythm
}
