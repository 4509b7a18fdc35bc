//! Pairs of all cohorts, with rules of replacement and reuse.

use super::{Pairs, share};
use crate::supply::Negative;

/// The given series, by year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given<'a> {
    /// Vehicles that enter in the year.
    Inflow(&'a [f64]),
    /// Vehicles at the end of the year, and what to do where they fall faster than the lives allow.
    Stock(&'a [f64], Negative),
}

/// Which vehicles get another battery and which batteries another vehicle. Reused batteries go into vehicles that need
/// one, the oldest into the oldest, and what is left of them into new vehicles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairRules {
    /// Share of vehicles whose battery ended that get another.
    pub replaced_share: f64,
    /// Age below which they do \[year\].
    pub replaced_below_years: f64,
    /// Share of usable batteries of ended vehicles that are used again in vehicles.
    pub reused_share: f64,
    /// Age below which they are \[year\].
    pub reused_below_years: f64,
}

impl Default for PairRules {
    /// No replacement, no reuse.
    fn default() -> Self {
        let any = f64::INFINITY;
        PairRules { replaced_share: 0.0, replaced_below_years: any, reused_share: 0.0, reused_below_years: any }
    }
}

impl PairRules {
    fn replaced(&self, age: usize) -> f64 {
        share(self.replaced_share) * share(self.replaced_below_years - age as f64)
    }

    fn reused(&self, age: usize) -> f64 {
        share(self.reused_share) * share(self.reused_below_years - age as f64)
    }
}

/// What a year brings; vehicles and batteries in the unit of the given series.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairYear {
    /// Vehicles at the end of the year, each with a battery.
    pub stock: f64,
    /// New vehicles.
    pub vehicles_in: f64,
    /// New batteries, wherever they went.
    pub batteries_in: f64,
    /// New vehicles with new batteries that are still in use at the end of the year.
    pub new_pairs: f64,
    /// Vehicles that left for good.
    pub vehicles_out: f64,
    /// Batteries that left vehicles for good: all but those reused.
    pub batteries_out: f64,
    /// Vehicles that ended with a usable battery.
    pub vehicle_ends: f64,
    /// Batteries that ended in a vehicle that did not.
    pub battery_ends: f64,
    /// Vehicles that ended with their battery.
    pub both_end: f64,
    /// Vehicles that got another battery and kept on.
    pub replaced: f64,
    /// Batteries that got another vehicle.
    pub reused: f64,
    /// Pairs taken out because the given stock fell faster than the lives allow.
    pub taken_out: f64,
}

/// Why pairs could not be followed.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum PairError {
    /// The series holds no sound number.
    #[error("value {value} of year {year} is no number of vehicles")]
    Value {
        /// Year, from 0.
        year: usize,
        /// What stands there.
        value: f64,
    },
    /// The stock falls too fast.
    #[error("the stock of year {year} is {given}, lives leave {left}: the inflow would be negative")]
    Negative {
        /// Year, from 0.
        year: usize,
        /// Given stock.
        given: f64,
        /// What the years before left.
        left: f64,
    },
    /// New pairs do not outlast the year in which they enter.
    #[error("the stock of year {year} asks for new vehicles, of which none outlast their first year")]
    NoneLasts {
        /// Year, from 0.
        year: usize,
    },
}

