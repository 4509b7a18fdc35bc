//! The aging of a batch of units: columns that are carried from the factory to the recycler and never reset.

use super::dwell::Dwelling;
use super::form::Batch;
use super::knee::{KneeKind, KneeState};
use super::law::{Health, Law, Stress};
use super::mechanism::{Driver, Path, Shape};
use super::regain::Reversible;
use super::stress::CycleStress;
use crate::cell::ZERO_CELSIUS_K;
use crate::numeric::rainflow::{Cycle, Rainflow};

/// Rate booked for cycles that a duty leaves open when its last day had no current \[1/h\] (assumed).
const CLOSING_C_RATE: f64 = 0.1;
pub(super) const DAYS_PER_YEAR: f64 = 365.25;

/// How units differ in the way they age.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitFactors {
    /// Factor on every calendar loss.
    pub calendar: Vec<f64>,
    /// Factor on every cycle loss.
    pub cycle: Vec<f64>,
    /// Factor on every gain of resistance, beside the factor on the losses.
    pub resistance: Vec<f64>,
    /// Standard normal draw that places the unit's knee.
    pub knee: Vec<f64>,
}

impl UnitFactors {
    /// Units that age as the law says.
    pub fn equal(units: usize) -> Self {
        let ones = vec![1.0; units];
        UnitFactors { calendar: ones.clone(), cycle: ones.clone(), resistance: ones, knee: vec![0.0; units] }
    }

    /// Units whose losses all have the same factor.
    pub fn of_loss(factor: Vec<f64>) -> Self {
        let units = factor.len();
        UnitFactors { calendar: factor.clone(), cycle: factor, resistance: vec![1.0; units], knee: vec![0.0; units] }
    }

    fn pick(&self, units: &[usize]) -> Self {
        UnitFactors {
            calendar: pick(&self.calendar, units),
            cycle: pick(&self.cycle, units),
            resistance: pick(&self.resistance, units),
            knee: pick(&self.knee, units),
        }
    }
}

/// Capacities of units, for what a charge does to them.
#[derive(Clone, Copy, Debug)]
pub struct Capacities<'a> {
    /// Nominal when new \[Ah\].
    pub nominal_ah: f64,
    /// Present, of each unit \[Ah\].
    pub own_ah: &'a [f64],
    /// What the charge of the string swings the unit by: its own capacity, or the mean of cells in parallel, which share
    /// one SoC swing \[Ah\].
    pub swing_ah: &'a [f64],
}

impl<'a> Capacities<'a> {
    /// Units in series: each is swung by its own capacity.
    pub fn series(nominal_ah: f64, own_ah: &'a [f64]) -> Self {
        Capacities { nominal_ah, own_ah, swing_ah: own_ah }
    }
}

/// Aging of units that carry the same current (the modules of a series string), or share it by their capacities (cells
/// in parallel).
///
/// The string's charge signal is counted once; each unit sees a cycle through its own capacity.
#[derive(Clone, Debug)]
pub struct AgingState {
    /// Accumulated state of each mechanism: `state[mechanism][unit]`, see [`super::Shape`].
    pub state: Vec<Vec<f64>>,
    /// How the units differ.
    pub factors: UnitFactors,
    /// Loss of capacity that the law does not know of, over new.
    pub(super) lost_before: Vec<f64>,
    /// Gain of resistance that the law does not know of, over new.
    pub(super) gained_before: Vec<f64>,
    pub(super) reversible: Reversible,
    pub(super) knee: KneeState,
    /// Days since new, by unit.
    pub(super) age_days: Vec<f64>,
    flow: Rainflow,
    pending: Vec<Cycle>,
    day: DayStress,
    /// Calendar stress of short steps, not yet taken.
    pub(super) dwelling: Dwelling,
    outside: Outside,
}

