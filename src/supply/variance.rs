//! What moves the second-life supply: shares of variance, rank correlations, one parameter at a time.
//!
//! The supply is near a product of what it hangs on, so its variance is ruled by few large values and little of it is
//! any parameter's alone. Shares are therefore those of its logarithm, where no supply of the sample is 0; one below a
//! thousandth of the sample's median counts as that, lest the next to nothing rule instead. Else they are of the
//! supply itself.

use super::draws::Draw;
use super::error::SupplyError;
use super::parameter::Param;
use super::result::{Driver, Warning};
use super::study::{Study, left_out, of_draw};
use super::value::SCORE_P90;
use super::values::Level;

/// Numbers of the second sample begin here, beyond those of any draws.
const SECOND_SAMPLE: u64 = 1 << 32;

/// Least supply whose logarithm is told apart, over the median.
const FLOOR: f64 = 1e-3;

/// A parameter with the supply at its P10 and at its P90, all else central \[GWh/year\].
pub(super) type Swing = (Param, [f64; 2]);

/// Supply with each uncertain parameter at its P10 and its P90, all else central.
pub(super) fn swings<S: Study>(study: &S) -> Result<Vec<Swing>, SupplyError> {
    let params = study.plan().parameters.uncertain();
    let ends = study.each(0..2 * params.len() as u64, |k| {
        let z = if k % 2 == 0 { -SCORE_P90 } else { SCORE_P90 };
        study.supply(&Draw::central().with(params[k as usize / 2], z))
    })?;
    Ok(params.into_iter().zip(ends.chunks(2).map(|pair| [pair[0], pair[1]])).collect())
}

/// Whether a parameter can move the supply at all: those of what comes after the offer cannot.
pub(super) fn can_act(param: Param) -> bool {
    param.level() == Level::Series
}

/// What is known of all uncertain parameters.
#[derive(Clone, Debug)]
pub(super) struct Drivers {
    /// The strongest first.
    pub all: Vec<Driver>,
    /// Whether shares are those of the logarithm.
    pub of_logarithm: bool,
    /// Draws left out.
    pub warning: Option<Warning>,
}

/// What each uncertain parameter does, the strongest first: by the total share of variance, without it by rank
/// correlation, without draws by the swing from P10 to P90; last those that cannot act, of which no more is told.
/// `asked` is the supply of each draw, by its number.
///
/// Shares of variance are those of independent scores. Where the plan correlates parameters they tell what each would
/// do if it moved by itself, and the variance they share out is not that of the draws. Rank correlations are those of
/// the draws: of two correlated parameters each has part of the other's.
pub(super) fn drivers<S: Study>(
    study: &S,
    swings: &[Swing],
    numbers: &[u64],
    asked: &[f64],
) -> Result<Drivers, SupplyError> {
    let acts = |swing: &Swing| can_act(swing.0) || swing.1[0] != swing.1[1];
    let acting: Vec<Param> = swings.iter().filter(|s| acts(s)).map(|s| s.0).collect();
    let sampled = match study.plan().saltelli {
        0 => Sampled::default(),
        _ if acting.is_empty() => Sampled::default(),
        _ => sampled(study, &acting)?,
    };
    let drawn: Vec<Draw> = numbers.iter().map(|number| study.draws().draw(*number)).collect();
    let mut all: Vec<Driver> = swings
        .iter()
        .map(|swing| {
            let (param, one_at_a_time) = *swing;
            let shares = acting.iter().position(|p| *p == param).and_then(|k| sampled.shares.get(k));
            let scores = || drawn.iter().map(|d| d.of(param)).collect::<Vec<_>>();
            Driver {
                param,
                first_order: shares.map(|s| s.first_order),
                total: shares.map(|s| s.total),
                rank_correlation: (acts(swing) && !asked.is_empty()).then(|| rank_correlation(&scores(), asked)),
                one_at_a_time,
            }
        })
        .collect();
    let swing = |d: &Driver| (d.one_at_a_time[1] - d.one_at_a_time[0]).abs();
    let strength = |d: &Driver| match (d.total, d.rank_correlation) {
        (Some([total, _]), _) => total,
        (None, Some(correlation)) => correlation.abs(),
        (None, None) => swing(d),
    };
    let order = |d: &Driver| (acting.contains(&d.param), strength(d), swing(d));
    all.sort_by(|a, b| {
        let (a, b) = (order(a), order(b));
        b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.total_cmp(&a.2))
    });
    Ok(Drivers { all, of_logarithm: sampled.of_logarithm, warning: sampled.warning })
}

