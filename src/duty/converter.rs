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
    /// Consumption in hours without load \[W\].
    pub standby_w: f64,
    /// Efficiency of the DC/DC stage between array and bus.
    pub mppt_efficiency: f64,
}

impl ConverterSpec {
    /// DC power drawn for an AC output, both \[kW\]: `ac + p0 R + k ac^2 / R`, zero for no output.
    #[inline]
    pub fn dc_for(&self, ac_kw: f64, rating_kw: f64) -> f64 {
        if ac_kw <= 0.0 {
            return 0.0;
        }
        ac_kw + self.p0 * rating_kw + self.k * ac_kw * ac_kw / rating_kw
    }

    /// AC output that a DC power carries \[kW\]: the inverse of [`ConverterSpec::dc_for`], zero below the no-load loss.
    #[inline]
    pub fn ac_from(&self, dc_kw: f64, rating_kw: f64) -> f64 {
        let net = dc_kw - self.p0 * rating_kw;
        if net <= 0.0 {
            return 0.0;
        }
        let k = self.k / rating_kw;
        2.0 * net / (1.0 + (1.0 + 4.0 * k * net).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTTON_2: ConverterSpec = ConverterSpec { p0: 0.0072, k: 0.0345, standby_w: 10.0, mppt_efficiency: 0.97 };

    /// Efficiencies of Notton's second curve as tabulated for 2, 5, 10, 20, 50 and 100 % of rating.
    #[test]
    fn published_efficiencies() {
        for (p, eta) in [(0.02, 0.735), (0.05, 0.873), (0.1, 0.930), (0.2, 0.959), (0.5, 0.969), (1.0, 0.960)] {
            assert!((p / NOTTON_2.dc_for(p, 1.0) - eta).abs() < 6e-4, "{p}");
        }
    }

    #[test]
    fn both_directions_agree() {
        for ac in [0.01, 0.3, 1.4] {
            let dc = NOTTON_2.dc_for(ac, 1.5);
            assert!((NOTTON_2.ac_from(dc, 1.5) - ac).abs() < 1e-12);
        }
        assert_eq!(NOTTON_2.ac_from(0.005, 1.5), 0.0);
    }
}
