//! Tables on knots of any spacing over one, two or three quantities: linear between the knots, and beyond them along the
//! last piece.

/// A problem with a table.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GridError {
    /// Fewer than two knots along an axis.
    #[error("an axis needs two knots or more, found {0}")]
    Knots(usize),
    /// Knots do not rise strictly.
    #[error("knot {index} ({value}) does not rise above the one before")]
    Order {
        /// Index of the offending knot.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// The number of values is not that of the knots.
    #[error("{expected} values are needed, found {found}")]
    Values {
        /// Number of points of the grid.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// A value is not finite.
    #[error("value {0} is not a finite number")]
    NotFinite(usize),
}

/// Knots along one quantity.
#[derive(Clone, Debug, PartialEq)]
struct Axis {
    knots: Vec<f64>,
    /// One over the spacing, where it is the same throughout.
    per_spacing: Option<f64>,
}

impl Axis {
    fn new(knots: Vec<f64>) -> Result<Axis, GridError> {
        if knots.len() < 2 {
            return Err(GridError::Knots(knots.len()));
        }
        let rises = |w: &[f64]| w[1] > w[0] && w[0].is_finite() && w[1].is_finite();
        if let Some(i) = knots.windows(2).position(|w| !rises(w)) {
            return Err(GridError::Order { index: i + 1, value: knots[i + 1] });
        }
        let spacing = (knots[knots.len() - 1] - knots[0]) / (knots.len() - 1) as f64;
        let equal = knots.windows(2).all(|w| (w[1] - w[0] - spacing).abs() < 1e-9 * spacing);
        Ok(Axis { knots, per_spacing: equal.then_some(1.0 / spacing) })
    }

    /// Piece that `x` lies in, and how far along it: outside 0..1 beyond the ends.
    #[inline]
    fn place(&self, x: f64) -> (usize, f64) {
        let last = self.knots.len() - 2;
        let i = match self.per_spacing {
            // A rounding may choose the neighbouring piece, which gives the same value at the knot.
            Some(per) => (((x - self.knots[0]) * per) as i32).clamp(0, last as i32) as usize,
            None => self.knots[1..=last].partition_point(|&k| k <= x),
        };
        (i, (x - self.knots[i]) / (self.knots[i + 1] - self.knots[i]))
    }
}

fn check_values(values: &[f64], expected: usize) -> Result<(), GridError> {
    if values.len() != expected {
        return Err(GridError::Values { expected, found: values.len() });
    }
    values.iter().position(|v| !v.is_finite()).map_or(Ok(()), |i| Err(GridError::NotFinite(i)))
}

/// A table over one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    axis: Axis,
    values: Vec<f64>,
    /// Integral from the first knot to each knot.
    integrals: Vec<f64>,
}

impl Line {
    /// Checks knots and values.
    pub fn new(knots: Vec<f64>, values: Vec<f64>) -> Result<Line, GridError> {
        let axis = Axis::new(knots)?;
        check_values(&values, axis.knots.len())?;
        let mut integrals = vec![0.0; values.len()];
        for i in 1..values.len() {
            let width = axis.knots[i] - axis.knots[i - 1];
            integrals[i] = integrals[i - 1] + 0.5 * (values[i] + values[i - 1]) * width;
        }
        Ok(Line { axis, values, integrals })
    }

    /// Value at `x`.
    #[inline]
    pub fn value(&self, x: f64) -> f64 {
        let (i, f) = self.axis.place(x);
        self.values[i] + f * (self.values[i + 1] - self.values[i])
    }

    /// Slope of the piece that `x` lies in.
    #[inline]
    pub fn slope(&self, x: f64) -> f64 {
        let (i, _) = self.axis.place(x);
        (self.values[i + 1] - self.values[i]) / (self.axis.knots[i + 1] - self.axis.knots[i])
    }

    /// Integral from the first knot to `x`.
    pub fn integral(&self, x: f64) -> f64 {
        let (i, f) = self.axis.place(x);
        let (a, b) = (self.values[i], self.values[i + 1]);
        self.integrals[i] + f * (a + 0.5 * f * (b - a)) * (self.axis.knots[i + 1] - self.axis.knots[i])
    }

    /// Mean value between two places.
    #[inline]
    pub fn mean(&self, from: f64, to: f64) -> f64 {
        let ((i, f), (j, g)) = (self.axis.place(from), self.axis.place(to));
        if i == j {
            return self.values[i] + 0.5 * (f + g) * (self.values[i + 1] - self.values[i]);
        }
        // Means of the pieces by their widths: a difference of integrals over a short way would lose digits.
        let (low, high) = if from < to { (from, to) } else { (to, from) };
        let (first, last) = (i.min(j), i.max(j));
        let part = |piece: usize| {
            let a = if piece == first { low } else { self.axis.knots[piece] };
            let b = if piece == last { high } else { self.axis.knots[piece + 1] };
            let slope =
                (self.values[piece + 1] - self.values[piece]) / (self.axis.knots[piece + 1] - self.axis.knots[piece]);
            (b - a) * (self.values[piece] + slope * (0.5 * (a + b) - self.axis.knots[piece]))
        };
        (first..=last).map(part).sum::<f64>() / (high - low)
    }