/// Stress collected since the last daily update.
#[derive(Clone, Debug, Default)]
struct DayStress {
    /// Time that passed \[days\].
    days: f64,
    /// Charge drawn and charge stored \[Ah\].
    discharge_ah: f64,
    charge_ah: f64,
    /// Time with either \[h\].
    discharge_h: f64,
    charge_h: f64,
    /// Integral of temperature over charge passed \[K Ah\], by unit.
    temperature_ah: Vec<f64>,
    /// `k x days` of the calendar mechanisms; only for the daily window.
    sums: Vec<Vec<f64>>,
    /// Lowest and highest SoC, and integral of SoC over days; only for the daily window.
    low: Vec<f64>,
    high: Vec<f64>,
    soc_days: Vec<f64>,
}

impl DayStress {
    fn new(law: &Law, units: usize) -> Self {
        let window = if law.options.stress == Stress::DailyWindow { units } else { 0 };
        DayStress {
            temperature_ah: vec![0.0; units],
            sums: vec![vec![0.0; window]; law.mechanisms.len()],
            low: vec![f64::INFINITY; window],
            high: vec![f64::NEG_INFINITY; window],
            soc_days: vec![0.0; window],
            ..DayStress::default()
        }
    }

    fn throughput_ah(&self) -> f64 {
        self.discharge_ah + self.charge_ah
    }

    fn clear(&mut self) {
        self.days = 0.0;
        (self.discharge_ah, self.charge_ah, self.discharge_h, self.charge_h) = (0.0, 0.0, 0.0, 0.0);
        self.temperature_ah.fill(0.0);
        self.sums.iter_mut().for_each(|sum| sum.fill(0.0));
        self.low.fill(f64::INFINITY);
        self.high.fill(f64::NEG_INFINITY);
        self.soc_days.fill(0.0);
    }
}

/// Time and charge spent outside the law's fitted range, summed over units.
#[derive(Clone, Copy, Debug, Default)]
struct Outside {
    time: f64,
    time_all: f64,
    throughput: f64,
    throughput_all: f64,
    beyond: f64,
}

/// Shares spent where a law was not fitted, 0..=1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OutsideShares {
    /// Of the time, by temperature and SoC.
    pub time: f64,
    /// Of the charge throughput, by temperature, depth and rates.
    pub throughput: f64,
    /// Of the time, past the longest test or the largest loss of the tests.
    pub beyond_test: f64,
}

pub(super) fn pick(column: &[f64], units: &[usize]) -> Vec<f64> {
    units.iter().map(|&u| column[u]).collect()
}

impl AgingState {
    /// New units.
    pub fn new(law: &Law, factors: UnitFactors) -> Self {
        let units = factors.cycle.len();
        AgingState {
            state: vec![vec![0.0; units]; law.mechanisms.len()],
            lost_before: vec![0.0; units],
            gained_before: vec![0.0; units],
            reversible: Reversible { held: vec![0.0; units], returned: vec![0.0; units] },
            knee: law.options.knee.map(|knee| KneeState::new(&knee, &factors.knee)).unwrap_or_default(),
            age_days: vec![0.0; units],
            factors,
            flow: Rainflow::new(),
            pending: Vec::with_capacity(16),
            day: DayStress::new(law, units),
            dwelling: Dwelling::default(),
            outside: Outside::default(),
        }
    }

    /// Takes the given units out into a new batch; their losses go along whole.
    ///
    /// Call [`AgingState::close`] before, so that no open cycle is left behind.
    pub fn select(&self, law: &Law, units: &[usize]) -> Self {
        AgingState {
            state: self.state.iter().map(|column| pick(column, units)).collect(),
            factors: self.factors.pick(units),
            lost_before: pick(&self.lost_before, units),
            gained_before: pick(&self.gained_before, units),
            reversible: Reversible {
                held: pick(&self.reversible.held, units),
                returned: pick(&self.reversible.returned, units),
            },
            knee: self.knee.pick(units),
            age_days: pick(&self.age_days, units),
            flow: Rainflow::new(),
            pending: Vec::with_capacity(16),
            day: DayStress::new(law, units.len()),
            dwelling: self.dwelling.pick(units),
            outside: Outside::default(),
        }
    }

