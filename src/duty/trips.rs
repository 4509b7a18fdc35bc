//! Daily driving and charging of one vehicle.

use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::numeric::stats::normal_quantile;
use crate::numeric::stream::{Purpose, Streams};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Deserialize;

/// Quantiles of the spread between owners that a mean over them is taken from.
const OWNER_QUANTILES: usize = 64;

/// How a class of owners drives, charges and parks: an entry of the `uses` category.
///
/// Distance of a driving day is lognormal, plus rare long days; plugging in on return has a logistic
/// probability in SoC. Forms and figures: `docs/first_life.md`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseSpec {
    /// Name for people.
    pub title: String,
    /// Mean of ln(km) of a driving day.
    pub daily_ln_km_mean: f64,
    /// Standard deviation of ln(km) from day to day.
    pub daily_ln_km_sd: f64,
    /// Standard deviation of the mean between vehicles (ln km).
    pub between_vehicles_ln_sd: f64,
    /// Share of days on which the vehicle is driven.
    pub driving_day_share: f64,
    /// Long days a year, mean over all vehicles.
    pub long_days_per_year: f64,
    /// Share of vehicles that never make a long day.
    pub long_days_zero_share: f64,
    /// Median distance of a long day \[km\].
    pub long_day_median_km: f64,
    /// Standard deviation of ln(km) of a long day.
    pub long_day_ln_sd: f64,
    /// Entry of the `cycles` category: daily driving.
    pub cycle: String,
    /// Entry of the `cycles` category: driving on a long day.
    pub long_cycle: String,
    /// Hour of leaving home.
    pub leave_hour: f64,
    /// Hour of starting back.
    pub return_hour: f64,
    /// SoC (of the vehicle's window) at which plugging in is as likely as not.
    pub plug_soc_mid: f64,
    /// Width of the logistic in SoC.
    pub plug_soc_width: f64,
    /// Least probability of plugging in on return.
    pub plug_floor: f64,
    /// Share of owners who can charge at home; the others rely on fast chargers.
    pub home_charger_share: f64,
    /// Share of owners who can charge at the destination of a daily trip.
    pub workplace_charger_share: f64,
    /// Charging power at the destination \[kW\], capped by the vehicle.
    pub workplace_charge_kw: f64,
    /// Probability that a charge due on return is made at a fast charger on the way, though there is one at home.
    pub fast_charge_habit: f64,
    /// Home charging power \[kW\], capped by the vehicle.
    pub home_charge_kw: f64,
    /// Hour at which home charging starts once plugged in; on arrival when below zero.
    pub charge_start_hour: f64,
    /// SoC (of the window) at which daily charging stops.
    pub charge_limit: f64,
    /// Every so many days the charge goes to 100 %; never when zero.
    pub full_charge_every_days: u32,
    /// Warming of the parked pack's surroundings per kW/m2 of sun \[K\].
    pub parking_sun_k_per_kw_m2: f64,
    /// Constant warming of the parking place \[K\].
    pub parking_offset_k: f64,
}

impl UseSpec {
    /// Expected distance of a year for an owner with that mean of ln(km) and number of long days \[km\]: means of the
    /// lognormals. A long day takes the place of another.
    fn km_per_year(&self, ln_km_mean: f64, long_days: f64) -> f64 {
        let daily = self.driving_day_share * (ln_km_mean + 0.5 * self.daily_ln_km_sd.powi(2)).exp();
        let long = self.long_day_median_km * (0.5 * self.long_day_ln_sd.powi(2)).exp();
        let long_days = long_days.min(DAYS_PER_YEAR as f64);
        (DAYS_PER_YEAR as f64 - long_days) * daily + long_days * long
    }

    /// Mean of a function of the expected distance of a year over the owners of the class, by quantiles of their spread.
    fn mean_over_owners(&self, of_km: impl Fn(f64) -> f64) -> f64 {
        let never = self.long_days_zero_share;
        let often = self.long_days_per_year / (1.0 - never).max(1e-9);
        let quantiles = (0..OWNER_QUANTILES).map(|k| normal_quantile((k as f64 + 0.5) / OWNER_QUANTILES as f64));
        let of_owner = |z: f64| {
            let ln_km = self.daily_ln_km_mean + self.between_vehicles_ln_sd * z;
            never * of_km(self.km_per_year(ln_km, 0.0)) + (1.0 - never) * of_km(self.km_per_year(ln_km, often))
        };
        quantiles.map(of_owner).sum::<f64>() / OWNER_QUANTILES as f64
    }
}

