//! Columns in memory: the one form that tables, plots and the report share.

use super::error::OutputError;
use std::borrow::Cow;

/// Text of a cell; fixed words are borrowed.
pub type Word = Cow<'static, str>;

/// Values of a column. A missing value is `None` and is written as an empty field or a null, never as NaN.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Real numbers, finite where present.
    Real(Vec<Option<f64>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Text.
    Text(Vec<Option<Word>>),
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Values::Real(v) => v.len(),
            Values::Whole(v) => v.len(),
            Values::Text(v) => v.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Kind of the values as the data dictionary says it: `real`, `whole` or `text`.
    pub fn kind(&self) -> &'static str {
        match self {
            Values::Real(_) => "real",
            Values::Whole(_) => "whole",
            Values::Text(_) => "text",
        }
    }
}

/// A column with its entry of the data dictionary.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name with its unit as suffix, the same in every format.
    pub name: String,
    /// Unit as text, empty for none.
    pub unit: String,
    /// What it says.
    pub doc: String,
    /// The numbers.
    pub values: Values,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// File name without ending.
    pub name: String,
    /// What a row is.
    pub doc: String,
    /// Columns of one length.
    pub columns: Vec<Column>,
}

impl Frame {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |c| c.values.len())
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// Real values of a column; empty when there is no such column of that kind.
    pub fn real(&self, name: &str) -> &[Option<f64>] {
        match self.column(name).map(|c| &c.values) {
            Some(Values::Real(v)) => v,
            _ => &[],
        }
    }

    /// Whole values of a column; empty when there is no such column of that kind.
    pub fn whole(&self, name: &str) -> &[Option<i64>] {
        match self.column(name).map(|c| &c.values) {
            Some(Values::Whole(v)) => v,
            _ => &[],
        }
    }

    /// Text values of a column; empty when there is no such column of that kind.
    pub fn text(&self, name: &str) -> &[Option<Word>] {
        match self.column(name).map(|c| &c.values) {
            Some(Values::Text(v)) => v,
            _ => &[],
        }
    }

    /// Sum of the values present in a real or whole column; zero when there is none.
    pub fn sum(&self, name: &str) -> f64 {
        match self.column(name).map(|c| &c.values) {
            Some(Values::Real(v)) => v.iter().flatten().fold(0.0, |sum, x| sum + x),
            Some(Values::Whole(v)) => v.iter().flatten().fold(0.0, |sum, &x| sum + x as f64),
            _ => 0.0,
        }
    }

    /// Checks that all columns have one length and different names.
    pub fn check(&self) -> Result<(), OutputError> {
        let rows = self.rows();
        for (k, column) in self.columns.iter().enumerate() {
            if column.values.len() != rows {
                return Err(OutputError::Ragged {
                    table: self.name.clone(),
                    column: column.name.clone(),
                    rows: column.values.len(),
                    expected: rows,
                });
            }
            if self.columns[..k].iter().any(|c| c.name == column.name) {
                return Err(OutputError::Repeated { table: self.name.clone(), column: column.name.clone() });
            }
        }
        Ok(())
    }
}
