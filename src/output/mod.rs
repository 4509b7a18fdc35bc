//! Tables and files.

mod columns;
mod columns_gate;
mod columns_packs;
mod columns_packs_after;
mod columns_recycling;
mod columns_study;
mod columns_systems;
mod csv_file;
mod error;
mod files;
mod flows;
mod folder;
mod frame;
mod gate_tables;
mod parquet_file;
mod record;
pub mod sizing;
mod stats;
mod summary;
mod summary_of;
mod summary_text;
pub mod supply;
mod tables;
pub mod words;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use columns_recycling::{RecyclingTable, decision};
pub use csv_file::{write_csv, write_dictionary};
pub use error::OutputError;
pub use files::{TableFormat, write_frames, write_summary, write_tables};
pub use flows::flows;
pub use folder::OutputFolder;
pub use frame::{Column, Frame, Values, Word};
pub use gate_tables::GateTables;
pub use parquet_file::{DICTIONARY_KEY, write_parquet};
pub use record::{RECORD_FORM, RecordOf, write_records};
pub use stats::Quantiles;
pub use summary::{
    BoughtSummary, Co2Summary, CostSummary, DecisionSummary, FadeSummary, ModulesSummary, OperationSummary,
    OutsideSummary, RouteSummary, SecondLifeSummary, ShareOf, Summary, SwitchSummary, TargetsSummary, TestSummary,
    UnmetYear,
};
pub use tables::{PacksTable, SystemsTable, Tables, trajectories, years};

#[cfg(feature = "report")]
pub(crate) use stats::{quantile, quantiles};
