//! Reuse, refurbish or recycle: the value of a pack at a state of health.

use super::prices::Refurbishment;

/// What can be done with a retired pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Built into storage as it is.
    Reuse,
    /// Refurbished first.
    Refurbish,
    /// Recycled now.
    Recycle,
}

impl Choice {
    /// All, in table order.
    pub const ALL: [Choice; 3] = [Choice::Reuse, Choice::Refurbish, Choice::Recycle];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Choice::Reuse => "reuse",
            Choice::Refurbish => "refurbish",
            Choice::Recycle => "recycle",
        }
    }
}

/// Terms of reuse, all for a nameplate kWh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReuseTerms {
    /// Price of new storage as sold \[USD/kWh\].
    pub new_storage_usd_per_kwh: f64,
    /// Share by which second-life storage must be cheaper than new for the same service.
    pub discount_to_new: f64,
    /// Real discount rate \[1/year\].
    pub rate: f64,
    /// SoH lost a year in storage, as planned.
    pub fade_per_year: f64,
    /// SoH at which storage ends.
    pub soh_end: f64,
    /// Longest service counted, new or used \[year\].
    pub years_max: f64,
    /// Spent before the choice, whatever is chosen: pack, removal, transport, opening, tests \[USD\].
    pub spent_usd: f64,
    /// Building into storage \[USD\].
    pub build_usd: f64,
    /// Refurbishing, where it is on offer.
    pub refurbishment: Option<Refurbishment>,
}

/// What recycling a nameplate kWh brings at a SoH, after its own costs \[USD\].
pub trait Recycling {
    /// Recycled now, from the workshop where the pack was tested.
    fn now_usd(&self, soh: f64) -> f64;
    /// Recycled so many years later, from where it served.
    fn later_usd(&self, soh: f64, years: f64) -> f64;
}

/// Value of each choice for a nameplate kWh, seen from the day of the choice \[USD\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Values {
    /// Reuse.
    pub reuse_usd: f64,
    /// Of that, what the buyer pays: in proportion to the price of new storage.
    pub reuse_sale_usd: f64,
    /// Refurbishing and reuse, where it is on offer.
    pub refurbish_usd: Option<f64>,
    /// Of that, what the buyer pays.
    pub refurbish_sale_usd: Option<f64>,
    /// Recycling.
    pub recycle_usd: f64,
}

impl Values {
    /// Value of a choice; none where it is not on offer.
    pub fn of(&self, choice: Choice) -> Option<f64> {
        match choice {
            Choice::Reuse => Some(self.reuse_usd),
            Choice::Refurbish => self.refurbish_usd,
            Choice::Recycle => Some(self.recycle_usd),
        }
    }

    /// The choice worth most; the earlier in table order on a tie.
    pub fn best(&self) -> Choice {
        let mut best = Choice::Reuse;
        for choice in [Choice::Refurbish, Choice::Recycle] {
            if self.of(choice).is_some_and(|v| v > self.of(best).unwrap_or(f64::NEG_INFINITY)) {
                best = choice;
            }
        }
        best
    }

    /// What is lost by a choice against the best one; a choice that is not on offer loses nothing.
    pub fn regret_usd(&self, choice: Choice) -> f64 {
        let best = self.of(self.best()).unwrap_or(0.0);
        self.of(choice).map_or(0.0, |v| best - v)
    }
}

impl ReuseTerms {
    /// Years of service from a SoH on: `(s - s_end) / f`, between zero and the longest.
    pub fn years(&self, soh: f64) -> f64 {
        ((soh - self.soh_end) / self.fade_per_year).clamp(0.0, self.years_max)
    }

    /// Discounted service of a nameplate kWh \[kWh years\]: `sum over k < T of (1 + r)^-k (s - f k)`, the last year by its
    /// part.
    pub fn service(&self, soh: f64) -> f64 {
        let years = self.years(soh);
        let mut sum = 0.0;
        let mut k = 0.0;
        while k < years {
            sum += (years - k).min(1.0) * (soh - self.fade_per_year * k) * (1.0 + self.rate).powf(-k);
            k += 1.0;
        }
        sum
    }

    /// What a buyer pays for a nameplate kWh at a SoH \[USD\]: for a discounted kWh-year what new storage costs for one,
    /// less the discount to new.
    pub fn sale_usd(&self, soh: f64) -> f64 {
        let new = self.service(1.0);
        if new <= 0.0 {
            return 0.0;
        }
        (1.0 - self.discount_to_new) * self.new_storage_usd_per_kwh * self.service(soh) / new
    }

    /// Value of each choice at a SoH. Recycling later is discounted, not lost.
    pub fn values(&self, soh: f64, recycling: &impl Recycling) -> Values {
        let reuse = |soh: f64| {
            let (years, sale) = (self.years(soh), self.sale_usd(soh));
            // A pack that is below the end already is recycled in its state.
            let end = soh - self.fade_per_year * years;
            let later = (1.0 + self.rate).powf(-years) * recycling.later_usd(end, years);
            (sale - self.build_usd + later - self.spent_usd, sale)
        };
        let (reuse_usd, reuse_sale_usd) = reuse(soh);
        let refurbished = self.refurbishment.map(|r| {
            let (value, sale) = reuse(r.soh_after(soh));
            (value - r.cost_usd_per_kwh(soh), sale)
        });
        Values {
            reuse_usd,
            reuse_sale_usd,
            refurbish_usd: refurbished.map(|r| r.0),
            refurbish_sale_usd: refurbished.map(|r| r.1),
            recycle_usd: recycling.now_usd(soh) - self.spent_usd,
        }
    }
}

