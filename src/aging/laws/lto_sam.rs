//! LMO-LTO, cells of the Toshiba SCiB kind on data of Idaho National Laboratory, the law of the System Advisor Model
//! (SSC, life model "LMO/LTO"; no paper is named there).
//!
//! * calendar, LLI: `y = k t^0.6224`, `k = 3.4984e-5 exp(s^0.5 (-1.0704e9/T^3 + 3.7839e6/T^2))`, `t` in days
//! * cycle, LLI: `y = k N^0.5539`, `k = -7.146e-4 + 1.071e-13 T^4 D^0.25`, held at zero, `N` in EFC
//!
//! At 25 degC cycles shallower than 0.51 cost nothing. SAM takes the first day's `N` as 1 whatever passed; here it is
//! what passed.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};

/// The equations.
pub struct LtoSam;

impl Equations for LtoSam {
    const NAME: &'static str = "lto_sam";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 3.4984e-5, "1/day^p"),
        number("calendar_t3", -1.0704e9, "K^3"),
        number("calendar_t2", 3.7839e6, "K^2"),
        number("calendar_p", 0.6224, ""),
        number("cycle_0", -7.146e-4, ""),
        number("cycle_t4", 1.071e-13, "1/K^4"),
        number("cycle_p", 0.5539, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1.0), shape: Shape::Power(p[3]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1.0), shape: Shape::Power(p[6]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        Rate::ln(p[0].ln() + soc.sqrt() * (p[1] / t + p[2]) / (t * t))
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        Rate::of(p[4] + p[5] * c.temperature_k.powi(4) * c.depth.sqrt().sqrt())
    }
}
