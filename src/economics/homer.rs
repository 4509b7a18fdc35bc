//! Money over a project of fixed length with parts that last a fixed time: annuities, replacements and salvage as HOMER
//! and most sizing programs count them (Lambert, Gilman and Lilienthal 2006, in Farret and Simoes, Integration of
//! Alternative Sources of Energy, doi 10.1002/0471755621.ch15).
//!
//! Rates are real, a year; lives and projects are in years.

/// What turns a present value into equal payments at the ends of the years of a project, `i (1 + i)^n / ((1 + i)^n - 1)`;
/// `1/n` without a rate. Years must be above zero.
pub fn capital_recovery_factor(rate: f64, years: f64) -> f64 {
    1.0 / annuity_factor(rate, years)
}

/// Present value of one unit paid at the end of each year of a project, `(1 - (1 + i)^-n) / i`; `n` without a rate.
pub fn annuity_factor(rate: f64, years: f64) -> f64 {
    if rate.abs() < 1e-12 { years } else { -(-years * rate.ln_1p()).exp_m1() / rate }
}

/// Replacements of a part within a project, and what is left of the last one, as present values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Renewals {
    /// How often it is replaced.
    pub replacements: f64,
    /// Present value of that \[USD\].
    pub replacement_usd: f64,
    /// Present value of what the last one is worth at the end \[USD\], positive.
    pub salvage_usd: f64,
}

impl Renewals {
    /// Cost to add to the first purchase: replacements less salvage \[USD\].
    pub fn net_usd(&self) -> f64 {
        self.replacement_usd - self.salvage_usd
    }
}

/// A part that costs `usd` whenever it is replaced, at each full `life_years` before the end of the project. Its value
/// falls in a straight line over its life. A life without end (infinite) keeps its whole value.
pub fn replacements_and_salvage(usd: f64, life_years: f64, project_years: f64, rate: f64) -> Renewals {
    if life_years.is_nan() || life_years <= 0.0 || project_years <= 0.0 {
        return Renewals::default();
    }
    let lives = project_years / life_years;
    let replacements = (lives.ceil() - 1.0).max(0.0);
    // A sum of `(1 + i)^(-k L)`: an annuity in steps of one life.
    let over_a_life = (life_years * rate.ln_1p()).exp_m1();
    let worth = if replacements > 0.0 { annuity_factor(over_a_life, replacements) } else { 0.0 };
    let left = replacements + 1.0 - lives;
    let at_end = (-project_years * rate.ln_1p()).exp();
    Renewals { replacements, replacement_usd: usd * worth, salvage_usd: usd * left * at_end }
}

/// Life of a battery that ends by throughput or on the shelf, whichever is first \[year\].
pub fn life_by_throughput_years(lifetime_kwh: f64, kwh_per_year: f64, float_years: f64) -> f64 {
    if kwh_per_year > 0.0 { float_years.min(lifetime_kwh / kwh_per_year) } else { float_years }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::economics::present_value;
    use proptest::prelude::*;

    #[test]
    fn a_loan_is_paid_back() {
        // 10 % over 15 years, of any table.
        assert!((capital_recovery_factor(0.1, 15.0) - 0.131_473_78).abs() < 1e-8);
        assert!((capital_recovery_factor(0.0, 20.0) - 0.05).abs() < 1e-15);
        let flows: Vec<_> = (1..=15).map(|year| (f64::from(year), 1.0)).collect();
        assert!((annuity_factor(0.1, 15.0) - present_value(&flows, 0.1)).abs() < 1e-12);
    }

    /// A life of 20 years in a project of 25: one replacement, three quarters left.
    #[test]
    fn one_replacement_by_hand() {
        let r = replacements_and_salvage(10_000.0, 20.0, 25.0, 0.06);
        assert_eq!(r.replacements, 1.0);
        assert!((r.replacement_usd - 10_000.0 / 1.06_f64.powi(20)).abs() < 1e-9);
        assert!((r.salvage_usd - 7_500.0 / 1.06_f64.powi(25)).abs() < 1e-9);
        // A life that ends with the project is not replaced and leaves nothing.
        assert_eq!(replacements_and_salvage(1.0, 25.0, 25.0, 0.06), Renewals::default());
        let endless = replacements_and_salvage(1.0, f64::INFINITY, 25.0, 0.0);
        assert_eq!((endless.replacements, endless.salvage_usd), (0.0, 1.0));
        assert_eq!(replacements_and_salvage(1.0, 0.0, 25.0, 0.06), Renewals::default());
    }

    #[test]
    fn a_battery_ends_by_use_or_on_the_shelf() {
        assert_eq!(life_by_throughput_years(3000.0, 300.0, 20.0), 10.0);
        assert_eq!(life_by_throughput_years(3000.0, 30.0, 20.0), 20.0);
        assert_eq!(life_by_throughput_years(3000.0, 0.0, 20.0), 20.0);
    }

    proptest! {
        /// The closed form is the sum over the replacements one by one.
        #[test]
        fn replacements_are_a_sum(life in 0.3..30.0f64, years in 1.0..40.0f64, rate in 0.0..0.3f64) {
            let r = replacements_and_salvage(7.0, life, years, rate);
            let (mut sum, mut k) = (0.0, 1.0);
            while k * life < years {
                sum += 7.0 * (1.0 + rate).powf(-k * life);
                k += 1.0;
            }
            let salvage = 7.0 * (k * life - years) / life * (1.0 + rate).powf(-years);
            prop_assert_eq!(r.replacements, k - 1.0);
            prop_assert!((r.replacement_usd - sum).abs() < 1e-9 * (1.0 + sum));
            prop_assert!((r.salvage_usd - salvage).abs() < 1e-9);
        }
    }
}
