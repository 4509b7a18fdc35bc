//! Present value of a plant over a project: capital recovery, replacement and salvage of its parts.

/// Share of a present value that is paid at the end of each of `years` years: `i (1+i)^n / ((1+i)^n - 1)`; `1 / n` without
/// interest, 0 without years.
pub fn capital_recovery_factor(rate: f64, years: f64) -> f64 {
    if years <= 0.0 {
        return 0.0;
    }
    let growth = (1.0 + rate).powf(years);
    if (growth - 1.0).abs() < 1e-12 { 1.0 / years } else { rate * growth / (growth - 1.0) }
}

/// Value today of one unit of money after some years: `(1 + rate)^-years`.
pub fn discount(rate: f64, years: f64) -> f64 {
    (1.0 + rate).powf(-years)
}

/// A part of a plant with a life of its own. Money in USD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Cost when new.
    pub cost_usd: f64,
    /// Years it lasts; one that does not wear has an infinite life.
    pub life_years: f64,
}

impl Part {
    /// Years at which it is replaced: `k life < project`, for `k = 1, 2, ..` A part of no life is never replaced.
    pub fn replaced_after(&self, project_years: f64) -> impl Iterator<Item = f64> + use<> {
        let life = if self.life_years > 0.0 { self.life_years } else { f64::INFINITY };
        // A unit that lasts just as long as the project is not replaced on its last day.
        (1..).map(move |k| f64::from(k) * life).take_while(move |t| *t < project_years - 1e-9)
    }

    /// Present value of its replacements \[USD\].
    pub fn replacements_usd(&self, project_years: f64, rate: f64) -> f64 {
        self.replaced_after(project_years).map(|t| self.cost_usd * discount(rate, t)).sum()
    }

    /// Present value of what its last unit is still worth at the end of the project \[USD\], by the share of its life that is
    /// left: `C (k L - N) / L`, the rule of HOMER (Lambert, Gilman and Lilienthal 2006, doi 10.1002/0471755621.ch15).
    pub fn salvage_usd(&self, project_years: f64, rate: f64) -> f64 {
        let last = self.replaced_after(project_years).last().unwrap_or(0.0);
        let left = if self.life_years.is_infinite() {
            1.0
        } else if self.life_years > 0.0 {
            (last + self.life_years - project_years) / self.life_years
        } else {
            0.0
        };
        self.cost_usd * left.clamp(0.0, 1.0) * discount(rate, project_years)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_recovery_factor_of_tables() {
        assert!((capital_recovery_factor(0.1, 15.0) - 0.131_473_78).abs() < 1e-8);
        assert_eq!(capital_recovery_factor(0.0, 8.0), 0.125);
        assert_eq!(capital_recovery_factor(0.1, 0.0), 0.0);
    }

    /// Twelve years of life in a project of fifteen: one replacement, three quarters of it left.
    #[test]
    fn a_part_is_replaced_and_salvaged() {
        let part = Part { cost_usd: 900.0, life_years: 12.0 };
        assert!((part.replacements_usd(15.0, 0.08) - 357.402).abs() < 1e-3);
        assert!((part.salvage_usd(15.0, 0.08) - 212.788).abs() < 1e-3);
        let to_the_day = Part { cost_usd: 900.0, life_years: 7.5 };
        assert_eq!(to_the_day.replaced_after(15.0).count(), 1);
        assert!(to_the_day.salvage_usd(15.0, 0.08).abs() < 1e-9);
        let for_ever = Part { cost_usd: 10.0, life_years: f64::INFINITY };
        assert_eq!((for_ever.replacements_usd(15.0, 0.0), for_ever.salvage_usd(15.0, 0.0)), (0.0, 10.0));
    }

    proptest! {
        /// What is bought and what is left make the years of the project: cost times its length over the life, without interest.
        #[test]
        fn nothing_is_lost_without_interest(life in 0.5..40.0f64, project in 1.0..30.0f64) {
            let part = Part { cost_usd: 100.0, life_years: life };
            let spent = 100.0 + part.replacements_usd(project, 0.0) - part.salvage_usd(project, 0.0);
            prop_assert!((spent - 100.0 * project / life).abs() < 1e-6);
        }

        /// The factor is the payment whose present value is one.
        #[test]
        fn payments_bring_back_the_principal(rate in 0.001..0.3f64, years in 1..30u32) {
            let payment = capital_recovery_factor(rate, f64::from(years));
            let sum: f64 = (1..=years).map(|t| payment * discount(rate, f64::from(t))).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9);
        }
    }
}
