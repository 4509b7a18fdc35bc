//! Parameters that depend on where the cell is.

use super::charge_transfer::ChargeTransfer;
use crate::cell::{GAS_CONSTANT, ZERO_CELSIUS_K};
use crate::numeric::grid::{Line, Plane, Space};

/// Where a cell is: what its coefficients may depend on.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// State of charge.
    pub soc: f64,
    /// Temperature \[K\].
    pub temperature_k: f64,
    /// Discharge current \[A\].
    pub current_a: f64,
}

/// A parameter of the circuit. Tables are linear between their knots and beyond them.
#[derive(Clone, Debug, PartialEq)]
pub enum Coefficient {
    /// The same everywhere.
    Constant(f64),
    /// Over SoC.
    Soc(Line),
    /// Over SoC, times `exp(Ea/Rg (1/T - 1/Tref))`.
    SocArrhenius {
        /// Over SoC, at the reference temperature.
        table: Line,
        /// Activation energy \[J/mol\].
        ea_j_per_mol: f64,
        /// Reference temperature \[K\].
        reference_k: f64,
    },
    /// Over SoC and temperature \[degC\].
    SocTemperature(Plane),
    /// Over SoC, temperature and current, as electrolyte and reaction.
    ChargeTransfer(ChargeTransfer),
    /// Over temperature \[degC\], discharge current \[A\] and SoC.
    TemperatureCurrentSoc(Space),
}

impl Coefficient {
    /// Value at a point.
    #[inline]
    pub fn at(&self, point: &Point) -> f64 {
        match self {
            Coefficient::Constant(value) => *value,
            Coefficient::Soc(table) => table.value(point.soc),
            Coefficient::SocArrhenius { table, ea_j_per_mol, reference_k } => {
                let exponent = ea_j_per_mol / GAS_CONSTANT * (1.0 / point.temperature_k - 1.0 / reference_k);
                table.value(point.soc) * exponent.exp()
            }
            Coefficient::ChargeTransfer(both) => both.at(point),
            Coefficient::SocTemperature(table) => table.value(point.soc, point.temperature_k - ZERO_CELSIUS_K),
            Coefficient::TemperatureCurrentSoc(table) => {
                table.value(point.temperature_k - ZERO_CELSIUS_K, point.current_a, point.soc)
            }
        }
    }

    /// Whether it is the same everywhere.
    pub fn is_constant(&self) -> bool {
        matches!(self, Coefficient::Constant(_))
    }

    /// The least of its numbers; between knots it does not fall below.
    pub(super) fn least(&self) -> f64 {
        let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
        match self {
            Coefficient::Constant(value) => *value,
            Coefficient::Soc(table) | Coefficient::SocArrhenius { table, .. } => least(table.values()),
            // A share outside 0..=1 is no resistance.
            Coefficient::ChargeTransfer(r) if !(0.0..=1.0).contains(&r.share) => f64::NAN,
            Coefficient::ChargeTransfer(r) => least(r.table.values()),
            Coefficient::SocTemperature(table) => least(table.values()),
            Coefficient::TemperatureCurrentSoc(table) => least(table.values()),
        }
    }
}

/// Change of the open-circuit voltage with temperature \[V/K\]. It makes heat; the voltage itself is left as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Entropy {
    /// Over what any coefficient depends on.
    At(Coefficient),
    /// Over open-circuit voltage \[V\] and temperature \[degC\].
    OcvTemperature(Plane),
}
