//! Cells identified by [`crate::identify`], held to loads that the fit did not see.
//!
//! Known by a time, a current and a voltage ([`Trace`] knows their names) in tables that are no part of a circuit's case.
//! The tables of a folder are one cell, or, where stems have three words and more, those with the same first two. What a
//! trace is for is read from it: one way for eight hours is a slow leg, many rests with little charge between them are a
//! pulse test, the others are loads to foretell. Without a pulse test the first half of a long load serves as one.

use crate::cell::CellSpec;
use crate::identify::{Comparison, IdentifyOptions, Trace, TraceError, identify};
use crate::validate::{Folder, LIBRARY, Plot, Report, Series, Tolerance};
use std::collections::BTreeMap;

/// Root mean square of the voltage in discharge \[V\]; of a flat LFP curve the smaller.
const TOLERANCE_V: [f64; 2] = [0.02, 0.01];
/// Cells of the library to begin with.
const LIKE: [&str; 2] = ["nmc_pouch", "lfp_prismatic"];
/// Highest voltage that tells LFP from the others \[V\].
const LFP_V: f64 = 3.8;
/// A leg one way that lasts so long is slow \[s\].
const SLOW_S: f64 = 8.0 * 3600.0;
/// Rest before a pulse \[s\].
const REST_S: f64 = 60.0;
/// Pulses that make a test, and their largest share of the charge that the trace goes through.
const PULSES: usize = 6;
const PULSE_SHARE: f64 = 0.25;
/// Rows of a load of which half may be seen.
const LONG_LOAD: usize = 1000;

/// Traces of one cell.
#[derive(Default)]
struct CellTraces {
    slow: Vec<Trace>,
    pulses: Vec<Trace>,
    loads: Vec<Trace>,
}

/// Compares every cell of a folder.
pub(super) fn loads(folder: &Folder<'_>, report: &mut Report) -> bool {
    let mut cells: BTreeMap<String, CellTraces> = BTreeMap::new();
    let mut found = false;
    if folder.has("case.json") {
        return false;
    }
    for stem in folder.tables() {
        let Ok(text) = folder.text(&format!("{stem}.csv")) else { continue };
        let traces = match read(stem, &text) {
            Err(TraceError::NoColumn { .. } | TraceError::NoTable { .. }) => continue,
            Err(error) => {
                found = true;
                report.skip(&format!("{}/{stem}", folder.set()), "", &error.to_string());
                continue;
            }
            Ok(traces) => traces,
        };
        let ambient_c = temperature_of(stem);
        found = true;
        let cell = cells.entry(cell_of(stem)).or_default();
        for mut trace in traces {
            trace.ambient_c = ambient_c;
            match Use::of(&trace) {
                Use::Slow => cell.slow.push(trace),
                Use::Pulses => cell.pulses.push(trace),
                Use::Load => cell.loads.push(trace),
            }
        }
    }
    for (name, cell) in cells {
        let set = if name.is_empty() { folder.set() } else { format!("{}/{name}", folder.set()) };
        if let Err(why) = compare(&set, cell, report) {
            report.skip(&set, "", &why);
        }
    }
    found
}

/// Every test of a table.
fn read(stem: &str, text: &str) -> Result<Vec<Trace>, TraceError> {
    match Trace::parse(stem, text, None, None) {
        Err(TraceError::SeveralTests { column, values, .. }) => {
            values.into_iter().map(|value| Trace::parse(stem, text, Some(&(column.clone(), value)), None)).collect()
        }
        other => other.map(|trace| vec![trace]),
    }
}

fn cell_of(stem: &str) -> String {
    let words: Vec<&str> = stem.split('_').collect();
    if words.len() < 3 { String::new() } else { words[..2].join("_") }
}

/// Temperature of the surroundings that a stem names, as `hppc_10C`: two digits and more, which no rate has. Several
/// numbers are temperatures of several parts, so that none is known.
fn temperature_of(stem: &str) -> Option<f64> {
    let number = |word: &str| word.parse::<u8>().ok().filter(|t| (10..=80).contains(t)).map(f64::from);
    let words: Vec<&str> = stem.split('_').collect();
    let mut named = words.iter().filter_map(|w| number(w.strip_suffix(['c', 'C'])?));
    let bare = words.iter().any(|w| number(w).is_some());
    named.next().filter(|_| !bare && named.next().is_none())
}

