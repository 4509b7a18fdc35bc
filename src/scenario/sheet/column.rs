//! What a row may tell of a module.

/// A column of a sheet, or a key of a JSON row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Group: the retired pack that a module comes from.
    Pack,
    /// Name of the module.
    Module,
    /// Measured SoH.
    Soh,
    /// Measured capacity.
    CapacityAh,
    /// Measured resistance over new.
    ResistanceRatio,
    /// Measured resistance.
    ResistanceMohm,
    /// Years since new.
    Years,
    /// Chemistry of its cells.
    Chemistry,
    /// Equivalent full cycles since new.
    Efc,
    /// Mean temperature since new.
    MeanTemperatureC,
    /// Share of the loss that cycling took.
    CycleShare,
    /// Self-discharge over that of a new cell.
    SelfDischargeRatio,
}

use Column::{
    CapacityAh, Chemistry, CycleShare, Efc, MeanTemperatureC, Module, Pack, ResistanceMohm, ResistanceRatio,
    SelfDischargeRatio, Soh, Years,
};

impl Column {
    /// All, in the order of the documentation.
    pub const ALL: [Column; 12] = [
        Pack,
        Module,
        Soh,
        CapacityAh,
        ResistanceRatio,
        ResistanceMohm,
        Years,
        Chemistry,
        Efc,
        MeanTemperatureC,
        CycleShare,
        SelfDischargeRatio,
    ];

    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Pack => "pack",
            Module => "module",
            Soh => "soh",
            CapacityAh => "capacity_ah",
            ResistanceRatio => "resistance_ratio",
            ResistanceMohm => "resistance_mohm",
            Years => "years",
            Chemistry => "chemistry",
            Efc => "efc",
            MeanTemperatureC => "mean_temperature_c",
            CycleShare => "cycle_share",
            SelfDischargeRatio => "self_discharge_ratio",
        }
    }

    /// The column of a name.
    pub fn named(name: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|c| c.name() == name)
    }

    /// Unit, empty for none.
    pub fn unit(self) -> &'static str {
        match self {
            CapacityAh => "Ah",
            ResistanceMohm => "mOhm",
            Years => "year",
            MeanTemperatureC => "degC",
            _ => "",
        }
    }

    /// Least and most allowed, of numbers.
    pub fn range(self) -> [f64; 2] {
        match self {
            Soh => [0.1, 1.1],
            CapacityAh => [0.01, 10_000.0],
            ResistanceRatio => [0.5, 10.0],
            ResistanceMohm => [1e-3, 1e5],
            Years => [0.0, 40.0],
            Efc => [0.0, 20_000.0],
            MeanTemperatureC => [-20.0, 60.0],
            CycleShare => [0.0, 1.0],
            SelfDischargeRatio => [0.0, 100.0],
            Pack | Module | Chemistry => [f64::NEG_INFINITY, f64::INFINITY],
        }
    }
}
