//! The weather a pack meets: synthetic years of its place in an order of its own.

use crate::numeric::calendar::{DAYS_PER_YEAR, HOURS_PER_YEAR};
use crate::weather::WeatherYear;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// Years drawn in advance; longer lives begin again with the first.
const YEARS_DRAWN: usize = 64;

/// In which order a life meets the weather years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum YearOrder {
    /// Drawn, each anew.
    #[default]
    Drawn,
    /// One after the other and round again among the first so many. Lives that begin with different ones then meet the
    /// same set in every year of theirs, so that years differ by age and not by the luck of the weather.
    InTurn {
        /// The one it begins with, counted round.
        first: usize,
        /// How many take turns, at least 1.
        of: usize,
    },
}

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
        Self::in_order(years, first_day, YearOrder::Drawn, rng)
    }

    /// The same with the years in some order.
    pub fn in_order(years: &'a [WeatherYear], first_day: usize, order: YearOrder, rng: &mut ChaCha8Rng) -> Self {
        let order = match order {
            YearOrder::Drawn => std::array::from_fn(|_| rng.random_range(0..years.len())),
            YearOrder::InTurn { first, of } => {
                let of = of.clamp(1, years.len().max(1));
                std::array::from_fn(|year| (first + year) % of)
            }
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn lives_in_turn_meet_the_same_years_in_each_year_of_theirs() {
        let year = |t: f64| WeatherYear {
            temperature_c: vec![t; HOURS_PER_YEAR],
            ghi_w_m2: vec![0.0; HOURS_PER_YEAR],
            dni_w_m2: vec![0.0; HOURS_PER_YEAR],
            dhi_w_m2: vec![0.0; HOURS_PER_YEAR],
        };
        let years: Vec<WeatherYear> = (0..7).map(|t| year(f64::from(t))).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut life = |first| Surroundings::in_order(&years, 0, YearOrder::InTurn { first, of: 5 }, &mut rng);
        let lives: Vec<_> = (0..5).map(&mut life).collect();
        for lived in 0..9 {
            let mut met: Vec<f64> = lives.iter().map(|l| l.temperature_c((lived * HOURS_PER_YEAR) as f64)).collect();
            met.sort_by(f64::total_cmp);
            assert_eq!(met, [0.0, 1.0, 2.0, 3.0, 4.0]);
        }
        // More turns than years: all of them, round again.
        let round = Surroundings::in_order(&years, 0, YearOrder::InTurn { first: 9, of: 40 }, &mut rng);
        assert_eq!(round.temperature_c(0.0), 2.0);
    }
}
