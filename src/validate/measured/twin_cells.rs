//! Equal cells under one protocol to far below 80 %: the mean curve, its resistance, and how the cells drift apart.
//!
//! Known by the columns `cycles_20_80`, `efc`, `q_ah`, `q_rel` and `r_rel`: half-hour charges and discharges between
//! about 20 and 80 % SoC, chamber at 25 degC and cell skin at about 28.5 degC, resistance by 10 s pulses.
//! Ours is the published law of that cell type with its published numbers (Schmalstieg et al. 2014), nothing fitted; the
//! spread and the knee are the priors of the chemistry.

use super::{ConstantDuty, at, each_table, falls_to, mean, sd};
use crate::aging::{AgingOptions, AgingState, KneeKind, KneeSpec, UnitFactors};
use crate::numeric::stream::{Purpose, Streams};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Plot, Report, Series, Tolerance, law};
use rand::RngExt;
use rand_distr::StandardNormal;

const LAW: &str = "nmc111_schmalstieg";
/// Nominal capacity of the law's cell, on which its depth and its equivalent full cycles count \[Ah\].
const LAW_AH: f64 = 2.15;
const SKIN_C: f64 = 28.5;
const MEAN_SOC: f64 = 0.5;
/// Laws of the ensemble.
const LABORATORY_NMC: [&str; 8] = [
    "nmc111_schmalstieg",
    "nmc_kokam",
    "nmc50_b1",
    "nmc50_b2",
    "nmc75_a",
    "nmc622_denso",
    "nmc811_lgm50",
    "nmc811_mj1",
];
const TWINS: usize = 2000;
/// Prior of the knee: six groups of other NMC cells, see `docs/aging.md`.
const KNEE: KneeSpec = KneeSpec {
    kind: KneeKind::Material,
    threshold: 0.0,
    threshold_sd: 0.0,
    efc_scale: 1050.0,
    efc_ln_sd: 0.10,
    power: 2.5,
    mild_share: 1.0,
    c_reference: 1.0,
};
const STEP_EFC: f64 = 10.0;
/// Fewest cycles between check-ups that tell the depth.
const LEAST_CYCLES: f64 = 50.0;

/// Compares with every such table.
pub(super) fn twins(folder: &Folder<'_>, report: &mut Report) -> bool {
    each_table(folder, report, &["cycles_20_80", "efc", "q_ah", "q_rel", "r_rel", "days"], compare)
}

struct Cell {
    capacity: Vec<(f64, f64)>,
    resistance: Vec<(f64, f64)>,
    first_ah: f64,
    days_per_efc: f64,
    depth: f64,
}

