//! Power of a cell for some seconds, now and at a later state of health, in closed form.
//!
//! With constant current `I` for `dt` from rest, the voltage at the end and its mean are linear in `I`:
//!
//! ```text
//! V_end  = E - R_end I     R_end  = R0 + sum R_k (1 - a_k) + U'(s) dt / (3600 Q)
//! V_mean = E - R_mean I    R_mean = R0 + sum R_k (1 - f_k) + U'(s) dt / (2 * 3600 Q)
//! a = exp(-dt/tau)         f = tau (1 - a) / dt
//! ```
//!
//! `E` is the open-circuit voltage on the branch of the current (half a hysteresis loop down on discharge, up on
//! charge). The current is the largest that keeps the voltage at the end, the rate and the SoC within the cell's limits;
//! the power is `I V_mean`. Aging acts through capacity (`soh`) and resistance (`growth`).

use crate::cell::circuit::RcStep;
use crate::cell::tables::SHIFT_LLI;
use crate::cell::{Cell, ZERO_CELSIUS_K};

/// State and duration that a power is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerQuestion {
    /// SoC, 0..=1.
    pub soc: f64,
    /// Temperature \[K\].
    pub temperature_k: f64,
    /// Present over nominal capacity, above 0.
    pub soh: f64,
    /// Present over new resistance, above 0.
    pub resistance: f64,
    /// How long the power is held \[s\], above 0.
    pub seconds: f64,
}

/// What limits a power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerLimit {
    /// Lowest or highest voltage at the end.
    Voltage,
    /// Rate limit of the cell.
    Current,
    /// Charge left, or room for it.
    Soc,
    /// Too cold to charge.
    Cold,
    /// More current would give less power: the voltage sags to half.
    Peak,
}

impl PowerLimit {
    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            PowerLimit::Voltage => "voltage",
            PowerLimit::Current => "current",
            PowerLimit::Soc => "soc",
            PowerLimit::Cold => "cold",
            PowerLimit::Peak => "peak",
        }
    }
}

/// A power and what limits it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerAt {
    /// Mean power of one cell \[W\], positive both ways.
    pub power_w: f64,
    /// Current \[A\], positive both ways.
    pub current_a: f64,
    /// Limit that acts first.
    pub limit: PowerLimit,
}

