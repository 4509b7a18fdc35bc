//! LFP-graphite, large prismatic cells above 250 Ah (Gasper et al. 2023, doi 10.1016/j.est.2023.109042, as coded in
//! BLAST-Lite 1.1.1).
//!
//! * calendar, LLI: `y = k t^0.526`, `k = 8.37e4 exp(-5210/T) exp(-3560 Ua/T)`, `t` in days
//! * cycle, LLI: `y = k N^0.828`, `k = (4.38e-8 + 1.55e-8 D + 1.68e-7 C)(exp(2190/T) + exp(-1.55e5/T))`, `N` in EFC
//!
//! Cycling loss falls with temperature, calendar loss rises. No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;

/// The equations.
pub struct LfpPrismatic250;

impl Equations for LfpPrismatic250 {
    const NAME: &'static str = "lfp_prismatic250";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 8.37e4, "1/day^p"),
        number("calendar_t", 5210.0, "K"),
        number("calendar_ua", 3560.0, "K/V"),
        number("calendar_p", 0.526, ""),
        number("cycle_k", 4.38e-8, ""),
        number("cycle_k_depth", 1.55e-8, ""),
        number("cycle_k_rate", 1.68e-7, "h"),
        number("cycle_t_cold", 2190.0, "K"),
        number("cycle_t_hot", 1.55e5, "K"),
        number("cycle_p", 0.828, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1.0), shape: Shape::Power(p[3]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1.0), shape: Shape::Power(p[9]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        Rate::ln(p[0].ln() - (p[1] + p[2] * graphite::potential(soc)) / t)
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        let t = c.temperature_k;
        Rate::of((p[4] + p[5] * c.depth + p[6] * c.c_rate) * ((p[7] / t).exp() + (-p[8] / t).exp()))
    }
}
