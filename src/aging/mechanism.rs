//! One way of losing capacity or gaining resistance, and its exact step.

/// What a mechanism changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Loss of lithium inventory.
    Lli,
    /// Loss of active material.
    Lam,
    /// Gain of resistance over new.
    Resistance,
}

/// What makes a mechanism go on, in the unit its rate is given for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Driver {
    /// Days divided by this number.
    Days(f64),
    /// Equivalent full cycles on nominal capacity divided by this number.
    Efc(f64),
    /// Both days and counted cycles (halves as 0.5), each with a rate of its own for the same state.
    DaysAndCycles,
}

impl Driver {
    /// What days are divided by, if they count.
    #[inline]
    pub fn days_scale(self) -> Option<f64> {
        match self {
            Driver::Days(scale) => Some(scale),
            Driver::DaysAndCycles => Some(1.0),
            Driver::Efc(_) => None,
        }
    }

    /// What a cycle is worth, if cycles count.
    #[inline]
    pub fn of_cycle(self, efc: f64, count: f64) -> Option<f64> {
        match self {
            Driver::Days(_) => None,
            Driver::Efc(scale) => Some(efc / scale),
            Driver::DaysAndCycles => Some(count),
        }
    }
}

/// A rate under some stress, kept as its logarithm: power laws need `k^(1/p)`, and most rates are products of exponentials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// `ln k`; minus infinity for none.
    pub ln_k: f64,
    /// Limit and power of [`Shape::StressedSigmoid`]; other shapes hold theirs.
    pub sigmoid: [f64; 2],
}

impl Rate {
    /// No rate.
    pub const NONE: Rate = Rate { ln_k: f64::NEG_INFINITY, sigmoid: [0.0, 1.0] };

    /// From `ln k`.
    #[inline]
    pub fn ln(ln_k: f64) -> Rate {
        Rate { ln_k, ..Rate::NONE }
    }

    /// From `k`; below zero counts as none.
    #[inline]
    pub fn of(k: f64) -> Rate {
        Rate::ln(k.max(0.0).ln())
    }

    /// `k`.
    #[inline]
    pub fn k(self) -> f64 {
        exp(self.ln_k)
    }
}

use crate::numeric::exponential::exp;

/// Loss as a function of the accumulated state of a mechanism.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// `y = k x^p`. State `z = y^(1/p)` grows by `k^(1/p) dx`.
    Power(f64),
    /// `y = (k x)^p`. State `z = k x`.
    Product(f64),
    /// `y = k x`.
    Linear,
    /// `y = limit (1 - exp(-k x))`. State `z = k x`.
    Relaxing {
        /// Loss after a long time.
        limit: f64,
    },
    /// `y = limit tanh((k x)^p / 2)`. State `z = k x`.
    Sigmoid {
        /// Loss after a long time.
        limit: f64,
        /// Power.
        power: f64,
    },
    /// The same with limit and power that follow the stress. The state is `y` itself; it is held where the present
    /// limit is already passed.
    StressedSigmoid,
    /// `y = 1 - a exp(-b z) - (1 - a) exp(-z)`, `z = k x`: linear damage behind an early film (Xu et al. 2016).
    FilmAndLinear {
        /// Share of capacity the film can take.
        a: f64,
        /// Speed of the film against the linear part.
        b: f64,
    },
}

impl Shape {
    /// Loss at a state.
    #[inline]
    pub fn loss(self, z: f64) -> f64 {
        match self {
            Shape::Power(p) | Shape::Product(p) => z.powf(p),
            Shape::Linear | Shape::StressedSigmoid => z,
            Shape::Relaxing { limit } => -limit * (-z).exp_m1(),
            Shape::Sigmoid { limit, power } => limit * (0.5 * z.powf(power)).tanh(),
            Shape::FilmAndLinear { a, b } => -a * (-b * z).exp_m1() - (1.0 - a) * (-z).exp_m1(),
        }
    }

    /// State at a loss: the inverse of [`Shape::loss`]. A loss beyond the limit gives the largest finite state.
    pub fn state(self, loss: f64) -> f64 {
        const ALMOST: f64 = 1.0 - 1e-12;
        let y = loss.max(0.0);
        match self {
            Shape::Power(p) | Shape::Product(p) => y.powf(1.0 / p),
            Shape::Linear | Shape::StressedSigmoid => y,
            Shape::Relaxing { limit } => -(-(y / limit).min(ALMOST)).ln_1p(),
            Shape::Sigmoid { limit, power } => (2.0 * (y / limit).min(ALMOST).atanh()).powf(1.0 / power),
            Shape::FilmAndLinear { .. } => {
                // Newton from the linear part, kept inside the bracket; the loss rises with z everywhere.
                let (mut low, mut high) = (0.0_f64, -(-y.min(ALMOST)).ln_1p());
                for _ in 0..200 {
                    let middle = 0.5 * (low + high);
                    if self.loss(middle) < y { low = middle } else { high = middle }
                }
                0.5 * (low + high)
            }
        }
    }

