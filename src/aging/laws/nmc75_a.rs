//! NMC-graphite, large automotive pouch cell "A" of 75 Ah for fast charging (Gasper et al. 2023, doi
//! 10.1016/j.est.2023.109042, as coded in BLAST-Lite 1.1.1; exact composition undisclosed). `T35 = T/308.15 K`,
//! `Un = Ua/0.123 V`.
//!
//! * calendar, LLI: `y = k x^0.578`, `k = 8.71e-7 exp(10 T35^3 Un^(-1/3))`, `x = t/1e3` days
//! * cycle, LLI: `y = k x^1.11`, `x = N/1e4` EFC,
//!   `k = 0.0267 + 1.64 T35^3 D^0.5 + 0.011 exp(C^2 T35^-0.5) - 0.44 exp(D^0.5 T35^2 C^0.5)`
//!
//! `k` falls as `C` rises, below zero for shallow cycles (depth under 0.1, 0.25 near 0 degC). There it is held at zero,
//! where BLAST-Lite takes the absolute value and lets the shallowest cycles cost most; in the fitted box it is positive.
//! `C` is held at 2 1/h, the fastest of the tests. No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;
use crate::numeric::exponential::exp;

/// Fastest rate of the tests \[1/h\].
const MOST_C: f64 = 2.0;

/// The equations.
pub struct Nmc75A;

impl Equations for Nmc75A {
    const NAME: &'static str = "nmc75_a";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 8.71e-7, ""),
        number("calendar_ua", 10.0, ""),
        number("calendar_p", 0.578, ""),
        number("cycle_0", 0.0267, ""),
        number("cycle_depth", 1.64, ""),
        number("cycle_rate", 0.011, ""),
        number("cycle_both", -0.44, ""),
        number("cycle_p", 1.11, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1e3), shape: Shape::Power(p[2]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1e4), shape: Shape::Power(p[7]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        let t35 = t / 308.15;
        let un = graphite::potential(soc) / 0.123;
        Rate::ln(p[0].ln() + p[1] * (t35 * t35 * t35) / un.cbrt())
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        let t35 = c.temperature_k / 308.15;
        let (depth, rate) = (c.depth.sqrt(), c.c_rate.min(MOST_C));
        let fast = p[5] * exp(rate * rate / t35.sqrt());
        Rate::of(p[3] + p[4] * t35.powi(3) * depth + fast + p[6] * exp(depth * t35.powi(2) * rate.sqrt()))
    }
}