/// One owner: the distances of a vehicle, day by day.
#[derive(Debug)]
pub struct Owner {
    usage: UseSpec,
    rng: ChaCha8Rng,
    places_rng: ChaCha8Rng,
    ln_km_mean: f64,
    long_days_per_year: f64,
    charges_at_home: bool,
    charges_at_work: bool,
}

/// What one day asks of the vehicle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayTrip {
    /// Distance, half of it out and half back \[km\].
    pub km: f64,
    /// Whether it is one of the rare long days.
    pub long: bool,
}

impl Owner {
    /// The owner of a pack's vehicle.
    pub fn of(usage: UseSpec, streams: &Streams) -> Self {
        Self::new(usage, streams.stream(Purpose::Usage), streams.stream(Purpose::ChargingPlaces))
    }

    /// Draws an owner of this class. Where the owner can charge comes from a stream of its own.
    pub fn new(usage: UseSpec, mut rng: ChaCha8Rng, mut places_rng: ChaCha8Rng) -> Self {
        let z: f64 = rng.sample(StandardNormal);
        let stays_near = rng.random::<f64>() < usage.long_days_zero_share;
        let long_days_per_year =
            if stays_near { 0.0 } else { usage.long_days_per_year / (1.0 - usage.long_days_zero_share).max(1e-9) };
        let ln_km_mean = usage.daily_ln_km_mean + usage.between_vehicles_ln_sd * z;
        let charges_at_home = places_rng.random::<f64>() < usage.home_charger_share;
        let charges_at_work = places_rng.random::<f64>() < usage.workplace_charger_share;
        Owner { usage, rng, places_rng, ln_km_mean, long_days_per_year, charges_at_home, charges_at_work }
    }

    /// Habits of the class.
    pub fn usage(&self) -> &UseSpec {
        &self.usage
    }

    /// Expected distance of a year \[km\].
    pub fn km_per_year(&self) -> f64 {
        self.usage.km_per_year(self.ln_km_mean, self.long_days_per_year)
    }

    /// Life of the owner's vehicle over the mean of the class, where life falls with a power of the distance.
    pub fn relative_life(&self, exponent: f64) -> f64 {
        let mean = self.usage.mean_over_owners(|km| km.powf(-exponent));
        if mean.is_finite() { self.km_per_year().powf(-exponent) / mean } else { 1.0 }
    }

    /// Distance of a day that this share of the owner's days does not exceed, long days left out \[km\]; the owner
    /// stays home on some of them.
    pub fn day_quantile_km(&self, share: f64) -> f64 {
        let usage = &self.usage;
        let of_driven = 1.0 - (1.0 - share) / usage.driving_day_share;
        if of_driven > 0.0 { (self.ln_km_mean + usage.daily_ln_km_sd * normal_quantile(of_driven)).exp() } else { 0.0 }
    }

    /// The next day's trip; zero distance when the vehicle stays home.
    pub fn next_day(&mut self) -> DayTrip {
        let (u_drive, u_long): (f64, f64) = (self.rng.random(), self.rng.random());
        let z: f64 = self.rng.sample(StandardNormal);
        let usage = &self.usage;
        if u_long < self.long_days_per_year / DAYS_PER_YEAR as f64 {
            let km = usage.long_day_median_km * (usage.long_day_ln_sd * z).exp();
            return DayTrip { km, long: true };
        }
        let km =
            if u_drive < usage.driving_day_share { (self.ln_km_mean + usage.daily_ln_km_sd * z).exp() } else { 0.0 };
        DayTrip { km, long: false }
    }

