//! Equations of published laws, one file each; see [`crate::aging::Equations`].

use super::form::Form;

pub mod lfp_naumann;
pub mod lfp_prismatic250;
pub mod lfp_sony;
pub mod lmo_leaf_second_life;
pub mod lmo_xu;
pub mod lto_sam;
pub mod nca_panasonic;
pub mod nmc111_schmalstieg;
pub mod nmc50_b1;
pub mod nmc50_b2;
pub mod nmc622_denso;
pub mod nmc75_a;
pub mod nmc811_lgm50;
pub mod nmc811_mj1;
pub mod nmc_kokam;
pub mod semi_empirical;

/// Every form, by name.
pub(super) const ALL: &[Form] = &[
    Form::of::<lfp_naumann::LfpNaumann>(),
    Form::of::<lfp_prismatic250::LfpPrismatic250>(),
    Form::of::<lfp_sony::LfpSony>(),
    Form::of::<lmo_leaf_second_life::LmoLeafSecondLife>(),
    Form::of::<lmo_xu::LmoXu>(),
    Form::of::<lto_sam::LtoSam>(),
    Form::of::<nca_panasonic::NcaPanasonic>(),
    Form::of::<nmc111_schmalstieg::Nmc111Schmalstieg>(),
    Form::of::<nmc50_b1::Nmc50B1>(),
    Form::of::<nmc50_b2::Nmc50B2>(),
    Form::of::<nmc622_denso::Nmc622Denso>(),
    Form::of::<nmc75_a::Nmc75A>(),
    Form::of::<nmc811_lgm50::Nmc811Lgm50>(),
    Form::of::<nmc811_mj1::Nmc811Mj1>(),
    Form::of::<nmc_kokam::NmcKokam>(),
    Form::of::<semi_empirical::SemiEmpirical>(),
];

use super::Parameter;

/// A row of a table of parameters.
const fn number(name: &'static str, value: f64, unit: &'static str) -> Parameter {
    Parameter { name, value, unit }
}
