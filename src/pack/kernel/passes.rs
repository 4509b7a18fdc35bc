//! The loops of a step over the units of a string.
//!
//! They are inlined into [`super::solve::ask`], which is compiled for AVX-512, for AVX2 and for the baseline of the target
//! (NEON on 64-bit ARM), and chosen when the program runs. Lanes never mix, nothing is reassociated and no multiplication is fused with an addition, so all give
//! the same bits.

use super::block::{Block, Common, LANES};
use crate::cell::REFERENCE_K;
use crate::cell::tables::{Knots, PIECES, ends, place, stored};
use crate::numeric::exponential::exp;
use multiversion::multiversion;

/// Change of SoC below which a mean over the step is the value at its start.
const NO_CHANGE: f64 = 1e-9;
/// Hysteresis passed below which its decay is taken from the series.
const SMALL_TRAVEL: f64 = 0.01;

/// What the tables say at the start, from what they said at the end of the step before: with the temperature, the age
/// and the growth of now. Then EMF and resistance, as means over the step:
///
/// ```text
/// V = U(s) + M h - f1 R1 j1 - f2 R2 j2 - (form R0 + (1 - f1) R1 + (1 - f2) R2 + U' dt / (2 3600 Q)) i
/// ```
///
/// `j` is the current through the resistance of an RC pair (Plett 2015, ch. 2), so that `v = R j`.
#[inline(always)]
pub(super) fn prepare_lanes(common: &Common, blocks: &mut [Block]) {
    let (c, fast, slow) = (common, common.fast, common.slow);
    for b in blocks {
        for k in 0..LANES {
            let (x, warmer) = (b.lli[k], b.temperature_k[k] - REFERENCE_K);
            let ocv = b.u[k] + x * b.d[k] + warmer * b.e[k];
            let per_ah = 1.0 / b.capacity_ah[k];
            let slope = (b.du[k] + x * b.dd[k] + warmer * b.de[k]) * c.hours * per_ah;
            let arrhenius = exp(c.ea_k * (1.0 / b.temperature_k[k] - 1.0 / REFERENCE_K));
            let scale = (c.floor + (1.0 - c.floor) * arrhenius) * b.growth[k];
            let r0 = b.r0_new[k] * scale * (1.0 + c.direction * b.share_new[k]);
            let (r1, r2) = (b.r1_new[k] * scale, b.r2_new[k] * scale);
            let (v1, v2) = (r1 * b.j1[k], r2 * b.j2[k]);
            let still = ocv + c.hysteresis_v * b.hysteresis[k];
            b.emf[k] = still - fast.f * v1 - slow.f * v2;
            b.resistance[k] = r0 * c.form + r1 * (1.0 - fast.f) + r2 * (1.0 - slow.f) + 0.5 * slope;
            b.still[k] = still;
            b.rc_energy[k] = c.half_tau[0] * v1 * b.j1[k] + c.half_tau[1] * v2 * b.j2[k];
            b.ocv[k] = ocv;
            (b.per_ah[k], b.slope[k]) = (per_ah, slope);
            b.integral[k] = b.w[k] + x * b.wd[k] + warmer * b.we[k];
            b.entropy[k] = b.e[k];
            b.entropy_integral[k] = b.we[k];
            (b.r0[k], b.r1[k], b.r2[k]) = (r0, r1, r2);
        }
    }
}

