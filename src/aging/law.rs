//! A law: equations with numbers, the range they were fitted in, and how they are used.

use super::form::{Constants, Form};
use super::knee::KneeSpec;
use super::mechanism::{Mechanism, Path};
use super::regain::RegainSpec;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The box in which a law was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedRange {
    /// Cell temperature \[degC\].
    pub temperature_c: [f64; 2],
    /// SoC, at rest and within cycles.
    pub soc: [f64; 2],
    /// Depth of cycles.
    pub depth: [f64; 2],
    /// Highest rate of charge \[1/h\].
    pub charge_c_max: f64,
    /// Highest rate of discharge \[1/h\].
    pub discharge_c_max: f64,
    /// Longest test \[years\].
    pub test_years: f64,
    /// Largest loss of capacity reached in the tests, over new.
    pub loss_max: f64,
}

/// What a library entry says of a law.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawSpec {
    /// Name for people.
    pub title: String,
    /// Equations, by [`Form::name`].
    pub form: String,
    /// Whether it was fitted in a laboratory (`laboratory`), to cars (`field`), or by the user (`own`).
    pub kind: LawKind,
    /// Numbers that replace those of the form.
    #[serde(default)]
    pub parameters: BTreeMap<String, f64>,
    /// Other sets of numbers, as likely as the first: what is not known about the parameters. Each replaces numbers of
    /// the main set.
    #[serde(default)]
    pub sets: Vec<BTreeMap<String, f64>>,
    /// Box of the fit.
    pub range: FittedRange,
    /// Gain of resistance per loss of capacity; for forms without a mechanism of resistance.
    #[serde(default)]
    pub resistance_per_loss: Option<f64>,
    /// Relative standard deviation of the capacity loss between equal cells of one lot.
    pub loss_cv: f64,
    /// Relative standard deviation of the resistance gain between equal cells of one lot.
    pub resistance_cv: f64,
    /// SoH at which the tests began; below 1 for laws measured on second-life cells. Losses are relative to it.
    #[serde(default = "one")]
    pub soh_at_start: f64,
}

fn one() -> f64 {
    1.0
}

/// Where the numbers of a law come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LawKind {
    /// Cells in a laboratory.
    Laboratory,
    /// Cars on the road.
    Field,
    /// A user's own test table.
    Own,
}

/// How stress is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Stress {
    /// Cycles by streaming rainflow (ASTM E1049), rates followed through the day.
    #[default]
    Rainflow,
    /// One window a day: depth is highest less lowest SoC, rates are means over the day, rest included.
    DailyWindow,
}

/// How a law is used: choices of a scenario beside the law itself.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct AgingOptions {
    /// Form of stress.
    pub stress: Stress,
    /// Explicit slopes in place of exact steps; only for parity with BLAST-Lite, and only with the daily window.
    pub explicit: bool,
    /// Knee.
    pub knee: Option<KneeSpec>,
    /// Reversible part of the loss.
    pub regain: Option<RegainSpec>,
}

/// An entry that makes no law.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LawError {
    /// No such equations.
    #[error("`form` names `{0}`, which is not a form of aging law")]
    NoForm(String),
    /// The form has no such number.
    #[error("the form `{form}` has no parameter `{name}`; it has {known}")]
    NoParameter {
        /// Form.
        form: String,
        /// Name given.
        name: String,
        /// Names there are.
        known: String,
    },
    /// No resistance at all.
    #[error("the form `{0}` has no resistance: `resistance_per_loss` is needed")]
    NoResistance(String),
    /// The numbers give no loss that rises.
    #[error("with these parameters the mechanism `{0}` has no exponent above zero")]
    BadExponent(&'static str),
}

impl LawError {
    /// Field of the entry to point at.
    pub fn field(&self) -> &'static str {
        match self {
            LawError::NoForm(_) => "form",
            LawError::NoParameter { .. } | LawError::BadExponent(_) => "parameters",
            LawError::NoResistance(_) => "resistance_per_loss",
        }
    }
}

/// State of health of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// Capacity over new.
    pub capacity: f64,
    /// Resistance over new.
    pub resistance: f64,
    /// Lithium lost for good.
    pub lli: f64,
    /// Active material lost.
    pub lam: f64,
    /// Capacity lost for now, which a mild duty gives back.
    pub reversible: f64,
}

