//! NMC111-graphite, 75 Ah pouch (Smith et al. 2017, American Control Conference, as coded in BLAST-Lite 1.1.1).
//! Lithium and active material are lost separately; the scarcer limits capacity, which makes a knee.
//! `T35 = T/308.15 K`, `Un = Ua/0.123 V`.
//!
//! * calendar, LLI: `y = k t^0.357`, `k = 2.66e7 exp(-17.8/T35) exp(-5.21 Un/T35)`, `t` in days
//! * cycle, LLI: `y = k N^0.778`, `k = 3.80e3 exp(-18.4/T35) exp(1.04 exp(D^2))`, `N` in EFC
//! * cycle, LAM: `y = tanh((N/q5)^10 / 2)`, `q5 = 1e4 + 153 (T - 55 degC) D s/0.6`; material reserve 0.01
//!
//! The published resistance part triples resistance in ten years on the shelf and is not used; the ratio 1.4 of gain
//! to capacity loss (Lam et al. 2024, Joule, one NMC type) is assumed instead. `q5` is held above 200 cycles, which it
//! would cross only far outside the fitted range.

use super::accumulate;
use crate::aging::graphite;
use crate::aging::law::{CycleStress, FittedRange, Law, Mechanism, Path, ResistanceGrowth, Shape};
use crate::numeric::exponential::exp;

const CALENDAR_P: f64 = 0.357;
const CYCLE_P: f64 = 0.778;
const LEAST_Q5: f64 = 200.0;

/// The law.
pub const LAW: Law = Law {
    name: "nmc_kokam",
    title: "NMC111-graphite, 75 Ah pouch, LLI and LAM (Smith 2017)",
    source: "Smith et al. 2017, American Control Conference, IEEE document 7963578; parameters as in BLAST-Lite 1.1.1, resistance replaced",
    mechanisms: &[
        Mechanism { name: "calendar", path: Path::Lli, shape: Shape::Power(CALENDAR_P) },
        Mechanism { name: "cycle", path: Path::Lli, shape: Shape::Power(CYCLE_P) },
        Mechanism { name: "material", path: Path::Lam, shape: Shape::Sigmoid(10.0) },
    ],
    lam_reserve: 0.01,
    resistance: ResistanceGrowth::AssumedRatio(1.4),
    range: FittedRange { temperature_c: [0.0, 45.0], depth: [0.8, 1.0], c_rate: [0.0, 1.0] },
    time_damage,
    cycle_damage,
};

fn time_damage(t_k: &[f64], soc: &[f64], days: f64, z: &mut [Vec<f64>]) {
    let ln_k = 2.66e7_f64.ln();
    accumulate(t_k, soc, days, &mut z[0], |t, s| {
        let t35 = t / 308.15;
        let un = graphite::potential(s) / 0.123;
        exp((ln_k - (17.8 + 5.21 * un) / t35) / CALENDAR_P)
    });
}

fn cycle_damage(c: &CycleStress) -> [f64; Law::MAX_MECHANISMS] {
    let t35 = c.temperature_k / 308.15;
    let k = 3.80e3 * (-18.4 / t35).exp() * (1.04 * (c.depth * c.depth).exp()).exp();
    let q5 = 1e4 + 153.0 * (c.temperature_k - 273.15 - 55.0) * c.depth * c.mean_soc / 0.6;
    [0.0, k.powf(1.0 / CYCLE_P) * c.efc, c.efc / q5.max(LEAST_Q5)]
}
