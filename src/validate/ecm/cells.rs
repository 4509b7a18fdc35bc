//! One cell under current, power, voltage or a sequence of them.

use super::read::CellIn;
use super::{Metric, show, together};
use crate::cell::ZERO_CELSIUS_K;
use crate::cell::model::{Bounds, Control, Ended, Model, Quantity, Segment, State, Stop, Terminal};
use crate::validate::columns::Columns;
use crate::validate::{Folder, Report, Series, Tolerance};
use serde::Deserialize;

/// Step of the comparison \[s\].
const STEP_S: f64 = 1.0;
/// A row this near to the end of a segment is the end of it \[s\].
const SAME_S: f64 = 1e-3;

#[derive(Deserialize)]
struct CaseIn {
    #[serde(flatten)]
    cell: CellIn,
    control: String,
    initial_soc: f64,
    #[serde(default)]
    stop_reason: String,
    #[serde(default)]
    segment_limits: Vec<Option<LimitIn>>,
}

/// Quantity, value, whether it was reached, and after how many seconds.
#[derive(Deserialize)]
struct LimitIn(String, f64, String, f64);

struct Case {
    model: Model,
    start: State,
    air_k: f64,
    bounds: Bounds,
    segments: Vec<Segment>,
    /// Stop condition of each segment, with the time of the reference if it was reached.
    stops: Vec<Option<(Quantity, f64, Option<f64>)>>,
    end: End,
}

/// How the rows of the reference end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// With the profile.
    Profile,
    /// On a limit.
    Limit,
    /// Near a limit: it was passed or not quite reached when the reference stopped.
    NearLimit,
}

/// Ours at a row of the reference.
#[derive(Clone, Copy)]
struct Row {
    state: State,
    terminal: Terminal,
    heat_w: f64,
}

struct Run {
    rows: Vec<Option<Row>>,
    ended: Ended,
    time_s: f64,
    /// Segment, time of the reference, ours.
    stops: Vec<(usize, f64, f64)>,
}

fn segments(folder: &Folder<'_>, case: &CaseIn) -> Result<Vec<(Control, f64)>, String> {
    let table = Columns::read(&folder.text("profile.csv")?)?;
    let durations = table.numbers("duration_s")?;
    let controls: Vec<Control> = if table.has(&["mode", "value"]) {
        let read = |(mode, value): (&str, f64)| control(mode, value);
        table.texts("mode")?.into_iter().zip(table.numbers("value")?).map(read).collect::<Result<_, _>>()?
    } else {
        let names = [("current_A", "current"), ("power_W", "power"), ("voltage_V", "voltage")];
        let found = names.iter().find(|(column, _)| table.has(&[column]));
        let (column, mode) = found.ok_or_else(|| format!("no column for control `{}`", case.control))?;
        table.numbers(column)?.into_iter().map(|value| control(mode, value)).collect::<Result<_, _>>()?
    };
    Ok(controls.into_iter().zip(durations).collect())
}

/// A control by its word.
pub(super) fn control(mode: &str, value: f64) -> Result<Control, String> {
    match mode {
        "current" => Ok(Control::Current(value)),
        "power" => Ok(Control::Power(value)),
        "voltage" => Ok(Control::Voltage(value)),
        "rest" => Ok(Control::REST),
        _ => Err(format!("unknown mode `{mode}`")),
    }
}

fn prepare(folder: &Folder<'_>, case: &CaseIn, end: End) -> Result<Case, String> {
    let listed = segments(folder, case)?;
    let mut stops = Vec::new();
    for k in 0..listed.len() {
        stops.push(match case.segment_limits.get(k) {
            Some(Some(LimitIn(what, value, reached, after_s))) => {
                let quantity = match what.as_str() {
                    "voltage_V" => Quantity::Voltage,
                    "current_A" => Quantity::Current,
                    "soc" => Quantity::Soc,
                    _ => return Err(format!("unknown stop condition `{what}`")),
                };
                Some((quantity, *value, (reached == "reached").then_some(*after_s)))
            }
            _ => None,
        });
    }
    Ok(Case {
        model: case.cell.model(folder, true)?,
        start: State::rested(case.initial_soc, case.cell.start_k()),
        air_k: case.cell.air_k(),
        bounds: Bounds { voltage_v: [case.cell.v_min, case.cell.v_max], soc: [0.0, 1.0] },
        segments: listed.into_iter().map(|(control, duration_s)| Segment { control, duration_s, stop: None }).collect(),
        stops,
        end,
    })
}

