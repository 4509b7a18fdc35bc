//! The identified numbers as the values of a library entry.

use super::error::IdentifyError;
use super::model::{Numbers, REFERENCE_K, Thermal};
use super::ocv;
use super::options::IdentifyOptions;
use super::temperature::one_factor;
use crate::cell::CellSpec;
use crate::cell::model::{
    ChargeTransfer, Coefficient, Entropy, HeatForm, Hysteresis, Model, Pair, Parameters, Storage, Thermal as Nodes,
    reaction,
};
use crate::numeric::grid::Line;

/// A number with five significant digits.
fn five(x: f64) -> f64 {
    format!("{x:.4e}").parse().unwrap_or(x)
}

/// The entry.
pub(super) fn spec(
    found: &Numbers,
    options: &IdentifyOptions,
    [voltage_min_v, voltage_max_v]: [f64; 2],
    [mass_kg, specific_heat_j_per_kgk]: [f64; 2],
    temperatures_c: Option<[f64; 2]>,
) -> CellSpec {
    let (like, capacity_ah) = (&options.like, found.capacity_ah);
    let milli = |r: &[f64]| r.iter().map(|r| five(1e3 * r)).collect::<Vec<_>>();
    // The pair with the shorter time constant is the first.
    let (fast, slow) = if found.tau_s[0] <= found.tau_s[1] { (0, 1) } else { (1, 0) };
    // An entry knows no current in its resistances: R0 is that at the current which empties the cell in an hour.
    let at_one_c = |r: &f64| {
        let share = found.transfer_share;
        r * (1.0 - share) + reaction(r * share, capacity_ah, REFERENCE_K)
    };
    let r0: Vec<f64> = found.r_ohm[0].iter().map(at_one_c).collect();
    let (ea, floor) = temperatures_c.map_or((like.resistance_ea_j_per_mol, like.resistance_floor_share), |range| {
        one_factor(found, range, capacity_ah)
    });
    CellSpec {
        capacity_ah: five(capacity_ah),
        nominal_voltage_v: (1e3 * mean(&found.ocv_soc, &found.ocv_v)).round() / 1e3,
        voltage_min_v,
        voltage_max_v,
        mass_kg: five(mass_kg),
        specific_heat_j_per_kgk,
        ocv_soc: found.ocv_soc.clone(),
        ocv_v: entry_ocv(&found.ocv_v),
        resistance_soc: found.resistance_soc.clone(),
        r0_mohm: milli(&r0),
        r1_mohm: milli(&found.r_ohm[1 + fast]),
        r2_mohm: milli(&found.r_ohm[1 + slow]),
        tau1_s: five(found.tau_s[fast]),
        tau2_s: five(found.tau_s[slow]),
        hysteresis_v: (found.hysteresis_v * 1e5).round() / 1e5,
        hysteresis_gamma: five(found.hysteresis_gamma),
        resistance_ea_j_per_mol: ea,
        resistance_floor_share: floor,
        // Its knots are not those found here, and no trace tells it.
        r0_charge_share: Vec::new(),
        ..like.clone()
    }
}

/// The curve in tenths of a millivolt, rising.
fn entry_ocv(voltage_v: &[f64]) -> Vec<f64> {
    let round = |v: &f64| (v * 1e4).round() / 1e4;
    let mut ocv_v: Vec<f64> = voltage_v.iter().map(round).collect();
    ocv::rising(&mut ocv_v);
    ocv_v.iter().map(round).collect()
}

/// Mean of a piecewise straight line over 0..=1.
fn mean(knots: &[f64], values: &[f64]) -> f64 {
    let pieces = knots.windows(2).zip(values.windows(2));
    pieces.map(|(s, v)| 0.5 * (v[0] + v[1]) * (s[1] - s[0])).sum()
}

/// The numbers with as many digits as an entry has.
pub(super) fn rounded(mut found: Numbers) -> Numbers {
    found.capacity_ah = five(found.capacity_ah);
    found.ocv_v = entry_ocv(&found.ocv_v);
    found.r_ohm.iter_mut().flatten().for_each(|r| *r = five(*r));
    found.tau_s.iter_mut().for_each(|tau| *tau = five(*tau));
    found.hysteresis_v = (found.hysteresis_v * 1e5).round() / 1e5;
    found.hysteresis_gamma = five(found.hysteresis_gamma);
    found.transfer_share = five(found.transfer_share);
    found.transfer_ea_j_per_mol = five(found.transfer_ea_j_per_mol);
    found.pairs_ea_j_per_mol = five(found.pairs_ea_j_per_mol);
    found
}

/// A cell of the library as numbers to drive: no share of its resistance falls with current.
pub(super) fn of_entry(spec: &CellSpec, thermal: Thermal) -> Numbers {
    let ohm = |r: &[f64]| r.iter().map(|r| 1e-3 * r).collect::<Vec<_>>();
    Numbers {
        capacity_ah: spec.capacity_ah,
        ocv_soc: spec.ocv_soc.clone(),
        ocv_v: spec.ocv_v.clone(),
        resistance_soc: spec.resistance_soc.clone(),
        r_ohm: vec![ohm(&spec.r0_mohm), ohm(&spec.r1_mohm), ohm(&spec.r2_mohm)],
        tau_s: vec![spec.tau1_s, spec.tau2_s],
        hysteresis_v: spec.hysteresis_v,
        hysteresis_gamma: spec.hysteresis_gamma,
        transfer_share: 0.0,
        transfer_ea_j_per_mol: spec.resistance_ea_j_per_mol,
        pairs_ea_j_per_mol: spec.resistance_ea_j_per_mol,
        thermal,
    }
}

/// The numbers as a reference cell.
pub(super) fn reference(n: &Numbers, spec: &CellSpec) -> Result<Model, IdentifyError> {
    let table = |ohm: &[f64]| Line::new(n.resistance_soc.clone(), ohm.to_vec());
    let r0 = ChargeTransfer {
        table: table(&n.r_ohm[0])?,
        share: n.transfer_share,
        ea_j_per_mol: n.transfer_ea_j_per_mol,
        reference_k: REFERENCE_K,
    };
    let pair = |(ohm, tau): (&Vec<f64>, &f64)| -> Result<Pair, IdentifyError> {
        let (table, ea_j_per_mol, reference_k) = (table(ohm)?, n.pairs_ea_j_per_mol, REFERENCE_K);
        Ok(Pair {
            resistance: Coefficient::SocArrhenius { table, ea_j_per_mol, reference_k },
            storage: Storage::TimeConstant(Coefficient::Constant(*tau)),
        })
    };
    let amplitude_v = Coefficient::Constant(n.hysteresis_v);
    Ok(Model::new(Parameters {
        capacity_ah: n.capacity_ah,
        coulombic_efficiency: spec.coulombic_efficiency,
        ocv_v: Line::new(n.ocv_soc.clone(), n.ocv_v.clone())?,
        hysteresis: Some(Hysteresis { gamma: n.hysteresis_gamma, amplitude_v }),
        entropy: Entropy::At(Coefficient::Constant(0.0)),
        r0: Coefficient::ChargeTransfer(r0),
        pairs: n.r_ohm[1..].iter().zip(&n.tau_s).map(pair).collect::<Result<_, _>>()?,
        heat: HeatForm::DISSIPATED,
        thermal: Nodes::Isothermal,
    })?)
}