/// Follows all pairs over the years of the series, from none before. `hv[a]` and `hb[a]`: hazards in the year at whose
/// end a vehicle or battery is `a` years old, `h[0]` in the year of entry; 0 there for no losses in that year. Past the
/// last hazard all end.
///
/// In a year the pairs there are age first. Vehicles and batteries listed for replacement and reuse are cut back to the
/// room that the given series leaves, the oldest dropped first; new pairs fill what is still missing.
pub fn project(given: Given<'_>, hv: &[f64], hb: &[f64], rules: &PairRules) -> Result<Vec<PairYear>, PairError> {
    let series = match given {
        Given::Inflow(series) | Given::Stock(series, _) => series,
    };
    if let Some((year, value)) = series.iter().enumerate().find(|(_, x)| !(x.is_finite() && **x >= 0.0)) {
        return Err(PairError::Value { year, value: *value });
    }
    let first = |h: &[f64]| h.first().map_or(1.0, |h| share(*h));
    let course = Course { hv, hb, first: [first(hv), first(hb)], rules };
    let mut pairs = Pairs::new(series.len());
    let one_year = |(year, amount): (usize, &f64)| match given {
        Given::Inflow(_) => Ok(course.with_inflow(&mut pairs, *amount)),
        Given::Stock(_, negative) => course.with_stock(&mut pairs, year, *amount, negative),
    };
    series.iter().enumerate().map(one_year).collect()
}

/// Hazards, those of the year of entry of vehicle and battery, and rules.
struct Course<'a> {
    hv: &'a [f64],
    hb: &'a [f64],
    first: [f64; 2],
    rules: &'a PairRules,
}

/// Vehicles that may get another battery, batteries that may get another vehicle, by age.
struct Lists {
    vehicles: Vec<f64>,
    batteries: Vec<f64>,
}

impl Course<'_> {
    fn with_inflow(&self, pairs: &mut Pairs, inflow: f64) -> PairYear {
        let mut told = PairYear::default();
        let lists = self.age(pairs, &mut told);
        self.use_again(pairs, &mut told, lists, f64::INFINITY, inflow * (1.0 - self.first[0]));
        let bought = told.vehicles_in;
        self.enter(pairs, &mut told, (inflow - bought).max(0.0));
        told.settled(pairs)
    }

    fn with_stock(
        &self,
        pairs: &mut Pairs,
        year: usize,
        given: f64,
        negative: Negative,
    ) -> Result<PairYear, PairError> {
        let mut told = PairYear::default();
        let lists = self.age(pairs, &mut told);
        let left = pairs.total();
        let room = (given - left).max(0.0);
        self.use_again(pairs, &mut told, lists, room, room);
        let missing = given - pairs.total();
        // Sums of many cells may miss by their rounding.
        let too_many = missing < -1e-12 * left.max(given);
        match negative {
            Negative::Refuse if too_many => return Err(PairError::Negative { year, given, left }),
            Negative::Correct if too_many => {
                told.taken_out = -missing;
                let kept = given / (given - missing);
                pairs.for_each(|cell| *cell *= kept);
            }
            _ if missing > 0.0 || (too_many && negative == Negative::Allow) => match self.lasting() {
                lasting if lasting > 0.0 => self.enter(pairs, &mut told, missing / lasting),
                _ => return Err(PairError::NoneLasts { year }),
            },
            _ => {}
        }
        Ok(told.settled(pairs))
    }

    /// All get a year older; tells what ends, and lists what the rules would use again.
    fn age(&self, pairs: &mut Pairs, told: &mut PairYear) -> Lists {
        let none = vec![0.0; pairs.ages() + 1];
        let mut lists = Lists { vehicles: none.clone(), batteries: none };
        pairs.step(self.hv, self.hb, |v, b, ends| {
            told.vehicle_ends += ends.vehicle;
            told.battery_ends += ends.battery;
            told.both_end += ends.both;
            // A negative inflow, where it is allowed, has nothing to replace or reuse.
            lists.vehicles[v] += ends.battery.max(0.0) * self.rules.replaced(v);
            lists.batteries[b] += ends.vehicle.max(0.0) * self.rules.reused(b);
        });
        lists
    }

    /// Puts together what is used again, with room for so many vehicles in all and so many new ones at year's end.
    fn use_again(&self, pairs: &mut Pairs, told: &mut PairYear, lists: Lists, room: f64, new_room: f64) {
        let Lists { mut vehicles, mut batteries } = lists;
        cut_back(&mut vehicles, room);
        let replaced: f64 = vehicles.iter().sum();
        let new_room = new_room.min((room - replaced).max(0.0));
        cut_back(&mut batteries, replaced + new_room);
        let matched = match_oldest(pairs, &mut vehicles, &mut batteries);
        told.replaced += matched;
        for (age, count) in vehicles.iter().enumerate() {
            self.renew(pairs, told, age, *count);
        }
        // Batteries left over go into new vehicles; cut once more for the rounding of the sums.
        cut_back(&mut batteries, new_room);
        for (age, count) in batteries.iter().enumerate() {
            pairs.add(0, age, *count);
        }
        let in_new: f64 = batteries.iter().sum();
        told.reused = matched + in_new;
        // A new vehicle that does not last the year hands its used battery on.
        let bought = if in_new > 0.0 { in_new / (1.0 - self.first[0]) } else { 0.0 };
        told.vehicles_in += bought;
        told.vehicles_out += bought - in_new;
    }

    /// New batteries for vehicles of an age; those that end in the same year are replaced at once.
    fn renew(&self, pairs: &mut Pairs, told: &mut PairYear, age: usize, vehicles: f64) {
        let b0 = self.first[1];
        if b0 < 1.0 {
            pairs.add(age, 0, vehicles);
            told.replaced += vehicles;
            told.batteries_in += vehicles / (1.0 - b0);
            told.batteries_out += vehicles / (1.0 - b0) * b0;
        }
    }

    /// Share of new vehicles that keep on after a new battery in their first year.
    fn renewed_at_once(&self) -> f64 {
        let [v0, b0] = self.first;
        if b0 < 1.0 { (1.0 - v0) * b0 * self.rules.replaced(0) } else { 0.0 }
    }

    /// Share of new vehicles in use at the end of their first year.
    fn lasting(&self) -> f64 {
        let [v0, b0] = self.first;
        (1.0 - v0) * (1.0 - b0) + self.renewed_at_once()
    }

    /// New vehicles with new batteries.
    fn enter(&self, pairs: &mut Pairs, told: &mut PairYear, new: f64) {
        let [v0, b0] = self.first;
        told.vehicles_in += new;
        told.batteries_in += new;
        told.vehicle_ends += new * v0 * (1.0 - b0);
        told.battery_ends += new * (1.0 - v0) * b0;
        told.both_end += new * v0 * b0;
        told.new_pairs = new * (1.0 - v0) * (1.0 - b0);
        pairs.add(0, 0, told.new_pairs);
        self.renew(pairs, told, 0, new * self.renewed_at_once());
    }
}

