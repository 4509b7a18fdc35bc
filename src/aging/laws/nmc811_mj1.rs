//! NMC811-graphite/silicon, LG INR18650MJ1 of 3.5 Ah (project EVERLASTING, deliverable D2.3, 2020, as coded in
//! BLAST-Lite 1.1.1).
//!
//! * calendar, LLI: `y = k t^0.743`, `k = 0.0353 exp(-1030/T) exp(57.7 s/T)`, `t` in days
//! * cycle, LLI: `y = k N^0.695`, `k = (1.77e-7 + 8.08e-13 C + 2.21e-7 D)(exp(2250/T) + exp(-1.14e4/T))`, `N` in EFC
//!
//! All cells were cycled between 0.1 and 0.9: the linear effect of depth is an assumption of the fit. The factor of `C`
//! and the second exponential have no effect. No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};

/// The equations.
pub struct Nmc811Mj1;

impl Equations for Nmc811Mj1 {
    const NAME: &'static str = "nmc811_mj1";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 0.0353, "1/day^p"),
        number("calendar_t", 1030.0, "K"),
        number("calendar_soc", 57.7, "K"),
        number("calendar_p", 0.743, ""),
        number("cycle_k", 1.77e-7, ""),
        number("cycle_k_rate", 8.08e-13, "h"),
        number("cycle_k_depth", 2.21e-7, ""),
        number("cycle_t_cold", 2250.0, "K"),
        number("cycle_t_hot", 1.14e4, "K"),
        number("cycle_p", 0.695, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1.0), shape: Shape::Power(p[3]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1.0), shape: Shape::Power(p[9]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        Rate::ln(p[0].ln() - (p[1] - p[2] * soc) / t)
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        let t = c.temperature_k;
        Rate::of((p[4] + p[5] * c.c_rate + p[6] * c.depth) * ((p[7] / t).exp() + (-p[8] / t).exp()))
    }
}
