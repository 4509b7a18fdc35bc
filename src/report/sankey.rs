//! Flows as ribbons between columns of bars, as wide as what flows.

use super::canvas::{Anchor, Canvas, Colour, SMALL, colour, text_width};

/// Width of a bar \[px\].
const BAR: f64 = 13.0;
/// Least distance between two labels \[px\].
const APART: f64 = 19.0;

/// A bar.
pub(crate) struct Node {
    /// Label; none for an empty one.
    pub name: String,
    /// Column, from the left.
    pub column: usize,
    /// Colour of the bar and of what enters it.
    pub colour: Colour,
}

/// A ribbon between two bars, by their place in the list.
pub(crate) struct Link {
    /// From.
    pub from: usize,
    /// To.
    pub to: usize,
    /// How much.
    pub value: f64,
}

/// A diagram: bars and ribbons that start with the largest columns filling the height.
pub(crate) struct Sankey {
    /// Bars, from the top of each column.
    pub nodes: Vec<Node>,
    /// Ribbons; none with a value that is not above zero.
    pub links: Vec<Link>,
}

impl Sankey {
    /// What goes through a bar.
    pub(crate) fn size(&self, node: usize) -> f64 {
        let sum =
            |of: fn(&Link) -> usize| -> f64 { self.links.iter().filter(|l| of(l) == node).map(|l| l.value).sum() };
        sum(|l| l.from).max(sum(|l| l.to))
    }

    /// Draws it between left, top, right and bottom; labels stand right of the bars.
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, place: [f64; 4], gap: f64) {
        let [left, top, right, bottom] = place;
        let columns = self.nodes.iter().map(|n| n.column).max().unwrap_or(0);
        let sizes: Vec<f64> = (0..self.nodes.len()).map(|k| self.size(k)).collect();
        let of = |column: usize| (0..self.nodes.len()).filter(move |&k| self.nodes[k].column == column);
        let scale = (0..=columns).map(|c| {
            let (n, sum) = of(c).fold((0.0, 0.0), |(n, sum), k| (n + 1.0, sum + sizes[k]));
            if sum > 0.0 { (bottom - top - gap * (n - 1.0)) / sum } else { f64::INFINITY }
        });
        let scale = scale.fold(f64::INFINITY, f64::min);
        if !scale.is_finite() || scale <= 0.0 {
            return;
        }
        let x = |column: usize| left + (right - BAR - left) * column as f64 / columns.max(1) as f64;
        let mut y = vec![0.0; self.nodes.len()];
        for column in 0..=columns {
            let mut at = top;
            for k in of(column) {
                y[k] = at;
                at += sizes[k] * scale + gap;
            }
        }
        let (mut out, mut into) = (y.clone(), y.clone());
        for link in &self.links {
            let width = link.value * scale;
            let (from, to) = (&self.nodes[link.from], &self.nodes[link.to]);
            let (a, b) = (out[link.from], into[link.to]);
            ribbon(canvas, (x(from.column) + BAR, a), (x(to.column), b), width, to.colour);
            out[link.from] += width;
            into[link.to] += width;
        }
        for (k, node) in self.nodes.iter().enumerate() {
            let low = y[k] + (sizes[k] * scale).max(0.75);
            canvas.rect(x(node.column), y[k], x(node.column) + BAR, low, node.colour, 1.0);
        }
        for column in 0..=columns {
            let shown: Vec<usize> = of(column).filter(|&k| !self.nodes[k].name.is_empty()).collect();
            let middles: Vec<f64> = shown.iter().map(|&k| y[k] + 0.5 * sizes[k] * scale).collect();
            for (&k, (at, label)) in shown.iter().zip(middles.iter().zip(spread(&middles, bottom))) {
                let edge = x(column) + BAR;
                if (label - at).abs() > 3.0 {
                    canvas.line((edge + 1.0, *at), (edge + 9.0, label), colour::SOFT, 1.0);
                }
                // A light ground keeps the edges of ribbons out of the words.
                let wide = 0.92 * text_width(&self.nodes[k].name, SMALL);
                canvas.rect(edge + 8.0, label - 9.0, edge + 14.0 + wide, label + 9.0, colour::WHITE, 0.35);
                canvas.text(edge + 11.0, label, SMALL, Anchor::Start, colour::INK, &self.nodes[k].name);
            }
        }
    }
}

/// Places of labels near their middles, apart from one another and not far below `bottom`.
fn spread(middles: &[f64], bottom: f64) -> Vec<f64> {
    let mut places = middles.to_vec();
    for k in 1..places.len() {
        places[k] = places[k].max(places[k - 1] + APART);
    }
    let mut limit = bottom + 6.0;
    for place in places.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - APART;
    }
    places
}

fn ribbon(canvas: &mut Canvas<'_>, from: (f64, f64), to: (f64, f64), width: f64, colour: Colour) {
    const POINTS: usize = 16;
    let edge = |down: f64| {
        (0..=POINTS).map(move |k| {
            let t = k as f64 / POINTS as f64;
            let s = t * t * (3.0 - 2.0 * t);
            (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * s + down)
        })
    };
    let mut outline: Vec<(f64, f64)> = edge(0.0).collect();
    outline.extend(edge(width.max(0.5)).collect::<Vec<_>>().into_iter().rev());
    canvas.area(&outline, colour, 0.42);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stay_apart_and_in_order() {
        let places = spread(&[10.0, 12.0, 13.0, 100.0], 100.0);
        assert!(places.windows(2).all(|w| w[1] - w[0] >= APART - 1e-9), "{places:?}");
        assert!(places[3] <= 106.0);
    }

    #[test]
    fn a_bar_is_as_large_as_what_goes_through_it() {
        let node = |column| Node { name: String::new(), column, colour: colour::BLUE };
        let link = |from, to, value| Link { from, to, value };
        let s = Sankey { nodes: vec![node(0), node(1), node(1)], links: vec![link(0, 1, 3.0), link(0, 2, 1.0)] };
        assert_eq!((s.size(0), s.size(1), s.size(2)), (4.0, 3.0, 1.0));
    }
}