/// Shares of variance of a parameter, each with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// By itself.
    pub first_order: [f64; 2],
    /// With all it acts with.
    pub total: [f64; 2],
}

/// What the sample for shares of variance gives.
#[derive(Clone, Debug, Default)]
struct Sampled {
    /// By parameter.
    shares: Vec<Shares>,
    of_logarithm: bool,
    warning: Option<Warning>,
}

/// Shares of variance from `saltelli` base draws and `parameters + 2` evaluations for each; a base draw of which one
/// cannot be projected is left out.
///
/// Two samples A and B, and for each parameter A with its column from B (Saltelli et al. 2010, doi
/// 10.1016/j.cpc.2009.09.018).
fn sampled<S: Study>(study: &S, params: &[Param]) -> Result<Sampled, SupplyError> {
    let rows = study.each(0..u64::from(study.plan().saltelli), |number| {
        let [a, b] = [number, SECOND_SAMPLE + number].map(|n| study.draws().independent(n));
        let mixed = params.iter().map(|p| a.with(*p, b.of(*p)));
        [a, b].into_iter().chain(mixed).map(|draw| of_draw(number, study.supply(&draw))).collect::<Result<Vec<_>, _>>()
    })?;
    let evaluated: Vec<_> = rows.iter().flatten().collect();
    let warning = left_out(evaluated.into_iter(), "evaluations for the shares of variance are left out")?;
    let rows: Vec<Vec<f64>> =
        rows.into_iter().filter_map(|row| row.into_iter().collect::<Result<_, _>>().ok()).collect();
    let (rows, of_logarithm) = logarithms(rows);
    let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
    let (a, b) = (column(0), column(1));
    let shares = (0..params.len()).map(|k| shares_of(&a, &b, &column(k + 2))).collect();
    Ok(Sampled { shares, of_logarithm, warning })
}

/// The logarithms of supplies that are all above zero, and whether they are.
fn logarithms(rows: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, bool) {
    let mut all: Vec<f64> = rows.iter().flatten().copied().collect();
    if all.is_empty() || !all.iter().all(|supply| *supply > 0.0) {
        return (rows, false);
    }
    let middle = all.len() / 2;
    let floor = FLOOR * *all.select_nth_unstable_by(middle, f64::total_cmp).1;
    (rows.into_iter().map(|row| row.into_iter().map(|supply| supply.max(floor).ln()).collect()).collect(), true)
}

