//! A cell driven by a logged current: the equations of [`crate::cell`], with more freedom where a fit needs it.

use crate::cell::model::reaction;
use crate::cell::{CellSpec, GAS_CONSTANT, ZERO_CELSIUS_K, circuit, resistance_factor_exact};
use crate::numeric::table::interpolate;

/// Numbers of a cell while they are sought. SoC may leave 0..=1 a little: the tables go on as straight lines.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    pub(super) capacity_ah: f64,
    pub(super) ocv_soc: Vec<f64>,
    pub(super) ocv_v: Vec<f64>,
    pub(super) resistance_soc: Vec<f64>,
    /// R0 and the resistances of the pairs over `resistance_soc` \[Ohm\].
    pub(super) r_ohm: Vec<Vec<f64>>,
    pub(super) tau_s: Vec<f64>,
    pub(super) hysteresis_v: f64,
    pub(super) hysteresis_gamma: f64,
    /// Share of charge transfer in R0 at 25 degC and a small current.
    pub(super) transfer_share: f64,
    /// Activation energy of the charge transfer, which falls with temperature and current \[J/mol\].
    pub(super) transfer_ea_j_per_mol: f64,
    /// Activation energy of the pairs \[J/mol\].
    pub(super) pairs_ea_j_per_mol: f64,
    pub(super) thermal: Thermal,
}

/// Temperature of the cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Thermal {
    /// Heat capacity \[J/K\].
    pub(super) heat_capacity_j_per_k: f64,
    /// Conductance to the surroundings \[W/K\].
    pub(super) cooling_w_per_k: f64,
}

/// Temperature that resistances are told at \[K\].
pub(super) const REFERENCE_K: f64 = ZERO_CELSIUS_K + 25.0;
/// Activation energy of the pairs where the traces do not tell it \[J/mol\]: mean of `R1 + R2` of a Leaf cell between 10 and 40 degC at SoC 0.27 to 0.9,
/// own fit to its pulse tests (Wiggins, Allu and Wang, doi 10.5281/zenodo.2580327).
pub(super) const PAIRS_EA_J_PER_MOL: f64 = 22_000.0;

/// Factor on a resistance of this activation energy at a temperature \[K\].
pub(super) fn arrhenius(ea_j_per_mol: f64, temperature_k: f64) -> f64 {
    (ea_j_per_mol / GAS_CONSTANT * (1.0 / temperature_k - 1.0 / REFERENCE_K)).exp()
}

/// Factors on resistances from -40 to 80 degC in half degrees: ohmic, charge transfer, pairs.
#[derive(Clone, Debug)]
pub(super) struct Factors(Vec<[f64; 3]>);

impl Factors {
    fn of(factors: impl Fn(f64) -> [f64; 3]) -> Factors {
        Factors((0..=240).map(|k| factors(-40.0 + 0.5 * f64::from(k) + ZERO_CELSIUS_K)).collect())
    }

    /// Charge transfer and pairs each with its own energy; the rest of R0 does not change.
    pub(super) fn new(n: &Numbers) -> Factors {
        Factors::of(|t| [1.0, arrhenius(n.transfer_ea_j_per_mol, t), arrhenius(n.pairs_ea_j_per_mol, t)])
    }

    /// One factor for all, as library entries have it.
    pub(super) fn of_entry(spec: &CellSpec) -> Factors {
        Factors::of(|t| [resistance_factor_exact(spec, t); 3])
    }

    fn at(&self, temperature_c: f64) -> [f64; 3] {
        let x = ((temperature_c + 40.0) * 2.0).clamp(0.0, 239.999);
        let (k, f) = (x as usize, x.fract());
        [0, 1, 2].map(|of| self.0[k][of] + f * (self.0[k + 1][of] - self.0[k][of]))
    }
}