/// What a current does to every unit: SoC and hysteresis at the end, exact means over the step, terminal voltages.
#[inline(always)]
pub(super) fn respond_lanes(knots: &Knots, common: &Common, blocks: &mut [Block]) {
    let (c, fast, slow) = (common, common.fast, common.slow);
    for b in blocks {
        for k in 0..LANES {
            let i = b.current[k];
            let stored = if i < 0.0 { c.coulombic * i } else { i };
            let per_a = c.hours * b.per_ah[k];
            let change = -(stored * per_a + b.leak_per_h[k] * c.hours);
            let end = b.soc[k] + change;
            let (x, warmer) = (b.lli[k], b.temperature_k[k] - REFERENCE_K);

            let (piece, f) = place(end);
            let (low, high) = ends(knots, piece);
            let (du, dd, de) = (high.u - low.u, high.d - low.d, high.e - low.e);
            let (u, d, e) = (low.u + f * du, low.d + f * dd, low.e + f * de);
            let (width, beyond) = (f * (1.0 / PIECES as f64), end - end.clamp(0.0, 1.0));
            let w = low.w + width * (low.u + 0.5 * f * du) + beyond * u;
            let wd = low.wd + width * (low.d + 0.5 * f * dd) + beyond * d;
            let we = low.we + width * (low.e + 0.5 * f * de) + beyond * e;

            // Two quotients by one division.
            let travel = (c.gamma * i * per_a).abs();
            let (still, slight) = (change.abs() < NO_CHANGE, travel < SMALL_TRAVEL);
            let moved = if still { 1.0 } else { change };
            let passed = if slight { 1.0 } else { travel };
            let inverse = 1.0 / (moved * passed);
            let (per_change, per_travel) = (inverse * passed, inverse * moved);

            let ocv_mean = (w + x * wd + warmer * we - b.integral[k]) * per_change;
            let ocv_mean = if still { b.ocv[k] } else { ocv_mean };
            let entropy_mean = (we - b.entropy_integral[k]) * per_change;
            let entropy_mean = if still { b.entropy[k] } else { entropy_mean };

            let branch = if i < 0.0 { 1.0 } else { -1.0 };
            let gap = b.hysteresis[k] - branch;
            let series = 1.0 - travel * (0.5 - travel * (1.0 / 6.0 - travel * (1.0 / 24.0 - travel * (1.0 / 120.0))));
            let full = (1.0 - exp(-travel)) * per_travel;
            let mean = if slight { series } else { full };
            let (h_mean, h_end) = (branch + gap * mean, branch + gap * (1.0 - mean * travel));

            let (j1, j2) = (b.j1[k] - i, b.j2[k] - i);
            let ohmic = b.r0[k] * i;
            b.volts[k] = ocv_mean + c.hysteresis_v * h_mean
                - b.r1[k] * (i + j1 * fast.f)
                - b.r2[k] * (i + j2 * slow.f)
                - ohmic * c.form;
            b.volts_end[k] = u + x * d + warmer * e + c.hysteresis_v * h_end
                - b.r1[k] * (i + j1 * fast.a)
                - b.r2[k] * (i + j2 * slow.a)
                - ohmic;
            (b.soc_end[k], b.at[k]) = (end, end);
            (b.ocv_mean[k], b.entropy_mean[k]) = (ocv_mean, entropy_mean);
            (b.hysteresis_mean[k], b.hysteresis_end[k]) = (h_mean, h_end);
            (b.u[k], b.d[k], b.e[k]) = (u, d, e);
            (b.du[k], b.dd[k], b.de[k]) = (du * PIECES as f64, dd * PIECES as f64, de * PIECES as f64);
            (b.w[k], b.wd[k], b.we[k]) = (w, wd, we);
        }
    }
}

/// Moves every unit to the end of the step. Heat is the sum of its physical terms: in the resistances, in the loop of
/// the hysteresis, by side reactions and self-discharge, and what the entropic term of the voltage takes up or gives.
#[inline(always)]
pub(super) fn commit_lanes(knots: &Knots, common: &Common, blocks: &mut [Block]) {
    let (c, fast, slow) = (common, common.fast, common.slow);
    for b in blocks {
        for k in 0..LANES {
            let i = b.current[k];
            let side = if i < 0.0 { (c.coulombic - 1.0) * i } else { 0.0 };
            let leak = b.leak_per_h[k] * b.capacity_ah[k];
            let (w1, w2) = (b.j1[k] - i, b.j2[k] - i);
            let square = i * i;
            let fast_square = square + 2.0 * i * w1 * fast.f + w1 * w1 * fast.g;
            let slow_square = square + 2.0 * i * w2 * slow.f + w2 * w2 * slow.g;
            let heat = b.r0[k] * c.form * square + b.r1[k] * fast_square + b.r2[k] * slow_square
                - i * c.hysteresis_v * b.hysteresis_mean[k]
                + b.ocv_mean[k] * (side + leak)
                - (i + side + leak) * b.temperature_k[k] * b.entropy_mean[k];
            let (j1, j2) = (i + w1 * fast.a, i + w2 * slow.a);
            b.rc_energy[k] = c.half_tau[0] * b.r1[k] * j1 * j1 + c.half_tau[1] * b.r2[k] * j2 * j2;
            (b.j1[k], b.j2[k], b.hysteresis[k]) = (j1, j2, b.hysteresis_end[k]);
            b.heat[k] = heat;
            let target = c.surroundings_k + b.offset_k[k] + heat * c.kelvin_per_watt;
            let above = b.temperature_k[k] - target;
            b.mean_k[k] = target + above * c.thermal.f;
            b.temperature_k[k] = target + above * c.thermal.a;
            let end = b.soc_end[k];
            b.mean_soc[k] = 0.5 * (b.soc[k] + end);
            b.soc[k] = end;
            let (piece, f) = place(end);
            let (low, high) = ends(knots, piece);
            b.r0_new[k] = low.r[0] + f * (high.r[0] - low.r[0]);
            b.r1_new[k] = low.r[1] + f * (high.r[1] - low.r[1]);
            b.r2_new[k] = low.r[2] + f * (high.r[2] - low.r[2]);
            b.share_new[k] = low.c + f * (high.c - low.c);
        }
    }
}

