//! One duty for one cell: aging along samples of SoC and temperature, in either form of stress.
//!
//! * [`Follower`] streams the samples through an [`AgingState`]: cycles by rainflow, rates followed through the day. It is
//!   what lives are simulated with.
//! * [`WindowCell`] takes a day of samples as one window, as BLAST-Lite 1.1.1 does: depth is highest less lowest SoC, the
//!   rate is the mean over the day with its rests, and `k` of each mechanism is the mean over the samples.
//!
//! Neither allocates once it is made.

use super::law::{Health, Law};
use super::mechanism::{Mechanism, Path, Rate};
use super::state::{AgingState, Capacities, UnitFactors};
use super::stress::CycleStress;
use super::used::UsedUnit;

/// Rates below this count as rest in a window \[1/h\].
const REST_C_RATE: f64 = 1e-2;

/// SoC and cell temperature at equal intervals, whole days, with both ends: `intervals + 1` values.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Interval \[h\].
    pub hours: f64,
    /// SoC, over present capacity.
    pub soc: Vec<f64>,
    /// Temperature \[K\].
    pub temperature_k: Vec<f64>,
}

impl Profile {
    /// Intervals in a day.
    pub fn per_day(&self) -> usize {
        (24.0 / self.hours).round() as usize
    }

    /// Whole days.
    pub fn days(&self) -> usize {
        (self.soc.len().min(self.temperature_k.len()).saturating_sub(1)) / self.per_day().max(1)
    }

    /// Samples of a day, midnights at both ends; days beyond the last start over.
    pub fn day(&self, day: usize) -> Samples<'_> {
        let n = self.per_day();
        let from = day % self.days().max(1) * n;
        self.part(from, from + n)
    }

    /// Samples from one to another, both included.
    pub fn part(&self, from: usize, to: usize) -> Samples<'_> {
        Samples { hours: self.hours, soc: &self.soc[from..=to], temperature_k: &self.temperature_k[from..=to] }
    }
}

/// Samples at equal intervals, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Samples<'a> {
    /// Interval \[h\].
    pub hours: f64,
    /// SoC.
    pub soc: &'a [f64],
    /// Temperature \[K\].
    pub temperature_k: &'a [f64],
}

impl Samples<'_> {
    /// Mean over time of a quantity given at each sample (trapezoids).
    pub fn mean(&self, mut quantity: impl FnMut(usize) -> f64) -> f64 {
        let last = self.soc.len() - 1;
        let inner: f64 = (1..last).map(&mut quantity).sum();
        (inner + 0.5 * (quantity(0) + quantity(last))) / last as f64
    }

    /// Whether the temperature is the same throughout.
    fn isothermal(&self) -> bool {
        self.temperature_k.iter().all(|t| *t == self.temperature_k[0])
    }
}

/// Stress in a window of samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Length \[days\].
    pub days: f64,
    /// Equivalent full cycles on nominal capacity.
    pub efc: f64,
    /// Highest less lowest SoC.
    pub depth: f64,
    /// Lowest SoC.
    pub soc_low: f64,
    /// Highest SoC.
    pub soc_high: f64,
    /// Mean of the samples of SoC.
    pub mean_soc: f64,
    /// Mean of the samples of temperature \[K\].
    pub mean_temperature_k: f64,
    /// Mean rate on nominal capacity, rests included \[1/h\].
    pub c_rate: f64,
    /// Mean rate of charge on nominal capacity while charging \[1/h\].
    pub c_charge: f64,
    /// Mean rate of discharge on nominal capacity while discharging \[1/h\].
    pub c_discharge: f64,
}

