//! Who asks for power.

mod converter;
mod load;
mod trips;
mod vehicle;

pub use converter::ConverterSpec;
pub use load::{LoadError, LoadModel, LoadSpec, ProfileSpec, SessionSpec};
#[cfg(test)]
pub(crate) use trips::tests::usage as private_car;
pub use trips::{DayTrip, Owner, UseSpec};
pub use vehicle::{Cooling, VehicleSpec};
