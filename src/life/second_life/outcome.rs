//! What is kept of a system.

use super::battery::Bases;
use super::serving::Serving;
use crate::cell::ZERO_CELSIUS_K;
use crate::life::constants::JOULE_PER_KWH;
use crate::life::outcome::{EndCause, SystemOutcome, SystemYear};
use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::pack::ModuleString;
use crate::site::SiteYear;

/// The outcome of a system whose duty was closed, without its visits and readings.
pub(super) fn of(serving: &Serving<'_>, modules: u32, end_cause: EndCause, start: Bases) -> SystemOutcome {
    let (battery, wasted, sums) = (&serving.battery, serving.wasted(), serving.sums());
    let n = battery.units.len() as f64;
    let kwh = |of: fn(&SiteYear) -> f64| serving.years().iter().map(of).sum::<f64>();
    SystemOutcome {
        share: serving.share,
        modules,
        topology: serving.plan.topology,
        years: serving.days() as f64 / DAYS_PER_YEAR as f64,
        end_cause,
        soh_start: start.soh,
        soh_end: battery.soh_min(),
        resistance_end: battery.resistance_max(),
        actual_kwh_start: start.actual_kwh,
        usable_kwh_start: start.usable_kwh,
        unused_kwh_start: start.unused_kwh,
        mismatch_measured: 0.0,
        efc: battery.sum(ModuleString::efc) / n,
        demand_kwh: kwh(|y| y.demand_kwh),
        served_kwh: kwh(|y| y.served_kwh),
        unmet_kwh: kwh(|y| y.unmet_kwh),
        pv_kwh: kwh(|y| y.pv_kwh),
        curtailed_kwh: kwh(|y| y.curtailed_kwh + y.dumped_kwh),
        grid_kwh: kwh(|y| y.grid_kwh),
        genset_kwh: kwh(|y| y.genset_kwh),
        fuel_l: kwh(|y| y.fuel_l),
        converter_loss_kwh: kwh(|y| y.converter_loss_kwh) + wasted.converter_kwh,
        unit_converter_loss_kwh: wasted.converter_kwh + serving.run.own_draw_kwh(),
        battery_loss_kwh: sums.heat_j / JOULE_PER_KWH,
        balancing_loss_kwh: wasted.balancing_j / JOULE_PER_KWH,
        circulated_kwh: wasted.circulated_kwh,
        off_bus_share: if wasted.unit_h > 0.0 { wasted.off_h / wasted.unit_h } else { 0.0 },
        fade_loss_kwh: sums.fade_j / JOULE_PER_KWH,
        stored_change_kwh: (sums.stands_j - sums.came_j + serving.joined_j) / JOULE_PER_KWH,
        brought_kwh: (serving.joined_j - sums.exchanged_j) / JOULE_PER_KWH,
        visits: Vec::new(),
        mean_temperature_c: if wasted.lived_h > 0.0 {
            wasted.temperature_k_h / wasted.lived_h - ZERO_CELSIUS_K
        } else {
            battery.sum(ModuleString::temperature_mean_k) / n - ZERO_CELSIUS_K
        },
        outside: serving.outside(),
        by_year: serving.years().iter().map(view).collect(),
        monthly: Vec::new(),
    }
}

fn view(year: &SiteYear) -> SystemYear {
    SystemYear {
        demand_kwh: year.demand_kwh,
        unmet_kwh: year.unmet_kwh,
        unmet_power_kwh: year.unmet_power_kwh + year.unmet_temperature_kwh,
        hours: year.hours.round() as u32,
    }
}