/// What a trace is for.
#[derive(Debug, PartialEq)]
enum Use {
    Slow,
    Pulses,
    Load,
}

impl Use {
    fn of(trace: &Trace) -> Use {
        let rows = &trace.rows;
        let most = rows.iter().map(|r| r.current_a.abs()).fold(0.0, f64::max);
        let way = |i: f64| if i.abs() <= 0.005 * most { 0.0 } else { i.signum() };
        // Stretches of one way: rest before, time and charge of the loads.
        let (mut passed, mut low, mut high) = (0.0_f64, 0.0_f64, 0.0_f64);
        let (mut longest, mut since, mut rested) = (0.0_f64, rows[0].time_s, 0.0);
        let mut pulses: Vec<f64> = Vec::new();
        let mut from = 0.0;
        for w in rows.windows(2) {
            let (before, here) = (way(w[0].current_a), way(w[1].current_a));
            if here != before {
                if before == 0.0 {
                    rested = w[0].time_s - since;
                } else if rested >= REST_S {
                    pulses.push((passed - from).abs());
                    rested = 0.0;
                }
                (since, from) = (w[0].time_s, passed);
            }
            passed += w[1].current_a * (w[1].time_s - w[0].time_s);
            (low, high) = (low.min(passed), high.max(passed));
            if here != 0.0 {
                longest = longest.max(w[1].time_s - since);
            }
        }
        let small = pulses.iter().filter(|q| **q < PULSE_SHARE * (high - low)).count();
        if longest >= SLOW_S {
            Use::Slow
        } else if small >= PULSES {
            Use::Pulses
        } else {
            Use::Load
        }
    }
}

fn compare(set: &str, mut cell: CellTraces, report: &mut Report) -> Result<(), String> {
    if cell.pulses.is_empty() {
        let long = cell.loads.iter().find(|t| t.rows.len() >= LONG_LOAD).filter(|_| !cell.slow.is_empty());
        let (seen, unseen) = halves(long.ok_or("no pulse test to identify the cell on")?);
        (cell.pulses, cell.loads) = (vec![seen], vec![unseen]);
    }
    if cell.loads.is_empty() {
        return Err("no load beside the pulse test".into());
    }
    let all = || cell.pulses.iter().chain(&cell.slow).chain(&cell.loads).flat_map(|t| &t.rows).map(|r| r.voltage_v);
    let lfp = usize::from(all().fold(0.0, f64::max) < LFP_V);
    let library = LIBRARY.as_ref().ok_or("the built-in library cannot be read")?;
    let like: CellSpec = library.get(LIKE[lfp]).map_err(|_| format!("the library has no cell `{}`", LIKE[lfp]))?;
    let lowest = (all().fold(f64::MAX, f64::min) * 10.0).round() / 10.0;
    let voltage_min_v = cell.slow.is_empty().then_some(lowest);
    let options = IdentifyOptions { voltage_min_v, ..IdentifyOptions::like(like) };
    let found = identify(&cell.pulses, &cell.slow, &options).map_err(|error| error.to_string())?;
    let above = options.above_v;
    for trace in &found.pulses {
        let metric = format!("rms above {above} V, identified on");
        report.compare(set, &trace.name, &metric, (0.0, rms(trace)), Tolerance::ToldAbsolute);
    }
    let mut plot = Plot {
        file: set.replace('/', "_"),
        title: "Voltage of loads that the fit did not see".into(),
        x: "hours".into(),
        y: "V".into(),
        series: Vec::new(),
    };
    for load in &cell.loads {
        let told = found.check(load, None).and_then(|here| Ok((here, found.check_entry(load, None)?)));
        let (here, entry) = match told {
            Ok(told) => told,
            Err(error) => {
                report.skip(set, &load.name, &error.to_string());
                continue;
            }
        };
        let metric = format!("rms above {above} V in discharge, foretold");
        report.compare(set, &load.name, &metric, (0.0, rms(&here)), Tolerance::Absolute(TOLERANCE_V[lfp]));
        let metric = format!("rms above {above} V in discharge, by the library entry");
        report.compare(set, &load.name, &metric, (0.0, rms(&entry)), Tolerance::ToldAbsolute);
        let line = |v: fn(&crate::identify::Beside) -> f64| {
            let step = here.rows.len().div_ceil(400);
            here.rows.iter().step_by(step.max(1)).map(|r| (r.time_s / 3600.0, v(r))).collect::<Vec<_>>()
        };
        let (reference, ours) = (line(|r| r.measured_v), line(|r| r.model_v));
        plot.series.push(Series { label: load.name.clone(), reference, ours });
    }
    report.plot(plot);
    Ok(())
}