/// A trace made ready to drive a cell.
#[derive(Clone, Debug)]
pub(super) struct Drive {
    pub(super) dt_s: Vec<f64>,
    pub(super) current_a: Vec<f64>,
    pub(super) voltage_v: Vec<f64>,
    pub(super) soc: Vec<f64>,
    /// Weight of a row; 0 where it does not count.
    pub(super) weight: Vec<f64>,
    /// Known temperatures \[degC\], where they are taken as given.
    pub(super) temperature_c: Option<Vec<f64>>,
    /// Temperature of the cell at the start and of the surroundings \[degC\].
    pub(super) ambient_c: f64,
    /// Hysteresis at the start, -1 after discharge, 1 after charge.
    pub(super) hysteresis: f64,
    /// Whether the drop over R0 was taken out of the voltage beforehand.
    pub(super) without_r0: bool,
}

/// What the cell does along a trace.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) voltage_v: Vec<f64>,
    pub(super) temperature_c: Vec<f64>,
}

/// Place in a table: the piece and the way into it. Outside, the way leaves 0..=1 and the end pieces go on.
fn place(knots: &[f64], x: f64) -> (usize, f64) {
    let k = knots.partition_point(|&s| s <= x).clamp(1, knots.len() - 1) - 1;
    (k, (x - knots[k]) / (knots[k + 1] - knots[k]))
}

/// Runs a cell along a trace; `shift` is added to its SoC.
pub(super) fn simulate(n: &Numbers, factors: &Factors, drive: &Drive, shift: f64) -> Answer {
    let rows = drive.dt_s.len();
    let pairs = n.tau_s.len();
    let mut answer = Answer { voltage_v: Vec::with_capacity(rows), temperature_c: Vec::with_capacity(rows) };
    let mut v_rc = vec![0.0; pairs];
    let mut decay = vec![1.0; pairs];
    let (mut last_dt, mut h, mut t) = (f64::NAN, drive.hysteresis, drive.ambient_c);
    for k in 0..rows {
        let (dt, i, soc) = (drive.dt_s[k], drive.current_a[k], drive.soc[k] + shift);
        if dt != last_dt {
            decay.iter_mut().zip(&n.tau_s).for_each(|(a, tau)| *a = (-dt / tau).exp());
            last_dt = dt;
        }
        if let Some(known) = &drive.temperature_c {
            t = known[k];
        }
        let [ohmic, transfer, slow] = factors.at(t);
        let (piece, f) = place(&n.resistance_soc, soc.clamp(0.0, 1.0));
        let r = |j: usize| n.r_ohm[j][piece] + f * (n.r_ohm[j][piece + 1] - n.r_ohm[j][piece]);
        let mut drop = 0.0;
        if !drive.without_r0 {
            let small = r(0) * n.transfer_share * transfer;
            drop = i * (r(0) * (1.0 - n.transfer_share) * ohmic + reaction(small, i, t + ZERO_CELSIUS_K));
        }
        for j in 0..pairs {
            let end = r(j + 1) * slow * i;
            v_rc[j] = end + (v_rc[j] - end) * decay[j];
            drop += v_rc[j];
        }
        let passed = (n.hysteresis_gamma * i * dt / (3600.0 * n.capacity_ah)).abs();
        h = circuit::hysteresis(h, passed, -i.signum()).0;
        let (piece, f) = place(&n.ocv_soc, soc);
        let u = n.ocv_v[piece] + f * (n.ocv_v[piece + 1] - n.ocv_v[piece]);
        if drive.temperature_c.is_none() {
            // Heat against cooling, exact for a constant heat.
            let rate = n.thermal.cooling_w_per_k / n.thermal.heat_capacity_j_per_k;
            let settled = drive.ambient_c + (i * drop).max(0.0) / n.thermal.cooling_w_per_k;
            t = settled + (t - settled) * (-dt * rate).exp();
        }
        answer.voltage_v.push(u + n.hysteresis_v * h - drop);
        answer.temperature_c.push(t);
    }
    answer
}

impl Numbers {
    /// OCV \[V\].
    pub(super) fn ocv(&self, soc: f64) -> f64 {
        interpolate(&self.ocv_soc, &self.ocv_v, soc)
    }

    /// SoC at an OCV, 0..=1.
    pub(super) fn soc_at(&self, ocv_v: f64) -> f64 {
        interpolate(&self.ocv_v, &self.ocv_soc, ocv_v)
    }
}
