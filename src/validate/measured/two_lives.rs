//! Cells through a hard first life and a mild second one: does the state that the first life left carry the second?
//!
//! Known by the columns `life_phase`, `days`, `efc` and `soh_nominal`, with `group` and `cell_id`. The law is the general
//! form with a linear cycle term, a plating knee and its regain. What the first life of a cell shows (base rate, onset
//! and speed of the knee) is read off that first life; nothing is reset at the change of duty. The one number that a
//! first life cannot show, the share of the mild throughput that counts towards the knee, comes from the other cells of
//! the group, from the other groups, or from the cell's own second life (then a description and no prediction).

use super::{each_table, mean};
use crate::aging::{AgingOptions, AgingState, CycleStress, KneeKind, KneeSpec, Law, RegainSpec, UnitFactors};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Plot, Report, Series, Tolerance, law};

const LAW: &str = "lfp_field";
/// Rate of charge of the second life, and of the first where the table does not say \[1/h\].
const MILD_C: f64 = 0.5;
const HARD_C: f64 = 4.0;
const NOMINAL_AH: f64 = 1.2;
/// Loss a mild equivalent full cycle, as cells that never changed duty show it.
const MILD_RATE: f64 = 2.5e-5;
const POWER: f64 = 1.5;
const KNEE_SHARE: f64 = 0.35;
const RETURN_DAYS: f64 = 9.0;
const TEMPERATURE_K: f64 = 298.15;
/// Tolerance of the comparison, of nominal capacity.
const TOLERANCE: f64 = 0.025;

/// Compares with every such table.
pub(super) fn cells(folder: &Folder<'_>, report: &mut Report) -> bool {
    let needed = ["cell_id", "group", "life_phase", "days", "efc", "soh_nominal", "first_life_charge_a"];
    each_table(folder, report, &needed, compare)
}

struct Point {
    days: f64,
    efc: f64,
    soh: f64,
    second: bool,
}

struct Cell {
    name: String,
    group: String,
    hard_c: f64,
    points: Vec<Point>,
    first: FirstLife,
}

/// What a first life shows: `soh = start - rate n - ((n - onset)/scale)^power` behind the onset.
#[derive(Clone, Copy)]
struct FirstLife {
    start: f64,
    rate: f64,
    onset: f64,
    scale: f64,
}

fn compare(set: &str, table: &Columns, report: &mut Report) -> Result<(), String> {
    let cells = read(table)?;
    if cells.is_empty() {
        return Err("no cell with both lives".into());
    }
    let base = law(LAW, AgingOptions::default())?;
    let own: Vec<f64> = cells.iter().map(|cell| best_share(&base, cell)).collect();
    let log_mean = |of: &dyn Fn(usize) -> bool| -> Option<f64> {
        let logs: Vec<f64> = (0..cells.len()).filter(|&k| of(k)).map(|k| own[k].ln()).collect();
        (!logs.is_empty()).then(|| mean(&logs).exp())
    };
    let sisters = |k: usize| log_mean(&|j| j != k && cells[j].group == cells[k].group);
    let others = |k: usize| log_mean(&|j| cells[j].group != cells[k].group);
    type Source<'a> = (&'a str, Box<dyn Fn(usize) -> Option<f64> + 'a>, bool);
    let sources: [Source<'_>; 3] = [
        ("mild share from sister cells", Box::new(sisters), true),
        ("mild share from other groups", Box::new(others), false),
        ("mild share from the cell's own second life", Box::new(|k| Some(own[k])), false),
    ];
    for (case, share, promised) in &sources {
        let mut errors: Vec<(f64, f64)> = Vec::new();
        for (k, cell) in cells.iter().enumerate() {
            let Some(share) = share(k) else { continue };
            errors.extend(predict(&base, cell, share).iter().zip(&cell.points).map(|(ours, p)| (p.soh, *ours)));
        }
        if errors.is_empty() {
            report.skip(set, case, "no other cells to take it from");
            continue;
        }
        let n = errors.len() as f64;
        let rms = (errors.iter().map(|(a, b)| (a - b).powi(2)).sum::<f64>() / n).sqrt();
        let absolute = errors.iter().map(|(a, b)| (a - b).abs()).sum::<f64>() / n;
        let limit = if *promised { Tolerance::Absolute(TOLERANCE) } else { Tolerance::ToldAbsolute };
        report.compare(set, case, "both lives, root mean square error", (0.0, rms), limit);
        report.compare(set, case, "both lives, mean absolute error", (0.0, absolute), limit);
        report.series(set, case, "both lives, worst check-up", errors, limit);
    }
    let series = cells.iter().enumerate().take(8).filter_map(|(k, cell)| {
        let ours = predict(&base, cell, sisters(k)?);
        Some(Series {
            label: cell.name.clone(),
            reference: cell.points.iter().map(|p| (p.days, p.soh)).collect(),
            ours: cell.points.iter().zip(ours).map(|(p, soh)| (p.days, soh)).collect(),
        })
    });
    report.plot(Plot {
        file: Plot::stem(&[set]),
        title: "Through both lives".into(),
        x: "days".into(),
        y: "capacity over nominal".into(),
        series: series.collect(),
    });
    Ok(())
}

