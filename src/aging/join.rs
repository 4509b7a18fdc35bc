//! Units of several batches in one.

use super::law::Law;
use super::state::{AgingState, UnitFactors};

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
            for ((to, from), column) in law.mechanisms.iter().zip(&own.mechanisms).zip(&mut joined.state) {
                if to.shape != from.shape {
                    column[last..].iter_mut().for_each(|z| *z = to.shape.state(from.shape.loss(*z)));
                }
            }
        }
        Ok(joined)
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
