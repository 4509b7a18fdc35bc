//! What a battery can still do, from the state of its modules, in closed form: power for some seconds and energy out over
//! energy in of a full cycle.

use super::power::{PowerQuestion, power_at};
use super::string::ModuleString;
use crate::cell::{Cell, ZERO_CELSIUS_K};
use crate::numeric::calendar::DAYS_PER_MONTH;

/// SoC and temperature at which a remaining power is asked for.
pub const POWER_SOC: f64 = 0.5;
/// Temperature of remaining power and efficiency \[K\].
pub const CONDITION_K: f64 = ZERO_CELSIUS_K + 25.0;
/// How long a remaining power is held \[s\].
pub const POWER_SECONDS: f64 = 10.0;
/// Rate of the cycle behind a round-trip efficiency, on nominal capacity \[1/h\].
pub const CYCLE_C_RATE: f64 = 0.25;
/// Window of SoC of that cycle.
pub const CYCLE_SOC: [f64; 2] = [0.1, 0.9];
/// Pieces of the means over that window: the tables are straight between multiples of 1/400.
const PIECES: usize = 320;

/// State of a module, as a cell of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// Present over nominal capacity, of its weakest group.
    pub soh: f64,
    /// Present over new resistance.
    pub resistance: f64,
    /// Share of lithium lost, as far as the voltage follows it.
    pub lli: f64,
    /// Self-discharge over that of the cell's entry.
    pub self_discharge: f64,
}

impl Condition {
    /// A new module as the entry of its cell says.
    pub const NEW: Condition = Condition { soh: 1.0, resistance: 1.0, lli: 0.0, self_discharge: 1.0 };
}

impl ModuleString {
    /// State of a module.
    pub fn condition(&self, module: usize) -> Condition {
        let units = self.units_of(module);
        let mean = |column: &[f64]| column[units.clone()].iter().sum::<f64>() / units.len() as f64;
        let leak_per_h = self.cell.spec.self_discharge_per_month / (DAYS_PER_MONTH * 24.0);
        Condition {
            soh: self.soh(module),
            resistance: self.resistance_of(module),
            lli: mean(&self.lli),
            self_discharge: if leak_per_h > 0.0 { mean(&self.leak_per_h) / leak_per_h } else { 1.0 },
        }
    }

    /// Sets the self-discharge of a module over that of the cell's entry.
    pub fn set_self_discharge(&mut self, module: usize, ratio: f64) {
        let leak_per_h = ratio * self.cell.spec.self_discharge_per_month / (DAYS_PER_MONTH * 24.0);
        let units = self.units_of(module);
        self.leak_per_h[units].fill(leak_per_h);
    }

    /// Share of a module's loss that cycling took, mean of its units; none where its law cannot say.
    pub fn cycle_share(&self, module: usize) -> Option<f64> {
        let units = self.units_of(module);
        let n = units.len() as f64;
        units.map(|unit| self.aging.cycle_share(&self.law, unit)).sum::<Option<f64>>().map(|sum| sum / n)
    }

    /// Loss of capacity that so many equivalent full cycles would have taken from a module when new.
    pub fn cycle_loss(&self, module: usize, efc: f64, temperature_k: f64) -> f64 {
        self.aging.cycle_loss(&self.law, self.units_of(module).start, efc, temperature_k)
    }

    /// Years since a module was new.
    pub fn module_years(&self, module: usize) -> f64 {
        self.aging.age_days(self.units_of(module).start) / 365.25
    }

    /// Cells of a module.
    pub fn cells_of_module(&self) -> f64 {
        f64::from(self.build.cells_series * self.build.cells_parallel)
    }
}

/// Power for [`POWER_SECONDS`] at half charge and 25 degC of a cell in modules in series, discharge and charge \[W\]: that of
/// the module that gives least, for all carry one current.
pub fn remaining_power_w(cell: &Cell, modules: &[Condition]) -> [f64; 2] {
    let of = |m: &Condition| {
        let question = PowerQuestion {
            soc: POWER_SOC,
            temperature_k: CONDITION_K,
            soh: m.soh,
            resistance: m.resistance,
            seconds: POWER_SECONDS,
        };
        power_at(cell, &question).map(|p| p.power_w)
    };
    let least = modules.iter().map(of).fold([f64::INFINITY; 2], |[a, b], [c, d]| [a.min(c), b.min(d)]);
    if modules.is_empty() { [0.0; 2] } else { least }
}

