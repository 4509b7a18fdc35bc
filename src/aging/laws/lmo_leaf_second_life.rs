//! LMO-graphite, half modules of the first Nissan Leaf in their second life (Braco et al., doi
//! 10.1016/j.est.2020.101695 and 10.1109/EEEIC/ICPSEUROPE54979.2022.9854784, as coded in BLAST-Lite 1.1.1).
//!
//! * calendar, LLI: `y = k t^0.464`, `k = 3.25e8 exp(-7580/T) exp(162 s/T)`, `t` in days
//! * cycle, LLI: `y = 7.58e-5 N^1.08`, one condition only: 25 degC, full depth, 1 1/h
//!
//! The tests began at 70 % of the capacity when new. Losses are relative to that start, and so are the full cycles: `N`
//! counts cycles of 46 Ah, 0.7 of the new module's.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};

/// Capacity at the start of the tests over new.
const START: f64 = 0.7;

/// The equations.
pub struct LmoLeafSecondLife;

impl Equations for LmoLeafSecondLife {
    const NAME: &'static str = "lmo_leaf_second_life";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 3.25e8, "1/day^p"),
        number("calendar_t", 7580.0, "K"),
        number("calendar_soc", 162.0, "K"),
        number("calendar_p", 0.464, ""),
        number("cycle_k", 7.58e-5, ""),
        number("cycle_p", 1.08, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1.0), shape: Shape::Power(p[3]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(START), shape: Shape::Power(p[5]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        Rate::ln(p[0].ln() - (p[1] - p[2] * soc) / t)
    }

    fn cycle(p: &[f64], _: usize, _: &CycleStress) -> Rate {
        Rate::of(p[4])
    }
}
