//! Labels that keep out of each other's way.

use crate::report::axes::Panel;
use crate::report::canvas::{Anchor, Canvas, SMALL, colour, text_width};

/// Left, top, right, bottom \[px\].
pub(super) type Area = [f64; 4];

/// Labels placed so far.
#[derive(Default)]
pub(super) struct Labels {
    taken: Vec<Area>,
    /// What had better not be covered, but may.
    points: Vec<Area>,
}

/// Whether two areas share a point.
pub(super) fn overlap(a: &Area, b: &Area) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

impl Labels {
    /// Keeps an area free.
    pub(super) fn keep(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Keeps an area free as long as there is another.
    pub(super) fn spare(&mut self, area: Area) {
        self.points.push(area);
    }

    /// The first centre with room for a label, beside the spared points if one can be found.
    pub(super) fn at_one_of(&mut self, panel: &Panel, centres: &[(f64, f64)], lines: &[&str]) -> Option<Area> {
        let taken = self.taken.len();
        self.taken.extend(&self.points);
        let beside = centres.iter().find_map(|centre| self.place(panel, *centre, lines));
        self.taken.truncate(taken);
        match beside {
            Some(area) => self.taken.push(area),
            None => return centres.iter().find_map(|centre| self.place(panel, *centre, lines)),
        }
        beside
    }

    /// Area of some lines around a centre, where it lies inside the panel and on nothing else.
    pub(super) fn place(&mut self, panel: &Panel, centre: (f64, f64), lines: &[&str]) -> Option<Area> {
        let wide = lines.iter().map(|l| text_width(l, SMALL)).fold(0.0, f64::max) / 2.0 + 4.0;
        let high = 10.0 * lines.len() as f64;
        let area = [centre.0 - wide, centre.1 - high, centre.0 + wide, centre.1 + high];
        let [left, top, right, bottom] = panel.place;
        let inside = area[0] >= left && area[1] >= top && area[2] <= right && area[3] <= bottom;
        if !inside || self.taken.iter().any(|t| overlap(t, &area)) {
            return None;
        }
        self.taken.push(area);
        Some(area)
    }

    /// The first place beside a mark that is free.
    pub(super) fn beside(&mut self, panel: &Panel, mark: (f64, f64), lines: &[&str]) -> Option<Area> {
        let wide = lines.iter().map(|l| text_width(l, SMALL)).fold(0.0, f64::max) / 2.0 + 4.0;
        let high = 10.0 * lines.len() as f64;
        let [right, left] = [mark.0 + 14.0 + wide, mark.0 - 14.0 - wide];
        let [below, above] = [mark.1 + 14.0 + high, mark.1 - 14.0 - high];
        let places = [
            (right, above),
            (right, below),
            (left, above),
            (left, below),
            (mark.0, above),
            (mark.0, below),
            (right, mark.1),
            (left, mark.1),
        ];
        places.into_iter().find_map(|centre| self.place(panel, centre, lines))
    }
}

/// Lines of text on a plate.
pub(super) fn plate(canvas: &mut Canvas<'_>, area: &Area, lines: &[&str], opacity: f64) {
    canvas.rect(area[0], area[1], area[2], area[3], colour::WHITE, opacity);
    for (k, line) in lines.iter().enumerate() {
        let y = area[1] + 10.0 + 20.0 * k as f64;
        canvas.text((area[0] + area[2]) / 2.0, y, SMALL, Anchor::Middle, colour::INK, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_apart_and_inside() {
        let panel = Panel { place: [0.0, 0.0, 400.0, 300.0], x: [0.0, 1.0], y: [0.0, 1.0] };
        let mut labels = Labels::default();
        let first = labels.beside(&panel, (395.0, 5.0), &["chosen", "1.2 kW"]).unwrap();
        assert!(first[0] >= 0.0 && first[1] >= 0.0 && first[2] <= 400.0 && first[3] <= 300.0);
        let second = labels.beside(&panel, (390.0, 8.0), &["another"]);
        assert!(second.is_none_or(|s| !overlap(&first, &s)));
        assert!(labels.place(&panel, (-5.0, 20.0), &["out"]).is_none());
        // A spared point is covered only where there is no other place.
        labels.spare([190.0, 190.0, 210.0, 210.0]);
        let free = labels.at_one_of(&panel, &[(200.0, 200.0), (200.0, 250.0)], &["cost"]).unwrap();
        assert_eq!((free[1] + free[3]) / 2.0, 250.0);
        let forced = labels.at_one_of(&panel, &[(200.0, 200.0)], &["cost"]).unwrap();
        assert!(overlap(&forced, &[190.0, 190.0, 210.0, 210.0]) && !overlap(&forced, &free));
        assert!(labels.at_one_of(&panel, &[(200.0, 200.0)], &["cost"]).is_none());
    }
}
