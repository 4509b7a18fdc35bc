//! Normal distribution both ways, and the Beta distribution as a table of quantiles.

use std::f64::consts::{PI, SQRT_2};

/// Evaluates a polynomial by Horner's rule, highest power first.
fn horner(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

const HART_NUMERATOR: [f64; 7] = [
    3.52624965998911e-2,
    0.700383064443688,
    6.37396220353165,
    33.912866078383,
    112.079291497871,
    221.213596169931,
    220.206867912376,
];
const HART_DENOMINATOR: [f64; 8] = [
    8.83883476483184e-2,
    1.75566716318264,
    16.064177579207,
    86.7807322029461,
    296.564248779674,
    637.333633378831,
    793.826512519948,
    440.413735824752,
];

/// Cumulative distribution of the standard normal law.
///
/// `Phi(x) = 1/sqrt(2 pi) * integral from -inf to x of exp(-t^2/2) dt`
///
/// Rational approximation below `|x| = 5 sqrt 2`, continued fraction above; absolute error below 1e-14.
///
/// Source: Hart et al. 1968, *Computer Approximations*, form 5666, as given by West 2005,
/// *Better approximations to cumulative normal functions*, Wilmott Magazine.
pub fn normal_cdf(x: f64) -> f64 {
    let magnitude = x.abs();
    let bell = (-0.5 * magnitude * magnitude).exp();
    let upper_tail = if magnitude < 5.0 * SQRT_2 {
        bell * horner(magnitude, &HART_NUMERATOR) / horner(magnitude, &HART_DENOMINATOR)
    } else {
        let fraction = [4.0, 3.0, 2.0, 1.0].iter().fold(magnitude + 0.65, |below, k| magnitude + k / below);
        bell / (fraction * (2.0 * PI).sqrt())
    };
    if x > 0.0 { 1.0 - upper_tail } else { upper_tail }
}

/// Expected highest of `draws` independent standard normal draws, `a_n`; the lowest lies as far below the mean.
///
/// `a_n = n * integral of x phi(x) Phi(x)^(n-1) dx`, by the trapezoidal rule, which converges faster than any power of the
/// step for a smooth bell; error below 1e-10 up to a million draws. Zero for one draw and for none.
pub fn expected_highest(draws: u32) -> f64 {
    const STEP: f64 = 0.05;
    if draws < 2 {
        return 0.0;
    }
    let n = f64::from(draws);
    let bell = |x: f64| (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
    let at = |k: i32| STEP * f64::from(k);
    (-200..=200).map(at).map(|x| n * x * bell(x) * normal_cdf(x).powf(n - 1.0)).sum::<f64>() * STEP
}

const CENTRE_NUMERATOR: [f64; 8] = [
    2509.0809287301227,
    33430.57558358813,
    67265.7709270087,
    45921.95393154987,
    13731.69376550946,
    1971.5909503065514,
    133.14166789178438,
    3.3871328727963665,
];
const CENTRE_DENOMINATOR: [f64; 8] = [
    5226.495278852854,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1.0,
];
const TAIL_NUMERATOR: [f64; 8] = [
    7.745450142783414e-4,
    0.022723844989269184,
    0.2417807251774506,
    1.2704582524523684,
    3.6478483247632045,
    5.769497221460691,
    4.630337846156546,
    1.4234371107496835,
];
const TAIL_DENOMINATOR: [f64; 8] = [
    1.0507500716444169e-9,
    5.475938084995345e-4,
    0.015198666563616457,
    0.14810397642748008,
    0.6897673349851,
    1.6763848301838038,
    2.053191626637759,
    1.0,
];
const FAR_NUMERATOR: [f64; 8] = [
    2.0103343992922881e-7,
    2.7115555687434876e-5,
    0.0012426609473880784,
    0.026532189526576124,
    0.29656057182850487,
    1.7848265399172913,
    5.463784911164114,
    6.657904643501103,
];
const FAR_DENOMINATOR: [f64; 8] = [
    2.0442631033899397e-15,
    1.421511758316446e-7,
    1.8463183175100548e-5,
    7.868691311456133e-4,
    0.014875361290850615,
    0.1369298809227358,
    0.599832206555888,
    1.0,
];

/// Quantile of the standard normal law: the `x` with `Phi(x) = p`, for `0 < p < 1`.
///
/// Relative error about 1e-16; `p <= 0` gives `-inf`, `p >= 1` gives `+inf`.
///
/// Source: Wichura 1988, algorithm AS 241 (PPND16), doi 10.2307/2347330.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * horner(r, &CENTRE_NUMERATOR) / horner(r, &CENTRE_DENOMINATOR);
    }
    let r = (-p.min(1.0 - p).ln()).sqrt();
    let magnitude = if r <= 5.0 {
        horner(r - 1.6, &TAIL_NUMERATOR) / horner(r - 1.6, &TAIL_DENOMINATOR)
    } else {
        horner(r - 5.0, &FAR_NUMERATOR) / horner(r - 5.0, &FAR_DENOMINATOR)
    };
    magnitude.copysign(q)
}