/// Voltage and SoC this near to a limit are on it.
const ON_LIMIT: [f64; 2] = [2e-5, 1e-6];

fn end_of(case: &CaseIn, expected: &Columns) -> Result<End, String> {
    if case.stop_reason.is_empty() || case.stop_reason.contains("end of profile") {
        return Ok(End::Profile);
    }
    let last = |name: &str| Ok::<f64, String>(expected.numbers(name)?.last().copied().unwrap_or(f64::NAN));
    let (v, soc) = (last("voltage_V")?, last("soc")?);
    let on = |x: f64, limits: [f64; 2], near: f64| limits.iter().any(|limit| (x - limit).abs() <= near);
    let met = on(v, [case.cell.v_min, case.cell.v_max], ON_LIMIT[0]) || on(soc, [0.0, 1.0], ON_LIMIT[1]);
    Ok(if met { End::Limit } else { End::NearLimit })
}

impl Case {
    fn row(&self, state: &State, terminal: Terminal) -> Row {
        Row { state: *state, terminal, heat_w: self.model.heat(state, terminal.current_a) }
    }

    /// The stop condition of a segment, with the side it is met from.
    fn stop(&self, k: usize, state: &State) -> Result<Option<Stop>, String> {
        let Some((quantity, value, _)) = self.stops[k] else { return Ok(None) };
        let now = self.model.terminal(state, self.segments[k].control).map_err(|e| e.to_string())?;
        let at = match quantity {
            Quantity::Voltage => now.voltage_v,
            Quantity::Current => now.current_a,
            Quantity::Soc => state.soc,
            Quantity::Temperature => state.temperature_k,
        };
        Ok(Some(Stop { quantity, value, rising: at < value }))
    }

    /// Runs the case, with a row for each of the times. A segment whose stop condition was reached lasts as long as that of
    /// the reference, so that later rows can be compared; when we meet it ourselves is told beside.
    fn run(&self, times_s: &[f64], step_s: f64) -> Result<Run, String> {
        // Rows that do not end on a limit are followed to their end.
        let bounds = if self.end == End::NearLimit { Bounds::NONE } else { self.bounds };
        self.run_within(times_s, step_s, &bounds)
    }

    fn run_within(&self, times_s: &[f64], step_s: f64, bounds: &Bounds) -> Result<Run, String> {
        let told = |error: crate::cell::model::ModelError| error.to_string();
        let mut state = self.start;
        let mut run = Run { rows: vec![None; times_s.len()], ended: Ended::Time, time_s: 0.0, stops: Vec::new() };
        let mut next = 0;
        if times_s.first() == Some(&0.0) {
            let terminal = self.model.terminal(&state, Control::REST).map_err(told)?;
            run.rows[0] = Some(self.row(&state, terminal));
            next = 1;
        }
        for (k, segment) in self.segments.iter().enumerate() {
            let mut duration_s = segment.duration_s;
            let stop = self.stop(k, &state)?;
            match self.stops[k] {
                Some((_, _, Some(after_s))) => {
                    let mut there = state;
                    let alone = Segment { stop, ..*segment };
                    let ran = self.model.run(&mut there, &alone, step_s, bounds, self.air_k).map_err(told)?;
                    let ours = if ran.ended == Ended::Stop { ran.time_s } else { f64::NAN };
                    run.stops.push((k, after_s, ours));
                    duration_s = after_s;
                }
                Some((_, _, None)) => {
                    let mut there = state;
                    let alone = Segment { stop, ..*segment };
                    let ran = self.model.run(&mut there, &alone, step_s, bounds, self.air_k).map_err(told)?;
                    if ran.ended == Ended::Stop {
                        run.stops.push((k, f64::INFINITY, ran.time_s));
                    }
                }
                None => {}
            }
            let (start_s, end_s) = (run.time_s, run.time_s + duration_s);
            let mut now_s = start_s;
            while now_s < end_s {
                let row = times_s.get(next).filter(|t| **t < end_s + SAME_S).copied();
                let last = self.end == End::Limit && next + 1 == times_s.len();
                let to_s = row.filter(|t| !last && *t < end_s - SAME_S).unwrap_or(end_s);
                let part = Segment { control: segment.control, duration_s: to_s - now_s, stop: None };
                let ran = self.model.run(&mut state, &part, step_s, bounds, self.air_k).map_err(told)?;
                now_s = if ran.ended == Ended::Time { to_s } else { now_s + ran.time_s };
                let due = row.is_some() || ran.ended != Ended::Time;
                if let Some(into) = run.rows.get_mut(next).filter(|_| due) {
                    *into = Some(self.row(&state, ran.terminal));
                    next += 1;
                }
                let followed = self.end == End::NearLimit && next > 0 && next == times_s.len();
                if ran.ended != Ended::Time || followed {
                    run.time_s = now_s;
                    run.ended = ran.ended;
                    return Ok(run);
                }
            }
            run.time_s = end_s;
        }
        Ok(run)
    }
}