impl PairYear {
    /// Adds what left for good, and the stock.
    fn settled(mut self, pairs: &Pairs) -> Self {
        let ended = self.vehicle_ends + self.battery_ends + self.both_end + self.taken_out;
        self.vehicles_out += ended - self.replaced;
        self.batteries_out += ended - self.reused;
        self.stock = pairs.total();
        self
    }
}

/// Cuts a list by age back to a sum: the oldest are dropped first, the last of them in part.
fn cut_back(by_age: &mut [f64], most: f64) {
    let mut room = most;
    for count in by_age {
        *count = count.min(room);
        room -= *count;
    }
}

/// Puts the oldest batteries into the oldest vehicles and tells how many; what finds no partner stays in its list.
fn match_oldest(pairs: &mut Pairs, vehicles: &mut [f64], batteries: &mut [f64]) -> f64 {
    let (mut v, mut b) = (vehicles.len(), batteries.len());
    let mut all = 0.0;
    while v > 0 && b > 0 {
        let matched = vehicles[v - 1].min(batteries[b - 1]);
        if matched > 0.0 {
            pairs.add(v - 1, b - 1, matched);
            vehicles[v - 1] -= matched;
            batteries[b - 1] -= matched;
            all += matched;
        }
        if vehicles[v - 1] <= 0.0 {
            v -= 1;
        } else {
            b -= 1;
        }
    }
    all
}