    /// Values at the knots.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// A table over two quantities.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    axes: [Axis; 2],
    values: Vec<f64>,
}

impl Plane {
    /// Checks knots and values; those of the second quantity lie next to each other.
    pub fn new(first: Vec<f64>, second: Vec<f64>, values: Vec<f64>) -> Result<Plane, GridError> {
        let axes = [Axis::new(first)?, Axis::new(second)?];
        check_values(&values, axes.iter().map(|a| a.knots.len()).product())?;
        Ok(Plane { axes, values })
    }

    /// Value at a point.
    #[inline]
    pub fn value(&self, x: f64, y: f64) -> f64 {
        let ((i, f), (j, g)) = (self.axes[0].place(x), self.axes[1].place(y));
        let row = |i: usize| {
            let at = i * self.axes[1].knots.len() + j;
            self.values[at] + g * (self.values[at + 1] - self.values[at])
        };
        let low = row(i);
        low + f * (row(i + 1) - low)
    }

    /// Values at the points of the grid.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// A table over three quantities.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    axes: [Axis; 3],
    values: Vec<f64>,
}

impl Space {
    /// Checks knots and values; those of the last quantity lie next to each other.
    pub fn new(first: Vec<f64>, second: Vec<f64>, third: Vec<f64>, values: Vec<f64>) -> Result<Space, GridError> {
        let axes = [Axis::new(first)?, Axis::new(second)?, Axis::new(third)?];
        check_values(&values, axes.iter().map(|a| a.knots.len()).product())?;
        Ok(Space { axes, values })
    }

    /// Value at a point.
    #[inline]
    pub fn value(&self, x: f64, y: f64, z: f64) -> f64 {
        let ((i, f), (j, g), (k, h)) = (self.axes[0].place(x), self.axes[1].place(y), self.axes[2].place(z));
        let (ny, nz) = (self.axes[1].knots.len(), self.axes[2].knots.len());
        let edge = |i: usize, j: usize| {
            let at = (i * ny + j) * nz + k;
            self.values[at] + h * (self.values[at + 1] - self.values[at])
        };
        let face = |i: usize| {
            let low = edge(i, j);
            low + g * (edge(i, j + 1) - low)
        };
        let low = face(i);
        low + f * (face(i + 1) - low)
    }

    /// Values at the points of the grid.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_function_is_met_inside_and_outside() {
        let (a, b, c) = (vec![0.0, 0.3, 1.0], vec![-1.0, 0.0, 1.0, 2.0], vec![2.0, 7.0]);
        let f = |x: f64, y: f64, z: f64| 1.0 + 2.0 * x - 3.0 * y + 0.5 * z;
        let all = |z: &[f64]| {
            let mut values = Vec::new();
            a.iter().for_each(|&x| b.iter().for_each(|&y| z.iter().for_each(|&z| values.push(f(x, y, z)))));
            values
        };
        let space = Space::new(a.clone(), b.clone(), c.clone(), all(&c)).unwrap();
        let plane = Plane::new(a.clone(), b.clone(), all(&[0.0])).unwrap();
        let line = Line::new(a.clone(), a.iter().map(|&x| f(x, 0.0, 0.0)).collect()).unwrap();
        for (x, y, z) in [(0.1, 0.5, 3.0), (-0.4, -3.0, 1.0), (1.7, 2.5, 9.0), (0.3, 1.0, 7.0)] {
            assert!((space.value(x, y, z) - f(x, y, z)).abs() < 1e-12);
            assert!((plane.value(x, y) - f(x, y, 0.0)).abs() < 1e-12);
            assert!((line.value(x) - f(x, 0.0, 0.0)).abs() < 1e-12 && (line.slope(x) - 2.0).abs() < 1e-12);
        }
    }

    #[test]
    fn means_and_integrals_agree() {
        let line = Line::new(vec![0.0, 0.2, 0.5, 1.0], vec![3.0, 3.4, 3.5, 4.1]).unwrap();
        for (a, b) in [(0.05, 0.1), (0.1, 0.9), (0.9, 0.1), (-0.1, 1.2), (0.4, 0.4)] {
            let n = 20_000;
            let sum: f64 = (0..n).map(|k| line.value(a + (b - a) * (f64::from(k) + 0.5) / f64::from(n))).sum();
            assert!((line.mean(a, b) - sum / f64::from(n)).abs() < 1e-8, "{a} {b}");
        }
    }

    #[test]
    fn bad_tables_are_refused() {
        assert_eq!(Line::new(vec![0.0], vec![1.0]), Err(GridError::Knots(1)));
        assert!(matches!(Line::new(vec![0.0, 0.0], vec![1.0, 1.0]), Err(GridError::Order { index: 1, .. })));
        assert!(matches!(Line::new(vec![0.0, 1.0], vec![1.0]), Err(GridError::Values { expected: 2, found: 1 })));
        assert_eq!(Line::new(vec![0.0, 1.0], vec![1.0, f64::NAN]), Err(GridError::NotFinite(1)));
        assert!(Plane::new(vec![0.0, 1.0], vec![0.0, 1.0], vec![0.0; 3]).is_err());
    }
}
