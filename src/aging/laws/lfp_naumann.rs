//! LFP-graphite, Sony US26650FTC1 of 3 Ah (Naumann et al. 2018, doi 10.1016/j.est.2018.01.019, and 2020, doi
//! 10.1016/j.jpowsour.2019.227666). Capacity and resistance, calendar and cycle, each with its own factors.
//! `A(E) = exp(-E/R (1/T - 1/298.15 K))`, `R = 8.3144598 J/(mol K)`.
//!
//! * calendar, LLI: `y = 1.2571e-5 A(17126) (2.8575 (s - 0.5)^3 + 0.60225) t^0.5`, `t` in seconds
//! * cycle, LLI: `y = (0.0630 C + 0.0971)(4.0253 (D - 0.6)^3 + 1.0923) N^0.5 / 100`, `N` in EFC
//! * calendar, resistance: `y = 3.4194e-10 A(71827)(-3.3903 (s - 0.5)^2 + 1.5604) t`, `t` in seconds
//! * cycle, resistance: `y = (-0.0020 C + 0.0021)(6.8477 (D - 0.5)^3 + 0.91882) N / 100`
//!
//! The rate factor of the cycle resistance is held at zero, which it crosses at 1.05 1/h: cycles do not give resistance
//! back. In time the printed unit is 1/s^0.5 and 1/s; `Driver::Days` takes both per day.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};

const GAS: f64 = 8.314_459_8;
const DAY_S: f64 = 86_400.0;

/// The equations.
pub struct LfpNaumann;

impl Equations for LfpNaumann {
    const NAME: &'static str = "lfp_naumann";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 1.2571e-5, "1/s^p"),
        number("calendar_ea", 17_126.0, "J/mol"),
        number("calendar_soc3", 2.8575, ""),
        number("calendar_soc0", 0.60225, ""),
        number("calendar_p", 0.5, ""),
        number("cycle_rate", 0.0630, "h"),
        number("cycle_0", 0.0971, ""),
        number("cycle_depth3", 4.0253, ""),
        number("cycle_depth0", 1.0923, ""),
        number("cycle_p", 0.5, ""),
        number("calendar_r_k", 3.4194e-10, "1/s"),
        number("calendar_r_ea", 71_827.0, "J/mol"),
        number("calendar_r_soc2", -3.3903, ""),
        number("calendar_r_soc0", 1.5604, ""),
        number("cycle_r_rate", -0.0020, "h"),
        number("cycle_r_0", 0.0021, ""),
        number("cycle_r_depth3", 6.8477, ""),
        number("cycle_r_depth0", 0.91882, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        let (days, efc) = (Driver::Days(1.0), Driver::Efc(1.0));
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: days, shape: Shape::Power(p[4]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: efc, shape: Shape::Power(p[9]) },
            Mechanism { name: "calendar resistance", path: Path::Resistance, driver: days, shape: Shape::Linear },
            Mechanism { name: "cycle resistance", path: Path::Resistance, driver: efc, shape: Shape::Linear },
        ]
    }

    #[inline]
    fn time(p: &[f64], mechanism: usize, t: f64, soc: f64) -> Rate {
        let (per_k, from_half) = (1.0 / t - 1.0 / 298.15, soc - 0.5);
        if mechanism == 0 {
            let of_soc = p[2] * from_half.powi(3) + p[3];
            return Rate::ln((p[0] * DAY_S.powf(p[4]) * of_soc.max(0.0)).ln() - p[1] / GAS * per_k);
        }
        let of_soc = p[12] * from_half * from_half + p[13];
        Rate::ln((p[10] * DAY_S * of_soc.max(0.0)).ln() - p[11] / GAS * per_k)
    }

    fn cycle(p: &[f64], mechanism: usize, c: &CycleStress) -> Rate {
        if mechanism == 1 {
            return Rate::of(0.01 * (p[5] * c.c_rate + p[6]) * (p[7] * (c.depth - 0.6).powi(3) + p[8]));
        }
        Rate::of(0.01 * (p[14] * c.c_rate + p[15]).max(0.0) * (p[16] * (c.depth - 0.5).powi(3) + p[17]))
    }
}
