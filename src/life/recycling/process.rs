//! The mass ledger of a route.

use super::{CompositionSpec, RouteSpec};
use crate::economics::{IN_CATHODE, Materials};
use crate::life::outcome::RecyclingOutcome;

/// Materials back from a mass of packs at a mean SoH. What is no product is residue; products, black mass and residue add
/// up to the mass of the packs and the lithium put into the cathode.
///
/// Iron phosphate is made where it is priced. Black mass is an intermediate: nothing in it counts as recovered.
pub(crate) fn recycle(
    composition: &CompositionSpec,
    route: &RouteSpec,
    iron_phosphate_priced: bool,
    nominal_kwh: f64,
    pack_mass_kg: f64,
    soh: f64,
) -> RecyclingOutcome {
    let input = composition.materials_kg_per_kwh.values().map(|w| w * nominal_kwh);
    let mut recovery = route.recovery;
    if route.lithium_by_soh {
        recovery.lithium *= soh.clamp(0.0, 1.0);
    }
    let recovery = recovery.values();
    let [mut sold, mut in_cathode, mut in_phosphate, mut in_black] = [[0.0; Materials::COUNT]; 4];
    let phosphate = if iron_phosphate_priced { route.iron_phosphate_recovery } else { 0.0 };
    let lithium = position("lithium");
    for k in 0..Materials::COUNT {
        sold[k] = input[k] * recovery[k];
        if IN_CATHODE[k] {
            in_cathode[k] = input[k] * route.cathode_recovery;
        }
        if ["iron", "phosphorus"].contains(&Materials::NAMES[k]) {
            in_phosphate[k] = input[k] * phosphate;
        }
        if IN_CATHODE[k] || ["graphite", "carbon_binder"].contains(&Materials::NAMES[k]) {
            in_black[k] = input[k] * route.black_mass_recovery;
        }
    }
    // An iron phosphate holds four atoms of oxygen to one of phosphorus; a cathode without phosphorus gives none.
    if input[position("phosphorus")] > 0.0 {
        in_phosphate[position("oxygen")] = input[position("oxygen")] * phosphate;
    }
    let mut added = 0.0;
    if route.lithium_make_up {
        // What aging took from the cathode is elsewhere in the cell and stays in the residue.
        let whole = in_cathode[lithium];
        in_cathode[lithium] = whole * soh.clamp(0.0, 1.0);
        added = whole - in_cathode[lithium];
    }
    let recovered: [f64; Materials::COUNT] = std::array::from_fn(|k| sold[k] + in_cathode[k] + in_phosphate[k]);
    let lost: f64 = (0..Materials::COUNT).map(|k| input[k] - recovered[k] - in_black[k]).sum();
    // Housing, wiring, coolant: never followed by name, always residue.
    let other = pack_mass_kg - input.iter().sum::<f64>();
    RecyclingOutcome {
        mass_kg: pack_mass_kg,
        soh,
        input_kg: Materials::from_values(input),
        recovered_kg: Materials::from_values(recovered),
        sold_kg: Materials::from_values(sold),
        cathode_kg: in_cathode.iter().sum::<f64>() + added,
        iron_phosphate_kg: in_phosphate.iter().sum(),
        black_kg: Materials::from_values(in_black),
        lithium_added_kg: added,
        residue_kg: lost + other,
        batches: Vec::new(),
    }
}

/// Relative gap between what went in and what came out, of elements and of products.
pub(crate) fn mass_error(r: &RecyclingOutcome) -> f64 {
    let black = r.black_kg.total();
    let elements = r.recovered_kg.total() + black + r.residue_kg - r.mass_kg;
    let products = r.sold_kg.total() + r.cathode_kg + r.iron_phosphate_kg + black + r.residue_kg;
    let open = elements.abs().max((products - r.mass_kg - r.lithium_added_kg).abs());
    open / r.mass_kg
}

