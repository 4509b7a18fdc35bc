//! The files of a study in an output folder.

use super::csv_file::{write_csv, write_dictionary};
use super::error::OutputError;
use super::folder::OutputFolder;
use super::frame::Frame;
use super::parquet_file::write_parquet;
use super::tables::Tables;
use serde::Serialize;

/// Format of the tables on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// Parquet with zstd.
    Parquet,
    /// CSV.
    Csv,
}

impl TableFormat {
    /// Ending of the file name.
    pub fn ending(self) -> &'static str {
        match self {
            TableFormat::Parquet => "parquet",
            TableFormat::Csv => "csv",
        }
    }
}

/// Writes the tables in each format, and `dictionary.csv`. `extra` goes into the metadata of each Parquet file.
pub fn write_tables(
    folder: &mut OutputFolder,
    tables: &Tables,
    formats: &[TableFormat],
    extra: &[(String, String)],
) -> Result<(), OutputError> {
    write_frames(folder, &tables.frames(), formats, extra)
}

/// Writes any tables as [`write_tables`] does.
pub fn write_frames(
    folder: &mut OutputFolder,
    frames: &[&Frame],
    formats: &[TableFormat],
    extra: &[(String, String)],
) -> Result<(), OutputError> {
    for frame in frames {
        for format in formats {
            folder.write(&format!("{}.{}", frame.name, format.ending()), |to| match format {
                TableFormat::Parquet => write_parquet(frame, to, extra),
                TableFormat::Csv => write_csv(frame, to),
            })?;
        }
    }
    folder.write("dictionary.csv", |to| write_dictionary(frames.iter().copied(), to))
}

/// Writes `summary.json`, of whichever kind of study.
pub fn write_summary(folder: &mut OutputFolder, summary: &impl Serialize) -> Result<(), OutputError> {
    folder.write_text("summary.json", &(serde_json::to_string_pretty(summary)? + "\n"))
}