impl Window {
    /// Stress of samples on a cell with that capacity over new.
    pub fn of(samples: &Samples<'_>, capacity: f64) -> Window {
        let count = samples.soc.len() as f64;
        let (mut low, mut high, mut path) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
        for &s in samples.soc {
            (low, high) = (low.min(s), high.max(s));
        }
        let (mut either, mut charge, mut discharge) =
            (Trapezoids::default(), Trapezoids::default(), Trapezoids::default());
        for pair in samples.soc.windows(2) {
            let moved = pair[1] - pair[0];
            path += moved.abs();
            let rate = moved / samples.hours;
            let rate = if rate.abs() < REST_C_RATE { 0.0 } else { rate };
            either.push(rate.abs());
            if rate > 0.0 {
                charge.push(rate);
            } else if rate < 0.0 {
                discharge.push(-rate);
            }
        }
        Window {
            days: samples.hours * (count - 1.0) / 24.0,
            efc: 0.5 * path * capacity,
            depth: high - low,
            soc_low: low,
            soc_high: high,
            mean_soc: samples.soc.iter().sum::<f64>() / count,
            mean_temperature_k: samples.temperature_k.iter().sum::<f64>() / count,
            c_rate: either.area() / (count - 1.0) * capacity,
            c_charge: charge.mean() * capacity,
            c_discharge: discharge.mean() * capacity,
        }
    }

    /// The same window on a cell with another capacity, for one that was taken at a capacity of 1.
    #[must_use]
    pub fn at_capacity(&self, capacity: f64) -> Window {
        Window {
            efc: self.efc * capacity,
            c_rate: self.c_rate * capacity,
            c_charge: self.c_charge * capacity,
            c_discharge: self.c_discharge * capacity,
            ..*self
        }
    }

    /// The window as a cycle, at a temperature \[K\].
    pub fn cycle(&self, temperature_k: f64, ocv_rms_v: Option<f64>) -> CycleStress {
        CycleStress {
            depth: self.depth,
            mean_soc: self.mean_soc,
            temperature_k,
            c_rate: self.c_rate,
            c_charge: self.c_charge,
            c_discharge: self.c_discharge,
            ocv_rms_v,
            efc: self.efc,
            count: 1.0,
        }
    }
}

/// Sum of values at equal distances, and the ends of the row.
#[derive(Clone, Copy, Debug, Default)]
struct Trapezoids {
    count: usize,
    sum: f64,
    first: f64,
    last: f64,
}

impl Trapezoids {
    fn push(&mut self, value: f64) {
        if self.count == 0 {
            self.first = value;
        }
        self.count += 1;
        self.sum += value;
        self.last = value;
    }

    /// Area over unit distances.
    fn area(&self) -> f64 {
        if self.count < 2 { 0.0 } else { self.sum - 0.5 * (self.first + self.last) }
    }

    fn mean(&self) -> f64 {
        if self.count < 2 { self.first } else { self.area() / (self.count - 1) as f64 }
    }
}

/// How a law sees a window.
#[derive(Clone, Copy, Debug, Default)]
pub struct WindowRule {
    /// Explicit slopes in place of exact steps.
    pub explicit: bool,
    /// Rates at the means of temperature and SoC, in place of the means of rates.
    pub mean_first: bool,
    /// Open-circuit voltage over SoC \[V\], for laws that ask for its root mean square.
    pub ocv_v: Option<fn(f64) -> f64>,
}

/// Rates of the mechanisms of a law.
pub type Rates = [Rate; Law::MAX_MECHANISMS];

/// Rates of the time-driven mechanisms in a window; they do not depend on the capacity.
pub fn time_rates(law: &Law, samples: &Samples<'_>, rule: &WindowRule) -> Rates {
    let mut rates = [Rate::NONE; Law::MAX_MECHANISMS];
    let window = Window::of(samples, 1.0);
    for (index, rate) in rates.iter_mut().enumerate().take(law.mechanisms.len()) {
        if !law.is_calendar(index) {
            continue;
        }
        let at = |t_k: f64, soc: f64| (law.form.time)(&law.parameters, index, t_k, soc);
        *rate = if rule.mean_first {
            at(window.mean_temperature_k, window.mean_soc)
        } else {
            mean_rate(samples, |i| at(samples.temperature_k[i], samples.soc[i]))
        };
    }
    rates
}

