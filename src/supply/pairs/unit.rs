//! What becomes of one unit of vehicles that enter in the same year.

use super::share;

/// A unit of vehicles that entered with new batteries, year by year: what ends, by the age of the battery.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitExits {
    years: usize,
    /// `[year][battery age]`.
    usable: Vec<f64>,
    failed: Vec<f64>,
    both: Vec<f64>,
    /// New batteries put into vehicles of the unit, by year since entry.
    pub renewed: Vec<f64>,
    /// Vehicles given up as their battery failed and they get none, by year since entry.
    pub given_up: Vec<f64>,
    /// Vehicles, each with a battery, in use at the end of the year.
    pub in_use: Vec<f64>,
}

impl UnitExits {
    /// Number of years.
    pub fn years(&self) -> usize {
        self.years
    }

    /// Usable batteries whose vehicle ended in a year since entry, by their age from 0 to that year.
    pub fn usable(&self, year: usize) -> &[f64] {
        self.of(&self.usable, year)
    }

    /// Batteries that ended while their vehicle did not; by age as before.
    pub fn failed(&self, year: usize) -> &[f64] {
        self.of(&self.failed, year)
    }

    /// Batteries that ended in the same year as their vehicle; by age as before.
    pub fn both(&self, year: usize) -> &[f64] {
        self.of(&self.both, year)
    }

    fn of<'a>(&self, table: &'a [f64], year: usize) -> &'a [f64] {
        if year < self.years { &table[year * self.years..=year * self.years + year] } else { &[] }
    }
}

/// A unit of vehicles with hazards by age: `hv[a]` and `hb[a]` for the year at whose end the age is `a` years, `h[0]`
/// for the year of entry (see [`super::yearly_hazards`]). Over as many years as there are hazards of the vehicle; a
/// battery older than its hazards reach ends.
pub fn unit_exits(hv: &[f64], hb: &[f64], renewal_age_max: f64) -> UnitExits {
    unit_exits_by(hv, |_, age| hb.get(age).copied().unwrap_or(1.0), renewal_age_max)
}

/// The same where the hazard of the battery also depends on the year since the vehicle's entry: `hb(year, battery
/// age)`.
///
/// A vehicle below the age of `renewal_age_max` whose battery ends gets a new one. An age between whole years gives the
/// vehicles of that year a share, so that results depend on it without jumps. A new battery has the hazard of its first
/// year in the year in which it is put in, and is itself replaced if it ends then. All that comes in leaves or stays:
/// `1 + sum(renewed) = sum(usable + failed + both) + in_use`.
pub fn unit_exits_by(hv: &[f64], hb: impl Fn(usize, usize) -> f64, renewal_age_max: f64) -> UnitExits {
    let years = hv.len();
    let table = || vec![0.0; years * years];
    let mut unit = UnitExits {
        years,
        usable: table(),
        failed: table(),
        both: table(),
        renewed: vec![0.0; years],
        given_up: vec![0.0; years],
        in_use: vec![0.0; years],
    };
    // By the battery's age at the end of the year before.
    let mut cells = vec![0.0; years + 1];
    for (year, v) in hv.iter().enumerate() {
        let row = year * years;
        let v = share(*v);
        let (mut needing, mut left) = (0.0, 0.0);
        let mut part = |age: usize, pairs: f64| {
            let b = share(hb(year, age));
            let (gone, stays) = (pairs * v, pairs * (1.0 - v));
            unit.usable[row + age] = gone * (1.0 - b);
            unit.both[row + age] = gone * b;
            unit.failed[row + age] = stays * b;
            needing += stays * b;
            left += stays * (1.0 - b);
            stays * (1.0 - b)
        };
        if year == 0 {
            cells[0] = part(0, 1.0);
        } else {
            for age in (1..=year).rev() {
                cells[age] = part(age, cells[age - 1]);
            }
            cells[0] = 0.0;
        }
        let first = share(hb(year, 0));
        // A battery that never lasts its first year helps nobody.
        let young = if first < 1.0 { share(renewal_age_max - year as f64) } else { 0.0 };
        let kept = needing * young;
        cells[0] += kept;
        let renewed = if kept > 0.0 { kept / (1.0 - first) } else { 0.0 };
        unit.failed[row] += renewed * first;
        unit.renewed[year] = renewed;
        unit.given_up[year] = needing * (1.0 - young);
        unit.in_use[year] = left + kept;
    }
    unit
}
