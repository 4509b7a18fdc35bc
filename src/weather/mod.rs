//! Sun and ambient temperature.

mod climate;

pub use climate::ClimateSpec;
