//! Who asks for power.

mod converter;
mod load;
mod trips;
mod vehicle;

pub use converter::ConverterSpec;
pub use load::{LoadSpec, ProfileSpec, SessionSpec};
pub use trips::UseSpec;
pub use vehicle::{Cooling, VehicleSpec};