/// Greatest power of a cell: discharge and charge.
pub fn power_at(cell: &Cell, q: &PowerQuestion) -> [PowerAt; 2] {
    let spec = &cell.spec;
    // What the capacity lost is taken as lithium.
    let ocv = cell.ocv_at(q.soc, q.temperature_k, (1.0 - q.soh).clamp(0.0, SHIFT_LLI));
    let slope = cell.ocv_slope(q.soc);
    let scale = cell.resistance_factor(q.temperature_k) * q.resistance;
    let [r0, r1, r2] = cell.resistances(q.soc).map(|r| r * scale);
    let [r0_charge, r0_discharge] = cell.r0_by_direction(q.soc).map(|share| share * r0);
    let (derated_charge, derated_discharge) = cell.derating.least(q.temperature_k, q.temperature_k);
    let [fast, slow] = [RcStep::new(q.seconds, spec.tau1_s), RcStep::new(q.seconds, spec.tau2_s)];
    let present_ah = q.soh * spec.capacity_ah;
    let hours = q.seconds / 3600.0;
    let slope_ohm = slope * hours / present_ah;
    let pairs_end = r1 * (1.0 - fast.a) + r2 * (1.0 - slow.a) + slope_ohm;
    let pairs_mean = r1 * (1.0 - fast.f) + r2 * (1.0 - slow.f) + 0.5 * slope_ohm;
    let least = |limits: &[(f64, PowerLimit)]| {
        let first = limits.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0));
        first.map_or((0.0, PowerLimit::Current), |(a, limit)| (a.max(0.0), limit))
    };

    let emf = ocv - spec.hysteresis_v;
    let (end_ohm, mean_ohm) = (r0_discharge + pairs_end, r0_discharge + pairs_mean);
    let (current, limit) = least(&[
        (derated_discharge * spec.discharge_c_max * spec.capacity_ah, PowerLimit::Current),
        ((emf - spec.voltage_min_v) / end_ohm, PowerLimit::Voltage),
        (q.soc * present_ah / hours, PowerLimit::Soc),
        (0.5 * emf / mean_ohm, PowerLimit::Peak),
    ]);
    let discharge = PowerAt { power_w: current * (emf - mean_ohm * current), current_a: current, limit };

    let emf = ocv + spec.hysteresis_v;
    let (end_ohm, mean_ohm) = (r0_charge + pairs_end, r0_charge + pairs_mean);
    let cold = if q.temperature_k < spec.charge_temperature_min_c + ZERO_CELSIUS_K { 0.0 } else { f64::INFINITY };
    let (current, limit) = least(&[
        (cold, PowerLimit::Cold),
        (derated_charge * spec.charge_c_max * spec.capacity_ah, PowerLimit::Current),
        ((spec.voltage_max_v - emf) / end_ohm, PowerLimit::Voltage),
        ((1.0 - q.soc) * present_ah / (hours * spec.coulombic_efficiency), PowerLimit::Soc),
    ]);
    [discharge, PowerAt { power_w: current * (emf + mean_ohm * current), current_a: current, limit }]
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ENV, string_of};
    use super::super::{Limit, Limits};
    use super::*;
    use crate::cell::fixture;
    use proptest::prelude::*;

    fn question(soc: f64, seconds: f64) -> PowerQuestion {
        PowerQuestion { soc, temperature_k: 298.15, soh: 1.0, resistance: 1.0, seconds }
    }

    /// Half charge, 25 degC, a moment: R0 alone. 2 C is 200 A of 100 Ah; U = 3.3 V less 10 mV, R0 = 0.4 mOhm.
    #[test]
    fn a_moment_is_ohms_law() {
        let [out, into] = power_at(&fixture::cell(), &question(0.5, 1e-6));
        assert_eq!((out.limit, out.current_a), (PowerLimit::Current, 200.0));
        assert!((out.power_w - 200.0 * (3.29 - 0.08)).abs() < 1e-3);
        assert_eq!((into.limit, into.current_a), (PowerLimit::Current, 100.0));
        assert!((into.power_w - 100.0 * (3.31 + 0.04)).abs() < 1e-3);
    }

    #[test]
    fn each_limit_acts_where_it_should() {
        let cell = fixture::cell();
        let limits = |q: PowerQuestion| power_at(&cell, &q).map(|p| p.limit);
        assert_eq!(limits(question(0.001, 3600.0))[0], PowerLimit::Soc);
        assert_eq!(limits(PowerQuestion { resistance: 8.0, ..question(0.3, 60.0) })[0], PowerLimit::Voltage);
        assert_eq!(limits(PowerQuestion { resistance: 8.0, ..question(0.99, 60.0) })[1], PowerLimit::Voltage);
        let cold = power_at(&cell, &PowerQuestion { temperature_k: 268.0, ..question(0.5, 10.0) })[1];
        assert_eq!((cold.limit, cold.power_w), (PowerLimit::Cold, 0.0));
    }

    /// The step of a string under power control carries this power and hardly more.
    #[test]
    fn the_kernel_agrees() {
        let mut spec = fixture::spec();
        (spec.hysteresis_v, spec.self_discharge_per_month) = (0.0, 0.0);
        let cell = Cell::new(spec).unwrap();
        for (soc, seconds, growth) in [(0.3, 30.0, 8.0), (0.3, 600.0, 8.0), (0.5, 10.0, 1.0)] {
            let q = PowerQuestion { resistance: growth, ..question(soc, seconds) };
            let able = power_at(&cell, &q)[0];
            let mut s = string_of(cell.clone(), &[1.0], soc);
            s.resistance.fill(growth);
            let flow = s.step(8.0 * 1.2 * able.power_w, 1.0, seconds, &ENV, &Limits { soc_low: 0.0, soc_high: 1.0 });
            assert_ne!(flow.limit, Limit::None);
            let given = flow.energy_j / seconds / 8.0;
            assert!((given / able.power_w - 1.0).abs() < 5e-3, "{given} of {}", able.power_w);
        }
    }

    proptest! {
        /// Finite, never negative, and never more with age or with time.
        #[test]
        fn age_and_time_only_take(soc in 0.0..1.0f64, t in 240.0..330.0f64, soh in 0.3..1.0f64, r in 1.0..5.0f64, s in 0.1..7200.0f64) {
            let cell = fixture::cell();
            let new = PowerQuestion { soc, temperature_k: t, soh: 1.0, resistance: 1.0, seconds: s };
            let aged = PowerQuestion { soh, resistance: r, ..new };
            let longer = PowerQuestion { seconds: 2.0 * s, ..new };
            let [a, b, c] = [new, aged, longer].map(|q| power_at(&cell, &q));
            for k in 0..2 {
                prop_assert!(a[k].power_w.is_finite() && a[k].power_w >= 0.0);
                prop_assert!(b[k].current_a <= a[k].current_a * (1.0 + 1e-12));
                prop_assert!(c[k].current_a <= a[k].current_a * (1.0 + 1e-12));
            }
            prop_assert!(b[0].power_w <= a[0].power_w * (1.0 + 1e-12));
        }
    }
}
