//! A year of values at a steady step, and columns of numbers read from a CSV text.

use crate::numeric::calendar::{DAYS_PER_YEAR, HOURS_PER_YEAR};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;

/// A year of mean values, 8760 or a whole multiple of it; the year is repeated for ever.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Vec<f64>")]
pub struct YearSeries {
    rows_per_hour: usize,
    values: Arc<[f64]>,
}

/// Why a text is no table of the kind wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesError {
    /// Line in the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// Column, empty when it is not about one.
    pub column: String,
    /// What is wrong, with what is allowed.
    pub message: String,
}

impl fmt::Display for SeriesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, ", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, "column `{}`: ", self.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SeriesError {}

impl SeriesError {
    /// A fault of the file as a whole.
    pub(super) fn whole(message: String) -> Self {
        SeriesError { line: 0, column: String::new(), message }
    }
}

/// Most rows of an hour: one a second.
const ROWS_PER_HOUR_MAX: usize = 3600;

impl TryFrom<Vec<f64>> for YearSeries {
    type Error = SeriesError;

    fn try_from(values: Vec<f64>) -> Result<Self, SeriesError> {
        let rows = values.len();
        let rows_per_hour = rows / HOURS_PER_YEAR;
        if rows == 0 || !rows.is_multiple_of(HOURS_PER_YEAR) || rows_per_hour > ROWS_PER_HOUR_MAX {
            return Err(SeriesError::whole(format!(
                "there are {rows} rows of values: a year takes 8760, or a multiple of it for steps below the hour"
            )));
        }
        if let Some(k) = values.iter().position(|v| !v.is_finite()) {
            return Err(SeriesError::whole(format!("value {} is {}, not a finite number", k + 1, values[k])));
        }
        Ok(YearSeries { rows_per_hour, values: values.into() })
    }
}

impl YearSeries {
    /// Rows of an hour.
    pub fn rows_per_hour(&self) -> usize {
        self.rows_per_hour
    }

    /// All values of the year.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Means over the steps of a day, exact whatever the two step lengths are.
    pub(super) fn day(&self, day_of_year: usize, steps_per_hour: usize, means: &mut [f64]) {
        // In units of 1/(m n) h a row is n long and a step m.
        let (m, n) = (self.rows_per_hour, steps_per_hour);
        let rows = &self.values[day_of_year % DAYS_PER_YEAR * 24 * m..][..24 * m];
        for (k, mean) in means.iter_mut().enumerate() {
            let (from, to) = (k * m, (k + 1) * m);
            let mut sum = 0.0;
            let mut row = from / n;
            while row * n < to && row < rows.len() {
                let overlap = ((row + 1) * n).min(to) - (row * n).max(from);
                sum += rows[row] * overlap as f64;
                row += 1;
            }
            *mean = sum / m as f64;
        }
    }
}

/// A column to look for.
pub(super) struct Column {
    /// Name in the header.
    pub name: &'static str,
    /// Factor to the unit kept.
    pub factor: f64,
    /// Least and most allowed, in the file's unit.
    pub range: [f64; 2],
}

/// The wanted columns of a CSV text, `None` for those that it does not have. Lines that begin with `#` are remarks, other
/// columns are passed over.
pub(super) fn columns<const N: usize>(text: &str, wanted: &[Column; N]) -> Result<[Option<Vec<f64>>; N], SeriesError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let broken = |e: csv::Error| SeriesError {
        line: e.position().map_or(0, csv::Position::line),
        column: String::new(),
        message: e.to_string(),
    };
    let header = reader.headers().map_err(broken)?.clone();
    let places: [Option<usize>; N] = std::array::from_fn(|k| header.iter().position(|name| name == wanted[k].name));
    let mut found: [Option<Vec<f64>>; N] = std::array::from_fn(|k| places[k].map(|_| Vec::new()));
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        for (k, column) in wanted.iter().enumerate() {
            let (Some(place), Some(values)) = (places[k], &mut found[k]) else { continue };
            let text = record.get(place).unwrap_or("");
            let wrong = |message| SeriesError { line, column: column.name.into(), message };
            let value: f64 = text.parse().map_err(|_| wrong(format!("`{text}` is not a number")))?;
            let [least, most] = column.range;
            if !(least..=most).contains(&value) {
                return Err(wrong(format!("{value} is outside the allowed range {least} to {most}")));
            }
            values.push(value * column.factor);
        }
    }
    Ok(found)
}

/// Adds a constant over a span of hours to the means of steps; what lies beyond the last step is dropped.
pub(super) fn add_span(steps: &mut [f64], steps_per_hour: usize, from_h: f64, to_h: f64, value: f64) {
    let n = steps_per_hour as f64;
    let (from, to) = (from_h.max(0.0) * n, to_h * n);
    let mut k = from as usize;
    while k < steps.len() && (k as f64) < to {
        steps[k] += value * (to.min(k as f64 + 1.0) - from.max(k as f64)).max(0.0);
        k += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_any_length_keep_the_energy() {
        for rows_per_hour in [1, 4, 6, 12] {
            let values: Vec<f64> = (0..8760 * rows_per_hour).map(|k| (k % 97) as f64).collect();
            let series = YearSeries::try_from(values.clone()).unwrap();
            let day = &values[24 * rows_per_hour * 3..24 * rows_per_hour * 4];
            let mean = day.iter().sum::<f64>() / day.len() as f64;
            for steps in [1, 2, 4, 6, 12, 60] {
                let mut out = vec![0.0; 24 * steps];
                series.day(365 + 3, steps, &mut out);
                assert!((out.iter().sum::<f64>() / out.len() as f64 - mean).abs() < 1e-12);
                if steps == rows_per_hour {
                    assert!(out.iter().zip(day).all(|(a, b)| (a - b).abs() < 1e-12));
                }
            }
        }
    }

    #[test]
    fn a_span_lands_where_it_lies() {
        let mut steps = [0.0; 96];
        add_span(&mut steps, 4, 1.125, 1.75, 8.0);
        assert_eq!(steps[3..8], [0.0, 4.0, 8.0, 8.0, 0.0]);
        add_span(&mut steps, 4, 23.75, 30.0, 1.0);
        assert_eq!(steps[95], 1.0);
    }
}
