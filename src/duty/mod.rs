//! Who asks for power.

mod converter;
mod cycle;
mod drive;
mod genset;
mod grid;
mod load;
mod road_load;
mod trace;
mod trips;
mod vehicle;

pub use converter::ConverterSpec;
pub use cycle::CycleSpec;
pub use drive::{DriveDemand, DriveError, StepDemand};
pub use genset::GensetSpec;
pub use grid::{DurationSpec, GridError, GridSpec, LoadBus, Supply};
pub use load::{LoadError, LoadModel, LoadSpec, ProfileSpec, SessionSpec};
pub use road_load::RoadLoad;
pub use trace::{SpeedTrace, TraceError};
#[cfg(test)]
pub(crate) use trips::tests::usage as private_car;
pub use trips::{DayTrip, Owner, UseSpec};
pub use vehicle::{Cooling, VehicleSpec};
