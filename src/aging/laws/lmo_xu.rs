//! LMO-graphite after Xu et al. 2016 (IEEE Trans. Smart Grid 9 (2018) 1131, IEEE document 7488267).
//!
//! Damage adds up over rainflow cycles and time, `f = sum n S_d(d) S_s(s) S_T(T) + k_t t S_s(s) S_T(T)`, with
//!
//! * `S_d = 1 / (1.40e5 d^-0.501 - 1.23e5)`, `S_s = exp(1.04 (s - 0.5))`, `S_T = exp(0.0693 (T - 298.15) 298.15/T)`,
//!   `k_t = 4.14e-10 1/s`
//! * loss `y = 1 - 0.0575 exp(-121 f) - 0.9425 exp(-f)`, booked as loss of lithium
//!
//! No resistance was published: a ratio of 1.4 of resistance gain to capacity loss is assumed. The range of
//! temperature is recalled, not read, and so an assumption.

use super::accumulate;
use crate::aging::law::{CycleStress, FittedRange, Law, Mechanism, Path, ResistanceGrowth, Shape};
use crate::numeric::exponential::exp;

/// The law.
pub const LAW: Law = Law {
    name: "lmo_xu",
    title: "LMO-graphite, additive damage (Xu 2016)",
    source: "Xu et al. 2016, IEEE document 7488267",
    mechanisms: &[Mechanism { name: "damage", path: Path::Lli, shape: Shape::FilmAndLinear { a: 0.0575, b: 121.0 } }],
    lam_reserve: 0.0,
    resistance: ResistanceGrowth::AssumedRatio(1.4),
    range: FittedRange { temperature_c: [10.0, 40.0], depth: [0.0, 1.0], c_rate: [0.0, 1.0] },
    time_damage,
    cycle_damage,
};

fn stress(t_k: f64, soc: f64) -> f64 {
    exp(1.04 * (soc - 0.5) + 0.0693 * (t_k - 298.15) * 298.15 / t_k)
}

fn time_damage(t_k: &[f64], soc: &[f64], days: f64, z: &mut [Vec<f64>]) {
    accumulate(t_k, soc, days * 86_400.0 * 4.14e-10, &mut z[0], stress);
}

fn cycle_damage(c: &CycleStress) -> [f64; Law::MAX_MECHANISMS] {
    if c.depth < 1e-6 {
        return [0.0; Law::MAX_MECHANISMS];
    }
    let depth_stress = 1.0 / (1.40e5 * c.depth.powf(-0.501) - 1.23e5);
    [c.count * depth_stress * stress(c.temperature_k, c.mean_soc), 0.0, 0.0]
}