/// Whether a reason in words is the end that we found.
fn same_end(words: &str, ended: Ended) -> bool {
    let words = words.to_lowercase();
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    let (low, high) = (has(&["min", "low", "empty"]), has(&["max", "high", "full", "upper"]));
    let either = |low_end, high_end| match (low, high) {
        (true, false) => ended == low_end,
        (false, true) => ended == high_end,
        _ => ended == low_end || ended == high_end,
    };
    if has(&["soc", "charge"]) {
        either(Ended::SocLow, Ended::SocHigh)
    } else if has(&["volt"]) {
        either(Ended::VoltageLow, Ended::VoltageHigh)
    } else {
        ended == Ended::Time
    }
}

pub(super) fn compare(folder: &Folder<'_>, text: &str, report: &mut Report) -> Result<(), String> {
    let case: CaseIn = serde_json::from_str(text).map_err(|error| format!("`case.json`: {error}"))?;
    let expected = Columns::read(&folder.text("expected.csv")?)?;
    let times_s = expected.numbers("time_s")?;
    let prepared = prepare(folder, &case, end_of(&case, &expected)?)?;
    let run = prepared.run(&times_s, STEP_S)?;
    let half = prepared.run(&times_s, 0.5 * STEP_S)?;

    let constant = case.cell.is_constant() && case.control == "current";
    let (kind, voltage_v, soc, kelvin) = match case.control.as_str() {
        "current" if constant => ("constant parameters", 1e-6, 1e-8, 0.05),
        "current" => ("current", 5e-4, 1e-8, 0.03),
        _ => ("power or voltage", 1e-3, 1.5e-4, 0.03),
    };
    let mut metrics: Vec<Metric<'_, Row>> = vec![
        ("voltage_V".into(), Box::new(|r| r.terminal.voltage_v), Tolerance::Absolute(voltage_v)),
        ("soc".into(), Box::new(|r| r.state.soc), Tolerance::Absolute(soc)),
        ("T_cell_degC".into(), Box::new(|r| r.state.temperature_k - ZERO_CELSIUS_K), Tolerance::Absolute(kelvin)),
        ("T_jig_degC".into(), Box::new(|r| r.state.jig_k - ZERO_CELSIUS_K), Tolerance::Absolute(kelvin)),
        ("ocv_V".into(), Box::new(|r| prepared.model.ocv(r.state.soc)), Tolerance::Absolute(voltage_v)),
        ("v_hyst_V".into(), Box::new(|r| r.state.hysteresis_v), Tolerance::Absolute(voltage_v)),
        ("heat_W".into(), Box::new(|r| r.heat_w), Tolerance::ToldAbsolute),
        ("current_A".into(), Box::new(|r| r.terminal.current_a), Tolerance::ToldAbsolute),
    ];
    for k in 0..case.cell.pairs() {
        let value: Box<dyn Fn(&Row) -> f64> = Box::new(move |r| r.state.pairs_v[k]);
        metrics.push((format!("v_rc{}_V", k + 1), value, Tolerance::Absolute(voltage_v)));
    }
    let (set, name) = (super::set_of(folder), folder.name().to_owned());
    for (column, value, tolerance) in &metrics {
        if expected.has(&[column]) {
            let pairs = together(&expected.numbers(column)?, &run.rows, value);
            report.series(&set, &name, &format!("{column}, {kind}"), pairs, *tolerance);
        }
    }
    let voltage = expected.numbers("voltage_V")?;
    let worst = |run: &Run| {
        let pairs = together(&voltage, &run.rows, &metrics[0].1);
        pairs.iter().fold(0.0_f64, |worst, (a, b)| worst.max((a - b).abs()))
    };
    let metric = format!("worst voltage with steps of 0.5 s, {kind}");
    report.compare(&set, &name, &metric, (0.0, worst(&half)), Tolerance::Absolute(voltage_v));

    let stopped = if prepared.end == End::NearLimit {
        prepared.run_within(&[], STEP_S, &prepared.bounds)?
    } else {
        Run { rows: Vec::new(), stops: Vec::new(), ..run }
    };
    let agrees = same_end(&case.stop_reason, stopped.ended);
    let metric = format!("stops as the reference, {kind}");
    report.compare(&set, &name, &metric, (1.0, f64::from(u8::from(agrees))), Tolerance::Absolute(0.0));
    let pair = (times_s.last().copied().unwrap_or(f64::NAN), stopped.time_s);
    let within_s = if case.control == "current" { 0.05 } else { 1.0 };
    match prepared.end {
        End::Profile => {}
        End::Limit => {
            let metric = format!("time of the stop [s], {kind}");
            report.compare(&set, &name, &metric, pair, Tolerance::Absolute(within_s));
        }
        End::NearLimit => {
            let metric = "time of the stop, where the reference is not on its limit [s]";
            report.compare(&set, &name, metric, pair, Tolerance::ToldAbsolute);
        }
    }
    stops(&prepared, &run, &expected, (&set, &name), report)?;
    let ours = run.rows.iter().map(|row| row.map_or(f64::NAN, |r| r.terminal.voltage_v)).collect();
    report.plot(show(
        (&set, &name),
        "Voltage [V]",
        vec![Series { label: "voltage".into(), ..super::series(&times_s, &voltage, ours) }],
    ));
    Ok(())
}

