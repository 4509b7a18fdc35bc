//! The fast way from inflow to exits by year, for many draws: yearly steps, one life for all cohorts of a series.
//!
//! A unit of inflow leaves by shares that depend on nothing but the years since; exits are inflow convolved with them.
//! Nothing here allocates.

use super::plan::Entry;
use super::survival::Life;
use multiversion::multiversion;

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
pub fn in_use(life: &Life, entry: Entry, out: &mut [f64]) {
    match entry {
        Entry::Start => life.fill_points(1.0, out),
        Entry::Middle => life.fill_points(0.5, out),
        Entry::End => life.fill_points(0.0, out),
        Entry::Spread => life.fill_means(out),
    }
}

/// Adds the exits of every year, all cohorts together: `out[t] += sum over c of inflow[c] shares[t - c]`.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
pub fn convolve_exits(inflow: &[f64], shares: &[f64], out: &mut [f64]) {
    for (cohort, &entered) in inflow.iter().enumerate().take(out.len()) {
        out[cohort..].iter_mut().zip(shares).for_each(|(out, share)| *out += entered * share);
    }
}

/// Number of values of exits by cohort over so many years.
pub fn by_cohort_len(years: usize) -> usize {
    years * (years + 1) / 2
}

/// Adds the exits by cohort: cohort after cohort, each from its own year to the last; `out` holds [`by_cohort_len`]
/// values for as many years as `inflow`.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
pub fn exits_by_cohort(inflow: &[f64], shares: &[f64], out: &mut [f64]) {
    let mut rest = out;
    for (cohort, &entered) in inflow.iter().enumerate() {
        let years = (inflow.len() - cohort).min(rest.len());
        let (own, later) = rest.split_at_mut(years);
        own.iter_mut().zip(shares).for_each(|(out, share)| *out += entered * share);
        rest = later;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supply::cohort::{Steps, Survivals, inflow_driven};
    use crate::supply::plan::LifeLaw;

    #[test]
    fn the_fast_way_meets_the_slow_one() {
        let inflow: Vec<f64> = (0..41).map(|k| 1.0 + f64::from(k * k % 17)).collect();
        for law in [LifeLaw::Normal, LifeLaw::Weibull, LifeLaw::Lognormal, LifeLaw::Fixed] {
            for entry in [Entry::Start, Entry::Middle, Entry::End, Entry::Spread] {
                let life = Life::new(law, 11.3, 4.0).unwrap();
                let slow = inflow_driven(&Survivals::new(Steps::yearly(41), entry, |_| &life), &inflow).unwrap();
                let mut shares = [0.0; 41];
                exit_shares(&life, entry, &mut shares);
                let (mut totals, mut cohorts) = ([0.0; 41], vec![0.0; by_cohort_len(41)]);
                convolve_exits(&inflow, &shares, &mut totals);
                exits_by_cohort(&inflow, &shares, &mut cohorts);
                let mut fast = cohorts.iter();
                for cohort in 0..41 {
                    for step in cohort..41 {
                        let known = slow.outflow.at(step, cohort);
                        assert!((fast.next().unwrap() - known).abs() < 1e-12, "{law:?} {entry:?} {cohort} {step}");
                    }
                }
                totals.iter().zip(slow.outflow.totals()).for_each(|(a, b)| assert!((a - b).abs() < 1e-11));
                let left: f64 = slow.stock.step(40)[0] / inflow[0];
                assert!((shares.iter().sum::<f64>() + left - 1.0).abs() < 1e-13);
            }
        }
    }

    #[test]
    fn lengths_that_differ_are_cut() {
        let mut out = [0.0; 3];
        convolve_exits(&[1.0, 10.0, 100.0, 1000.0], &[0.5, 0.25], &mut out);
        assert_eq!(out, [0.5, 5.25, 52.5]);
        let mut by_cohort = [0.0; 6];
        exits_by_cohort(&[1.0, 10.0, 100.0], &[0.5, 0.25], &mut by_cohort);
        assert_eq!(by_cohort, [0.5, 0.25, 0.0, 5.0, 2.5, 50.0]);
    }
}
