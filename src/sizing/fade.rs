//! What the fast balance takes from designs that were simulated in full: how much of the start's energy is left in the first
//! and in the last year, and what comes back of what is stored.

use super::result::{Design, PathLife};
use super::screen::Bucket;

/// What a simulated design tells.
#[derive(Clone, Debug, PartialEq)]
struct Point {
    pv_kw: f64,
    per_string: f64,
    /// Usable energy over that of the start, mean of the first year and of the last; efficiency; SoH at the start and end.
    values: [f64; VALUES],
    /// Years of service at which the battery was replaced, on the path in the middle.
    replaced: Vec<f64>,
}

const VALUES: usize = 5;

/// Fade of one class of modules with one renewal, between the corners of array and battery.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fade {
    points: Vec<Point>,
}

/// Bounds of an efficiency that the balance may take.
const EFFICIENCY: [f64; 2] = [0.5, 1.0];

impl Fade {
    /// Takes the lives of a design, its paths' mean.
    pub fn learn(&mut self, design: &Design, lives: &[PathLife]) {
        let n = lives.len() as f64;
        if lives.is_empty() {
            return;
        }
        let mut values = [0.0; VALUES];
        for life in lives {
            let usable = |year: Option<usize>| -> f64 {
                year.and_then(|y| life.years.get(y)).map_or(life.usable_kwh_start, |year| year.usable_kwh_end)
            };
            let last = life.years.len().saturating_sub(1);
            let start = life.usable_kwh_start.max(1e-9);
            values[0] += 0.5 * (life.usable_kwh_start + usable(Some(0))) / start / n;
            // A battery that was renewed inside the last year did not fade through it.
            let renewed = life.replaced.iter().any(|(t, _)| *t > last as f64);
            values[1] += match renewed {
                true => usable(Some(last)) / start / n,
                false => 0.5 * (usable(last.checked_sub(1)) + usable(Some(last))) / start / n,
            };
            let sum = |of: &dyn Fn(&crate::site::SiteYear) -> f64| life.years.iter().map(of).sum::<f64>();
            let (out, into) = (sum(&|y| y.discharge_kwh), sum(&|y| y.charge_kwh));
            values[2] += if into > 0.0 { (out / into).clamp(EFFICIENCY[0], EFFICIENCY[1]) } else { 1.0 } / n;
            values[3] += life.soh_start / n;
            values[4] += life.years.last().map_or(life.soh_start, |year| year.soh_end) / n;
        }
        let mut replaced: Vec<Vec<f64>> = lives.iter().map(|l| l.replaced.iter().map(|(t, _)| *t).collect()).collect();
        replaced
            .sort_by(|a, b| a.len().cmp(&b.len()).then(b.first().unwrap_or(&0.0).total_cmp(a.first().unwrap_or(&0.0))));
        let replaced = replaced.swap_remove(replaced.len() / 2);
        let per_string = 1.0 / f64::from(design.strings.max(1));
        self.points.push(Point { pv_kw: design.pv_kw, per_string, values, replaced });
    }

    /// Weights by the inverse square of the distance, in array and in one over the strings: modules are worn by what each of
    /// them carries, and strings added later are a share of those that are there.
    fn at(&self, design: &Design) -> [f64; VALUES] {
        let span = |of: fn(&Point) -> f64| {
            let (low, high) =
                self.points.iter().fold((f64::INFINITY, 0.0f64), |(l, h), p| (l.min(of(p)), h.max(of(p))));
            (high - low).max(1e-9)
        };
        let (pv_span, string_span) = (span(|p| p.pv_kw), span(|p| p.per_string));
        let here = 1.0 / f64::from(design.strings.max(1));
        let (mut sum, mut weights) = ([0.0; VALUES], 0.0);
        for point in &self.points {
            let pv = ((point.pv_kw - design.pv_kw) / pv_span).powi(2);
            let weight = 1.0 / (pv + 4.0 * ((point.per_string - here) / string_span).powi(2) + 1e-4);
            weights += weight;
            (0..VALUES).for_each(|k| sum[k] += weight * point.values[k]);
        }
        sum.map(|x| x / weights)
    }

    /// The bucket of a design in its first and last year, for the energy that a path begins with and a factor on the fade.
    /// As it was at the start while nothing is known.
    pub fn buckets(&self, design: &Design, usable_kwh_start: f64, fade_factor: f64) -> [Bucket; 2] {
        let [first, last, efficiency, ..] = if self.points.is_empty() { UNKNOWN } else { self.at(design) };
        [first, last].map(|share| {
            let usable_kwh = (1.0 - fade_factor * (1.0 - share)).max(0.0) * usable_kwh_start;
            // Its power is taken as 1C: what modules cannot bear is for the full simulation to tell.
            Bucket { usable_kwh, start_kwh: 0.5 * usable_kwh, efficiency, power_kw: usable_kwh_start }
        })
    }

    /// SoH at the start and at the end of service, and years at which the battery was replaced: of the design that was
    /// replaced least, so that no cheap one is passed over unsimulated.
    pub fn wear(&self, design: &Design) -> ([f64; 2], Vec<f64>) {
        if self.points.is_empty() {
            return ([UNKNOWN[3], UNKNOWN[4]], Vec::new());
        }
        let values = self.at(design);
        let least = self.points.iter().min_by_key(|p| p.replaced.len());
        ([values[3], values[4]], least.map_or(Vec::new(), |p| p.replaced.clone()))
    }
}

/// Before anything is known: no fade, a usual efficiency.
const UNKNOWN: [f64; VALUES] = [1.0, 1.0, 0.93, 1.0, 1.0];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::SiteYear;
    use crate::sizing::screen::tests::design;

    /// A life that loses a share of its energy a year.
    fn life(start: f64, loss: f64, years: u32) -> PathLife {
        let year = |y: u32| SiteYear {
            usable_kwh_end: start * (1.0 - loss * f64::from(y + 1)),
            charge_kwh: 100.0,
            discharge_kwh: 90.0,
            soh_end: 0.8 - 0.01 * f64::from(y + 1),
            ..SiteYear::default()
        };
        PathLife {
            usable_kwh_start: start,
            soh_start: 0.8,
            years: (0..years).map(year).collect(),
            ..PathLife::empty(0)
        }
    }

    #[test]
    fn a_design_that_was_simulated_is_found_again() {
        let mut fade = Fade::default();
        assert!(fade.buckets(&design(1.0, 2, 1.0), 4.0, 1.0)[1].usable_kwh == 4.0);
        fade.learn(&design(1.0, 2, 1.0), &[life(5.0, 0.04, 5)]);
        fade.learn(&design(1.0, 8, 1.0), &[life(20.0, 0.02, 5)]);
        let [first, last] = fade.buckets(&design(1.0, 2, 1.0), 4.0, 1.0);
        assert!((first.usable_kwh / 4.0 - 0.98).abs() < 1e-3 && (last.usable_kwh / 4.0 - 0.82).abs() < 1e-3);
        assert!((first.efficiency - 0.9).abs() < 1e-9);
        let between = fade.buckets(&design(1.0, 4, 1.0), 4.0, 1.0)[1].usable_kwh / 4.0;
        assert!((0.82..0.91).contains(&between));
        let faster = fade.buckets(&design(1.0, 2, 1.0), 4.0, 1.5)[1].usable_kwh / 4.0;
        assert!((faster - 0.73).abs() < 2e-3, "{faster}");
        assert!((fade.wear(&design(1.0, 2, 1.0)).0[1] - 0.75).abs() < 1e-9);
    }
}
