//! New batteries for vehicles whose battery is gone.

use super::super::plan::Entry;
use super::super::retirement::{CAUSES, Cause, Renewed};
use super::closed::Causes;
use super::unit::{Hazards, Unit, cumulated, next_edge};

/// Causes that leave a vehicle behind which is worth a new battery.
const RENEWABLE: [Cause; 3] = [Cause::Failed, Cause::Warranty, Cause::Recall];

/// Failure of a new battery by its age \[years\].
pub struct Battery<'a, F> {
    /// Summed hazard.
    pub wear: F,
    /// Ages that part it into stretches, rising.
    pub edges: &'a [f64],
    /// Whether the factor of the calendar year acts on it.
    pub by_period: bool,
}

/// A new battery in a vehicle of an age \[years\].
struct Second<'a, F> {
    causes: &'a Causes<'a>,
    battery: &'a Battery<'a, F>,
    /// Its summed hazard after half a year, a year and a half, ...
    yearly: &'a [f64],
    vehicle_age: f64,
}

impl<F: Fn(f64) -> f64> Hazards for Second<'_, F> {
    fn edge(&self, time: f64) -> f64 {
        let vehicle = next_edge(&self.causes.vehicle.edges, time, |edge| edge - self.vehicle_age);
        next_edge(self.battery.edges, time, |edge| edge).min(vehicle)
    }

    fn wear(&self, time: f64) -> [f64; 2] {
        let year = time - 0.5;
        let known = if year.fract() == 0.0 { self.yearly.get(year as usize) } else { None };
        let battery = known.copied().unwrap_or_else(|| (self.battery.wear)(time));
        [cumulated(&self.causes.vehicle.life, self.vehicle_age + time), battery]
    }

    fn sudden(&self, from: f64, to: f64) -> [f64; CAUSES] {
        let mut hazard = self.causes.sudden(self.vehicle_age + from, self.vehicle_age + to);
        hazard[Cause::Recall as usize] = 0.0;
        hazard
    }
}

/// New batteries by year, and what becomes of them.
///
/// They come in at the middle of the year. The vehicle goes on aging where it is, the battery begins anew; the warranty
/// is that of the vehicle, and a recall has no second time. A battery that leaves in the year in which it came in is
/// replaced as well.
///
/// From physics, too, it is the mean vehicle that goes on and the mean battery that comes: that batteries of heavy
/// users fail first, and that new ones would be used as heavily, is left out.
pub fn renew<F: Fn(f64) -> f64>(
    causes: &Causes,
    entry: Entry,
    exits: &[[f64; CAUSES]],
    battery: Battery<'_, F>,
) -> Vec<Renewed> {
    let years = exits.len();
    let mut renewed: Vec<Renewed> = Vec::new();
    if causes.renewal_age <= 0.0 {
        return renewed;
    }
    let [low, high] = entry.window();
    let yearly: Vec<f64> = (0..years).map(|year| (battery.wear)(year as f64 + 0.5)).collect();
    for (start, first) in exits.iter().enumerate() {
        let young = entry.younger(start, causes.renewal_age);
        if young <= 0.0 {
            break;
        }
        let mut gone = lost(first);
        gone += renewed.iter().enumerate().map(|(k, r)| lost(&r.exits[start - k])).sum::<f64>();
        let mut of_one = vec![[0.0; CAUSES]; years - start];
        let vehicle_age = (start as f64 + 0.5 - 0.5 * (low + high)).max(0.0);
        let second = Second { causes, battery: &battery, yearly: &yearly, vehicle_age };
        let mut unit = Unit::new(1.0, [second.wear(0.0)[0], 0.0]);
        for (i, exit) in of_one.iter_mut().enumerate() {
            let factor = causes.period[start + i];
            let factors = [factor, if battery.by_period { factor } else { 1.0 }];
            unit.live(i as f64 + 0.5, &second, factors, exit);
        }
        let share = young * gone / (1.0 - young * lost(&of_one[0])).max(1e-9);
        of_one.iter_mut().flatten().for_each(|e| *e *= share);
        renewed.push(Renewed { share, exits: of_one });
    }
    renewed
}

fn lost(exits: &[f64; CAUSES]) -> f64 {
    RENEWABLE.iter().map(|c| exits[*c as usize]).sum()
}