fn position(name: &str) -> usize {
    Materials::NAMES.iter().position(|n| *n == name).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lfp() -> CompositionSpec {
        CompositionSpec {
            chemistry: "lfp".into(),
            materials_kg_per_kwh: Materials {
                lithium: 0.09,
                copper: 0.5,
                graphite: 1.0,
                iron: 0.7,
                phosphorus: 0.39,
                oxygen: 0.8,
                ..Materials::default()
            },
            pack_kg_per_kwh: 6.5,
        }
    }

    fn route() -> RouteSpec {
        RouteSpec {
            title: "t".into(),
            recovery: Materials { copper: 0.9, ..Materials::default() },
            cathode_recovery: 0.0,
            iron_phosphate_recovery: 0.0,
            black_mass_recovery: 0.0,
            lithium_by_soh: false,
            lithium_make_up: false,
            process_cost_usd_per_kg: 0.5,
            process_co2_kg_per_kg: 2.0,
        }
    }

    #[test]
    fn mass_is_conserved_and_recovery_acts() {
        let recovery = Materials { lithium: 0.9, copper: 0.9, ..Materials::default() };
        let out = recycle(&lfp(), &RouteSpec { recovery, ..route() }, true, 50.0, 400.0, 0.7);
        assert!((out.recovered_kg.lithium - 50.0 * 0.09 * 0.9).abs() < 1e-12);
        assert!((out.recovered_kg.copper - 22.5).abs() < 1e-12 && out.recovered_kg.graphite == 0.0);
        assert_eq!((out.cathode_kg, out.iron_phosphate_kg, out.black_kg.total()), (0.0, 0.0, 0.0));
        assert!((out.residue_kg - (400.0 - out.recovered_kg.total())).abs() < 1e-9);
        assert!(mass_error(&out) < 1e-15);
    }

    #[test]
    fn lithium_follows_the_state_where_the_route_says_so() {
        let recovery = Materials { lithium: 0.9, ..Materials::default() };
        let r = RouteSpec { recovery, lithium_by_soh: true, ..route() };
        assert!((recycle(&lfp(), &r, false, 10.0, 80.0, 0.7).sold_kg.lithium - 0.9 * 0.9 * 0.7).abs() < 1e-12);
    }

    #[test]
    fn a_cathode_is_one_product_and_its_lithium_is_made_up() {
        let r = RouteSpec { cathode_recovery: 0.9, lithium_make_up: true, ..route() };
        let out = recycle(&lfp(), &r, true, 10.0, 80.0, 0.8);
        let cathode = 0.9 * 10.0 * (0.09 + 0.7 + 0.39 + 0.8);
        assert!((out.cathode_kg - cathode).abs() < 1e-12, "whole again, whatever the state");
        assert!((out.lithium_added_kg - 0.2 * 0.9 * 0.9).abs() < 1e-12);
        assert!((out.recovered_kg.lithium - 0.8 * 0.9 * 0.9).abs() < 1e-12 && out.sold_kg.iron == 0.0);
        assert!(mass_error(&out) < 1e-15);
    }

    #[test]
    fn iron_phosphate_is_made_where_it_is_priced() {
        let r = RouteSpec { iron_phosphate_recovery: 0.9, ..route() };
        let made = recycle(&lfp(), &r, true, 10.0, 80.0, 0.8);
        assert!((made.iron_phosphate_kg - 9.0 * 1.89).abs() < 1e-12);
        assert_eq!(recycle(&lfp(), &r, false, 10.0, 80.0, 0.8).iron_phosphate_kg, 0.0);
        let mut oxide = lfp();
        (oxide.materials_kg_per_kwh.iron, oxide.materials_kg_per_kwh.phosphorus) = (0.0, 0.0);
        assert_eq!(recycle(&oxide, &r, true, 10.0, 80.0, 0.8).iron_phosphate_kg, 0.0);
    }

    #[test]
    fn black_mass_is_a_product_and_not_recovered() {
        let r = RouteSpec { black_mass_recovery: 0.9, ..route() };
        let out = recycle(&lfp(), &r, true, 10.0, 80.0, 0.8);
        assert!((out.black_kg.total() - 9.0 * (0.09 + 1.0 + 0.7 + 0.39 + 0.8)).abs() < 1e-12);
        assert!((out.recovered_kg.total() - 4.5).abs() < 1e-12 && mass_error(&out) < 1e-15);
    }

    proptest! {
        #[test]
        fn every_route_closes(
            kg in prop::array::uniform14(0.0..1.0f64),
            shares in prop::array::uniform14(0.0..1.0f64),
            cut in 0.0..1.0f64,
            soh in 0.2..1.1f64,
            flags in 0..16u8,
        ) {
            let composition = CompositionSpec {
                chemistry: "any".into(),
                materials_kg_per_kwh: Materials::from_values(kg),
                pack_kg_per_kwh: 15.0,
            };
            // The shares of one element over all products never pass one.
            let share = |bit: u8| if flags & bit > 0 { cut / 3.0 } else { 0.0 };
            let r = RouteSpec {
                recovery: Materials::from_values(shares.map(|s| s * (1.0 - cut))),
                cathode_recovery: share(1),
                iron_phosphate_recovery: share(2),
                black_mass_recovery: share(4),
                lithium_by_soh: flags & 8 > 0,
                lithium_make_up: flags & 1 > 0,
                ..route()
            };
            let out = recycle(&composition, &r, true, 40.0, 600.0, soh);
            prop_assert!(mass_error(&out) < 1e-12);
            prop_assert!(out.residue_kg > 0.0 && out.lithium_added_kg >= 0.0);
            let whole = out.recovered_kg.values().iter().zip(out.input_kg.values()).all(|(a, b)| *a <= b * (1.0 + 1e-12));
            prop_assert!(whole);
        }
    }
}
