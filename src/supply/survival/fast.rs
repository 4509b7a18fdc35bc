//! Years of Weibull and gamma lives by quadrature, for draws by the ten thousand.
//!
//! Their integrals are incomplete gamma functions, dear beside everything else in a draw. From the fourth year on,
//! where
//! age 0 is far and a year is short beside the spread, six points of Gauss give every digit: the integrand is one or
//! two
//! exponentials, and the logarithms of the ages at the points never change.

use crate::numeric::exponential::exp;
use crate::numeric::special::IncompleteGamma;
use multiversion::multiversion;
use std::sync::LazyLock;

/// Longest row of years.
const YEARS: usize = 120;

/// First year that goes by quadrature.
pub(super) const FIRST: usize = 3;

/// Points on `[0, 1]` and their weights: Abramowitz and Stegun 1964, table 25.4, six points, moved from `[-1, 1]`.
const POINTS: [(f64, f64); 6] = [
    (0.033_765_242_898_423_99, 0.085_662_246_189_585_17),
    (0.169_395_306_766_867_74, 0.180_380_786_524_069_3),
    (0.380_690_406_958_401_56, 0.233_956_967_286_345_52),
    (0.619_309_593_041_598_4, 0.233_956_967_286_345_52),
    (0.830_604_693_233_132_3, 0.180_380_786_524_069_3),
    (0.966_234_757_101_576, 0.085_662_246_189_585_17),
];

/// Ages by year, and their logarithms.
struct Ages {
    age: [f64; YEARS],
    ln: [f64; YEARS],
}

impl Ages {
    fn new(shift: f64) -> Self {
        let age = std::array::from_fn(|year| year as f64 + shift);
        Ages { age, ln: age.map(f64::ln) }
    }
}

/// Whole years and the points in them; half years and the points of the years from them on.
static WHOLE: LazyLock<[Ages; 7]> = LazyLock::new(|| ages(0.0));
static HALF: LazyLock<[Ages; 7]> = LazyLock::new(|| ages(0.5));

fn ages(shift: f64) -> [Ages; 7] {
    std::array::from_fn(|k| Ages::new(if k == 0 { shift } else { shift + POINTS[k - 1].0 }))
}

/// Tables of a shift, and the year that they start from; none for shifts that there are none of, and rows too long.
fn tables(shift: f64, years: usize) -> Option<(&'static [Ages; 7], usize)> {
    let (tables, start) = match shift {
        0.0 => (&WHOLE, 0),
        0.5 => (&HALF, 0),
        1.0 => (&WHOLE, 1),
        _ => return None,
    };
    (start + years <= YEARS).then(|| (&**tables, start))
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
fn add_weibull(ln_ages: &[f64], shape: f64, ln_scale: f64, weight: f64, out: &mut [f64]) {
    for (out, ln_age) in out.iter_mut().zip(ln_ages) {
        *out += weight * exp(-exp(shape * (ln_age - ln_scale)));
    }
}

/// Mean survival of a Weibull life over the years from [`FIRST`] on, in their places of a row; false where quadrature
/// does not do.
pub(super) fn weibull_means(shape: f64, scale: f64, out: &mut [f64]) -> bool {
    let Some((tables, _)) = tables(0.0, out.len()) else { return false };
    if scale < 1.2 * shape || out.len() <= FIRST {
        return false;
    }
    let out = &mut out[FIRST..];
    out.fill(0.0);
    for (ages, (_, weight)) in tables[1..].iter().zip(POINTS) {
        add_weibull(&ages.ln[FIRST..], shape, scale.ln(), weight, out);
    }
    true
}

/// Survival of a Weibull life at a shift, a year later, and so on; false where there is no table.
pub(super) fn weibull_points(shape: f64, scale: f64, shift: f64, out: &mut [f64]) -> bool {
    let Some((tables, start)) = tables(shift, out.len()) else { return false };
    out.fill(0.0);
    add_weibull(&tables[0].ln[start..], shape, scale.ln(), 1.0, out);
    true
}

/// A gamma life about its mean, where nothing large is taken from anything large.
struct Density {
    power: f64,
    per_scale: f64,
    mean: f64,
    ln_mean: f64,
    at_mean: f64,
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
fn add_gamma(density: &Density, (age, ln): (&[f64], &[f64]), weights: [f64; 2], all: &mut [f64], early: &mut [f64]) {
    for (((all, early), age), ln) in all.iter_mut().zip(early).zip(age).zip(ln) {
        let f =
            density.at_mean * exp(density.power * (ln - density.ln_mean) - (age - density.mean) * density.per_scale);
        *all += weights[0] * f;
        *early += weights[1] * f;
    }
}

/// Survival of a gamma life at a shift, a year later, and so on, or its means over the years from there; those before
/// [`FIRST`] must be there. False where quadrature does not do.
pub(super) fn gamma_years(
    shares: &IncompleteGamma,
    (scale, mean): (f64, f64),
    (shift, means): (f64, bool),
    out: &mut [f64],
) -> bool {
    let shape = shares.shape();
    let Some((tables, start)) = tables(shift, out.len()) else { return false };
    if scale * shape.sqrt() < 1.5 || out.len() <= FIRST {
        return false;
    }
    let at_mean = shares.step(shape) * shape / mean;
    let density = Density { power: shape - 1.0, per_scale: 1.0 / scale, mean, ln_mean: mean.ln(), at_mean };
    let years = out.len() - FIRST;
    let (mut all, mut early) = ([0.0; YEARS], [0.0; YEARS]);
    for (ages, (point, weight)) in tables[1..].iter().zip(POINTS) {
        let from = start + FIRST;
        let ages = (&ages.age[from..], &ages.ln[from..]);
        add_gamma(&density, ages, [weight, weight * (1.0 - point)], &mut all[..years], &mut early[..years]);
    }
    let mut left = shares.below_and_above((FIRST as f64 + shift) / scale).1;
    for (year, out) in out[FIRST..].iter_mut().enumerate() {
        *out = if means { left - early[year] } else { left };
        left = (left - all[year]).max(0.0);
        *out = out.max(left);
    }
    true
}