/// Times of stop conditions. Where the reference went past or fell short of its own condition, the time is told only.
fn stops(
    prepared: &Case,
    run: &Run,
    expected: &Columns,
    (set, name): (&str, &str),
    report: &mut Report,
) -> Result<(), String> {
    let times_s = expected.numbers("time_s")?;
    let mut start_s = 0.0;
    for (k, segment) in prepared.segments.iter().enumerate() {
        let Some((quantity, value, after_s)) = prepared.stops[k] else {
            start_s += segment.duration_s;
            continue;
        };
        start_s += after_s.unwrap_or(segment.duration_s);
        let found = run.stops.iter().find(|stop| stop.0 == k);
        let (Some(theirs_s), Some(&(_, _, ours_s))) = (after_s, found) else {
            if let Some(&(_, theirs_s, ours_s)) = found {
                let metric = "stop condition that was not met [s]";
                report.compare(set, name, metric, (theirs_s, ours_s), Tolerance::Absolute(0.0));
            }
            continue;
        };
        let column = match quantity {
            Quantity::Voltage => "voltage_V",
            Quantity::Current => "current_A",
            _ => "soc",
        };
        let at = times_s.iter().position(|t| (t - start_s).abs() < SAME_S);
        let missed = match at {
            Some(row) => (expected.numbers(column)?[row] - value).abs(),
            None => 0.0,
        };
        let exact = missed <= 1e-5 * value.abs();
        let (metric, tolerance) = if exact {
            ("time of the stop condition [s]".to_owned(), Tolerance::Absolute(0.5))
        } else {
            let metric = format!("time of a stop condition that the reference misses by {missed:.1e} [s]");
            (metric, Tolerance::ToldAbsolute)
        };
        report.compare(set, name, &metric, (theirs_s, ours_s), tolerance);
    }
    Ok(())
}
