//! Where a function falls below zero.

/// The first place in `0..=end` where `f`, at or above zero at 0 and below zero at `end`, falls below zero, to `1e-13`
/// of `end`.
///
/// Regula falsi with the Illinois change (Dowell and Jarratt, BIT 11 (1971) 168, doi 10.1007/BF01934364), halved where
/// that is slow. An error of `f` ends the search.
pub fn crossing<E>(at_zero: f64, end: f64, at_end: f64, mut f: impl FnMut(f64) -> Result<f64, E>) -> Result<f64, E> {
    let (mut low, mut f_low, mut high, mut f_high) = (0.0, at_zero.max(0.0), end, at_end);
    // Side that was moved last: its opposite counts half when it is kept twice.
    let mut kept = 0_u32;
    for turn in 0..200 {
        if f_low == 0.0 {
            return Ok(low);
        }
        if high - low <= 1e-13 * end {
            break;
        }
        let secant = low + (high - low) * f_low / (f_low - f_high);
        let middle = 0.5 * (low + high);
        let x = if turn % 8 == 7 || !(secant > low && secant < high) { middle } else { secant };
        let y = f(x)?;
        if y == 0.0 {
            return Ok(x);
        }
        if y < 0.0 {
            (high, f_high) = (x, y);
            if kept == 1 {
                f_low *= 0.5;
            }
            kept = 1;
        } else {
            (low, f_low) = (x, y);
            if kept == 2 {
                f_high *= 0.5;
            }
            kept = 2;
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_are_found() {
        let find = |f: fn(f64) -> f64, end: f64| crossing(f(0.0), end, f(end), |x| Ok::<f64, ()>(f(x))).unwrap();
        assert!((find(|x| 1.0 - x, 3.0) - 1.0).abs() < 1e-12);
        assert!((find(|x| (-x).exp() - 0.5, 50.0) - 2.0_f64.ln()).abs() < 1e-11);
        assert!((find(|x| 1.0 - x.powi(9), 2.0) - 1.0).abs() < 1e-12);
        // A jump is closed in upon.
        assert!((find(|x| if x < 0.3 { 1.0 } else { -5.0 }, 1.0) - 0.3).abs() < 1e-12);
        assert_eq!(find(|x| -x, 1.0), 0.0);
    }
}
