//! SimSES 1.3.12 (TUM): losses of single cells, hour by hour.
//!
//! Its half cycles close at each reversal of the SoC, rounded to three decimals. Cells of laws that we ship take their
//! rates from our law; the rest of the cells that are a line or two are repeated here.

use super::duty::{YEAR_DAYS, day, profile, swing};
use crate::aging::profile::Profile;
use crate::aging::{AgingOptions, CycleStress, Law};
use crate::validate::columns::Columns;
use crate::validate::plot::{Plot, Series};
use crate::validate::{Folder, Report, Tolerance};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Capacity at which the package was told to stop.
const END_OF_LIFE: f64 = 0.05;

const TOLERANCE: Tolerance = Tolerance::Absolute(1e-6);

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Duty {
    Calendar {
        temp_c: f64,
        soc: f64,
    },
    Cycle {
        temp_c: f64,
        #[serde(default)]
        temp_amp_c: f64,
        soc_hi: f64,
        soc_lo: f64,
        hours_dis: f64,
        hours_chg: f64,
    },
    Profile {
        profile: String,
    },
}

/// A case: the duty, and how used the cell is at the start.
#[derive(Clone, Debug)]
struct Case {
    duty: Duty,
    soh: f64,
    /// Share of the past loss that the calendar took.
    share: f64,
}

impl Duty {
    fn profile(&self, folder: &Folder<'_>) -> Result<Profile, String> {
        Ok(match self {
            Duty::Calendar { temp_c, soc } => day(24, |_| *soc, swing(*temp_c, 0.0)),
            Duty::Cycle { temp_c, temp_amp_c, soc_hi, soc_lo, hours_dis, hours_chg } => {
                let part = |h: f64, from: f64, hours: f64| ((h - from) / hours).clamp(0.0, 1.0);
                let out = |h: f64| part(h, 6.0, *hours_dis) - part(h, 14.0, *hours_chg);
                day(24, |h| soc_hi - (soc_hi - soc_lo) * out(h), swing(*temp_c, *temp_amp_c))
            }
            Duty::Profile { profile: name } => profile(folder, name)?,
        })
    }
}

fn cases(folder: &Folder<'_>) -> Result<BTreeMap<String, Result<Case, String>>, String> {
    let text = folder.text("cases.json")?;
    let values: Vec<serde_json::Value> = serde_json::from_str(&text).map_err(|e| format!("`cases.json`: {e}"))?;
    let case = |value: serde_json::Value| {
        let number = |name: &str, other: f64| value.get(name).and_then(serde_json::Value::as_f64).unwrap_or(other);
        let (soh, share) = (number("start_soh", 1.0), number("start_soh_share", 0.5));
        let name = value.get("case_id")?.as_str()?.to_owned();
        let duty = serde_json::from_value(value).map_err(|e| format!("`cases.json`: {e}"));
        Some((name, duty.map(|duty| Case { duty, soh, share })))
    };
    Ok(values.into_iter().filter_map(case).collect())
}

/// What a cell of the package has lost and gained since the start.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    calendar: f64,
    cycle: f64,
    calendar_r: f64,
    cycle_r: f64,
}

/// A half cycle as the package sees it.
#[derive(Clone, Copy, Debug)]
struct Half {
    depth: f64,
    c_rate: f64,
}

/// The package's detector of half cycles.
struct Detector {
    start: f64,
    last: f64,
    steps: f64,
    charging: bool,
}

impl Detector {
    fn new(soc: f64) -> Self {
        Detector { start: soc, last: soc, steps: 1.0, charging: true }
    }

    /// One hour; `soc` is rounded.
    fn step(&mut self, soc: f64) -> Option<Half> {
        if soc == self.last {
            return None;
        }
        let charging = soc > self.last;
        if charging == self.charging {
            self.last = soc;
            self.steps += 1.0;
            return None;
        }
        let depth = (self.start - self.last).abs();
        let half = Half { depth, c_rate: depth / self.steps };
        *self = Detector { start: self.last, last: soc, steps: 1.0, charging };
        Some(half)
    }
}

/// One of the package's cells.
enum Cell {
    /// A law of ours, by its own exact steps.
    Ours { law: Law, state: [f64; 4] },
    /// Sanyo: our numbers, its voltage, and steps by absolute time and charge.
    Sanyo { law: Law, days: f64, ah: f64, last_v: f64 },
    /// LG MJ1.
    Mj1,
    /// Titanate cells.
    Lto(Lto),
}

