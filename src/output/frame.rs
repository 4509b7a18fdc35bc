//! Columns in memory: the one form that tables, plots and the report share.

/// Values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Real numbers; a missing value is `None` and is written as an empty field or a null, never as NaN.
    Real(Vec<Option<f64>>),
    /// Whole numbers.
    Whole(Vec<i64>),
    /// Text.
    Text(Vec<String>),
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
