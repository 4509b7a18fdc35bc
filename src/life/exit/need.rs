//! The range that an owner needs, watched month by month.

/// Months of which the hardest one gives the consumption.
const MONTHS: usize = 12;
/// Months in a row with too short a range after which the car is given up.
const PATIENCE: u32 = 3;

/// What a month's reading led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::life) enum Need {
    /// The range does, or nobody asks.
    Met,
    /// The car goes to someone who needs less.
    SoldOn,
    /// The car is given up.
    GivenUp,
}

/// An owner who compares the range with what is needed, at the end of every month.
///
/// Range is the energy inside the vehicle's window at present, which the weakest module sets, over the mean
/// consumption of the hardest of the last twelve months. An owner whose need the new car did not meet has another way
/// for such days and never asks. Below the least range nobody wants the car.
#[derive(Clone, Debug)]
pub(in crate::life) struct NeedWatch {
    need_km: f64,
    least_km: f64,
    sells_on: bool,
    new_kwh: f64,
    wh_per_km: [f64; MONTHS],
    months: usize,
    short: u32,
    before: (f64, f64),
}

impl NeedWatch {
    /// A watch over a new car with that much energy inside its window; a need, or a least range, of 0 km never binds.
    pub(in crate::life) fn new([need_km, least_km]: [f64; 2], sells_on: bool, new_kwh: f64) -> Self {
        let (wh_per_km, before) = ([0.0; MONTHS], (0.0, 0.0));
        NeedWatch { need_km, least_km, sells_on, new_kwh, wh_per_km, months: 0, short: 0, before }
    }

    /// Reads a month: energy and distance driven since new, energy inside the window now.
    pub(in crate::life) fn month(&mut self, driven_kwh: f64, km: f64, usable_kwh: f64) -> Need {
        let (kwh_month, km_month) = (driven_kwh - self.before.0, km - self.before.1);
        self.before = (driven_kwh, km);
        // A month in which the car hardly left the house says nothing.
        if km_month < 1.0 {
            return Need::Met;
        }
        self.wh_per_km[self.months % MONTHS] = 1000.0 * kwh_month / km_month;
        self.months += 1;
        if self.months < MONTHS {
            return Need::Met;
        }
        let hardest = self.wh_per_km.iter().copied().fold(0.0, f64::max);
        let range = |kwh: f64| 1000.0 * kwh / hardest;
        if self.months == MONTHS {
            let new_km = range(self.new_kwh);
            let met = |asked_km: f64| if new_km < asked_km { 0.0 } else { asked_km };
            (self.need_km, self.least_km) = (met(self.need_km), met(self.least_km));
        }
        let now_km = range(usable_kwh);
        let asked_km = self.need_km.max(self.least_km);
        self.short = if asked_km > 0.0 && now_km < asked_km { self.short + 1 } else { 0 };
        if self.short < PATIENCE {
            Need::Met
        } else if self.sells_on && now_km >= self.least_km {
            (self.need_km, self.short) = (0.0, 0);
            Need::SoldOn
        } else {
            Need::GivenUp
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A car of 40 kWh and 100 Wh/km (200 in the first month of each year), losing 1 % of its energy a month.
    fn life(mut watch: NeedWatch) -> Vec<Need> {
        let (mut kwh, mut km) = (0.0, 0.0);
        (0..120)
            .map(|month| {
                km += 1000.0;
                kwh += if month % 12 == 0 { 200.0 } else { 100.0 };
                watch.month(kwh, km, 40.0 * (1.0 - 0.01 * f64::from(month)))
            })
            .collect()
    }

    #[test]
    fn a_car_goes_after_three_months_below_the_need_in_its_hardest_month() {
        // 40 kWh at 200 Wh/km are 200 km; 150 km are left at a loss of 25 %, and undercut from month 26 on.
        let told = life(NeedWatch::new([150.0, 0.0], false, 40.0));
        assert_eq!(told.iter().position(|n| *n == Need::GivenUp), Some(28));
        let sold = life(NeedWatch::new([150.0, 80.0], true, 40.0));
        assert_eq!(sold.iter().position(|n| *n != Need::Met), Some(28));
        assert_eq!(sold.iter().filter(|n| **n == Need::SoldOn).count(), 1);
        // 80 km are left at a loss of 60 %, and undercut from month 61 on: then nobody wants it.
        assert_eq!(sold.iter().position(|n| *n == Need::GivenUp), Some(63));
    }

    #[test]
    fn nobody_asks_for_what_the_new_car_did_not_give() {
        for need_km in [0.0, 201.0] {
            assert!(life(NeedWatch::new([need_km, 0.0], false, 40.0)).iter().all(|n| *n == Need::Met));
        }
    }

    #[test]
    fn a_car_that_stands_still_is_not_judged() {
        let mut watch = NeedWatch::new([150.0, 0.0], false, 40.0);
        assert!((0..60).all(|_| watch.month(0.0, 0.0, 1.0) == Need::Met));
    }
}
