//! A law: its mechanisms, how they combine, and the range it was fitted in.

use super::laws;

/// What a mechanism takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Loss of lithium inventory.
    Lli,
    /// Loss of active material.
    Lam,
}

/// Loss as a function of the accumulated driver `z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// `y = z^p`: power law.
    Power(f64),
    /// `y = tanh(z^p / 2)`: sigmoid from 0 to 1.
    Sigmoid(f64),
    /// `y = 1 - a exp(-b z) - (1 - a) exp(-z)`: linear damage behind an early film term (Xu et al. 2016).
    FilmAndLinear {
        /// Share of capacity the film can take.
        a: f64,
        /// Speed of the film against the linear part.
        b: f64,
    },
}

impl Shape {
    /// Loss at `z >= 0`.
    #[inline]
    pub fn loss(self, z: f64) -> f64 {
        match self {
            Shape::Power(p) => z.powf(p),
            Shape::Sigmoid(p) => (0.5 * z.powf(p)).tanh(),
            Shape::FilmAndLinear { a, b } => -a * (-b * z).exp_m1() - (1.0 - a) * (-z).exp_m1(),
        }
    }
}

/// One way of losing capacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mechanism {
    /// Name for people.
    pub name: &'static str,
    /// What it takes away.
    pub path: Path,
    /// Loss over the accumulated driver.
    pub shape: Shape,
}

/// How resistance grows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ResistanceGrowth {
    /// `r = 1 + ratio x (capacity lost)`, for laws without a resistance part; the ratio is measured on other cells of
    /// the chemistry and therefore an assumption here.
    AssumedRatio(f64),
}

/// The box in which a law was fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedRange {
    /// Cell temperature \[degC\].
    pub temperature_c: [f64; 2],
    /// Depth of cycles.
    pub depth: [f64; 2],
    /// Rate of cycles, mean while current flows \[1/h\].
    pub c_rate: [f64; 2],
}

/// A closed cycle as a unit saw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CycleStress {
    /// Depth, 0..=1 of the present capacity.
    pub depth: f64,
    /// Mean SoC.
    pub mean_soc: f64,
    /// Temperature, mean over the charge passed \[K\].
    pub temperature_k: f64,
    /// Rate, mean while current flows \[1/h\].
    pub c_rate: f64,
    /// Equivalent full cycles on nominal capacity.
    pub efc: f64,
    /// 1 for a full cycle, 0.5 for a half.
    pub count: f64,
}

/// Adds the calendar part of every mechanism for a batch of units at rest or in use.
///
/// Arguments: temperature \[K\], SoC, days, and the `z` columns of the mechanisms.
pub type TimeDamage = fn(&[f64], &[f64], f64, &mut [Vec<f64>]);
/// Growth of each mechanism's `z` by one cycle of one unit.
pub type CycleDamage = fn(&CycleStress) -> [f64; Law::MAX_MECHANISMS];

/// A published law of capacity loss with an assumption or law for resistance.
#[derive(Clone, Copy, Debug)]
pub struct Law {
    /// Name in scenarios.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// Mechanisms, at most [`Law::MAX_MECHANISMS`].
    pub mechanisms: &'static [Mechanism],
    /// Active material in excess of what capacity needs when new.
    pub lam_reserve: f64,
    /// Resistance.
    pub resistance: ResistanceGrowth,
    /// Fitted box.
    pub range: FittedRange,
    /// Calendar part.
    pub time_damage: TimeDamage,
    /// Cycle part.
    pub cycle_damage: CycleDamage,
}

impl Law {
    /// Most mechanisms a law may have.
    pub const MAX_MECHANISMS: usize = 3;

    /// Every law, by the name used in scenarios.
    pub const ALL: [&'static Law; 4] =
        [&laws::lfp_prismatic250::LAW, &laws::nmc50_b1::LAW, &laws::nmc_kokam::LAW, &laws::lmo_xu::LAW];

    /// Names of [`Law::ALL`].
    pub const NAMES: [&'static str; Law::ALL.len()] = {
        let mut names = [""; Law::ALL.len()];
        let mut i = 0;
        while i < names.len() {
            names[i] = Law::ALL[i].name;
            i += 1;
        }
        names
    };

    /// The law of that name.
    pub fn named(name: &str) -> Option<&'static Law> {
        Law::ALL.into_iter().find(|law| law.name == name)
    }

    /// Losses of lithium and of material for one unit: `(lli, lam)`, scaled by the unit's own factor.
    #[inline]
    pub fn losses(&self, z: &[Vec<f64>], unit: usize, factor: f64) -> (f64, f64) {
        let (mut lli, mut lam) = (0.0, 0.0);
        for (mechanism, column) in self.mechanisms.iter().zip(z) {
            let loss = factor * mechanism.shape.loss(column[unit]);
            match mechanism.path {
                Path::Lli => lli += loss,
                Path::Lam => lam += loss,
            }
        }
        (lli, lam)
    }

    /// Capacity over new for given losses: the scarcer of lithium and material, never below [`Law::LEAST_CAPACITY`].
    #[inline]
    pub fn capacity(&self, lli: f64, lam: f64) -> f64 {
        (1.0 - lli).min(1.0 + self.lam_reserve - lam).max(Law::LEAST_CAPACITY)
    }

    /// Resistance over new for a capacity over new.
    #[inline]
    pub fn resistance(&self, capacity: f64) -> f64 {
        match self.resistance {
            ResistanceGrowth::AssumedRatio(ratio) => 1.0 + ratio * (1.0 - capacity).max(0.0),
        }
    }

    /// Floor under capacity over new, so that a dead unit still has a finite state.
    pub const LEAST_CAPACITY: f64 = 0.02;
}
