//! What each test of the menu would be worth on the same packs, in closed form.

use super::super::outcome::TestValue;
use super::super::plan::{GradingPlan, Level, TestPlan};
use super::stakes::Stakes;
use super::{Truth, good};
use crate::numeric::stats::normal_cdf;
use std::f64::consts::PI;

/// Half width, in standard deviations, and step of the integral over an error that a pack shares.
const SHARED_HALF_WIDTH: i32 = 24;
const SHARED_STEP: f64 = 0.25;

/// Expected mistakes and costs of no test at all and of each test of the menu, made once on every unit.
///
/// Errors are normal and those of SoH and resistance independent, so a unit is accepted with
/// `Phi((S (1 + b) - S_min) / s) Phi((R_max / R - 1) / s_r)`, `s^2` the sum of both variances of the SoH. Expected counts need
/// no more than that, shared errors or not; only a pack that is taken whole does, and is integrated over the shared error.
pub(super) fn values(
    plan: &GradingPlan,
    level: Level,
    truths: &[Truth],
    stakes: &Stakes,
    unit_kwh: f64,
) -> Vec<TestValue> {
    let is_good: Vec<bool> = truths.iter().map(|t| good(plan, t.soh, t.resistance, t.self_discharge)).collect();
    let n = truths.len() as f64;
    let of = |name: &str, hours: f64, cost: f64, accepted: &dyn Fn(usize) -> f64| {
        let mut value = TestValue {
            test: name.into(),
            units: n,
            hours: hours * n,
            cost_usd: cost * unit_kwh * n,
            ..TestValue::default()
        };
        let whole_is_good = is_good.iter().all(|good| *good);
        for (unit, truth) in truths.iter().enumerate() {
            let p = accepted(unit);
            value.accepts += p;
            if !is_good[unit] {
                value.false_accepts += p;
                value.loss_usd += p * stakes.claim_usd;
            } else if level != Level::Pack || whole_is_good {
                value.false_rejects += 1.0 - p;
                value.loss_usd += (1.0 - p) * stakes.margin_usd(truth.soh);
            }
        }
        value
    };
    let mut all = vec![of(TestValue::NONE, 0.0, 0.0, &|_| 1.0)];
    for TestPlan { name, spec } in &plan.menu {
        let unit = |truth: &Truth, shared: f64, sd: f64| {
            let leak = if truth.self_discharge <= plan.self_discharge_max { 1.0 } else { 0.0 };
            let soh = tail(truth.soh * (1.0 + spec.soh_bias) + shared - plan.accept_soh_min, sd);
            leak * soh * tail(plan.accept_resistance_max - truth.resistance, spec.resistance_sd * truth.resistance)
        };
        let value = if level == Level::Pack {
            let pack = |shared: f64| truths.iter().map(|t| unit(t, shared, spec.soh_sd)).product::<f64>();
            let p = over_normal(spec.pack_sd, pack);
            of(name, spec.hours, spec.cost_usd_per_kwh, &|_| p)
        } else {
            of(name, spec.hours, spec.cost_usd_per_kwh, &|k| unit(&truths[k], 0.0, spec.reading_sd()))
        };
        all.push(value);
    }
    all
}

/// Probability that a normal error leaves a distance at or above zero; a step where there is no error.
fn tail(distance: f64, sd: f64) -> f64 {
    if sd > 0.0 {
        normal_cdf(distance / sd)
    } else if distance >= 0.0 {
        1.0
    } else {
        0.0
    }
}

