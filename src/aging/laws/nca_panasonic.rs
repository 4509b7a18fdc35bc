//! NCA-graphite, Panasonic NCR18650B of 3.2 Ah (calendar: Keil et al. 2016, doi 10.1149/2.0411609jes; cycling: Preger et
//! al. 2020, doi 10.1149/1945-7111/abae37; as coded in BLAST-Lite 1.1.1).
//!
//! * calendar, LLI: `y = k t^0.512`, `k = 75.4 exp(-3340/T) exp(353 s/T)`, `t` in days
//! * cycle, LLI: `y = k N^0.699`, `k = 2 (1.86e-6 + 4.74e-11 C + 1.77e-4 D)`, `N` in EFC
//!
//! The cycle law was fitted with two exponentials of temperature whose constants came out as 1e-9 K: their sum is 2. The
//! factor of `C` has no effect either. No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};

/// The equations.
pub struct NcaPanasonic;

impl Equations for NcaPanasonic {
    const NAME: &'static str = "nca_panasonic";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 75.4, "1/day^p"),
        number("calendar_t", 3340.0, "K"),
        number("calendar_soc", 353.0, "K"),
        number("calendar_p", 0.512, ""),
        number("cycle_k", 1.86e-6, ""),
        number("cycle_k_rate", 4.74e-11, "h"),
        number("cycle_k_depth", 1.77e-4, ""),
        number("cycle_p", 0.699, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1.0), shape: Shape::Power(p[3]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1.0), shape: Shape::Power(p[7]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        Rate::ln(p[0].ln() - (p[1] - p[2] * soc) / t)
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        Rate::of(2.0 * (p[4] + p[5] * c.c_rate + p[6] * c.depth))
    }
}