/// Rates of the cycle-driven mechanisms in a window, put beside those of time.
pub fn cycle_rates(law: &Law, samples: &Samples<'_>, window: &Window, rule: &WindowRule, rates: &mut Rates) {
    let isothermal = samples.isothermal();
    let ocv_rms_v = rule.ocv_v.map(|ocv_v| {
        let sum: f64 = samples.soc.iter().map(|&s| ocv_v(s).powi(2)).sum();
        (sum / samples.soc.len() as f64).sqrt()
    });
    for (index, rate) in rates.iter_mut().enumerate().take(law.mechanisms.len()) {
        if law.mechanisms[index].driver.of_cycle(1.0, 1.0).is_none() || law.is_calendar(index) {
            continue;
        }
        let at = |t_k: f64| (law.form.cycle)(&law.parameters, index, &window.cycle(t_k, ocv_rms_v));
        *rate = if window.efc == 0.0 {
            Rate::NONE
        } else if isothermal {
            at(samples.temperature_k[0])
        } else if rule.mean_first {
            at(window.mean_temperature_k)
        } else {
            mean_rate(samples, |i| at(samples.temperature_k[i]))
        };
    }
}

/// Mean over time of `k`, limit and power.
pub fn mean_rate(samples: &Samples<'_>, rate: impl Fn(usize) -> Rate) -> Rate {
    let last = samples.soc.len() - 1;
    let mut sums = [0.0; 3];
    for i in 0..=last {
        let weight = if i == 0 || i == last { 0.5 } else { 1.0 };
        let rate = rate(i);
        sums[0] += weight * rate.k();
        sums[1] += weight * rate.sigmoid[0];
        sums[2] += weight * rate.sigmoid[1];
    }
    let [k, limit, power] = sums.map(|sum| sum / last as f64);
    Rate { sigmoid: [limit, power], ..Rate::of(k) }
}

/// A cell that ages by windows: the state of each mechanism, and what was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WindowCell {
    /// State of each mechanism, see [`super::Shape`].
    pub state: [f64; Law::MAX_MECHANISMS],
    /// Time since the start \[days\].
    pub days: f64,
    /// Equivalent full cycles on nominal capacity.
    pub efc: f64,
}

impl WindowCell {
    /// One window at the given rates.
    pub fn step(&mut self, mechanisms: &[Mechanism], rates: &Rates, window: &Window, explicit: bool) {
        for ((state, mechanism), rate) in self.state.iter_mut().zip(mechanisms).zip(rates) {
            let days = mechanism.driver.days_scale().map(|scale| window.days / scale);
            let Some(dx) = days.or_else(|| mechanism.driver.of_cycle(window.efc, 1.0)) else { continue };
            // The first step is exact in both forms.
            *state = if explicit && *state != 0.0 {
                mechanism.shape.advance_explicit(*state, *rate, dx)
            } else {
                mechanism.shape.advance(*state, *rate, dx)
            };
        }
        self.days += window.days;
        self.efc += window.efc;
    }

    /// Loss by a mechanism.
    pub fn loss(&self, mechanisms: &[Mechanism], index: usize) -> f64 {
        mechanisms[index].shape.loss(self.state[index])
    }

    /// Sets the loss by a mechanism.
    pub fn set_loss(&mut self, mechanisms: &[Mechanism], index: usize, loss: f64) {
        self.state[index] = mechanisms[index].shape.state(loss);
    }

    /// Capacity over that at the start, without a floor: the scarcer of lithium and material, which new cells hold
    /// `lam_reserve` in excess.
    pub fn capacity(&self, mechanisms: &[Mechanism], lam_reserve: f64) -> f64 {
        (1.0 - self.sum(mechanisms, Path::Lli)).min(1.0 + lam_reserve - self.sum(mechanisms, Path::Lam))
    }

    /// Resistance over new by the mechanisms of the law.
    pub fn resistance(&self, mechanisms: &[Mechanism]) -> f64 {
        1.0 + self.sum(mechanisms, Path::Resistance)
    }

    fn sum(&self, mechanisms: &[Mechanism], path: Path) -> f64 {
        let of_path = mechanisms.iter().zip(&self.state).filter(|(m, _)| m.path == path);
        of_path.map(|(m, state)| m.shape.loss(*state)).sum()
    }
}

/// Windows of a profile with their time-driven rates, made once for all repetitions of the profile.
#[derive(Clone, Debug)]
pub struct Windows<'a> {
    profile: &'a Profile,
    rule: WindowRule,
    days: Vec<(Window, Rates)>,
}

