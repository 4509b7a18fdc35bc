//! Balancing inside a string: resistors that bleed, or converters that move charge from module to module.
//!
//! Both act between steps of the string: modules drift apart within a step by what its charge makes of their
//! capacities, and are brought together after it.

use super::string::ModuleString;
use crate::numeric::root::crossing;

/// Bleed current of the balancing resistors \[A per cell group\], assumed (usual range 0.05 to 0.1 A).
const BLEED_A: f64 = 0.1;
/// Spread of SoC below which active balancers rest, assumed: about what voltage readings can tell.
const ACTIVE_BAND: f64 = 1e-4;
/// Halvings of the interval for a common SoC: down to rounding.
const HALVINGS: usize = 48;
/// Newton steps for the SoC at an energy; the integral of the OCV is close to straight over one step's transfer.
const NEWTON_STEPS: usize = 4;

impl ModuleString {
    /// Bleeds modules towards the one that is furthest from full, for `dt_s`: passive top balancing. Returns the heat
    /// \[J\].
    pub fn balance(&mut self, dt_s: f64) -> f64 {
        let to_full = |s: f64, q: f64| (1.0 - s) * q;
        let furthest = self.soc.iter().zip(&self.capacity_ah).map(|(&s, &q)| to_full(s, q)).fold(0.0, f64::max);
        let bleed_ah = BLEED_A / f64::from(self.build.cells_parallel) * dt_s / 3600.0;
        let mut heat = 0.0;
        for ((s, &q), &lli) in self.soc.iter_mut().zip(&self.capacity_ah).zip(&self.lli) {
            let charge = (furthest - to_full(*s, q)).min(bleed_ah);
            let before = self.cell.enthalpy(*s, lli);
            *s -= charge / q;
            heat += 3600.0 * q * (before - self.cell.enthalpy(*s, lli));
        }
        let heat_j = heat * self.cells_of_unit();
        self.ledger.heat_j += heat_j;
        heat_j
    }

    /// Moves energy from modules above a common SoC `s` to those below it, for `dt_s`. Each unit's balancer carries at
    /// most `power_w`, and of what the givers lose the takers get the share `efficiency` (0..=1):
    ///
    /// ```text
    /// efficiency * sum min(E_m - E_m(s), power dt)  =  sum min(E_m(s) - E_m, power dt)
    ///        over modules above s                           over modules below s
    /// ```
    ///
    /// with `E_m(s)` the energy stored in module `m`. Returns the heat \[J\]. Cycles are counted
    /// on the string's charge: what passes through the balancers does not age the modules.
    pub fn balance_actively(&mut self, power_w: f64, efficiency: f64, dt_s: f64) -> f64 {
        let (low, high) = (self.soc_min(), self.soc_max());
        if high - low < ACTIVE_BAND || power_w <= 0.0 {
            return 0.0;
        }
        let cap = power_w * dt_s / self.cells_of_unit();
        let units = self.soc.len();
        let stored = |unit: usize, soc: f64| 3600.0 * self.capacity_ah[unit] * self.cell.enthalpy(soc, self.lli[unit]);
        let energy: Vec<f64> = (0..units).map(|unit| stored(unit, self.soc[unit])).collect();
        let before: f64 = energy.iter().sum();
        let surplus = |s: f64| -> f64 {
            let moved = |unit: usize| {
                let out = (energy[unit] - stored(unit, s)).clamp(-cap, cap);
                if out > 0.0 { efficiency * out } else { out }
            };
            (0..units).map(moved).sum()
        };
        let span = high - low;
        let Ok(rise) = crossing(surplus(low), span, surplus(high), |rise| {
            Ok::<f64, std::convert::Infallible>(surplus(low + rise))
        });
        // A hair below: what the givers have over then covers what the takers get.
        let common = low + (rise - 1e-12 * span).max(0.0);
        let after: Vec<f64> = (0..units)
            .map(|unit| {
                let out = energy[unit] - stored(unit, common);
                if out.abs() <= cap { common } else { self.soc_after(unit, cap.copysign(out)) }
            })
            .collect();
        let left: f64 = (0..units).map(|unit| stored(unit, after[unit])).sum();
        self.soc.copy_from_slice(&after);
        let heat_j = (before - left) * self.cells_of_unit();
        self.ledger.heat_j += heat_j;
        heat_j
    }

    /// SoC of a unit that gives an energy \[J per cell\].
    fn soc_after(&self, unit: usize, out_j: f64) -> f64 {
        let lli = self.lli[unit];
        let target = self.cell.enthalpy(self.soc[unit], lli) - out_j / (3600.0 * self.capacity_ah[unit]);
        let mut s = self.soc[unit];
        for _ in 0..NEWTON_STEPS {
            s = (s - (self.cell.enthalpy(s, lli) - target) / self.cell.enthalpy_slope(s, lli)).clamp(0.0, 1.0);
        }
        s
    }

    /// SoH that every module of the string can give when charge moves between them at an efficiency: the `x` at which
    /// `efficiency * sum (SoH - x)+ = sum (x - SoH)+`. It is the mean at efficiency 1 and the weakest module's at 0.
    pub fn soh_shared(&self, efficiency: f64) -> f64 {
        let soh: Vec<f64> = (0..self.len()).map(|m| self.soh(m)).collect();
        let mut low = self.soh_min();
        let mut high = soh.iter().copied().fold(0.0, f64::max);
        for _ in 0..HALVINGS {
            let x = 0.5 * (low + high);
            let surplus: f64 = soh.iter().map(|s| if *s > x { efficiency * (s - x) } else { s - x }).sum();
            if surplus > 0.0 { low = x } else { high = x }
        }
        0.5 * (low + high)
    }

