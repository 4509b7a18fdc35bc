//! Tables of a cell over SoC, in pieces of equal width, ready for the step of a pack.
//!
//! The open-circuit voltage moves with temperature and with age:
//!
//! ```text
//! U(s, T, x) = U25(s) + (T - 298.15 K) e(s) + x D(s)
//! ```
//!
//! `e = dU/dT` is the entropic coefficient. `x` is the share of the lithium inventory that is lost. Without it the
//! negative electrode runs from empty to `1 - x` of what it held, while the positive one starts `x` of the way up:
//!
//! ```text
//! U(s; x) = U25(x + s (1 - x)) + Un(x + s (1 - x)) - Un(s (1 - x))
//! ```
//!
//! with `Un` the potential of [`graphite`] over the SoC of the new cell (slippage of the electrodes against each other:
//! Dubarry et al. 2012, doi 10.1016/j.jpowsour.2012.07.016). `D` is the secant of that curve at `x = ` [`SHIFT_LLI`],
//! so a unit's own `x` costs one multiplication; the distance to the full curve is tested. Loss of active material is
//! taken to shrink the capacity without moving the curve.
//!
//! The stored energy is the enthalpy `integral of (U25 - 298.15 K e + x D)`: what the entropic term adds to the voltage
//! is taken up as heat, so that a step's energy closes at any temperature.

use super::spec::CellSpec;
use super::{REFERENCE_K, graphite};
use crate::numeric::table;

/// Pieces of the tables; every knot at a multiple of 1/400 is met exactly.
pub(crate) const PIECES: usize = 400;
/// Loss of lithium inventory at which the secant meets the full curve; beyond it the curve is held.
pub const SHIFT_LLI: f64 = 0.25;
/// Room for the knots: a power of two, so that a masked index is always inside.
const ROOM: usize = 512;

/// One knot.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Knot {
    /// OCV of the new cell at 25 degC \[V\].
    pub u: f64,
    /// Shift of the OCV per unit of lithium lost \[V\].
    pub d: f64,
    /// Entropic coefficient \[V/K\].
    pub e: f64,
    /// Integrals of the three over SoC from 0.
    pub w: f64,
    pub wd: f64,
    pub we: f64,
    /// Resistances of the new cell at 25 degC \[Ohm\].
    pub r: [f64; 3],
    /// Share by which R0 is higher on charge and lower on discharge.
    pub c: f64,
}

/// Knots of all pieces.
pub(crate) type Knots = [Knot; ROOM];

/// The tables of a cell.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    pub knots: Box<Knots>,
}

/// The knots at both ends of a piece.
#[inline(always)]
pub(crate) fn ends(knots: &Knots, piece: usize) -> (&Knot, &Knot) {
    (&knots[piece & (ROOM - 1)], &knots[(piece + 1) & (ROOM - 1)])
}

/// Stored energy above SoC 0 over capacity \[V\], for a share `x` of lithium lost: the enthalpy.
#[inline(always)]
pub(crate) fn stored(knots: &Knots, soc: f64, x: f64) -> f64 {
    let (piece, f) = place(soc);
    let (a, b) = ends(knots, piece);
    let of = |k: &Knot| k.u + x * k.d - REFERENCE_K * k.e;
    let (low, high) = (of(a), of(b));
    let beyond = soc - soc.clamp(0.0, 1.0);
    let to_knot = a.w + x * a.wd - REFERENCE_K * a.we;
    to_knot + f * (1.0 / PIECES as f64) * (low + 0.5 * f * (high - low)) + beyond * (low + f * (high - low))
}

/// A SoC in the tables: the piece and how far into it, 0..=1.
#[inline(always)]
pub(crate) fn place(soc: f64) -> (usize, f64) {
    /// Added, it leaves the whole number nearest to a number below 2^51 in the lowest bits.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let x = soc.clamp(0.0, 1.0) * PIECES as f64;
    // Half a piece less rounds to the piece itself, or at its very edge to the one beside it, which is as good.
    let shifted = (x - 0.5).clamp(0.0, PIECES as f64 - 1.0) + WHOLE;
    ((shifted.to_bits() & (ROOM as u64 - 1)) as usize, x - (shifted - WHOLE))
}

impl Tables {
    /// From a checked entry.
    pub fn new(spec: &CellSpec) -> Self {
        let at = |i: usize| i as f64 / PIECES as f64;
        let ocv = |s: f64| table::interpolate(&spec.ocv_soc, &spec.ocv_v, s);
        let mut knots = Box::new([Knot::default(); ROOM]);
        let mut highest = f64::NEG_INFINITY;
        for (i, knot) in knots.iter_mut().enumerate().take(PIECES + 1) {
            let s = at(i);
            // The published potential need not fit the cell's own negative electrode: a dip is levelled.
            highest = highest.max(shifted_ocv(spec, s, SHIFT_LLI));
            *knot = Knot {
                u: ocv(s),
                d: (highest - ocv(s)) / SHIFT_LLI,
                e: 1e-3 * optional(&spec.entropy_soc, &spec.entropy_mv_per_k, s),
                r: [&spec.r0_mohm, &spec.r1_mohm, &spec.r2_mohm]
                    .map(|r| 1e-3 * table::interpolate(&spec.resistance_soc, r, s)),
                c: optional(&spec.resistance_soc, &spec.r0_charge_share, s),
                ..Knot::default()
            };
        }
        for i in 0..PIECES {
            let (a, b) = (knots[i], knots[i + 1]);
            let area = |a: f64, b: f64| 0.5 * (a + b) / PIECES as f64;
            let next = &mut knots[i + 1];
            (next.w, next.wd, next.we) = (a.w + area(a.u, b.u), a.wd + area(a.d, b.d), a.we + area(a.e, b.e));
        }
        Tables { knots }
    }

