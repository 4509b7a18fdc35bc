//! NMC111-graphite, 75 Ah pouch (Smith et al. 2017, American Control Conference, as coded in BLAST-Lite 1.1.1).
//! Lithium and active material are lost separately; the scarcer limits capacity, which makes a knee.
//! `T35 = T/308.15 K`, `Un = Ua/0.123 V`.
//!
//! * calendar, LLI: `y = k t^0.357`, `k = 2.66e7 exp(-17.8/T35) exp(-5.21 Un/T35)`, `t` in days
//! * cycle, LLI: `y = k N^0.778`, `k = 3.80e3 exp(-18.4/T35) exp(1.04 exp(D^2))`, `N` in EFC
//! * cycle, LAM: `y = tanh((N/q5)^10 / 2)`, `q5 = 1e4 + 153 (T - 55 degC) D s/0.6`; material reserve 0.01
//!
//! The published resistance part triples resistance in ten years on the shelf and is not used. `q5` is held above 200
//! cycles, which it would cross only far outside the fitted range.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;

const LEAST_Q5: f64 = 200.0;

/// The equations.
pub struct NmcKokam;

impl Equations for NmcKokam {
    const NAME: &'static str = "nmc_kokam";
    const LAM_RESERVE: f64 = 0.01;
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_k", 2.66e7, "1/day^p"),
        number("calendar_t35", 17.8, ""),
        number("calendar_ua", 5.21, ""),
        number("calendar_p", 0.357, ""),
        number("cycle_k", 3.80e3, ""),
        number("cycle_t35", 18.4, ""),
        number("cycle_depth", 1.04, ""),
        number("cycle_p", 0.778, ""),
        number("material_efc", 1e4, ""),
        number("material_efc_per_k", 153.0, "1/K"),
        number("material_p", 10.0, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        let material = Shape::Sigmoid { limit: 1.0, power: p[10] };
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1.0), shape: Shape::Power(p[3]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1.0), shape: Shape::Power(p[7]) },
            Mechanism { name: "material", path: Path::Lam, driver: Driver::Efc(1.0), shape: material },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        let t35 = t / 308.15;
        let un = graphite::potential(soc) / 0.123;
        Rate::ln(p[0].ln() - (p[1] + p[2] * un) / t35)
    }

    fn cycle(p: &[f64], mechanism: usize, c: &CycleStress) -> Rate {
        let t35 = c.temperature_k / 308.15;
        if mechanism == 1 {
            return Rate::ln(p[4].ln() - p[5] / t35 + p[6] * (c.depth * c.depth).exp());
        }
        let q5 = p[8] + p[9] * (c.temperature_k - 273.15 - 55.0) * c.depth * c.mean_soc / 0.6;
        Rate::of(1.0 / q5.max(LEAST_Q5))
    }
}