/// Numbers of a titanate cell.
struct Lto {
    early: [f64; 2],
    late: [f64; 4],
    cycle: [f64; 2],
    cycle_r: [f64; 2],
}

const LTO_NMC: Lto = Lto {
    early: [-0.3517, 0.2275],
    late: [-0.01189, 0.008428, -11.89, 107.7],
    cycle: [-0.0002419, 0.07146],
    cycle_r: [0.001111, -0.33],
};
const LTO_LMO: Lto = Lto {
    early: [-0.3583, 0.233405],
    late: [-0.009665, 0.004905, -12.27, 108.0],
    cycle: [-1.94e-5, 0.00551],
    cycle_r: [0.0001635, -0.04751],
};

/// Capacity of the package's Sanyo cell \[Ah\].
const SANYO_AH: f64 = 2.05;

impl Cell {
    fn named(stem: &str) -> Option<Result<Cell, String>> {
        let law = |name| crate::validate::law(name, AgingOptions::default());
        Some(match stem {
            "SonyLFP" => law("lfp_naumann").map(|mut law| {
                // A digit is missing in the package's table of resistance.
                law.parameters[17] = 0.9182;
                Cell::Ours { law, state: [0.0; 4] }
            }),
            "SanyoNMC" => law("nmc111_schmalstieg").map(|law| Cell::Sanyo { law, days: 0.0, ah: 0.0, last_v: 3.6 }),
            "LGMJ1_NMC" => Ok(Cell::Mj1),
            "LTONMC" => Ok(Cell::Lto(LTO_NMC)),
            "LTOLMO" => Ok(Cell::Lto(LTO_LMO)),
            _ => return None,
        })
    }

    /// Puts past losses in.
    fn start(&mut self, calendar: f64, cycle: f64) {
        if let Cell::Ours { law, state } = self {
            state[0] = law.mechanisms[0].shape.state(calendar);
            state[1] = law.mechanisms[1].shape.state(cycle);
        }
    }

    /// One hour at the stress of its end. `past` is what was lost before this hour, `q` the capacity then.
    fn hour(&mut self, soc: f64, t_k: f64, half: Option<Half>, q: f64, past: Sums) -> Sums {
        const DAY: f64 = 1.0 / 24.0;
        match self {
            Cell::Ours { law, state } => {
                let before = *state;
                for m in [0, 2] {
                    let rate = (law.form.time)(&law.parameters, m, t_k, soc);
                    state[m] = law.mechanisms[m].shape.advance(state[m], rate, DAY);
                }
                for (m, half) in [1, 3].into_iter().zip([half; 2]) {
                    let Some(Half { depth, c_rate }) = half else { continue };
                    let (c_charge, c_discharge, efc) = (c_rate, c_rate, 0.5 * depth);
                    let stress = CycleStress {
                        depth,
                        mean_soc: soc,
                        temperature_k: t_k,
                        c_rate,
                        c_charge,
                        c_discharge,
                        ocv_rms_v: None,
                        efc,
                        count: 0.5,
                    };
                    let rate = (law.form.cycle)(&law.parameters, m, &stress);
                    state[m] = law.mechanisms[m].shape.advance(state[m], rate, efc);
                }
                let gone = |m: usize| {
                    let shape = law.mechanisms[m].shape;
                    shape.loss(state[m]) - shape.loss(before[m])
                };
                Sums { calendar: gone(0), cycle: gone(1), calendar_r: gone(2), cycle_r: gone(3) }
            }
            Cell::Sanyo { law, days, ah, last_v } => {
                let (p, v) = (&law.parameters, sanyo_ocv(soc));
                let grown = (*days + DAY).powf(p[3]) - days.powf(p[3]);
                *days += DAY;
                let rate = |p: &[f64], least_v: f64| (p[0] * v.max(least_v) + p[1]) * (-p[2] / t_k).exp();
                let mut sums = Sums {
                    calendar: rate(&p[0..3], 3.149) * grown,
                    calendar_r: rate(&p[9..12], 3.097) * grown,
                    ..Sums::default()
                };
                if let Some(Half { depth, .. }) = half {
                    let mean_v = 0.5 * (*last_v + v);
                    *last_v = v;
                    let rate = |p: &[f64]| p[0] * (mean_v - p[1]).powi(2) + p[2] + p[3] * depth;
                    let moved = SANYO_AH * q * depth;
                    sums.cycle = rate(&p[4..8]) * ((*ah + moved).powf(p[8]) - ah.powf(p[8]));
                    sums.cycle_r = rate(&p[13..17]) * moved;
                    *ah += moved;
                }
                sums
            }
            Cell::Mj1 => {
                let k = (0.00315 * t_k - 0.4467) / 100.0;
                let calendar = k * ((past.calendar / k).powi(2) + DAY).sqrt() - past.calendar;
                let (efc, t) = (half.map_or(0.0, |h| 0.5 * h.depth), t_k.clamp(273.15, 298.15));
                Sums {
                    calendar,
                    calendar_r: 1.2736e-4 * DAY,
                    cycle: (2.305 - 0.00751 * t) / 100.0 * efc,
                    cycle_r: (2.005 - 0.006605 * t) / 100.0 * efc,
                }
            }
            Cell::Lto(lto) => {
                let calendar = if soc < 0.7 { 0.0 } else { lto.stored(soc, past.calendar, DAY) };
                let (efc, t) = (half.map_or(0.0, |h| 0.5 * h.depth), t_k.clamp(298.15, 318.15));
                Sums {
                    calendar,
                    calendar_r: DAY / 3500.0,
                    cycle: -(lto.cycle[0] * t + lto.cycle[1]) / 100.0 * efc,
                    cycle_r: (lto.cycle_r[0] * t + lto.cycle_r[1]) / 100.0 * efc,
                }
            }
        }
    }
}

