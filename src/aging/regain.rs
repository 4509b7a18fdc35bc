//! The reversible part of the loss: what a hard duty holds back and a mild one returns.

/// Reversible loss. It tends to `amplitude x min(1, C / c_reference)` with a time constant, where `C` is the day's mean
/// rate of charge while charging (zero on days without). After a hard first life, capacity comes back in the second:
/// 1.7 +- 0.9 points were measured at the change from fast charge to half a capacity an hour (Navidi et al. 2025,
/// doi 10.1016/j.etran.2025.100432).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegainSpec {
    /// Loss held back by a duty at the reference rate or above.
    pub amplitude: f64,
    /// Rate of charge from which the whole amplitude is held back \[1/h\].
    pub c_reference: f64,
    /// Time constant \[days\].
    pub time_constant_days: f64,
}

impl RegainSpec {
    /// The reversible loss after `days` at a rate of charge: exact for a constant one.
    #[inline]
    pub(super) fn advance(&self, held: f64, c_charge: f64, days: f64) -> f64 {
        let target = self.amplitude * (c_charge / self.c_reference).min(1.0);
        target + (held - target) * (-days / self.time_constant_days).exp()
    }
}
