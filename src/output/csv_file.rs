//! Tables as CSV.

use super::error::OutputError;
use super::frame::{Frame, Values};
use std::io::Write;

/// Writes a table with a header line; a missing value is an empty field.
pub fn write_csv(frame: &Frame, to: impl Write) -> Result<(), OutputError> {
    frame.check()?;
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(frame.columns.iter().map(|c| c.name.as_str()))?;
    let mut field = String::new();
    for row in 0..frame.rows() {
        for column in &frame.columns {
            field.clear();
            match &column.values {
                Values::Real(v) => v[row].iter().for_each(|&x| push_real(&mut field, x)),
                Values::Whole(v) => v[row].iter().for_each(|x| field.push_str(&x.to_string())),
                Values::Text(v) => v[row].iter().for_each(|x| field.push_str(x)),
            }
            csv.write_field(&field)?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush().map_err(|e| OutputError::Csv(e.into()))
}

/// Writes the data dictionary: one line a column of the given tables.
pub fn write_dictionary<'a>(frames: impl IntoIterator<Item = &'a Frame>, to: impl Write) -> Result<(), OutputError> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(["table", "column", "unit", "type", "meaning"])?;
    for frame in frames {
        for c in &frame.columns {
            csv.write_record([&frame.name, &c.name, &c.unit, c.values.kind(), &c.doc])?;
        }
    }
    csv.flush().map_err(|e| OutputError::Csv(e.into()))
}

/// Shortest text that reads back as the same number; nothing for what is not finite.
fn push_real(field: &mut String, x: f64) {
    let size = x.abs();
    if !x.is_finite() {
    } else if size != 0.0 && !(1e-5..1e15).contains(&size) {
        field.push_str(&format!("{x:e}"));
    } else {
        field.push_str(&x.to_string());
    }
}
