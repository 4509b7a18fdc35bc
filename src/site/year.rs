//! What a year of a site came to.

/// Classes of SoC in a [`Dwell`].
pub const DWELL_SOC: usize = 10;
/// Lower edges of the classes of temperature in a [`Dwell`] \[degC\]; the first and the last are open.
pub const DWELL_TEMPERATURE_C: [f64; 12] = [-40.0, -5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0];

/// Hours spent in classes of SoC (of the cells, by tenths) and temperature: what drives aging.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dwell {
    /// Hours by temperature class, then SoC class.
    pub hours: [[f64; DWELL_SOC]; DWELL_TEMPERATURE_C.len()],
}

/// A calendar month of a year \[kWh\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Month {
    /// Demand (AC).
    pub demand_kwh: f64,
    /// Unserved demand (AC).
    pub unmet_kwh: f64,
    /// What the array could have given (DC, at its terminals).
    pub pv_kwh: f64,
    /// What of it was not taken.
    pub curtailed_kwh: f64,
    /// From the grid (AC).
    pub grid_kwh: f64,
    /// From the genset (AC).
    pub genset_kwh: f64,
    /// From the battery to the bus (DC).
    pub discharge_kwh: f64,
}

/// An hour of the day, over all days of a year \[kWh\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HourOfDay {
    /// Demand (AC).
    pub demand_kwh: f64,
    /// Unserved demand (AC).
    pub unmet_kwh: f64,
}

/// A year of a site. LPSP is `unmet_kwh / demand_kwh`, EENS is `unmet_kwh`, LOLP is `unmet_hours / hours`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteYear {
    /// Hours simulated; fewer than 8760 in a year that was not lived to its end.
    pub hours: f64,
    /// Demand (AC; DC where the load is) \[kWh\]; power that must be taken counts by its amount.
    pub demand_kwh: f64,
    /// Served demand (AC) \[kWh\].
    pub served_kwh: f64,
    /// Unserved demand (AC) \[kWh\]: the sum of the three parts below.
    pub unmet_kwh: f64,
    /// Unserved because the battery was empty \[kWh\].
    pub unmet_energy_kwh: f64,
    /// Unserved above a power limit of inverter, genset, grid or battery \[kWh\].
    pub unmet_power_kwh: f64,
    /// Unserved because the battery was too cold or too hot \[kWh\].
    pub unmet_temperature_kwh: f64,
    /// Charging sessions that arrived, of a load made of them; a session counts in the year it arrives.
    pub sessions: u64,
    /// Energy that they came for (AC), by the factor on the load \[kWh\].
    pub sessions_kwh: f64,
    /// What of it was never asked of the site: cars that left while they waited or shared \[kWh\].
    pub sessions_left_kwh: f64,
    /// Time with any unserved demand \[h\].
    pub unmet_hours: f64,
    /// Runs of steps with unserved demand; one that goes on over midnight of a new year counts in the year it began.
    pub events: u32,
    /// The longest of them \[h\].
    pub longest_h: f64,
    /// What the array could have given (DC, at its terminals) \[kWh\].
    pub pv_kwh: f64,
    /// What of it was not taken \[kWh\].
    pub curtailed_kwh: f64,
    /// From the grid (AC) \[kWh\].
    pub grid_kwh: f64,
    /// Demand that fell into outages of the grid: what the load would have missed without the site \[kWh\].
    pub outage_demand_kwh: f64,
    /// Outages of the grid with any demand, and their hours.
    pub outages: u32,
    /// Hours of outages.
    pub outage_hours: f64,
    /// From the genset (AC) \[kWh\].
    pub genset_kwh: f64,
    /// Fuel of the genset \[L\].
    pub fuel_l: f64,
    /// Time that the genset ran \[h\].
    pub genset_hours: f64,
    /// Starts of the genset.
    pub genset_starts: u32,
    /// Genset energy that nobody could take, behind the charger \[kWh\].
    pub dumped_kwh: f64,
    /// Power that had to be taken and was, part of what was served (AC) \[kWh\].
    pub taken_kwh: f64,
    /// Time that the genset was held at its least load because less was wanted \[h\].
    pub genset_low_load_hours: f64,
    /// Battery to bus (DC) \[kWh\].
    pub discharge_kwh: f64,
    /// Bus to battery (DC) \[kWh\].
    pub charge_kwh: f64,
    /// Losses of converters, standby and electronics included \[kWh\].
    pub converter_loss_kwh: f64,
    /// Equivalent full cycles of the battery on nominal capacity.
    pub efc: f64,
    /// Time mean of the battery's SoC.
    pub soc_mean: f64,
    /// Time mean of the battery's temperature \[degC\].
    pub temperature_c_mean: f64,
    /// SoH of the weakest module at the end of the year.
    pub soh_end: f64,
    /// Highest resistance over new of a module at the end of the year.
    pub resistance_end: f64,
    /// Energy inside the SoC window at the end of the year \[kWh\].
    pub usable_kwh_end: f64,
    /// Calendar months.
    pub by_month: [Month; 12],
    /// Hours of the day.
    pub by_hour: [HourOfDay; 24],
    /// SoC and temperature.
    pub dwell: Dwell,
}

impl SiteYear {
    /// Loss of power supply probability: unserved over demanded energy, 0 without demand.
    pub fn lpsp(&self) -> f64 {
        if self.demand_kwh > 0.0 { self.unmet_kwh / self.demand_kwh } else { 0.0 }
    }

    /// Loss of load probability: share of time with any unserved demand.
    pub fn lolp(&self) -> f64 {
        if self.hours > 0.0 { self.unmet_hours / self.hours } else { 0.0 }
    }
}
