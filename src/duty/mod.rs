//! Who asks for power, and when the grid is there.

mod converter;
mod cycle;
mod drive;
mod genset;
mod grid;
mod load;
mod road_load;
mod series;
mod trace;
mod trips;
mod vehicle;

pub use converter::ConverterSpec;
pub use cycle::CycleSpec;
pub use drive::{DriveDemand, DriveError, StepDemand};
pub use genset::GensetSpec;
pub use grid::{Cuts, DurationSpec, GridError, GridFile, GridSpec, Supply};
pub use load::{
    ApplianceSpec, AppliancesSpec, EventsSpec, FileSpec, FrequencySeries, LoadBus, LoadError, LoadModel, LoadSpec,
    Overlap, ProfileSpec, ReserveSpec, STEPS_PER_HOUR, SessionSpec, SessionTally, peak_shaving_energy_kwh,
};
pub use road_load::RoadLoad;
pub use series::{SeriesError, YearSeries};
pub use trace::{SpeedTrace, TraceError};
#[cfg(test)]
pub(crate) use trips::tests::usage as private_car;
pub use trips::{DayTrip, Owner, UseSpec};
pub use vehicle::{Cooling, VehicleSpec};
