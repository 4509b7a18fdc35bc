//! What a site asks of a battery, whatever it is made of.

use crate::pack::Environment;

/// Why a battery did not give or take what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// It did.
    None,
    /// Empty, or full: the edge of the SoC window.
    Energy,
    /// A limit of current or voltage.
    Power,
    /// Too cold or too hot for the current asked for.
    Temperature,
}

/// What flowed between battery and DC bus over a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    /// Mean power on the bus \[kW\], discharge positive.
    pub kw: f64,
    /// What held it back.
    pub short: Shortage,
}

/// What a battery has come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// Equivalent full cycles on nominal capacity since it was put together.
    pub efc: f64,
    /// SoH of the weakest module.
    pub soh: f64,
    /// Highest resistance over new of a module.
    pub resistance: f64,
    /// Energy inside the SoC window \[kWh\].
    pub usable_kwh: f64,
}

impl Default for Condition {
    /// New, and nothing known of its energy.
    fn default() -> Self {
        Condition { efc: 0.0, soh: 1.0, resistance: 1.0, usable_kwh: 0.0 }
    }
}

/// A battery on a DC bus. Each step of a site calls exactly one of [`Storage::discharge`] and [`Storage::charge`].
pub trait Storage {
    /// Asks for power on the bus \[kW, not negative\] over some hours, not below a SoC (of the cells).
    fn discharge(&mut self, wish_kw: f64, soc_low: f64, hours: f64, env: &Environment) -> Given;

    /// Offers power on the bus \[kW, not negative\] over some hours, up to a SoC (of the cells). What is taken comes back
    /// as a negative power; an offer of nothing is a rest.
    fn charge(&mut self, offer_kw: f64, soc_high: f64, hours: f64, env: &Environment) -> Given;

    /// Power on the bus that it could take over some hours up to a SoC \[kW\]; an estimate where only a step can tell.
    fn room_kw(&self, soc_high: f64, hours: f64) -> f64;

    /// The usable window of SoC, low and high.
    fn soc_window(&self) -> [f64; 2];

    /// Mean SoC.
    fn soc(&self) -> f64;

    /// Mean temperature \[degC\].
    fn temperature_c(&self) -> f64;

    /// Ends a day: what is booked once a day, such as cycles and aging.
    fn end_day(&mut self);

    /// SoC by which a charger sees whether there is anything to charge: that of the part with the most room.
    fn soc_chargeable(&self) -> f64 {
        self.soc()
    }

    /// What its own converters draw from the bus, whatever flows \[kW\].
    fn own_draw_kw(&self) -> f64 {
        0.0
    }

    /// What it has come to, told at the end of a year.
    fn condition(&self) -> Condition {
        Condition::default()
    }
}
