//! What a reference cell is made of.

use super::coefficient::{Coefficient, Entropy};
use super::thermal::Thermal;
use crate::numeric::grid::Line;

/// Most RC pairs of a cell.
pub const MOST_PAIRS: usize = 6;

/// What an RC pair keeps charge with.
#[derive(Clone, Debug, PartialEq)]
pub enum Storage {
    /// Capacitance \[F\].
    Capacitance(Coefficient),
    /// Time constant \[s\]: the capacitance is that over the resistance at the same point.
    TimeConstant(Coefficient),
}

/// One RC pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Resistance \[Ohm\].
    pub resistance: Coefficient,
    /// Capacitance or time constant.
    pub storage: Storage,
}

/// One-state hysteresis.
#[derive(Clone, Debug, PartialEq)]
pub struct Hysteresis {
    /// Rate per unit of SoC passed.
    pub gamma: f64,
    /// Half of the gap between the branches of charge and discharge \[V\].
    pub amplitude_v: Coefficient,
}

/// Which power of the pairs counts as heat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairHeat {
    /// What enters them, `I v`: the form of Bernardi et al. No heat while they relax.
    Entering,
    /// What their resistance dissipates, `v^2 / R`. Both agree from rest to rest.
    Dissipated,
}

/// Which losses count as heat, besides `I^2 R0` and entropy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeatForm {
    /// Power of the pairs.
    pub pairs: PairHeat,
    /// Loss of the hysteresis loop.
    pub hysteresis: bool,
    /// Charge that the coulombic efficiency takes, at the open-circuit voltage.
    pub side_reaction: bool,
}

impl HeatForm {
    /// `I (I R0 + sum v) - I T dU/dT`, as most programs have it (Bernardi, Pawlikowski and Newman, J. Electrochem. Soc.
    /// 132 (1985) 5, doi 10.1149/1.2113792).
    pub const BERNARDI: HeatForm = HeatForm { pairs: PairHeat::Entering, hysteresis: false, side_reaction: false };
    /// All that is dissipated: the energy of the cell closes at every moment.
    pub const DISSIPATED: HeatForm = HeatForm { pairs: PairHeat::Dissipated, hysteresis: true, side_reaction: true };
}

/// Parameters of a cell; [`super::Model::new`] checks them.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Capacity \[Ah\].
    pub capacity_ah: f64,
    /// Charge stored over charge put in.
    pub coulombic_efficiency: f64,
    /// Open-circuit voltage over SoC \[V\].
    pub ocv_v: Line,
    /// Hysteresis, if there is any.
    pub hysteresis: Option<Hysteresis>,
    /// Change of the open-circuit voltage with temperature.
    pub entropy: Entropy,
    /// Ohmic resistance \[Ohm\].
    pub r0: Coefficient,
    /// RC pairs.
    pub pairs: Vec<Pair>,
    /// Which losses count as heat.
    pub heat: HeatForm,
    /// Where the heat goes.
    pub thermal: Thermal,
}

/// A problem with the parameters, or with what is asked of a cell.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A value outside its allowed range.
    #[error("`{field}` is {value}, allowed is {allowed}")]
    Range {
        /// Name of the parameter.
        field: &'static str,
        /// What was given.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// More RC pairs than there is room for.
    #[error("{0} RC pairs, the most is {MOST_PAIRS}")]
    Pairs(usize),
    /// No current gives the power.
    #[error("{asked_w} W is more than the {most_w} W that any current gives")]
    Power {
        /// Power asked for \[W\].
        asked_w: f64,
        /// Greatest power \[W\].
        most_w: f64,
    },
    /// The current was not found.
    #[error("no current was found for {0}")]
    NoCurrent(String),
}
