//! Homes from what stands in them: appliance by appliance, minute by minute.
//!
//! On a day when a kind of appliance is used, its minutes of use are laid into its windows in runs: a run begins at a
//! random free minute, lasts a random time from `run_minutes` to what is left, ends early at the end of its window or
//! where the next run begins, and has between one and all of the units on, each number equally likely. Where the hours
//! fill the windows there is one run over all of them. An appliance with a cycle (a refrigerator) draws its power only
//! for `cycle_on_minutes` of each `cycle_on_minutes + cycle_off_minutes` inside its runs. Homes are independent.
//!
//! The mean energy of a day is `sum(owner_share day_share month power hours (count + 1) / 2 on / (on + off))`.
//!
//! Scheme of runs in windows: after Lombardi et al. 2019, *Generating high-resolution multi-energy load profiles for
//! remote areas with an open-source stochastic model*, doi 10.1016/j.energy.2019.04.097 (RAMP); how many units are on
//! together is a rule of our own.

use super::{ApplianceSpec, AppliancesSpec, Level, LoadError, value};
use crate::numeric::calendar::month_of_day;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

const DAY_MINUTES: usize = 1440;

#[derive(Clone, Debug)]
pub(super) struct Appliances {
    kinds: Vec<Kind>,
    /// Kinds that each home owns, with the phase of their cycle \[min\].
    owned: Vec<Vec<(usize, u64)>>,
    /// Minute of the simulation at which the next day begins, for cycles that run over midnight.
    minute: u64,
    kw: Vec<f64>,
    busy: Vec<bool>,
}

#[derive(Clone, Debug)]
struct Kind {
    count: u32,
    power_kw: f64,
    minutes: f64,
    run: usize,
    /// First minute and the one after the last, rising.
    windows: Vec<[usize; 2]>,
    window_minutes: usize,
    day_share: f64,
    month: [f64; 12],
    level: Level,
    /// Minutes on, and of the whole cycle.
    cycle: Option<[u64; 2]>,
}

impl AppliancesSpec {
    /// Mean energy of a day in a month (0..12) of one home \[kWH\], in closed form.
    pub fn mean_day_kwh(&self, month: usize) -> f64 {
        let of = |a: &ApplianceSpec| {
            let season = a.month_factors.as_ref().and_then(|f| f.get(month)).copied().unwrap_or(1.0);
            let cycle = match (a.cycle_on_minutes, a.cycle_off_minutes) {
                (Some(on), Some(off)) => f64::from(on) / f64::from(on + off),
                _ => 1.0,
            };
            let units = 0.5 * (f64::from(a.count) + 1.0);
            1e-3 * a.power_w * units * a.hours * season * a.owner_share * a.day_share * cycle
        };
        self.kinds.values().map(of).sum()
    }

    /// Sum of the powers of all that one home can have \[kW\].
    pub fn nameplate_kw(&self) -> f64 {
        self.kinds.values().map(|a| 1e-3 * f64::from(a.count) * a.power_w).sum()
    }
}

fn kind(spec: &ApplianceSpec) -> Result<Kind, LoadError> {
    value("count", f64::from(spec.count), spec.count > 0)?;
    value("power_w", spec.power_w, spec.power_w >= 0.0 && spec.power_w.is_finite())?;
    value("owner_share", spec.owner_share, (0.0..=1.0).contains(&spec.owner_share))?;
    value("day_share", spec.day_share, (0.0..=1.0).contains(&spec.day_share))?;
    value("run_minutes", f64::from(spec.run_minutes), (1..=1440).contains(&spec.run_minutes))?;
    value("hours_ln_sd", spec.hours_ln_sd, (0.0..=5.0).contains(&spec.hours_ln_sd))?;
    let mut windows = Vec::with_capacity(spec.windows_hours.len());
    let mut last = 0;
    for &[from, to] in &spec.windows_hours {
        let minute = |h: f64| (60.0 * h).round() as usize;
        value("windows_hours", from, (0.0..=24.0).contains(&from) && minute(from) >= last)?;
        value("windows_hours", to, to > from && to <= 24.0 && minute(to) > minute(from))?;
        last = minute(to);
        windows.push([minute(from), minute(to)]);
    }
    let window_minutes = windows.iter().map(|[from, to]| to - from).sum();
    let mut month = [1.0; 12];
    if let Some(factors) = &spec.month_factors {
        if factors.len() != 12 {
            return Err(LoadError::Length { field: "month_factors", found: factors.len(), needed: 12 });
        }
        for (m, &factor) in month.iter_mut().zip(factors) {
            value("month_factors", factor, factor >= 0.0 && factor.is_finite())?;
            *m = factor;
        }
    }
    let most = month.iter().copied().fold(0.0, f64::max);
    value("hours", spec.hours, spec.hours >= 0.0 && 60.0 * spec.hours * most <= window_minutes as f64 + 1e-6)?;
    let cycle = match (spec.cycle_on_minutes, spec.cycle_off_minutes) {
        (Some(on), Some(off)) => {
            value("cycle_on_minutes", f64::from(on), on > 0)?;
            Some([u64::from(on), u64::from(on) + u64::from(off)])
        }
        (None, None) => None,
        (on, off) => {
            let (field, value) = match on {
                Some(on) => ("cycle_on_minutes", f64::from(on)),
                None => ("cycle_off_minutes", off.map_or(0.0, f64::from)),
            };
            return Err(LoadError::Value { field, value });
        }
    };
    Ok(Kind {
        count: spec.count,
        power_kw: 1e-3 * spec.power_w,
        minutes: 60.0 * spec.hours,
        run: spec.run_minutes as usize,
        windows,
        window_minutes,
        day_share: spec.day_share,
        month,
        level: Level(spec.hours_ln_sd),
        cycle,
    })
}