    /// Time goes by: mean temperature \[K\] and mean SoC of each unit over `hours`.
    ///
    /// It is taken at once; [`AgingState::dwell`] collects short steps first.
    pub fn rest(&mut self, law: &Law, t_k: &[f64], soc: &[f64], hours: f64) {
        let batch = Batch { t_k, soc, days: hours / 24.0 };
        self.age_days.iter_mut().for_each(|age| *age += batch.days);
        self.day.days += batch.days;
        let window = law.options.stress == Stress::DailyWindow;
        for (index, mechanism) in law.mechanisms.iter().enumerate() {
            if mechanism.driver.days_scale().is_none() {
                continue;
            }
            if window && mechanism.shape != Shape::StressedSigmoid {
                (law.form.time_sum)(law, index, &batch, &mut self.day.sums[index]);
            } else {
                (law.form.time_batch)(law, index, &batch, &mut self.state[index]);
            }
        }
        if window {
            for (unit, &s) in soc.iter().enumerate() {
                self.day.soc_days[unit] += s * batch.days;
            }
        }
        let range = &law.spec.range;
        let [cold, hot] = range.temperature_c.map(|t| t + ZERO_CELSIUS_K);
        let [low, high] = [range.soc[0] - 1e-9, range.soc[1] + 1e-9];
        let out = t_k.iter().zip(soc).filter(|&(&t, &s)| t < cold || t > hot || s < low || s > high).count();
        self.outside.time += out as f64 * hours;
        self.outside.time_all += t_k.len() as f64 * hours;
    }

    /// Charge passes: `charge_ah` is discharge positive, `position_ah` the sum of it since new, this charge included;
    /// `soc` at the end of it, `capacity_ah` now.
    pub fn pass(
        &mut self,
        t_k: &[f64],
        charge_ah: f64,
        position_ah: f64,
        hours: f64,
        soc: &[f64],
        capacity_ah: &[f64],
    ) {
        let moved = charge_ah.abs();
        self.flow.begin(position_ah - charge_ah);
        if charge_ah > 0.0 {
            self.day.discharge_ah += moved;
            self.day.discharge_h += hours;
        } else {
            self.day.charge_ah += moved;
            self.day.charge_h += hours;
        }
        for (sum, t) in self.day.temperature_ah.iter_mut().zip(t_k) {
            *sum += t * moved;
        }
        for (unit, (low, high)) in self.day.low.iter_mut().zip(&mut self.day.high).enumerate() {
            let before = soc[unit] + charge_ah / capacity_ah[unit];
            *low = low.min(soc[unit]).min(before);
            *high = high.max(soc[unit]).max(before);
        }
        self.flow.push(position_ah, &mut self.pending);
    }

    /// Books the cycles that closed, with the day's temperature and rates. `position_ah` as in [`AgingState::pass`].
    pub fn end_day(&mut self, law: &Law, capacity: &Capacities<'_>, soc: &[f64], position_ah: f64) {
        self.take_dwelling(law);
        match law.options.stress {
            Stress::Rainflow if self.day.throughput_ah() > 0.0 => {
                self.book(law, capacity, soc, position_ah);
            }
            Stress::Rainflow => {}
            Stress::DailyWindow => self.book_window(law, capacity),
        }
        let current_a = self.day_currents()[1];
        for (unit, swing) in capacity.swing_ah.iter().enumerate() {
            self.relax(law, unit, current_a / swing, self.day.days);
        }
        let range = &law.spec.range;
        let old = |unit: usize| self.age_days[unit] > range.test_years * DAYS_PER_YEAR;
        let worn = |unit: usize| 1.0 - capacity.own_ah[unit] / capacity.nominal_ah > range.loss_max;
        let beyond = (0..capacity.own_ah.len()).filter(|&unit| old(unit) || worn(unit)).count();
        self.outside.beyond += beyond as f64 * self.day.days * 24.0;
        self.day.clear();
    }

