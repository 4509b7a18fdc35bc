//! Exact integrals of the circuit over a step with constant current.
//!
//! For an RC pair with resistance `r`, time constant `tau` and `w = v - r i`:
//!
//! ```text
//! v(dt)         = r i + w a                              a = exp(-dt/tau)
//! mean of v     = r i + w f                              f = tau (1 - a) / dt
//! mean of v^2/r = r i^2 + 2 i w f + w^2 g / r            g = tau (1 - a^2) / (2 dt)
//! ```
//!
//! The same step length serves every unit of a pack, so the exponentials are taken once a step.

use crate::numeric::exponential::exp;

/// Factors of one RC pair for a step length.
#[derive(Clone, Copy, Debug)]
pub struct RcStep {
    /// `exp(-dt/tau)`.
    pub a: f64,
    /// Mean of the decay over the step.
    pub f: f64,
    /// Mean of the squared decay over the step.
    pub g: f64,
}

impl RcStep {
    /// Factors for a step of `dt_s` with time constant `tau_s` \[s\].
    pub fn new(dt_s: f64, tau_s: f64) -> Self {
        let x = dt_s / tau_s;
        let a = (-x).exp();
        RcStep { a, f: -(-x).exp_m1() / x, g: -(-2.0 * x).exp_m1() / (2.0 * x) }
    }

    /// Voltage at the end of the step \[V\].
    #[inline]
    pub fn end(&self, v: f64, r_ohm: f64, i_a: f64) -> f64 {
        r_ohm * i_a + (v - r_ohm * i_a) * self.a
    }

    /// Mean voltage over the step \[V\].
    #[inline]
    pub fn mean(&self, v: f64, r_ohm: f64, i_a: f64) -> f64 {
        r_ohm * i_a + (v - r_ohm * i_a) * self.f
    }

    /// Mean heat over the step \[W\]; `g_s` is `1 / r_ohm`.
    #[inline]
    pub fn heat(&self, v: f64, r_ohm: f64, g_s: f64, i_a: f64) -> f64 {
        let w = v - r_ohm * i_a;
        r_ohm * i_a * i_a + 2.0 * i_a * w * self.f + w * w * self.g * g_s
    }
}

/// Hysteresis at the end of a step and its mean over it, for `x = |gamma charge / capacity|` passed towards `target`,
/// -1 on discharge and +1 on charge.
///
/// At rest the state is frozen.
#[inline]
pub fn hysteresis(h: f64, x: f64, target: f64) -> (f64, f64) {
    let w = h - target;
    // At rest, or long settled on the branch of the current: frozen, which errs by less than 1e-6 of the gap.
    if x < 1e-12 || w.abs() < 1e-6 {
        return (h, h);
    }
    let lost = if x > 0.01 { 1.0 - exp(-x) } else { -(-x).exp_m1() };
    (target + w * (1.0 - lost), target + w * lost / x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rc_step_response_is_the_closed_form() {
        let (r, tau, i) = (1e-3, 30.0, 50.0);
        let mut v = 0.0;
        for k in 1..=100 {
            v = RcStep::new(7.0, tau).end(v, r, i);
            let exact = r * i * (1.0 - (-7.0 * k as f64 / tau).exp());
            assert!((v - exact).abs() < 1e-15);
        }
    }

    #[test]
    fn energy_of_a_pair_closes_for_any_step() {
        let (r, tau) = (1e-3, 30.0);
        for (dt, v, i) in [(0.1, 0.02, 40.0), (60.0, -0.03, 10.0), (3600.0, 0.05, -80.0), (1e5, 0.01, 0.0)] {
            let step = RcStep::new(dt, tau);
            let stored = |v: f64| 0.5 * tau / r * v * v;
            let into = step.mean(v, r, i) * i * dt;
            let heat = step.heat(v, r, 1.0 / r, i) * dt;
            let change = stored(step.end(v, r, i)) - stored(v);
            assert!((into - heat - change).abs() < 1e-9 * into.abs().max(heat.abs()).max(1e-9), "{dt}");
        }
    }

    #[test]
    fn hysteresis_settles_on_the_branch_of_the_current() {
        assert_eq!(hysteresis(0.3, 0.0, -1.0), (0.3, 0.3));
        let (end, _) = hysteresis(1.0, 50.0, -1.0);
        assert!((end + 1.0).abs() < 1e-12);
        let (h, mean) = hysteresis(0.0, 1e-9, 1.0);
        assert!(h > 0.0 && (mean - 0.5 * h).abs() < 1e-15);
    }
}
