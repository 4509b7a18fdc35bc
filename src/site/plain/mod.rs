//! Two plain batteries behind [`Storage`](super::Storage): what most sizing programs calculate with.
//!
//! Neither ages, nor knows temperature or voltage. [`EnergyStore`] is a box of energy with two efficiencies;
//! [`KibamStore`] holds part of its energy back for a while, as HOMER's battery does. They are here to screen designs
//! fast, and to compare with programs that use the same equations.

mod energy;
mod kibam;

pub use energy::{EnergySpec, EnergyStore};
pub use kibam::{KibamBattery, KibamSpec, KibamStore};

use thiserror::Error;

/// A parameter of a plain battery outside its range.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("`{name}` is {value}, allowed is {allowed}")]
pub struct PlainError {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// What would be allowed.
    pub allowed: &'static str,
}

/// What went through a plain battery since it was made \[kWh\].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlainBooks {
    /// From the bus.
    pub charge_kwh: f64,
    /// To the bus.
    pub discharge_kwh: f64,
    /// Taken out of the store, before the loss of discharging: what HOMER calls throughput.
    pub throughput_kwh: f64,
    /// Lost on the way in and on the way out.
    pub loss_kwh: f64,
    /// Lost by self-discharge.
    pub self_discharge_kwh: f64,
}

impl PlainBooks {
    /// What the balance of a store leaves open, over what went through it or was in it \[-\].
    pub fn open(&self, start_kwh: f64, end_kwh: f64) -> f64 {
        let open = start_kwh + self.charge_kwh - self.discharge_kwh - self.loss_kwh - self.self_discharge_kwh - end_kwh;
        let size = start_kwh.abs() + self.charge_kwh + self.discharge_kwh;
        if size > 0.0 { open.abs() / size } else { open.abs() }
    }
}

/// Refuses a value that is not finite or not what the test wants.
fn check(name: &'static str, value: f64, allowed: &'static str, good: bool) -> Result<(), PlainError> {
    if value.is_finite() && good { Ok(()) } else { Err(PlainError { name, value, allowed }) }
}

/// Checks a window of SoC and a SoC at the start in it.
fn check_window(window: [f64; 2], start: f64) -> Result<(), PlainError> {
    let [low, high] = window;
    check("soc_min", low, "0 to below soc_max", (0.0..high).contains(&low))?;
    check("soc_max", high, "above soc_min, up to 1", high <= 1.0)?;
    check("soc_start", start, "0 to 1", (0.0..=1.0).contains(&start))
}
