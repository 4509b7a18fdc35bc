//! A year of 365 days and 8760 hours; leap days do not exist here.

/// Days in a year.
pub const DAYS_PER_YEAR: usize = 365;
/// Hours in a year.
pub const HOURS_PER_YEAR: usize = 8760;
/// Days in each month.
pub const MONTH_DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Mean length of a month \[days\].
pub const DAYS_PER_MONTH: f64 = 365.0 / 12.0;

/// Month (0..12) of a day of the year (any day number is taken modulo 365).
pub fn month_of_day(day: usize) -> usize {
    let mut left = day % DAYS_PER_YEAR;
    for (month, &days) in MONTH_DAYS.iter().enumerate() {
        if left < days {
            return month;
        }
        left -= days;
    }
    11
}

/// Whether day `day` (0-based, since the start of a life) is the last of one of its equal months of 365/12 days.
///
/// A life's months are counted from its own first day, so that twelve of them make a year exactly.
pub fn closes_month(day: usize) -> bool {
    months_lived(day + 1) > months_lived(day)
}

/// Whole months in a number of days lived.
pub fn months_lived(days: usize) -> usize {
    days * 12 / DAYS_PER_YEAR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_cover_the_year() {
        assert_eq!(month_of_day(0), 0);
        assert_eq!(month_of_day(30), 0);
        assert_eq!(month_of_day(31), 1);
        assert_eq!(month_of_day(364), 11);
        assert_eq!(month_of_day(365), 0);
    }

    #[test]
    fn a_year_closes_twelve_months() {
        let closed = (0..365).filter(|&d| closes_month(d)).count();
        assert_eq!(closed, 12);
        assert!(closes_month(364));
    }
}
