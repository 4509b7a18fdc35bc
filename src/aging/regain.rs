//! The reversible part of the loss: what a hard duty holds back and a mild one returns.

/// Reversible loss, in two parts; hardness is the day's mean rate of charge over `c_reference`, at most 1, and zero on
/// days without charge.
///
/// * A hard duty holds back up to `amplitude x hardness`, whatever the loss: overhang, gradients. It fills and empties
///   with the time constant.
/// * A mild duty returns up to `knee_share x (1 - hardness)` of what a plating knee took: plated lithium that is still
///   in contact.
///
/// Capacity came back by 1.7 +- 0.9 points where fast-charged LFP cells went on to half a capacity an hour (Navidi et
/// al. 2025, doi 10.1016/j.etran.2025.100432). On the same cells what came back followed the loss behind the knee
/// (share about 0.35, time constant about 9 days) and not the rate of charge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegainSpec {
    /// Loss held back by a duty at the reference rate or above.
    pub amplitude: f64,
    /// Share of a plating knee's loss that a mild duty returns.
    pub knee_share: f64,
    /// Rate of charge from which a duty is wholly hard \[1/h\].
    pub c_reference: f64,
    /// Time constant \[days\].
    pub time_constant_days: f64,
}

/// Columns of the reversible loss.
#[derive(Clone, Debug, Default)]
pub(super) struct Reversible {
    /// Held back for now, by unit.
    pub(super) held: Vec<f64>,
    /// Returned of the knee's loss, by unit.
    pub(super) returned: Vec<f64>,
}

impl RegainSpec {
    /// Both parts after `days` at a rate of charge, given the knee's loss; exact for a constant duty.
    #[inline]
    pub(super) fn advance(&self, [held, returned]: [f64; 2], knee: f64, c_charge: f64, days: f64) -> [f64; 2] {
        let hardness = (c_charge / self.c_reference).min(1.0);
        let left = (-days / self.time_constant_days).exp();
        let towards = |from: f64, target: f64| target + (from - target) * left;
        [towards(held, self.amplitude * hardness), towards(returned, self.knee_share * knee * (1.0 - hardness))]
    }
}