    /// Ends a duty: what is still open in the cycle count is booked as half cycles, with the given temperatures \[K\]
    /// and a rate of 0.1 1/h where the last day had no current.
    pub fn close(&mut self, law: &Law, capacity: &Capacities<'_>, soc: &[f64], position_ah: f64, t_k: &[f64]) {
        self.take_dwelling(law);
        self.flow.flush(&mut self.pending);
        if self.day.throughput_ah() == 0.0 && law.options.stress == Stress::Rainflow {
            let hours = 0.5 / (CLOSING_C_RATE * capacity.nominal_ah);
            (self.day.discharge_ah, self.day.discharge_h) = (0.5, hours);
            (self.day.charge_ah, self.day.charge_h) = (0.5, hours);
            self.day.temperature_ah.copy_from_slice(t_k);
            self.book(law, capacity, soc, position_ah);
            // These rates are assumed, not a duty that the reversible loss should follow.
            (self.day.discharge_ah, self.day.discharge_h) = (0.0, 0.0);
            (self.day.charge_ah, self.day.charge_h) = (0.0, 0.0);
        }
        self.end_day(law, capacity, soc, position_ah);
    }

    fn book(&mut self, law: &Law, capacity: &Capacities<'_>, soc: &[f64], position_ah: f64) {
        let throughput = self.day.throughput_ah();
        let rates = self.day_currents();
        let mut pending = std::mem::take(&mut self.pending);
        for cycle in pending.drain(..) {
            let moved = cycle.count * cycle.range;
            for (unit, &soc) in soc.iter().enumerate() {
                let per_ah = 1.0 / capacity.swing_ah[unit];
                let c = CycleStress {
                    depth: (cycle.range * per_ah).min(1.0),
                    mean_soc: (soc + (position_ah - cycle.mean) * per_ah).clamp(0.0, 1.0),
                    temperature_k: self.day.temperature_ah[unit] / throughput,
                    c_rate: rates[0] * per_ah,
                    c_charge: rates[1] * per_ah,
                    c_discharge: rates[2] * per_ah,
                    ocv_rms_v: None,
                    efc: moved * capacity.own_ah[unit] * per_ah / capacity.nominal_ah,
                    count: cycle.count,
                };
                self.cycle(law, unit, &c);
                self.count_throughput(law, &c, moved);
            }
        }
        self.pending = pending;
    }

    /// Mean currents \[A\]: either way, charging, discharging.
    fn day_currents(&self) -> [f64; 3] {
        let mean = |ah: f64, h: f64| if h > 0.0 { ah / h } else { 0.0 };
        let d = &self.day;
        [
            mean(d.throughput_ah(), d.charge_h + d.discharge_h),
            mean(d.charge_ah, d.charge_h),
            mean(d.discharge_ah, d.discharge_h),
        ]
    }

    /// One window: calendar rates as means of the day, one cycle between the lowest and the highest SoC.
    fn book_window(&mut self, law: &Law, capacity: &Capacities<'_>) {
        self.pending.clear();
        let days = self.day.days;
        if days <= 0.0 {
            return;
        }
        let step = |shape: Shape, state, rate, dx| {
            if law.options.explicit { shape.advance_explicit(state, rate, dx) } else { shape.advance(state, rate, dx) }
        };
        for (index, mechanism) in law.mechanisms.iter().enumerate() {
            let Some(scale) = mechanism.driver.days_scale() else { continue };
            if mechanism.shape == Shape::StressedSigmoid {
                continue;
            }
            for (state, sum) in self.state[index].iter_mut().zip(&self.day.sums[index]) {
                *state = step(mechanism.shape, *state, super::Rate::of(sum / days), days / scale);
            }
        }
        let throughput = self.day.throughput_ah();
        if throughput == 0.0 {
            return;
        }
        let rates = self.day_currents();
        for (unit, (own, swing)) in capacity.own_ah.iter().zip(capacity.swing_ah).enumerate() {
            let per_ah = 1.0 / swing;
            let efc = 0.5 * throughput * own * per_ah / capacity.nominal_ah;
            let c = CycleStress {
                depth: (self.day.high[unit] - self.day.low[unit]).clamp(0.0, 1.0),
                mean_soc: (self.day.soc_days[unit] / days).clamp(0.0, 1.0),
                temperature_k: self.day.temperature_ah[unit] / throughput,
                c_rate: throughput * per_ah / (24.0 * days),
                c_charge: rates[1] * per_ah,
                c_discharge: rates[2] * per_ah,
                ocv_rms_v: None,
                efc,
                count: 1.0,
            };
            self.cycle(law, unit, &c);
            self.count_throughput(law, &c, 0.5 * throughput);
        }
    }

