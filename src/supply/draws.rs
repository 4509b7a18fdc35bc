//! Draws of the uncertain parameters: normal scores, correlated where the plan says so.

use super::parameter::Param;
use crate::numeric::stream::{Purpose, Streams};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Normal scores of all parameters: 0 is the central value, the P10 and P90 lie at -1.28 and 1.28.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// Score by `Param as usize`.
    pub z: [f64; Param::COUNT],
}

impl Draw {
    /// All parameters at their central values.
    pub fn central() -> Self {
        Draw { z: [0.0; Param::COUNT] }
    }

    /// The same with one parameter at a score.
    pub fn with(mut self, param: Param, z: f64) -> Self {
        self.z[param as usize] = z;
        self
    }

    /// Score of a parameter.
    pub fn of(&self, param: Param) -> f64 {
        self.z[param as usize]
    }
}

/// Correlations that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CorrelationError {
    /// No correlation, or one of a parameter with itself.
    #[error(
        "`{0}` and `{1}` cannot have a correlation of {2}: it must be between -1 and 1, of two different parameters"
    )]
    Value(&'static str, &'static str, f64),
    /// Told twice.
    #[error("the correlation of `{0}` and `{1}` is given twice")]
    Twice(&'static str, &'static str),
    /// The matrix is not positive definite.
    #[error("a correlation of {2} between `{0}` and `{1}` contradicts the other correlations of `{1}`")]
    Contradiction(&'static str, &'static str, f64),
}

/// Number of a parameter's stream, from its name alone: FNV-1a (Fowler, Noll and Vo), folded to 16 bits. A new
/// parameter shifts the numbers of no other.
fn stream_of(param: Param) -> u16 {
    let hash =
        param.name().bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    ((hash >> 16) ^ (hash & 0xffff)) as u16
}

/// A correlated parameter: those that came before it with their weights, its own last.
type Row = (Param, Vec<(Param, f64)>);

/// A sampler of draws: a Gaussian copula over the parameters.
///
/// The independent score of a parameter depends on seed, number of the draw and its name, on nothing else: two plans
/// with one seed meet the same futures. Of correlated parameters the first (in the order of [`Param::ALL`]) keeps its
/// own score, the later ones follow by the Cholesky factor. A correlation is one of normal scores.
#[derive(Clone, Debug)]
pub struct Draws {
    seed: u64,
    /// Parameters drawn, in order.
    params: Vec<Param>,
    /// Rows of the Cholesky factor.
    mixed: Vec<Row>,
}

impl Draws {
    /// Draws of parameters under correlations; parameters that are correlated but certain guide the others.
    ///
    /// # Errors
    /// When the correlations cannot be.
    pub fn new(seed: u64, uncertain: &[Param], correlations: &[(Param, Param, f64)]) -> Result<Self, CorrelationError> {
        let is_correlated = |p: &Param| correlations.iter().any(|(a, b, _)| a == p || b == p);
        let correlated: Vec<Param> = Param::ALL.iter().copied().filter(is_correlated).collect();
        let params = Param::ALL.iter().copied().filter(|p| uncertain.contains(p) || is_correlated(p)).collect();
        Ok(Draws { seed, params, mixed: factor(&correlated, correlations)? })
    }

    /// Independent scores of draw `number`; what is not drawn is central.
    pub fn independent(&self, number: u64) -> Draw {
        let streams = Streams::new(self.seed, number);
        let mut draw = Draw::central();
        for param in &self.params {
            let mut rng = streams.indexed(Purpose::SupplyDraw, stream_of(*param));
            draw.z[*param as usize] = rng.sample::<f64, _>(StandardNormal);
        }
        draw
    }

    /// Scores of draw `number`.
    pub fn draw(&self, number: u64) -> Draw {
        let own = self.independent(number);
        let mut draw = own;
        for (param, weights) in &self.mixed {
            draw.z[*param as usize] = weights.iter().map(|(p, weight)| weight * own.z[*p as usize]).sum();
        }
        draw
    }
}

