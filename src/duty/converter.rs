//! Converter with part-load losses.

use serde::Deserialize;

/// An entry of the `converters` category.
///
/// Loss over rating `p0 + k1 p + k p^2` with `p = P / P_rated`, so `eta(p) = p / (p + p0 + k1 p + k p^2)`: the curve of Notton
/// et al. 2010 (doi 10.1016/j.renene.2009.07.013) with the linear term of Rampinelli et al. 2014 (doi
/// 10.1016/j.rser.2014.03.047). A constant efficiency `eta` is `k1 = 1 / eta - 1` with nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConverterSpec {
    /// No-load loss over rating while converting.
    pub p0: f64,
    /// Loss in proportion to the output.
    #[serde(default)]
    pub k1: f64,
    /// Quadratic loss over rating.
    pub k: f64,
    /// Consumption in hours without load \[W\].
    pub standby_w: f64,
    /// Efficiency of the DC/DC stage between array and bus.
    pub mppt_efficiency: f64,
}

impl ConverterSpec {
    /// A converter of one efficiency at any power, which draws nothing without load; its array stage loses nothing.
    pub fn constant(efficiency: f64) -> Self {
        ConverterSpec { p0: 0.0, k1: 1.0 / efficiency - 1.0, k: 0.0, standby_w: 0.0, mppt_efficiency: 1.0 }
    }

    /// DC power drawn for an AC output, both \[kW\]: `ac + p0 R + k1 ac + k ac^2 / R`, zero for no output.
    #[inline]
    pub fn dc_for(&self, ac_kw: f64, rating_kw: f64) -> f64 {
        if ac_kw <= 0.0 {
            return 0.0;
        }
        (1.0 + self.k1) * ac_kw + self.p0 * rating_kw + self.k * ac_kw * ac_kw / rating_kw
    }

    /// AC output that a DC power carries \[kW\]: the inverse of [`ConverterSpec::dc_for`], zero below the no-load loss.
    #[inline]
    pub fn ac_from(&self, dc_kw: f64, rating_kw: f64) -> f64 {
        let net = dc_kw - self.p0 * rating_kw;
        if net <= 0.0 {
            return 0.0;
        }
        let (k, linear) = (self.k / rating_kw, 1.0 + self.k1);
        2.0 * net / (linear + (linear * linear + 4.0 * k * net).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTTON_2: ConverterSpec =
        ConverterSpec { p0: 0.0072, k1: 0.0, k: 0.0345, standby_w: 10.0, mppt_efficiency: 0.97 };

    /// Efficiencies of Notton's second curve as tabulated for 2, 5, 10, 20, 50 and 100 % of rating.
    #[test]
    fn published_efficiencies() {
        for (p, eta) in [(0.02, 0.735), (0.05, 0.873), (0.1, 0.930), (0.2, 0.959), (0.5, 0.969), (1.0, 0.960)] {
            assert!((p / NOTTON_2.dc_for(p, 1.0) - eta).abs() < 6e-4, "{p}");
        }
    }

    #[test]
    fn both_directions_agree() {
        for spec in [NOTTON_2, ConverterSpec { k1: 0.02, ..NOTTON_2 }, ConverterSpec::constant(0.92)] {
            for ac in [0.01, 0.3, 1.4] {
                let dc = spec.dc_for(ac, 1.5);
                assert!((spec.ac_from(dc, 1.5) - ac).abs() < 1e-12);
            }
        }
        assert_eq!(NOTTON_2.ac_from(0.005, 1.5), 0.0);
    }

    #[test]
    fn a_linear_loss_is_a_constant_efficiency() {
        for ac in [0.001, 0.5, 3.0] {
            assert!((ac / ConverterSpec::constant(0.92).dc_for(ac, 1.0) - 0.92).abs() < 1e-12);
        }
    }
}
