//! How capacity is lost and resistance gained.
//!
//! A law is a list of mechanisms: driver (time, equivalent full cycles, counted cycles), shape (power, sigmoid, ...) and
//! a rate that follows the stress. A mechanism keeps one number a unit and advances it by its exact equivalent driver:
//! any split of a step gives the same state, and no clock is ever restarted. For a power law `y = k x^p` that number is
//! `z = y^(1/p)`, which grows by `k^(1/p) dx`.
//!
//! [`Equations`] hold what a paper prints, one file each under [`laws`]; a [`LawSpec`] (a library entry) adds numbers,
//! the fitted range and the spread; [`Law`] is both, ready for use; [`AgingState`] is what is carried through life.
//!
//! Losses belong to lithium inventory (LLI) or active material (LAM). The scarcer limits capacity. A unit's own factors
//! multiply losses, so a factor of 1.2 means 20 % more loss under the same stress.

mod dwell;
mod form;
mod join;
mod knee;
mod law;
pub mod laws;
mod mechanism;
pub mod profile;
mod regain;
mod replace;
mod state;
mod stress;
mod used;

pub use form::{Constants, Equations, Form, Parameter};
pub use join::JoinLawError;
pub use knee::{KneeKind, KneeSpec};
pub use law::{AgingOptions, FittedRange, Health, Law, LawError, LawKind, LawSpec, Stress};
pub use mechanism::{Driver, Mechanism, Path, Rate, Shape};
pub use regain::RegainSpec;
pub use state::{AgingState, Capacities, OutsideShares, UnitFactors};
pub use stress::CycleStress;
pub use used::{UsedHistory, UsedUnit};

/// Laws for tests: a form with its published numbers and a wide range.
#[cfg(test)]
pub(crate) mod fixture {
    use super::*;
    use std::sync::Arc;

    /// The law of a form.
    pub(crate) fn law_with(form: &str, options: AgingOptions) -> Arc<Law> {
        let spec = LawSpec {
            title: form.into(),
            form: form.into(),
            kind: LawKind::Laboratory,
            parameters: Default::default(),
            sets: vec![],
            range: FittedRange {
                temperature_c: [10.0, 45.0],
                soc: [0.0, 1.0],
                depth: [0.1, 1.0],
                charge_c_max: 1.0,
                discharge_c_max: 1.0,
                test_years: 2.0,
                loss_max: 0.2,
            },
            resistance_per_loss: Some(1.2),
            loss_cv: 0.1,
            resistance_cv: 0.2,
            soh_at_start: 1.0,
        };
        Arc::new(Law::new(spec, options).expect("forms are sound"))
    }

    /// The law of a form, used plainly.
    pub(crate) fn law(form: &str) -> Arc<Law> {
        law_with(form, AgingOptions::default())
    }
}
