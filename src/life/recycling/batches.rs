//! When the modules of a pack are recycled, and in what state.

use crate::life::outcome::SystemOutcome;

/// Modules of a pack that are recycled at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batch {
    /// Years after the exit from the vehicle.
    pub years: f64,
    /// Share of the mass recycled.
    pub share: f64,
    /// Whether they come back from a system, by a second transport.
    pub served: bool,
    /// Factor on material prices at that time.
    pub metal_price_factor: f64,
    /// Calendar year.
    pub calendar_year: i32,
}

/// Rejected and left-over modules are recycled when tested, those taken out by the service then, the others when their
/// system ends. `at` tells factor and calendar year of a time after the exit.
pub(in crate::life) fn batches(
    modules: u32,
    systems: &[SystemOutcome],
    sold_after_years: f64,
    at: impl Fn(f64) -> (f64, i32),
) -> Vec<Batch> {
    let mut served: Vec<(f64, u32)> = Vec::new();
    let (mut used, mut brought, mut bought) = (0, 0, 0);
    for s in systems {
        let service = s.service();
        used += s.modules;
        brought += service.replaced + service.added;
        bought += service.bought;
        served.push((sold_after_years + s.years, s.modules + service.added));
        let taken = s.visits.iter().filter(|v| v.replaced > 0);
        served.extend(taken.map(|v| (sold_after_years + v.years, v.replaced)));
    }
    let all = f64::from(modules + bought);
    let batch = |years: f64, count: f64, served: bool| {
        let (metal_price_factor, calendar_year) = at(years);
        Batch { years, share: count / all, served, metal_price_factor, calendar_year }
    };
    let unused = f64::from(modules) - f64::from(used) - (f64::from(brought) - f64::from(bought));
    let mut batches = Vec::with_capacity(1 + served.len());
    if unused != 0.0 {
        batches.push(batch(0.0, unused, false));
    }
    batches.extend(served.into_iter().map(|(years, count)| batch(years, f64::from(count), true)));
    batches
}

/// Mean SoH of what is recycled: unused modules as they left the vehicle, those of the systems as they ended. Modules that
/// the service took out count as those that stayed.
pub(in crate::life) fn mean_soh(modules: u32, exit_soh: f64, systems: &[SystemOutcome], ended: &[(usize, f64)]) -> f64 {
    let used: u32 = systems.iter().map(|s| s.modules).sum();
    let of_systems: f64 = ended.iter().map(|(n, _)| *n as f64).sum();
    let at_end =
        if of_systems > 0.0 { ended.iter().map(|(n, soh)| *n as f64 * soh).sum::<f64>() / of_systems } else { 0.0 };
    let used_share = f64::from(used.min(modules)) / f64::from(modules.max(1));
    exit_soh * (1.0 - used_share) + at_end * used_share
}