impl Appliances {
    pub(super) fn new(spec: &AppliancesSpec, rng: &mut ChaCha8Rng) -> Result<Self, LoadError> {
        value("homes", f64::from(spec.homes), (1..=100_000).contains(&spec.homes))?;
        let kinds = spec.kinds.values().map(kind).collect::<Result<Vec<_>, _>>()?;
        let owned = (0..spec.homes)
            .map(|_| {
                let mut home = Vec::new();
                for (k, (kind, spec)) in kinds.iter().zip(spec.kinds.values()).enumerate() {
                    // Both drawn for every kind, so that a home keeps its draws when a share changes.
                    let (owns, phase) = (rng.random::<f64>() < spec.owner_share, rng.random::<f64>());
                    if owns {
                        home.push((k, (phase * kind.cycle.map_or(1, |[_, whole]| whole) as f64) as u64));
                    }
                }
                home
            })
            .collect();
        Ok(Appliances { kinds, owned, minute: 0, kw: vec![0.0; DAY_MINUTES], busy: vec![false; DAY_MINUTES] })
    }

    pub(super) fn next_day(&mut self, day: usize, steps_per_hour: usize, rng: &mut ChaCha8Rng, kw: &mut [f64]) {
        let month = month_of_day(day);
        self.kw.fill(0.0);
        for home in &self.owned {
            for &(k, phase) in home {
                let paint = Paint { kw: &mut self.kw, busy: &mut self.busy, clock: self.minute + phase };
                use_for_a_day(&self.kinds[k], month, rng, paint);
            }
        }
        self.minute += DAY_MINUTES as u64;
        let minutes = 60 / steps_per_hour;
        for (step, part) in kw.iter_mut().zip(self.kw.chunks_exact(minutes)) {
            *step = part.iter().sum::<f64>() / minutes as f64;
        }
    }
}

/// The minutes of a day that an appliance writes to.
struct Paint<'a> {
    kw: &'a mut [f64],
    busy: &'a mut [bool],
    /// Minute of the appliance's own clock at midnight.
    clock: u64,
}

impl Paint<'_> {
    fn add(&mut self, kind: &Kind, minute: usize, units: f64) {
        let on = kind.cycle.is_none_or(|[on, whole]| (self.clock + minute as u64) % whole < on);
        if on {
            self.kw[minute] += kind.power_kw * units;
        }
    }
}

fn use_for_a_day(kind: &Kind, month: usize, rng: &mut ChaCha8Rng, mut paint: Paint<'_>) {
    if kind.day_share < 1.0 && rng.random::<f64>() >= kind.day_share {
        return;
    }
    let mut wanted = kind.minutes * kind.month[month];
    if kind.level.0 > 0.0 {
        wanted *= kind.level.draw(rng);
    }
    // Up or down to whole minutes, right in the mean.
    let mut left = (wanted.min(kind.window_minutes as f64) + rng.random::<f64>()) as usize;
    let units = |rng: &mut ChaCha8Rng| {
        if kind.count > 1 { 1.0 + (rng.random::<f64>() * f64::from(kind.count)).floor() } else { 1.0 }
    };
    if left >= kind.window_minutes {
        let on = units(rng);
        for &[from, to] in &kind.windows {
            (from..to).for_each(|minute| paint.add(kind, minute, on));
        }
        return;
    }
    for &[from, to] in &kind.windows {
        paint.busy[from..to].fill(false);
    }
    let mut free = kind.window_minutes;
    while left > 0 {
        let long = left.saturating_sub(kind.run);
        let length = if long == 0 { left } else { kind.run + (rng.random::<f64>() * (long + 1) as f64) as usize };
        let on = units(rng);
        let mut skip = (rng.random::<f64>() * free as f64) as usize;
        'windows: for &[from, to] in &kind.windows {
            for minute in from..to {
                if paint.busy[minute] {
                    continue;
                }
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let end = to.min(minute + length.min(left));
                let mut at = minute;
                while at < end && !paint.busy[at] {
                    paint.busy[at] = true;
                    paint.add(kind, at, on);
                    at += 1;
                }
                left -= at - minute;
                free -= at - minute;
                break 'windows;
            }
        }
    }
}
