//! Knees that a law does not have of itself: crossed by state, never by a clock.

/// A knee added to a law. Both kinds are driven by throughput; rest alone never advances them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KneeSpec {
    /// Which.
    pub kind: KneeKind,
    /// Loss of capacity at which plating sets in, or reserve of material that is used up first.
    pub threshold: f64,
    /// Standard deviation of the threshold between units.
    pub threshold_sd: f64,
    /// Equivalent full cycles (beyond the threshold for plating, since new for material) that take one capacity.
    pub efc_scale: f64,
    /// Power of the loss in throughput.
    pub power: f64,
}

/// Kinds of knee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KneeKind {
    /// Lithium plating: once the loss of capacity has passed the threshold, throughput takes lithium as
    /// `(n/efc_scale)^power`, with `n` the equivalent full cycles since.
    Plating,
    /// Loss of active material against a reserve: `(n/efc_scale)^power` from the first cycle on, which is not felt until
    /// it has used up the reserve and material is scarcer than lithium.
    Material,
}

/// Columns of a knee.
#[derive(Clone, Debug, Default)]
pub(super) struct KneeState {
    /// Equivalent full cycles that count, by unit.
    pub(super) efc: Vec<f64>,
    /// Threshold of each unit.
    pub(super) threshold: Vec<f64>,
}

impl KneeSpec {
    /// Thresholds of units from standard normal draws; never below a hundredth of a capacity.
    pub(super) fn thresholds(&self, draws: &[f64]) -> Vec<f64> {
        draws.iter().map(|z| (self.threshold + self.threshold_sd * z).max(0.01)).collect()
    }

    /// Loss at the counted throughput.
    #[inline]
    pub(super) fn loss(&self, efc: f64) -> f64 {
        (efc / self.efc_scale).powf(self.power)
    }
}
