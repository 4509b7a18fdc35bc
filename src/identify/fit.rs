//! The steps of an identification, from traces to an [`Identified`] cell.

use super::drive::{drive, leg_drive};
use super::error::IdentifyError;
use super::known::{capacity, cooling};
use super::model::{Drive, Factors, Numbers, PAIRS_EA_J_PER_MOL, Thermal, simulate};
use super::ocv::{self, FirstOcv};
use super::options::IdentifyOptions;
use super::result::{Backing, Identified, beside};
use super::soc::{self, Leg};
use super::solve::{Layout, Problem, settled};
use super::spec::{rounded, spec};
use super::start;
use super::told::{SPAN_K, currents_tell, near_reference, range_c};
use super::trace::Trace;
use super::values::values;
use crate::cell::Cell;
use crate::numeric::table::interpolate;

/// Knots of the resistances: close where they rise, near empty.
const RESISTANCE_SOC: [f64; 15] = [0.0, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
/// Cooling of a cell of one kilogram where nothing tells it \[W/K\]; it goes with the surface.
const COOLING_W_PER_K: f64 = 1.2;
/// Time constant of a third pair at the start \[s\].
const TAU3_S: f64 = 3000.0;
/// Bounds of the share of charge transfer that a fit begins with.
const TRANSFER_FIRST: [f64; 2] = [0.1, 0.6];

/// Finds the cell behind pulse traces and slow ones.
///
/// # Errors
/// When the traces do not hold what is needed.
pub fn identify(pulses: &[Trace], slow: &[Trace], options: &IdentifyOptions) -> Result<Identified, IdentifyError> {
    let like = &options.like;
    let pulses: Vec<Trace> =
        pulses.iter().map(|t| options.settle_s.map_or_else(|| t.clone(), |settle| t.clone().squared(settle))).collect();
    for trace in &pulses {
        let most = trace.current_max();
        let steps = trace.rows.windows(2).filter(|w| (w[1].current_a - w[0].current_a).abs() > 0.1 * most).count();
        if most == 0.0 || steps < 2 {
            return Err(IdentifyError::NoPulses(trace.name.clone()));
        }
    }
    let mut legs: Vec<Leg> = slow.iter().map(soc::legs).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let mut notes = Vec::new();

    // Limits and capacity.
    let slow_v = |trace: &Trace| trace.rows.iter().filter(|r| r.counted).map(|r| r.voltage_v).collect::<Vec<_>>();
    let slow_v: Vec<f64> = slow.iter().flat_map(slow_v).collect();
    let (measured_min, measured_max) =
        (slow_v.iter().copied().fold(f64::MAX, f64::min), slow_v.iter().copied().fold(f64::MIN, f64::max));
    let round = |v: f64| (v * 100.0).round() / 100.0;
    let has_legs = !legs.is_empty();
    let voltage_max_v =
        options.voltage_max_v.unwrap_or(if has_legs { round(measured_max) } else { like.voltage_max_v });
    let voltage_min_v =
        options.voltage_min_v.unwrap_or(if has_legs { round(measured_min) } else { like.voltage_min_v });
    let measured = capacity(&pulses, &legs, voltage_min_v, voltage_max_v);
    let capacity_ah = options.capacity_ah.or(measured).ok_or(IdentifyError::NoCapacity)?;

    legs.iter_mut().for_each(|leg| leg.placed(capacity_ah));

    // The first curve and the SoC of every row.
    let leg_refs: Vec<&Leg> = legs.iter().collect();
    let first = ocv::from_legs(&leg_refs, like);
    let lookup = |v: f64| interpolate(&first.voltage_v, &ocv::knots(), v);
    let at_rest: Option<&dyn Fn(f64) -> f64> = if has_legs { Some(&lookup) } else { None };
    let socs: Vec<Vec<f64>> = pulses
        .iter()
        .enumerate()
        .map(|(k, t)| soc::count(t, capacity_ah, voltage_max_v, options.soc_start.filter(|_| k == 0), at_rest))
        .collect::<Result<_, _>>()?;
    let first = if has_legs {
        first
    } else {
        let pairs: Vec<(&Trace, &[f64])> = pulses.iter().zip(&socs).map(|(t, s)| (t, s.as_slice())).collect();
        ocv::from_rests(&pairs, like).unwrap_or(FirstOcv { told: [0.0, 0.0], ..first })
    };

    // Temperature.
    let scale = capacity_ah / like.capacity_ah;
    let mass_kg = options.mass_kg.unwrap_or(like.mass_kg * scale);
    let specific_heat = options.specific_heat_j_per_kgk.unwrap_or(like.specific_heat_j_per_kgk);
    let heat_capacity = mass_kg * specific_heat;
    let read = || pulses.iter().zip(&socs).find_map(|(t, s)| cooling(t, s, &first.voltage_v, heat_capacity));
    let known_cooling = options.cooling_w_per_k.or_else(read);
    let thermal = Thermal {
        heat_capacity_j_per_k: heat_capacity,
        cooling_w_per_k: known_cooling.unwrap_or(COOLING_W_PER_K * mass_kg.powf(2.0 / 3.0)),
    };

    // Drives: pulse traces, then slow legs.
    let rows: usize = pulses.iter().map(|t| t.rows.iter().filter(|r| r.counted).count()).sum();
    let mut drives: Vec<Drive> = pulses.iter().zip(&socs).map(|(t, s)| drive(t, s.clone(), options, true)).collect();
    drives.extend(legs.iter().map(|l| leg_drive(l, rows, options)));

    // First values by linear least squares, then all at once.
    let resistance_soc = RESISTANCE_SOC.to_vec();
    let flat = |r: &[f64]| vec![1e-3 * r.iter().sum::<f64>() / r.len() as f64 / scale; resistance_soc.len()];
    let half_gap = first.half_gap_v.filter(|g| *g > 0.0);
    let guess = Numbers {
        capacity_ah,
        ocv_soc: ocv::knots(),
        ocv_v: first.voltage_v.clone(),
        r_ohm: vec![flat(&like.r0_mohm), flat(&like.r1_mohm), flat(&like.r2_mohm)],
        resistance_soc: resistance_soc.clone(),
        tau_s: vec![like.tau1_s, like.tau2_s],
        hysteresis_v: half_gap.map_or(like.hysteresis_v, |g| 0.7 * g).max(1e-4),
        hysteresis_gamma: like.hysteresis_gamma.max(1.0),
        // What falls with temperature down to the floor is the reaction.
        transfer_share: (1.0 - like.resistance_floor_share).clamp(TRANSFER_FIRST[0], TRANSFER_FIRST[1]),
        transfer_ea_j_per_mol: like.resistance_ea_j_per_mol,
        pairs_ea_j_per_mol: PAIRS_EA_J_PER_MOL,
        thermal,
    };
    let offset_sd_v = ocv::offset_sd(&first.voltage_v, first.sd_v);
    let pulse_drives: Vec<&Drive> = drives[..pulses.len()].iter().collect();
    let begun = start::start(&guess, &near_reference(&pulse_drives), &ocv::offset_knots(), &offset_sd_v);
    let mut centre = begun.clone();
    let steep = ocv::steepness(&first.voltage_v, &resistance_soc);
    for (of, r) in centre.r_ohm.iter_mut().enumerate() {
        let mean = (r.iter().map(|r| r.ln()).sum::<f64>() / r.len() as f64).exp();
        r.iter_mut().zip(&steep).for_each(|(r, steep)| *r = if of == 2 { mean * steep } else { mean });
    }
    if let (Some(gap), Some(leg)) = (half_gap, legs.iter().find(|l| l.leads_ohm.is_none())) {
        let ohm: f64 = centre.r_ohm.iter().map(|r| r[r.len() / 2]).sum();
        let current = leg.current_a.iter().map(|i| i.abs()).sum::<f64>() / leg.current_a.len() as f64;
        centre.hysteresis_v = (gap - ohm * current).max(0.1 * gap);
    }
    let mut begin_r = begun.r_ohm.clone();
    if options.pairs > 2 {
        let third: Vec<f64> = centre.r_ohm[2].clone();
        begin_r.push(third.clone());
        centre.r_ohm.push(third);
        centre.tau_s.push(TAU3_S.max(3.0 * centre.tau_s[1]));
    }
    let range = range_c(&drives[..pulses.len()]);
    let temperatures = range[1] - range[0] > SPAN_K;
    let layout = Layout {
        offset_knots: ocv::offset_knots(),
        offset_sd_v,
        first: centre,
        drives: drives.len(),
        pulses: pulses.len(),
        temperatures,
        transfer_told: temperatures || currents_tell(&drives[..pulses.len()], &begun),
    };
    let mut x = vec![0.0; layout.len()];
    for (of, r) in begin_r.iter().enumerate() {
        r.iter().enumerate().for_each(|(k, r)| x[layout.resistance(of, k)] = (r / layout.first.r_ohm[of][k]).ln());
    }
    let solution = Problem::new(&layout, &drives).solve(&x);
    let covariance = Problem::new(&layout, &drives).covariance(&solution.x).ok_or(IdentifyError::NotFinite)?;
    let sd: Vec<f64> = (0..layout.len()).map(|k| covariance[(k, k)].max(0.0).sqrt()).collect();
    let found = settled(layout.numbers(&solution.x));
    let values = values(&layout, &found, &sd, &pulse_drives, half_gap.is_some());

    let told_range = temperatures.then_some(range);
    let spec = spec(&found, options, [voltage_min_v, voltage_max_v], [mass_kg, specific_heat], told_range);
    Cell::new(spec.clone())?;
    let numbers = rounded(found);
    let factors = Factors::new(&numbers);
    let told = Backing {
        capacity: options.capacity_ah.is_some() || measured.is_some(),
        voltages: has_legs || (options.voltage_min_v.is_some() && options.voltage_max_v.is_some()),
        ocv_slow: has_legs,
        ocv_range: first.told,
        hysteresis: half_gap.is_some(),
        mass: options.mass_kg.is_some(),
        specific_heat: options.specific_heat_j_per_kgk.is_some(),
        temperatures_c: told_range,
        cooling: (thermal.cooling_w_per_k, known_cooling.is_some()),
    };
    if first.from_rests {
        notes.push(format!(
            "the open-circuit voltage is that of rests from SoC {:.2} to {:.2}; beyond, the shape of the like cell",
            first.told[0], first.told[1]
        ));
    } else if !has_legs {
        notes.push(
            "neither slow traces nor long rests: the open-circuit voltage is that of the like cell, moved".into(),
        );
    }
    for leg in legs.iter().filter(|l| l.leads_ohm.is_some()) {
        notes.push(format!(
            "{:.1} mOhm at the steps of the slow {} were taken for leads and left away",
            1e3 * leg.leads_ohm.unwrap_or(0.0),
            if leg.discharge { "discharge" } else { "charge" }
        ));
    }
    if !layout.transfer_told {
        notes.push("neither currents nor temperatures tell the share of charge transfer: it is what falls with temperature in the like cell".into());
    }
    let mut result = Identified {
        spec,
        values,
        pulses: Vec::new(),
        notes,
        converged: solution.converged,
        told,
        numbers,
        factors,
        options: options.clone(),
        voltage_max_v,
    };
    result.pulses = pulses
        .iter()
        .zip(socs)
        .enumerate()
        .map(|(k, (trace, soc))| {
            let shift = layout.shift_of(&solution.x, k);
            let drive = drive(trace, soc, &result.options, true);
            let answer = simulate(&result.numbers, &result.factors, &drive, shift);
            beside(trace, &drive, &answer, shift, options.above_v)
        })
        .collect();
    Ok(result)
}