/// Rows of the Cholesky factor of the correlation matrix.
fn factor(params: &[Param], correlations: &[(Param, Param, f64)]) -> Result<Vec<Row>, CorrelationError> {
    let n = params.len();
    let mut matrix = vec![vec![0.0; n]; n];
    let at = |p: Param| params.iter().position(|q| *q == p).unwrap_or(0);
    for (k, &(a, b, rho)) in correlations.iter().enumerate() {
        if a == b || !(rho > -1.0 && rho < 1.0) {
            return Err(CorrelationError::Value(a.name(), b.name(), rho));
        }
        if correlations[..k].iter().any(|(c, d, _)| (*c, *d) == (a, b) || (*c, *d) == (b, a)) {
            return Err(CorrelationError::Twice(a.name(), b.name()));
        }
        (matrix[at(a)][at(b)], matrix[at(b)][at(a)]) = (rho, rho);
    }
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        let mut left = 1.0;
        for j in 0..i {
            let known: f64 = (0..j).map(|k| lower[i][k] * lower[j][k]).sum();
            lower[i][j] = (matrix[i][j] - known) / lower[j][j];
            left -= lower[i][j] * lower[i][j];
        }
        // Below this the scores would follow from others alone.
        if left <= 1e-10 {
            let strongest = (0..i).max_by(|a, b| matrix[i][*a].abs().total_cmp(&matrix[i][*b].abs())).unwrap_or(0);
            let told = |p: usize| params[p].name();
            return Err(CorrelationError::Contradiction(told(strongest), told(i), matrix[i][strongest]));
        }
        lower[i][i] = left.sqrt();
    }
    let row = |i: usize| (params[i], (0..=i).map(|j| (params[j], lower[i][j])).collect());
    Ok((0..n).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Param = Param::VehicleLifeMean;
    const B: Param = Param::BatteryLifeMean;
    const C: Param = Param::CollectedShare;

    #[test]
    fn streams_of_parameters_are_apart() {
        let mut streams: Vec<u16> = Param::ALL.iter().map(|p| stream_of(*p)).collect();
        streams.sort_unstable();
        streams.dedup();
        assert_eq!(streams.len(), Param::COUNT);
    }

    #[test]
    fn a_score_depends_on_seed_number_and_name_alone() {
        let (few, many) = (Draws::new(7, &[C], &[]).unwrap(), Draws::new(7, Param::ALL, &[]).unwrap());
        assert_eq!(few.draw(3).of(C), many.draw(3).of(C));
        assert_eq!(few.draw(3).of(A), 0.0);
        assert_ne!(few.draw(3).of(C), few.draw(4).of(C));
        assert_ne!(few.draw(3).of(C), Draws::new(8, &[C], &[]).unwrap().draw(3).of(C));
        // A correlation of others leaves it alone, and the first of the pair keeps its score.
        let tied = Draws::new(7, Param::ALL, &[(B, A, 0.8)]).unwrap();
        assert_eq!((tied.draw(3).of(C), tied.draw(3).of(A)), (many.draw(3).of(C), many.draw(3).of(A)));
        assert_ne!(tied.draw(3).of(B), many.draw(3).of(B));
        // Whether the first of the pair is uncertain does not change what the second draws.
        let alone = Draws::new(7, &[B], &[(A, B, 0.8)]).unwrap();
        assert_eq!(alone.draw(3).of(B), tied.draw(3).of(B));
    }

    #[test]
    fn scores_are_normal_with_the_correlations_asked_for() {
        let told = [(A, B, 0.6), (B, C, -0.5), (A, C, 0.1)];
        let draws = Draws::new(1, &[A, B, C], &told).unwrap();
        let n = 20_000;
        let drawn: Vec<Draw> = (0..n).map(|k| draws.draw(k)).collect();
        let mean = |f: &dyn Fn(&Draw) -> f64| drawn.iter().map(f).sum::<f64>() / n as f64;
        for p in [A, B, C] {
            assert!(mean(&|d| d.of(p)).abs() < 0.03 && (mean(&|d| d.of(p).powi(2)) - 1.0).abs() < 0.04);
        }
        for (a, b, rho) in told {
            assert!((mean(&|d| d.of(a) * d.of(b)) - rho).abs() < 0.03, "{a:?} {b:?}");
        }
    }

    #[test]
    fn correlations_that_cannot_be_are_refused() {
        let refused = |told: &[(Param, Param, f64)]| Draws::new(1, &[A, B, C], told).unwrap_err();
        assert_eq!(refused(&[(A, B, 1.0)]), CorrelationError::Value(A.name(), B.name(), 1.0));
        assert!(matches!(refused(&[(A, B, f64::NAN)]), CorrelationError::Value(..)));
        assert!(matches!(refused(&[(A, A, 0.5)]), CorrelationError::Value(..)));
        assert_eq!(refused(&[(A, B, 0.5), (B, A, 0.5)]), CorrelationError::Twice(B.name(), A.name()));
        let told = refused(&[(A, B, 0.9), (A, C, 0.9), (B, C, -0.8)]);
        assert_eq!(
            told.to_string(),
            "a correlation of 0.9 between `vehicle_life_mean_years` and `collected_share` contradicts the other \
             correlations of `collected_share`"
        );
    }
}
