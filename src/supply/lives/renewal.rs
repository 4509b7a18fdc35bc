//! New batteries for vehicles whose battery is gone.

use super::super::plan::Entry;
use super::super::retirement::{CAUSES, Cause, Renewed};
use super::closed::{Causes, share_out};

/// Causes that leave a vehicle behind which is worth a new battery.
const RENEWABLE: [Cause; 3] = [Cause::Failed, Cause::Warranty, Cause::Recall];

/// New batteries by year, and what becomes of them.
///
/// They come in at the middle of the year. The vehicle goes on aging where it is, the battery begins anew; the warranty
/// is that of the vehicle, and a recall has no second time. A battery that leaves in the year in which it came in is
/// replaced as well.
pub fn renew(
    causes: &Causes,
    entry: Entry,
    exits: &[[f64; CAUSES]],
    vehicle: impl Fn(f64) -> f64,
    battery: impl Fn(f64) -> f64,
) -> Vec<Renewed> {
    let years = exits.len();
    let mut renewed: Vec<Renewed> = Vec::new();
    if causes.renewal_age <= 0.0 {
        return renewed;
    }
    let [low, high] = entry.window();
    let vehicle_age = |k: usize| (k as f64 + 0.5 - 0.5 * (low + high)).max(0.0);
    let battery_hazard: Vec<f64> = (0..years).map(|i| battery(i as f64 + 0.5)).collect();
    for (start, first) in exits.iter().enumerate() {
        let young = entry.younger(start, causes.renewal_age);
        if young <= 0.0 {
            break;
        }
        let mut gone = lost(first);
        gone += renewed.iter().enumerate().map(|(k, r)| lost(&r.exits[start - k])).sum::<f64>();
        let mut of_one = vec![[0.0; CAUSES]; years - start];
        let mut left = 1.0;
        let mut age = vehicle_age(start);
        let mut before = [vehicle(age), 0.0];
        for (i, exit) in of_one.iter_mut().enumerate() {
            let to = vehicle_age(start) + i as f64 + 0.5;
            let now = [vehicle(to), battery_hazard[i]];
            let mut hazard = causes.sudden(age, to);
            hazard[Cause::Recall as usize] = 0.0;
            let factor = causes.period[start + i];
            hazard[Cause::WearOut as usize] = (now[0] - before[0]).max(0.0) * factor;
            hazard[Cause::Failed as usize] = (now[1] - before[1]).max(0.0) * factor;
            left -= share_out(left, &hazard, exit);
            (age, before) = (to, now);
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
