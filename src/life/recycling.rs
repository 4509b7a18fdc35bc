//! Materials back from a pack, route by route.

use super::outcome::RecyclingOutcome;
use crate::economics::Materials;
use serde::Deserialize;

/// An entry of the `compositions` category \[kg per nameplate kWh of pack\].
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositionSpec {
    /// Followed materials \[kg/kWh\].
    pub materials_kg_per_kwh: Materials,
    /// Whole pack \[kg/kWh\].
    pub pack_kg_per_kwh: f64,
}

/// An entry of the `routes` category.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteSpec {
    /// Name for people.
    pub title: String,
    /// Share of each material recovered as a product, 0..=1.
    pub recovery: Materials,
    /// Cost of processing \[USD per kg of pack\].
    pub process_cost_usd_per_kg: f64,
    /// Emissions of processing \[kg CO2e per kg of pack\].
    pub process_co2_kg_per_kg: f64,
}

/// Materials back from one pack. What is not recovered is residue; the two add up to the mass of the pack.
pub(super) fn recycle(
    composition: &CompositionSpec,
    route: &RouteSpec,
    nominal_kwh: f64,
    pack_mass_kg: f64,
) -> RecyclingOutcome {
    let input = composition.materials_kg_per_kwh.values().map(|w| w * nominal_kwh);
    let recovery = route.recovery.values();
    let mut recovered = [0.0; 8];
    let mut lost = 0.0;
    for k in 0..8 {
        recovered[k] = input[k] * recovery[k];
        lost += input[k] * (1.0 - recovery[k]);
    }
    // Housing, polymers, electrolyte, oxygen: never followed by name, always residue.
    let other = pack_mass_kg - input.iter().sum::<f64>();
    RecyclingOutcome {
        mass_kg: pack_mass_kg,
        input_kg: Materials::from_values(input),
        recovered_kg: Materials::from_values(recovered),
        residue_kg: lost + other,
    }
}

/// Relative gap between what went in and what came out.
pub(super) fn mass_error(r: &RecyclingOutcome) -> f64 {
    (r.recovered_kg.values().iter().sum::<f64>() + r.residue_kg - r.mass_kg).abs() / r.mass_kg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mass_is_conserved_and_recovery_acts() {
        let composition = CompositionSpec {
            materials_kg_per_kwh: Materials { lithium: 0.1, nickel: 0.5, copper: 0.4, ..Materials::default() },
            pack_kg_per_kwh: 5.0,
        };
        let route = RouteSpec {
            title: "hydro".into(),
            recovery: Materials { lithium: 0.9, nickel: 0.98, ..Materials::default() },
            process_cost_usd_per_kg: 0.5,
            process_co2_kg_per_kg: 2.0,
        };
        let out = recycle(&composition, &route, 50.0, 300.0);
        assert!((out.recovered_kg.lithium - 4.5).abs() < 1e-12);
        assert!((out.recovered_kg.nickel - 24.5).abs() < 1e-12);
        assert_eq!(out.recovered_kg.copper, 0.0);
        assert!(mass_error(&out) < 1e-15);
        assert!((out.residue_kg - (300.0 - 29.0)).abs() < 1e-9);
    }
}