    /// The state after `dx` of the driver at a constant rate: exact.
    #[inline]
    pub fn advance(self, state: f64, rate: Rate, dx: f64) -> f64 {
        match self {
            Shape::Power(p) => state + exp(rate.ln_k / p) * dx,
            Shape::StressedSigmoid => stressed_sigmoid(state, rate, dx),
            _ => state + rate.k() * dx,
        }
    }

    /// The state after `dx` by one explicit slope at the present loss, as BLAST-Lite 1.1.1 integrates; only for parity
    /// with it. From a state of zero its first step is the exact one.
    pub fn advance_explicit(self, state: f64, rate: Rate, dx: f64) -> f64 {
        let y = self.loss(state);
        let k = rate.k();
        if y == 0.0 || dx == 0.0 || k == 0.0 {
            return self.advance(state, rate, dx);
        }
        let slope = match self {
            Shape::Power(p) => {
                let x = (y / k).powf(1.0 / p);
                p * y / x
            }
            Shape::Product(p) => {
                let x = y.powf(1.0 / p) / k;
                p * y / x
            }
            Shape::Sigmoid { limit, power } => sigmoid_slope(y, k, limit, power),
            Shape::StressedSigmoid => sigmoid_slope(y, k, rate.sigmoid[0], rate.sigmoid[1]),
            Shape::Linear => k,
            Shape::Relaxing { limit } => k * (limit - y),
            Shape::FilmAndLinear { .. } => return self.advance(state, rate, dx),
        };
        self.state(y + slope * dx)
    }
}

/// `y = Y tanh((k x)^p / 2)` from the equivalent `x` of the present `y`.
#[inline]
fn stressed_sigmoid(y: f64, rate: Rate, dx: f64) -> f64 {
    let [limit, power] = rate.sigmoid;
    let before = y / limit;
    // Also taken when the limit is zero or not a number: nothing more is lost.
    if before.is_nan() || before >= 1.0 || dx == 0.0 {
        return y;
    }
    let kx = (2.0 * before.atanh()).powf(1.0 / power) + rate.k() * dx;
    (limit * (0.5 * kx.powf(power)).tanh()).max(y)
}

fn sigmoid_slope(y: f64, k: f64, limit: f64, power: f64) -> f64 {
    if y >= limit {
        return 0.0;
    }
    let x = (2.0 * (y / limit).atanh()).powf(1.0 / power) / k;
    let z = (k * x).powf(power);
    // exp(z) / (exp(z) + 1)^2 without overflow.
    let e = (-z).exp();
    2.0 * limit * power * z * e / ((1.0 + e) * (1.0 + e)) / x
}

/// One way of losing capacity or gaining resistance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mechanism {
    /// Name for people.
    pub name: &'static str,
    /// What it changes.
    pub path: Path,
    /// What drives it.
    pub driver: Driver,
    /// Loss over the accumulated state.
    pub shape: Shape,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape() -> impl Strategy<Value = Shape> {
        prop_oneof![
            (0.3..1.6f64).prop_map(Shape::Power),
            (0.3..1.6f64).prop_map(Shape::Product),
            Just(Shape::Linear),
            (0.05..0.5f64).prop_map(|limit| Shape::Relaxing { limit }),
            (0.05..1.0f64, 0.5..10.0f64).prop_map(|(limit, power)| Shape::Sigmoid { limit, power }),
            Just(Shape::StressedSigmoid),
            Just(Shape::FilmAndLinear { a: 0.0575, b: 121.0 }),
        ]
    }

    fn rate(k: f64) -> Rate {
        Rate { sigmoid: [0.6, 0.7], ..Rate::of(k) }
    }

    proptest! {
        #[test]
        fn a_step_may_be_split_anywhere(shape in shape(), k in 1e-5..1e-3f64, x in 0.0..2000.0f64, cut in 0.0..1.0f64) {
            let whole = shape.advance(0.0, rate(k), x);
            let split = shape.advance(shape.advance(0.0, rate(k), cut * x), rate(k), (1.0 - cut) * x);
            prop_assert!((whole - split).abs() <= 1e-11 * whole.max(1e-3), "{whole} {split}");
        }

        #[test]
        fn states_and_losses_are_inverse(shape in shape(), share in 0.0..0.99f64) {
            let limit = match shape { Shape::Relaxing { limit } | Shape::Sigmoid { limit, .. } => limit, _ => 0.9 };
            let loss = share * limit;
            prop_assert!((shape.loss(shape.state(loss)) - loss).abs() < 1e-9);
        }

        #[test]
        fn explicit_steps_tend_to_the_exact_ones(shape in shape(), k in 1e-4..1e-3f64) {
            prop_assume!(!matches!(shape, Shape::Sigmoid { power, .. } if power > 2.0));
            let start = shape.state(0.01);
            let exact = shape.loss(shape.advance(start, rate(k), 100.0));
            let mut state = start;
            for _ in 0..100_000 {
                state = shape.advance_explicit(state, rate(k), 1e-3);
            }
            prop_assert!((shape.loss(state) - exact).abs() < 1e-4 * exact.max(0.01), "{} {exact}", shape.loss(state));
        }
    }
}
