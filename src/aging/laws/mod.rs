//! Equations of published laws, one file each; see [`crate::aging::Equations`].

use super::form::Form;

pub mod lfp_prismatic250;
pub mod lmo_xu;
pub mod nmc50_b1;
pub mod nmc_kokam;
pub mod semi_empirical;

/// Every form, by name.
pub(super) const ALL: &[Form] = &[
    Form::of::<lfp_prismatic250::LfpPrismatic250>(),
    Form::of::<lmo_xu::LmoXu>(),
    Form::of::<nmc50_b1::Nmc50B1>(),
    Form::of::<nmc_kokam::NmcKokam>(),
    Form::of::<semi_empirical::SemiEmpirical>(),
];

use super::Parameter;

/// A row of a table of parameters.
const fn number(name: &'static str, value: f64, unit: &'static str) -> Parameter {
    Parameter { name, value, unit }
}
