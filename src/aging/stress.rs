//! What a duty does to a unit.

/// A closed cycle (or a day, see [`super::Stress`]) as a unit saw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CycleStress {
    /// Depth, 0..=1 of the present capacity.
    pub depth: f64,
    /// Mean SoC.
    pub mean_soc: f64,
    /// Temperature, mean over the charge passed \[K\].
    pub temperature_k: f64,
    /// Rate, mean while current flows in either direction \[1/h\].
    pub c_rate: f64,
    /// Rate of charge, mean while charging \[1/h\]; zero where there was none.
    pub c_charge: f64,
    /// Rate of discharge, mean while discharging \[1/h\]; zero where there was none.
    pub c_discharge: f64,
    /// Root mean square of the open-circuit voltage over the samples of the cycle \[V\], where samples are at hand.
    /// Without it a law takes the mean over the charge between lowest and highest SoC.
    pub ocv_rms_v: Option<f64>,
    /// Equivalent full cycles on nominal capacity.
    pub efc: f64,
    /// 1 for a full cycle, 0.5 for a half.
    pub count: f64,
}

impl CycleStress {
    /// Lowest SoC.
    pub fn soc_low(&self) -> f64 {
        (self.mean_soc - 0.5 * self.depth).max(0.0)
    }

    /// Highest SoC.
    pub fn soc_high(&self) -> f64 {
        (self.mean_soc + 0.5 * self.depth).min(1.0)
    }
}
