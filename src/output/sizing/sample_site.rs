//! A year of a made-up home, hour by hour: enough physics to look like one.

use crate::numeric::calendar::month_of_day;
use crate::site::{DWELL_TEMPERATURE_C, SiteYear};
use crate::sizing::HourTrace;
use std::f64::consts::PI;

/// Demand by hour of the day \[kW\].
const LOAD_KW: [f64; 24] = [
    0.09, 0.08, 0.08, 0.08, 0.08, 0.10, 0.14, 0.15, 0.12, 0.10, 0.10, 0.11, 0.13, 0.14, 0.13, 0.12, 0.12, 0.16, 0.26,
    0.34, 0.36, 0.30, 0.20, 0.12,
];
/// One way through the inverter.
const INVERTER: f64 = 0.92;
/// One way through the battery.
const BATTERY: f64 = 0.97;

/// What serves the home.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) pv_kw: f64,
    pub(super) usable_kwh: f64,
    pub(super) genset_kw: f64,
    pub(super) grid: bool,
}

struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Books of a year.
pub(super) fn live(site: &Site, seed: u64) -> SiteYear {
    traced_year(site, seed).0
}

/// Books of a year and its hours.
pub(super) fn traced_year(site: &Site, seed: u64) -> (SiteYear, Vec<HourTrace>) {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5EED);
    let mut year = SiteYear { hours: 8760.0, ..SiteYear::default() };
    let mut hours = Vec::with_capacity(8760);
    let (mut soc, mut cloud, mut run, mut outage) = (0.7f64, 0.8f64, 0.0f64, false);
    for day in 0..365 {
        // Clear in winter and spring, a wet season from July to September.
        let wet = (-((day as f64 - 215.0) / 38.0).powi(2)).exp();
        let season = (2.0 * PI * (day as f64 - 81.0) / 365.0).sin();
        let mean = 0.86 - 0.3 * wet;
        let noise = dice.uniform() - 0.5;
        cloud = (mean + 0.6 * (cloud - mean) + (0.25 + 0.5 * wet) * noise).clamp(0.08, 1.0);
        let level = (1.0 + 0.22 * season) * (0.85 + 0.3 * dice.uniform());
        for (hour, shape) in LOAD_KW.iter().enumerate() {
            let x = (hour as f64 + 0.5 - 6.0) / 12.0;
            let sun = if (0.0..1.0).contains(&x) { (PI * x).sin().powf(1.2) * (0.86 + 0.12 * season) } else { 0.0 };
            let load = shape * level;
            let pv = 0.82 * site.pv_kw * sun * cloud;
            outage = if outage { dice.uniform() < 0.75 } else { dice.uniform() < 0.05 };
            let air = 24.0 + 9.0 * season + 5.0 * ((hour as f64 - 9.0) / 24.0 * 2.0 * PI).sin() + 4.0 * noise;
            let temperature_c = air + 3.0;
            let mut h = HourTrace {
                hour: (24 * day + hour) as u32,
                load_kw: load,
                pv_kw: pv,
                temperature_c,
                ..HourTrace::default()
            };
            let grid = site.grid && !outage;
            h.grid_kw = if grid { load } else { 0.0 };
            h.genset_kw = if !grid && soc < 0.15 && site.genset_kw > 0.0 { load.min(site.genset_kw) } else { 0.0 };
            let wish = (load - h.grid_kw - h.genset_kw) / INVERTER;
            let direct = wish.min(pv);
            let discharge = (wish - direct).min((soc - 0.1).max(0.0) * site.usable_kwh / 0.8 * BATTERY);
            let charge = (pv - direct).min((0.9 - soc).max(0.0) * site.usable_kwh / 0.8 / BATTERY);
            soc += 0.8 * (charge * BATTERY - discharge / BATTERY) / site.usable_kwh;
            h.curtailed_kw = (pv - direct - charge).max(0.0);
            h.battery_kw = discharge - charge;
            h.soc = soc;
            h.unmet_kw = ((wish - direct - discharge) * INVERTER).max(0.0);
            if h.unmet_kw < 1e-9 {
                h.unmet_kw = 0.0;
            }
            run = if h.unmet_kw > 0.0 { run + 1.0 } else { 0.0 };
            year.events += u32::from(run == 1.0);
            year.longest_h = year.longest_h.max(run);
            year.converter_loss_kwh += (direct + discharge) * (1.0 - INVERTER) + 0.01;
            if site.grid && outage {
                year.outage_hours += 1.0;
                year.outage_demand_kwh += load;
                year.outages += u32::from(hours.last().is_none_or(|last: &HourTrace| last.grid_kw > 0.0));
            }
            book(&mut year, &h, month_of_day(day), hour);
            hours.push(h);
        }
    }
    year.unmet_energy_kwh = 0.93 * year.unmet_kwh;
    year.unmet_power_kwh = 0.07 * year.unmet_kwh;
    year.soc_mean /= 8760.0;
    year.temperature_c_mean /= 8760.0;
    (year, hours)
}

fn book(year: &mut SiteYear, h: &HourTrace, month: usize, hour: usize) {
    let m = &mut year.by_month[month];
    m.demand_kwh += h.load_kw;
    m.unmet_kwh += h.unmet_kw;
    m.pv_kwh += h.pv_kw;
    m.curtailed_kwh += h.curtailed_kw;
    m.grid_kwh += h.grid_kw;
    m.genset_kwh += h.genset_kw;
    m.discharge_kwh += h.battery_kw.max(0.0);
    year.by_hour[hour].demand_kwh += h.load_kw;
    year.by_hour[hour].unmet_kwh += h.unmet_kw;
    year.demand_kwh += h.load_kw;
    year.unmet_kwh += h.unmet_kw;
    year.served_kwh += h.load_kw - h.unmet_kw;
    year.unmet_hours += f64::from(u8::from(h.unmet_kw > 0.0));
    year.pv_kwh += h.pv_kw;
    year.curtailed_kwh += h.curtailed_kw;
    year.grid_kwh += h.grid_kw;
    year.genset_kwh += h.genset_kw;
    if h.genset_kw > 0.0 {
        year.genset_hours += 1.0;
        year.genset_starts += 1;
        year.fuel_l += 0.4 * h.genset_kw + 0.1;
    }
    year.discharge_kwh += h.battery_kw.max(0.0);
    year.charge_kwh += (-h.battery_kw).max(0.0);
    year.soc_mean += h.soc;
    year.temperature_c_mean += h.temperature_c;
    let class = DWELL_TEMPERATURE_C.iter().rposition(|edge| h.temperature_c >= *edge).unwrap_or(0);
    year.dwell.hours[class][((10.0 * h.soc) as usize).min(9)] += 1.0;
}
