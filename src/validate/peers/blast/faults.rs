//! What BLAST-Lite 1.1.1 does and our laws do not, each by name; and two of its models that do not ship.

use super::models::Step;
use crate::aging::laws::{lfp_sony::LfpSony, nmc111_schmalstieg};
use crate::aging::profile::{Rates, Samples, Window, WindowCell, mean_rate};
use crate::aging::{CycleStress, Driver, Equations, Form, Law, Mechanism, Parameter, Path, Rate, Shape};
use crate::cell::graphite;

const DAY_S: f64 = 86_400.0;

/// Cycle rate of the Sony cell: absolute value, and no limit to the rate.
pub(super) fn sony_cycle(p: &[f64], mechanism: usize, c: &CycleStress) -> Rate {
    if mechanism == 1 {
        return Rate::of((p[9] + p[10] * c.depth + p[11] * (c.depth.powi(2) * c.c_rate.powi(3)).exp()).abs());
    }
    Rate::of(0.01 * (p[17] * c.c_rate + p[18]) * (p[19] * (c.depth - 0.5).powi(3) + p[20]))
}

/// Calendar rates of the Sony cell: third power of SoC in the resistance.
pub(super) fn sony_time(p: &[f64], mechanism: usize, t: f64, soc: f64) -> Rate {
    if mechanism == 0 {
        return LfpSony::time(p, mechanism, t, soc);
    }
    Rate::of(p[13] * DAY_S * (p[15] * (soc - 0.5).powi(3) + p[16]) * (-p[14] / 8.3144 * (1.0 / t - 1.0 / 298.15)).exp())
}

/// Resistance of the Sony cell: third power of SoC, and the product of two means over the window.
pub(super) fn sony_resistance(gain: &mut [f64; 4], step: &Step<'_>) {
    let (p, samples, window) = (&step.law.parameters, step.samples, step.window);
    let of_t = samples.mean(|i| (-p[14] / 8.3144 * (1.0 / samples.temperature_k[i] - 1.0 / 298.15)).exp());
    let of_soc = samples.mean(|i| p[15] * (samples.soc[i] - 0.5).powi(3) + p[16]);
    let of_cycle = (p[17] * window.c_rate + p[18]) * (p[19] * (window.depth - 0.5).powi(3) + p[20]);
    gain[0] += p[13] * of_t * of_soc * window.days * DAY_S;
    gain[1] += 0.01 * of_cycle * window.efc;
}

/// Cycle rate of the 50 Ah cell B2: no limit to the rate.
pub(super) fn b2_cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
    let t35 = c.temperature_k / 308.15;
    let (stress, t2, t3) = (c.depth * c.c_rate.sqrt(), t35.powi(2), t35.powi(3));
    Rate::ln(p[3].ln() + p[4] * (stress / t3).ln() + p[5] * stress / t2 + p[6] * stress * stress / t3)
}

/// Cycle rate of the 75 Ah cell A: absolute value, and no limit to the rate.
pub(super) fn a_cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
    let t35 = c.temperature_k / 308.15;
    let depth = c.depth.sqrt();
    let fast = p[5] * (c.c_rate.powi(2) / t35.sqrt()).exp();
    let k = p[3] + p[4] * t35.powi(3) * depth + fast + p[6] * (depth * t35.powi(2) * c.c_rate.sqrt()).exp();
    Rate::of(k.abs())
}

/// Calendar rate of the LG M50: no limit to the cold, where it rises again.
pub(super) fn lgm50_time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
    let t35 = t / 308.15;
    let (t2, t3) = (t35 * t35, t35 * t35 * t35);
    let un = graphite::potential(soc) / 0.123;
    let of_ua = p[1] * (t3 / un.cbrt()).exp() + p[2] * t3 / un.sqrt();
    Rate::of(p[0] + of_ua + p[3] * (soc.sqrt() / t2).exp() + p[4] * (soc * soc * soc).exp())
}

/// Cycle rate of the LG M50: no limit to the rate.
pub(super) fn lgm50_cycle(p: &[f64], _: usize, c: &CycleStress) -> Rate {
    let (t35, rate) = (c.temperature_k / 308.15, c.c_discharge);
    Rate::ln(p[6].ln() + p[7] * rate.powi(3) + p[8] * t35.powi(3) * rate.sqrt())
}

/// Material rate of the Kokam cell: one over the mean of `q5`, not the mean of one over `q5`, and without a floor.
pub(super) fn kokam_material(law: &Law, samples: &Samples<'_>, window: &Window, rates: &mut Rates) {
    let p = &law.parameters;
    let of_t = |t_k: f64| p[8] + p[9] * (t_k - 273.15 - 55.0) * window.depth * window.mean_soc / 0.6;
    rates[2] = Rate::of(1.0 / samples.mean(|i| of_t(samples.temperature_k[i])));
}

