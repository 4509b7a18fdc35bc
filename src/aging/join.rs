//! Units of several batches in one.

use super::law::Law;
use super::mechanism::{Driver, Path};
use super::state::{AgingState, UnitFactors};

/// Loss by which a mechanism may miss what it is to reach, by rounding.
const REACHED: f64 = 1e-9;

/// Laws that cannot be carried on by another.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinLawError {
    /// Other equations.
    #[error("it ages by `{other}`, the first by `{first}`")]
    Form {
        /// Equations of the first.
        first: &'static str,
        /// Equations of the other.
        other: &'static str,
    },
    /// Another stress, knee, regain or start.
    #[error("its law is used with other options, or starts at another state of health")]
    Options,
    /// The numbers switch other mechanisms on.
    #[error("its numbers give the law other mechanisms")]
    Mechanisms,
}

impl AgingState {
    /// The units of all batches in one that ages by a law; open cycles are to be closed before. Batches of the very numbers
    /// of that law come along bit by bit. For other numbers of the same equations the state of every mechanism is stated
    /// anew such that its loss stays what it is: what was lost stays lost, and goes on as the law has it.
    ///
    /// # Errors
    /// With the place of the batch whose law has other equations, options or mechanisms.
    pub fn join(law: &Law, batches: &[(&Law, &AgingState)]) -> Result<AgingState, (usize, JoinLawError)> {
        let mut joined = AgingState::new(law, UnitFactors::equal(0));
        for (place, (own, batch)) in batches.iter().enumerate() {
            alike(law, own).map_err(|why| (place, why))?;
            joined.append(law, batch);
            let last = joined.units() - batch.units();
            for unit in last..joined.units() {
                joined.restate(law, own, unit);
            }
        }
        Ok(joined)
    }

    /// States a unit's mechanisms by the numbers of a law that had those of another. What a mechanism cannot reach any more
    /// (the limit of the new numbers is below the loss) is carried as a constant.
    fn restate(&mut self, law: &Law, own: &Law, unit: usize) {
        for (index, (to, from)) in law.mechanisms.iter().zip(&own.mechanisms).enumerate() {
            if to.shape == from.shape {
                continue;
            }
            let loss = from.shape.loss(self.state[index][unit]);
            let state = to.shape.state(loss);
            self.state[index][unit] = state;
            let left = loss - to.shape.loss(state);
            if left < REACHED {
                continue;
            }
            let factor = match to.driver {
                Driver::Days(_) => self.factors.calendar[unit],
                Driver::Efc(_) | Driver::DaysAndCycles => self.factors.cycle[unit],
            };
            match to.path {
                Path::Resistance => self.gained_before[unit] += factor * self.factors.resistance[unit] * left,
                Path::Lli | Path::Lam => self.lost_before[unit] += factor * left * law.spec.soh_at_start,
            }
        }
    }
}

/// Whether a law can carry on what another began.
fn alike(first: &Law, other: &Law) -> Result<(), JoinLawError> {
    if first.form.name != other.form.name {
        return Err(JoinLawError::Form { first: first.form.name, other: other.form.name });
    }
    let how = |law: &Law| (law.options, law.spec.soh_at_start, law.resistance_per_loss);
    if how(first) != how(other) {
        return Err(JoinLawError::Options);
    }
    let kinds = |law: &Law| law.mechanisms.iter().map(|m| (m.name, m.path, m.driver)).collect::<Vec<_>>();
    if kinds(first) != kinds(other) {
        return Err(JoinLawError::Mechanisms);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aging::AgingOptions;
    use crate::aging::fixture::{law, law_with};
    use std::sync::Arc;

    fn with(changes: &[(&str, f64)]) -> Arc<Law> {
        let mut spec = law("semi_empirical").spec.clone();
        spec.parameters.extend(changes.iter().map(|(name, value)| (String::from(*name), *value)));
        Arc::new(Law::new(spec, AgingOptions::default()).unwrap())
    }

    /// Losses stay what they were where the exponent changes, and where the new numbers cannot reach them.
    #[test]
    fn losses_outlive_a_change_of_numbers() {
        let old = with(&[("settling_limit", 0.04), ("calendar_p", 0.6)]);
        for new in [with(&[("settling_limit", 0.04), ("calendar_p", 0.8)]), with(&[("settling_limit", 0.01)])] {
            let mut batch = AgingState::new(&old, UnitFactors::of_loss(vec![1.1, 0.9]));
            batch.rest(&old, &[303.0, 298.0], &[0.6, 0.7], 24.0 * 400.0);
            let mut joined = AgingState::join(&new, &[(&old, &batch)]).unwrap();
            for unit in 0..2 {
                let (was, is) = (batch.health(&old, unit).capacity, joined.health(&new, unit).capacity);
                assert!((was - is).abs() < 1e-9, "{was} {is}");
            }
            let before = joined.health(&new, 0).capacity;
            joined.rest(&new, &[303.0, 298.0], &[0.6, 0.7], 24.0 * 30.0);
            assert!(joined.health(&new, 0).capacity < before);
        }
    }

    #[test]
    fn strange_laws_are_refused_with_their_place() {
        let (own, other) = (with(&[]), with(&[("late_k", 0.1)]));
        let daily = AgingOptions { stress: crate::aging::Stress::DailyWindow, ..AgingOptions::default() };
        let refused = |stranger: &Law| {
            let batch = |law: &Law| AgingState::new(law, UnitFactors::equal(1));
            AgingState::join(&own, &[(&own, &batch(&own)), (stranger, &batch(stranger))]).unwrap_err()
        };
        assert_eq!(refused(&other), (1, JoinLawError::Mechanisms));
        assert_eq!(refused(&law_with("semi_empirical", daily)), (1, JoinLawError::Options));
        let form = JoinLawError::Form { first: "semi_empirical", other: "nmc50_b1" };
        assert_eq!(refused(&law("nmc50_b1")), (1, form));
    }
}
