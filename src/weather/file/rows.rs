//! Lines and fields with their places, and rows put together to years.

use std::ops::Range;

use super::FileYear;
use super::fault::{WeatherFault, WeatherProblem};
use crate::weather::year::{DAYS_PER_YEAR, HOURS_PER_YEAR, MONTH_DAYS, months};

/// Problems told of one file.
const MOST_TOLD: usize = 20;

/// A field of a line.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub text: &'a str,
    pub span: Range<usize>,
}

/// A line that is not blank.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    pub text: &'a str,
    pub start: usize,
}

impl<'a> Line<'a> {
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Fields between commas, without blanks and quotes around them.
    pub fn fields(&self) -> Vec<Field<'a>> {
        let (mut fields, mut from, mut quoted) = (Vec::new(), 0, false);
        let ends = self.text.char_indices().filter_map(|(at, letter)| {
            quoted ^= letter == '"';
            (letter == ',' && !quoted).then_some(at)
        });
        for end in ends.chain([self.text.len()]).collect::<Vec<_>>() {
            let piece = &self.text[from..end];
            let text = piece.trim().trim_matches('"').trim();
            let left = piece.find(text).unwrap_or(0);
            let start = self.start + from + left;
            fields.push(Field { text, span: start..start + text.len() });
            from = end + 1;
        }
        fields
    }
}

/// Lines that are not blank.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let begin = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let all = text[begin..].split_inclusive('\n').scan(begin, |at, line| {
        let start = *at;
        *at += line.len();
        Some(Line { text: line.trim_end(), start })
    });
    all.filter(|line| !line.text.trim().is_empty())
}

/// Problems of a text, the first ones with their places, the rest counted.
pub(super) struct Problems<'a> {
    text: &'a str,
    told: Vec<WeatherProblem>,
    more: usize,
}

impl<'a> Problems<'a> {
    pub fn new(text: &'a str) -> Self {
        Problems { text, told: Vec::new(), more: 0 }
    }

    pub fn report(&mut self, span: Range<usize>, fault: WeatherFault) {
        if self.told.len() >= MOST_TOLD {
            self.more += 1;
            return;
        }
        let before = &self.text[..span.start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        self.told.push(WeatherProblem { line, column, span, fault });
    }

    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// What was found, with a last one that counts the rest.
    pub fn finish(mut self) -> Vec<WeatherProblem> {
        if self.more > 0
            && let Some(last) = self.told.last().cloned()
        {
            self.told.push(WeatherProblem { fault: WeatherFault::More { count: self.more }, ..last });
        }
        self.told
    }
}

/// When the interval of a row begins, without its year and minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When {
    /// 1 to 12.
    pub month: usize,
    /// From 1.
    pub day: usize,
    /// 0 to 23.
    pub hour: usize,
}

impl When {
    /// A time that exists in some year.
    pub fn sound(self) -> bool {
        let leap = usize::from(self.month == 2);
        self.month
            .checked_sub(1)
            .and_then(|m| MONTH_DAYS.get(m))
            .is_some_and(|days| (1..=days + leap).contains(&self.day) && self.hour < 24)
    }

    fn is_leap_day(self) -> bool {
        (self.month, self.day) == (2, 29)
    }

    fn of_hour(hour: usize) -> When {
        let day = hour / 24 % DAYS_PER_YEAR;
        let months = months();
        let month = months.iter().position(|span| span.contains(&day)).unwrap_or(0);
        When { month: month + 1, day: day - months[month].start + 1, hour: hour % 24 }
    }

    fn words(self) -> String {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        format!("{} {}, {:02}:00-{:02}:00", self.day, NAMES[(self.month - 1) % 12], self.hour, self.hour + 1)
    }
}

/// A row: its place, its time where the file tells it, temperature, global, beam and diffuse irradiance.
pub(super) struct Row {
    pub span: Range<usize>,
    pub when: Option<When>,
    pub values: [f64; 4],
}

/// Rows as whole years of hourly means; a column of beam or diffuse that has no values at all is left out.
pub(super) fn years(rows: &[Row], has: [bool; 2], problems: &mut Problems<'_>) -> Vec<FileYear> {
    let Some(first) = rows.first() else { return Vec::new() };
    let in_hour = match first.when {
        None => 1,
        Some(first) => {
            let same = |row: &&Row| row.when.is_some_and(|w| (w.month, w.day) == (first.month, first.day));
            let of_day = rows.iter().take_while(same).count();
            if of_day == 0 || !of_day.is_multiple_of(24) || !60_usize.is_multiple_of(of_day / 24) {
                problems.report(rows[0].span.clone(), WeatherFault::Steps { rows: of_day });
                return Vec::new();
            }
            of_day / 24
        }
    };
    // Without times, a year of 8784 rows has its 29 February where every leap year has it.
    let leap_by_count = first.when.is_none() && rows.len() == HOURS_PER_YEAR + 24;
    let leap_hours = 24 * 59..24 * 60;
    let mut years: Vec<FileYear> = Vec::new();
    let mut taken = 0;
    for (number, row) in rows.iter().enumerate() {
        if row.when.is_some_and(When::is_leap_day) || leap_by_count && leap_hours.contains(&number) {
            continue;
        }
        let (place, part) = (taken / in_hour % HOURS_PER_YEAR, taken % in_hour);
        let expected = When::of_hour(place);
        if let Some(found) = row.when
            && found != expected
        {
            let (found, expected) = (found.words(), expected.words());
            problems.report(row.span.clone(), WeatherFault::Order { found, expected });
            return Vec::new();
        }
        if place == 0 && part == 0 {
            let column = |there: bool| there.then(|| Vec::with_capacity(HOURS_PER_YEAR));
            let (dni_w_m2, dhi_w_m2) = (column(has[0]), column(has[1]));
            years.push(FileYear { dni_w_m2, dhi_w_m2, ..FileYear::default() });
        }
        if let Some(year) = years.last_mut() {
            let [t, ghi, dni, dhi] = row.values.map(|x| x / in_hour as f64);
            let add = |column: Option<&mut Vec<f64>>, x: f64| {
                let Some(column) = column else { return };
                match column.last_mut() {
                    Some(last) if part > 0 => *last += x,
                    _ => column.push(x),
                }
            };
            add(Some(&mut year.temperature_c), t);
            add(Some(&mut year.ghi_w_m2), ghi);
            add(year.dni_w_m2.as_mut(), dni);
            add(year.dhi_w_m2.as_mut(), dhi);
        }
        taken += 1;
    }
    if taken == 0 || !taken.is_multiple_of(HOURS_PER_YEAR * in_hour) {
        let end = rows.last().map_or(0..0, |row| row.span.clone());
        problems.report(end, WeatherFault::Short { rows: rows.len() });
        return Vec::new();
    }
    years
}
