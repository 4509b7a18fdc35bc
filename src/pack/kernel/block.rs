//! Columns of a step: units in blocks of four lanes, every quantity of a block side by side.
//!
//! One base address serves all columns, so the loops over lanes need no pointers of their own and no checks for
//! overlap, and compile to vector code wherever the target has it. Lanes beyond the last unit repeat it.

use crate::cell::circuit::RcStep;
use crate::cell::tables::{Knot, Tables};
use crate::cell::{Cell, GAS_CONSTANT};

/// Units side by side: the width of AVX2. Twice that costs strings of two or three modules more than it gives others.
pub(super) const LANES: usize = 4;
/// A quantity of the units of a block.
pub(super) type Lanes = [f64; LANES];

/// Units inside a step, one cell of each.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
pub(super) struct Block {
    // State, as the string's columns have it.
    pub soc: Lanes,
    pub capacity_ah: Lanes,
    pub hysteresis: Lanes,
    /// Currents through the resistances of the RC pairs \[A\].
    pub j1: Lanes,
    pub j2: Lanes,
    pub temperature_k: Lanes,
    pub growth: Lanes,
    /// Share of lithium lost.
    pub lli: Lanes,
    /// Self-discharge over the capacity \[1/h\].
    pub leak_per_h: Lanes,
    /// Temperature of the place above that of the string's surroundings \[K\].
    pub offset_k: Lanes,

    // What the tables say at the start, and the inverse of the capacity \[1/Ah\].
    pub per_ah: Lanes,
    pub ocv: Lanes,
    pub integral: Lanes,
    pub entropy: Lanes,
    pub entropy_integral: Lanes,
    /// Of the new cell at 25 degC \[Ohm\].
    pub r0_new: Lanes,
    pub r1_new: Lanes,
    pub r2_new: Lanes,
    /// Share by which R0 is higher on charge and lower on discharge.
    pub share_new: Lanes,

    // Now, with temperature and age \[Ohm\].
    pub r0: Lanes,
    pub r1: Lanes,
    pub r2: Lanes,
    /// Voltage without the pairs and without current \[V\].
    pub still: Lanes,
    /// Mean terminal voltage over the step is `emf - resistance i`.
    pub emf: Lanes,
    pub resistance: Lanes,
    /// Part of the resistance at the end that the change of the OCV over the step makes \[Ohm\].
    pub slope: Lanes,

    /// Current \[A\].
    pub current: Lanes,

    // The answer to that current.
    pub soc_end: Lanes,
    pub ocv_mean: Lanes,
    pub entropy_mean: Lanes,
    pub hysteresis_end: Lanes,
    pub hysteresis_mean: Lanes,
    pub volts: Lanes,
    pub volts_end: Lanes,
    /// SoC of the following.
    pub at: Lanes,
    // What the tables say at the end: value, slope over SoC, integral, of OCV, shift and coefficient.
    pub u: Lanes,
    pub d: Lanes,
    pub e: Lanes,
    pub du: Lanes,
    pub dd: Lanes,
    pub de: Lanes,
    pub w: Lanes,
    pub wd: Lanes,
    pub we: Lanes,

    /// Heat \[W\] and energy of the RC pairs \[J\].
    pub heat: Lanes,
    pub rc_energy: Lanes,
    pub mean_k: Lanes,
    pub mean_soc: Lanes,
}

impl Block {
    /// Takes the lanes of the columns of state.
    #[inline(always)]
    pub fn load(&mut self, columns: [Lanes; 10], tables: &Tables) {
        [
            self.soc,
            self.capacity_ah,
            self.hysteresis,
            self.j1,
            self.j2,
            self.temperature_k,
            self.growth,
            self.lli,
            self.leak_per_h,
            self.offset_k,
        ] = columns;
        // Whatever moved a SoC since the last step, its place in the tables is looked up anew.
        if self.at != self.soc {
            for lane in 0..LANES {
                look_up(self, lane, tables, self.soc[lane]);
            }
        }
    }

    /// `(E, R)` of a lane for the terminal voltage `E - R i` at the end of the step.
    pub fn source_at_end(&self, lane: usize, common: &Common) -> (f64, f64) {
        let (r1, r2, fast, slow) = (self.r1[lane], self.r2[lane], common.fast.a, common.slow.a);
        let emf = self.still[lane] - fast * r1 * self.j1[lane] - slow * r2 * self.j2[lane];
        (emf, self.r0[lane] + r1 * (1.0 - fast) + r2 * (1.0 - slow) + self.slope[lane])
    }
}

