//! A logged test: time, current, voltage, and perhaps temperature and state of charge.

use super::error::TraceError;
use super::request::TraceRequest;
use super::sign::{Sign, only_magnitudes, sign_by_voltage};
use crate::library::nearest;
use std::path::Path;

/// Share of the highest current below which a cell counts as at rest.
pub(super) const REST_SHARE: f64 = 0.005;
/// Change of the voltage between two rows up to which it counts as held \[V\].
const HELD_V: f64 = 0.003;

/// A row of a trace. The current flows since the row before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Time \[s\].
    pub time_s: f64,
    /// Current, positive on discharge \[A\].
    pub current_a: f64,
    /// Terminal voltage \[V\].
    pub voltage_v: f64,
    /// Temperature of the cell \[degC\].
    pub temperature_c: Option<f64>,
    /// State of charge, where the file has it.
    pub soc: Option<f64>,
    /// Whether it lies in the asked range of time.
    pub counted: bool,
}

/// A test in the order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Name for messages and pictures.
    pub name: String,
    /// Rows.
    pub rows: Vec<Sample>,
    /// How the file gave the current.
    pub sign: Sign,
    /// Temperature of the surroundings, where it is known of this trace \[degC\]; the cell begins at it unless its own is
    /// logged.
    pub ambient_c: Option<f64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Field {
    Time,
    Current,
    Voltage,
    Temperature,
    Soc,
    Charge,
}

/// Names of columns, what they hold, what they are multiplied by, and whether a current of that name is one of charge.
const KNOWN: &[(&str, Field, f64, bool)] = &[
    ("time_s", Field::Time, 1.0, false),
    ("t_s", Field::Time, 1.0, false),
    ("time_h", Field::Time, 3600.0, false),
    ("current_a", Field::Current, 1.0, false),
    ("mean_current_since_previous_row_A", Field::Current, 1.0, false),
    ("i_a", Field::Current, 1.0, true),
    ("voltage_v", Field::Voltage, 1.0, false),
    ("voltage_V", Field::Voltage, 1.0, false),
    ("v", Field::Voltage, 1.0, false),
    ("temperature_c", Field::Temperature, 1.0, false),
    ("temp_c", Field::Temperature, 1.0, false),
    ("soc", Field::Soc, 1.0, false),
    ("soc_pct", Field::Soc, 0.01, false),
    ("ah", Field::Charge, 1.0, false),
    ("charge_ah", Field::Charge, 1.0, false),
];

/// Columns that tell tests apart in one file.
const GROUPS: [&str; 4] = ["test", "cell_id", "step_name", "run"];

impl Trace {
    /// Reads the asked part of a CSV file. `sign` holds against what the names of the columns say.
    ///
    /// # Errors
    /// The first problem with its line and column.
    pub fn read(request: &TraceRequest, sign: Option<Sign>) -> Result<Trace, TraceError> {
        let path: &Path = &request.path;
        let text =
            std::fs::read_to_string(path).map_err(|error| TraceError::File { path: path.to_path_buf(), error })?;
        let stem = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut trace = Trace::parse(&stem, &text, request.only.as_ref(), sign)?;
        trace.ambient_c = request.ambient_c;
        let [from, to] = request.between;
        trace.rows.iter_mut().for_each(|r| r.counted = (from..=to).contains(&r.time_s));
        if !trace.rows.iter().any(|r| r.counted) {
            return Err(TraceError::NoRows { trace: trace.name });
        }
        if from.is_finite() || to.is_finite() {
            let end = |x: f64| if x.is_finite() { format!("{x}") } else { String::new() };
            trace.name = format!("{} {}..{} s", trace.name, end(from), end(to));
        }
        Ok(trace)
    }