/// Units at rest with settled RC pairs, in closed form: SoC and temperature at the end, means over the step, and the heat
/// of self-discharge \[W per cell\].
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx512cd", "x86_64+avx2"))]
#[expect(clippy::too_many_arguments, reason = "columns that must not overlap")]
pub(super) fn idle(
    knots: &Knots,
    common: &Common,
    capacity_ah: &[f64],
    lli: &[f64],
    leak_per_h: &[f64],
    offset_k: &[f64],
    soc: &mut [f64],
    temperature_k: &mut [f64],
    mean_k: &mut [f64],
    mean_soc: &mut [f64],
    heat: &mut [f64],
) {
    let n = soc.len();
    let (capacity_ah, lli, leak_per_h, offset_k) = (&capacity_ah[..n], &lli[..n], &leak_per_h[..n], &offset_k[..n]);
    let (temperature_k, mean_k) = (&mut temperature_k[..n], &mut mean_k[..n]);
    let (mean_soc, heat) = (&mut mean_soc[..n], &mut heat[..n]);
    let per_hour = 1.0 / common.hours;
    for m in 0..n {
        let (start, end) = (soc[m], soc[m] - leak_per_h[m] * common.hours);
        let q = (stored(knots, start, lli[m]) - stored(knots, end, lli[m])) * capacity_ah[m] * per_hour;
        heat[m] = q;
        let target = common.surroundings_k + offset_k[m] + q * common.kelvin_per_watt;
        let above = temperature_k[m] - target;
        mean_k[m] = target + above * common.thermal.f;
        temperature_k[m] = target + above * common.thermal.a;
        mean_soc[m] = 0.5 * (start + end);
        soc[m] = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::circuit::RcStep;
    use crate::cell::{Cell, fixture};
    use crate::pack::kernel::block::look_up;
    use crate::pack::kernel::solve::{Question, ask, ask_lanes};
    use crate::pack::kernel::split::Split;
    use crate::pack::limits::Limits;

    /// Blocks of random states under a random current, with a cell that knows everything.
    fn blocks(cell: &Cell) -> Vec<Block> {
        let mut state = 1_u64;
        let mut random = |low: f64, high: f64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            low + (high - low) * (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut blocks = vec![Block::default(); 50];
        for b in &mut blocks {
            for k in 0..LANES {
                (b.soc[k], b.capacity_ah[k]) = (random(0.0, 1.0), random(60.0, 110.0));
                (b.hysteresis[k], b.temperature_k[k]) = (random(-1.0, 1.0), random(250.0, 330.0));
                (b.j1[k], b.j2[k], b.current[k]) = (random(-90.0, 90.0), random(-90.0, 90.0), random(-90.0, 90.0));
                (b.growth[k], b.lli[k]) = (random(1.0, 2.0), random(0.0, 0.25));
                (b.leak_per_h[k], b.offset_k[k]) = (random(0.0, 1e-4), random(-2.0, 2.0));
                let soc = b.soc[k];
                look_up(b, k, &cell.tables, soc);
            }
        }
        blocks
    }

    /// What a step leaves in a block.
    fn bits(b: &Block) -> [[u64; LANES]; 10] {
        let columns =
            [b.soc, b.temperature_k, b.hysteresis, b.j1, b.j2, b.heat, b.volts, b.volts_end, b.rc_energy, b.mean_k];
        columns.map(|x| x.map(f64::to_bits))
    }

    /// The version chosen for this machine against the baseline, and blocks one by one against all at once, bit by bit.
    /// Without optimisation all are scalar, so the test says most in a release build.
    #[test]
    fn every_target_gives_the_same_bits() {
        let mut spec = fixture::spec();
        (spec.entropy_soc, spec.entropy_mv_per_k) = (vec![0.0, 0.5, 1.0], vec![-0.4, 0.1, 0.2]);
        let cell = Cell::new(spec).unwrap();
        let blocks = blocks(&cell);
        for dt_s in [1.0, 10.0, 3600.0] {
            let steps = [20.0, 200.0, 20_000.0].map(|tau_s| RcStep::new(dt_s, tau_s));
            for (wish, direction) in [(0.0, 0.0), (9000.0, -1.0), (-9000.0, 1.0)] {
                let common = Common::new(&cell, steps, dt_s, (direction, 1.3), (300.0, 20_000.0));
                let limits = Limits { soc_low: -10.0, soc_high: 10.0 };
                let question = |wish, units| Question { cell: &cell, common, limits, wish, units, parallel: 1 };
                let (mut chosen, mut plain) = (blocks.clone(), blocks.clone());
                let whole = question(wish, 4 * blocks.len());
                let answer = ask(&whole, &mut chosen, &mut Split::default());
                let by_hand = ask_lanes(&whole, &mut plain, &mut Split::default(), 1);
                assert_eq!(answer.current_a.to_bits(), by_hand.current_a.to_bits());
                assert_eq!((answer.heat, answer.rc_after), (by_hand.heat, by_hand.rc_after));
                assert!(chosen.iter().zip(&plain).all(|(a, b)| bits(a) == bits(b)));
                // Alone, a block takes the way of short strings.
                for block in &blocks[..8] {
                    let (mut alone, mut plain) = ([*block], [*block]);
                    let question = question(wish / 50.0, 3);
                    let answer = ask(&question, &mut alone, &mut Split::default());
                    let by_hand = ask_lanes(&question, &mut plain, &mut Split::default(), 1);
                    assert_eq!(answer.volts.to_bits(), by_hand.volts.to_bits());
                    assert_eq!(bits(&alone[0]), bits(&plain[0]));
                }
            }
        }
    }
}
