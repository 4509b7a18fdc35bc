//! NMC622-graphite, DENSO 50 Ah (Smith et al. 2021, doi 10.1149/1945-7111/ac2ebd, as cut down in BLAST-Lite 1.1.1).
//! `A(E) = exp(-E/R (1/T - 1/298.15 K))`, `R = 8.3144 J/(mol K)`.
//!
//! * calendar, LLI: `y = b t^0.5`, `t` in days,
//!   `b = A(37000)(-0.000197 + 0.0101 s - 0.0157 s^2 + 0.00835 s^3 - 4.06e-6 s T + 3.32e-5 max(0, T - 328.15))`
//! * cycle, LLI: `y = 0.985 b (max(0, 3.24 A(-58000) u (1 + 2.1 s) - 0.099) + 1.44 A(-13000) D^6) N^0.5`, `N` in EFC,
//!   `u = (D Cchg)^0.5`, with the mean of both rates where nothing was charged
//!
//! `b` is held at zero, which it crosses below 2.4 % SoC. The break-in terms of the paper are off, as in BLAST-Lite. Its
//! ceiling for windows that lose more than 1 % is not taken over. No resistance was published.

use super::number;
use crate::aging::{CycleStress, Driver, Equations, Mechanism, Parameter, Path, Rate, Shape};
use crate::numeric::exponential::exp;

const GAS: f64 = 8.3144;

/// The equations.
pub struct Nmc622Denso;

/// `ln A(E)`.
#[inline]
fn arrhenius(ea: f64, t: f64) -> f64 {
    -ea / GAS * (1.0 / t - 1.0 / 298.15)
}

/// `ln b`.
#[inline]
fn calendar(p: &[f64], t: f64, s: f64) -> f64 {
    let of_soc = p[1] + s * (p[2] + p[5] * t + s * (p[3] + s * p[4])) + p[6] * (t - 328.15).max(0.0);
    of_soc.max(0.0).ln() + arrhenius(p[0], t)
}

impl Equations for Nmc622Denso {
    const NAME: &'static str = "nmc622_denso";
    const PARAMETERS: &'static [Parameter] = &[
        number("calendar_ea", 37_000.0, "J/mol"),
        number("calendar_0", -0.000197, "1/day^p"),
        number("calendar_soc", 0.0101, "1/day^p"),
        number("calendar_soc2", -0.0157, "1/day^p"),
        number("calendar_soc3", 0.00835, "1/day^p"),
        number("calendar_soc_t", -4.06e-6, "1/(K day^p)"),
        number("calendar_hot", 3.32e-5, "1/(K day^p)"),
        number("calendar_p", 0.5, ""),
        number("cycle_k", 0.985, ""),
        number("cycle_charge", 3.24, "h^0.5"),
        number("cycle_charge_ea", -58_000.0, "J/mol"),
        number("cycle_charge_soc", 2.1, ""),
        number("cycle_charge_0", -0.099, ""),
        number("cycle_depth", 1.44, ""),
        number("cycle_depth_ea", -13_000.0, "J/mol"),
        number("cycle_p", 0.5, ""),
    ];

    fn mechanisms(p: &[f64]) -> Vec<Mechanism> {
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(1.0), shape: Shape::Power(p[7]) },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1.0), shape: Shape::Power(p[15]) },
        ]
    }

    #[inline]
    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        Rate::ln(calendar(p, t, soc))
    }

    fn cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
        let (t, s) = (c.temperature_k, c.mean_soc);
        let rate = if c.c_charge > 0.0 { c.c_charge } else { c.c_rate };
        let u = (c.depth * rate).sqrt();
        let charge = p[9] * exp(arrhenius(p[10], t)) * u * (1.0 + p[11] * s) + p[12];
        let depth = p[13] * exp(arrhenius(p[14], t)) * c.depth.powi(6);
        Rate::ln(calendar(p, t, s) + (p[8] * (charge.max(0.0) + depth)).ln())
    }
}