    /// Multiplies the resistances.
    pub fn scale_resistances(&mut self, by: f64) {
        self.knots.iter_mut().for_each(|knot| knot.r.iter_mut().for_each(|r| *r *= by));
    }

    /// Values between two knots; OCV and coefficient are held outside 0..=1, so their integrals go on straight.
    pub fn value(&self, soc: f64) -> Knot {
        let (piece, f) = place(soc);
        let (a, b) = ends(&self.knots, piece);
        let line = |a: f64, b: f64| a + f * (b - a);
        let (u, d, e) = (line(a.u, b.u), line(a.d, b.d), line(a.e, b.e));
        let beyond = soc - soc.clamp(0.0, 1.0);
        let area = |w: f64, a: f64, b: f64, end: f64| w + f / PIECES as f64 * (a + 0.5 * f * (b - a)) + beyond * end;
        Knot {
            u,
            d,
            e,
            w: area(a.w, a.u, b.u, u),
            wd: area(a.wd, a.d, b.d, d),
            we: area(a.we, a.e, b.e, e),
            r: [0, 1, 2].map(|k| line(a.r[k], b.r[k])),
            c: line(a.c, b.c),
        }
    }

    /// The slopes of OCV, shift and coefficient over SoC.
    pub fn slopes(&self, soc: f64) -> [f64; 3] {
        let (a, b) = ends(&self.knots, place(soc).0);
        [b.u - a.u, b.d - a.d, b.e - a.e].map(|rise| rise * PIECES as f64)
    }
}

/// A column that an entry may leave out: zero then.
fn optional(knots: &[f64], values: &[f64], soc: f64) -> f64 {
    if values.is_empty() { 0.0 } else { table::interpolate(knots, values, soc) }
}

/// OCV at 25 degC of a cell that lost a share `x` of its lithium, over its present SoC \[V\]: the full formula.
pub fn shifted_ocv(spec: &CellSpec, soc: f64, x: f64) -> f64 {
    let positive = x + soc * (1.0 - x);
    table::interpolate(&spec.ocv_soc, &spec.ocv_v, positive) + graphite::potential_exact(positive)
        - graphite::potential_exact(soc * (1.0 - x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::fixture;

    #[test]
    fn places_cover_the_table_and_nothing_else() {
        for i in 0..=100_000 {
            let s = f64::from(i) / 100_000.0;
            let (piece, f) = place(s);
            assert!(piece < PIECES && (-1e-9..=1.0 + 1e-9).contains(&f), "{s} {piece} {f}");
            assert!(((piece as f64 + f) / PIECES as f64 - s).abs() < 1e-14);
        }
        assert_eq!(place(-3.0).0, 0);
        assert_eq!(place(7.0), (PIECES - 1, 1.0));
        assert!(place(f64::NAN).0 < ROOM);
    }

    /// A cell that lost lithium: full at the same voltage within the negative electrode's plateau, empty where the
    /// negative electrode is, and with a curve that rises.
    #[test]
    fn lost_lithium_moves_the_curve() {
        let spec = fixture::spec();
        let tables = Tables::new(&spec);
        for x in [0.05, 0.1, 0.2, SHIFT_LLI] {
            let aged: Vec<f64> =
                (0..=400).map(|i| f64::from(i) / 400.0).map(|s| tables.value(s)).map(|k| k.u + x * k.d).collect();
            assert!(aged.windows(2).all(|w| w[1] >= w[0] - 1e-12), "{x}");
            assert!((aged[400] - spec.ocv_v[spec.ocv_v.len() - 1]).abs() < 0.06, "{x} {}", aged[400]);
            assert!(aged[0] >= spec.ocv_v[0] - 1e-12);
            // Distance of the secant to the full formula, away from the last tenth where the empty electrode rules.
            let worst =
                (40..=400).map(|i| (aged[i] - shifted_ocv(&spec, i as f64 / 400.0, x)).abs()).fold(0.0, f64::max);
            assert!(worst < 0.03, "{x}: {worst}");
        }
        let new = tables.value(0.5);
        assert!((shifted_ocv(&spec, 0.5, 0.0) - new.u).abs() < 1e-12);
    }

    #[test]
    fn integrals_are_those_of_the_lines() {
        let mut spec = fixture::spec();
        (spec.entropy_soc, spec.entropy_mv_per_k) = (vec![0.0, 0.4, 1.0], vec![-0.4, 0.1, 0.2]);
        let tables = Tables::new(&spec);
        let h = 1e-6;
        for s in [0.0312, 0.071, 0.3333, 0.97] {
            let (a, b, m) = (tables.value(s - h), tables.value(s + h), tables.value(s));
            assert!(((b.w - a.w) / (2.0 * h) - m.u).abs() < 1e-6);
            assert!(((b.wd - a.wd) / (2.0 * h) - m.d).abs() < 1e-6);
            assert!(((b.we - a.we) / (2.0 * h) - m.e).abs() < 1e-9);
        }
        assert!((tables.value(0.2).e + 0.15e-3).abs() < 1e-15);
        let knot = tables.value(0.3333);
        let sum = knot.w + 0.1 * knot.wd - REFERENCE_K * knot.we;
        assert!((stored(&tables.knots, 0.3333, 0.1) - sum).abs() < 1e-13);
        assert!((tables.value(1.5).w - tables.value(1.0).w - 0.5 * tables.value(1.0).u).abs() < 1e-12);
    }
}