/// Quantiles of a Beta law on `[0, 1]` given by its moments, as a table.
///
/// `f(x) ~ x^(a-1) (1-x)^(b-1)`, with `nu = mean (1 - mean) / sd^2 - 1`, `a = mean nu`, `b = (1 - mean) nu`.
///
/// The density is integrated cell by cell (two-point Gauss) over the part of `[0, 1]` within 20 sd of the mean; an end
/// cell that touches 0 or 1 follows the power law of that end, so a density that is infinite there (`a` or `b` below 1)
/// still gives sound quantiles. Error of a quantile: below 2e-4, mostly below 1e-5; 1e-3 at an infinite end.
#[derive(Clone, Debug)]
pub struct BetaQuantile {
    a: f64,
    b: f64,
    from: f64,
    to: f64,
    /// Cumulative probability at the upper end of each cell.
    cumulative: Vec<f64>,
}

impl BetaQuantile {
    const CELLS: usize = 512;

    /// Builds the table of the law with this mean and standard deviation.
    ///
    /// No law on `[0, 1]` has an sd above `sqrt(mean (1 - mean))`. Moments that cannot be had are moved to the nearest
    /// ones that can: the mean into `[0.005, 0.995]`, the sd into `[1e-6, 0.95]` of that bound.
    pub fn from_moments(mean: f64, sd: f64) -> Self {
        let mean = mean.clamp(0.005, 0.995);
        let widest = (mean * (1.0 - mean)).sqrt();
        let sd = sd.clamp(1e-6 * widest, 0.95 * widest);
        let nu = mean * (1.0 - mean) / (sd * sd) - 1.0;
        let (a, b) = (mean * nu, (1.0 - mean) * nu);
        let from = (mean - 20.0 * sd).max(0.0);
        let to = (mean + 20.0 * sd).min(1.0);
        let cell = (to - from) / Self::CELLS as f64;

        // Relative to the density at the mean, so that sharp laws neither overflow nor vanish.
        let log_density = |x: f64| (a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln();
        let at_mean = log_density(mean);
        let gauss = 0.5 / 3.0_f64.sqrt();
        let mut sum = 0.0;
        let mut cumulative: Vec<f64> = (0..Self::CELLS)
            .map(|i| {
                let middle = from + (i as f64 + 0.5) * cell;
                sum += if i == 0 && from == 0.0 && a < 1.0 {
                    // Exact for the power of x; the other factor is taken at the middle.
                    (a * cell.ln() + (b - 1.0) * (1.0 - middle).ln() - at_mean).exp() / a
                } else if i + 1 == Self::CELLS && to == 1.0 && b < 1.0 {
                    (b * cell.ln() + (a - 1.0) * middle.ln() - at_mean).exp() / b
                } else {
                    let density = |x: f64| (log_density(x) - at_mean).exp();
                    0.5 * cell * (density(middle - gauss * cell) + density(middle + gauss * cell))
                };
                sum
            })
            .collect();
        cumulative.iter_mut().for_each(|p| *p /= sum);
        Self { a, b, from, to, cumulative }
    }

    /// The value below which the law has the probability `p`; `p` outside `[0, 1]` counts as the nearer end.
    pub fn quantile(&self, p: f64) -> f64 {
        let p = p.clamp(0.0, 1.0);
        let cell = (self.to - self.from) / Self::CELLS as f64;
        let i = self.cumulative.partition_point(|&upper| upper < p).min(Self::CELLS - 1);
        let below = if i == 0 { 0.0 } else { self.cumulative[i - 1] };
        let mass = self.cumulative[i] - below;
        let share = if mass > 0.0 { ((p - below) / mass).clamp(0.0, 1.0) } else { 0.5 };
        let within = if i == 0 && self.from == 0.0 {
            share.powf(1.0 / self.a)
        } else if i + 1 == Self::CELLS && self.to == 1.0 {
            1.0 - (1.0 - share).powf(1.0 / self.b)
        } else {
            share
        };
        self.from + (i as f64 + within) * cell
    }
}

#[cfg(test)]
mod tests;
