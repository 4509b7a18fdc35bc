//! NMC-graphite, large automotive pouch cell "B1" of 50 Ah (Gasper et al. 2023, doi 10.1016/j.est.2023.109042, as
//! coded in BLAST-Lite 1.1.1; exact composition undisclosed). `T35 = T/308.15 K`, `Un = Ua/0.123 V`.
//!
//! * calendar, LLI: `y = k x^0.708`, `k = 36.2 exp(-4.4 T35^-3 Un^(1/3))`, `x = t/1e4` days
//! * cycle, LLI: `y = k x^0.467`, `k = 0.844 (D^2 T35^3 C^0.5)^0.458`, `x = N/1e5` EFC
//!
//! No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;

/// The equations.
pub struct Nmc50B1;

impl Equations for Nmc50B1 {
    const NAME: &'static str = "nmc50_b1";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 36.2, ""),
        number("calendar_ua", 4.4, ""),
        number("calendar_p", 0.708, ""),
        number("cycle_k", 0.844, ""),
        number("cycle_stress_p", 0.458, ""),
        number("cycle_p", 0.467, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1e4), shape: Shape::Power(p[2]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1e5), shape: Shape::Power(p[5]) },
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
        Rate::of(p[3] * (c.depth * c.depth * t35.powi(3) * c.c_rate.sqrt()).powf(p[4]))
    }
}