/// What all units share in a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Common {
    pub hours: f64,
    /// 1 on charge, -1 on discharge, 0 at rest.
    pub direction: f64,
    pub fast: RcStep,
    pub slow: RcStep,
    /// Mean square over square of the mean of current: acts on the ohmic part.
    pub form: f64,
    pub hysteresis_v: f64,
    pub gamma: f64,
    pub coulombic: f64,
    /// Resistance over that at 25 degC is `floor + (1 - floor) exp(ea (1/T - 1/298.15))`.
    pub floor: f64,
    pub ea_k: f64,
    /// Half of the time constants \[s\].
    pub half_tau: [f64; 2],
    /// Temperature the units tend to \[K\], with what a watt adds to it.
    pub surroundings_k: f64,
    pub kelvin_per_watt: f64,
    pub thermal: RcStep,
}

impl Common {
    pub fn new(
        cell: &Cell,
        [fast, slow, thermal]: [RcStep; 3],
        dt_s: f64,
        (direction, form): (f64, f64),
        (k, tau_s): (f64, f64),
    ) -> Self {
        let spec = &cell.spec;
        Common {
            hours: dt_s / 3600.0,
            direction,
            fast,
            slow,
            form,
            hysteresis_v: spec.hysteresis_v,
            gamma: spec.hysteresis_gamma,
            coulombic: spec.coulombic_efficiency,
            floor: spec.resistance_floor_share,
            ea_k: spec.resistance_ea_j_per_mol / GAS_CONSTANT,
            half_tau: [0.5 * spec.tau1_s, 0.5 * spec.tau2_s],
            surroundings_k: k,
            kelvin_per_watt: tau_s / cell.heat_capacity_j_per_k(),
            thermal,
        }
    }
}

/// Sum of a column over the units, lane by lane and then across: the same order on every machine. `used` is one for each
/// lane of the last block that is a unit of its own, else zero.
#[inline(always)]
pub(super) fn sum(blocks: &[Block], used: &Lanes, column: impl Fn(&Block) -> Lanes) -> f64 {
    let mut lanes = [0.0; LANES];
    let Some((last, whole)) = blocks.split_last() else { return 0.0 };
    for block in whole {
        let x = column(block);
        for k in 0..LANES {
            lanes[k] += x[k];
        }
    }
    let x = column(last);
    for k in 0..LANES {
        lanes[k] += x[k] * used[k];
    }
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
}

/// Sum of a plain column, in the same order.
pub(super) fn sum_of(column: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let parts = column.chunks_exact(LANES);
    let rest = parts.remainder();
    for part in parts {
        for k in 0..LANES {
            lanes[k] += part[k];
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += x;
    }
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
}

/// Least of a column; the lanes beyond the last unit repeat it and do not matter.
#[inline(always)]
pub(super) fn least(blocks: &[Block], column: impl Fn(&Block) -> Lanes) -> f64 {
    let mut lanes = [f64::INFINITY; LANES];
    for block in blocks {
        let x = column(block);
        for k in 0..LANES {
            lanes[k] = if x[k] < lanes[k] { x[k] } else { lanes[k] };
        }
    }
    lanes.into_iter().fold(f64::INFINITY, f64::min)
}

/// Highest of a column.
#[inline(always)]
pub(super) fn most(blocks: &[Block], column: impl Fn(&Block) -> Lanes) -> f64 {
    -least(blocks, |block| column(block).map(|x| -x))
}

/// Columns of a string that a step reads, in the order of [`Block::load`].
pub(super) type Columns<'a> = [&'a [f64]; 10];

/// Where the lanes of the last, partly filled block stand in columns of `n` units: beyond their end the last place again.
#[inline(always)]
pub(super) fn last_places(n: usize) -> [usize; LANES] {
    std::array::from_fn(|lane| (n / LANES * LANES + lane).min(n - 1))
}

/// Writes one column back.
#[inline(always)]
pub(super) fn store(blocks: &[Block], to: &mut [f64], lanes: impl Fn(&Block) -> &Lanes) {
    let (whole, last) = to.as_chunks_mut::<LANES>();
    for (part, block) in whole.iter_mut().zip(blocks) {
        *part = *lanes(block);
    }
    let Some(block) = blocks.last() else { return };
    let &[a, b, c, _] = lanes(block);
    // Spelled out: a copy of unknown length is a call.
    match last {
        [x, y, z] => (*x, *y, *z) = (a, b, c),
        [x, y] => (*x, *y) = (a, b),
        [x] => *x = a,
        _ => {}
    }
}

/// Puts what the tables say at a SoC into a lane, as [`super::passes::respond`] leaves it at the end of a step.
#[cold]
pub(super) fn look_up(block: &mut Block, lane: usize, tables: &Tables, soc: f64) {
    let Knot { u, d, e, w, wd, we, r, c } = tables.value(soc);
    let [du, dd, de] = tables.slopes(soc);
    block.at[lane] = soc;
    (block.u[lane], block.d[lane], block.e[lane]) = (u, d, e);
    (block.du[lane], block.dd[lane], block.de[lane]) = (du, dd, de);
    (block.w[lane], block.wd[lane], block.we[lane]) = (w, wd, we);
    (block.r0_new[lane], block.r1_new[lane], block.r2_new[lane]) = (r[0], r[1], r[2]);
    block.share_new[lane] = c;
}