    /// Reads a CSV text. Lines that begin with `#` are remarks, unknown columns are passed over.
    ///
    /// # Errors
    /// The first problem with its line and column.
    pub fn parse(
        name: &str,
        text: &str,
        only: Option<&(String, String)>,
        sign: Option<Sign>,
    ) -> Result<Trace, TraceError> {
        let bad = |error: csv::Error| TraceError::NoTable { trace: name.into(), message: error.to_string() };
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
        let names: Vec<String> =
            reader.headers().map_err(bad)?.iter().map(|n| n.trim_start_matches('\u{feff}').to_owned()).collect();
        let find = |field: Field| {
            names
                .iter()
                .enumerate()
                .find_map(|(at, n)| KNOWN.iter().find(|k| k.0 == n && k.1 == field).map(|k| (at, k.0, k.2, k.3)))
        };
        let need = |field: Field, wanted: &'static str| {
            find(field).ok_or_else(|| {
                let like = |n: &&String| !nearest(n, KNOWN.iter().filter(|k| k.1 == field).map(|k| k.0), 1).is_empty();
                let nearest = names.iter().find(like).cloned();
                TraceError::NoColumn { trace: name.into(), wanted, nearest }
            })
        };
        let time = need(Field::Time, "`time_s`")?;
        let current = need(Field::Current, "`current_a`")?;
        let voltage = need(Field::Voltage, "`voltage_v`")?;
        let (temperature, soc, charge) = (find(Field::Temperature), find(Field::Soc), find(Field::Charge));
        let place = |column: &str| names.iter().position(|n| n == column);
        let chosen = match only {
            None => None,
            Some((column, value)) => match place(column) {
                Some(at) => Some((at, value.as_str())),
                None => {
                    let trace = name.into();
                    return Err(TraceError::NoColumn { trace, wanted: "of the name given after `@`", nearest: None });
                }
            },
        };
        let group = GROUPS.iter().find_map(|g| place(g).map(|at| (at, *g))).filter(|_| chosen.is_none());
        let mut kinds: Vec<String> = Vec::new();
        let (mut rows, mut charges): (Vec<Sample>, Vec<Option<f64>>) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let record = record.map_err(bad)?;
            if chosen.is_some_and(|(at, value)| record.get(at) != Some(value)) {
                continue;
            }
            if let Some(kind) = group.and_then(|(at, _)| record.get(at)).filter(|k| !kinds.iter().any(|s| s == k)) {
                kinds.push(kind.into());
            }
            let line = record.position().map_or(0, csv::Position::line);
            let number = |(at, column, factor, _): (usize, &'static str, f64, bool)| match record.get(at).unwrap_or("")
            {
                "" => Ok(None),
                text => match text.parse::<f64>().ok().filter(|x| x.is_finite()) {
                    Some(x) => Ok(Some(x * factor)),
                    None => {
                        let (trace, column) = (name.to_owned(), column.to_owned());
                        Err(TraceError::NotANumber { trace, line, column, value: text.into() })
                    }
                },
            };
            let needed = |c: (usize, &'static str, f64, bool)| {
                number(c)?.ok_or_else(|| TraceError::Empty { trace: name.into(), line, column: c.1.into() })
            };
            let (time_s, current_a, voltage_v) = (needed(time)?, needed(current)?, needed(voltage)?);
            if let Some(before) = rows.last().map(|r| r.time_s).filter(|before| time_s < *before) {
                // A clock that starts anew is most likely another test.
                if kinds.len() < 2 {
                    return Err(TraceError::TimeFalls { trace: name.into(), line, time_s, before });
                }
            }
            charges.push(charge.map(number).transpose()?.flatten());
            rows.push(Sample {
                time_s,
                current_a,
                voltage_v,
                temperature_c: temperature.map(number).transpose()?.flatten(),
                soc: soc.map(number).transpose()?.flatten(),
                counted: true,
            });
        }
        if let (true, Some((_, column))) = (kinds.len() > 1, group) {
            return Err(TraceError::SeveralTests { trace: name.into(), column: column.into(), values: kinds });
        }
        let full_name = only.map_or_else(|| name.to_owned(), |(_, value)| format!("{name} {value}"));
        if rows.len() < 3 {
            return Err(TraceError::NoRows { trace: full_name });
        }
        let told = sign.unwrap_or(if current.3 { Sign::Charge } else { Sign::Discharge });
        let sign = if sign.is_none() && only_magnitudes(&rows) { Sign::Magnitude } else { told };
        match sign {
            Sign::Discharge => {}
            Sign::Charge => rows.iter_mut().for_each(|r| r.current_a = -r.current_a),
            Sign::Magnitude => sign_by_voltage(&mut rows),
        }
        let trace = Trace { name: full_name, rows, sign, ambient_c: None };
        trace.check_sign()?;
        Ok(trace.with_charge(&charges))
    }

    /// Takes the current between rows from a counter of charge where the file has one, for it misses nothing between
    /// two rows. A counter that starts anew, or that is rounded more coarsely than a row's charge, is passed over.
    fn with_charge(mut self, charges: &[Option<f64>]) -> Trace {
        for k in 1..self.rows.len() {
            let (Some(a), Some(b)) = (charges[k - 1], charges[k]) else { continue };
            let hours = (self.rows[k].time_s - self.rows[k - 1].time_s) / 3600.0;
            let magnitude = (b - a).abs() / hours;
            let logged = self.rows[k].current_a;
            if hours > 0.01 && magnitude.is_finite() && (magnitude - logged.abs()).abs() < 0.5 * logged.abs() {
                self.rows[k].current_a = magnitude * logged.signum();
            }
        }
        self
    }

    /// Mean current since the row before \[A\]: that of the row, but between the two while the voltage is held.
    pub(super) fn current_since(&self, row: usize) -> f64 {
        let here = self.rows[row];
        let Some(before) = row.checked_sub(1).map(|k| self.rows[k]) else { return here.current_a };
        let held = (here.voltage_v - before.voltage_v).abs() <= HELD_V && here.current_a * before.current_a > 0.0;
        if held { 0.5 * (here.current_a + before.current_a) } else { here.current_a }
    }

    /// Highest current \[A\].
    pub(super) fn current_max(&self) -> f64 {
        self.rows.iter().map(|r| r.current_a.abs()).fold(0.0, f64::max)
    }

    /// Whether a row is at rest.
    pub(super) fn at_rest(&self, row: usize) -> bool {
        self.rows[row].current_a.abs() <= REST_SHARE * self.current_max()
    }

    /// A step of discharge must lower the voltage.
    fn check_sign(&self) -> Result<(), TraceError> {
        let most = self.current_max();
        let (mut right, mut wrong) = (0, 0);
        for w in self.rows.windows(2) {
            let (di, dv) = (w[1].current_a - w[0].current_a, w[1].voltage_v - w[0].voltage_v);
            if di.abs() > 0.2 * most && dv.abs() > 2e-3 {
                if di * dv < 0.0 { right += 1 } else { wrong += 1 }
            }
        }
        if wrong > 2 * right && wrong > 1 {
            let told = self.sign;
            return Err(TraceError::WrongSign {
                trace: self.name.clone(),
                told: told.word(),
                wrong,
                steps: wrong + right,
            });
        }
        Ok(())
    }

    /// Where a logged current is low-passed: the current within `settle_s` after a step is that at the end of it.
    pub(super) fn squared(mut self, settle_s: f64) -> Trace {
        let most = self.current_max();
        let mut k = 1;
        while k < self.rows.len() {
            let (before, start) = (self.rows[k - 1].current_a, self.rows[k - 1].time_s);
            if (self.rows[k].current_a - before).abs() < 0.05 * most {
                k += 1;
                continue;
            }
            let begin = self.rows[k].time_s.max(start);
            let end = self.rows.partition_point(|r| r.time_s < begin + settle_s).min(self.rows.len() - 1).max(k);
            let settled = self.rows[end].current_a;
            // A second step inside is left as it is.
            if (settled - before).abs() >= (self.rows[k].current_a - before).abs() {
                self.rows[k..end].iter_mut().for_each(|r| r.current_a = settled);
            }
            k = end.max(k + 1);
        }
        self
    }
}
