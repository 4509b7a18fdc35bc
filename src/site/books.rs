//! The books of a site: year by year, and the balance of its buses.

use super::dispatch::NOTHING_KW;
use super::run::Seen;
use super::storage::Condition;
use super::year::{DWELL_SOC, DWELL_TEMPERATURE_C, SiteYear};
use crate::duty::SessionTally;
use crate::numeric::calendar::month_of_day;

#[derive(Default)]
pub(super) struct Books {
    pub years: Vec<SiteYear>,
    pub miss_kwh: f64,
    pub own_draw_kwh: f64,
    year: usize,
    month: usize,
    /// Sources less sinks on the buses, and their size \[kWh\].
    open_kwh: f64,
    size_kwh: f64,
    /// Run of steps with unserved demand: the year it began in, its length so far \[h\].
    event: Option<(usize, f64)>,
    /// Whether an outage lasts, and whether it has met any demand.
    outage: Option<bool>,
    efc_before: f64,
}

impl Books {
    pub fn begin_day(&mut self, year: usize, day_of_year: usize) {
        (self.year, self.month) = (year, month_of_day(day_of_year));
        if self.years.len() <= year {
            self.years.resize_with(year + 1, SiteYear::default);
        }
    }

    /// Charging sessions of the day: what the load's count has grown by.
    pub fn sessions(&mut self, before: &SessionTally, now: &SessionTally, load_factor: f64) {
        let y = &mut self.years[self.year];
        y.sessions += now.cars - before.cars;
        y.sessions_kwh += load_factor * (now.wanted_kwh - before.wanted_kwh);
        y.sessions_left_kwh += load_factor * (now.left_kwh - before.left_kwh);
    }

    pub fn meet(&mut self, battery: Condition) {
        self.efc_before = battery.efc;
    }

    pub fn look(&mut self, battery: Condition) {
        let Some(year) = self.years.last_mut() else { return };
        year.efc += battery.efc - self.efc_before;
        self.efc_before = battery.efc;
        (year.soh_end, year.resistance_end, year.usable_kwh_end) =
            (battery.soh, battery.resistance, battery.usable_kwh);
    }

    pub fn add(&mut self, seen: &Seen<'_>) {
        let (f, hours) = (seen.flows, seen.hours);
        let unmet = f.unmet_kw();
        let curtailed = f.array - f.array_used;
        let [energy, power, temperature] = f.unmet;
        self.miss_kwh += f.miss * hours;
        self.own_draw_kwh += seen.own_kw * hours;
        let gap = f.array_used + f.grid + f.genset + f.battery - (f.served - f.taken) - f.loss - f.miss - f.dumped;
        self.open_kwh += gap.abs() * hours;
        self.size_kwh += (f.array + f.grid + f.genset + f.battery.abs() + f.served) * hours;
        self.count_events(unmet, hours);
        self.count_outages(seen);

        let y = &mut self.years[self.year];
        y.hours += hours;
        y.demand_kwh += f.demand * hours;
        y.served_kwh += f.served * hours;
        y.taken_kwh += f.taken * hours;
        y.unmet_kwh += unmet * hours;
        y.unmet_energy_kwh += energy * hours;
        y.unmet_power_kwh += power * hours;
        y.unmet_temperature_kwh += temperature * hours;
        y.pv_kwh += f.array * hours;
        y.curtailed_kwh += curtailed * hours;
        y.grid_kwh += f.grid * hours;
        y.genset_kwh += f.genset * hours;
        y.dumped_kwh += f.dumped * hours;
        y.fuel_l += seen.fuel_l_per_h * hours;
        y.genset_hours += if seen.ran { hours } else { 0.0 };
        y.genset_starts += u32::from(seen.started);
        y.genset_low_load_hours += if seen.ran && f.least_load { hours } else { 0.0 };
        y.discharge_kwh += f.battery.max(0.0) * hours;
        y.charge_kwh += (-f.battery).max(0.0) * hours;
        y.converter_loss_kwh += (f.loss + f.miss) * hours;
        let weight = if y.hours > 0.0 { hours / y.hours } else { 0.0 };
        y.soc_mean += weight * (seen.soc - y.soc_mean);
        y.temperature_c_mean += weight * (seen.temperature_c - y.temperature_c_mean);
        let m = &mut y.by_month[self.month];
        m.demand_kwh += f.demand * hours;
        m.unmet_kwh += unmet * hours;
        m.pv_kwh += f.array * hours;
        m.curtailed_kwh += curtailed * hours;
        m.grid_kwh += f.grid * hours;
        m.genset_kwh += f.genset * hours;
        m.discharge_kwh += f.battery.max(0.0) * hours;
        // Steps over several hours have one part for each.
        let parts = if hours > 1.0 { seen.demand_kw.len() } else { 1 };
        let part_h = hours / parts as f64;
        for k in 0..parts {
            let of_day = &mut y.by_hour[(seen.hour + k).min(23)];
            of_day.demand_kwh += part_h * if parts > 1 { seen.demand_kw[k] } else { f.demand };
            of_day.unmet_kwh += part_h * unmet;
        }
        let soc = ((seen.soc * DWELL_SOC as f64).max(0.0) as usize).min(DWELL_SOC - 1);
        let warmth = DWELL_TEMPERATURE_C.iter().rposition(|edge| seen.temperature_c >= *edge).unwrap_or(0);
        y.dwell.hours[warmth][soc] += hours;
    }

    fn count_events(&mut self, unmet_kw: f64, hours: f64) {
        if unmet_kw <= NOTHING_KW {
            self.event = None;
            return;
        }
        self.years[self.year].unmet_hours += hours;
        let (began, length) = match self.event {
            Some((began, before)) => (began, before + hours),
            None => {
                self.years[self.year].events += 1;
                (self.year, hours)
            }
        };
        self.event = Some((began, length));
        let longest = &mut self.years[began].longest_h;
        *longest = longest.max(length);
    }

    fn count_outages(&mut self, seen: &Seen<'_>) {
        if !seen.outage {
            self.outage = None;
            return;
        }
        let asked = seen.flows.demand > NOTHING_KW;
        let had = self.outage.unwrap_or(false);
        self.outage = Some(had || asked);
        let y = &mut self.years[self.year];
        if asked {
            y.outages += u32::from(!had);
            y.outage_hours += seen.hours;
            y.outage_demand_kwh += seen.flows.demand * seen.hours;
        }
    }

    pub fn bus_error(&self) -> f64 {
        if self.size_kwh > 0.0 { self.open_kwh / self.size_kwh } else { 0.0 }
    }
}
