//! The aging of a batch of units: columns that are carried from the factory to the recycler and never reset.

use super::law::{CycleStress, Law};
use crate::cell::ZERO_CELSIUS_K;
use crate::numeric::rainflow::{Cycle, Rainflow};

/// Rate booked for cycles that a duty leaves open when its last day had no current \[1/h\] (assumed).
const CLOSING_C_RATE: f64 = 0.1;

/// Aging of units that carry the same current (the modules of a series string).
///
/// The string's charge signal is counted once; each unit sees a cycle through its own capacity.
#[derive(Clone, Debug)]
pub struct AgingState {
    /// Accumulated driver of each mechanism: `z[mechanism][unit]`.
    pub z: Vec<Vec<f64>>,
    /// Factor on every loss of a unit.
    pub factor: Vec<f64>,
    flow: Rainflow,
    pending: Vec<Cycle>,
    day: DayStress,
    outside: Outside,
}

/// Stress collected since the last daily update.
#[derive(Clone, Debug, Default)]
struct DayStress {
    /// Charge passed in both directions \[Ah\].
    throughput_ah: f64,
    /// Time with current \[h\].
    moving_h: f64,
    /// Integral of temperature over charge passed \[K Ah\], by unit.
    temperature_ah: Vec<f64>,
}

/// Time and charge spent outside the law's fitted range, summed over units.
#[derive(Clone, Copy, Debug, Default)]
struct Outside {
    time: f64,
    time_all: f64,
    throughput: f64,
    throughput_all: f64,
}

impl AgingState {
    /// New units with the given factors on their losses.
    pub fn new(law: &Law, factor: Vec<f64>) -> Self {
        let units = factor.len();
        AgingState {
            z: vec![vec![0.0; units]; law.mechanisms.len()],
            factor,
            flow: Rainflow::new(),
            pending: Vec::with_capacity(16),
            day: DayStress { temperature_ah: vec![0.0; units], ..DayStress::default() },
            outside: Outside::default(),
        }
    }

    /// Takes the given units out into a new batch; their losses go along whole.
    ///
    /// Call [`AgingState::close`] before, so that no open cycle is left behind.
    pub fn select(&self, units: &[usize]) -> Self {
        let pick = |column: &Vec<f64>| units.iter().map(|&u| column[u]).collect::<Vec<_>>();
        AgingState {
            z: self.z.iter().map(pick).collect(),
            factor: pick(&self.factor),
            flow: Rainflow::new(),
            pending: Vec::with_capacity(16),
            day: DayStress { temperature_ah: vec![0.0; units.len()], ..DayStress::default() },
            outside: Outside::default(),
        }
    }

    /// Time goes by: mean temperature \[K\] and mean SoC of each unit over `hours`.
    pub fn rest(&mut self, law: &Law, t_k: &[f64], soc: &[f64], hours: f64) {
        (law.time_damage)(t_k, soc, hours / 24.0, &mut self.z);
        let [low, high] = law.range.temperature_c.map(|t| t + ZERO_CELSIUS_K);
        let out = t_k.iter().filter(|&&t| t < low || t > high).count();
        self.outside.time += out as f64 * hours;
        self.outside.time_all += t_k.len() as f64 * hours;
    }

    /// Charge passes: `charge_ah` is discharge positive, `position_ah` the sum of it since new, this charge included.
    pub fn pass(&mut self, t_k: &[f64], charge_ah: f64, position_ah: f64, hours: f64) {
        let moved = charge_ah.abs();
        self.flow.begin(position_ah - charge_ah);
        self.day.throughput_ah += moved;
        self.day.moving_h += hours;
        for (sum, t) in self.day.temperature_ah.iter_mut().zip(t_k) {
            *sum += t * moved;
        }
        self.flow.push(position_ah, &mut self.pending);
    }

    /// Books the cycles that closed, with the day's temperature and rate. `position_ah` as in [`AgingState::pass`].
    pub fn end_day(&mut self, law: &Law, nominal_ah: f64, capacity_ah: &[f64], soc: &[f64], position_ah: f64) {
        if self.day.throughput_ah > 0.0 {
            self.book(law, nominal_ah, capacity_ah, soc, position_ah);
            self.day.throughput_ah = 0.0;
            self.day.moving_h = 0.0;
            self.day.temperature_ah.fill(0.0);
        }
    }

    /// Ends a duty: what is still open in the cycle count is booked as half cycles, with the given temperatures \[K\]
    /// and a rate of 0.1 1/h where the last day had no current.
    pub fn close(
        &mut self,
        law: &Law,
        nominal_ah: f64,
        capacity_ah: &[f64],
        soc: &[f64],
        position_ah: f64,
        t_k: &[f64],
    ) {
        self.flow.flush(&mut self.pending);
        if self.day.throughput_ah == 0.0 {
            self.day.throughput_ah = 1.0;
            self.day.moving_h = 1.0 / (CLOSING_C_RATE * nominal_ah);
            self.day.temperature_ah.copy_from_slice(t_k);
        }
        self.end_day(law, nominal_ah, capacity_ah, soc, position_ah);
    }

