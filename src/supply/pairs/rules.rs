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

/// Which vehicles get another battery and which batteries another vehicle. Reused batteries go into vehicles that need one,
/// the oldest into the oldest, and what is left of them into new vehicles.
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
pub fn project(given: Given<'_>, hv: &[f64], hb: &[f64], rules: &PairRules) -> Result<Vec<PairYear>, PairError> {
    let series = match given {
        Given::Inflow(series) | Given::Stock(series, _) => series,
    };
    if let Some((year, value)) = series.iter().enumerate().find(|(_, x)| !(x.is_finite() && **x >= 0.0)) {
        return Err(PairError::Value { year, value: *value });
    }
    let mut pairs = Pairs::new(series.len());
    (0..series.len()).map(|year| one_year(&mut pairs, year, given, hv, hb, rules)).collect()
}

fn one_year(
    pairs: &mut Pairs,
    year: usize,
    given: Given<'_>,
    hv: &[f64],
    hb: &[f64],
    rules: &PairRules,
) -> Result<PairYear, PairError> {
    let mut told = PairYear::default();
    // By age: vehicles that get another battery, batteries that get another vehicle.
    let (mut vehicles, mut batteries) = (vec![0.0; pairs.ages() + 1], vec![0.0; pairs.ages() + 1]);
    pairs.step(hv, hb, |v, b, ends| {
        told.vehicle_ends += ends.vehicle;
        told.battery_ends += ends.battery;
        told.both_end += ends.both;
        // A negative inflow, where it is allowed, has nothing to replace or reuse.
        vehicles[v] += ends.battery.max(0.0) * rules.replaced(v);
        batteries[b] += ends.vehicle.max(0.0) * rules.reused(b);
    });
    let first = |h: &[f64]| h.first().map_or(1.0, |h| share(*h));
    let (v0, b0) = (first(hv), first(hb));
    let left = pairs.total();
    // Room for vehicles that are replaced or new, at the end of the year.
    let room = match given {
        Given::Inflow(_) => f64::INFINITY,
        Given::Stock(stock, _) => (stock[year] - left).max(0.0),
    };
    cut_back(&mut vehicles, room);
    told.replaced = vehicles.iter().sum();
    let new_room = match given {
        Given::Inflow(inflow) => inflow[year] * (1.0 - v0),
        Given::Stock(..) => (room - told.replaced).max(0.0),
    };
    cut_back(&mut batteries, told.replaced + new_room);
    let matched = match_oldest(pairs, &mut vehicles, &mut batteries);
    // Again, for what the rounding of the sums left over.
    cut_back(&mut batteries, new_room);
    let with_used: f64 = batteries.iter().sum();
    told.reused = matched + with_used;

    // Batteries that put vehicles left over on the road again must last the year, those that do not are replaced too.
    let renew = |told: &mut PairYear, pairs: &mut Pairs, age: usize, count: f64| {
        if b0 < 1.0 {
            pairs.add(age, 0, count);
            told.batteries_in += count / (1.0 - b0);
            told.batteries_out += count / (1.0 - b0) * b0;
        } else {
            told.replaced -= count;
        }
    };
    for (age, count) in vehicles.iter().enumerate() {
        renew(&mut told, pairs, age, *count);
    }
    for (age, count) in batteries.iter().enumerate() {
        pairs.add(0, age, *count);
    }
    // A new vehicle that does not last the year hands its used battery on.
    let bought = if with_used > 0.0 { with_used / (1.0 - v0) } else { 0.0 };
    told.vehicles_in += bought;
    told.vehicles_out += bought - with_used;

    // Of new pairs, a share lasts the year, of it a part with its second battery.
    let again = if b0 < 1.0 { (1.0 - v0) * b0 * rules.replaced(0) } else { 0.0 };
    let lasting = (1.0 - v0) * (1.0 - b0) + again;
    let new = match given {
        Given::Inflow(inflow) => (inflow[year] - bought).max(0.0),
        Given::Stock(stock, negative) => {
            let missing = stock[year] - pairs.total();
            // Sums of many cells may miss by their rounding.
            let real = missing < -1e-12 * left.max(stock[year]);
            match negative {
                Negative::Refuse if real => return Err(PairError::Negative { year, given: stock[year], left }),
                Negative::Correct if real => {
                    told.taken_out = -missing;
                    let factor = stock[year] / pairs.total();
                    pairs.for_each(|cell| *cell *= factor);
                    0.0
                }
                Negative::Refuse | Negative::Correct if missing <= 0.0 => 0.0,
                _ if missing == 0.0 => 0.0,
                _ if lasting <= 0.0 => return Err(PairError::NoneLasts { year }),
                _ => missing / lasting,
            }
        }
    };
    told.vehicles_in += new;
    told.batteries_in += new;
    told.vehicle_ends += new * v0 * (1.0 - b0);
    told.battery_ends += new * (1.0 - v0) * b0;
    told.both_end += new * v0 * b0;
    told.replaced += new * again;
    renew(&mut told, pairs, 0, new * again);
    told.new_pairs = new * (1.0 - v0) * (1.0 - b0);
    pairs.add(0, 0, told.new_pairs);

    let ended = told.vehicle_ends + told.battery_ends + told.both_end + told.taken_out;
    told.vehicles_out += ended - told.replaced;
    told.batteries_out += ended - told.reused;
    told.stock = pairs.total();
    Ok(told)
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