/// A law ready for use.
#[derive(Clone, Debug)]
pub struct Law {
    /// Equations.
    pub form: &'static Form,
    /// Numbers of the equations.
    pub parameters: Vec<f64>,
    /// Mechanisms with those numbers.
    pub mechanisms: Vec<Mechanism>,
    /// What the equations worked out of those numbers, by mechanism.
    pub(super) constants: Vec<Constants>,
    /// `ln k` of the time-driven mechanisms that know no stress.
    pub(super) steady: Vec<Option<f64>>,
    /// What the entry said.
    pub spec: LawSpec,
    /// How it is used.
    pub options: AgingOptions,
    /// Gain of resistance per loss, where the form has no mechanism for it.
    pub resistance_per_loss: Option<f64>,
}

impl Law {
    /// Most mechanisms a law may have.
    pub const MAX_MECHANISMS: usize = 6;

    /// Floor under capacity over new, so that a dead unit still has a finite state.
    pub const LEAST_CAPACITY: f64 = 0.02;

    /// Makes an entry a law.
    ///
    /// # Errors
    /// When the form, a parameter or the resistance is missing, or an exponent is not above zero.
    pub fn new(spec: LawSpec, options: AgingOptions) -> Result<Law, LawError> {
        let form = Form::named(&spec.form).ok_or_else(|| LawError::NoForm(spec.form.clone()))?;
        let mut parameters: Vec<f64> = form.parameters.iter().map(|p| p.value).collect();
        replace(form, &mut parameters, &spec.parameters)?;
        for set in &spec.sets {
            replace(form, &mut parameters.clone(), set)?;
        }
        let law = Law::assemble(form, parameters, spec, options);
        if law.resistance_per_loss.is_none() && !law.mechanisms.iter().any(|m| m.path == Path::Resistance) {
            return Err(LawError::NoResistance(form.name.into()));
        }
        for mechanism in &law.mechanisms {
            // A sound shape gives back a small loss.
            let loss = mechanism.shape.loss(mechanism.shape.state(1e-3));
            if loss.is_nan() || (loss - 1e-3).abs() >= 1e-6 {
                return Err(LawError::BadExponent(mechanism.name));
            }
        }
        Ok(law)
    }

    /// A form with numbers, unchecked.
    pub(crate) fn assemble(form: &'static Form, parameters: Vec<f64>, spec: LawSpec, options: AgingOptions) -> Law {
        let mechanisms = (form.mechanisms)(&parameters);
        let constants = (0..mechanisms.len()).map(|index| (form.constants)(&parameters, index)).collect();
        let steady = (0..mechanisms.len()).map(|index| (form.steady)(&parameters, index)).collect();
        let resistance_per_loss = spec.resistance_per_loss;
        Law { form, mechanisms, constants, steady, parameters, resistance_per_loss, spec, options }
    }

    /// The law with other numbers, unchecked; the ratio of resistance to loss stays as it is.
    #[must_use]
    pub fn with_numbers(&self, numbers: Vec<f64>) -> Law {
        let law = Law::assemble(self.form, numbers, self.spec.clone(), self.options);
        Law { resistance_per_loss: self.resistance_per_loss, ..law }
    }

    /// The law with the numbers of one of its other sets; the main set for any other index.
    #[must_use]
    pub fn with_set(&self, index: usize) -> Law {
        let mut parameters = self.parameters.clone();
        if let Some(set) = self.spec.sets.get(index) {
            // Checked when the law was made.
            let _ = replace(self.form, &mut parameters, set);
        }
        Law::assemble(self.form, parameters, self.spec.clone(), self.options)
    }

    /// Capacity over new for given losses: the scarcer of lithium and material, less what is lost for now.
    #[inline]
    pub fn capacity(&self, lli: f64, lam: f64, reversible: f64) -> f64 {
        let scarcer = (1.0 - lli).min(1.0 + self.form.lam_reserve - lam);
        (scarcer - reversible).max(Law::LEAST_CAPACITY)
    }

    /// Whether a mechanism is driven by time.
    pub fn is_calendar(&self, mechanism: usize) -> bool {
        self.mechanisms[mechanism].driver.days_scale().is_some()
    }
}

fn replace(form: &Form, parameters: &mut [f64], by: &BTreeMap<String, f64>) -> Result<(), LawError> {
    for (name, value) in by {
        let Some(index) = form.parameters.iter().position(|p| p.name == name) else {
            let known = form.parameters.iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
            return Err(LawError::NoParameter { form: form.name.into(), name: name.clone(), known });
        };
        parameters[index] = *value;
    }
    Ok(())
}