/// Resistance of the Kokam cell by lithium: exponent 1.25 in time, which triples it in ten years on the shelf.
pub(super) fn kokam_resistance(gain: &mut [f64; 4], step: &Step<'_>) {
    let (rates, window) = (step.rates, step.window);
    let parts = [(0.0570 * rates[0].k(), 1.25, window.days), (4.87 * rates[1].k(), 0.712, window.efc)];
    for (index, (k, power, dx)) in parts.into_iter().enumerate() {
        let (shape, rate, state) = (Shape::Power(power), Rate::of(k), gain[2 + index]);
        let advance = if step.explicit { Shape::advance_explicit } else { Shape::advance };
        gain[2 + index] = advance(shape, state, rate, dx);
        gain[index] = shape.loss(gain[2 + index]);
    }
}

/// Resistance of the Kokam cell by material.
pub(super) fn kokam_resistance_of_material(cell: &WindowCell, law: &Law) -> f64 {
    -0.08 + 1.09 / (1.0 + law.form.lam_reserve - cell.loss(&law.mechanisms, 2))
}

/// Cycle resistance of the Sanyo cell: shallow cycles may lower it.
pub(super) fn sanyo_shallow_resistance(step: &Step<'_>, cell: &mut WindowCell) {
    let (p, window) = (&step.law.parameters, step.window);
    let square: f64 = step.samples.soc.iter().map(|&s| nmc111_schmalstieg::ocv(s).powi(2)).sum();
    let v = (square / step.samples.soc.len() as f64).sqrt();
    let k = p[13] * (v - p[14]).powi(2) + p[15] + p[16] * window.depth;
    if k < 0.0 {
        cell.state[3] = step.before.state[3] + k * window.efc * 4.3;
    }
}

/// The DENSO model's patch: a window that would lose more than 1 % by cycling loses 0.05 % an EFC.
pub(super) fn denso_ceiling(step: &Step<'_>, cell: &mut WindowCell) {
    let mechanisms = &step.law.mechanisms;
    let (was, is) = (step.before.loss(mechanisms, 1), cell.loss(mechanisms, 1));
    if is - was > 1e-2 {
        cell.set_loss(mechanisms, 1, was + 5e-4 * step.window.efc);
    }
}

const fn number(name: &'static str, value: f64) -> Parameter {
    Parameter { name, value, unit: "" }
}

/// NCA with silicon (Sony VTC5A): its cycling part loses next to nothing, so it does not ship.
struct NcaGrSi;

/// See [`NcaGrSi`].
pub(super) static NCA_GRSI: Form = Form::of::<NcaGrSi>();

impl Equations for NcaGrSi {
    const NAME: &'static str = "nca_grsi";
    const PARAMETERS: &'static [Parameter] = &[number("calendar_k", 3.41), number("cycle_k", 0.479)];

    fn mechanisms(_: &[f64]) -> Vec<Mechanism> {
        let sigmoid = Shape::StressedSigmoid;
        vec![
            Mechanism { name: "calendar", path: Path::Lli, driver: Driver::Days(5e3), shape: sigmoid },
            Mechanism { name: "cycle", path: Path::Lli, driver: Driver::Efc(1e5), shape: sigmoid },
        ]
    }

    fn time(p: &[f64], _: usize, t: f64, soc: f64) -> Rate {
        let t45 = t / 318.15;
        let (t2, t3) = (t45 * t45, t45 * t45 * t45);
        let un = graphite::potential(soc) / 0.123;
        let limit = 0.00748 * (8.9 * t2 / un.cbrt() - 4.87 * t2 / un.sqrt()).exp();
        let power = 1.01 * (-0.133 * t3 + 1.22 * t3 * soc.powi(3) - 0.56 * t2 / un.powi(3)).exp();
        Rate { sigmoid: [limit, power], ..Rate::of(p[0]) }
    }

    fn cycle(_: &[f64], _: usize, _: &CycleStress) -> Rate {
        Rate::NONE
    }
}