/// Energy out over energy in of modules in series, charged and discharged between the ends of [`CYCLE_SOC`] with a
/// constant current of [`CYCLE_C_RATE`] at 25 degC, in steady state:
///
/// ```text
/// (U - h - I R_discharge) eta / (U + h + I R_charge)
/// ```
///
/// with means over the window of the open-circuit voltage `U` and of the resistances, half a hysteresis loop `h` and the
/// coulombic efficiency `eta`.
pub fn round_trip_efficiency(cell: &Cell, modules: &[Condition]) -> f64 {
    let [low, high] = CYCLE_SOC;
    // Mean of new and shifted voltage, and of the resistances either way, over the window (trapezia).
    let mut mean = [0.0; 4];
    for k in 0..=PIECES {
        let soc = low + (high - low) * k as f64 / PIECES as f64;
        let weight = if k == 0 || k == PIECES { 0.5 } else { 1.0 } / PIECES as f64;
        let [r0, r1, r2] = cell.resistances(soc);
        let [charge, discharge] = cell.r0_by_direction(soc).map(|share| share * r0 + r1 + r2);
        let shifted = cell.ocv_at(soc, CONDITION_K, 1.0);
        let now = [cell.ocv(soc), shifted - cell.ocv(soc), charge, discharge];
        mean.iter_mut().zip(now).for_each(|(sum, x)| *sum += weight * x);
    }
    let [u, shift, charge, discharge] = mean;
    let spec = &cell.spec;
    let current = CYCLE_C_RATE * spec.capacity_ah;
    let (mut out, mut into) = (0.0, 0.0);
    for m in modules {
        let ocv = u + m.lli * shift;
        out += ocv - spec.hysteresis_v - current * m.resistance * discharge;
        into += ocv + spec.hysteresis_v + current * m.resistance * charge;
    }
    if into > 0.0 { (spec.coulombic_efficiency * out / into).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::tests::string;
    use super::*;
    use crate::aging::{UsedHistory, UsedUnit};
    use crate::cell::fixture;

    /// Flat resistances of 1 mOhm from SoC 0.2 on, 25 A: what is lost is twice I R and twice the hysteresis, and one
    /// part in a thousand of the charge.
    #[test]
    fn round_trip_is_ohms_law() {
        let mut spec = fixture::spec();
        (spec.r0_mohm, spec.r1_mohm, spec.r2_mohm) = (vec![0.4; 3], vec![0.3; 3], vec![0.3; 3]);
        (spec.ocv_soc, spec.ocv_v) = (vec![0.0, 1.0], vec![3.2, 3.4]);
        let cell = Cell::new(spec).unwrap();
        let new = round_trip_efficiency(&cell, &[Condition::NEW; 3]);
        assert!((new - 0.999 * (3.3 - 0.01 - 0.025) / (3.3 + 0.01 + 0.025)).abs() < 1e-12, "{new}");
        let aged = Condition { resistance: 2.0, ..Condition::NEW };
        let mixed = round_trip_efficiency(&cell, &[Condition::NEW, aged]);
        let by_hand = 0.999 * (6.6 - 0.02 - 0.075) / (6.6 + 0.02 + 0.075);
        assert!((mixed - by_hand).abs() < 1e-12);
    }

    #[test]
    fn the_weakest_module_sets_the_power() {
        let cell = fixture::cell();
        let weak = Condition { soh: 0.7, resistance: 9.0, ..Condition::NEW };
        let [all, one, mixed] =
            [&[Condition::NEW][..], &[weak], &[Condition::NEW, weak]].map(|m| remaining_power_w(&cell, m));
        assert!(one[0] < all[0] && one[1] < all[1]);
        assert_eq!(mixed, one);
        assert_eq!(remaining_power_w(&cell, &[]), [0.0; 2]);
    }

    #[test]
    fn a_module_is_what_was_measured_of_it() {
        let mut s = string(&[1.0, 0.9], 0.5);
        let used = UsedUnit { soh: 0.8, resistance: Some(1.1), cycle_share: 0.3, years: 9.0 };
        s.set_used_after(1, &used, &UsedHistory { efc: Some(700.0), temperature_k: 300.0 });
        s.set_self_discharge(1, 2.5);
        let c = s.condition(1);
        assert!((c.soh - 0.8).abs() < 1e-9 && (c.self_discharge - 2.5).abs() < 1e-12);
        // Below what the law gives at that loss, and still as measured.
        assert!((c.resistance - 1.1).abs() < 1e-9, "{}", c.resistance);
        assert!((s.cycle_share(1).unwrap() - 0.3).abs() < 0.02 && s.cycle_share(0).is_none());
        assert!((s.module_years(1) - 9.0).abs() < 1e-12);
        assert_eq!(s.condition(0).self_discharge, 1.0);
    }

    /// The loss of cycles alone grows with them and starts at none.
    #[test]
    fn cycles_alone_take_their_part() {
        let mut s = string(&[1.0], 0.5);
        let of = |s: &ModuleString, efc| s.cycle_loss(0, efc, 298.15);
        let [none, some, more] = [0.0, 500.0, 1000.0].map(|efc| of(&s, efc));
        assert!(none == 0.0 && some > 0.0 && more > some);
        s.set_used(0, &UsedUnit { soh: 0.8, resistance: None, cycle_share: 0.5, years: 5.0 });
        assert_eq!(of(&s, 500.0), some, "whatever the unit went through");
    }
}
