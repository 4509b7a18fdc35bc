//! The four formats: how each is known, where its columns are, and how it writes times and gaps.
//!
//! * EPW: *EnergyPlus Auxiliary Programs*, "EnergyPlus Weather File (EPW) Data Dictionary"
//! * TMY3: Wilcox and Marion 2008, *Users Manual for TMY3 Data Sets*, NREL/TP-581-43156
//! * NSRDB: two lines about the place, then a table, as the National Solar Radiation Database and SAM write it

use super::fault::{WeatherFault, WeatherProblem};
use super::rows::{Field, Line, Problems, Row, When, lines, years};
use super::{FilePlace, WeatherFile};

/// Format of a weather file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeatherFormat {
    /// EnergyPlus weather: eight lines about the place, then rows without a header.
    Epw,
    /// Typical meteorological year, third edition: a line about the place, a header, rows.
    Tmy3,
    /// National Solar Radiation Database (PSM) or SAM: two lines about the place, a header, rows.
    Nsrdb,
    /// A table whose columns carry their units.
    Plain,
}

use WeatherFormat::{Epw, Nsrdb, Plain, Tmy3};

impl WeatherFormat {
    /// Name for people.
    pub fn name(self) -> &'static str {
        match self {
            Epw => "EPW",
            Tmy3 => "TMY3",
            Nsrdb => "NSRDB",
            Plain => "plain CSV",
        }
    }

    /// Names of temperature, global, beam and diffuse irradiance in this format.
    fn columns(self) -> [&'static str; 4] {
        match self {
            Epw => ["dry bulb temperature", "global horizontal", "direct normal", "diffuse horizontal"],
            Tmy3 => ["Dry-bulb (C)", "GHI (W/m^2)", "DNI (W/m^2)", "DHI (W/m^2)"],
            Nsrdb => ["Temperature", "GHI", "DNI", "DHI"],
            Plain => ["temperature_c", "ghi_w_m2", "dni_w_m2", "dhi_w_m2"],
        }
    }
}

/// Lines before the rows of an EPW file.
const EPW_HEADER: usize = 8;
/// Fields of an EPW row: temperature, global, beam, diffuse.
const EPW_FIELDS: [usize; 4] = [6, 13, 14, 15];
/// Other columns of a plain table.
const PLAIN_OTHERS: [&str; 2] = ["time", "wind_m_s"];
/// Allowed temperatures \[degC\] and irradiances \[W/m2\].
const TEMPERATURE_C: [f64; 2] = [-60.0, 60.0];
const IRRADIANCE_W_M2: [f64; 2] = [0.0, 1500.0];
/// Other names of the temperature in NSRDB and SAM files.
const NSRDB_TEMPERATURES: [&str; 4] = ["temperature", "air temperature", "tdry", "dry bulb"];

/// Where things stand in the rows.
struct Layout {
    format: WeatherFormat,
    /// Fields of temperature, global, beam, diffuse.
    values: [Option<usize>; 4],
    /// Fields that tell the time.
    times: Vec<usize>,
}

/// Reads a text, whatever its format.
pub(super) fn parse(text: &str) -> Result<WeatherFile, Vec<WeatherProblem>> {
    let mut problems = Problems::new(text);
    let all: Vec<Line<'_>> = lines(text).collect();
    let Some((layout, place, rows)) = open(&all, &mut problems) else { return Err(problems.finish()) };
    let (rows, has) = read(rows, &layout, &mut problems);
    let years = if problems.is_empty() { years(&rows, has, &mut problems) } else { Vec::new() };
    if problems.is_empty() && years.is_empty() {
        problems.report(0..0, WeatherFault::Short { rows: 0 });
    }
    if problems.is_empty() { Ok(WeatherFile { format: layout.format, place, years }) } else { Err(problems.finish()) }
}

