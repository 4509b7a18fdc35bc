//! Daily driving and charging of one vehicle.

use crate::numeric::calendar::DAYS_PER_YEAR;
use crate::numeric::stats::normal_quantile;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::StandardNormal;
use serde::Deserialize;

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
    /// Mean speed of daily driving \[km/h\].
    pub speed_kmh: f64,
    /// Mean speed on a long day \[km/h\].
    pub long_speed_kmh: f64,
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

    /// Mean distance of a year over the owners of the class \[km\].
    pub fn mean_km_per_year(&self) -> f64 {
        let long_days = if self.long_days_zero_share < 1.0 { self.long_days_per_year } else { 0.0 };
        self.km_per_year(self.daily_ln_km_mean + 0.5 * self.between_vehicles_ln_sd.powi(2), long_days)
    }
}

/// One owner: the distances of a vehicle, day by day.
#[derive(Debug)]
pub struct Owner {
    usage: UseSpec,
    rng: ChaCha8Rng,
    ln_km_mean: f64,
    long_days_per_year: f64,
}

/// What one day asks of the vehicle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayTrip {
    /// Distance, half of it out and half back \[km\].
    pub km: f64,
    /// Mean speed \[km/h\].
    pub speed_kmh: f64,
}

impl Owner {
    /// Draws an owner of this class.
    pub fn new(usage: UseSpec, mut rng: ChaCha8Rng) -> Self {
        let z: f64 = rng.sample(StandardNormal);
        let stays_near = rng.random::<f64>() < usage.long_days_zero_share;
        let long_days_per_year =
            if stays_near { 0.0 } else { usage.long_days_per_year / (1.0 - usage.long_days_zero_share).max(1e-9) };
        let ln_km_mean = usage.daily_ln_km_mean + usage.between_vehicles_ln_sd * z;
        Owner { usage, rng, ln_km_mean, long_days_per_year }
    }

    /// Habits of the class.
    pub fn usage(&self) -> &UseSpec {
        &self.usage
    }

    /// Expected distance of a year \[km\].
    pub fn km_per_year(&self) -> f64 {
        self.usage.km_per_year(self.ln_km_mean, self.long_days_per_year)
    }

    /// Expected distance over the mean of the class; 1 for a class that does not drive.
    pub fn relative_distance(&self) -> f64 {
        let mean = self.usage.mean_km_per_year();
        if mean > 0.0 { self.km_per_year() / mean } else { 1.0 }
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
            return DayTrip { km, speed_kmh: usage.long_speed_kmh };
        }
        let km =
            if u_drive < usage.driving_day_share { (self.ln_km_mean + usage.daily_ln_km_sd * z).exp() } else { 0.0 };
        DayTrip { km, speed_kmh: usage.speed_kmh }
    }

    /// Whether the owner plugs in on return at this SoC of the vehicle's window.
    ///
    /// `p = max(floor, 1 / (1 + exp((soc - mid) / width)))`.
    pub fn plugs_in(&mut self, soc: f64) -> bool {
        let usage = &self.usage;
        let p = 1.0 / (1.0 + ((soc - usage.plug_soc_mid) / usage.plug_soc_width).exp());
        self.rng.random::<f64>() < p.max(usage.plug_floor)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
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
            speed_kmh: 30.0,
            long_speed_kmh: 70.0,
            leave_hour: 8.0,
            return_hour: 18.0,
            plug_soc_mid: 0.65,
            plug_soc_width: 0.12,
            plug_floor: 0.1,
            home_charge_kw: 7.0,
            charge_start_hour: -1.0,
            charge_limit: 0.8,
            full_charge_every_days: 7,
            parking_sun_k_per_kw_m2: 5.0,
            parking_offset_k: 0.0,
        }
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
                let mut owner = Owner::new(u.clone(), ChaCha8Rng::seed_from_u64(k));
                (0..365).map(|_| owner.next_day().km).sum::<f64>()
            })
            .sum();
        assert!((total / owners as f64 / expected - 1.0).abs() < 0.02, "{}", total / owners as f64 / expected);
    }

    /// The owner's own expectation and quantile against days, and the mean over owners against the class.
    #[test]
    fn an_owners_distances_meet_the_closed_forms() {
        let u = UseSpec { between_vehicles_ln_sd: 0.35, long_days_per_year: 0.0, ..usage() };
        let mut owner = Owner::new(u.clone(), ChaCha8Rng::seed_from_u64(5));
        let days: Vec<f64> = (0..40_000).map(|_| owner.next_day().km).collect();
        let mean = days.iter().sum::<f64>() / days.len() as f64;
        assert!((365.0 * mean / owner.km_per_year() - 1.0).abs() < 0.02);
        for share in [0.5, 0.9, 0.98] {
            let beyond = days.iter().filter(|km| **km > owner.day_quantile_km(share)).count() as f64;
            assert!((beyond / days.len() as f64 - (1.0 - share)).abs() < 0.006, "{share}");
        }
        // A share of days that are spent at home needs no range.
        assert_eq!(owner.day_quantile_km(0.09), 0.0);
        let u = UseSpec { long_days_per_year: 1.8, ..u };
        let owners = 20_000;
        let of = |k| Owner::new(u.clone(), ChaCha8Rng::seed_from_u64(k)).km_per_year();
        let mean = (0..owners).map(of).sum::<f64>() / owners as f64;
        assert!((mean / u.mean_km_per_year() - 1.0).abs() < 0.01, "{mean}");
    }

    #[test]
    fn low_charge_is_plugged_in_more_often() {
        let mut owner = Owner::new(usage(), ChaCha8Rng::seed_from_u64(1));
        let mut share = |soc: f64| (0..4000).filter(|_| owner.plugs_in(soc)).count() as f64 / 4000.0;
        assert!((share(0.65) - 0.5).abs() < 0.03);
        assert!(share(0.2) > 0.95 && (share(1.0) - 0.1).abs() < 0.03);
    }
}
