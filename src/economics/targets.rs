//! Targets that a rule sets for recycling, by calendar year.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A share demanded from a year on, in steps.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// First calendar year of each step, rising.
    pub from_year: Vec<u32>,
    /// Share demanded from then on.
    pub share: Vec<f64>,
}

impl Steps {
    /// The share demanded in a calendar year; none before the first step.
    pub fn in_year(&self, year: i32) -> Option<f64> {
        let steps = self.from_year.iter().zip(&self.share);
        steps.take_while(|(from, _)| i64::from(**from) <= i64::from(year)).last().map(|(_, share)| *share)
    }
}

/// An entry of the `targets` category: what a rule demands of recycling.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// Name for people.
    pub title: String,
    /// Whether the efficiency is judged without the electrolyte, on dry mass.
    pub dry_mass: bool,
    /// Recycling efficiency: mass recovered over mass in.
    pub efficiency: Steps,
    /// Recovery of a material, by its name.
    #[serde(default)]
    pub recovery: BTreeMap<String, Steps>,
    /// Recycled material in new batteries over all of it, by its name.
    #[serde(default)]
    pub content: BTreeMap<String, Steps>,
    /// Recycled material of any kind in new batteries over all of it, on dry mass where the efficiency is.
    #[serde(default)]
    pub content_of_all: Steps,
    /// Batteries collected over those that left vehicles and were not exported.
    #[serde(default)]
    pub collection: Steps,
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn the_last_step_that_has_begun_counts() {
        let steps = Steps { from_year: vec![2026, 2031], share: vec![0.65, 0.7] };
        let of = [2025, 2026, 2030, 2031, 2060].map(|y| steps.in_year(y));
        assert_eq!(of, [None, Some(0.65), Some(0.65), Some(0.7), Some(0.7)]);
        assert_eq!(Steps::default().in_year(2030), None);
    }
}
