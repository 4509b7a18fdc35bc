//! How the highest rates shrink in the cold and in the heat.

use super::{CellSpec, ZERO_CELSIUS_K};

/// Factors on the highest rates of charge and discharge over temperature.
#[derive(Clone, Debug)]
pub(crate) struct Derating {
    temperature_k: Vec<f64>,
    charge: Vec<f64>,
    discharge: Vec<f64>,
    /// Temperatures between which nothing is derated \[K\].
    full_k: [f64; 2],
}

impl Derating {
    /// From a checked entry.
    pub fn new(spec: &CellSpec) -> Self {
        let temperature_k: Vec<f64> = spec.derating_temperature_c.iter().map(|t| t + ZERO_CELSIUS_K).collect();
        let full: Vec<f64> = (0..temperature_k.len())
            .filter(|&k| spec.derating_charge[k] == 1.0 && spec.derating_discharge[k] == 1.0)
            .map(|k| temperature_k[k])
            .collect();
        let full_k = match (&full[..], temperature_k.is_empty()) {
            (_, true) => [f64::NEG_INFINITY, f64::INFINITY],
            ([first, .., last], _) => [*first, *last],
            _ => [f64::INFINITY, f64::NEG_INFINITY],
        };
        let (charge, discharge) = (spec.derating_charge.clone(), spec.derating_discharge.clone());
        Derating { temperature_k, charge, discharge, full_k }
    }

    /// Least factors `(charge, discharge)` of units between two temperatures \[K\]: as the factors rise and then fall,
    /// the least is at one of the ends.
    pub fn least(&self, cold_k: f64, hot_k: f64) -> (f64, f64) {
        if cold_k >= self.full_k[0] && hot_k <= self.full_k[1] {
            return (1.0, 1.0);
        }
        let at = |factors: &[f64], t: f64| crate::numeric::table::interpolate(&self.temperature_k, factors, t);
        let least = |factors: &[f64]| at(factors, cold_k).min(at(factors, hot_k));
        (least(&self.charge), least(&self.discharge))
    }
}

/// What is wrong with an entry's factors: the field, the value and what is allowed.
pub(super) fn fault(spec: &CellSpec) -> Option<(&'static str, f64, &'static str)> {
    let knots = &spec.derating_temperature_c;
    let fields = [("derating_charge", &spec.derating_charge), ("derating_discharge", &spec.derating_discharge)];
    if knots.windows(2).any(|w| w[1].partial_cmp(&w[0]) != Some(std::cmp::Ordering::Greater)) {
        return Some(("derating_temperature_c", knots.len() as f64, "temperatures that rise"));
    }
    for (field, factors) in fields {
        if factors.len() != knots.len() {
            return Some((field, factors.len() as f64, "as many factors as temperatures"));
        }
        if let Some(&bad) = factors.iter().find(|f| !(0.0..=1.0).contains(*f)) {
            return Some((field, bad, "0 to 1"));
        }
        let falls = factors.windows(2).position(|w| w[1] < w[0]).unwrap_or(factors.len());
        if let Some(k) = (falls..factors.len().saturating_sub(1)).find(|&k| factors[k + 1] > factors[k]) {
            return Some((field, factors[k + 1], "factors that rise and then fall"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::fixture;

    #[test]
    fn the_coldest_or_the_hottest_unit_decides() {
        let mut spec = fixture::spec();
        spec.derating_temperature_c = vec![0.0, 20.0, 45.0, 60.0];
        spec.derating_charge = vec![0.0, 1.0, 1.0, 0.0];
        spec.derating_discharge = vec![0.5, 1.0, 1.0, 0.2];
        assert_eq!(fault(&spec), None);
        let derating = Derating::new(&spec);
        let k = |c: f64| c + ZERO_CELSIUS_K;
        assert_eq!(derating.least(k(25.0), k(30.0)), (1.0, 1.0));
        let (charge, discharge) = derating.least(k(10.0), k(48.0));
        assert!((charge - 0.5).abs() < 1e-12 && (discharge - 0.75).abs() < 1e-12);
        assert_eq!(derating.least(k(-20.0), k(-20.0)), (0.0, 0.5));
    }

    #[test]
    fn factors_with_two_tops_are_refused() {
        let mut spec = fixture::spec();
        spec.derating_temperature_c = vec![0.0, 20.0, 40.0, 60.0];
        spec.derating_charge = vec![0.1, 0.9, 0.5, 0.8];
        spec.derating_discharge = vec![1.0; 4];
        assert_eq!(fault(&spec), Some(("derating_charge", 0.8, "factors that rise and then fall")));
        spec.derating_charge.pop();
        assert_eq!(fault(&spec).map(|f| f.0), Some("derating_charge"));
    }
}
