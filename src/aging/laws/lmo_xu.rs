//! LMO-graphite after Xu et al. 2016 (IEEE Trans. Smart Grid 9 (2018) 1131, IEEE document 7488267).
//!
//! Damage adds up over rainflow cycles and time, `f = sum n S_d(d) S_s(s) S_T(T) + k_t t S_s(s) S_T(T)`, with
//!
//! * `S_d = 1 / (1.40e5 d^-0.501 - 1.23e5)`, `S_s = exp(1.04 (s - 0.5))`, `S_T = exp(0.0693 (T - 298.15) 298.15/T)`,
//!   `k_t = 4.14e-10 1/s`
//! * loss `y = 1 - 0.0575 exp(-121 f) - 0.9425 exp(-f)`, booked as loss of lithium
//!
//! Time and cycles share the damage, so the mechanism is driven by both: see [`Driver::DaysAndCycles`].

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::numeric::exponential::exp;

/// The equations.
pub struct LmoXu;

fn stress(p: &[f64], t_k: f64, soc: f64) -> f64 {
    p[3] * (soc - 0.5) + p[4] * (t_k - 298.15) * 298.15 / t_k
}

impl Equations for LmoXu {
    const NAME: &'static str = "lmo_xu";
    const PARAMETERS: &'static [Parameter] = &[
        number("depth_k", 1.40e5, ""),
        number("depth_p", -0.501, ""),
        number("depth_0", -1.23e5, ""),
        number("soc_k", 1.04, ""),
        number("temperature_k", 0.0693, "1/K"),
        number("time_k", 4.14e-10, "1/s"),
        number("film_share", 0.0575, ""),
        number("film_speed", 121.0, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![Mechanism {
            name: "damage",
            path: Path::Lli,
            driver: Driver::DaysAndCycles,
            shape: Shape::FilmAndLinear { a: p[6], b: p[7] },
        }]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        Rate::ln((86_400.0 * p[5]).ln() + stress(p, t, soc))
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        if c.depth < 1e-6 {
            return Rate::NONE;
        }
        Rate::of(exp(stress(p, c.temperature_k, c.mean_soc)) / (p[0] * c.depth.powf(p[1]) + p[2]))
    }
}
