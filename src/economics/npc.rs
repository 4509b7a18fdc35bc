//! Present value of a plant over a project: what its parts cost again, and what is left of them.

use super::homer::replacements_and_salvage;

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
    /// Present value of its replacements \[USD\], at `k life < project`.
    pub fn replacements_usd(&self, project_years: f64, rate: f64) -> f64 {
        replacements_and_salvage(self.cost_usd, self.life_years, project_years, rate).replacement_usd
    }

    /// Present value of what its last unit is still worth at the end of the project \[USD\], by the share of its life that is
    /// left: `C (k L - N) / L`.
    pub fn salvage_usd(&self, project_years: f64, rate: f64) -> f64 {
        replacements_and_salvage(self.cost_usd, self.life_years, project_years, rate).salvage_usd
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Twelve years of life in a project of fifteen: one replacement, three quarters of it left.
    #[test]
    fn a_part_is_replaced_and_salvaged() {
        let part = Part { cost_usd: 900.0, life_years: 12.0 };
        assert!((part.replacements_usd(15.0, 0.08) - 357.402).abs() < 1e-3);
        assert!((part.salvage_usd(15.0, 0.08) - 212.788).abs() < 1e-3);
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
    }
}
