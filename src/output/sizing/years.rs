//! The table `years`: the detailed design by year of service.

use super::stats::{mean, quantiles, service_years, year};
use crate::output::Frame;
use crate::output::columns::{Builder, ColumnDef, Table, constructors};
use crate::site::SiteYear;
use crate::sizing::{PathLife, Quantiles, SizingResult};

struct Years;

struct Row<'a> {
    number: usize,
    paths: &'a [PathLife],
    /// Whether there is a grid that can fail.
    grid: bool,
}

impl Row<'_> {
    fn mean(&self, get: fn(&SiteYear) -> f64) -> Option<f64> {
        mean(year(self.paths, self.number).map(get))
    }

    fn band(&self, get: fn(&SiteYear) -> f64) -> Option<Quantiles> {
        quantiles(year(self.paths, self.number).map(get))
    }

    fn of_sessions(&self, get: fn(&SiteYear) -> f64) -> Option<f64> {
        self.mean(get).filter(|_| year(self.paths, self.number).any(|y| y.sessions > 0))
    }

    fn of_grid(&self, get: fn(&SiteYear) -> f64) -> Option<f64> {
        self.mean(get).filter(|_| self.grid)
    }
}

/// The detailed design year by year.
pub(super) fn years(result: &SizingResult) -> Frame {
    let paths = &result.detail.paths[..];
    let grid = paths.iter().flat_map(|p| &p.years).any(|y| y.grid_kwh > 0.0 || y.outages > 0);
    let mut builder = Builder::<Years>::new();
    (0..service_years(paths)).for_each(|number| builder.push(&Row { number, paths, grid }));
    builder.finish()
}

constructors!(Years);

impl Table for Years {
    type Row<'a> = Row<'a>;
    const NAME: &'static str = "years";
    const DOC: &'static str =
        "One row a year of service of the chosen (or nearest) design, over the paths that lived it";

    fn columns() -> Vec<ColumnDef<Self>> {
        let mut columns = vec![
            whole("year", "year", "Year of service, from 1", |r| i64::try_from(r.number + 1).ok()),
            whole("paths", "", "Paths that lived any part of it", |r| {
                i64::try_from(year(r.paths, r.number).count()).ok()
            }),
        ];
        columns.extend(unserved());
        columns.extend(flows());
        columns.extend(battery());
        columns.extend(sessions());
        columns
    }
}

fn sessions() -> Vec<ColumnDef<Years>> {
    vec![
        real("sessions", "", "Charging sessions that cars came for, mean; empty of other loads", |r| {
            r.of_sessions(|y| y.sessions as f64)
        }),
        real("sessions_kwh", "kWh", "Energy that they came for, mean; empty of other loads", |r| {
            r.of_sessions(|y| y.sessions_kwh)
        }),
        real(
            "sessions_left_kwh",
            "kWh",
            "Part of it lost to cars that left while they waited or shared, mean; empty of other loads",
            |r| r.of_sessions(|y| y.sessions_left_kwh),
        ),
        real("sessions_served", "", "Energy served over that of a session, mean; empty of other loads", |r| {
            let kwh = r.of_sessions(|y| y.sessions_kwh)? / r.of_sessions(|y| y.sessions as f64)?;
            r.mean(|y| y.served_kwh).filter(|_| kwh > 0.0).map(|served| served / kwh)
        }),
    ]
}

fn unserved() -> Vec<ColumnDef<Years>> {
    vec![
        real("lpsp_mean", "", "Unserved over demanded energy, mean", |r| r.mean(SiteYear::lpsp)),
        real("lpsp_p10", "", "The same, 10 % quantile", |r| r.band(SiteYear::lpsp).map(|q| q.p10)),
        real("lpsp_p50", "", "The same, median", |r| r.band(SiteYear::lpsp).map(|q| q.p50)),
        real("lpsp_p90", "", "The same, 90 % quantile", |r| r.band(SiteYear::lpsp).map(|q| q.p90)),
        real("lolp", "", "Share of time with any unserved demand, mean", |r| r.mean(SiteYear::lolp)),
        real("demand_kwh", "kWh", "Demand, mean", |r| r.mean(|y| y.demand_kwh)),
        real("served_kwh", "kWh", "Served demand, mean", |r| r.mean(|y| y.served_kwh)),
        real("taken_kwh", "kWh", "Part of it that was power the site had to take, such as braking, mean", |r| {
            r.mean(|y| y.taken_kwh)
        }),
        real("eens_kwh", "kWh", "Expected energy not served: mean unserved demand", |r| r.mean(|y| y.unmet_kwh)),
        real("unmet_energy_kwh", "kWh", "Part of it: the battery was empty", |r| r.mean(|y| y.unmet_energy_kwh)),
        real("unmet_power_kwh", "kWh", "Part of it: above a limit of power", |r| r.mean(|y| y.unmet_power_kwh)),
        real("unmet_temperature_kwh", "kWh", "Part of it: the battery was too cold or too hot", |r| {
            r.mean(|y| y.unmet_temperature_kwh)
        }),
        real("unmet_hours", "h", "Time with any unserved demand, mean", |r| r.mean(|y| y.unmet_hours)),
        real("events", "", "Runs of steps with unserved demand, mean", |r| r.mean(|y| y.events.into())),
        real("longest_h", "h", "Longest of them, mean", |r| r.mean(|y| y.longest_h)),
        real("longest_p90_h", "h", "Longest of them, 90 % quantile", |r| r.band(|y| y.longest_h).map(|q| q.p90)),
        real(
            "outages_grid",
            "",
            "Outages of the grid with any demand (SAIFI without the site); empty without grid",
            |r| r.of_grid(|y| y.outages.into()),
        ),
        real("outages_load", "", "Outages that the load saw (SAIFI with the site); empty without grid", |r| {
            r.of_grid(|y| y.events.into())
        }),
        real(
            "outage_hours_grid",
            "h",
            "Hours of outages of the grid (SAIDI without the site); empty without grid",
            |r| r.of_grid(|y| y.outage_hours),
        ),
        real("outage_hours_load", "h", "Hours with unserved demand (SAIDI with the site); empty without grid", |r| {
            r.of_grid(|y| y.unmet_hours)
        }),
        real("outage_demand_kwh", "kWh", "Demand that fell into outages of the grid; empty without grid", |r| {
            r.of_grid(|y| y.outage_demand_kwh)
        }),
    ]
}

