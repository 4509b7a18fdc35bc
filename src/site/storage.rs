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
}
