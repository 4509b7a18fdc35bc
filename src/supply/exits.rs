//! Exits of a unit of inflow, for many draws: yearly steps, one life for all cohorts of a series.
//!
//! A unit leaves by shares that depend on nothing but the years since. Nothing here allocates.

use super::plan::Entry;
use super::survival::Life;

/// Share of a cohort that leaves in the year of its entry, the next, and so on, as many as `out` holds. What they lack
/// of one is in use at the end of the last year.
pub fn exit_shares(life: &Life, entry: Entry, out: &mut [f64]) {
    in_use(life, entry, out);
    let mut before = 1.0;
    for share in out {
        let left = *share;
        *share = (before - left).max(0.0);
        before = left;
    }
}

/// Share of a cohort in use at the end of the year of its entry, the next, and so on.
fn in_use(life: &Life, entry: Entry, out: &mut [f64]) {
    match entry {
        Entry::Start => life.fill_points(1.0, out),
        Entry::Middle => life.fill_points(0.5, out),
        Entry::End => life.fill_points(0.0, out),
        Entry::Spread => life.fill_means(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::cohort::{Steps, Survivals};
    use crate::supply::plan::LifeLaw;

    #[test]
    fn the_fast_way_meets_the_slow_one() {
        for law in [LifeLaw::Normal, LifeLaw::Weibull, LifeLaw::Lognormal, LifeLaw::Gamma, LifeLaw::Fixed] {
            for entry in [Entry::Start, Entry::Middle, Entry::End, Entry::Spread] {
                let life = Life::new(law, 11.3, 4.0).unwrap();
                let slow = Survivals::new(Steps::yearly(41), entry, |_| &life);
                let mut shares = [0.0; 41];
                exit_shares(&life, entry, &mut shares);
                let mut before = 1.0;
                for (step, share) in shares.into_iter().enumerate() {
                    let left = slow.shares().at(step, 0);
                    assert!((share - (before - left)).abs() < 1e-12, "{law:?} {entry:?} {step}");
                    before = left;
                }
                assert!((shares.iter().sum::<f64>() + before - 1.0).abs() < 1e-13);
            }
        }
    }
}