    /// Whether the owner plugs in on return at this SoC of the vehicle's window.
    ///
    /// `p = max(floor, 1 / (1 + exp((soc - mid) / width)))`.
    pub fn plugs_in(&mut self, soc: f64) -> bool {
        self.rng.random::<f64>() < self.plug_probability(soc)
    }

    /// Whether the owner can and does plug in at the destination of a daily trip, with the probability as on return.
    pub fn plugs_in_at_work(&mut self, soc: f64) -> bool {
        self.charges_at_work && self.places_rng.random::<f64>() < self.plug_probability(soc)
    }

    /// Whether the owner can charge at home.
    pub fn charges_at_home(&self) -> bool {
        self.charges_at_home
    }

    /// Whether a charge that could wait until home is made at a fast charger.
    pub fn fast_by_habit(&mut self) -> bool {
        self.usage.fast_charge_habit > 0.0 && self.places_rng.random::<f64>() < self.usage.fast_charge_habit
    }

    fn plug_probability(&self, soc: f64) -> f64 {
        let usage = &self.usage;
        let p = 1.0 / (1.0 + ((soc - usage.plug_soc_mid) / usage.plug_soc_width).exp());
        p.max(usage.plug_floor)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::numeric::stats::normal_cdf;
    use rand::SeedableRng;

    /// A private car.
    pub(crate) fn usage() -> UseSpec {
        UseSpec {
            title: "private".into(),
            daily_ln_km_mean: 3.15,
            daily_ln_km_sd: 0.85,
            between_vehicles_ln_sd: 0.0,
            driving_day_share: 0.9,
            long_days_per_year: 1.8,
            long_days_zero_share: 0.5,
            long_day_median_km: 490.0,
            long_day_ln_sd: 0.32,
            cycle: "urban".into(),
            long_cycle: "highway".into(),
            leave_hour: 8.0,
            return_hour: 18.0,
            plug_soc_mid: 0.65,
            plug_soc_width: 0.12,
            plug_floor: 0.1,
            home_charger_share: 1.0,
            workplace_charger_share: 0.0,
            workplace_charge_kw: 7.0,
            fast_charge_habit: 0.0,
            home_charge_kw: 7.0,
            charge_start_hour: -1.0,
            charge_limit: 0.8,
            full_charge_every_days: 7,
            parking_sun_k_per_kw_m2: 5.0,
            parking_offset_k: 0.0,
        }
    }

    fn owner(usage: UseSpec, seed: u64) -> Owner {
        Owner::new(usage, ChaCha8Rng::seed_from_u64(seed), ChaCha8Rng::seed_from_u64(!seed))
    }

    /// Mean of the lognormal times driving days, plus long days, over many owners.
    #[test]
    fn yearly_distance_meets_the_closed_form() {
        let u = usage();
        let daily = u.driving_day_share * (u.daily_ln_km_mean + 0.5 * u.daily_ln_km_sd.powi(2)).exp();
        let long = u.long_days_per_year * u.long_day_median_km * (0.5 * u.long_day_ln_sd.powi(2)).exp();
        let expected = 365.0 * daily + long;
        let owners = 400;
        let total: f64 = (0..owners)
            .map(|k| {
                let mut owner = owner(u.clone(), k);
                (0..365).map(|_| owner.next_day().km).sum::<f64>()
            })
            .sum();
        assert!((total / owners as f64 / expected - 1.0).abs() < 0.02, "{}", total / owners as f64 / expected);
    }

    /// The owner's own expectation and quantile against days, and the mean over owners against the class.
    #[test]
    fn an_owners_distances_meet_the_closed_forms() {
        let u = UseSpec { between_vehicles_ln_sd: 0.35, long_days_per_year: 0.0, ..usage() };
        let mut one = owner(u.clone(), 5);
        let days: Vec<f64> = (0..40_000).map(|_| one.next_day().km).collect();
        let mean = days.iter().sum::<f64>() / days.len() as f64;
        assert!((365.0 * mean / one.km_per_year() - 1.0).abs() < 0.02);
        for share in [0.5, 0.9, 0.98] {
            let beyond = days.iter().filter(|km| **km > one.day_quantile_km(share)).count() as f64;
            assert!((beyond / days.len() as f64 - (1.0 - share)).abs() < 0.006, "{share}");
        }
        // A share of days that are spent at home needs no range.
        assert_eq!(one.day_quantile_km(0.09), 0.0);
        let u = UseSpec { long_days_per_year: 1.8, ..u };
        let owners = 20_000;
        let lives = (0..owners).map(|k| owner(u.clone(), k).relative_life(0.5)).sum::<f64>();
        assert!((lives / owners as f64 - 1.0).abs() < 0.005, "{lives}");
    }

    #[test]
    fn low_charge_is_plugged_in_more_often() {
        let mut owner = owner(usage(), 1);
        let mut share = |soc: f64| (0..4000).filter(|_| owner.plugs_in(soc)).count() as f64 / 4000.0;
        assert!((share(0.65) - 0.5).abs() < 0.03);
        assert!(share(0.2) > 0.95 && (share(1.0) - 0.1).abs() < 0.03);
    }

    /// Days a year beyond 160, 320 and 480 km and distance a year, of a use without differences between vehicles.
    fn closed_form(u: &UseSpec) -> [f64; 4] {
        let beyond = |km: f64| {
            let tail = |mu: f64, sd: f64| 1.0 - normal_cdf((km.ln() - mu) / sd);
            let rare = u.long_days_per_year;
            (365.0 - rare) * u.driving_day_share * tail(u.daily_ln_km_mean, u.daily_ln_km_sd)
                + rare * tail(u.long_day_median_km.ln(), u.long_day_ln_sd)
        };
        let mean = |mu: f64, sd: f64| (mu + 0.5 * sd * sd).exp();
        let km = (365.0 - u.long_days_per_year) * u.driving_day_share * mean(u.daily_ln_km_mean, u.daily_ln_km_sd)
            + u.long_days_per_year * mean(u.long_day_median_km.ln(), u.long_day_ln_sd);
        [beyond(160.0), beyond(320.0), beyond(480.0), km]
    }

    /// Driven every day with the law fitted to SHRP2: 6, 2 and 1 days a year beyond 160, 320 and 480 km, 13 150 km a year.
    #[test]
    fn long_days_come_as_often_as_observed() {
        let u = UseSpec { driving_day_share: 1.0, ..usage() };
        let expected = closed_form(&u);
        for (ours, published) in expected.into_iter().zip([6.0, 2.0, 1.0, 13_150.0]) {
            assert!((ours / published - 1.0).abs() < 0.06, "{expected:?}");
        }
        let owners = 1500;
        let mut counted = [0.0; 4];
        for k in 0..owners {
            let mut owner = owner(u.clone(), k);
            for km in (0..365).map(|_| owner.next_day().km) {
                for (count, beyond) in counted.iter_mut().zip([160.0, 320.0, 480.0]) {
                    *count += f64::from(u8::from(km > beyond)) / owners as f64;
                }
                counted[3] += km / owners as f64;
            }
        }
        for (counted, expected) in counted.iter().zip(expected) {
            assert!((counted / expected - 1.0).abs() < 0.08, "{counted} against {expected}");
        }
    }

    #[test]
    fn owners_differ_in_where_they_charge() {
        let u = UseSpec { home_charger_share: 0.7, workplace_charger_share: 0.2, fast_charge_habit: 0.5, ..usage() };
        let mut owners: Vec<Owner> = (0..2000).map(|k| owner(u.clone(), k)).collect();
        let share = |count: usize| count as f64 / 2000.0;
        assert!((share(owners.iter().filter(|o| o.charges_at_home()).count()) - 0.7).abs() < 0.04);
        assert!(
            (share(owners.iter_mut().filter_map(|o| o.plugs_in_at_work(0.0).then_some(())).count()) - 0.2).abs() < 0.03
        );
        assert!((share(owners.iter_mut().filter_map(|o| o.fast_by_habit().then_some(())).count()) - 0.5).abs() < 0.04);
        // Where they charge moves none of their trips.
        let days = |mut o: Owner| (0..50).map(|_| o.next_day().km).collect::<Vec<_>>();
        assert_eq!(days(owner(u, 4)), days(owner(usage(), 4)));
    }
}
