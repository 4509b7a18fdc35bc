//! How packs and modules differ when new, and in how fast they age.

use crate::aging::UnitFactors;
use crate::numeric::stream::cut_normal as normal;
use rand::Rng;

/// Standard deviations of the differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Relative, capacity of a module when new.
    pub capacity_cv: f64,
    /// Relative, resistance of a module when new.
    pub resistance_cv: f64,
    /// ln of the factor on every loss shared by a pack's modules.
    pub rate_pack_ln_sd: f64,
    /// ln of the factor on the losses of one module.
    pub rate_module_ln_sd: f64,
    /// Correlation of a module's factors on calendar loss and on cycle loss.
    pub calendar_cycle_correlation: f64,
    /// ln of the factor on the resistance gain of one module. It has the factor on the losses in it: only what is beyond
    /// that is drawn, so the correlation of loss and gain is `rate_module_ln_sd` over this.
    pub resistance_module_ln_sd: f64,
    /// Temperature offset of a module inside the pack \[K\].
    pub temperature_offset_sd_k: f64,
    /// ln of the factor on the self-discharge of one module.
    pub self_discharge_ln_sd: f64,
    /// The same of single cells around their module, where cells are simulated.
    pub cells: CellSpread,
}

/// Standard deviations of the cells of a module around its own values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CellSpread {
    /// Relative, capacity when new.
    pub capacity_cv: f64,
    /// Relative, resistance when new.
    pub resistance_cv: f64,
    /// ln of the factor on every loss.
    pub rate_ln_sd: f64,
    /// Temperature \[K\].
    pub temperature_sd_k: f64,
    /// ln of the factor on the self-discharge.
    pub self_discharge_ln_sd: f64,
}

/// Drawn differences of the modules of one pack.
#[derive(Clone, Debug, PartialEq)]
pub struct ModuleSpread {
    /// Capacity over nominal.
    pub capacity: Vec<f64>,
    /// Resistance over nominal.
    pub resistance: Vec<f64>,
    /// Factors on losses and gains; the medians over packs are 1.
    pub factors: UnitFactors,
    /// Temperature offset \[K\].
    pub offset_k: Vec<f64>,
    /// Self-discharge over that of the cell.
    pub self_discharge: Vec<f64>,
}

impl ModuleSpread {
    /// Modules that do not differ.
    pub fn none(modules: usize) -> Self {
        ModuleSpread {
            capacity: vec![1.0; modules],
            resistance: vec![1.0; modules],
            factors: UnitFactors::equal(modules),
            offset_k: vec![0.0; modules],
            self_discharge: vec![1.0; modules],
        }
    }

    /// Cells of the modules, `cells` of each, with differences of their own around those of their module.
    pub fn into_cells(self, cells: usize, spread: &CellSpread, rng: &mut impl Rng) -> Self {
        let mut out = ModuleSpread::none(0);
        for module in 0..self.capacity.len() {
            for _ in 0..cells {
                out.capacity.push(self.capacity[module] * (1.0 + spread.capacity_cv * normal(rng)));
                out.resistance.push(self.resistance[module] * (1.0 + spread.resistance_cv * normal(rng)));
                let rate = (spread.rate_ln_sd * normal(rng)).exp();
                out.factors.calendar.push(self.factors.calendar[module] * rate);
                out.factors.cycle.push(self.factors.cycle[module] * rate);
                out.factors.resistance.push(self.factors.resistance[module]);
                out.factors.knee.push(self.factors.knee[module]);
                out.offset_k.push(self.offset_k[module] + spread.temperature_sd_k * normal(rng));
                let leak = (spread.self_discharge_ln_sd * normal(rng)).exp();
                out.self_discharge.push(self.self_discharge[module] * leak);
            }
        }
        out
    }

    /// Multiplies every loss of every module.
    pub fn scale_losses(&mut self, by: f64) {
        self.factors.calendar.iter_mut().chain(&mut self.factors.cycle).for_each(|factor| *factor *= by);
    }
}

