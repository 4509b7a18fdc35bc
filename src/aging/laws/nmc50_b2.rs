//! NMC-graphite, large automotive pouch cell "B2" of 50 Ah (Gasper et al. 2023, doi 10.1016/j.est.2023.109042, as
//! coded in BLAST-Lite 1.1.1; exact composition undisclosed). `T35 = T/308.15 K`, `Un = Ua/0.123 V`.
//!
//! * calendar, LLI: `y = k x^0.584`, `k = 12 exp(-3.91 T35^-3 Un^(1/3))`, `x = t/1e4` days
//! * cycle, LLI: `y = k x^0.907`, `x = N/1e4` EFC,
//!   `k = 2.2e9 (D T35^-3 C^0.5)^11.9 exp(-35.7 D T35^-2 C^0.5) exp(13.7 D^2 T35^-3 C)`
//!
//! `C` is held at 1.75 1/h, the fastest of the tests: beyond, the last factor runs away. No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;

/// Fastest rate of the tests \[1/h\].
const MOST_C: f64 = 1.75;

/// The equations.
pub struct Nmc50B2;

impl Equations for Nmc50B2 {
    const NAME: &'static str = "nmc50_b2";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 12.0, ""),
        number("calendar_ua", 3.91, ""),
        number("calendar_p", 0.584, ""),
        number("cycle_k", 2.2e9, ""),
        number("cycle_stress_p", 11.9, ""),
        number("cycle_stress", -35.7, ""),
        number("cycle_stress2", 13.7, ""),
        number("cycle_p", 0.907, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1e4), shape: Shape::Power(p[2]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1e4), shape: Shape::Power(p[7]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        let t35 = t / 308.15;
        let un = graphite::potential(soc) / 0.123;
        Rate::ln(p[0].ln() - p[1] * un.cbrt() / (t35 * t35 * t35))
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        let t35 = c.temperature_k / 308.15;
        let stress = c.depth * c.c_rate.min(MOST_C).sqrt();
        let (t2, t3) = (t35.powi(2), t35.powi(3));
        Rate::ln(p[3].ln() + p[4] * (stress / t3).ln() + p[5] * stress / t2 + p[6] * stress * stress / t3)
    }
}