/// Shares of variance of one parameter from the results of A, B and A with its column from B.
///
/// First order: `mean((f_B - f0) (f_AB - f_A)) / V` (Saltelli et al. 2010, table 2 b, the mean `f0` taken off, which
/// lowers the error); total: `mean((f_A - f_AB)^2) / 2V` (Jansen 1999, doi 10.1016/S0010-4655(98)00154-4); `V` from A
/// and B together. Standard errors by the delete-one jackknife. Zeros where nothing varies.
pub fn shares_of(a: &[f64], b: &[f64], ab: &[f64]) -> Shares {
    let n = a.len().min(b.len()).min(ab.len());
    let shift = (0..n).map(|k| a[k] + b[k]).sum::<f64>() / (2 * n.max(1)) as f64;
    // Terms of a base draw; the shares are functions of their sums.
    let terms = |k: usize| {
        let (a, b, ab) = (a[k] - shift, b[k] - shift, ab[k] - shift);
        [b * (ab - a), ab - a, 0.5 * (a - ab) * (a - ab), a + b, a * a + b * b]
    };
    let of = |sums: [f64; 5], n: f64| {
        let [product, step, square, sum, squares] = sums.map(|s| s / n);
        let mean = 0.5 * sum;
        let variance = 0.5 * squares - mean * mean;
        if variance > 0.0 { [(product - mean * step) / variance, square / variance] } else { [0.0, 0.0] }
    };
    let add = |s: [f64; 5], t: [f64; 5], sign: f64| std::array::from_fn(|i| s[i] + sign * t[i]);
    let sums = (0..n).map(terms).fold([0.0; 5], |s, t| add(s, t, 1.0));
    let whole = of(sums, n.max(1) as f64);
    if n < 2 {
        return Shares { first_order: [whole[0], 0.0], total: [whole[1], 0.0] };
    }
    let left_out = || (0..n).map(|k| of(add(sums, terms(k), -1.0), (n - 1) as f64));
    let [first_order, total] = [0, 1].map(|i| {
        let mean = left_out().map(|s| s[i]).sum::<f64>() / n as f64;
        let spread = left_out().map(|s| (s[i] - mean).powi(2)).sum::<f64>();
        [whole[i], (spread * (n - 1) as f64 / n as f64).sqrt()]
    });
    Shares { first_order, total }
}

