//! The hours of a year, kept for a closer look.

use super::run::Seen;

/// An hour of a trace of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HourTrace {
    /// Hour of the calendar year.
    pub hour: u32,
    /// Demand \[kW AC\].
    pub load_kw: f64,
    /// Unserved \[kW AC\].
    pub unmet_kw: f64,
    /// Array \[kW DC\].
    pub pv_kw: f64,
    /// Curtailed \[kW DC\].
    pub curtailed_kw: f64,
    /// Battery, discharge positive \[kW DC\].
    pub battery_kw: f64,
    /// Grid \[kW AC\].
    pub grid_kw: f64,
    /// Genset \[kW AC\].
    pub genset_kw: f64,
    /// SoC at the end of the hour.
    pub soc: f64,
    /// Battery temperature \[degC\].
    pub temperature_c: f64,
}

/// Hours of one year of the site.
pub(super) struct Trace {
    year: usize,
    pub hours: Vec<HourTrace>,
}

impl Trace {
    pub fn new(year: usize) -> Self {
        Trace { year, hours: Vec::new() }
    }

    /// Adds a step: to its hour, or as several hours of the same where it is longer than one.
    pub fn add(&mut self, year: usize, calendar_hour: usize, seen: &Seen<'_>) {
        if year != self.year {
            return;
        }
        let whole_hours = (seen.hours.round() as usize).max(1);
        for k in 0..whole_hours {
            let hour = (calendar_hour + k) as u32;
            let share = if whole_hours > 1 { 1.0 } else { seen.hours };
            let demand =
                if whole_hours > 1 { seen.demand_kw[k.min(seen.demand_kw.len() - 1)] } else { seen.flows.demand };
            if self.hours.last().is_none_or(|last| last.hour != hour) {
                self.hours.push(HourTrace { hour, ..HourTrace::default() });
            }
            let Some(at) = self.hours.last_mut() else { return };
            at.load_kw += share * demand;
            at.unmet_kw += share * seen.flows.unmet_kw();
            at.pv_kw += share * seen.flows.array;
            at.curtailed_kw += share * (seen.flows.array - seen.flows.array_used);
            at.battery_kw += share * seen.flows.battery;
            at.grid_kw += share * seen.flows.grid;
            at.genset_kw += share * seen.flows.genset;
            (at.soc, at.temperature_c) = (seen.soc, seen.temperature_c);
        }
    }
}
