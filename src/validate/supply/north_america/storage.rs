//! Stationary storage in the study: batteries in their second life come first, new ones fill up.

use super::read::{Variant, Years};
use super::study::{AGES, Flows};
use std::collections::BTreeMap;

/// Second lives start in this year.
const SECOND_LIFE_FROM: i32 = 2025;

/// What becomes of the offer of a year, by age \[GWh\].
#[derive(Debug, PartialEq)]
pub(super) struct Allotment {
    /// Offered that is young enough, nominal.
    pub offered: [f64; AGES],
    /// The same by its useful capacity.
    pub useful: [f64; AGES],
    /// Taken of that.
    pub taken: [f64; AGES],
    /// Too old, nominal.
    pub too_old: f64,
}

impl Allotment {
    /// The demand takes from the youngest up until it is met.
    pub(super) fn of(offer: &[f64; AGES], demand_gwh: f64, variant: &Variant) -> Self {
        let mut allotment = Allotment { offered: [0.0; AGES], useful: [0.0; AGES], taken: [0.0; AGES], too_old: 0.0 };
        let mut open = demand_gwh;
        for (age, gwh) in offer.iter().enumerate() {
            if age as f64 > variant.repurpose_age_max {
                allotment.too_old += gwh;
                continue;
            }
            let useful = gwh * (1.0 - variant.fade_per_year * age as f64);
            let taken = useful.min(open).max(0.0);
            open -= taken;
            (allotment.offered[age], allotment.useful[age], allotment.taken[age]) = (*gwh, useful, taken);
        }
        allotment
    }

    /// Taken, nominal.
    pub(super) fn taken_nominal(&self, age: usize) -> f64 {
        if self.useful[age] > 0.0 { self.offered[age] * (self.taken[age] / self.useful[age]) } else { 0.0 }
    }
}

/// The storage of a country, from nothing. `hazards[a]` is lost from age `a - 1` to age `a`.
pub(super) fn run(
    country: &str,
    demand_gwh: &Years,
    variant: &Variant,
    hazards: &[f64],
    offers: Option<&BTreeMap<i32, [f64; AGES]>>,
    flows: &mut Flows,
) {
    let mut stock = [0.0; AGES];
    for (&year, &demand) in demand_gwh {
        let mut new = demand;
        if year >= SECOND_LIFE_FROM {
            let offer = offers.and_then(|offers| offers.get(&year)).copied().unwrap_or([0.0; AGES]);
            let allotment = Allotment::of(&offer, demand, variant);
            let taken: f64 = allotment.taken.iter().sum();
            let not_taken = |age: usize| allotment.offered[age] - allotment.taken_nominal(age);
            let of_year = [
                ("offered_useful", allotment.useful.iter().sum()),
                ("taken_useful", taken),
                ("not_taken_to_recycling", (0..AGES).map(not_taken).sum()),
                ("too_old_to_recycling", allotment.too_old),
            ];
            flows.set("Second life", country, year, &of_year);
            for (age, stock) in stock.iter_mut().enumerate() {
                // As published all that is offered is added, though part of it goes to recycling.
                *stock += if variant.corrected { allotment.taken_nominal(age) } else { allotment.offered[age] };
            }
            new -= taken;
        }
        stock[0] += new;
        let failed: f64 = stock.iter().zip(&hazards[1..]).map(|(stock, h)| stock * h).sum();
        for age in (1..AGES).rev() {
            stock[age] = stock[age - 1] * (1.0 - hazards[age]);
        }
        // What failed is replaced by new batteries at the start of the next year.
        stock[0] = failed;
        flows.set("Stationary", country, year, &[("new_batteries", new), ("failed_to_recycling", failed)]);
    }
}
