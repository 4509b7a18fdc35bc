//! Who is taken for a second life: the SoH as measured against what is asked for.

use super::super::retirement::{NODES, States};
use super::grid::{COUNT, Spread};
use crate::numeric::stats::normal_cdf;
use std::collections::HashMap;
use std::f64::consts::TAU;

/// What a test makes of a unit of batteries of one age and cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Graded {
    /// Mean SoH of all.
    pub soh: f64,
    /// Share accepted.
    pub accepted: f64,
    /// Of the unit, accepted although below.
    pub wrongly_accepted: f64,
    /// Of the unit, rejected although fit.
    pub wrongly_rejected: f64,
    /// Of the unit, SoH times share of what is accepted.
    pub accepted_soh: f64,
    /// Of the unit, what is accepted by SoH.
    pub by_soh: [f64; COUNT],
}

/// Tests a unit whose SoH is told by quantiles: accepted is who measures `soh_min` or more, with a normal error.
///
/// Each node stands for the stretch between the middles to its neighbours, evenly filled, so that the accepted share
/// moves smoothly with the threshold even without an error. With `G(x) = x Phi(x) + phi(x)` the mean of
/// `Phi((s - soh_min)/sd)` over a stretch is the difference of `sd G` at its ends over its length.
pub fn grade(nodes: &[f64; NODES], soh_min: f64, test_sd: f64) -> Graded {
    const WEIGHT: f64 = 1.0 / NODES as f64;
    let mut graded = Graded {
        soh: 0.0,
        accepted: 0.0,
        wrongly_accepted: 0.0,
        wrongly_rejected: 0.0,
        accepted_soh: 0.0,
        by_soh: [0.0; COUNT],
    };
    let edge = |i: usize| match i {
        0 => nodes[0] - 0.5 * (nodes[1] - nodes[0]),
        NODES => nodes[NODES - 1] + 0.5 * (nodes[NODES - 1] - nodes[NODES - 2]),
        _ => 0.5 * (nodes[i - 1] + nodes[i]),
    };
    let summed = |s: f64| summed_chance(s - soh_min, test_sd);
    let at_threshold = summed(soh_min);
    let mut low = (edge(0), summed(edge(0)));
    for (i, &soh) in nodes.iter().enumerate() {
        let high = (edge(i + 1), summed(edge(i + 1)));
        let length = high.0 - low.0;
        let (accepted, wrong_in, wrong_out) = if length > 1e-9 {
            // Far below the threshold rounding may put the sum at the upper end below that at the lower one.
            let (below, above) = (low.0.max(soh_min).min(high.0), at_threshold.max(low.1).min(high.1));
            let accepted = (high.1 - low.1) / length;
            let fit = (high.0 - below) / length;
            (accepted, (above - low.1) / length, fit - (high.1 - above) / length)
        } else {
            let accepted = chance(soh - soh_min, test_sd);
            if soh < soh_min { (accepted, accepted, 0.0) } else { (accepted, 0.0, 1.0 - accepted) }
        };
        let accepted = accepted.clamp(0.0, 1.0);
        graded.soh += WEIGHT * soh;
        graded.accepted += WEIGHT * accepted;
        graded.wrongly_accepted += WEIGHT * wrong_in.clamp(0.0, accepted);
        graded.wrongly_rejected += WEIGHT * wrong_out.clamp(0.0, 1.0 - accepted);
        graded.accepted_soh += WEIGHT * accepted * soh;
        if accepted > 0.0 {
            graded.by_soh.put(soh, WEIGHT * accepted);
        }
        low = high;
    }
    graded
}

/// Chance to pass with so much more than is asked for.
fn chance(margin: f64, sd: f64) -> f64 {
    match sd > 0.0 {
        true => normal_cdf(margin / sd),
        false => f64::from(u8::from(margin >= 0.0)),
    }
}

/// Integral of that from far below.
fn summed_chance(margin: f64, sd: f64) -> f64 {
    if sd <= 0.0 {
        return margin.max(0.0);
    }
    let x = margin / sd;
    sd * (x * normal_cdf(x) + (-0.5 * x * x).exp() / TAU.sqrt())
}

/// Tests of states of a draw, each done once.
#[derive(Debug, Default)]
pub struct Grader {
    /// What was tested: states, threshold, error.
    known: HashMap<(usize, u64, u64), usize>,
    /// By test, by age and cause: number of what it makes of them.
    tests: Vec<Vec<Option<usize>>>,
    last: Option<((usize, u64, u64), usize)>,
    graded: Vec<Graded>,
}

impl Grader {
    fn test(&mut self, states: usize, [soh_min, test_sd]: [f64; 2]) -> usize {
        let key = (states, soh_min.to_bits(), test_sd.to_bits());
        if let Some((_, number)) = self.last.filter(|(last, _)| *last == key) {
            return number;
        }
        let next = self.tests.len();
        let number = *self.known.entry(key).or_insert(next);
        if number == next {
            self.tests.push(Vec::new());
        }
        self.last = Some((key, number));
        number
    }

    /// Number of what a test with a threshold and an error makes of states, told by their number, at an age and cause.
    pub fn grade(&mut self, all: &[States], states: usize, age: usize, cause: usize, terms: [f64; 2]) -> usize {
        let test = self.test(states, terms);
        let states = &all[states];
        let place = age * states.causes() + cause;
        let of_test = &mut self.tests[test];
        if of_test.len() <= place {
            of_test.resize(place + 1, None);
        }
        let graded = &mut self.graded;
        *of_test[place].get_or_insert_with(|| {
            graded.push(grade(states.nodes(age, cause), terms[0], terms[1]));
            graded.len() - 1
        })
    }

    /// What a test made of a unit, by its number.
    pub fn graded(&self, number: usize) -> &Graded {
        &self.graded[number]
    }
}
