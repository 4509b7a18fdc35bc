//! The study's method: vehicles and batteries by their ages, whole vehicles, energy by the size of packs of the year.
//!
//! Rules that are only this study's: small cells are emptied, results are rounded, ages end at 30.

use super::read::{Class, Inputs, Variant, Years};
use super::storage;
use crate::supply::{Pairs, yearly_hazards};
use std::collections::BTreeMap;
use std::f64::consts::PI;

/// Ages 0 to 30.
pub(super) const AGES: usize = 31;
/// The class whose batteries have the longer life; all others have that of large vehicles.
const CARS: &str = "cars";
/// kWh in a GWh.
const KWH: f64 = 1e6;

/// Flows by group, country and name of the flow \[GWh a year\].
#[derive(Default)]
pub(super) struct Flows(BTreeMap<(String, String), BTreeMap<&'static str, Years>>);

impl Flows {
    /// A series.
    pub(super) fn of(&self, group: &str, country: &str, flow: &str) -> Option<&Years> {
        self.0.get(&(group.into(), country.into()))?.get(flow)
    }

    /// Writes the flows of a year.
    pub(super) fn set(&mut self, group: &str, country: &str, year: i32, flows: &[(&'static str, f64)]) {
        let of_group = self.0.entry((group.into(), country.into())).or_default();
        for (flow, gwh) in flows {
            of_group.entry(flow).or_default().insert(year, *gwh);
        }
    }
}

/// Batteries offered to a second life by country, year and age \[GWh, nominal\].
pub(super) type Offers = BTreeMap<String, BTreeMap<i32, [f64; AGES]>>;

/// All flows of a variant.
pub(super) fn run(inputs: &Inputs, variant: &Variant) -> Result<Flows, String> {
    let mut flows = Flows::default();
    let mut offers = Offers::new();
    let hv = logistic_hazards(variant.vehicle)?;
    for class in inputs.classes.iter().filter(|class| class.scenario == variant.scenario) {
        let car = class.vehicle.eq_ignore_ascii_case(CARS);
        let hb = logistic_hazards(if car { variant.battery_car } else { variant.battery_large })?;
        vehicles(class, variant, &hv, &hb, &mut flows, &mut offers);
    }
    if offers.is_empty() {
        return Err(format!("no sales of scenario `{}`", variant.scenario));
    }
    let second = logistic_hazards(variant.second)?;
    for (country, demand) in &inputs.storage_gwh {
        storage::run(country, demand, variant, &second, offers.get(country), &mut flows);
    }
    Ok(flows)
}

/// Hazards of a logistic life: `h[a]` is lost from age `a - 1` to age `a`; one more than there are ages.
pub(super) fn logistic_hazards([mean, sd]: [f64; 2]) -> Result<Vec<f64>, String> {
    if !(sd > 0.0 && sd.is_finite()) {
        return Err(format!("no logistic life has a standard deviation of {sd}"));
    }
    let scale = sd * 3.0_f64.sqrt() / PI;
    let survival = |age: usize| 1.0 / (1.0 + ((age as f64 - mean) / scale).exp());
    Ok(yearly_hazards(&(0..=AGES).map(survival).collect::<Vec<_>>()))
}

/// Counts of a year, by age.
#[derive(Default)]
pub(super) struct Counts {
    /// By the age of the vehicle.
    pub replaced: [f64; AGES],
    /// By the age of the battery.
    pub failed: [f64; AGES],
    /// By the age of the battery.
    pub usable: [f64; AGES],
}

/// One year of the table: what ends, and new batteries for vehicles that are young enough.
pub(super) fn one_year(pairs: &mut Pairs, variant: &Variant, hv: &[f64], hb: &[f64]) -> Counts {
    let mut counts = Counts::default();
    let last = AGES - 1;
    pairs.step(hv, hb, |v, b, ends| {
        // At the last age only failed batteries of living vehicles and usable ones of ended vehicles are counted.
        let both = if v <= last && b <= last { ends.both } else { 0.0 };
        counts.replaced[v.min(last)] += ends.battery;
        counts.failed[b.min(last)] += ends.battery + both;
        counts.usable[b.min(last)] += ends.vehicle;
    });
    for (age, count) in counts.replaced.iter_mut().enumerate() {
        if (age as f64) < variant.replaced_below_years {
            pairs.add(age, 0, *count);
        } else {
            *count = 0.0;
        }
    }
    counts
}

fn vehicles(class: &Class, variant: &Variant, hv: &[f64], hb: &[f64], flows: &mut Flows, offers: &mut Offers) {
    let (Some((first, _)), Some((last, _))) = (class.sales.first_key_value(), class.sales.last_key_value()) else {
        return;
    };
    let offers = offers.entry(class.country.clone()).or_default();
    let mut pairs = Pairs::new(AGES);
    for year in *first..=*last {
        let sold = class.sales.get(&year).copied().unwrap_or(0.0);
        pairs.add(0, 0, sold);
        pairs.for_each(|cell| *cell = if *cell < variant.smallest_cell { 0.0 } else { *cell });
        let counts = one_year(&mut pairs, variant, hv, hb);

        let pack_kwh = packs_by_age(&class.pack_kwh, year, variant.corrected);
        let gwh = |count: &[f64; AGES], age: usize| count[age].round_ties_even() * pack_kwh[age] / KWH;
        let sum = |count: &[f64; AGES]| (1..AGES).map(|age| gwh(count, age)).sum::<f64>();
        let usable = sum(&counts.usable);
        let of_year = [
            ("new_vehicles", sold * class.pack_kwh.get(&year).copied().unwrap_or(0.0) / KWH),
            ("replacement_batteries", sum(&counts.replaced)),
            ("failed_to_recycling", sum(&counts.failed)),
            ("usable_total", usable),
            ("usable_to_recycling", usable * (1.0 - variant.repurpose_share)),
        ];
        flows.set(&class.vehicle, &class.country, year, &of_year);
        let offer = offers.entry(year).or_insert([0.0; AGES]);
        for (age, offer) in offer.iter_mut().enumerate().skip(1) {
            *offer += gwh(&counts.usable, age) * variant.repurpose_share;
        }
    }
}

/// Size of the packs by age from 1 \[kWh\]: those of age 1 have the size of this year. As published the sizes are taken
/// by their position in the list of known years, newest first, so that a missing year shifts all before it.
pub(super) fn packs_by_age(pack_kwh: &Years, year: i32, corrected: bool) -> [f64; AGES] {
    let mut listed = pack_kwh.range(..=year).rev().map(|(_, kwh)| *kwh);
    let mut years = (0..).map(|before| pack_kwh.get(&(year - before)).copied().unwrap_or(0.0));
    let mut sizes = [0.0; AGES];
    for size in sizes.iter_mut().skip(1) {
        let next = if corrected { years.next() } else { listed.next() };
        *size = next.unwrap_or(0.0);
    }
    sizes
}
