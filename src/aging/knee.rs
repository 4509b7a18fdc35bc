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
    /// Standard deviation of the logarithm of that number between units.
    pub efc_ln_sd: f64,
    /// Power of the loss in throughput.
    pub power: f64,
    /// Share of the throughput that counts when the rate of charge is nil; at `c_reference` and above all of it does, and
    /// in proportion between.
    pub mild_share: f64,
    /// Rate of charge from which all throughput counts \[1/h\].
    pub c_reference: f64,
}

impl KneeSpec {
    /// Throughput that counts of some at a rate of charge.
    #[inline]
    pub(super) fn counted(&self, efc: f64, c_charge: f64) -> f64 {
        let hardness = (c_charge / self.c_reference).min(1.0);
        efc * (self.mild_share + (1.0 - self.mild_share) * hardness)
    }
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
    /// Equivalent full cycles that take one capacity, by unit.
    pub(super) scale: Vec<f64>,
}

impl KneeState {
    /// New units with their draws.
    pub(super) fn new(knee: &KneeSpec, draws: &[f64]) -> Self {
        KneeState {
            efc: vec![0.0; draws.len()],
            threshold: draws.iter().map(|z| (knee.threshold + knee.threshold_sd * z).max(0.0)).collect(),
            scale: draws.iter().map(|z| knee.efc_scale * (knee.efc_ln_sd * z).exp()).collect(),
        }
    }

    /// Some of the units.
    pub(super) fn pick(&self, units: &[usize]) -> Self {
        let of = |column: &[f64]| if column.is_empty() { vec![] } else { units.iter().map(|&u| column[u]).collect() };
        KneeState { efc: of(&self.efc), threshold: of(&self.threshold), scale: of(&self.scale) }
    }

    /// Loss of a unit at its counted throughput.
    #[inline]
    pub(super) fn loss(&self, knee: &KneeSpec, unit: usize) -> f64 {
        (self.efc[unit] / self.scale[unit]).powf(knee.power)
    }
}
