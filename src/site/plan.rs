//! What stands at a site, for one system: everything is in the size that it has there.

use crate::cell::ZERO_CELSIUS_K;
use crate::duty::{ConverterSpec, GensetSpec, GridSpec, LoadBus};
use crate::pack::Environment;

/// A converter between the buses with its rating.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converter {
    /// Its losses.
    pub spec: ConverterSpec,
    /// Rating at the output \[kW\].
    pub rating_kw: f64,
}

impl Converter {
    /// Input for an output \[kW\].
    #[inline]
    pub fn input_kw(&self, output_kw: f64) -> f64 {
        self.spec.dc_for(output_kw, self.rating_kw)
    }

    /// Output that an input carries \[kW\], not held to the rating.
    #[inline]
    pub fn output_kw(&self, input_kw: f64) -> f64 {
        self.spec.ac_from(input_kw, self.rating_kw)
    }
}

/// How the array meets its bus.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Coupling {
    /// On the DC bus: behind a tracker of the maximum power, or a switch (PWM) that loses the mismatch of voltages. The
    /// number is the share of the array's power that gets to the bus.
    Dc {
        /// Share of the array's power on the bus.
        efficiency: f64,
    },
    /// On the AC bus behind an inverter of its own, tracker included.
    Ac {
        /// That inverter.
        inverter: Converter,
    },
}

/// PV array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Array {
    /// Peak power when new \[kW\].
    pub peak_kw: f64,
    /// Loss of power a year.
    pub fade_per_year: f64,
    /// How it meets its bus.
    pub coupling: Coupling,
}

/// Daily recharge from the grid in a window of hours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RechargePlan {
    /// Power at the socket \[kW AC\].
    pub power_kw: f64,
    /// First hour, 0..24.
    pub from_hour: f64,
    /// Last hour, 0..24; a window over midnight is allowed.
    pub to_hour: f64,
    /// SoC (of the cells) at which it stops.
    pub soc_target: f64,
}

impl RechargePlan {
    /// Whether an hour of the day lies in the window: its middle does.
    pub fn open(&self, hour: usize) -> bool {
        let h = hour as f64 + 0.5;
        if self.from_hour < self.to_hour {
            h >= self.from_hour && h < self.to_hour
        } else {
            h >= self.from_hour || h < self.to_hour
        }
    }
}

/// What serves first while the grid is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// The grid carries the load, the array charges the battery.
    Grid,
    /// The array, then the battery above its reserve, then the grid.
    Array,
}

impl Priority {
    /// Both, as scenarios name them.
    pub const NAMES: [(&'static str, Priority); 2] = [("grid", Priority::Grid), ("array", Priority::Array)];
}

/// A connection to the grid.
#[derive(Clone, Debug)]
pub struct GridPlan {
    /// When there is supply.
    pub supply: GridSpec,
    /// Highest import \[kW AC\].
    pub limit_kw: f64,
    /// Highest power into the charger from the grid \[kW AC\].
    pub charge_kw: f64,
    /// SoC (of the cells) up to which the grid charges.
    pub soc_target: f64,
    /// SoC below which the battery is not discharged while there is supply.
    pub reserve_soc: f64,
    /// What serves first.
    pub priority: Priority,
}

/// When a genset charges the battery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// It carries the load and charges with what it has left.
    CycleCharging,
    /// It carries the load; the battery takes what is forced on it by the least load, and the array.
    LoadFollowing,
}

impl Strategy {
    /// Both, as scenarios name them.
    pub const NAMES: [(&'static str, Strategy); 2] =
        [("cycle_charging", Strategy::CycleCharging), ("load_following", Strategy::LoadFollowing)];
}

/// A genset on the AC bus.
#[derive(Clone, Debug, PartialEq)]
pub struct GensetPlan {
    /// Fuel and least load.
    pub spec: GensetSpec,
    /// Rating \[kW AC\].
    pub rating_kw: f64,
    /// When it charges.
    pub strategy: Strategy,
    /// It starts when a step ends with a SoC below this, or with an empty battery.
    pub start_soc: f64,
    /// It stops when a step ends with a SoC of this at least, or with a full battery.
    pub stop_soc: f64,
    /// Whether the battery carries what is above the rating.
    pub battery_assists: bool,
}

/// Where the battery stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Warming above ambient \[K\].
    pub ambient_offset_k: f64,
    /// Share of the daily swing of ambient that reaches the battery, 0..1.
    pub ambient_swing_share: f64,
    /// Thermal time constant of the battery there \[h\].
    pub time_constant_h: f64,
}

impl Place {
    /// Surroundings of the battery for ambient temperatures of the step and the day \[degC\].
    #[inline]
    pub fn environment(&self, ambient_c: f64, mean_c: f64) -> Environment {
        let swing = self.ambient_swing_share * (ambient_c - mean_c);
        let place = mean_c + swing + self.ambient_offset_k;
        Environment {
            temperature_k: place + ZERO_CELSIUS_K,
            time_constant_s: 3600.0 * self.time_constant_h,
            along_k: 0.0,
        }
    }
}

/// A site.
#[derive(Clone, Debug)]
pub struct SitePlan {
    /// Bus of the load.
    pub bus: LoadBus,
    /// Whether the load is a reserve that the battery owes the grid: what is asked comes from the battery alone, and the grid
    /// fills it up to its target meanwhile.
    pub regulates: bool,
    /// Factor on the load, for a system that is a share of a product.
    pub load_factor: f64,
    /// Array.
    pub array: Array,
    /// From the DC bus to the AC bus.
    pub inverter: Converter,
    /// What the inverter draws while it carries nothing \[kW\].
    pub idle_kw: f64,
    /// From the AC bus to the DC bus; its rating is that of its AC side.
    pub charger: Converter,
    /// Constant draw of the battery's electronics on the DC bus \[kW\].
    pub electronics_kw: f64,
    /// Recharge in a window of hours.
    pub recharge: Option<RechargePlan>,
    /// Connection to the grid.
    pub grid: Option<GridPlan>,
    /// Genset.
    pub genset: Option<GensetPlan>,
    /// Where the battery stands.
    pub place: Place,
    /// Steps of an hour: 1, 2, 4, 6, 12 or 60.
    pub steps_per_hour: usize,
}
