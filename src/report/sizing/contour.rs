//! Isolines and bands between them of a quantity known at the points of a rectangular grid.
//!
//! Marching squares: each square of the grid is cut into four triangles at its centre, which takes the mean of the
//! corners. That settles the saddles, and inside a triangle all is linear. A square with a missing corner stays empty.

/// A point of the plane.
pub(super) type Point = (f64, f64);

/// Values at the points of a grid.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    /// Rising.
    pub(super) x: Vec<f64>,
    /// Rising.
    pub(super) y: Vec<f64>,
    /// Row by row: `z[j * x.len() + i]`.
    pub(super) z: Vec<Option<f64>>,
}

type Triangle = [(Point, f64); 3];

impl Field {
    fn corner(&self, i: usize, j: usize) -> Option<(Point, f64)> {
        Some(((self.x[i], self.y[j]), (*self.z.get(j * self.x.len() + i)?)?))
    }

    fn triangles(&self) -> Vec<Triangle> {
        let mut found = Vec::new();
        for j in 1..self.y.len() {
            for i in 1..self.x.len() {
                let corners = [(i - 1, j - 1), (i, j - 1), (i, j), (i - 1, j)].map(|(i, j)| self.corner(i, j));
                let [Some(a), Some(b), Some(c), Some(d)] = corners else { continue };
                let centre = ((a.0.0 + c.0.0) / 2.0, (a.0.1 + c.0.1) / 2.0);
                let middle = (centre, (a.1 + b.1 + c.1 + d.1) / 4.0);
                found.extend([[a, b, middle], [b, c, middle], [c, d, middle], [d, a, middle]]);
            }
        }
        found
    }

    /// Polygons in which the quantity lies between two values.
    pub(super) fn band(&self, low: f64, high: f64) -> Vec<Vec<Point>> {
        let mut found = Vec::new();
        for triangle in self.triangles() {
            let above = clip(&triangle, |z| z - low);
            let inside = clip(&above, |z| high - z);
            if inside.len() > 2 {
                found.push(inside.into_iter().map(|p| p.0).collect());
            }
        }
        found
    }

    /// Lines along which the quantity has a value.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let mut segments = Vec::new();
        for t in self.triangles() {
            let crossings: Vec<Point> = [(0, 1), (1, 2), (2, 0)]
                .into_iter()
                .filter(|&(a, b)| (t[a].1 >= level) != (t[b].1 >= level))
                .map(|(a, b)| between(t[a], t[b], level))
                .collect();
            if let [from, to] = crossings[..]
                && from != to
            {
                segments.push((from, to));
            }
        }
        join(segments)
    }
}

/// Where the quantity has a value between two points.
fn between(a: (Point, f64), b: (Point, f64), level: f64) -> Point {
    // The same point from both sides, so that segments of neighbours meet.
    let (a, b) = if a.0 <= b.0 { (a, b) } else { (b, a) };
    let share = (level - a.1) / (b.1 - a.1);
    (a.0.0 + share * (b.0.0 - a.0.0), a.0.1 + share * (b.0.1 - a.0.1))
}

/// Part of a convex polygon in which `side` of the quantity is not negative (Sutherland and Hodgman 1974).
fn clip(polygon: &[(Point, f64)], side: impl Fn(f64) -> f64) -> Vec<(Point, f64)> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (k, &here) in polygon.iter().enumerate() {
        let before = polygon[(k + polygon.len() - 1) % polygon.len()];
        let (s, t) = (side(before.1), side(here.1));
        if (s >= 0.0) != (t >= 0.0) {
            let level = before.1 + (here.1 - before.1) * s / (s - t);
            kept.push((between(before, here, level), level));
        }
        if t >= 0.0 {
            kept.push(here);
        }
    }
    kept
}

/// Segments as the longest chains they form.
fn join(mut segments: Vec<(Point, Point)>) -> Vec<Vec<Point>> {
    let near = |a: Point, b: Point| (a.0 - b.0).abs() < 1e-9 && (a.1 - b.1).abs() < 1e-9;
    let mut chains = Vec::new();
    while let Some((from, to)) = segments.pop() {
        let mut chain = std::collections::VecDeque::from([from, to]);
        loop {
            let (head, tail) = (chain[0], chain[chain.len() - 1]);
            let next = segments.iter().position(|s| [s.0, s.1].iter().any(|p| near(*p, head) || near(*p, tail)));
            let Some(k) = next else { break };
            let (a, b) = segments.swap_remove(k);
            if near(a, tail) {
                chain.push_back(b);
            } else if near(b, tail) {
                chain.push_back(a);
            } else if near(a, head) {
                chain.push_front(b);
            } else {
                chain.push_front(a);
            }
        }
        chains.push(chain.into_iter().collect());
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> Field {
        let (x, y) = (vec![0.0, 1.0, 3.0], vec![0.0, 2.0, 3.0, 5.0]);
        let z = y.iter().flat_map(|y| x.iter().map(move |x| Some(2.0 * x + y))).collect();
        Field { x, y, z }
    }

    fn area(polygon: &[Point]) -> f64 {
        let twice: f64 = (0..polygon.len())
            .map(|k| (polygon[k], polygon[(k + 1) % polygon.len()]))
            .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
            .sum();
        twice.abs() / 2.0
    }

    #[test]
    fn a_line_of_a_plane_is_straight_and_whole() {
        let lines = plane().lines(4.5);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].iter().all(|p| (2.0 * p.0 + p.1 - 4.5).abs() < 1e-12));
        let length: f64 = lines[0].windows(2).map(|w| (w[0].0 - w[1].0).hypot(w[0].1 - w[1].1)).sum();
        // From (0, 4.5) to (2.25, 0).
        assert!((length - 2.25f64.hypot(4.5)).abs() < 1e-9);
        assert!(plane().lines(20.0).is_empty());
    }

    #[test]
    fn bands_share_the_area_without_gap_or_overlap() {
        let bands = [f64::NEG_INFINITY, 1.0, 4.5, 7.0, f64::INFINITY];
        let areas: Vec<f64> = bands
            .windows(2)
            .map(|b| plane().band(b[0].max(-99.0), b[1].min(99.0)).iter().map(|p| area(p)).sum())
            .collect();
        assert!((areas.iter().sum::<f64>() - 15.0).abs() < 1e-9);
        // Below 1: the triangle (0, 0), (0.5, 0), (0, 1).
        assert!((areas[0] - 0.25).abs() < 1e-9);
    }

    #[test]
    fn a_missing_corner_empties_its_squares_only() {
        let mut field = plane();
        field.z[0] = None;
        let all: f64 = field.band(-99.0, 99.0).iter().map(|p| area(p)).sum();
        assert!((all - 13.0).abs() < 1e-9);
        assert!(Field::default().lines(1.0).is_empty());
    }
}
