//! NMC-graphite, large automotive pouch cell "B1" of 50 Ah (Gasper et al. 2023, doi 10.1016/j.est.2023.109042, as
//! coded in BLAST-Lite 1.1.1; exact composition undisclosed). `T35 = T/308.15 K`, `Un = Ua/0.123 V`.
//!
//! * calendar, LLI: `y = k x^0.708`, `k = 36.2 exp(-4.4 T35^-3 Un^(1/3))`, `x = t/1e4` days
//! * cycle, LLI: `y = k x^0.467`, `k = 0.844 (D^2 T35^3 C^0.5)^0.458`, `x = N/1e5` EFC
//!
//! No resistance was published: the ratio 1.4 of resistance gain to capacity loss (one NMC type stored at 24 degC and
//! full charge, Lam et al. 2024, Joule) is assumed.

use super::accumulate;
use crate::aging::graphite;
use crate::aging::law::{CycleStress, FittedRange, Law, Mechanism, Path, ResistanceGrowth, Shape};
use crate::numeric::exponential::exp;

const CALENDAR_P: f64 = 0.708;
const CYCLE_P: f64 = 0.467;

/// The law.
pub const LAW: Law = Law {
    name: "nmc50_b1",
    title: "NMC-graphite, large automotive pouch B1 (Gasper 2023)",
    source: "Gasper et al. 2023, doi 10.1016/j.est.2023.109042; parameters as in BLAST-Lite 1.1.1",
    mechanisms: &[
        Mechanism { name: "calendar", path: Path::Lli, shape: Shape::Power(CALENDAR_P) },
        Mechanism { name: "cycle", path: Path::Lli, shape: Shape::Power(CYCLE_P) },
    ],
    lam_reserve: 0.0,
    resistance: ResistanceGrowth::AssumedRatio(1.4),
    range: FittedRange { temperature_c: [10.0, 45.0], depth: [0.8, 1.0], c_rate: [0.0, 1.75] },
    time_damage,
    cycle_damage,
};

fn time_damage(t_k: &[f64], soc: &[f64], days: f64, z: &mut [Vec<f64>]) {
    let ln_k = 36.2_f64.ln();
    accumulate(t_k, soc, days / 1e4, &mut z[0], |t, s| {
        let t35 = t / 308.15;
        let un = graphite::potential(s) / 0.123;
        exp((ln_k - 4.4 * un.cbrt() / (t35 * t35 * t35)) / CALENDAR_P)
    });
}

fn cycle_damage(c: &CycleStress) -> [f64; Law::MAX_MECHANISMS] {
    let t35 = c.temperature_k / 308.15;
    let k = 0.844 * (c.depth * c.depth * t35.powi(3) * c.c_rate.sqrt()).powf(0.458);
    [0.0, k.powf(1.0 / CYCLE_P) * c.efc / 1e5, 0.0]
}