    /// Energy between two SoC at the open-circuit voltage, of a string whose modules each give an SoH \[kWh\].
    pub fn window_at_kwh(&self, soh: f64, low: f64, high: f64) -> f64 {
        let lli = self.lli.iter().sum::<f64>() / self.lli.len() as f64;
        let volts = self.cell.enthalpy(high, lli) - self.cell.enthalpy(low, lli);
        soh * self.cell.spec.capacity_ah * volts * self.cells() * self.groups() as f64 * 1e-3
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ENV, OPEN, string, string_of};
    use super::super::{Limit, Limits, ModuleString};
    use crate::cell::{Cell, fixture};
    use proptest::prelude::*;

    /// A cell without losses of its own: what is measured is the balancer's.
    fn ideal() -> Cell {
        let mut spec = fixture::spec();
        (spec.coulombic_efficiency, spec.self_discharge_per_month, spec.hysteresis_v) = (1.0, 0.0, 0.0);
        for r in [&mut spec.r0_mohm, &mut spec.r1_mohm, &mut spec.r2_mohm] {
            r.iter_mut().for_each(|r| *r *= 1e-6);
        }
        Cell::new(spec).unwrap()
    }

    /// Energy from full to empty in small steps \[J\].
    fn discharged(mut s: ModuleString, limits: &Limits, mut between: impl FnMut(&mut ModuleString)) -> f64 {
        let mut given = 0.0;
        for _ in 0..5000 {
            let flow = s.step(100.0, 1.0, 300.0, &ENV, limits);
            given += flow.energy_j;
            between(&mut s);
            if flow.limit == Limit::Soc && s.soc_min() < limits.soc_low + 1e-3 && flow.energy_j < 1.0 {
                break;
            }
        }
        given
    }

    #[test]
    fn two_unequal_modules_give_the_weakest_or_the_mean() {
        let limits = Limits { soc_low: 0.1, soc_high: 0.9 };
        let s = string_of(ideal(), &[1.0, 0.7], 0.9);
        let window = |soh: f64| 3.6e6 * s.window_at_kwh(soh, 0.1, 0.9);
        let passive = discharged(s.clone(), &limits, |_| ());
        assert!((passive / window(0.7) - 1.0).abs() < 5e-3, "{}", passive / window(0.7));
        let active = discharged(s.clone(), &limits, |s| _ = s.balance_actively(1e4, 1.0, 300.0));
        assert!((active / window(0.85) - 1.0).abs() < 2e-3, "{}", active / window(0.85));
        let lossy = discharged(s.clone(), &limits, |s| _ = s.balance_actively(1e4, 0.8, 300.0));
        let shared = s.soh_shared(0.8);
        assert!((0.8 * (1.0 - shared) - (shared - 0.7)).abs() < 1e-12);
        assert!((lossy / window(shared) - 1.0).abs() < 2e-3, "{}", lossy / window(shared));
    }

    #[test]
    fn shared_soh_runs_from_the_weakest_to_the_mean() {
        let s = string(&[1.0, 0.7, 0.9], 0.5);
        assert!((s.soh_shared(1.0) - s.soh_mean()).abs() < 1e-12);
        assert!((s.soh_shared(0.0) - s.soh_min()).abs() < 1e-12);
        assert!((s.window_at_kwh(s.soh_min(), 0.1, 0.9) - s.window_kwh(0.1, 0.9)).abs() < 1e-12);
    }

    #[test]
    fn a_perfect_balancer_keeps_the_energy_and_its_power_bounds_the_step() {
        let mut s = string(&[1.0, 0.8], 0.5);
        s.soc = vec![0.7, 0.4];
        let stored = s.stored_j();
        let heat = s.balance_actively(10.0, 1.0, 3600.0);
        assert!(heat.abs() < 1e-6 * stored && (s.stored_j() - stored).abs() < 1e-6 * stored);
        let given = 3600.0 * s.capacity_ah[0] * (s.cell().integral(0.7) - s.cell().integral(s.soc[0])) * 8.0;
        assert!((given - 36_000.0).abs() < 1e-3, "{given}");
        for _ in 0..1000 {
            s.balance_actively(10.0, 1.0, 3600.0);
        }
        assert!(s.soc_max() - s.soc_min() < 1e-4 + 1e-9);
        assert_eq!(string(&[1.0, 0.8], 0.5).balance_actively(10.0, 0.9, 3600.0), 0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Books close to 1e-9 under both kinds, and no balancer makes energy.
        #[test]
        fn balancers_close_their_books(
            soc in prop::collection::vec(0.02..0.98f64, 2..7),
            capacity in prop::collection::vec(0.6..1.0f64, 7),
            power in 0.0..500.0f64,
            efficiency in 0.3..1.0f64,
            dt in 1.0..10_800.0f64,
        ) {
            let mut s = string(&capacity[..soc.len()], 0.5);
            s.soc = soc;
            let before = s.stored_j();
            let (low, high) = (s.soc_min(), s.soc_max());
            for k in 0..20 {
                let heat = s.balance_actively(power, efficiency, dt);
                prop_assert!(heat >= -1e-9 * before);
                prop_assert!(s.soc_min() >= low - 1e-9 && s.soc_max() <= high + 1e-9);
                if k % 4 == 3 {
                    prop_assert!(s.balance(dt) >= 0.0);
                    s.step(100.0, 1.0, 60.0, &ENV, &OPEN);
                    break;
                }
            }
            prop_assert!(s.ledger().error(before, s.stored_j()) < 1e-9);
        }
    }
}
