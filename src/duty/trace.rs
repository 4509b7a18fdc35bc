//! Speed over time.

use std::fmt;

/// A drive: speed over time, with slopes or with power measured at the pack.
#[derive(Clone, Debug, PartialEq)]
pub struct SpeedTrace {
    /// Times, rising \[s\].
    pub time_s: Vec<f64>,
    /// Speed at each time \[m/s\].
    pub speed_mps: Vec<f64>,
    /// Slope (rise over distance) at each time; empty for a flat road.
    pub slope: Vec<f64>,
    /// Power at the pack at each time \[W\], negative when braking; empty where it was not measured.
    pub pack_w: Vec<f64>,
}

/// Why a table is no speed trace.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceError {
    /// Line in the file, from 1; 0 for the file as a whole.
    pub line: u64,
    /// Column, empty when it is not about one.
    pub column: String,
    /// What is wrong, with what is allowed.
    pub message: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, ", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, "column `{}`: ", self.column)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for TraceError {}

/// Least mean speed of a drive, stops included \[km/h\]: slower ones have time parked in them.
const LEAST_SPEED_KMH: f64 = 5.0;

/// Columns: name, factor to the unit kept here, least, most, whether it must be there.
const COLUMNS: [(&str, f64, [f64; 2], bool); 4] = [
    ("time_s", 1.0, [0.0, 1e8], true),
    ("speed_kmh", 1.0 / 3.6, [0.0, 400.0], true),
    ("slope", 1.0, [-0.5, 0.5], false),
    ("power_kw", 1000.0, [-2000.0, 2000.0], false),
];

impl SpeedTrace {
    /// Speed at the given times on a flat road.
    pub fn flat(time_s: Vec<f64>, speed_mps: Vec<f64>) -> SpeedTrace {
        SpeedTrace { time_s, speed_mps, slope: Vec::new(), pack_w: Vec::new() }
    }

    /// Reads a CSV text with the columns `time_s` and `speed_kmh`, and, where known, `slope` (rise over distance) and
    /// `power_kw` (at the pack, negative when braking). Lines that begin with `#` are remarks.
    ///
    /// # Errors
    /// The first problem, with its line and column.
    pub fn parse(text: &str) -> Result<SpeedTrace, TraceError> {
        let whole = |message: String| TraceError { line: 0, column: String::new(), message };
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| whole(e.to_string()))?.clone();
        let places = COLUMNS.map(|(name, ..)| header.iter().position(|h| h == name));
        for ((name, _, _, needed), place) in COLUMNS.iter().zip(places) {
            if *needed && place.is_none() {
                return Err(TraceError { line: 1, column: (*name).into(), message: "is missing".into() });
            }
        }
        let mut columns: [Vec<f64>; 4] = Default::default();
        for record in reader.records() {
            let record = record.map_err(|e| whole(e.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            for (k, (name, factor, [least, most], _)) in COLUMNS.iter().enumerate() {
                let Some(place) = places[k] else { continue };
                let text = record.get(place).unwrap_or("");
                let wrong = |message| TraceError { line, column: (*name).into(), message };
                let value: f64 = text.parse().map_err(|_| wrong(format!("`{text}` is not a number")))?;
                if !(*least..=*most).contains(&value) {
                    return Err(wrong(format!("{value} is outside the allowed range {least} to {most}")));
                }
                if k == 0
                    && let Some(before) = columns[0].last().filter(|before| value <= **before)
                {
                    return Err(wrong(format!("{value} does not come after {before}")));
                }
                columns[k].push(value * factor);
            }
        }
        let [time_s, speed_mps, slope, pack_w] = columns;
        let trace = SpeedTrace { time_s, speed_mps, slope, pack_w };
        if trace.distance_m() < 1.0 {
            return Err(whole("the vehicle does not move: less than a metre from the first to the last row".into()));
        }
        let speed_kmh = 3.6 * trace.distance_m() / trace.duration_s();
        if speed_kmh < LEAST_SPEED_KMH {
            return Err(whole(format!(
                "the mean speed is {speed_kmh:.2} km/h, stops included: it must be at least {LEAST_SPEED_KMH}, so leave out time parked"
            )));
        }
        Ok(trace)
    }

    /// Distance \[m\].
    pub fn distance_m(&self) -> f64 {
        self.spans().map(|(k, dt)| 0.5 * (self.speed_mps[k] + self.speed_mps[k + 1]) * dt).sum()
    }

    /// Time from the first to the last row \[s\].
    pub fn duration_s(&self) -> f64 {
        self.spans().map(|(_, dt)| dt).sum()
    }

    /// Index of the first row and length of each interval \[s\].
    pub(super) fn spans(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.time_s.windows(2).enumerate().map(|(k, t)| (k, t[1] - t[0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_trace() {
        let text = "# from a logger\nslope, time_s ,speed_kmh,power_kw,note\n0,0,0,1,a\n0.02,10,36,-2,b\n";
        let trace = SpeedTrace::parse(text).unwrap();
        assert_eq!(trace.time_s, [0.0, 10.0]);
        assert_eq!((trace.speed_mps[1], trace.slope[1], trace.pack_w[1]), (10.0, 0.02, -2000.0));
        assert_eq!((trace.distance_m(), trace.duration_s()), (50.0, 10.0));
    }

    #[test]
    fn faults_name_line_and_column() {
        let told = |text: &str| SpeedTrace::parse(text).unwrap_err().to_string();
        let head = "time_s,speed_kmh\n0,0\n";
        insta::assert_snapshot!([
            told("time_s,speed\n0,0\n"),
            told(&format!("{head}1,fast\n")),
            told(&format!("{head}1,NaN\n")),
            told(&format!("{head}2,-5\n")),
            told(&format!("{head}2,5\n2,6\n")),
            told(&format!("{head}1,0\n")),
            told(head),
            told("time_s,speed_kmh\n0,0\n60,30\n120,0\n86400,0\n"),
            told(""),
        ].join("\n"), @r#"
        line 1, column `speed_kmh`: is missing
        line 3, column `speed_kmh`: `fast` is not a number
        line 3, column `speed_kmh`: NaN is outside the allowed range 0 to 400
        line 3, column `speed_kmh`: -5 is outside the allowed range 0 to 400
        line 4, column `time_s`: 2 does not come after 2
        the vehicle does not move: less than a metre from the first to the last row
        the vehicle does not move: less than a metre from the first to the last row
        the mean speed is 0.02 km/h, stops included: it must be at least 5, so leave out time parked
        line 1, column `time_s`: is missing
        "#);
    }
}