/// SoH between `low` and 1 below which recycling is worth more than reuse and refurbishing, by bisection to 1e-6.
///
/// `None` when recycling is worth more even at SoH 1, and `low` when it never is.
pub fn switching_soh(low: f64, mut values: impl FnMut(f64) -> Values) -> Option<f64> {
    let mut gain = |soh: f64| {
        let v = values(soh);
        v.reuse_usd.max(v.refurbish_usd.unwrap_or(f64::NEG_INFINITY)) - v.recycle_usd
    };
    if gain(1.0) < 0.0 {
        return None;
    }
    if gain(low) >= 0.0 {
        return Some(low);
    }
    let (mut low, mut high) = (low, 1.0);
    while high - low > 1e-6 {
        let middle = 0.5 * (low + high);
        if gain(middle) < 0.0 { low = middle } else { high = middle }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Flat(f64);
    impl Recycling for Flat {
        fn now_usd(&self, _: f64) -> f64 {
            self.0
        }
        fn later_usd(&self, _: f64, _: f64) -> f64 {
            self.0
        }
    }

    fn terms() -> ReuseTerms {
        ReuseTerms {
            new_storage_usd_per_kwh: 100.0,
            discount_to_new: 0.3,
            rate: 0.0,
            fade_per_year: 0.02,
            soh_end: 0.6,
            years_max: 20.0,
            spent_usd: 0.0,
            build_usd: 0.0,
            refurbishment: None,
        }
    }

    /// Without discounting, service over whole years is an arithmetic series.
    #[test]
    fn service_is_a_series() {
        let t = terms();
        let series = |s: f64, n: f64| n * s - 0.02 * n * (n - 1.0) / 2.0;
        assert!((t.service(1.0) - series(1.0, 20.0)).abs() < 1e-9);
        assert!((t.service(0.8) - series(0.8, 10.0)).abs() < 1e-9);
        assert!((t.sale_usd(0.8) - 70.0 * series(0.8, 10.0) / series(1.0, 20.0)).abs() < 1e-9);
        assert_eq!((t.sale_usd(0.6), t.sale_usd(0.3), t.years(0.3)), (0.0, 0.0, 0.0));
        let discounted = ReuseTerms { rate: 0.1, fade_per_year: 0.2, ..t };
        assert!((discounted.service(1.0) - (1.0 + 0.8 / 1.1)).abs() < 1e-9);
        // Half a year counts by half.
        assert!((discounted.service(0.7) - 0.5 * 0.7).abs() < 1e-9);
    }

    #[test]
    fn recycling_later_is_discounted_and_not_lost() {
        let t = ReuseTerms { rate: 0.05, build_usd: 7.0, spent_usd: 3.0, ..terms() };
        let v = t.values(0.8, &Flat(20.0));
        assert!((v.reuse_usd - (t.sale_usd(0.8) - 7.0 - 3.0 + 20.0 * 1.05f64.powi(-10))).abs() < 1e-9);
        assert_eq!((v.recycle_usd, v.refurbish_usd), (17.0, None));
        // What is spent before moves no choice.
        let cheap = ReuseTerms { spent_usd: 0.0, ..t }.values(0.8, &Flat(20.0));
        assert!((v.reuse_usd - v.recycle_usd - (cheap.reuse_usd - cheap.recycle_usd)).abs() < 1e-9);
    }

    #[test]
    fn refurbishing_is_reuse_at_a_better_state() {
        let r = Refurbishment { gain: 0.09, fixed_usd_per_kwh: 3.68, wear_usd_per_kwh: 2.6 };
        let t = ReuseTerms { refurbishment: Some(r), ..terms() };
        assert!((r.soh_after(0.8) - 0.818).abs() < 1e-12 && r.soh_after(1.0) == 1.0);
        let v = t.values(0.8, &Flat(0.0));
        assert!((v.refurbish_usd.unwrap() - (t.sale_usd(0.818) - 3.68 - 2.6 * 0.008)).abs() < 1e-9);
        let better = v.refurbish_usd.unwrap() > v.reuse_usd;
        assert_eq!(v.best(), if better { Choice::Refurbish } else { Choice::Reuse });
    }

    /// With a sale of `70 service / 16.2` against a flat value, the SoH of switching solves a quadratic.
    #[test]
    fn switching_is_where_the_values_meet() {
        let t = ReuseTerms { build_usd: 10.0, ..terms() };
        let at = switching_soh(0.4, |s| t.values(s, &Flat(0.0))).unwrap();
        assert!((t.sale_usd(at) - 10.0).abs() < 1e-3, "{at}");
        assert_eq!(switching_soh(0.4, |s| t.values(s, &Flat(-1000.0))), Some(at));
        let never = ReuseTerms { build_usd: 1e4, ..t };
        assert_eq!(switching_soh(0.4, |s| never.values(s, &Flat(0.0))), None);
        let always = ReuseTerms { build_usd: -1.0, ..t };
        assert_eq!(switching_soh(0.4, |s| always.values(s, &Flat(0.0))), Some(0.4));
    }

    proptest! {
        #[test]
        fn regret_is_never_negative(a in -50.0..50.0f64, b in -50.0..50.0f64, c in -50.0..50.0f64, offered: bool) {
            let v = Values {
                reuse_usd: a,
                reuse_sale_usd: a,
                refurbish_usd: offered.then_some(b),
                refurbish_sale_usd: offered.then_some(b),
                recycle_usd: c,
            };
            for choice in Choice::ALL {
                prop_assert!(v.regret_usd(choice) >= 0.0);
            }
            prop_assert_eq!(v.regret_usd(v.best()), 0.0);
        }

        #[test]
        fn a_better_pack_serves_more(s in 0.3..0.98f64, more in 0.001..0.02f64, rate in 0.0..0.15f64) {
            let t = ReuseTerms { rate, years_max: 15.0, ..terms() };
            prop_assert!(t.service(s + more) >= t.service(s));
        }
    }
}