fn read(table: &Columns) -> Result<Vec<Cell>, String> {
    let [phase, days, efc, soh, amps] =
        ["life_phase", "days", "efc", "soh_nominal", "first_life_charge_a"].map(|name| table.numbers(name));
    let (phase, days, efc, soh, amps) = (phase?, days?, efc?, soh?, amps?);
    let groups = table.texts("group")?;
    let mut cells = Vec::new();
    for (name, rows) in table.groups("cell_id")? {
        let points: Vec<Point> = rows
            .iter()
            .filter(|&&k| days[k].is_finite() && efc[k].is_finite() && soh[k].is_finite())
            .map(|&k| Point { days: days[k], efc: efc[k], soh: soh[k], second: phase[k] == 2.0 })
            .collect();
        let hard: Vec<(f64, f64)> = points.iter().filter(|p| !p.second).map(|p| (p.efc, p.soh)).collect();
        let second = points.iter().filter(|p| p.second).count();
        let Some(first) = (hard.len() >= 5 && second >= 3).then(|| first_life(&hard)).flatten() else { continue };
        let Some(&row) = rows.first() else { continue };
        let hard_c = if amps[row] > 0.0 { amps[row] / NOMINAL_AH } else { HARD_C };
        cells.push(Cell { name, group: groups[row].to_owned(), hard_c, points, first });
    }
    Ok(cells)
}

/// Least squares over a grid of onsets.
fn first_life(points: &[(f64, f64)]) -> Option<FirstLife> {
    let last = points[points.len() - 2].0;
    let mut best: Option<(f64, FirstLife)> = None;
    for step in 0..60 {
        let onset = last * f64::from(step) / 59.0;
        let row = |n: f64| [1.0, -n / 1000.0, -((n - onset).max(0.0) / 1000.0).powf(POWER)];
        let (mut a, mut b) = ([[0.0; 3]; 3], [0.0; 3]);
        for &(n, q) in points {
            let r = row(n);
            for i in 0..3 {
                b[i] += r[i] * q;
                (0..3).for_each(|j| a[i][j] += r[i] * r[j]);
            }
        }
        let Some([start, rate, bend]) = solve(a, b) else { continue };
        if rate <= 0.0 || bend <= 0.0 {
            continue;
        }
        let squares: f64 = points
            .iter()
            .map(|&(n, q)| (row(n).iter().zip([start, rate, bend]).map(|(x, c)| x * c).sum::<f64>() - q).powi(2))
            .sum();
        if best.is_none_or(|(least, _)| squares < least) {
            let scale = 1000.0 / bend.powf(1.0 / POWER);
            best = Some((squares, FirstLife { start, rate: rate / 1000.0, onset, scale }));
        }
    }
    best.map(|(_, first)| first)
}