fn compare(set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    let cells = cells(table)?;
    if cells.len() < 3 {
        return Err("fewer than three cells".into());
    }
    let of = |f: fn(&Cell) -> f64| mean(&cells.iter().map(f).collect::<Vec<_>>());
    let (first_ah, days_per_efc, depth) = (of(|c| c.first_ah), of(|c| c.days_per_efc), of(|c| c.depth));
    // The prior counts cycles of the first capacity, the law of its nominal one.
    let knee = KneeSpec { efc_scale: KNEE.efc_scale * first_ah / LAW_AH, ..KNEE };
    let law = law(LAW, AgingOptions { knee: Some(knee), ..AgingOptions::default() })?;
    let duty = ConstantDuty { temperature_c: SKIN_C, mean_soc: MEAN_SOC, depth, c_charge: 1.0, c_discharge: 1.0 };

    // Capacity and resistance on a grid of equivalent full cycles of the first capacity.
    let path = |units: usize, factors: UnitFactors| -> Vec<Vec<(f64, f64, f64)>> {
        let mut state = AgingState::new(&law, factors);
        let mut paths = vec![vec![(0.0, 1.0, 1.0)]; units];
        for step in 1..=150 {
            for (unit, path) in paths.iter_mut().enumerate() {
                duty.age(&law, &mut state, unit, days_per_efc * STEP_EFC, STEP_EFC * first_ah / LAW_AH);
                let health = state.health(&law, unit);
                path.push((f64::from(step) * STEP_EFC, health.capacity, health.resistance));
            }
        }
        paths
    };
    let ours = path(1, UnitFactors::equal(1)).remove(0);
    let capacity: Vec<(f64, f64)> = ours.iter().map(|p| (p.0, p.1)).collect();
    let resistance: Vec<(f64, f64)> = ours.iter().map(|p| (p.0, p.2)).collect();

    let grid: Vec<f64> = (1..=30).map(|k| 50.0 * f64::from(k)).collect();
    let measured: Vec<(f64, f64, f64)> = grid
        .iter()
        .filter_map(|&efc| {
            let q: Vec<f64> = cells.iter().filter_map(|c| at(&c.capacity, efc)).collect();
            (q.len() * 2 > cells.len()).then(|| (efc, mean(&q), sd(&q)))
        })
        .collect();
    let above: Vec<(f64, f64)> =
        measured.iter().filter(|m| m.1 > 0.8).filter_map(|m| Some((m.1, at(&capacity, m.0)?))).collect();
    let rms = (above.iter().map(|(a, b)| (a - b).powi(2)).sum::<f64>() / above.len().max(1) as f64).sqrt();
    report.series(set, "mean curve above 80 %", "capacity over first", above, Tolerance::Absolute(0.015));
    report.compare(
        set,
        "mean curve above 80 %",
        "root mean square of the difference",
        (0.0, rms),
        Tolerance::ToldAbsolute,
    );

    ensemble(set, &duty, [days_per_efc, first_ah], &measured, report);

    let at_80: Vec<f64> = cells.iter().filter_map(|c| at(&c.resistance, falls_to(&c.capacity, 0.8)?)).collect();
    if let Some(efc) = falls_to(&capacity, 0.8).filter(|_| !at_80.is_empty()) {
        let r = at(&resistance, efc).unwrap_or(f64::NAN);
        let case = "resistance at 80 % in 1.16..1.26";
        report.compare(set, case, "over new", (1.21, r), Tolerance::Absolute(0.05));
        report.compare(set, case, "over new, against these cells", (mean(&at_80), r), Tolerance::ToldAbsolute);
    }

    // Twins that differ as the chemistry's priors say.
    let mut rng = Streams::new(48, 0).stream(Purpose::ModuleSpread);
    let mut normal = || rng.sample::<f64, _>(StandardNormal).clamp(-3.0, 3.0);
    let factor: Vec<f64> = (0..TWINS).map(|_| (law.spec.loss_cv * normal()).exp()).collect();
    let mut factors = UnitFactors::of_loss(factor);
    factors.knee = (0..TWINS).map(|_| normal()).collect();
    let curves: Vec<Vec<(f64, f64)>> =
        path(TWINS, factors).iter().map(|p| p.iter().map(|x| (x.0, x.1)).collect()).collect();
    let life =
        |curves: Vec<&Vec<(f64, f64)>>| -> Vec<f64> { curves.into_iter().filter_map(|c| falls_to(c, 0.8)).collect() };
    let (lives, ours_lives) = (life(cells.iter().map(|c| &c.capacity).collect()), life(curves.iter().collect()));
    let cv = |lives: &[f64]| sd(lives) / mean(lives);
    report.compare(set, "twins", "mean EFC to 80 %", (mean(&lives), mean(&ours_lives)), Tolerance::Told);
    let case = "twins, CV of EFC to 80 % in 0.07..0.12";
    // As a distance from the middle of the band.
    report.compare(set, case, "CV", (0.095, cv(&ours_lives)), Tolerance::Absolute(0.025));
    report.compare(
        set,
        "twins",
        "CV of EFC to 80 %, against these cells",
        (cv(&lives), cv(&ours_lives)),
        Tolerance::Told,
    );
    for (efc, band) in [(300.0, [0.004, 0.009]), (600.0, [0.03, 0.05])] {
        let of = |curves: Vec<&Vec<(f64, f64)>>| -> f64 {
            sd(&curves.into_iter().filter_map(|c| at(c, efc)).collect::<Vec<_>>())
        };
        let (theirs, ours) = (of(cells.iter().map(|c| &c.capacity).collect()), of(curves.iter().collect()));
        let case = format!("twins, sd of capacity at {efc:.0} EFC in {}..{}", band[0], band[1]);
        let middle = 0.5 * (band[0] + band[1]);
        report.compare(set, &case, "sd", (middle, ours), Tolerance::Absolute(0.5 * (band[1] - band[0])));
        report.compare(set, &case, "sd, against these cells", (theirs, ours), Tolerance::Told);
    }
    report.plot(Plot {
        file: Plot::stem(&[set, "mean"]),
        title: "Equal cells under one protocol".into(),
        x: "equivalent full cycles of the first capacity".into(),
        y: "capacity over first".into(),
        series: vec![Series {
            label: format!("mean of {}", cells.len()),
            reference: measured.iter().map(|m| (m.0, m.1)).collect(),
            ours: capacity.into_iter().filter(|p| measured.last().is_some_and(|m| p.0 <= m.0)).collect(),
        }],
    });
    Ok(())
}

