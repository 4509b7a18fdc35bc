//! LFP-graphite, large prismatic cells above 250 Ah (Gasper et al. 2023, doi 10.1016/j.est.2023.109042, as coded in
//! BLAST-Lite 1.1.1).
//!
//! * calendar, LLI: `y = k t^0.526`, `k = 8.37e4 exp(-5210/T) exp(-3560 Ua/T)`, `t` in days
//! * cycle, LLI: `y = k N^0.828`, `k = (4.38e-8 + 1.55e-8 D + 1.68e-7 C)(exp(2190/T) + exp(-1.55e5/T))`, `N` in EFC
//!
//! Cycling loss falls with temperature, calendar loss rises. No resistance was published: the ratio 1.2 of resistance
//! gain to capacity loss is the median of stored LFP cells in Lam et al. 2024 (Joule), assumed to hold here.

use super::accumulate;
use crate::aging::graphite;
use crate::aging::law::{CycleStress, FittedRange, Law, Mechanism, Path, ResistanceGrowth, Shape};
use crate::numeric::exponential::exp;

const CALENDAR_P: f64 = 0.526;
const CYCLE_P: f64 = 0.828;

/// The law.
pub const LAW: Law = Law {
    name: "lfp_prismatic250",
    title: "LFP-graphite, large prismatic (Gasper 2023)",
    source: "Gasper et al. 2023, doi 10.1016/j.est.2023.109042; parameters as in BLAST-Lite 1.1.1",
    mechanisms: &[
        Mechanism { name: "calendar", path: Path::Lli, shape: Shape::Power(CALENDAR_P) },
        Mechanism { name: "cycle", path: Path::Lli, shape: Shape::Power(CYCLE_P) },
    ],
    lam_reserve: 0.0,
    resistance: ResistanceGrowth::AssumedRatio(1.2),
    range: FittedRange { temperature_c: [10.0, 45.0], depth: [0.8, 1.0], c_rate: [0.0, 1.0] },
    time_damage,
    cycle_damage,
};

fn time_damage(t_k: &[f64], soc: &[f64], days: f64, z: &mut [Vec<f64>]) {
    let ln_k = 8.37e4_f64.ln();
    accumulate(t_k, soc, days, &mut z[0], |t, s| {
        exp((ln_k - (5210.0 + 3560.0 * graphite::potential(s)) / t) / CALENDAR_P)
    });
}

fn cycle_damage(c: &CycleStress) -> [f64; Law::MAX_MECHANISMS] {
    let t = c.temperature_k;
    let k = (4.38e-8 + 1.55e-8 * c.depth + 1.68e-7 * c.c_rate) * ((2190.0 / t).exp() + (-1.55e5 / t).exp());
    [0.0, k.powf(1.0 / CYCLE_P) * c.efc, 0.0]
}