    fn book(&mut self, law: &Law, nominal_ah: f64, capacity_ah: &[f64], soc: &[f64], position_ah: f64) {
        let current_a = self.day.throughput_ah / self.day.moving_h;
        for cycle in self.pending.drain(..) {
            for unit in 0..capacity_ah.len() {
                let c = CycleStress {
                    depth: (cycle.range / capacity_ah[unit]).min(1.0),
                    mean_soc: (soc[unit] + (position_ah - cycle.mean) / capacity_ah[unit]).clamp(0.0, 1.0),
                    temperature_k: self.day.temperature_ah[unit] / self.day.throughput_ah,
                    c_rate: current_a / capacity_ah[unit],
                    efc: cycle.count * cycle.range / nominal_ah,
                    count: cycle.count,
                };
                let damage = (law.cycle_damage)(&c);
                for (column, d) in self.z.iter_mut().zip(damage) {
                    column[unit] += d;
                }
                let moved = cycle.count * cycle.range;
                self.outside.throughput_all += moved;
                if !inside(law, &c) {
                    self.outside.throughput += moved;
                }
            }
        }
    }

    /// Shares of (time, throughput) outside the law's fitted range since these units were put together.
    pub fn outside_shares(&self) -> (f64, f64) {
        let share = |part: f64, all: f64| if all > 0.0 { part / all } else { 0.0 };
        let o = &self.outside;
        (share(o.time, o.time_all), share(o.throughput, o.throughput_all))
    }
}

fn inside(law: &Law, c: &CycleStress) -> bool {
    // Full depth and the edges of the box count as inside: rounding must not throw a cycle out.
    let within = |[low, high]: [f64; 2], x: f64| x >= low - 1e-9 && x <= high + 1e-9;
    within(law.range.temperature_c, c.temperature_k - ZERO_CELSIUS_K)
        && within(law.range.depth, c.depth)
        && within(law.range.c_rate, c.c_rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOMINAL: f64 = 100.0;

    fn lost(law: &Law, state: &AgingState) -> f64 {
        let (lli, lam) = law.losses(&state.z, 0, state.factor[0]);
        1.0 - law.capacity(lli, lam)
    }

    /// Ten years on the shelf against the closed form of the published law.
    #[test]
    fn storage_meets_the_closed_form() {
        let law = Law::named("lfp_prismatic250").unwrap();
        let (t, s, days) = (308.15, 0.5, 3650.0_f64);
        let mut state = AgingState::new(law, vec![1.0]);
        for _ in 0..3650 {
            state.rest(law, &[t], &[s], 24.0);
        }
        let ua = super::super::graphite::potential_exact(s);
        let exact = 8.37e4 * (-5210.0_f64 / t).exp() * (-3560.0 * ua / t).exp() * days.powf(0.526);
        assert!((lost(law, &state) / exact - 1.0).abs() < 1e-6);
    }

    /// Equivalent time: the split of a constant stress into steps does not matter.
    #[test]
    fn steps_do_not_matter_under_constant_stress() {
        for law in Law::ALL {
            let run = |steps: usize| {
                let mut state = AgingState::new(law, vec![1.0]);
                for _ in 0..steps {
                    state.rest(law, &[300.0], &[0.7], 87_600.0 / steps as f64);
                }
                lost(law, &state)
            };
            let (one, many) = (run(1), run(10_000));
            assert!((one - many).abs() < 1e-10, "{}: {one} {many}", law.name);
        }
    }

    #[test]
    fn a_factor_scales_the_loss_itself() {
        let law = Law::named("lfp_prismatic250").unwrap();
        let run = |factor: f64| {
            let mut state = AgingState::new(law, vec![factor]);
            state.rest(law, &[300.0], &[0.5], 10_000.0);
            lost(law, &state)
        };
        assert!((run(1.3) / run(1.0) - 1.3).abs() < 1e-12);
    }

    fn cycle_year(law: &Law, depth: f64, t_k: f64) -> f64 {
        let mut state = AgingState::new(law, vec![1.0]);
        let mut position = 0.0;
        for _ in 0..365 {
            for charge in [depth * NOMINAL, -depth * NOMINAL] {
                position += charge;
                state.pass(&[t_k], charge, position, 4.0);
                state.rest(law, &[t_k], &[0.9], 12.0);
            }
            state.end_day(law, NOMINAL, &[NOMINAL], &[0.9], position);
        }
        state.close(law, NOMINAL, &[NOMINAL], &[0.9], position, &[t_k]);
        lost(law, &state)
    }

    #[test]
    fn cycles_cost_more_than_rest_and_deep_ones_more() {
        for law in Law::ALL {
            let (none, shallow, deep) =
                (cycle_year(law, 0.0, 298.15), cycle_year(law, 0.3, 298.15), cycle_year(law, 0.9, 298.15));
            assert!(none < shallow && shallow < deep, "{}: {none} {shallow} {deep}", law.name);
        }
    }

    #[test]
    fn outside_shares_say_where_the_law_is_stretched() {
        let law = Law::named("lfp_prismatic250").unwrap();
        let mut state = AgingState::new(law, vec![1.0]);
        state.rest(law, &[323.15], &[0.5], 1.0);
        state.rest(law, &[303.15], &[0.5], 3.0);
        assert_eq!(state.outside_shares(), (0.25, 0.0));
    }

    proptest! {
        /// Losses never fall and never become NaN, far outside the fitted range too.
        #[test]
        fn losses_never_fall(law in 0..Law::ALL.len(), steps in prop::collection::vec((230.0..350.0f64, 0.0..1.0f64, 0.0..200.0f64, -150.0..150.0f64), 1..40)) {
            let law = Law::ALL[law];
            let mut state = AgingState::new(law, vec![1.0]);
            let (mut before, mut position) = (0.0, 0.0);
            for (t, s, hours, charge) in steps {
                state.rest(law, &[t], &[s], hours);
                position += charge;
                state.pass(&[t], charge, position, 1.0 + hours);
                state.end_day(law, NOMINAL, &[NOMINAL], &[s], position);
                let now = lost(law, &state);
                prop_assert!(now.is_finite() && now >= before - 1e-15);
                before = now;
            }
        }
    }
}