fn rms(comparison: &Comparison) -> f64 {
    comparison.rmse_discharge_v().unwrap_or(f64::NAN)
}

/// A load twice: its first half counts, and its second.
fn halves(load: &Trace) -> (Trace, Trace) {
    let middle = 0.5 * (load.rows[0].time_s + load.rows[load.rows.len() - 1].time_s);
    let half = |late: bool| {
        let mut trace = load.clone();
        trace.rows.iter_mut().for_each(|r| r.counted = (r.time_s > middle) == late);
        trace.name = format!("{}, {} half", load.name, if late { "second" } else { "first" });
        trace
    };
    (half(false), half(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps of (current, seconds), a row every ten seconds.
    fn trace(steps: &[(f64, f64)]) -> Trace {
        let mut text = String::from("time_s,current_a,voltage_v\n0,0,4.1\n");
        let (mut time, mut taken) = (0.0, 0.0);
        for (current, seconds) in steps {
            for _ in 0..(seconds / 10.0) as usize {
                time += 10.0;
                taken += current * 10.0;
                text += &format!("{time},{current},{}\n", 4.1 - 1e-6 * taken - 1e-3 * current);
            }
        }
        Trace::parse("t", &text, None, Some(crate::identify::Sign::Discharge)).unwrap()
    }

    #[test]
    fn the_use_of_a_trace_is_read_from_it() {
        assert_eq!(Use::of(&trace(&[(0.0, 100.0), (1.0, 30_000.0), (0.0, 100.0)])), Use::Slow);
        let pulse = [(20.0, 600.0), (0.0, 1200.0)];
        let test = [vec![(0.0, 100.0)], pulse.repeat(10)].concat();
        assert_eq!(Use::of(&trace(&test)), Use::Pulses);
        // Whole discharges with rests between are none.
        let cycle = [(0.0, 600.0), (20.0, 3000.0), (0.0, 600.0), (-20.0, 3000.0)];
        assert_eq!(Use::of(&trace(&cycle.repeat(5))), Use::Load);
        let drive = [(20.0, 30.0), (5.0, 50.0), (0.0, 20.0), (-10.0, 10.0)];
        assert_eq!(Use::of(&trace(&drive.repeat(40))), Use::Load);
    }

    #[test]
    fn a_stem_names_a_temperature_or_a_rate() {
        assert_eq!(temperature_of("hppc_10C"), Some(10.0));
        assert_eq!(temperature_of("trace_lghg2_hppc_45c_cell2"), Some(45.0));
        for none in ["discharge_1C", "slow_cycles_10_24_40c", "c25_ocv", "hppc", "trace_c30_cell10"] {
            assert_eq!(temperature_of(none), None, "{none}");
        }
    }

    #[test]
    fn tables_of_one_cell_share_their_first_words() {
        assert_eq!(cell_of("trace_leaf_1c_discharge"), cell_of("trace_leaf_hppc_25c"));
        assert_ne!(cell_of("trace_leaf_1c_discharge"), cell_of("trace_a123_udds_25c"));
        assert_eq!(cell_of("discharge_1C"), cell_of("hppc_25C"));
    }

    #[test]
    fn halves_of_a_load_share_no_row() {
        let (seen, unseen) = halves(&trace(&[(5.0, 1000.0)]));
        assert!(seen.rows.iter().zip(&unseen.rows).all(|(a, b)| a.counted != b.counted));
        assert!(seen.rows[0].counted && !unseen.rows[0].counted);
    }
}