    /// A day (or part of one) of a plain duty in one call: time at a temperature \[K\] and SoC, the day's cycles of each
    /// unit, and the reversible loss at their rate of charge. For test tables and profiles; a pack's day comes in steps.
    pub fn duty_day(&mut self, law: &Law, cycles: &[CycleStress], t_k: &[f64], soc: &[f64], days: f64) {
        self.rest(law, t_k, soc, 24.0 * days);
        for (unit, c) in cycles.iter().enumerate() {
            self.cycle(law, unit, c);
            self.relax(law, unit, c.c_charge, days);
        }
        self.day.clear();
    }

    /// Lets the reversible loss of a unit follow its duty.
    fn relax(&mut self, law: &Law, unit: usize, c_charge: f64, days: f64) {
        let Some(regain) = law.options.regain else { return };
        let knee = match law.options.knee {
            Some(knee) if knee.kind == KneeKind::Plating => self.knee.loss(&knee, unit),
            _ => 0.0,
        };
        let before = [self.reversible.held[unit], self.reversible.returned[unit]];
        let after = regain.advance(before, knee, c_charge, days);
        [self.reversible.held[unit], self.reversible.returned[unit]] = after;
    }

    /// One cycle of one unit, or many equal ones at once: `c.efc` and `c.count` say how many.
    pub fn cycle(&mut self, law: &Law, unit: usize, c: &CycleStress) {
        for (index, mechanism) in law.mechanisms.iter().enumerate() {
            let Some(dx) = mechanism.driver.of_cycle(c.efc, c.count) else { continue };
            let state = &mut self.state[index][unit];
            let rate = (law.form.cycle)(&law.parameters, index, c);
            *state = if law.options.explicit && law.options.stress == Stress::DailyWindow {
                mechanism.shape.advance_explicit(*state, rate, dx)
            } else {
                mechanism.shape.advance(*state, rate, dx)
            };
        }
        if let Some(knee) = law.options.knee {
            let counts = match knee.kind {
                KneeKind::Material => true,
                KneeKind::Plating => 1.0 - self.health(law, unit).capacity > self.knee.threshold[unit],
            };
            if counts {
                self.knee.efc[unit] += knee.counted(c.efc, c.c_charge);
            }
        }
    }

    fn count_throughput(&mut self, law: &Law, c: &CycleStress, moved: f64) {
        self.outside.throughput_all += moved;
        if !inside(law, c) {
            self.outside.throughput += moved;
        }
    }