impl Spread {
    /// Draws one pack. Normal draws are cut at three standard deviations: cells beyond that are sorted out when built.
    pub fn draw(&self, modules: usize, rng: &mut impl Rng) -> ModuleSpread {
        let pack = normal(rng) * self.rate_pack_ln_sd;
        let own = (self.resistance_module_ln_sd.powi(2) - self.rate_module_ln_sd.powi(2)).max(0.0).sqrt();
        let mut factors = UnitFactors::equal(0);
        let mut out = ModuleSpread::none(0);
        for _ in 0..modules {
            out.capacity.push(1.0 + self.capacity_cv * normal(rng));
            out.resistance.push(1.0 + self.resistance_cv * normal(rng));
            let calendar = normal(rng);
            out.offset_k.push(self.temperature_offset_sd_k * normal(rng));
            let cycle = correlated(calendar, self.calendar_cycle_correlation, rng);
            let resistance = normal(rng);
            factors.calendar.push((pack + self.rate_module_ln_sd * calendar).exp());
            factors.cycle.push((pack + self.rate_module_ln_sd * cycle).exp());
            factors.resistance.push((own * resistance).exp());
            factors.knee.push(normal(rng));
        }
        out.factors = factors;
        // Drawn after all others, which were there before.
        out.self_discharge = (0..modules).map(|_| (self.self_discharge_ln_sd * normal(rng)).exp()).collect();
        out
    }
}

/// A standard normal draw with the given correlation to another.
fn correlated(with: f64, correlation: f64, rng: &mut impl Rng) -> f64 {
    correlation * with + (1.0 - correlation * correlation).max(0.0).sqrt() * normal(rng)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::stats::expected_highest;
    use crate::numeric::stream::{Purpose, Streams};

    fn spread(capacity_cv: f64) -> Spread {
        Spread {
            capacity_cv,
            resistance_cv: 0.0,
            rate_pack_ln_sd: 0.0,
            rate_module_ln_sd: 0.0,
            calendar_cycle_correlation: 0.0,
            resistance_module_ln_sd: 0.0,
            temperature_offset_sd_k: 0.0,
            self_discharge_ln_sd: 0.0,
            cells: CellSpread::default(),
        }
    }

    /// Mean over packs of the weakest of `n` groups over the mean of all, each the mean of `p` units.
    fn weakest(cv: f64, n: usize, p: usize, packs: u64) -> f64 {
        let of = |pack: u64| {
            let drawn = spread(cv).draw(n * p, &mut Streams::new(3, pack).stream(Purpose::ModuleSpread));
            let groups: Vec<f64> = drawn.capacity.chunks(p).map(|g| g.iter().sum::<f64>() / p as f64).collect();
            groups.iter().copied().fold(f64::INFINITY, f64::min) / (groups.iter().sum::<f64>() / n as f64)
        };
        (0..packs).map(of).sum::<f64>() / packs as f64
    }

    /// Usable over mean capacity of a top-balanced string is `1 - c a_n`: 1.63 (12), 2.21 (45), 2.49 (96). The cut at three
    /// standard deviations takes a little of the longest.
    #[test]
    fn the_weakest_of_a_string_follows_the_order_statistics() {
        let cv = 0.02;
        for (n, a, within) in [(12, 1.63, 0.03), (45, 2.21, 0.03), (96, 2.49, 0.05)] {
            let simulated = (1.0 - weakest(cv, n, 1, 1500)) / cv;
            assert!((expected_highest(n as u32) - a).abs() < 0.005);
            assert!((simulated - a).abs() < within, "{n}: {simulated}");
        }
        // Groups of p in parallel average first.
        let simulated = (1.0 - weakest(cv, 24, 4, 1500)) / (cv / 2.0);
        assert!((simulated - expected_highest(24)).abs() < 0.04, "{simulated}");
    }
}