/// The laboratory laws of other NMC cells on the same protocol, and the mean of all: what the choice of law is worth.
/// None has a knee added; that of this cell type is among them.
fn ensemble(set: &str, duty: &ConstantDuty, pace: [f64; 2], measured: &[(f64, f64, f64)], report: &mut Report) {
    let [days_per_efc, first_ah] = pace;
    let above: Vec<&(f64, f64, f64)> = measured.iter().filter(|m| m.1 > 0.8).collect();
    let mut sum = vec![0.0; above.len()];
    let mut laws = 0.0;
    for name in LABORATORY_NMC {
        let Ok(law) = law(name, AgingOptions::default()) else { continue };
        let nominal = if name == LAW { LAW_AH } else { first_ah };
        let ours: Vec<f64> =
            above.iter().map(|m| duty.health(&law, m.0 * days_per_efc, m.0 * first_ah / nominal).capacity).collect();
        sum.iter_mut().zip(&ours).for_each(|(s, q)| *s += q);
        laws += 1.0;
        let pairs = above.iter().zip(&ours).map(|(m, q)| (m.1, *q));
        report.series(set, "other laws, mean curve above 80 %", name, pairs, Tolerance::ToldAbsolute);
    }
    let pairs = above.iter().zip(&sum).map(|(m, s)| (m.1, s / laws));
    report.series(set, "ensemble, mean curve above 80 %", "mean of the laws", pairs, Tolerance::ToldAbsolute);
}

fn cells(table: &Columns) -> Result<Vec<Cell>, String> {
    let [days, cycles, efc, ah, q, r] =
        ["days", "cycles_20_80", "efc", "q_ah", "q_rel", "r_rel"].map(|name| table.numbers(name));
    let (days, cycles, efc, ah, q, r) = (days?, cycles?, efc?, ah?, q?, r?);
    let mut cells = Vec::new();
    for (_, rows) in table.groups("cell_id")? {
        let curve = |column: &[f64]| -> Vec<(f64, f64)> {
            let all = rows.iter().map(|&k| (efc[k], column[k])).filter(|p| p.0.is_finite() && p.1.is_finite());
            let mut rising: Vec<(f64, f64)> = Vec::new();
            all.for_each(|p| {
                if rising.last().is_none_or(|last| p.0 > last.0) {
                    rising.push(p);
                }
            });
            rising
        };
        let (&first, &last) = (rows.first().ok_or("no rows")?, rows.last().ok_or("no rows")?);
        // Depth while the cell is in the range compared; the median leaves long check-ups out.
        let mut depths: Vec<f64> = rows
            .windows(2)
            .filter(|w| q[w[1]] > 0.8 && cycles[w[1]] - cycles[w[0]] >= LEAST_CYCLES)
            .map(|w| (efc[w[1]] - efc[w[0]]) * ah[first] / (cycles[w[1]] - cycles[w[0]]) / LAW_AH)
            .collect();
        depths.sort_by(f64::total_cmp);
        if let Some(&depth) = depths.get(depths.len() / 2) {
            cells.push(Cell {
                capacity: curve(&q),
                resistance: curve(&r),
                first_ah: ah[first],
                days_per_efc: (days[last] - days[first]) / (efc[last] - efc[first]),
                depth: depth.clamp(0.1, 1.0),
            });
        }
    }
    Ok(cells)
}
