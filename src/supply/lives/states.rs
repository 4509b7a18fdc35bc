//! SoH of what leaves.

use super::super::error::SupplyError;
use super::super::plan::Entry;
use super::super::retirement::{Fleet, NODES, States};
use crate::numeric::stats::normal_quantile;

/// Least and most SoH of a battery that is still one.
const LIMITS: [f64; 2] = [0.05, 1.02];

/// Straight fade with a normal rate: `SoH(a) = N(1 - fade a, fade_sd a)`, within limits.
pub fn closed(fade_per_year: f64, sd_per_year: f64, entry: Entry, years: usize) -> States {
    let scores: [f64; NODES] = std::array::from_fn(|q| normal_quantile((q as f64 + 0.5) / NODES as f64));
    let of_age = |k: usize| {
        let age = entry.mean_age(k);
        scores.map(|z| (1.0 - (fade_per_year - sd_per_year * z) * age).clamp(LIMITS[0], LIMITS[1]))
    };
    States::Shared((0..years).map(of_age).collect())
}

/// Refuses a population that cannot stand for packs.
pub fn check(fleet: &Fleet) -> Result<(), SupplyError> {
    let fail = |reason| Err(SupplyError::Fleet { fleet: fleet.name.clone(), reason });
    if fleet.paths.is_empty() {
        return fail("it has no pack");
    }
    for path in &fleet.paths {
        if path.soh.is_empty() || path.soh.iter().any(|s| !(0.0..=2.0).contains(s)) {
            return fail("a pack has an SoH that is none");
        }
        if !path.use_factor.is_finite() || path.use_factor < 0.0 {
            return fail("a pack has a use factor that is none");
        }
        if path.end_years.is_nan() || path.end_years < 0.0 {
            return fail("a pack ends at an age that is none");
        }
    }
    let second = &fleet.second;
    let classes = second.soh_from.len();
    if second.survival.len() != classes || second.fade.len() != classes {
        return fail("its classes of second lives are not all told");
    }
    if second.survival.iter().flatten().any(|s| !(0.0..=1.0).contains(s)) {
        return fail("a second life has a share in service that is none");
    }
    if second.fade.iter().flatten().any(|s| !(0.0..=2.0).contains(s)) {
        return fail("a second life has an SoH that is none");
    }
    Ok(())
}