/// Finds the format, the place and the rows.
fn open<'t, 'l>(
    all: &'l [Line<'t>],
    problems: &mut Problems<'_>,
) -> Option<(Layout, Option<FilePlace>, &'l [Line<'t>])> {
    let told: Vec<&Line<'t>> = all.iter().take(3).collect();
    let fields = |line: usize| told.get(line).map_or_else(Vec::new, |line| line.fields());
    let (first, second) = (fields(0), fields(1));
    let is = |field: Option<&Field<'_>>, name: &str| field.is_some_and(|f| f.text.eq_ignore_ascii_case(name));
    if is(first.first(), "LOCATION") {
        let place = place(&first, [6, 7, 8, 9], problems)?;
        let (values, times) = (EPW_FIELDS.map(Some), vec![1, 2, 3]);
        return Some((Layout { format: Epw, values, times }, Some(place), all.get(EPW_HEADER..).unwrap_or(&[])));
    }
    if second.first().is_some_and(|f| f.text.to_ascii_lowercase().starts_with("date (mm/dd/yyyy)")) {
        let place = place(&first, [4, 5, 3, 6], problems)?;
        let layout = Layout { format: Tmy3, values: columns(Tmy3, &second, all, 1, problems)?, times: vec![0, 1] };
        return Some((layout, Some(place), all.get(2..).unwrap_or(&[])));
    }
    let at = |names: &[Field<'_>], wanted: &str| names.iter().position(|f| f.text.eq_ignore_ascii_case(wanted));
    if let (Some(latitude), Some(longitude)) = (at(&first, "Latitude"), at(&first, "Longitude")) {
        let needed = |name: &'static str, problems: &mut Problems<'_>| {
            let found = at(&first, name);
            if found.is_none() {
                problems.report(all[0].span(), WeatherFault::NoColumn { format: Nsrdb.name(), column: name });
            }
            found
        };
        let (zone, height) = (needed("Time Zone", problems)?, needed("Elevation", problems)?);
        let place = place(&second, [latitude, longitude, zone, height], problems)?;
        if let Some(local) = at(&first, "Local Time Zone").and_then(|n| second.get(n)?.text.parse::<f64>().ok())
            && local != place.utc_offset_h
        {
            let clock = place.utc_offset_h;
            problems.report(second[zone].span.clone(), WeatherFault::Clock { clock, local });
            return None;
        }
        let header = fields(2);
        let values = columns(Nsrdb, &header, all, 2, problems)?;
        let mut times = Vec::new();
        for name in ["Month", "Day", "Hour"] {
            let Some(found) = at(&header, name) else {
                let span = all.get(2).map_or(0..0, Line::span);
                problems.report(span, WeatherFault::NoColumn { format: Nsrdb.name(), column: name });
                return None;
            };
            times.push(found);
        }
        return Some((Layout { format: Nsrdb, values, times }, Some(place), all.get(3..).unwrap_or(&[])));
    }
    let remark = |line: &&Line<'_>| line.text.trim_start().starts_with('#');
    let begin = all.iter().take_while(remark).count();
    let header = all.get(begin).map_or_else(Vec::new, Line::fields);
    if at(&header, Plain.columns()[1]).is_none() {
        problems.report(all.get(begin).map_or(0..0, Line::span), WeatherFault::UnknownFormat);
        return None;
    }
    let known = |name: &str| Plain.columns().contains(&name) || PLAIN_OTHERS.contains(&name);
    for field in header.iter().filter(|field| !known(field.text)) {
        problems.report(field.span.clone(), WeatherFault::UnknownColumn { name: field.text.into() });
    }
    let values = columns(Plain, &header, all, begin, problems)?;
    let times = at(&header, PLAIN_OTHERS[0]).into_iter().collect();
    let rows = all.get(begin + 1..).unwrap_or(&[]);
    problems.is_empty().then_some((Layout { format: Plain, values, times }, None, rows))
}

/// The place that fields of the header tell: latitude, longitude, offset from UTC, altitude.
fn place(fields: &[Field<'_>], at: [usize; 4], problems: &mut Problems<'_>) -> Option<FilePlace> {
    const NAMES: [(&str, &str, [f64; 2]); 4] = [
        ("latitude", "deg", [-90.0, 90.0]),
        ("longitude", "deg", [-180.0, 180.0]),
        ("time zone", "h", [-12.0, 14.0]),
        ("elevation", "m", [-500.0, 6000.0]),
    ];
    let mut values = [0.0; 4];
    let start = fields.first().map_or(0, |f| f.span.start);
    let end = fields.last().map_or(start, |f| f.span.end);
    for ((value, n), (column, unit, range)) in values.iter_mut().zip(at).zip(NAMES) {
        let Some(field) = fields.get(n) else {
            let needed = at.iter().max().map_or(0, |n| n + 1);
            problems.report(start..end, WeatherFault::Ragged { found: fields.len(), needed });
            return None;
        };
        *value = number(field, column, unit, range, problems)?;
    }
    let [latitude_deg, longitude_deg, utc_offset_h, altitude_m] = values;
    Some(FilePlace { latitude_deg, longitude_deg, utc_offset_h, altitude_m, span: start..end })
}

/// Places of the columns in a header; temperature and global irradiance must be there.
fn columns(
    format: WeatherFormat,
    header: &[Field<'_>],
    all: &[Line<'_>],
    line: usize,
    problems: &mut Problems<'_>,
) -> Option<[Option<usize>; 4]> {
    let named = |name: &str| header.iter().position(|f| f.text.eq_ignore_ascii_case(name));
    let mut places = format.columns().map(named);
    if format == Nsrdb {
        let temperature = |f: &Field<'_>| NSRDB_TEMPERATURES.contains(&f.text.to_ascii_lowercase().as_str());
        places[0] = header.iter().position(temperature);
    }
    for (place, column) in places.iter().zip(format.columns()).take(2) {
        if place.is_none() {
            let span = all.get(line).map_or(0..0, Line::span);
            problems.report(span, WeatherFault::NoColumn { format: format.name(), column });
        }
    }
    (places[0].is_some() && places[1].is_some()).then_some(places)
}

/// A number in its range.
fn number(
    field: &Field<'_>,
    column: &'static str,
    unit: &'static str,
    [min, max]: [f64; 2],
    problems: &mut Problems<'_>,
) -> Option<f64> {
    let Some(value) = field.text.parse::<f64>().ok().filter(|x| x.is_finite()) else {
        problems.report(field.span.clone(), WeatherFault::NotANumber { column, value: field.text.into() });
        return None;
    };
    if !(min..=max).contains(&value) {
        problems.report(field.span.clone(), WeatherFault::OutOfRange { column, value, min, max, unit });
        return None;
    }
    Some(value)
}

/// Whether a field says that its value is missing: nothing, or one of the formats' marks (99.9, 9999, -9900, -999).
fn is_gap(text: &str, temperature: bool) -> bool {
    let mark = |x: f64| x <= -999.0 || x >= 9999.0 || temperature && (x == 99.9 || x >= 999.0);
    text.is_empty() || text.eq_ignore_ascii_case("nan") || text.parse::<f64>().is_ok_and(mark)
}

/// Reads the rows; whether beam and diffuse have values.
fn read(lines: &[Line<'_>], layout: &Layout, problems: &mut Problems<'_>) -> (Vec<Row>, [bool; 2]) {
    let names = layout.format.columns();
    let needed = layout.values.iter().flatten().chain(&layout.times).max().map_or(0, |n| n + 1);
    let mut rows = Vec::with_capacity(lines.len());
    // A column of beam or diffuse that is all gaps is as good as none; gaps in others are told.
    let mut gaps: [Vec<(std::ops::Range<usize>, String)>; 2] = [Vec::new(), Vec::new()];
    let mut filled = [false; 2];
    for line in lines {
        let fields = line.fields();
        if fields.len() < needed {
            problems.report(line.span(), WeatherFault::Ragged { found: fields.len(), needed });
            continue;
        }
        let when = match when(layout, &fields) {
            Ok(when) => when,
            Err((field, example)) => {
                let fault = WeatherFault::Time { value: fields[field].text.into(), example };
                problems.report(fields[field].span.clone(), fault);
                continue;
            }
        };
        let mut values = [0.0; 4];
        for (n, place) in layout.values.iter().enumerate() {
            let Some(field) = place.and_then(|place| fields.get(place)) else { continue };
            let (range, unit) = if n == 0 { (TEMPERATURE_C, "degC") } else { (IRRADIANCE_W_M2, "W/m2") };
            if is_gap(field.text, n == 0) {
                match n.checked_sub(2) {
                    Some(of) => gaps[of].push((field.span.clone(), field.text.to_owned())),
                    None => problems.report(field.span.clone(), missing(names[n], field.text)),
                }
            } else if let Some(value) = number(field, names[n], unit, range, problems) {
                values[n] = value;
                if let Some(of) = n.checked_sub(2) {
                    filled[of] = true;
                }
            }
        }
        rows.push(Row { span: line.span(), when, values });
    }
    for ((gaps, filled), column) in gaps.into_iter().zip(filled).zip([names[2], names[3]]) {
        if filled {
            gaps.into_iter().for_each(|(span, mark)| problems.report(span, missing(column, &mark)));
        }
    }
    (rows, filled)
}

fn missing(column: &'static str, mark: &str) -> WeatherFault {
    WeatherFault::Missing { column, mark: if mark.is_empty() { "empty".into() } else { mark.into() } }
}

/// When the interval of a row begins; the field at fault and a sound example where that cannot be read.
fn when(layout: &Layout, fields: &[Field<'_>]) -> Result<Option<When>, (usize, &'static str)> {
    let whole = |text: &str| text.parse::<usize>().ok();
    let times = &layout.times;
    let (found, at, example) = match layout.format {
        Epw | Nsrdb => {
            let [month, day, hour] = [times[0], times[1], times[2]].map(|n| whole(fields[n].text));
            // Hours of EPW are named after their end.
            let hour = if layout.format == Epw { hour.and_then(|h| h.checked_sub(1)) } else { hour };
            (
                month.zip(day).zip(hour),
                times[2],
                if layout.format == Epw { "month 1, day 1, hour 1 to 24" } else { "month 1, day 1, hour 0 to 23" },
            )
        }
        Tmy3 => {
            let mut date = fields[times[0]].text.split('/').map(whole);
            let (month, day) = (date.next().flatten(), date.next().flatten());
            let end = fields[times[1]].text.split(':').next().and_then(whole);
            (month.zip(day).zip(end.and_then(|h| h.checked_sub(1))), times[1], "01/31/1999 and 01:00 to 24:00")
        }
        Plain => {
            let Some(&time) = times.first() else { return Ok(None) };
            let text = fields[time].text;
            let part = |from: usize, to: usize| text.get(from..to).and_then(whole);
            let found = (text.len() >= 13).then(|| part(5, 7).zip(part(8, 10)).zip(part(11, 13))).flatten();
            (found, time, "2021-01-31 00:00, the start of the interval")
        }
    };
    let sound = found.map(|((month, day), hour)| When { month, day, hour }).filter(|when| when.sound());
    sound.map(Some).ok_or((at, example))
}
