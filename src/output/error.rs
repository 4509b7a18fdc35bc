//! What can go wrong on the way to the disk.

use std::path::PathBuf;

/// An error of the output floor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The disk said no.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Disk {
        /// What was tried: `create`, `write`, `move`, ...
        action: &'static str,
        /// File or folder.
        path: PathBuf,
        /// Answer of the system.
        source: std::io::Error,
    },
    /// The target of a folder is something else.
    #[error("`{}` is not a folder", path.display())]
    NotAFolder {
        /// Target.
        path: PathBuf,
    },
    /// A file of that name in the target was not written by this tool.
    #[error("`{}` exists and was not written by packlife; move it away or choose another folder", path.display())]
    Foreign {
        /// File in the way.
        path: PathBuf,
    },
    /// Moving the finished files into place stopped half way; they are kept.
    #[error("results are complete in `{}` but could not be moved into place: {source}", kept.display())]
    Kept {
        /// Folder with the complete results.
        kept: PathBuf,
        /// Why.
        source: Box<OutputError>,
    },
    /// A name with a folder in it, or one this tool keeps for itself.
    #[error("`{name}` is not a plain file name")]
    FileName {
        /// Name given.
        name: String,
    },
    /// A file was written twice.
    #[error("file `{name}` was written twice")]
    Twice {
        /// Name given.
        name: String,
    },
    /// Columns of different length.
    #[error("table `{table}`: column `{column}` has {rows} rows where the first has {expected}")]
    Ragged {
        /// Table.
        table: String,
        /// Column.
        column: String,
        /// Its rows.
        rows: usize,
        /// Rows of the first column.
        expected: usize,
    },
    /// Two columns of one name.
    #[error("table `{table}` has two columns `{column}`")]
    Repeated {
        /// Table.
        table: String,
        /// Column.
        column: String,
    },
    /// The CSV writer failed.
    #[error("cannot write a table as CSV: {0}")]
    Csv(#[from] csv::Error),
    /// The Parquet writer failed.
    #[error("cannot write a table as Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The JSON writer failed.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}