/// Cycle rates of [`NcaGrSi`], which follow the SoC of each sample.
pub(super) fn nca_grsi_cycle(law: &Law, samples: &Samples<'_>, w: &Window, rates: &mut Rates) {
    let (chg, dis, d) = (w.c_charge.sqrt(), w.c_discharge, w.depth.sqrt());
    rates[1] = mean_rate(samples, |i| {
        let (t45, s) = (samples.temperature_k[i] / 318.15, samples.soc[i]);
        let (t2, t3) = (t45 * t45, t45 * t45 * t45);
        let limit = 5.49 - 64.9 * chg / t3 * s + 21.3 * (chg / t3 * s).exp() + 0.000801 * (dis / t3 * s.sqrt()).exp();
        let power =
            0.422 + 2.64 * (dis / t3 * w.soc_high.sqrt()).exp() + 0.00627 * (d * chg * t3 * w.soc_low.powi(2)).exp()
                - 0.0342 * t2 * w.soc_low
                + 1.29 * d * dis.sqrt() / t45 * chg
                - 2.14 * (d * w.c_charge.powi(3) * t45 * dis.sqrt()).exp();
        Rate { sigmoid: [limit, power.abs()], ..Rate::of(law.parameters[1]) }
    });
    rates[1].sigmoid[0] = rates[1].sigmoid[0].max(0.15);
}

/// The package's explicit sigmoid takes differences of nearly equal numbers: a small first loss comes out as none, or as
/// a multiple of the last digit.
pub(super) fn nca_grsi_digits(step: &Step<'_>, cell: &mut WindowCell) {
    if !step.explicit {
        return;
    }
    let drivers = [step.window.days / 5e3, step.window.efc / 1e5];
    for (m, dx) in drivers.into_iter().enumerate().filter(|(_, dx)| *dx > 0.0) {
        let (y, k, [limit, power]) = (step.before.state[m], step.rates[m].k(), step.rates[m].sigmoid);
        cell.state[m] = if y == 0.0 {
            2.0 * limit * (0.5 - 1.0 / (1.0 + (k * dx).powf(power).exp()))
        } else {
            let x = (-(2.0 * limit / (y - limit)) - 1.0).ln().powf(1.0 / power) / k;
            let z = (k * x).powf(power);
            y + 2.0 * limit * power * z.exp() * z / (x * (z.exp() + 1.0).powi(2)) * dx
        };
    }
}

/// NMC with titanate (Bank et al. 2020): its loss in storage has a negative exponent, so it does not ship.
struct LtoBank;

/// See [`LtoBank`].
pub(super) static LTO_BANK: Form = Form::of::<LtoBank>();

impl Equations for LtoBank {
    const NAME: &'static str = "lto_bank";
    const PARAMETERS: &'static [Parameter] = &[];

    fn mechanisms(_: &[f64]) -> Vec<Mechanism> {
        let mechanism = |name, driver, p| Mechanism { name, path: Path::Lli, driver, shape: Shape::Power(p) };
        vec![
            mechanism("calendar loss", Driver::Days(1.0), -0.553),
            mechanism("calendar gain", Driver::Days(1.0), 0.473),
            mechanism("cycle", Driver::Efc(1.0), 0.526),
        ]
    }

    fn time(_: &[f64], mechanism: usize, t: f64, soc: f64) -> Rate {
        let t45 = t / 318.15;
        if mechanism == 0 {
            Rate::ln(7.86e10_f64.ln() - 35.8 / t45 + 3.94 * soc / t45)
        } else {
            Rate::ln(3.11e11_f64.ln() - 34.8 / t45 + 1.07 * soc / t45)
        }
    }

    fn cycle(_: &[f64], _: usize, c: &CycleStress) -> Rate {
        let t45 = c.temperature_k / 318.15;
        Rate::of((1.29 + 7.83e-5 * c.c_rate + 4.02 * c.depth.powi(3)) * (-8.33 / t45).exp())
    }
}

/// Column of [`LtoBank`] for a loss below zero, which a state cannot hold.
const BELOW_ZERO: usize = 3;

/// The package's explicit step overshoots zero when the cell gets warmer; on the next day it has no number any more.
pub(super) fn lto_bank_overshoot(step: &Step<'_>, cell: &mut WindowCell) {
    let (state, dx) = (step.before.state[0], step.window.days);
    if step.explicit && state != 0.0 {
        let (y, p) = (state.powf(-0.553), -0.553);
        let x = (y / step.rates[0].k()).powf(1.0 / p);
        cell.state[BELOW_ZERO] = (y + p * y / x * dx).min(0.0);
    }
}

/// Capacity of [`LtoBank`]: the gain counts against both losses.
pub(super) fn lto_bank_capacity(cell: &WindowCell, law: &Law) -> f64 {
    let loss = |m: usize| if cell.state[m] == 0.0 { 0.0 } else { cell.loss(&law.mechanisms, m) };
    let below = cell.state[BELOW_ZERO];
    let stored = if below < 0.0 { below } else { loss(0) };
    1.0 - stored + loss(1) - loss(2)
}