fn flows() -> Vec<ColumnDef<Years>> {
    vec![
        real("pv_kwh", "kWh", "What the array could have given (DC), mean", |r| r.mean(|y| y.pv_kwh)),
        real("curtailed_kwh", "kWh", "What of it was not taken, mean", |r| r.mean(|y| y.curtailed_kwh)),
        real("grid_kwh", "kWh", "From the grid (AC), mean", |r| r.mean(|y| y.grid_kwh)),
        real("genset_kwh", "kWh", "From the genset (AC), mean", |r| r.mean(|y| y.genset_kwh)),
        real("dumped_kwh", "kWh", "Genset energy that nobody could take, behind the charger, mean", |r| {
            r.mean(|y| y.dumped_kwh)
        }),
        real("fuel_l", "L", "Fuel, mean", |r| r.mean(|y| y.fuel_l)),
        real("genset_hours", "h", "Time that the genset ran, mean", |r| r.mean(|y| y.genset_hours)),
        real("genset_starts", "", "Its starts, mean", |r| r.mean(|y| y.genset_starts.into())),
        real("genset_low_load_hours", "h", "Time below its least load, mean", |r| r.mean(|y| y.genset_low_load_hours)),
        real("discharge_kwh", "kWh", "Battery to bus (DC), mean", |r| r.mean(|y| y.discharge_kwh)),
        real("charge_kwh", "kWh", "Bus to battery (DC), mean", |r| r.mean(|y| y.charge_kwh)),
        real("converter_loss_kwh", "kWh", "Losses of converters with standby and electronics, mean", |r| {
            r.mean(|y| y.converter_loss_kwh)
        }),
    ]
}

fn battery() -> Vec<ColumnDef<Years>> {
    vec![
        real("efc", "", "Equivalent full cycles on nominal capacity, mean", |r| r.mean(|y| y.efc)),
        real("soc_mean", "", "Time mean of the SoC", |r| r.mean(|y| y.soc_mean)),
        real("temperature_mean_c", "degC", "Time mean of the battery's temperature", |r| {
            r.mean(|y| y.temperature_c_mean)
        }),
        real("soh_end_p10", "", "SoH of the weakest module at the end of the year, 10 % quantile", |r| {
            r.band(|y| y.soh_end).map(|q| q.p10)
        }),
        real("soh_end_p50", "", "The same, median", |r| r.band(|y| y.soh_end).map(|q| q.p50)),
        real("soh_end_p90", "", "The same, 90 % quantile", |r| r.band(|y| y.soh_end).map(|q| q.p90)),
        real("resistance_end_p10", "", "Highest resistance over new at the end of the year, 10 % quantile", |r| {
            r.band(|y| y.resistance_end).map(|q| q.p10)
        }),
        real("resistance_end_p50", "", "The same, median", |r| r.band(|y| y.resistance_end).map(|q| q.p50)),
        real("resistance_end_p90", "", "The same, 90 % quantile", |r| r.band(|y| y.resistance_end).map(|q| q.p90)),
        real("usable_end_p10_kwh", "kWh", "Energy inside the SoC window at the end of the year, 10 % quantile", |r| {
            r.band(|y| y.usable_kwh_end).map(|q| q.p10)
        }),
        real("usable_end_p50_kwh", "kWh", "The same, median", |r| r.band(|y| y.usable_kwh_end).map(|q| q.p50)),
        real("usable_end_p90_kwh", "kWh", "The same, 90 % quantile", |r| r.band(|y| y.usable_kwh_end).map(|q| q.p90)),
    ]
}
