//! Second lives: how long what enters with an SoH stays, and what it can still hold.

use super::super::plan::LifeLaw;
use super::super::retirement::SecondLives;
use super::super::survival::{Life, LifeError};
use super::grid::{self, COUNT};
use super::storage::BySoh;
use crate::numeric::stats::normal_cdf;

/// Longest mean life that is told apart from one without end \[years\].
const ENDLESS: f64 = 1e6;
/// Below this share nobody is left.
const NOBODY: f64 = 1e-12;

/// A year of the second lives of a unit that enters, its entry spread over a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Share in service at the end of the year.
    pub left: f64,
    /// The same times its SoH.
    pub left_useful: f64,
    /// Share that leaves in the year.
    pub gone: f64,
    /// The same times its SoH.
    pub gone_useful: f64,
}

/// A year of the second lives of a unit of each class, as in [`Point`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Year {
    pub left: BySoh,
    pub left_useful: BySoh,
    pub gone: BySoh,
    pub gone_useful: BySoh,
}

/// Second lives by SoH at their start.
#[derive(Clone, Debug, PartialEq)]
pub struct Second {
    /// The year of entry, the next, ... up to the last in which any leave; zeros where there is no life.
    pub course: Vec<Year>,
    /// First class with a life; one past the last where none has.
    pub from: usize,
    /// Mean length \[years\].
    pub years: [f64; COUNT],
}

/// Numbers of a second life in closed form.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// SoH at which it ends.
    pub soh_end: f64,
    /// Fade \[1/year\].
    pub fade_per_year: f64,
    /// Standard deviation of its length over its mean.
    pub spread: f64,
    /// Longest \[years\].
    pub years_max: f64,
}

impl Second {
    fn new() -> Self {
        Second { course: Vec::new(), from: COUNT, years: [0.0; COUNT] }
    }

    fn put(&mut self, class: usize, year: usize, point: Point) {
        if self.course.len() <= year {
            self.course.resize(year + 1, Year::default());
        }
        self.from = self.from.min(class);
        let of = &mut self.course[year];
        (of.left[class], of.left_useful[class]) = (point.left, point.left_useful);
        (of.gone[class], of.gone_useful[class]) = (point.gone, point.gone_useful);
    }

    /// Straight fade from the SoH at the start to that at the end, with a lognormal length about
    /// `(soh - soh_end)/fade`, cut at the longest. Who lasts longer fades slower: SoH at age `b` of a life of length `T`
    /// is `s - (s - end) b/T`, and its mean over those left follows from `E[1/T; T > b]` of the lognormal,
    /// `exp(-mu + sigma^2/2) Phi((mu - sigma^2 - ln b)/sigma)`.
    pub fn closed(terms: Terms, years: usize) -> Result<Self, LifeError> {
        let mut second = Second::new();
        for class in 0..COUNT {
            let start = grid::soh(class);
            let mean = ((start - terms.soh_end) / terms.fade_per_year.max(0.0)).min(ENDLESS);
            // An SoH at its end has no life left.
            if mean <= 1e-9 {
                continue;
            }
            let law = LifeLaw::Lognormal;
            let life = Life::new(law, mean, terms.spread * mean)?;
            let variance = (1.0 + terms.spread * terms.spread).ln();
            let (mu, sigma) = (mean.ln() - 0.5 * variance, variance.sqrt());
            let soh_at = |age: f64| {
                let inverse = if terms.spread < Life::SHARP {
                    1.0 / mean
                } else {
                    let x = (mu - age.ln()) / sigma;
                    let left = normal_cdf(x);
                    if left < NOBODY { 1.0 / age } else { (-mu + 0.5 * variance).exp() * normal_cdf(x - sigma) / left }
                };
                (start - (start - terms.soh_end) * (age * inverse).min(1.0)).clamp(terms.soh_end.min(start), start)
            };
            let ended = terms.soh_end.min(start);
            let mut before = 1.0;
            for k in 0..years {
                let (from, to) = (k as f64, (k as f64 + 1.0).min(terms.years_max));
                let uncut = life.mean_survival(from, from + 1.0);
                let left = if to > from { (to - from) * life.mean_survival(from, to) } else { 0.0 };
                let left = if left < NOBODY { 0.0 } else { left.min(before) };
                let soh = soh_at(0.5 * (from + to.max(from)).max(1e-6));
                // Who is sent away at the longest age has not reached the end of his fade.
                let cut = (uncut.min(before) - left).max(0.0);
                let gone = before - left;
                let out = if gone > 0.0 { ended + (soh - ended) * (cut / gone).min(1.0) } else { ended };
                let point = Point { left, left_useful: left * soh, gone, gone_useful: gone * out };
                second.put(class, k, point);
                if left <= 0.0 {
                    break;
                }
                before = left;
            }
            let longest = terms.years_max.min(ENDLESS);
            second.years[class] = if longest > 0.0 { longest * life.mean_survival(0.0, longest) } else { 0.0 };
        }
        Ok(second)
    }

    /// From tables of populations with weights that add up to one; none is left past the end of a table.
    pub fn simulated(tables: &[(&SecondLives, f64)], years_max: f64, years: usize) -> Self {
        let mut second = Second::new();
        for class in 0..COUNT {
            let start = grid::soh(class);
            let of = |table: &SecondLives| table.soh_from.iter().rposition(|s| *s <= start + 1e-12).unwrap_or(0);
            let at = |rows: fn(&SecondLives) -> &Vec<Vec<f64>>, age: f64, past: Option<f64>| -> f64 {
                let mean = tables.iter().map(|(table, weight)| {
                    weight * rows(table).get(of(table)).map_or(0.0, |row| between(row, age, past))
                });
                mean.sum()
            };
            let survival = |age: f64| at(|t| &t.survival, age, Some(0.0));
            let soh_at = |age: f64| start * at(|t| &t.fade, age, None);
            let mut before = 1.0;
            let mut total = 0.0;
            for k in 0..years {
                let (from, to) = (k as f64, (k as f64 + 1.0).min(years_max));
                let left = if to > from { 0.5 * (to - from) * (survival(from) + survival(to)) } else { 0.0 };
                let left = if left < NOBODY { 0.0 } else { left.min(before) };
                let soh = soh_at(0.5 * (from + to.max(from)));
                let gone = before - left;
                second.put(class, k, Point { left, left_useful: left * soh, gone, gone_useful: gone * soh });
                total += left;
                if left <= 0.0 {
                    break;
                }
                before = left;
            }
            second.years[class] = total;
        }
        second
    }
}

/// Value of a yearly row at an age; past its end as there, or as told.
fn between(row: &[f64], age: f64, past: Option<f64>) -> f64 {
    let Some(last) = row.len().checked_sub(1) else { return past.unwrap_or(0.0) };
    let below = (age.max(0.0) as usize).min(last);
    if age > last as f64 {
        return past.unwrap_or(row[last]);
    }
    let above = (below + 1).min(last);
    row[below] + (row[above] - row[below]) * (age - below as f64)
}
