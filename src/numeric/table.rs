//! Tables on the unit interval with constant spacing: one multiplication finds the cell.

/// A problem with the knots of a table.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// Lengths differ.
    #[error("{knots} knots but {values} values")]
    Length {
        /// Number of knots.
        knots: usize,
        /// Number of values.
        values: usize,
    },
    /// Fewer than two knots, or not from 0 to 1.
    #[error("knots must run from 0 to 1, found {first} to {last}")]
    Span {
        /// First knot.
        first: f64,
        /// Last knot.
        last: f64,
    },
    /// Knots do not rise strictly.
    #[error("knot {index} ({value}) does not rise above the one before")]
    Order {
        /// Index of the offending knot.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// A value is not finite.
    #[error("value {index} is not a finite number")]
    NotFinite {
        /// Index of the offending value.
        index: usize,
    },
}

/// Checks knots that must span 0..=1.
pub fn check_knots(knots: &[f64], values: &[f64]) -> Result<(), TableError> {
    if knots.len() != values.len() {
        return Err(TableError::Length { knots: knots.len(), values: values.len() });
    }
    let (first, last) = (knots.first().copied().unwrap_or(f64::NAN), knots.last().copied().unwrap_or(f64::NAN));
    if knots.len() < 2 || first != 0.0 || last != 1.0 {
        return Err(TableError::Span { first, last });
    }
    if let Some(i) = knots.windows(2).position(|w| w[1].partial_cmp(&w[0]) != Some(std::cmp::Ordering::Greater)) {
        return Err(TableError::Order { index: i + 1, value: knots[i + 1] });
    }
    if let Some(index) = values.iter().position(|v| !v.is_finite()) {
        return Err(TableError::NotFinite { index });
    }
    Ok(())
}

/// Piecewise linear interpolation at any `x`, flat outside the knots. For building tables, not for hot loops.
pub fn interpolate(knots: &[f64], values: &[f64], x: f64) -> f64 {
    let upper = knots.partition_point(|&k| k < x);
    if upper == 0 {
        return values[0];
    }
    if upper == knots.len() {
        return values[upper - 1];
    }
    let f = (x - knots[upper - 1]) / (knots[upper] - knots[upper - 1]);
    values[upper - 1] + f * (values[upper] - values[upper - 1])
}

/// A smooth function on 0..=1 as cubic Hermite pieces of equal width.
#[derive(Clone, Debug)]
pub struct CubicTable {
    pieces: Vec<[f64; 4]>,
    cells: f64,
}

impl CubicTable {
    /// Samples `f`, which must be defined a little outside 0..=1, with slopes by central differences.
    pub fn sample(cells: usize, f: impl Fn(f64) -> f64) -> Self {
        let h = 1.0 / cells as f64;
        let slope = |x: f64| (f(x + 1e-5) - f(x - 1e-5)) / 2e-5 * h;
        let pieces = (0..cells)
            .map(|i| {
                let (x0, x1) = (i as f64 * h, (i + 1) as f64 * h);
                let (y0, y1, m0, m1) = (f(x0), f(x1), slope(x0), slope(x1));
                [y0, m0, 3.0 * (y1 - y0) - 2.0 * m0 - m1, 2.0 * (y0 - y1) + m0 + m1]
            })
            .collect();
        CubicTable { pieces, cells: cells as f64 }
    }

    /// Value at `x`, held at the ends outside 0..=1.
    #[inline]
    pub fn value(&self, x: f64) -> f64 {
        let u = x.clamp(0.0, 1.0) * self.cells;
        let i = (u as i32).min(self.pieces.len() as i32 - 1);
        let t = u - f64::from(i);
        let [a, b, c, d] = self.pieces[i as usize];
        a + t * (b + t * (c + t * d))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knots_are_checked() {
        assert!(check_knots(&[0.0, 0.5, 1.0], &[1.0, 2.0, 3.0]).is_ok());
        assert!(matches!(check_knots(&[0.0, 1.0], &[1.0]), Err(TableError::Length { .. })));
        assert!(matches!(check_knots(&[0.1, 1.0], &[1.0, 2.0]), Err(TableError::Span { .. })));
        assert!(matches!(check_knots(&[0.0, 0.5, 0.5, 1.0], &[0.0; 4]), Err(TableError::Order { index: 2, .. })));
        assert!(matches!(check_knots(&[0.0, 1.0], &[1.0, f64::NAN]), Err(TableError::NotFinite { index: 1 })));
    }

    #[test]
    fn interpolation_meets_knots_and_middles() {
        let (k, v) = ([0.0, 0.25, 1.0], [1.0, 3.0, 0.0]);
        assert_eq!(interpolate(&k, &v, 0.25), 3.0);
        assert_eq!(interpolate(&k, &v, 0.125), 2.0);
        assert_eq!(interpolate(&k, &v, 7.0), 0.0);
    }

    #[test]
    fn cubic_pieces_follow_a_smooth_function() {
        let table = CubicTable::sample(512, |x| (3.0 * x).sin());
        let worst = (0..=10_000)
            .map(|i| i as f64 / 10_000.0)
            .map(|x| (table.value(x) - (3.0 * x).sin()).abs())
            .fold(0.0, f64::max);
        assert!(worst < 1e-11, "{worst}");
    }
}