/// Three linear equations; none when they are not independent.
fn solve(a: [[f64; 3]; 3], b: [f64; 3]) -> Option<[f64; 3]> {
    let a = nalgebra::Matrix3::from_fn(|i, j| a[i][j]);
    let x = a.lu().solve(&nalgebra::Vector3::from(b))?;
    Some([x[0], x[1], x[2]])
}

/// SoH of the cell at its check-ups by the aging state, first to last, with one share for the mild duty.
fn predict(base: &Law, cell: &Cell, share: f64) -> Vec<f64> {
    let first = &cell.first;
    let mut spec = base.spec.clone();
    let steepness = (first.rate / MILD_RATE).ln() / (cell.hard_c / MILD_C).ln();
    spec.parameters = [
        ("settling_limit", 0.0),
        ("calendar_k", 0.0),
        ("late_k", 0.0),
        ("cycle_k", 1000.0 * MILD_RATE),
        ("cycle_p", 1.0),
        ("cycle_ea", 0.0),
        ("cycle_depth", 0.0),
        ("cycle_soc", 0.0),
        ("cycle_discharge", 0.0),
        ("cycle_charge", steepness),
        ("charge_ref", MILD_C),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    // At the mild rate the share counts; at the hard one all of it does.
    let hardness = MILD_C / cell.hard_c;
    let knee = KneeSpec {
        kind: KneeKind::Plating,
        threshold: first.rate * first.onset,
        threshold_sd: 0.0,
        efc_scale: first.scale,
        efc_ln_sd: 0.0,
        power: POWER,
        mild_share: (share - hardness) / (1.0 - hardness),
        c_reference: cell.hard_c,
    };
    let regain = RegainSpec {
        amplitude: 0.0,
        knee_share: KNEE_SHARE / (1.0 - hardness),
        c_reference: cell.hard_c,
        time_constant_days: RETURN_DAYS,
    };
    let options = AgingOptions { knee: Some(knee), regain: Some(regain), ..AgingOptions::default() };
    let Ok(law) = Law::new(spec, options) else { return vec![f64::NAN; cell.points.len()] };
    let mut state = AgingState::new(&law, UnitFactors::equal(1));
    let (mut day, mut efc) = (0.0, 0.0);
    let mut sohs = Vec::with_capacity(cell.points.len());
    for point in &cell.points {
        let c = if point.second { MILD_C } else { cell.hard_c };
        let steps = (point.days - day).ceil().max(1.0);
        let (days, cycles) = ((point.days - day) / steps, (point.efc - efc) / steps);
        for _ in 0..steps as usize {
            let stress = CycleStress {
                depth: 1.0,
                mean_soc: 0.5,
                temperature_k: TEMPERATURE_K,
                c_rate: c,
                c_charge: c,
                c_discharge: c,
                ocv_rms_v: None,
                efc: cycles,
                count: cycles,
            };
            state.duty_day(&law, &[stress], &[TEMPERATURE_K], &[0.5], days);
        }
        (day, efc) = (point.days, point.efc);
        sohs.push(first.start - 1.0 + state.health(&law, 0).capacity);
    }
    sohs
}

/// The share that describes a cell's own second life best.
fn best_share(base: &Law, cell: &Cell) -> f64 {
    let squares = |share: f64| -> f64 {
        let ours = predict(base, cell, share);
        ours.iter().zip(&cell.points).filter(|(_, p)| p.second).map(|(o, p)| (o - p.soh).powi(2)).sum()
    };
    let grid = (2..=52).map(|k| 0.025 * f64::from(k));
    grid.map(|share| (share, squares(share))).fold((0.4, f64::INFINITY), |b, x| if x.1 < b.1 { x } else { b }).0
}
