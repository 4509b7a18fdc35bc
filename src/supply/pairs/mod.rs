//! Vehicles and their batteries with lives of their own.
//!
//! A vehicle of age `v` with a battery of age `b` is a pair. In a year each part ends by its own hazard, independently
//! of the other: with `hv (1 - hb)` the vehicle alone, with `hb (1 - hv)` the battery alone, with `hv hb` both. Rules
//! say which vehicles without a battery get one and which batteries without a vehicle are used again. Source of the
//! idea: Aguilar Lopez et al. 2024, doi:10.1038/s41467-024-48554-0 and the product-component model it builds on
//! (<https://github.com/fernaag/product_component_model>); by ages instead of cohorts: Busch et al.,
//! <https://github.com/pmbusch/EoL-LIB-NorthAmerica>.

mod rules;
#[cfg(test)]
mod tests;
mod unit;

pub use rules::{Given, PairError, PairRules, PairYear, project};
pub use unit::{UnitExits, unit_exits, unit_exits_by};

/// Hazards of the years since entry from the shares that are left at their ends: `h(0) = 1 - S(0)`,
/// `h(a) = 1 - S(a) / S(a - 1)`; 1 once nothing is left.
pub fn yearly_hazards(survival: &[f64]) -> Vec<f64> {
    let before = std::iter::once(&1.0).chain(survival);
    before.zip(survival).map(|(before, left)| if *before > 0.0 { share(1.0 - left / before) } else { 1.0 }).collect()
}

/// Bounds a share; 0 for what is no number.
fn share(x: f64) -> f64 {
    if x > 0.0 { x.min(1.0) } else { 0.0 }
}

/// What ends of the pairs of one cell in a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairEnds {
    /// The vehicle ends, its battery is usable.
    pub vehicle: f64,
    /// The battery ends, its vehicle needs another.
    pub battery: f64,
    /// Both end.
    pub both: f64,
}

/// Pairs by the age of the vehicle and the age of the battery, in years.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairs {
    ages: usize,
    /// `[vehicle age][battery age]`.
    cells: Vec<f64>,
}

impl Pairs {
    /// An empty table for ages below `ages`.
    pub fn new(ages: usize) -> Self {
        Pairs { ages, cells: vec![0.0; ages * ages] }
    }

    /// Number of ages.
    pub fn ages(&self) -> usize {
        self.ages
    }

    /// Pairs of these ages; none beyond the table.
    pub fn get(&self, vehicle_age: usize, battery_age: usize) -> f64 {
        self.at(vehicle_age, battery_age).map_or(0.0, |at| self.cells[at])
    }

    /// Adds pairs; tells whether the ages are within the table.
    pub fn add(&mut self, vehicle_age: usize, battery_age: usize, pairs: f64) -> bool {
        let at = self.at(vehicle_age, battery_age);
        if let Some(at) = at {
            self.cells[at] += pairs;
        }
        at.is_some()
    }

    /// All pairs.
    pub fn total(&self) -> f64 {
        self.cells.iter().sum()
    }

    /// Changes every cell by itself.
    pub fn for_each(&mut self, change: impl FnMut(&mut f64)) {
        self.cells.iter_mut().for_each(change);
    }

    /// One year passes: all get a year older, `hv[a]` and `hb[a]` of those that would get to age `a` end. What would
    /// get older than the table or the hazards reach, ends. `ended` is told what ends, with the ages it would have got
    /// to.
    pub fn step(&mut self, hv: &[f64], hb: &[f64], mut ended: impl FnMut(usize, usize, PairEnds)) {
        let ages = self.ages;
        let hazard = |h: &[f64], age: usize| if age < ages { h.get(age).map_or(1.0, |h| share(*h)) } else { 1.0 };
        // From the oldest down, so that each goes to a cell that was read already.
        for vehicle in (1..=ages).rev() {
            let v = hazard(hv, vehicle);
            for battery in (1..=ages).rev() {
                let pairs = std::mem::take(&mut self.cells[(vehicle - 1) * ages + battery - 1]);
                if pairs == 0.0 {
                    continue;
                }
                let b = hazard(hb, battery);
                let ends =
                    PairEnds { vehicle: pairs * v * (1.0 - b), battery: pairs * (1.0 - v) * b, both: pairs * v * b };
                ended(vehicle, battery, ends);
                self.add(vehicle, battery, pairs * (1.0 - v) * (1.0 - b));
            }
        }
    }

    fn at(&self, vehicle_age: usize, battery_age: usize) -> Option<usize> {
        (vehicle_age < self.ages && battery_age < self.ages).then(|| vehicle_age * self.ages + battery_age)
    }
}