/// Spearman's rank correlation, equal values at the mean of their ranks; 0 where one of the two does not vary.
pub fn rank_correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len().min(y.len());
    let (x, y) = (ranks(&x[..n]), ranks(&y[..n]));
    let middle = (n as f64 - 1.0) / 2.0;
    let moment = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle)).sum::<f64>();
    let scale = (moment(&x, &x) * moment(&y, &y)).sqrt();
    if scale > 0.0 { (moment(&x, &y) / scale).clamp(-1.0, 1.0) } else { 0.0 }
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        equal.iter().for_each(|k| ranks[*k] = first as f64 + (equal.len() as f64 - 1.0) / 2.0);
        first += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monte::Silent;
    use crate::numeric::stats::normal_cdf;
    use crate::supply::parameter::Rule;
    use crate::supply::plan::SupplyPlan;
    use crate::supply::study::PlanStudy;
    use crate::supply::testing::{plan, result_of};
    use std::f64::consts::PI;

    const P: [Param; 3] = [Param::VehicleLifeMean, Param::CollectedShare, Param::RepurposedShare];

    fn drivers_of(plan: &SupplyPlan, supply: impl Fn(&Draw) -> f64 + Sync) -> Drivers {
        let study = PlanStudy::new(plan, &Silent, |draw: &Draw, _: bool| Ok(result_of(plan, supply(draw)))).unwrap();
        let numbers: Vec<u64> = (0..u64::from(plan.draws)).collect();
        let asked: Vec<f64> = numbers.iter().map(|k| supply(&study.draws().draw(*k))).collect();
        drivers(&study, &swings(&study).unwrap(), &numbers, &asked).unwrap()
    }

    /// Ishigami and Homma 1990, a = 7, b = 0.1: first order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437.
    #[test]
    fn ishigami() {
        let mut plan = plan(1);
        plan.saltelli = 4096;
        let drivers = drivers_of(&plan, |draw| {
            let [x, y, z] = P.map(|p| PI * (2.0 * normal_cdf(draw.of(p)) - 1.0));
            x.sin() + 7.0 * y.sin().powi(2) + 0.1 * z.powi(4) * x.sin()
        });
        for (k, first, total) in [(0, 0.3139, 0.5576), (1, 0.4424, 0.4424), (2, 0.0, 0.2437)] {
            let found = drivers.all.iter().find(|d| d.param == P[k]).unwrap();
            let ([s, s_error], [t, t_error]) = (found.first_order.unwrap(), found.total.unwrap());
            assert!((s - first).abs() < 3.0 * s_error && s_error < 0.03, "{k}: {s} +- {s_error}");
            assert!((t - total).abs() < 3.0 * t_error && t_error < 0.03, "{k}: {t} +- {t_error}");
        }
        assert_eq!((drivers.all[0].param, drivers.of_logarithm), (P[0], false));
    }

    /// Of a sum each share of variance is the square of the weight, alone and in total; the error is what a repeat
    /// shows.
    #[test]
    fn a_sum_is_shared_out_by_squares() {
        let weights = [3.0, -2.0, 1.0];
        let supply = |draw: &Draw| 1000.0 + P.iter().zip(weights).map(|(p, w)| w * draw.of(*p)).sum::<f64>();
        let mut off = 0.0;
        for seed in 1..=8 {
            let mut plan = plan(1);
            (plan.seed, plan.saltelli, plan.draws) = (seed, 512, 512);
            let drivers = drivers_of(&plan, supply);
            for (k, d) in drivers.all.iter().enumerate() {
                assert_eq!(d.param, P[k]);
                let exact = weights[k] * weights[k] / 14.0;
                for [share, error] in [d.first_order.unwrap(), d.total.unwrap()] {
                    off += ((share - exact) / error).powi(2) / 48.0;
                }
                // Spearman's of a normal pair with Pearson's r is 6/pi asin(r/2).
                let rank = 6.0 / PI * (weights[k] / 14.0_f64.sqrt() / 2.0).asin();
                let found = d.rank_correlation.unwrap();
                assert!((found - rank).abs() < 0.12, "{found} {rank}");
                let [low, high] = d.one_at_a_time;
                assert!((high - low - 2.0 * SCORE_P90 * weights[k]).abs() < 1e-9);
            }
        }
        // Mean square of what should be standard normal.
        assert!((0.5..2.0).contains(&off), "{off}");
    }

    /// The logarithm of a product is a sum, whatever the tail of the product.
    #[test]
    fn a_product_is_shared_out_by_its_logarithm() {
        let mut plan = plan(1);
        plan.saltelli = 4096;
        let weights = [1.5, -1.0, 0.5];
        let found = drivers_of(&plan, |draw| P.iter().zip(weights).map(|(p, w)| w * draw.of(*p)).sum::<f64>().exp());
        assert!(found.of_logarithm);
        for (d, weight) in found.all.iter().zip(weights) {
            let exact = weight * weight / 3.5;
            for [share, error] in [d.first_order.unwrap(), d.total.unwrap()] {
                assert!((share - exact).abs() < 3.5 * error && error < 0.03, "{share} +- {error}, {exact}");
            }
        }
        // With a supply of nothing there is no logarithm, next to nothing counts as the floor.
        assert_eq!(logarithms(vec![vec![1.0, 0.0]]), (vec![vec![1.0, 0.0]], false));
        assert_eq!(logarithms(vec![vec![1.0, 1.0, 1e-9]]), (vec![vec![0.0, 0.0, 1e-3_f64.ln()]], true));
    }

    #[test]
    fn what_comes_after_the_offer_has_no_share() {
        let mut plan = plan(1);
        (plan.saltelli, plan.draws) = (8, 8);
        plan.parameters.rules.push(Rule { param: Param::RoutePyro, ..plan.parameters.rules[1].clone() });
        let found = drivers_of(&plan, |draw| 10.0 + draw.of(Param::CollectedShare)).all;
        let last = found.last().unwrap();
        assert_eq!((last.param, last.first_order, last.total), (Param::RoutePyro, None, None));
        assert_eq!((last.rank_correlation, last.one_at_a_time), (None, [10.0; 2]));
        assert!(found[..3].iter().all(|d| d.total.is_some() && d.rank_correlation.is_some()));
    }

    #[test]
    fn ranks_of_equals_are_shared() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [2.5, 0.0, 2.5, 1.0]);
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[1.0, 4.0, 9.0]), 1.0);
        assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[5.0, 5.0, 5.0]), 0.0);
        assert_eq!(rank_correlation(&[], &[]), 0.0);
    }

    #[test]
    fn nothing_varies_without_uncertainty() {
        assert_eq!(shares_of(&[1.0; 4], &[1.0; 4], &[1.0; 4]).total, [0.0, 0.0]);
        assert_eq!(shares_of(&[], &[], &[]).first_order, [0.0, 0.0]);
    }
}
