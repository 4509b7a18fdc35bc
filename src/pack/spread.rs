//! How packs and modules differ when new, and in how fast they age.

use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// Standard deviations of the differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Relative, capacity of a module when new.
    pub capacity_cv: f64,
    /// Relative, resistance of a module when new.
    pub resistance_cv: f64,
    /// ln of the factor on every loss shared by a pack's modules.
    pub rate_pack_ln_sd: f64,
    /// ln of the factor on every loss of one module.
    pub rate_module_ln_sd: f64,
    /// Temperature offset of a module inside the pack \[K\].
    pub temperature_offset_sd_k: f64,
}

/// Drawn differences of the modules of one pack.
#[derive(Clone, Debug, PartialEq)]
pub struct ModuleSpread {
    /// Capacity over nominal.
    pub capacity: Vec<f64>,
    /// Resistance over nominal.
    pub resistance: Vec<f64>,
    /// Factor on every loss; the median over packs is 1.
    pub rate: Vec<f64>,
    /// Temperature offset \[K\].
    pub offset_k: Vec<f64>,
}

impl Spread {
    /// Draws one pack. Normal draws are cut at three standard deviations: cells beyond that are sorted out when built.
    pub fn draw(&self, modules: usize, rng: &mut impl Rng) -> ModuleSpread {
        let pack = normal(rng) * self.rate_pack_ln_sd;
        let mut out = ModuleSpread { capacity: vec![], resistance: vec![], rate: vec![], offset_k: vec![] };
        for _ in 0..modules {
            out.capacity.push(1.0 + self.capacity_cv * normal(rng));
            out.resistance.push(1.0 + self.resistance_cv * normal(rng));
            out.rate.push((pack + self.rate_module_ln_sd * normal(rng)).exp());
            out.offset_k.push(self.temperature_offset_sd_k * normal(rng));
        }
        out
    }
}

fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample::<f64, _>(StandardNormal).clamp(-3.0, 3.0)
}
