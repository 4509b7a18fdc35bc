//! Inverter with part-load losses.

use serde::Deserialize;

/// An entry of the `converters` category.
///
/// `eta(p) = p / (p + p0 + k p^2)` with `p = P / P_rated` (Notton et al. 2010, doi 10.1016/j.renene.2009.07.013).
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConverterSpec {
    /// No-load loss over rating while converting.
    pub p0: f64,
    /// Quadratic loss over rating.
    pub k: f64,
    /// Consumption with no load \[W\], drawn in every hour.
    pub standby_w: f64,
    /// Efficiency of the DC/DC stage between array and bus.
    pub mppt_efficiency: f64,
}
