//! The weather a pack meets: synthetic years of its place in an order of its own.

use crate::numeric::calendar::{DAYS_PER_YEAR, HOURS_PER_YEAR};
use crate::weather::WeatherYear;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Years drawn in advance; longer lives begin again with the first.
const YEARS_DRAWN: usize = 64;

/// Hourly weather along a life.
#[derive(Debug)]
pub struct Surroundings<'a> {
    years: &'a [WeatherYear],
    order: [usize; YEARS_DRAWN],
    first_hour: usize,
}

impl<'a> Surroundings<'a> {
    /// Weather from day `first_day` of the first year on.
    pub fn new(years: &'a [WeatherYear], first_day: usize, rng: &mut ChaCha8Rng) -> Self {
        let mut order = [0; YEARS_DRAWN];
        order.iter_mut().for_each(|y| *y = rng.random_range(0..years.len()));
        Surroundings { years, order, first_hour: (first_day % DAYS_PER_YEAR) * 24 }
    }

    /// Number of the weather year and hour in it, for a clock in hours since the first midnight.
    pub fn place(&self, clock_h: f64) -> (usize, usize) {
        let hour = self.first_hour + (clock_h + 1e-6) as usize;
        (self.order[(hour / HOURS_PER_YEAR) % YEARS_DRAWN], hour % HOURS_PER_YEAR)
    }

    /// Ambient temperature \[degC\].
    pub fn temperature_c(&self, clock_h: f64) -> f64 {
        let (year, hour) = self.place(clock_h);
        self.years[year].temperature_c[hour]
    }

    /// Global horizontal irradiance \[kW/m2\].
    pub fn sun_kw_m2(&self, clock_h: f64) -> f64 {
        let (year, hour) = self.place(clock_h);
        self.years[year].ghi_w_m2[hour] * 1e-3
    }

    /// Number of the weather year, first hour in it, and hourly temperatures \[degC\] of a day of the life.
    pub fn day(&self, day: usize) -> (usize, usize, &'a [f64]) {
        let (year, hour) = self.place(24.0 * day as f64);
        (year, hour, &self.years[year].temperature_c[hour..hour + 24])
    }
}