/// Mean over a normal variable of this standard deviation, by the trapezoidal rule.
fn over_normal(sd: f64, of: impl Fn(f64) -> f64) -> f64 {
    if sd == 0.0 {
        return of(0.0);
    }
    let weight = |z: f64| SHARED_STEP * (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
    let nodes = (-SHARED_HALF_WIDTH..=SHARED_HALF_WIDTH).map(|k| SHARED_STEP * f64::from(k));
    nodes.map(|z| weight(z) * of(sd * z)).sum()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{plan, stakes, test};
    use super::super::{Graded, grade_units};
    use super::*;
    use crate::numeric::stream::Streams;

    fn truths() -> Vec<Truth> {
        let soh = [0.66, 0.68, 0.69, 0.695, 0.70, 0.71, 0.72, 0.74, 0.78, 0.85, 0.75, 0.70];
        let resistance = [1.3, 1.2, 1.4, 1.2, 1.2, 1.3, 1.25, 1.2, 1.15, 1.1, 1.95, 2.02];
        soh.iter().zip(resistance).map(|(&soh, resistance)| Truth { soh, resistance, self_discharge: 1.0 }).collect()
    }

    /// Means over many simulated packs meet the closed form, with and without an error that a pack shares.
    #[test]
    fn closed_forms_meet_simulated_mistakes() {
        for (level, pack_sd) in [(Level::Module, 0.0), (Level::Module, 0.02), (Level::Pack, 0.02)] {
            let mut p = plan(0.02, 0.01);
            (p.tests[0].spec.pack_sd, p.tests[0].spec.resistance_sd) = (pack_sd, 0.04);
            p.menu = p.tests.clone();
            // Whole packs are only accepted when all are good: the better half.
            let truths: Vec<Truth> = if level == Level::Pack { truths()[5..10].to_vec() } else { truths() };
            let value = &values(&p, level, &truths, &stakes(), 2.0)[1];
            let n = 4000;
            let graded: Vec<Graded> =
                (0..n).map(|k| grade_units(&p, level, &truths, 2.0, &stakes(), &Streams::new(9, k))).collect();
            let mean = |of: fn(&Graded) -> f64| graded.iter().map(of).sum::<f64>() / n as f64;
            let pairs = [
                (value.false_accepts, mean(|g| f64::from(g.outcome.false_accepts))),
                (value.false_rejects, mean(|g| f64::from(g.outcome.false_rejects))),
                (value.accepts, mean(|g| f64::from(g.outcome.accepted))),
            ];
            for (closed, simulated) in pairs {
                assert!((closed - simulated).abs() < 0.02 + 0.04 * closed, "{level:?} {pack_sd}: {closed} {simulated}");
            }
            let loss = mean(|g| g.outcome.false_accept_usd + g.outcome.false_reject_usd);
            assert!((value.loss_usd / loss - 1.0).abs() < 0.06, "{level:?} {pack_sd}: {} {loss}", value.loss_usd);
            assert_eq!((value.hours, value.cost_usd), (2.0 * truths.len() as f64, 10.0 * truths.len() as f64));
        }
    }

    /// With error sd the share of modules `d` below the threshold that get through is the normal tail.
    #[test]
    fn a_known_tail() {
        let mut p = plan(0.02, 0.0);
        p.menu = vec![test("a", 0.02, 0.0), test("perfect", 0.0, 0.0)];
        let truths = [Truth { soh: 0.68, resistance: 1.0, self_discharge: 1.0 }; 10];
        let all = values(&p, Level::Module, &truths, &stakes(), 1.0);
        let by_name: Vec<(&str, f64)> = all.iter().map(|v| (&*v.test, v.false_accepts)).collect();
        assert_eq!(by_name[0], ("none", 10.0));
        assert!((by_name[1].1 - 1.586_552_539).abs() < 1e-8);
        assert_eq!(by_name[2], ("perfect", 0.0));
        assert_eq!(all[2].loss_usd, 0.0);
        assert!((all[0].loss_usd - 10.0 * stakes().claim_usd).abs() < 1e-9);
    }

    #[test]
    fn the_integral_over_a_shared_error_is_exact_for_moments() {
        assert!((over_normal(0.3, |_| 1.0) - 1.0).abs() < 1e-8);
        assert!((over_normal(0.3, |x| x * x) - 0.09).abs() < 1e-7);
        assert!((over_normal(2.0, |x| normal_cdf(x + 1.0)) - normal_cdf(1.0 / 5f64.sqrt())).abs() < 1e-7);
        assert_eq!(over_normal(0.0, |x| x + 3.0), 3.0);
    }
}