    /// State of health of a unit.
    #[inline]
    pub fn health(&self, law: &Law, unit: usize) -> Health {
        let (mut lli, mut lam, mut gain) = (0.0, 0.0, 0.0);
        for (mechanism, column) in law.mechanisms.iter().zip(&self.state) {
            let loss = mechanism.shape.loss(column[unit]);
            let factor = match mechanism.driver {
                Driver::Days(_) => self.factors.calendar[unit],
                Driver::Efc(_) | Driver::DaysAndCycles => self.factors.cycle[unit],
            };
            match mechanism.path {
                Path::Lli => lli += factor * loss,
                Path::Lam => lam += factor * loss,
                Path::Resistance => gain += factor * self.factors.resistance[unit] * loss,
            }
        }
        (lli, lam) = (lli * law.spec.soh_at_start, lam * law.spec.soh_at_start);
        lli += self.lost_before[unit];
        // Resistance follows the law's own loss: at the knee capacity falls away from it. Measured on 24 NMC cells, gain
        // over loss was 1.1 to 1.2 up to the knee, and resistance 1.20 of new when capacity reached 80 % (Baumhoefer et
        // al. 2014).
        let own = 1.0 - law.capacity(lli - self.lost_before[unit], lam, 0.0);
        if let Some(knee) = law.options.knee {
            let loss = self.knee.loss(&knee, unit);
            match knee.kind {
                KneeKind::Plating => lli += loss - self.reversible.returned[unit],
                // The law's own reserve belongs to its own mechanism.
                KneeKind::Material => lam = lam.max(loss + law.form.lam_reserve - self.knee.threshold[unit]),
            }
        }
        let reversible = self.reversible.held[unit];
        let capacity = law.capacity(lli, lam, reversible);
        if let Some(ratio) = law.resistance_per_loss {
            gain += self.factors.resistance[unit] * ratio * own.max(0.0);
        }
        let resistance = (1.0 + gain + self.gained_before[unit]).max(1.0);
        Health { capacity, resistance, lli, lam, reversible }
    }

    /// Shares spent outside the law's fitted range since these units were put together.
    pub fn outside_shares(&self) -> OutsideShares {
        let share = |part: f64, all: f64| if all > 0.0 { (part / all).min(1.0) } else { 0.0 };
        let o = &self.outside;
        OutsideShares {
            time: share(o.time, o.time_all),
            throughput: share(o.throughput, o.throughput_all),
            beyond_test: share(o.beyond, o.time_all),
        }
    }

    /// Number of units.
    pub fn units(&self) -> usize {
        self.age_days.len()
    }

    /// Whether stress of the present day or a cycle that has begun is yet to be booked.
    pub fn is_open(&self) -> bool {
        self.day.days > 0.0
            || self.day.throughput_ah() > 0.0
            || !self.dwelling.is_empty()
            || !self.pending.is_empty()
            || self.flow.is_open()
    }

    /// Adds the units of another batch.
    pub(super) fn append(&mut self, law: &Law, other: &AgingState) {
        fn add(to: &mut Vec<f64>, from: &[f64]) {
            to.extend_from_slice(from);
        }
        self.state.iter_mut().zip(&other.state).for_each(|(to, from)| add(to, from));
        add(&mut self.factors.calendar, &other.factors.calendar);
        add(&mut self.factors.cycle, &other.factors.cycle);
        add(&mut self.factors.resistance, &other.factors.resistance);
        add(&mut self.factors.knee, &other.factors.knee);
        add(&mut self.lost_before, &other.lost_before);
        add(&mut self.gained_before, &other.gained_before);
        add(&mut self.reversible.held, &other.reversible.held);
        add(&mut self.reversible.returned, &other.reversible.returned);
        add(&mut self.knee.efc, &other.knee.efc);
        add(&mut self.knee.threshold, &other.knee.threshold);
        add(&mut self.knee.scale, &other.knee.scale);
        add(&mut self.age_days, &other.age_days);
        self.day = DayStress::new(law, self.units());
    }

    /// Days since a unit was new.
    pub fn age_days(&self, unit: usize) -> f64 {
        self.age_days[unit]
    }
}

/// Whether a cycle lies in the law's fitted box.
fn inside(law: &Law, c: &CycleStress) -> bool {
    // Full depth and the edges of the box count as inside: rounding must not throw a cycle out.
    let within = |[low, high]: [f64; 2], x: f64| x >= low - 1e-9 && x <= high + 1e-9;
    let range = &law.spec.range;
    within(range.temperature_c, c.temperature_k - ZERO_CELSIUS_K)
        && within(range.depth, c.depth)
        && within([range.soc[0], 1.0], c.soc_low())
        && within([0.0, range.soc[1]], c.soc_high())
        && c.c_charge <= range.charge_c_max + 1e-9
        && c.c_discharge <= range.discharge_c_max + 1e-9
}

#[cfg(test)]
mod tests;