impl Lto {
    /// Loss in storage in a time \[days\]: two lines, one after the other.
    fn stored(&self, soc: f64, loss: f64, days: f64) -> f64 {
        // In the package's own order of operations: the lines do not meet, and the last digit decides on which it is.
        let percent = (1.0 - loss) * 100.0;
        let mut slope = self.early[0] * soc + self.early[1];
        let (mut from, mut now) = (100.0, (percent - 100.0) / slope);
        if now > 35.0 {
            slope = self.late[0] * soc + self.late[1];
            from = self.late[2] * soc + self.late[3];
            now = (percent - from) / slope;
        }
        (1.0 - (slope * (now + days) + from) / 100.0) - loss
    }
}

/// The package's voltage of the Sanyo cell \[V\].
fn sanyo_ocv(soc: f64) -> f64 {
    let step = |k: f64, a: f64, b: f64| k / (1.0 + (a * (soc - b)).exp());
    2.3885
        + step(2.1430, -7.7487, -0.1714)
        + step(-0.6287, -0.0974, 2.6526)
        + step(-1.6708, 1.2023, 1.0)
        + step(1.6161, 3.9977, 0.0)
        + 0.7234 * soc
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
struct Row {
    efc: f64,
    q: f64,
    sums: Sums,
}

/// Runs a case; rows of the wanted days, which rise.
fn run(cell: &mut Cell, case: &Case, profile: &Profile, wanted: &[f64]) -> Vec<Row> {
    // As Python rounds: to the decimal nearest to the number itself.
    let rounded: Vec<f64> = profile.soc.iter().map(|s| format!("{s:.3}").parse().unwrap_or(*s)).collect();
    let past = [case.share, 1.0 - case.share].map(|share| (1.0 - case.soh) * share);
    cell.start(past[0], past[1]);
    let mut detector = Detector::new(profile.soc[0]);
    let mut row = Row { efc: 0.0, q: case.soh, sums: Sums::default() };
    let mut rows = Vec::with_capacity(wanted.len());
    let intervals = profile.soc.len() - 1;
    let last = wanted.iter().fold(0.0_f64, |a, &b| a.max(b));
    for hour in 0..=(24.0 * last).round() as usize {
        if hour > 0 {
            let k = (hour - 1) % intervals + 1;
            let half = detector.step(rounded[k]);
            let before = row.sums;
            let absolute = Sums { calendar: before.calendar + past[0], cycle: before.cycle + past[1], ..before };
            let more = cell.hour(profile.soc[k], profile.temperature_k[k], half, row.q, absolute);
            row.sums = Sums {
                calendar: before.calendar + more.calendar,
                cycle: before.cycle + more.cycle,
                calendar_r: before.calendar_r + more.calendar_r,
                cycle_r: before.cycle_r + more.cycle_r,
            };
            row.q = case.soh - row.sums.calendar - row.sums.cycle;
            row.efc += 0.5 * (profile.soc[k] - profile.soc[k - 1]).abs();
        }
        while wanted.get(rows.len()).is_some_and(|days| (24.0 * days).round() as usize == hour) {
            rows.push(row);
        }
    }
    rows
}

/// Tables of losses.
pub(super) fn losses(folder: &Folder<'_>, report: &mut Report) -> bool {
    let tables =
        folder.read_tables(&["case_id", "t_days", "efc_soc", "q_loss_cal", "q_loss_cyc", "r_inc_cal", "r_inc_cyc"]);
    if tables.is_empty() {
        return false;
    }
    match cases(folder) {
        Ok(cases) => {
            for (stem, set, table) in &tables {
                if let Err(why) = losses_of(stem, set, table, folder, &cases, report) {
                    report.skip(set, "", &why);
                }
            }
        }
        Err(why) => report.skip(&folder.set(), "", &why),
    }
    true
}

fn losses_of(
    stem: &str,
    set: &str,
    table: &Columns,
    folder: &Folder<'_>,
    cases: &BTreeMap<String, Result<Case, String>>,
    report: &mut Report,
) -> Result<(), String> {
    Cell::named(stem).ok_or("the law of this cell does not ship")??;
    let days = table.numbers("t_days")?;
    type Of = fn(&Row) -> f64;
    let metrics: [(&str, Of); 6] = [
        ("q", |row| row.q),
        ("q_loss_cal", |row| row.sums.calendar),
        ("q_loss_cyc", |row| row.sums.cycle),
        ("r_inc_cal", |row| row.sums.calendar_r),
        ("r_inc_cyc", |row| row.sums.cycle_r),
        ("efc_soc", |row| row.efc),
    ];
    let columns: Result<Vec<Vec<f64>>, String> = metrics.iter().map(|(name, _)| table.numbers(name)).collect();
    let columns = columns?;
    let (x, y) = ("years".into(), "capacity over new".into());
    let mut plot = Plot { file: Plot::stem(&[set]), title: format!("{stem}, SimSES"), x, y, series: Vec::new() };
    for (case_id, rows) in table.groups("case_id")? {
        let prepared = match cases.get(&case_id) {
            None => Err("the case is not in `cases.json`".to_owned()),
            Some(Err(why)) => Err(why.clone()),
            Some(Ok(case)) => case.duty.profile(folder).map(|profile| (case, profile)),
        };
        let (case, profile) = match prepared {
            Ok(prepared) => prepared,
            Err(why) => {
                report.skip(set, &case_id, &why);
                continue;
            }
        };
        let Some(Ok(mut cell)) = Cell::named(stem) else { continue };
        let wanted: Vec<f64> = rows.iter().map(|&row| days[row]).collect();
        let ours = run(&mut cell, case, &profile, &wanted);
        for ((metric, of), column) in metrics.iter().zip(&columns) {
            let tolerance = if *metric == "efc_soc" { Tolerance::Relative(1e-6) } else { TOLERANCE };
            let ours = (0..rows.len()).map(|i| ours.get(i).map_or(f64::NAN, of));
            // In the hour in which the package stops, capacity is already that of the end and the sums are not.
            let whole = |row: usize| *metric == "q" || columns[0][row] >= END_OF_LIFE;
            let pairs = rows.iter().zip(ours).filter(|(row, _)| whole(**row)).map(|(&row, our)| (column[row], our));
            report.series(set, &case_id, metric, pairs.filter(|(theirs, _)| theirs.is_finite()), tolerance);
        }
        let years = |i: usize| wanted[i] / YEAR_DAYS;
        plot.series.push(Series {
            label: case_id.clone(),
            reference: rows.iter().enumerate().map(|(i, &row)| (years(i), columns[0][row])).collect(),
            ours: ours.iter().enumerate().map(|(i, row)| (years(i), row.q)).collect(),
        });
    }
    report.plot(plot);
    Ok(())
}