impl<'a> Windows<'a> {
    /// Prepares a profile for a law.
    pub fn new(law: &Law, profile: &'a Profile, rule: WindowRule) -> Self {
        let of_day = |day| {
            let samples = profile.day(day);
            (Window::of(&samples, 1.0), time_rates(law, &samples, &rule))
        };
        Windows { profile, rule, days: (0..profile.days()).map(of_day).collect() }
    }

    /// Stress and rates of a day for a cell with that capacity.
    pub fn day(&self, law: &Law, day: usize, capacity: f64) -> (Window, Rates) {
        let (window, mut rates) = self.days[day % self.days.len()];
        let window = window.at_capacity(capacity);
        cycle_rates(law, &self.profile.day(day), &window, &self.rule, &mut rates);
        (window, rates)
    }

    /// Ages a cell by one day.
    pub fn step(&self, law: &Law, day: usize, cell: &mut WindowCell) {
        let capacity = cell.capacity(&law.mechanisms, law.form.lam_reserve);
        let (window, rates) = self.day(law, day, capacity);
        cell.step(&law.mechanisms, &rates, &window, self.rule.explicit);
    }
}

/// Cells that follow the same samples of SoC and temperature: cycles by streaming rainflow.
///
/// Cycles are counted on SoC. Throughput is that of the mean capacity of the cells.
#[derive(Clone, Debug)]
pub struct Follower {
    state: AgingState,
    /// SoC is counted: each cell holds one.
    whole: Vec<f64>,
    /// What a new cell holds, over the mean present capacity.
    nominal: f64,
    temperature_k: Vec<f64>,
    soc: Vec<f64>,
    position: f64,
}

impl Follower {
    /// New cells, or cells at the start of the tests of a law that was measured on used ones.
    pub fn new(law: &Law, factors: UnitFactors) -> Self {
        let cells = factors.cycle.len();
        let zeros = vec![0.0; cells];
        let mut state = AgingState::new(law, factors);
        let start = law.spec.soh_at_start;
        if start < 1.0 {
            let used = UsedUnit { soh: start, resistance: None, cycle_share: 0.5, years: 0.0 };
            (0..cells).for_each(|cell| state.set_used(law, cell, &used));
        }
        Follower {
            state,
            whole: vec![1.0; cells],
            nominal: 1.0 / start,
            temperature_k: zeros.clone(),
            soc: zeros,
            position: 0.0,
        }
    }

    /// Ages by a day of samples.
    pub fn day(&mut self, law: &Law, samples: &Samples<'_>) {
        for (soc, t_k) in samples.soc.windows(2).zip(samples.temperature_k.windows(2)) {
            self.temperature_k.fill(0.5 * (t_k[0] + t_k[1]));
            self.soc.fill(0.5 * (soc[0] + soc[1]));
            self.state.rest(law, &self.temperature_k, &self.soc, samples.hours);
            self.soc.fill(soc[1]);
            let moved = soc[0] - soc[1];
            if moved != 0.0 {
                // The position is the SoC itself, so that equal cycles stay equal.
                self.position = -soc[1];
                let (t_k, soc) = (&self.temperature_k, &self.soc);
                self.state.pass(t_k, moved, self.position, samples.hours, soc, &self.whole);
            }
        }
        let capacity = Capacities::series(self.nominal, &self.whole);
        self.state.end_day(law, &capacity, &self.soc, self.position);
        self.take_capacity(law);
    }

    /// Ends the duty: cycles still open are booked as halves.
    pub fn close(&mut self, law: &Law) {
        let capacity = Capacities::series(self.nominal, &self.whole);
        self.state.close(law, &capacity, &self.soc, self.position, &self.temperature_k);
        self.take_capacity(law);
    }

    fn take_capacity(&mut self, law: &Law) {
        let cells = self.whole.len();
        let sum: f64 = (0..cells).map(|cell| self.state.health(law, cell).capacity).sum();
        self.nominal = cells as f64 / sum;
    }

    /// State of health of a cell.
    pub fn health(&self, law: &Law, cell: usize) -> Health {
        self.state.health(law, cell)
    }
}

#[cfg(test)]
mod tests;
