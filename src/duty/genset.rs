//! Generator with an engine.

use serde::Deserialize;

/// An entry of the `gensets` category.
///
/// Fuel in an hour `F0 P_rated + F1 P` \[L/h\] at a power `P` \[kW\], the straight line of Skarstein and Uhlen 1989 (Wind
/// Engineering 13, 72) that most sizing programs use.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GensetSpec {
    /// Name for people.
    pub title: String,
    /// Fuel at no load over rating, `F0` \[L/h per kW\].
    pub fuel_no_load_l_per_kwh: f64,
    /// Fuel over power, `F1` \[L/kWh\].
    pub fuel_slope_l_per_kwh: f64,
    /// Least load over rating that the engine bears.
    pub least_load_share: f64,
}

impl GensetSpec {
    /// Fuel in an hour at a power, for a rating \[L/h\].
    #[inline]
    pub fn fuel_l_per_h(&self, kw: f64, rating_kw: f64) -> f64 {
        self.fuel_no_load_l_per_kwh * rating_kw + self.fuel_slope_l_per_kwh * kw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fuel_is_a_straight_line() {
        let set = GensetSpec {
            title: "t".into(),
            fuel_no_load_l_per_kwh: 0.08,
            fuel_slope_l_per_kwh: 0.25,
            least_load_share: 0.3,
        };
        assert!((set.fuel_l_per_h(0.0, 10.0) - 0.8).abs() < 1e-12 && (set.fuel_l_per_h(6.0, 10.0) - 2.3).abs() < 1e-12);
    }
}
